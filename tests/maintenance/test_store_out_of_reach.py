"""A store that is gone, held or full while it is in use: it is told in a sentence, and nothing is taken for saved."""

import os
import shutil

import pytest
import sqlalchemy as sa

from db.engine import NOT_RESPONDING, reading, writing
from tests.support.commands import run
from tests.support.sample_store import hasty_engine, sqlite_url
from touchstone.errors import Refused
from ui.base.session import store
from workflow.people import people


def the_only_file(engine):
    return engine.url.database


@pytest.mark.parametrize("happens", ["removed", "moved", "replaced", "its folder removed"])
def test_a_store_whose_file_is_gone_takes_nothing_more(migrated_sqlite, tmp_path, happens):
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copy(migrated_sqlite, folder / "store.db")
    with hasty_engine(sqlite_url(folder / "store.db")) as engine:
        ana = people.add_person(None, engine, "Ana")
        token = people.sign_in(engine, ana.id)
        if happens == "its folder removed":
            shutil.rmtree(folder)
        else:
            os.rename(folder / "store.db", tmp_path / "moved.db")
        if happens == "removed":
            os.remove(tmp_path / "moved.db")
        elif happens == "replaced":
            shutil.copy(migrated_sqlite, folder / "store.db")
        for verb in (
            lambda: people.add_person(None, engine, "Ben"),
            lambda: people.signed_in(engine, token),
            lambda: people.everyone(engine),
        ):
            with pytest.raises(Refused, match="was removed or replaced while Touchstone was running"):
                verb()
        engine.dispose()  # the next connection is a new one
        with pytest.raises(Refused, match="was removed or replaced"):
            people.everyone(engine)
        assert (folder / "store.db").exists() is (happens == "replaced"), "no empty file in its place"
        if happens == "moved":
            os.rename(tmp_path / "moved.db", folder / "store.db")
            assert [each.name for each in people.everyone(engine)] == ["Ana"]


def test_more_people_at_once_than_connections_are_told_that_the_store_is_busy(sqlite_store_url):
    engine = sa.create_engine(sqlite_store_url, pool_size=1, max_overflow=0, pool_timeout=0.05)
    with reading(engine), pytest.raises(NOT_RESPONDING), writing(engine):
        pass
    engine.dispose()


def test_a_team_gets_no_new_store_where_there_is_none(tmp_path, monkeypatch, page_caches):
    monkeypatch.setenv("TOUCHSTONE_PUBLIC_URL", "https://touch.example.org")
    monkeypatch.setenv("TOUCHSTONE_DATABASE_URL", sqlite_url(tmp_path / "none.db"))
    with pytest.raises(Refused, match="there is no store where"):
        store.whole()
    assert not (tmp_path / "none.db").exists()


def test_a_command_that_only_reads_writes_nothing(sample_url, monkeypatch):
    with hasty_engine(sample_url) as engine:
        before = people_in_books(engine)
        refused = sa.exc.OperationalError("INSERT", {}, Exception("database or disk is full"))

        def full(connection, cursor, statement, *_):
            if statement.split()[0] in ("INSERT", "UPDATE", "DELETE"):
                raise refused

        sa.event.listen(sa.Engine, "before_cursor_execute", full)
        try:
            assert run("report", "Sample round 1").exit_code == 0
        finally:
            sa.event.remove(sa.Engine, "before_cursor_execute", full)
        assert people_in_books(engine) == before


def people_in_books(engine):
    with engine.connect() as connection:
        return connection.execute(sa.text("SELECT name FROM people ORDER BY id")).scalars().all()
