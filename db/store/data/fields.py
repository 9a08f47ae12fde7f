"""Fields of tasks and drafts beside those that every task has: whatever stood in their file under a name of its own."""

from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from db.schema import drafts, round_drafts, tasks
from db.store import among
from db.store.closing.withheld import told
from db.store.projects import drafts_in_project

LOOKED_AT = 5_000  # drafts, the newest first: enough to know which fields there are
OWN = (tasks.c.dimension, tasks.c.source_mode, tasks.c.difficulty, tasks.c.partition, drafts.c.author)


def _with_fields() -> sa.Select:
    return sa.select(drafts.c.id, drafts.c.draft_id, *OWN, tasks.c.extra.label("of_task"), drafts.c.extra.label("of_draft")).join(
        tasks, tasks.c.id == drafts.c.task
    )


def _of_round(connection: sa.Connection, round_: int) -> sa.Select:
    return (
        _with_fields()
        .join(round_drafts, round_drafts.c.draft == drafts.c.id)
        .where(round_drafts.c.round == round_, ~round_drafts.c.is_practice, told(connection, round_drafts.c.draft, round_))
    )


def fields_of_round(connection: sa.Connection, round_: int, most: int | None = None) -> Sequence[sa.Row]:
    """The drafts that count in a round and, where it is closed, are not held back from the reader, at most so many: id, draft_id,
    its own fields, and of_task, of_draft with the others."""
    return connection.execute(_of_round(connection, round_).order_by(round_drafts.c.draft).limit(most)).all()


def fields_of_some(connection: sa.Connection, round_: int, ids: Sequence[int]) -> Sequence[sa.Row]:
    """As `fields_of_round`, of these drafts (ids) alone."""
    return connection.execute(_of_round(connection, round_).where(among(connection, drafts.c.id, ids))).all()


def each_of_round(connection: sa.Connection, round_: int) -> Iterator[sa.Row]:
    """As `fields_of_round`, in no order, some thousands at a time."""
    return iter(connection.execute(_of_round(connection, round_), execution_options={"yield_per": LOOKED_AT}))


def further_fields_of_round(connection: sa.Connection, round_: int) -> Iterator[sa.Row]:
    """As `fields_of_round`, the drafts alone that have further fields, some thousands at a time."""
    some = [sa.cast(extra, sa.String) != "{}" for extra in (tasks.c.extra, drafts.c.extra)]
    return iter(
        connection.execution_options(yield_per=LOOKED_AT).execute(
            _with_fields()
            .join(round_drafts, round_drafts.c.draft == drafts.c.id)
            .where(round_drafts.c.round == round_, ~round_drafts.c.is_practice, sa.or_(*some))
            .order_by(drafts.c.id)
        )
    )


def fields_of_draft(connection: sa.Connection, draft: int) -> sa.Row:
    """One draft, as `fields_of_round` gives it."""
    return connection.execute(_with_fields().where(drafts.c.id == draft)).one()


def fields_of_drafts(connection: sa.Connection) -> Sequence[sa.Row]:
    """The newest drafts of the project, at most LOOKED_AT, as `fields_of_round` gives them."""
    return connection.execute(
        _with_fields().where(drafts_in_project(connection)).order_by(drafts.c.id.desc()).limit(LOOKED_AT)
    ).all()
