"""A parameter space: what covers it, its tasks made in the store or in a file, what of it the store has."""

import json
import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa

from db.engine import reading
from db.store.bench import spaces as stored_spaces
from db.store.bench import typed_tasks as stored
from touchstone.bench.space.coverage import Coverage, coverage_of
from touchstone.bench.space.covering import Step, cover
from touchstone.bench.space.enumerating import Enumerated
from touchstone.bench.space.model import Row
from touchstone.bench.space.reading import read_space
from touchstone.bench.space.remaking import Remade, remaking, row_of_task
from touchstone.bench.tasks import TypedTask
from touchstone.data.task_file import TaskFile, read_file
from touchstone.english import many
from touchstone.errors import Refused
from workflow import clock
from workflow.data.task_import import bring_in
from workflow.events.recording import recorded
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.projects.settling import settle_import, settled


class Covered(NamedTuple):
    """What of a space tasks cover, or the rows that would cover it."""

    enumerated: Enumerated
    coverage: Coverage
    rows: tuple[Row, ...]
    own: int
    outside: int = 0  # tasks of the space whose row it has no more

    def as_json(self) -> dict[str, Any]:
        space = self.enumerated.space
        return {
            "space": space.name,
            "digest": space.digest,
            "parameters": len(space.parameters),
            "all_rows": self.enumerated.rows,
            "valid_rows": self.enumerated.valid_rows,
            "strength": self.coverage.strength,
            "possible": self.coverage.possible,
            "found": self.coverage.found,
            "missing": list(self.coverage.missing),
            "rows": len(self.rows),
            "own": self.own,
            "table": [space.values_of(row) for row in self.rows],
        }


class MadeTasks(NamedTuple):
    """The tasks of a space made again, and the project that they are in."""

    remade: Remade
    project: str


def space_in(source: bytes, file_name: str) -> Enumerated:
    """The space in a file. Raises Refused with every line that is wrong."""
    read = read_space(source)
    if read.enumerated is None:
        raise Refused(f"{file_name} is not a parameter space yet: {many(len(read.problems), 'problem')} in it", read.problems)
    return read.enumerated


def typed_in(source: bytes, file_name: str) -> list[TypedTask]:
    """The tasks of a JSONL file, plain ones too. Raises Refused with every line that is wrong."""
    read = read_file(source, file_name)
    if read.problems:
        raise Refused(f"{file_name} has {many(len(read.problems), 'problem')}; fix them first", read.problems)
    return [TypedTask.read(json.loads(line)) for line in source.decode("utf-8-sig").splitlines() if line.strip()]


def rows_to_cover(enumerated: Enumerated, strength: int | None = None) -> Covered:
    """The fewest rows found that cover a space, its own cases among them."""
    space = enumerated.space
    made = cover(enumerated, strength or space.file.strength, space.cases)
    return Covered(enumerated, made.coverage, made.rows, len(space.cases))


def covered_by(enumerated: Enumerated, tasks: Sequence[TypedTask], strength: int | None = None) -> Covered:
    """What of a space these tasks cover; those made otherwise do not count."""
    space = enumerated.space
    of_space = [each for each in tasks if getattr(each.origin, "space", None) == space.name]
    rows = tuple(dict.fromkeys(row for each in of_space if (row := row_of_task(enumerated, each)) is not None))
    outside = sum(row_of_task(enumerated, each) is None for each in of_space)
    coverage = coverage_of(enumerated, rows, strength or space.file.strength)
    return Covered(enumerated, coverage, rows, sum(row in space.cases for row in rows), outside)


def remade(
    enumerated: Enumerated, there: Sequence[TypedTask], strength: int | None, tell: Callable[[Step], None] | None
) -> Remade:
    """The space's tasks with those there are; `tell` is told of each step, and may stop it by raising."""
    steps = remaking(enumerated, strength or enumerated.space.file.strength, there)
    while True:
        try:
            step = next(steps)
        except StopIteration as end:
            made: Remade = end.value
            return made
        if tell:
            tell(step)


def write_tasks(
    enumerated: Enumerated, to: Path, strength: int | None = None, tell: Callable[[Step], None] | None = None
) -> Remade:
    """Make the space's tasks in a JSONL file: what is in it already stays, own cases first. Raises Refused where it holds
    anything else."""
    there = typed_in(to.read_bytes(), to.name) if to.exists() and to.stat().st_size else []
    made = remade(enumerated, there, strength, tell)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=to.parent, prefix=f".{to.name}.", delete=False) as file:
        file.writelines(f"{each.as_line()}\n" for each in made.tasks)
    os.replace(file.name, to)
    return made


@verb
def make_tasks(
    person: Person,
    engine: sa.Engine,
    enumerated: Enumerated,
    source: bytes,
    strength: int | None = None,
    tell: Callable[[Step], None] | None = None,
) -> MadeTasks:
    """Make what tasks of the space the project lacks; those it has stay as they are, and own cases too. `source`: the
    space's file, which is kept with them.

    Raises Refused where a task of the space is in the store with other words: labels may rest on them.
    """
    space = enumerated.space
    with reading(settled(engine), person) as connection:
        there = [TypedTask.read(row.document) for row in stored.of_project(connection)]
    made = remade(enumerated, there, strength, tell)
    if made.changed:
        raise Refused(
            f"{space.name} says {many(len(made.changed), 'task')} in the store differently now ({', '.join(made.changed[:3])}"
            f"{' …' if len(made.changed) > 3 else ''}); give the changed space another name, or undo the import of its tasks"
        )
    with recorded(person, engine, "make tasks", space=space.name) as connection:
        if made.added:
            read = TaskFile([each.as_task() for each in made.added], [], [])
            lines = "".join(f"{each.as_line()}\n" for each in made.added).encode()
            bring_in(connection, person, read, lines, f"{space.name} (space)", kind="tasks", method="space")
        project = settle_import(person, connection)
        if not stored_spaces.has(connection, space.digest):
            stored_spaces.add(
                connection,
                project=project.id,
                person=person.id,
                name=space.name,
                digest=space.digest,
                source=source.decode("utf-8-sig"),
                at=clock.now(),
            )
    return MadeTasks(made, project.name)


@verb
def covered_in_store(person: Person, engine: sa.Engine, enumerated: Enumerated, strength: int | None = None) -> Covered:
    """What of a space the project's tasks cover: those that were made of it here, or imported as such."""
    with reading(settled(engine), person) as connection:
        return covered_by(enumerated, [TypedTask.read(row.document) for row in stored.of_project(connection)], strength)


@verb
def counted_methods(person: Person, engine: sa.Engine) -> dict[str, int]:
    """How many of the project's tasks were made by each method; "plain" for those that came without an origin."""
    with reading(settled(engine), person) as connection:
        return {method or "plain": number for method, number in stored.counted_by_method(connection).items()}
