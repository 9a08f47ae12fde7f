"""How every interval of the library is made: seeded draws, their quantiles, and ends that hold the point.

The draws are seeded by the digest of what was counted, so that equal labels have equal intervals. An interval is the 2.5 and
97.5 points of 4,000 draws in which the figure is defined, widened where the figure itself lies outside them: draws from a
smoothed table need not surround the unsmoothed point. A share of drafts has Wilson's interval instead. What is drawn is said
where it is drawn: `formulas` (tables and patterns), `clusters`, `interval_alpha`, `subgroups.means`, `comparison.two_rounds`.
"""

from collections.abc import Iterable, Iterator
from hashlib import sha256

import numpy as np
from numpy.typing import ArrayLike, NDArray

from touchstone.agreement.figure import Figure, undefined

DRAWS = 4000
ENDS = (0.025, 0.975)
CELLS_AT_ONCE = 4_000_000  # numbers held in memory at once: 32 MB

Array = NDArray[np.float64]


def seed_of(counted: object) -> int:
    """The seed of what was counted: of bytes themselves, of anything else its repr, which must name each part and its number."""
    told = counted if isinstance(counted, bytes) else repr(counted).encode()
    return int.from_bytes(sha256(told).digest()[:8], "little")


def generator(seed: int) -> np.random.Generator:
    """The source of draws that a seed stands for."""
    return np.random.default_rng(seed)


def sizes_of_parts(width: int, number: int = DRAWS) -> Iterator[int]:
    """`number` draws of `width` numbers each in parts that fit into memory: how many draws each part has."""
    at_once = max(1, min(number, CELLS_AT_ONCE // width))
    for start in range(0, number, at_once):
        yield min(at_once, number - start)


def sorted_draws(parts: Iterable[Array]) -> Array:
    """The draws of all parts, sorted, without those (nan) in which the figure is undefined."""
    draws: Array = np.sort(np.concatenate(list(parts)))
    return draws[: np.searchsorted(draws, np.nan)]


def quantiles(draws: Array, at: ArrayLike) -> Array:
    """Of sorted values, by linear interpolation between order statistics (numpy's default definition); nan of none."""
    if not len(draws):
        return np.full(np.shape(at), np.nan)
    at_these: Array = np.interp(np.asarray(at) * (len(draws) - 1), np.arange(len(draws)), draws)
    return at_these


def ends_of(point: float, draws: Array) -> tuple[float, float]:
    """Low and high of a point from its sorted draws; the point alone where no draw is defined."""
    return holding(point, *quantiles(draws, ENDS))


def ends_of_unsorted(point: float, draws: Array) -> tuple[float, float]:
    """The same of draws in any order, by numpy, whose own interpolation may end in another last digit."""
    return holding(point, *np.quantile(draws, ENDS))


def holding(point: float, low: float, high: float) -> tuple[float, float]:
    """An interval that holds its point; an end that is nan is the point."""
    return float(np.fmin(point, low)), float(np.fmax(point, high))


def share(number: int, of: int, reason: str) -> Figure:
    """`number` of `of` drafts with Wilson's interval at 95 % (1927, J. Am. Stat. Assoc. 22: 209-212), from 0 to 1, which does not
    collapse where it is none or all; statsmodels computes it. Undefined for the `reason` where `of` is 0."""
    from statsmodels.stats.proportion import proportion_confint

    if not of:
        return undefined(reason)
    value = number / of
    low, high = holding(value, *proportion_confint(number, of, alpha=0.05, method="wilson"))
    return Figure(value, max(0.0, low), min(1.0, high), of, None)
