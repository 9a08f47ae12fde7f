"""The label page between two clicks: fast fingers, a refresh, a second tab, a server that dies."""

import re

import pytest
from playwright.sync_api import expect

from tests.support.browsing import (
    bring_cookie,
    chosen,
    expect_chosen,
    expect_place,
    kept_choices,
    kept_note,
    label,
    place,
    press,
    ready,
    settled,
    stored_labels,
    until,
)
from tests.support.held_frames import HeldFrames
from tests.support.label_app import DIMENSIONS, at_the_desk, numbers, on_the_way
from tests.support.short_run import some
from workflow.gold.adjudication import open_disagreements
from workflow.people.people import add_person


@pytest.fixture
def engine(app):
    return app.engine


@pytest.fixture
def ana(app, engine, page):
    """Somebody new with a round of six sample drafts of their own, signed in and before the first of them."""
    return at_the_desk(app, page)


def test_six_clicks_on_save_are_one_save(ana, page, engine):
    press(page, "12312")
    expect_chosen(page, 5)
    page.get_by_role("button", name="Save and next").evaluate("button => { for (let i = 0; i < 6; i++) button.click() }")
    expect_place(page, 2)
    settled(page)
    assert place(page) == 2 and page.get_by_role("alert").count() == 0
    assert [row.value for row in stored_labels(engine, ana)] == list("12312")
    assert len({row.save for row in stored_labels(engine, ana)}) == 1


def test_no_key_counts_before_the_form_is_whole_and_a_save_waits_for_its_button(app, page, engine):
    held = []  # the script that draws buttons is slow to come
    page.route(re.compile(r"/static/js/Button\.[^/]*$"), lambda route: held.append(route))
    ana = on_the_way(app, page)
    expect(page.get_by_role("radio", name="1 ")).to_have_count(5)
    for level in page.get_by_role("radio", name="1 ").all():
        level.click()
    press(page, "n232")
    expect(page.locator(".ts-keys[data-waits]")).to_have_count(1)
    expect_chosen(page, 5)
    page.keyboard.press("Control+Enter")
    assert held and page.get_by_role("button", name="Save and next").count() == 0
    for route in held:
        route.continue_()
    expect_place(page, 2)
    assert [row.value for row in stored_labels(engine, ana)] == list("11111")


def test_keys_typed_before_the_next_draft_is_there_reach_none_of_it(ana, page):
    press(page, "12312")
    waits = page.evaluate("""() => {
        const press = options => document.activeElement.dispatchEvent(
            new KeyboardEvent("keydown", {bubbles: true, cancelable: true, ...options}))
        press({key: "Enter", ctrlKey: true})
        for (const key of "2312") press({key})
        return document.querySelectorAll(".ts-keys[data-waits]").length
    }""")
    assert waits == 1
    expect_place(page, 2)
    ready(page)
    expect_chosen(page, 0)
    page.wait_for_timeout(300)  # the breath after which keys count again
    press(page, "3")
    expect_chosen(page, 1)


# Whether a press on the middle of an element meets it, as far as the browser knows.
MET = """element => {
    element.scrollIntoView({block: "center"})
    const {x, y, width, height} = element.getBoundingClientRect()
    return element.contains(document.elementFromPoint(x + width / 2, y + height / 2))
}"""


def takes_no_press(page, level):
    until(page, lambda: not level.evaluate(MET), "a press does not meet the level")
    level.click(force=True)
    expect(level).not_to_be_checked()


def test_the_form_of_a_decided_cell_takes_no_level_meant_for_the_next(page, app, engine):
    """Half drawn, the page shows the next cell's draft over the form of the cell before."""
    lead, frames = add_person(None, engine, f"Cleo {next(numbers)}"), HeldFrames(page)
    first, second = open_disagreements(lead, engine, "Sample round 1").waiting[:2]
    bring_cookie(page, app, engine, lead).goto(f"{app.url}/adjudicate?round=Sample%20round%201")
    levels, causes = (page.get_by_role("radiogroup", name=name) for name in ("Decision", "Cause"))
    expect(causes).to_be_visible()
    decide_as(page, levels, causes, 0, "a slip of the first reader", before_saving=lambda: frames.hold("Decision"))
    expect(page.locator(".ts-heading p")).to_contain_text("11 cells decided")
    takes_no_press(page, levels.get_by_role("radio").nth(1))
    takes_no_press(page, causes.get_by_role("radio", name="missing context"))
    frames.release()
    decide_as(page, levels, causes, 1, "a slip of the second reader")
    expect(page.locator(".ts-heading p")).to_contain_text("12 cells decided")
    decided = {(cell.draft_id, cell.dimension): cell for cell in open_disagreements(lead, engine, "Sample round 1").decided}
    for level, (cell, which) in enumerate(((first, "first"), (second, "second"))):
        made = decided[cell.draft_id, cell.dimension].decision
        assert (made.value, made.cause, made.reason) == (level, "slip", f"a slip of the {which} reader")


def decide_as(page, levels, causes, level, reason, before_saving=lambda: None):
    levels.get_by_role("radio").nth(level).click()
    causes.get_by_role("radio", name="slip").click()
    page.get_by_label("Reason", exact=True).fill(reason)
    page.get_by_label("Reason", exact=True).blur()
    settled(page)
    before_saving()
    page.get_by_role("button", name="Decide and next").click()


def test_the_form_of_a_saved_draft_takes_no_level_meant_for_the_next(ana, page, engine):
    frames = HeldFrames(page)
    page.reload()
    ready(page)
    press(page, "12312")
    until(page, lambda: len(kept_choices(engine, ana)) == 5, "five kept choices")
    settled(page)
    frames.hold(DIMENSIONS[0])  # part of the key of the first levels
    page.get_by_role("button", name="Save and next").click()
    expect_place(page, 2)
    takes_no_press(page, page.get_by_role("radio").first)
    frames.release()
    ready(page)
    expect_chosen(page, 0)
    page.get_by_role("radio").first.click()
    until(page, lambda: kept_choices(engine, ana) == {DIMENSIONS[0]: "0"}, "the one choice of the second draft")
    assert [row.value for row in stored_labels(engine, ana)] == list("12312")


def test_every_choice_of_fast_fingers_is_kept(ana, page, engine):
    press(page, "12312")
    until(page, lambda: len(kept_choices(engine, ana)) == 5, "five kept choices")
    press(page, ["ArrowUp"] * 4 + list("0123"))
    until(page, lambda: [kept_choices(engine, ana)[key] for key in DIMENSIONS] == list("01232"), "the last choices")


def test_a_refresh_keeps_choices_and_note(ana, page, engine):
    press(page, "213n")
    page.keyboard.type("kept")
    page.keyboard.press("Escape")
    until(page, lambda: len(kept_choices(engine, ana)) == 3 and kept_note(engine, ana) == "kept", "three choices and the note")
    page.reload()
    ready(page)
    expect_chosen(page, 3)
    assert chosen(page) == ["2", "1", "3"]
    expect(page.get_by_label("Note (optional)")).to_have_value("kept")
    assert stored_labels(engine, ana) == []


def test_the_second_of_two_tabs_is_told_and_nothing_is_overwritten(ana, page, app, engine):
    other = page.context.new_page()
    other.goto(f"{app.url}/label")
    ready(other)
    label(page, "12312")
    press(other, "0")
    expect(other.get_by_role("alert")).to_contain_text("saved in another window")
    expect(other.locator(".ts-progress")).to_contain_text("Correction of draft 1")
    assert place(page) == 2
    assert [row.value for row in stored_labels(engine, ana)] == list("12312")


def test_notes_of_two_tabs_are_both_saved_and_a_skip_drops_nothing(ana, page, app, engine):
    other = page.context.new_page()
    other.goto(f"{app.url}/label")
    ready(other)
    note, others = (tab.get_by_label("Note (optional)") for tab in (page, other))
    note.fill("a fine line")
    note.blur()
    press(page, "12")
    until(page, lambda: len(kept_choices(engine, ana)) == 2 and kept_note(engine, ana) == "a fine line", "what one tab has")
    others.fill("too long")
    others.blur()
    expect(others).to_have_value("a fine line\n\ntoo long")
    expect(other.get_by_role("alert")).to_contain_text("Another window wrote a note on this draft, too.")
    other.get_by_role("button", name="Skip", exact=True).click()
    other.get_by_label("Why can’t this draft be labelled?").fill("cut off")
    other.get_by_role("button", name="Skip this draft").click()
    expect(other.get_by_role("alert")).to_contain_text("so nothing was skipped. The form now shows that")
    expect_chosen(other, 2)
    press(page, ["3", "1", "2", "Control+Enter"])
    expect(page.get_by_role("alert")).to_contain_text("The box now holds every word of both")
    expect(note).to_have_value("a fine line\n\ntoo long")
    press(page, ["Control+Enter"])
    expect_place(page, 2)
    assert [row.value for row in stored_labels(engine, ana)] == list("12312")
    page.get_by_role("button", name="Previous").click()
    ready(page)
    expect(note).to_have_value("a fine line\n\ntoo long")


@pytest.mark.whole_run("the second of two tabs is told in the short run, and stale saves are refused without a browser")
def test_a_save_from_a_tab_left_behind_overwrites_nothing(ana, page, app, engine):
    other = page.context.new_page()
    other.goto(f"{app.url}/label")
    ready(other)
    press(other, "00000")
    expect_chosen(other, 5)
    until(other, lambda: set(kept_choices(engine, ana).values()) == {"0"}, "the other tab's choices")
    page.reload()
    label(page, "12312")
    press(other, ["Control+Enter"])
    expect(other.get_by_role("alert")).to_contain_text("in another window")
    assert [row.value for row in stored_labels(engine, ana)] == list("12312")


def own_view(own, app):
    own.engine, own.lead = app.engine, app.lead
    return own


@pytest.mark.parametrize("reload", some([pytest.param(False, id="left open"), pytest.param(True, id="reloaded")]))
def test_a_killed_server_loses_no_kept_choice_and_no_note(app, server, page, engine, reload):
    own = server(engine, root=app.root)
    ana = at_the_desk(own_view(own, app), page)
    label(page, "12312")
    keep_three_and_a_note(page, engine, ana)
    own.kill()
    if reload:
        own.restart()
        page.reload()
        ready(page)
    else:
        with page.expect_websocket(timeout=60_000):  # the page finds the new server by itself
            own.restart()
        settled(page)
    expect_chosen(page, 3)
    assert chosen(page) == ["2", "1", "0"]
    expect(page.get_by_label("Note (optional)")).to_have_value("kept over the crash")
    page.locator(".ts-question").nth(3).click()
    press(page, "33")
    until(page, lambda: len(kept_choices(engine, ana)) == 5, "five kept choices")
    page.keyboard.press("Control+Enter")
    expect_place(page, 3)
    rows = stored_labels(engine, ana)
    assert "".join(row.value for row in rows) == "1231221033"
    assert all(row.supersedes is None for row in rows) and rows[-1].note == "kept over the crash"


def keep_three_and_a_note(page, engine, ana):
    """Three choices and a note, each seen in the store before the next: what a crash must not cost."""
    ready(page)
    for number, key in enumerate("210", start=1):
        press(page, key)
        until(page, lambda number=number: len(kept_choices(engine, ana)) == number, f"{number} kept choices")
    press(page, "n")
    page.keyboard.type("kept over the crash")
    page.keyboard.press("Escape")
    until(page, lambda: kept_note(engine, ana), "the note")


@pytest.mark.whole_run("a killed server and a reloaded page stand in the short run")
def test_what_the_page_shows_once_the_server_is_back_is_what_is_kept(app, server, page, engine):
    own = server(engine, root=app.root)
    ana = at_the_desk(own_view(own, app), page)
    keep_three_and_a_note(page, engine, ana)
    own.kill()
    page.locator(".ts-question").nth(3).click()
    press(page, "33")
    with page.expect_websocket(timeout=60_000):
        own.restart()
    settled(page)
    shown = page.get_by_role("radio", checked=True).count()
    until(page, lambda: len(kept_choices(engine, ana)) == shown, f"the store holds the {shown} choices the page shows", 4)


def test_a_server_killed_while_it_saves_has_saved_all_or_nothing_and_never_twice(app, server, page, engine):
    own = server(engine, root=app.root)
    ana = at_the_desk(own_view(own, app), page)
    waits = some((15, 0, 40))
    for wait in waits:
        before = place(page)
        press(page, "12312")
        until(page, lambda: len(kept_choices(engine, ana)) == 5, "five kept choices")
        page.keyboard.press("Control+Enter")
        page.wait_for_timeout(wait)
        own.kill()
        own.restart()
        page.reload()
        ready(page)
        if place(page) == before:  # it had not got there: the choices are, and Save is pressed again
            expect_chosen(page, 5)
            page.keyboard.press("Control+Enter")
            expect_place(page, before + 1)
            ready(page)
    assert "".join(row.value for row in stored_labels(engine, ana)) == "12312" * len(waits)
    assert len({row.save for row in stored_labels(engine, ana)}) == len(waits)
