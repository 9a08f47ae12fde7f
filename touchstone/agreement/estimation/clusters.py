"""Intervals by clusters: for drafts of one trace or template, which are not independent of each other.

The ordinary interval takes every unit as independent. Here clusters are: the standard error comes from leaving out one cluster at
a time (`jackknife`). The upper end is theta + t se, the lower end the jackknife's own. (theta - t se lay over the true value too
often.)

The interval by clusters is never shorter than the ordinary one, and holds it. Where leaving out a cluster changes nothing (all
agree) the jackknife says 0: there the ordinary interval of G units in the same proportions is held too, as if each cluster told
one thing. `benchmarks/coverage_by_clusters.py` has what all this covers, and from how many clusters on.

Clusters with the same histogram are left out once and counted together, so many small clusters cost no more than their distinct
histograms. The point does not change: only the interval does.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import repeat
from typing import overload

import numpy as np

from touchstone.agreement.coefficient import Coefficient
from touchstone.agreement.estimation.estimates import patterns_behind
from touchstone.agreement.estimation.formulas import Patterns, batch_of, coded, quantiles_of, values_of
from touchstone.agreement.estimation.intervals import CELLS_AT_ONCE, ENDS, Array, holding
from touchstone.agreement.estimation.jackknife import SAME, lower_end, standard_error, student
from touchstone.agreement.figure import Figure, VerdictInterval, Withheld
from touchstone.data.counts import Counts, histogram_in_own_order
from touchstone.data.label import Level, Pattern
from touchstone.english import many

LEAST_CLUSTERS = 12  # of equal size: under so many there is no verdict (`benchmarks/coverage_by_clusters.py`)

Histogram = Mapping[Pattern, int]
ByCluster = Counter[tuple[tuple[int, int], ...]]  # clusters by their histogram: (place among the patterns, units) pairs


class AlikeClusters(Sequence[Histogram]):
    """The histograms of many clusters, each of the different ones held once, with how many clusters have it."""

    def __init__(self, times: Iterable[tuple[Histogram, int]]) -> None:
        self.times = tuple(times)
        self._many = sum(clusters for _, clusters in self.times)

    def __len__(self) -> int:
        return self._many

    def __iter__(self) -> Iterator[Histogram]:
        for histogram, clusters in self.times:
            yield from repeat(histogram, clusters)

    @overload
    def __getitem__(self, place: int) -> Histogram: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Histogram]: ...

    def __getitem__(self, place: int | slice) -> Histogram | Sequence[Histogram]:
        return list(self)[place]


def each_once(histograms: Iterable[Histogram]) -> Iterable[tuple[Histogram, int]]:
    """Histograms with how many clusters have each: those of `AlikeClusters` as they are held, others one by one."""
    return histograms.times if isinstance(histograms, AlikeClusters) else ((each, 1) for each in histograms)


def histograms_in_own_order(histograms: Iterable[Histogram], scale: str, levels: Sequence[Level]) -> Sequence[Histogram]:
    """Each as `histogram_in_own_order` has it."""
    return AlikeClusters((histogram_in_own_order(each, scale, levels), clusters) for each, clusters in each_once(histograms))


def histograms_by_cluster(labels: Mapping[str, Pattern], cluster_of: Mapping[str, str]) -> list[Histogram]:
    """The histogram of each cluster's patterns; a unit that `cluster_of` does not name is a cluster of its own."""
    histograms: dict[tuple[bool, str], Counter[Pattern]] = {}
    for unit, pattern in labels.items():
        histograms.setdefault((unit in cluster_of, cluster_of.get(unit, unit)), Counter())[pattern] += 1
    return list(histograms.values())


def effective_number(sizes: Iterable[float]) -> float:
    """How many clusters of equal size tell as much as clusters of these sizes: (sum n)^2 / sum n^2 (Kish 1965, Survey Sampling,
    ch. 11), their number where they are equal, nearly 1 where one holds nearly all. 0 without a unit.

    >>> effective_number([5, 5, 5]), round(effective_number([28, 1, 1]), 2)
    (3.0, 1.15)
    """
    units = [n for n in sizes if n]
    return sum(units) ** 2 / sum(n * n for n in units) if units else 0.0


def sizes_of(histograms: Iterable[Histogram]) -> list[int]:
    """The units of each cluster that have two labels or more: those that can show agreement."""
    sizes: list[int] = []
    for histogram, clusters in each_once(histograms):
        sizes += [sum(n for pattern, n in histogram.items() if len(pattern) - pattern.count(None) > 1)] * clusters
    return sizes


def too_few_clusters(histograms: Sequence[Histogram]) -> Withheld | None:
    """Why there is no verdict on so few clusters, or on such uneven ones; None where there is. What it takes at least are new
    clusters, each of the mean size."""
    sizes = [size for size in sizes_of(histograms) if size]
    effective, clusters = effective_number(sizes), len(sizes)
    if not sizes or round(effective) >= LEAST_CLUSTERS:
        return None
    mean, new = sum(sizes) / clusters, 1
    while round(effective_number([*sizes, *[mean] * new])) < LEAST_CLUSTERS:
        new += 1
    few = f"{many(clusters, 'cluster')} {'is' if clusters == 1 else 'are'} too few"
    if clusters >= LEAST_CLUSTERS:
        few = f"{many(clusters, 'cluster')} of uneven size tell no more than {round(effective)} of equal size"
    return Withheld(f"{few}, a verdict needs {LEAST_CLUSTERS}", round(new * mean))


def interval_by_clusters(
    counts: Counts, histograms: Sequence[Histogram], coefficient: Coefficient, ordinary: Figure
) -> VerdictInterval | None:
    """The interval of a figure of `counts` by clusters; `histograms` split the patterns of `counts`, one a cluster.

    None where the figure is undefined, where its units come from fewer than two clusters, and where it is undefined without one
    of them: it then rests on that cluster alone."""
    patterns = patterns_behind(counts, coefficient)
    if ordinary.value is None or patterns is None:
        return None
    by_cluster = _by_cluster(patterns, histograms)
    clusters = by_cluster.total()
    if clusters < 2:
        return None
    value, low, high = ordinary.ends
    error = _standard_error(patterns, by_cluster, coefficient)
    if np.isnan(error):
        return None
    if error < SAME:
        few_low, few_high = quantiles_of(patterns, [coefficient], ENDS, total=clusters)[coefficient]
        low, high = holding(low, few_low, high)[0], holding(high, low, few_high)[1]
    else:
        low, high = min(low, lower_end(value, error, clusters)), max(high, min(1.0, value + student(clusters) * error))
    return VerdictInterval("cluster", clusters, low, high)


def _by_cluster(patterns: Patterns, histograms: Sequence[Histogram]) -> ByCluster:
    """How many clusters have each histogram; units not in `patterns` are left out."""
    place = {tuple(codes): number for number, codes in enumerate(patterns.codes.tolist())}
    clusters: ByCluster = Counter()
    for histogram, alike in each_once(histograms):
        units: Counter[int] = Counter()
        for pattern, n in histogram.items():
            if (codes := coded(pattern, patterns.seats)) in place:
                units[place[codes]] += n
        if units:
            clusters[tuple(sorted(units.items()))] += alike
    return clusters


def _standard_error(patterns: Patterns, by_cluster: ByCluster, coefficient: Coefficient) -> float:
    """Of the coefficient, by leaving out one cluster at a time; nan where it is undefined without one of them."""
    kinds = sorted(by_cluster)
    at_once = max(1, CELLS_AT_ONCE // len(patterns.codes))
    left = np.concatenate(
        [_left(patterns, kinds[start : start + at_once], coefficient) for start in range(0, len(kinds), at_once)]
    )
    return standard_error(left, np.array([by_cluster[kind] for kind in kinds], dtype=float))


def _left(patterns: Patterns, kinds: Sequence[tuple[tuple[int, int], ...]], coefficient: Coefficient) -> Array:
    """(kinds,): the coefficient of what is left without a cluster of each kind."""
    weights = np.tile(patterns.counts, (len(kinds), 1))
    for row, kind in enumerate(kinds):
        for place, n in kind:
            weights[row, place] -= n
    return values_of(batch_of(patterns, weights, are_counts=True), patterns, coefficient)
