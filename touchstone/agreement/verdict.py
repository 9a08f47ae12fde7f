"""What a rubric's rule says of a figure: flagged or not, the verdict, how many further drafts would decide it; and in words.

A dimension is flagged when its point is under the threshold. The verdict asks for the whole interval: it meets the threshold
when all of it is at or over, is below when all of it is under, and is undecided otherwise. The words stand here once, for the
page, the report on paper and the terminal.
"""

from dataclasses import dataclass, replace

import numpy as np

from touchstone.agreement.coefficient import Coefficient
from touchstone.agreement.estimation.formulas import Patterns, points, quantiles_at
from touchstone.agreement.estimation.intervals import ENDS, Array
from touchstone.agreement.figure import Figure, VerdictInterval, Withheld, short
from touchstone.agreement.looks import Looks
from touchstone.english import many

MOST = 1000  # drafts more than this are not worth promising
LEAST_UNITS = 20  # with two labels, for a verdict (`benchmarks/coverage_of_many.py --least`)
DECIDED = (0.25, 0.75)  # the chances at the two ends of the range of further drafts
PLAUSIBLE = np.linspace(0.005, 0.995, 100)  # the quantiles of today's draws that stand for what is plausible
WORDS = {"meets": "meets the threshold", "below": "below the threshold", "undecided": "undecided"}


@dataclass(frozen=True)
class FurtherDrafts:
    """Drafts beyond those labelled, see `further_drafts`. An end that is None is over `most`, 1,000 or what a plan of looks
    leaves; `half_width_05` is given then."""

    start: int | None
    end: int | None
    half_width_05: int | None = None
    most: int = MOST

    def as_json(self) -> dict[str, object]:
        if self.end is not None:
            return {"from": self.start, "to": self.end}
        return {"from": self.start, "to": None, "sentence": self.in_words(), "half_width_05": self.half_width_05}

    def in_words(self) -> str:
        """Whole tens, outwards: the draws do not know the last digit."""
        if self.start is None:
            return f"not within {self.most:,} more drafts" + ("" if self.most == MOST else ", the last that are planned")
        start = self.start // 10 * 10
        if self.end is None:
            return f"{start:,} to over {self.most:,} more"
        end = -(-self.end // 10) * 10
        return f"{start} to {end} more" if start else f"up to {end} more"


@dataclass(frozen=True)
class Judgement:
    """A rule held against its figure. `weights` are the rule's own (alpha's metric goes by them, see `judged_on` in `estimates`).
    `figure` is None where several are judged apart; `threshold` is None where none applies (a retest). `interval` is what the
    verdict rests on, and `withheld` says why it is undecided whatever the interval: "" where that decides. `looks`: how
    often the labels were looked at, None if unknown. `further` are the drafts that would decide an undecided verdict."""

    coefficient: Coefficient
    weights: str
    figure: Figure | None
    threshold: float | None
    interval: VerdictInterval | None = None
    withheld: str = ""
    looks: Looks | None = None
    further: FurtherDrafts | None = None

    @property
    def flagged(self) -> bool | None:
        """Whether the point is under the threshold; None where there is no point or no threshold."""
        if self.figure is None or self.figure.value is None or self.threshold is None:
            return None
        return not reaches(self.figure.value, self.threshold)

    @property
    def verdict(self) -> str | None:
        """meets: the whole interval is at or over the threshold; below: all under it; else, or where it is withheld, undecided.
        None where the figure is undefined or there is no threshold."""
        if self.interval is None or self.threshold is None:
            return None
        if self.withheld:
            return "undecided"
        return verdict(self.interval.low, self.interval.high, self.threshold)

    @property
    def is_decided(self) -> bool:
        return self.verdict in ("meets", "below")

    @property
    def basis(self) -> str:
        """What the verdict rests on, if not the figure's own interval: "interval by 14 clusters [.61, .88]"; else ""."""
        is_planned = self.looks is not None and self.looks.stretch > 1
        if self.interval is None or (self.interval.by == "unit" and not is_planned):
            return ""
        by = "interval" if self.interval.by == "unit" else f"interval by {many(self.interval.clusters, 'cluster')}"
        planned = f" for look {self.looks.number} of the plan" if self.looks and is_planned else ""
        return f"{by}{planned} [{short(self.interval.low)}, {short(self.interval.high)}]"

    def without_threshold(self) -> "Judgement":
        """The same figure with nothing to be held against."""
        return replace(self, threshold=None, withheld="", further=None)

    def without_figure(self) -> "Judgement":
        """The same rule where each of several has a figure of their own."""
        return replace(self, figure=None, interval=None, withheld="", further=None)


def verdict(low: float, high: float, threshold: float) -> str:
    """Of an interval: meets, below or undecided (see `Judgement.verdict`)."""
    return "meets" if reaches(low, threshold) else "undecided" if reaches(high, threshold) else "below"


def reaches(value: float, threshold: float) -> bool:
    """At or over the threshold; what only the last digits of a sum put under it counts as at it."""
    return value >= threshold - 1e-9


def verdict_in_words(judgement: Judgement | None) -> str:
    """The verdict alone: "meets the threshold", "undecided", "undefined", "not judged"."""
    if judgement is None or judgement.figure is None:
        return "not judged"
    if judgement.figure.value is None:
        return "undefined"
    return WORDS.get(judgement.verdict or "", "not judged")


def judgement_in_words(judgement: Judgement | None) -> str:
    """Flag, verdict, what it rests on, what would settle it: "flagged, undecided: label 20 to 130 more"."""
    words = verdict_in_words(judgement)
    if judgement is None or judgement.figure is None or judgement.figure.value is None:
        return words
    if judgement.verdict and (because := judgement.withheld or judgement.basis):
        words += f" ({because})"
    if judgement.further:
        further = judgement.further.in_words()
        words += f"; {further}" if judgement.further.start is None else f": label {further}"
    return f"flagged, {words}" if judgement.flagged else words


def further_drafts(
    patterns: Patterns,
    coefficient: Coefficient,
    threshold: float,
    interval: VerdictInterval | None = None,
    least: int = 0,
    most: int = MOST,
) -> FurtherDrafts:
    """How many more drafts until the interval of the coefficient, now undecided, leaves the threshold, to either side.

    `start`: at so many a quarter of rounds is decided; `end`: three quarters. What will come is not known to be like what came:
    the present draws say which values are plausible. N drafts, m of them new, have a point that lies sqrt(m / N) as far from the
    middle as a draw of today, and an interval as long as that of N drafts in the present proportions, by the report's own method.
    The share of draws whose interval then leaves the threshold is the chance. With `start` over 1,000 nothing is promised but
    that; `half_width_05` says how many more would bring the half-width to .05 (beyond 1,000: as 1 / sqrt N).

    `interval`, by clusters or of a planned look: lengths are stretched as it is longer than the ordinary one, above and below.
    `least`: so many more are needed for a verdict at all. `most`: beyond so many none will be given.

    The quantiles are drawn at five sizes equally spaced in 1 / sqrt N, in which they run almost straight, and interpolated
    between.
    """
    n, point = patterns.total, points(patterns, [coefficient])[coefficient]
    today = quantiles_at(patterns, coefficient, [n], PLAUSIBLE)[0]
    nodes = np.linspace((n + MOST) ** -0.5, n**-0.5, 5)
    drawn = quantiles_at(patterns, coefficient, nodes**-2, (ENDS[0], 0.5, ENDS[1]))
    added = np.arange(1, MOST + 1)
    low, middle, high = (np.interp((n + added) ** -0.5, nodes, column) for column in drawn.T)
    low, high = np.minimum(low, point), np.maximum(high, point)
    below, above = _longer(interval, point, min(drawn[-1, 0], point), max(drawn[-1, 2], point))  # the last node is today
    away = (today - np.median(today)) * np.where(today < np.median(today), below, above)
    values = middle[:, None] + np.sqrt(added / (n + added))[:, None] * away
    meets = values - ((middle - low) * below)[:, None] >= threshold
    fails = values + ((high - middle) * above)[:, None] < threshold
    chance = (meets | fails).mean(axis=1) * ((added >= least) & (added <= most))
    start, end = (int(added[(chance >= share).argmax()]) if (chance >= share).any() else None for share in DECIDED)
    if end is not None:
        return FurtherDrafts(start, end)
    half = ((middle - low) * below + (high - middle) * above) / 2
    now = (interval.high - interval.low) / 2 if interval else max(drawn[-1, 2], point) / 2 - min(drawn[-1, 0], point) / 2
    return FurtherDrafts(start, None, _until_half_width(np.append(now, half), np.append(0, added), n), min(most, MOST))


def stretched(interval: VerdictInterval, figure: Figure, times: float) -> VerdictInterval:
    """The interval, so many times as long below the figure and above it, within -1 and 1."""
    value = figure.ends.value
    low, high = (value + times * (end - value) for end in (interval.low, interval.high))
    return interval._replace(low=max(low, -1.0), high=min(high, 1.0)) if times > 1 else interval


def _longer(interval: VerdictInterval | None, point: float, low: float, high: float) -> tuple[float, float]:
    """How much longer the verdict's interval is than the ordinary one, below the point and above it."""
    if interval is None:
        return 1.0, 1.0
    below = (point - interval.low) / (point - low) if point > low else 1.0
    above = (interval.high - point) / (high - point) if high > point else 1.0
    return max(below, 1.0), max(above, 1.0)


def _until_half_width(half: Array, added: "np.typing.NDArray[np.int64]", n: float, wanted: float = 0.05) -> int:
    """How many more drafts bring the half-width to what is wanted, 0 where it is there; beyond those looked at it shrinks as 1 /
    sqrt N. `half` begins with today's, at 0 `added`."""
    if (half <= wanted).any():
        return int(added[(half <= wanted).argmax()])
    return int(np.ceil((n + MOST) * (half[-1] / wanted) ** 2 - n))


def too_few_units(patterns: Patterns) -> Withheld | None:
    """Why there is no verdict on so few units; None where there is."""
    units = int(patterns.counts[patterns.given >= 2].sum())
    if units >= LEAST_UNITS:
        return None
    few = f"{many(units, 'draft')} with two labels {'is' if units == 1 else 'are'} too few"
    return Withheld(f"{few}, a verdict needs {LEAST_UNITS}", LEAST_UNITS - units)
