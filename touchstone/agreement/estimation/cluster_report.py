"""The judged figure and percent agreement with intervals by clusters, beside the ordinary report."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from touchstone.agreement.coefficient import PERCENT, Coefficient
from touchstone.agreement.estimation.clusters import (
    Histogram,
    each_once,
    effective_number,
    histograms_in_own_order,
    interval_by_clusters,
    sizes_of,
    too_few_clusters,
)
from touchstone.agreement.estimation.estimates import figures, judged_coefficient, labelling_seats, patterns_behind
from touchstone.agreement.figure import AgreementRule, Figure, undefined
from touchstone.data.counts import Counts, in_own_order
from touchstone.data.label import Pattern


@dataclass(frozen=True)
class ClusterReport:
    """The judged figure and percent agreement with intervals by clusters. `largest` is the units of the largest of
    `clusters`; `effective` is how many of equal size they are worth (`clusters.effective_number`); `judged` is None without a
    rule."""

    clusters: int
    units: int
    largest: int
    effective: float
    judged: Figure | None
    percent: Figure
    warnings: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        return {
            "clusters": self.clusters,
            "units": self.units,
            "largest": self.largest,
            "effective": self.effective,
            "judged": self.judged.as_json() if self.judged else None,
            "percent": self.percent.as_json(),
            "warnings": list(self.warnings),
        }


def cluster_report(counts: Counts, histograms: Sequence[Histogram], rule: AgreementRule | None) -> ClusterReport:
    """The figures of one dimension by clusters. `histograms` split the patterns of `counts`, one a cluster.

    Undefined where the ordinary figure is, with units of fewer than two clusters ("one cluster"), and where the figure is
    undefined without one of them ("rests on one cluster").
    """
    histograms = histograms_in_own_order(histograms, counts.scale, counts.levels)
    counts = in_own_order(counts)
    together: Counter[Pattern] = Counter()
    sizes: list[int] = []
    for histogram, clusters in each_once(histograms):
        together.update({pattern: units * clusters for pattern, units in histogram.items()})
        sizes += [sum(histogram.values())] * clusters
    whole = replace(counts, patterns=together, clusters=len(histograms), skipped=0)
    percent = _figure(whole, histograms, PERCENT)
    judged = _figure(whole, histograms, judged_coefficient(whole, rule)) if rule else None
    warnings = []
    if histograms and len(histograms) == whole.units:
        warnings.append("Every draft is a cluster of its own: the interval by clusters is close to the ordinary one.")
    elif len(histograms) > 1 and (few := too_few_clusters(histograms)):
        warnings.append(f"The interval by clusters is itself uncertain, so nothing is decided: {few.why}.")
    if percent.value == 1 and len(histograms) < whole.units:
        warnings.append("All drafts with two labels agree: the interval takes each cluster as one draft.")
    effective = effective_number(sizes_of(histograms))
    return ClusterReport(len(histograms), whole.units, max(sizes, default=0), effective, judged, percent, tuple(warnings))


def _figure(whole: Counts, histograms: Sequence[Histogram], coefficient: Coefficient) -> Figure:
    patterns, seats = patterns_behind(whole, coefficient), labelling_seats(whole)
    if patterns is None:
        return undefined("no overlap" if len(seats) > 1 else "one annotator" if seats else "no data")
    ordinary = figures(patterns, [coefficient])[coefficient]
    if ordinary.value is None:
        return ordinary
    found = interval_by_clusters(whole, histograms, coefficient, ordinary)
    if found is None:
        return undefined("one cluster" if len(histograms) < 2 else "rests on one cluster", ordinary.n)
    return Figure(ordinary.value, found.low, found.high, ordinary.n, None)
