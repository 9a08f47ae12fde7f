"""Every page without a browser: with the sample workspace, with an empty store, refusing, and for nobody.

AppTest drives ui/base/shell.py, as app.py renders nothing there. What needs a browser (keys, cookies, two people at once) is
tested in one.
"""

import re

import pytest

from db.engine import writing
from tests.support.page_tab import HOSTILE, Tab
from tests.support.pages_list import PAGES
from tests.support.sample_store import ANA, BEN, CLEO, CLOSED, OPEN, RUBRIC
from tests.support.short_run import EVERYTHING, some
from touchstone.agreement.coefficient import PERCENT
from touchstone.errors import Refused
from ui.base.session import signed_in, store
from workflow.data import task_import
from workflow.gold import adjudication, export_folder
from workflow.labelling import labelling, next_draft
from workflow.people import people
from workflow.people.people import person_named
from workflow.rounds import closing, opening, rounds
from workflow.rounds.design import RoundDesign

# Each page once, by either of two people in turn, then each again by the other.
BY_EITHER = [(page, (CLEO, ANA)[(place + turn) % 2]) for turn in (0, 1) for place, page in enumerate(PAGES)]


# Who is here


@pytest.mark.parametrize("page", PAGES)
def test_nobody_signed_in_sees_the_sign_in_and_nothing_else_on_every_page(page, sample, monkeypatch):
    tab = Tab(monkeypatch, sample).open(page, round=CLOSED)
    assert tab.title == "Who is labelling?"
    assert set(tab.labels) == set()
    for secret in (CLOSED, OPEN, "personalization", "Sign out"):
        assert secret not in re.sub('value="[^"]*"', "", tab.markup)


def test_the_sign_in_keeps_the_address_that_was_asked_for(sample, monkeypatch):
    tab = Tab(monkeypatch, sample).open("gold", round='Sample"><script>')
    assert "<script>" not in tab.markup
    assert "round=Sample%22%3E%3Cscript%3E" in tab.markup


def test_the_sign_in_says_that_blindness_rests_on_honest_names(sample, monkeypatch):
    assert "their own name" in Tab(monkeypatch, sample).open("").text


@pytest.mark.parametrize("page", PAGES)
def test_an_old_cookie_opens_nothing(page, sample, monkeypatch):
    tab = Tab(monkeypatch, sample)
    monkeypatch.setattr(signed_in, "token_of_browser", lambda: "an-old-token")
    assert tab.open(page).title == "Who is labelling?"


def test_signing_out_in_one_tab_ends_the_other_at_its_next_click(sample, monkeypatch):
    tab = Tab(monkeypatch, sample, ANA).open("label")
    people.sign_out(sample, signed_in.token_of_browser())
    assert tab.run().title == "Who is labelling?"


# Happy, and empty


@pytest.mark.parametrize(("page", "name"), BY_EITHER if EVERYTHING else BY_EITHER[: len(PAGES)])
def test_every_page_opens_on_the_sample_workspace(page, name, sample, monkeypatch):
    tab = Tab(monkeypatch, sample, name).open(page)
    assert name in tab.text and "Sign out" in tab.text
    assert tab.refusal == ""
    assert not re.search(r"\bnan\b|\bNone\b|Traceback|Error", tab.text)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_on_an_empty_store_and_says_how_to_begin(page, empty, monkeypatch):
    tab = Tab(monkeypatch, empty, "ana").open(page)
    assert tab.refusal == ""
    assert not re.search(r"\bnan\b|\bNone\b|Traceback|Error", tab.text)
    if page not in ("people", "rubrics", "next-version"):
        assert re.search(r"yet|empty|No round|begin|Import|Enter", tab.text), tab.text


@pytest.mark.parametrize(
    "page", ["label", "my-labels", "agreement", "slices", "adjudicate", "revision", "gold", "scorer", "rounds"]
)
@pytest.mark.parametrize("asked", ["Nowhere", HOSTILE])
def test_a_round_that_is_not_there_is_no_reason_to_fail(page, asked, cleo):
    tab = cleo.open(page, round=asked)
    assert "<script>" not in tab.markup


@pytest.mark.parametrize(
    "query",
    [
        {"assignment": "999999"},
        {"assignment": "-1"},
        {"assignment": "x"},
        {"assignment": "9" * 30},
        {"assignment": "²"},
        {"round": OPEN, "assignment": "0"},
    ],
    ids=str,
)
def test_an_assignment_that_is_not_there_is_no_reason_to_fail(query, ana):
    assert "draft" in ana.open("label", **query).text


def test_the_pages_follow_a_round_from_labels_to_gold(sample, monkeypatch):
    home = Tab(monkeypatch, sample, CLEO).open("")
    assert "10 cells" in home.text and "Personalization" in home.text
    agreement = Tab(monkeypatch, sample, CLEO).open("agreement", round=CLOSED)
    assert "1 of 5 dimensions is flagged" in agreement.text
    assert agreement.text.index("Personalization") < agreement.text.index("Signal grounding"), "what is flagged comes first"
    assert len(agreement.at.get("plotly_chart")) == 2
    assert "Waits" not in Tab(monkeypatch, sample, CLEO).open("gold", round=CLOSED).title


def test_the_agreement_page_shows_the_figures_of_the_report(cleo):
    from touchstone.agreement.figure import in_words, short
    from workflow.agreement.reports import agreement_of_rounds

    report = agreement_of_rounds(cleo.person, cleo.engine, [CLOSED])
    shown = cleo.open("agreement", round=CLOSED).text
    for each in report.dimensions.values():
        assert in_words(each.judged) in shown
        assert in_words(each.overall[PERCENT]) in shown
        assert short(each.threshold) in shown


def test_each_dimension_opens_to_its_own_disagreements(cleo):
    tab = cleo.open("agreement", round=CLOSED)
    group = next(each for each in tab.at.get("button_group"))
    group.set_value("cta_quality")
    tab.run()
    assert re.search(r"\*\*sample-02-2\*\* — [^;:]+: \d; [^;:]+: \d", tab.text), "the id apart from who gave what"
    assert re.search(r"Disagreements: \d+", tab.text)


def test_the_slices_page_shows_the_figures_of_the_slices_and_of_the_annotators(cleo):
    from touchstone.agreement.figure import in_words, signed
    from workflow.subgroups.annotators import annotators
    from workflow.subgroups.slices import slices

    tab = cleo.open("slices", round=CLOSED)
    for by in ("difficulty", "author"):
        group = tab.field("button_group", "cut-by")
        group.set_value(by)
        tab.run()
        found = slices(cleo.person, cleo.engine, CLOSED, by)
        assert found.sentence in tab.text
        for part in found.slices:
            assert all(in_words(each.judged) in tab.text for each in part.dimensions.values())
    everyone = annotators(cleo.person, cleo.engine, CLOSED)
    assert everyone.drift_sentence in tab.text and "Annotators, for the lead" in tab.text
    assert all(signed(each.severity) in tab.text for mine in everyone.annotators for each in mine.dimensions.values())
    assert "undefined: labelled at one moment" in tab.text, "the sample's labels came from a file"


@pytest.mark.whole_run("the command shows them in the short run")
def test_the_slices_page_shows_intervals_by_clusters_when_asked(cleo):
    tab = cleo.open("slices", round=CLOSED)
    few = "The interval by clusters is itself uncertain, so nothing is decided: 8 clusters are too few, a verdict needs 12."
    assert few not in tab.text
    tab.field("toggle", "by-clusters").set_value(True)
    assert few in tab.run().text


def test_an_open_round_has_no_slices_to_look_at(ana):
    tab = ana.open("slices", round=OPEN)
    assert f"{OPEN} is open: its labels stay hidden" in tab.text and tab.refusal == ""
    assert len(tab.at.get("plotly_chart")) == 0 and "Annotators" not in tab.text


# Refused


@pytest.mark.parametrize("page", ["agreement", "adjudicate", "gold"])
def test_what_others_labelled_in_an_open_round_is_on_no_page(page, cleo):
    tab = cleo.open(page, round=OPEN)
    assert OPEN not in tab.title
    assert f"{OPEN} is open: its labels stay hidden until it is closed, so that everyone labels blind." in tab.text
    assert tab.refusal == "", "nothing went wrong"
    assert f"See how far {OPEN} is, and close it" in tab.text and f"of {CLOSED}" in tab.text, "the ways out"


def test_the_agreement_page_survives_a_label_set_that_is_not_there(cleo):
    assert cleo.open("agreement", set="Nowhere").title


def decide(tab: Tab, level=None, cause=None, reason=None) -> Tab:
    if level is not None:
        tab.field("button_group", "level-").set_value(level)
        tab.run()
    if cause is not None:
        tab.field("button_group", "cause-").set_value(cause)
        tab.run()
    if reason is not None:
        tab.field("text_area", "reason-").set_value(reason)
        tab.run()
    return tab.press("Decide and next")


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ((2, "slip", None), "reason"),
        ((2, "slip", "   "), "reason"),
        ((2, None, "a reason"), "cause"),
        ((None, "slip", "a reason"), "needs a level"),
        ((2, "slip", "x" * 4001), "4,000"),
    ],
    ids=["no reason", "blank reason", "no cause", "no level", "too long"],
)
def test_a_decision_that_is_not_whole_is_refused(given, why, cleo):
    before = len(adjudication.open_disagreements(cleo.person, cleo.engine, CLOSED).waiting)
    tab = decide(cleo.open("adjudicate", round=CLOSED), *given)
    assert why in tab.refusal
    assert "not None" not in tab.refusal, "None is no word for a person"
    assert len(adjudication.open_disagreements(cleo.person, cleo.engine, CLOSED).waiting) == before


def test_a_cell_is_decided_and_the_next_one_comes(cleo):
    queue = adjudication.open_disagreements(cleo.person, cleo.engine, CLOSED)
    tab = decide(cleo.open("adjudicate", round=CLOSED), 2, "slip", "the anchor says so")
    said = tab.at.session_state["touchstone"]["announcement"]  # spoken, and shown beside the button
    comes = queue.waiting[1]
    assert f" was decided as 2 Fits the stage. Next: cell 1 of {len(queue.waiting) - 1}, " in said
    assert said.endswith(f"{comes.draft_id} / {queue.titles[comes.dimension]}.")
    now = adjudication.open_disagreements(cleo.person, cleo.engine, CLOSED)
    assert len(now.waiting) == len(queue.waiting) - 1
    assert str(now.waiting[0].draft_id) in tab.field("selectbox", "cell-").value
    assert tab.field("selectbox", "cell-").options[0].startswith(f"1 of {len(now.waiting)} · "), "as it was told"
    assert tab.field("text_area", "reason-").value in ("", None), "no reason is carried to the next cell"


def test_the_adjudicator_reads_letters_and_not_names(cleo):
    shown = re.search('<div class="ts-given">.*?</div></div>', cleo.open("adjudicate", round=CLOSED).markup, re.DOTALL)[0]
    assert ANA not in shown and BEN not in shown
    assert "A: " in shown and "B: " in shown


def test_someone_who_labelled_the_cell_is_marked(ana):
    assert "you labelled this cell" in ana.open("adjudicate", round=CLOSED).text


def fill_in(tab: Tab, name: str, annotators: list[str]) -> Tab:
    tab.field("text_input", "new-name").set_value(name)
    tab.field("multiselect", "new-annotators").set_value(annotators)
    return tab.run().press("Open the round")


@pytest.mark.parametrize(
    ("name", "annotators", "why"),
    [
        ("pilot", [ANA], "two or more"),
        ("pilot", [], "two or more"),
        ("", [ANA, BEN], "name"),
        (CLOSED.upper(), [ANA, BEN], "already"),
    ],
    ids=["one annotator", "no annotator", "no name", "name taken"],
)
def test_a_round_that_cannot_be_opened_says_why(name, annotators, why, cleo):
    tab = fill_in(cleo.open("rounds"), name, annotators)
    assert why in tab.refusal
    assert len(rounds.all_rounds(cleo.engine)) == 2


def test_a_round_is_opened_on_the_page_with_its_looks_planned(cleo):
    tab = cleo.open("rounds")
    tab.field("number_input", "new-looks").set_value(3)
    assert "Planned looks need both numbers" in fill_in(tab, "pilot", [ANA, BEN]).refusal
    tab.field("number_input", "new-up-to").set_value(120)
    tab.press("Open the round")
    assert "pilot is open" in tab.done and "3 looks up to 120 drafts" in tab.text
    made = rounds.all_rounds(cleo.engine)[0]
    assert (made.annotators, made.planned_looks, made.planned_drafts) == ((ANA, BEN), 3, 120)


def test_a_round_is_not_closed_while_labels_are_owed_and_early_only_with_a_reason(cleo):
    tab = cleo.open("rounds").press("Close early").press("Close it early")
    assert "has 22 drafts left" in tab.refusal
    assert next(each for each in rounds.all_rounds(cleo.engine) if each.name == OPEN).is_open
    tab.field("text_input", "early-").set_value("the team moved on")
    tab.press("Close it early")
    assert "is closed" in tab.done
    assert "the team moved on" in cleo.open("agreement", round=OPEN).text


@pytest.mark.parametrize("labelled", some([1, 0, 3]), ids=lambda number: f"{number} of 3 annotators labelled")
@pytest.mark.parametrize("page", ["", "agreement", "adjudicate", "gold", "rounds"])
def test_a_round_of_three_that_was_closed_early_is_read_on_every_page(page, labelled, cleo):
    names = [ANA, BEN, CLEO]
    opening.open_round(cleo.person, cleo.engine, RoundDesign("three", rubric=RUBRIC, annotators=names, drafts=4))
    for level, name in enumerate(names[:labelled]):
        person = person_named(cleo.engine, name)
        while desk := next_draft.next_assignment(person, cleo.engine, "three"):
            labelling.save_labels(
                person,
                cleo.engine,
                desk.assignment,
                {each.key: level for each in desk.dimensions},
                "",
                desk.revision,
                f"{name}-{desk.assignment}",
            )
    closing.close_round(cleo.person, cleo.engine, "three", early=None if labelled == 3 else "enough")
    assert not re.search(r"\bnan\b|\bNone\b", cleo.open(page, round="three").text)


def test_gold_does_not_leave_while_cells_wait_unless_partial(cleo, tmp_path, monkeypatch):
    monkeypatch.setattr(export_folder, "EXPORTS", tmp_path / "exports")
    tab = cleo.open("gold", round=CLOSED)
    button = next(each for each in tab.at.button if each.label == "Export gold")
    assert button.disabled
    tab.at.checkbox[0].check()
    tab.run().press("Export gold")
    assert tab.refusal == "" and "Written to" in tab.done
    assert (tmp_path / "exports" / "sample-round-1" / "manifest.json").exists()
    assert len(tab.at.get("download_button")) == 5  # one of them of all files in a ZIP


def test_a_bad_file_is_refused_whole_with_its_lines(empty, monkeypatch):
    tab = Tab(monkeypatch, empty, "ana").open("import")
    tab.at.get("file_uploader")[0].upload("tasks.jsonl", b'{"task_id": "t1", "input": "x"}\nnot json\n{"task_id": 5}\n')
    tab.run().press("Import")
    assert "line 2" in tab.refusal and "line 3" in tab.refusal and "nothing was stored" in tab.refusal
    assert task_import.whats_there(empty) == (0, 0)


def test_a_good_file_is_imported_and_a_second_time_adds_nothing(empty, monkeypatch):
    tab = Tab(monkeypatch, empty, "ana").open("import")
    tab.at.get("file_uploader")[0].upload("texts.csv", b"id,text\n1,Hello.\n2,Dear all.\n")
    tab.run().press("Import")
    assert "imported" in tab.done and task_import.whats_there(empty) == (2, 2)
    tab.at.get("file_uploader")[0].upload("texts.csv", b"id,text\n1,Hello.\n2,Dear all.\n")
    tab.run().press("Import")
    assert "nothing new" in tab.done and task_import.whats_there(empty) == (2, 2)


@pytest.mark.parametrize(
    ("name", "why"), [("", "name"), ("   ", "name"), ("a,b", "comma"), ("command line", "program"), ("x" * 61, "61")]
)
def test_a_person_who_cannot_be_named_so_is_refused(name, why, cleo):
    tab = cleo.open("people")
    tab.field("text_input", "person-name").set_value(name)
    tab.press("Add")
    assert why in tab.refusal


def test_a_person_is_added_and_listed(cleo):
    tab = cleo.open("people")
    tab.field("text_input", "person-name").set_value("dora")
    tab.press("Add")
    assert "Added dora" in tab.done
    assert tab.field("text_input", "person-name").value in ("", None)


def test_a_store_of_another_schema_is_refused_in_a_sentence(sample):
    with writing(sample) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'from-the-future'")
    with pytest.raises(Refused, match="newer than this program's; update Touchstone"):
        store.engine()
