"""Tasks by partition, to be compared and split; the lists of nearest tasks that somebody signed."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from db.schema import drafts as drafts_
from db.schema import leak_signatures, people, round_drafts, rounds, tasks, typed_tasks
from db.store import CHUNK, chunks
from db.store.bench.sealing import is_sealed
from db.store.projects import in_project


def tasks_of(
    connection: sa.Connection, partition: str | None = None, methods: Sequence[str] = (), most: int | None = None
) -> Sequence[sa.Row]:
    """The project's tasks (of a partition; made by these methods; `most` of them) that are not sealed, by task_id: all columns,
    and document where they are typed."""
    query = _tasks(connection, partition).limit(most)
    return connection.execute(query.where(typed_tasks.c.method.in_(methods)) if methods else query).all()


def parts_of_tasks(connection: sa.Connection, partition: str | None) -> Iterator[Sequence[sa.Row]]:
    """The same tasks, some thousands at a time."""
    return connection.execute(_tasks(connection, partition), execution_options={"yield_per": CHUNK}).partitions()


def _tasks(connection: sa.Connection, partition: str | None) -> sa.Select:
    query = (
        sa.select(tasks, typed_tasks.c.document)
        .outerjoin(typed_tasks, typed_tasks.c.task == tasks.c.id)
        .where(in_project(connection, tasks.c.project), ~is_sealed(tasks.c.id))
        .order_by(tasks.c.task_id)
    )
    return query if partition is None else query.where(tasks.c.partition == partition)


def counted(connection: sa.Connection) -> tuple[dict[str, int], dict[str, int]]:
    """The project's tasks that are not sealed: how many in each partition, by name, the last in none (""); how many of the typed
    ones were made by each method."""
    mine = in_project(connection, tasks.c.project), ~is_sealed(tasks.c.id)
    counted_in = sa.select(tasks.c.partition, sa.func.count()).where(*mine).group_by(tasks.c.partition)
    by_partition = {name or "": number for name, number in connection.execute(counted_in)}
    typed = sa.select(typed_tasks.c.method, sa.func.count()).join(tasks, tasks.c.id == typed_tasks.c.task).where(*mine)
    by_method = connection.execute(typed.group_by(typed_tasks.c.method).order_by(typed_tasks.c.method))
    return dict(sorted(by_partition.items(), key=lambda each: (not each[0], each[0]))), dict(list(by_method))


def rounds_on(connection: sa.Connection, numbers: Sequence[int]) -> list[str]:
    """The names of open rounds that hold drafts of these tasks."""
    query = (
        sa.select(rounds.c.name)
        .distinct()
        .join(round_drafts, round_drafts.c.round == rounds.c.id)
        .join(drafts_, drafts_.c.id == round_drafts.c.draft)
        .where(rounds.c.closed_at.is_(None))
    )
    return sorted({name for part in chunks(numbers) for name in connection.scalars(query.where(drafts_.c.task.in_(part)))})


def move(connection: sa.Connection, values: Mapping[int, Mapping[str, Any]], documents: Mapping[int, Mapping[str, Any]]) -> None:
    """Put tasks (by id) into other partitions; `documents`: the typed tasks that say so too."""
    for number, columns in values.items():
        connection.execute(sa.update(tasks).where(tasks.c.id == number).values(**columns))
    for number, document in documents.items():
        connection.execute(sa.update(typed_tasks).where(typed_tasks.c.task == number).values(document=dict(document)))


def sign(
    connection: sa.Connection, *, held: int, person: int, listed: Sequence[int], verdict: str, note: str, at: datetime
) -> None:
    values = {"held": held, "person": person, "listed": list(listed), "verdict": verdict, "note": note, "signed_at": at}
    connection.execute(sa.insert(leak_signatures).values(**values))


def signatures(connection: sa.Connection, held: Sequence[int]) -> dict[int, sa.Row]:
    """The last signature of each of these tasks (ids): held, listed, verdict, note, signed_at, name."""
    query = (
        sa.select(leak_signatures, people.c.name)
        .join(people, people.c.id == leak_signatures.c.person)
        .order_by(leak_signatures.c.id)
    )
    return {row.held: row for part in chunks(held) for row in connection.execute(query.where(leak_signatures.c.held.in_(part)))}
