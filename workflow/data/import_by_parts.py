"""A JSONL file of tasks or drafts of any size: read, checked and stored some thousands of records at a time, whole or not at all.

What `task_import` does with a file in hand is done here with each part, in one transaction, so a bad line anywhere leaves nothing
stored. In hand is one part; besides, drafts that stand before their tasks, until the end of the file.
"""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import sqlalchemy as sa

from db.store import projects as stored_projects
from db.store import tasks as stored
from db.store.bench import sealing as stored_sealing
from touchstone.data.task import Draft, Task
from touchstone.data.task_file import TaskFile, read_record
from touchstone.english import many
from touchstone.errors import Problem, Refused, enough, without
from touchstone.files.json_records import record_of_line
from touchstone.files.text import lines_as_they_come
from workflow import clock
from workflow.data import task_import
from workflow.data.seen_alike import seen_alike
from workflow.data.task_import import Imported
from workflow.events.recording import recorded
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.projects.settling import settle_import

AT_ONCE = 5_000  # records of a part
ENDINGS = (".jsonl", ".ndjson")


@verb
def import_by_parts(
    person: Person,
    engine: sa.Engine,
    path: Path,
    kind: str,
    *,
    partition: str | None = None,
    cluster_by: str | None = None,
    tell: Callable[[int], None] = lambda records: None,
) -> Imported:
    """As `task_import.import_tasks` (`kind` "tasks") or `import_drafts` ("drafts") of a JSONL file on disk, whose size its memory
    does not grow with. `tell` is called with how many records are stored so far. Raises Refused with every problem, as those do:
    the whole file is undone then."""
    with path.open("rb") as stream, recorded(person, engine, "import file", file=path.name) as connection:
        return _Import(connection, person, path.name, kind).take(_Hashed(stream), partition or None, cluster_by or None, tell)


class _Hashed:
    """A file that is read line by line, and the digest of what was read."""

    def __init__(self, stream: BinaryIO):
        self._stream, self._digest = stream, hashlib.sha256()

    def readline(self, size: int = -1) -> bytes:
        line = self._stream.readline(size)
        self._digest.update(line)
        return line

    def hexdigest(self) -> str:
        return self._digest.hexdigest()


class _Import:
    """One import under way: what was found wrong so far, and how much was stored."""

    def __init__(self, connection: sa.Connection, person: Person, file_name: str, kind: str):
        self.connection, self.person, self.file_name, self.kind = connection, person, file_name, kind
        self.problems: list[Problem] = []
        before = len(stored_projects.every(connection))
        self.project = settle_import(person, connection)
        self.is_first = len(stored_projects.every(connection)) > before
        self.sealed = stored_sealing.sealed_ids(connection, self.project.id)
        self.partitions = stored_sealing.sealed_partitions(connection)
        self.made: int | None = None  # the import's own row, from the first part on that has something new
        self.added = {"tasks": 0, "drafts": 0}
        self.known = {"tasks": 0, "drafts": 0}
        self.further: dict[str, None] = {}
        self.alone: dict[str, int | None] = {}  # in a file of drafts: tasks, by line, of which no draft came yet
        self.early: list[Draft] = []  # drafts that stand before their tasks

    def take(self, stream: _Hashed, partition: str | None, cluster_by: str | None, tell: Callable[[int], None]) -> Imported:
        records = 0
        for tasks, drafts in self._parts(stream, partition, cluster_by):
            self._take_part(tasks, drafts, is_last=False)
            records += max(len(tasks), len(drafts))
            tell(records)
        if self.early:
            self._take_part({}, {draft.draft_id: draft for draft in self.early}, is_last=True)
        self.problems += [
            Problem(line, f"{task_id} is a task; import it with import-tasks", "… is a task; import it with import-tasks")
            for task_id, line in self.alone.items()
        ]
        if not self.problems and not records:
            self.problems.append(Problem(None, "the file is empty; it needs one record per line"))
        if self.problems:
            raise Refused(
                f"{self.file_name} was not imported: {many(len(self.problems), 'problem')} in it, nothing was stored",
                sorted(self.problems, key=lambda each: each.line or 0),
            )
        if self.made is not None:
            stored.finish_import(
                self.connection,
                self.made,
                digest=stream.hexdigest(),
                tasks_added=self.added["tasks"],
                drafts_added=self.added["drafts"],
            )
        return Imported(
            self.file_name,
            self.added["tasks"],
            self.added["drafts"],
            self.known["tasks"],
            self.known["drafts"],
            self.project.name,
            self.is_first,
            tuple(self.further),
        )

    def _parts(
        self, stream: _Hashed, partition: str | None, cluster_by: str | None
    ) -> Iterator[tuple[dict[str, Task], dict[str, Draft]]]:
        """The tasks and drafts of the file by their ids, some thousands at a time."""
        tasks: dict[str, Task] = {}
        drafts: dict[str, Draft] = {}
        for number, text in lines_as_they_come(stream):  # type: ignore[arg-type]
            if enough(self.problems, number):
                return
            record = (
                text if isinstance(text, Problem) else record_of_line(number, text, '{"task_id": …}') if text.strip() else None
            )
            if record is None:
                continue
            if isinstance(record, Problem):
                self.problems.append(record)
                continue
            try:
                task, draft = read_record(record, number, partition, cluster_by)
            except ValueError as wrong:
                ids = [value for name in ("task_id", "draft_id", "id") if isinstance(value := record.get(name), str | int)]
                self.problems.append(Problem(number, str(wrong), without(str(wrong), *ids)))
                continue
            if task:
                self._note_twice(task, tasks.setdefault(task.task_id, task), f"task_id {task.task_id}")
            if draft:
                self._note_twice(draft, drafts.setdefault(draft.draft_id, draft), f"draft_id {draft.draft_id}")
            if len(tasks) + len(drafts) >= AT_ONCE:
                yield tasks, drafts
                tasks, drafts = {}, {}
        if tasks or drafts:
            yield tasks, drafts

    def _note_twice(self, again: Task | Draft, first: Task | Draft, called: str) -> None:
        if first.digest != again.digest:
            where = f"on line {first.line}"
            self.problems.append(Problem(again.line, f"{called} is {where} with different content; give one of them another id"))

    def _take_part(self, of_tasks: dict[str, Task], of_drafts: dict[str, Draft], *, is_last: bool) -> None:
        """Check a part against the store, in which the parts before are, and store what is new."""
        tasks = stored.known_tasks(self.connection, sorted({*of_tasks, *(draft.task_id for draft in of_drafts.values())}))
        if not is_last:
            for draft in [each for each in of_drafts.values() if each.task_id not in tasks and each.task_id not in of_tasks]:
                self.early.append(of_drafts.pop(draft.draft_id))
        drafts = stored.known_drafts(self.connection, list(of_drafts))
        tasks_before, drafts_before = (self._of_this_file(known) for known in (tasks, drafts))
        for task in [of_tasks[key] for key in of_tasks.keys() & tasks_before]:
            self._note_before(of_tasks.pop(task.task_id), tasks[task.task_id].digest, f"task_id {task.task_id}")
        for draft in [of_drafts[key] for key in of_drafts.keys() & drafts_before]:
            self._note_before(of_drafts.pop(draft.draft_id), drafts[draft.draft_id].digest, f"draft_id {draft.draft_id}")
        read = TaskFile(list(of_tasks.values()), list(of_drafts.values()), [])
        found = self._of_the_wrong_kind(read, tasks_before)
        found += task_import.sealed_here(read, self.sealed)
        found += task_import.into_sealed(read, self.partitions, tasks)
        alike = seen_alike(self.person, self.connection, read.tasks, read.drafts)
        found += task_import.against_the_store(read, tasks, drafts, alike)
        self.problems += found
        new = TaskFile(
            [task for task in read.tasks if task.task_id not in tasks],
            [draft for draft in read.drafts if draft.draft_id not in drafts],
            [],
        )
        self.known["tasks"] += len(read.tasks) - len(new.tasks)
        self.known["drafts"] += len(read.drafts) - len(new.drafts)
        if not self.problems and (new.tasks or new.drafts):
            self._store(new)

    def _of_the_wrong_kind(self, read: TaskFile, tasks_before: set[str]) -> list[Problem]:
        """As `task_import.of_the_wrong_kind` of the whole file, in which a task and its draft may stand far apart: tasks in a
        file of drafts are told at its end, where none of theirs came. A draft in a file of tasks passes where its task is new
        with the file."""
        drafts_of = {draft.task_id for draft in read.drafts}
        if self.kind == "drafts":
            self.alone |= {task.task_id: task.line for task in read.tasks if task.task_id not in drafts_of}
            for task_id in drafts_of & self.alone.keys():
                del self.alone[task_id]
            return []
        strange = [draft for draft in read.drafts if draft.task_id not in tasks_before]
        return task_import.of_the_wrong_kind(TaskFile(read.tasks, strange, []), self.kind)

    def _of_this_file(self, known: dict[str, sa.Row]) -> set[str]:
        """What of the store came in with an earlier part of this file."""
        return {key for key, row in known.items() if self.made is not None and row.made_by == self.made}

    def _note_before(self, again: Task | Draft, digest: str, called: str) -> None:
        if again.digest != digest:
            self.problems.append(
                Problem(again.line, f"{called} is further up in the file with different content; give one of them another id")
            )

    def _store(self, new: TaskFile) -> None:
        if self.made is None:
            self.made = stored.add_import(
                self.connection,
                project=self.project.id,
                person=self.person.id,
                file_name=self.file_name,
                tasks_added=0,
                drafts_added=0,
                digest="",
                at=clock.now(),
            )
        task_import.store_new(self.connection, self.project.id, self.made, new, "imported")
        self.added["tasks"] += len(new.tasks)
        self.added["drafts"] += len(new.drafts)
        extras = [*(task.extra for task in new.tasks), *(draft.extra for draft in new.drafts)]
        self.further |= dict.fromkeys(name for extra in extras for name in extra)
