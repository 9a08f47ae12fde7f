"""Look after the store: check it, back it up, restore it."""

import hashlib
import os
from pathlib import Path

import sqlalchemy as sa

from db.engine import migrate, open_engine, reading, schema_state, writing
from db.store import labels as stored_labels
from db.store import reports as stored_reports
from db.store import rounds as stored_rounds
from db.store import upkeep as stored
from touchstone.errors import Refused
from touchstone.label import LabelRow, count_labels, pattern_text
from workflow import rubrics


def check_store(engine: sa.Engine) -> list[str]:
    """What is wrong in the store, a sentence each; empty when all holds together.

    Looks at the database's own integrity, at every published rubric's digest (stored bytes and file), at labels that do
    not fit their assignment, and counts every closed round again: the stored counts must match.
    """
    with reading(engine) as connection:
        found = stored.damage(connection)
        found += [f"label {row.id} does not fit its assignment" for row in stored.labels_out_of_place(connection)]
        for row in stored.rubric_sources(connection):
            if hashlib.sha256(row.source).hexdigest() != row.digest:
                found.append(f"the stored bytes of rubric {row.name} are not those of its digest {row.digest[:12]}")
        found += [f"{name} is closed and has no counts" for name in stored.closed_rounds_without_counts(connection)]
        for row in stored_rounds.all_rounds(connection):
            if row.closed_at is not None:
                found += _recount(connection, row)
    found += [f"{each.name}.yml is no longer what was published; put the old file back"
              for each in rubrics.rubric_files(engine) if each.is_changed]
    return found


def _recount(connection: sa.Connection, row: sa.Row) -> list[str]:
    rubric = rubrics.rubric_of(connection, row.rubric_version)
    names = [each.name for each in stored_rounds.annotators_of(connection, row.id)]
    table = [LabelRow(each.draft_id, each.annotator, each.dimension, rubric.dimension(each.dimension).parse(each.value))
             for each in stored_labels.of_closed_round(connection, row.id)]
    wrong = []
    for key, (_, patterns) in stored_reports.counts_of(connection, round_=row.id).items():
        again = count_labels(table, rubric.dimension(key), names).patterns
        if {pattern_text(pattern): units for pattern, units in again.items()} != patterns:
            wrong.append(f"the stored counts of {row.name} / {key} are not those of its labels")
    return wrong


def backup(engine: sa.Engine, to: Path) -> dict[str, int]:
    """Copy the whole store, as it is at one moment, into a new SQLite file; returns the rows per table.

    The file is a store of its own: point TOUCHSTONE_DATABASE_URL at it, or restore it into another, PostgreSQL too.
    """
    if to.exists():
        raise Refused(f"{to} exists; a backup never overwrites: name a new file")
    _refuse_old(engine)
    unfinished = to.with_name(f".{to.name}.unfinished")
    for each in _files(unfinished):
        each.unlink(missing_ok=True)
    target = open_engine(f"sqlite:///{unfinished}")
    try:
        migrate(target)
        with reading(engine) as source, writing(target) as copy:
            rows = stored.copy_all(source, copy)
        with target.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        target.dispose()
    os.replace(unfinished, to)
    for each in _files(unfinished):
        each.unlink(missing_ok=True)
    return rows


def _files(path: Path) -> list[Path]:
    return [path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")]


def restore(engine: sa.Engine, file: Path) -> dict[str, int]:
    """Copy a backup into this store, which must be new or empty; returns the rows per table."""
    if not file.is_file():
        raise Refused(f"there is no file {file}; name a backup made with: python manage.py backup FILE")
    source = open_engine(f"sqlite:///{file}")
    try:
        try:
            state = schema_state(source)
        except sa.exc.DatabaseError:
            raise Refused(f"{file} is no SQLite file; name a backup made with: python manage.py backup FILE") from None
        if state != "present":
            raise Refused(f"{file} holds a store of {'no' if state == 'new' else f'an {state}'} schema; restore it with "
                          "the Touchstone that made it, then migrate")
        migrate(engine)
        with reading(source) as connection, writing(engine) as target:
            if stored.holds_anything(target):
                raise Refused("this store holds data; restore into a new one: point TOUCHSTONE_DATABASE_URL at it")
            return stored.copy_all(connection, target)
    finally:
        source.dispose()


def _refuse_old(engine: sa.Engine) -> None:
    state = schema_state(engine)
    if state != "present":
        raise Refused(f"the store's schema is {state}; run: python manage.py migrate")
