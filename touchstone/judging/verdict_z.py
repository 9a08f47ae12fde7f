"""How far a judge's agreement is from that of people, in their own spread: z of Judge's Verdict (Han et al. 2025, arXiv
2510.09738).

    z = (kappa_f - mean over h of kappa_h) / sd over h of kappa_h

kappa_h: person h with the mode of the others; kappa_f: the judge with the same modes, its mean over h (`seat_tables`; the authors
take pairs of people, of which a crowd has few that share units). sd is of a sample, n - 1. Within 1 the judge agrees as people
differ in agreeing (human-like), over 1 it agrees more than they do (super-consistent), which need not be better: it may have
learned what is easy. It stands beside the verdict and decides nothing: sd of few people is hardly known, and says nothing of how
many units there were.
"""

from typing import NamedTuple

import numpy as np

from touchstone.agreement.estimation.intervals import Array
from touchstone.english import many

LEAST_PEOPLE = 3
HUMAN_LIKE, SUPER_CONSISTENT, UNDER = "human-like", "super-consistent", "under people"


class VerdictZ(NamedTuple):
    """`z` None with a `reason` where it is undefined; `sd` of the kappas of `people`."""

    z: float | None
    sd: float | None
    people: int
    reason: str | None = None

    @property
    def kind(self) -> str | None:
        """What z says: HUMAN_LIKE within 1, both ends in it."""
        if self.z is None:
            return None
        return HUMAN_LIKE if abs(self.z) <= 1 else SUPER_CONSISTENT if self.z > 1 else UNDER

    def as_json(self) -> dict[str, object]:
        return {**self._asdict(), "kind": self.kind}


def verdict_z(judge: Array, people: Array) -> VerdictZ:
    """Of kappas (S,) of the judge and of each person with the same modes. Undefined with fewer than LEAST_PEOPLE, and where all
    agree alike."""
    n = len(people)
    if n < LEAST_PEOPLE:
        return VerdictZ(None, None, n, f"{many(n, 'person', 'people')} with a kappa, {LEAST_PEOPLE} are needed")
    sd = float(np.std(people, ddof=1))
    if sd < 1e-12:
        return VerdictZ(None, 0.0, n, "the people all agree alike, so they have no spread")
    return VerdictZ(float((judge.mean() - people.mean()) / sd), sd, n)
