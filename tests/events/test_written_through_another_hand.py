"""What another hand put in, a trigger, rule, default or function, writes nothing under the program's name."""

import threading

import pytest
import sqlalchemy as sa

from db.engine import migrate, open_engine
from tests.support.full_store import another_hand
from tests.support.older_stores import older_copy
from tests.support.refusals import refusal
from tests.support.small_stores import CTA, label_all, opened, people, rows, save, stock
from touchstone.errors import Refused
from workflow.events.recording import recorded
from workflow.labelling.labelling import choose
from workflow.labelling.own_labels import assignment_of
from workflow.maintenance.store_check import check_store

CASCADE = (
    "ALTER TABLE pending_choices DROP CONSTRAINT fk_pending_choices_assignment; ALTER TABLE pending_choices "
    "ADD CONSTRAINT fk_pending_choices_assignment FOREIGN KEY (assignment) REFERENCES assignments (id)"
)
BY_HAND = {
    "sqlite": {
        "a trigger": (
            "CREATE TRIGGER helper AFTER INSERT ON saves BEGIN UPDATE labels SET value = 0 WHERE id = 1; END",
            "DROP TRIGGER helper",
        ),
        "a trigger of no recorded table": (
            "CREATE TRIGGER helper AFTER INSERT ON pending_choices BEGIN UPDATE labels SET value = 0 WHERE id = 1; END",
            "DROP TRIGGER helper",
        ),
    },
    "postgresql": {
        "a trigger": (
            "CREATE FUNCTION helper() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE labels SET value = 0 WHERE id = 1; "
            "RETURN NULL; END $$; CREATE TRIGGER helper AFTER INSERT ON saves FOR EACH ROW EXECUTE FUNCTION helper()",
            "DROP FUNCTION helper CASCADE",
        ),
        "a rule": (
            "CREATE RULE helper AS ON INSERT TO saves DO ALSO UPDATE labels SET value = 0 WHERE id = 1",
            "DROP RULE helper ON saves",
        ),
        "a default": (
            "ALTER TABLE saves ALTER COLUMN note SET DEFAULT 'x'",
            "ALTER TABLE saves ALTER COLUMN note DROP DEFAULT",
        ),
        "a cascade": (
            f"{CASCADE} ON DELETE CASCADE",
            CASCADE,
        ),
    },
}  # fmt: skip


@pytest.fixture
def store(engine):
    lead, ana, ben = people(engine, "lead", "ana", "ben")
    stock(engine, lead, 3)
    opened(engine, lead)
    label_all(engine, ana, {"d01": (3, 3)})
    return engine, lead, ana, ben


def by_hand(engine, statements):
    with another_hand(engine) as connection:
        connection.exec_driver_sql(statements)
        connection.commit()


@pytest.mark.both_databases
def test_what_another_hand_put_in_is_named_and_nothing_is_written_until_it_is_gone(store):
    engine, _, ana, ben = store
    for name, (put_in, take_out) in BY_HAND[engine.dialect.name].items():
        before = rows(engine, "SELECT (SELECT count(*) FROM events), (SELECT count(*) FROM saves)")
        by_hand(engine, put_in)
        for _ in range(2):
            said = refusal(save, engine, ben, "d01", (1, 1))
            assert "another hand" in said, name
            with pytest.raises(Refused):
                choose(ben, engine, assignment_of(ben, engine, "pilot", "d01"), CTA, 2)
        assert "nothing is written into this store" in refusal(save, engine, ben, "d01", (1, 1)), name
        told = [each for each in check_store(engine) if "by another hand" in each or "not as the schema has it" in each]
        assert len(told) == 1 and told[0] in refusal(save, engine, ben, "d01", (1, 1)), name
        by_hand(engine, take_out)
        assert rows(engine, "SELECT (SELECT count(*) FROM events), (SELECT count(*) FROM saves)") == before
        assert rows(engine, "SELECT value FROM labels WHERE id = 1") == [("3",)]
        assert check_store(engine) == []
    by_once_more(engine, ben)
    assert check_store(engine) == []


def by_once_more(engine, person):
    """On PostgreSQL the first after a change is asked to do it again: that the tables are whole again is found by it."""
    try:
        save(engine, person, "d01", (1, 1))
    except Refused:
        save(engine, person, "d01", (1, 1))


def test_the_number_of_a_schema_that_was_set_back_hides_nothing(sqlite_engine):
    """SQLite goes by `schema_version`, which another hand can set: what a connection read under it is read anew."""
    lead, ana, _ = people(sqlite_engine, "lead", "ana", "ben")
    stock(sqlite_engine, lead, 3)
    opened(sqlite_engine, lead)
    put_in, take_out = BY_HAND["sqlite"]["a trigger"]
    with another_hand(sqlite_engine) as connection:
        connection.exec_driver_sql(put_in)
        connection.commit()
    fresh = open_engine(sqlite_engine.url.render_as_string())
    version = rows(fresh, "PRAGMA schema_version")[0][0]  # its connection has read the schema with the trigger
    rows(fresh, "SELECT 1 FROM saves")
    with another_hand(sqlite_engine) as connection:
        connection.exec_driver_sql(take_out)
        connection.commit()
        connection.connection.driver_connection.execute(f"PRAGMA schema_version = {version}")
    save(fresh, ana, "d01", (2, 2))
    assert rows(fresh, "SELECT value FROM labels WHERE id = 1") == [("2",)]
    fresh.dispose()


@pytest.mark.parametrize(
    ("put_in", "take_out"),
    [
        BY_HAND["postgresql"]["a trigger"],
        (
            "CREATE OR REPLACE FUNCTION touchstone_note_added() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "UPDATE labels SET value = 0 WHERE id = 1; RETURN NULL; END $$",
            None,
        ),
    ],
    ids=["a trigger", "a function and back"],
)
def test_what_is_put_in_while_a_transaction_goes_on_keeps_it_from_being_kept(postgresql_url, put_in, take_out):
    engine = open_engine(postgresql_url)
    lead, ana, ben = people(engine, "lead", "ana", "ben")
    stock(engine, lead, 3)
    opened(engine, lead)
    label_all(engine, ana, {"d01": (3, 3)})
    as_it_was = rows(engine, "SELECT pg_get_functiondef('touchstone_note_added'::regproc)")[0][0]
    with pytest.raises(Refused, match="another hand"), recorded(lead, engine, "rename person") as connection:
        by_hand(engine, put_in)
        connection.exec_driver_sql(
            "INSERT INTO saves (assignment, token, revision, note, saved_at) VALUES (2, 'x', 7, '', now())"
        )
        if take_out is None:
            by_hand(engine, as_it_was)
    assert rows(engine, "SELECT value FROM labels WHERE id = 1") == [("3",)]
    if take_out:
        by_hand(engine, take_out)
    by_once_more(engine, ben)
    assert check_store(engine) == []
    engine.dispose()


def test_a_trigger_that_is_made_to_note_less_is_told(postgresql_url):
    engine = open_engine(postgresql_url)
    by_hand(engine, "DROP TRIGGER note_people_update ON people; CREATE TRIGGER note_people_update AFTER UPDATE OF id ON people "
            "FOR EACH ROW EXECUTE FUNCTION touchstone_note_changed()")  # fmt: skip
    assert check_store(engine) == ["the trigger note_people_update of people is not as the schema has it"]
    engine.dispose()


@pytest.mark.both_databases
def test_a_check_that_asks_for_less_is_told(engine):
    """Its name alone says nothing of it."""
    if engine.dialect.name == "postgresql":
        by_hand(engine, "ALTER TABLE people DROP CONSTRAINT ck_people_kind; ALTER TABLE people ADD CONSTRAINT ck_people_kind "
                "CHECK (kind IN ('person', 'program', 'x'))")  # fmt: skip
    else:
        with another_hand(engine) as connection:
            connection.exec_driver_sql("PRAGMA writable_schema = ON")
            connection.exec_driver_sql(
                "UPDATE sqlite_master SET sql = replace(sql, '''program'')', '''program'', ''x'')') WHERE name = 'people'"
            )
            connection.commit()
    engine.dispose()
    assert check_store(engine) == ["the rule check ck_people_kind of people is not as the schema has it"]
    assert "ck_people_kind" in refusal(people, engine, "ana")


@pytest.mark.both_databases
def test_no_migration_runs_over_another_hands_trigger(sqlite_engine, empty_url):
    old = older_copy(sqlite_engine, empty_url, "0011")
    put_in, take_out = BY_HAND[old.dialect.name]["a trigger"]
    by_hand(old, put_in)
    assert "the trigger helper of saves" in refusal(migrate, old)
    by_hand(old, take_out)
    assert migrate(old) == "older"
    assert check_store(old) == []
    old.dispose()


def test_what_a_transaction_noted_that_was_not_kept_is_no_others(postgresql_url):
    """Rows lie in the table of the session until it is emptied: those of another transaction are passed over."""
    engine = open_engine(postgresql_url)
    ana, _ = people(engine, "ana", "ben")
    for number in range(120):
        with engine.connect() as connection, connection.begin() as transaction:
            connection.exec_driver_sql("UPDATE people SET name = name || 'x' WHERE id = 1")
            transaction.rollback()
        if number % 3 == 0:
            with recorded(ana, engine, "rename person", always=True) as connection:
                connection.execute(sa.text("UPDATE people SET name = :name WHERE id = 2"), {"name": f"ben {number}"})
    assert check_store(engine) == []
    assert rows(engine, "SELECT count(*) FROM pg_temp.touchstone_touched")[0][0] < 120
    engine.dispose()


def test_more_rows_than_come_in_one_answer_are_all_noted(postgresql_url):
    engine = open_engine(postgresql_url)
    ana, _ = people(engine, "ana", "ben")
    with recorded(ana, engine, "rename person") as connection:
        connection.exec_driver_sql(
            "INSERT INTO people (name, folded, kind, is_sample, added_at) "
            "SELECT 'p' || n, 'p' || n, 'person', false, now() FROM generate_series(1, 2500) n"
        )
    assert check_store(engine) == []
    engine.dispose()


def test_a_store_that_was_migrated_under_a_running_program_is_no_others_doing(postgresql_url):
    engine = open_engine(postgresql_url)
    people(engine, "ana")
    by_hand(engine, "ALTER TABLE people ADD COLUMN more text DEFAULT 'x'; UPDATE alembic_version SET version_num = '9999'")
    assert "while Touchstone was running" in refusal(people, engine, "ben")
    engine.dispose()


def test_two_at_once_find_the_schema_whole(engine):
    ana, ben = people(engine, "ana", "ben")
    several = [threading.Thread(target=people, args=(engine, f"p{number}")) for number in range(6)]
    for each in several:
        each.start()
    for each in several:
        each.join()
    assert check_store(engine) == []
