"""What a connection to SQLite begins with, in the tests' own process: no waiting for the disk, and triggers put in all at once.

A store's first write makes some two hundred triggers of the connection's own (`db.chain.capture`), half of the 20 ms it takes.
Each test has a store of its own. In one of the present schema they are put in as the program has made them in another, and it
finds them there. Not within the tests of the record and of the store itself.
"""

import sqlite3
from functools import cache
from pathlib import Path
from typing import Any

import db.engine
from db.chain import capture
from tests.support.once_a_run import is_made
from tests.support.sample_store import MIGRATED, migrated

OWN_TESTS = {"events", "maintenance"}  # folders of tests
set_up = db.engine._set_up_sqlite
_is_on = True


@cache
def _made() -> tuple[int, list[tuple[Any, ...]]]:
    """The number of the present schema in a store as it was migrated, and the rows of the triggers."""
    connection = sqlite3.connect(migrated())
    try:
        connection.create_function(capture.NOTE, -1, lambda *_values: None)
        for statement in capture._temporary_triggers():
            connection.execute(statement)
        rows = connection.execute("SELECT type, name, tbl_name, rootpage, sql FROM sqlite_temp_master").fetchall()
        return connection.execute("PRAGMA schema_version").fetchone()[0], rows
    finally:
        connection.close()


def _in_haste(connection: sqlite3.Connection, record: Any) -> None:
    set_up(connection, record)
    if not _is_on:
        return
    connection.execute("PRAGMA synchronous=OFF")
    if is_made(MIGRATED):
        _put_in(connection, record.info)


def _put_in(connection: sqlite3.Connection, info: dict[str, Any]) -> None:
    number, rows = _made()
    if connection.execute("PRAGMA schema_version").fetchone()[0] == number:
        info[capture.NOTE] = capture.Noting()
        connection.create_function(capture.NOTE, -1, info[capture.NOTE].note)
        connection.execute("PRAGMA writable_schema=ON")
        connection.executemany("INSERT INTO sqlite_temp_master VALUES (?, ?, ?, ?, ?)", rows)
        connection.execute("PRAGMA writable_schema=OFF")
        connection.execute("PRAGMA writable_schema=RESET")  # read now


def begin() -> None:
    db.engine._set_up_sqlite = _in_haste


def begin_in(test: Path) -> None:
    """From here on, or not, as the test at that path asks."""
    global _is_on
    _is_on = not OWN_TESTS & set(test.parts)
