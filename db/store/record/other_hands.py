"""No transaction of this program writes through what another hand put into the schema.

A trigger, a rule, a default or a function that was changed could write other rows than the program does, and what notes the
program's rows would note them as the program's own. So each transaction that goes on record is refused where there is any, also
where it was there for that transaction alone.

SQLite: nobody else writes once a transaction has the lock, so the schema is looked at as it begins; each connection keeps the
`schema_version` for which it was found to be whole. PostgreSQL: what a statement fires stays locked until the commit, so it is
looked at again as the transaction ends, by one number that every change makes another (`capture.STATE`).
"""

import hashlib
from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from db.chain import append_only, capture
from db.chain.changes import Changes
from db.store.record import schema_check
from touchstone.english import listed
from touchstone.errors import Refused, command

WHOLE = "touchstone_whole_at"
NAMED, MOST_KEPT = 3, 100
CHECK = (command("check-store"),)
_whole_files: set[bytes] = set()  # digests of schemas of SQLite that were found to be whole
_revisions: WeakKeyDictionary[sa.Pool, str] = WeakKeyDictionary()  # the schema that each store had when it was whole
_whole_states: WeakKeyDictionary[sa.Pool, str] = WeakKeyDictionary()  # of PostgreSQL, the last one found to be whole


def refuse_at_begin(connection: sa.Connection, changes: Changes) -> None:
    """Before anything is written. Raises Refused where the schema is not as the program made it."""
    if connection.dialect.name == "sqlite":
        _look_at_file(connection)
        return
    pool = connection.engine.pool
    state = _whole_states.get(pool)
    if state is None:
        state = capture.state(connection)
        _refuse_what_is_there(connection)
        _whole_states[pool] = state
    changes.state = state


def refuse_at_end(connection: sa.Connection, changes: Changes) -> None:
    """After everything is written, PostgreSQL. Raises Refused where the schema is no longer what it was at the beginning."""
    if changes.state == changes.state_at_end:
        return
    _whole_states.pop(connection.engine.pool, None)
    _refuse_what_is_there(connection)
    raise Refused(
        "the tables of the store were changed by another hand while this was written, so nothing was kept; do it again, and "
        "check the store",
        way=CHECK,
    )


def refuse_before_migration(connection: sa.Connection) -> None:
    """Raises Refused where a trigger or rule of another hand would write into what the migration makes of the rows. What the
    program's own triggers call is made anew before."""
    append_only.make_functions(connection)
    capture.make_functions(connection)
    _refuse(schema_check.put_in_before(connection))


def _look_at_file(connection: sa.Connection) -> None:
    """SQLite itself reads the schema anew where `schema_version` is another, and else goes by what it has read: so does this."""
    driver: Any = connection.connection.driver_connection
    info = connection.connection.info
    version = driver.execute("PRAGMA schema_version").fetchone()[0]
    if info.get(WHOLE) == version:
        return
    driver.execute("PRAGMA writable_schema=RESET")  # read anew what is looked at now, whatever was read under this number
    rows = driver.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name").fetchall()
    digest = hashlib.sha256(repr(rows).encode()).digest()
    if digest not in _whole_files:
        _refuse_what_is_there(connection)
        if len(_whole_files) >= MOST_KEPT:
            _whole_files.clear()
        _whole_files.add(digest)
    info[WHOLE] = version


def _refuse_what_is_there(connection: sa.Connection) -> None:
    found, pool = schema_check.that_change_rows(connection), connection.engine.pool
    if "alembic_version" in sa.inspect(connection).get_table_names():
        revision = str(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar())
        if found and _revisions.get(pool, revision) != revision:
            raise Refused(
                f"this store was brought from schema {_revisions[pool]} to {revision} while Touchstone was running, so nothing "
                "is written here any more: start it again, with the program of that schema"
            )
        if not found:
            _revisions[pool] = revision
    _refuse(found)


def _refuse(found: Sequence[str]) -> None:
    if found:
        more = [f"{len(found) - NAMED:,} more"] if len(found) > NAMED else []
        raise Refused(
            f"nothing is written into this store, as another hand changed how it writes: {listed([*found[:NAMED], *more])}; "
            "have that put right, and check the store",
            way=CHECK,
        )
