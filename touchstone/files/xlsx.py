"""An XLSX workbook as rows of cells: the first sheet that holds a header.

Cells are read as they were shown last: a formula as its value, 3.0 as 3, a box as true or false. A workbook is a packed
file, and one of a few kB can unpack to more than a machine holds: its size and its parts are counted before they are parsed.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from touchstone.errors import Problem
from touchstone.files.table_rows import FIRST_ROWS, IsHeader, TableRow, as_text

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

LARGEST = 150_000_000  # bytes unpacked; and characters read, as a text that is stored once can stand in every cell
# Elements by where they stand, each with its beginning and its end: a tag is packed into a thousandth of what it takes when read.
MOST_TAGS = {"xl/worksheets/": 12_000_000, "xl/sharedStrings": 6_000_000, "": 1_000_000}
MOST_CELLS = 5_000_000
UNPACKED_AT_ONCE = 1 << 20  # bytes
MOST_ROWS, MOST_COLUMNS = 200_000, 300  # a column more is read, so that a table can be refused for it
# What zipfile, the XML parser and openpyxl raise on a file that is broken or made to break them.
BROKEN = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)


class Workbook(NamedTuple):
    """What was read of a workbook: the rows of one sheet, the titles of the others, and what is wrong; the visible sheets with a
    header, and the rows of each where all were asked for."""

    rows: list[TableRow]
    other_sheets: tuple[str, ...]
    problems: list[Problem]
    with_header: tuple[str, ...] = ()
    sheets: Mapping[str, list[TableRow]] = {}


def read_workbook(source: bytes, is_header: IsHeader, every: bool = False) -> Workbook:
    """The rows of the first visible sheet with a header, else of the first visible sheet; of `every` one with a header, where
    that is asked for. Never raises."""
    try:
        if too_large := _too_large(zipfile.ZipFile(io.BytesIO(source))):
            return Workbook([], (), [Problem(None, f"{too_large}: save the sheet as CSV")])
        return _read(source, is_header, every)
    except BROKEN as wrong:
        cannot = f"the workbook cannot be read ({type(wrong).__name__})"
        return Workbook([], (), [Problem(None, f"{cannot}; open it and save the sheet as CSV or XLSX again")])


def _too_large(packed: zipfile.ZipFile) -> str:
    """Why a workbook is not parsed; "" where it can be. It is unpacked piece by piece, and its tags are counted."""
    entries = packed.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > LARGEST:
        return f"the workbook unpacks to {unpacked / 1e6:.0f} MB; at most {LARGEST / 1e6:.0f} MB is taken"
    tags = dict.fromkeys(MOST_TAGS, 0)
    for entry in entries:
        of = next(where for where in MOST_TAGS if entry.filename.lstrip("/").startswith(where))
        with packed.open(entry) as file:
            before = b""
            while piece := file.read(UNPACKED_AT_ONCE):
                tags[of] += piece.count(b"<")
                if b"<!ENTITY" in (before + piece).replace(b"\0", b""):
                    return "the workbook has texts that stand for others (ENTITY), as no spreadsheet writes them"
                before = piece[-16:]
        if tags[of] > MOST_TAGS[of]:
            what = {"xl/worksheets/": "cells", "xl/sharedStrings": "texts"}.get(of, "styles and other parts")
            return f"the workbook holds too many {what}, filled or not, to be read"
    return ""


def _read(source: bytes, is_header: IsHeader, every: bool) -> Workbook:
    from openpyxl import load_workbook  # takes a while, and only workbooks need it

    book = load_workbook(io.BytesIO(source), read_only=True, data_only=True, keep_links=False)
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    headed = [sheet for sheet in visible if _has_header(sheet, is_header)]
    chosen = headed if headed and every else (headed or visible or book.worksheets)[:1]
    others = tuple(sheet.title for sheet in book.worksheets if sheet not in chosen)
    read: dict[str, list[TableRow]] = {}
    cells = letters = 0
    for sheet in chosen:
        rows = read.setdefault(sheet.title, [])
        for row in _rows(sheet):
            rows.append(row)
            if len(rows) > MOST_ROWS:
                too_many = f"the sheet has more than {MOST_ROWS:,} rows; save it as CSV"
                return Workbook([], others, [Problem(row.line, too_many)])
            cells, letters = cells + len(row.cells), letters + sum(map(len, row.cells))
            if cells > MOST_CELLS or letters > LARGEST:
                much = f"up to here there are more than {MOST_CELLS:,} cells or {LARGEST / 1e6:.0f} MB of text"
                return Workbook([], others, [Problem(row.line, f"{much}: leave out columns, or save the sheet as CSV")])
    return Workbook(read[chosen[0].title], others, [], tuple(sheet.title for sheet in headed), read)


def _has_header(sheet: "Worksheet", is_header: IsHeader) -> bool:
    return any(is_header(row.cells) for row in _rows(sheet, FIRST_ROWS))


def _rows(sheet: "Worksheet", most: int | None = None) -> Iterator[TableRow]:
    sheet.reset_dimensions()  # a sheet may claim any size; its rows are what there is
    given = 0
    for line, cells in enumerate(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS + 1), start=1):
        if cells.count(None) == len(cells):  # a sheet may have a million of these before its last cell
            continue
        texts = [as_text(cell) if isinstance(cell, str | int | float | None) else str(cell) for cell in cells]
        texts = [text.replace("_x005F_x", "_x") if "_x005F_x" in text else text for text in texts]  # as Excel reads it
        if any(text.strip() for text in texts):
            yield TableRow(line, texts)
            given += 1
            if given == most:
                return
