"""Interval alpha of ratings on scales too fine for a table: sliders, percentages, measurements.

The one formula of alpha (see `coefficients`), in sums instead of a table of levels, which such scales have no use for.
"""

import hashlib

import numpy as np
from numpy.typing import NDArray

from touchstone.agreement.coefficients import CELLS_AT_ONCE, DRAWS, ENDS, quantiles
from touchstone.agreement.report import Figure, undefined

Array = NDArray[np.float64]


def interval_alpha(ratings: Array) -> Figure:
    """`ratings` (U, m): a row a unit, a column an annotator, nan where there is none.

    Krippendorff (2011), interval metric: 1 - Do / De. Of a unit with r ratings of sum s and sum of squares t, the squared
    differences of its ordered pairs sum to 2 (r t - s^2). Units with one rating are left out of both terms. The interval
    is the Bayesian bootstrap over units (Rubin 1981), 4,000 draws seeded by the ratings.

    Undefined with a reason: no data, one annotator, no overlap, single level (every rating is the same).
    """
    there = ~np.isnan(ratings)
    if not there.any():
        return undefined("no data")
    if there.any(axis=0).sum() == 1:
        return undefined("one annotator")
    paired = ratings[there.sum(axis=1) >= 2]
    if not len(paired):
        return undefined("no overlap")
    # Alpha does not change with the unit or the zero of the scale: so no square overflows, and large numbers keep their digits.
    scaled = paired / (np.nanmax(np.abs(paired)) or 1.0)
    centred = scaled - np.nanmean(scaled)
    centred = centred / (np.nanmax(np.abs(centred)) or 1.0) if np.nanmax(np.abs(centred)) > 1e-12 else centred * 0
    r = (~np.isnan(centred)).sum(axis=1).astype(float)
    s, t = np.nansum(centred, axis=1), np.nansum(centred**2, axis=1)
    sums = np.column_stack([r, s, t, 2 * (r * t - s**2) / (r - 1)])
    value = float(_alpha(sums.sum(axis=0)[None, :], r.sum())[0])
    if np.isnan(value):
        return undefined("single level", len(paired))
    digest = hashlib.sha256(np.ascontiguousarray(paired).tobytes()).digest()
    rng = np.random.default_rng(int.from_bytes(digest[:8], "little"))
    at_once = max(1, min(DRAWS, CELLS_AT_ONCE // len(sums)))
    drawn = np.sort(
        np.concatenate(
            [
                _alpha(rng.standard_exponential((min(at_once, DRAWS - start), len(sums))) @ sums, r.sum())
                for start in range(0, DRAWS, at_once)
            ]
        )
    )
    low, high = quantiles(drawn[: np.searchsorted(drawn, np.nan)], ENDS)
    return Figure(value, float(min(low, value)), float(max(high, value)), len(paired), None)


def _alpha(sums: Array, n: float) -> Array:
    """(B,) from weighted sums (B, 4) of r, s, t and the within-unit differences, scaled to `n` ratings in all."""
    r, s, t, within = (sums * (n / sums[:, :1])).T
    between = 2 * (n * t - s**2) / (n - 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(between > 1e-12 * (1 + t), 1 - within / between, np.nan)
