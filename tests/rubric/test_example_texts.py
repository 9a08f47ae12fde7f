"""Texts of disagreements go into the next version by one press, and their drafts are marked as discussed. On both databases."""

import pytest

from tests.rubric.test_next_version import check_of
from tests.support.kept_stores import kept
from tests.support.refusals import refusal
from tests.support.rubric_files import ONE
from tests.support.small_stores import TONE, label_all, opened, people, rows, stock
from touchstone.errors import NotYourTurn
from touchstone.files.yaml_places import tree_of
from workflow.gold.adjudication import adjudicate
from workflow.rounds.closing import close_round
from workflow.rubric.example_texts import add_example, add_text, differing
from workflow.rubric.meetings import decide, meeting, take_mark_back
from workflow.rubric.next_version import keep_check, keep_file, save
from workflow.rubric.unfinished_version import unfinished

pytestmark = pytest.mark.usefixtures("rubric_folder")

SIGNAL = "Company: Firm & Co. Maturity score: 1"


@pytest.fixture
@kept
def team(engine):
    """A closed round in which d01 and d02 differ on tone; only d01's task has a thread and a list of banned phrases."""
    lead, ana, ben = found = people(engine, "lead", "ana", "ben")
    stock(
        engine,
        lead,
        1,
        input={"company_signal": SIGNAL, "prior_thread": 'a: "b"', "more": 1},
        expected_features={"banned_phrases": ["cheap"], "hidden": True},
    )
    stock(engine, lead, 2, first=2)
    opened(engine, lead)
    label_all(engine, ana, {"d01": (1, 1), "d02": (0, 0), "d03": (1, 1)})
    label_all(engine, ben, {"d01": (2, 1), "d02": (2, 0), "d03": (1, 1)})
    close_round(lead, engine, "pilot")
    return found


def discussed(engine, person) -> dict[str, bool]:
    return {each.draft_id: each.is_discussed for each in meeting(person, engine, "pilot", TONE).points}


def test_disagreements_of_closed_rounds_are_offered_with_their_levels(engine, team):
    lead, ana, _ = team
    adjudicate(lead, engine, "pilot", "d02", TONE, 1, "filler", "slip")
    assert {tuple(each) for each in differing(lead, engine, ONE, TONE)} == {
        ("pilot", "d01", "ana: 1; ben: 2", None),
        ("pilot", "d02", "ana: 0; ben: 2", 1),
    }
    assert differing(lead, engine, ONE, "personalization_depth") == [] == differing(lead, engine, "nowhere-v1", TONE)
    opened(engine, lead, "second", draft_ids=["d01"], annotators=("ben", "lead"))
    assert [each.draft_id for each in differing(ana, engine, ONE, TONE)] == ["d02"], "whoever labels it"


@pytest.mark.parametrize("kind", ["hit", "miss"])
def test_a_text_goes_into_the_check_by_one_press_and_its_draft_is_discussed(engine, team, kind):
    lead, *_ = team
    filler = check_of(unfinished(lead, engine, ONE), "filler")
    add_text(lead, engine, ONE, TONE, filler, "pilot", "d01", kind)
    found = unfinished(lead, engine, ONE)
    made = found.tried(TONE, filler).texts
    assert [(each.kind, each.is_right) for each in made if each.text == "Hello, this is invented draft 1."] == [
        (kind, kind == "miss")
    ]
    assert discussed(engine, lead) == {"d01": True, "d02": False}
    before, after = file_lines(lead, engine), found.source.splitlines()
    assert sum(one != other for one, other in zip(before, after, strict=True)) == 1


def file_lines(person, engine) -> list[str]:
    return unfinished(person, engine, ONE).before.replace("\nversion: 1\n", "\nversion: 2\n").splitlines()


def test_an_example_takes_along_what_the_facts_read_of_its_task_and_no_more(engine, team):
    lead, *_ = team
    add_example(lead, engine, ONE, TONE, "pilot", "d01", 2)
    found = unfinished(lead, engine, ONE)
    assert found.problems == ()
    tree = tree_of(found.source)
    assert tree.at(("tasks",))[-1] == {
        "key": "t01",
        "input": {"company_signal": SIGNAL, "prior_thread": 'a: "b"'},
        "extra": {"expected_features": {"banned_phrases": ("cheap",)}},
    }
    made = found.tried_examples(TONE)[-1]
    assert (made.example.draft, made.example.level, made.task) == ("Hello, this is invented draft 1.", 2, "t01") and made.is_right
    assert save(lead, engine, ONE) == "tenacious-v2" and discussed(engine, lead)["d01"]


def test_a_task_is_taken_along_once_and_one_of_the_same_key_gets_another(engine, team):
    lead, *_ = team
    for level in (2, 1):
        add_example(lead, engine, ONE, TONE, "pilot", "d01", level)
        assert f"is an example for {level} already" in refusal(add_example, lead, engine, ONE, TONE, "pilot", "d01", level)
    found = unfinished(lead, engine, ONE)
    assert [each["key"] for each in tree_of(found.source).at(("tasks",))][4:] == ["t01"] and len(found.problems) == 1
    keep_file(lead, engine, ONE, found.source.replace("key: t01", "key: t02").replace("task: t01", "task: t02"))
    add_example(lead, engine, ONE, TONE, "pilot", "d02", 2)
    assert [each["key"] for each in tree_of(unfinished(lead, engine, ONE).source).at(("tasks",))][4:] == ["t02", "t02_2"]


def test_a_file_without_tasks_gets_none(engine, team):
    lead, *_ = team
    small = "dimensions:\n  - key: tone_compliance\n    examples: []\n"
    keep_file(lead, engine, ONE, small)
    add_example(lead, engine, ONE, TONE, "pilot", "d02", 2)
    assert unfinished(lead, engine, ONE).source == small.replace(
        "examples: []", ('examples:\n      - {level: 2, draft: "Hello, this is invented draft 2."}')
    )


def test_what_was_decided_of_a_draft_stands_and_a_mark_taken_back_is_set_again(engine, team):
    lead, ana, _ = team
    decide(ana, engine, "pilot", "d01", TONE, "say so")
    add_example(lead, engine, ONE, TONE, "pilot", "d01", 2)
    add_example(lead, engine, ONE, TONE, "pilot", "d02", 2)
    said = {each.draft_id: each.said for each in meeting(lead, engine, "pilot", TONE).points}
    assert (said["d01"].words, said["d02"].words) == ("say so", "")
    take_mark_back(ana, engine, "pilot", "d02", TONE, revising=said["d02"].id)
    add_example(lead, engine, ONE, TONE, "pilot", "d02", 1)
    assert discussed(engine, lead) == {"d01": True, "d02": True}


def test_what_cannot_be_taken_is_refused_and_marks_nothing(engine, team):
    lead, ana, _ = team
    filler = check_of(unfinished(lead, engine, ONE), "filler")
    assert "there is no draft d99" in refusal(add_text, lead, engine, ONE, TONE, filler, "pilot", "d99", "hit")
    assert "has no disagreement d03" in refusal(add_example, lead, engine, ONE, TONE, "pilot", "d03", 1)
    assert "has no check gone" in refusal(add_text, lead, engine, ONE, TONE, filler._replace(name="gone"), "pilot", "d01", "hit")
    raw = unfinished(lead, engine, ONE).raw_check(TONE, filler)
    keep_check(lead, engine, ONE, TONE, filler, raw + "nonsense: [\n")
    assert "cannot be written into tenacious-v2.yml" in refusal(add_text, lead, engine, ONE, TONE, filler, "pilot", "d01", "hit")
    opened(engine, lead, "second", draft_ids=["d01"], annotators=("ben", "ana"))
    for verb, more in ((add_text, (filler, "pilot", "d01", "hit")), (add_example, ("pilot", "d01", 1))):
        with pytest.raises(NotYourTurn, match="d01 is in second, which is open; its text is held back"):
            verb(lead, engine, ONE, TONE, *more)
    assert rows(engine, "SELECT count(*) FROM discussions") == [(0,)] and raw not in unfinished(lead, engine, ONE).source
