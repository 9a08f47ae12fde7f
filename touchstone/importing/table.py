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

from touchstone.data.task import json_value
from touchstone.english import listed
from touchstone.files.csv_rows import FIRST_ROWS, Row
from touchstone.importing.contract import (
    OTHER_UNITS,
    UNIT_COLUMNS,
    VALUE_COLUMNS,
    Answer,
    Field,
    Names,
    Reading,
    answers_of,
    as_text,
    fit_id,
    plain,
)

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
    """Where things stand in a header: the places of its special columns (None where there is none)."""

    unit: int | None
    task: int | None
    annotator: int | None
    dimension: int | None
    value: int | None


def is_place(name: str) -> bool:
    """Whether a name says itself that it is a place: "rater 1" does, "7" and "r1" may be anybody's code."""
    return is_slot(name) and bool(re.match(r"[a-z]{4,}", name.strip(), re.I))


def is_slot(name: str) -> bool:
    """Whether a rater is called by a place ("rater 1", "2") and not by a name."""
    return bool(SLOT.fullmatch(name.strip()))


def _place(header: Sequence[str], names: Sequence[str]) -> int | None:
    called = [plain(each) for each in header]
    return next((called.index(name) for name in names if name in called), None)


def _columns(header: Sequence[str], names: Names) -> Columns:
    places = _place(header, (plain(names.unit),)) if names.unit else _place(header, (*UNIT_COLUMNS, *OTHER_UNITS))
    return Columns(places, _place(header, ("task_id",)), *(_place(header, each) for each in (ANNOTATORS, DIMENSIONS, VALUES)))


def is_header_for(names: Names):
    """Whether a row of cells is the header of a table of labels: it names units, and dimensions by column or by row."""

    def is_header(cells: Sequence[str]) -> bool:
        at = _columns(cells, names)
        by_column = any(names.key(cell) or names.parted(cell) for cell in cells if cell.strip())
        return at.unit is not None and (by_column or (at.dimension is not None and at.value is not None))

    return is_header


def read_table(rows: Sequence[Row], names: Names, reading: Reading) -> Reading:
    """A table's rows, the header among them, into `reading`. Where no row is a header, the one that names most dimensions is
    what the problem is about."""
    is_header, first = is_header_for(names), range(len(rows[:FIRST_ROWS]))
    most = max(first, key=lambda number: sum(names.key(cell) is not None for cell in rows[number].cells), default=0)
    place = next((number for number in first if is_header(rows[number].cells)), most)
    if not rows[place + 1 :]:
        reading.refuse(None, "the file has no rows under its header; it needs one label a row")
        return reading
    header = [cell.strip() for cell in rows[place].cells]
    body = _squared(rows[place + 1 :], header, reading)
    for above in rows[:place]:
        reading.fields.append(Field(f"line {above.line}", "above the header: left out"))
    at = _columns(header, names)
    line = rows[place].line
    if at.unit is None:
        named = f"named {names.unit}" if names.unit else " or ".join(UNIT_COLUMNS)
        reading.refuse(line, f"there is no column {named}; the header has {', '.join(header)}")
    for name, number in Counter(each for each in header if each).items():
        if number > 1:
            reading.refuse(line, f"the column {name} stands twice; rename one")
    if reading.problems:
        return reading
    keys = {number: key for number, cell in enumerate(header) if (key := names.key(cell))}
    if at.dimension is not None and at.value is not None and (at.annotator is not None or not keys):
        return _long(body, header, at, names, reading)
    if keys or not (raters := _raters(header, body, names)):
        return _wide(body, header, line, at, keys, names, reading)
    return _by_rater(body, header, line, at, raters, reading)


def _squared(rows: Sequence[Row], header: list[str], reading: Reading) -> list[Row]:
    """Rows as wide as the header. Blank cells beyond it are taken off, blank columns without a name too."""
    kept = []
    for row in rows:
        beyond = row.cells[len(header) :]
        if len(row.cells) < len(header) or any(cell.strip() for cell in beyond):
            reading.refuse(
                row.line, f"the row has {len(row.cells)} cells and the header {len(header)}; quote a text that holds a separator"
            )
            continue
        kept.append(Row(row.line, row.cells[: len(header)]))
    for place, name in enumerate(header):
        if not name and any(row.cells[place].strip() for row in kept):
            header[place] = f"column {place + 1} (no name)"
    return kept


def _unit_and_task(row: Row, at: Columns, reading: Reading) -> tuple[str, str] | None:
    try:
        unit = fit_id(row.cells[at.unit], "the unit's id")
        task = fit_id(row.cells[at.task], "the task's id") if at.task not in (None, at.unit) else ""
    except ValueError as wrong:
        reading.refuse(row.line, str(wrong))
        return None
    if not unit:
        reading.refuse(row.line, "the row names no unit; fill its id in")
        return None
    return unit, task


def _who(row: Row, at: Columns, reading: Reading) -> str | None:
    """The annotator that a row names; None, with a problem, where the column is blank."""
    try:
        if who := fit_id(row.cells[at.annotator], "the annotator's name"):
            return who
        reading.refuse(row.line, "the row names no annotator; fill it in")
    except ValueError as wrong:
        reading.refuse(row.line, str(wrong))
    return None


def _long(rows: Sequence[Row], header: Sequence[str], at: Columns, names: Names, reading: Reading) -> Reading:
    reading.format = "long table"
    roles = {
        at.unit: "the unit",
        at.annotator: "the annotator",
        at.dimension: "the dimension",
        at.value: "the label",
        at.task: "the unit" if at.task == at.unit else "the unit’s task",
    }
    used = {}
    for row in rows:
        name = row.cells[at.dimension].strip()
        used.setdefault(name)
        if names.key(name) is None:
            reading.leave_out(name or "a blank dimension")
            continue
        found = _unit_and_task(row, at, reading)
        who = _who(row, at, reading) if at.annotator is not None else ""
        if found and who is not None:
            reading.answers.append(Answer(found[0], who, name, (row.cells[at.value],), row.line, name, found[1]))
    reading.places = _places(reading)
    _tell(header, roles, reading)
    reading.fields += [Field(f"{header[at.dimension]} = {name}", names.key(name) or "left out") for name in used]
    return reading


def _places(reading: Reading) -> tuple[str, ...]:
    """The annotators of a file that names them, where all of them are called by places."""
    named = dict.fromkeys(answer.annotator for answer in reading.answers)
    return tuple(named) if len(named) > 1 and all(map(is_place, named)) else ()


def _wide(
    rows: Sequence[Row], header: Sequence[str], line: int, at: Columns, keys: Mapping[int, str], names: Names, reading: Reading
) -> Reading:
    reading.format = "wide table"
    if not keys:
        reading.refuse(
            line, f"no column is a dimension of {names.rubric.name} or an alias of one; the header has {', '.join(header)}"
        )
        return reading
    for key, number in Counter(keys.values()).items():
        if number > 1:
            twice = [header[place] for place, each in keys.items() if each == key]
            reading.refuse(line, f"the columns {listed(twice)} are both {key}; keep one")
    for row in rows:
        found = _unit_and_task(row, at, reading)
        who = _who(row, at, reading) if at.annotator is not None else ""
        if found and who is not None:
            reading.answers += [
                Answer(found[0], who, header[place], (_answer(row.cells[place]),), row.line, header[place], found[1])
                for place in keys
            ]
    reading.places = _places(reading)
    _tell(header, {**keys, at.unit: "the unit", at.annotator: "the annotator"}, reading)
    return reading


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


def _raters(header: Sequence[str], rows: Sequence[Row], names: Names) -> dict[int, tuple[str, str]]:
    """Columns of one rater and one dimension, by place: key and rater. What is said beside a label ("tone_comment"), and a
    column in which hardly a cell could be a level, is none."""
    found = {}
    for place, cell in enumerate(header):
        parted = names.parted(cell)
        if parted is None or parted[1].casefold() in BESIDE:
            continue
        levels = {str(each).casefold() for each in names.rubric.dimension(parted[0]).values}
        given = [FRACTION.sub(r"\1", row.cells[place].strip().casefold()) for row in rows if row.cells[place].strip()]
        if not given or 2 * sum(text in levels or len(text) <= 3 for text in given) >= len(given):
            found[place] = parted
    return found


def _by_rater(
    rows: Sequence[Row], header: Sequence[str], line: int, at: Columns, raters: Mapping[int, tuple[str, str]], reading: Reading
) -> Reading:
    reading.format = "wide table, raters in the headers"
    for pair, number in Counter(raters.values()).items():
        if number > 1:
            twice = [header[place] for place, each in raters.items() if each == pair]
            reading.refuse(line, f"the columns {listed(twice)} are both {pair[0]} by {pair[1]}; keep one")
    for row in rows:
        if found := _unit_and_task(row, at, reading):
            reading.answers += [
                Answer(found[0], who, key, (row.cells[place],), row.line, header[place], found[1])
                for place, (key, who) in raters.items()
            ]
    named = dict.fromkeys(who for _, who in raters.values())
    reading.slots = tuple(named) if all(map(is_slot, named)) else ()
    _tell(header, {**{place: f"{key}, by {who}" for place, (key, who) in raters.items()}, at.unit: "the unit"}, reading)
    return reading


def _tell(header: Sequence[str], roles: Mapping[int | None, str], reading: Reading) -> None:
    for place, name in enumerate(header):
        if place in roles:
            reading.fields.append(Field(name, roles[place]))
        elif name:
            reading.leave_out(name)
            reading.fields.append(Field(name, "left out"))
