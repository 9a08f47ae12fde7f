"""A figure about a population from few labels of people and many of a judge: PPI++ (Angelopoulos, Duchi and Zrnic 2023, arXiv
2311.01453), of a mean.

    lambda mean_U f + mean_L (Y - lambda f)        lambda = Cov_L(Y, f) / ((1 + n / N) Var f), within 0 and 1

L: the n units with a label of people, Y their mean value there; U: the N units of the judge alone; f: the judge's value. Var f is
over both. The judge alone is wrong by as much as it is wrong about people, however many units it has: its mean is never given
without this one. lambda at 0 is people alone.

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
