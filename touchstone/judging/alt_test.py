"""The alternative annotator test (Calderon, Reichart and Dror 2025, arXiv 2501.10970), as its authors define it.

For each person h with LEAST_EACH units that somebody else labelled too: S(f) and S(h) are how well the judge and h match the
others on a unit. On a nominal scale the share of the others who gave the same level; else minus the root of the mean squared
distance. W_f = 1 where S(f) >= S(h), W_h = 1 where S(h) >= S(f), d = W_h - W_f. H0: E d >= epsilon, one-sided t-test; the p of
all people by Benjamini and Yekutieli at .05. omega: the share of those of whom H0 is rejected, the test is passed at .5; rho: the
mean over people of mean W_f.

Power: how often the test would be passed if the judge were as good as each person (E d = 0), with the d that are seen moved to
mean 0: the share of draws of clusters with replacement. It says nothing of the judge, only of what so many labels can show. (The
authors give none.) The test does not decide here: a constant passes it on some data.

B draws, S people.
"""

from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array, hstack
from scipy.stats import t as student

from touchstone.agreement.estimation.intervals import Array, generator, seed_of
from touchstone.english import many
from touchstone.judging.held import LEAST_EACH, HeldLabels, Mask, Places
from touchstone.judging.seat_tables import AT_ONCE, distinct

LEAST_PEOPLE = 3
EPSILONS = {"expert": 0.2, "skilled": 0.15, "crowd": 0.1}
FALSE_DISCOVERIES, PASSES_AT = 0.05, 0.5
DRAWS = 1_000


class AltTest(NamedTuple):
    """`passes`, `omega`, `rho` and `power` None together, with the `reason`; `people` who were tested."""

    passes: bool | None
    omega: float | None
    rho: float | None
    power: float | None
    epsilon: float
    people: int
    reason: str | None

    def as_json(self) -> dict[str, object]:
        return self._asdict()


def alt_test(held: HeldLabels, epsilon: float, draws: int = DRAWS) -> AltTest:
    """Undefined, with a reason, with fewer than three people of LEAST_EACH labels that others gave the unit too."""
    names, seat = held.seats
    if len(names) < LEAST_PEOPLE or names == ("",):
        found = 0 if names == ("",) else len(names)
        told = f"{many(found, 'person', 'people')} with {LEAST_EACH} labels or more on units that others labelled, too"
        return AltTest(None, None, None, None, epsilon, found, f"{told}; the test needs {LEAST_PEOPLE}")
    labels = np.flatnonzero(seat >= 0)
    of_judge, of_person = (_apart(held, labels, level) for level in (held.judge[held.unit[labels]], held.level[labels]))
    advantage, difference = of_judge <= of_person, (of_person <= of_judge).astype(float) - (of_judge <= of_person)
    at, people = seat[labels], len(names)
    n = np.bincount(at, minlength=people).astype(float)
    mean = np.bincount(at, weights=difference, minlength=people) / n
    squares = np.bincount(at, difference**2, people).astype(float)
    omega = float(_rejected(_p_values(n, mean * n, squares, epsilon)[None])[0].mean())
    rho = float((np.bincount(at, weights=advantage, minlength=people) / n).mean())
    clusters = held.cluster[held.unit[labels]]
    power = _power(clusters, at, difference - mean[at], people, epsilon, draws)
    return AltTest(omega >= PASSES_AT, omega, rho, power, epsilon, people, None)


def _apart(held: HeldLabels, labels: Places, level: "np.typing.NDArray[np.int64]") -> Array:
    """(labels,): how badly a level matches the others; sums of whole numbers, so that what is alike is equal."""
    others = held.others[labels]
    if held.scale == "nominal":
        missed: Array = others.sum(axis=1) - others[np.arange(len(labels)), level]
        return missed
    squares = (held.values[:, None] - held.values[None, :]) ** 2
    apart: Array = np.einsum("lk,lk->l", others, squares[level])
    return apart


def _p_values(n: Array, total: Array, squares: Array, epsilon: float) -> Array:
    """(..., S) one-sided p of the mean being at or over epsilon. Without any variation the mean decides."""
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = total / n
        variance = np.maximum(squares - n * mean**2, 0) / (n - 1)
        at = (mean - epsilon) / np.sqrt(variance / n)
        found = np.asarray(student.cdf(at, n - 1), dtype=float)
    return np.where(n < 2, 1.0, np.where(variance < 1e-12, np.where(mean < epsilon, 0.0, 1.0), found))


def _rejected(p: Array) -> Mask:
    """(B, S): by Benjamini and Yekutieli (2001), of p (B, S)."""
    people = p.shape[1]
    ranks = np.arange(1, people + 1)
    line = ranks / people * FALSE_DISCOVERIES / (1 / ranks).sum()
    order = np.argsort(p, axis=1, kind="stable")
    under = np.take_along_axis(p, order, axis=1) <= line
    last = np.where(under.any(axis=1), people - 1 - np.argmax(under[:, ::-1], axis=1), -1)
    rejected = np.zeros(p.shape, dtype=bool)
    np.put_along_axis(rejected, order, np.arange(people)[None, :] <= last[:, None], axis=1)
    return rejected


def _power(cluster: Places, seat: Places, centred: Array, people: int, epsilon: float, draws: int) -> float:
    clusters = int(cluster.max()) + 1
    sums = [csr_array((each, (cluster, seat)), shape=(clusters, people)) for each in (np.ones(len(seat)), centred, centred**2)]
    rows, times = distinct(csr_array(hstack(sums)))
    rng, by_column = generator(seed_of((people, rows.indices.tobytes(), rows.data.tobytes(), times.tobytes()))), rows.T.tocsr()
    at_once, passed = max(1, min(draws, AT_ONCE // max(by_column.shape))), 0.0
    for start in range(0, draws, at_once):
        weights = rng.multinomial(clusters, times / clusters, size=min(at_once, draws - start)).T.astype(float)
        n, total, squares = (by_column @ weights).T.reshape(-1, 3, people).swapaxes(0, 1)
        passed += float((_rejected(_p_values(n, total, squares, epsilon)).mean(axis=1) >= PASSES_AT).sum())
    return passed / draws
