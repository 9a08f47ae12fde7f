"""A round cut into slices of its drafts, and how often the lowest of many figures is this low by chance.

With many slices some figure is low whatever one cuts by. `lowest` asks how low: it deals the drafts out to slices of the
same sizes 1,000 times, blindly, and compares the lowest figure of each deal with the lowest there is. All dimensions of
a draft move together.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

import numpy as np

from touchstone.agreement.coefficients import CELLS_AT_ONCE, Array, Patterns, batch_of, coefficient
from touchstone.agreement.report import KAPPAS, judged_name, patterns_behind
from touchstone.data.counts import Counts
from touchstone.data.label import Pattern

DEALS = 1000
LEAST = 5  # drafts with two labels a slice needs before its figure can be the lowest


def week_of(moment: datetime) -> date:
    """The Monday of the moment's week, by the moment's own zone."""
    return (moment - timedelta(days=moment.weekday())).date()


class Cut(NamedTuple):
    """One dimension: its counts in the whole round, and the pattern of each of its units."""

    counts: Counts
    labels: Mapping[str, Pattern]
    name: str  # the coefficient looked at, as in `coefficients.coefficient`


class Lowest(NamedTuple):
    """The lowest figure of all slices and dimensions, and the share of deals with one as low or lower."""

    slice: str
    dimension: str
    value: float
    by_chance: float
    figures: int


def cut_of(counts: Counts, labels: Mapping[str, Pattern], rule) -> Cut:
    return Cut(counts, labels, judged_name(counts, rule))


def lowest(cuts: Sequence[Cut], slice_of: Mapping[str, str]) -> Lowest | None:
    """Over the figures that are defined on LEAST drafts or more; None with fewer than two slices or no such figure.

    Units are those of `slice_of`. Seeded by the labels and slices, so that equal rounds have equal answers.
    """
    units = sorted(slice_of)
    names = sorted(set(slice_of.values()))
    if len(names) < 2:
        return None
    into = np.array([names.index(slice_of[unit]) for unit in units])
    told = repr((units, into.tolist(), [sorted(cut.labels.items()) for cut in cuts]))
    rng = np.random.default_rng(int.from_bytes(hashlib.sha256(told.encode()).digest()[:8], "little"))
    # The order first in line is the true one; the others are deals.
    orders = np.stack([np.arange(len(units)), *(rng.permutation(len(units)) for _ in range(DEALS))])
    seen = np.stack([_figures(cut, units, into, orders, len(names)) for cut in cuts], axis=2)  # orders, slices, dimensions
    if np.isnan(seen[0]).all():
        return None
    least = np.nanmin(np.where(np.isnan(seen), np.inf, seen), axis=(1, 2))
    place = np.unravel_index(np.nanargmin(seen[0]), seen[0].shape)
    # The true order is one of the orders that could have come: counted in, the share is never 0.
    return Lowest(
        names[place[0]],
        cuts[place[1]].counts.dimension,
        float(least[0]),
        float((least <= least[0] + 1e-12).mean()),
        int((~np.isnan(seen[0])).sum()),
    )


def _figures(cut: Cut, units: Sequence[str], into: np.ndarray, orders: np.ndarray, slices: int) -> Array:
    """(orders, slices): the figure of each slice when the units are dealt out in each order; nan where undefined or
    on fewer than LEAST units."""
    patterns = patterns_behind(cut.counts, cut.name)
    found = np.full((len(orders), slices), np.nan)
    if patterns is None:
        return found
    seats = [place for place in range(len(cut.counts.annotators)) if any(each[place] is not None for each in cut.labels.values())]
    place = {tuple(code): number for number, code in enumerate(patterns.codes.tolist())}
    spare = len(place)  # a unit without labels that count here
    at = np.array(
        [
            place.get(tuple(-1 if (code := cut.labels[unit][seat]) is None else code for seat in seats), spare)
            if unit in cut.labels
            else spare
            for unit in units
        ]
    )
    width = slices * (spare + 1)
    at_once = max(1, CELLS_AT_ONCE // max(width, len(units)))
    for start in range(0, len(orders), at_once):
        some = orders[start : start + at_once]
        keys = np.arange(len(some))[:, None] * width + into[None, :] * (spare + 1) + at[some]
        counted = np.bincount(keys.ravel(), minlength=len(some) * width).reshape(len(some), slices, spare + 1)
        for number in range(slices):
            found[start : start + at_once, number] = _of_slice(patterns, counted[:, number, :spare].astype(float), cut.name)
    return found


def _of_slice(patterns: Patterns, weights: Array, name: str) -> Array:
    enough = weights @ (patterns.given >= 2) >= LEAST
    values = np.full(len(weights), np.nan)
    if enough.any():
        batch = batch_of(patterns, weights[enough])
        figure = coefficient(batch, patterns, name)
        if name in KAPPAS and patterns.codes.shape[1] == 2:  # as the report: 0 says nothing where one never varies
            figure = np.where((batch.by_annotator.max(axis=2) == 1).any(axis=1), np.nan, figure)
        values[enough] = figure
    return values
