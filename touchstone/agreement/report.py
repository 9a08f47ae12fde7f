"""The agreement report of one dimension: figures with their intervals, the verdict, and how many more labels.

Figures come from the counts of `counts.Counts`, never from the labels. A point kappa of a pair is
statsmodels'; the rest, and all draws of the intervals, are `coefficients`. A figure that is undefined is None
with a reason:

    no data                  no label (of this level, for the agreement on a level)
    one annotator            labels of one annotator only
    no overlap               no unit with two labels
    single level             every label is the same: chance alone agrees always
    annotator constant       one of two gave one level throughout: kappa would be 0 whatever the other gave
    levels are not numbers   interval alpha of levels that are words
    slots are not people     a figure that belongs to two annotators, where nobody stands behind a name

Percent, AC1, AC2 and Brennan-Prediger stay defined when every label is the same. Nothing here raises on thin
data.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray
from statsmodels.stats.inter_rater import cohens_kappa

from touchstone.agreement.cautions import cautions
from touchstone.agreement.coefficients import ENDS, Patterns, are_numbers, draws, patterns_of, points, quantiles
from touchstone.data.counts import Counts
from touchstone.planning.sample_size import More, more

KAPPAS = ("kappa unweighted", "kappa linear", "kappa quadratic")
ALPHAS = ("alpha nominal", "alpha ordinal", "alpha interval")
OF_BOTH = ("percent", "fleiss unweighted", "ac unweighted", "ac quadratic", "bp unweighted")


class Rule(Protocol):
    """What a rubric says of a dimension's agreement; `rubric.Agreement` is one."""

    @property
    def statistic(self) -> str: ...
    @property
    def weights(self) -> str: ...
    @property
    def threshold(self) -> float: ...


class OnAlpha(NamedTuple):
    """A rule with alpha for its statistic."""

    statistic: str
    weights: str
    threshold: float


@dataclass(frozen=True)
class Figure:
    """A figure with the ends of its 95 % interval, from `n` units with two labels; value, low and high are
    None together, and `reason` (see the module) is there exactly then. Unrounded."""

    value: float | None
    low: float | None
    high: float | None
    n: int
    reason: str | None

    def as_json(self) -> dict[str, object]:
        return {"value": self.value, "low": self.low, "high": self.high, "reason": self.reason}


def undefined(reason: str, n: int = 0) -> Figure:
    return Figure(None, None, None, n, reason)


def in_words(figure: Figure, level: int | str | None = None) -> str:
    """For a page: ".79 [.53, .92]", or "undefined: every label is 2" when 2 is the only `level` given."""
    if figure.value is not None:
        return f"{_short(figure.value)} [{_short(figure.low)}, {_short(figure.high)}]"
    words = {
        "no data": "no label to compare",
        "one annotator": "only one annotator labelled",
        "no overlap": "no draft has two labels",
        "single level": "every label is the same" if level is None else f"every label is {level}",
        "annotator constant": "one annotator gave one level throughout",
    }
    return f"undefined: {words.get(figure.reason, figure.reason)}"


def signed(figure: Figure) -> str:
    """A difference for a page: "+.12 [−.03, +.27]", or why it is undefined."""
    if figure.value is None:
        return in_words(figure)
    value, low, high = (
        ("−" if round(each, 2) < 0 else "+") + f"{abs(each):.2f}".removeprefix("0")
        for each in (figure.value, figure.low, figure.high)
    )
    return f"{value} [{low}, {high}]"


def figures(patterns: Patterns, names: Sequence[str]) -> dict[str, Figure]:
    """The named coefficients (names as in `coefficients.coefficient`) with their intervals."""
    n = int(patterns.counts[patterns.given >= 2].sum())
    if n == 0:
        return {name: undefined("no overlap") for name in names}
    values = points(patterns, names) | _library_kappas(patterns, names)
    reasons = {name: _why_undefined(patterns, name, values[name]) for name in names}
    ends = intervals(patterns, {name: values[name] for name in names if reasons[name] is None})
    return {
        name: undefined(reason, n) if reason else Figure(values[name], *ends[name], n, None) for name, reason in reasons.items()
    }


def intervals(patterns: Patterns, values: Mapping[str, float]) -> dict[str, tuple[float, float]]:
    """Low and high of each named coefficient, widened to hold its point in `values`.

    2.5 and 97.5 points of 4,000 draws seeded by the digest of the counts (see `coefficients.patterns_of` for
    what is drawn); draws in which a figure is undefined are left out. With more than two annotators who all
    agree the bootstrap has nothing to vary, and the interval is the point.
    """
    if not values:
        return {}
    if everyone_agrees(patterns) and not patterns.prior.any():
        return {name: (value, value) for name, value in values.items()}
    drawn = draws(patterns, tuple(values))
    ends = {name: quantiles(drawn[name], ENDS) for name in values if len(drawn[name])}
    return {
        name: (float(min((value, *ends.get(name, ())))), float(max((value, *ends.get(name, ())))))
        for name, value in values.items()
    }


def everyone_agrees(patterns: Patterns) -> bool:
    return points(patterns, ["percent"])["percent"] == 1


def verdict(figure: Figure, threshold: float) -> str | None:
    """meets: the whole interval is at or over the threshold; below: all under it; else undecided."""
    if figure.value is None:
        return None
    return "meets" if reaches(figure.low, threshold) else "undecided" if reaches(figure.high, threshold) else "below"


def reaches(value: float, threshold: float) -> bool:
    """At or over the threshold; what only the last digits of a sum put under it counts as at it."""
    return value >= threshold - 1e-9


class PairReport(NamedTuple):
    """Two annotators on the units both labelled; `table[i][j]` counts a's level i and b's level j."""

    a: str
    b: str
    n: int
    table: tuple[tuple[int, ...], ...]
    figures: Mapping[str, Figure]
    levels: tuple[int | str, ...]

    def as_json(self) -> dict[str, object]:
        e = {name: figure.as_json() for name, figure in self.figures.items()}
        return {
            "a": self.a,
            "b": self.b,
            "n": self.n,
            "table": [list(row) for row in self.table],
            "percent": e["percent"],
            "kappa": {name.removeprefix("kappa "): e[name] for name in KAPPAS},
            "scott_pi": e["fleiss unweighted"],
            "ac1": e["ac unweighted"],
            "ac2": e["ac quadratic"],
            "bp": e["bp unweighted"],
            "per_level": {str(level): e[f"level {k}"] for k, level in enumerate(self.levels)},
        }


@dataclass(frozen=True)
class DimensionReport:
    """The report of one dimension. `overall` is keyed as in `coefficients.coefficient`; `judged` is the
    figure that the rubric's rule is about (None without a rule); `only_level` the level every label has, if
    there is one."""

    dimension: str
    levels: tuple[int | str, ...]
    annotators: tuple[str, ...]
    units: int
    units_with_two: int
    clusters: int
    statistic: str | None
    weights: str | None
    threshold: float | None
    flagged: bool | None
    verdict: str | None
    more: More | None
    judged: Figure | None
    only_level: int | str | None
    pairs: tuple[PairReport, ...]
    overall: Mapping[str, Figure]
    warnings: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """Exactly the shape of "agreement, report" in the commands: plain lists, dicts, numbers, None."""
        e = {name: figure.as_json() for name, figure in self.overall.items()}
        return {
            "levels": list(self.levels),
            "annotators": list(self.annotators),
            "units": self.units,
            "units_with_two": self.units_with_two,
            "clusters": self.clusters,
            "statistic": self.statistic,
            "weights": self.weights,
            "threshold": self.threshold,
            "flagged": self.flagged,
            "verdict": self.verdict,
            "more": self.more and self.more.as_json(),
            "pairs": [pair.as_json() for pair in self.pairs],
            "overall": {
                "percent": e["percent"],
                "fleiss": e["fleiss unweighted"],
                "conger": e["kappa unweighted"],
                "alpha": {name.removeprefix("alpha "): e[name] for name in ALPHAS},
                "ac1": e["ac unweighted"],
                "ac2": e["ac quadratic"],
                "bp": e["bp unweighted"],
            },
            "warnings": list(self.warnings),
        }


def dimension_report(counts: Counts, agreement: Rule | None, *, are_people: bool = True) -> DimensionReport:
    """Everything about one dimension's agreement. `agreement` None (no rubric): statistic, weights,
    threshold, flagged, verdict and more are None.

    Annotators without a label do not count. Two: the rule's kappa on the units both labelled, or alpha if the
    rule says so. More, or pairs from a pool: alpha over all of them, never a mean of pairs. The metric of
    alpha matches the weights: unweighted nominal, linear ordinal, quadratic interval (ordinal where levels
    are not numbers). With no labels, or one annotator, every figure is there and undefined.

    `are_people` False: the annotators are places in a file, filled by one person here and another there. There are then no
    pairs and no Cohen or Conger kappa, whose chance is each annotator's own, and the rule is held against alpha.
    """
    agreement = agreement and (agreement if are_people else OnAlpha("alpha", agreement.weights, agreement.threshold))
    seen = [pattern for pattern, n in counts.patterns.items() if n]
    seats = labelling_seats(counts)
    pairs, patterns_of_pair = _pairs(counts, seats) if are_people else ((), [])
    everything = patterns_of(counts.patterns, seats, counts.levels) if len(seats) > 1 else None
    names = (*OF_BOTH, "kappa unweighted", *ALPHAS)
    if everything is None:
        overall = dict.fromkeys(names, undefined("one annotator" if seats else "no data"))
    elif len(seats) == 2 and pairs and pairs[0].n == counts.units:
        overall = pairs[0].figures  # the same counts, so the same figures, drawn once
    else:
        overall = figures(everything, names)
    if not are_people:
        overall = {**overall, "kappa unweighted": undefined("slots are not people")}
    judged, name, statistic = None, "", None
    if agreement:
        name = judged_name(counts, agreement)
        statistic = name.partition(" ")[0]
        # Without a pair there is no weighted kappa to be had, and percent is undefined for the same reason.
        source = pairs[0].figures if statistic == "kappa" and pairs else overall
        judged = source.get(name, overall["percent"])
    decided = verdict(judged, agreement.threshold) if judged else None
    used = {code for pattern in seen for code in pattern if code is not None}
    only_level = counts.levels[used.pop()] if len(used) == 1 else None
    further = None
    if decided == "undecided":
        further = more(patterns_of_pair[0] if statistic == "kappa" else everything, name, agreement.threshold)
    return DimensionReport(
        dimension=counts.dimension,
        levels=counts.levels,
        annotators=counts.annotators,
        units=counts.units,
        units_with_two=counts.units_with_two,
        clusters=counts.clusters,
        statistic=statistic,
        weights=agreement.weights if agreement else None,
        threshold=agreement.threshold if agreement else None,
        flagged=None if judged is None or judged.value is None else not reaches(judged.value, agreement.threshold),
        verdict=decided,
        more=further,
        judged=judged,
        only_level=only_level,
        pairs=pairs,
        overall=overall,
        warnings=tuple(cautions(counts, agreement, statistic, pairs, overall)),
    )


def judged_name(counts: Counts, agreement: Rule) -> str:
    """The coefficient that the rule is about, named as in `coefficients.coefficient`: "kappa unweighted"."""
    return judged_on(agreement, len(labelling_seats(counts)), counts.levels)


def patterns_behind(counts: Counts, name: str) -> Patterns | None:
    """What the named figure is made from: every pattern, for a kappa of two those that both labelled. None with
    fewer than two annotators, or without a unit that has two labels."""
    seats = labelling_seats(counts)
    if len(seats) < 2 or not counts.units_with_two:
        return None
    only_both = name.startswith("kappa ") and len(seats) == 2
    kept = {p: n for p, n in counts.patterns.items() if not only_both or all(p[seat] is not None for seat in seats)}
    return patterns_of(kept, seats, counts.levels)


def labelling_seats(counts: Counts) -> list[int]:
    """The places of annotators who gave a label."""
    seen = [pattern for pattern, n in counts.patterns.items() if n]
    return [seat for seat in range(len(counts.annotators)) if any(p[seat] is not None for p in seen)]


def _pairs(counts: Counts, seats: Sequence[int]) -> tuple[tuple[PairReport, ...], list[Patterns]]:
    """Every pair with units both labelled, in the annotators' order, and the patterns each was made from."""
    q, reports, kept = len(counts.levels), [], []
    names = (*OF_BOTH, *KAPPAS, *(f"level {k}" for k in range(q)), *(ALPHAS if len(seats) == 2 else ()))
    for a, b in combinations(seats, 2):
        both = {p: n for p, n in counts.patterns.items() if n and p[a] is not None and p[b] is not None}
        if not both:
            continue
        patterns = patterns_of(both, (a, b), counts.levels)
        reports.append(
            PairReport(
                a=counts.annotators[a],
                b=counts.annotators[b],
                n=sum(both.values()),
                table=tuple(tuple(row) for row in _table(patterns).tolist()),
                figures=figures(patterns, names),
                levels=counts.levels,
            )
        )
        kept.append(patterns)
    return tuple(reports), kept


def _table(patterns: Patterns) -> NDArray[np.int64]:
    """The q x q table of two annotators; its cells come first and in order (see `patterns_of`)."""
    q = patterns.q
    return patterns.counts[: q * q].astype(np.int64).reshape(q, q)


def _library_kappas(patterns: Patterns, names: Sequence[str]) -> dict[str, float]:
    """Cohen's kappas by statsmodels, for two annotators with complete pairs, where kappa is defined."""
    wanted = [name for name in names if name in KAPPAS]
    complete = patterns.codes.shape[1] == 2 and len(patterns.codes) == patterns.q**2
    if not wanted or not complete or _constant(patterns):
        return {}
    table, weights = _table(patterns), np.arange(patterns.q)
    # By position among the declared levels: of 1-d weights statsmodels makes |i - j| or (i - j)^2.
    how = {
        "kappa unweighted": {},
        "kappa linear": {"weights": weights, "wt": "linear"},
        "kappa quadratic": {"weights": weights, "wt": "quadratic"},
    }
    return {name: float(cohens_kappa(table, return_results=False, **how[name])) for name in wanted}


def _constant(patterns: Patterns) -> bool:
    """Whether some annotator gave one level throughout."""
    given = np.tensordot(patterns.counts, patterns.chosen, axes=1) > 0
    return bool((given.sum(axis=1) == 1).any())


def _why_undefined(patterns: Patterns, name: str, value: float) -> str | None:
    if name == "alpha interval" and patterns.numbers is None:
        return "levels are not numbers"
    if np.isnan(value):
        return "no data" if name.startswith("level ") else "single level"
    # With one of two annotators constant, pa = pe whatever the other gave: the 0 says nothing of the labels.
    if name in KAPPAS and patterns.codes.shape[1] == 2 and _constant(patterns):
        return "annotator constant"
    return None


def judged_on(rule: Rule, annotators: int, levels: Sequence[int | str]) -> str:
    """The coefficient a rule is about (named as in `coefficients.coefficient`) when so many people labelled."""
    statistic = "alpha" if annotators > 2 else rule.statistic
    return f"{statistic} {rule.weights if statistic == 'kappa' else _metric(rule.weights, levels)}"


def _metric(weights: str, levels: Sequence[int | str]) -> str:
    if weights == "quadratic" and are_numbers(levels):
        return "interval"
    return "nominal" if weights == "unweighted" else "ordinal"


def _short(value: float) -> str:
    """Two decimals without the leading zero."""
    return f"{value:.2f}".replace("0.", ".", 1).replace("-.00", ".00")
