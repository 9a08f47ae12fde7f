"""One annotator against the others of a round: levels given, spread, agreement, pace. Descriptions, not marks.

"The others" are all who labelled the same draft: each draft counts once, whatever the number of others. A level that is a
number counts as itself, words by their place from 1 (`heights`). With one annotator everything that needs others is undefined.
On a nominal scale no level is higher than another: instead of severity and deviations there is which levels everyone gives
(`level_shares`).
"""

import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction

from touchstone.agreement.figure import Figure, undefined
from touchstone.data.counts import Counts, own_and_others
from touchstone.subgroups.level_shares import LevelShares, level_shares
from touchstone.subgroups.mean_estimates import ValuesOfDrafts, differences, heights, matches, mean_figure

FAST = 0.25  # of the round's median time for a draft: under it a draft counts as fast


@dataclass(frozen=True)
class AgainstOthers:
    """One annotator and dimension. `severity`: mean over drafts of their level less the mean of the others' (over
    zero: they give higher levels); `agreement`: mean share of the others with the same level; `used` of `levels`
    declared levels given; `deviation` and `deviation_of_others`: standard deviations of levels, over the drafts they
    share (None with fewer than two); `labels` in all. On a nominal scale severity is undefined ("nominal scale") and there are no
    deviations, but `shares`, which other scales have not."""

    severity: Figure
    agreement: Figure
    used: int
    levels: int
    deviation: float | None
    deviation_of_others: float | None
    labels: int
    shares: LevelShares | None = None

    def as_json(self) -> dict[str, object]:
        return {
            "severity": {**self.severity.as_json(), "n": self.severity.n},
            "agreement": self.agreement.as_json(),
            "levels_used": self.used,
            "levels": self.levels,
            "deviation": self.deviation,
            "deviation_of_others": self.deviation_of_others,
            "labels": self.labels,
            **(self.shares.as_json() if self.shares else {}),
        }


def against_others(counts: Counts, seat: int) -> AgainstOthers:
    """The annotator at `seat` against all others, from the histogram of patterns alone."""
    at, q = heights(counts.levels), len(counts.levels)
    apart: Counter[float] = Counter()
    equal: Counter[float] = Counter()
    mine: Counter[int] = Counter()
    shared: Counter[int] = Counter()
    theirs: Counter[int] = Counter()
    for pattern, n in counts.patterns.items():
        own, others = own_and_others(pattern, seat)
        if own is None or not n:
            continue
        mine[own] += n
        if others:
            shared[at[own]] += n
            for code in others:
                theirs[at[code]] += n
            apart[float(at[own] - Fraction(sum(at[code] for code in others), len(others)))] += n
            equal[others.count(own) / len(others)] += n
    agreement, used, labels = mean_figure(ValuesOfDrafts(equal, matches(q))), len(mine), mine.total()
    if counts.scale == "nominal":
        severity = undefined("nominal scale", equal.total())
        return AgainstOthers(severity, agreement, used, q, None, None, labels, level_shares(counts, seat))
    severity = mean_figure(ValuesOfDrafts(apart, differences(at)))
    return AgainstOthers(severity, agreement, used, q, _deviation(shared), _deviation(theirs), labels)


def _deviation(given: Counter[int]) -> float | None:
    """`statistics.stdev` of all that was given, to the last digit, without a number for each label."""
    n, total = given.total(), sum(level * labels for level, labels in given.items())
    if n < 2:
        return None
    squares = sum(level * level * labels for level, labels in given.items())
    with localcontext(prec=60):
        return float((Decimal(squares * n - total * total) / (n * (n - 1))).sqrt())


@dataclass(frozen=True)
class Pace:
    """Time at the drafts one annotator saved: `median` seconds of the `timed` ones (None without any: labels from a
    file carry no time), of which `fast` took under FAST of the round's median."""

    median: float | None
    timed: int
    fast: int

    def as_json(self) -> dict[str, object]:
        return {"median_seconds": self.median, "timed": self.timed, "fast": self.fast}


def paces(seconds: Mapping[str, Sequence[float]]) -> tuple[dict[str, Pace], float | None]:
    """The pace of each annotator by name, and the median of the whole round; times of 0 are no times."""
    timed = {name: [time for time in times if time > 0] for name, times in seconds.items()}
    everyone = [time for times in timed.values() for time in times]
    if not everyone:
        return dict.fromkeys(timed, Pace(None, 0, 0)), None
    median = statistics.median(everyone)
    return {name: _pace(times, FAST * median) for name, times in timed.items()}, median


def _pace(times: Sequence[float], fast: float) -> Pace:
    return Pace(statistics.median(times) if times else None, len(times), sum(time < fast for time in times))
