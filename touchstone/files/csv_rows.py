"""CSV, and a range pasted from a spreadsheet, as rows with the line each begins on, whatever a spreadsheet made of it.

Semicolons or tabs for commas, a byte order mark, a title above the header, blank rows and columns at the end, a line break in a
cell: all of that is a table. What is no table at all is a problem with its line. The apostrophe that keeps a text from being run
as a formula is taken off (touchstone.files.writing.formulas).
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice

from touchstone.english import many
from touchstone.errors import Problem, enough
from touchstone.files.table_rows import FIRST_ROWS, IsHeader, TableRow
from touchstone.files.text import LONGEST_LINE, lines_of
from touchstone.files.writing.formulas import unguarded

SEPARATORS = ",;\t"
WIDEST = 2_000  # cells of a pasted row: nothing is read beyond one as wide, which whoever reads it refuses
# A cell of a pasted range. It is quoted only where a quote ends it, too: a spreadsheet copies 5" or "so-called" as they are.
PASTED = re.compile(r'"((?:[^"]|"")*+)"(?=\t|\r?\n|\Z)|([^\t\r\n]*+)')


def rows_by_header(source: bytes, problems: list[Problem]) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a CSV whose first row is its header, each with the line it begins on. Cells are stripped only in the header.

    The separator is the comma, semicolon or tab that the header holds most of. A row with more or fewer cells than
    the header is a problem; a row with no content is passed over.
    """
    text = _text(source, problems)
    if text is None:
        return
    header: list[str] | None = None
    for line, cells in _rows(text, _separators(text)[0], problems):
        if header is None:
            header = [cell.strip() for cell in cells]
            twice = next((name for name, number in Counter(header).items() if number > 1 and name), "")
            if twice:
                problems.append(Problem(line, f"the column {twice} appears twice; rename one"))
                return
        elif enough(problems, line):
            return
        elif len(cells) != len(header):
            problems.append(wrong_width(TableRow(line, cells), header))
        else:
            yield line, dict(zip(header, cells, strict=True))


def rows_with_a_header(source: bytes, is_header: IsHeader, problems: list[Problem]) -> list[TableRow]:
    """The rows of a CSV that have content, its header among them, wherever it stands. The separator is the comma, semicolon or
    tab under which a row reads as a header; where none does, the one that the first line holds most of."""
    text = _text(source, problems)
    if text is None:
        return []
    return list(_rows(text, separator_of(text, is_header), problems))


def separator_of(text: str, is_header: IsHeader) -> str:
    """The separator under which one of the first rows reads as a header; else the one that the first line holds most of."""
    separators = _separators(text)
    for separator in separators:
        if any(is_header(row.cells) for row in islice(_rows(text, separator, []), FIRST_ROWS)):
            return separator
    return separators[0]


def rows_of_any_width(text: str, problems: list[Problem], most: int) -> list[TableRow]:
    """The rows with content of a text that is a table, `most` and one at most. The separator is the tab, comma, semicolon or
    bar under which most of the first rows are of one width, and the widest of those."""

    def likeness(separator: str) -> tuple[float, int]:
        widths = Counter(len(row.cells) for row in islice(_rows_under(text, separator, []), FIRST_ROWS))
        width, alike = widths.most_common(1)[0] if widths else (1, 0)
        return (alike / widths.total() if width > 1 else 0.0, width)

    separator = max("\t,;|", key=likeness)
    return list(islice(_rows_under(text, separator, problems), most + 1))


def _rows_under(text: str, separator: str, problems: list[Problem]) -> Iterator[TableRow]:
    return _pasted(text) if separator == "\t" else _rows(text, separator, problems)


def _pasted(text: str) -> Iterator[TableRow]:
    """The rows of a range as a spreadsheet puts it on the clipboard: tabs between cells, a cell with a line break quoted."""
    at, line, begins, cells = 0, 1, 1, list[str]()
    while at <= len(text):
        found = PASTED.match(text, at)
        assert found is not None  # it matches nothing at all, too
        quoted = found[1] is not None
        cells.append(found[1].replace('""', '"') if quoted else found[2])
        line += found[0].count("\n")
        at = found.end()
        if text.startswith("\t", at) and len(cells) < WIDEST:
            at += 1
            continue
        at = len(text) + 1 if len(cells) == WIDEST else at + (2 if text.startswith("\r\n", at) else 1)
        line += 1
        if any(cell.strip() for cell in cells):
            yield TableRow(begins, cells)
        cells, begins = [], line


def wrong_width(row: TableRow, header: list[str]) -> Problem:
    """The problem of a row that is not as wide as its header."""
    cells = f"the row has {many(len(row.cells), 'cell')} and the header {len(header)}"
    return Problem(row.line, f"{cells}; quote a text that contains a separator")


def _text(source: bytes, problems: list[Problem]) -> str | None:
    text = "\n".join(line for _, line in lines_of(source, problems))
    return None if problems else text


def _separators(text: str) -> list[str]:
    """The separators, the one that the first line with content holds most of first."""
    head = next((line for line in text.split("\n") if line.strip()), "")
    return sorted(SEPARATORS, key=head.count, reverse=True)


def _rows(text: str, separator: str, problems: list[Problem]) -> Iterator[TableRow]:
    """The rows with content, up to the first place that is not CSV."""
    return rows_of_lines(io.StringIO(text, newline=""), separator, problems)


def rows_of_lines(lines: Iterable[str], separator: str, problems: list[Problem]) -> Iterator[TableRow]:
    """The rows with content of a CSV whose lines come one after the other, each with its end; up to the first that is not CSV."""
    csv.field_size_limit(LONGEST_LINE)
    reader, begins = csv.reader(lines, delimiter=separator, strict=True), 1
    try:
        for cells in reader:
            line, begins = begins, reader.line_num + 1
            if any(cell.strip() for cell in cells):
                yield TableRow(line, [unguarded(cell) for cell in cells])
    except csv.Error as wrong:
        problems.append(Problem(reader.line_num, f"this is not CSV: {wrong}"))
