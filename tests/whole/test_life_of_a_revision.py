"""The whole life of a rubric revision, through the verbs: from a flagged dimension to the round that measures the next version.
On both databases."""

import pytest

from tests.support.kept_stores import kept
from tests.support.refusals import refusal
from tests.support.rubric_files import ONE, TWO, version
from tests.support.small_stores import CTA, TONE, draft, jsonl, label_all, opened, people, rows, save, stock
from workflow.agreement.reports import agreement_of_rounds
from workflow.comparison.two_rounds import compare_rounds
from workflow.data.task_import import import_drafts
from workflow.gold.adjudication import adjudicate
from workflow.gold.gold import gold_of_round
from workflow.maintenance.store_check import check_store
from workflow.rounds.closing import close_round
from workflow.rounds.design import RoundDesign
from workflow.rounds.opening import open_round
from workflow.rubric import rubrics
from workflow.rubric.meetings import decide, dimensions_of_meeting, mark_discussed, meeting, take_mark_back
from workflow.rubric.next_round import next_round, open_next_round, rounds_before
from workflow.rubric.outdated_labels import outdated_in
from workflow.rubric.versions import compare_versions, publication, publish, successors

pytestmark = pytest.mark.usefixtures("rubric_folder")
BANNED = "One or more banned phrases"


def anchors() -> list[str]:
    rubric, _, _ = rubrics.read_file(rubrics.FOLDER / f"{ONE}.yml")
    return [level.anchor for level in rubric.dimension(TONE).levels]


def tone_changed(number: int = 2, to: str = "question: Is the voice that of the guide, sentence by sentence?") -> str:
    rubric, _, _ = rubrics.read_file(rubrics.FOLDER / f"{ONE}.yml")
    return version(number, (f"question: {rubric.dimension(TONE).question}", to))


def about_changed(number: int) -> str:
    return version(number, ("Drafts of outreach e-mails", "Drafts of e-mails"))


@pytest.fixture
@kept
def team(engine):
    """A closed round of six drafts with three disagreements on tone, and six more tasks, one of them with a draft of the task
    of d02; nothing else is fresh yet."""
    lead, ana, ben = found = people(engine, "lead", "ana", "ben")
    stock(engine, lead, 6)
    opened(engine, lead)
    label_all(engine, ana, {"d01": (2, 2), "d02": (1, 3), "d03": (1, 1), "d04": (0, 1), "d05": (2, 0), "d06": (2, 0)})
    label_all(engine, ben, {"d01": (2, 2), "d03": (2, 1), "d04": (0, 1), "d05": (1, 0), "d06": (2, 0)})
    save(engine, ben, "d02", (2, 3), "a template")
    close_round(lead, engine, "pilot")
    return found


def more(engine, lead, number: int = 6) -> None:
    """Drafts of tasks nobody has seen, and a second draft of the task of d02."""
    stock(engine, lead, number, first=7)
    import_drafts(lead, engine, jsonl({**draft(2), "draft_id": "d02b", "text": "Again."}), "again.jsonl")


def test_a_revision_from_a_flagged_dimension_to_the_round_that_measures_it(engine, team):
    lead, ana, ben = team
    assert dimensions_of_meeting(lead, engine, "pilot")[0] == (TONE, True)
    adjudicate(lead, engine, "pilot", "d02", TONE, 1, "a template is filler", "rubric unclear")
    decide(lead, engine, "pilot", "d02", TONE, "say that a template is filler")
    mark_discussed(ana, engine, "pilot", "d03", TONE)
    more(engine, lead)

    name = tone_changed()
    assert compare_versions(engine, ONE, name).to_label_again == (TONE,)
    assert successors(engine, ONE, is_published=False) == [name]
    made = publish(lead, engine, name, " Templates were read in two ways. ", round_name="pilot")
    assert (made.why, made.by, made.round, made.held_back) == ("Templates were read in two ways.", "lead", "pilot", 0)
    assert [(each.draft_id, each.dimension, each.words, each.by) for each in made.decisions] == [
        ("d02", TONE, "say that a template is filler", "lead")
    ]
    assert publication(ben, engine, name) == made
    assert [successors(engine, ONE, is_published=each) for each in (False, True)] == [[], [name]]

    (note,) = [each for each in agreement_of_rounds(lead, engine, ["pilot"]).notes if "stale" in each]
    assert note.startswith(f"Tone was reworded in {name}, published ")
    assert note.endswith(f": labels under {ONE} are stale on it")

    plan = next_round(lead, engine, name, "pilot")
    assert (plan.dimensions, plan.titles, plan.annotators) == ((TONE,), ["Tone"], ("ana", "ben"))
    assert (plan.fresh, plan.drafts, plan.refusal) == ((6, 6, 1, 0), 6, "")
    opened(engine, lead, "aside", draft_ids=["d07", "d08"])
    assert next_round(lead, engine, name, "pilot").fresh == (6, 6, 1, 2), "two are labelled elsewhere, which is said"
    opened_again = open_next_round(lead, engine, "", rubric=name, after="pilot")
    assert (opened_again.name, opened_again.rubric, opened_again.dimensions) == (f"pilot, {name}", name, (TONE,))
    assert opened_again.annotators == ("ana", "ben") and opened_again.drafts == 6
    drawn = {
        row[0]
        for row in rows(
            engine, "SELECT draft_id FROM drafts JOIN round_drafts ON draft = drafts.id WHERE round = :id", id=opened_again.id
        )
    }
    assert drawn == {f"d{number:02}" for number in range(7, 13)}, "none that was used, and no draft of a discussed task"

    for person in (ana, ben):
        label_all(engine, person, {each: (2,) for each in drawn}, round_name=opened_again.name, dimensions=[TONE])
    close_round(lead, engine, opened_again.name)
    report = agreement_of_rounds(lead, engine, [opened_again.name])
    assert not [each for each in report.notes if "discussed" in each or "stale" in each]
    compared = compare_rounds(lead, engine, "pilot", opened_again.name)
    assert [(each.key, each.where) for each in compared.dimensions if each.key == TONE] == [(TONE, "both")]
    assert check_store(engine) == []


# Publishing


def test_a_version_is_published_once_and_its_file_must_not_change(engine, team, rubric_folder):
    lead, ana, _ = team
    name = tone_changed()
    publish(lead, engine, name, "clearer")
    assert refusal(publish, ana, engine, name, "again").endswith(
        "by lead; a version is published once: save a change as a new version"
    )
    (rubric_folder / f"{name}.yml").write_bytes((rubric_folder / f"{name}.yml").read_bytes() + b"#\n")
    assert f"{name}.yml has changed since it was published" in refusal(publish, lead, engine, name, "again")
    assert refusal(publish, lead, engine, "nowhere-v1", "why").startswith("the rubric file nowhere-v1.yml cannot be read")
    assert rows(engine, "SELECT count(*) FROM publications") == [(1,)]


def test_a_version_published_by_opening_a_round_gets_its_reason_later(engine, team):
    lead, *_ = team
    assert publication(lead, engine, ONE) is None
    made = publish(lead, engine, ONE, "the first")
    assert made.published_at < made.recorded_at and made.decisions == ()


def test_a_record_keeps_the_decisions_as_they_stood_when_the_version_was_published(engine, team):
    lead, *_ = team
    decide(lead, engine, "pilot", "d02", TONE, "first")
    mark_discussed(lead, engine, "pilot", "d03", TONE)
    publish(lead, engine, tone_changed(), "clearer", round_name="pilot")
    said = next(each.said for each in meeting(lead, engine, "pilot", TONE).points if each.draft_id == "d02")
    decide(lead, engine, "pilot", "d02", TONE, "second", revising=said.id)
    assert [each.words for each in publication(lead, engine, TWO).decisions] == ["first"]


def test_decisions_on_drafts_the_reader_labels_in_an_open_round_are_held_back(engine, team):
    lead, ana, _ = team
    decide(lead, engine, "pilot", "d02", TONE, "secret")
    publish(lead, engine, tone_changed(), "clearer", round_name="pilot")
    opened(engine, lead, "second", draft_ids=["d02"])
    made = publication(ana, engine, TWO)
    assert (made.decisions, made.held_back) == ((), 1)
    assert rows(engine, "SELECT count(*) FROM published_decisions") == [(1,)]
    assert len(publication(lead, engine, TWO).decisions) == 1


@pytest.mark.parametrize(
    ("why", "round_name", "said"),
    [
        (" ", "pilot", "a version is published with a reason; say in a sentence why the rubric changes"),
        ("x" * 4001, "pilot", "the reason has 4,001 characters; at most 4,000 are allowed: shorten it"),
        ("why", "nowhere", "there is no round “nowhere”; there is pilot"),
    ],
)
def test_what_cannot_be_published_is_refused_and_leaves_nothing(engine, team, why, round_name, said):
    name = tone_changed()
    assert refusal(publish, team[0], engine, name, why, round_name=round_name) == said
    assert rows(engine, "SELECT count(*) FROM rubric_versions WHERE name = :name", name=name) == [(0,)]


def test_a_round_under_another_rubric_or_a_later_version_is_no_reason(engine, team):
    lead, *_ = team
    other = version(2, name="house")
    assert f"{other} is not a version of tenacious" in refusal(publish, lead, engine, other, "why", round_name="pilot")
    assert "leads to a later version than tenacious-v1" in refusal(publish, lead, engine, ONE, "why", round_name="pilot")
    opened(engine, lead, "second")
    assert refusal(publish, lead, engine, tone_changed(), "why", round_name="second").startswith("second is open")


# Stale labels


def rubric():
    return rubrics.read_file(rubrics.FOLDER / f"{ONE}.yml")[0]


def test_a_version_that_is_not_published_makes_nothing_stale(engine, team):
    tone_changed()
    assert outdated_in(engine, rubric()) == []


def test_another_threshold_makes_no_label_stale(engine, team):
    name = version(2, ("threshold: 0.80", "threshold: 0.75"))
    publish(team[0], engine, name, "milder")
    assert outdated_in(engine, rubric()) == []
    assert next_round(team[0], engine, name, "pilot").refusal == (
        f"{name} has the same words and levels as {ONE} on every dimension: there is nothing to label again"
    )


def test_labels_are_held_against_the_newest_version_on_their_own_dimensions(engine, team):
    lead, *_ = team
    publish(lead, engine, tone_changed(), "clearer")
    assert outdated_in(engine, rubric(), [CTA]) == []
    assert len(outdated_in(engine, rubric(), [TONE, CTA])) == 1
    publish(lead, engine, version(3), "back to the old words")
    assert outdated_in(engine, rubric()) == [], "the words of the third are those of the first"


def test_what_is_said_of_all_dimensions_is_told_too(engine, team):
    publish(team[0], engine, about_changed(2), "shorter")
    (said,) = outdated_in(engine, rubric())
    assert said.endswith("rewords what concerns all dimensions: labels under tenacious-v1 were given under the older text")


def test_gold_says_that_it_is_stale_where_it_is_drawn_from_the_same_labels(engine, team):
    publish(team[0], engine, tone_changed(), "clearer")
    found = gold_of_round(team[0], engine, "pilot")
    assert len(outdated_in(engine, found.rubric, found.round.dimensions)) == 1


# The next round


def test_without_a_fresh_draft_the_next_round_is_refused_with_what_became_of_all(engine, team):
    lead, *_ = team
    name = tone_changed()
    mark_discussed(lead, engine, "pilot", "d02", TONE)
    import_drafts(lead, engine, jsonl({**draft(2), "draft_id": "d02b", "text": "Again."}), "again.jsonl")
    said = refusal(open_next_round, lead, engine, "", rubric=name, after="pilot")
    assert said == (
        f"there is no fresh draft to measure {name} on: 6 drafts were used in pilot or under {name} and 1 draft "
        "was of tasks that were discussed; import more"
    )
    assert rows(engine, "SELECT count(*) FROM rounds") == [(1,)]
    draft_said = next(each.said for each in meeting(lead, engine, "pilot", TONE).points if each.draft_id == "d02")
    take_mark_back(lead, engine, "pilot", "d02", TONE, revising=draft_said.id)
    assert open_next_round(lead, engine, "", rubric=name, after="pilot").drafts == 1, "a mark taken back holds nothing back"


def test_the_next_round_takes_other_annotators_and_fewer_drafts_on_request(engine, team):
    lead, *_ = team
    more(engine, lead)
    people(engine, "cleo", "dan")
    made = open_next_round(lead, engine, "april", rubric=tone_changed(), after="pilot", annotators=["cleo", "dan"], drafts=3)
    assert (made.name, made.annotators, made.drafts) == ("april", ("cleo", "dan"), 3)
    assert "99 drafts asked for" in refusal(open_next_round, lead, engine, "", rubric=TWO, after="pilot", drafts=99)
    assert next_round(lead, engine, TWO, "pilot").name == f"pilot, {TWO}"
    assert open_next_round(lead, engine, "", rubric=TWO, after="pilot").drafts == 4, "those of april are not fresh again"
    again = next_round(lead, engine, TWO, "pilot")
    assert (again.name, again.fresh.drafts) == (f"pilot, {TWO} (2)", 0)


def test_the_next_round_follows_an_earlier_version_of_the_same_rubric_only(engine, team):
    lead, *_ = team
    name = tone_changed()
    assert "is not a later version of it" in refusal(next_round, lead, engine, ONE, "pilot")
    assert "is not a later version of it" in refusal(next_round, lead, engine, version(2, name="house"), "pilot")
    assert (rounds_before(engine, name), rounds_before(engine, ONE)) == (["pilot"], [])
    opened(engine, lead, "second")
    assert refusal(next_round, lead, engine, name, "second").startswith("second is open")


def test_a_round_says_how_many_of_its_drafts_were_discussed(engine, team):
    lead, ana, ben = team
    more(engine, lead, 2)
    mark_discussed(lead, engine, "pilot", "d02", TONE)
    adjudicate(lead, engine, "pilot", "d02", TONE, 1, "why", "rubric unclear")
    adjudicate(lead, engine, "pilot", "d03", TONE, 1, "why", "slip")
    open_round(
        lead,
        engine,
        RoundDesign(
            "careless",
            rubric=tone_changed(),
            annotators=["ana", "ben"],
            dimensions=[TONE],
            draft_ids=["d01", "d02", "d02b", "d03", "d07"],
        ),
    )
    for person in (ana, ben):
        label_all(
            engine,
            person,
            {each: (2,) for each in ("d01", "d02", "d02b", "d03", "d07")},
            round_name="careless",
            dimensions=[TONE],
        )
    close_round(lead, engine, "careless")
    mark_discussed(lead, engine, "pilot", "d05", TONE)
    notes = [each for each in agreement_of_rounds(lead, engine, ["careless"]).notes if "no evidence" in each]
    assert notes[0].startswith("2 drafts of 5 were discussed in a revision meeting, or another draft of the same task was"), notes
    assert notes[1].startswith("1 draft had been adjudicated in another round before"), "d02 is told once"
    assert not [each for each in agreement_of_rounds(lead, engine, ["pilot"]).notes if "no evidence" in each]


def test_a_draft_discussed_after_its_round_was_closed_is_evidence_still(engine, team):
    lead, ana, ben = team
    opened(engine, lead, "second", draft_ids=["d02", "d03"], dimensions=[TONE])
    for person in (ana, ben):
        label_all(engine, person, {"d02": (2,), "d03": (2,)}, round_name="second", dimensions=[TONE])
    close_round(lead, engine, "second")
    mark_discussed(lead, engine, "pilot", "d02", TONE)
    assert not [each for each in agreement_of_rounds(lead, engine, ["second"]).notes if "discussed in a" in each]
