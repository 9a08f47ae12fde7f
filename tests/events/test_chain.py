"""The chain of events: nobody changes it unnoticed, and it is carried over to another schema and another store."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from db.engine import migrate, open_engine, writing
from db.store.record.events import Event
from tests.support.full_store import another_hand, full
from tests.support.older_stores import older_copy
from tests.support.refusals import refusal
from tests.support.sample_store import sqlite_url
from tests.support.small_stores import change, people, rows
from workflow.events.listing import EventFilter, events_of
from workflow.events.recording import recorded
from workflow.events.verifying import verify_events
from workflow.maintenance.store_backup import backup, head_of, restore
from workflow.maintenance.store_check import check_store
from workflow.people.people import add_person, sign_in


@pytest.fixture
def three(engine):
    people(engine, "ana", "ben", "cleo")
    return engine


def on_events(engine):
    return " ON events" if engine.dialect.name == "postgresql" else ""


def by_hand(engine, *statements):
    with another_hand(engine) as connection:
        for verb in ("update", "delete"):
            connection.exec_driver_sql(f"DROP TRIGGER keep_events_{verb}{on_events(engine)}")
        for each in statements:
            connection.exec_driver_sql(each)
        connection.commit()


@pytest.mark.both_databases
def test_the_database_refuses_to_change_or_delete_an_event(three):
    for statement in ("UPDATE events SET verb = 'x'", "DELETE FROM events", "UPDATE salts SET salt = 'x'", "DELETE FROM salts"):
        with pytest.raises(sa.exc.DBAPIError, match="are only ever added"):
            change(three, statement)
    if three.dialect.name == "postgresql":
        with pytest.raises(sa.exc.DBAPIError, match="are only ever added"):
            change(three, "TRUNCATE events")


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE events SET verb = 'open round' WHERE id = 2", "event 2 (open round) is not as it was written"),
        ("UPDATE events SET at = '2001-01-01 00:00:00' WHERE id = 2", "event 2 (add person) is not as it was written"),
        ("DELETE FROM events WHERE id = 2", "event 3 (add person) does not follow on the one before it"),
    ],
)
def test_an_event_that_was_changed_or_taken_out_is_told(three, statement, told):
    by_hand(three, statement)
    assert any(each.startswith(told) for each in verify_events(three).wrong)


def test_a_record_that_was_cut_short_is_told_by_a_digest_kept_elsewhere(three):
    kept_elsewhere = verify_events(three).head
    assert verify_events(three, head=kept_elsewhere[:16]).as_json()["holds"] is True
    by_hand(three, "DELETE FROM events WHERE id = 3")
    assert verify_events(three).wrong == ()
    assert "cut short" in verify_events(three, head=kept_elsewhere[:16]).wrong[0]
    assert "row 3 of people was put in by another hand: no event tells of it" in check_store(three)
    assert "is no digest" in refusal(verify_events, three, head="yesterday")


@pytest.mark.both_databases
def test_events_of_many_at_once_are_one_chain(engine):
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: add_person(None, engine, f"person {number}"), range(24)))
    found = verify_events(engine)
    assert (found.events, found.wrong) == (24, ())


def test_a_hundred_thousand_events_are_verified_in_ten_seconds(sqlite_engine):
    many = 2_000
    with writing(sqlite_engine) as connection:
        connection.get_execution_options()["told"].extend(
            Event("save labels", None, {"saves": [{"assignment": each, "revision": 1}]}, always=True) for each in range(many)
        )
    began = time.process_time()
    found = verify_events(sqlite_engine)
    assert (found.events, found.wrong) == (many, ())
    assert (time.process_time() - began) * 100_000 / many < 10


# Another schema, another store


def test_a_store_from_before_begins_its_chain_with_all_it_has(sqlite_engine, empty_url):
    lead, *_ = full(sqlite_engine, with_benchmark=False)  # of which that schema has no tables
    old = older_copy(sqlite_engine, empty_url, "0010")
    assert migrate(old) == "older"
    assert [each.verb for each in events_of(lead, old, EventFilter()).events] == ["begin the record"]
    assert check_store(old) == []
    with recorded(lead, old, "archive project") as connection:
        connection.execute(sa.text("UPDATE projects SET archived_at = created_at"))
    assert (check_store(old), verify_events(old).events) == ([], 2)
    change(old, "DELETE FROM labels WHERE id = 10")
    assert "row 10 of labels was taken out by another hand" in check_store(old)
    old.dispose()


def test_a_migration_tells_what_it_made_of_the_rows_and_what_was_wrong_before_stays_wrong(three, monkeypatch):
    from db import engine as engines

    def next_schema(_config, _to):
        with_more = "UPDATE people SET kind = 'program' WHERE name = 'ana'"
        monkeypatch.undo()
        _in_migration[0].exec_driver_sql(with_more)

    _in_migration = []
    change(three, "UPDATE people SET is_sample = true WHERE name = 'ben'")
    monkeypatch.setattr(engines, "schema_state", lambda _: "older")
    monkeypatch.setattr(engines, "_alembic", lambda connection=None: _in_migration.append(connection))
    monkeypatch.setattr(engines.command, "upgrade", next_schema)
    migrate(three)
    assert verify_events(three).wrong == () and rows(three, "SELECT verb FROM events WHERE id = 4") == [("migrate the store",)]
    assert [each for each in check_store(three) if "people" in each]
    change(three, "UPDATE people SET is_sample = false WHERE name = 'ben'")
    assert check_store(three) == []


def test_a_copy_goes_on_with_the_chain_and_says_that_sign_ins_stayed_behind(sqlite_engine, postgresql_url, tmp_path):
    ana, _ = people(sqlite_engine, "ana", "ben")
    head = verify_events(sqlite_engine).head
    sign_in(sqlite_engine, ana.id)
    backup(sqlite_engine, tmp_path / "backup.sqlite")
    backed_up = head_of(tmp_path / "backup.sqlite")
    for url in (postgresql_url, sqlite_url(tmp_path / "new.db")):
        copy = open_engine(url)
        restore(copy, tmp_path / "backup.sqlite")
        assert [each.verb for each in events_of(ana, copy, EventFilter()).events][:2] == ["copy the store", "sign in"]
        assert (check_store(copy), verify_events(copy, head=head).wrong) == ([], ())
        assert verify_events(copy).head == backed_up
        add_person(None, copy, "cleo")
        assert check_store(copy) == []
        copy.dispose()


def test_what_was_wrong_in_a_store_is_wrong_in_its_copy(sqlite_engine, tmp_path):
    people(sqlite_engine, "ana", "ben")
    change(sqlite_engine, "UPDATE people SET name = 'Anna' WHERE name = 'ana'")
    backup(sqlite_engine, tmp_path / "backup.sqlite")
    copy = open_engine(sqlite_url(tmp_path / "backup.sqlite"))
    assert check_store(copy) == ["row 1 of people was changed by another hand: it is not as it was recorded"]
    copy.dispose()
