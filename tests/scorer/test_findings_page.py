"""The Findings page without a browser: marks in the text, the list beside it, refusals, hostile text."""

import html
import re

import pytest
from streamlit.testing.v1 import AppTest

from tests.scorer.test_hard_cases import RUBRICS
from tests.support.page_tab import HOSTILE, Tab
from tests.support.sample_store import ANA, CLEO, CLOSED, OPEN
from tests.support.small_stores import draft, jsonl, rows, task
from touchstone.scorer.scoring import DraftScore, Finding, Score
from ui.scorer import findings as marking
from workflow.data.task_import import import_drafts, import_tasks
from workflow.labelling import next_draft
from workflow.people.people import add_person, person_named
from workflow.rounds import closing, opening
from workflow.rounds.design import RoundDesign


def plain(markup: str) -> str:
    """The draft as it can be read: no marks, no numbers."""
    found = re.search(r'ts-marking".*?<div>(.*?)</div>', markup, re.DOTALL)[1]
    return html.unescape(re.sub("<[^>]+>", "", re.sub("<sup>.*?</sup>", "", found)))


def score(*findings: Finding, key: str = "tone_compliance") -> DraftScore:
    return DraftScore(None, 0, {key: Score(0, "so", None, findings)})


def test_pieces_that_overlap_say_all_they_lie_in_and_are_the_text_together():
    found = marking.numbered(
        score(Finding("b", 2, 8, "", "m"), Finding("a", 0, 5, "", "m"), Finding("c", 4, 4, "", "m")), RUBRICS["v1"]
    )
    made = marking.pieces("abcdefghij", found)
    assert "".join(words for words, _, _ in made) == "abcdefghij"
    assert [(words, [each.finding.check for each in inside]) for words, inside, _ in made] == [
        ("ab", ["a"]),
        ("cd", ["a", "b"]),
        ("e", ["a", "b"]),
        ("fgh", ["b"]),
        ("ij", []),
    ]
    assert [[each.finding.check for each in ending] for _, _, ending in made] == [[], [], ["a"], ["b"], []]


def test_a_finding_that_counts_in_two_dimensions_is_one_with_one_number():
    one = Finding("company", 0, 2, "ab", "m")
    both = DraftScore(None, 0, {"x": Score(1, "", None, (one,)), "y": Score(1, "", None, (one,))})
    assert [(each.number, each.keys) for each in marking.numbered(both, RUBRICS["v1"])] == [(1, ("x", "y"))]
    assert [each.keys for each in marking.numbered(both, RUBRICS["v1"], "y")] == [("y",)]


def test_nothing_found_is_the_text_in_one_piece_and_an_empty_text_is_none():
    assert marking.pieces("abc", []) == [("abc", (), ())]
    assert marking.pieces("", []) == []


def test_a_draft_of_a_closed_round_is_shown_with_marks_levels_reasons_and_its_task(sample, monkeypatch):
    tab = Tab(monkeypatch, sample, CLEO).open("findings")
    assert tab.title.startswith("Findings in sample-")
    assert "mark class=" in tab.markup and "By the program, not by people" in tab.text
    assert "suggestion" in tab.text, "the level of a check in words"
    assert "The task" in tab.markup
    (draft_id,) = re.findall("Findings in (\\S+)", tab.title)
    (stored,) = rows(sample, "SELECT text FROM drafts WHERE draft_id = :draft", draft=draft_id.removesuffix("sample"))
    assert plain(tab.markup) == stored[0]


def test_a_list_of_the_first_drafts_says_so_and_leads_to_the_others(sample, monkeypatch):
    tab = Tab(monkeypatch, sample, CLEO).open("findings", round=CLOSED)
    every = tab.at.get("selectbox")[0].options
    assert "The list has the first" not in tab.text
    monkeypatch.setattr(marking, "LISTED", 3)
    tab.open("findings", round=CLOSED)
    assert tab.at.get("selectbox")[0].options == every[:3]
    assert f"The list has the first 3 of {len(every)} drafts of {CLOSED}" in tab.text
    assert re.search(r'<a href="/drafts\?[^"]*round=[^"]*" target="_self">find any other in Drafts</a>', tab.below)
    tab.open("findings", draft=every[-1], round=OPEN)
    assert "The list has the first 3 drafts of closed rounds" in tab.text, "no one round has those"


def test_one_dimension_shows_its_own_findings_and_the_address_keeps_it(sample, monkeypatch):
    tab = Tab(monkeypatch, sample, CLEO).open("findings")
    everything = tab.markup.count("<sup>")
    tab.at.get("button_group")[0].set_value("cta_quality")
    tab.run()
    assert 0 < tab.markup.count("<sup>") < everything
    assert tab.at.query_params["dimension"] in ("cta_quality", ["cta_quality"])
    assert "ts-marked" in tab.markup


def test_another_version_scores_the_same_draft(sample, monkeypatch):
    tab = Tab(monkeypatch, sample, CLEO).open("findings", rubric="tenacious-v2")
    assert "under tenacious-v2" in tab.text
    box = next(each for each in tab.at.selectbox if each.label == "Rubric version")
    box.set_value("tenacious-v1")
    assert "under tenacious-v1" in tab.run().text


@pytest.mark.parametrize("name", [ANA, CLEO])
def test_a_draft_of_the_open_round_is_refused_in_a_sentence_whoever_asks(sample, monkeypatch, name):
    found = next_draft.next_assignment(person_named(sample, ANA), sample, OPEN)
    (held,) = rows(
        sample, "SELECT d.draft_id FROM assignments a JOIN drafts d ON d.id = a.draft WHERE a.id = :a", a=found.assignment
    )
    tab = Tab(monkeypatch, sample, name).open("findings", draft=held[0])
    assert f"{held[0]} is in {OPEN}, which is open" in tab.refusal
    assert "<mark" not in tab.markup and "By the program" not in tab.text


@pytest.mark.parametrize(
    "query",
    [
        {"draft": "nowhere"},
        {"draft": HOSTILE},
        {"rubric": "nowhere-v1"},
        {"rubric": "../../x"},
        {"rubric": "/etc/hostname"},
        {"rubric": HOSTILE},
        {"dimension": HOSTILE},
    ],
    ids=str,
)
def test_what_is_not_there_is_refused_or_passed_over_and_never_markup(sample, monkeypatch, query):
    tab = Tab(monkeypatch, sample, CLEO).open("findings", **query)
    assert bool(tab.refusal) == ("dimension" not in query) and "That didn’t work" not in tab.text  # nothing was asked for
    assert "<script>" not in tab.markup


def test_a_hostile_draft_and_task_are_text(empty, monkeypatch):
    lead = person_named(empty, "ana")
    ben = add_person(None, empty, "ben")
    text = f"A <b>ninja</b> & {HOSTILE}. Would you be open to a call?"
    import_tasks(lead, empty, jsonl(task(1, input={"company_signal": HOSTILE})), "t.jsonl")
    import_drafts(lead, empty, jsonl(draft(1, text=text)), "d.jsonl")
    opening.open_round(lead, empty, RoundDesign("pilot", rubric="tenacious-v1", annotators=["ana", "ben"]))
    closing.close_round(ben, empty, "pilot", early="enough")
    tab = Tab(monkeypatch, empty, "ana").open("findings", draft="d01")
    assert plain(tab.markup) == text
    assert "<script>" not in tab.markup and "<b>ninja" not in tab.markup
    assert "ts-error" in tab.markup and "error" in tab.text


def test_without_a_closed_round_the_page_says_how_to_begin(empty, monkeypatch):
    tab = Tab(monkeypatch, empty, "ana").open("findings")
    assert tab.title == "No draft has been in a closed round yet, so there are no findings to show."
    assert "See the rounds" in tab.labels
    assert CLOSED not in tab.text


def test_dimensions_that_a_rubric_does_not_score_are_named_once():
    def page():
        from touchstone.rubric.making.templates import templates
        from touchstone.scorer.scoring import Scorer
        from ui.scorer import findings

        rubric = templates()["outreach-email"]
        titles = {each.key: each.title for each in rubric.dimensions}
        findings.levels(Scorer(rubric).score("Act now: only a few slots left.", {}, {}), titles, "wording")

    shown = "\n".join(each.value for each in AppTest.from_function(page).run().get("html"))
    assert "Not scored: Grounding, Reason for writing, Request." in shown and shown.count("Not scored") == 1
    assert "Wording</th>" in shown and "Grounding</th>" not in shown
