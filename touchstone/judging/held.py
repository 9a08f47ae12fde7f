"""One dimension of a judge and of people, on the units that have both: what every figure of a judge is made from.

One against the rest. Of each label of a person h the reference is the mode of the levels that the others gave the unit. Where
several levels are the mode, the label counts with an equal part at each, so that no order of levels decides and nothing is lost.
A label whose unit nobody else labelled has no reference.

Seats. Each person with LEAST_EACH labels that have a reference is held against the rest by themselves. Labels of people with
fewer are in the modes of the others. Where nobody has so many, all people are one seat.

n units, L labels of people, m people, q declared levels.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from touchstone.agreement.estimation.formulas import are_numbers
from touchstone.agreement.estimation.intervals import Array
from touchstone.agreement.figure import Level

LEAST_EACH = 30  # labels of a person who is held against the rest by themselves (Calderon et al. 2025)
Places = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class HeldLabels:
    """`units` (n,) with a level of the judge and a label of a person; `judge` (n,): the judge's level, its place among the
    declared `levels`; `cluster` (n,): the number of each unit's cluster. Of each label of people, (L,): `unit`, `person` (a
    place among `people`) and `level`. `weights`: of kappa; `by`: as in `data.counts.Counts`. `passing` (n,): the judge's
    probability that the unit passes, where it gives one."""

    levels: tuple[Level, ...]
    scale: str
    weights: str
    by: str
    people: tuple[str, ...]
    units: tuple[str, ...]
    cluster: Places
    judge: Places
    unit: Places
    person: Places
    level: Places
    passing: Array | None = None

    @property
    def q(self) -> int:
        return len(self.levels)

    @cached_property
    def counts(self) -> Array:
        """(n, q): how many people gave each unit each level."""
        counts = np.zeros((len(self.units), self.q))
        np.add.at(counts, (self.unit, self.level), 1.0)
        return counts

    @cached_property
    def modes(self) -> Array:
        """(n, q): the mode of all labels of a unit, in equal parts where several levels are."""
        return modes_of(self.counts)

    @cached_property
    def others(self) -> Array:
        """(L, q): how many others gave the label's unit each level."""
        others: Array = self.counts[self.unit] - np.eye(self.q)[self.level]
        return others

    @cached_property
    def has_others(self) -> Mask:
        found: Mask = self.others.sum(axis=1) > 0
        return found

    @cached_property
    def reference(self) -> Array:
        """(L, q): the mode of the others; zeros where there are none."""
        return modes_of(self.others)

    @cached_property
    def seats(self) -> tuple[tuple[str, ...], Places]:
        """Who is held against the rest, and (L,) which of them each label is of, -1 for none. Somebody pooled is named ""."""
        compared = np.bincount(self.person[self.has_others], minlength=len(self.people))
        own = np.flatnonzero(compared >= LEAST_EACH)
        seat = np.full(len(self.people), -1)
        if len(own):
            seat[own] = np.arange(len(own))
            names = tuple(self.people[place] for place in own)
        else:
            seat[:] = 0
            names = ("",) if self.has_others.any() else ()
        return names, np.where(self.has_others, seat[self.person], -1)

    @cached_property
    def values(self) -> Array:
        """(q,): where levels stand when a distance is asked for: their numbers, or their places."""
        return np.array(self.levels if are_numbers(self.levels) else range(self.q), dtype=float)

    @property
    def is_constant(self) -> bool:
        """Whether the judge gives one level throughout."""
        return len(np.unique(self.judge)) == 1


def modes_of(counts: Array) -> Array:
    """(rows, q): the mode of each row of counts, in equal parts where several are; zeros where there is none."""
    top = (counts == counts.max(axis=1, keepdims=True, initial=0)) & (counts > 0)
    shared: Array = top / np.maximum(top.sum(axis=1, keepdims=True), 1)
    return shared


def hold(
    judge: Mapping[str, Level],
    people: Mapping[str, Mapping[str, Level]],
    levels: Sequence[Level],
    *,
    scale: str = "ordinal",
    weights: str = "unweighted",
    by: str = "position",
    cluster_of: Mapping[str, str] | None = None,
    passing: Mapping[str, float] | None = None,
) -> HeldLabels:
    """The labels of `judge` (by unit) and of `people` (by person, then unit) on the units that both have, in the order of the
    units' ids. A unit that `cluster_of` does not name is a cluster of its own. `passing`: the judge's probability that a unit
    passes; taken where every unit has one. Raises ValueError for a level that is not declared."""
    places = {level: place for place, level in enumerate(levels)}
    for given in (judge, *people.values()):
        if strange := next((level for level in given.values() if level not in places), None):
            raise ValueError(f"levels are {', '.join(map(str, levels))}, not {strange!r}; declare it, or change the label")
    with_person = {unit for given in people.values() for unit in given}
    units = tuple(sorted(unit for unit in judge if unit in with_person))
    at = {unit: number for number, unit in enumerate(units)}
    clusters: dict[Hashable, int] = {}
    own = cluster_of or {}
    cluster = [clusters.setdefault((unit in own, own.get(unit, unit)), len(clusters)) for unit in units]
    names = tuple(name for name, given in people.items() if any(unit in at for unit in given))
    rows = sorted(
        (at[unit], person, places[level])
        for person, name in enumerate(names)
        for unit, level in people[name].items()
        if unit in at
    )
    table = np.array(rows, dtype=np.int64).reshape(len(rows), 3)
    return HeldLabels(
        levels=tuple(levels),
        scale=scale,
        weights="unweighted" if scale == "nominal" else weights,
        by=by,
        people=names,
        units=units,
        cluster=np.array(cluster, dtype=np.int64),
        judge=np.array([places[judge[unit]] for unit in units], dtype=np.int64),
        unit=table[:, 0],
        person=table[:, 1],
        level=table[:, 2],
        passing=None
        if passing is None or any(unit not in passing for unit in units)
        else np.array([passing[unit] for unit in units], dtype=float),
    )
