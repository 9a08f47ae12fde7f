"""The page Drafts: boxes and address say the same, rows lead to their drafts, and what is held back is not on it."""

import re

from tests.support.page_tab import HOSTILE, Tab
from tests.support.sample_store import CLOSED, OPEN
from tests.support.small_stores import CTA, TONE, draft, jsonl, label_all, opened, people, stock, task
from ui.base.navigation import TITLES
from workflow.data.task_import import import_drafts, import_tasks
from workflow.labelling.labelling import query
from workflow.labelling.own_labels import assignment_of
from workflow.rounds import draft_list
from workflow.rounds.closing import close_round

CLEO, ANA = "Sample Cleo", "Sample Ana"


def ids(tab: Tab) -> list[str]:
    return re.findall(r'<th role="rowheader"[^>]*data-label="Draft"><a [^>]*>([^<]+)</a>', tab.markup)


def address(tab: Tab) -> dict[str, str]:
    """What stands in the address, of one value each."""
    values = {key: tab.at.query_params[key] for key in tab.at.query_params if key != "project"}
    return {key: value if isinstance(value, str) else value[0] for key, value in values.items()}


def test_the_list_is_narrowed_by_its_address_which_says_what_its_boxes_say(sample, monkeypatch):
    tab = Tab(monkeypatch, sample, CLEO).open("drafts", round=CLOSED, state="disagreement")
    assert "18 drafts of 30 in the round, which is closed." in tab.text and len(ids(tab)) == 18
    assert tab.field("selectbox", "drafts-state").value == "disagreement"
    tab.field("text_input", "drafts-search").set_value(ids(tab)[0])
    tab.run()
    assert len(ids(tab)) == 1 and address(tab)["search"] == ids(tab)[0] and "part" not in address(tab)
    tab.field("text_input", "drafts-search").set_value("")
    tab.field("multiselect", "drafts-by").set_value(["difficulty=hard"])
    tab.run()
    copied = address(tab)
    assert copied == {"round": CLOSED, "state": "disagreement", "by": "difficulty=hard"}
    assert ids(Tab(monkeypatch, sample, CLEO).open("drafts", **copied)) == ids(tab) != []
    tab.open("drafts", round=CLOSED, sort="differing", state="nothing there is", dimension="nor this", part="x")
    assert len(ids(tab)) == 30 and {*address(tab)} == {"round", "sort"}


def test_a_row_leads_to_its_draft_and_a_cell_that_waits_to_adjudicate(sample, monkeypatch):
    tab = Tab(monkeypatch, sample, CLEO).open("drafts", round=CLOSED, state="undecided")
    draft_id = ids(tab)[0]
    assert f"/drafts?round=Sample+round+1&amp;draft={draft_id}&amp;state=undecided" in tab.markup
    tab.open("drafts", round=CLOSED, draft=draft_id, state="undecided")
    assert tab.title.startswith(f"{draft_id} in {CLOSED}") and "Labelled by 2 of 2; the round is closed." in tab.text
    assert "system-" in tab.text and "Findings" in tab.labels
    (to, *_) = re.findall(r'href="/adjudicate\?([^"]*draft=[^"]+)"', tab.markup)
    query_ = dict(each.split("=") for each in to.replace("&amp;", "&").replace("+", " ").split("&"))
    tab.open("adjudicate", **query_)
    assert f"{query_['draft']} / {query_['dimension']}" == tab.field("selectbox", "cell-").value


def test_an_annotator_of_an_open_round_sees_no_author_on_the_page(sample, monkeypatch):
    tab = Tab(monkeypatch, sample, ANA).open("drafts", round=OPEN)
    assert "22 drafts held back: you label them in an open round." in tab.text
    assert "system-" not in tab.text and "Author and fields" in tab.labels and "On the dimension" not in tab.labels
    tab.open("drafts", round=OPEN, draft=ids(tab)[0])
    assert "Who wrote it, how far others are and what was asked about it is told once" in tab.text
    assert "system-" not in tab.text and "Not shown to annotators" not in tab.text and "Findings" not in tab.labels
    tab = Tab(monkeypatch, sample, CLEO).open("drafts", round=OPEN, state="agreed", dimension="tone_compliance")
    assert "system-" in tab.text and len(ids(tab)) == 22 and "22 drafts in the round, which is open." in tab.text


def test_the_pages_of_a_long_list_are_turned_and_narrowing_begins_with_the_first(empty, monkeypatch):
    monkeypatch.setattr(draft_list, "AT_ONCE", 2)
    monkeypatch.setattr("ui.rounds.draft_filter.AT_ONCE", 2)
    (lead, *_) = people(empty, "lead", "cleo", "ben")
    stock(empty, lead, 5)
    opened(empty, lead, annotators=["cleo", "ben"])
    tab = Tab(monkeypatch, empty, "lead").open("drafts").press("Later")
    assert ids(tab) == ["d03", "d04"] and "3 to 4 of 5 drafts" in tab.text and address(tab)["part"] == "2"
    tab.press("Later")
    assert ids(tab) == ["d05"]
    tab.field("text_input", "drafts-search").set_value("draft")
    tab.run()
    assert ids(tab) == ["d01", "d02"]
    assert ids(tab.open("drafts", part="3")) == ["d05"]


def test_text_from_outside_is_drawn_as_text(empty, monkeypatch):
    lead, ana, ben = people(empty, "lead", "ana", "ben")
    import_tasks(lead, empty, jsonl(task(1, plan=HOSTILE), task(2, plan="free")), "t.jsonl")
    import_drafts(lead, empty, jsonl(draft(1, author=HOSTILE, text=HOSTILE), draft(2)), "d.jsonl")
    opened(empty, lead, draft_ids=["d01", "d02"])
    query(ben, empty, assignment_of(ben, empty, "pilot", "d01"), HOSTILE)
    for person in (ana, ben):
        label_all(empty, person, {"d01": (1, 1), "d02": (1, 2)})
    close_round(lead, empty, "pilot")
    tab = Tab(monkeypatch, empty, "lead").open("drafts", round="pilot", dimension=TONE, sort="author")
    assert "<script>" not in tab.markup
    tab.open("drafts", round="pilot", draft="d01")
    assert "<script>" not in tab.markup and tab.text.count("alert(1)") >= 3 and CTA not in tab.title


def test_without_a_round_the_page_says_how_to_begin(empty, monkeypatch):
    tab = Tab(monkeypatch, empty, "ana").open("drafts")
    assert tab.title == "No round yet, so there are no drafts to list" and "Open a round" in tab.labels


def test_an_address_that_names_nothing_leads_back_to_its_list(sample, monkeypatch):
    tab = Tab(monkeypatch, sample, ANA)
    for page, asked in (("drafts", {"draft": "nope"}), ("my_labels", {"read": "nope"}), ("my_labels", {"read": "99999"})):
        tab.open(page.replace("_", "-"), round=CLOSED, **asked)
        assert tab.title == TITLES[page] and "Back to the list" in tab.labels
        assert "no draft" in tab.refusal, tab.refusal


def test_home_of_a_round_whose_drafts_have_one_label_each_names_no_dimension_as_agreed(empty, monkeypatch):
    lead, _, ben = people(empty, "lead", "ana", "ben")
    stock(empty, lead, 2)
    opened(empty, lead)
    label_all(empty, ben, {"d01": (1, 1), "d02": (1, 1)})
    close_round(lead, empty, "pilot", early="ana is away")
    tab = Tab(monkeypatch, empty, "lead").open("agreement", round="pilot")
    tab.open("")
    assert "pilot: closed" in tab.text and "no agreement is defined" in tab.text and "flagged" not in tab.text
