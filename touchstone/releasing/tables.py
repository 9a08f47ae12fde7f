"""The tables of a release: what a row is, what its columns are.

Each table is one class, whose fields are the columns in their order. A row belongs to the partition of its task; in Parquet each
partition is a file of its own, in CSV and JSON lines all are one file. Columns are flat, since readers of other people's files
trip over lists within cells.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from touchstone.data.gold import ADJUDICATED, AGREED, CAUSES, CONTESTED, DISAGREEMENT, MISSING, SINGLE, SKIPPED
from touchstone.preferences.choices import LEVELS, SIDES, A, B

MAJORITY = "majority"
SOURCES = (AGREED, MAJORITY, ADJUDICATED, SINGLE)
OUTDATED, FLAGGED = "outdated", "flagged"
BECAUSE = (DISAGREEMENT, CONTESTED, SKIPPED, MISSING, SINGLE, OUTDATED, FLAGGED)
CURRENT, SUPERSEDED = "current", "superseded"
ADDED, REMOVED, CHANGED = "added", "removed", "changed"
TEXT, INTEGER, BOOLEAN, LEVEL = "text", "integer", "true or false", "level"
Level = int | str


class TaskRow(NamedTuple):
    """What was to be answered."""

    task_id: str
    partition: str | None
    cluster: str
    source_mode: str | None
    difficulty: str | None
    target_dimension: str | None
    input: str


class DraftRow(NamedTuple):
    """A text that was labelled."""

    draft_id: str
    task_id: str
    partition: str | None
    round: str
    author: str | None
    labels_owed: int
    skips: int
    text: str
    fields: str


class ReleasedLabel(NamedTuple):
    """A label as an annotator gave it, before adjudication."""

    label_id: int
    draft_id: str
    task_id: str
    partition: str | None
    round: str
    annotator: str
    dimension: str
    value: Level
    state: str
    labelled_at: str
    supersedes: int | None
    note: str | None


class DecisionRow(NamedTuple):
    """An adjudication in force on a cell."""

    adjudication_id: int
    draft_id: str
    task_id: str
    partition: str | None
    round: str
    dimension: str
    value: Level
    reason: str
    cause: str
    adjudicator: str
    also_labelled: bool
    decided_at: str


class CheckRow(NamedTuple):
    """A cell that was labelled once more in a spot check, by somebody who did not see its labels."""

    spot_check: int
    draft_id: str
    task_id: str
    partition: str | None
    round: str
    dimension: str
    agreed: Level
    value: Level
    checker: str
    checked_at: str


class GoldRow(NamedTuple):
    """A settled cell."""

    draft_id: str
    task_id: str
    partition: str | None
    round: str
    dimension: str
    value: Level
    source: str
    flagged: bool
    labels: int
    label_ids: str
    adjudication_id: int | None


class LeftOutRow(NamedTuple):
    """A cell that is not in the gold, and why."""

    draft_id: str
    task_id: str
    partition: str | None
    round: str
    dimension: str
    because: str


class ChangeRow(NamedTuple):
    """A cell whose gold is not what the release before had."""

    draft_id: str
    task_id: str | None
    partition: str | None
    dimension: str
    change: str
    before: Level | None
    after: Level | None


class PreferenceRow(NamedTuple):
    """A choice between two drafts of a task on one dimension, as an annotator made it in a comparison round."""

    choice_id: int
    comparison: str
    dimension: str
    pair: int
    task_id: str
    partition: str | None
    draft_a: str
    draft_b: str
    author_a: str | None
    author_b: str | None
    text_a: str
    text_b: str
    annotator: str
    shown_left: str
    taken: str
    preferred: str
    repeat: bool
    note: str | None
    chosen_at: str


Row = TaskRow | DraftRow | ReleasedLabel | DecisionRow | CheckRow | GoldRow | LeftOutRow | ChangeRow | PreferenceRow
Cells = tuple[str | int | bool | None, ...]


class ReleaseColumn(NamedTuple):
    """`kind`: TEXT, INTEGER, BOOLEAN, or LEVEL (an integer where all levels of the rubric are whole numbers, else a text).
    `optional`: the cell may be empty. `one_of`: the words it takes."""

    name: str
    kind: str
    about: str
    optional: bool = False
    one_of: tuple[str, ...] = ()


class Shape(NamedTuple):
    """A table: its name, what a row is, its columns, those that name a row, and the columns that name a row of another table."""

    name: str
    a_row: str
    columns: tuple[ReleaseColumn, ...]
    key: tuple[str, ...]
    refers: Mapping[str, str]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(each.name for each in self.columns)

    @property
    def partition(self) -> int:
        """The place of the column that says which partition a row is of."""
        return self.names.index("partition")


_DRAFT = ReleaseColumn("draft_id", TEXT, "the draft")
_TASK = ReleaseColumn("task_id", TEXT, "its task")
_PARTITION = ReleaseColumn("partition", TEXT, "the partition of the task; empty where it has none", optional=True)
_ROUND = ReleaseColumn("round", TEXT, "the round it was labelled in")
_DIMENSION = ReleaseColumn("dimension", TEXT, "the dimension of the rubric")
_OF_CELL = (_DRAFT, _TASK, _PARTITION, _ROUND)
_REFERS = {"draft_id": "drafts", "task_id": "tasks"}


def _text(name: str, about: str, one_of: Sequence[str] = ()) -> ReleaseColumn:
    return ReleaseColumn(name, TEXT, about, one_of=tuple(one_of))


def _maybe(name: str, about: str, kind: str = TEXT) -> ReleaseColumn:
    return ReleaseColumn(name, kind, about, optional=True)


SHAPES: Mapping[str, Shape] = {
    each.name: each
    for each in (
        Shape(
            "gold",
            "a settled cell: the level of one draft on one dimension",
            (
                *_OF_CELL,
                _DIMENSION,
                ReleaseColumn("value", LEVEL, "the settled level, as the rubric declares it"),
                _text("source", "how it was settled", SOURCES),
                ReleaseColumn("flagged", BOOLEAN, "whether agreement on the dimension is below its threshold"),
                ReleaseColumn("labels", INTEGER, "how many current labels the cell has"),
                _text("label_ids", "these labels, separated by spaces"),
                _maybe("adjudication_id", "the decision; empty where nobody decided", INTEGER),
            ),
            ("draft_id", "dimension"),
            _REFERS,
        ),
        Shape(
            "labels",
            "a label as an annotator gave it, before adjudication",
            (
                ReleaseColumn("label_id", INTEGER, "the label"),
                *_OF_CELL,
                _text("annotator", "who gave it"),
                _DIMENSION,
                ReleaseColumn("value", LEVEL, "the level"),
                _text("state", "current, or superseded by a later label", (CURRENT, SUPERSEDED)),
                _text("labelled_at", "when (UTC)"),
                _maybe("supersedes", "the label it took the place of", INTEGER),
                _maybe("note", "what the annotator noted on the draft"),
            ),
            ("label_id",),
            _REFERS,
        ),
        Shape(
            "adjudications",
            "a decision in force on a cell",
            (
                ReleaseColumn("adjudication_id", INTEGER, "the decision"),
                *_OF_CELL,
                _DIMENSION,
                ReleaseColumn("value", LEVEL, "the level decided on"),
                _text("reason", "why, in the words of who decided"),
                _text("cause", "why the labels differed", CAUSES),
                _text("adjudicator", "who decided"),
                ReleaseColumn("also_labelled", BOOLEAN, "whether they had labelled the cell"),
                _text("decided_at", "when (UTC)"),
            ),
            ("adjudication_id",),
            _REFERS,
        ),
        Shape(
            "spot_checked",
            "a cell that was labelled once more in a spot check",
            (
                ReleaseColumn("spot_check", INTEGER, "the spot check"),
                *_OF_CELL,
                _DIMENSION,
                ReleaseColumn("agreed", LEVEL, "the level that its labels agreed on"),
                ReleaseColumn("value", LEVEL, "the level given in the check, without seeing that"),
                _text("checker", "who checked"),
                _text("checked_at", "when (UTC)"),
            ),
            ("spot_check", "draft_id", "dimension"),
            _REFERS,
        ),
        Shape(
            "left_out",
            "a cell that is not in the gold",
            (*_OF_CELL, _DIMENSION, _text("because", "why it is left out", BECAUSE)),
            ("draft_id", "dimension"),
            _REFERS,
        ),
        Shape(
            "drafts",
            "a draft that was labelled",
            (
                *_OF_CELL,
                _maybe("author", "who or what wrote it"),
                ReleaseColumn("labels_owed", INTEGER, "how many annotators were to label it"),
                ReleaseColumn("skips", INTEGER, "how many of them skipped it"),
                _text("text", "the draft, as imported"),
                _text("fields", "further fields of the draft and its task, as a JSON object"),
            ),
            ("draft_id",),
            {"task_id": "tasks"},
        ),
        Shape(
            "tasks",
            "a task",
            (
                _TASK._replace(about="the task"),
                _PARTITION,
                _text("cluster", "tasks of one cluster are not independent"),
                _maybe("source_mode", "how it was made"),
                _maybe("difficulty", "how hard it is meant to be"),
                _maybe("target_dimension", "the dimension it was written to test"),
                _text("input", "what annotators were shown of it, as a JSON object"),
            ),
            ("task_id",),
            {},
        ),
        Shape(
            "changes",
            "a cell whose gold differs from the release before",
            (
                _DRAFT,
                _maybe("task_id", "its task; empty where the draft is not in this release"),
                _PARTITION,
                _DIMENSION,
                _text("change", "added, removed or changed", (ADDED, REMOVED, CHANGED)),
                _maybe("before", "the level in the release before", LEVEL),
                _maybe("after", "the level in this one", LEVEL),
            ),
            ("draft_id", "dimension"),
            {},
        ),
        Shape(
            "preferences",
            "a choice between two drafts of a task on one dimension, made without seeing authors or anybody else's choice",
            (
                ReleaseColumn("choice_id", INTEGER, "the choice"),
                _text("comparison", "the comparison round it was made in"),
                _text("dimension", "what was asked: a dimension of the rubric, or which draft is better overall"),
                ReleaseColumn("pair", INTEGER, "the pair of drafts, the same for everybody"),
                _TASK,
                _PARTITION,
                _text("draft_a", "the first draft of the pair, whichever side it was shown on"),
                _text("draft_b", "the second draft"),
                _maybe("author_a", "who or what wrote the first"),
                _maybe("author_b", "who or what wrote the second"),
                _text("text_a", "the first draft, as imported"),
                _text("text_b", "the second draft, as imported"),
                _text("annotator", "who chose"),
                _text("shown_left", "which of the two they saw on the left", (A, B)),
                _text("taken", "what they took: the draft on the left, the one on the right, or a tie", SIDES),
                _text("preferred", "what follows from the two: a, b or a tie", LEVELS),
                ReleaseColumn("repeat", BOOLEAN, "whether they had the pair before, with its sides swapped; counted once"),
                _maybe("note", "what they noted"),
                _text("chosen_at", "when (UTC)"),
            ),
            ("choice_id", "dimension"),
            {"task_id": "tasks"},
        ),
    )
}
OF_ROW: Mapping[str, type] = {
    "tasks": TaskRow,
    "drafts": DraftRow,
    "labels": ReleasedLabel,
    "adjudications": DecisionRow,
    "spot_checked": CheckRow,
    "gold": GoldRow,
    "left_out": LeftOutRow,
    "changes": ChangeRow,
    "preferences": PreferenceRow,
}


def type_of(column: ReleaseColumn, *, level: str) -> str:
    """What its cells hold: TEXT, INTEGER or BOOLEAN; `level`: what the rubric's levels are."""
    return level if column.kind == LEVEL else column.kind


def as_cells(shape: Shape, row: Row, level: str) -> Cells:
    """A row's cells as they are written: levels as texts where some level of the rubric is one."""
    if level == INTEGER:
        return row
    return tuple(
        str(cell) if column.kind == LEVEL and cell is not None else cell for column, cell in zip(shape.columns, row, strict=True)
    )


def as_row(shape: Shape, cells: Sequence[object]) -> Row:
    """The cells as a row of their table. They must be of the columns' types."""
    made: Row = OF_ROW[shape.name]._make(cells)  # type: ignore[attr-defined]
    return made
