"""What a rubric's rule says of a figure: flagged or not, the verdict, how many further drafts would decide it; and in words.

A dimension is flagged when its point is under the threshold. The verdict asks for the whole interval: it meets the threshold
when all of it is at or over, is below when all of it is under, and is undecided otherwise. The words stand here once, for the
page, the report on paper and the terminal.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from touchstone.agreement.coefficient import Coefficient
from touchstone.agreement.figure import Figure
from touchstone.agreement.formulas import Patterns, points, quantiles_at
from touchstone.agreement.intervals import ENDS, Array

MOST = 1000  # drafts more than this are not worth promising
WORDS = {"meets": "meets the threshold", "below": "below the threshold", "undecided": "undecided"}


@dataclass(frozen=True)
class FurtherDrafts:
    """Drafts beyond those labelled; `start` and `end` are None when more will not settle it (see `further_drafts`)."""

    start: int | None
    end: int | None
    half_width_05: int | None = None

    def as_json(self) -> dict[str, object]:
        if self.start is not None:
            return {"from": self.start, "to": self.end}
        return {"from": None, "to": None, "sentence": self.in_words(), "half_width_05": self.half_width_05}

    def in_words(self) -> str:
        """Whole tens, outwards: the draws do not know the last digit."""
        if self.start is None or self.end is None:
            return "at the threshold: more labels will not settle it"
        start, end = self.start // 10 * 10, -(-self.end // 10) * 10
        return f"{start} to {end} more" if start else f"up to {end} more"


@dataclass(frozen=True)
class Judgement:
    """A rule held against its figure. `weights` are the rule's own (alpha's metric goes by them, see `judged_on` in `report`).
    `figure` is None where several are judged apart; `threshold` is None where none applies (a retest). `further` are the drafts
    that would decide an undecided verdict."""

    coefficient: Coefficient
    weights: str
    figure: Figure | None
    threshold: float | None
    further: FurtherDrafts | None = None

    @property
    def flagged(self) -> bool | None:
        """Whether the point is under the threshold; None where there is no point or no threshold."""
        if self.figure is None or self.figure.value is None or self.threshold is None:
            return None
        return not reaches(self.figure.value, self.threshold)

    @property
    def verdict(self) -> str | None:
        """meets, below or undecided; None where there is no figure or no threshold."""
        return None if self.figure is None or self.threshold is None else verdict(self.figure, self.threshold)

    @property
    def rule_in_words(self) -> str:
        """What the threshold is about, by the rule: "kappa (quadratic)"."""
        return f"{self.coefficient.family} ({self.weights})"

    def without_threshold(self) -> "Judgement":
        """The same figure with nothing to be held against."""
        return replace(self, threshold=None, further=None)

    def without_figure(self) -> "Judgement":
        """The same rule where each of several has a figure of their own."""
        return replace(self, figure=None, further=None)


def verdict(figure: Figure, threshold: float) -> str | None:
    """meets: the whole interval is at or over the threshold; below: all under it; else undecided. None where undefined."""
    if figure.value is None:
        return None
    _, low, high = figure.ends
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
    """Flag, verdict and what would settle it: "flagged, undecided: label 20 to 130 more"."""
    words = verdict_in_words(judgement)
    if judgement is None or judgement.verdict is None:
        return words
    if judgement.further:
        further = judgement.further.in_words()
        words += f"; {further}" if judgement.further.start is None else f": label {further}"
    return f"flagged, {words}" if judgement.flagged else words


def thresholds_in_words(judgements: Sequence[Judgement | None]) -> list[str]:
    """Each statistic that thresholds are held against, once, by the rules: "kappa (unweighted)"."""
    return list(dict.fromkeys(judgement.rule_in_words for judgement in judgements if judgement))


def further_drafts(patterns: Patterns, coefficient: Coefficient, threshold: float) -> FurtherDrafts:
    """How many more drafts until the interval of the coefficient, now undecided, leaves the threshold.

    The labels to come are taken to be like those that came: N units in the proportions of the counts give the
    interval [low(N), high(N)] by the report's own method. But N real units do not come in exact proportion;
    their point strays by what the quartiles of the draws at N say, times sqrt(m / N) since only m are new.
    With the point over the threshold, `start` is the least m where low + stray >= threshold, `end` the least
    where low - stray >= threshold; mirrored below it. So about a quarter of such rounds is decided at the
    start and about three quarters at the end: simulated on six tables of 30 to 100 drafts .16 to .32 and
    .70 to .79. That the proportions themselves may be other than they seem is not in it.

    The farther the threshold from the point, the fewer. With an end over 1,000 there is no range, and
    `half_width_05` says how many more would bring the half-width to .05 (beyond 1,000: as 1 / sqrt N).

    The quantiles are drawn at five sizes equally spaced in 1 / sqrt N, in which they run almost straight, and
    interpolated between.
    """
    n, point = patterns.total, points(patterns, [coefficient])[coefficient]
    nodes = np.linspace((n + MOST) ** -0.5, n**-0.5, 5)
    drawn = quantiles_at(patterns, coefficient, nodes**-2, (ENDS[0], 0.25, 0.5, 0.75, ENDS[1]))
    added = np.arange(1, MOST + 1)
    low, lower, middle, upper, high = (np.interp((n + added) ** -0.5, nodes, column) for column in drawn.T)
    new = np.sqrt(added / (n + added))
    low, high = np.minimum(low, point), np.maximum(high, point)
    if point >= threshold:
        lucky, unlucky = low + (upper - middle) * new >= threshold, low - (middle - lower) * new >= threshold
    else:
        lucky, unlucky = high - (middle - lower) * new < threshold, high + (upper - middle) * new < threshold
    if unlucky.any():
        return FurtherDrafts(int(added[lucky.argmax()]), int(added[unlucky.argmax()]))
    return FurtherDrafts(None, None, _until_half_width((high - low) / 2, added, n))


def _until_half_width(half: Array, added: "np.typing.NDArray[np.int64]", n: float, wanted: float = 0.05) -> int:
    """How many more drafts bring the half-width to what is wanted; beyond those looked at it shrinks as 1 / sqrt N."""
    if (half <= wanted).any():
        return int(added[(half <= wanted).argmax()])
    return int(np.ceil((n + MOST) * (half[-1] / wanted) ** 2 - n))
