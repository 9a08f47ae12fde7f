"""The Scorer page by keyboard: a cell is chosen without a mouse, kept in the address, and leads to a draft's findings; and what
of these is in view."""

import re

import pytest
from playwright.sync_api import expect

from db.engine import open_engine
from tests.support.browsing import bring_cookie, settled
from tests.support.by_keyboard import expect_whole_or_faded
from tests.support.sample_store import copied_sample
from workflow.people.people import person_named


@pytest.mark.whole_run("pages without a browser choose a cell, keep it in the address and lead to the findings")
def test_a_cell_is_chosen_by_keyboard_kept_by_a_refresh_and_leads_to_the_findings(server, page, tmp_path):
    engine = open_engine(copied_sample(tmp_path))
    app = server(engine)
    bring_cookie(page, app, engine, person_named(engine, "Sample Cleo"))
    page.goto(f"{app.url}/scorer?rubric=tenacious-v2&dimension=personalization_depth")
    settled(page)  # its first run brings in statsmodels and RE2, which takes seconds
    cell = page.get_by_role("combobox", name="Cell")
    cell.focus()
    page.keyboard.type("Gold 2, scorer 1")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("cell=2-1"))
    settled(page)
    expect(page.get_by_text("Gold 2, scorer 1: 3 drafts. Each draft links")).to_be_visible()
    expect(cell).to_be_focused()  # the box keeps it
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.reload()
    expect(page.get_by_text("Gold 2, scorer 1: 3 drafts. Each draft links")).to_be_visible()
    draft = page.locator(".ts-table a").last
    name = draft.inner_text()
    draft.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=re.compile(f"Findings in {name}"))).to_be_visible()
    assert "rubric=tenacious-v2" in page.url and "dimension=personalization_depth" in page.url
    page.go_back()
    expect(page.get_by_text("Gold 2, scorer 1: 3 drafts. Each draft links")).to_be_visible()
    engine.dispose()


def test_findings_stand_beside_their_draft_and_on_a_phone_one_page_scrolls(server, page, tmp_path):
    engine = open_engine(copied_sample(tmp_path))
    app = server(engine)
    bring_cookie(page, app, engine, person_named(engine, "Sample Cleo"))
    page.goto(f"{app.url}/findings")
    settled(page)
    regions = [page.get_by_role("region", name=name) for name in ("The task", "The draft with what the checks found")]
    for region in regions:
        expect_whole_or_faded(region)
        expect(region).to_be_in_viewport(ratio=1)
    page.locator(".ts-found li").last.scroll_into_view_if_needed()
    expect(regions[1]).to_be_in_viewport(ratio=0.9)  # number by number, against the text
    for width, height in [(390, 844), (820, 1180)]:
        page.set_viewport_size({"width": width, "height": height})
        for region in regions:
            assert region.evaluate("region => region.scrollHeight <= region.clientHeight + 1"), f"cut off at {width}"
            assert region.bounding_box()["width"] > 0.8 * width
        assert page.locator(".stMain").evaluate("main => main.scrollWidth <= main.clientWidth")
    engine.dispose()
