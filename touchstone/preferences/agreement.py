"""How far annotators agree on choices: that of labels on a nominal scale with the levels a, tie and b, pair by pair."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from touchstone.agreement.estimation.clusters import Histogram, histograms_by_cluster
from touchstone.agreement.label_table import DeclaredDimension
from touchstone.agreement.report import DimensionReport, dimension_report
from touchstone.data.counts import Counts, count_labels, labels_by_unit
from touchstone.data.label import LabelRow
from touchstone.preferences.choices import LEVELS

PREFERENCE = DeclaredDimension("preference", "nominal", LEVELS)


class AgreementOnChoices(NamedTuple):
    """`report`: its intervals by tasks where a task has several pairs; `counts` behind it; `by_task`: patterns of each task."""

    report: DimensionReport
    counts: Counts
    by_task: Sequence[Histogram]


def agreement_on_choices(rows: Sequence[LabelRow], names: Sequence[str], task_of: Mapping[str, str]) -> AgreementOnChoices:
    """`rows`: a choice each, its unit the pair, its value a, tie or b; no repeats. `task_of`: the task of each pair. With no
    choice, one annotator or one task the figures are undefined, each with its reason."""
    counts = count_labels(rows, PREFERENCE, tuple(names), task_of)
    by_task = histograms_by_cluster(labels_by_unit(rows, PREFERENCE, tuple(names)), task_of)
    report = dimension_report(counts, None, histograms=by_task if counts.clusters < counts.units else None)
    return AgreementOnChoices(report, counts, by_task)
