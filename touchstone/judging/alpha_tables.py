"""Agreement of people among themselves, and Krippendorff's alpha with the judge in the place of a person.

Who gave which label does not matter to alpha: it is made of how many labels a unit has at each level. With h replaced by the
judge on the units that h labelled, one label of each moves. The figure is the mean of that alpha over the people who are held
against the rest (`held`), less alpha of the people; 0 is a judge who agrees as they do. Each is drawn by clusters as in
`seat_tables`, the further unit spread over all pairs of levels alike.

C clusters, S people replaced, q declared levels.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array, hstack

from touchstone.agreement.coefficient import Coefficient
from touchstone.agreement.estimation.estimates import judged_on
from touchstone.agreement.estimation.formulas import Batch, patterns_of, values_of
from touchstone.agreement.estimation.intervals import Array, generator, seed_of
from touchstone.agreement.figure import Figure, PlainRule, undefined
from touchstone.judging.held import HeldLabels, Mask, Places
from touchstone.judging.seat_tables import AT_ONCE, DRAWS, distinct, figure


class AmongPeople(NamedTuple):
    """`alpha` and `kappa` (Fleiss') of the people; `replacement`: mean alpha with the judge in place of one, less that."""

    alpha: Figure
    kappa: Figure
    replacement: Figure
    metric: str
    weights: str

    def as_json(self) -> dict[str, object]:
        return {
            "alpha": {self.metric: self.alpha.as_json()},
            "fleiss": {self.weights: self.kappa.as_json()},
            "replacement": self.replacement.as_json(),
        }


def among_people(held: HeldLabels) -> AmongPeople:
    """Undefined, with a reason, where no unit has two labels of people, where every label is the same, and (the replacement)
    where nobody is held against the rest by themselves."""
    shape = patterns_of({}, (0, 1), held.levels, held.scale, held.by)
    alpha, fleiss = judged_on(PlainRule("alpha", held.weights, 0.0), 3, held.levels, held.scale), _fleiss(held)
    names, seat = held.seats
    two = held.counts.sum(axis=1) >= 2
    if not two.any():
        none = undefined("no overlap" if len(held.people) > 1 else "one annotator" if held.people else "no data")
        return AmongPeople(none, none, none, alpha.kind, fleiss.kind)
    sums = _sums(held, two)
    replaced = np.flatnonzero((seat >= 0) & two[held.unit]) if names != ("",) else np.zeros(0, dtype=np.int64)
    moved = _moved(held, replaced, seat, len(names))

    def values(base: Array, deltas: Array) -> tuple[Array, Array, Array]:
        """Alpha, Fleiss' kappa, and the mean alpha with a person replaced, of sums (B, 2 q q + q + 3) and deltas (B, S, q q)."""
        batch = _batch(base, held.q)
        own, kappa = (values_of(batch, shape, each) for each in (alpha, fleiss))
        many = _batch(_with(base, deltas), held.q)
        with_judge = values_of(many, shape, alpha).reshape(deltas.shape[:2])
        return own, kappa, with_judge.mean(axis=1) if deltas.shape[1] else np.full(len(base), np.nan)

    at_once = np.asarray(moved.sum(axis=0), dtype=float).reshape(1, -1, held.q**2)
    point = values(sums.sum(axis=0, keepdims=True), at_once)
    drawn = [np.concatenate(each) for each in zip(*(values(*part) for part in _parts(held, sums, moved)), strict=True)]
    n = int(two.sum())
    own, kappa = (figure(float(point[at][0]), drawn[at], n, "single level") for at in (0, 1))
    why = "single level" if len(replaced) else "no person has 30 labels on units that others labelled, too"
    change = figure(float(point[2][0] - point[0][0]), drawn[2] - drawn[0], n, why)
    return AmongPeople(own, kappa, change, alpha.kind, fleiss.kind)


def _fleiss(held: HeldLabels) -> Coefficient:
    return Coefficient("fleiss", held.weights)


def _pairs(counts: Array) -> Array:
    """(..., q * q): the ordered pairs of two labels of one unit, of counts (..., q)."""
    q = counts.shape[-1]
    both = counts[..., :, None] * counts[..., None, :]
    both[..., np.arange(q), np.arange(q)] -= counts
    found: Array = both.reshape(*counts.shape[:-1], q * q)
    return found


def _sums(held: HeldLabels, two: Mask) -> Array:
    """(C, 2 q q + q + 3): of each cluster the coincidences, the observed pairs as shares, the shares of levels; and how many
    labels, units with two, and units."""
    counts, labels = held.counts, held.counts.sum(axis=1, keepdims=True)
    pairs = _pairs(counts) * two[:, None]
    rows = np.concatenate(
        [
            pairs / np.maximum(labels - 1, 1),
            pairs / np.maximum(labels * (labels - 1), 1),
            counts / labels,
            labels * two[:, None],
            two[:, None],
            np.ones_like(labels),
        ],
        axis=1,
    )
    sums = np.zeros((int(held.cluster.max()) + 1, rows.shape[1]))
    np.add.at(sums, held.cluster, rows)
    return sums


def _moved(held: HeldLabels, labels: Places, seat: Places, seats: int) -> csr_array:
    """(C, S * q * q): what a cluster's coincidences change by, where the judge stands in the place of the person of a seat."""
    q, unit = held.q, held.unit[labels]
    changes = held.judge[unit] != held.level[labels]
    labels, unit = labels[changes], unit[changes]
    counts = held.counts[unit]
    after = counts - np.eye(q)[held.level[labels]] + np.eye(q)[held.judge[unit]]
    delta = (_pairs(after) - _pairs(counts)) / (counts.sum(axis=1, keepdims=True) - 1)
    label, cell = np.nonzero(delta)
    shape = (int(held.cluster.max()) + 1, seats * q * q if len(seat) and seat.max() >= 0 else 0)
    return csr_array((delta[label, cell], (held.cluster[unit[label]], seat[labels[label]] * q * q + cell)), shape=shape)


def _batch(sums: Array, q: int) -> Batch:
    """Of sums (B, 2 q q + q + 3), see `_sums`."""
    size = q * q
    labels, units, all_units = (sums[:, -3 + place] for place in range(3))
    with np.errstate(divide="ignore", invalid="ignore"):
        return Batch(
            observed=sums[:, size : 2 * size],
            units=units,
            coincidences=sums[:, :size] / labels[:, None],
            pairable=labels,
            share=sums[:, 2 * size : 2 * size + q] / all_units[:, None],
            by_annotator=np.zeros((len(sums), 2, q)),
        )


def _with(base: Array, deltas: Array) -> Array:
    """(B * S, ...): the sums with each person replaced."""
    size = deltas.shape[2]
    many = np.repeat(base, deltas.shape[1], axis=0)
    many[:, :size] += deltas.reshape(-1, size)
    return many


def _parts(held: HeldLabels, sums: Array, moved: csr_array) -> Iterator[tuple[Array, Array]]:
    """Sums and deltas of the draws, some at a time. The further unit has two labels, spread over all pairs of levels."""
    q, width = held.q, sums.shape[1]
    rows, times = distinct(csr_array(hstack([csr_array(sums), moved])))
    sums, by_column = rows[:, :width].toarray(), rows[:, width:].T.tocsr()
    further = np.concatenate([np.full(q * q, 2 / q**2), np.full(q * q, 1 / q**2), np.full(q, 1 / q), [2.0, 1.0, 1.0]])
    rng = generator(seed_of((held.levels, rows.indices.tobytes(), rows.data.tobytes(), times.tobytes())))
    at_once = max(1, min(DRAWS, AT_ONCE // max(*by_column.shape, width)))
    for start in range(0, DRAWS, at_once):
        size = min(at_once, DRAWS - start)
        weights = rng.standard_gamma(times[:, None], size=(len(times), size))
        base = weights.T @ sums + rng.standard_exponential((size, 1)) * further
        yield base, (by_column @ weights).T.reshape(size, -1, q * q)
