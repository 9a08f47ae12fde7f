"""The mean of a value per draft, with an interval drawn as those of the tables are.

4,000 draws of Dirichlet(count + prior) over the values, the mean of each: the Bayesian bootstrap over drafts, smoothed.
The prior spreads one draft over the values that could occur. For two annotators it is what a prior of 1/q^2 in each
cell of their table comes to, so the interval of a mean that could be read off the table is the table's own.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from touchstone.agreement.estimation.formulas import are_numbers
from touchstone.agreement.estimation.intervals import DRAWS, Array, ends_of_unsorted, generator, seed_of
from touchstone.agreement.figure import Figure, Level, undefined


@dataclass(frozen=True)
class ValuesOfDrafts:
    """`counts`: how many drafts have each value; `prior`: what a draw adds to each value, one in all."""

    counts: Mapping[float, int]
    prior: Mapping[float, float]

    @property
    def values(self) -> list[float]:
        return sorted({*self.counts, *self.prior})

    @property
    def seed(self) -> int:
        return seed_of([(value, self.counts.get(value, 0), self.prior.get(value, 0)) for value in self.values])


def heights(levels: Sequence[Level]) -> tuple[int, ...]:
    """What each level counts as in a mean: a number as itself, words by their place, the first 1.

    >>> heights([1, 3, 5]), heights(["none", "minor", "severe"])
    ((1, 3, 5), (1, 2, 3))
    """
    return tuple(levels) if are_numbers(levels) else tuple(range(1, len(levels) + 1))


def differences(at: Sequence[int]) -> dict[float, float]:
    """The prior of a difference of two levels at these heights (q,): each of the q^2 cells of a table holds 1/q^2."""
    return {float(apart): cells / len(at) ** 2 for apart, cells in Counter(a - b for a in at for b in at).items()}


def matches(q: int) -> dict[float, float]:
    """The prior of a share of equal labels: q of the q^2 cells of a table are equal."""
    return {1.0: 1 / q, 0.0: 1 - 1 / q}


def mean_draws(drafts: ValuesOfDrafts) -> Array:
    """4,000 draws of the mean, in the order drawn."""
    values = np.array(drafts.values)
    shape = np.array([drafts.counts.get(value, 0) + drafts.prior.get(value, 0.0) for value in drafts.values])
    weights = generator(drafts.seed).standard_gamma(shape, size=(DRAWS, len(values)))
    mean: Array = weights @ values / weights.sum(axis=1)
    return mean


def mean_figure(drafts: ValuesOfDrafts) -> Figure:
    """The mean with its 95 % interval, widened to hold it; undefined ("no overlap") without a draft."""
    n = sum(drafts.counts.values())
    if not n:
        return undefined("no overlap")
    mean = sum(value * count for value, count in sorted(drafts.counts.items())) / n
    return Figure(mean, *ends_of_unsorted(mean, mean_draws(drafts)), n, None)
