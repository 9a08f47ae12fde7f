"""Intervals by clusters: for drafts of one trace or template, which are not independent of each other.

The ordinary interval takes every unit for a witness of its own. Here the witness is the cluster: in each of the 4,000
draws all units of a cluster share one weight, Gamma(1) for each cluster (Dirichlet(1, .., 1) over clusters: Rubin 1981,
The Bayesian Bootstrap, with clusters for observations). Two annotators' tables are smoothed as everywhere, by
Gamma(1/q^2) in each cell: one unit, spread evenly. (One cluster of average size instead was tried: with few clusters it
pulls the interval down until it misses to one side only.) With every unit a cluster of its own this is the ordinary
Dirichlet(count + 1/q^2), so the two intervals differ by the draws alone.

Clusters whose units have the same patterns are drawn together (k of them weigh Gamma(k)), so many small clusters cost
no more than their distinct histograms. The point does not change: only the interval does.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from touchstone.agreement.coefficients import CELLS_AT_ONCE, DRAWS, ENDS, Array, Patterns, batch_of, coefficient, quantiles
from touchstone.agreement.report import Figure, Rule, everyone_agrees, figures, judged_name, patterns_behind, undefined
from touchstone.data.counts import Counts
from touchstone.data.label import Pattern

FEW = 20  # clusters under which the interval by clusters is itself uncertain

Histogram = Mapping[Pattern, int]


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
            "judged": self.judged and self.judged.as_json(),
            "percent": self.percent.as_json(),
            "warnings": list(self.warnings),
        }


def histograms_by_cluster(labels: Mapping[str, Pattern], cluster_of: Mapping[str, str]) -> list[Histogram]:
    """The histogram of each cluster's patterns; a unit that `cluster_of` does not name is a cluster of its own."""
    found: dict[tuple[bool, str], Counter[Pattern]] = {}
    for unit, pattern in labels.items():
        found.setdefault((unit in cluster_of, cluster_of.get(unit, unit)), Counter())[pattern] += 1
    return list(found.values())


def cluster_report(counts: Counts, histograms: Sequence[Histogram], agreement: Rule | None) -> ClusterReport:
    """The figures of one dimension by clusters. `histograms` split the patterns of `counts`, one a cluster.

    Undefined where the ordinary figure is, and with units of fewer than two clusters ("one cluster").
    """
    together: Counter[Pattern] = Counter()
    for histogram in histograms:
        together.update(histogram)
    whole = Counts(counts.dimension, counts.scale, counts.levels, counts.annotators, together, len(histograms))
    sizes = [sum(each.values()) for each in histograms]
    percent = _figure(whole, histograms, "percent")
    judged = _figure(whole, histograms, judged_name(whole, agreement)) if agreement else None
    warnings = []
    if histograms and len(histograms) == whole.units:
        warnings.append("Every draft is a cluster of its own, so the interval by clusters is about the ordinary one.")
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


def _figure(whole: Counts, histograms: Sequence[Histogram], name: str) -> Figure:
    patterns = patterns_behind(whole, name)
    if patterns is None:
        labelled = {place for pattern in whole.patterns for place, code in enumerate(pattern) if code is not None}
        return undefined("no overlap" if len(labelled) > 1 else "one annotator" if labelled else "no data")
    ordinary = figures(patterns, [name])[name]
    if ordinary.value is None:
        return ordinary
    seats = [place for place in range(len(whole.annotators)) if any(p[place] is not None for p in whole.patterns)]
    by_cluster = _by_cluster(patterns, histograms, seats)
    if sum(by_cluster.values()) < 2:
        return undefined("one cluster", ordinary.n)
    if everyone_agrees(patterns) and not patterns.prior.any():
        return Figure(ordinary.value, ordinary.value, ordinary.value, ordinary.n, None)
    drawn = draws_by_cluster(patterns, by_cluster, name)
    low, high = (float(end) for end in quantiles(drawn, ENDS)) if len(drawn) else (ordinary.value, ordinary.value)
    return Figure(ordinary.value, min(low, ordinary.value), max(high, ordinary.value), ordinary.n, None)


def _by_cluster(
    patterns: Patterns, histograms: Sequence[Histogram], seats: Sequence[int]
) -> Counter[tuple[tuple[int, int], ...]]:
    """How many clusters have each histogram: (place among `patterns`, units) pairs; units not in `patterns` left out."""
    place = {tuple(code): number for number, code in enumerate(patterns.codes.tolist())}
    found: Counter[tuple[tuple[int, int], ...]] = Counter()
    for histogram in histograms:
        units: Counter[int] = Counter()
        for pattern, n in histogram.items():
            coded = tuple(-1 if pattern[seat] is None else pattern[seat] for seat in seats)
            if coded in place:
                units[place[coded]] += n
        if units:
            found[tuple(sorted(units.items()))] += 1
    return found


def draws_by_cluster(patterns: Patterns, by_cluster: Mapping[tuple[tuple[int, int], ...], int], name: str) -> Array:
    """4,000 draws of the named coefficient, sorted, without those where it is undefined; see the module."""
    kinds = sorted(by_cluster)
    clusters = np.array([by_cluster[kind] for kind in kinds], dtype=float)
    held = np.zeros((len(kinds), len(patterns.codes)))
    for row, kind in enumerate(kinds):
        for place, n in kind:
            held[row, place] = n
    digest = hashlib.sha256(repr((patterns.seed, [(kind, by_cluster[kind]) for kind in kinds])).encode()).digest()
    rng = np.random.default_rng(int.from_bytes(digest[:8], "little"))
    at_once = max(1, min(DRAWS, CELLS_AT_ONCE // max(held.shape)))
    parts = []
    for start in range(0, DRAWS, at_once):
        size = min(at_once, DRAWS - start)
        weights = rng.standard_gamma(clusters, size=(size, len(kinds))) @ held
        weights += rng.standard_gamma(patterns.prior, size=(size, len(patterns.prior)))
        parts.append(coefficient(batch_of(patterns, weights), patterns, name))
    values = np.sort(np.concatenate(parts))
    return values[: np.searchsorted(values, np.nan)]
