"""CSV as rows of cells with the line each begins on, whatever a spreadsheet made of it.

Semicolons or tabs for commas, a BOM, a title above the header, blank rows and columns at the end, a line break in a cell:
all of that is a table. What is no table at all is a problem with its line.
"""

import csv
import io
from collections.abc import Callable, Sequence
from typing import NamedTuple

from touchstone.data.task import LONGEST_LINE, lines_of
from touchstone.errors import Problem

FIRST_ROWS = 20  # a header stands among these


class Row(NamedTuple):
    """One row of a table; cells as they were. `line` counts from 1."""

    line: int
    cells: list[str]


IsHeader = Callable[[Sequence[str]], bool]


def csv_rows_of(source: bytes, is_header: IsHeader, problems: list[Problem]) -> list[Row]:
    """The rows of a CSV that have content. The separator is the comma, semicolon or tab under which a row reads as a header;
    where none does, the one that the first line holds most of."""
    text = "\n".join(line for _, line in lines_of(source, problems))
    if problems:
        return []
    csv.field_size_limit(LONGEST_LINE)
    head = next((line for line in text.split("\n") if line.strip()), "")
    by_count = sorted(",;\t", key=head.count, reverse=True)
    for separator in by_count:
        if any(is_header(row.cells) for row in _rows(text, separator, [], FIRST_ROWS)):
            return _rows(text, separator, problems)
    return _rows(text, by_count[0], problems)


def _rows(text: str, separator: str, problems: list[Problem], most: int | None = None) -> list[Row]:
    reader, begins, found = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True), 1, []
    try:
        for cells in reader:
            line, begins = begins, reader.line_num + 1
            if any(cell.strip() for cell in cells):
                found.append(Row(line, cells))
            if most is not None and len(found) >= most:
                break
    except csv.Error as wrong:
        problems.append(Problem(reader.line_num, f"this is not CSV: {wrong}"))
    return found
