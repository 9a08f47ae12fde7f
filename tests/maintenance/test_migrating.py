"""A migration reads no table that it does not write, tells what it made of the others, and may be killed at any moment."""

import json
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from db.chain import capture
from db.chain.changes import plain, written
from db.chain.covered import covered
from db.chain.migrated import Statement, read_statement
from db.engine import migrate, reading, schema_state
from tests.support.older_stores import migrations_with
from tests.support.small_stores import change, people, rows
from workflow.events.verifying import verify_events
from workflow.maintenance.record_check import wrong_in_record

PROJECT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("statement", "read"),
    [
        ("UPDATE people SET kind = 'x'", Statement("people")),
        ('  update "people" set kind = 1;', Statement("people")),
        ("INSERT INTO main.people (id) VALUES (1)", Statement("people")),
        ("INSERT INTO people(id) SELECT 1", Statement("people")),
        ("DELETE FROM ONLY people", Statement("people")),
        ("DROP TABLE IF EXISTS people", Statement("people")),
        ("ALTER TABLE _alembic_tmp_people RENAME TO people", Statement("_alembic_tmp_people", "people")),
        ("ALTER TABLE people ADD COLUMN nick TEXT", Statement("")),
        ("ALTER TABLE people ADD COLUMN nick TEXT DEFAULT 'x'", Statement("people")),
        ("ALTER TABLE people ADD COLUMN nick TEXT NOT NULL", Statement("people")),
        ("ALTER TABLE people ADD nick SERIAL", Statement("people")),
        ("ALTER TABLE people ADD nick TEXT, ALTER COLUMN kind TYPE INT", Statement("people")),
        ("ALTER TABLE people ADD nick INT DEFAULT(1)", Statement("people")),
        ("ALTER TABLE people DROP COLUMN kind", Statement("people")),
        ("ALTER TABLE people ALTER COLUMN kind TYPE TEXT", Statement("people")),
        ("ALTER TABLE people ADD CONSTRAINT one CHECK (kind IS NOT NULL)", Statement("")),
        ("\nCREATE TABLE more (\n id INTEGER)", Statement("", "more")),
        ("CREATE UNIQUE INDEX ix ON people (kind)", Statement("")),
        ("CREATE TRIGGER t BEFORE UPDATE ON people BEGIN SELECT 1; END", Statement("")),
        ("SELECT count(*) FROM people", Statement("")),
        ("SELECT 1; UPDATE people SET kind = 'x'", Statement(None)),
        ("UPDATE people SET kind = 'x'; UPDATE labels SET value = 1", Statement(None)),
        ("WITH more AS (SELECT 1) UPDATE people SET kind = 'x'", Statement(None)),
        ("INSERT OR REPLACE INTO people VALUES (1)", Statement(None)),
        ("TRUNCATE people", Statement(None)),
        ("DO $$ BEGIN END $$", Statement(None)),
    ],
)
def test_what_a_statement_writes_is_read_off_its_first_words(statement, read):
    assert read_statement(statement) == read


CELLS = {
    "time": ["2026-01-01T00:00:00.100+00:00", "2026-01-01 00:00:00", datetime(2026, 1, 1, tzinfo=UTC), 7],
    "json": ['{"b": 1, "a": [1.0, null]}', "null", "no JSON", '"x"'],
    "bool": [True, 0, 1, "x"],
    "float": [2.5, 3, "x"],
    "bytes": [b"ab", "\\x6162"],
    "plain": [0, True, 2.5, "x", 'ä\ud800"\n\\', b"ab", -3],
}


def test_a_row_is_digested_as_json_writes_it():
    for table in covered().values():
        for turn in range(8):
            row = [([*CELLS[column.kind], None] * 50)[turn + place] for place, column in enumerate(table.columns)]
            content = {name: value for name, value in plain(table, row) if value is not None}
            assert written(table, row) == json.dumps([table.name, content])


@pytest.fixture
def read(monkeypatch):
    """The tables whose rows were read for their digests, in order."""
    tables, rows_of = [], capture.rows_of

    def noting(connection, table, **more):
        tables.append(table.name)
        return rows_of(connection, table, **more)

    monkeypatch.setattr(capture, "rows_of", noting)
    return tables


@pytest.mark.both_databases
def test_a_migration_reads_the_tables_it_writes_alone_and_tells_what_it_made_of_them(engine, tmp_path, monkeypatch, read):
    people(engine, "ana", "ben")
    change(engine, "UPDATE people SET is_sample = true WHERE name = 'ben'")  # by another hand: it stays wrong
    migrations_with(
        tmp_path,
        monkeypatch,
        "op.add_column('drafts', sa.Column('more', sa.Text)); op.create_index('ix_more', 'drafts', ['more']); "
        "op.create_table('extra', sa.Column('id', sa.Integer, primary_key=True)); op.execute('INSERT INTO extra VALUES (1)'); "
        "op.execute(\"UPDATE people SET kind = 'program' WHERE name = 'ana'\"); op.execute('DELETE FROM queries')",
    )
    heard = []
    assert migrate(engine, tell=heard.append) == "older"
    assert read == ["people", "queries", "people", "queries"]
    assert rows(engine, "SELECT verb FROM events ORDER BY id DESC LIMIT 1") == [("migrate the store",)]
    assert verify_events(engine).wrong == ()
    with reading(engine) as connection:
        assert ["people" in each for each in wrong_in_record(connection)] == [True]
    change(engine, "UPDATE people SET is_sample = false WHERE name = 'ben'")
    with reading(engine) as connection:
        assert wrong_in_record(connection) == []


def test_a_statement_that_nobody_can_read_has_every_table_read(sqlite_engine, tmp_path, monkeypatch, read):
    people(sqlite_engine, "ana", "ben")
    unread = "WITH one AS (SELECT 'ana' AS name) UPDATE people SET kind = 'program' WHERE name IN (SELECT name FROM one)"
    migrations_with(tmp_path, monkeypatch, f'op.execute("{unread}")')
    migrate(sqlite_engine)
    assert sorted(read) == sorted([*covered(), *covered()])
    with reading(sqlite_engine) as connection:
        assert wrong_in_record(connection) == []


@pytest.mark.both_databases
def test_a_migration_that_is_killed_leaves_the_store_as_it_was(engine, tmp_path, monkeypatch):
    people(engine, "ana", "ben")
    before = rows(engine, "SELECT id, name, kind FROM people ORDER BY id")
    migrations_with(
        tmp_path,
        monkeypatch,
        "op.create_table('extra', sa.Column('id', sa.Integer, primary_key=True)); "
        "op.execute(\"UPDATE people SET kind = 'program'\"); import os; os.kill(os.getpid(), 9)",
    )
    code = "import sys, pathlib, db.engine as e; e.ROOT = pathlib.Path(sys.argv[2]); e.migrate(e.open_engine(sys.argv[1]))"
    url = engine.url.render_as_string(hide_password=False)
    killed = subprocess.run([sys.executable, "-c", code, url, str(tmp_path)], cwd=PROJECT, capture_output=True, timeout=120)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert schema_state(engine) == "older"
    assert rows(engine, "SELECT id, name, kind FROM people ORDER BY id") == before
    with reading(engine) as connection:
        assert wrong_in_record(connection) == []
