"""The Compare page without a browser, and the command that says the same."""

import json
import re

import pytest

from tests.support.commands import check_estimate, done, sentence
from tests.support.kept_stores import kept
from tests.support.page_tab import Tab
from tests.support.sample_store import CLEO, CLOSED, OPEN, RUBRIC
from touchstone.agreement.figure import in_words
from touchstone.comparison.two_rounds import difference_in_words
from ui.comparison import asking
from workflow.comparison.two_rounds import compare_rounds
from workflow.labelling import labelling, next_draft
from workflow.people.people import add_person, person_named
from workflow.rounds import closing, opening
from workflow.rounds.design import RoundDesign

LATER = "Round <b>2</b> $x$"


@pytest.fixture
@kept
def two(sample):
    """The sample with a second closed round, on some of its drafts, by two other people."""
    cleo = person_named(sample, CLEO)
    pair = [add_person(cleo, sample, name) for name in ("dan", "eve")]
    opening.open_round(cleo, sample, RoundDesign(LATER, rubric=RUBRIC, annotators=["dan", "eve"], drafts=8))
    for seat, person in enumerate(pair):
        for turn in range(8):
            desk = next_draft.next_assignment(person, sample, LATER)
            level = {
                each.key: (len(desk.text) + (seat and place == 0 and turn == 0)) % 4 for place, each in enumerate(desk.dimensions)
            }
            labelling.save_labels(person, sample, desk.assignment, level, "", desk.revision, f"{person.id}-{turn}")
    closing.close_round(cleo, sample, LATER)
    return sample


def test_with_fewer_than_two_closed_rounds_the_page_says_how_to_begin(sample, monkeypatch):
    tab = Tab(monkeypatch, sample, CLEO).open("compare")
    assert "needs two closed rounds; there is one yet" in tab.text
    assert tab.at.get("plotly_chart") == []


def test_rounds_with_many_labels_of_the_same_drafts_are_compared_when_it_is_asked_for(two, monkeypatch):
    monkeypatch.setattr(asking, "AT_ONCE", 10)
    tab = Tab(monkeypatch, two, CLEO).open("compare", before=CLOSED, after=LATER)
    assert f"Not compared yet: {CLOSED} with {LATER}." in tab.text and "labels of both are counted" in tab.text
    assert not tab.at.get("plotly_chart")
    tab.press("Compare them")
    assert tab.title.startswith(f"{CLOSED} and ") and len(tab.at.get("plotly_chart")) == 1
    assert "Compare them" not in tab.labels


def test_every_dimension_stands_with_its_difference_and_the_cautions(two, monkeypatch):
    made = compare_rounds(person_named(two, CLEO), two, CLOSED, LATER)
    tab = Tab(monkeypatch, two, CLEO).open("compare", before=CLOSED, after=LATER)
    assert tab.title == f"{CLOSED} and {LATER}" + "sample"
    assert made.sentence in tab.text
    assert len(made.in_both) == 5
    for each in made.in_both:
        assert each.title in tab.text
        assert difference_in_words(each.compared.judged) in tab.text
        assert in_words(each.compared.judged.before) in tab.text
    for note in made.notes:
        assert note in tab.text
    assert "Regression to the mean" in tab.text and "tasks whose drafts were in" in tab.text
    assert len(tab.at.get("plotly_chart")) == 1
    assert "<b>2</b>" not in tab.markup and not re.search(r"\bnan\b|\bNone\b", tab.text)


def test_the_address_chooses_the_rounds_and_the_newest_two_stand_without_one(two, monkeypatch):
    assert Tab(monkeypatch, two, CLEO).open("compare").title.startswith(f"{CLOSED} and {LATER}")
    tab = Tab(monkeypatch, two, CLEO)
    assert tab.open("compare", before=LATER, after=CLOSED).title.startswith(f"{LATER} and {CLOSED}")
    assert "swap them" in tab.text


def test_choosing_another_round_compares_it(two, monkeypatch):
    tab = Tab(monkeypatch, two, CLEO).open("compare")
    next(each for each in tab.at.selectbox if each.label == "Before").set_value(LATER)
    tab.run()
    assert tab.title.startswith(f"{LATER} and {LATER}")
    assert "cannot be compared with itself" in tab.text
    assert (tab.at.query_params["before"], tab.at.query_params["after"]) == (LATER, LATER)


@pytest.mark.parametrize(("asked", "why"), [(OPEN, "is open"), ("Nowhere", "There is no round"), ("<script>x", "There is no")])
def test_a_round_that_cannot_be_compared_is_told_with_a_way_on(asked, why, two, monkeypatch):
    tab = Tab(monkeypatch, two, CLEO).open("compare", before=asked, after=LATER)
    assert why in tab.refusal
    assert "<script>" not in tab.markup
    assert any(label.startswith("Compare") for label in tab.labels)


def test_the_agreement_page_leads_to_the_comparison_when_there_is_one(two, monkeypatch):
    assert "Compare it with another round" in Tab(monkeypatch, two, CLEO).open("agreement", round=LATER).text


def test_the_agreement_page_of_the_only_closed_round_does_not(sample, monkeypatch):
    assert "Compare it with another round" not in Tab(monkeypatch, sample, CLEO).open("agreement", round=CLOSED).text


@pytest.mark.whole_run("page and command are each held against the same report")
def test_the_command_says_what_the_page_says(two):
    made = compare_rounds(person_named(two, CLEO), two, CLOSED, LATER)
    shown = done("compare", CLOSED, LATER)
    assert made.sentence in shown
    for each in made.in_both:
        assert f"difference {difference_in_words(each.compared.judged)}" in shown
    for note in made.notes:
        assert note.split()[0] in shown and " ".join(note.split()[-4:]) in " ".join(shown.split())
    found = json.loads(done("compare", CLOSED, LATER, "--json"))
    assert found["before"]["name"] == CLOSED and found["after"]["name"] == LATER
    assert len(found["dimensions"]) == 5
    for each in found["dimensions"].values():
        for figure in (each["before"], each["after"], each["difference"], *each["percent"].values()):
            check_estimate(figure)


def test_the_command_refuses_an_open_round_and_one_nobody_opened(two):
    assert "blind" in sentence("compare", CLOSED, OPEN)
    assert "nowhere" in sentence("compare", "nowhere", CLOSED)
