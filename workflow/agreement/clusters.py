"""Intervals by clusters for a report, on request: they need the labels themselves, not only the counts."""

from collections.abc import Mapping

import sqlalchemy as sa

from db.engine import reading
from db.store import labels as stored_labels
from db.store import reports as stored
from touchstone.agreement.clusters import ClusterReport, cluster_report, histograms_by_cluster
from touchstone.data.counts import count_labels, labels_by_unit
from touchstone.data.label import LabelRow
from touchstone.errors import Refused
from workflow.agreement.compared_annotators import DOUBLE
from workflow.agreement.reports import Report
from workflow.people.people import Person
from workflow.rounds.rounds import closed_round, fold


def by_clusters(person: Person, engine: sa.Engine, report: Report) -> dict[str, ClusterReport]:
    """The judged figure and percent of each dimension of a report with intervals by clusters.

    A draft's cluster is its task's; a label set's unit that is neither a draft nor a task here is a cluster of its own.
    Of pooled rounds a cluster met in two is one cluster.
    """
    if report.kind != DOUBLE:
        raise Refused(f"{report.name} is a {report.kind}: intervals by clusters are for rounds that several people label")
    with reading(engine) as connection:
        rows, clusters = _of_rounds(connection, report) if report.rounds else _of_set(connection, report)
    made = {}
    for key in report.dimensions:
        dimension = report.rubric.dimension(key)
        table = [LabelRow(unit, annotator, key, dimension.parse(value)) for unit, annotator, mine, value in rows if mine == key]
        histograms = histograms_by_cluster(labels_by_unit(table, dimension, report.annotators), clusters)
        made[key] = cluster_report(count_labels(table, dimension, report.annotators), histograms, report.rule(key))
    return made


def _of_rounds(connection: sa.Connection, report: Report) -> tuple[list[tuple[str, ...]], Mapping[str, str]]:
    found = [
        row for name in report.rounds for row in stored_labels.of_closed_round(connection, closed_round(connection, name).id)
    ]
    return (
        [(row.draft_id, row.annotator, row.dimension, row.value) for row in found],
        {row.draft_id: row.cluster for row in found},
    )


def _of_set(connection: sa.Connection, report: Report) -> tuple[list[tuple[str, ...]], Mapping[str, str]]:
    found = stored.labels_of_set(connection, stored.label_set(connection, fold(report.label_set)).id)
    return (
        [(row.unit, row.annotator, row.dimension, row.value) for row in found],
        stored.clusters_of_units(connection, sorted({row.unit for row in found})),
    )
