"""The meeting on a closed round: what lies on the table, what was decided, which drafts are marked. On both databases."""

import pytest

from tests.support.kept_stores import kept
from tests.support.refusals import refusal
from tests.support.small_stores import CTA, TONE, label_all, opened, people, rows, save, stock
from touchstone.errors import NotYourTurn
from workflow.data.task_import import import_drafts
from workflow.gold.adjudication import adjudicate
from workflow.rounds.closing import close_round
from workflow.rubric.meetings import decide, dimensions_of_meeting, keep_note, mark_discussed, meeting, take_mark_back


@pytest.fixture
@kept
def team(engine):
    """A closed round of six drafts: on tone d02, d03 and d05 are 1 against 2, d04 is 0 against 3; on the call to action only
    d06 differs. d01b is a second draft of the task of d01, d02b of d02; neither is in the round."""
    from tests.support.small_stores import draft, jsonl

    lead, ana, ben = found = people(engine, "lead", "ana", "ben")
    stock(engine, lead, 6)
    opened(engine, lead)
    import_drafts(
        lead,
        engine,
        jsonl(*({**draft(each), "draft_id": f"d0{each}b", "text": f"Again {each}."} for each in (1, 2))),
        "more.jsonl",
    )
    label_all(engine, ana, {"d01": (2, 2), "d02": (1, 3), "d03": (1, 1), "d04": (0, 1), "d05": (2, 0), "d06": (2, 0)})
    label_all(engine, ben, {"d01": (2, 2), "d03": (2, 1), "d04": (3, 1), "d05": (1, 0), "d06": (2, 3)})
    save(engine, ben, "d02", (2, 3), "a template <b>")
    close_round(lead, engine, "pilot")
    return found


def point_of(engine, person, draft_id, dimension=TONE, round_name="pilot"):
    return next(each for each in meeting(person, engine, round_name, dimension).points if each.draft_id == draft_id)


def test_disagreements_are_grouped_by_the_levels_that_stand_against_each_other(engine, team):
    made = meeting(team[0], engine, "pilot", TONE)
    assert [(group.title, [point.draft_id for point in group.points]) for group in made.groups] == [
        ("1 against 2", ["d02", "d03", "d05"]),
        ("0 against 3", ["d04"]),
    ]
    point = made.points[0]
    assert [(label.annotator, label.value, label.note) for label in point.labels] == [
        ("ana", 1, ""),
        ("ben", 2, "a template <b>"),
    ]
    assert (point.task_id, point.adjudication, point.said, point.of_discussed_task) == ("t02", None, None, False)
    assert made.sentence == "Tone: 4 disagreements, none decided yet."
    assert [each.draft_id for each in meeting(team[0], engine, "pilot", "tone_alignment").points] == ["d02", "d03", "d05", "d04"]


def test_a_dimension_on_which_nobody_differs_says_so(engine, team):
    lead, ana, ben = team
    opened(engine, lead, "calm", draft_ids=["d01", "d06"], dimensions=[TONE])
    for person in (ana, ben):
        label_all(engine, person, {"d01": (1,), "d06": (1,)}, round_name="calm", dimensions=[TONE])
    close_round(lead, engine, "calm")
    made = meeting(lead, engine, "calm", TONE)
    assert (made.groups, made.sentence) == ((), "Tone: no draft's labels differ.")


def test_the_dimension_farthest_under_its_threshold_comes_first(engine, team):
    assert [(key, flagged) for key, flagged in dimensions_of_meeting(team[0], engine, "pilot")] == [(TONE, True), (CTA, True)]


def test_the_adjudication_stands_beside_the_labels_with_its_cause_and_reason(engine, team):
    adjudicate(team[0], engine, "pilot", "d02", TONE, 1, "it is a template", "rubric unclear")
    was = point_of(engine, team[0], "d02").adjudication
    assert (was.value, was.cause, was.reason, was.adjudicator) == (1, "rubric unclear", "it is a template", "lead")


def test_a_decision_marks_its_draft_and_every_draft_of_its_task(engine, team):
    decide(team[0], engine, "pilot", "d02", TONE, " say what a template is ")
    made = meeting(team[1], engine, "pilot", TONE)
    point = next(each for each in made.points if each.draft_id == "d02")
    assert (point.said.words, point.said.by, point.is_decided) == ("say what a template is", "lead", True)
    assert (made.discussed, made.with_them) == (1, 2), "d02 and d02b"
    assert made.sentence == "Tone: 4 disagreements, 1 decided."


def test_a_draft_can_be_marked_as_discussed_without_a_decision_and_the_mark_taken_back(engine, team):
    lead, ana, _ = team
    mark_discussed(lead, engine, "pilot", "d03", TONE)
    mark_discussed(lead, engine, "pilot", "d03", TONE)
    point = point_of(engine, lead, "d03")
    assert (point.is_discussed, point.is_decided, rows(engine, "SELECT count(*) FROM discussions")) == (True, False, [(1,)])
    assert "1 discussed without a decision" in meeting(lead, engine, "pilot", TONE).sentence
    take_mark_back(ana, engine, "pilot", "d03", TONE, revising=point.said.id)
    point = point_of(engine, lead, "d03")
    assert (point.is_discussed, point.said.withdrawn, point.said.by) == (False, True, "ana")
    assert meeting(lead, engine, "pilot", TONE).discussed == 0
    decide(lead, engine, "pilot", "d03", TONE, "after all", revising=point.said.id)
    assert point_of(engine, lead, "d03").is_decided
    assert rows(engine, "SELECT decision, withdrawn, supersedes IS NULL FROM discussions ORDER BY id") == [
        ("", False, True),
        ("", True, False),
        ("after all", False, False),
    ]


def test_a_correction_keeps_what_it_supersedes_and_an_emptied_decision_leaves_the_mark(engine, team):
    lead, ana, _ = team
    decide(lead, engine, "pilot", "d02", TONE, "first")
    was = point_of(engine, lead, "d02").said
    decide(ana, engine, "pilot", "d02", TONE, "second", revising=was.id)
    now = point_of(engine, lead, "d02").said
    assert (now.words, now.by) == ("second", "ana") and now.at >= was.at
    decide(ana, engine, "pilot", "d02", TONE, "second", revising=now.id)
    decide(ana, engine, "pilot", "d02", TONE, "  ", revising=now.id)
    point = point_of(engine, lead, "d02")
    assert (point.is_discussed, point.is_decided) == (True, False)
    assert [row[0] for row in rows(engine, "SELECT decision FROM discussions ORDER BY id")] == ["first", "second", ""]


def test_what_someone_else_decided_meanwhile_is_told_and_not_written_over(engine, team):
    lead, ana, _ = team
    decide(lead, engine, "pilot", "d02", TONE, "first")
    assert refusal(decide, ana, engine, "pilot", "d02", TONE, "mine") == (
        f"d02 / {TONE} was changed meanwhile: lead wrote “first”. Look at it again to change that"
    )
    decide(ana, engine, "pilot", "d02", TONE, "first")  # the same said twice is said once
    assert rows(engine, "SELECT count(*) FROM discussions") == [(1,)]


def test_drafts_of_a_discussed_task_are_told_on_other_dimensions_and_in_other_rounds(engine, team):
    lead, ana, ben = team
    mark_discussed(lead, engine, "pilot", "d02", TONE)
    opened(engine, lead, "later", draft_ids=["d01b", "d02b"], dimensions=[TONE])
    label_all(engine, ana, {"d01b": (1,), "d02b": (1,)}, round_name="later", dimensions=[TONE])
    label_all(engine, ben, {"d01b": (2,), "d02b": (3,)}, round_name="later", dimensions=[TONE])
    close_round(lead, engine, "later")
    found = {each.draft_id: each.of_discussed_task for each in meeting(lead, engine, "later", TONE).points}
    assert found == {"d01b": False, "d02b": True}


def test_the_note_of_a_meeting_is_kept_with_who_and_when_and_corrections_supersede(engine, team):
    lead, ana, _ = team
    keep_note(lead, engine, "pilot", TONE, "templates are the trouble")
    first = meeting(ana, engine, "pilot", TONE).note
    assert (first.words, first.by) == ("templates are the trouble", "lead")
    assert "was changed meanwhile by lead" in refusal(keep_note, ana, engine, "pilot", TONE, "mine")
    keep_note(ana, engine, "pilot", TONE, "templates and length", revising=first.id)
    assert meeting(lead, engine, "pilot", TONE).note.by == "ana"
    assert meeting(lead, engine, "pilot", CTA).note is None
    assert rows(engine, "SELECT count(*) FROM meeting_notes") == [(2,)]


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"decision": " \0 "}, f"the decision on d02 / {TONE} is empty; write a few words, or only mark the draft as discussed"),
        ({"decision": "x" * 4001}, "the decision has 4,001 characters; at most 4,000 are allowed: shorten it"),
        ({"draft_id": "d01"}, f"pilot has no disagreement d01 / {TONE}; pick one from the list"),
        ({"draft_id": "d99"}, f"pilot has no disagreement d99 / {TONE}; pick one from the list"),
        ({"dimension": "charm"}, f"pilot has no dimension charm; it has {TONE} and {CTA}"),
        ({"dimension": "signal_grounding"}, f"pilot has no dimension signal_grounding; it has {TONE} and {CTA}"),
    ],
)
def test_what_cannot_be_decided_is_refused_and_leaves_nothing(engine, team, wanted, said):
    given = {"draft_id": "d02", "dimension": TONE, "decision": "why", **wanted}
    assert refusal(decide, team[0], engine, "pilot", *given.values()) == said
    assert rows(engine, "SELECT count(*) FROM discussions") == [(0,)]


def test_a_mark_that_a_decision_rests_on_is_not_taken_back(engine, team):
    decide(team[0], engine, "pilot", "d02", TONE, "first")
    said = point_of(engine, team[0], "d02").said.id
    assert "empty the decision first" in refusal(take_mark_back, team[0], engine, "pilot", "d02", TONE, revising=said)


def test_nothing_of_an_open_round_comes_to_a_meeting(engine, team):
    lead, ana, _ = team
    opened(engine, lead, "second", draft_ids=["d02", "d03"], dimensions=[TONE])
    for verb, more in ((meeting, ()), (decide, ("mine",)), (mark_discussed, ())):
        arguments = (TONE,) if verb is meeting else ("d02", TONE, *more)
        with pytest.raises(NotYourTurn, match="second is open"):
            verb(lead, engine, "second", *arguments)
    made = meeting(ana, engine, "pilot", TONE)
    assert ([point.draft_id for point in made.points], made.round.held_back) == (["d04", "d05"], 2)
    assert len(meeting(lead, engine, "pilot", TONE).points) == 4, "someone who labels none of them reads all"
    for verb, more in ((decide, ("mine",)), (mark_discussed, ()), (take_mark_back, ())):
        assert "held back" in refusal(verb, ana, engine, "pilot", "d02", TONE, *more)
    assert rows(engine, "SELECT count(*) FROM discussions") == [(0,)]
