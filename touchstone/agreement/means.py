"""The mean of a value per draft, with an interval drawn as those of the tables are.

4,000 draws of Dirichlet(count + prior) over the values, the mean of each: the Bayesian bootstrap over drafts, smoothed.
The prior spreads one draft over the values that could occur. For two annotators it is what a prior of 1/q^2 in each
cell of their table comes to, so the interval of a mean that could be read off the table is the table's own.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from touchstone.agreement.coefficients import DRAWS, ENDS, Array
from touchstone.agreement.report import Figure, undefined


@dataclass(frozen=True)
class Mean:
    """`counts`: how many drafts have each value; `prior`: what a draw adds to each value, one in all."""

    counts: Mapping[float, int]
    prior: Mapping[float, float]

    @property
    def values(self) -> list[float]:
        return sorted({*self.counts, *self.prior})

    @property
    def seed(self) -> int:
        told = repr([(value, self.counts.get(value, 0), self.prior.get(value, 0)) for value in self.values])
        return int.from_bytes(hashlib.sha256(told.encode()).digest()[:8], "little")


def differences(q: int) -> dict[float, float]:
    """The prior of a difference of two level positions: each of the q^2 cells of a table holds 1/q^2."""
    return {float(apart): (q - abs(apart)) / q**2 for apart in range(1 - q, q)}


def matches(q: int) -> dict[float, float]:
    """The prior of a share of equal labels: q of the q^2 cells of a table are equal."""
    return {1.0: 1 / q, 0.0: 1 - 1 / q}


def mean_draws(mean: Mean) -> Array:
    """4,000 draws of the mean, in the order drawn."""
    values = np.array(mean.values)
    shape = np.array([mean.counts.get(value, 0) + mean.prior.get(value, 0.0) for value in mean.values])
    weights = np.random.default_rng(mean.seed).standard_gamma(shape, size=(DRAWS, len(values)))
    return weights @ values / weights.sum(axis=1)


def mean_figure(mean: Mean) -> Figure:
    """The mean with its 95 % interval, widened to hold it; undefined ("no overlap") without a draft."""
    n = sum(mean.counts.values())
    if not n:
        return undefined("no overlap")
    value = sum(each * count for each, count in mean.counts.items()) / n
    low, high = np.quantile(mean_draws(mean), ENDS)
    return Figure(value, float(min(low, value)), float(max(high, value)), n, None)
