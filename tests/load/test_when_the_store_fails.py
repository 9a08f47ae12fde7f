"""The store gone, full or held while people label: they read a sentence, go on afterwards, and nothing acknowledged is lost."""

import asyncio
import resource
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from benchmarks.load import with_people
from db.engine import migrate
from tests.load.labellers import labelling, nothing_lost
from tests.support import postgres
from tests.support.sample_store import hasty_engine
from ui.base.session.messages import BUSY
from workflow.maintenance.store_check import check_store

pytestmark = pytest.mark.timeout(900)
FEW, MANY = 6, 40
LONGEST = 90  # seconds until somebody has waited for a held store in vain, also on a busy machine
LASTING = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}


def only_known_sentences(read: Counter[str]) -> int:
    """How often the busy sentence was read; nobody read any other."""
    assert set(read) <= {BUSY}, read
    return read[BUSY]


@contextmanager
def held_by_another(store_url: str) -> Iterator[None]:
    """Within: no other connection can write what a label page writes."""
    address = sa.make_url(store_url)
    if address.get_backend_name() == "sqlite":
        holding, hold = sqlite3.connect(str(address.database), isolation_level=None), "BEGIN IMMEDIATE"
    else:
        holding, hold = psycopg.connect(store_url), "LOCK TABLE saves, pending_choices IN EXCLUSIVE MODE"
    try:
        holding.execute(hold)
        yield
    finally:
        holding.rollback()
        holding.close()


def test_postgresql_restarted_under_people_who_label(server):
    folder = Path(tempfile.mkdtemp(prefix="touchstone-pg-"))  # not in pytest's own, which PostgreSQL's user may not enter
    postgres.start(folder, LASTING)
    try:
        url = postgres.database_url(folder, "postgres")
        with hasty_engine(url) as engine:
            migrate(engine)
            tokens = with_people(engine, FEW, 300, "restarts")
            app = server(url)

            async def restarted() -> str:
                async with labelling(app.url, tokens, "restarts") as they:
                    for how in ("immediate", "fast") * 4:
                        await they.more(FEW)
                        await asyncio.to_thread(postgres.program, folder, "pg_ctl", "-D", "data", "-m", how, "-w", "stop")
                        await asyncio.sleep(1)
                        await asyncio.to_thread(postgres.go_on, folder)
                    await they.more(FEW)
                busy = only_known_sentences(they.kept.sentences)
                assert busy
                return f"{nothing_lost(they.kept, engine, 'restarts')}; the busy sentence read {busy} times"

            print(f"\nPostgreSQL restarted 8 times: {asyncio.run(restarted())}")
            assert check_store(engine) == []
    finally:
        postgres.stop(folder)


@pytest.mark.skipif(sys.platform != "linux", reason="the size of another process's files is limited on Linux alone")
def test_a_disk_that_is_full_for_a_while(sqlite_store_url, server):
    """No file of the app may grow: what SQLite is told is what a full disk tells it, that the write failed."""
    with hasty_engine(sqlite_store_url) as engine:
        tokens = with_people(engine, FEW, 300, "full")
        app = server(sqlite_store_url)

        def files_may_grow(may: bool) -> None:
            unlimited = resource.RLIM_INFINITY
            resource.prlimit(app.process.pid, resource.RLIMIT_FSIZE, (unlimited if may else 0, unlimited))

        async def full() -> str:
            async with labelling(app.url, tokens, "full") as they:
                for _ in range(4):
                    await they.more(FEW)
                    files_may_grow(False)
                    await asyncio.sleep(3)
                    saved = they.saved
                    await asyncio.sleep(1)
                    assert they.saved == saved, "acknowledged on a full disk"
                    files_may_grow(True)
                await they.more(FEW)
            busy = only_known_sentences(they.kept.sentences)
            assert busy
            return f"{nothing_lost(they.kept, engine, 'full')}; the busy sentence read {busy} times"

        print(f"\nSQLite, disk full 4 times: {asyncio.run(full())}")
        assert check_store(engine) == []


def test_a_store_that_another_process_holds_for_longer_than_anybody_waits(store_url, server):
    """On PostgreSQL every connection of the pool waits for it, and the next find none."""
    with hasty_engine(store_url) as engine:
        tokens = with_people(engine, MANY, 60, "held")
        app = server(store_url)

        async def held() -> str:
            async with labelling(app.url, tokens, "held", pause=0.3) as they:
                await they.more(MANY)
                with held_by_another(store_url):
                    began = time.monotonic()
                    while not they.kept.sentences and time.monotonic() - began < LONGEST:
                        await asyncio.sleep(1)
                await they.more(MANY)
            busy = only_known_sentences(they.kept.sentences)
            assert busy
            return f"{nothing_lost(they.kept, engine, 'held')}; the busy sentence read {busy} times"

        print(f"\n{engine.dialect.name}, held under {MANY} people: {asyncio.run(held())}")
        assert check_store(engine) == []
