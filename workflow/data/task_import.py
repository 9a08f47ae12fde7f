"""Bring tasks and drafts in: a file is taken whole or not at all."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from db.engine import reading
from db.store import projects as stored_projects
from db.store import tasks as stored
from db.store.bench import sealing as stored_sealing
from db.store.bench import typed_tasks as stored_typed
from db.store.data import imports as stored_imports
from touchstone.data.task import Draft, Task
from touchstone.data.task_file import TaskFile, read_file
from touchstone.english import listed, many
from touchstone.errors import Problem, Refused, without
from workflow import clock
from workflow.data.seen_alike import SeenAlike, seen_alike
from workflow.events.recording import recorded
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.projects.settling import settle_import


@dataclass(frozen=True)
class Imported:
    """What one file added, and how much of it was in the store already. `further`: fields under names of the file's own, which
    are kept and not shown to annotators."""

    file_name: str
    tasks_added: int
    drafts_added: int
    tasks_known: int
    drafts_known: int
    project: str  # into which it came
    is_first: bool = False  # the project was made for it
    further: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        added = [many(number, noun) for number, noun in ((self.tasks_added, "task"), (self.drafts_added, "draft")) if number]
        known = self.tasks_known + self.drafts_known
        if not added:
            return f"{self.file_name}: nothing new, all {known:,} are in the store already"
        into = f" into {self.project}, a new project" if self.is_first else ""
        return f"{self.file_name}: {listed(added)} imported{into}" + (f", {known:,} were in the store already" if known else "")

    def as_json(self) -> dict[str, int]:
        return {
            "tasks_added": self.tasks_added,
            "drafts_added": self.drafts_added,
            "tasks_known": self.tasks_known,
            "drafts_known": self.drafts_known,
        }


@verb
def import_tasks(
    person: Person,
    engine: sa.Engine,
    source: bytes,
    file_name: str,
    *,
    partition: str | None = None,
    cluster_by: str | None = None,
) -> Imported:
    """Import a file of tasks (or of plain texts). Raises Refused with every bad line; nothing is written then."""
    return _import(person, engine, source, file_name, "tasks", partition, cluster_by)


@verb
def import_drafts(
    person: Person,
    engine: sa.Engine,
    source: bytes,
    file_name: str,
    *,
    partition: str | None = None,
    cluster_by: str | None = None,
) -> Imported:
    """Import a file of drafts for stored tasks (or of plain texts). Raises Refused as import_tasks does."""
    return _import(person, engine, source, file_name, "drafts", partition, cluster_by)


@verb
def import_file(
    person: Person,
    engine: sa.Engine,
    source: bytes,
    file_name: str,
    *,
    partition: str | None = None,
    cluster_by: str | None = None,
) -> Imported:
    """Import a file of whichever kind it is: what an upload does."""
    return _import(person, engine, source, file_name, None, partition, cluster_by)


def _import(
    person: Person,
    engine: sa.Engine,
    source: bytes,
    file_name: str,
    kind: str | None,
    partition: str | None,
    cluster_by: str | None,
) -> Imported:
    read = read_file(source, file_name, partition or None, cluster_by or None)
    return store_whole(person, engine, read, source, file_name, kind=kind)


@verb
def store_whole(
    person: Person,
    engine: sa.Engine,
    read: TaskFile,
    source: bytes,
    file_name: str,
    *,
    kind: str | None = None,
    mapping: Mapping[str, Any] | None = None,
) -> Imported:
    """Store what was read of a file, or nothing: raises Refused with every problem. `kind`: "tasks" or "drafts", where it may
    hold nothing else; `mapping`: which column of a table was what."""
    with recorded(person, engine, "import file", file=file_name) as connection:
        return bring_in(connection, person, read, source, file_name, kind=kind, mapping=mapping)


def bring_in(
    connection: sa.Connection,
    person: Person,
    read: TaskFile,
    source: bytes,
    file_name: str,
    *,
    kind: str | None = None,
    mapping: Mapping[str, Any] | None = None,
    method: str = "imported",
) -> Imported:
    """Store what was read, in the transaction of a verb, or raise Refused with every problem. `method`: how its typed tasks were
    made, as that verb knows."""
    problems = read.problems + of_the_wrong_kind(read, kind)
    before = len(stored_projects.every(connection))
    project = settle_import(person, connection)
    is_first = len(stored_projects.every(connection)) > before
    tasks = stored.known_tasks(
        connection, sorted({task.task_id for task in read.tasks} | {draft.task_id for draft in read.drafts})
    )
    drafts = stored.known_drafts(connection, [draft.draft_id for draft in read.drafts])
    problems += sealed_here(read, stored_sealing.sealed_ids(connection, project.id))
    problems += into_sealed(read, stored_sealing.sealed_partitions(connection), tasks)
    problems += against_the_store(read, tasks, drafts, seen_alike(person, connection, read.tasks, read.drafts))
    if problems:
        raise Refused(
            f"{file_name} was not imported: {many(len(problems), 'problem')} in it, nothing was stored",
            sorted(problems, key=lambda each: each.line or 0),
        )
    new = TaskFile(
        [task for task in read.tasks if task.task_id not in tasks],
        [draft for draft in read.drafts if draft.draft_id not in drafts],
        [],
    )
    if new.tasks or new.drafts:
        _store(connection, project.id, person, source, file_name, new, mapping, method)
    extras = [*(task.extra for task in new.tasks), *(draft.extra for draft in new.drafts)]
    return Imported(
        file_name,
        len(new.tasks),
        len(new.drafts),
        len(read.tasks) - len(new.tasks),
        len(read.drafts) - len(new.drafts),
        project.name,
        is_first,
        tuple(dict.fromkeys(name for extra in extras for name in extra)),
    )


def sealed_here(read: TaskFile, sealed: Mapping[str, str]) -> list[Problem]:
    """What a sealed partition of the project has already: it would lie beside its seal in plain, and could not be opened."""
    found = [(task.task_id, task.line, "task_id") for task in read.tasks] + [
        (each.draft_id, each.line, "draft_id") for each in read.drafts
    ]
    return [
        Problem(line, f"{kind} {name} is in {sealed[name]}, which is sealed; leave it out", f"{kind} … is in a sealed partition")
        for name, line, kind in found
        if name in sealed
    ]


def into_sealed(read: TaskFile, sealed: Collection[str], known: Mapping[str, sa.Row]) -> list[Problem]:
    """What would come to lie in a sealed partition in plain, and outside its seal."""
    of_tasks = [
        _problem(task, f"task {task.task_id} goes into {task.partition}, which is sealed; take another name for its partition")
        for task in read.tasks
        if task.partition in sealed and task.task_id not in known
    ]
    within = {task_id for task_id, row in known.items() if row.partition in sealed}
    return of_tasks + [
        _problem(draft, f"draft {draft.draft_id} is written for {draft.task_id}, which is sealed; leave it out")
        for draft in read.drafts
        if draft.task_id in within
    ]


def _store(
    connection: sa.Connection,
    project: int,
    person: Person,
    source: bytes,
    file_name: str,
    new: TaskFile,
    mapping: Mapping[str, Any] | None,
    method: str,
) -> None:
    made = stored.add_import(
        connection,
        project=project,
        person=person.id,
        file_name=file_name,
        tasks_added=len(new.tasks),
        drafts_added=len(new.drafts),
        digest=hashlib.sha256(source).hexdigest(),
        at=clock.now(),
        mapping=mapping,
    )
    store_new(connection, project, made, new, method)


def store_new(connection: sa.Connection, project: int, made: int, new: TaskFile, method: str) -> None:
    """Store tasks and drafts that are new as those of an import (its number)."""
    stored.add_tasks(
        connection,
        [
            {
                "project": project,
                "import": made,
                "task_id": task.task_id,
                "partition": task.partition,
                "dimension": task.dimension,
                "source_mode": task.source_mode,
                "difficulty": task.difficulty,
                "cluster": task.cluster,
                "input": dict(task.input),
                "extra": dict(task.extra),
                "digest": task.digest,
            }
            for task in new.tasks
        ],
    )
    typed = {task.task_id: task.typed for task in new.tasks if task.typed is not None}
    of_typed = stored.known_tasks(connection, sorted(typed))
    stored_typed.add(connection, {of_typed[key].id: document for key, document in typed.items()}, method)
    ids = stored.known_tasks(connection, sorted({draft.task_id for draft in new.drafts}))
    stored.add_drafts(
        connection,
        [
            {
                "project": project,
                "import": made,
                "task": ids[draft.task_id].id,
                "draft_id": draft.draft_id,
                "author": draft.author,
                "text": draft.text,
                "extra": dict(draft.extra),
                "digest": draft.digest,
            }
            for draft in new.drafts
        ],
    )


def of_the_wrong_kind(read: TaskFile, kind: str | None) -> list[Problem]:
    """Drafts in a file of tasks, tasks in one of drafts."""
    plain = {draft.task_id for draft in read.drafts} & {task.task_id for task in read.tasks}
    if kind == "tasks":
        return [
            _problem(draft, f"{draft.draft_id} is a draft; import it with import-drafts")
            for draft in read.drafts
            if draft.task_id not in plain
        ]
    if kind == "drafts":
        return [
            _problem(task, f"{task.task_id} is a task; import it with import-tasks")
            for task in read.tasks
            if task.task_id not in plain
        ]
    return []


def against_the_store(read: TaskFile, tasks: dict[str, sa.Row], drafts: dict[str, sa.Row], alike: SeenAlike) -> list[Problem]:
    """What the store has under the same id with other content, and drafts of tasks that are nowhere."""
    in_file = {task.task_id for task in read.tasks}
    problems = [
        _problem(
            task,
            f"task {task.task_id} is in the store with different content (or another partition or cluster); "
            "import it as it was, undo its import first, or give the changed task a new task_id",
        )
        for task in read.tasks
        if task.task_id in tasks and alike.task_differs(task, tasks[task.task_id].digest)
    ]
    problems += [
        _problem(
            draft,
            f"draft {draft.draft_id} is in the store with different content; undo its import first, or give the "
            "changed draft a new draft_id",
        )
        for draft in read.drafts
        if draft.draft_id in drafts and alike.draft_differs(draft, drafts[draft.draft_id].digest)
    ]
    problems += [
        _problem(
            draft,
            f"draft {draft.draft_id} is written for task {draft.task_id}, which is not in the store; import its tasks first",
        )
        for draft in read.drafts
        if draft.task_id not in tasks and draft.task_id not in in_file
    ]
    return problems


def _problem(record: Task | Draft, reason: str) -> Problem:
    return Problem(record.line, reason, without(reason, record.task_id, getattr(record, "draft_id", None)))


@verb
def whats_there(engine: sa.Engine) -> tuple[int, int]:
    """How many tasks and drafts the project in hand has."""
    with reading(engine) as connection:
        return stored.totals(connection)


@verb
def imports_so_far(engine: sa.Engine) -> Sequence[sa.Row]:
    """Every import, the newest first: id, file_name, tasks_added, drafts_added, imported_at; undone_at, undone_by."""
    with reading(engine) as connection:
        return stored_imports.imports_so_far(connection)
