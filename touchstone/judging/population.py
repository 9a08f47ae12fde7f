"""A figure about a population from few labels of people and many of a judge: PPI++ (Angelopoulos, Duchi and Zrnic 2023, arXiv
2311.01453), of a mean.

    lambda mean_U f + mean_L (Y - lambda f)        lambda = Cov_L(Y, f) / ((1 + n / N) Var f), within 0 and 1

L: the n units with a label of people, Y their mean value there; U: the N units of the judge alone; f: the judge's value. Var f is
over both. The judge alone is wrong by as much as it is wrong about people, however many units it has: its mean is never given
without this one. lambda at 0 is people alone.

Beside it, of a share, Rogan and Gladen's estimate (1978, Am. J. Epidemiol. 107, 71-76): what the judge passes of U, corrected by
how often it passes what passes (sensitivity) and fails what fails (specificity) where people have a label:

    p = (m_U + sp - 1) / (se + sp - 1)        Var p = (Var m_U + p^2 Var se + (1 - p)^2 Var sp) / (se + sp - 1)^2

It needs se and sp to be the same on U as on L; PPI++ needs L to be drawn as U is, and stays the one that is read.

The variance is that of the two independent means, by clusters (a cluster with units in both counts with both), so that units of
one task are not taken as independent; the interval is the normal one at 95 %.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from touchstone.agreement.estimation.intervals import Array
from touchstone.agreement.figure import Figure, undefined
from touchstone.english import many

Z = 1.959963984540054  # 97.5 % of the normal distribution
LEAST_CLUSTERS = 12


class PopulationMean(NamedTuple):
    """`both`: by PPI++; `people`: their mean alone, with its interval; `judge`: the judge's mean over all its units, a point
    without an interval. `labelled` units n, `judged` units N; `part`: lambda; `worth`: how many times as many labels of people
    alone would be as sure. None where undefined."""

    both: Figure
    people: Figure
    judge: float | None
    part: float | None
    labelled: int
    judged: int
    worth: float | None

    def as_json(self) -> dict[str, object]:
        figures = {"ppi": self.both.as_json(), "people_only": self.people.as_json(), "judge_only": self.judge}
        return {**figures, "lambda": self.part, "labelled": self.labelled, "judged": self.judged, "worth": self.worth}


def population_mean(
    people: Array, judge: Array, judge_alone: Array, cluster: NDArray[np.int64], cluster_alone: NDArray[np.int64]
) -> PopulationMean:
    """Of values (n,) of people, (n,) and (N,) of the judge, and the clusters of both. Undefined, with a reason, with fewer than
    twelve clusters of units with labels of people; without units of the judge alone PPI++ is not asked for."""
    n, alone = len(people), len(judge_alone)
    clusters = len(np.unique(cluster))
    if clusters < LEAST_CLUSTERS:
        few = undefined(f"{many(clusters, 'cluster')} with labels of people, {LEAST_CLUSTERS} are needed", n)
        return PopulationMean(few, few, None, None, n, alone, None)
    by_people = _figure(people.mean(), _variance([(people, cluster)]), n)
    if not alone:
        none = undefined("every unit of the judge has a label of people", n)
        return PopulationMean(none, by_people, None, None, n, alone, None)
    spread = np.concatenate([judge, judge_alone]).var(ddof=1)
    part = float(np.clip(np.cov(people, judge)[0, 1] / ((1 + n / alone) * spread), 0, 1)) if spread > 0 else 0.0
    point = part * judge_alone.mean() + (people - part * judge).mean()
    variance = _variance([(people - part * judge, cluster), (part * judge_alone, cluster_alone)])
    both = _figure(point, variance, n)
    own = _variance([(people, cluster)])
    over_all = float(np.concatenate([judge, judge_alone]).mean())
    return PopulationMean(both, by_people, over_all, part, n, alone, own / variance if variance > 0 else None)


class CorrectedShare(NamedTuple):
    """Rogan and Gladen's share that passes of the judge's own `judged` units, from `sensitivity` and `specificity` on `labelled`
    ones; its interval within 0 and 1. None where undefined."""

    share: Figure
    sensitivity: float | None
    specificity: float | None
    labelled: int
    judged: int

    def as_json(self) -> dict[str, object]:
        return {**self._asdict(), "share": self.share.as_json()}


def rogan_gladen(
    people: NDArray[np.bool_],
    judge: NDArray[np.bool_],
    judge_alone: NDArray[np.bool_],
    cluster: NDArray[np.int64],
    cluster_alone: NDArray[np.int64],
) -> CorrectedShare:
    """Of whether units pass: (n,) by people and by the judge, (N,) by the judge alone, with the clusters of both. Undefined, with
    a reason, with fewer than twelve clusters on either side, and where the judge passes no more of what passes than of what
    fails."""
    n, alone = len(people), len(judge_alone)

    def none(why: str, se: float | None = None, sp: float | None = None) -> CorrectedShare:
        return CorrectedShare(undefined(why, n), se, sp, n, alone)

    sides = [len(np.unique(cluster[people])), len(np.unique(cluster[~people]))]
    if min(sides) < LEAST_CLUSTERS or not alone:
        told = f"{many(sides[0], 'cluster')} that people pass and {sides[1]:,} that they fail"
        return none(f"{told}, {LEAST_CLUSTERS} of each are needed" if alone else "every unit of the judge has a label of people")
    se, sp, m = float(judge[people].mean()), float((~judge[~people]).mean()), float(judge_alone.mean())
    over = se + sp - 1
    if over <= 0:
        return none("the judge passes no more of what passes than of what fails", se, sp)
    point = (m + sp - 1) / over
    variance = _variance(
        [
            (judge_alone.astype(float), cluster_alone),
            (np.multiply(-point, judge[people], dtype=float), cluster[people]),
            (np.multiply(1 - point, ~judge[~people], dtype=float), cluster[~people]),
        ]
    )
    half = Z * float(np.sqrt(variance)) / over
    value, low, high = (float(np.clip(each, 0, 1)) for each in (point, point - half, point + half))
    return CorrectedShare(Figure(value, low, high, n, None), se, sp, n, alone)


def _variance(means: list[tuple[Array, NDArray[np.int64]]]) -> float:
    """Of a sum of means, each of values with their clusters: sum over clusters of (sum of the residuals over n)^2."""
    influence = np.zeros(int(max(cluster.max() for _, cluster in means)) + 1)
    for values, cluster in means:
        influence += np.bincount(cluster, weights=(values - values.mean()) / len(values), minlength=len(influence))
    there = len(np.unique(np.concatenate([cluster for _, cluster in means])))
    return float((influence**2).sum() * there / (there - 1))


def _figure(point: float, variance: float, n: int) -> Figure:
    half = Z * float(np.sqrt(variance))
    return Figure(float(point), float(point) - half, float(point) + half, n, None)
