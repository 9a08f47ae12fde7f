"""Rows of a table as lines of JSON, and their digest: the same for JSON lines, CSV and Parquet, whatever program wrote the file.

A line has the columns in their order, no spaces, and ends with a line feed. The digest of rows is the SHA-256 of their lines.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from json.encoder import encode_basestring
from typing import Any

from touchstone.english import many
from touchstone.files.json_values import flat_value
from touchstone.releasing.tables import BOOLEAN, INTEGER, TEXT, Cells, ReleaseColumn, Shape, type_of

_BARE: Mapping[object, str] = {None: "null", True: "true", False: "false"}
MOST_DIGITS = 18  # so that a number fits a column of 64 bits


def line_maker(names: Sequence[str]) -> Callable[[Sequence[object]], str]:
    """What makes a row of these columns its line. A release of 100,000 drafts has some millions of lines: asking the encoder for
    each takes five times as long."""
    heads = [("," if place else "{") + encode_basestring(name) + ":" for place, name in enumerate(names)]

    def line(cells: Sequence[object]) -> str:
        parts = [
            head + (encode_basestring(cell) if type(cell) is str else str(cell) if type(cell) is int else _BARE[cell])
            for head, cell in zip(heads, cells, strict=True)
        ]
        return "".join(parts) + "}\n"

    return line


def lines_of(names: Sequence[str], columns: Sequence[Sequence[object]]) -> list[str]:
    """The lines of many rows, given column by column: the same that `line_maker` makes of each, in a quarter of the time. A text
    that stands in a column again and again is written once."""
    line = "{" + ",".join(encode_basestring(name).replace("%", "%%") + ":%s" for name in names) + "}\n"
    written = [column if set(map(type, column)) == {int} else _written(column) for column in columns]
    return [*map(line.__mod__, zip(*written, strict=True))]


def _written(column: Sequence[object]) -> Iterator[object]:
    """The cells of one column, all of one type but for those that are empty, as they stand in a line."""
    told = {
        cell: encode_basestring(cell) if type(cell) is str else cell if type(cell) is int else _BARE[cell] for cell in set(column)
    }
    return map(told.__getitem__, column)


def cells_of_line(shape: Shape, line: bytes, level: str) -> Cells:
    """The cells of a line. Raises ValueError with what is wrong with it."""
    record = flat_value(line.decode("utf-8"))
    if not isinstance(record, dict) or tuple(record) != shape.names:
        raise ValueError(f"the columns are not {', '.join(shape.names)}")
    return checked(shape, tuple(record.values()), level)


def checked(shape: Shape, cells: Sequence[object], level: str) -> Cells:
    """The cells, each of its column's type. Raises ValueError for the first that is not."""
    for column, cell in zip(shape.columns, cells, strict=True):
        if cell is None and column.optional:
            continue
        kind = type_of(column, level=level)
        if not _IS[kind](cell) or (column.optional and cell == ""):
            raise ValueError(f"{column.name} takes {_IN_WORDS[kind]}, not {str(cell)[:40] or 'an empty text'!r}")
        if column.one_of and cell not in column.one_of:
            raise ValueError(f"{column.name} takes {', '.join(column.one_of)}, not {str(cell)[:40]!r}")
    return tuple(cells)  # type: ignore[arg-type]


def csv_column(column: ReleaseColumn, cells: Sequence[Any]) -> Iterable[str | int | None]:
    """The cells of a column as a CSV has them: true and false in words."""
    return [str(cell).lower() for cell in cells] if column.kind == BOOLEAN else cells


def cells_of_csv(shape: Shape, texts: Sequence[str], level: str) -> Cells:
    """The cells that were written as these texts. Raises ValueError as `checked`."""
    if len(texts) != len(shape.columns):
        raise ValueError(f"the row has {many(len(texts), 'cell')}, not {len(shape.columns)}")
    cells: list[Any] = []
    for column, text in zip(shape.columns, texts, strict=True):
        kind = type_of(column, level=level)
        if text == "" and column.optional:
            cells.append(None)
        elif kind == BOOLEAN:
            cells.append({"true": True, "false": False}.get(text, text))
        elif kind == INTEGER and text.removeprefix("-").isdecimal() and len(text) <= MOST_DIGITS and str(int(text)) == text:
            cells.append(int(text))
        else:
            cells.append(text)
    return checked(shape, cells, level)


_IS: Mapping[str, Any] = {
    TEXT: lambda cell: isinstance(cell, str),
    INTEGER: lambda cell: isinstance(cell, int) and not isinstance(cell, bool) and len(str(cell)) <= MOST_DIGITS,
    BOOLEAN: lambda cell: isinstance(cell, bool),
}
_IN_WORDS = {TEXT: "a text", INTEGER: "a whole number", BOOLEAN: "true or false"}
