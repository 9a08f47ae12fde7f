"""Interval alpha of ratings on scales too fine for a table: sliders, percentages, measurements.

The one formula of alpha (see `formulas`), in sums instead of a table of levels, which such scales have no use for.
"""

import numpy as np

from touchstone.agreement.estimation.intervals import Array, ends_of, generator, seed_of, sizes_of_parts, sorted_draws
from touchstone.agreement.figure import Figure, undefined


def interval_alpha(ratings: Array) -> Figure:
    """`ratings` (U, m): a row a unit, a column an annotator, nan where there is none.

    Krippendorff (2011), interval metric: 1 - Do / De. Of a unit with r ratings of sum s and sum of squares t, the squared
    differences of its ordered pairs sum to 2 (r t - s^2). Units with one rating are left out of both terms. The interval
    is the Bayesian bootstrap over units (Rubin 1981), 4,000 draws seeded by the ratings.

    Undefined with a reason: no data, one annotator, no overlap, single level (every rating is the same), one unit, pairs at one
    level (as in `agreement.report`).
    """
    there = ~np.isnan(ratings)
    if not there.any():
        return undefined("no data")
    if there.any(axis=0).sum() == 1:
        return undefined("one annotator")
    paired = ratings[there.sum(axis=1) >= 2]
    if not len(paired):
        return undefined("no overlap")
    sums, n = _sums(paired)
    value = float(_alpha(sums.sum(axis=0)[None, :], n)[0])
    if np.isnan(value):
        reason = (
            "one unit"
            if len(paired) == 1
            else "single level"
            if np.nanmin(ratings) == np.nanmax(ratings)
            else "pairs at one level"
        )
        return undefined(reason, len(paired))
    rng = generator(seed_of(np.ascontiguousarray(paired).tobytes()))
    parts = (_alpha(rng.standard_exponential((size, len(sums))) @ sums, n) for size in sizes_of_parts(len(sums)))
    return Figure(value, *ends_of(value, sorted_draws(parts)), len(paired), None)


def _sums(paired: Array) -> tuple[Array, float]:
    """(U, 4): of each unit r, s, t and the squared differences within it, by r - 1; and the ratings in all.

    Alpha does not change with the unit or the zero of the scale, so the ratings are brought between -1 and 1: no square
    overflows, and large numbers keep their digits.
    """
    scaled = paired / (np.nanmax(np.abs(paired)) or 1.0)
    centred = scaled - np.nanmean(scaled)
    centred = centred / (np.nanmax(np.abs(centred)) or 1.0) if np.nanmax(np.abs(centred)) > 1e-12 else centred * 0
    r = (~np.isnan(centred)).sum(axis=1).astype(float)
    s, t = np.nansum(centred, axis=1), np.nansum(centred**2, axis=1)
    return np.column_stack([r, s, t, 2 * (r * t - s**2) / (r - 1)]), float(r.sum())


def _alpha(sums: Array, n: float) -> Array:
    """(B,) from weighted sums (B, 4) of r, s, t and the within-unit differences, scaled to `n` ratings in all."""
    r, s, t, within = (sums * (n / sums[:, :1])).T
    between = 2 * (n * t - s**2) / (n - 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(between > 1e-12 * (1 + t), 1 - within / between, np.nan)
