"""Levels in columns: a column for each level a dimension has, filled where it was chosen ("rating:::scale_3", "mood_Sad").

So write Potato its CSV and TSV, and form tools a question of one choice. It is told from a column a rater by this: a column names
the annotator, or the headers have Potato's ":::", or the columns bear the levels of the dimension, every row has at most one of
them filled, and what fills it is that level or a mark.
"""

import re
from collections.abc import Mapping, Sequence

from touchstone.files.table_rows import TableRow
from touchstone.importing.columns import BESIDE, LabelTable, RowIds
from touchstone.importing.contract import MARKS, ImportedFile, Names, RawLabel
from touchstone.importing.tools.potato import CHOSEN, NOT_CHOSEN, SCALE, chosen_of
from touchstone.importing.words import level_of
from touchstone.rubric.model import Dimension

LevelColumns = Mapping[str, Mapping[int, str]]  # by dimension: the label of each column, by its place
SPANS = re.compile(r"[.:]_?spans$")


def level_columns(table: LabelTable, names: Names, keys: Mapping[int, str]) -> LevelColumns:
    """The columns that each stand for a level, of dimensions without a column of their own."""
    groups, has_colons = columns_by_level(table.header, names, keys)
    return {
        key: columns
        for key, columns in groups.items()
        if has_colons
        or (table.at.annotator is not None and (len(columns) == 1 or _are_levels(columns, names.dimension(key))))
        or _one_a_row(table, columns, names.dimension(key))
    }


def columns_by_level(header: Sequence[str], names: Names, keys: Mapping[int, str]) -> tuple[dict[str, dict[int, str]], bool]:
    """The columns that by their titles may stand for a level each, by dimension; and whether a title has Potato's colons."""
    groups: dict[str, dict[int, str]] = {}
    has_colons = False
    for place, cell in enumerate(header):
        scheme, colons, label = cell.partition(":::")
        key = names.key(scheme) if colons else None
        parted = (key, label.strip()) if key else names.parted(cell)
        has_colons |= key is not None
        if parted and parted[0] not in keys.values() and parted[1].casefold() not in BESIDE and not SPANS.search(cell):
            groups.setdefault(parted[0], {})[place] = parted[1]
    return groups, has_colons


def _are_levels(columns: Mapping[int, str], dimension: Dimension) -> bool:
    return all(_level(dimension, label) is not None or SCALE.fullmatch(label) for label in columns.values())


def _level(dimension: Dimension, label: str) -> int | str | None:
    step = SCALE.fullmatch(label)
    return level_of(dimension, step[1] if step else label)


def _one_a_row(table: LabelTable, columns: Mapping[int, str], dimension: Dimension) -> bool:
    levels = [_level(dimension, label) for label in columns.values()]
    if len(columns) < 2 or None in levels:
        return False
    filled = 0
    for row in table.rows:
        marked = [place for place in columns if _is_filled(row, place)]
        filled += len(marked)
        if len(marked) > 1 or not all(_fits(row.cells[place], columns[place], dimension) for place in marked):
            return False
    return filled > 0


def _is_filled(row: TableRow, place: int) -> bool:
    return row.cells[place].strip() not in (*NOT_CHOSEN, "0", "no", "FALSE")


def _fits(cell: str, label: str, dimension: Dimension) -> bool:
    cell = cell.strip()
    return cell == "1" or cell.casefold() in CHOSEN or level_of(dimension, cell) == _level(dimension, label)


def read_levels(row: TableRow, ids: RowIds, levels: LevelColumns, table: LabelTable, file: ImportedFile) -> None:
    """The one level chosen of each dimension in a row; none is a blank, several are a problem."""
    for place, title in enumerate(table.header):
        if SPANS.search(title) and row.cells[place].strip() not in ("", "[]"):
            file.pass_over(MARKS, max(1, row.cells[place].count('"start"')))
    for key, columns in levels.items():
        given = {label: row.cells[place] for place, label in columns.items() if not _is_zero(table, columns, place, row)}
        texts = chosen_of(given, f"{ids.unit}: {key}", row.line, file)
        if texts is not None:
            file.answers.append(RawLabel(ids.unit, ids.annotator, key, texts or ("",), row.line, key, ids.task))


def _is_zero(table: LabelTable, columns: Mapping[int, str], place: int, row: TableRow) -> bool:
    """Whether a cell says by 0, no or false that its level was not chosen. 0 in the column of the level 0 is the level where the
    other columns have no 0 and it has no 1."""
    text = row.cells[place].strip().casefold()
    if text != "0":
        return text in ("no", "false")
    if not _is_of_zero(columns[place]):
        return True
    return any(
        cells.cells[each].strip() == ("1" if _is_of_zero(label) else "0")
        for cells in table.rows
        for each, label in columns.items()
    )


def _is_of_zero(label: str) -> bool:
    step = SCALE.fullmatch(label)
    return (step[1] if step else label) == "0" or label == "slider"
