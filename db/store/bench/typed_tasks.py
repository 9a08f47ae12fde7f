"""Typed tasks, and how they were made."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from db.schema import tasks, typed_tasks
from db.store import chunks
from db.store.projects import tasks_in_project


def add(connection: sa.Connection, documents: Mapping[int, Mapping[str, Any]], method: str) -> None:
    """The documents of tasks (by the task's id), all made by one method."""
    rows = [{"task": task, "method": method, "document": dict(document)} for task, document in documents.items()]
    for part in chunks(rows):
        connection.execute(sa.insert(typed_tasks), list(part))


def of_project(connection: sa.Connection) -> Sequence[sa.Row]:
    """Every typed task of the project: task (its id), task_id, method, document; by task_id."""
    return connection.execute(
        sa.select(typed_tasks.c.task, tasks.c.task_id, typed_tasks.c.method, typed_tasks.c.document)
        .join(tasks, tasks.c.id == typed_tasks.c.task)
        .where(tasks_in_project(connection))
        .order_by(tasks.c.task_id)
    ).all()


def counted_by_method(connection: sa.Connection) -> dict[str | None, int]:
    """How many tasks of the project were made by each method; None: plain tasks, whose origin nobody stated."""
    query = (
        sa.select(typed_tasks.c.method, sa.func.count())
        .select_from(tasks.outerjoin(typed_tasks, typed_tasks.c.task == tasks.c.id))
        .where(tasks_in_project(connection))
        .group_by(typed_tasks.c.method)
    )
    return {method: number for method, number in connection.execute(query)}


def documents_of(connection: sa.Connection, task_ids: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    """The documents of the project's typed tasks among these, by task_id."""
    query = sa.select(tasks.c.task_id, typed_tasks.c.document).join(tasks, tasks.c.id == typed_tasks.c.task)
    return {
        row.task_id: row.document
        for part in chunks(task_ids)
        for row in connection.execute(query.where(tasks.c.task_id.in_(part), tasks_in_project(connection)))
    }


def tasks_to_read(connection: sa.Connection, task_ids: Sequence[str]) -> list[sa.Row]:
    """The project's tasks among these, plain or typed: task_id, input, extra, dimension, difficulty, cluster, document (None of a
    plain one); by task_id."""
    columns = (tasks.c.task_id, tasks.c.input, tasks.c.extra, tasks.c.dimension, tasks.c.difficulty, tasks.c.cluster)
    query = sa.select(*columns, typed_tasks.c.document).outerjoin(typed_tasks, typed_tasks.c.task == tasks.c.id)
    return [
        row
        for part in chunks(sorted(task_ids))
        for row in connection.execute(
            query.where(tasks.c.task_id.in_(part), tasks_in_project(connection)).order_by(tasks.c.task_id)
        )
    ]
