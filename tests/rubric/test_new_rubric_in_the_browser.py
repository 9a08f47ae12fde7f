"""A new rubric in a real browser: what is shown of one begun again is what is kept of it."""

import pytest
from playwright.sync_api import expect

from db.engine import open_engine
from tests.support.browsing import bring_cookie, copied_project, settled
from tests.support.small_stores import people
from workflow.rubric.unfinished_version import before_first, unfinished


@pytest.fixture
def at(page, server, sqlite_store_url, tmp_path):
    engine = open_engine(sqlite_store_url)
    app = server(engine, copied_project(tmp_path / "project"))
    (ana,) = people(engine, "ana")
    bring_cookie(page, app, engine, ana)
    page.goto(app.url + "/new-rubric?from=empty")
    settled(page)
    yield page, lambda: unfinished(ana, engine, before_first("zz-repro"))
    engine.dispose()


def test_a_rubric_begun_again_under_its_name_has_its_own_words_in_its_boxes(at):
    page, kept = at
    for _ in range(2):
        if page.get_by_text("Nothing", exact=True).count():
            page.get_by_text("Nothing", exact=True).click()
            settled(page)
        page.get_by_label("Name", exact=True).fill("zz-repro")
        page.keyboard.press("Tab")
        settled(page)
        page.get_by_role("button", name="Begin with one dimension").click()
        settled(page)
        expect(page.get_by_label("Title of the rubric")).to_have_value("Zz repro")
        expect(page.get_by_label("Threshold")).to_have_value("0.70")
        expect(page.get_by_label("Key", exact=True)).to_have_value("dimension_1")
        page.get_by_label("Question", exact=True).fill("Is it?")
        page.keyboard.press("Tab")
        settled(page)
        assert kept().text(("title",)) == "Zz repro"
        assert kept().text(("dimensions", 0, "agreement", "threshold")) == "0.7"
        page.get_by_role("button", name="Discard", exact=True).click()
        page.get_by_role("button", name="Discard it").click()
        settled(page)


def test_a_problem_leads_to_its_box(at):
    page, _ = at
    page.get_by_label("Name", exact=True).fill("zz-repro")
    page.keyboard.press("Tab")
    settled(page)
    page.get_by_role("button", name="Begin with one dimension").click()
    settled(page)
    page.get_by_role("button", name="Save as").click()
    settled(page)
    page.get_by_role("button", name="the anchor of level fail is empty").click()
    settled(page)
    expect(page.get_by_label("Anchor of fail")).to_be_focused()
