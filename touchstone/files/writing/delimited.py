"""A table as CSV or TSV, and as a JSON record a line."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import BinaryIO, TextIO

from touchstone.files.writing.formulas import could_run, guarded

BOM = b"\xef\xbb\xbf"  # by which Excel knows UTF-8
AT_ONCE = 1_000  # rows
Value = str | int | float | None


class CountedRows:
    """Rows, counted as they go by."""

    def __init__(self, rows: Iterable[Sequence[Value]]):
        self.rows, self.number = rows, 0

    def __iter__(self) -> Iterator[Sequence[Value]]:
        for row in self.rows:
            self.number += 1
            yield row


def rows_writer(text: TextIO, *, separator: str = ",") -> Callable[[Iterable[Sequence[Value]]], int]:
    """What writes rows of one length into a text that is open without translation of line ends, and says how many texts of theirs
    were guarded (`formulas` beside this)."""
    writer = csv.writer(text, delimiter=separator, lineterminator="\n")
    # A carriage return ends a row for some readers, and the module quotes it from Python 3.13 on alone.
    quoting = csv.writer(text, delimiter=separator, lineterminator="\n", quoting=csv.QUOTE_ALL)

    def write(rows: Iterable[Sequence[Value]]) -> int:
        guards, coming = 0, iter(rows)
        while some := list(islice(coming, AT_ONCE)):
            columns, returns = [], False
            for column in zip(*some, strict=True):
                # Column by column, as most texts of one stand in it again and again; a text of these is looked at once.
                texts = {cell for cell in column if isinstance(cell, str)}
                returns = returns or any("\r" in each for each in texts)
                safe = {each: guarded(each) for each in texts if could_run(each)}
                guards += sum(cell in safe for cell in column) if safe else 0
                columns.append([safe.get(cell, cell) for cell in column] if safe else column)
            for written in zip(*columns, strict=True) if returns else ():
                (quoting if any(isinstance(cell, str) and "\r" in cell for cell in written) else writer).writerow(written)
            if not returns:
                writer.writerows(zip(*columns, strict=True))
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
