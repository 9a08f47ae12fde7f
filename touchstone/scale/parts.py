"""One part: written whole or not at all, and told by what stands in it."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

from touchstone.errors import Problem, Refused
from touchstone.scale.batches import BatchScorer, LinesDigest, WrongRows, line_of_row
from touchstone.scale.inputs import PartToScore

KEY = b"touchstone"  # in a part's own metadata
ROWS_AT_ONCE = 500
BYTES_AT_ONCE = 256_000_000  # what rows read together may unpack to, were each row all that its group stores
WRITING = ".writing-"


class Origin(NamedTuple):
    """What the parts of one run share: the rubric version, the tasks that were named, the program."""

    rubric: str
    rubric_digest: str
    tasks: str | None
    touchstone: str


class PartDone(NamedTuple):
    """A part that is there."""

    name: str
    rows: int
    digest: str

    def as_json(self) -> dict[str, Any]:
        return self._asdict()


class PartWrong(NamedTuple):
    """A part that was not written, because rows of it are no drafts; their numbers are those of the file."""

    part: PartToScore
    problems: list[Problem]


def write_part(scorer: BatchScorer, part: PartToScore, folder: str, origin: Origin) -> PartDone | PartWrong:
    """Score a row group into its part. A file of another name is written, brought to disk and renamed: a part is whole or not
    there. Memory holds some rows at a time. Raises OSError where the folder cannot be written."""
    from pyarrow.parquet import ParquetWriter

    target = Path(folder, part.name)
    digest, rows = LinesDigest(), 0
    try:
        with _whole_or_not_at_all(target) as unfinished:
            with ParquetWriter(unfinished, scorer.schema) as out:
                for some in _rows_of(part):
                    try:
                        scored = scorer.score_rows(some)
                    except WrongRows as wrong:
                        before = part.first + rows
                        moved = [problem._replace(line=before + (problem.line or 0)) for problem in wrong.problems]
                        return PartWrong(part, [problem.within(part.path.name) for problem in moved])
                    for line in scored:
                        digest.add(line)
                    rows += len(scored)
                    out.write_batch(scorer.as_batch(scored))
                out.add_key_value_metadata({KEY.decode(): _written(part, origin, rows, str(digest))})
            _to_disk(unfinished)
            os.replace(unfinished, target)
        _to_disk(target.parent)
    except _Unreadable as wrong:
        return PartWrong(part, [Problem(None, str(wrong))])
    except OSError as wrong:  # pyarrow's own says neither where nor, in its strerror, why
        raise OSError(wrong.errno, wrong.strerror or str(wrong), folder) from None
    return PartDone(part.name, rows, str(digest))


class _Unreadable(Exception):
    """A row group whose bytes are no longer what they were written as."""


def _rows_of(part: PartToScore) -> Iterator[list[dict[str, Any]]]:
    """The rows of a row group, some at a time. Raises _Unreadable."""
    from pyarrow import ArrowException
    from pyarrow.parquet import ParquetFile

    try:
        with ParquetFile(part.path, pre_buffer=False, buffer_size=1 << 20) as file:
            unpacked = max(1, file.metadata.row_group(part.group).total_byte_size)
            at_once = max(1, min(ROWS_AT_ONCE, BYTES_AT_ONCE // unpacked))
            for batch in file.iter_batches(batch_size=at_once, row_groups=[part.group]):
                yield batch.to_pylist()
    except (ArrowException, OSError, ValueError, LookupError, OverflowError) as wrong:
        broken = f"{part.path.name}: row group {part.group + 1} cannot be read ({type(wrong).__name__})"
        raise _Unreadable(f"{broken}; write the file again") from None


def part_there(part: PartToScore, folder: Path, origin: Origin) -> PartDone | None:
    """The part as an earlier run left it; None where it is not there. Raises Refused for one that is of another rubric, other
    tasks, another file or another version of the program, and for a file that is no part."""
    from pyarrow import ArrowException
    from pyarrow.parquet import read_metadata

    path = folder / part.name
    if not path.exists():
        return None
    try:
        said = json.loads((read_metadata(path).metadata or {})[KEY])
        mine = json.loads(_written(part, origin, int(said["rows"]), str(said["digest"])))
    except (ArrowException, OSError, ValueError, TypeError, LookupError):
        raise Refused(f"{path} is no part of such a run; take it away, or name another folder", way=("to DIR",)) from None
    for key, what in (
        ("rubric_digest", f"of the rubric {said.get('rubric')}, digest {str(said.get('rubric_digest'))[:12]}"),
        ("tasks", "scored with other tasks"),
        ("touchstone", f"of version {said.get('touchstone')} of the program"),
        ("input", "of another file, or of one that has changed since"),
        ("group", "of another row group"),
    ):
        if said.get(key) != mine[key]:
            now = f" and this run is of {origin.rubric}, digest {origin.rubric_digest[:12]}" if key == "rubric_digest" else ""
            raise Refused(f"{path} is {what}{now}; nothing is mixed with it: name another folder", way=("to DIR",))
    done = PartDone(part.name, int(said["rows"]), str(said["digest"]))
    if _what_stands_in(path) != (done.rows, done.digest):
        other = f"{path} has other scores than were written"
        raise Refused(f"{other}; take it away, and give the same command again", way=("to DIR",))
    return done


def _what_stands_in(path: Path) -> tuple[int, str]:
    """How many scores a part holds, and their digest, from its rows: bits rot, and hands slip."""
    from pyarrow import ArrowException
    from pyarrow.parquet import ParquetFile

    digest, rows = LinesDigest(), 0
    try:
        with ParquetFile(path, pre_buffer=False, buffer_size=1 << 20) as file:
            for batch in file.iter_batches(batch_size=ROWS_AT_ONCE):
                for row in batch.to_pylist():
                    digest.add(line_of_row(row))
                rows += batch.num_rows
    except (ArrowException, OSError, ValueError, LookupError, TypeError, AttributeError):
        return -1, ""
    return rows, str(digest)


def _written(part: PartToScore, origin: Origin, rows: int, digest: str) -> str:
    return json.dumps({**origin._asdict(), "input": part.digest, "group": part.group, "rows": rows, "digest": digest})


@contextmanager
def _whole_or_not_at_all(target: Path) -> Iterator[Path]:
    unfinished = target.with_name(f".{target.name}{WRITING}{uuid4().hex}")
    try:
        yield unfinished
    finally:
        unfinished.unlink(missing_ok=True)


def write_whole(target: Path, content: str) -> None:
    """A small file, whole or not at all."""
    with _whole_or_not_at_all(target) as unfinished:
        unfinished.write_text(content, encoding="utf-8")
        _to_disk(unfinished)
        os.replace(unfinished, target)
    _to_disk(target.parent)


def _to_disk(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
