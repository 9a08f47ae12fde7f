"""Every page under the rules of axe-core, on a desk and on a phone, in both looks; with one heading, a name on each control and
nothing that the browser refused; and none is wider than a phone of 320 pixels.

make axe        the same, with a table of what was found
"""

import os
import re

import pytest
from playwright.sync_api import expect

from scripts.axe import VERSION
from tests.support.axe_runs import SOURCE, STREAMLITS, Table, in_looks, named_controls, nameless
from tests.support.browsing import bring_cookie, settled
from tests.support.sample_store import with_sample
from tests.support.short_run import EVERYTHING
from ui.base.navigation import PAGES
from workflow.people import people

DESK, PHONE = 1366, 390
BOTH = ("light", "dark")
ALL_WAYS = {DESK: BOTH, PHONE: BOTH}
HEIGHTS = {DESK: 768, PHONE: 844, 320: 640}
GO = "path => { history.pushState({}, '', path); dispatchEvent(new PopStateEvent('popstate')) }"
WIDER = """() => [document.documentElement, document.querySelector("[data-testid=stMain]")]
  .some(part => part.scrollWidth > part.clientWidth + 1)"""
CHOICES_OUT_OF_SIGHT = """() => [...document.querySelectorAll("[data-testid=stMain] [role=radio]")]
  .filter(each => each.getBoundingClientRect().right > innerWidth).length"""
REACHED = """() => ![...document.querySelectorAll(".st-key-guide pre")]
  .some(part => part.scrollWidth > part.clientWidth + 1 && part.tabIndex !== 0)"""
STOPS_FOR_NOTHING = """() => [...document.querySelectorAll('.ts-wide[tabindex="0"]')]
  .filter(part => part.scrollWidth <= part.clientWidth).length"""


@pytest.fixture
def page(new_page):
    """A browser that asks for less motion: nothing is measured half faded in."""
    return new_page(color_scheme="light", reduced_motion="reduce")


def stands(page, width=DESK):
    """The page is drawn in that width, and what its programs still do to it is done."""
    page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
    settled(page)
    expect(page.locator(".ts-heading, .ts-progress, .ts-empty, .ts-sign-in").first).to_be_visible()
    page.wait_for_function("() => !document.querySelector('.ts-keys[data-waits], .stSkeleton, [data-testid=stSpinner]')")
    page.wait_for_timeout(100)  # reach.js looks 50 ms after the last change
    page.wait_for_function(REACHED)  # on a busy machine later
    settled(page)


def ways_of(store, place):
    """In which widths and looks the rules are asked of a page, by its place in the list; none: it is not opened.

    Colours are the same on a phone, and a page with nothing on it has none that a full one has not. The short run has each page
    full on a desk, every second one in the dark and on a phone as well, and the others empty on a phone.
    """
    if EVERYTHING:
        return ALL_WAYS
    if store == "full":
        return {DESK: ("light",)} if place % 2 else {DESK: BOTH, PHONE: ("light",)}
    return {PHONE: ("light",)} if place % 2 else {}


def look_at(page, address, table, ways=ALL_WAYS):
    for width, looks in ways.items():
        stands(page, width)
        for look, found in in_looks(page, looks):
            table.add(address, width, look, found)
        assert not page.evaluate(WIDER), f"/{address} scrolls sideways at {width}"
        assert page.evaluate(STOPS_FOR_NOTHING) == 0, f"Tab stops at a table of /{address} that shows all it has, at {width}"


def told(table):
    if os.environ.get("TOUCHSTONE_AXE_TABLE"):
        print(f"\n{table.lines()}")
    assert table.ours == [], "\n".join(table.ours)


def test_the_rules_are_those_of_the_version_that_is_named():
    assert re.match(rf"/\*! axe v{re.escape(VERSION)}\n", SOURCE.read_text(encoding="utf-8"))
    assert "Mozilla Public License" in (SOURCE.parent / "LICENSE").read_text(encoding="utf-8")


@pytest.mark.timeout(500)  # each page in two widths and two looks
@pytest.mark.parametrize("store", ["full", "empty"])
def test_every_page_keeps_the_rules_of_accessibility_and_fits_a_narrow_screen(store, sqlite_engine, server, page):
    if store == "full":
        with_sample(sqlite_engine)
    else:
        people.add_person(None, sqlite_engine, "ana")
    app = server(sqlite_engine)
    bring_cookie(page, app, sqlite_engine, people.everyone(sqlite_engine)[0]).goto(app.url)
    stands(page)
    table, too_wide, refused, headings = Table(store), [], [], set()
    page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    looked_at = {address: ways for place, (_, address, _) in enumerate(PAGES) if (ways := ways_of(store, place))}
    for address, ways in looked_at.items():
        page.evaluate(GO, f"/{address}")
        look_at(page, address, table, ways)
        assert page.url.partition("?")[0] == f"{app.url}/{address}"
        assert nameless(named_controls(page)) == [], address
        if address != "label":  # the draft is what it shows
            expect(page.get_by_role("heading", level=1)).to_have_count(1)
            headings.add(page.get_by_role("heading", level=1).inner_text())
        stands(page, 320)  # 1280 pixels at 400 %: WCAG 2.2, 1.4.10
        too_wide += [address] * (page.evaluate(WIDER) or page.evaluate(CHOICES_OUT_OF_SIGHT) > 0)
    told(table)
    assert len(headings) == len(looked_at) - ("label" in looked_at), "each is another page"
    assert [said for said in refused if "Content Security Policy" in said or "Refused to" in said] == []
    assert store == "empty" or table.listed == set(range(len(STREAMLITS))), "what is listed as Streamlit's is still found"
    assert too_wide == [], "at 320 pixels the page scrolls sideways, or a choice is out of sight"


def test_the_sign_in_keeps_them_too(sqlite_engine, server, page):
    people.add_person(None, sqlite_engine, "ana")
    app = server(sqlite_engine)
    page.goto(app.url)
    table = Table("signed out")
    look_at(page, "", table)
    told(table)
    stands(page, 320)
    assert not page.evaluate(WIDER)
