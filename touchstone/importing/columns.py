"""The columns of a table of labels: where unit, annotator, dimension and label stand, and which rater is a place."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from touchstone.data.label import VALUE_COLUMNS
from touchstone.files.table_rows import TableRow
from touchstone.importing.contract import FileField, ImportedFile, fit_id, plain
from touchstone.importing.words import WHOLE
from touchstone.rubric.model import Dimension

ANNOTATORS = ("annotator", "rater", "coder", "labeler", "labeller", "user_id", "user", "completed_by", "annotator_id", "rater_id")
JUDGES = ("judge", "judge_model", "judge_id", "grader", "grader_model", "evaluator", "evaluator_model")
REASONS = ("reason", "reasons", "reasoning", "rationale", "explanation", "because", "justification", "critique")
DIMENSIONS = ("dimension", "criterion", "question")
MORE_DIMENSIONS = ("metric", "criteria", "aspect", "attribute", "scheme", "schema")  # where what they hold is one
VALUES = (*VALUE_COLUMNS, "label", "rating", "level")
BESIDE = {
    "comment",
    "comments",
    "note",
    "notes",
    "reason",
    "reasons",
    "rationale",
    "because",
    "explanation",
    "confidence",
    "time",
    "seconds",
    "span",
    "evidence",
    "final",
    "mean",
    "average",
    "avg",
    "median",
    "max",
    "min",
    "agreed",
    "gold",
    "consensus",
    "weight",
    "threshold",
}  # said about a label; nobody who gave one
SLOT = re.compile(
    r"(?:annotat(?:or|ion)|rat(?:er|ing)|coder|label(?:l?er)?|judge|reviewer|worker|slot|score|pass|run|trial|r|a|l)?[\s_\-#]*\d+"
    r"|(?:annotator|rater|coder|judge|reviewer|worker|slot|rating|label|score|pass|run|trial)(?:[\s_\-]+[a-z])"
    r"|(?:annotator|rater|coder|judge|reviewer|worker|slot)[a-z]",
    re.I,
)


class Columns(NamedTuple):
    """Where things stand in a header: the places of its columns that are no dimension (None where there is none)."""

    unit: int | None
    task: int | None
    annotator: int | None
    dimension: int | None
    value: int | None


class LabelTable(NamedTuple):
    """A table whose header names the units. `line` is the header's, `unit` the place of the column with the units; the rows are
    as wide as the header."""

    header: list[str]
    line: int
    rows: list[TableRow]
    at: Columns
    unit: int


class RowIds(NamedTuple):
    """Whose label of which unit a row holds; `annotator` and `task` are "" where the table does not say."""

    unit: str
    annotator: str
    task: str


def is_place(name: str) -> bool:
    """Whether a name says itself that it is a place: "rater 1" does, "7" and "r1" may be anybody's code."""
    return is_slot(name) and bool(re.match(r"[a-z]{4,}", name.strip(), re.I))


def is_slot(name: str) -> bool:
    """Whether a rater is called by a place ("rater 1", "2") and not by a name."""
    return bool(SLOT.fullmatch(name.strip()))


def places_of(file: ImportedFile) -> tuple[str, ...]:
    """The annotators of a file that names them, where all of them are called by places."""
    return places_among(dict.fromkeys(answer.annotator for answer in file.answers))


def places_among(named: Collection[str]) -> tuple[str, ...]:
    """These annotators, where they are several and all of them are called by places."""
    return tuple(named) if len(named) > 1 and all(map(is_place, named)) else ()


def place_of(header: Sequence[str], names: Sequence[str]) -> int | None:
    called = [plain(cell) for cell in header]
    return next((called.index(name) for name in names if name in called), None)


def ids_of(row: TableRow, table: LabelTable, file: ImportedFile, annotator: int | None) -> RowIds | None:
    """The ids of a row, the annotator out of that column where there is one; None, with every problem, where one is missing."""
    at, before = table.at, len(file.problems)
    unit = task = who = ""
    try:
        unit = fit_id(row.cells[table.unit], "the unit's id")
        task = fit_id(row.cells[at.task], "the task's id") if at.task not in (None, table.unit) else ""
        if not unit:
            file.refuse(row.line, "the row names no unit; fill its id in")
    except ValueError as wrong:
        file.refuse(row.line, str(wrong))
    if annotator is not None:
        try:
            who = fit_id(row.cells[annotator], "the annotator's name")
            if not who:
                file.refuse(row.line, "the row names no annotator; fill it in")
        except ValueError as wrong:
            file.refuse(row.line, str(wrong))
    return RowIds(unit, who, task) if len(file.problems) == before else None


def may_hold_levels(rows: Sequence[TableRow], place: int, dimension: Dimension) -> bool:
    """Whether half of a column's cells are levels or as short as one; a blank column may hold any."""
    levels = {str(value).casefold() for value in dimension.values}
    cells = [cell.casefold() for row in rows if (cell := row.cells[place].strip())]
    given = [whole[1] if (whole := WHOLE.fullmatch(cell)) else cell for cell in cells]
    return not given or 2 * sum(text in levels or len(text) <= 3 for text in given) >= len(given)


def list_columns(header: Sequence[str], roles: Mapping[int | None, str], file: ImportedFile) -> None:
    """Say what each column was read as; one without a role is left out."""
    for place, name in enumerate(header):
        if place in roles:
            file.fields.append(FileField(name, roles[place]))
        elif name:
            file.leave_out(name)
            file.fields.append(FileField(name, "left out"))


def said_by_a_model(table: LabelTable) -> int | None:
    """The column of the judge that gave the labels, where no person is named: one called so, or one called model that holds a
    single name beside a reason (of several models, each may be whose draft it is)."""
    if (place := place_of(table.header, JUDGES)) is not None:
        return None if all(is_slot(row.cells[place]) for row in table.rows) else place
    place = place_of(table.header, ("model",))
    if place is None or place_of(table.header, REASONS) is None or table.at.value is None:
        return None
    return place if len({row.cells[place].strip() for row in table.rows}) == 1 else None
