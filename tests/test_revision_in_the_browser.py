"""A revision in a real browser: what is typed is there after a refresh, and the next disagreement comes by key."""

import pytest
from playwright.sync_api import expect

from db.engine import open_engine
from tests.in_browser import bring_cookie, copied_project, settled
from tests.sample_store import sample_url
from workflow.people import person_named

DECISION = "Name the company and one detail besides; a bare name is 1."
ANCHOR = "Company name and one signal detail: a fact of the task."


@pytest.fixture
def at(page, server, tmp_path):
    """Sample Cleo's page, over a project whose rubric_versions/ is its own."""
    engine = open_engine(sample_url(tmp_path))
    app = server(engine, copied_project(tmp_path / "project"))
    bring_cookie(page, app, engine, person_named(engine, "Sample Cleo"))

    def go(path: str):
        page.goto(app.url + path)
        settled(page)
        return page

    go.project = tmp_path / "project"
    yield go
    engine.dispose()


def test_a_decision_is_kept_on_leaving_its_box_and_the_next_comes_by_key(at):
    page = at("/revision")
    box = page.get_by_label("Decision: what the rubric")
    chosen = page.get_by_role("combobox", name="Disagreement")
    first = chosen.input_value() or chosen.inner_text()
    box.fill(DECISION)
    page.get_by_label("Note on Personalization").click()
    expect(page.get_by_text("1 decided")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Decision: what the rubric")).to_have_value(DECISION)
    page.get_by_label("Decision: what the rubric").fill(f"{DECISION} Both in the body.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_label("Decision: what the rubric")).to_have_value("")
    expect(page.get_by_text("1 decided")).to_be_visible()
    now = page.get_by_role("combobox", name="Disagreement")
    assert (now.input_value() or now.inner_text()) != first


def test_the_next_version_survives_a_refresh_and_is_saved_as_a_file(at):
    page = at("/next-version?dimension=personalization_depth")
    page.get_by_label("New level 2").fill(ANCHOR)
    page.get_by_label("New level 1").click()
    expect(page.get_by_text("reads without a mistake")).to_be_visible()
    page.reload()
    expect(page.get_by_label("New level 2")).to_have_value(ANCHOR)
    page.get_by_role("button", name="Save as tenacious-v2.yml").click()
    expect(page.get_by_text("tenacious-v2.yml is written.")).to_be_visible()
    before = (at.project / "rubric_versions" / "tenacious-v1.yml").read_text("utf-8")
    saved = (at.project / "rubric_versions" / "tenacious-v2.yml").read_text("utf-8")
    old, new = [set(text.splitlines()) for text in (before, saved)]
    assert old - new == {"version: 1", "        anchor: At least one signal detail."}
    assert new - old == {"version: 2", f'        anchor: "{ANCHOR}"'}
