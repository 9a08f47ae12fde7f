"""All parts of a run: what is there is passed over, the rest is scored wherever the engine scores it."""

import fcntl
import json
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import touchstone
from touchstone.data.task import Task
from touchstone.english import many
from touchstone.errors import Problem, Refused
from touchstone.rubric.model import Rubric
from touchstone.scale.batches import BatchScorer, LinesDigest
from touchstone.scale.inputs import InputFile, PartToScore, input_files, parts_of, too_long
from touchstone.scale.parts import WRITING, Origin, PartDone, PartWrong, part_there, write_part, write_whole

DONE = "_done.json"
BETWEEN_TRIES = 0.1  # seconds
WAIT_FOR_LOCK = 5.0  # seconds: the workers of a run that was killed need a moment to end
MOST_WRONG_PARTS = 20  # whose rows are named

# Scores parts in some order: (scorer, parts, folder, origin) -> what became of each.
Engine = Callable[[BatchScorer, Sequence[PartToScore], str, Origin], Iterator[PartDone | PartWrong]]


class Run(NamedTuple):
    """A run before it begins: its files, the parts that are there, those to score, and what to say beforehand."""

    files: list[InputFile]
    there: list[PartDone]
    left: list[PartToScore]
    say: str

    @property
    def drafts(self) -> int:
        return sum(sum(file.groups) for file in self.files)


class RunDone(NamedTuple):
    """A run that is complete. `digest`: that of all lines of `score`, in whatever order they come."""

    origin: Origin
    files: list[InputFile]
    parts: list[PartDone]
    digest: str

    @property
    def drafts(self) -> int:
        return sum(part.rows for part in self.parts)

    def as_json(self) -> dict[str, Any]:
        return {
            "rubric": {"name": self.origin.rubric, "sha256": self.origin.rubric_digest},
            "tasks": self.origin.tasks,
            "touchstone": self.origin.touchstone,
            "inputs": [file.as_json() for file in self.files],
            "drafts": self.drafts,
            "digest": self.digest,
            "parts": [part.as_json() for part in self.parts],
        }


def here(scorer: BatchScorer, parts: Sequence[PartToScore], folder: str, origin: Origin) -> Iterator[PartDone | PartWrong]:
    """The engine of one process."""
    for part in parts:
        yield write_part(scorer, part, folder, origin)


def origin_of(rubric: Rubric, tasks: str | None) -> Origin:
    return Origin(rubric.name, rubric.digest, tasks, touchstone.__version__)


def planned(files: list[InputFile], folder: Path, origin: Origin) -> Run:
    """What is there and what is left. Raises Refused where the folder holds parts of anything else."""
    parts = list(parts_of(files))
    names = {part.name for part in parts}
    strange = next((path.name for path in sorted(folder.glob("part-*.parquet")) if path.name not in names), None)
    if strange:
        raise Refused(f"{folder} holds {strange}, which these files do not make; name another folder", way=("to DIR",))
    there = {part.name: done for part in parts if (done := part_there(part, folder, origin))}
    return Run(files, list(there.values()), [part for part in parts if part.name not in there], too_long(files))


def score_parquet(
    rubric: Rubric,
    paths: Sequence[Path],
    folder: Path,
    *,
    tasks: dict[str, Task] | None = None,
    tasks_digest: str | None = None,
    engine: Engine = here,
    began: Callable[[Run], None] = lambda run: None,
    progress: Callable[[int], None] = lambda rows: None,
) -> RunDone:
    """Score the drafts of Parquet files into a folder: a part per row group, then `_done.json`.

    Parts that an earlier run left there stay as they are. `began` is told the plan, `progress` how many rows a part had that has
    come to be. Raises Refused for files that cannot be read, rows that are no drafts (all other parts are written before), a
    folder with parts of another rubric, other tasks or another file, and while another run writes into the folder.
    """
    if any(path.is_dir() and path.resolve() == folder.resolve() for path in paths):
        raise Refused(f"{folder} holds the drafts: scores among them would pass for drafts; name another folder", way=("to DIR",))
    files = input_files(paths)
    origin = origin_of(rubric, tasks_digest)
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        run = planned(files, folder, origin)
        began(run)
        done, wrong, broken = {part.name: part for part in run.there}, list[PartWrong](), 0
        if run.left:
            for leftover in folder.glob(f".*{WRITING}*"):
                leftover.unlink(missing_ok=True)
            (folder / DONE).unlink(missing_ok=True)
        for outcome in engine(BatchScorer(rubric, tasks), run.left, str(folder), origin):
            if isinstance(outcome, PartWrong):
                broken += 1
                if len(wrong) < MOST_WRONG_PARTS:
                    wrong.append(outcome)
            else:
                done[outcome.name] = outcome
                progress(outcome.rows)
        if wrong:
            raise _refusal(wrong, broken, len(done), folder)
        finished = _finished(origin, files, done)
        if run.left or not (folder / DONE).exists():
            write_whole(folder / DONE, json.dumps(finished.as_json(), indent=1, ensure_ascii=False) + "\n")
    return finished


def _finished(origin: Origin, files: list[InputFile], done: dict[str, PartDone]) -> RunDone:
    digest = LinesDigest()
    parts = [done[part.name] for part in parts_of(files)]
    for part in parts:
        digest.join(part.digest)
    return RunDone(origin, files, parts, str(digest))


def _refusal(wrong: Sequence[PartWrong], broken: int, done: int, folder: Path) -> Refused:
    problems = [problem for each in sorted(wrong, key=lambda each: each.part.name) for problem in each.problems]
    at_least = "at least " if broken > len(wrong) else ""
    if all(problem.line is None for problem in problems):
        return Refused(f"{many(broken, 'row group')} cannot be read; {many(done, 'other part')} stand in {folder}", problems)
    return Refused(
        f"{at_least}{many(len(problems), 'row')} of the files {'is' if len(problems) == 1 else 'are'} no draft, and their"
        f" parts are not written; {many(done, 'other part')} stand in {folder}: mend the rows,"
        " and score the mended file into another folder",
        [Problem(problem.line, problem.reason) for problem in problems],
    )


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One run at a time in a folder. The lock is the operating system's, gone with the process however it ends."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        tries = 0
        while True:
            try:
                fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                tries += 1
                if tries * BETWEEN_TRIES > WAIT_FOR_LOCK:
                    raise Refused(
                        f"another run writes into {folder}; wait for it, or name another folder", way=("to DIR",)
                    ) from None
                threading.Event().wait(BETWEEN_TRIES)
            except OSError:  # a file system without locks
                break
        yield
    finally:
        os.close(opened)
