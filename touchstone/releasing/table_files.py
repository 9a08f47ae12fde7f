"""Writing the tables of a release, row by row: CSV and JSON lines with all rows, a Parquet file a partition.

pyarrow is imported when the first row comes: the library has it by the extra "parquet", the app always.
"""

import re
import unicodedata
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from touchstone.errors import Refused
from touchstone.files.writing.delimited import rows_writer
from touchstone.releasing.manifest import SplitTerms, TableTerms
from touchstone.releasing.rows import csv_column, lines_of
from touchstone.releasing.tables import BOOLEAN, INTEGER, TEXT, Row, Shape, as_cells, type_of

AT_ONCE = 10_000  # rows
MOST_PARTITIONS = 100
NO_PARTITION = "no_partition"


class Splits:
    """What each partition is called in the name of a file and by `datasets`: plain small letters, digits and low lines, told
    apart by a number where two would be one. "all" is taken by `datasets` itself."""

    def __init__(self) -> None:
        self._of: dict[str | None, str] = {}

    def of(self, partition: str | None) -> str:
        """Raises Refused for one too many: each makes a file of every table, which are all open at once."""
        if partition not in self._of:
            if len(self._of) == MOST_PARTITIONS:
                raise Refused(
                    f"the tasks are of more than {MOST_PARTITIONS} partitions, and a release holds no more; put them into fewer"
                )
            plain = unicodedata.normalize("NFKD", partition or NO_PARTITION).encode("ascii", "ignore").decode().lower()
            stem = re.sub("[^a-z0-9]+", "_", plain).strip("_")[:80] or "partition"
            name, number, taken = stem, 2, {*self._of.values(), "all"}
            while name in taken:
                name, number = f"{stem}_{number}", number + 1
            self._of[partition] = name
        return self._of[partition]


class TableWriter:
    """One table into its files in `folder`. `level`: what the rubric's levels are, INTEGER or TEXT."""

    def __init__(self, folder: Path, shape: Shape, level: str, splits: Splits) -> None:
        self._folder, self._shape, self._level, self._splits = folder, shape, level, splits
        self._lines = (folder / f"{shape.name}.jsonl").open("w", encoding="utf-8", newline="")
        self._csv = (folder / f"{shape.name}.csv").open("w", encoding="utf-8", newline="")
        self._write = rows_writer(self._csv)
        self._write([shape.names])
        self._parts: dict[str | None, _Part] = {}
        self._waiting: list[Row] = []
        self.rows = 0

    def add(self, row: Row) -> None:
        self._waiting.append(row)
        self.rows += 1
        if len(self._waiting) == AT_ONCE:
            self._flush()

    def close(self) -> TableTerms | None:
        """What was written; None of a table without a row, of which no file is left."""
        self._flush()
        self._lines.close()
        self._csv.close()
        if not self.rows:
            for ending in ("jsonl", "csv"):
                (self._folder / f"{self._shape.name}.{ending}").unlink()
            return None
        for part in self._parts.values():
            part.close()
        splits = {
            part.name: SplitTerms(partition=part.partition, rows=part.rows, sha256=part.digest.hexdigest())
            for part in self._parts.values()
        }
        return TableTerms(rows=self.rows, splits=splits)

    def let_go(self) -> None:
        """Close what is open: of a table that is written no further."""
        self._lines.close()
        self._csv.close()
        for part in self._parts.values():
            part.close()

    def _flush(self) -> None:
        rows = [as_cells(self._shape, row, self._level) for row in self._waiting]
        self._waiting.clear()
        if not rows:
            return
        columns: list[Sequence[Any]] = list(zip(*rows, strict=True))
        lines = lines_of(self._shape.names, columns)
        self._lines.writelines(lines)
        self._write(zip(*map(csv_column, self._shape.columns, columns), strict=True))
        of_part = dict[str | None, list[int]]()
        for number, partition in enumerate(columns[self._shape.partition]):
            of_part.setdefault(partition, []).append(number)
        for partition, numbers in of_part.items():
            part = self._parts.get(partition)
            if part is None:
                name = self._splits.of(partition)
                part = self._parts[partition] = _Part(self._folder, self._shape, self._level, partition, name)
            if len(of_part) == 1:
                part.write(columns, "".join(lines))
            else:
                mine = [[column[number] for number in numbers] for column in columns]
                part.write(mine, "".join(lines[number] for number in numbers))


class _Part:
    """The rows of one partition, into one Parquet file."""

    def __init__(self, folder: Path, shape: Shape, level: str, partition: str | None, name: str) -> None:
        from pyarrow.parquet import ParquetWriter

        self.partition, self.name, self.rows, self.digest = partition, name, 0, sha256()
        self._schema = schema_of(shape, level)
        self._file = ParquetWriter(folder / parquet_name(shape.name, name), self._schema)

    def write(self, columns: Sequence[Sequence[Any]], lines: str) -> None:
        import pyarrow

        self.digest.update(lines.encode())
        self.rows += len(columns[0])
        arrays = [pyarrow.array(cells, field.type) for cells, field in zip(columns, self._schema, strict=True)]
        self._file.write_table(pyarrow.Table.from_arrays(arrays, schema=self._schema))

    def close(self) -> None:
        self._file.close()


def schema_of(shape: Shape, level: str) -> Any:
    """The columns as Parquet has them."""
    import pyarrow

    kinds = {TEXT: pyarrow.string(), INTEGER: pyarrow.int64(), BOOLEAN: pyarrow.bool_()}
    return pyarrow.schema(
        [pyarrow.field(each.name, kinds[type_of(each, level=level)], nullable=each.optional) for each in shape.columns]
    )


def parquet_name(table: str, split: str) -> str:
    return f"{table}-{split}.parquet"


def files_of_table(name: str, terms: TableTerms) -> list[str]:
    """The names of a table's files."""
    return [f"{name}.csv", f"{name}.jsonl", *(parquet_name(name, split) for split in terms.splits)]
