"""A judge whose levels are one of the people's own, and labels without one person.

A judge is equal to a person where it gives their level on EQUAL_AT of the units both have, LEAST_SHARED or more, and does so
also where that person gave what is no mode of the others: there whoever judges a unit afresh follows the others, or either side
like a coin. What a coin would do in fewer than one of ALIKE_BY_CHANCE cases (one-sided binomial test) is no chance. On labels on
which a person never leaves the others nothing tells a copy of them from a judge who is right.
"""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from scipy.stats import binom

from touchstone.english import many
from touchstone.judging.held import HeldLabels, Mask

LEAST_SHARED, EQUAL_AT, ALIKE_BY_CHANCE = 20, 0.98, 0.01


class Twin(NamedTuple):
    """The person whose levels the judge has, on `equal` of `shared` units."""

    person: str
    equal: int
    shared: int

    @property
    def in_words(self) -> str:
        return f"equal to {self.person}’s on {self.equal:,} of {many(self.shared, 'unit')}"


def equal_to(held: HeldLabels) -> Twin | None:
    """The person whose own levels the judge has, the most alike; None where it is nobody's."""
    same = held.judge[held.unit] == held.level
    apart = held.has_others & (held.reference[np.arange(len(held.level)), held.level] == 0)
    found = []
    for place, name in enumerate(held.people):
        own = held.person == place
        shared, equal = int(own.sum()), int(same[own].sum())
        alone, followed = int((own & apart).sum()), int((same & own & apart).sum())
        if shared < LEAST_SHARED or equal < EQUAL_AT * shared:
            continue
        if alone and binom.sf(followed - 1, alone, 0.5) < ALIKE_BY_CHANCE:
            found.append(Twin(name, equal, shared))
    return max(found, key=lambda each: (each.equal / each.shared, each.shared), default=None)


def without(held: HeldLabels, person: str) -> tuple[HeldLabels, Mask]:
    """The labels of the other people, on the units that they have, and (n,) which units these are."""
    place = held.people.index(person)
    labels = held.person != place
    units = np.zeros(len(held.units), dtype=bool)
    units[held.unit[labels]] = True
    at = np.cumsum(units) - 1
    _, cluster = np.unique(held.cluster[units], return_inverse=True)
    left = replace(
        held,
        people=tuple(name for name in held.people if name != person),
        units=tuple(unit for unit, kept in zip(held.units, units.tolist(), strict=True) if kept),
        cluster=cluster.astype(np.int64),
        judge=held.judge[units],
        unit=at[held.unit[labels]],
        person=held.person[labels] - (held.person[labels] > place),
        level=held.level[labels],
        passing=None if held.passing is None else held.passing[units],
    )
    return left, units
