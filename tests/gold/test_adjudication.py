"""Settling what annotators disagreed on."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from tests.support.kept_stores import kept
from tests.support.refusals import refusal
from tests.support.small_stores import CTA, TONE, label_all, opened, people, rows, save, skip_draft, stock
from touchstone.data.label_file import Decision
from workflow.gold.adjudication import adjudicate, case, decide_from_rows, open_disagreements, round_drafts
from workflow.rounds.closing import close_round


@pytest.fixture
@kept
def team(engine):
    """A closed round: d01 agreed, d02 apart on both dimensions, d03 skipped by Ben, d04 owed by Ben."""
    lead, ana, ben = found = people(engine, "lead", "ana", "ben")
    stock(engine, lead, 4)
    opened(engine, lead)
    label_all(engine, ana, {"d01": (2, 2), "d02": (0, 3), "d03": (1, 1), "d04": (1, 1)})
    save(engine, ben, "d01", (2, 2))
    save(engine, ben, "d02", (2, 0), "it shouts")
    skip_draft(engine, ben, "d03", "blank")
    close_round(lead, engine, "pilot", early="enough")
    return found


def test_every_cell_that_waits_is_in_the_queue_with_its_labels(engine, team):
    queue = open_disagreements(team[0], engine, "pilot")
    assert [(cell.draft_id, cell.dimension, cell.state) for cell in queue.waiting] == [
        ("d02", CTA, "disagreement"),
        ("d02", TONE, "disagreement"),
        ("d03", TONE, "skipped"),
        ("d03", CTA, "skipped"),
        ("d04", TONE, "missing"),
        ("d04", CTA, "missing"),
    ]
    assert [(label.annotator, label.value, label.note) for label in queue.waiting[0].labels] == [
        ("ana", 3, ""),
        ("ben", 0, "it shouts"),
    ]
    assert (queue.waiting[2].skips, queue.decided, queue.round.held_back) == (("blank",), (), 0)


def test_a_case_shows_the_draft_its_context_and_the_anchors_and_marks_who_labelled(engine, team):
    lead, ana, _ = team
    found = case(lead, engine, "pilot", "d02", "tone_alignment")
    assert found.text == "Hello, this is invented draft 2."
    assert found.fields[0] == ("Company signal", "Invented firm 2")
    assert (found.dimension.key, found.also_labelled) == (TONE, False)
    assert case(ana, engine, "pilot", "d02", TONE).also_labelled


def test_a_decision_settles_the_cell_and_keeps_the_labels_as_they_were(engine, team):
    lead, *_ = team
    before = rows(engine, "SELECT id, value FROM labels ORDER BY id")
    adjudicate(lead, engine, "pilot", "d02", TONE, "1", " no anchor for it ", "rubric unclear")
    queue = open_disagreements(lead, engine, "pilot")
    assert len(queue.waiting) == 5
    (cell,) = queue.decided
    assert (cell.value, cell.decision.reason, cell.decision.cause, cell.decision.adjudicator, cell.decision.also_labelled) == (
        1,
        "no anchor for it",
        "rubric unclear",
        "lead",
        False,
    )
    assert rows(engine, "SELECT id, value FROM labels ORDER BY id") == before
    assert rows(engine, "SELECT count(*) FROM adjudicated_labels") == [(2,)]


def test_skipped_and_missing_cells_are_decided_too(engine, team):
    lead, *_ = team
    for draft_id in ("d03", "d04"):
        adjudicate(lead, engine, "pilot", draft_id, TONE, 3, "read it myself", "missing context")
    assert [cell.sources for cell in open_disagreements(lead, engine, "pilot").decided] == [
        [row[0]]
        for row in rows(
            engine,
            "SELECT labels.id FROM labels JOIN assignments ON assignments.id = assignment "
            "JOIN drafts ON drafts.id = draft WHERE draft_id IN ('d03', 'd04') "
            "AND dimension = :key ORDER BY draft_id",
            key=TONE,
        )
    ]


def test_an_adjudicator_who_labelled_the_cell_is_marked(engine, team):
    _, ana, _ = team
    adjudicate(ana, engine, "pilot", "d02", TONE, 1, "why", "slip")
    assert rows(engine, "SELECT also_labelled FROM adjudications") == [(True,)]


def test_a_decision_can_be_revised_and_both_are_kept(engine, team):
    lead, ana, _ = team
    adjudicate(lead, engine, "pilot", "d02", TONE, 1, "first", "slip")
    (cell,) = open_disagreements(lead, engine, "pilot").decided
    said = refusal(adjudicate, ana, engine, "pilot", "d02", TONE, 2, "second", "slip")
    assert said == f"d02 / {TONE} was decided meanwhile: lead chose 1. Open it again to change that"
    adjudicate(ana, engine, "pilot", "d02", TONE, 2, "second", "true ambiguity", revising=cell.decision.adjudication)
    (cell,) = open_disagreements(lead, engine, "pilot").decided
    assert (cell.value, cell.decision.adjudicator) == (2, "ana")
    assert rows(engine, "SELECT value, supersedes IS NULL FROM adjudications ORDER BY id") == [("1", True), ("2", False)]


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"value": 4}, f"{TONE} takes 0, 1, 2 and 3, not 4"),
        ({"reason": " \0 "}, "a decision needs a reason: it is shown in the revision meeting and exported with the gold"),
        ({"reason": "x" * 4001}, "the reason has 4,001 characters; at most 4,000 are allowed: shorten it"),
        ({"cause": "mood"}, "a decision needs a cause, one of: rubric unclear, slip, missing context, true ambiguity"),
        ({"cause": ""}, "a decision needs a cause, one of: rubric unclear, slip, missing context, true ambiguity"),
        ({"draft_id": "d01"}, f"the labels of d01 / {TONE} agree; there is nothing to decide"),
        ({"draft_id": "d99"}, f"pilot has no cell d99 / {TONE}; pick one from the list"),
        ({"dimension": "signal_grounding"}, "pilot has no cell d02 / signal_grounding; pick one from the list"),
        ({"dimension": "charm"}, "pilot has no cell d02 / charm; pick one from the list"),
    ],
)
def test_what_cannot_be_decided_is_refused_and_leaves_nothing(engine, team, wanted, said):
    given = {"draft_id": "d02", "dimension": TONE, "value": 1, "reason": "why", "cause": "slip", **wanted}
    assert refusal(adjudicate, team[0], engine, "pilot", *given.values()) == said
    assert rows(engine, "SELECT count(*) FROM adjudications") == [(0,)]


def test_a_reason_with_half_a_character_is_kept_without_it(engine, team):
    adjudicate(team[0], engine, "pilot", "d02", TONE, 1, "caf\udce9", "slip")


def test_decisions_from_a_file_are_taken_together_and_again_changes_nothing(engine, team):
    lead, *_ = team
    drafts, _, found = round_drafts(lead, engine, "pilot")
    assert (drafts, found.name) == ({f"d0{each}": f"t0{each}" for each in (1, 2, 3, 4)}, "pilot")
    decisions = [Decision("d02", TONE, 1, "why", "slip"), Decision("d02", CTA, 2, "why", "slip")]
    assert decide_from_rows(lead, engine, "pilot", decisions) == (2, 0)
    assert decide_from_rows(lead, engine, "pilot", decisions) == (0, 2)
    assert decide_from_rows(lead, engine, "pilot", [decisions[0]._replace(value=3)]) == (1, 0)
    assert rows(engine, "SELECT count(*) FROM adjudications") == [(3,)]


def test_a_file_with_one_decision_that_cannot_be_taken_changes_nothing(engine, team):
    decisions = [Decision("d02", TONE, 1, "why", "slip"), Decision("d01", TONE, 1, "why", "slip")]
    assert "agree; there is nothing to decide" in refusal(decide_from_rows, team[0], engine, "pilot", decisions)
    assert rows(engine, "SELECT count(*) FROM adjudications") == [(0,)]


@pytest.mark.both_databases
def test_two_adjudicators_of_one_cell_at_once_make_one_decision_and_the_other_is_told(engine, team):
    start = Barrier(2)

    def decide(person, value):
        start.wait(10)
        try:
            return adjudicate(person, engine, "pilot", "d02", TONE, value, "why", "slip")
        except Exception as wrong:  # noqa: BLE001 - the test looks at it
            return wrong

    with ThreadPoolExecutor(2) as pool:
        done = [each.result(60) for each in [pool.submit(decide, team[0], 1), pool.submit(decide, team[1], 2)]]
    assert sorted(type(each).__name__ for each in done) == ["Cell", "Refused"]
    assert rows(engine, "SELECT count(*) FROM adjudications") == [(1,)]
