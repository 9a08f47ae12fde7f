"""Kappa of one against the rest, of a judge beside people, by tables that add up over clusters.

For each seat h (`held`) and each side (the person h, the judge, a control) there is one q x q table of the units that h labelled:
the side's level by the mode of the others than h. The figure of a side is the mean of kappa over the seats, so that the judge
meets the same references on the same units as each person does, and their difference is paired.

The tables add up over clusters, so a draw of the cluster bootstrap is one product: a weight for each cluster, Exponential(1) (the
Bayesian bootstrap, Rubin 1981), times its tables. Clusters with the same tables are one row, with Gamma(their number) as its
weight: a million drafts cost no more than their distinct clusters. What was not seen is added as everywhere (see
`estimation.smoothing`): one further unit for each side, its own, spread over all cells alike, in a seat's table by the share of
units that the seat labelled.

B draws, C distinct clusters, S seats, K sides, q declared levels.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from touchstone.agreement.coefficient import Coefficient
from touchstone.agreement.estimation.formulas import Batch, patterns_of, values_of
from touchstone.agreement.estimation.intervals import Array, ends_of, generator, seed_of, sorted_draws
from touchstone.agreement.figure import LAST_DIGITS, Figure, undefined
from touchstone.judging.held import HeldLabels, Mask, Places

DRAWS = 2_000
AT_ONCE = 2_000_000  # numbers of the tables of one part of the draws


@dataclass(frozen=True, eq=False)
class SeatTables:
    """`tables` (C, S * K * q * q): each distinct cluster's tables, and `times` (C,) how many clusters have them; `share` (S,): of
    the units, those that the seat labelled."""

    held: HeldLabels
    sides: int
    names: tuple[str, ...]
    tables: csr_array
    times: Array
    share: Array

    @property
    def shape(self) -> tuple[int, int, int, int]:
        return len(self.names), self.sides, self.held.q, self.held.q

    def whole(self) -> Array:
        """(S, K, q, q): the tables of all clusters together."""
        found: Array = np.asarray(self.times @ self.tables, dtype=float).reshape(self.shape)
        return found

    def kappas(self) -> Array:
        """(S, K): kappa of each side in each seat, nan where it is undefined (all labels of both are at one level)."""
        return kappas_of(self.whole(), self.held)

    def draws(self, kept: Mask, number: int = DRAWS) -> Array:
        """(B, K): draws of each side's mean kappa over the `kept` seats."""
        return np.concatenate([part.mean(axis=1) for part in self._parts(kept, number)])

    def by_seat(self, kept: Mask) -> Array:
        """(B, S, K): the same draws of each of the `kept` seats."""
        return np.concatenate(list(self._parts(kept, DRAWS)))

    def _parts(self, kept: Mask, number: int) -> Iterator[Array]:
        seats, sides, q, _ = self.shape
        told = (self.tables.indices.tobytes(), self.tables.data.tobytes(), self.times.tobytes())
        rng = generator(seed_of((self.held.levels, told)))
        by_column = self.tables.T.tocsr()
        at_once = max(1, min(number, AT_ONCE // max(by_column.shape)))
        for start in range(0, number, at_once):
            size = min(at_once, number - start)
            weights = rng.standard_gamma(self.times[:, None], size=(len(self.times), size))
            drawn = (by_column @ weights).T.reshape(size, seats, sides, q, q)[:, kept]
            further = rng.standard_exponential((size, 1, sides)) * self.share[None, kept, None] / q**2
            yield kappas_of(drawn + further[..., None, None], self.held)


def tables_of(held: HeldLabels, sides: Sequence[Places] = ()) -> SeatTables:
    """Of people, of the judge, and of further `sides` (n,) each, in this order: K = 2 and one more for each."""
    names, seat = held.seats
    labels = np.flatnonzero(seat >= 0)
    q, levels = held.q, [held.level, held.judge[held.unit], *(side[held.unit] for side in sides)]
    rows, columns, values = [], [], []
    for place, level in enumerate(levels):
        label, reference = np.nonzero(held.reference[labels])
        which = labels[label]
        rows.append(held.cluster[held.unit[which]])
        columns.append(((seat[which] * len(levels) + place) * q + level[which]) * q + reference)
        values.append(held.reference[which, reference])
    clusters = int(held.cluster.max(initial=-1)) + 1
    shape = (clusters, len(names) * len(levels) * q * q)
    made = csr_array((np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))), shape=shape)
    made, times = distinct(made)
    labelled = np.bincount(seat[labels], minlength=len(names)) if len(names) else np.zeros(0)
    each = len(held.units) if names != ("",) else max(len(labels), 1)
    return SeatTables(held, len(levels), names, made, times, labelled / max(each, 1))


def distinct(rows: csr_array) -> tuple[csr_array, Array]:
    """The distinct rows, in the order in which they come first, and how often each is there."""
    rows.sum_duplicates()
    first: dict[tuple[bytes, bytes], int] = {}
    times: dict[int, int] = {}
    for row, (start, end) in enumerate(zip(rows.indptr, rows.indptr[1:], strict=False)):
        kind = first.setdefault((rows.indices[start:end].tobytes(), rows.data[start:end].tobytes()), row)
        times[kind] = times.get(kind, 0) + 1
    return rows[list(times)], np.array(list(times.values()), dtype=float)


def kappas_of(tables: Array, held: HeldLabels) -> Array:
    """(...,) of tables (..., q, q): kappa with the dimension's weights (`estimation.formulas`)."""
    q = held.q
    flat = tables.reshape(-1, q, q)
    rows, columns, total = flat.sum(axis=2), flat.sum(axis=1), flat.sum(axis=(1, 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        both = np.stack([rows, columns], axis=1) / total[:, None, None]
    batch = Batch(flat.reshape(-1, q * q), total, flat.reshape(-1, q * q), 0.0, rows, both)
    shape = patterns_of({}, (0, 1), held.levels, held.scale, held.by)
    kappas = values_of(batch, shape, Coefficient("kappa", held.weights)).reshape(tables.shape[:-2])
    return np.where(np.abs(kappas) < LAST_DIGITS, 0.0, kappas)


def against_mode(held: HeldLabels) -> Array:
    """(C, q, q): of each cluster the judge's level by the mode of all people, for who has nobody to hold against the rest."""
    q, clusters = held.q, int(held.cluster.max(initial=-1)) + 1
    tables = np.zeros((clusters, q, q))
    np.add.at(tables, (held.cluster, held.judge), held.modes)
    return tables


def draws_of(tables: Array, held: HeldLabels) -> Array:
    """(B,): draws of kappa of tables (C, q, q), a further unit with them."""
    q, rng = held.q, generator(seed_of(tables.tobytes()))
    rows, times = np.unique(tables.reshape(len(tables), -1), axis=0, return_counts=True)
    size = max(1, AT_ONCE // len(rows))
    drawn = [rng.standard_gamma(times, size=(min(size, DRAWS - start), len(rows))) @ rows for start in range(0, DRAWS, size)]
    return kappas_of(np.concatenate(drawn).reshape(-1, q, q) + rng.standard_exponential((DRAWS, 1, 1)) / q**2, held)


def figure(point: float, draws: Array, n: int, reason: str) -> Figure:
    """A figure of a point and its draws in any order; undefined for the `reason` where the point is nan."""
    return undefined(reason, n) if np.isnan(point) else Figure(point, *ends_of(point, sorted_draws([draws])), n, None)
