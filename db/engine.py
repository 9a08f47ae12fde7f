"""Open a store and bring it to the present schema.

SQLite is the default; a URL beginning with `postgresql` is the other. Both get explicit transactions: Python's
sqlite3 otherwise begins them late and leaves a failed migration's table behind (see tests/maintenance/test_engine.py).
"""

import functools
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TypeVar

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from db.chain import append_only, capture
from db.chain.changes import Tell
from db.chain.migrated import RowsBefore
from db.same_file import SameFile
from db.schema import salts
from db.store.record import events as stored_events
from db.store.record import other_hands
from db.store.record.events import Event
from touchstone.english import many
from touchstone.errors import Refused

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_URL = sa.URL.create("sqlite", database=str(ROOT / "data" / "touchstone.sqlite")).render_as_string()
Counted = TypeVar("Counted", sa.Engine, sa.Connection)
# What SQLAlchemy raises where a store is locked, full, out of reach, or asked by more people at once than it has connections.
NOT_RESPONDING = (sa.exc.OperationalError, sa.exc.TimeoutError)
LONGEST_WAIT = 15  # seconds for what another process holds; who waited in vain is told that the store is busy
# Of 50 people who label at a time the usual 15 connections were what they waited for; and nobody waits half a minute.
POOL: dict[str, Any] = {"pool_size": 10, "max_overflow": 20, "pool_timeout": 10}
MIGRATION_LOCK = 0x70C5704E  # any constant: two migrations of one PostgreSQL store wait for each other


def store_url() -> str:
    """The store's address: TOUCHSTONE_DATABASE_URL, else a SQLite file under data/."""
    return os.environ.get("TOUCHSTONE_DATABASE_URL") or DEFAULT_URL


def _address(url: str) -> sa.URL:
    try:
        return sa.make_url(url)
    except sa.exc.ArgumentError:
        raise Refused(
            "TOUCHSTONE_DATABASE_URL is not a database address; use sqlite:///path/to/file or postgresql://user@host/name"
        ) from None


def open_engine(url: str | None = None, *, wait: int | None = None) -> sa.Engine:
    """An engine on the store at `url`; `wait`: the longest, in seconds, for what another process holds, LONGEST_WAIT where it is
    not said. Raises Refused when the address is not one this program can use."""
    wait = LONGEST_WAIT if wait is None else wait
    address, pool = _address(url or store_url()), {**POOL, "pool_timeout": min(wait, POOL["pool_timeout"])}
    if address.drivername not in ("sqlite", "postgresql", "postgresql+psycopg"):
        raise Refused(f"{address.drivername} is not a database this program uses; use sqlite:/// or postgresql://")
    if address.get_backend_name() == "sqlite":
        if not address.database or address.database == ":memory:":
            raise Refused("a store in memory would lose every label; give sqlite:/// a file")
        try:
            Path(address.database).parent.mkdir(parents=True, exist_ok=True)
        except OSError as wrong:
            raise Refused(
                f"the folder {Path(address.database).parent} cannot be made ({wrong.strerror}); "
                "name another in TOUCHSTONE_DATABASE_URL"
            ) from None
        file = SameFile(address, timeout=wait, check_same_thread=False)
        engine = sa.create_engine(address, creator=file.connect, **pool)
        sa.event.listen(engine, "begin", file.look)
        sa.event.listen(engine, "connect", _set_up_sqlite)
        sa.event.listen(engine, "begin", _begin_sqlite)
        return engine
    options = f"-c timezone=UTC -c lock_timeout={wait}s"
    engine = sa.create_engine(address, pool_pre_ping=True, **pool, connect_args={"options": options})
    sa.event.listen(engine, "connect", capture.begin_session)
    return engine


def there_is_a_store() -> bool:
    """Whether the address leads to a store that was made: for what can also be done without one."""
    address = _address(store_url())
    return address.get_backend_name() != "sqlite" or Path(address.database or "").is_file()


def _set_up_sqlite(connection, _record) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, in _begin_sqlite
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: sa.Connection) -> None:
    # A writer takes the lock at once: a reader that turns writer later would be refused, not made to wait.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def within(engine: sa.Engine, project: int | None) -> sa.Engine:
    """The same store seen from inside one project (its id): lists and names are those of the project. None: of all projects."""
    return engine.execution_options(project=project)


class Reader(Protocol):
    """Someone for whom the store is read."""

    @property
    def id(self) -> int: ...


class Nobody(NamedTuple):
    """The program itself, which counts what nobody is shown as it is: nothing is held back from it."""

    id: int = 0


NOBODY = Nobody()


def seen_by(of: Counted, reader: Reader | None) -> Counted:
    """The same store (or connection) as this reader may see it: what is held back from them is in no row and no count
    (`db.store.closing.withheld`). None: nobody reads."""
    return of.execution_options(reader=(reader or NOBODY).id)


def reader_of(connection: sa.Connection) -> int:
    """For whom (their id) the connection reads, 0 for nobody. Raises LookupError where that was never said, so that no query that
    holds something back can be asked by mistake as if there was nothing to hold back."""
    reader = connection.get_execution_options().get("reader")
    if reader is None:
        raise LookupError("this connection reads what may be held back, and for whom it reads was not said (db.engine.seen_by)")
    return reader


def has_reader(connection: sa.Connection) -> bool:
    return connection.get_execution_options().get("reader") is not None


@contextmanager
def read_by_nobody(connection: sa.Connection) -> Iterator[sa.Connection]:
    """Within: for what the program stores or looks up for its own use, and shows to nobody."""
    before = connection.get_execution_options().get("reader")
    connection.execution_options(reader=NOBODY.id)
    try:
        yield connection
    finally:
        connection.execution_options(reader=before)


def acting(engine: sa.Engine, person: int) -> sa.Engine:
    """The same store as one person (their id; 0 for nobody) uses it in team mode: what they may do in it is decided by their role
    (`workflow.people.verbs`). A store that nobody was named for is everybody's: local mode, and the server's own commands."""
    return engine.execution_options(actor=person)


def by_sign_in(engine: sa.Engine, number: int | None, address: str) -> sa.Engine:
    """The same store as used by that sign-in (its number) and from that address: its events say so."""
    return engine.execution_options(sign_in=number, address=address or None)


def actor_of(of: sa.Engine | sa.Connection) -> int | None:
    """The person (their id; 0 for nobody) whose role decides what may be done; None where no role does."""
    return of.get_execution_options().get("actor")


def counting(of: Counted) -> Counted:
    """The same store (or connection) for the program's own counting, of which nobody is shown a label: it is no reading of what a
    closed round kept back (`db.store.closing.first_reading.note_read`)."""
    return of.execution_options(counting=True)


def is_for_counting(connection: sa.Connection) -> bool:
    return bool(connection.get_execution_options().get("counting"))


def leaving(of: Counted) -> Counted:
    """The same store (or connection) as it leaves in a file: of drafts that are sealed nothing is read, whoever reads
    (`db.store.closing.withheld`)."""
    return of.execution_options(leaving=True)


@contextmanager
def deciding(connection: sa.Connection) -> Iterator[sa.Connection]:
    """Within: what is read is for who decides on a cell, to whom what was noted on a sealed draft is told
    (`db.store.closing.withheld.words_told`)."""
    connection.execution_options(deciding=True)
    try:
        yield connection
    finally:
        connection.execution_options(deciding=False)


def is_deciding(connection: sa.Connection) -> bool:
    return bool(connection.get_execution_options().get("deciding"))


def is_leaving(connection: sa.Connection) -> bool:
    return bool(connection.get_execution_options().get("leaving"))


@contextmanager
def reading(engine: sa.Engine, reader: Reader | None = None) -> Iterator[sa.Connection]:
    """One transaction that only reads, for `reader` where one is named: everything in it is of one moment."""
    engine = seen_by(engine, reader) if reader else engine
    level = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
    with engine.connect().execution_options(**level) as connection, connection.begin():
        yield connection


@contextmanager
def writing(
    engine: sa.Engine, reader: Reader | None = None, event: Event | None = None, *, copies: bool = False
) -> Iterator[sa.Connection]:
    """One transaction that writes, for `reader` where one is named: all of it is kept, or nothing. `event` goes last into it,
    where it changed anything (`workflow.events.recording.recorded` makes one). `copies`: its rows come with the events that tell
    of them.

    Raises Refused where someone else stored the same thing at the same moment (a unique name, a save's revision), or undid
    the import that brought what is used here.
    """
    engine = seen_by(engine, reader) if reader else engine
    stands: list[Callable[[sa.Connection], None]] = []
    told: list[Event] = []
    is_kept = False
    try:
        with engine.connect().execution_options(writes=True, stands=stands, told=told) as connection, connection.begin():
            changes = None if copies else capture.begin(connection)
            if copies:
                capture.note_nothing(connection)
            try:
                if changes is not None:
                    other_hands.refuse_at_begin(connection, changes)
                yield connection
                if changes is not None:
                    stored_events.record(connection, told if event is None else [*told, event], changes)
            finally:
                capture.forget(connection)
        is_kept = True
    except sa.exc.IntegrityError as clash:
        if "foreign key" in str(clash.orig).lower():
            raise Refused(
                "someone else used or removed the same drafts at the same moment, so nothing was changed; look at it again"
            ) from clash
        if "unique" not in str(clash.orig).lower():
            raise
        raise Refused(
            "someone else stored the same thing at the same moment, so nothing was changed; look at it again"
        ) from clash
    finally:
        if stands and not is_kept:
            with writing(engine) as again:
                for each in stands:
                    each(again)


def stands_anyway(connection: sa.Connection, note: Callable[[sa.Connection], None]) -> bool:
    """In a transaction that writes: what `note` writes is written also where the rest is not kept, as a refusal may have told
    what was read. False, and nothing is done, in one that only reads."""
    stands = connection.get_execution_options().get("stands")
    if stands is None:
        return False
    stands.append(note)
    return True


def also_tell(connection: sa.Connection, event: Event) -> None:
    """In a transaction that writes: one more event, before that of the verb itself."""
    connection.get_execution_options()["told"].append(event)


def _alembic(connection: sa.Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "db" / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


@functools.cache
def _scripts(root: Path) -> ScriptDirectory:
    """The migrations of the project in that folder, each of which is a file that is run to be read: once in a process."""
    return ScriptDirectory.from_config(_alembic())


def schema_state(engine: sa.Engine) -> str:
    """ "new" (no tables), "present", "older", or "newer" than this program."""
    scripts = _scripts(ROOT)
    try:
        # In this order: another process may make the tables and the revision between the two questions, in one transaction.
        tables = sorted(sa.inspect(engine).get_table_names())
        found = _revision(engine)
    except sa.exc.DatabaseError as wrong:
        if isinstance(wrong, sa.exc.OperationalError):  # locked, unreachable: it may be a store all the same
            raise
        raise Refused(f"{engine.url.database} is not a store ({wrong.orig}); check TOUCHSTONE_DATABASE_URL") from None
    if found is None:
        if tables:
            raise Refused(
                f"{engine.url.database} holds tables of another program ({tables[0]}); "
                "name a store of its own in TOUCHSTONE_DATABASE_URL"
            )
        return "new"
    if found == scripts.get_current_head():
        return "present"
    return "older" if found in {script.revision for script in scripts.walk_revisions()} else "newer"


def _revision(engine: sa.Engine) -> str | None:
    with reading(engine) as connection:
        return MigrationContext.configure(connection).get_current_revision()


def migrate(engine: sa.Engine, *, salt: str = "", tell: Tell = lambda rows: None) -> str:
    """Bring the store to the present schema in one transaction; returns the state it was found in. `salt`: of a new store, in
    hexadecimal digits, where its digests and pseudonyms are to come out the same each time and hide nothing; else it is drawn.
    `tell` is called with how many rows more were read."""
    before = schema_state(engine)
    if before == "newer":
        raise Refused("this store was made by a newer Touchstone; update the program, or restore an older backup")
    if before == "present":
        return before
    with engine.connect().execution_options(writes=True) as connection:
        sqlite = engine.dialect.name == "sqlite"
        driver: Any = connection.connection.driver_connection
        if sqlite:  # a rebuilt parent table would empty its children; the pragma has no effect inside a transaction
            driver.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                if not sqlite:
                    connection.exec_driver_sql("SET LOCAL lock_timeout = 0")  # another process's migration takes what it takes
                    connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
                capture.note_nothing(connection)
                other_hands.refuse_before_migration(connection)
                were = stored_events.before_migration(connection, tell)
                with were.looking() if were is not None else nullcontext():
                    command.upgrade(_alembic(connection), "head")
                _record_from_here_on(connection, were, salt, tell)
                if sqlite and (broken := _without_parent(connection, were)):
                    raise Refused(f"the migration would leave {many(broken, 'row')} without a parent; nothing was changed")
        finally:
            if sqlite:
                driver.execute("PRAGMA foreign_keys=ON")
    return before


def _without_parent(connection: sa.Connection, were: RowsBefore | None) -> int:
    """How many rows of what a migration wrote, and of what refers to it, have lost a parent. SQLite."""
    keys = sa.inspect(connection).get_multi_foreign_keys()
    due = [
        name
        for (_, name), refer in keys.items()
        if were is None or {name, *(each["referred_table"] for each in refer)} & were.written
    ]
    return sum(len(connection.exec_driver_sql(f"PRAGMA foreign_key_check('{name}')").fetchall()) for name in due)


def _record_from_here_on(connection: sa.Connection, were: RowsBefore | None, salt: str, tell: Tell) -> None:
    append_only.make_triggers(connection)
    capture.make_triggers(connection)
    if capture.salt_of(connection) is None and not stored_events.head(connection)[0]:
        connection.execute(sa.insert(salts).values(salt=salt or secrets.token_hex(32)))
    stored_events.begin_or_carry_on(connection, were, tell)
