"""Export tasks of the project as a file that imports as the same tasks; nothing of what is sealed is in it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
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
        tasks = [task_of(row) for row in stored.tasks_of(connection, partition)]
        sealed = stored_sealing.number_of_sealed(connection)
        if not tasks:
            raise Refused(_why_none(connection, partition, sealed))
    source = lines_of(tasks)
    cluster_by = _read_back_by(tasks, source)
    try:
        to.write_bytes(source)
    except OSError as wrong:
        raise Refused(f"{to} cannot be written ({wrong.strerror}); name another file") from None
    note_event(person, engine, "export tasks", partition=partition, file=to.name, tasks=len(tasks))
    return ExportedTasks(len(tasks), sealed if partition is None else 0, cluster_by)


def _why_none(connection: sa.Connection, partition: str | None, sealed: int) -> str:
    if partition is None:
        return f"all {many(sealed, 'task')} are sealed; they leave once opened" if sealed else "there is no task; import some"
    there = [row.partition for row in stored_sealing.partitions(connection)]
    if partition in there:
        return f"{partition} is sealed: its tasks leave once its keeper opens it"
    return f"no task is in the partition {partition!r}; {there_are(there, 'no task has a partition')}"


def _read_back_by(tasks: Sequence[Task], source: bytes) -> str:
    """The option --cluster-by with which the file reads back as these tasks; "" where none is needed. Raises Refused where it
    would not: a task that cannot be written down would come back as another one."""
    other = _other(tasks, source, None)
    if not other:
        return ""
    for group in dict.fromkeys(name for task in other for name in _groups(task)):
        if all(str(_groups(task).get(group)) == task.cluster for task in other) and not _other(other, lines_of(other), group):
            return group
    raise Refused(
        f"{other[0].task_id} would not come back as it is from a file; {many(len(other), 'task')} like it: back up instead"
    )


def _other(tasks: Sequence[Task], source: bytes, cluster_by: str | None) -> list[Task]:
    back = {task.task_id: task.digest for task in read_file(source, "tasks.jsonl", cluster_by=cluster_by).tasks}
    return [task for task in tasks if back.get(task.task_id) != task.digest]


def _groups(task: Task) -> Mapping[str, object]:
    return (task.typed or {}).get("groups") or {}
