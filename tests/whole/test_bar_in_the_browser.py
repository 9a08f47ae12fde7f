"""The bar in a real browser: it fits, marks where one is, is gone through by Tab, and its links keep the tab."""

import pytest

from tests.support.browsing import bring_cookie, expect, settled
from tests.support.sample_store import CLEO, CLOSED, OPEN, with_sample
from tests.support.short_run import EVERYTHING
from ui.base.navigation import GROUP_OF, GROUPS, PAGES, WITHOUT_ROW
from workflow.people.people import person_named
from workflow.projects import renaming

LONG = "a name so long that a bar has no room for it, whichever"
GO = "path => { history.pushState(null, '', path); dispatchEvent(new PopStateEvent('popstate')) }"
FITS = """() => [document.documentElement, document.querySelector('.ts-top'), document.querySelector('.stMain')].every(
    each => each.scrollWidth <= each.clientWidth) && document.documentElement.scrollWidth <= innerWidth"""
# The last of each group, which is furthest out; every page in the whole run.
LAST = [*{GROUP_OF[file.rpartition("/")[2]]: (file, address, title) for file, address, title in PAGES}.values()]
WIDTHS = (1920, 1024, 820, 683, 390)  # 683 is 1366 drawn twice as large
TWICE_DRAWN = "() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(drawn))))"
AT = "() => document.activeElement.closest('.ts-menu')?.className ?? document.activeElement.innerText.trim()"
ONE_SCROLL = """menu => {
  const { left, right } = menu.getBoundingClientRect()
  const boxes = [...menu.querySelectorAll("strong, a, button")].map(each => each.getBoundingClientRect())
  return menu.scrollWidth <= menu.clientWidth && menu.scrollHeight > menu.clientHeight
    && boxes.every(box => box.left >= left && box.right <= right)
}"""


@pytest.fixture
def cleo(sqlite_engine, server, page):
    with_sample(sqlite_engine)
    app = server(sqlite_engine)
    bring_cookie(page, app, sqlite_engine, person_named(sqlite_engine, CLEO))
    return app


def at(page, app, address: str):
    page.goto(f"{app.url}/{address}")
    expect(page.locator(".ts-round")).to_be_visible()
    settled(page)


def test_the_bar_fits_and_marks_the_page_on_every_page_whatever_the_names(cleo, page, sqlite_engine):
    person = person_named(sqlite_engine, CLEO)
    renaming.rename_round(person, sqlite_engine, CLOSED, f"Round, {LONG}")
    renaming.rename_project(person, sqlite_engine, "Sample", f"Sample, {LONG}")
    renaming.rename_person(person, sqlite_engine, CLEO, f"Cleo, {LONG}".replace(",", ""))
    at(page, cleo, "")
    for file, address, title in PAGES if EVERYTHING else LAST:
        page.evaluate(GO, f"/{address}")
        settled(page)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 844})
            page.evaluate(TWICE_DRAWN)
            bar_fits(page, file, title, width)
    page.locator(".ts-all summary").click()
    assert page.locator(".ts-all nav a").count() == len(PAGES)
    assert min(page.locator(".ts-all nav a").evaluate_all("all => all.map(each => each.offsetHeight)")) >= 44
    for height in (844, 667):
        page.set_viewport_size({"width": 390, "height": height})
        assert page.locator(".ts-all nav").evaluate(ONE_SCROLL), f"the menu is read downwards alone, 390 by {height}"
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Who is labelling?")).to_be_visible()


def bar_fits(page, file: str, title: str, width: int):
    assert page.evaluate(FITS), (file, width)
    name = file.rpartition("/")[2]
    group, row = page.locator(".ts-groups [aria-current]"), page.locator(".ts-pages [aria-current]")
    expect(group).to_have_text(GROUP_OF[name])
    if len(GROUPS[GROUP_OF[name]]) > 1 and name not in WITHOUT_ROW:
        expect(row).to_have_text(title)
        assert row.get_attribute("aria-current") == "page"
        box = row.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= width, f"the page one is at is in sight: {title}, {width}"
    if width < 800:
        heights = page.locator(".ts-top summary, .ts-pages a").evaluate_all("all => all.map(each => each.offsetHeight)")
        assert min(heights) >= 44


def test_tab_goes_through_the_bar_in_its_order_and_past_it_at_the_first_stop(cleo, page):
    at(page, cleo, f"gold?round={CLOSED}")
    stops = []
    for _ in range(len(GROUPS) + len(GROUPS["Rounds"]) + 5):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(AT))
    assert stops[:4] == ["Skip to the content", "Touchstone", "ts-menu ts-project", "ts-menu ts-round"]
    assert stops[4:] == [*GROUPS, "Sign out", *(title for *_, title in GROUPS["Rounds"])]
    page.keyboard.press("Tab")
    assert page.evaluate("() => !document.activeElement.closest('.ts-top, .ts-pages')"), "the content follows"
    page.locator(".ts-skip").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("() => !document.activeElement.closest('.ts-top, .ts-pages')")


def test_a_link_keeps_the_tab_and_the_round_and_back_leads_back(cleo, page):
    at(page, cleo, f"agreement?round={CLOSED}")
    page.evaluate("() => { window.theSame = true }")
    page.locator(".ts-pages").get_by_role("link", name="Gold").click()
    expect(page.get_by_role("heading", name=f"Gold of {CLOSED}", level=1)).to_be_focused()
    page.locator(".ts-groups").get_by_role("link", name="Home").click()
    expect(page.get_by_role("heading", name="Hello", level=1)).to_be_visible()
    assert page.locator(".ts-round summary").inner_text() == CLOSED
    settled(page)
    page.go_back()
    expect(page.get_by_role("heading", name=f"Gold of {CLOSED}", level=1)).to_be_visible()
    assert page.evaluate("() => window.theSame"), "nothing was loaded anew"


def test_the_round_is_changed_in_the_bar_and_the_page_follows(cleo, page):
    at(page, cleo, f"rounds?round={OPEN}")
    page.locator(".ts-round summary").click()
    menu = page.get_by_role("navigation", name="Rounds", exact=True)
    expect(menu).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu).not_to_be_visible()
    expect(page.locator(".ts-round summary")).to_be_focused()
    page.keyboard.press("Enter")
    menu.get_by_role("link", name=CLOSED).click()
    expect(page.locator(".ts-round summary")).to_have_text(CLOSED)
    expect(page.locator(".ts-section").first).to_contain_text(CLOSED)
    expect(menu).not_to_be_visible()
    page.reload()
    expect(page.locator(".ts-round summary")).to_have_text(CLOSED)
