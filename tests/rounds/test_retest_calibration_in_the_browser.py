"""Feedback after each draft, by keyboard, in a real browser."""

import pytest
from playwright.sync_api import expect

from tests.support.browsing import bring_cookie, draft_text, expect_place, press, ready, settled, stored_labels
from tests.support.small_stores import save, stock
from workflow.gold.adjudication import adjudicate
from workflow.people.people import add_person
from workflow.rounds.closing import close_round
from workflow.rounds.design import RoundDesign
from workflow.rounds.opening import open_round

DIMENSIONS = ("signal_grounding", "tone_compliance", "cta_quality", "bench_fit_alignment", "personalization_depth")
REASON = "<b>one</b> phrase of the list is in it"


@pytest.fixture
def calibration(sqlite_engine):
    """Three drafts with gold of five dimensions; on the second dimension an adjudicator decided."""
    engine = sqlite_engine
    lead, ana, ben, cleo = (add_person(None, engine, name) for name in ("lead", "ana", "ben", "cleo"))
    stock(engine, lead, 3)
    open_round(lead, engine, RoundDesign("pilot", rubric="tenacious-v1", annotators=["ana", "ben"]))
    for draft in ("d01", "d02", "d03"):
        save(engine, ana, draft, (2, 1, 3, 0, 2), dimensions=DIMENSIONS)
        save(engine, ben, draft, (2, 3, 3, 0, 2), dimensions=DIMENSIONS)
    close_round(lead, engine, "pilot")
    for draft in ("d01", "d02", "d03"):
        adjudicate(lead, engine, "pilot", draft, "tone_compliance", 2, REASON, "slip")
    open_round(lead, engine, RoundDesign("calibration", kind="calibration", of="pilot", annotators=["cleo"]))
    return engine, cleo


def test_the_gold_is_read_after_each_draft_by_keyboard_alone(calibration, server, page):
    engine, cleo = calibration
    app = server(engine)
    bring_cookie(page, app, engine, cleo).goto(f"{app.url}/label")
    for place, keys in ((1, "Enter"), (2, "Control+Enter"), (3, "Enter")):
        ready(page)
        expect_place(page, place)
        text = draft_text(page)
        press(page, "23302")
        page.keyboard.press("Control+Enter")
        told = page.locator(".ts-told")
        expect(told).to_contain_text(REASON)  # as text: nothing in it became markup
        expect(page.locator(".ts-section")).to_have_text("Saved. 4 of 5 dimensions matching the gold.")
        assert draft_text(page) == text
        expect(told.locator(".ts-marked")).to_have_count(1)
        expect(page.get_by_role("button", name="Next draft")).to_be_focused()
        if place == 1:
            page.reload()  # it is still there to be read
            expect(told).to_contain_text(REASON)
            expect(page.get_by_role("button", name="Next draft")).to_be_focused()
        assert len(stored_labels(engine, cleo)) == 5 * place
        settled(page)
        page.wait_for_timeout(500)  # keys of one breath with the Save do not turn it over
        page.keyboard.press(keys)
        expect(told).to_have_count(0)
    expect(page.locator(".ts-empty")).to_contain_text("Nothing left to label in calibration")


@pytest.mark.whole_run("the feedback is read and left by keyboard alone")
def test_the_keys_of_a_double_press_do_not_turn_the_feedback_over(calibration, server, page):
    engine, cleo = calibration
    app = server(engine)
    bring_cookie(page, app, engine, cleo).goto(f"{app.url}/label")
    ready(page)
    press(page, "23302")
    page.evaluate("""() => {
      const tap = () => document.activeElement.dispatchEvent(new KeyboardEvent("keydown",
        {key: "Enter", ctrlKey: true, bubbles: true, cancelable: true}))
      tap()
      const there = () => document.querySelector("[class*=st-key-next-] button:focus")
      new MutationObserver((_, me) => { if (there()) { me.disconnect(); tap() } })
        .observe(document.body, {childList: true, subtree: true, attributes: true})
    }""")
    expect(page.locator(".ts-told")).to_be_visible()
    settled(page)
    expect(page.locator(".ts-told")).to_be_visible()
