"""Copy the whole store into one file, and back into a store."""

import os
from pathlib import Path

import sqlalchemy as sa

from db.chain.changes import Tell
from db.engine import migrate, open_engine, reading, schema_state, writing
from db.store import upkeep as stored
from db.store.record import events as stored_events
from touchstone.errors import Refused
from workflow.people.verbs import verb


@verb
def backup(engine: sa.Engine, to: Path, *, tell: Tell = lambda rows: None) -> dict[str, int]:
    """Copy the whole store, as it is at one moment, into a new SQLite file; returns the rows per table. `tell` is called with how
    many more were copied.

    The file is a store of its own: point TOUCHSTONE_DATABASE_URL at it, or restore it into another, PostgreSQL too.
    """
    if to.exists():
        raise Refused(f"{to} exists; a backup never overwrites: name a new file")
    _refuse_old(engine)
    if not to.parent.is_dir():
        raise Refused(f"there is no folder {to.parent}; make it, or name another")
    unfinished = to.with_name(f".{to.name}.unfinished")
    for each in _files(unfinished):
        each.unlink(missing_ok=True)
    target = open_engine(_address(unfinished))
    try:
        migrate(target)
        with reading(engine) as source, writing(target, copies=True) as copy:
            rows = stored.copy_all(source, copy, tell)
        stored.into_one_file(target)
    finally:
        target.dispose()
    os.replace(unfinished, to)
    for each in _files(unfinished):
        each.unlink(missing_ok=True)
    return rows


def head_of(file: Path) -> str:
    """The digest of the last event in a backup; "" where it has none."""
    copy = open_engine(_address(file))
    try:
        with reading(copy) as connection:
            _, digest = stored_events.head(connection)
        stored.into_one_file(copy)
        return digest
    finally:
        copy.dispose()


def _address(path: Path) -> str:
    return sa.URL.create("sqlite", database=str(path)).render_as_string()


def _files(path: Path) -> list[Path]:
    return [path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")]


@verb
def restore(engine: sa.Engine, file: Path, *, tell: Tell = lambda rows: None) -> dict[str, int]:
    """Copy a backup into this store, which must be new or empty; returns the rows per table. `tell` as in `backup`."""
    if not file.is_file():
        raise Refused(f"there is no file {file}; name a backup made with: python manage.py backup FILE")
    source = open_engine(_address(file))
    try:
        try:
            state = schema_state(source)
        except (Refused, sa.exc.DatabaseError):
            raise Refused(f"{file} is not a SQLite file; name a backup made with: python manage.py backup FILE") from None
        if state != "present":
            raise Refused(
                f"{file} holds {'no store' if state == 'new' else f'a store of {state} schema'}; restore it with "
                "the Touchstone that made it, then migrate"
            )
        migrate(engine)
        with reading(source) as connection, writing(engine, copies=True) as target:
            if stored.holds_anything(target):
                raise Refused("this store holds data; restore into a new one: point TOUCHSTONE_DATABASE_URL at it")
            return stored.copy_all(connection, target, tell)
    finally:
        source.dispose()


def _refuse_old(engine: sa.Engine) -> None:
    state = schema_state(engine)
    if state != "present":
        raise Refused(f"the store's schema is {state}; run: python manage.py migrate")
