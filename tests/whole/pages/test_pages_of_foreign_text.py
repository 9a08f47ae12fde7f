"""Text from outside is data on every page."""

import html
import json
import re

import pytest
from markupsafe import escape

from tests.support.page_tab import HOSTILE, Tab, label_of
from tests.support.pages_list import PAGES
from tests.support.sample_store import ANA, BEN, RUBRIC
from tests.whole.pages.test_pages import fill_in
from ui.base.panels import literal
from ui.people import guide
from workflow.data import task_import
from workflow.labelling import labelling, next_draft, own_labels
from workflow.people import people
from workflow.people.people import person_named
from workflow.rounds import closing, opening
from workflow.rounds.design import RoundDesign


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
        eve, sample, RoundDesign("<b>Round</b> $x$ :smile: **b**", rubric=RUBRIC, annotators=[eve.name, ana.name])
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


# The guide alone is drawn as Markdown, and word for word as docs/ have it.
OURS = {guide.contents_line(), *(words.strip() for part in guide.parts() for words in part)}


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
        drawn = [each.value for each in tab.at.get(kind)]
        assert [each for each in drawn if each.strip() not in OURS] == [], f"{kind} draws Markdown"


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
    tab.run()
    assert html.escape("<script>.jsonl") in tab.markup and "column is mapped as the text to judge" in tab.text
    check_literal(tab)


@pytest.mark.parametrize(
    "text",
    ["https://a.example/x_y?q=a&b=c#d", "see http://x and www.a.example", "10:30", "tone:3, a:red[x]", "a: b", "\\_*`~$<|>"],
)
def test_what_a_label_says_is_shown_and_copied_letter_by_letter(text):
    escaped = literal(text)
    assert re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", escaped) == text  # as Markdown takes the marks off; nothing is put in
    assert not re.search("[a-z]://", escaped)  # or Streamlit makes a link of it before it takes them off, and shows them within


def test_no_emoji_and_no_icon_come_of_a_label():
    for text in (":smile:", ":+1:", ":material/home:", "a:b:c"):
        assert "\u2060" in literal(text)
