"""The store as a whole: copy it, and ask whether it holds together."""

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from db.aliases import alias_of
from db.chain import append_only
from db.chain.changes import Tell
from db.schema import (
    assignments,
    drafts,
    gate_tokens,
    invitations,
    labels,
    metadata,
    passwords,
    round_drafts,
    rubric_versions,
    salts,
    sign_in_attempts,
    sign_ins,
    tasks,
    throttles,
    typed_tasks,
)
from db.store.record import events as stored_events

ROWS = 2_000
SIGNS_IN = (sign_ins, passwords, invitations, gate_tokens, throttles, sign_in_attempts)


def copy_all(source: sa.Connection, target: sa.Connection, tell: Tell = lambda rows: None) -> dict[str, int]:
    """Copy every row of every table into an empty store of the same schema; returns the rows per table. `tell` is called with how
    many more were copied.

    What signs in stays behind (sign-ins, passwords, links to set one): a copy lets nobody in, and its last event says so. The
    salt and the events come along, so the copy's chain goes on where that of the source is. Parents come before children, and
    within a table the earlier id first, so that a row finds what it supersedes.
    """
    copied = {}
    are_sqlite = source.dialect.name == target.dialect.name == "sqlite"
    _without_salt(target)
    for table in metadata.sorted_tables:
        copied[table.name] = 0
        if table in SIGNS_IN:
            continue
        for rows in (_copy_as_it_is if are_sqlite else _copy)(source, target, table):
            copied[table.name] += rows
            tell(rows)
    stored_events.leave_behind(target, source, SIGNS_IN)
    if target.dialect.name == "postgresql":
        for table in metadata.sorted_tables:
            if "id" in table.c:
                target.execute(
                    sa.text(
                        f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), "
                        f"coalesce((SELECT max(id) FROM {table.name}), 0) + 1, false)"
                    )
                )
    return copied


def _copy(source: sa.Connection, target: sa.Connection, table: sa.Table) -> Iterator[int]:
    """Copy a table, the earlier id first; how many rows, some thousands at a time."""
    rows = source.execution_options(yield_per=ROWS).execute(sa.select(table).order_by(*table.primary_key.columns))
    for part in rows.mappings().partitions(ROWS):
        target.execute(sa.insert(table), [dict(row) for row in part])
        yield len(part)


def _copy_as_it_is(source: sa.Connection, target: sa.Connection, table: sa.Table) -> Iterator[int]:
    """The same from SQLite to SQLite, where a cell is in the other store what it is in this: it is not read."""
    columns = [f'"{each.name}"' for each in table.columns]
    names, places = ", ".join(columns), ", ".join("?" * len(columns))
    order = ", ".join(f'"{each.name}"' for each in table.primary_key.columns)
    of_target: Any = target.connection.driver_connection
    rows = source.exec_driver_sql(f'SELECT {names} FROM main."{table.name}" ORDER BY {order}').cursor
    while part := rows.fetchmany(ROWS):
        of_target.executemany(f'INSERT INTO main."{table.name}" ({names}) VALUES ({places})', part)
        yield len(part)


def _without_salt(target: sa.Connection) -> None:
    """A new store has a salt of its own, which the copy's takes the place of: the only time one is taken out."""
    name = target.dialect.name
    for trigger in append_only.triggers(name, "salts"):
        target.exec_driver_sql(f"DROP TRIGGER {trigger}" + ("" if name == "sqlite" else " ON salts"))
    target.execute(sa.delete(salts))
    append_only.make_triggers(target)


def rows_in(connection: sa.Connection) -> dict[str, int]:
    """How many rows each table has."""
    return {
        table.name: connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
        for table in metadata.sorted_tables
    }


def damage(connection: sa.Connection) -> list[str]:
    """What the database itself reports as broken; empty when it is whole. PostgreSQL checks as it writes."""
    if connection.dialect.name != "sqlite":
        return []
    found = [row[0] for row in connection.exec_driver_sql("PRAGMA integrity_check") if row[0] != "ok"]
    return found + [f"a row of {row[0]} has lost its {row[2]}" for row in connection.exec_driver_sql("PRAGMA foreign_key_check")]


def labels_out_of_place(connection: sa.Connection) -> Sequence[sa.Row]:
    """Labels that name another person than their assignment, a draft their round does not hold, or that supersede a
    label of another cell."""
    before = alias_of(labels, "before")
    stray = ~sa.exists().where(round_drafts.c.round == assignments.c.round, round_drafts.c.draft == assignments.c.draft)
    return connection.execute(
        sa.select(labels.c.id)
        .join(assignments, assignments.c.id == labels.c.assignment)
        .outerjoin(before, before.c.id == labels.c.supersedes)
        .where(
            (labels.c.person != assignments.c.person)
            | stray
            | (before.c.assignment != labels.c.assignment)
            | (before.c.dimension != labels.c.dimension)
        )
    ).all()


def rubric_sources(connection: sa.Connection) -> Sequence[sa.Row]:
    return connection.execute(sa.select(rubric_versions)).all()


def all_tasks(connection: sa.Connection) -> sa.CursorResult:
    """Every task, with the document of a typed one (None of a plain one)."""
    of_typed = tasks.outerjoin(typed_tasks, typed_tasks.c.task == tasks.c.id)
    query = sa.select(tasks, typed_tasks.c.document).select_from(of_typed).order_by(tasks.c.id)
    return connection.execution_options(yield_per=ROWS).execute(query)


def all_drafts(connection: sa.Connection) -> sa.CursorResult:
    """Every draft with the task_id of its task."""
    return connection.execution_options(yield_per=ROWS).execute(
        sa.select(drafts.c.draft_id, drafts.c.text, drafts.c.author, drafts.c.extra, drafts.c.digest, tasks.c.task_id)
        .join(tasks)
        .order_by(drafts.c.id)
    )


def holds_anything(connection: sa.Connection) -> bool:
    return any(many for name, many in rows_in(connection).items() if name != "salts")


def into_one_file(engine: sa.Engine) -> None:
    """Fold a SQLite store's write-ahead log into its file, so that the file alone is the store."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
