"""Tables of labels, out of CSV, a workbook or flat records: wide or long.

    long               unit, annotator, dimension, value: a label a row; without a dimension, all are of the one that is said
    wide               a column per dimension; by the file's annotator, or by whom a column annotator names
    raters in headers  a column per dimension and rater: "ana_tone", "tone (ben)", "ana.tone"
    a column a rater   "ana", "ben": of the dimension that is said, or that a column names (`importing.raters`)
    levels in columns  "tone:::2", "tone_2": which of them was chosen (`importing.level_columns`)

A header may stand below a title. A column is a dimension by its key or alias; whatever is neither is left out and listed.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from touchstone.data.label import COUNTS, UNIT_COLUMNS, does_not_count
from touchstone.english import listed
from touchstone.files.csv_rows import wrong_width
from touchstone.files.json_values import json_value
from touchstone.files.table_rows import FIRST_ROWS, IsHeader, TableRow, as_text
from touchstone.importing.columns import (
    ANNOTATORS,
    DIMENSIONS,
    MORE_DIMENSIONS,
    VALUES,
    Columns,
    LabelTable,
    RowIds,
    ids_of,
    list_columns,
    place_of,
    places_of,
    said_by_a_model,
)
from touchstone.importing.contract import MARKS, OTHER_UNITS, FileField, ImportedFile, Names, RawLabel, answers_of, is_mark, plain
from touchstone.importing.level_columns import LevelColumns, level_columns, read_levels
from touchstone.importing.raters import columns_of_raters, raters_in_headers, read_by_rater, read_column_a_rater

# What may name the units of a table, where nothing above does. In records these may be the text itself.
TABLE_UNITS = ("case_id", "sample_id", "record_id", "ticket_id", "unit_id", "row_id", "no", "nr", "#", "index", "idx")
SHOWN = 20  # columns in a sentence
WHAT_IS_READ = (
    "What is read: a column a dimension; a column a dimension and rater (ana_tone); a column a rater, of one dimension that is "
    "named; a label a row (task_id, annotator, dimension, value); and any other table where it is said what each column is"
)
SAYS_COLUMNS = ("unit", "dimension", "annotator-field", "dimension-field", "value-field")


def _columns(header: Sequence[str], names: Names) -> Columns:
    unit = place_of(header, (plain(names.unit),)) if names.unit else place_of(header, (*UNIT_COLUMNS, *OTHER_UNITS, *TABLE_UNITS))
    dimension = (plain(names.dimension_field),) if names.dimension_field else DIMENSIONS
    others = (place_of(header, columns) for columns in (ANNOTATORS, dimension, VALUES))
    return Columns(unit, place_of(header, ("task_id",)), *others)


def is_header_for(names: Names) -> IsHeader:
    """Whether a row of cells is the header of a table of labels: it names units, and dimensions by column or by row."""

    def is_header(cells: Sequence[str]) -> bool:
        at = _columns(cells, names)
        by_column = any(names.key(cell) or names.parted(cell) for cell in cells if cell.strip())
        by_row = at.value is not None and (at.dimension is not None or at.annotator is not None)
        return at.unit is not None and (by_column or by_row)

    return is_header


def read_table(rows: Sequence[TableRow], names: Names, file: ImportedFile) -> None:
    """A table's rows, the header among them, into `file`."""
    place = place_of_header(rows, names)
    if not rows[place + 1 :]:
        file.refuse(None, "the file has no rows under its header; it needs one label per row")
        return
    table = table_under(rows[: place + 1], rows[place + 1 :], names, file)
    if table is None or file.problems:
        return
    table = that_count(_with_dimension_and_model(table, names, file), file)
    at, keys = table.at, {place: key for place, cell in enumerate(table.header) if (key := names.key(cell))}
    levels = level_columns(table, names, keys)
    if at.dimension is not None and at.value is not None and (at.annotator is not None or not keys):
        _read_long(table, at.dimension, at.value, names, file)
    elif keys or levels:
        _read_wide(table, keys, levels, file)
    elif raters := raters_in_headers(table, names):
        read_by_rater(table, raters, file)
    elif at.value is not None and not (columns := columns_of_raters(table, names)):
        _read_bare(table, at.value, names, file)
    elif columns := columns_of_raters(table, names):
        read_column_a_rater(table, columns, names, file)
    elif not file.problems:
        file.format = "wide table"
        no_dimension = f"no column is a dimension of {names.rubric.name} or an alias of one"
        file.refuse(table.line, f"{no_dimension}; the header has {_in_short(table.header)}. {WHAT_IS_READ}")


def that_count(table: LabelTable, file: ImportedFile) -> LabelTable:
    """The table without the rows that an export of labels keeps for the record alone; how many is told."""
    place = place_of(table.header, (COUNTS,))
    if place is None:
        return table
    rows = [row for row in table.rows if not does_not_count(row.cells[place])]
    file.pass_over("rows that do not count, by the file’s own word", len(table.rows) - len(rows))
    return table._replace(rows=rows)


def _with_dimension_and_model(table: LabelTable, names: Names, file: ImportedFile) -> LabelTable:
    """The table with the column of the dimension where it bears a rarer name and holds dimensions, and with the column of the
    judge where no person is named."""
    at = table.at
    more = place_of(table.header, MORE_DIMENSIONS) if at.dimension is None else None
    if more is not None and any(names.key(row.cells[more]) for row in table.rows):
        at = at._replace(dimension=more)
    if at.annotator is None and (place := said_by_a_model(table)) is not None:
        at = at._replace(annotator=place)
        file.machines = tuple(dict.fromkeys(who for row in table.rows if (who := row.cells[place].strip())))
        file.remarks.append(f"by the column {table.header[place]} a model gave these labels: {listed(file.machines[:6])}")
    return table._replace(at=at)


def place_of_header(rows: Sequence[TableRow], names: Names) -> int:
    """Where the header stands among the first rows. Where no row is one, that which names most dimensions: it is what the
    problem is about."""
    is_header, first = is_header_for(names), rows[:FIRST_ROWS]
    found = next((place for place, row in enumerate(first) if is_header(row.cells)), None)
    if found is None:  # a column a rater has no name of a dimension in its header
        found = next((place for place, row in enumerate(first) if _columns(row.cells, names).unit is not None), None)
    if found is None:
        dimensions = [sum(names.key(cell) is not None for cell in row.cells) for row in first]
        found = dimensions.index(max(dimensions)) if dimensions else 0
    return found


def table_under(above: Sequence[TableRow], rows: Sequence[TableRow], names: Names, file: ImportedFile) -> LabelTable | None:
    """The table under a header, which is the last of the rows `above`, its own problems found; None where nothing names the
    units."""
    *titled, header = above
    file.fields += [FileField(f"line {each.line}", "above the header: left out") for each in titled]
    titles = [cell.strip() for cell in header.cells]
    squared_rows = squared(rows, titles, file)
    return table_of(titles, header.line, squared_rows, names, file)


def table_of(titles: list[str], line: int, rows: list[TableRow], names: Names, file: ImportedFile) -> LabelTable | None:
    """A table by its titles, which stand in that line; None where nothing names the units."""
    at = _columns(titles, names)
    if at.unit is None:
        named = f"named {names.unit}" if names.unit else " or ".join(UNIT_COLUMNS)
        way_out = "" if names.unit else f"; say which names what was labelled. {WHAT_IS_READ}"
        way = () if names.unit else SAYS_COLUMNS
        file.refuse(line, f"there is no column {named}; the header has {_in_short(titles)}{way_out}", way)
    for title, number in Counter(title for title in titles if title).items():
        if number > 1:
            file.refuse(line, f"the column {title} appears twice; rename one")
    return LabelTable(titles, line, rows, at, at.unit) if at.unit is not None else None


def squared(rows: Sequence[TableRow], header: list[str], file: ImportedFile) -> list[TableRow]:
    """Rows as wide as the header. Blank cells beyond it are taken off; a column without a name that holds something gets one."""
    kept = []
    for row in rows:
        beyond = row.cells[len(header) :]
        if len(row.cells) < len(header) or any(cell.strip() for cell in beyond):
            file.add_problem(wrong_width(row, header))
        else:
            kept.append(TableRow(row.line, row.cells[: len(header)]))
    for place, name in enumerate(header):
        if not name and any(row.cells[place].strip() for row in kept):
            header[place] = f"column {place + 1} (no name)"
    return kept


def _read_long(table: LabelTable, dimension: int, value: int, names: Names, file: ImportedFile) -> None:
    named = take_long(table, dimension, value, names, file)
    list_long(table, dimension, value, named, places_of(file), names, file)


def take_long(table: LabelTable, dimension: int, value: int, names: Names, file: ImportedFile) -> dict[str, None]:
    """The answers of a table with a label a row; what its dimensions are called."""
    at = table.at
    named: dict[str, None] = {}
    for row in table.rows:
        name = row.cells[dimension].strip()
        named.setdefault(name)
        if names.key(name) is None:
            file.leave_out(name or "a blank dimension")
        elif ids := ids_of(row, table, file, at.annotator):
            file.answers.append(RawLabel(ids.unit, ids.annotator, name, (row.cells[value],), row.line, name, ids.task))
    return named


def list_long(
    table: LabelTable, dimension: int, value: int, named: Iterable[str], places: tuple[str, ...], names: Names, file: ImportedFile
) -> None:
    """Say what each column of a table with a label a row was read as."""
    at = table.at
    file.format, file.places = "long table", places
    roles = {table.unit: "the unit", at.annotator: "the annotator", dimension: "the dimension", value: "the label"}
    list_columns(table.header, roles | {at.task: "the unit" if at.task == table.unit else "the unit’s task"}, file)
    file.fields += [FileField(f"{table.header[dimension]} = {name}", names.key(name) or "left out") for name in named]


def _read_bare(table: LabelTable, value: int, names: Names, file: ImportedFile) -> None:
    """A label a row, none with a dimension beside it; a label may name its own ("tone=3")."""
    file.format = "long table without a dimension"
    at, fields = table.at, dict[FileField, None]()
    for row in table.rows:
        if ids := ids_of(row, table, file, at.annotator):
            label = row.cells[value].strip()
            fields.setdefault(file.take_label(names, ids.unit, ids.annotator, label, row.line, table.header[value]))
    file.places = places_of(file)
    roles: dict[int | None, str] = {table.unit: "the unit", at.annotator: "the annotator", value: "the label"}
    list_columns(table.header, roles, file)
    file.fields += [field for field in fields if field.name != table.header[value]]


def _read_wide(table: LabelTable, keys: Mapping[int, str], levels: LevelColumns, file: ImportedFile) -> None:
    refuse_twice(table, keys, file)
    take_wide(table, keys, levels, file)
    list_wide(table, keys, levels, places_of(file), file)


def refuse_twice(table: LabelTable, keys: Mapping[int, str], file: ImportedFile) -> None:
    """Columns that are one dimension each, of which two are the same one."""
    for key, number in Counter(keys.values()).items():
        if number > 1:
            twice = [table.header[place] for place, other in keys.items() if other == key]
            file.refuse(table.line, f"the columns {listed(twice)} are both {key}; keep one")


def take_wide(table: LabelTable, keys: Mapping[int, str], levels: LevelColumns, file: ImportedFile) -> None:
    """The answers of a table with a column a dimension."""
    for row in table.rows:
        if ids := ids_of(row, table, file, table.at.annotator):
            for place in keys:
                _take_cell(row.cells[place], ids, table.header[place], row.line, file)
            read_levels(row, ids, levels, table, file)


def list_wide(
    table: LabelTable, keys: Mapping[int, str], levels: LevelColumns, places: tuple[str, ...], file: ImportedFile
) -> None:
    """Say what each column of a table with a column a dimension was read as."""
    file.format, file.places = "wide table, levels in columns" if levels else "wide table", places
    roles: dict[int | None, str] = {
        place: f"{key} = {label}" for key, of_key in levels.items() for place, label in of_key.items()
    }
    list_columns(table.header, roles | dict(keys.items()) | {table.unit: "the unit", table.at.annotator: "the annotator"}, file)


def _take_cell(cell: str, ids: RowIds, name: str, line: int, file: ImportedFile) -> None:
    """The answer in a cell; of the JSON that Label Studio's CSV has for all but one choice, what is in it."""
    given = _results(cell)
    if given is None:
        file.answers.append(RawLabel(ids.unit, ids.annotator, name, (cell,), line, name, ids.task))
        return
    labels = [each for each in given if not is_mark(each)]
    file.pass_over(MARKS, len(given) - len(labels))
    answers = [as_text(part) for each in labels for part in answers_of(each)]
    if len(answers) > 1:
        file.refuse(line, f"{ids.unit}: {name} has {len(answers)} answers ({', '.join(answers[:4])}); keep one")
    elif labels or not given:
        file.answers.append(RawLabel(ids.unit, ids.annotator, name, tuple(answers) or ("",), line, name, ids.task))


def _results(cell: str) -> list[object] | None:
    """The results of a cell that holds them as JSON; None for any other cell."""
    if not cell.startswith(("[{", '{"', '["', "[]")):
        return None
    try:
        value, _ = json_value(cell, 0)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, list) else [value]


def _in_short(header: Sequence[str]) -> str:
    return ", ".join(header[:SHOWN]) + (f" and {len(header) - SHOWN:,} more" if len(header) > SHOWN else "")
