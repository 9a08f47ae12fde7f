"""Intervals by clusters: for drafts of one trace or template, which are not independent of each other.

The ordinary interval takes every unit for a witness of its own. Here the witness is the cluster: in each of the 4,000
draws all units of a cluster share one weight, Gamma(1) for each cluster (Dirichlet(1, .., 1) over clusters: Rubin 1981,
The Bayesian Bootstrap, with clusters for observations). One further unit is added as everywhere (`smoothing`). (One
cluster of average size instead was tried: with few clusters it pulls the interval down until it misses to one side
only.) With every unit a cluster of its own this is the ordinary interval, so the two differ by the draws alone.

Clusters whose units have the same patterns are drawn together (k of them weigh Gamma(k)), so many small clusters cost
no more than their distinct histograms. The point does not change: only the interval does.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from touchstone.agreement.coefficient import PERCENT, Coefficient
from touchstone.agreement.figure import AgreementRule, Figure, undefined
from touchstone.agreement.formulas import Patterns, batch_of, coded, not_seen, smoothed, values_of
from touchstone.agreement.intervals import Array, ends_of, generator, seed_of, sizes_of_parts, sorted_draws
from touchstone.agreement.report import figures, judged_coefficient, labelling_seats, patterns_behind
from touchstone.data.counts import Counts
from touchstone.data.label import Pattern

FEW = 20  # clusters under which the interval by clusters is itself uncertain

Histogram = Mapping[Pattern, int]
ByCluster = Counter[tuple[tuple[int, int], ...]]  # clusters by their histogram: (place among the patterns, units) pairs


@dataclass(frozen=True)
class ClusterReport:
    """The judged figure and percent agreement with intervals by clusters. `largest` is the units of the largest of
    `clusters`; `judged` is None without a rule."""

    clusters: int
    units: int
    largest: int
    judged: Figure | None
    percent: Figure
    warnings: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        return {
            "clusters": self.clusters,
            "units": self.units,
            "largest": self.largest,
            "judged": self.judged.as_json() if self.judged else None,
            "percent": self.percent.as_json(),
            "warnings": list(self.warnings),
        }


def histograms_by_cluster(labels: Mapping[str, Pattern], cluster_of: Mapping[str, str]) -> list[Histogram]:
    """The histogram of each cluster's patterns; a unit that `cluster_of` does not name is a cluster of its own."""
    histograms: dict[tuple[bool, str], Counter[Pattern]] = {}
    for unit, pattern in labels.items():
        histograms.setdefault((unit in cluster_of, cluster_of.get(unit, unit)), Counter())[pattern] += 1
    return list(histograms.values())


def cluster_report(counts: Counts, histograms: Sequence[Histogram], rule: AgreementRule | None) -> ClusterReport:
    """The figures of one dimension by clusters. `histograms` split the patterns of `counts`, one a cluster.

    Undefined where the ordinary figure is, and with units of fewer than two clusters ("one cluster").
    """
    together: Counter[Pattern] = Counter()
    for histogram in histograms:
        together.update(histogram)
    whole = Counts(counts.dimension, counts.scale, counts.levels, counts.annotators, together, len(histograms))
    sizes = [sum(histogram.values()) for histogram in histograms]
    percent = _figure(whole, histograms, PERCENT)
    judged = _figure(whole, histograms, judged_coefficient(whole, rule)) if rule else None
    warnings = []
    if histograms and len(histograms) == whole.units:
        warnings.append("Every draft is a cluster of its own, so the interval by clusters is close to the ordinary one.")
    elif 1 < len(histograms) < FEW:
        warnings.append(
            f"There are {len(histograms)} clusters: with fewer than {FEW} the interval by clusters is itself "
            "uncertain, and more often too short than too long."
        )
    if percent.value == 1 and len(histograms) < whole.units:
        warnings.append(
            "All drafts with two labels agree, so clusters have nothing to vary: the interval says no more than "
            "the ordinary one, and is too short if drafts of a cluster are alike."
        )
    return ClusterReport(len(histograms), whole.units, max(sizes, default=0), judged, percent, tuple(warnings))


def _figure(whole: Counts, histograms: Sequence[Histogram], coefficient: Coefficient) -> Figure:
    patterns, seats = patterns_behind(whole, coefficient), labelling_seats(whole)
    if patterns is None:
        return undefined("no overlap" if len(seats) > 1 else "one annotator" if seats else "no data")
    ordinary = figures(patterns, [coefficient])[coefficient]
    if ordinary.value is None:
        return ordinary
    patterns = smoothed(patterns, coefficient)
    by_cluster = _by_cluster(patterns, histograms, seats)
    if by_cluster.total() < 2:
        return undefined("one cluster", ordinary.n)
    ends = ends_of(ordinary.value, draws_by_cluster(patterns, by_cluster, coefficient))
    return Figure(ordinary.value, *ends, ordinary.n, None)


def _by_cluster(patterns: Patterns, histograms: Sequence[Histogram], seats: Sequence[int]) -> ByCluster:
    """How many clusters have each histogram; units not in `patterns` are left out."""
    place = {tuple(codes): number for number, codes in enumerate(patterns.codes.tolist())}
    clusters: ByCluster = Counter()
    for histogram in histograms:
        units: Counter[int] = Counter()
        for pattern, n in histogram.items():
            if (codes := coded(pattern, seats)) in place:
                units[place[codes]] += n
        if units:
            clusters[tuple(sorted(units.items()))] += 1
    return clusters


def draws_by_cluster(patterns: Patterns, by_cluster: ByCluster, coefficient: Coefficient) -> Array:
    """4,000 draws of the coefficient of smoothed patterns, sorted, without those where it is undefined; see the module."""
    kinds = sorted(by_cluster)
    clusters = np.array([by_cluster[kind] for kind in kinds], dtype=float)
    held = np.zeros((len(kinds), len(patterns.codes)))
    for row, kind in enumerate(kinds):
        for place, n in kind:
            held[row, place] = n
    rng = generator(seed_of((patterns.seed, [(kind, by_cluster[kind]) for kind in kinds])))

    def parts() -> Iterator[Array]:
        for size in sizes_of_parts(max(held.shape)):
            weights = rng.standard_gamma(clusters, size=(size, len(kinds))) @ held
            weights += not_seen(patterns, size, rng)
            yield values_of(batch_of(patterns, weights), patterns, coefficient)

    return sorted_draws(parts())
