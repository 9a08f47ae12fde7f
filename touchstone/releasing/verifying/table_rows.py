"""Reading the tables of a release back: row by row, each row checked, nothing read that is larger than it can be."""

import csv
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from touchstone.english import many
from touchstone.files.writing.formulas import unguarded
from touchstone.releasing.manifest import TableTerms
from touchstone.releasing.rows import cells_of_csv, cells_of_line, line_maker, lines_of
from touchstone.releasing.table_files import parquet_name, schema_of
from touchstone.releasing.tables import TEXT, Cells, Row, Shape, as_row, type_of
from touchstone.releasing.verifying.findings import Faults

LONGEST_LINE = 50_000_000  # bytes
AT_ONCE = 5_000  # rows of a Parquet file
HEADS = 2_000_000  # bytes of a Parquet file that are not rows


class Digests:
    """The rows of one file, by partition, as they go by."""

    def __init__(self, file: str, shape: Shape, terms: TableTerms) -> None:
        self._file, self._shape, self._terms = file, shape, terms
        self._of = {each.partition: sha256() for each in terms.splits.values()}
        self._rows = dict.fromkeys(self._of, 0)
        self._line_of = line_maker(shape.names)

    def add(self, cells: Cells) -> None:
        """Raises ValueError for a row of a partition that the manifest does not have."""
        self.add_line(cells, self._line_of(cells).encode())

    def add_lines(self, partitions: set[Any], lines: Sequence[str]) -> None:
        """The lines of a file that has one partition alone. Raises ValueError where they are of another."""
        if lines and partitions != set(self._of):
            raise ValueError("it has rows of another partition")
        for partition, digest in self._of.items():
            digest.update("".join(lines).encode())
            self._rows[partition] += len(lines)

    def add_line(self, cells: Cells, line: bytes) -> None:
        partition: Any = cells[self._shape.partition]
        if partition not in self._of:
            raise ValueError(f"the manifest has no partition {partition!r}")
        self._of[partition].update(line)
        self._rows[partition] += 1

    def hold(self, findings: Faults) -> None:
        for each in self._terms.splits.values():
            if (self._rows[each.partition], self._of[each.partition].hexdigest()) != (each.rows, each.sha256):
                named = "without a partition" if each.partition is None else f"of the partition {each.partition}"
                findings.add(self._file, f"its rows {named} are not those of the manifest")


def rows_of_lines(folder: Path, shape: Shape, terms: TableTerms | None, level: str, findings: Faults) -> Iterator[Row]:
    """The rows of a table by its JSON lines; ends at the first that is wrong. Their digests are held at the end."""
    if terms is None:
        return
    file = f"{shape.name}.jsonl"
    digests = Digests(file, shape, terms)
    with (folder / file).open("rb") as source:
        number = 0
        while line := source.readline(LONGEST_LINE + 1):
            number += 1
            try:
                if len(line) > LONGEST_LINE:
                    raise ValueError(f"is longer than {LONGEST_LINE / 1e6:.0f} MB")
                cells = cells_of_line(shape, line, level)
                digests.add_line(cells, line)
            except (ValueError, RecursionError) as wrong:
                told = "is nested too deep" if isinstance(wrong, RecursionError) else str(wrong)[:300]
                findings.add(file, told, f"line {number}")
                return
            yield as_row(shape, cells)
    digests.hold(findings)


def check_csv(folder: Path, shape: Shape, terms: TableTerms, level: str, findings: Faults) -> None:
    """Hold the CSV of a table against its digests: it must have the rows that the JSON lines have."""
    file, number = f"{shape.name}.csv", 1
    digests = Digests(file, shape, terms)
    csv.field_size_limit(LONGEST_LINE)
    try:
        with (folder / file).open("r", encoding="utf-8", newline="") as text:
            reader = csv.reader(text, strict=True)
            if next(reader, None) != list(shape.names):
                raise ValueError(f"the columns are not {', '.join(shape.names)}")
            for number, cells in enumerate(reader, start=2):  # noqa: B007
                digests.add(cells_of_csv(shape, [unguarded(cell) for cell in cells], level))
    except (ValueError, csv.Error) as wrong:
        findings.add(file, str(wrong)[:300], f"row {number}")
        return
    digests.hold(findings)


def check_parquet(folder: Path, shape: Shape, terms: TableTerms, level: str, findings: Faults) -> str:
    """The same of the Parquet files. "" where they were checked, else why not."""
    try:
        from pyarrow import ArrowException
        from pyarrow.parquet import ParquetFile, read_schema
    except ImportError:
        return "Parquet files were held against their digests alone: reading them needs pyarrow (touchstone[parquet])"
    texts = [each.name for each in shape.columns if type_of(each, level=level) == TEXT]
    most = (folder / f"{shape.name}.jsonl").stat().st_size
    for split, each in terms.splits.items():
        file = parquet_name(shape.name, split)
        digests = Digests(file, shape, TableTerms(rows=each.rows, splits={split: each}))
        try:
            if not read_schema(folder / file).equals(schema_of(shape, level), check_metadata=True):
                raise ValueError("its columns are not those of the table")
            # Texts stay in the file's own dictionary, so that one stored once and named a million times is not unpacked.
            with ParquetFile(folder / file, read_dictionary=texts) as parquet:
                if parquet.metadata.num_rows != each.rows:
                    raise ValueError(f"it has not the {many(each.rows, 'row')} of the manifest")
                if _unpacked(parquet.metadata) > 2 * most + HEADS:
                    raise ValueError("it unpacks to more than the JSON lines")
                _add_batches(parquet.iter_batches(batch_size=AT_ONCE), shape, digests, most)
        except (ArrowException, OSError, ValueError, TypeError, LookupError, OverflowError, MemoryError) as wrong:
            findings.add(file, f"cannot be read as the table ({str(wrong)[:200] or type(wrong).__name__})")
            continue
        digests.hold(findings)
    return ""


def _unpacked(metadata: Any) -> int:
    """The bytes that a Parquet file says its columns take, unpacked."""
    groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
    return sum(group.column(place).total_uncompressed_size for group in groups for place in range(group.num_columns))


def _add_batches(batches: Iterator[Any], shape: Shape, digests: Digests, most: int) -> None:
    """Raises ValueError where the rows hold more than the `most` bytes that their JSON lines have. What a cell may hold is not
    looked at: rows of the digest of the JSON lines are the rows that were looked at there."""
    so_far = 0
    for batch in batches:
        columns = [_cells(column) for column in batch.columns]
        so_far += sum(len(cell) for column in columns for cell in column if isinstance(cell, str))
        if so_far > most:
            raise ValueError("its rows hold more than the JSON lines")
        digests.add_lines(set(columns[shape.partition]), lines_of(shape.names, columns))


def _cells(column: Any) -> list[Any]:
    """The values of a column, a text of its dictionary as one object however often it is named."""
    if not hasattr(column, "dictionary"):
        return column.to_pylist()  # type: ignore[no-any-return]
    words = column.dictionary.to_pylist()
    return [None if place is None else words[place] for place in column.indices.to_pylist()]
