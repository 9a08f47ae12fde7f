"""A sample as a store of a test's own, loaded once a run, then copied; the people and rounds of the first, outreach."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from sqlalchemy import URL, Engine, event

from db.chain import capture
from db.engine import migrate, open_engine
from db.store.record import other_hands
from tests.support.kept_stores import kept
from tests.support.once_a_run import made_once
from workflow.data.sample import load_sample
from workflow.data.sample_manifest import sample_named

OUTREACH, SUPPORT = sample_named("outreach"), sample_named("support")
RUBRIC = OUTREACH.rubric
OPEN, CLOSED = "Sample round 2", "Sample round 1"
MIGRATED = "migrated"  # what the run keeps the empty store under
ANA, BEN, CLEO = "Sample Ana", "Sample Ben", "Sample Cleo"


def sqlite_url(path: Path) -> str:
    return URL.create("sqlite", database=str(path)).render_as_string()


def migrate_url(url: str) -> None:
    engine = open_engine(url)
    try:
        migrate(engine)
    finally:
        engine.dispose()


@cache
def migrated() -> Path:
    """An empty store in SQLite, to be copied."""
    return made_once(MIGRATED, lambda folder: migrate_url(sqlite_url(folder / "store.db"))) / "store.db"


@cache
def loaded(sample: str = OUTREACH.name) -> Path:
    """A store in SQLite with that sample, to be copied."""

    def make(folder: Path) -> None:
        shutil.copy(migrated(), folder)
        with hasty_engine(sqlite_url(folder / "store.db")) as engine:
            load_sample(engine, sample_named(sample))

    migrated()  # before the lock that the sample is made under
    return made_once(f"sample-{sample}", make) / "store.db"


def copied_sample(folder: Path, sample: str = OUTREACH.name) -> str:
    """A copy of the sample in `folder`."""
    for part in loaded(sample).parent.glob("store.db*"):
        shutil.copy(part, folder / part.name)
    return sqlite_url(folder / "store.db")


def with_sample(engine: Engine) -> None:
    """The empty store holds the sample of outreach now, as `load_sample` leaves it."""
    _loaded_into(engine=engine)


@kept
def _loaded_into(engine: Engine) -> None:
    load_sample(engine, OUTREACH)


@contextmanager
def hasty_engine(url: str) -> Iterator[Engine]:
    """An engine that does not wait for the disk: a test's store has to survive no power cut."""
    opened = open_engine(url)
    if opened.dialect.name == "sqlite":
        event.listen(opened, "connect", lambda connection, _record: connection.execute("PRAGMA synchronous=OFF"))
    else:
        known_whole(opened)
    yield opened
    if opened.dialect.name == "postgresql":
        _found_whole.update(filter(None, [other_hands._whole_states.get(opened.pool)]))
    opened.dispose()


_found_whole: set[str] = set()


def known_whole(engine: Engine) -> None:
    """Most stores are copies of one that an engine before this one looked at: the number that tells of any change says so."""
    if _found_whole:
        with engine.connect() as connection:
            if connection.exec_driver_sql(capture.THERE_IN_POSTGRESQL).first() is not None:
                state = capture.state(connection)
                if state in _found_whole:
                    other_hands._whole_states[engine.pool] = state
