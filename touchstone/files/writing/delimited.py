"""A table as CSV or TSV, and as a JSON record a line."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from operator import ne
from typing import BinaryIO, TextIO

from touchstone.files.writing.formulas import guarded

BOM = b"\xef\xbb\xbf"  # by which Excel knows UTF-8
Value = str | int | float | None


def rows_writer(text: TextIO, *, separator: str = ",") -> Callable[..., int]:
    """What writes rows into a text that is open without translation of line ends, and says how many texts of theirs were guarded
    (`formulas` beside this)."""
    writer = csv.writer(text, delimiter=separator, lineterminator="\n")
    # A carriage return ends a row for some readers, and the module quotes it from Python 3.13 on alone.
    quoting = csv.writer(text, delimiter=separator, lineterminator="\n", quoting=csv.QUOTE_ALL)

    def write(rows: Iterable[Sequence[Value]], *, returns: bool = True) -> int:
        """`returns`: whether some text may hold a carriage return."""
        guards = 0
        for cells in rows:
            # Most texts begin with a letter or a digit, and `guarded` would give each of them back.
            written = [cell if not isinstance(cell, str) or cell[:1].isalnum() else guarded(cell) for cell in cells]
            guards += sum(map(ne, cells, written))
            quotes = returns and any(isinstance(cell, str) and "\r" in cell for cell in written)
            (quoting if quotes else writer).writerow(written)
        return guards

    return write


def write_delimited(
    out: BinaryIO, columns: Sequence[str], rows: Iterable[Sequence[Value]], *, separator: str = ",", bom: bool = False
) -> int:
    """Write a table with its header into `out`, UTF-8, and say how many texts were guarded. With a byte order mark where `bom`
    asks for one."""
    if bom:
        out.write(BOM)
    text = io.TextIOWrapper(out, encoding="utf-8", errors="replace", newline="", write_through=True)
    guards = rows_writer(text, separator=separator)(chain([columns], rows))
    text.detach()
    return guards


def delimited(columns: Sequence[str], rows: Iterable[Sequence[Value]], *, bom: bool = False) -> bytes:
    """A table as the bytes of a CSV."""
    out = io.BytesIO()
    write_delimited(out, columns, rows, bom=bom)
    return out.getvalue()


def write_lines(out: BinaryIO, columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
    """Write a table as a JSON record a line into `out`, every text as it is."""
    for cells in rows:
        out.write(json.dumps(dict(zip(columns, cells, strict=True)), ensure_ascii=False).encode("utf-8", "replace") + b"\n")
