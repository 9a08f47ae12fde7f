"""Intervals by clusters for a report, on request: they need the labels themselves, or what a large round kept of its clusters."""

import sqlalchemy as sa

from db.engine import reading
from touchstone.agreement.estimation.cluster_report import ClusterReport, cluster_report
from touchstone.agreement.estimation.clusters import histograms_by_cluster
from touchstone.errors import Refused
from workflow.agreement.counts_behind import set_named
from workflow.agreement.label_rows import LabelTable, pooled, table_of_round, table_of_set
from workflow.agreement.report import Report
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.rounds.kinds import DOUBLE
from workflow.rounds.rounds import closed_round, row_of
from workflow.rubric import rubrics
from workflow.subgroups.counted import CountedSlices
from workflow.subgroups.large import ALL, slices_by
from workflow.subgroups.size import is_large


@verb
def by_clusters(person: Person, engine: sa.Engine, report: Report) -> dict[str, ClusterReport]:
    """The judged figure and percent of each dimension of a report with intervals by clusters.

    A draft's cluster is its task's; a label set's unit that is neither a draft nor a task here is a cluster of its own.
    Of pooled rounds a cluster met in two is one cluster.
    """
    if report.kind != DOUBLE:
        raise Refused(f"{report.name} is a {report.kind}: intervals by clusters are for rounds that several people label")
    with reading(engine, person) as connection:
        if cut := _counted(connection, report):
            (every,) = cut.slices
            return {key: cluster_report(cut.counts(key), cut.clusters(key, every), report.rule(key)) for key in report.dimensions}
        table = _labels_behind(connection, report)
    return {
        key: cluster_report(table.counts(key), histograms_by_cluster(table.by_unit(key), table.cluster_of), report.rule(key))
        for key in report.dimensions
    }


def _counted(connection: sa.Connection, report: Report) -> CountedSlices | None:
    """All drafts of a large round in one slice, as its clusters are kept; None of what is not one large round with a label."""
    if report.label_set is not None or len(report.rounds) > 1:
        return None
    found = closed_round(connection, report.rounds[0])
    if not is_large(found.told):
        return None
    cut = slices_by(connection, found, rubrics.of_round(connection, found.id), ALL)
    return cut if cut.slices else None


def _labels_behind(connection: sa.Connection, report: Report) -> LabelTable:
    if report.label_set is not None:
        return table_of_set(connection, set_named(connection, report.label_set))
    return pooled([table_of_round(connection, row_of(connection, name)) for name in report.rounds])
