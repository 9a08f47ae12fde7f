"""Export tasks of the project as a file that imports as the same tasks; nothing of what is sealed is in it."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import sqlalchemy as sa

from db.engine import leaving, reading
from db.store.bench import partitions as stored
from db.store.bench import sealing as stored_sealing
from touchstone.bench.records import lines_of
from touchstone.data.task import Task
from touchstone.data.task_file import read_file
from touchstone.english import many, there_are
from touchstone.errors import Refused
from workflow.bench.leaks import task_of
from workflow.events.recording import note_event
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.projects.settling import settle


class ExportedTasks(NamedTuple):
    """`sealed`: tasks that are sealed, which are not in it. `cluster_by`: the group that a typed task's cluster was taken from
    where that is not its own, so that reading the file back takes the same option; "" for none."""

    tasks: int
    sealed: int
    cluster_by: str

    def as_json(self) -> dict[str, object]:
        return self._asdict()


@verb
def export_tasks(person: Person, engine: sa.Engine, to: Path, partition: str | None = None) -> ExportedTasks:
    """Write the tasks of a partition, or all of the project that are not sealed, into the new file `to`: JSONL, by task_id, that
    `import-tasks` reads back as the same tasks. Raises Refused for a partition that is sealed or not there, and for a file that
    is there already."""
    if to.exists():
        raise Refused(f"{to} is there already; name a new file")
    with reading(leaving(engine), person) as connection:
        settle(connection)
        sealed = stored_sealing.number_of_sealed(connection)
        try:
            with TemporaryDirectory(prefix=f".{to.name[:40]}.", dir=to.parent) as folder:
                written = _write(connection, partition, Path(folder) / "new")
                if not written.tasks:
                    raise Refused(_why_none(connection, partition, sealed))
                cluster_by = written.read_back_by()
                os.replace(Path(folder) / "new", to)
        except OSError as wrong:
            raise Refused(f"{to} cannot be written ({wrong.strerror}); name another file") from None
    note_event(person, engine, "export tasks", partition=partition, file=to.name, tasks=written.tasks)
    return ExportedTasks(written.tasks, sealed if partition is None else 0, cluster_by)


def _write(connection: sa.Connection, partition: str | None, to: Path) -> "_Written":
    """Write the tasks into a file, and read each back as it is written, some thousands in hand at a time."""
    written = _Written()
    with to.open("wb") as out:
        for part in stored.parts_of_tasks(connection, partition):
            tasks = [task_of(row) for row in part]
            source = lines_of(tasks)
            out.write(source)
            written.take(tasks, source)
    return written


def _why_none(connection: sa.Connection, partition: str | None, sealed: int) -> str:
    if partition is None:
        return f"all {many(sealed, 'task')} are sealed; they leave once opened" if sealed else "there is no task; import some"
    there = [row.partition for row in stored_sealing.partitions(connection)]
    if partition in there:
        return f"{partition} is sealed: its tasks leave once its keeper opens it"
    return f"no task is in the partition {partition!r}; {there_are(there, 'no task has a partition')}"


class _Written:
    """How many tasks were written; of how many the lines by themselves do not read back as the task, the first of these, and the
    groups by which all of them did with --cluster-by, in the order of the first."""

    def __init__(self) -> None:
        self.tasks = self.others = 0
        self.first = ""
        self.groups: list[str] = []

    def take(self, tasks: Sequence[Task], source: bytes) -> None:
        self.tasks += len(tasks)
        for task in _other(tasks, source, None):
            groups = self.groups if self.others else [*_groups(task)]
            self.first = self.first or task.task_id
            self.others += 1
            self.groups = [group for group in groups if _is_by(task, group)]

    def read_back_by(self) -> str:
        """The option --cluster-by with which the file reads back as these tasks; "" where none is needed. Raises Refused where it
        would not: a task that cannot be written down would come back as another one."""
        if self.others and not self.groups:
            like = many(self.others, "task")
            raise Refused(f"{self.first} would not come back as it is from a file; {like} like it: back up instead")
        return self.groups[0] if self.others else ""


def _is_by(task: Task, group: str) -> bool:
    return str(_groups(task).get(group)) == task.cluster and not _other([task], lines_of([task]), group)


def _other(tasks: Sequence[Task], source: bytes, cluster_by: str | None) -> list[Task]:
    back = {task.task_id: task.digest for task in read_file(source, "tasks.jsonl", cluster_by=cluster_by).tasks}
    return [task for task in tasks if back.get(task.task_id) != task.digest]


def _groups(task: Task) -> Mapping[str, object]:
    return (task.typed or {}).get("groups") or {}
