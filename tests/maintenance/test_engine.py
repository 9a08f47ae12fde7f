"""Opening a store and bringing it to the present schema, on both databases."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

import db.engine
from db.engine import migrate, open_engine, reading, schema_state, store_url, writing
from db.schema import metadata
from tests.support.older_stores import migrations_with
from tests.support.sample_store import hasty_engine
from tests.support.small_stores import change
from touchstone.errors import Refused

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture
def empty(empty_url):
    opened = open_engine(empty_url)
    yield opened
    opened.dispose()


def tables(engine: sa.Engine) -> set[str]:
    return set(sa.inspect(engine).get_table_names())


def test_a_store_is_new_until_it_is_migrated_and_migrating_again_changes_nothing(empty):
    assert schema_state(empty) == "new"
    assert (migrate(empty), schema_state(empty)) == ("new", "present")
    before = tables(empty)
    assert (migrate(empty), tables(empty)) == ("present", before)


def test_the_migrations_give_exactly_the_tables_of_the_schema(engine):
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []
    assert tables(engine) == {*metadata.tables, "alembic_version"}


def test_the_migrations_give_every_check_and_partial_index_of_the_schema(engine):
    """What compare_metadata does not look at."""
    inspector = sa.inspect(engine)
    for name, table in metadata.tables.items():
        checks = {each.name for each in table.constraints if isinstance(each, sa.CheckConstraint)}
        found = {each["name"] for each in inspector.get_check_constraints(name)}
        assert found == {f"ck_{name}_{each}" if not str(each).startswith("ck_") else each for each in checks}, name
    partial = {
        index["name"]
        for name in metadata.tables
        for index in inspector.get_indexes(name)
        if any(key.endswith("_where") for key in index.get("dialect_options", {}))
    }
    assert partial == {
        "uq_labels_first",
        "uq_adjudications_first",
        "uq_rubric_versions_published",
        "uq_rubric_versions_standing",
        "uq_discussions_first",
        "uq_meeting_notes_first",
        "uq_closings_standing",
    }


def test_a_store_of_an_older_schema_is_told_and_brought_up(engine, tmp_path, monkeypatch):
    migrations_with(tmp_path, monkeypatch, "op.create_table('extra', sa.Column('id', sa.Integer, primary_key=True))")
    assert schema_state(engine) == "older"
    assert (migrate(engine), schema_state(engine)) == ("older", "present")
    assert "extra" in tables(engine)


def test_a_failing_migration_leaves_nothing_behind(engine, tmp_path, monkeypatch):
    before = tables(engine)
    migrations_with(
        tmp_path,
        monkeypatch,
        "op.create_table('extra', sa.Column('id', sa.Integer, primary_key=True)); "
        "op.execute('INSERT INTO extra VALUES (1)'); raise RuntimeError('half way')",
    )
    with pytest.raises(RuntimeError, match="half way"):
        migrate(engine)
    assert (tables(engine), schema_state(engine)) == (before, "older")


def test_a_failing_first_migration_leaves_the_store_new(empty, tmp_path, monkeypatch):
    migrations_with(tmp_path, monkeypatch, "raise RuntimeError('half way')")
    with pytest.raises(RuntimeError, match="half way"):
        migrate(empty)
    assert (tables(empty) - {"alembic_version"}, schema_state(empty)) == (set(), "new")


def test_a_migration_that_would_orphan_rows_is_refused_and_foreign_keys_are_back_on(sqlite_engine, tmp_path, monkeypatch):
    migrations_with(
        tmp_path,
        monkeypatch,
        "op.execute(\"INSERT INTO sign_ins (person, token_digest, started_at) VALUES (99, 'x', '2026-01-01')\")",
    )
    with pytest.raises(Refused, match="1 row without a parent; nothing was changed"):
        migrate(sqlite_engine)
    with sqlite_engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        assert connection.exec_driver_sql("SELECT count(*) FROM sign_ins").scalar() == 0


def test_a_store_of_a_newer_touchstone_is_refused(engine):
    change(engine, "UPDATE alembic_version SET version_num = '9999'")
    assert schema_state(engine) == "newer"
    with pytest.raises(Refused, match="made by a newer Touchstone; update the program"):
        migrate(engine)


def test_sqlite_keeps_every_save_on_disk_and_foreign_keys_on(sqlite_store_url):
    engine = open_engine(sqlite_store_url)  # as the program does: the fixtures' engines do not wait for the disk
    with engine.connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    engine.dispose()
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_a_row_without_its_parent_is_refused_by_the_database(engine):
    with pytest.raises(sa.exc.IntegrityError):
        change(engine, "INSERT INTO queries (assignment, note, asked_at) VALUES (99, 'x', CURRENT_TIMESTAMP)")


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("not an address", "TOUCHSTONE_DATABASE_URL is not a database address; use sqlite:///path/to/file or "),
        ("mysql://host/name", "mysql is not a database this program uses; use sqlite:/// or postgresql://"),
        ("postgres://host/name", "postgres is not a database this program uses; use sqlite:/// or postgresql://"),
        ("sqlite://", "a store in memory would lose every label; give sqlite:/// a file"),
        ("sqlite:///:memory:", "a store in memory would lose every label; give sqlite:/// a file"),
    ],
)
def test_an_address_the_program_cannot_use_is_refused(url, sentence):
    with pytest.raises(Refused) as refused:
        open_engine(url)
    assert sentence in refused.value.sentence


def test_the_store_is_named_by_the_environment_and_its_folder_is_made(tmp_path, monkeypatch):
    monkeypatch.setenv("TOUCHSTONE_DATABASE_URL", f"sqlite:///{tmp_path}/new/folder/store.db")
    engine = open_engine()
    assert migrate(engine) == "new"
    engine.dispose()
    assert (tmp_path / "new" / "folder" / "store.db").exists()
    monkeypatch.setenv("TOUCHSTONE_DATABASE_URL", "")
    assert store_url().endswith("data/touchstone.sqlite")


def test_a_store_made_by_another_process_between_two_questions_is_not_taken_for_another_programs(empty_url, monkeypatch):
    """Of the two questions, which tables there are and at which revision, the other process comes in after the first."""
    engine, other = open_engine(empty_url), open_engine(empty_url)
    revision, inspect, first = db.engine._revision, sa.inspect, []

    def then_the_other_process(answer):
        if not first:
            first.append(answer)
            migrate(other)
        return answer

    def tables_of(of):
        found = inspect(of)
        return SimpleNamespace(get_table_names=lambda: then_the_other_process(found.get_table_names())) if of is engine else found

    monkeypatch.setattr(db.engine, "_revision", lambda of: then_the_other_process(revision(of)) if of is engine else revision(of))
    monkeypatch.setattr(sa, "inspect", tables_of)
    assert schema_state(engine) == "present" and first
    for each in (engine, other):
        each.dispose()


def test_two_processes_that_migrate_one_new_store_at_once_both_succeed(empty_url):
    code = "from db.engine import *; import sys; e = open_engine(sys.argv[1]); migrate(e); print(schema_state(e))"
    running = [
        subprocess.Popen(
            [sys.executable, "-c", code, empty_url],
            cwd=PROJECT,
            text=True,
            env=dict(os.environ),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for _ in range(3)
    ]
    ended = [(each.communicate(timeout=60), each.returncode) for each in running]
    assert [out for (out, _), _ in ended] == ["present\n"] * 3, ended


@pytest.mark.both_databases
def test_who_waits_for_what_another_process_holds_waits_no_longer_than_is_said(store_url, monkeypatch):
    monkeypatch.setattr(db.engine, "LONGEST_WAIT", 1)
    with (
        hasty_engine(store_url) as one,
        hasty_engine(store_url) as other,
        other.connect().execution_options(writes=True) as holding,
        holding.begin(),
    ):
        if holding.dialect.name == "postgresql":
            holding.exec_driver_sql("LOCK TABLE salts IN EXCLUSIVE MODE")
        with pytest.raises(db.engine.NOT_RESPONDING):
            change(one, "UPDATE salts SET salt = ''")


def test_a_store_may_be_waited_for_more_briefly_as_by_a_program_that_asks(store_url):
    brief = db.engine.open_engine(store_url, wait=2)
    try:
        with brief.connect() as connection:
            asked = "PRAGMA busy_timeout" if brief.dialect.name == "sqlite" else "SHOW lock_timeout"
            assert str(connection.exec_driver_sql(asked).scalar()) in ("2000", "2s")
    finally:
        brief.dispose()


def test_what_fails_within_a_writing_transaction_is_not_kept(engine):
    insert = "INSERT INTO people (name, folded, kind, is_sample, added_at) VALUES ('a', 'a', 'person', false, :at)"
    with pytest.raises(RuntimeError), writing(engine) as connection:
        connection.execute(sa.text(insert), {"at": "2026-01-01 00:00:00"})
        raise RuntimeError
    with reading(engine) as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM people")) == 0


def test_everything_in_one_reading_is_of_one_moment(engine):
    count = sa.text("SELECT count(*) FROM people")
    with reading(engine) as connection:
        before = connection.scalar(count)
        change(
            engine,
            "INSERT INTO people (name, folded, kind, is_sample, added_at) "
            "VALUES ('a', 'a', 'person', false, '2026-01-01 00:00:00')",
        )
        assert connection.scalar(count) == before
