"""The labels of a closed round or a label set as the one long table: fetched here, for whatever is counted from them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import sqlalchemy as sa

from db.store import assignments as stored_assignments
from db.store import closed_rounds as stored_closed_rounds
from db.store import label_sets as stored_label_sets
from db.store import repeats as stored_repeats
from db.store import rounds as stored_rounds
from db.store import tasks as stored_tasks
from touchstone.data.counts import Counts, count_labels, labels_by_unit
from touchstone.data.label import LabelRow, Pattern
from touchstone.rubric.model import Rubric
from workflow.rounds.kinds import DOUBLE, RETEST, compared_names
from workflow.rubric import rubrics
from workflow.rubric.levels import declared, level_of


@dataclass(frozen=True)
class LabelTable:
    """Labels of a closed round, of several, or of a label set. `annotators`: the names their labels are compared under, in the
    order patterns are counted in. `rows` of a round are sorted by unit, of a set as they came. `cluster_of`, `task_of`: by
    unit, where known. `skipped`: drafts handed in without labels; `missing`: drafts never handed in."""

    rubric: Rubric
    annotators: tuple[str, ...]
    rows: Sequence[LabelRow]
    cluster_of: Mapping[str, str]
    task_of: Mapping[str, str]
    skipped: int = 0
    missing: int = 0

    def of(self, key: str) -> list[LabelRow]:
        """The rows of one dimension."""
        return [row for row in self.rows if row.dimension == key]

    def by_unit(self, key: str) -> dict[str, Pattern]:
        """The pattern of each unit with a label of the dimension. Raises ValueError as `labels_by_unit` does."""
        return labels_by_unit(self.rows, declared(self.rubric, key), self.annotators)

    def counts(self, key: str) -> Counts:
        """The counts of one dimension. Raises ValueError as `count_labels` does."""
        dimension = declared(self.rubric, key)
        return count_labels(self.rows, dimension, self.annotators, self.cluster_of, self.skipped, dimension.agreement.by)


class GivenLabel(NamedTuple):
    """One label as the report of its round counts it: `annotator` the name it is compared under, `value` as stored."""

    draft_id: str
    task_id: str
    annotator: str
    dimension: str
    value: str
    note: str


def table_of_round(connection: sa.Connection, row: sa.Row) -> LabelTable:
    """The labels that count in a closed round. Raises NotYourTurn for an open one, ValueError for a label no level has."""
    given: Iterable[Sequence[str]]
    if row.kind == DOUBLE:
        given = stored_closed_rounds.values_of_closed_round(connection, row.id)
    else:
        given = [(each.draft_id, each.annotator, each.dimension, each.value) for each in labels_with_notes(connection, row)]
    rubric = rubrics.rubric_of(connection, row.rubric_version)
    names = compared_names(row.kind, [each.name for each in stored_rounds.annotators_of(connection, row.id)])
    rows = sorted(label_rows(rubric, given), key=lambda row: row.unit)  # the same order whatever the database
    clusters: dict[str, str] = {}
    tasks: dict[str, str] = {}
    same: dict[str, str] = {}
    for draft, task, cluster in stored_assignments.tasks_of_drafts(connection, row.id):
        draft = same.setdefault(draft, draft)
        tasks[draft], clusters[draft] = same.setdefault(task, task), same.setdefault(cluster, cluster)
    states = stored_assignments.states_in_round(connection, row.id)
    return LabelTable(rubric, names, rows, clusters, tasks, states.get("skipped", 0), states.get("waiting", 0))


def table_of_set(connection: sa.Connection, row: sa.Row) -> LabelTable:
    """The labels of a label set; a unit that is neither a draft nor a task here is of no cluster."""
    rubric = rubrics.rubric_of(connection, row.rubric_version)
    rows = label_rows(rubric, stored_label_sets.labels_of_set(connection, row.id))
    clusters = stored_tasks.clusters_of_units(connection, sorted({each.unit for each in rows}))
    return LabelTable(rubric, tuple(row.annotators), rows, clusters, row.tasks or {})


def pooled(tables: Sequence[LabelTable]) -> LabelTable:
    """The labels of several rounds under one rubric version, on different drafts."""
    clusters: dict[str, str] = {}
    tasks: dict[str, str] = {}
    for table in tables:
        clusters |= table.cluster_of
        tasks |= table.task_of
    return replace(
        tables[0],
        annotators=tuple(dict.fromkeys(name for table in tables for name in table.annotators)),
        rows=[row for table in tables for row in table.rows],
        cluster_of=clusters,
        task_of=tasks,
        skipped=sum(table.skipped for table in tables),
        missing=sum(table.missing for table in tables),
    )


def label_rows(rubric: Rubric, given: Iterable[Sequence[str]]) -> list[LabelRow]:
    """Labels as the store has them (unit, annotator, dimension, value), each value as its level."""
    levels: dict[tuple[str, str], int | str] = {}
    same: dict[str, str] = {}  # one text for all rows that have it: a million would each hold their own
    rows = []
    for unit, annotator, key, text in given:
        if (key, text) not in levels:
            levels[key, text] = level_of(declared(rubric, key), text)
        unit, annotator, key = (same.setdefault(each, each) for each in (unit, annotator, key))
        rows.append(LabelRow(unit, annotator, key, levels[key, text]))
    return rows


def labels_with_notes(
    connection: sa.Connection,
    row: sa.Row,
    dimension: str | None = None,
    *,
    differing: bool = False,
    ids: Sequence[int] | None = None,
) -> list[GivenLabel]:
    """The labels of a closed round (on one dimension; of a round of kind double, of drafts of these ids) with what was noted
    beside each. `differing`: of a round of kind double
    only the labels of drafts that differ on a dimension. Raises NotYourTurn for an open round."""
    own = stored_closed_rounds.of_closed_round(
        connection, row.id, dimension=dimension, differing=differing and row.kind == DOUBLE, ids=ids
    )
    if row.kind == DOUBLE:
        return [_given(each, each.annotator) for each in own]
    annotators = stored_rounds.annotators_of(connection, row.id)
    names = compared_names(row.kind, [each.name for each in annotators])
    tasks = {cell.draft_id: cell.task_id for cell in stored_assignments.cells_of_round(connection, row.id)}
    if row.kind == RETEST:
        keys = set(stored_rounds.dimensions_of(connection, row.id))
        before = stored_closed_rounds.of_closed_round(connection, row.of_round, dimension=dimension, person=annotators[0].id)
        first = [_given(each, names[0]) for each in before if each.draft_id in tasks and each.dimension in keys]
        return first + [_given(each, names[1]) for each in own]
    gold = [
        GivenLabel(each.draft_id, tasks[each.draft_id], names[0], each.dimension, each.value, each.reason or "")
        for each in stored_repeats.key_of(connection, row.id)
        if dimension in (None, each.dimension)
    ]
    return gold + [_given(each, each.annotator) for each in own]


def _given(row: sa.Row, annotator: str) -> GivenLabel:
    return GivenLabel(row.draft_id, row.task_id, annotator, row.dimension, row.value, row.note or "")
