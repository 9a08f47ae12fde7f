"""The Parquet files that go in, known by their bytes, and the parts that they make: one a row group."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from touchstone.english import many
from touchstone.errors import Refused
from touchstone.files.parquet import MOST_COLUMNS

LONG_GROUP = 100_000  # rows: a part of more takes minutes, and begins anew when it is broken off
MOST_PARTS = 100_000


class InputFile(NamedTuple):
    """A Parquet file: its SHA-256, and how many rows each of its row groups has."""

    path: Path
    digest: str
    groups: tuple[int, ...]

    def as_json(self) -> dict[str, Any]:
        return {"name": self.path.name, "sha256": self.digest, "rows": sum(self.groups), "row_groups": len(self.groups)}


class PartToScore(NamedTuple):
    """A row group that becomes a part. `first`: how many rows of its file come before it."""

    name: str
    path: Path
    digest: str
    group: int
    rows: int
    first: int


def input_files(paths: Sequence[Path]) -> list[InputFile]:
    """The files named, and those of the folders named, by name. Raises Refused for one that is no Parquet file, that has neither
    a column "text" nor "output", that is there twice, and where there is none."""
    named = [file for path in paths for file in (_of_folder(path) if path.is_dir() else [path])]
    files = [_read(path) for path in named]
    seen: dict[str, Path] = {}
    for file in files:
        if file.digest in seen:
            same = f"{seen[file.digest]} and {file.path} hold the same bytes: their drafts would be scored twice"
            raise Refused(f"{same}; leave one of them out", way=("parquet FILE",))
        seen[file.digest] = file.path
    if sum(len(file.groups) for file in files) > MOST_PARTS:
        raise Refused(
            f"the files have more than {MOST_PARTS:,} row groups, and each makes a part; write them with row groups of"
            " some thousand rows"
        )
    return files


def parts_of(files: Sequence[InputFile]) -> Iterator[PartToScore]:
    """The parts, in order of files and row groups."""
    number = 0
    for file in files:
        first = 0
        for group, rows in enumerate(file.groups):
            yield PartToScore(f"part-{number:05d}.parquet", file.path, file.digest, group, rows, first)
            number, first = number + 1, first + rows


def too_long(files: Sequence[InputFile]) -> str:
    """What to say of row groups so long that parts take minutes; "" where there is none."""
    longest = max((rows for file in files for rows in file.groups), default=0)
    if longest <= LONG_GROUP:
        return ""
    return (
        f"the longest row group has {many(longest, 'row')}: one process scores it whole, and anew when it is broken off;"
        " row groups of 10,000 rows share the work better (write_table(…, row_group_size=10_000) of pyarrow)"
    )


def _of_folder(folder: Path) -> list[Path]:
    """Files whose names begin with _ or . are not data, as Spark and Arrow have it."""
    found = sorted(path for path in folder.glob("*.parquet") if path.is_file() and path.name[0] not in "._")
    if not found:
        raise Refused(f"{folder} has no Parquet file; name a file, or a folder of files that end in .parquet")
    return found


def _read(path: Path) -> InputFile:
    from pyarrow import ArrowException
    from pyarrow.parquet import ParquetFile

    try:
        with path.open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
        with ParquetFile(path) as file:
            about, columns = file.metadata, file.schema_arrow.names
            groups = tuple(about.row_group(number).num_rows for number in range(about.num_row_groups))
            wide = about.num_columns
    except OSError as wrong:
        raise Refused(f"{path} cannot be read ({wrong.strerror or 'broken, or encrypted'}); check the file") from None
    except (ArrowException, ValueError, TypeError, LookupError, OverflowError, MemoryError) as wrong:
        raise Refused(f"{path} is no Parquet file that can be read ({type(wrong).__name__}); write it again") from None
    if wide > MOST_COLUMNS:
        raise Refused(f"{path} has {many(wide, 'column')}; at most {MOST_COLUMNS:,} are looked at: leave some out")
    names = set(columns)
    if twice := sorted({name for name in columns if columns.count(name) > 1}):
        raise Refused(f"{path} has the column {twice[0]} twice; leave one of them out, or rename it")
    if "input" in names and (beside := sorted(name for name in names if name.startswith("input."))):
        raise Refused(f"{path} has a column input and {beside[0]} beside it; a task is given by one or the other: leave one out")
    has = f"(its columns: {', '.join(sorted(names)[:8]) or 'none'})"
    if not {"text", "output"} & names:
        raise Refused(f'{path} has no column "text" or "output" with the drafts {has}; rename the one that holds them')
    if not {"task_id", "id"} & names:
        raise Refused(f'{path} has neither a column "task_id" nor "id" {has}; a draft needs the id of its task, or its own')
    return InputFile(path, digest, groups)
