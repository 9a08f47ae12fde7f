"""The Scorer page without a browser: figures as the workflow has them, cells that open to drafts, refusals, hostile names."""

import html
import re
from hashlib import sha256

import pytest

from tests.scorer.test_against_people import without_scoring
from tests.support.page_tab import HOSTILE, Tab
from tests.support.sample_store import ANA, BEN, CLEO, CLOSED, OPEN
from tests.support.small_stores import change, draft, jsonl, task
from touchstone.agreement.coefficient import KAPPA, PERCENT, QUADRATIC_KAPPA
from touchstone.agreement.figure import in_words
from ui.scorer import against_people
from workflow.data.task_import import import_drafts, import_tasks
from workflow.labelling import labelling, next_draft
from workflow.people.people import add_person, person_named
from workflow.rounds import closing, opening
from workflow.rounds.design import RoundDesign
from workflow.rubric import rubrics
from workflow.scorer.against_people import scorer_against

V2 = "tenacious-v2"


def made(engine, **more):
    return scorer_against(person_named(engine, CLEO), engine, CLOSED, **more)


def box(tab: Tab, label: str):
    return next(each for each in tab.at.selectbox if each.label == label)


def against_whom(tab: Tab):
    return next(each for each in tab.at.get("button_group") if (each.key or "").startswith("against-"))


def test_every_dimension_stands_with_its_figures_and_peoples_beside_them(sample, monkeypatch):
    report = made(sample)
    tab = Tab(monkeypatch, sample, CLEO).open("scorer")
    assert tab.title.startswith("Scorer of tenacious-v1")
    assert report.sentence in tab.text and all(note[1:] in tab.text for note in report.notes)
    for each in report.dimensions:
        assert each.title in tab.text and in_words(each.people[KAPPA]) in tab.text
        for name in (PERCENT, KAPPA, QUADRATIC_KAPPA):
            assert in_words(each.gold.figure(name)) in tab.text
        at = each.gold.at_cut
        assert f"{at.caught} of {at.bad}, {in_words(at.share_caught)}" in tab.text
        assert f"{at.alarms} of {at.good}, {in_words(at.share_alarms)}" in tab.text
    assert len(tab.at.get("plotly_chart")) == 1 and "inter-rater" not in tab.text


def test_an_annotator_another_version_and_another_cut_are_chosen_and_the_address_keeps_them(sample, monkeypatch):
    report = made(sample, rubric=V2, cut="3")
    tab = Tab(monkeypatch, sample, CLEO).open("scorer", dimension="personalization_depth")
    box(tab, "Rubric version").set_value(V2)
    box(tab.run(), "A draft is bad below").set_value("3")
    against_whom(tab.run()).set_value(BEN)
    tab.run()
    kept = {name: value[0] if isinstance(value, list) else value for name, value in tab.at.query_params.items()}
    assert kept.pop("cell")
    assert kept == {
        "project": "Sample",
        "round": CLOSED,
        "rubric": V2,
        "cut": "3",
        "against": BEN,
        "dimension": "personalization_depth",
    }
    again = Tab(monkeypatch, sample, CLEO).open("scorer", **kept)
    for shown in (tab, again):
        assert f"The scorer {V2} with {BEN}" in shown.text and "Bad means level 0 or 1 or 2" in shown.text
        for each in report.dimensions:
            assert in_words(each.against(BEN).figure(KAPPA)) in shown.text


def test_a_cell_lists_its_drafts_each_leading_to_its_findings(sample, monkeypatch):
    opened = next(each for each in made(sample, rubric=V2).dimensions if each.key == "personalization_depth")
    tab = Tab(monkeypatch, sample, CLEO).open("scorer", rubric=V2, dimension=opened.key)
    cells = against_people.cells(opened.gold)
    first = next(iter(cells.values()))
    assert abs(first[0] - first[1]) == max(abs(a - b) for a, b in opened.gold.drafts), "the farthest apart comes first"
    for name, place in cells.items():
        box(tab, "Cell").set_value(name)
        tab.run()
        links = re.findall('<a href="(/findings[^"]*)"[^>]*>([^<]*)</a>', tab.below)
        assert [draft_id for _, draft_id in links] == list(opened.gold.drafts[place])
        for link, draft_id in links:
            assert html.unescape(link) == f"/findings?draft={draft_id}&rubric={V2}&dimension={opened.key}"
            assert opened.scored[draft_id].because in tab.text


def test_another_dimension_begins_at_its_own_farthest_cell(sample, monkeypatch):
    tab = Tab(monkeypatch, sample, CLEO).open("scorer", rubric=V2, dimension="personalization_depth", cell="3-3")
    assert box(tab, "Cell").value == "3-3"
    group = next(each for each in tab.at.get("button_group") if (each.key or "").startswith("open-"))
    group.set_value("tone_compliance")
    tab.run()
    opened = next(each for each in made(sample, rubric=V2).dimensions if each.key == "tone_compliance")
    assert box(tab, "Cell").value == next(iter(against_people.cells(opened.gold)))


def test_a_dimension_without_checks_says_so_and_has_no_map(sample, monkeypatch):
    change(sample, "UPDATE rubric_versions SET source = :source", source=without_scoring("cta_quality"))
    tab = Tab(monkeypatch, sample, CLEO).open("scorer", dimension="cta_quality")
    assert "Call to action: tenacious-v1 has no checks that score it" in tab.text
    assert tab.at.get("plotly_chart") == [] and all(each.label != "Cell" for each in tab.at.selectbox)


def test_drafts_of_the_open_round_never_stand_on_the_page(sample, monkeypatch):
    ids = sorted({draft for each in made(sample).dimensions for draft in each.labels})[:6]
    opening.open_round(
        person_named(sample, CLEO), sample, RoundDesign("again", rubric="tenacious-v1", annotators=[ANA, BEN], draft_ids=ids)
    )
    for key in ("tone_compliance", "personalization_depth"):
        tab = Tab(monkeypatch, sample, CLEO).open("scorer", dimension=key)
        assert "6 drafts are left out: an open round holds them" in tab.text
        for value in box(tab, "Cell").options:
            assert not any(draft in value for draft in ids)
        assert not any(draft in tab.markup for draft in ids)


def test_drafts_that_the_reader_labels_again_are_in_no_figure_of_the_page(sample, monkeypatch):
    ids = sorted({draft for each in made(sample).dimensions for draft in each.labels})[:2]
    opening.open_round(
        person_named(sample, CLEO), sample, RoundDesign("again", rubric="tenacious-v1", annotators=[ANA, BEN], draft_ids=ids)
    )
    tab = Tab(monkeypatch, sample, ANA).open("scorer")
    assert "over the 28 drafts that you are not labelling again" in tab.text and not tab.refusal


@pytest.mark.parametrize(
    "query", [{"round": OPEN}, {"round": HOSTILE}, {"rubric": "nowhere-v1"}, {"rubric": "../../x"}, {"rubric": HOSTILE}], ids=str
)
def test_what_cannot_be_shown_is_refused_with_a_choice(sample, monkeypatch, query):
    tab = Tab(monkeypatch, sample, CLEO).open("scorer", **query)
    why = {"round": "is open" if query.get("round") == OPEN else "There is no round"}.get(*query, "cannot be shown here")
    assert why in (tab.text if "round" in query else tab.refusal) and "<script>" not in tab.markup
    assert tab.at.get("plotly_chart") == []


@pytest.mark.parametrize(
    "query",
    [{"cut": "9"}, {"cut": HOSTILE}, {"against": "nobody"}, {"dimension": HOSTILE}, {"cell": "x"}, {"cell": "9-9"}],
    ids=str,
)
def test_a_choice_that_is_not_there_is_passed_over(sample, monkeypatch, query):
    tab = Tab(monkeypatch, sample, CLEO).open("scorer", **query)
    assert tab.refusal == "" and "<script>" not in tab.markup
    assert len(tab.at.get("plotly_chart")) == 1


def test_hostile_names_and_reasons_are_text_and_a_draft_without_words_is_named(empty, monkeypatch):
    lead = person_named(empty, "ana")
    odd = add_person(None, empty, "<b>ben</b> $x$")
    import_tasks(lead, empty, jsonl(task(1), task(2)), "t.jsonl")
    import_drafts(
        lead,
        empty,
        jsonl(draft(1, draft_id="<i>d1</i>", text="Would you be open to a call?"), draft(2, text="Subject: hi")),
        "d.jsonl",
    )
    opening.open_round(lead, empty, RoundDesign("<u>pilot</u>", rubric="tenacious-v1", annotators=["ana", odd.name]))
    for person in (lead, odd):
        for _ in range(2):
            desk = next_draft.next_assignment(person, empty, "<u>pilot</u>")
            labelling.save_labels(
                person,
                empty,
                desk.assignment,
                {each.key: 1 for each in desk.dimensions},
                "",
                desk.revision,
                f"{person.id}-{desk.assignment}",
            )
    closing.close_round(lead, empty, "<u>pilot</u>")
    tab = Tab(monkeypatch, empty, "ana").open("scorer")
    assert not re.search("<(b>ben|i>d1|u>pilot)", tab.markup)
    assert "<i>d1</i>" in tab.text and odd.name in tab.text
    assert "Not scorable: 2 drafts" in tab.text and "the task carries no signal" in tab.text and "no words of its own" in tab.text
    assert "undefined: gold 1" in tab.text and "throughout" in tab.text
    assert not re.search(r"\bnan\b|\bNone\b", tab.text)


def test_without_a_closed_round_the_page_says_how_to_begin(empty, monkeypatch):
    tab = Tab(monkeypatch, empty, "ana").open("scorer")
    assert tab.title == "No round is closed yet, so there are no human labels to compare the scorer with."
    assert "See the rounds" in tab.labels


def test_without_a_version_that_scores_the_page_says_so(sample, monkeypatch, tmp_path):
    source = without_scoring("cta_quality")
    for key in ("signal_grounding", "tone_compliance", "bench_fit_alignment", "personalization_depth"):
        source = without_scoring(key, source)
    digest = sha256(source).hexdigest()
    change(sample, "UPDATE rubric_versions SET source = :source, digest = :digest", source=source, digest=digest)
    monkeypatch.setattr(rubrics, "FOLDER", tmp_path)
    tab = Tab(monkeypatch, sample, CLEO).open("scorer")
    assert tab.title == "No rubric version has scoring yet, so there is no scorer."


def test_the_agreement_page_leads_to_the_scorer(sample, monkeypatch):
    assert "Compare the scorer with it" in Tab(monkeypatch, sample, CLEO).open("agreement", round=CLOSED).labels
