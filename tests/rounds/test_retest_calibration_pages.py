"""Retest and calibration on the pages and in the commands, over the sample workspace."""

import json

import pytest

from tests.support.commands import done, run, sentence
from tests.support.kept_stores import kept
from tests.support.page_tab import Tab
from tests.support.sample_store import ANA, BEN, CLEO, CLOSED, RUBRIC
from workflow.labelling import labelling, next_draft
from workflow.people.people import person_named
from workflow.rounds import closing, rounds
from workflow.rounds.design import RoundDesign
from workflow.rounds.opening import open_round

AGAIN, CALIB = "Ana again", "Calib"


@pytest.fixture
def lead(sample):
    return person_named(sample, CLEO)


def label_rest(engine, name: str, round_name: str) -> None:
    person = person_named(engine, name)
    while desk := next_draft.next_assignment(person, engine, round_name):
        levels = {each.key: desk.position % 4 for each in desk.dimensions}
        labelling.save_labels(person, engine, desk.assignment, levels, "", desk.revision, f"{desk.assignment}")


@pytest.fixture
@kept
def closed_ones(sample, lead):
    open_round(lead, sample, RoundDesign(AGAIN, kind="retest", of=CLOSED, annotators=[ANA], drafts=5))
    open_round(lead, sample, RoundDesign(CALIB, kind="calibration", of=CLOSED, annotators=[BEN, CLEO], drafts=5, feedback="end"))
    for name, round_name in ((ANA, AGAIN), (BEN, CALIB), (CLEO, CALIB)):
        label_rest(sample, name, round_name)
    for name in (AGAIN, CALIB):
        closing.close_round(lead, sample, name)
    return sample


def test_a_lead_opens_a_retest_on_the_rounds_page(sample, monkeypatch):
    tab = Tab(monkeypatch, sample, CLEO).open("rounds")
    tab.field("radio", "new-kind").set_value("one person labels the same drafts again (retest)")
    tab.run()
    tab.field("text_input", "new-name").set_value(AGAIN)
    tab.press("Open the round")
    made = rounds.all_rounds(sample)[0]
    assert (made.name, made.kind, made.of_round, made.annotators) == (AGAIN, "retest", CLOSED, (ANA,))
    assert f"retest of {CLOSED}" in tab.text and AGAIN in tab.done


def test_a_lead_opens_a_calibration_on_the_rounds_page(sample, monkeypatch):
    tab = Tab(monkeypatch, sample, CLEO).open("rounds")
    tab.field("radio", "new-kind").set_value("people label drafts with known gold (calibration)")
    tab.run()
    tab.press("Open the round")
    assert "A round needs a name" in tab.refusal
    tab.field("text_input", "new-name").set_value(CALIB)
    tab.field("multiselect", "new-annotators").set_value([BEN, CLEO])
    tab.field("number_input", "new-few").set_value(4)
    tab.field("radio", "new-feedback").set_value("end")
    tab.press("Open the round")
    made = rounds.all_rounds(sample)[0]
    assert (made.kind, made.annotators, made.drafts, made.feedback) == ("calibration", (BEN, CLEO), 4, "end")


def test_a_lead_continues_a_round_on_the_rounds_page(sample, monkeypatch):
    tab = Tab(monkeypatch, sample, CLEO).open("rounds")
    tab.field("text_input", "new-name").set_value("more")
    tab.field("multiselect", "new-annotators").set_value([ANA, BEN])
    tab.field("selectbox", "new-continues").set_value(CLOSED)
    tab.press("Open the round")
    assert rounds.all_rounds(sample)[0].drafts == 52 - 30


def test_the_first_labels_are_held_back_under_my_labels_while_the_retest_is_open(sample, lead, monkeypatch):
    open_round(lead, sample, RoundDesign(AGAIN, kind="retest", of=CLOSED, annotators=[ANA], drafts=5))
    tab = Tab(monkeypatch, sample, ANA).open("my-labels", round=CLOSED)
    assert tab.text.count("held back: you are labelling this draft again in an open round") == 5
    assert "5 of 30 drafts are left out: you are labelling them in an open round" in tab.open("gold", round=CLOSED).text
    assert "Export gold" not in tab.labels and "Export gold" in Tab(monkeypatch, sample, BEN).open("gold", round=CLOSED).labels
    assert "level 2" not in tab.text


def test_the_gold_comes_after_save_and_the_next_draft_after_a_press(sample, lead, monkeypatch):
    open_round(lead, sample, RoundDesign(CALIB, kind="calibration", of=CLOSED, annotators=[CLEO], drafts=2))
    tab = Tab(monkeypatch, sample, CLEO).open("label", round=CALIB)
    first = next_draft.next_assignment(lead, sample, CALIB)
    for dimension in first.dimensions:
        next(each for each in tab.at.get("button_group") if (each.key or "").endswith(f"-{dimension.key}")).set_value(2)
        tab.run()
    tab.press("Save and next")
    assert "matching the gold" in tab.text and "Next draft" in tab.labels and "Save and next" not in tab.labels
    assert tab.at.query_params["feedback"] in (str(first.assignment), [str(first.assignment)])
    tab.press("Next draft")
    assert "Save and next" in tab.labels and "2 of 2" in tab.text and "feedback" not in tab.at.query_params
    tab.open("label", round=CALIB, assignment=str(first.assignment))
    assert "The gold of this draft was shown to you" in tab.refusal
    tab.open("my-labels", round=CALIB)
    assert "Gold" in tab.text and f"assignment={first.assignment}" not in tab.markup


def test_feedback_at_the_end_stands_under_my_labels_once_the_round_is_closed(closed_ones, monkeypatch):
    tab = Tab(monkeypatch, closed_ones, BEN).open("my-labels", round=CALIB)
    assert "Reason where it differs" in tab.text


def test_the_agreement_page_reads_both_kinds_and_offers_no_gold(closed_ones, monkeypatch):
    tab = Tab(monkeypatch, closed_ones, CLEO).open("agreement", round=AGAIN)
    assert "intra-rater agreement (test-retest)" in tab.text and "inter-rater" not in tab.text
    assert "no threshold applies" in tab.text and f"{ANA} (first)" in tab.text
    assert not {"Adjudicate its disagreements", "Its gold"} & set(tab.labels)
    tab.open("agreement", round=CALIB)
    assert f"{BEN} against the gold" in tab.text and "Annotator against the gold" in tab.labels
    tab.field("button_group", "against").set_value(CLEO)
    tab.run()
    assert "Differs from gold" in tab.text


def test_neither_kind_is_offered_for_adjudication_or_gold(closed_ones, monkeypatch):
    tab = Tab(monkeypatch, closed_ones, CLEO)
    for page in ("adjudicate", "gold"):
        tab.open(page, round=AGAIN)
        why = f"{AGAIN} is a retest of {CLOSED}, closed "
        assert why in tab.text and "its labels are never gold" in tab.text and tab.refusal == ""
        assert f"{page.capitalize()} of {CLOSED}" in tab.labels, "the way out"
        other = Tab(monkeypatch, closed_ones, CLEO).open(page)
        assert AGAIN not in other.below and CALIB not in other.below
    tab.open("")
    assert f"{AGAIN}: retest of {CLOSED}" in tab.text
    assert f"{CALIB}: calibration on the gold of {CLOSED}" in tab.text
    tab.open("rounds")
    assert tab.labels.count("Adjudicate") == tab.labels.count("Gold") == 1


# Commands


def test_both_kinds_are_opened_by_commands(sample):
    assert "5 drafts" in done("open-round", AGAIN, "--kind", "retest", "--of", CLOSED, "--annotators", ANA, "--drafts", "5")
    done(
        "open-round",
        CALIB,
        "--kind",
        "calibration",
        "--of",
        CLOSED,
        "--annotators",
        f"{BEN},{CLEO}",
        "--drafts",
        "4",
        "--feedback",
        "end",
    )
    listed = {each["name"]: each for each in json.loads(done("rounds", "--json"))}
    assert (listed[AGAIN]["kind"], listed[AGAIN]["of"]) == ("retest", CLOSED)
    assert (listed[CALIB]["kind"], listed[CALIB]["of"]) == ("calibration", CLOSED)
    assert f"calibration on the gold of {CLOSED}" in done("rounds")


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["--kind", "double", "--rubric", RUBRIC, "--force"], "--force"),
        (["--kind", "double", "--rubric", RUBRIC, "--of", CLOSED], "--of"),
        (["--kind", "retest", "--of", CLOSED, "--feedback", "end"], "--feedback"),
        (["--kind", "retest"], "--of"),
        (["--kind", "retest", "--of", CLOSED, "--overlap", "0.5"], "--overlap"),
        (["--kind", "calibration", "--of", CLOSED, "--force"], "--force"),
        (["--kind", "calibration", "--of", CLOSED, "--feedback", "now"], "now"),
        (["--kind", "retest", "--of", CLOSED, "--rubric", "other-v1"], "other-v1"),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, list) else "",
)
def test_an_option_of_another_kind_is_refused_by_name(options, named, sample):
    assert named in sentence("open-round", "p", "--annotators", ANA, *options)


def test_an_ordinary_round_without_a_rubric_is_wrong_usage(sample):
    assert run("open-round", "p", "--annotators", f"{ANA},{BEN}").exit_code == 2


def test_the_terminal_tells_the_gold_after_each_draft(sample):
    done("open-round", CALIB, "--kind", "calibration", "--of", CLOSED, "--annotators", CLEO, "--drafts", "1")
    told = done("label", CALIB, "--as", CLEO, typed="2\n2\n2\n2\n2\n\n")
    assert "the gold is shown after each draft" in told and told.count(": you 2, ") == 5
    assert told.index("saved") < told.index(": you 2, ")


def test_a_retest_is_labelled_in_the_terminal_without_the_first_labels(sample):
    done("open-round", AGAIN, "--kind", "retest", "--of", CLOSED, "--annotators", ANA, "--drafts", "1")
    told = done("label", AGAIN, "--as", ANA, typed="2\n2\n2\n2\n2\n\n")
    assert "level: " in told and "level [" not in told and "gold" not in told


def test_reports_of_both_kinds_are_printed_and_neither_is_exported_or_pooled(closed_ones):
    told = done("report", AGAIN)
    assert "intra-rater agreement (test-retest)" in told and "threshold 0" not in told and "inter-rater" not in told
    told = done("report", CALIB)
    assert f"{BEN} against the gold\n" in told and "threshold .80" in told
    assert json.loads(done("report", CALIB, "--json"))["kind"] == "calibration"
    for name in (AGAIN, CALIB):
        assert "its labels are never gold" in sentence("export-gold", name)
        assert "its labels are never gold" in sentence("adjudicate", name, "--as", CLEO)
        assert "not pooled" in sentence("report", CLOSED, name)
    assert "is consistent" in done("check-store")
