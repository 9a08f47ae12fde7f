"""Parameter spaces that tasks were made of, and what of their tasks people have done."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from db.schema import drafts, task_spaces, tasks
from db.store import chunks
from db.store.projects import drafts_in_project, in_project, tasks_in_project


def has(connection: sa.Connection, digest: str) -> bool:
    query = sa.select(task_spaces.c.id).where(task_spaces.c.digest == digest, in_project(connection, task_spaces.c.project))
    return connection.execute(query).first() is not None


def add(connection: sa.Connection, *, project: int, person: int, name: str, digest: str, source: str, at: datetime) -> None:
    connection.execute(
        sa.insert(task_spaces).values(project=project, person=person, name=name, digest=digest, source=source, added_at=at)
    )


def of_project(connection: sa.Connection) -> Sequence[sa.Row]:
    """The project's spaces as they were used last: name, digest, source, added_at; by name."""
    last = (
        sa.select(sa.func.max(task_spaces.c.id)).where(in_project(connection, task_spaces.c.project)).group_by(task_spaces.c.name)
    )
    return connection.execute(sa.select(task_spaces).where(task_spaces.c.id.in_(last)).order_by(task_spaces.c.name)).all()


def drafts_of_tasks(connection: sa.Connection, task_ids: Sequence[str]) -> Mapping[str, int]:
    """How many drafts the project has for each of these tasks, by task_id; those with none are left out."""
    query = sa.select(tasks.c.task_id, sa.func.count()).join(drafts, drafts.c.task == tasks.c.id).group_by(tasks.c.task_id)
    found: dict[str, int] = {}
    for part in chunks(task_ids):
        mine = query.where(tasks.c.task_id.in_(part), tasks_in_project(connection), drafts_in_project(connection))
        found |= {task: number for task, number in connection.execute(mine)}
    return found
