"""A round cut into slices of its drafts, and how often the lowest of many figures is this low by chance.

With many slices some figure is low whatever one cuts by. `lowest` asks how low: it deals the drafts out to slices of the
same sizes 1,000 times, blindly, and compares the lowest figure of each deal with the lowest there is. All dimensions of
a draft move together.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from touchstone.agreement.coefficient import Coefficient
from touchstone.agreement.estimation.estimates import judged_coefficient, patterns_behind
from touchstone.agreement.estimation.formulas import Patterns, batch_of, coded, values_of
from touchstone.agreement.estimation.intervals import CELLS_AT_ONCE, Array, generator, seed_of
from touchstone.agreement.figure import AgreementRule
from touchstone.data.counts import Counts, in_own_order, patterns_in_own_order
from touchstone.data.label import Pattern

DEALS = 1000
LEAST = 5  # drafts with two labels a slice needs before its figure can be the lowest


def week_of(moment: datetime) -> date:
    """The Monday of the moment's week, by the moment's own zone."""
    return (moment - timedelta(days=moment.weekday())).date()


class SlicedDimension(NamedTuple):
    """One dimension: its counts in the whole round, and the pattern of each of its units."""

    counts: Counts
    labels: Mapping[str, Pattern]
    coefficient: Coefficient  # the one looked at


class LowestFigure(NamedTuple):
    """The lowest figure of all slices and dimensions, and the share of deals with one as low or lower."""

    slice: str
    dimension: str
    value: float
    by_chance: float
    figures: int


def sliced(counts: Counts, labels: Mapping[str, Pattern], rule: AgreementRule) -> SlicedDimension:
    """A dimension to be looked at slice by slice, by the coefficient its rule is about."""
    own = patterns_in_own_order(labels, counts.scale, counts.levels)
    return SlicedDimension(in_own_order(counts), own, judged_coefficient(counts, rule))


def lowest(dimensions: Sequence[SlicedDimension], slice_of: Mapping[str, str]) -> LowestFigure | None:
    """Over the figures that are defined on LEAST drafts or more; None with fewer than two slices or no such figure.

    Units are those of `slice_of`. Seeded by the labels and slices, so that equal rounds have equal answers.
    """
    units, names = sorted(slice_of), sorted(set(slice_of.values()))
    if len(names) < 2:
        return None
    into = np.array([names.index(slice_of[unit]) for unit in units])
    rng = generator(seed_of((units, into.tolist(), [_labels_told(each) for each in dimensions])))
    # The order first in line is the true one; the others are deals.
    orders = np.stack([np.arange(len(units)), *(rng.permutation(len(units)) for _ in range(DEALS))])
    seen = np.stack([_figures(each, units, into, orders, len(names)) for each in dimensions], axis=2)
    return lowest_of(seen, names, [each.counts.dimension for each in dimensions])


def lowest_of(seen: Array, names: Sequence[str], dimensions: Sequence[str]) -> LowestFigure | None:
    """Of (orders, slices, dimensions) figures, nan where there is none, the true order first: its lowest, and how often the
    lowest of an order is as low."""
    if np.isnan(seen[0]).all():
        return None
    least = np.nanmin(np.where(np.isnan(seen), np.inf, seen), axis=(1, 2))
    slice_, dimension = divmod(int(np.nanargmin(seen[0])), len(dimensions))
    # The true order is one of the orders that could have come: counted in, the share is never 0.
    return LowestFigure(
        names[slice_],
        dimensions[dimension],
        float(least[0]),
        float((least <= least[0] + 1e-12).mean()),
        int((~np.isnan(seen[0])).sum()),
    )


def _labels_told(dimension: SlicedDimension) -> list[tuple[str, Pattern]]:
    """The pattern of every unit, annotators in the order of their labels."""
    labels = sorted(dimension.labels.items())
    told = [tuple(-1 if code is None else code for code in pattern) for _, pattern in labels]
    in_order = zip(*sorted(zip(*told, strict=True)), strict=True)
    return [(unit, pattern) for (unit, _), pattern in zip(labels, in_order, strict=True)]


def _figures(
    dimension: SlicedDimension, units: Sequence[str], into: NDArray[np.int64], orders: NDArray[np.int64], slices: int
) -> Array:
    """(orders, slices): the figure of each slice when the units are dealt out in each order; nan where undefined or
    on fewer than LEAST units."""
    patterns = patterns_behind(dimension.counts, dimension.coefficient)
    values = np.full((len(orders), slices), np.nan)
    if patterns is None:
        return values
    place_of, spare = _places(dimension, patterns, units), len(patterns.codes)
    width = slices * (spare + 1)
    at_once = max(1, CELLS_AT_ONCE // max(width, len(units)))
    for start in range(0, len(orders), at_once):
        some = orders[start : start + at_once]
        keys = np.arange(len(some))[:, None] * width + into[None, :] * (spare + 1) + place_of[some]
        counted = np.bincount(keys.ravel(), minlength=len(some) * width).reshape(len(some), slices, spare + 1)
        for number in range(slices):
            weights = counted[:, number, :spare].astype(float)
            values[start : start + at_once, number] = figures_of_slice(patterns, weights, dimension.coefficient)
    return values


def _places(dimension: SlicedDimension, patterns: Patterns, units: Sequence[str]) -> NDArray[np.int64]:
    """Where each unit's pattern stands among `patterns`; one place beyond them for a unit without labels that count here."""
    place = {tuple(codes): number for number, codes in enumerate(patterns.codes.tolist())}
    nobody = (None,) * len(dimension.counts.annotators)
    return np.array([place.get(coded(dimension.labels.get(unit, nobody), patterns.seats), len(place)) for unit in units])


def figures_of_slice(patterns: Patterns, weights: Array, coefficient: Coefficient) -> Array:
    """(orders,): the figure of one slice, of (orders, patterns) drafts of each pattern; nan where undefined or on fewer than
    LEAST drafts."""
    enough = weights @ (patterns.given >= 2) >= LEAST
    values = np.full(len(weights), np.nan)
    if enough.any():
        batch = batch_of(patterns, weights[enough])
        figure = values_of(batch, patterns, coefficient)
        if coefficient.family == "kappa" and patterns.codes.shape[1] == 2:  # as the report: 0 says nothing where one never varies
            figure = np.where((batch.by_annotator.max(axis=2) == 1).any(axis=1), np.nan, figure)
        values[enough] = figure
    return values
