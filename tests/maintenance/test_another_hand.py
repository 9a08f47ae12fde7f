"""Whatever another hand does to a store is told in words: to each column, row, table, index, rule and trigger."""

import pytest
import sqlalchemy as sa

from db.chain.covered import COLUMNS_LEFT_OUT, COVERED, LEFT_OUT
from db.engine import reading
from db.schema import metadata
from db.store.record.schema_check import differences
from tests.support import short_run
from tests.support.full_store import another_hand, by_another_hand, full, without_rules
from tests.support.kept_stores import content_of, kept, put_back
from tests.support.small_stores import change, rows
from workflow.maintenance.record_check import wrong_in_record
from workflow.maintenance.store_check import check_store

# Their rows are no events' subject; each for the reason that stands beside it in db/chain/covered.py.
FREE = {"pending_choices", "pending_notes", "unfinished_versions", "last_projects", "sign_in_attempts", "throttles"} | {
    "gate_decisions"
}


@pytest.fixture
@kept
def store(engine):
    full(engine)
    return engine


@pytest.fixture
@kept
def on_sqlite(sqlite_engine):
    full(sqlite_engine)
    return sqlite_engine


def test_every_table_is_covered_or_left_out_for_a_reason():
    named = {*COVERED, *LEFT_OUT}
    assert named == metadata.tables.keys(), (
        f"say in db/chain/covered.py of {sorted(named ^ metadata.tables.keys())} whether its rows are recorded: in COVERED with "
        "the names and numbers an event tells of it, or in LEFT_OUT with the reason"
    )
    assert LEFT_OUT.keys() == FREE | {"events", "salts"}
    for name in COLUMNS_LEFT_OUT:
        table, column = name.split(".")
        assert column in metadata.tables[table].c


def test_what_events_tell_in_plain_is_a_name_or_a_number():
    allowed = {"name", "file_name", "digest", "dimension", "role", "kind", "partition", "root", "mode"}  # a root is a digest
    for table, told in COVERED.items():
        texts = {name for name in told if isinstance(metadata.tables[table].c[name].type, sa.Text)}
        assert texts <= allowed, f"{table} tells {sorted(texts - allowed)}, which may be a text or a level"


def test_every_table_has_a_row_in_the_store_of_these_tests_and_all_of_it_holds_together(store):
    assert [name for name in metadata.tables if name not in FREE and not rows(store, f"SELECT 1 FROM {name} LIMIT 1")] == []
    assert check_store(store) == []


@pytest.mark.both_databases
def test_each_column_changed_and_each_row_taken_out_or_put_in_is_told_by_the_record(store):
    """On one connection, each change taken back: what check_store says of some of them is the test below."""
    silent, told, refused = [], 0, 0
    is_sqlite = store.dialect.name == "sqlite"
    with another_hand(store) as connection:
        without_rules(connection)
        for table in metadata.sorted_tables:
            if table.name in FREE:
                continue
            row = connection.execute(sa.select(table).order_by(*table.primary_key.columns).limit(1)).mappings().one()
            for name, statement in short_run.some([*by_another_hand(table, row)], 1 if is_sqlite else 6):
                if name in COLUMNS_LEFT_OUT:
                    continue
                inner = connection.begin_nested()
                try:
                    connection.execute(statement)
                except sa.exc.IntegrityError:
                    refused += 1  # by the database itself
                else:
                    found = wrong_in_record(connection)
                    told += 1
                    if not any(table.name in each or "event" in each or "salt" in each for each in found):
                        silent.append((name, found))
                inner.rollback()
    assert silent == []
    assert told > (200 if is_sqlite else 30) and refused < 20


@pytest.mark.parametrize("name", short_run.some([each for each in sorted(metadata.tables) if each not in FREE], 9))
def test_check_store_tells_each_of_it_and_raises_nothing(on_sqlite, name):
    table = metadata.tables[name]
    with reading(on_sqlite) as connection:
        row = connection.execute(sa.select(table).order_by(*table.primary_key.columns).limit(1)).mappings().one()
    content = content_of(on_sqlite)
    for what, statement in by_another_hand(table, row):
        if what in COLUMNS_LEFT_OUT:
            continue
        put_back(on_sqlite, content)
        with another_hand(on_sqlite) as connection:
            without_rules(connection)
            connection.execute(statement)
            connection.commit()
        found = [each for each in check_store(on_sqlite) if not each.startswith("the trigger")]
        assert found, what
        assert all(each and "Traceback" not in each for each in found)


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("DELETE FROM labels WHERE assignment IN (SELECT a.id FROM assignments a JOIN rounds r ON r.id = a.round "
         "WHERE r.name = 'second')", "row 10 of labels was taken out by another hand"),
        ("UPDATE adjudications SET value = '3' WHERE id = 2", "row 2 of adjudications was changed by another hand"),
        ("UPDATE rounds SET closed_at = NULL WHERE name = 'pilot'", "row 1 of rounds was changed by another hand"),
        ("UPDATE label_sets SET made_by = 'person-blind'", "row 1 of label_sets was changed by another hand"),
        ("UPDATE gold_keys SET value = '0' WHERE dimension = 'cta_quality'", "of gold_keys was changed by another hand"),
        ("INSERT INTO queries (assignment, note, asked_at) VALUES (1, 'look', '2026-01-01 00:00:00')",
         "row 2 of queries was put in by another hand"),
    ],
)  # fmt: skip
def test_the_row_that_another_hand_touched_is_named(on_sqlite, statement, told):
    change(on_sqlite, statement)
    assert any(told in each for each in check_store(on_sqlite)), check_store(on_sqlite)


def test_each_table_column_index_rule_and_trigger_dropped_is_told_by_its_name(store):
    kinds = {"table": 0, "index": 0, "column": 0, "trigger": 0}
    cascade = " CASCADE" if store.dialect.name == "postgresql" else ""
    with another_hand(store) as connection:
        for kind, name, statement in _drops(connection, cascade):
            with connection.begin_nested() as inner:
                connection.exec_driver_sql(statement)
                assert any(each.startswith(f"the {kind} {name}") for each in differences(connection)), name
                kinds[kind] += 1
                inner.rollback()
    assert min(kinds.values()) >= 4, kinds


def _drops(connection, cascade):
    for table in short_run.some(metadata.sorted_tables, 3):
        yield "table", table.name, f"DROP TABLE {table.name}{cascade}"
        for index in table.indexes:
            yield "index", index.name, f"DROP INDEX {index.name}"
    for name in ("tasks.difficulty", "rounds.early_reason", "label_sets.suspicions", "drafts.author"):
        table, column = name.split(".")
        yield "column", name, f"ALTER TABLE {table} DROP COLUMN {column}{cascade}"
    sqlite = connection.dialect.name == "sqlite"
    if not sqlite:
        yield "trigger", "note_labels_insert", "DROP TRIGGER note_labels_insert ON labels"
        yield "trigger", "note_labels_update", "ALTER TABLE labels DISABLE TRIGGER note_labels_update"
    for table in ("events", "salts"):
        for verb in ("update", "delete"):
            yield "trigger", f"keep_{table}_{verb}", f"DROP TRIGGER keep_{table}_{verb}" + ("" if sqlite else f" ON {table}")


def test_a_table_index_or_trigger_that_was_put_in_is_told(on_sqlite):
    change(on_sqlite, "CREATE TABLE notes (id INTEGER)")
    change(on_sqlite, "CREATE INDEX quick ON labels (value)")
    change(on_sqlite, "CREATE TRIGGER raise_it AFTER INSERT ON labels BEGIN UPDATE labels SET value = '3'; END")
    found = check_store(on_sqlite)
    assert "the table notes was put in by another hand" in found
    assert "the index quick of labels was put in by another hand" in found
    assert "the trigger raise_it of labels was put in by another hand" in found


def test_a_store_without_a_table_is_told_so_and_nothing_else_is_tried(on_sqlite):
    change(on_sqlite, "DROP TABLE pattern_counts")
    assert check_store(on_sqlite) == [
        "the table pattern_counts is gone",
        "nothing else was checked: without these the rest cannot be read. Restore a backup",
    ]


def test_a_record_that_was_taken_out_is_told(on_sqlite):
    for trigger in ("keep_events_delete", "keep_salts_delete"):
        change(on_sqlite, f"DROP TRIGGER {trigger}")
    change(on_sqlite, "DELETE FROM events")
    assert "the store has rows and no event: its record was taken out" in check_store(on_sqlite)
    change(on_sqlite, "DELETE FROM salts")
    assert any(each.startswith("the salt of the record is gone") for each in check_store(on_sqlite))
