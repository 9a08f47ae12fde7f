"""Planning and pooling on the pages, and what a lead who still labels is not told."""

import re

import pytest

from tests.support.page_tab import HOSTILE, Tab
from tests.support.sample_store import ANA, BEN, CLEO, CLOSED, OPEN, RUBRIC
from workflow.labelling import labelling, next_draft
from workflow.people import people
from workflow.people.people import person_named
from workflow.rounds import closing, opening
from workflow.rounds.design import RoundDesign


def test_the_plan_answers_from_the_round_in_the_address_as_the_command_does(cleo):
    from workflow.planning.plan import plan_of_pilot

    tab = cleo.open("plan", round=CLOSED)
    plan = plan_of_pilot(cleo.person, cleo.engine, round_name=CLOSED, threshold=0.8)
    assert plan.sentence in tab.text and "no number of drafts will show it" in tab.text
    for key, each in plan.dimensions.items():
        assert plan.titles[key] in tab.text and each.threshold.in_words() in tab.text
    assert len(tab.at.get("plotly_chart")) == 1


def test_the_other_question_and_another_value_give_another_answer(cleo):
    tab = cleo.open("plan", round=CLOSED)
    next(each for each in tab.at.get("button_group")).set_value("half_width")
    tab.run()
    wide = re.search(r"label ([\d,]+) to", tab.text)[1]
    assert "To measure each of 5 dimensions to ±.05" in tab.text
    next(each for each in tab.at.number_input if each.label == "Half-width").set_value(0.1)
    tab.run()
    assert int(re.search(r"label ([\d,]+) to", tab.text)[1].replace(",", "")) < int(wide.replace(",", "")) / 2


def test_without_a_pilot_a_plan_rests_on_what_is_assumed_and_a_wrong_share_is_a_sentence(empty, monkeypatch):
    tab = Tab(monkeypatch, empty, "ana").open("plan")
    assert "To show a kappa of .85 at or above .80: label 6" in tab.text and "no pilot" in tab.text
    for wrong, said in ((".5,.6", "2 marginals for 4 levels"), (".1,.2,.3,x", "not .1,.2,.3,x"), ("1,1,1,1", "sum to 4")):
        next(each for each in tab.at.text_input if each.label == "Share of each level").set_value(wrong)
        assert said in tab.run().refusal
        assert "cannot be planned" in tab.text
    next(each for each in tab.at.text_input if each.label == "Share of each level").set_value(".1,.2,.3,.4")
    assert tab.run().refusal == "" and "To show a kappa of .85" in tab.text


@pytest.mark.parametrize("asked", ["Nowhere", HOSTILE, OPEN])
def test_a_pilot_that_is_none_is_said_and_another_can_be_chosen(asked, cleo):
    tab = cleo.open("plan", round=asked)
    why = "so it cannot be a pilot yet" if asked == OPEN else f"There is no round “{asked}” in Sample."
    assert why in tab.text and "<script>" not in tab.markup
    assert "To show a kappa" in tab.text


def test_rounds_under_one_rubric_file_are_pooled_on_the_page_and_a_shared_draft_is_told(sample, monkeypatch):
    cleo, engine = person_named(sample, CLEO), sample
    for name, drafts in (("Pool 1", ("sample-23-1", "sample-24-1")), ("Pool 2", ("sample-24-1", "sample-25-1"))):
        made = opening.open_round(cleo, engine, RoundDesign(name, rubric=RUBRIC, annotators=[ANA, BEN], draft_ids=drafts))
        for who in (ANA, BEN):
            person = person_named(engine, who)
            while desk := next_draft.next_assignment(person, engine, name):
                labelling.save_labels(
                    person,
                    engine,
                    desk.assignment,
                    {each.key: 2 for each in desk.dimensions},
                    "",
                    0,
                    f"{name} {who} {desk.assignment}",
                )
        closing.close_round(cleo, engine, made.name)
    tab = Tab(monkeypatch, sample, CLEO).open("agreement", round="Pool 1")
    tab.at.multiselect[0].set_value([CLOSED])
    tab.run()
    assert tab.title.startswith(f"Agreement of Pool 1 + {CLOSED}") and "32 drafts" in tab.text
    assert tab.at.query_params["with"] in (CLOSED, [CLOSED])
    tab.at.multiselect[0].set_value(["Pool 2"])
    tab.run()
    assert "sample-24-1 was labelled in Pool 1 and in Pool 2" in tab.refusal and tab.title.startswith("Agreement of Pool 1")
    again = Tab(monkeypatch, sample, CLEO).open("agreement", round="Pool 1", **{"with": CLOSED})
    assert again.title.startswith(f"Agreement of Pool 1 + {CLOSED}")


def test_a_round_whose_every_draft_one_still_labels_is_held_back_on_every_page_in_a_sentence(sample, monkeypatch):
    cleo = person_named(sample, CLEO)
    opening.open_round(
        cleo, sample, RoundDesign("few", rubric=RUBRIC, annotators=[ANA, BEN], draft_ids=("sample-23-1", "sample-24-1"))
    )
    for who in (ANA, BEN):
        person = person_named(sample, who)
        while desk := next_draft.next_assignment(person, sample, "few"):
            labelling.save_labels(
                person, sample, desk.assignment, {each.key: 2 for each in desk.dimensions}, "", 0, f"{who} {desk.assignment}"
            )
    closing.close_round(cleo, sample, "few")
    opening.open_round(
        cleo, sample, RoundDesign("again", rubric=RUBRIC, annotators=[CLEO, BEN], draft_ids=("sample-23-1", "sample-24-1"))
    )
    for page, asked in (
        ("agreement", {"round": "few"}),
        ("slices", {"round": "few"}),
        ("plan", {"round": "few"}),
        ("compare", {"before": "few", "after": CLOSED}),
        ("revision", {"round": "few"}),
    ):
        tab = Tab(monkeypatch, sample, CLEO).open(page, **asked)
        assert "labelling every draft of few in an open round" in tab.refusal, page
        assert tab.title and tab.at.get("plotly_chart") == []
    zoe = people.add_person(cleo, sample, "zoe").name  # labels nothing
    assert Tab(monkeypatch, sample, zoe).open("agreement", round="few").title.startswith("Agreement of few")


def test_an_address_of_a_cell_that_is_not_to_be_decided_is_told(cleo):
    tab = cleo.open("adjudicate", round=CLOSED, draft="nope", dimension="*x*")
    assert "nope / *x* is no cell to decide here" in tab.text
    assert "is no cell to decide" not in cleo.open("adjudicate", round=CLOSED).text
