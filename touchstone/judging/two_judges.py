"""An older judge against a newer one on the same units: the difference of their agreement with people, paired.

Each is held against the same references on the same units (`held`): the mean over people of kappa with the mode of the others,
or, where nobody has others, kappa with the one label, or the mode. Both take part in each draw of the cluster bootstrap, so that
what is the same in both cancels out of the interval of their difference.
"""

from typing import NamedTuple

import numpy as np

from touchstone.agreement.estimation.intervals import Array, generator, seed_of
from touchstone.agreement.figure import Figure, undefined
from touchstone.judging.held import HeldLabels, Places
from touchstone.judging.seat_tables import AT_ONCE, DRAWS, figure, kappas_of, tables_of


class TwoJudges(NamedTuple):
    """On n units: kappa of the older and of the newer judge, and the newer less the older, with 95 % intervals. Of the units on
    which they differ: how many the newer has nearer to the people (`mended`), and how many further off (`spoiled`)."""

    n: int
    old: Figure
    new: Figure
    difference: Figure
    differ: int
    mended: int
    spoiled: int

    def as_json(self) -> dict[str, object]:
        figures = {name: getattr(self, name).as_json() for name in ("old", "new", "difference")}
        return {"n": self.n, **figures, "differ": self.differ, "mended": self.mended, "spoiled": self.spoiled}


def two_judges(held: HeldLabels, old: Places) -> TwoJudges:
    """`held`: the newer judge and people; `old` (n,): the older judge's levels on the same units, as places."""
    n = len(held.units)
    nearer = distances(held, held.judge) - distances(held, old)
    counts = (int((old != held.judge).sum()), int((nearer < 0).sum()), int((nearer > 0).sum()))
    if not n:
        none = undefined("no data")
        return TwoJudges(0, none, none, none, *counts)
    means, drawn = _with_seats(held, old) if held.seats[0] else _with_modes(held, old)
    if np.isnan(means).any():
        none = undefined("single level", n)
        return TwoJudges(n, none, none, none, *counts)
    newer, older = (figure(float(means[at]), drawn[:, at], n, "") for at in (0, 1))
    apart = figure(float(means[0] - means[1]), drawn[:, 0] - drawn[:, 1], n, "")
    if (old == held.judge).all():
        apart = Figure(0.0, 0.0, 0.0, n, None)
    return TwoJudges(n, older, newer, apart, *counts)


def distances(held: HeldLabels, judge: Places) -> Array:
    """(n,): how far a judge is from the nearest mode of the people, in levels; 0 or 1 on a nominal scale."""
    q = held.q
    steps = np.abs(np.subtract.outer(np.arange(q), np.arange(q))).astype(float)
    apart = steps if held.scale != "nominal" else (steps > 0).astype(float)
    far: Array = np.where(held.modes > 0, apart[judge], np.inf).min(axis=1, initial=np.inf)
    return far


def _with_seats(held: HeldLabels, old: Places) -> tuple[Array, Array]:
    """(2,) and (B, 2): the newer judge and the older one."""
    tables = tables_of(held, [old])
    kappas = tables.kappas()
    kept = np.asarray(~np.isnan(kappas).any(axis=1))
    if not kept.any():
        return np.full(2, np.nan), np.zeros((DRAWS, 2))
    return kappas[kept].mean(axis=0)[1:], tables.draws(kept)[:, 1:]


def _with_modes(held: HeldLabels, old: Places) -> tuple[Array, Array]:
    """The same where no person has others."""
    q, clusters = held.q, int(held.cluster.max(initial=-1)) + 1
    tables = np.zeros((clusters, 2, q, q))
    for side, judge in enumerate((held.judge, old)):
        np.add.at(tables, (held.cluster, np.full_like(judge, side), judge), held.modes)
    means = kappas_of(tables.sum(axis=0), held)
    rows, times = np.unique(tables.reshape(clusters, -1), axis=0, return_counts=True)
    rng, size = generator(seed_of(tables.tobytes())), max(1, AT_ONCE // len(rows))
    parts = [rng.standard_gamma(times, size=(min(size, DRAWS - start), len(rows))) @ rows for start in range(0, DRAWS, size)]
    drawn = np.concatenate(parts).reshape(DRAWS, 2, q, q)
    further = rng.standard_exponential((DRAWS, 2, 1, 1)) / q**2
    return means, kappas_of(drawn + further, held)
