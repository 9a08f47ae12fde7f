"""A Parquet file as records, nested fields as they are. What the file says of its own size is looked at first.

pyarrow is imported when a file is read: the library has it by the extra "parquet", the app always.
"""

import io
from collections.abc import Iterator, Sequence
from typing import Any

from touchstone.english import many
from touchstone.errors import Problem
from touchstone.files.json_records import Record

AT_ONCE = 200  # rows
LARGEST = 150_000_000  # bytes unpacked, by the file's own word
LARGEST_GIVEN, LARGEST_AT_ONCE = 120_000_000, 30_000_000  # characters of all rows, of the rows looked at together
MOST_CELLS = 5_000_000
MOST_COLUMNS = 5_000


def records_of_parquet(source: bytes, most: int) -> tuple[list[Record], list[Problem]]:
    """The rows of a file, at most so many, each with its number as the line. Never raises."""
    try:
        from pyarrow import ArrowException  # takes a while, and only Parquet needs it
        from pyarrow.parquet import ParquetFile
    except ImportError:
        return [], [Problem(None, "Parquet needs pyarrow: install touchstone[parquet], or save the table as CSV or JSONL")]
    try:
        file = ParquetFile(io.BytesIO(source))
        about = file.metadata
        if about.num_columns > MOST_COLUMNS:
            wide = f"the file has {many(about.num_columns, 'column')}; at most {MOST_COLUMNS:,} are looked at"
            return [], [Problem(None, f"{wide}: leave some out")]
        unpacked = sum(about.row_group(number).total_byte_size for number in range(about.num_row_groups))
        if about.num_rows > most:
            return [], [Problem(None, f"the file has {many(about.num_rows, 'row')}; at most {most:,} are taken: split it")]
        if unpacked > LARGEST:
            size = f"the file unpacks to {unpacked / 1e6:.0f} MB; at most {LARGEST / 1e6:.0f} MB is taken"
            return [], [Problem(None, f"{size}: leave out columns, or split it")]
        cells = _cells(about)
        if cells > MOST_CELLS:
            much = f"the file has {many(cells, 'cell')}, members of lists among them; at most {MOST_CELLS:,} are taken"
            return [], [Problem(None, f"{much}: leave out columns, or split it")]
        # A value that is stored once can stand in every row: so many rows as fit were each row all that is stored.
        return _records(file.iter_batches(batch_size=max(1, min(AT_ONCE, LARGEST_AT_ONCE // max(unpacked, 1)))))
    except (ArrowException, OSError, ValueError, TypeError, LookupError, OverflowError, MemoryError) as wrong:
        cannot = f"the Parquet file cannot be read ({type(wrong).__name__})"
        return [], [Problem(None, f"{cannot}; write it again, or save the table as CSV or JSONL")]


def _cells(about: Any) -> int:
    """How many values the columns hold, blanks and members of lists among them: a million alike are stored as one."""
    return sum(
        about.row_group(number).column(place).num_values
        for number in range(about.num_row_groups)
        for place in range(about.num_columns)
    )


def _records(batches: Iterator[Any]) -> tuple[list[Record], list[Problem]]:
    """The rows of all batches, until they hold more than can be taken."""
    records: list[Record] = []
    given = 0
    for batch in batches:
        batch = batch.rename_columns(_told_apart(batch.schema.names))  # of two columns of one name a record would have the last
        for row in batch.to_pylist():
            given += _size(row)
            records.append(Record(len(records) + 1, row))
        if given > LARGEST_GIVEN:
            size = f"the rows up to here hold more than {LARGEST_GIVEN / 1e6:.0f} MB"
            return [], [Problem(len(records), f"{size}; leave out columns, or split the file")]
    return records, []


def _told_apart(names: Sequence[str]) -> list[str]:
    """The names, with a number behind one that another column has already: "Reply (2)"."""
    told: dict[str, None] = {}
    times: dict[str, int] = {}
    for name in names:
        free = name
        while free in told:
            times[name] = times.get(name, 1) + 1
            free = f"{name} ({times[name]})"
        told[free] = None
    return list(told)


def _size(value: Any) -> int:
    """About the bytes that a value takes: its characters, and something for each part."""
    if isinstance(value, dict):
        return sum(map(_size, value.values()))
    if isinstance(value, list):
        return 8 + sum(map(_size, value))
    return len(value) if isinstance(value, str | bytes) else 8
