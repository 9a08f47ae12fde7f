"""What a round keeps when it is closed: its counts, made by the database and made again by the audit, and who had delivered
what. On both databases."""

import pytest
import sqlalchemy as sa

from db.engine import NOBODY, migrate, reading
from db.schema import assignments
from db.store import assignments as stored_assignments
from db.store import closed_rounds as stored_closed_rounds
from db.store import rounds as stored_rounds
from tests.support.older_stores import older_copy
from tests.support.small_stores import CTA, TONE, change, opened, people, rows, save, skip_draft, stock
from touchstone.data.counts import count_labels, pattern_text
from touchstone.data.label import LabelRow
from touchstone.errors import NotYourTurn
from workflow.agreement.disagreements import disagreements_on
from workflow.agreement.recount import recount_round
from workflow.labelling.labelling import skip
from workflow.labelling.next_draft import next_assignment
from workflow.maintenance.store_check import check_store
from workflow.rounds import closing, rounds
from workflow.rounds.closing import close_round
from workflow.rubric import rubrics

KEEPS = "SELECT saved, skipped, waiting, practice, seconds FROM round_annotators ORDER BY round, person"


def pooled(engine):
    """A closed round of a pool of three with an overlap, practice, corrections, skips, and labels still owed."""
    lead, *three = people(engine, "lead", "ana", "ben", "cleo")
    stock(engine, lead, 6, cluster="one")
    stock(engine, lead, 6, first=7)
    opened(engine, lead, annotators=["ana", "ben", "cleo"], overlap=0.6, practice=2, seed=3)
    for turn, person in enumerate(three):
        for at in range(5):
            if (desk := next_assignment(person, engine, "pilot")) is None:
                break
            if at == 3 and turn != 1:
                skip(person, engine, desk.assignment, "cannot judge", desk.revision)
                continue
            draft = rows(
                engine,
                "SELECT draft_id FROM drafts JOIN assignments ON assignments.draft = drafts.id WHERE assignments.id = :id",
                id=desk.assignment,
            )[0][0]
            save(engine, person, draft, ((turn + at) % 4, at % 2))
            if at == 2:
                save(engine, person, draft, (3, 0))
    close_round(lead, engine, "pilot", early="enough")
    return lead, three


def assert_the_same(found, expected):
    """Counts are equal; seconds, the last column, are sums of fractions in whatever order the database takes."""
    assert [tuple(row[:-1]) for row in found] == [tuple(row[:-1]) for row in expected]
    assert [row[-1] for row in found] == [pytest.approx(row[-1]) for row in expected]


def counted_row_by_row(connection, row, rubric):
    found = stored_closed_rounds.of_closed_round(connection, row.id)
    cells = stored_assignments.cells_of_round(connection, row.id)
    table = [
        LabelRow(each.draft_id, each.annotator, each.dimension, rubric.dimension(each.dimension).parse(each.value))
        for each in found
    ]
    clusters = {each.draft_id: each.cluster for each in found}
    names = [each.name for each in stored_rounds.annotators_of(connection, row.id)]
    made = {key: count_labels(table, rubric.dimension(key), names, clusters) for key in (TONE, CTA)}
    states = [sum(cell.state == state for cell in cells) for state in ("skipped", "waiting")]
    return {
        key: (each.clusters, *states, {pattern_text(pattern): n for pattern, n in each.patterns.items()})
        for key, each in made.items()
    }


def test_the_database_the_audit_and_counting_row_by_row_come_to_the_same_counts(engine):
    pooled(engine)
    with reading(engine, NOBODY) as connection:
        row = rounds.row_of(connection, "pilot")
        rubric = rubrics.rubric_of(connection, row.rubric_version)
        expected = counted_row_by_row(connection, row, rubric)
        by_database, by_audit = closing.count_round(connection, row, rubric), recount_round(connection, row, rubric)
    assert {key: tuple(each) for key, each in by_database.items()} == expected
    assert {key: tuple(each) for key, each in by_audit.items()} == expected
    clusters, skipped, missing, patterns = expected[TONE]
    assert skipped and missing and len(patterns) > 3 and clusters < sum(patterns.values())
    assert check_store(engine) == []


def test_a_round_without_a_label_has_counts_of_nothing(engine):
    lead, *_ = people(engine, "lead", "ana", "ben")
    stock(engine, lead, 2)
    opened(engine, lead)
    close_round(lead, engine, "pilot", early="nobody came")
    assert rows(engine, "SELECT clusters, skipped, missing FROM counts") == [(0, 0, 4)] * 2
    assert check_store(engine) == []


@pytest.mark.parametrize(
    "read",
    [
        stored_closed_rounds.stream_of_closed_round,
        stored_closed_rounds.clusters_in_closed_round,
        lambda connection, round_: stored_closed_rounds.patterns_of_closed_round(connection, round_, [1]),
    ],
)
def test_no_count_is_made_of_an_open_round(sqlite_engine, read):
    lead, *_ = people(sqlite_engine, "lead", "ana", "ben")
    stock(sqlite_engine, lead, 2)
    opened(sqlite_engine, lead)
    with reading(sqlite_engine) as connection, pytest.raises(NotYourTurn, match="pilot is open"):
        read(connection, 1)


def test_a_closed_round_keeps_what_each_annotator_had_delivered(engine):
    pooled(engine)
    with reading(engine) as connection:
        kept, by_now = stored_rounds.delivered(connection, 1), stored_rounds.delivered_by_now(connection, 1)
    assert_the_same(kept, by_now)
    assert sum(row.skipped for row in kept) == 2 and all(row.saved for row in kept)
    change(engine, "UPDATE round_annotators SET saved = saved + 1 WHERE person = 2")
    assert check_store(engine)[0] == "the stored progress of each annotator of pilot does not match its assignments"


@pytest.mark.parametrize("most", [stored_rounds.MOST_TAKEN_OFF, 0])
def test_deliveries_of_drafts_held_back_are_taken_off_what_was_kept(engine, monkeypatch, most):
    """As if they were counted without those drafts, which is what is done where they are many."""
    monkeypatch.setattr(stored_rounds, "MOST_TAKEN_OFF", most)
    lead, (ana, ben, _) = pooled(engine)
    opened(engine, lead, "again", annotators=["ana", "lead"], draft_ids=["d01", "d02", "d03", "d08"])
    with reading(engine, ana) as connection:
        held = stored_rounds.told(connection, assignments.c.draft, 1)
        found, without = stored_rounds.delivered(connection, 1), stored_rounds.delivered_by_now(connection, 1, held)
    assert_the_same([tuple(row) for row in found], without)
    with reading(engine, ben) as connection:
        whole = stored_rounds.delivered(connection, 1)
    assert sum(row.saved + row.skipped for row in found) < sum(row.saved + row.skipped for row in whole)


def test_an_open_round_keeps_nothing_and_is_counted_at_every_reading(engine):
    lead, ana, _ = people(engine, "lead", "ana", "ben")
    stock(engine, lead, 2)
    opened(engine, lead)
    assert {row[0] for row in rows(engine, KEEPS)} == {None}
    save(engine, ana, "d01", (1, 1))
    skip_draft(engine, ana, "d02", "cannot judge")
    mine = rounds.all_rounds(engine)[0].progress[0]
    assert (mine.saved, mine.skipped, mine.waiting) == (1, 1, 0)


def test_rounds_closed_before_progress_was_kept_get_it_when_the_store_is_brought_up(sqlite_engine, empty_url):
    lead, _ = pooled(sqlite_engine)
    opened(sqlite_engine, lead, "open")
    before = rows(sqlite_engine, KEEPS)
    old = older_copy(sqlite_engine, empty_url, "0002")
    assert migrate(old) == "older"
    assert_the_same(rows(old, KEEPS), before)
    old.dispose()
    assert [row[0] is None for row in before] == [False] * 3 + [True] * 2


def test_only_drafts_whose_labels_differ_are_fetched_as_disagreements(engine):
    lead, ana, ben = people(engine, "lead", "ana", "ben")
    stock(engine, lead, 3)
    opened(engine, lead)
    for person, values in ((ana, [(1, 1), (2, 0), (3, 3)]), (ben, [(1, 2), (2, 0), (0, 3)])):
        for place, levels in enumerate(values, start=1):
            save(engine, person, f"d0{place}", levels)
    close_round(lead, engine, "pilot")
    fetched = []

    def count(connection, cursor, statement, parameters, context, executemany):
        fetched.append(statement)

    sa.event.listen(engine, "before_cursor_execute", count)
    assert [each.unit for each in disagreements_on(lead, engine, TONE, round_name="pilot")] == ["d03"]
    sa.event.remove(engine, "before_cursor_execute", count)
    assert any("HAVING min(labels.value) != max(labels.value)" in each for each in fetched)
    with reading(engine, NOBODY) as connection:
        assert {row.draft_id for row in stored_closed_rounds.of_closed_round(connection, 1, dimension=CTA, differing=True)} == {
            "d01"
        }


def test_the_agreement_page_lists_closed_rounds_only_the_newest_first(engine):
    lead, _ = pooled(engine)
    opened(engine, lead, "second")
    close_round(lead, engine, "second", early="enough")
    opened(engine, lead, "third")
    assert rounds.closed_names(engine) == ["second", "pilot"]
