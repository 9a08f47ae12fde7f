"""An XLSX workbook as rows of cells: the first sheet that holds a table of labels.

Cells are read as they were shown last: a formula as its value, 3.0 as 3, a box as true or false. A workbook is a packed
file, and one of a few kB can unpack to more than a machine holds; what it says of its own size is looked at first.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator

from touchstone.errors import Problem
from touchstone.files.csv_rows import FIRST_ROWS, IsHeader, Row
from touchstone.importing.contract import Reading, as_text

LARGEST = 150_000_000  # bytes unpacked
MOST_ROWS, MOST_COLUMNS = 200_000, 300
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


def xlsx_rows(source: bytes, is_header: IsHeader, reading: Reading) -> list[Row]:
    """The rows of the sheet to read; the other sheets are listed as left out. Never raises."""
    try:
        unpacked = sum(each.file_size for each in zipfile.ZipFile(io.BytesIO(source)).infolist())
        if unpacked > LARGEST:
            reading.refuse(
                None,
                f"the workbook unpacks to {unpacked / 1e6:.0f} MB; at most {LARGEST / 1e6:.0f} MB is taken: "
                "save the sheet of labels as CSV",
            )
            return []
        return _rows(source, is_header, reading)
    except BROKEN as wrong:
        reading.problems[:] = [
            Problem(
                None, f"the workbook cannot be read ({type(wrong).__name__}); open it and save the sheet as CSV or XLSX again"
            )
        ]
        return []


def _rows(source: bytes, is_header: IsHeader, reading: Reading) -> list[Row]:
    from openpyxl import load_workbook  # takes a while, and only workbooks need it

    book = load_workbook(io.BytesIO(source), read_only=True, data_only=True, keep_links=False)
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    chosen = next((sheet for sheet in sheets if any(is_header(row.cells) for row in _of_sheet(sheet, FIRST_ROWS))), None)
    for sheet in book.worksheets:
        if sheet is not chosen and (chosen or sheet is not (sheets or book.worksheets)[0]):
            reading.leave_out(f"the sheet {sheet.title}")
    found = []
    for row in _of_sheet(chosen or (sheets or book.worksheets)[0]):
        found.append(row)
        if len(found) > MOST_ROWS:
            reading.refuse(row.line, f"the sheet has more than {MOST_ROWS:,} rows; save it as CSV")
            return []
    return found


def _of_sheet(sheet, most: int | None = None) -> Iterator[Row]:
    sheet.reset_dimensions()  # a sheet may claim any size; its rows are what there is
    given = 0
    for line, cells in enumerate(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS), start=1):
        texts = [as_text(cell) if isinstance(cell, str | int | float | None) else str(cell) for cell in cells]
        if any(text.strip() for text in texts):
            yield Row(line, texts)
            given += 1
            if given == most:
                return
