"""Labelling without a browser: what a press does, and what an annotator does not see."""

import re

import pytest
from streamlit.util import calc_hash

from tests.support.page_tab import app_test
from tests.support.sample_store import BEN, CLEO, OPEN
from workflow.labelling import labelling, next_draft, own_labels
from workflow.people.people import person_named
from workflow.rounds import rounds


def test_nothing_is_chosen_beforehand_and_a_choice_is_kept_as_it_is_made(ana):
    tab = ana.open("label")
    assert all(each.value in (None, []) for each in tab.at.get("button_group"))
    tab.choose([2, None, None, 0, None])
    assert list(tab.desk.choices.values()) == [2, 0]
    assert tab.mine.saved == 0, "a choice is no label"
    again = app_test()
    again._page_hash = calc_hash("label")
    again.run()
    assert sum(each.value is not None for each in again.get("button_group")) == 2, "a refresh brings them back"


def test_a_draft_is_labelled_saved_and_the_next_one_comes(ana):
    tab = ana.open("label")
    before = tab.desk
    assert before.text.split("\n")[0] in tab.text
    tab.choose([0, 1, 2, 3, 1])
    tab.field("text_area", "note-").set_value("a note")
    tab.run().press("Save and next")
    assert tab.refusal == ""
    assert tab.mine.saved == 1
    assert tab.desk.assignment != before.assignment
    assert tab.shows(tab.desk.text) and not tab.shows(before.text)
    assert all(each.value in (None, []) for each in tab.at.get("button_group")), "nothing is carried to the next draft"
    (row,) = own_labels.my_labels(tab.person, tab.engine, OPEN)
    assert [row.values[each.key] for each in before.dimensions] == ["0", "1", "2", "3", "1"]


def test_a_draft_without_a_level_for_every_dimension_is_not_saved(ana):
    tab = ana.open("label").choose([0, 1, 2, 3, None]).press("Save and next")
    assert "Personalization has no level yet" in tab.refusal
    assert tab.mine.saved == 0
    assert list(tab.desk.choices.values()) == [0, 1, 2, 3], "what was chosen stands"


def test_a_skip_needs_a_reason(ana):
    tab = ana.open("label").press("Skip this draft")
    assert "A skip needs a reason" in tab.refusal
    assert tab.mine.skipped == 0
    tab.field("text_area", "skip-").set_value("cut off in the middle")
    skipped = tab.desk.assignment
    tab.run().press("Skip this draft")
    assert (tab.refusal, tab.mine.skipped) == ("", 1)
    assert "Correction of draft 1: skipped " in ana.open("label", round=OPEN, assignment=str(skipped)).text


def test_a_query_leaves_the_draft_to_be_labelled(ana):
    tab = ana.open("label")
    before = tab.desk.assignment
    tab.field("text_area", "query-").set_value("Is this one in the right place?")
    tab.run().press("Send the query")
    assert (tab.refusal, tab.desk.assignment) == ("", before)
    asked = [each.note for each in rounds.queries_of(person_named(tab.engine, CLEO), tab.engine, OPEN)]
    assert asked == ["Is this one in the right place?"]


def test_a_saved_draft_is_corrected_under_my_labels(ana):
    tab = ana.open("label").choose([0, 1, 2, 3, 1])
    saved = tab.desk.assignment
    tab.press("Save and next")
    listed = ana.open("my-labels", round=OPEN)
    assert "0 1 2 3 1" in listed.text and f"assignment={saved}" in listed.markup
    tab = ana.open("label", round=OPEN, assignment=str(saved))
    group = next(each for each in tab.at.get("button_group") if each.key.endswith("signal_grounding"))
    assert group.value in (0, [0])
    assert re.search(r"Correction of draft 1: labels saved \d+ \w+, \d\d:\d\d UTC", tab.text) and "progressbar" not in tab.markup
    assert "Back to My labels" in tab.labels and "Save and next" not in tab.labels
    group.set_value(3)
    tab.run().press("Save the correction")
    assert tab.refusal == ""
    assert "progressbar" in tab.markup and {"My labels", "Save and next"} <= set(tab.labels), "the next draft is none"
    (row,) = own_labels.my_labels(tab.person, tab.engine, OPEN)
    assert row.values["signal_grounding"] == "3"


def test_a_tab_left_behind_by_another_does_not_overwrite_what_that_one_saved(ana):
    tab = ana.open("label").choose([0, 0, 0, 0, 0])
    desk = tab.desk
    for each in desk.dimensions:
        labelling.choose(tab.person, tab.engine, desk.assignment, each.key, 3)
    labelling.save_labels(
        tab.person, tab.engine, desk.assignment, {each.key: 3 for each in desk.dimensions}, "", desk.revision, "the other window"
    )
    tab.press("Save and next")
    assert "another window" in tab.refusal
    (row,) = own_labels.my_labels(tab.person, tab.engine, OPEN)
    assert set(row.values.values()) == {"3"}


def test_levels_typed_on_while_another_window_saved_are_no_correction_at_once(ana):
    tab = ana.open("label")
    desk = tab.desk
    labelling.save_labels(
        tab.person, tab.engine, desk.assignment, {each.key: 3 for each in desk.dimensions}, "", desk.revision, "the other window"
    )
    tab.choose([1, None, None, None, None])
    assert "another window" in tab.refusal
    tab.press("Save the correction")
    assert "Nothing is saved yet: this draft was saved in another window." in tab.refusal
    (row,) = own_labels.my_labels(tab.person, tab.engine, OPEN)
    assert set(row.values.values()) == {"3"}
    tab.press("Save the correction")
    (row,) = own_labels.my_labels(tab.person, tab.engine, OPEN)
    assert sorted(row.values.values()) == ["1", "3", "3", "3", "3"], "asked for twice, it is meant"


def test_someone_elses_draft_cannot_be_reached_by_its_number(ana):
    theirs = next_draft.next_assignment(person_named(ana.engine, BEN), ana.engine, OPEN)
    tab = ana.open("label", round=OPEN, assignment=str(theirs.assignment))
    assert "not yours" in tab.refusal
    assert tab.shows(tab.desk.text), "their own next draft is shown instead"


def test_someone_with_no_part_in_a_round_is_given_nothing_to_label(cleo):
    tab = cleo.open("label", round=OPEN)
    assert "Save and next" not in tab.labels
    assert "You label nothing in Sample round 2." in tab.text and tab.refusal == ""


HIDDEN = (
    "system-a",
    "system-b",
    "system-c",
    "programmatic",
    "trace-derived",
    "source_mode",
    "difficulty",
    "expected_features",
    "must_include_cta",
    "one low confidence",
)


@pytest.mark.parametrize("page", ["", "label", "my-labels", "rounds", "import", "people"])
def test_an_annotator_sees_neither_author_nor_metadata_nor_anyones_label(page, ana):
    ben = person_named(ana.engine, BEN)
    theirs = next_draft.next_assignment(ben, ana.engine, OPEN)
    labelling.query(ben, ana.engine, theirs.assignment, "Bens secret query")
    labelling.save_labels(
        ben,
        ana.engine,
        theirs.assignment,
        {each.key: 1 for each in theirs.dimensions},
        "Bens secret note",
        theirs.revision,
        "token",
    )
    tab = ana.open(page, **({"round": OPEN} if page in ("label", "my-labels", "rounds") else {}))
    everything = tab.markup + "".join(
        str(each.proto) for kind in ("bidi_component", "page_link", "button", "text_area") for each in tab.at.get(kind)
    )
    for word in (*(HIDDEN if page != "import" else ()), "Bens secret"):
        assert word not in everything, word


def test_the_state_of_the_label_page_holds_no_author_and_no_metadata(ana):
    tab = ana.open("label")
    state = repr(tab.at.session_state.to_dict())
    assert "in_hand" in state, "the state is read"
    assert not [word for word in HIDDEN if word in state]
