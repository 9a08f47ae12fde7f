"""Rounds asks once before a round is closed, and offers to reopen it until somebody has read what it kept back."""

import pytest

from tests.support.page_tab import HOSTILE, Tab
from tests.support.small_stores import label_all, opened, people, save, skip_draft, stock
from ui.rounds.closing import what_it_means
from workflow.agreement.reports import agreement_of_rounds
from workflow.labelling.next_draft import next_assignment
from workflow.maintenance.store_check import check_store
from workflow.rounds.closing import close_round
from workflow.rounds.design import RoundDesign
from workflow.rounds.opening import open_round
from workflow.rounds.rounds import all_rounds

LEVELS = {"d01": (1, 1), "d02": (2, 2), "d03": (3, 3)}


@pytest.fixture
def team(empty):
    """A round of three drafts; ana has labelled one and skipped another, ben all three."""
    lead, ana, ben = people(empty, "lead", "ana", "ben")
    stock(empty, lead, 3)
    opened(empty, lead)
    save(empty, ana, "d01", (1, 2))
    skip_draft(empty, ana, "d02", "cannot judge")
    label_all(empty, ben, LEVELS)
    return lead, ana, ben


def is_open(engine) -> bool:
    return all_rounds(engine)[0].is_open


def test_the_question_says_what_closing_means_and_nothing_happens_until_it_is_answered(empty, team, monkeypatch):
    tab = Tab(monkeypatch, empty, "lead").open("rounds").press("Close early")
    for words in (
        "everyone in the project can read its labels, and nobody can label or correct in it any more",
        "It has 3 drafts: ana has 1 draft left.",
        "2 labels will be missing",
        "1 skip counts as missing, too",
        "take it back here, under Rounds, until anybody has read its labels",
    ):
        assert words in tab.text
    assert is_open(empty)
    assert "Close it early" not in tab.press("Keep it open").text and is_open(empty)
    assert "Close it early" not in Tab(monkeypatch, empty, "lead").open("rounds").text


def test_of_a_round_in_which_everyone_is_done_nothing_is_missing(empty, team):
    lead, ana, _ = team
    save(empty, ana, "d02", (1, 1))
    save(empty, ana, "d03", (1, 1))
    said = what_it_means(all_rounds(empty)[0])
    assert said[1] == "It has 3 drafts: ana and ben are done." and len(said) == 3
    close_round(lead, empty, "pilot")
    open_round(lead, empty, RoundDesign("again", kind="retest", of="pilot", annotators=["ana"], force=True))
    of_retest = what_it_means(all_rounds(empty)[0])
    assert "6 labels will be missing" in of_retest[2] and "settled" not in of_retest[2], "a retest has no gold"


def test_a_reason_that_is_missing_is_asked_for_at_the_question(empty, team, monkeypatch):
    tab = Tab(monkeypatch, empty, "lead").open("rounds").press("Close early").press("Close it early")
    assert "close it early with a reason" in tab.refusal and "Close it early" in tab.text and is_open(empty)
    assert tab.press("Keep it open").refusal == ""
    assert tab.press("Close early").refusal == "", "it is asked anew"


def test_who_closed_is_offered_to_reopen_until_somebody_reads(empty, team, monkeypatch):
    tab = Tab(monkeypatch, empty, "lead").open("rounds").press("Close early")
    tab.field("text_input", "early-pilot").set_value("by mistake")
    tab.press("Close it early")
    assert "pilot is closed." in tab.done and not is_open(empty)
    assert "Reopen it" in tab.text and "nobody has read its labels yet" in tab.text
    for name, page in (("ana", "rounds"), ("ana", "my-labels"), ("ana", ""), ("lead", ""), ("lead", "label")):
        assert "Reopen it" not in Tab(monkeypatch, empty, name).open(page).text, (
            "nobody else is, and looking around reads nothing"
        )
    tab = Tab(monkeypatch, empty, "lead").open("rounds")  # as after a refresh
    tab.press("Reopen it")
    assert "pilot is open again" in tab.done and is_open(empty)
    assert "reopened" in tab.text and "by lead, before anybody had read its labels" in tab.text
    assert next_assignment(team[1], empty, "pilot") is not None
    assert check_store(empty) == []


@pytest.mark.parametrize(
    "page", ["agreement", "adjudicate", "gold", "slices", "scorer", "findings", "revision", "plan", "effect"]
)
def test_a_page_that_shows_what_the_round_kept_back_ends_the_offer(page, empty, team, monkeypatch):
    lead, ana, _ = team
    save(empty, ana, "d02", (1, 1))
    save(empty, ana, "d03", (1, 1))
    close_round(lead, empty, "pilot")
    before = Tab(monkeypatch, empty, "lead").open("rounds")
    assert "Reopen it" in before.text
    Tab(monkeypatch, empty, "ben").open(page)
    assert "Reopen it" not in Tab(monkeypatch, empty, "lead").open("rounds").text


def test_an_offer_that_came_too_late_is_refused_in_a_sentence(empty, team, monkeypatch):
    lead, *_ = team
    close_round(lead, empty, "pilot", early="by mistake")
    tab = Tab(monkeypatch, empty, "lead").open("rounds")
    agreement_of_rounds(None, empty, ["pilot"], opinion=False)
    tab.press("Reopen it")
    assert "pilot stays closed: its labels were first read on" in tab.refusal and not is_open(empty)


def test_a_rounds_name_is_drawn_as_text_in_the_question_and_the_notice(empty, team, monkeypatch):
    lead, *_ = team
    name = HOSTILE[:75]
    opened(empty, lead, name)
    close_round(lead, empty, "pilot", early="out of the way")
    tab = Tab(monkeypatch, empty, "lead").open("rounds").press("Close early")
    tab.field("text_input", f"early-{name}").set_value("enough")
    tab.press("Close it early")
    assert name in tab.text and "<script>" not in tab.markup and not all_rounds(empty)[0].is_open


def test_enter_in_the_reason_closes_early(new_page, server, sqlite_engine):
    from tests.support.browsing import expect, settled, sign_in

    lead, *_ = people(sqlite_engine, "lead", "ana", "ben")
    stock(sqlite_engine, lead, 1)
    opened(sqlite_engine, lead)
    page = new_page()
    sign_in(page, server(sqlite_engine), "lead", "/rounds")
    settled(page)
    page.get_by_role("button", name="Close early").click()
    reason = page.get_by_role("dialog").get_by_label("Reason for closing early")
    reason.fill("ana is away")
    reason.press("Enter")
    expect(page.get_by_role("status").filter(has_text="pilot is closed")).to_be_visible()
    assert not is_open(sqlite_engine)


def test_the_question_takes_the_keys_and_gives_the_focus_back(new_page, server, sqlite_engine):
    from tests.support.browsing import expect, settled, sign_in

    lead, ana, ben = people(sqlite_engine, "lead", "ana", "ben")
    stock(sqlite_engine, lead, 1)
    opened(sqlite_engine, lead)
    for person in (ana, ben):
        save(sqlite_engine, person, "d01", (1, 1))
    page = new_page(color_scheme="dark")
    sign_in(page, server(sqlite_engine), "lead", "/rounds")
    settled(page)
    closes, asked = page.get_by_role("button", name="Close the round"), page.get_by_role("dialog")
    closes.focus()
    page.keyboard.press("Enter")
    expect(asked).to_contain_text("nobody can label or correct in it any more")
    of_text = "button => getComputedStyle(button.querySelector('p')).color"
    assert asked.get_by_role("button", name="Close it").evaluate(of_text) == closes.evaluate(of_text), "it stands outside the app"
    page.keyboard.press("Tab")  # the cross
    page.keyboard.press("Tab")
    expect(asked.get_by_role("button", name="Close it")).to_be_focused()
    page.keyboard.press("Escape")
    expect(asked).to_have_count(0)
    expect(closes).to_be_focused()
    assert is_open(sqlite_engine)
    settled(page)
    page.keyboard.press("Enter")
    asked.get_by_role("button", name="Close it").press("Enter")
    expect(page.get_by_role("status").filter(has_text="pilot is closed")).to_be_visible()
    expect(asked).to_have_count(0)
    page.reload()
    page.get_by_role("button", name="Reopen it").press("Enter")
    expect(page.get_by_role("status").filter(has_text="pilot is open again")).to_be_visible()
    assert is_open(sqlite_engine)
