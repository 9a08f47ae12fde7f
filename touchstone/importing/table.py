"""Tables of labels, out of CSV, a workbook or flat records: wide or long.

    long               unit, annotator, dimension, value: a label a row
    wide               a column per dimension; by the file's annotator, or by whom a column annotator names
    raters in headers  a column per dimension and rater: "ana_tone", "tone (ben)", "ana.tone"

A header may stand below a title. A column is a dimension by its key or alias; whatever is neither is left out and listed.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from touchstone.data.label import UNIT_COLUMNS, VALUE_COLUMNS
from touchstone.english import listed
from touchstone.files.csv_rows import wrong_width
from touchstone.files.json_values import json_value
from touchstone.files.table_rows import FIRST_ROWS, IsHeader, TableRow, as_text
from touchstone.importing.contract import OTHER_UNITS, FileField, ImportedFile, Names, RawLabel, answers_of, fit_id, plain
from touchstone.rubric.model import Dimension

ANNOTATORS = ("annotator", "rater", "coder", "labeler", "labeller", "user_id", "user", "completed_by")
DIMENSIONS = ("dimension", "criterion", "question")
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
    r"(?:annotat(?:or|ion)|rat(?:er|ing)|coder|label(?:l?er)?|judge|reviewer|worker|slot|score|r|a|l)?[\s_\-#]*\d+"
    r"|(?:annotator|rater|coder|judge|reviewer|worker|slot)[\s_\-]*[a-z]",
    re.I,
)
FRACTION = re.compile(r"([+-]?\d+)[.,]0+")


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


def _place(header: Sequence[str], names: Sequence[str]) -> int | None:
    called = [plain(cell) for cell in header]
    return next((called.index(name) for name in names if name in called), None)


def _columns(header: Sequence[str], names: Names) -> Columns:
    unit = _place(header, (plain(names.unit),)) if names.unit else _place(header, (*UNIT_COLUMNS, *OTHER_UNITS))
    others = (_place(header, columns) for columns in (ANNOTATORS, DIMENSIONS, VALUES))
    return Columns(unit, _place(header, ("task_id",)), *others)


def is_header_for(names: Names) -> IsHeader:
    """Whether a row of cells is the header of a table of labels: it names units, and dimensions by column or by row."""

    def is_header(cells: Sequence[str]) -> bool:
        at = _columns(cells, names)
        by_column = any(names.key(cell) or names.parted(cell) for cell in cells if cell.strip())
        return at.unit is not None and (by_column or (at.dimension is not None and at.value is not None))

    return is_header


def read_table(rows: Sequence[TableRow], names: Names, file: ImportedFile) -> None:
    """A table's rows, the header among them, into `file`."""
    place = _place_of_header(rows, names)
    if not rows[place + 1 :]:
        file.refuse(None, "the file has no rows under its header; it needs one label per row")
        return
    file.fields += [FileField(f"line {above.line}", "above the header: left out") for above in rows[:place]]
    table = _table_under(rows[place], rows[place + 1 :], names, file)
    if table is None or file.problems:
        return
    at, keys = table.at, {place: key for place, cell in enumerate(table.header) if (key := names.key(cell))}
    if at.dimension is not None and at.value is not None and (at.annotator is not None or not keys):
        _read_long(table, at.dimension, at.value, names, file)
    elif keys:
        _read_wide(table, keys, file)
    elif raters := _raters(table, names):
        _read_by_rater(table, raters, file)
    else:
        file.format = "wide table"
        no_dimension = f"no column is a dimension of {names.rubric.name} or an alias of one"
        file.refuse(table.line, f"{no_dimension}; the header has {', '.join(table.header)}")


def _place_of_header(rows: Sequence[TableRow], names: Names) -> int:
    """Where the header stands among the first rows. Where no row is one, that which names most dimensions: it is what the
    problem is about."""
    is_header, first = is_header_for(names), rows[:FIRST_ROWS]
    dimensions = [sum(names.key(cell) is not None for cell in row.cells) for row in first]
    most = dimensions.index(max(dimensions)) if dimensions else 0
    return next((place for place, row in enumerate(first) if is_header(row.cells)), most)


def _table_under(header: TableRow, rows: Sequence[TableRow], names: Names, file: ImportedFile) -> LabelTable | None:
    """The table under a header, its own problems found; None where nothing names the units."""
    titles = [cell.strip() for cell in header.cells]
    squared = _squared(rows, titles, file)
    at = _columns(titles, names)
    if at.unit is None:
        named = f"named {names.unit}" if names.unit else " or ".join(UNIT_COLUMNS)
        file.refuse(header.line, f"there is no column {named}; the header has {', '.join(titles)}")
    for title, number in Counter(title for title in titles if title).items():
        if number > 1:
            file.refuse(header.line, f"the column {title} appears twice; rename one")
    return LabelTable(titles, header.line, squared, at, at.unit) if at.unit is not None else None


def _squared(rows: Sequence[TableRow], header: list[str], file: ImportedFile) -> list[TableRow]:
    """Rows as wide as the header. Blank cells beyond it are taken off; a column without a name that holds something gets one."""
    kept = []
    for row in rows:
        beyond = row.cells[len(header) :]
        if len(row.cells) < len(header) or any(cell.strip() for cell in beyond):
            file.problems.append(wrong_width(row, header))
        else:
            kept.append(TableRow(row.line, row.cells[: len(header)]))
    for place, name in enumerate(header):
        if not name and any(row.cells[place].strip() for row in kept):
            header[place] = f"column {place + 1} (no name)"
    return kept


def _ids(row: TableRow, table: LabelTable, file: ImportedFile, annotator: int | None) -> RowIds | None:
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


def _read_long(table: LabelTable, dimension: int, value: int, names: Names, file: ImportedFile) -> None:
    file.format = "long table"
    at = table.at
    named: dict[str, None] = {}
    for row in table.rows:
        name = row.cells[dimension].strip()
        named.setdefault(name)
        if names.key(name) is None:
            file.leave_out(name or "a blank dimension")
        elif ids := _ids(row, table, file, at.annotator):
            file.answers.append(RawLabel(ids.unit, ids.annotator, name, (row.cells[value],), row.line, name, ids.task))
    file.places = _places(file)
    roles = {table.unit: "the unit", at.annotator: "the annotator", dimension: "the dimension", value: "the label"}
    _list_columns(table.header, roles | {at.task: "the unit" if at.task == table.unit else "the unit’s task"}, file)
    file.fields += [FileField(f"{table.header[dimension]} = {name}", names.key(name) or "left out") for name in named]


def _read_wide(table: LabelTable, keys: Mapping[int, str], file: ImportedFile) -> None:
    file.format = "wide table"
    header, annotator = table.header, table.at.annotator
    for key, number in Counter(keys.values()).items():
        if number > 1:
            twice = [header[place] for place, other in keys.items() if other == key]
            file.refuse(table.line, f"the columns {listed(twice)} are both {key}; keep one")
    for row in table.rows:
        if ids := _ids(row, table, file, annotator):
            file.answers += [
                RawLabel(ids.unit, ids.annotator, header[place], (_answer(row.cells[place]),), row.line, header[place], ids.task)
                for place in keys
            ]
    file.places = _places(file)
    roles: dict[int | None, str] = dict(keys.items())
    _list_columns(header, roles | {table.unit: "the unit", annotator: "the annotator"}, file)


def _places(file: ImportedFile) -> tuple[str, ...]:
    """The annotators of a file that names them, where all of them are called by places."""
    named = dict.fromkeys(answer.annotator for answer in file.answers)
    return tuple(named) if len(named) > 1 and all(map(is_place, named)) else ()


def _answer(cell: str) -> str:
    """What a cell says; of the JSON that Label Studio's CSV has for a rating or a number, the one answer in it."""
    if not cell.startswith(("[{", '{"')):
        return cell
    try:
        value, _ = json_value(cell, 0)
    except (ValueError, RecursionError):
        return cell
    given = [part for each in (value if isinstance(value, list) else [value]) for part in answers_of(each)]
    return as_text(given[0]) if len(given) == 1 else cell


def _raters(table: LabelTable, names: Names) -> dict[int, tuple[str, str]]:
    """Columns of one rater and one dimension, by place: key and rater. What is said beside a label ("tone_comment"), and a
    column in which hardly a cell could be a level, is none."""
    raters = {}
    for place, cell in enumerate(table.header):
        parted = names.parted(cell)
        if parted and parted[1].casefold() not in BESIDE and _may_hold_levels(table.rows, place, names.dimension(parted[0])):
            raters[place] = parted
    return raters


def _may_hold_levels(rows: Sequence[TableRow], place: int, dimension: Dimension) -> bool:
    """Whether half of a column's cells are levels or as short as one; a blank column may hold any."""
    levels = {str(value).casefold() for value in dimension.values}
    given = [FRACTION.sub(r"\1", row.cells[place].strip().casefold()) for row in rows if row.cells[place].strip()]
    return not given or 2 * sum(text in levels or len(text) <= 3 for text in given) >= len(given)


def _read_by_rater(table: LabelTable, raters: Mapping[int, tuple[str, str]], file: ImportedFile) -> None:
    file.format = "wide table, raters in the headers"
    header = table.header
    for pair, number in Counter(raters.values()).items():
        if number > 1:
            twice = [header[place] for place, other in raters.items() if other == pair]
            file.refuse(table.line, f"the columns {listed(twice)} are both {pair[0]} by {pair[1]}; keep one")
    for row in table.rows:
        if ids := _ids(row, table, file, None):
            file.answers += [
                RawLabel(ids.unit, who, key, (row.cells[place],), row.line, header[place], ids.task)
                for place, (key, who) in raters.items()
            ]
    named = dict.fromkeys(who for _, who in raters.values())
    file.slots = tuple(named) if all(map(is_slot, named)) else ()
    roles: dict[int | None, str] = {place: f"{key}, by {who}" for place, (key, who) in raters.items()}
    _list_columns(header, {**roles, table.unit: "the unit"}, file)


def _list_columns(header: Sequence[str], roles: Mapping[int | None, str], file: ImportedFile) -> None:
    """Say what each column was read as; one without a role is left out."""
    for place, name in enumerate(header):
        if place in roles:
            file.fields.append(FileField(name, roles[place]))
        elif name:
            file.leave_out(name)
            file.fields.append(FileField(name, "left out"))
