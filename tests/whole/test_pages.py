"""Every page without a browser: with the sample workspace, with an empty store, refusing, and for nobody.

AppTest drives ui/base/shell.py, as app.py renders nothing there. What needs a browser (keys, cookies, two people at once) is
tested in one.
"""

import html
import json
import re

import pytest
from markupsafe import escape
from streamlit.util import calc_hash

from db.engine import writing
from tests.support.page_tab import HOSTILE, Tab, app_test, label_of
from tests.support.sample_store import ANA, BEN, CLEO, CLOSED, OPEN, RUBRIC
from tests.support.short_run import EVERYTHING, some
from touchstone.agreement.coefficient import PERCENT
from touchstone.errors import Refused
from ui.base.session import signed_in, store
from workflow.data import task_import
from workflow.gold import adjudication, export_folder
from workflow.labelling import labelling, next_draft, own_labels
from workflow.people import people
from workflow.people.people import person_named
from workflow.rounds import closing, opening, rounds
from workflow.rounds.design import RoundDesign

PAGES = [
    "",
    "label",
    "my-labels",
    "agreement",
    "compare",
    "slices",
    "plan",
    "claims",
    "adjudicate",
    "revision",
    "gold",
    "rubrics",
    "next-version",
    "effect",
    "rounds",
    "import",
    "label-sets",
    "two-sources",
    "scorer",
    "findings",
    "people",
]
# Each page once, by either of two people in turn, then each again by the other.
BY_EITHER = [(page, (CLEO, ANA)[(place + turn) % 2]) for turn in (0, 1) for place, page in enumerate(PAGES)]


@pytest.fixture
def ana(sample, monkeypatch) -> Tab:
    return Tab(monkeypatch, sample, ANA)


@pytest.fixture
def cleo(sample, monkeypatch) -> Tab:
    return Tab(monkeypatch, sample, CLEO)


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
    from touchstone.agreement.figure import in_words
    from workflow.agreement.reports import agreement_of_rounds

    report = agreement_of_rounds(cleo.person, cleo.engine, [CLOSED])
    shown = cleo.open("agreement", round=CLOSED).text
    for each in report.dimensions.values():
        assert in_words(each.judged) in shown
        assert in_words(each.overall[PERCENT]) in shown
        assert f"{each.threshold:.2f}" in shown


def test_each_dimension_opens_to_its_own_disagreements(cleo):
    tab = cleo.open("agreement", round=CLOSED)
    group = next(each for each in tab.at.get("button_group"))
    group.set_value("cta_quality")
    tab.run()
    assert "sample-02-2" in tab.text
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
    assert "There are 8 clusters" not in tab.text
    tab.field("toggle", "by-clusters").set_value(True)
    assert "There are 8 clusters" in tab.run().text


def test_an_open_round_has_no_slices_to_look_at(ana):
    tab = ana.open("slices", round=OPEN)
    assert "cannot be shown here: it is still open" in tab.refusal
    assert len(tab.at.get("plotly_chart")) == 0 and "Annotators" not in tab.text


# Labelling


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
    tab.run().press("Skip this draft")
    assert (tab.refusal, tab.mine.skipped) == ("", 1)


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
    group.set_value(3)
    tab.run().press("Save and next")
    assert tab.refusal == ""
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


def test_someone_elses_draft_cannot_be_reached_by_its_number(ana):
    theirs = next_draft.next_assignment(person_named(ana.engine, BEN), ana.engine, OPEN)
    tab = ana.open("label", round=OPEN, assignment=str(theirs.assignment))
    assert "not yours" in tab.refusal
    assert tab.shows(tab.desk.text), "their own next draft is shown instead"


def test_someone_with_no_part_in_a_round_is_given_nothing_to_label(cleo):
    tab = cleo.open("label", round=OPEN)
    assert "Save and next" not in tab.labels
    assert "nothing to label in Sample round 2" in tab.refusal


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


# Refused


@pytest.mark.parametrize("page", ["agreement", "adjudicate", "gold"])
def test_what_others_labelled_in_an_open_round_is_on_no_page(page, cleo):
    tab = cleo.open(page, round=OPEN)
    assert OPEN not in tab.title
    if page == "agreement":
        assert "blind" in tab.refusal


def test_the_agreement_page_says_why_an_open_round_is_not_read(cleo):
    assert f"{OPEN} is open" in cleo.open("agreement", round=OPEN).refusal


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
    assert "was decided as 2" in tab.done
    now = adjudication.open_disagreements(cleo.person, cleo.engine, CLOSED)
    assert len(now.waiting) == len(queue.waiting) - 1
    assert str(now.waiting[0].draft_id) in tab.field("selectbox", "cell-").value
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


def test_a_round_is_opened_on_the_page(cleo):
    tab = fill_in(cleo.open("rounds"), "pilot", [ANA, BEN])
    assert "pilot is open" in tab.done
    assert rounds.all_rounds(cleo.engine)[0].annotators == (ANA, BEN)


def test_a_round_is_not_closed_while_labels_are_owed_and_early_only_with_a_reason(cleo):
    tab = cleo.open("rounds").press("Close early")
    assert "has 22 drafts left" in tab.refusal
    assert next(each for each in rounds.all_rounds(cleo.engine) if each.name == OPEN).is_open
    tab.field("text_input", "early-").set_value("the team moved on")
    tab.run().press("Close early")
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
    assert len(tab.at.get("download_button")) == 4


def test_a_bad_file_is_refused_whole_with_its_lines(empty, monkeypatch):
    tab = Tab(monkeypatch, empty, "ana").open("import")
    tab.at.get("file_uploader")[0].upload("tasks.jsonl", b'{"task_id": "t1", "input": "x"}\nnot json\n{"task_id": 5}\n')
    tab.run().press("Import")
    assert "line 2" in tab.refusal and "line 3" in tab.refusal and "nothing was stored" in tab.refusal
    assert task_import.whats_there(empty)["own"] == (0, 0)


def test_a_good_file_is_imported_and_a_second_time_adds_nothing(empty, monkeypatch):
    tab = Tab(monkeypatch, empty, "ana").open("import")
    tab.at.get("file_uploader")[0].upload("texts.csv", b"id,text\n1,Hello.\n2,Dear all.\n")
    tab.run().press("Import")
    assert "imported" in tab.done and task_import.whats_there(empty)["own"] == (2, 2)
    tab.at.get("file_uploader")[0].upload("texts.csv", b"id,text\n1,Hello.\n2,Dear all.\n")
    tab.run().press("Import")
    assert "nothing new" in tab.done and task_import.whats_there(empty)["own"] == (2, 2)


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


# Text from outside is data


@pytest.fixture
def hostile(sample, monkeypatch):
    """A person, a task, a draft, a round, notes, a query and a skip that would all be markup if they were let."""
    name = "<b>Eve</b> $x$ :smile: **b**"
    eve = people.add_person(None, sample, name)
    ana = person_named(sample, ANA)
    task = {"task_id": "h", "input": {"company_signal": HOSTILE}}
    task_import.import_file(eve, sample, json.dumps(task).encode(), "t.jsonl")
    for number in (1, 2):
        draft = {"task_id": "h", "draft_id": f"h<i>{number}</i> $y$ :tada:", "text": f"{HOSTILE} {number}"}
        task_import.import_file(eve, sample, json.dumps(draft).encode(), f"<u>{number}</u>.jsonl")
    found = opening.open_round(
        eve,
        sample,
        RoundDesign("<b>Round</b> $x$ :smile: **b**", rubric=RUBRIC, annotators=[eve.name, ana.name], is_sample=False),
    )
    return eve, ana, found.name


def finish(sample, eve, ana, round_name):
    for person, level in ((eve, 0), (ana, 2)):
        both = own_labels.assignment_of(person, sample, round_name, "h<i>1</i> $y$ :tada:")
        desk = next_draft.next_assignment(person, sample, round_name, both)
        labelling.query(person, sample, desk.assignment, f"query {HOSTILE}")
        labelling.save_labels(
            person,
            sample,
            desk.assignment,
            {each.key: level for each in desk.dimensions},
            f"note {HOSTILE}",
            desk.revision,
            person.name,
        )
        desk = next_draft.next_assignment(person, sample, round_name)
        labelling.skip(person, sample, desk.assignment, f"why {HOSTILE}", desk.revision)
    closing.close_round(eve, sample, round_name)


FOREIGN_TAGS = re.compile("<(script|b>Eve|b>Round|b>f|i>|u>)", re.IGNORECASE)
MARKDOWN = re.compile(r"(?<!\\)\$[xy](?<!\\)\$|:(smile|tada):|(?<!\\)\*(?<!\\)\*b")


def check_literal(tab: Tab) -> None:
    assert not FOREIGN_TAGS.search(tab.markup)
    # What Streamlit reads as Markdown: labels of widgets, and of pills and segments.
    for kind in (
        "expander",
        "button",
        "page_link",
        "button_group",
        "checkbox",
        "text_input",
        "text_area",
        "radio",
        "number_input",
        "selectbox",
        "multiselect",
        "download_button",
    ):
        for each in tab.at.get(kind):
            assert not MARKDOWN.search(label_of(each)), f"{kind}: {label_of(each)}"
    for kind in ("markdown", "caption", "title", "header", "subheader", "error", "warning", "info", "success"):
        assert not [each.value for each in tab.at.get(kind)], f"{kind} draws Markdown"


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("closed", [False, True], ids=["open", "closed"])
def test_text_from_outside_stays_text_on_every_page(page, closed, hostile, sample, monkeypatch):
    eve, ana, round_name = hostile
    if closed:
        finish(sample, eve, ana, round_name)
    tab = Tab(monkeypatch, sample, eve.name).open(page, round=round_name)
    check_literal(tab)
    assert escape(eve.name) in tab.markup
    if page == "label" and not closed:
        assert html.escape(HOSTILE) in tab.markup
    if page == "agreement" and closed:
        assert html.escape(f"note {HOSTILE}") in tab.markup


def test_names_to_pick_from_at_the_sign_in_stay_text(hostile, sample, monkeypatch):
    tab = Tab(monkeypatch, sample).open("")
    check_literal(tab)
    assert html.escape(hostile[0].name) in tab.markup


def test_a_refusal_that_quotes_a_name_stays_text(cleo):
    tab = fill_in(cleo.open("rounds"), f"{'<b>Round</b>' * 20}", [ANA, BEN])
    check_literal(tab)
    tab = cleo.open("agreement", round="<script>alert(1)</script>")
    check_literal(tab)


def test_a_bad_file_with_a_hostile_name_stays_text(empty, monkeypatch):
    tab = Tab(monkeypatch, empty, "ana").open("import")
    tab.at.get("file_uploader")[0].upload("<script>.jsonl", b'{"<script>": 1}\n')
    tab.run().press("Import")
    assert "<script>" in tab.refusal.replace("&lt;", "<") or ".jsonl" in tab.refusal
    check_literal(tab)


# Planning


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
    assert "so it cannot be a pilot" in tab.refusal and "<script>" not in tab.markup
    assert "To show a kappa" in tab.text


def test_rounds_under_one_rubric_file_are_pooled_on_the_page_and_a_shared_draft_is_told(sample, monkeypatch):
    cleo, engine = person_named(sample, CLEO), sample
    for name, drafts in (("Pool 1", ("sample-23-1", "sample-24-1")), ("Pool 2", ("sample-24-1", "sample-25-1"))):
        made = opening.open_round(
            cleo, engine, RoundDesign(name, rubric=RUBRIC, annotators=[ANA, BEN], draft_ids=drafts, is_sample=True)
        )
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
    assert tab.title.startswith(f"Pool 1 + {CLOSED}") and "32 drafts" in tab.text
    assert tab.at.query_params["with"] in (CLOSED, [CLOSED])
    tab.at.multiselect[0].set_value(["Pool 2"])
    tab.run()
    assert "sample-24-1 was labelled in Pool 1 and in Pool 2" in tab.refusal and tab.title.startswith("Pool 1")
    again = Tab(monkeypatch, sample, CLEO).open("agreement", round="Pool 1", **{"with": CLOSED})
    assert again.title.startswith(f"Pool 1 + {CLOSED}")


def test_a_round_whose_few_drafts_one_still_labels_is_held_back_on_every_page_in_a_sentence(sample, monkeypatch):
    cleo = person_named(sample, CLEO)
    opening.open_round(
        cleo,
        sample,
        RoundDesign("few", rubric=RUBRIC, annotators=[ANA, BEN], draft_ids=("sample-23-1", "sample-24-1"), is_sample=True),
    )
    for who in (ANA, BEN):
        person = person_named(sample, who)
        while desk := next_draft.next_assignment(person, sample, "few"):
            labelling.save_labels(
                person, sample, desk.assignment, {each.key: 2 for each in desk.dimensions}, "", 0, f"{who} {desk.assignment}"
            )
    closing.close_round(cleo, sample, "few")
    opening.open_round(
        cleo, sample, RoundDesign("again", rubric=RUBRIC, annotators=[CLEO, BEN], draft_ids=("sample-23-1",), is_sample=True)
    )
    for page, asked in (
        ("agreement", {"round": "few"}),
        ("slices", {"round": "few"}),
        ("plan", {"round": "few"}),
        ("compare", {"before": "few", "after": CLOSED}),
    ):
        tab = Tab(monkeypatch, sample, CLEO).open(page, **asked)
        assert "some of which you are labelling in an open round" in tab.refusal, page
        assert tab.title and tab.at.get("plotly_chart") == []
    zoe = people.add_person(cleo, sample, "zoe").name  # labels nothing
    assert Tab(monkeypatch, sample, zoe).open("agreement", round="few").title.startswith("few")
