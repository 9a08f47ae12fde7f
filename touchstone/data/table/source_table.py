"""A table out of any file that people have one in: names of columns, and rows of cells as texts.

    CSV, TSV, a paste    whatever the separator; UTF-8, UTF-16 or Windows-1252
    XLSX                 one sheet: formulas as their values
    JSON, JSONL, Parquet a column for each path of the records

A title above the header is left out, a repeated header too, a column without a name gets one, of two columns of one name the
second is told apart; each is said in `remarks`. What cannot be read is a problem with its line. Nothing is read beyond
MOST_ROWS rows, MOST_COLUMNS columns, and what the readers of bytes take.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from touchstone.data.table.records import BINARY, by_member, flat, unwrapped
from touchstone.data.task import LONGEST_ID
from touchstone.english import listed, many, ranges
from touchstone.errors import Problem
from touchstone.files.csv_rows import rows_of_any_width, wrong_width
from touchstone.files.json_records import Record, records
from touchstone.files.parquet import records_of_parquet
from touchstone.files.table_rows import FIRST_ROWS, TableRow
from touchstone.files.text import LARGEST, as_utf8, whole_text
from touchstone.files.xlsx import read_workbook

MOST_ROWS, MOST_COLUMNS = 200_000, 300
LONGEST_CELL, MOST_TEXT = 1_000_000, 150_000_000  # characters: of a cell, of all
LONG_FOR_A_NAME = 100
MIDNIGHT = re.compile(r"(\d{4}-\d\d-\d\d) 00:00:00")
NUMBER = re.compile(r"[-+]?[\d.,]+%?")
HAS_LINES = (".json", ".jsonl", ".ndjson")


class SourceTable(NamedTuple):
    """`columns`: each name once, none blank; `rows`: as wide as those; `remarks`: what was seen and left out; `sheets`: of a
    workbook those that could be read, of which this is `sheet`; `is_of_rows`: whether it might as well have no header. Without
    columns where there are problems."""

    columns: tuple[str, ...]
    rows: Sequence[TableRow]
    remarks: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    sheets: tuple[str, ...] = ()
    sheet: str = ""
    has_header: bool = True
    is_of_rows: bool = False

    def cells(self, column: str) -> list[str]:
        place = self.columns.index(column)
        return [row.cells[place] for row in self.rows]


def read_table(
    source: bytes, file_name: str, *, sheet: str = "", has_header: bool | None = None, of_members: bool = False
) -> SourceTable:
    """The table in a file; `sheet` names one of a workbook's, `has_header` says whether its first row names the columns where
    that is not to be guessed; `of_members`: a row for each member of a list in a record. Never raises."""
    if source.startswith(b"PK\x03\x04"):
        return _of_workbook(source, sheet, has_header)
    if source.startswith(b"\xd0\xcf\x11\xe0"):
        return _refused("this is a workbook of the old kind (.xls); open it and save it as XLSX or CSV")
    if source.startswith(b"PAR1"):
        return _of_records(*records_of_parquet(source, MOST_ROWS), (), of_members)
    if len(source) > LARGEST:
        return _refused(f"the file has {len(source) / 1e6:.0f} MB; at most {LARGEST / 1e6:.0f} MB is taken: split it")
    text_source, encoding = as_utf8(source)
    said = f"read as {encoding}, as it is not UTF-8: look at letters such as ä and é below"
    remarks = (said,) if encoding else ()
    name = file_name.lower()
    if (
        name.endswith(HAS_LINES)
        or not name.endswith((".csv", ".tsv"))
        and text_source[:200].lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in (b"{", b"[")
    ):
        return _of_records(*records(text_source, MOST_ROWS), remarks, of_members)
    problems: list[Problem] = []
    text = whole_text(text_source, problems)
    rows = [] if text is None else rows_of_any_width(text, problems, MOST_ROWS + 1)
    return _of_rows(rows, remarks, problems, has_header=has_header, ragged="\t" in (text or "").partition("\n")[0])


def tables_of(source: bytes, file_name: str, sheets: Sequence[str]) -> list[SourceTable]:
    """The tables of these sheets of a workbook, read once; those that cannot be read have problems."""
    book = read_workbook(source, _is_of_a_table, every=True)
    made = []
    for sheet in sheets:
        rows = book.sheets.get(sheet, [])
        table = _of_rows(rows, (), list(book.problems), has_header=None, ragged=True, lines_are_rows=True)
        made.append(table._replace(sheets=tuple(book.sheets), sheet=sheet))
    return made


def _is_of_a_table(cells: Sequence[str]) -> bool:
    return sum(bool(cell.strip()) for cell in cells) > 1


def _refused(reason: str, line: int | None = None) -> SourceTable:
    return SourceTable((), (), (), (Problem(line, reason),))


def _of_workbook(source: bytes, sheet: str, has_header: bool | None) -> SourceTable:
    book = read_workbook(source, _is_of_a_table, every=True)
    if book.problems:
        return SourceTable((), (), (), tuple(book.problems))
    if sheet and sheet not in book.sheets:
        there = f"there {'is' if len(book.sheets) == 1 else 'are'} {listed(list(book.sheets))}"
        return _refused(f"there is no sheet {sheet} with a table; {there}")
    chosen = sheet or next(iter(book.sheets))
    others = [each for each in (*book.sheets, *book.other_sheets) if each != chosen]
    remarks = (f"the sheet {chosen} is read, not {listed(others[:6])}",) if others else ()
    made = _of_rows(book.sheets[chosen], remarks, [], has_header=has_header, ragged=True, lines_are_rows=True)
    return made._replace(sheets=tuple(book.sheets), sheet=chosen)


def _of_rows(
    rows: Sequence[TableRow],
    remarks: tuple[str, ...],
    problems: list[Problem],
    *,
    has_header: bool | None,
    ragged: bool,
    lines_are_rows: bool = False,
) -> SourceTable:
    """A table of rows, its header found among them. `ragged`: a row need not be as wide as the header; `lines_are_rows`: a row
    has one line, however many are in its cells."""
    if problems:
        return SourceTable((), (), (), tuple(problems))
    if not rows:
        return _refused("there is no table in it: it is empty")
    place = _place_of_header(rows) if has_header is not False else 0
    headed = _names_columns(rows[place].cells) if has_header is None else has_header
    said = list(remarks)
    if place:
        said.append(f"above the header, left out: {_quoted(rows[:place])}")
    body = rows[place + 1 :] if headed else rows[place:]
    width = max(_width(row.cells) for row in (rows[place], *(body if ragged else ())))
    if width > MOST_COLUMNS:
        return _refused(f"the table has more than {MOST_COLUMNS} columns; leave some out", rows[place].line)
    if not headed:
        said.append("the first row holds no names of columns, so they are numbered")
    after_blank = _after_blank_lines(body, lines_are_rows)
    squared, problems = _squared(body, width, ragged, rows[place], after_blank)
    said += _of_a_second_table(body, after_blank)
    if headed and (again := [row.line for row in squared if row.cells == _padded(rows[place].cells, width)]):
        said.append(f"the header stands again, left out: {'line' if len(again) == 1 else 'lines'} {ranges(again)}")
        repeated = set(again)
        squared = [row for row in squared if row.line not in repeated]
    made = _checked(_padded(rows[place].cells, width) if headed else [""] * width, squared, said, problems, headed)
    return made._replace(is_of_rows=True)


def _place_of_header(rows: Sequence[TableRow]) -> int:
    """The first of the first rows with at least half as many filled cells as the fullest of them."""
    filled = [sum(bool(cell.strip()) for cell in row.cells) for row in rows[:FIRST_ROWS]]
    return next(place for place, number in enumerate(filled) if 2 * number >= max(filled))


def _names_columns(cells: Sequence[str]) -> bool:
    """Whether a row can be names of columns: nothing long in it, and not mostly numbers."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    numbers = sum(bool(NUMBER.fullmatch(cell)) for cell in filled)
    return (
        all(len(cell) <= LONG_FOR_A_NAME for cell in filled) and 2 * numbers <= len(filled) and len(set(filled)) * 2 > len(filled)
    )


def _quoted(rows: Sequence[TableRow]) -> str:
    texts = [" ".join(cell for cell in row.cells if cell.strip())[:60] for row in rows]
    return listed([f"“{text}” (line {row.line})" for text, row in zip(texts[:3], rows, strict=False)])


def _width(cells: Sequence[str]) -> int:
    return max((place for place, cell in enumerate(cells, start=1) if cell.strip()), default=0)


def _padded(cells: Sequence[str], width: int) -> list[str]:
    return [*cells[:width], *[""] * (width - len(cells))]


def _after_blank_lines(rows: Sequence[TableRow], lines_are_rows: bool) -> set[int]:
    """The lines of rows that stand after a blank one."""
    return {
        row.line
        for before, row in pairwise(rows)
        if row.line > before.line + 1 + (0 if lines_are_rows else sum(cell.count("\n") for cell in before.cells))
    }


def _of_a_second_table(rows: Sequence[TableRow], after_blank: set[int]) -> list[str]:
    """The sentence on a row after a blank one that could be another header: names, and no figure among them."""
    for row in rows:
        if (
            row.line in after_blank
            and _width(row.cells) > 1
            and _names_columns(row.cells)
            and not any(map(str.isdigit, "".join(row.cells)))
        ):
            names = ", ".join(cell for cell in row.cells if cell.strip())[:80]
            return [f"if line {row.line} ({names}), after a blank one, is the header of another table, split the file there"]
    return []


def _squared(
    rows: Sequence[TableRow], width: int, ragged: bool, header: TableRow, after_blank: set[int]
) -> tuple[list[TableRow], list[Problem]]:
    """Rows as wide as the table. Where another table begins, that is the problem, not each of its rows."""
    kept, problems = list[TableRow](), list[Problem]()
    for row in rows:
        if not ragged and row.line in after_blank and len(row.cells) != len(header.cells):
            widths = f"{many(len(row.cells), 'cell')} where the header has {len(header.cells)}"
            problems.append(
                Problem(row.line, f"another table seems to begin here, with {widths}; split the file into one table each")
            )
            break
        if not ragged and (len(row.cells) < len(header.cells) or _width(row.cells) > len(header.cells)):
            problems.append(wrong_width(row, header.cells))
        else:
            kept.append(TableRow(row.line, _padded(row.cells, width)))
    return kept, problems


def _of_records(found: Sequence[Record], problems: list[Problem], remarks: tuple[str, ...], of_members: bool) -> SourceTable:
    if problems:
        return SourceTable((), (), (), tuple(problems))
    given, said = unwrapped(found)
    try:
        given, more = by_member(given) if of_members else (given, [])
    except ValueError as wrong:
        return _refused(str(wrong))
    if len(given) > MOST_ROWS:
        return _refused(f"the file has more than {MOST_ROWS:,} records; split it")
    flattened, names = [], dict[str, None]()
    for line, record in given:
        row = flat(record)
        flattened.append((line, row))
        names.update(dict.fromkeys(row))
        if len(names) > MOST_COLUMNS:
            return _refused(f"the records have more than {MOST_COLUMNS} fields; leave some out", line)
    if not names:
        return _refused("there is no table in it: it is empty")
    rows = [TableRow(line, [row.get(name, "") for name in names]) for line, row in flattened]
    return _checked(list(names), rows, [*remarks, *([said] if said else []), *more], [], True)


def _checked(header: Sequence[str], rows: list[TableRow], said: list[str], problems: list[Problem], headed: bool) -> SourceTable:
    """The table with a name for each column that holds something; what no store can hold is a problem."""
    problems = problems + [Problem(row.line, wrong) for row in rows for cell in row.cells if (wrong := _unfit(cell))]
    if len(rows) > MOST_ROWS:
        problems.append(Problem(None, f"the table has more than {MOST_ROWS:,} rows; split it"))
    if sum(len(cell) for row in rows for cell in row.cells) > MOST_TEXT:  # a workbook stores a text once, wherever it stands
        problems.append(Problem(None, f"the table holds more than {MOST_TEXT / 1e6:.0f} MB of text; split it"))
    if not rows and not problems:
        problems.append(Problem(None, "the table has no rows under its header"))
    if problems:
        return SourceTable((), (), tuple(said), tuple(problems))
    filled = [place for place in range(len(header)) if any(row.cells[place].strip() for row in rows)]
    empty = [name for place in sorted(set(range(len(header))) - set(filled)) if (name := _name(header[place]))]
    names = _names([(place, _name(header[place])) for place in filled], said if headed else [])
    columns = {name: _cells(rows, place) for name, place in zip(names, filled, strict=True)}
    binary = [name for name, cells in columns.items() if set(cells) <= {BINARY, ""}]
    for gone, why in ((empty, "nothing is in"), (binary, "what cannot be shown (binary data) is in")):
        if gone:
            more = " …" if len(gone) > 12 else ""
            said.append(f"{why} {'the column' if len(gone) == 1 else 'the columns'} {listed(gone[:12])}{more}: left out")
    kept = [cells for name, cells in columns.items() if name not in binary]
    made = [TableRow(row.line, list(cells)) for row, cells in zip(rows, zip(*kept, strict=True), strict=False)]
    return SourceTable(tuple(name for name in names if name not in binary), made, tuple(said), has_header=headed)


def _name(given: str) -> str:
    """A name in a header as it is shown: on one line, without invisible characters."""
    return " ".join("".join(each if each.isprintable() else " " for each in given[: 2 * LONGEST_ID]).split())[:LONGEST_ID]


def _names(given: Sequence[tuple[int, str]], said: list[str]) -> list[str]:
    """A name for each column, none twice; `given` by place, "" for none."""
    names = dict[str, None]()
    for place, name in given:
        first = called = name or f"column {place + 1}"
        number = 1
        while called in names:
            called, number = f"{first} ({number + 1})", number + 1
        if not name:
            said.append(f"column {place + 1} has no name in the header, and is called {called}")
        elif called != name:
            said.append(f"the column {name} stands twice; the second is called {called}")
        names.setdefault(called)
    return list(names)


def _unfit(cell: str) -> str:
    """Why no store can hold a text; "" where one can."""
    if len(cell) > LONGEST_CELL:
        return f"a cell has {many(len(cell), 'character')}; at most {LONGEST_CELL:,} are taken"
    if "\0" in cell:
        return "a text contains a NUL character; remove it"
    try:
        cell.encode()
    except UnicodeEncodeError:
        return "a text contains half a character (a lone surrogate); write the whole character"
    return ""


def _cells(rows: Sequence[TableRow], place: int) -> list[str]:
    """A column's cells; of dates without a time the date alone."""
    cells = [row.cells[place] for row in rows]
    days = [MIDNIGHT.fullmatch(cell) for cell in cells if cell]
    return [cell[:10] for cell in cells] if days and all(days) else cells


def in_one_sentence(table: SourceTable) -> str:
    """ "24 rows, 5 columns"."""
    return f"{many(len(table.rows), 'row')}, {many(len(table.columns), 'column')}"
