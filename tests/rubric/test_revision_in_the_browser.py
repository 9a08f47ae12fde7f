"""A revision in a real browser: what is typed is there after a refresh, and the next disagreement comes by key."""

import re

import pytest
from playwright.sync_api import expect

from db.engine import open_engine
from tests.support.browsing import bring_cookie, copied_project, open_box, settled
from tests.support.sample_store import copied_sample
from workflow.people.people import person_named

DECISION = "Name the company and one detail besides; a bare name is 1."
ANCHOR = "Company name and one signal detail: a fact of the task."


@pytest.fixture
def at(page, server, tmp_path):
    """Sample Cleo's page, over a project whose rubric_versions/ is its own."""
    engine = open_engine(copied_sample(tmp_path))
    app = server(engine, copied_project(tmp_path / "project"))
    for later in ("v2", "v3"):
        (tmp_path / "project" / "rubric_versions" / f"tenacious-{later}.yml").unlink()  # v2 is what is written here
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
    settled(page)
    expect(page.get_by_label("Decision: what the rubric")).to_have_value("")
    expect(page.get_by_text("1 decided")).to_be_visible()
    now = page.get_by_role("combobox", name="Disagreement")
    assert (now.input_value() or now.inner_text()) != first


@pytest.mark.whole_run("a decision is kept on leaving its box in the short run")
def test_one_decision_after_another_is_written_on_the_draft_that_is_shown(at):
    page = at("/revision")
    box, chosen = page.get_by_label("Decision: what the rubric"), page.get_by_role("combobox", name="Disagreement")
    box.fill("For the first.")
    page.keyboard.press("Control+Enter")
    settled(page)
    expect(box).to_have_value("")
    shown = chosen.input_value() or chosen.inner_text()
    for words in ("For the second.", "For the second, better."):
        box.fill(words)
        page.get_by_label("Note on Personalization").click()
        expect(page.get_by_text("2 decided")).to_be_visible()
        settled(page)
        assert (chosen.input_value() or chosen.inner_text()) == shown
        expect(box).to_have_value(words)
    page.reload()
    expect(box).to_have_value("For the second, better.")
    assert (chosen.input_value() or chosen.inner_text()) == shown, "a refresh stays at it"


def test_the_next_version_survives_a_refresh_and_is_saved_as_a_file(at):
    page = at("/next-version?dimension=personalization_depth")
    page.get_by_label("New level 2").fill(ANCHOR)
    page.get_by_label("New level 1").click()
    expect(page.get_by_text("has no errors")).to_be_visible()
    page.reload()
    expect(page.get_by_label("New level 2")).to_have_value(ANCHOR)
    page.get_by_role("button", name="Save as tenacious-v2.yml").click()
    expect(page.get_by_text("tenacious-v2.yml is saved")).to_be_visible()
    before = (at.project / "rubric_versions" / "tenacious-v1.yml").read_text("utf-8")
    saved = (at.project / "rubric_versions" / "tenacious-v2.yml").read_text("utf-8")
    old, new = [set(text.splitlines()) for text in (before, saved)]
    assert old - new == {"version: 1", "        anchor: At least one signal detail."}
    assert new - old == {"version: 2", f'        anchor: "{ANCHOR}"'}


@pytest.mark.whole_run("a version is typed, kept and saved, and pages without a browser try the examples of checks")
def test_a_check_is_written_until_its_own_examples_come_out_right_and_saved(at):
    page = at("/next-version?dimension=tone_compliance")
    open_box(page, "Check", "filler").click()
    settled(page)  # while the page is drawn anew the box of the check before is there too
    box = page.get_by_label("The new check, as YAML")
    expect(box).to_have_value(re.compile("^name: filler"))
    good = box.input_value()
    box.fill(good.replace("tokens: [reaching out to, ", "tokens: [["))
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("1 problem to fix before")).to_be_visible()
    page.reload()
    settled(page)
    expect(page.get_by_label("The new check, as YAML")).to_have_value(re.compile(r"tokens: \[\[touch base"))
    page.get_by_label("The new check, as YAML").fill(good.replace("tokens: [reaching out to, ", "tokens: ["))
    page.get_by_label("New title").focus()
    expect(page.get_by_text("Wrong: a hit must be found, but is not")).to_be_visible()
    expect(page.get_by_text("Wrong: must get 1, gets 2")).to_be_visible()
    settled(page)
    page.get_by_label("The new check, as YAML").fill(good.replace("value-add]", "value-add, weary]"))
    page.get_by_label("New title").focus()
    expect(page.get_by_text("Wrong: a hit")).to_have_count(0)
    expect(page.locator(".ts-tried mark").filter(has_text="touched base")).to_be_visible()
    page.get_by_role("button", name="Must not be found").click()
    expect(page.get_by_text("6 texts, as expected")).to_be_visible()
    page.get_by_role("button", name="Save as tenacious-v2.yml").click()
    expect(page.get_by_text("tenacious-v2.yml is saved")).to_be_visible()
    before = (at.project / "rubric_versions" / "tenacious-v1.yml").read_text("utf-8").splitlines()
    saved = (at.project / "rubric_versions" / "tenacious-v2.yml").read_text("utf-8").splitlines()
    changed = [new for old, new in zip(before, saved, strict=True) if old != new]
    assert [line.split(":")[0].strip() for line in changed] == ["version", "tokens", "miss"]
