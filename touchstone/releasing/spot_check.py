"""The error rate of gold by a spot check: agreed cells drawn at random and labelled once more by somebody blind."""

import random
from collections.abc import Sequence
from typing import NamedTuple, TypeVar

from touchstone.agreement.estimation.intervals import ENDS
from touchstone.english import many

Drawn = TypeVar("Drawn")


class ErrorRate(NamedTuple):
    """`wrong` of `checked` cells, which were drawn from `cells`; `low` and `high` are the ends of the 95 % interval of the rate
    among all `cells`, None where nothing was checked."""

    cells: int
    checked: int
    wrong: int
    low: float | None
    high: float | None

    @property
    def rate(self) -> float | None:
        return self.wrong / self.checked if self.checked else None

    def in_words(self) -> str:
        if self.rate is None or self.low is None or self.high is None:
            return f"none of {many(self.cells, 'agreed cell')} checked yet"
        return (
            f"{self.wrong:,} of {many(self.checked, 'checked cell')} wrong, {100 * self.rate:.1f} % "
            f"[{100 * self.low:.1f}, {100 * self.high:.1f}] of {many(self.cells, 'agreed cell')}"
        )


def error_rate(cells: int, checked: int, wrong: int) -> ErrorRate:
    """Wilson's score interval (Wilson 1927, JASA 22: 209-212), at n (N - 1) / (N - n) cells in place of the n that were checked,
    since they were drawn from N without putting any back (Cochran 1977, Sampling Techniques, 2.6: the variance of a share is
    (N - n) / (N - 1) of what it is otherwise). Of all cells checked the rate is known and the interval is a point. It never
    says less than what was found: wrong / N at least, and at most 1 - (n - wrong) / N.

    >>> error_rate(1000, 100, 3).in_words()
    '3 of 100 checked cells wrong, 3.0 % [1.1, 8.1] of 1,000 agreed cells'
    >>> error_rate(50, 50, 2)[3:]
    (0.04, 0.04)
    """
    if not 0 <= wrong <= checked <= cells:
        raise ValueError(f"{wrong} of {checked} of {many(cells, 'cell')}")
    if not checked:
        return ErrorRate(cells, checked, wrong, None, None)
    share = wrong / checked
    if checked == cells:
        return ErrorRate(cells, checked, wrong, share, share)
    from statsmodels.stats.proportion import proportion_confint

    n = checked * (cells - 1) / (cells - checked)
    low, high = proportion_confint(share * n, n, alpha=2 * ENDS[0], method="wilson")
    return ErrorRate(cells, checked, wrong, max(float(low), wrong / cells), min(float(high), 1 - (checked - wrong) / cells))


def draw(cells: Sequence[Drawn], number: int, seed: int) -> list[Drawn]:
    """So many of the cells at random, the same ones for the same seed and the same cells in the same order."""
    return random.Random(seed).sample(list(cells), min(number, len(cells)))
