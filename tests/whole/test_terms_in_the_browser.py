"""What a term means is shown on hover and on focus, whole within the window, and goes with Escape."""

import pytest
from playwright.sync_api import Page, expect

from tests.support.browsing import bring_cookie, settled
from tests.support.sample_store import CLEO, CLOSED, with_sample
from workflow.people.people import person_named

WITHIN = """() => { const { left, right, top, bottom } = document.querySelector(".ts-tip").getBoundingClientRect()
  return left >= 0 && right <= innerWidth && top >= 0 && bottom <= innerHeight }"""


def meaning_of(page: Page):
    return page.locator(".ts-tip")


@pytest.mark.parametrize("size", [(1366, 768), (390, 844)])
def test_a_term_explains_itself_on_hover_and_focus_within_the_window(sqlite_engine, server, page, size):
    with_sample(sqlite_engine)
    app = server(sqlite_engine)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    bring_cookie(page, app, sqlite_engine, person_named(sqlite_engine, CLEO)).goto(f"{app.url}/agreement?round={CLOSED}")
    # On a phone rows are cards: their headers are heard, and the caption above them is seen.
    terms = page.locator("table.ts-table th .ts-term" if size[0] > 640 else ".ts-caption .ts-term")
    expect(terms.first).to_be_visible()
    settled(page)
    shown = meaning_of(page)
    for number in range(terms.count()):
        term = terms.nth(number)
        term.scroll_into_view_if_needed()
        term.focus()
        expect(shown).to_be_visible()
        expect(shown).to_contain_text(term.get_attribute("aria-description"))
        assert page.evaluate(WITHIN), term.inner_text()
    page.keyboard.press("Escape")
    expect(shown).to_be_hidden()
    if size[0] > 1000:
        page.mouse.move(0, 0)
        terms.first.hover()
        expect(shown).to_be_visible()
        shown.hover()
        page.wait_for_timeout(400)
        expect(shown).to_be_visible()
        page.mouse.move(2, 2)
        expect(shown).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
