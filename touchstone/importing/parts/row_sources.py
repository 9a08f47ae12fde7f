"""Rows of a CSV or of JSONL as they come: no more of the file is in hand than a part of it."""

import io
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import BinaryIO, NamedTuple, Protocol, TypeVar

from touchstone.errors import Problem, enough
from touchstone.files.csv_rows import rows_of_lines, separator_of
from touchstone.files.json_records import Record, record_of_line
from touchstone.files.table_rows import TableRow, as_text
from touchstone.files.text import UTF_16, lines_as_they_come
from touchstone.importing.contract import ImportedFile, Names
from touchstone.importing.formats import FLAT, TABLE, format_of, is_text, rows_of_text
from touchstone.importing.shapes import flat_records
from touchstone.importing.table import is_header_for

Opened = Callable[[], BinaryIO]  # a file from its begin, anew each time
HEAD_LINES, HEAD_RECORDS = 1_000, 50  # of a file: by these it is seen what it is
AT_ONCE = 5_000  # rows of a part
EXAMPLE = '{"id": …, "annotator": …, "dimension": …, "value": …}'
T = TypeVar("T")


class RowSource(Protocol):
    """The rows of one file, the header among them. `kind`: what is said of its format beside the table's."""

    @property
    def kind(self) -> str: ...
    def rows(self, problems: list[Problem]) -> Iterator[TableRow]: ...


class CsvRows(NamedTuple):
    """The rows of a CSV."""

    opened: Opened
    separator: str
    kind: str = ""

    def rows(self, problems: list[Problem]) -> Iterator[TableRow]:
        """What cannot be read as text is told, and else what is no CSV."""
        unreadable: list[Problem] = []
        with self.opened() as stream:
            yield from rows_of_lines(_lines(stream, unreadable), self.separator, problems)
        if unreadable:
            problems[:] = unreadable


class FlatRows(NamedTuple):
    """The rows that flat records make under one header, which is the first row."""

    opened: Opened
    names: Names
    header: tuple[str, ...]
    kind: str = " of records"

    def rows(self, problems: list[Problem]) -> Iterator[TableRow]:
        """Problems were told when the header was put together."""
        yield TableRow(1, list(self.header))
        for record in _flat(self.opened, self.names, []):
            yield TableRow(record.line, [as_text(record.data.get(name)) for name in self.header])


def row_source(opened: Opened, names: Names, format: str) -> tuple[RowSource, list[Problem]] | None:
    """The rows of a file, with what is wrong in it as far as it was read; None for one that is not CSV and not flat JSONL, a
    record a line, or whose first lines are something else than a table."""
    with opened() as stream:
        begin = stream.read(4096)
    if begin.startswith((b"PK\x03\x04", *UTF_16)):
        return None
    if is_text(begin):
        return _csv(opened, names) if format in ("auto", TABLE) else None
    return _records(opened, names) if format in ("auto", FLAT) and begin.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{" else None


def _csv(opened: Opened, names: Names) -> tuple[RowSource, list[Problem]] | None:
    with opened() as stream:
        head = [text for _, text in islice(lines_as_they_come(stream), HEAD_LINES) if isinstance(text, str)]
    if rows_of_text("\n".join(head).encode(), names, ImportedFile("")):
        return None
    return CsvRows(opened, separator_of("\n".join(head), is_header_for(names))), []


def _records(opened: Opened, names: Names) -> tuple[RowSource, list[Problem]] | None:
    first: list[Problem] = []
    head = list(islice(_as_they_stand(opened, first), HEAD_RECORDS))
    if first or len(head) < 2 or format_of(head) != FLAT:
        return None
    header: dict[str, None] = {}
    problems: list[Problem] = []
    for record in _flat(opened, names, problems):
        header |= dict.fromkeys(record.data)
    return FlatRows(opened, names, tuple(header)), problems


def _flat(opened: Opened, names: Names, problems: list[Problem]) -> Iterator[Record]:
    for record in _as_they_stand(opened, problems):
        yield from flat_records([record], names)


def _as_they_stand(opened: Opened, problems: list[Problem]) -> Iterator[Record]:
    with opened() as stream:
        for number, text in lines_as_they_come(stream):
            if enough(problems, number):
                return
            if isinstance(text, Problem):
                problems.append(text)
            elif alone := text.strip().strip(","):
                record = record_of_line(number, alone, EXAMPLE)
                if isinstance(record, Problem):
                    problems.append(record._replace(cause=""))
                else:
                    yield Record(number, record)


def _lines(stream: BinaryIO, problems: list[Problem]) -> Iterator[str]:
    for number, text in lines_as_they_come(stream):
        if enough(problems, number):
            return
        if isinstance(text, Problem):
            problems.append(text)
        elif "\r" in text:  # it may end a line by itself
            yield from io.StringIO(text + "\n", newline="")
        else:
            yield text + "\n"


def in_parts(values: Iterable[T], size: int = AT_ONCE) -> Iterator[list[T]]:
    """The values some thousands at a time, in order."""
    each = iter(values)
    while part := list(islice(each, size)):
        yield part
