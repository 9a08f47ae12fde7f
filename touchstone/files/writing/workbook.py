"""Tables as the sheets of an XLSX workbook, row by row.

A text is a text cell whatever it begins with, so that nothing runs; one that could run when it is edited is marked as text too.
What a workbook cannot hold is told by `Told`: a character that XML has no way to write stands as U+FFFD, and a text that is
longer than a cell may be ends with a mark that says so. No time of writing stands in it: the same tables give the same bytes.
"""

import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from touchstone.english import many
from touchstone.errors import Refused
from touchstone.files.writing.delimited import Value
from touchstone.files.writing.formulas import could_run

if TYPE_CHECKING:
    from openpyxl import Workbook

MOST_ROWS, MOST_COLUMNS, LONGEST_TEXT = 1_048_576, 16_384, 32_767  # Excel's own limits; a text's length in UTF-16 units
MOST_NAMED = 20  # cut texts that are named one by one
NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
READS_AS_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # what Excel reads as the character of that number
ERRORS = ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A")
EPOCH = (1980, 1, 1, 0, 0, 0)  # of every file in the package


@dataclass
class Told:
    """What was done to the texts of a sheet. `cut`: places and lengths of the first that were too long for a cell."""

    replaced: int = 0  # cells in which a character stands as U+FFFD
    too_long: int = 0
    cut: list[str] = field(default_factory=list)

    @property
    def sentences(self) -> list[str]:
        """What must be known of the sheet; nothing where all stands in it as it is."""
        said = []
        if self.too_long:
            more = f" and {self.too_long - len(self.cut):,} more" if self.too_long > len(self.cut) else ""
            said.append(
                f"texts too long for a cell ({LONGEST_TEXT:,} characters), cut with a mark, whole in a CSV: "
                f"{self.too_long:,} ({', '.join(self.cut)}{more})"
            )
        if self.replaced:
            said.append(
                f"cells with a character that a workbook cannot hold, shown as \N{REPLACEMENT CHARACTER}: {self.replaced:,}"
            )
        return said


class Book:
    """A workbook in the making: sheets are added one after the other."""

    def __init__(self, book: "Workbook"):
        self._book = book

    def add(self, title: str, columns: Sequence[str], rows: Iterable[Sequence[Value]], *, wide: Sequence[str] = ()) -> Told:
        """A sheet with a header that stays in view; the columns in `wide` are set wide. Raises Refused for more rows or columns
        than a sheet holds."""
        from openpyxl.cell import WriteOnlyCell  # takes a while, and only workbooks need it
        from openpyxl.styles import Font
        from openpyxl.utils import get_column_letter

        if len(columns) > MOST_COLUMNS:
            raise Refused(f"{many(len(columns), 'column')} are more than a sheet holds ({MOST_COLUMNS:,}); take CSV")
        sheet, told = self._book.create_sheet(title), Told()
        sheet.freeze_panes = "A2"
        for place, column in enumerate(columns, 1):
            width = 60 if column in wide else min(max(len(column) + 2, 10), 36)
            sheet.column_dimensions[get_column_letter(place)].width = width

        def text_cell(text: str) -> Any:
            """A cell of that text, which openpyxl by itself would take for a formula or an error if it looks like one."""
            cell = WriteOnlyCell(sheet, "")
            cell._value, cell.data_type = text, "s"
            return cell

        def cell_of(value: Value, row: int, place: int) -> Any:
            if not isinstance(value, str):
                return value
            text = _fit(value, told, row, place)
            if not could_run(text) and text not in ERRORS:
                return text or None
            cell = text_cell(text)
            cell.quotePrefix = True
            return cell

        head = [text_cell(_fit(column, told, 1, place)) for place, column in enumerate(columns, 1)]
        for cell in head:
            cell.font = Font(bold=True)
        sheet.append(head)
        for number, row in enumerate(rows, 2):
            if number > MOST_ROWS:
                raise Refused(f"a sheet holds {many(MOST_ROWS - 1, 'row')} under its header, and there are more; take CSV")
            sheet.append([cell_of(value, number, place) for place, value in enumerate(row, 1)])
        return told


@contextmanager
def workbook(out: BinaryIO, made_at: datetime) -> Iterator[Book]:
    """A workbook written into `out` when the block ends. `made_at`: the moment its content is of."""
    from openpyxl import Workbook
    from openpyxl.writer.excel import ExcelWriter

    book = Workbook(write_only=True)
    book.properties.creator = "Touchstone"
    book.properties.created = book.properties.modified = made_at.replace(tzinfo=None, microsecond=0)
    try:
        yield Book(book)
        ExcelWriter(book, _Timeless(out, "w", ZIP_DEFLATED)).save()
    finally:
        for sheet in book.worksheets:
            if not sheet.closed:  # refused half way: what was written of it goes
                sheet.close()
                sheet._writer.cleanup()


class _Timeless(ZipFile):
    """A package whose files all bear the same time."""

    def writestr(self, zinfo_or_arcname: Any, data: Any, *_: Any, **__: Any) -> None:
        super().writestr(_entry(zinfo_or_arcname), data)

    def write(self, filename: Any, arcname: Any = None, *_: Any, **__: Any) -> None:
        with Path(filename).open("rb") as source, self.open(_entry(arcname), "w", force_zip64=True) as into:
            shutil.copyfileobj(source, into)


def _entry(name: Any) -> ZipInfo:
    entry = ZipInfo(name.filename if isinstance(name, ZipInfo) else str(name), EPOCH)
    entry.compress_type, entry.create_system, entry.external_attr = ZIP_DEFLATED, 3, 0o600 << 16
    return entry


def _fit(text: str, told: Told, row: int, column: int) -> str:
    """The text as the cell in that row and column can hold it; what that took is told. Line ends become line feeds, as in every
    cell."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if NO_XML.search(text):
        text, told.replaced = NO_XML.sub("\N{REPLACEMENT CHARACTER}", text), told.replaced + 1
    if "_x" in text:
        text = READS_AS_ESCAPE.sub("_x005F_", text)
    if len(text) > LONGEST_TEXT // 2 and _units(text) > LONGEST_TEXT:
        told.too_long += 1
        if len(told.cut) < MOST_NAMED:
            told.cut.append(f"row {row}, column {column}: {many(len(text), 'character')}")
        mark = f"\n[cut here: {many(len(text), 'character')} in all; a CSV has the whole text]"
        kept = text.encode("utf-16-le")[: 2 * (LONGEST_TEXT - len(mark))].decode("utf-16-le", "ignore")
        text = kept + mark
    return text


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
