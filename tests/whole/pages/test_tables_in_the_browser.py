"""Tables on every width: cards on a phone, a region that scrolls elsewhere, and a table for whoever hears the page."""

import pytest
from playwright.sync_api import Page, expect

from db.engine import open_engine
from tests.support.browsing import bring_cookie, settled
from tests.support.sample_store import CLOSED, copied_sample
from workflow.people.people import person_named

PHONE, TABLET, DESK = ({"width": width, "height": 844} for width in (390, 660, 1366))


@pytest.fixture
def opened(server, page, tmp_path):
    """opened(address, size): a page of the sample, as wide as that."""
    engine = open_engine(copied_sample(tmp_path))
    app = server(engine)
    bring_cookie(page, app, engine, person_named(engine, "Sample Ana"))

    def opened(path: str, size: dict) -> Page:
        page.set_viewport_size(size)
        page.goto(app.url + path)
        expect(page.locator(".ts-table").first).to_be_visible()
        settled(page)
        return page

    yield opened
    engine.dispose()


def test_on_a_phone_a_row_is_a_card_and_is_still_heard_as_a_row_of_a_table(opened):
    page = opened(f"/agreement?round={CLOSED}", PHONE)
    table = page.get_by_role("table").first
    titles = table.get_by_role("columnheader")
    assert table.get_by_role("row").count() == 1 + 5 and "Threshold" in titles.all_inner_texts()
    cells = table.get_by_role("row").nth(1).locator("[role=rowheader], [role=cell]")
    assert cells.count() == titles.count()
    boxes = [cells.nth(place).bounding_box() for place in range(cells.count())]
    assert all(above["y"] + above["height"] <= below["y"] + 1 for above, below in zip(boxes, boxes[1:], strict=False))
    assert all(each["x"] >= 0 and each["x"] + each["width"] <= PHONE["width"] for each in boxes)
    assert titles.nth(1).inner_text() in cells.nth(1).evaluate("cell => getComputedStyle(cell, '::before').content")
    page.set_viewport_size(DESK)
    assert cells.nth(1).bounding_box()["y"] == cells.nth(0).bounding_box()["y"]


def test_a_wide_table_that_is_no_card_is_scrolled_by_keyboard(opened):
    page = opened(f"/slices?round={CLOSED}", TABLET)
    region = page.locator(".ts-wide").first
    page.keyboard.press("Tab")  # from here on only what scrolls is a stop
    assert region.evaluate("each => each.scrollWidth > each.clientWidth") and region.get_attribute("tabindex") == "0"
    expect(page.get_by_role("region", name=region.get_attribute("aria-label"))).to_have_count(1)
    region.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("each => each.scrollLeft > 0", arg=region.element_handle())
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    assert region.evaluate("each => each === document.activeElement && getComputedStyle(each).outlineStyle") == "solid"


def test_a_table_that_is_all_in_view_is_no_stop_for_the_tab_key(opened):
    page = opened("/people", DESK)
    page.keyboard.press("Tab")
    expect(page.locator(".ts-wide").first).to_have_attribute("tabindex", "-1")  # once reach.js has looked, 50 ms after a change


def test_a_row_that_names_a_dimension_leads_down_to_it(opened):
    page = opened(f"/agreement?round={CLOSED}", DESK)
    name = page.get_by_role("table").first.get_by_role("link").last.inner_text()
    page.get_by_role("table").first.get_by_role("link").last.press("Enter")
    expect(page.get_by_role("heading", name="One dimension")).to_be_focused()
    expect(page.get_by_role("heading", name="One dimension")).to_be_in_viewport()
    expect(page.get_by_role("radio", name=name, checked=True)).to_be_visible()
    assert "to=" not in page.url and "dimension=" in page.url
