"""The store looked after: checked, backed up, restored into the other database."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from db.engine import migrate, open_engine, reading
from db.schema import metadata
from tests.support.sample_store import sqlite_url
from tests.support.small_stores import CTA, TONE, change, label_all, opened, people, rows, save, stock
from touchstone.errors import Refused
from workflow.agreement.reports import agreement_of_rounds
from workflow.gold.adjudication import adjudicate
from workflow.importing.label_files import File
from workflow.importing.label_sets import import_labels
from workflow.maintenance.store_backup import backup, restore
from workflow.maintenance.store_check import check_store
from workflow.people.people import add_person
from workflow.rounds.closing import close_round


def fill(engine):
    """A store with a bit of everything in it: corrections, a decision revised, pending choices, a label set."""
    from workflow.labelling.labelling import choose, query
    from workflow.labelling.labelling import keep_note as keep_own_note
    from workflow.labelling.own_labels import assignment_of
    from workflow.rubric.meetings import decide, keep_note

    lead, ana, ben = people(engine, "lead", "ana", "Ben Ü")
    stock(engine, lead, 4)
    opened(engine, lead, annotators=["ana", "ben ü"], draft_ids=["d01", "d02"])
    label_all(engine, ana, {"d01": (0, 1), "d02": (2, 2)})
    save(engine, ana, "d01", (1, 1))
    label_all(engine, ben, {"d01": (3, 1), "d02": (2, 2)})
    close_round(lead, engine, "pilot")
    adjudicate(lead, engine, "pilot", "d01", TONE, 2, "why", "slip")
    decide(lead, engine, "pilot", "d01", TONE, "say what shouting is")
    decide(ana, engine, "pilot", "d01", TONE, "say it with an example", revising=1)
    keep_note(lead, engine, "pilot", TONE, "ü")
    opened(engine, lead, "second", annotators=["ana", "ben ü"], continues="pilot")
    mine = assignment_of(ana, engine, "second", "d03")
    choose(ana, engine, mine, CTA, 3)
    keep_own_note(ana, engine, mine, "half a thought")
    query(ana, engine, mine, "look")
    import_labels(
        lead,
        engine,
        [File("x.csv", f"id,{TONE}\nd01,1\n".encode()), File("y.csv", f"id,{TONE}\nd01,2\n".encode())],
        name="outside",
        made_by="model",
        rubric="tenacious-v1",
    )
    return lead, ana, ben


def everything(engine) -> dict[str, list[tuple]]:
    with reading(engine) as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(sa.select(table).order_by(*table.primary_key.columns))]
            for table in metadata.sorted_tables
        }


def test_a_store_that_was_left_alone_holds_together(engine):
    assert check_store(engine) == []
    fill(engine)
    assert check_store(engine) == []


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE labels SET value = '3' WHERE id = 1", "the stored counts of pilot / tone_compliance do not match its labels"),
        ("UPDATE pattern_counts SET units = 9", "the stored counts of pilot / cta_quality do not match its labels"),
        (
            "UPDATE projects SET rubric = 'other'",
            "pilot is labelled under tenacious-v1, and First project, its project, by the rubric other",
        ),
        ("DELETE FROM pattern_counts WHERE pattern = '1 1'", "the stored counts of pilot / cta_quality do not match its labels"),
        ("UPDATE labels SET person = 1 WHERE id = 1", "label 1 does not fit its assignment"),
        (
            "UPDATE rubric_versions SET digest = 'feed'",
            "the stored bytes of rubric tenacious-v1 do not match its digest feed, and no file in rubric_versions/ has them: "
            "restore a backup",
        ),
    ],
)
def test_tampering_is_found_and_named(engine, statement, found):
    lead, ana, ben = people(engine, "lead", "ana", "ben")
    stock(engine, lead, 2)
    opened(engine, lead)
    label_all(engine, ana, {"d01": (1, 1), "d02": (2, 2)})
    label_all(engine, ben, {"d01": (3, 1), "d02": (2, 2)})
    close_round(lead, engine, "pilot")
    change(engine, statement)
    assert found in check_store(engine)


def test_counts_that_are_gone_are_found(engine):
    fill(engine)
    change(engine, "DELETE FROM pattern_counts")
    change(engine, "DELETE FROM counts")
    assert check_store(engine)[0] == "pilot is closed and has no counts"


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("UPDATE labels SET value = '9' WHERE id = (SELECT max(id) FROM labels)", id="a value no level has"),
        pytest.param("UPDATE set_labels SET value = '3'", id="a label of a set"),
        pytest.param("UPDATE counts SET clusters = 99", id="clusters"),
        pytest.param("UPDATE counts SET skipped = 5", id="skips"),
        pytest.param("UPDATE drafts SET text = 'another text' WHERE draft_id = 'd01'", id="a draft's text"),
        pytest.param("UPDATE adjudications SET value = '9'", id="a decision no level has"),
        pytest.param(
            "DELETE FROM pattern_counts WHERE counted = 1; DELETE FROM counts WHERE id = 1", id="one dimension's counts"
        ),
    ],
)
def test_other_tampering_is_found_too(engine, statement):
    fill(engine)
    for each in statement.split("; "):
        change(engine, each)
    assert check_store(engine) != []


def test_rubric_bytes_that_were_overwritten_are_one_fault_among_others(engine):
    fill(engine)
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        connection.execute(sa.text("UPDATE rubric_versions SET source = :bytes"), {"bytes": b"rubric: [broken"})
    (said,) = [each for each in check_store(engine) if "do not match its digest" in each]
    assert said.endswith("and rubric_versions/tenacious-v1.yml has them: keep it, and restore a backup")


def test_a_changed_rubric_file_is_found(engine, tmp_path, monkeypatch):
    from workflow.rubric import rubrics

    fill(engine)
    (tmp_path / "tenacious-v1.yml").write_bytes((rubrics.FOLDER / "tenacious-v1.yml").read_bytes() + b"#\n")
    monkeypatch.setattr(rubrics, "FOLDER", tmp_path)
    assert check_store(engine) == ["tenacious-v1.yml is no longer what was published; restore the old file"]


# Backup and restore


def test_a_store_goes_from_sqlite_to_postgresql_and_back_with_every_row(sqlite_engine, postgresql_url, tmp_path):
    fill(sqlite_engine)
    before = everything(sqlite_engine)
    made = backup(sqlite_engine, tmp_path / "first.sqlite")
    assert made == {name: len(found) for name, found in before.items()}

    postgresql = open_engine(postgresql_url)
    assert restore(postgresql, tmp_path / "first.sqlite") == made
    assert everything(postgresql) == before
    assert check_store(postgresql) == []
    assert sum(made.values()) == sum(backup(postgresql, tmp_path / "second.sqlite").values())

    again = open_engine(sqlite_url(tmp_path / "new.db"))
    restore(again, tmp_path / "second.sqlite")
    assert everything(again) == before
    for engine in (postgresql, again):
        goes_on(engine)
        engine.dispose()


def goes_on(engine) -> None:
    """Life goes on in a restored store: ids are given on from where they were."""
    ana, ben = add_person(None, engine, "ana"), add_person(None, engine, "ben ü")
    dora = add_person(None, engine, "dora")
    assert dora.id > max(ana.id, ben.id)
    stock(engine, dora, 1, first=9)
    label_all(engine, ana, {"d03": (1, 3), "d04": (2, 2)}, round_name="second")  # d03 as it was chosen before
    label_all(engine, ben, {"d03": (1, 1), "d04": (2, 2)}, round_name="second")
    close_round(dora, engine, "second")
    assert agreement_of_rounds(dora, engine, ["second"]).dimensions[TONE].units == 2
    opened(engine, dora, "third", annotators=["ana", "ben ü"], draft_ids=["d09"])
    save(engine, ana, "d09", (1, 1), round_name="third")
    assert check_store(engine) == []


def test_a_backup_is_a_store_of_its_own_with_no_files_beside_it(engine, tmp_path):
    fill(engine)
    backup(engine, tmp_path / "backup.sqlite")
    assert [each.name for each in tmp_path.iterdir() if "backup" in each.name] == ["backup.sqlite"]
    copy = open_engine(sqlite_url(tmp_path / "backup.sqlite"))
    assert (migrate(copy), everything(copy)) == ("present", everything(engine))
    copy.dispose()


def test_times_come_back_in_utc(sqlite_engine, postgresql_url, tmp_path):
    from workflow import clock

    with clock.at(datetime(2026, 3, 1, 23, 59, 59, 123456, tzinfo=UTC)):
        people(sqlite_engine, "ana")
    backup(sqlite_engine, tmp_path / "backup.sqlite")
    postgresql = open_engine(postgresql_url)
    restore(postgresql, tmp_path / "backup.sqlite")
    assert rows(postgresql, "SELECT added_at FROM people")[0][0] == datetime(2026, 3, 1, 23, 59, 59, 123456, tzinfo=UTC)
    postgresql.dispose()


def test_a_backup_overwrites_nothing_and_needs_the_present_schema(sqlite_engine, tmp_path):
    (tmp_path / "there.sqlite").write_text("mine")
    with pytest.raises(Refused, match="exists; a backup never overwrites: name a new file"):
        backup(sqlite_engine, tmp_path / "there.sqlite")
    new = open_engine(sqlite_url(tmp_path / "new.db"))
    with pytest.raises(Refused, match="the store's schema is new; run: python manage.py migrate"):
        backup(new, tmp_path / "backup.sqlite")
    new.dispose()


def test_a_backup_may_be_called_anything(sqlite_engine, tmp_path):
    backup(sqlite_engine, tmp_path / "really?.sqlite")
    assert (tmp_path / "really?.sqlite").exists()


def test_a_restore_into_a_store_that_holds_data_is_refused(engine, tmp_path):
    fill(engine)
    backup(engine, tmp_path / "backup.sqlite")
    before = everything(engine)
    with pytest.raises(Refused, match="this store holds data; restore into a new one"):
        restore(engine, tmp_path / "backup.sqlite")
    assert everything(engine) == before


def test_a_restore_of_what_is_no_backup_is_refused(engine, tmp_path):
    with pytest.raises(Refused, match="there is no file .*name a backup made with"):
        restore(engine, tmp_path / "nope.sqlite")
    (tmp_path / "text.sqlite").write_text("this is no database at all, whatever it is called")
    with pytest.raises(Refused, match="is not a SQLite file; name a backup made with"):
        restore(engine, tmp_path / "text.sqlite")
    (tmp_path / "empty.sqlite").touch()
    with pytest.raises(Refused, match="holds no store"):
        restore(engine, tmp_path / "empty.sqlite")


def test_a_restore_leaves_the_backup_as_it_was(sqlite_engine, tmp_path):
    fill(sqlite_engine)
    file = tmp_path / "backup.sqlite"
    backup(sqlite_engine, file)
    before = file.read_bytes()
    target = open_engine(sqlite_url(tmp_path / "target.db"))
    restore(target, file)
    target.dispose()
    assert file.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith("backup")] == ["backup.sqlite"]


@pytest.mark.both_databases
def test_a_backup_taken_while_people_label_is_of_one_moment(engine, tmp_path):
    lead, ana, _ = people(engine, "lead", "ana", "ben")
    stock(engine, lead, 1)
    opened(engine, lead)
    seen = []

    def save_in_between(connection, cursor, statement, parameters, context, executemany):
        if "saves" in statement.partition("FROM ")[2][:15] and "ORDER BY" in statement and not seen:
            seen.append(statement)  # the saves are read; a label comes before the labels are
            with ThreadPoolExecutor(1) as pool:
                pool.submit(save, engine, ana, "d01", (1, 1)).result(30)

    sa.event.listen(engine, "after_cursor_execute", save_in_between)
    backup(engine, tmp_path / "backup.sqlite")
    sa.event.remove(engine, "after_cursor_execute", save_in_between)
    assert seen
    copy = open_engine(sqlite_url(tmp_path / "backup.sqlite"))
    assert rows(copy, "SELECT count(*) FROM saves UNION ALL SELECT count(*) FROM labels") == [(0,), (0,)]
    copy.dispose()
