"""Columns that hold one rater's labels each: "ana_tone" of one dimension, or "ana" of a dimension that stands elsewhere."""

from collections import Counter
from collections.abc import Mapping, Sequence

from touchstone.data.label import UNIT_COLUMNS
from touchstone.english import listed
from touchstone.importing.columns import (
    ANNOTATORS,
    BESIDE,
    REASONS,
    VALUES,
    LabelTable,
    ids_of,
    is_slot,
    list_columns,
    may_hold_levels,
)
from touchstone.importing.contract import OTHER_UNITS, ImportedFile, Names, RawLabel, plain
from touchstone.importing.words import kind_of, level_of
from touchstone.rubric.model import Dimension

NOBODY = {*BESIDE, *ANNOTATORS, *REASONS, *UNIT_COLUMNS, *OTHER_UNITS, *VALUES}  # what no rater's column is called


def raters_in_headers(table: LabelTable, names: Names) -> dict[int, tuple[str, str]]:
    """Columns of one rater and one dimension, by place: key and rater. What is said beside a label ("tone_comment"), and a
    column in which hardly a cell could be a level, is none."""
    raters: dict[int, tuple[str, str]] = {}
    if table.at.annotator is not None:  # a column names the rater already
        return raters
    for place, cell in enumerate(table.header):
        parted = names.parted(cell)
        if parted and parted[1].casefold() not in BESIDE and may_hold_levels(table.rows, place, names.dimension(parted[0])):
            raters[place] = parted
    return raters


def read_by_rater(table: LabelTable, raters: Mapping[int, tuple[str, str]], file: ImportedFile) -> None:
    file.format = "wide table, raters in the headers"
    header = table.header
    for pair, number in Counter(raters.values()).items():
        if number > 1:
            twice = [header[place] for place, other in raters.items() if other == pair]
            file.refuse(table.line, f"the columns {listed(twice)} are both {pair[0]} by {pair[1]}; keep one")
    for row in table.rows:
        if ids := ids_of(row, table, file, None):
            file.answers += [
                RawLabel(ids.unit, who, key, (row.cells[place],), row.line, header[place], ids.task)
                for place, (key, who) in raters.items()
            ]
    named = dict.fromkeys(who for _, who in raters.values())
    file.slots = tuple(named) if all(map(is_slot, named)) else ()
    roles: dict[int | None, str] = {place: f"{key}, by {who}" for place, (key, who) in raters.items()}
    list_columns(header, {**roles, table.unit: "the unit"}, file)


def columns_of_raters(table: LabelTable, names: Names) -> list[int]:
    """The columns that hold one rater's labels each, by what is in them: at least two whose cells are levels of the dimension
    that was said, or else of some dimension; where somebody named the columns, those. A column called "id" or "label" is no
    rater's, though ids from 1 on may all be levels."""
    at = table.at
    if at.annotator is not None:
        return []
    others = {at.unit, at.task, at.dimension}
    if names.raters:
        named = [plain(name) for name in names.raters]
        return [place for place, title in enumerate(table.header) if plain(title) in named and place not in others]
    dimensions = [each for each in names.rubric.dimensions if not names.bare or each.key == names.key(names.bare)]
    found = [
        place
        for place, title in enumerate(table.header)
        if place not in others
        and plain(title) not in NOBODY
        and any(_holds_levels(table, place, each, names) for each in dimensions)
    ]
    return found if len(found) > 1 else []


def _holds_levels(table: LabelTable, place: int, dimension: Dimension, names: Names) -> bool:
    """Whether most of a column's cells that are neither blank nor a word for it are levels; at least one is. Where a column names
    the dimension, a cell is held against that of its row."""
    given = [(row, text) for row in table.rows if kind_of(text := row.cells[place].strip()) is None]
    levels = 0
    for row, text in given:
        key = names.key(row.cells[table.at.dimension].strip()) if table.at.dimension is not None else dimension.key
        levels += key is not None and level_of(names.dimension(key), text) is not None
    return 2 * levels > len(given)


def read_column_a_rater(table: LabelTable, columns: Sequence[int], names: Names, file: ImportedFile) -> None:
    file.format = "wide table, a column a rater"
    header, dimension = table.header, table.at.dimension
    for row in table.rows:
        name = row.cells[dimension].strip() if dimension is not None else names.bare
        if dimension is not None and names.key(name) is None:
            file.leave_out(name or "a blank dimension")
        elif ids := ids_of(row, table, file, None):
            file.answers += [
                RawLabel(ids.unit, header[place], name, (row.cells[place],), row.line, header[place], ids.task)
                for place in columns
            ]
    raters = [header[place] for place in columns]
    file.slots = tuple(raters) if all(map(is_slot, raters)) else ()
    if not names.raters:
        file.rater_columns = tuple(raters)
        file.remarks.append(
            f"the columns {listed(raters[:8])}{' …' if len(raters) > 8 else ''} are taken for one annotator each, by what is in "
            "them; if one is none, name those that are"
        )
        file.ways.append(f"raters {','.join(raters[:2])}")
    roles: dict[int | None, str] = {place: f"{names.key(names.bare) or 'labels'}, by {header[place]}" for place in columns}
    list_columns(header, roles | {table.unit: "the unit", dimension: "the dimension"}, file)
