"""Typed tasks, and how they were made. What is sealed is in none of these answers."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from db.schema import drafts, round_drafts, rounds, tasks, typed_tasks
from db.store import chunks
from db.store.bench.sealing import is_sealed
from db.store.projects import drafts_in_project, tasks_in_project


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
        .where(tasks_in_project(connection), ~is_sealed(tasks.c.id))
        .order_by(tasks.c.task_id)
    ).all()


def counted_by_method(connection: sa.Connection) -> dict[str | None, int]:
    """How many tasks of the project were made by each method; None: plain tasks, whose origin nobody stated."""
    query = (
        sa.select(typed_tasks.c.method, sa.func.count())
        .select_from(tasks.outerjoin(typed_tasks, typed_tasks.c.task == tasks.c.id))
        .where(tasks_in_project(connection), ~is_sealed(tasks.c.id))
        .group_by(typed_tasks.c.method)
    )
    return {method: number for method, number in connection.execute(query)}


def documents_of(connection: sa.Connection, task_ids: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    """The documents of the project's typed tasks among these, by task_id."""
    query = sa.select(tasks.c.task_id, typed_tasks.c.document).join(tasks, tasks.c.id == typed_tasks.c.task)
    return {
        row.task_id: row.document
        for part in chunks(task_ids)
        for row in connection.execute(
            query.where(tasks.c.task_id.in_(part), tasks_in_project(connection), ~is_sealed(tasks.c.id))
        )
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
            query.where(tasks.c.task_id.in_(part), tasks_in_project(connection), ~is_sealed(tasks.c.id)).order_by(tasks.c.task_id)
        )
    ]


def ids(connection: sa.Connection, most: int) -> list[str]:
    """The ids of the project's tasks, typed or plain, in order; `most` of them."""
    return list(
        connection.scalars(
            sa.select(tasks.c.task_id)
            .where(tasks_in_project(connection), ~is_sealed(tasks.c.id))
            .order_by(tasks.c.task_id)
            .limit(most)
        )
    )


def is_in_open_round(connection: sa.Connection, text: str) -> bool:
    """Whether an open round of the project holds a draft of these very words, spaces around them aside."""
    held = (
        sa.select(drafts.c.id)
        .join(round_drafts, round_drafts.c.draft == drafts.c.id)
        .join(rounds, rounds.c.id == round_drafts.c.round)
        .where(rounds.c.closed_at.is_(None), sa.func.trim(drafts.c.text, " \n\r\t") == text, drafts_in_project(connection))
    )
    return connection.execute(held.limit(1)).first() is not None
