"""The lowest of many figures in rounds too large to deal out draft by draft (`slices.lowest` holds each of 1,000 orders).

Drafts with the same labels on every dimension are alike, so what matters of a deal is how many of each kind a slice gets. That is
drawn as such, slice after slice (multivariate hypergeometric), or, where there are nearly as many kinds as drafts, by shuffling
the kinds: the same chances as dealing drafts, in memory that does not grow with the deals.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from touchstone.agreement.coefficient import Coefficient
from touchstone.agreement.estimation.estimates import patterns_behind
from touchstone.agreement.estimation.formulas import Patterns, coded
from touchstone.agreement.estimation.intervals import CELLS_AT_ONCE, Array, generator, seed_of
from touchstone.data.counts import Counts, patterns_in_own_order
from touchstone.data.label import Pattern
from touchstone.subgroups.slices import DEALS, LowestFigure, figures_of_slice, lowest_of

Kind = tuple[Pattern, ...]  # what a draft was given, a pattern a dimension
Numbers = NDArray[np.int64]


def lowest_of_counts(
    dimensions: Sequence[tuple[Counts, Coefficient]], drafts: Mapping[Kind, Mapping[str, int]]
) -> LowestFigure | None:
    """As `slices.lowest`. `drafts`: how many of each kind each slice has; the patterns of a kind are those of the dimensions in
    their order."""
    names = sorted({name for slices in drafts.values() for name in slices})
    if len(names) < 2:
        return None
    kinds = sorted(drafts, key=_told)
    held = np.array([[drafts[kind].get(name, 0) for name in names] for kind in kinds], dtype=np.int64)
    rng = generator(seed_of((names, [_told(kind) for kind in kinds], held.tolist())))
    behind = [
        (number, patterns, _places(counts, patterns, [kind[number] for kind in kinds]), coefficient)
        for number, (counts, coefficient) in enumerate(dimensions)
        if (patterns := patterns_behind(counts, coefficient)) is not None
    ]
    seen = np.full((DEALS + 1, len(names), len(dimensions)), np.nan)
    width = max([1, *(len(names) * len(patterns.codes) for _, patterns, _, _ in behind)])
    at_once, deals = max(1, CELLS_AT_ONCE // width), _deals(held, rng)
    for start in range(0, DEALS + 1, at_once):
        stop = min(start + at_once, DEALS + 1)
        weights = [np.empty((stop - start, len(names), len(patterns.codes))) for _, patterns, _, _ in behind]
        for row in range(stop - start):
            dealt = next(deals)
            for (_, patterns, place, _), into in zip(behind, weights, strict=True):
                for slice_ in range(len(names)):
                    counted = np.bincount(place, weights=dealt[:, slice_], minlength=len(patterns.codes) + 1)
                    into[row, slice_] = counted[: len(patterns.codes)]
        for (number, patterns, _, coefficient), of in zip(behind, weights, strict=True):
            for slice_ in range(len(names)):
                seen[start:stop, slice_, number] = figures_of_slice(patterns, of[:, slice_], coefficient)
    return lowest_of(seen, names, [counts.dimension for counts, _ in dimensions])


def _told(kind: Kind) -> list[tuple[int, ...]]:
    return [tuple(-1 if code is None else code for code in pattern) for pattern in kind]


def _places(counts: Counts, patterns: Patterns, given: Sequence[Pattern]) -> Numbers:
    """Where the pattern of each kind stands among `patterns`; one place beyond them where it does not count here."""
    own = patterns_in_own_order(dict(enumerate(given)), counts.scale, counts.levels)
    place = {tuple(codes): number for number, codes in enumerate(patterns.codes.tolist())}
    return np.array([place.get(coded(pattern, patterns.seats), len(place)) for pattern in own.values()])


def _deals(held: Numbers, rng: np.random.Generator) -> Iterator[Array]:
    """(kinds, slices) again and again: what there is, then what comes of dealing the drafts out to slices of the same sizes."""
    yield held.astype(float)
    of_kind, sizes = held.sum(axis=1), held.sum(axis=0)
    if _many_kinds(held):
        kind_of = np.repeat(np.arange(len(held), dtype=np.int32), of_kind)
        ends = np.cumsum(sizes)[:-1]
        while True:
            rng.shuffle(kind_of)
            yield np.stack([np.bincount(part, minlength=len(held)) for part in np.split(kind_of, ends)], axis=1).astype(float)
    while True:
        left, dealt = of_kind.copy(), np.empty(held.shape)
        for slice_, size in enumerate(sizes[:-1]):
            got = rng.multivariate_hypergeometric(left, size, method="marginals")
            dealt[:, slice_] = got
            left -= got
        dealt[:, -1] = left
        yield dealt


def _many_kinds(held: Numbers) -> bool:
    """Whether shuffling the drafts takes less than drawing how many of each kind a slice gets."""
    return bool(held.size > held.sum())
