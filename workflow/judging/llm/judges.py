"""Judges' files: those in judges/, beside rubric_versions/, and those that were used, which the store keeps as they were.

What was used once under a name is never another judge: a file that says something else is refused, and asks for the next version.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path, PurePath
from typing import Any, NamedTuple

import sqlalchemy as sa

from db.engine import ROOT, reading
from db.store.judging import answers as stored
from touchstone.english import day, many, there_are
from touchstone.errors import Problem, Refused
from touchstone.judging.llm.judge_file import LLMJudge, ReadJudge, against_rubric, read_judge
from touchstone.rubric.model import Rubric
from workflow import clock
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.projects.settling import settle
from workflow.rubric import rubrics

FOLDER = ROOT / "judges"


class JudgeRun(NamedTuple):
    """One run of a judge: of which drafts, how many levels and errors came in it, and the label set that it came to, "" for none:
    no answer had a level where it `has_ended`, else it goes on, or broke off."""

    drafts: str
    by: str
    started_at: datetime
    levels: int
    errors: int
    label_set: str
    has_ended: bool = False

    def as_json(self) -> dict[str, Any]:
        return {**self._asdict(), "started_at": self.started_at.isoformat(), "label_set": self.label_set or None}


class UsedJudge(NamedTuple):
    """A judge that was asked, as it was when it was asked first, with its runs, the newest first."""

    judge: LLMJudge
    rubric: str
    used_at: datetime
    runs: tuple[JudgeRun, ...]

    def as_json(self) -> dict[str, Any]:
        """One judge of `judge list --json`."""
        file = self.judge.file
        return {
            "judge": self.judge.name,
            "digest": self.judge.digest,
            "rubric": self.rubric,
            "dimensions": list(file.dimensions) or None,
            "model": file.model,
            "used_at": self.used_at.isoformat(),
            "runs": [each.as_json() for each in self.runs],
        }

    @property
    def newest_set(self) -> str:
        """The label set that it came to last, "" for none."""
        return next((each.label_set for each in self.runs if each.label_set), "")


@verb
def used_judges(person: Person, engine: sa.Engine) -> list[UsedJudge]:
    """The project's judges that were asked, the one used last first."""
    with reading(engine, person) as connection:
        settle(connection)
        found = []
        for row in stored.every_judge(connection):
            runs = tuple(
                JudgeRun(
                    each.drafts,
                    each.by,
                    each.started_at,
                    each.levels,
                    each.errors,
                    each.set_name or "",
                    each.ended_at is not None,
                )
                for each in stored.runs_of(connection, row.id)
            )
            found.append(UsedJudge(_as_used(row), row.rubric, row.used_at, runs))
        return found


@verb
def judge_called(person: Person, engine: sa.Engine, name: str) -> LLMJudge:
    """A judge by its name (otter-v1): as it was used, else its file in judges/. Raises Refused where there is neither."""
    with reading(engine, person) as connection:
        settle(connection)
        row = stored.judge_named(connection, name)
        if row is not None:
            return _as_used(row)
        used = [each.name for each in stored.every_judge(connection)]
    there = sorted({*used, *(path.stem for path in FOLDER.glob("*.yml"))})
    if PurePath(name).name != name or name not in there:
        raise Refused(f"there is no judge {name}; {there_are(there, 'write one, docs/judges.md has one to start from')}")
    return judge_in((FOLDER / f"{name}.yml").read_bytes(), f"{name}.yml")


def judge_in(source: bytes, file_name: str, rubric: Rubric | None = None) -> LLMJudge:
    """The judge in a file. Raises Refused with every line that is wrong, of which some only its rubric version shows."""
    read = read_judge(source, file_name)
    problems = read.problems if rubric is None else against_rubric(read, rubric)
    if read.judge is None or problems:
        raise not_yet(file_name, problems)
    return read.judge


def not_yet(file_name: str, problems: Sequence[Problem]) -> Refused:
    return Refused(f"{file_name} is not a judge yet: {many(len(problems), 'problem')} in it", problems)


def fitting(judge: LLMJudge, rubric: Rubric) -> LLMJudge:
    """The judge, which names dimensions of the rubric version alone. Raises Refused with the lines that do not."""
    return judge_in(judge.source, f"{judge.name}.yml", rubric)


@verb
def check_judge(engine: sa.Engine | None, source: bytes, file_name: str) -> tuple[LLMJudge, Rubric]:
    """The judge in a file, held against the rubric version it names. `engine` None: no store to ask. Raises Refused."""
    read: ReadJudge = read_judge(source, file_name)
    if read.judge is None:
        raise not_yet(file_name, read.problems)
    rubric = _rubric_behind(read.judge, engine)
    return judge_in(source, file_name, rubric), rubric


def _rubric_behind(judge: LLMJudge, engine: sa.Engine | None) -> Rubric:
    """The rubric version that a judge names. Raises Refused where it is nowhere, or not valid."""
    if engine is None:
        rubric, problems, _ = rubrics.counts(None, judge.file.rubric)
    else:
        with reading(engine) as connection:
            rubric, problems, _ = rubrics.counts(connection, judge.file.rubric)
    if rubric is None:
        raise Refused(f"{judge.file.rubric}.yml is not a valid rubric yet; fix {many(len(problems), 'problem')} in it", problems)
    return rubric


def read_judge_file(path: Path) -> bytes:
    """The bytes of a file. Raises Refused where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as wrong:
        raise Refused(f"{path.name} cannot be read ({wrong.strerror})") from None


def refuse_changed(connection: sa.Connection, judge: LLMJudge) -> sa.Row | None:
    """The row of the judge where it was used before. Raises Refused where another one was, under its name."""
    row = stored.judge_named(connection, judge.name)
    if row is not None and row.digest != judge.digest:
        raise Refused(
            f"{judge.name} was used on {day(row.used_at)} and said something else then (digest {row.digest[:12]}, now "
            f"{judge.digest[:12]}): what a judge's labels were made with never changes. Save the change as "
            f"{judge.file.judge}-v{judge.file.version + 1}"
        )
    return row


def keep_judge(connection: sa.Connection, person: Person, project: int, judge: LLMJudge, rubric_version: int) -> int:
    """The judge's row, made where it is used for the first time. Raises Refused as `refuse_changed` does."""
    row = refuse_changed(connection, judge)
    if row is not None:
        return int(row.id)
    return stored.add_judge(
        connection,
        {
            "project": project,
            "person": person.id,
            "rubric_version": rubric_version,
            "name": judge.name,
            "digest": judge.digest,
            "source": judge.source.decode(),
            "used_at": clock.now(),
        },
    )


def _as_used(row: sa.Row) -> LLMJudge:
    read = read_judge(row.source.encode())
    if read.judge is None or read.judge.digest != row.digest:
        raise Refused(f"the stored judge {row.name} cannot be read as it was used (digest {row.digest[:12]}); restore a backup")
    return read.judge
