"""From the draft at hand to the one labelled last and back: nothing of either is lost."""

import pytest
from playwright.sync_api import expect

from tests.support.browsing import chosen, draft_text, expect_chosen, expect_place, focused, label, press, ready, stored_labels
from tests.support.label_app import at_the_desk

NOTE = "Note (optional)"


@pytest.fixture
def ana(app, page):
    """Somebody new with a round of six sample drafts of their own, the first of which is labelled."""
    found = at_the_desk(app, page)
    expect(page.get_by_role("button", name="Previous")).to_have_count(0)
    label(page, "21302")
    return found


def test_the_draft_labelled_last_is_corrected_and_the_one_at_hand_is_as_it_was(ana, app, page):
    at_hand = draft_text(page)
    press(page, "21")
    page.get_by_label(NOTE).fill("half done")
    page.keyboard.press("Escape")
    expect(page.locator(".ts-keys")).to_contain_text("p previous")
    page.keyboard.press("p")
    expect(page.get_by_text("Correction of draft 1")).to_be_visible()
    ready(page)
    assert chosen(page) == list("21302") and draft_text(page) != at_hand and focused(page).startswith("1 ")
    press(page, ["3", "Control+Enter"])
    expect(page.locator(".ts-live")).to_have_text("Correction of draft 1 of 6 saved.")
    expect_place(page, 2)
    ready(page)
    assert draft_text(page) == at_hand and chosen(page) == list("21")
    expect(page.get_by_label(NOTE)).to_have_value("half done")
    assert [row.value for row in stored_labels(app.engine, ana)] == [*"21302", "3"]


def test_one_comes_back_without_having_saved_and_by_the_same_key(ana, app, page):
    at_hand = draft_text(page)
    press(page, "3")
    page.get_by_role("button", name="Previous").click()
    expect(page.get_by_role("button", name="Back to labelling")).to_be_visible()
    ready(page)
    page.keyboard.press("p")
    expect_place(page, 2)
    ready(page)
    assert draft_text(page) == at_hand and chosen(page) == ["3"]
    assert len(stored_labels(app.engine, ana)) == 5
    page.reload()
    ready(page)
    assert chosen(page) == ["3"] and draft_text(page) == at_hand


def test_one_comes_back_from_a_correction_that_was_opened_from_the_list(ana, app, page):
    at_hand = draft_text(page)
    page.get_by_role("link", name="My labels").last.click()
    page.get_by_role("link", name="Draft 1").click()
    expect(page.get_by_text("Correction of draft 1")).to_be_visible()
    ready(page)
    press(page, "3")
    page.get_by_role("button", name="Back to labelling").click()
    expect_place(page, 2)
    ready(page)
    assert draft_text(page) == at_hand and "assignment" not in page.url
    page.get_by_role("link", name="My labels").last.click()
    expect(page.get_by_text("2 1 3 0 2; changed since, not saved")).to_be_visible()


def test_a_key_pressed_at_once_keeps_the_level_chosen_just_before(ana, page):
    page.keyboard.press("2")
    page.keyboard.press("p")
    expect(page.get_by_text("Correction of draft 1")).to_be_visible()
    ready(page)
    page.keyboard.press("p")
    expect_place(page, 2)
    ready(page)
    expect_chosen(page, 1)
    assert chosen(page) == ["2"]


@pytest.mark.parametrize("width", [1366, 820, 390])
def test_the_way_back_takes_no_height_and_fits(ana, page, width):
    page.set_viewport_size({"width": width, "height": 768})
    button = page.get_by_role("button", name="Previous")
    expect(button).to_be_visible()
    box = button.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= width
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if width == 1366:  # the desk is as high as the window, and its line one line
        assert page.locator(".st-key-progress").bounding_box()["height"] <= 47
        assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight") <= 768
        keys = page.locator(".ts-keys").bounding_box()
        assert keys["y"] + keys["height"] <= 768
