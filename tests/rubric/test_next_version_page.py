"""The page on which the next version is written, without a browser."""

import pytest

from tests.rubric.test_revision_pages import ANCHOR, NEW_ANCHOR, NEXT, widget
from tests.support.page_tab import HOSTILE, Tab
from tests.support.sample_store import ANA, CLEO, CLOSED, RUBRIC
from tests.support.small_stores import change
from workflow.people.people import person_named
from workflow.rubric import meetings, next_version, rubrics
from workflow.rubric.unfinished_version import unfinished


@pytest.fixture
def sample(sample, rubric_folder):
    """The sample workspace, over a folder of rubric versions of the test's own."""
    return sample


def new_text(tab: Tab, label: str):
    return next(each for each in tab.at.text_area if each.label == label)


def test_the_next_version_is_written_beside_the_old_words_and_saved(sample, monkeypatch):
    tab = Tab(monkeypatch, sample, CLEO).open("next-version", rubric=RUBRIC, dimension="personalization_depth")
    assert tab.title == f"{NEXT}, after {RUBRIC}" and "Nothing has changed yet" in tab.text
    assert "At least one signal detail." in tab.text and "Button of level 2" in tab.text
    assert new_text(tab, "New level 2").value == ANCHOR
    new_text(tab, "New level 2").set_value(NEW_ANCHOR)
    tab.run()
    assert "has no errors" in tab.text and "<ins>" in tab.markup and "<b>signal</b>" not in tab.markup
    again = Tab(monkeypatch, sample, CLEO).open("next-version", rubric=RUBRIC, dimension="personalization_depth")
    assert new_text(again, "New level 2").value == NEW_ANCHOR, "what is typed survives a refresh"
    again.press(r"Save as tenacious\-v2.yml")
    assert f"{NEXT}.yml is saved" in again.done and "never overwritten" in again.text and "<ins>" in again.markup
    assert NEW_ANCHOR in (rubrics.FOLDER / f"{NEXT}.yml").read_text("utf-8")
    assert not again.at.text_area, "what is saved is not written on"
    again.press("Go on writing it")
    assert new_text(again, "New level 2").value == NEW_ANCHOR and "has no errors" in again.text
    again.press("Start over")
    assert "never overwritten" in again.text and not again.at.text_area
    next_version.keep_file(person_named(sample, ANA), sample, RUBRIC, "title: mine\n")
    other = Tab(monkeypatch, sample, ANA).open("next-version", rubric=RUBRIC)
    other.press("Start over")
    assert "never overwritten" in other.text
    assert "tenacious-v3, after" in Tab(monkeypatch, sample, CLEO).open("next-version").title


CHECK_BOX, REST_BOX = "The new check, as YAML", "New scoring and examples, as YAML"


def writing_on(monkeypatch, engine, dimension: str, **query) -> Tab:
    return Tab(monkeypatch, engine, CLEO).open("next-version", rubric=RUBRIC, dimension=dimension, **query)


def test_mistakes_stand_with_their_lines_and_go_when_they_are_mended(sample, monkeypatch):
    tab = writing_on(monkeypatch, sample, "tone_compliance", check="filler")
    good = new_text(tab, CHECK_BOX).value
    new_text(tab, CHECK_BOX).set_value(f"checks: [{HOSTILE}\n{good}")
    tab.run()
    assert "1 problem to fix before" in tab.text and "not YAML" in tab.text and "<script>" not in tab.markup
    assert "tried once the file is valid" in tab.text
    assert new_text(tab, CHECK_BOX).value == f"checks: [{HOSTILE}\n{good}", "the broken check keeps its box"
    again = writing_on(monkeypatch, sample, "tone_compliance", check="filler")
    new_text(again, CHECK_BOX).set_value(good)
    assert "has no errors" in again.run().text
    new_text(again, "New title").set_value("")
    assert "the title is empty." in again.run().text and "title of tone_compliance" not in again.text
    again.press(r"Save as tenacious\-v2.yml")
    assert "is not a valid rubric yet" in again.refusal and not (rubrics.FOLDER / f"{NEXT}.yml").exists()
    whole = new_text(again, "The whole file")
    whole.set_value("rubric: [\n" + whole.value)
    assert "boxes come back" in again.run().text
    again.press("Start over")
    assert "Nothing has changed yet" in again.text and new_text(again, "New title").value == "Tone"


def test_the_rule_of_agreement_is_changed_in_boxes(sample, monkeypatch):
    tab = writing_on(monkeypatch, sample, "tone_compliance")
    widget(tab, "number_input", "Threshold").set_value(0.1)
    widget(tab.run(), "selectbox", "statistic-").set_value("alpha")
    assert "Tone: at a threshold of 0.10 hardly anything is ever flagged" in tab.run().text
    after = unfinished(tab.person, sample, RUBRIC).rubric.dimension("tone_compliance").agreement
    assert (after.statistic, after.threshold) == ("alpha", 0.1)


def test_a_check_stands_beside_the_old_one_with_what_changes_and_its_own_examples_tried(sample, monkeypatch):
    tab = writing_on(monkeypatch, sample, "tone_compliance", check="filler")
    assert "Check filler, before" in tab.text and "5 texts, as expected" in tab.text
    box = new_text(tab, CHECK_BOX)
    box.set_value(box.value.replace("tokens: [reaching out to, ", "tokens: [weary of, "))
    tab.run()
    assert "What changes in filler" in tab.text
    assert "<del>“reaching out to”</del>" in tab.markup and "<ins>“weary of”</ins>" in tab.markup
    assert "Wrong: a hit must be found, but is not" in tab.text and "1 of 5 comes out wrong" in tab.text
    assert "Wrong: must get 1, gets 2" in tab.text and "2 problems to fix" in tab.text
    assert "check filler misses its hit" in tab.text
    box = new_text(tab, CHECK_BOX)
    box.set_value(box.value.replace("weary of", "weary of, reaching out to"))
    tab.run()
    assert "comes out wrong" not in tab.text and "has no errors" in tab.text
    assert '<mark class="ts-warning"' in tab.markup and "touched base</mark>" in tab.markup


def test_a_check_of_the_next_version_is_written_in_boxes_too(sample, monkeypatch):
    tab = writing_on(monkeypatch, sample, "tone_compliance", check="filler")
    widget(tab, "button_group", "check-as-").set_value("boxes")
    phrases = new_text(tab.run(), "Phrases, one a line")
    phrases.set_value(phrases.value.replace("reaching out to", "weary of"))
    tab.run()
    assert "Wrong: a hit must be found, but is not" in tab.text and "check filler misses its hit" in tab.text
    assert "What changes in filler" in tab.text and "Examples of Tone" in tab.text


def test_checks_are_added_removed_and_put_back(sample, monkeypatch):
    tab = writing_on(monkeypatch, sample, "personalization_depth")
    assert "has no checks of its own" in tab.text and not any(each.label == CHECK_BOX for each in tab.at.text_area)
    tab.press("Add a check")
    assert new_text(tab, CHECK_BOX).value.startswith("name: new-check\nextends: phrase") and "to fix before" in tab.text
    tab.press("Remove this check")
    assert "has no checks of its own" in tab.text and "has no errors" in tab.text
    tab = writing_on(monkeypatch, sample, "tone_compliance", check="peer")
    tab.press("Remove this check")
    assert "It is removed from the new version" in tab.text and "names the check or group peer" in tab.text
    assert tab.at.query_params["check"] == "peer (removed)"
    tab.press("Put it back")
    assert "names the check or group" not in tab.text and new_text(tab, CHECK_BOX).value.startswith("name: peer")


def test_scoring_and_examples_stand_beside_the_old_ones(sample, monkeypatch):
    tab = writing_on(monkeypatch, sample, "personalization_depth")
    box = new_text(tab, REST_BOX)
    box.set_value(box.value.replace("because: the name alone", "because: just a name"))
    tab.run()
    assert "<ins>1: just a name (all company)</ins>" in tab.markup and "has no errors" in tab.text


def test_a_text_is_taken_from_a_disagreement_by_one_press(sample, monkeypatch):
    tab = writing_on(monkeypatch, sample, "tone_compliance", check="filler")
    chosen = widget(tab, "selectbox", "taken-")
    draft = chosen.value.draft_id
    tab.press("Must not be found")
    assert len(unfinished(tab.person, sample, RUBRIC).runs.dimension("tone_compliance").checks[2].miss) == 3
    assert f"The text of {draft} was added to miss of filler, and the draft is marked as discussed" in tab.done
    tab.press("Must not be found")
    assert f"The text of {draft} is in miss of filler already" in tab.refusal
    button = next(each for each in tab.at.button if each.label == "Add as an example")
    if button.disabled:
        widget(tab, "selectbox", "level-").set_value(1)
        tab.run()
    tab.press("Add as an example")
    found = unfinished(tab.person, sample, RUBRIC)
    assert len(found.runs.dimension("tone_compliance").examples) == 9 and len(found.runs.tasks) == 5
    points = meetings.meeting(tab.person, sample, CLOSED, "tone_compliance").points
    assert [each.draft_id for each in points if each.is_discussed] == [draft]
    tab.open("revision", round=CLOSED, dimension="tone_compliance")
    assert "1 discussed without a decision" in tab.text


def test_without_a_rubric_there_is_nothing_to_begin_from(sample, monkeypatch):
    (rubrics.FOLDER / f"{RUBRIC}.yml").unlink()
    assert Tab(monkeypatch, sample, CLEO).open("next-version").title == f"{NEXT}, after {RUBRIC}", "it is in the store"
    change(sample, "UPDATE rubric_versions SET published_at = NULL, finished_at = NULL")
    tab = Tab(monkeypatch, sample, CLEO).open("next-version")
    assert tab.title == "No rubric to begin from yet"
    hostile = Tab(monkeypatch, sample, CLEO).open("next-version", rubric=HOSTILE)
    assert "<script>" not in hostile.markup
