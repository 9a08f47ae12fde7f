"""A closing that was a mistake is taken back by who closed, until anybody has read what the round kept back. Both databases."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from db.engine import migrate, reading
from db.store import closed_rounds as stored_closed_rounds
from tests.support.at_once import at_once
from tests.support.going_back import hours
from tests.support.kept_stores import kept
from tests.support.older_stores import older_copy
from tests.support.refusals import refusal
from tests.support.small_stores import CTA, TONE, change, label_all, opened, people, rows, save, stock
from touchstone.errors import NotYourTurn, Refused
from workflow import clock
from workflow.agreement import counts_behind, disagreements, reports
from workflow.claims.checking import labels_behind
from workflow.comparison.two_rounds import compare_rounds
from workflow.comparison.two_sources import compare_sources
from workflow.exporting.label_export import labels_workbook
from workflow.gold import adjudication, export, gold
from workflow.labelling.feedback import feedback_in
from workflow.labelling.labelling import choose, query
from workflow.labelling.next_draft import next_assignment
from workflow.labelling.own_labels import assignment_of, my_labels
from workflow.maintenance.store_backup import backup
from workflow.maintenance.store_check import check_store
from workflow.people.home import to_do
from workflow.planning.plan import plan_of_pilot
from workflow.projects.projects import delete_project
from workflow.rounds.closing import close_round, reopen_round, reopenings_of
from workflow.rounds.design import RoundDesign
from workflow.rounds.opening import open_round
from workflow.rounds.rounds import all_rounds, queries_of
from workflow.rubric.meetings import mark_discussed, meeting
from workflow.scorer.against_people import scorer_against
from workflow.scorer.drafts_to_score import ScorableDrafts
from workflow.scorer.scoring import findings_of
from workflow.subgroups.annotators import annotators
from workflow.subgroups.slices import slices

KEPT_AT_CLOSING = "SELECT saved, skipped, waiting, practice, seconds FROM round_annotators WHERE round = 1"
MOMENT = datetime(2026, 3, 12, 9, tzinfo=UTC)


@pytest.fixture
@kept
def team(engine):
    """lead, ana, ben, and a round they were labelling: ana has done d01 and chosen one level on d02, ben has done all four."""
    lead, ana, ben = people(engine, "lead", "ana", "ben")
    stock(engine, lead, 4)
    opened(engine, lead)
    save(engine, ana, "d01", (1, 2))
    choose(ana, engine, assignment_of(ana, engine, "pilot", "d02"), CTA, 3)
    label_all(engine, ben, {"d01": (2, 2), "d02": (1, 1), "d03": (0, 0), "d04": (3, 3)})
    return lead, ana, ben


def closed(engine, lead, name="pilot"):
    with clock.at(MOMENT):
        return close_round(lead, engine, name, early="by mistake")


def unread(engine) -> list[str]:
    return [each.name for each in all_rounds(engine) if each.is_unread]


# Taking it back


def test_a_reopened_round_is_labelled_where_it_was_and_closed_again_later(engine, team):
    lead, ana, ben = team
    closed(engine, lead)
    assert "its labels are final" in refusal(save, engine, ana, "d03", (1, 1))
    made = reopen_round(lead, engine, " PILOT ")
    assert (made.is_open, made.early_reason, made.closed_by, made.is_unread) == (True, None, None, False)
    assert [(each.saved, each.waiting) for each in made.progress] == [(1, 3), (4, 0)]
    assert rows(engine, KEPT_AT_CLOSING) == [(None,) * 5] * 2
    assert rows(engine, "SELECT (SELECT count(*) FROM counts) + (SELECT count(*) FROM pattern_counts)") == [(0,)]
    desk = next_assignment(ana, engine, "pilot", assignment_of(ana, engine, "pilot", "d02"))
    assert desk.choices == {CTA: 3}, "what was chosen and not saved is there"
    label_all(engine, ana, {"d01": (2, 2), "d02": (1, 3), "d03": (0, 0), "d04": (3, 3)})  # d01 corrected
    with pytest.raises(NotYourTurn, match="pilot is open"):
        gold.gold_of_round(lead, engine, "pilot")
    assert check_store(engine) == []
    assert not close_round(ben, engine, "pilot").early_reason
    assert reports.agreement_of_rounds(lead, engine, ["pilot"]).dimensions[TONE].units_with_two == 4
    assert check_store(engine) == []


def test_that_a_closing_was_taken_back_is_on_record(engine, team):
    lead, *_ = team
    assert reopenings_of(engine, "pilot") == []
    for hour in (10, 12):
        with clock.at(MOMENT.replace(hour=hour)):
            close_round(lead, engine, "pilot", early="by mistake")
        with clock.at(MOMENT.replace(hour=hour + 1)):
            reopen_round(lead, engine, "pilot")
    assert [(each.closed_at.hour, each.reopened_at.hour, each.by) for each in reopenings_of(engine, "pilot")] == [
        (10, 11, "lead"),
        (12, 13, "lead"),
    ]
    assert rows(engine, "SELECT early_reason FROM closings") == [("by mistake",)] * 2


def test_only_who_closed_a_round_reopens_it_and_only_while_it_is_closed(engine, team):
    lead, ana, _ = team
    assert refusal(reopen_round, lead, engine, "pilot") == "pilot is open already"
    assert "there is no round “nope”" in refusal(reopen_round, lead, engine, "nope")
    closed(engine, lead)
    assert refusal(reopen_round, ana, engine, "pilot") == "pilot can be reopened only by the person who closed it"
    assert unread(engine) == ["pilot"]


# What ends it

READINGS = {
    "report": lambda lead, engine: reports.agreement_of_rounds(None, engine, ["pilot"], opinion=False),
    "counts": lambda lead, engine: counts_behind.counts_behind(lead, engine, round_name="pilot"),
    "plan": lambda lead, engine: plan_of_pilot(lead, engine, round_name="pilot", half_width=0.1),
    "disagreements": lambda lead, engine: disagreements.disagreements_on(lead, engine, TONE, round_name="pilot"),
    "gold": lambda lead, engine: gold.gold_of_round(lead, engine, "pilot"),
    "export of gold": lambda lead, engine: export.files_of(lead, engine, "pilot", partial=True),
    "adjudication": lambda lead, engine: adjudication.open_disagreements(lead, engine, "pilot"),
    "case": lambda lead, engine: adjudication.case(lead, engine, "pilot", "d01", TONE),
    "raw labels": lambda lead, engine: labels_workbook(lead, engine, "pilot"),
    "slices": lambda lead, engine: slices(lead, engine, "pilot", "difficulty"),
    "annotators": lambda lead, engine: annotators(lead, engine, "pilot"),
    "comparison": lambda lead, engine: compare_rounds(lead, engine, "earlier", "pilot"),
    "sources": lambda lead, engine: compare_sources(lead, engine, "round:pilot/ana", "round:pilot/ben"),
    "claims": lambda lead, engine: labels_behind(lead, engine, round_name="pilot"),
    "meeting": lambda lead, engine: meeting(lead, engine, "pilot", TONE),
    "mark of a meeting": lambda lead, engine: mark_discussed(lead, engine, "pilot", "d01", TONE),
    "scorer against people": lambda lead, engine: scorer_against(lead, engine, "pilot"),
    "findings": lambda lead, engine: findings_of(lead, engine, "d03"),
    "drafts to score": lambda lead, engine: ScorableDrafts(engine),
}


@pytest.mark.parametrize("read", READINGS.values(), ids=READINGS)
def test_whatever_reads_its_labels_ends_it(sqlite_engine, read):
    lead, ana, ben = people(sqlite_engine, "lead", "ana", "ben")
    stock(sqlite_engine, lead, 4)
    for name, drafts in (("earlier", ("d01", "d02")), ("pilot", ("d01", "d02", "d03"))):
        opened(sqlite_engine, lead, name, draft_ids=drafts)
        for person, levels in ((ana, (1, 2)), (ben, (2, 2))):
            label_all(sqlite_engine, person, dict.fromkeys(drafts, levels), round_name=name)
        close_round(lead, sqlite_engine, name)
    with suppress(Refused):  # some have too little to say of three drafts; they have read them all the same
        read(lead, sqlite_engine)
    said = refusal(reopen_round, lead, sqlite_engine, "pilot")
    assert said.startswith("pilot stays closed: its labels were first read on ") and "Open another round" in said


def test_a_refusal_that_tells_of_labels_is_a_reading_too(engine, team):
    lead, *_ = team
    closed(engine, lead)
    said = refusal(adjudication.adjudicate, lead, engine, "pilot", "d01", CTA, 2, "why", "slip")
    assert said == "the labels of d01 / cta_quality agree; there is nothing to decide"
    assert unread(engine) == []


def test_what_reads_no_label_leaves_it_open_to_be_taken_back(engine, team, tmp_path):
    lead, ana, _ = team
    query(ana, engine, assignment_of(ana, engine, "pilot", "d02"), "look")
    closed(engine, lead)
    assert check_store(engine) == []
    backup(engine, tmp_path / "backup.sqlite")
    for person in team:
        to_do(person, engine)
        my_labels(person, engine, "pilot")
        feedback_in(person, engine, "pilot")
        queries_of(person, engine, "pilot")
    opened(engine, lead, "other")
    assert unread(engine) == ["pilot"]
    assert reopen_round(lead, engine, "pilot").is_open


def test_a_round_that_another_is_based_on_stays_closed(engine, team):
    lead, *_ = team
    with hours(0):
        close_round(lead, engine, "pilot", early="by mistake")
    with hours(400_000):
        open_round(lead, engine, RoundDesign("again", kind="retest", of="pilot", annotators=["ben"], force=True))
    assert unread(engine) == []


def test_labels_that_a_round_kept_from_its_annotators_elsewhere_end_it_too(engine, team):
    """In a retest one's own first labels are held back, and others' on the same drafts; once it is closed they are shown."""
    lead, _, ben = team
    closed(engine, lead)
    reports.agreement_of_rounds(None, engine, ["pilot"])
    for number, read in enumerate((my_labels, lambda *given: gold.gold_of_round(*given))):
        name = f"again {number}"
        open_round(lead, engine, RoundDesign(name, kind="retest", of="pilot", annotators=["ben"], force=True))
        assert my_labels(ben, engine, "pilot")[0].held_back
        closed(engine, lead, name)
        to_do(ben, engine)  # counts the cells of pilot, and shows no label of one
        assert unread(engine) == [name]
        read(ben, engine, "pilot")
        assert unread(engine) == []


def test_gold_that_waited_for_the_end_of_a_calibration_ends_it(engine, team):
    lead, _, ben = team
    closed(engine, lead)
    for feedback, ends_it in (("each", False), ("end", True)):
        open_round(lead, engine, RoundDesign(feedback, kind="calibration", of="pilot", annotators=["ben"], feedback=feedback))
        drafts = {draft: (2, 2) for (draft,) in rows(engine, DRAFTS_OF, name=feedback)}
        label_all(engine, ben, drafts, round_name=feedback)
        closed(engine, lead, feedback)
        assert feedback_in(ben, engine, feedback)
        assert unread(engine) == ([] if ends_it else [feedback])
        with suppress(Refused):
            reports.agreement_of_rounds(None, engine, [feedback])


DRAFTS_OF = (
    "SELECT DISTINCT drafts.draft_id FROM assignments JOIN drafts ON drafts.id = assignments.draft "
    "JOIN rounds ON rounds.id = assignments.round WHERE rounds.name = :name"
)

# At the same moment


@pytest.mark.parametrize("turn", range(3))
@pytest.mark.both_databases
def test_reading_and_reopening_at_once_never_both_succeed(engine, team, turn):
    lead, *_ = team
    closed(engine, lead)
    read, reopened = at_once(lambda: gold.gold_of_round(lead, engine, "pilot"), lambda: reopen_round(lead, engine, "pilot"))
    assert isinstance(read, Refused) != isinstance(reopened, Refused), (read, reopened)
    assert [each.is_open for each in all_rounds(engine)] == [not isinstance(reopened, Refused)]
    assert check_store(engine) == []


@pytest.mark.both_databases
@pytest.mark.parametrize("again", [False, True], ids=["reopened", "reopened and closed again"])
def test_who_began_to_read_before_a_reopening_is_shown_nothing(engine, team, again):
    """The reader's transaction still sees the round closed."""
    lead, *_ = team
    closed(engine, lead)
    done = []

    def reopen_in_between(connection, cursor, statement, parameters, context, executemany):
        if "first_read_at IS NULL" in statement and not done:
            done.append(statement)
            at_once(lambda: reopen_round(lead, engine, "pilot"))
            if again:
                at_once(lambda: close_round(lead, engine, "pilot", early="now really"))

    sa.event.listen(engine, "after_cursor_execute", reopen_in_between)
    with reading(engine) as connection, pytest.raises(NotYourTurn, match="pilot was reopened just now"):
        stored_closed_rounds.of_closed_round(connection, 1)
    sa.event.remove(engine, "after_cursor_execute", reopen_in_between)
    assert done and unread(engine) == (["pilot"] if again else [])


# What the audit knows of it


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        (
            "UPDATE rounds SET closed_at = NULL, closed_by = NULL, early_reason = NULL; DELETE FROM pattern_counts; "
            "DELETE FROM counts; UPDATE round_annotators SET saved = NULL",
            "pilot is open, and its closing on 12 March 2026 was not taken back: it was reopened by another hand",
        ),
        (
            "UPDATE rounds SET closed_at = NULL; UPDATE closings SET reopened_at = closed_at",
            "pilot is open and still has a closing, stored progress and counts, as only a closed round has",
        ),
        ("DELETE FROM closings", "pilot is closed, and its closing on 12 March 2026 is not on record"),
        (
            "UPDATE closings SET reopened_at = closed_at, reopened_by = person",
            "pilot is closed, and its closing on 12 March 2026 is not on record",
        ),
    ],
)
def test_a_round_reopened_or_closed_by_another_hand_is_told(engine, team, statement, found):
    lead, *_ = team
    closed(engine, lead)
    assert check_store(engine) == []
    for each in statement.split("; "):
        change(engine, each)
    assert found in check_store(engine)


def test_rounds_closed_before_closings_were_kept_count_as_read(sqlite_engine, team_on_sqlite, empty_url):
    lead, *_ = team_on_sqlite
    closed(sqlite_engine, lead)
    opened(sqlite_engine, lead, "open")
    old = older_copy(sqlite_engine, empty_url, "0009")
    assert migrate(old) == "older"
    assert check_store(old) == []
    assert [(each.name, each.first_read_at == each.closed_at) for each in all_rounds(old)] == [("open", True), ("pilot", True)]
    assert rows(old, "SELECT round, person, early_reason, reopened_at FROM closings") == [(1, lead.id, "by mistake", None)]
    assert "pilot stays closed" in refusal(reopen_round, lead, old, "pilot")
    old.dispose()


@pytest.fixture
def team_on_sqlite(sqlite_engine):
    lead, ana, ben = people(sqlite_engine, "lead", "ana", "ben")
    stock(sqlite_engine, lead, 2)
    opened(sqlite_engine, lead)
    return lead, ana, ben


def test_a_project_is_deleted_with_the_closings_of_its_rounds(engine, team):
    lead, *_ = team
    closed(engine, lead)
    reopen_round(lead, engine, "pilot")
    closed(engine, lead)
    delete_project(lead, engine, "First project", typed="First project")
    assert rows(engine, "SELECT count(*) FROM closings") == [(0,)]
