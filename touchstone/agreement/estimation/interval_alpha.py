"""Interval alpha of ratings on scales too fine for a table: sliders, percentages, measurements.

The one formula of alpha (see `formulas`), in sums instead of a table of levels, which such scales have no use for.
"""

from collections.abc import Iterator

import numpy as np

from touchstone.agreement.estimation.intervals import Array, ends_of, generator, seed_of, sizes_of_parts, sorted_draws
from touchstone.agreement.estimation.jackknife import SAME, lower_end, standard_error
from touchstone.agreement.estimation.seat_order import ratings_by_labels
from touchstone.agreement.estimation.smoothing import ALL_AGREE
from touchstone.agreement.figure import Figure, undefined


def interval_alpha(ratings: Array) -> Figure:
    """`ratings` (U, m): a row a unit, a column an annotator, nan where there is none.

    Krippendorff (2011), interval metric: 1 - Do / De. Of a unit with r ratings of sum s and sum of squares t, the squared
    differences of its ordered pairs sum to 2 (r t - s^2). Units with one rating are left out of both terms.

    The interval holds two: the Bayesian bootstrap over units (Rubin 1981), 4,000 draws seeded by the ratings, and the
    jackknife's (`jackknife`, each unit a group, without its factor (G - 1) / G), as far above alpha as below it and not over 1.
    The bootstrap alone holds the true value of a dozen units in .69 to .84 of samples, both together in about .90 or more
    (`benchmarks/coverage_of_ratings.py`). Where leaving out a unit changes nothing (all agree), or alpha is undefined without
    one, each draw of the bootstrap has one further unit that was not seen (`_further`): the interval is then no point.

    Undefined with a reason: no data, one annotator, no overlap, single level (every rating is the same), one unit, pairs at one
    level (as in `agreement.report`).
    """
    there = ~np.isnan(ratings)
    if not there.any():
        return undefined("no data")
    if there.any(axis=0).sum() == 1:
        return undefined("one annotator")
    ratings, there = (in_order := ratings_by_labels(ratings)), ~np.isnan(in_order)
    paired = ratings[there.sum(axis=1) >= 2]
    if not len(paired):
        return undefined("no overlap")
    sums = _sums_of(_centred(paired))
    value = float(_alpha(sums.sum(axis=0)[None, :], sums[:, 0].sum())[0])
    if np.isnan(value):
        reason = (
            "one unit"
            if len(paired) == 1
            else "single level"
            if np.nanmin(ratings) == np.nanmax(ratings)
            else "pairs at one level"
        )
        return undefined(reason, len(paired))
    return Figure(value, *_interval(paired, sums, value), len(paired), None)


def bootstrap(paired: Array) -> Array:
    """Sorted: alpha in each draw of the Bayesian bootstrap alone, of units (U, m) with two ratings or more. For comparison."""
    return sorted_draws(_drawn(paired, _sums_of(_centred(paired))))


def _interval(paired: Array, sums: Array, value: float) -> tuple[float, float]:
    n = float(sums[:, 0].sum())
    units = len(sums)
    error = standard_error(_alpha(sums.sum(axis=0) - sums, n - sums[:, 0])) if units > 1 else np.nan
    if not error >= SAME:  # nan too
        return ends_of(value, sorted_draws(_drawn(paired, sums, with_further=True)))
    low, high = ends_of(value, sorted_draws(_drawn(paired, sums)))
    under = lower_end(value, error * (units / (units - 1)) ** 0.5, units)
    return min(low, under), max(high, min(1.0, 2 * value - under))


def _drawn(paired: Array, sums: Array, *, with_further: bool = False) -> Iterator[Array]:
    """Alpha of each draw of the Bayesian bootstrap, in parts."""
    rng = generator(seed_of(np.ascontiguousarray(paired).tobytes()))
    for size in sizes_of_parts(len(sums)):
        drawn = rng.standard_exponential((size, len(sums))) @ sums
        yield _alpha(drawn + _further(paired, size, rng) if with_further else drawn, float(sums[:, 0].sum()))


def _further(paired: Array, size: int, rng: np.random.Generator) -> Array:
    """(size, 4): the sums of one further unit a draw, weighing as much as a unit does. Its ratings are drawn from all there
    are, as many as a unit has that is drawn too; half of the time they are all the same (`smoothing` has the same of
    levels)."""
    centred = _centred(paired)
    ratings = centred[~np.isnan(centred)]
    there = ~np.isnan(centred[rng.integers(0, len(centred), size)])
    drawn = rng.choice(ratings, size=there.shape)
    drawn = np.where(rng.random((size, 1)) < ALL_AGREE, drawn[:, :1], drawn)
    weights: Array = rng.standard_exponential((size, 1)) * _sums_of(np.where(there, drawn, np.nan))
    return weights


def _centred(paired: Array) -> Array:
    """The ratings between -1 and 1: alpha does not change with the unit or the zero of the scale, and so no square overflows, and
    large numbers keep their digits."""
    scaled = paired / (np.nanmax(np.abs(paired)) or 1.0)
    centred: Array = scaled - np.nanmean(scaled)
    return centred / (np.nanmax(np.abs(centred)) or 1.0) if np.nanmax(np.abs(centred)) > 1e-12 else centred * 0


def _sums_of(centred: Array) -> Array:
    """(U, 4): of each unit r, s, t and the squared differences within it, by r - 1."""
    r = (~np.isnan(centred)).sum(axis=1).astype(float)
    s, t = np.nansum(centred, axis=1), np.nansum(centred**2, axis=1)
    return np.column_stack([r, s, t, 2 * (r * t - s**2) / (r - 1)])


def _alpha(sums: Array, n: float | Array) -> Array:
    """(B,) from weighted sums (B, 4) of r, s, t and the within-unit differences, scaled to `n` ratings in all: one number, or
    (B,)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        r, s, t, within = (sums * (n / sums[:, 0])[:, None]).T
        between = 2 * (n * t - s**2) / (n - 1)
        return np.where(between > 1e-12 * (1 + t), 1 - within / between, np.nan)
