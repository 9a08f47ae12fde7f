"""Note every row that a transaction of this program changes, whichever query changed it.

SQLite: triggers of the connection's own (temp), which call this program. PostgreSQL: triggers of the store, which do nothing but
in this program's sessions, and put the rows where the end of the transaction reads them. Another hand's changes are not noted.
"""

import functools
import hashlib
import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from db.chain.changes import Changes
from db.chain.covered import Covered, covered

NOTE, SALTS, TOUCHED_TIMES = "touchstone_note", "touchstone_salts", "touchstone_touched_times"
THERE_IN_SQLITE = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'salts'"
THERE_IN_POSTGRESQL = "SELECT 1 WHERE to_regclass('salts') IS NOT NULL"
AT_ONCE = 1_000
# One number that every change of a trigger, rule, default, constraint or function makes another, as none of the numbers of
# transactions in it is ever given again.
STATE = """
    SELECT current_setting('session_replication_role') || ' ' || count(*) || ' ' || coalesce(sum(made), 0) FROM (
        SELECT xmin::text::bigint AS made FROM pg_trigger WHERE NOT tgisinternal
        UNION ALL SELECT xmin::text::bigint FROM pg_rewrite WHERE oid >= 16384
        UNION ALL SELECT xmin::text::bigint FROM pg_proc WHERE proname IN (%(functions)s)
        UNION ALL SELECT xmin::text::bigint FROM pg_attrdef
            WHERE (SELECT relpersistence FROM pg_class WHERE oid = adrelid) = 'p'
        UNION ALL SELECT xmin::text::bigint FROM pg_constraint
            WHERE connamespace = current_schema()::regnamespace AND contype IN ('c', 'f')
    ) parts
"""
# The rows of this transaction, and none that one before it left. At least one answer, which brings the salt and the state.
TOUCHED = """
    SELECT each.*, salt, state FROM (SELECT (SELECT salt FROM salts LIMIT 1) AS salt, (%(state)s) AS state) once
    LEFT JOIN (
        SELECT name, sign, content, place FROM pg_temp.touchstone_touched WHERE transaction = pg_current_xact_id_if_assigned()
    ) each ON true ORDER BY place
"""
EMPTIED_AFTER = 50  # transactions whose rows lie in the table of the session


class Noting:
    """What one connection to SQLite notes at the moment; None between two transactions that write."""

    def __init__(self) -> None:
        self.changes: Changes | None = None

    def note(self, name: str, sign: int, *values: Any) -> None:
        if self.changes is not None:
            self.changes.note(name, sign, *values)


def _has_salts(connection: sa.Connection) -> bool:
    info = connection.connection.info
    if SALTS not in info:
        is_sqlite = connection.dialect.name == "sqlite"
        if connection.exec_driver_sql(THERE_IN_SQLITE if is_sqlite else THERE_IN_POSTGRESQL).first() is None:
            return False
        info[SALTS] = True
    return True


def salt_of(connection: sa.Connection) -> str | None:
    """The store's salt; None in a store of a schema before there was one, or where another hand took it away."""
    return connection.exec_driver_sql("SELECT salt FROM salts").scalar() if _has_salts(connection) else None


def begin(connection: sa.Connection) -> Changes | None:
    """Note what this transaction changes from here on; None in a store that keeps no record yet."""
    if connection.dialect.name != "sqlite":
        return Changes("") if _has_salts(connection) else None
    salt = salt_of(connection)
    if salt is None:
        return None
    noting = _noting(connection)
    noting.changes = Changes(salt)
    return noting.changes


def end(connection: sa.Connection, changes: Changes) -> None:
    """All that was changed is in `changes` now."""
    if connection.dialect.name == "sqlite":
        _noting(connection).changes = None
        return
    # Few rows, as of a save, in one answer; else streamed.
    found = connection.exec_driver_sql(f"{_touched()} LIMIT {AT_ONCE}").all()
    changes.state_at_end = found[0].state
    if found[0].name is None or found[0].salt is None:
        return
    changes.salt = bytes.fromhex(found[0].salt)
    for row in found if len(found) < AT_ONCE else _in_parts(connection, _touched()):
        changes.note(row.name, row.sign, *_values(covered()[row.name], row.content))
    _empty_now_and_then(connection, at_once=len(found) == AT_ONCE)


def state(connection: sa.Connection) -> str:
    """What `Changes.state` is at this moment, PostgreSQL."""
    return str(connection.exec_driver_sql(_state()).scalar_one())


def _state() -> str:
    return STATE % {"functions": ", ".join(f"'{name}'" for name in (*bodies(), "touchstone_only_added"))}


@functools.cache
def _touched() -> str:
    return TOUCHED % {"state": _state()}


def _empty_now_and_then(connection: sa.Connection, *, at_once: bool) -> None:
    """Emptied at each commit, as PostgreSQL would do it by itself, the table cost half a millisecond, more than all else here."""
    info = connection.connection.info
    info[TOUCHED_TIMES] = info.get(TOUCHED_TIMES, 0) + 1
    if at_once or info[TOUCHED_TIMES] >= EMPTIED_AFTER:
        connection.exec_driver_sql("TRUNCATE pg_temp.touchstone_touched")
        info[TOUCHED_TIMES] = 0


def note_nothing(connection: sa.Connection) -> None:
    """In this transaction no row is noted: of all of them together something else tells."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL touchstone.notes = 'off'")


def forget(connection: sa.Connection) -> None:
    """What the transaction has changed up to here is not noted."""
    if connection.dialect.name == "sqlite" and not connection.closed and not connection.invalidated:
        noting = connection.connection.info.get(NOTE)
        if noting is not None:
            noting.changes = None


def _in_parts(connection: sa.Connection, query: str) -> Iterator[sa.Row]:
    yield from connection.execute(sa.text(query).execution_options(yield_per=AT_ONCE))


def _values(table: Covered, content: str) -> list[Any]:
    row = json.loads(content)
    # A cell of JSON is within the row's: it goes back to the text it is in the other database.
    return [
        json.dumps(row[each.name]) if each.kind == "json" and row.get(each.name) is not None else row.get(each.name)
        for each in table.columns
    ]


def rows_of(connection: sa.Connection, table: Covered, *, ordered_by: str = "") -> Iterator[Any]:
    """The values of every row, in the order of the columns: streamed, for a table of any length."""
    names = ", ".join(f'"{each.name}"' for each in table.columns)
    order = f' ORDER BY "{ordered_by}"' if ordered_by else ""
    if connection.dialect.name == "sqlite":
        driver: Any = connection.connection.driver_connection
        yield from driver.execute(f'SELECT {names} FROM main."{table.name}"{order}')
        return
    query = f"SELECT row_to_json(each)::text AS content FROM (SELECT {names} FROM {table.name}{order}) each"
    for (content,) in _in_parts(connection, query):
        yield _values(table, content)


# SQLite


def _noting(connection: sa.Connection) -> Noting:
    """The connection's own, with its triggers on every table there is."""
    info = connection.connection.info
    driver: Any = connection.connection.driver_connection
    if NOTE not in info:
        info[NOTE] = Noting()
        driver.create_function(NOTE, -1, info[NOTE].note)
    # Asked each time: made in a transaction that was not kept, they are gone with it.
    if driver.execute("SELECT 1 FROM sqlite_temp_master WHERE type = 'trigger' LIMIT 1").fetchone() is None:
        for statement in _temporary_triggers():
            driver.execute(statement)
    return info[NOTE]


@functools.cache
def _temporary_triggers() -> tuple[str, ...]:
    return tuple(statement for table in covered().values() for statement in _triggers_on(table))


def _triggers_on(table: Covered) -> Iterator[str]:
    columns = ", ".join(f'"{each.name}"' for each in table.columns)
    now, was = _call(table, 1, "NEW"), _call(table, -1, "OLD")
    for event, notes in (("INSERT", now), (f"UPDATE OF {columns}", was + now), ("DELETE", was)):
        verb = event.split()[0].lower()
        yield f'CREATE TEMP TRIGGER "note_{table.name}_{verb}" AFTER {event} ON main."{table.name}" BEGIN {notes} END'


def _call(table: Covered, sign: int, row: str) -> str:
    values = ", ".join(f'{row}."{each.name}"' for each in table.columns)
    return f"SELECT {NOTE}('{table.name}', {sign}, {values});"


# PostgreSQL

# Nothing is noted but where `begin_session` has made a place for it: in sessions of this program.
_FUNCTIONS = (
    """
    CREATE OR REPLACE FUNCTION touchstone_note_added() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF current_setting('touchstone.notes', true) = 'on' THEN
            INSERT INTO pg_temp.touchstone_touched (name, sign, content)
            SELECT TG_TABLE_NAME, 1, row_to_json(each)::text FROM added each;
        END IF;
        RETURN NULL;
    END $$
    """,
    """
    CREATE OR REPLACE FUNCTION touchstone_note_changed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF current_setting('touchstone.notes', true) = 'on' THEN
            INSERT INTO pg_temp.touchstone_touched (name, sign, content) VALUES (TG_TABLE_NAME, -1, row_to_json(OLD)::text);
            IF TG_OP = 'UPDATE' THEN
                INSERT INTO pg_temp.touchstone_touched (name, sign, content) VALUES (TG_TABLE_NAME, 1, row_to_json(NEW)::text);
            END IF;
        END IF;
        RETURN NULL;
    END $$
    """,
)


def bodies() -> dict[str, str]:
    """The MD5 of what each function does, by its name: what PostgreSQL says of one that is as it was made."""
    return dict(body_of(each) for each in _FUNCTIONS)


def body_of(function: str) -> tuple[str, str]:
    name = function.split("FUNCTION ")[1].split("(")[0]
    return name, hashlib.md5(function.split("$$")[1].encode(), usedforsecurity=False).hexdigest()


_SESSION = (
    "CREATE TEMP TABLE touchstone_touched (place bigserial, name text, sign int, content text, "
    "transaction xid8 DEFAULT pg_current_xact_id())",
    "SET touchstone.notes = 'on'",
)


def begin_session(connection: Any, _record: object = None) -> None:
    """A new session of PostgreSQL of this program (the driver's connection) gets a place for what its transactions change."""
    with connection.cursor() as cursor:
        for statement in _SESSION:
            cursor.execute(statement)
    connection.commit()


def note_triggers(table: Covered) -> dict[str, str]:
    """The triggers on a table of PostgreSQL that note its rows, by name."""
    columns = ", ".join(f'"{each.name}"' for each in table.columns)
    return {
        f"note_{table.name}_insert": f"AFTER INSERT ON {table.name} REFERENCING NEW TABLE AS added FOR EACH STATEMENT "
        "EXECUTE FUNCTION touchstone_note_added()",
        f"note_{table.name}_update": f"AFTER UPDATE OF {columns} ON {table.name} FOR EACH ROW "
        "EXECUTE FUNCTION touchstone_note_changed()",
        f"note_{table.name}_delete": f"AFTER DELETE ON {table.name} FOR EACH ROW EXECUTE FUNCTION touchstone_note_changed()",
    }


def make_functions(connection: sa.Connection) -> None:
    """Make what these triggers call anew."""
    if connection.dialect.name == "postgresql":
        for function in _FUNCTIONS:
            connection.exec_driver_sql(function)


def make_triggers(connection: sa.Connection) -> None:
    """Make what notes rows in PostgreSQL anew, for every covered table of the present schema."""
    if connection.dialect.name == "sqlite":
        return
    make_functions(connection)
    for table in covered().values():
        for name, how in note_triggers(table).items():
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name} ON {table.name}")
            connection.exec_driver_sql(f"CREATE TRIGGER {name} {how}")
