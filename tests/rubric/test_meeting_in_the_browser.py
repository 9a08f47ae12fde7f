"""A revision meeting in a real browser: by keyboard alone, what is told, and what is in view."""

import re

import pytest
from playwright.sync_api import expect

from db.engine import open_engine
from tests.support.browsing import bring_cookie, settled
from tests.support.by_keyboard import SIZES, expect_told, expect_whole_or_faded, sign_in_by_keyboard, tab_to
from tests.support.sample_store import CLOSED, copied_sample
from workflow.people.people import person_named
from workflow.rubric import meetings

CLEO, KEY = "Sample Cleo", "personalization_depth"
WORDS = ("A name alone is 1.", "An amount counts where something follows from it.")


@pytest.fixture
def engine(tmp_path):
    opened = open_engine(copied_sample(tmp_path))
    yield opened
    opened.dispose()


@pytest.fixture
def app(server, engine):
    return server(engine)


def box(page):
    return page.get_by_role("textbox", name="Decision: what the rubric should say, so that this draft has one level")


def test_a_meeting_decides_on_two_drafts_by_keyboard_alone_and_whoever_hears_the_page_is_told(app, page, engine):
    cleo = person_named(engine, CLEO)
    points = meetings.meeting(cleo, engine, CLOSED, KEY).points
    sign_in_by_keyboard(page, app, CLEO, "/revision")
    tab_to(page, box(page))
    page.keyboard.type(WORDS[0])
    page.keyboard.press("Control+Enter")
    expect_told(
        page, f"The decision on {points[0].draft_id} is kept. Next: 1 against 2 · 2 of 4 · {points[1].draft_id}, not decided yet."
    )
    expect(page.locator(".ts-heading p")).to_have_text("Personalization: 8 disagreements, 1 decided.")
    expect(page).to_have_url(re.compile(f"dimension={KEY}&draft={points[1].draft_id}$"))
    settled(page)
    expect(box(page)).to_be_focused()
    expect(box(page)).to_have_value("")
    page.keyboard.type(WORDS[1])
    page.keyboard.press("Control+Enter")
    expect_told(
        page, f"The decision on {points[1].draft_id} is kept. Next: 1 against 2 · 3 of 4 · {points[2].draft_id}, not decided yet."
    )
    settled(page)  # until then the box of the draft before stands beside the new one
    expect(box(page)).to_be_focused()
    expect(page.locator(".ts-heading p")).to_have_text("Personalization: 8 disagreements, 2 decided.")
    page.keyboard.press("Control+Enter")
    expect_told(
        page,
        f"{points[2].draft_id} is left without a decision. Next: 1 against 2 · 4 of 4 · {points[3].draft_id}, not decided yet.",
    )
    settled(page)
    expect(box(page)).to_be_focused()
    made = meetings.meeting(cleo, engine, CLOSED, KEY).points
    assert [point.said.words for point in made if point.said] == list(WORDS)


def test_of_all_disagreements_the_one_on_the_table_stands_out_and_each_says_what_stands_of_it(app, page, engine):
    bring_cookie(page, app, engine, person_named(engine, CLEO)).goto(f"{app.url}/revision")
    settled(page)
    rows = page.get_by_role("table").locator("tbody tr")
    expect(rows).to_have_count(8)
    expect(page.get_by_role("table").get_by_role("rowheader")).to_have_count(8)
    expect(page.locator(".ts-marked")).to_have_count(1)
    expect(rows.first.get_by_role("cell").last).to_have_text("on the table: not decided yet")
    expect(rows.nth(1).get_by_role("cell").last).to_have_text("not decided yet")
    said = page.get_by_role("region", name="The anchors and what was said")
    for words in (
        "Sample Ana: 2 Signal detail",
        "Sample Ben: 1 Company name",
        "Adjudicated: 2 Signal detail",
        "Scorer: 2 Signal detail",
    ):
        expect(said).to_contain_text(words)


@pytest.mark.parametrize("size", SIZES, ids="{0[0]}x{0[1]}".format)
def test_the_decision_is_in_view_without_scrolling_and_what_is_cut_off_says_so(app, page, engine, size):
    page.set_viewport_size({"width": size[0], "height": size[1]})
    bring_cookie(page, app, engine, person_named(engine, CLEO)).goto(f"{app.url}/revision")
    settled(page)
    assert page.locator(".stMain").evaluate("main => main.scrollTop") == 0
    for part in (box(page), *(page.get_by_role("button", name="Keep and next"), page.get_by_text("Discussed", exact=True))):
        expect(part).to_be_in_viewport(ratio=1)
    for name in ("The task", "The draft", "The anchors and what was said"):
        expect_whole_or_faded(page.get_by_role("region", name=name))
    expect(page.get_by_text("A decision, or a tick")).to_be_in_viewport()  # that there is more below can be seen


def test_on_a_phone_the_button_of_the_meeting_stays_in_reach_while_the_draft_is_read(app, page, engine):
    page.set_viewport_size({"width": 390, "height": 844})
    bring_cookie(page, app, engine, person_named(engine, CLEO)).goto(f"{app.url}/revision")
    settled(page)
    expect(page.get_by_role("button", name="Keep and next")).to_be_in_viewport(ratio=1)
    for part in (".ts-task", ".ts-draft", ".ts-said"):
        assert page.locator(part).evaluate("part => part.scrollHeight <= part.clientHeight + 1"), part
    assert page.locator(".stMain").evaluate("main => main.scrollWidth <= main.clientWidth")
    page.locator(".stMain").evaluate("main => main.scrollTo(0, main.scrollHeight)")
    expect(page.get_by_role("button", name="Keep and next")).not_to_be_in_viewport()  # it is no button of the note's
