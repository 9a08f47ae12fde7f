"""Comparing by keyboard alone: arrows and digits take a side, the focus goes on, at last to Save, which Enter presses."""

import pytest
from playwright.sync_api import expect

from tests.support.browsing import bring_cookie, focused, press, ready
from tests.support.small_stores import draft, inside, jsonl, task
from workflow.data.task_import import import_drafts, import_tasks
from workflow.people.people import add_person
from workflow.preferences.comparing import last_pair, next_pair
from workflow.preferences.opening import ComparisonDesign, open_comparison
from workflow.projects.projects import new_project

NOTE = "Note (optional)"


@pytest.fixture
def cleo(app, page):
    """Somebody who compares three pairs on tone and overall, at the first of them; the store as seen from that project."""
    person = add_person(None, app.engine, "Cleo")
    new_project(app.lead, app.engine, "Pairs")
    engine = inside(app.engine, "Pairs")
    import_tasks(app.lead, engine, jsonl(*(task(n) for n in (1, 2, 3))), "tasks.jsonl")
    every = [draft(n, draft_id=f"p{n}{w}", text=f"Text {w} of {n}.") for n in (1, 2, 3) for w in "xy"]
    import_drafts(app.lead, engine, jsonl(*every), "drafts.jsonl")
    asked = ComparisonDesign("which", [person.name], seed=3, dimensions=("tone_compliance", "overall"), rubric="tenacious-v1")
    open_comparison(app.lead, engine, asked)
    bring_cookie(page, app, app.engine, person).goto(f"{app.url}/compare-drafts")
    ready(page)
    return person, engine


def taken(page) -> list[str]:
    return [text.split()[-1] for text in page.get_by_role("radio", checked=True).all_inner_texts()]


def test_pairs_are_compared_noted_and_corrected_by_keyboard_alone(cleo, page):
    person, engine = cleo
    press(page, ["ArrowLeft"])
    assert focused(page).startswith("2 Overall")
    press(page, ["ArrowUp", "ArrowDown"])
    assert focused(page).startswith("2 Overall"), "up to the first, and down takes a tie there"
    press(page, ["3"])
    assert focused(page) == "BUTTON"
    press(page, ["ArrowUp"])
    assert focused(page).startswith("2 Overall"), "from Save to the last"
    press(page, ["ArrowRight"])
    expect(page.get_by_role("radio", checked=True)).to_have_count(2)
    assert taken(page) == ["good", "Right"]
    press(page, ["n"])
    page.keyboard.type("left it 12 3")
    press(page, ["Escape", "ArrowRight", "Enter"])
    expect(page.get_by_text("which, pair 2 of 3")).to_be_visible()
    ready(page)
    expect(page.get_by_role("radio", checked=True)).to_have_count(0)
    first = last_pair(person, engine, "which")
    kept = next_pair(person, engine, "which", first)
    assert (kept.taken, kept.note) == ({"tone_compliance": "tie", "overall": "right"}, "left it 12 3")

    press(page, ["Control+Enter"])
    expect(page.get_by_text("Choose left, as good or right first")).to_be_visible()
    ready(page)
    press(page, ["p"])
    expect(page.get_by_text("you chose in it before")).to_be_visible()
    ready(page)
    assert taken(page) == ["good", "Right"]
    expect(page.get_by_label(NOTE)).to_have_value("left it 12 3")
    press(page, ["1", "Control+Enter"])
    expect(page.get_by_text("which, pair 2 of 3; 2 pairs left")).to_be_visible()
    ready(page)
    assert next_pair(person, engine, "which", first).taken == {"tone_compliance": "left", "overall": "right"}
    press(page, ["2", "2", "Enter"])
    expect(page.get_by_text("which, pair 3 of 3")).to_be_visible()
    ready(page)
    press(page, ["2", "2", "Enter"])
    expect(page.get_by_text("Nothing is left to compare in which.")).to_be_visible()
