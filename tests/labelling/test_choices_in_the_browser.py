"""A choice on the label page is kept without drawing the page anew, and nothing that the drawing was good for is lost."""

import re

import pytest
from playwright.sync_api import expect

from tests.support.browsing import (
    chosen,
    expect_chosen,
    expect_place,
    focused,
    kept_choices,
    label,
    place,
    press,
    ready,
    settled,
    stored_labels,
    until,
)
from tests.support.label_app import DIMENSIONS, at_the_desk
from tests.support.script_runs import runs_of
from workflow.labelling.labelling import choose, save_labels
from workflow.labelling.next_draft import next_assignment
from workflow.rounds.closing import close_round

KEEP = re.compile(r"/keep$")
FIRST, SECOND = DIMENSIONS[:2]


@pytest.fixture
def engine(app):
    return app.engine


@pytest.fixture
def ana(app, page):
    """Somebody new with a round of six sample drafts of their own, signed in and before the first of them."""
    return at_the_desk(app, page)


def desk_of(engine, person):
    """The draft before them, as the store has it."""
    with engine.connect() as connection:
        name = connection.exec_driver_sql(
            f"SELECT r.name FROM rounds r JOIN assignments a ON a.round = r.id WHERE a.person = {person.id} LIMIT 1"
        ).scalar()
    return next_assignment(person, engine, name)


def until_kept(page, engine, person, levels):
    wanted = dict(zip(DIMENSIONS, levels, strict=False))
    until(page, lambda: kept_choices(engine, person) == wanted, f"{wanted} is kept")


class Held:
    """The requests that keep choices, held back on their way to the server from the making of this on."""

    def __init__(self, page):
        self.page, self.routes, self.is_open = page, [], False
        page.route(KEEP, self.between)

    def between(self, route):
        if self.is_open:
            route.continue_()
        else:
            self.routes.append(route)

    def until_there(self, number=1):
        until(self.page, lambda: len(self.routes) == number, f"{number} choices on their way")

    def release(self):
        """They arrive, and so do those that follow."""
        self.is_open = True
        for route in self.routes:
            route.continue_()


def at_once(page, keys):
    """Those keys, and then Ctrl+Enter, in one breath: nothing is drawn between them."""
    page.evaluate(
        """keys => {
            const press = options => document.activeElement.dispatchEvent(
                new KeyboardEvent("keydown", {bubbles: true, cancelable: true, ...options}))
            for (const key of keys) press({key})
            press({key: "Enter", ctrlKey: true})
        }""",
        keys,
    )


def test_a_choice_draws_nothing_anew_and_is_kept(ana, page, engine):
    settled(page)
    asked = runs_of(page).asked
    press(page, "21302")
    until_kept(page, engine, ana, "21302")
    assert focused(page).startswith("5 ")
    page.get_by_role("radio").first.click()
    until_kept(page, engine, ana, "01302")
    assert runs_of(page).asked == asked, "the page was asked for once more"
    page.reload()
    ready(page)
    assert chosen(page) == list("01302")


def test_a_page_loaded_anew_right_after_a_choice_has_it(ana, page, engine):
    press(page, "213")
    page.reload()
    ready(page)
    assert chosen(page) == list("213")
    press(page, "3")
    page.locator(".st-key-progress").get_by_role("link", name="My labels").click()
    until_kept(page, engine, ana, "313")


def test_levels_and_save_in_one_breath_are_all_saved_once(ana, page, engine):
    for number in (1, 2, 3):
        at_once(page, "12312")
        expect_place(page, number + 1)
        ready(page)
        expect_chosen(page, 0)
        page.wait_for_timeout(300)  # the breath after which keys count again
    rows = stored_labels(engine, ana)
    assert "".join(row.value for row in rows) == "12312" * 3
    assert len({row.save for row in rows}) == 3 and all(row.supersedes is None for row in rows)
    assert kept_choices(engine, ana) == {}


def test_a_choice_that_arrives_after_its_save_changes_nothing(ana, page, engine):
    press(page, "1231")
    until_kept(page, engine, ana, "1231")
    held = Held(page)
    press(page, "2")
    held.until_there()
    page.keyboard.press("Control+Enter")
    expect_place(page, 2)
    ready(page)
    with page.expect_response(KEEP) as late:
        held.release()
    assert late.value.status == 409
    settled(page)
    assert place(page) == 2 and page.get_by_role("alert").filter(visible=True).count() == 0
    assert [row.value for row in stored_labels(engine, ana)] == list("12312") and kept_choices(engine, ana) == {}
    press(page, "3")
    until_kept(page, engine, ana, "3")


def test_who_changes_their_mind_and_saves_at_once_is_no_other_window(ana, page, engine):
    press(page, "12312")
    until_kept(page, engine, ana, "12312")
    held = Held(page)
    page.locator(".ts-question").first.click()
    press(page, "3")
    held.until_there()  # the store has the level before
    page.keyboard.press("Control+Enter")
    expect_place(page, 2)
    assert [row.value for row in stored_labels(engine, ana)] == list("32312")
    held.release()


def test_what_another_window_chose_is_still_not_dropped_by_a_save(ana, page, engine):
    press(page, "12312")
    until_kept(page, engine, ana, "12312")
    desk = desk_of(engine, ana)
    choose(ana, engine, desk.assignment, FIRST, 0)
    held = Held(page)
    page.locator(".ts-question").nth(1).click()
    press(page, "3")
    held.until_there()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert").filter(visible=True)).to_contain_text("Another window chose 0 for Signal grounding")
    settled(page)
    assert chosen(page) == list("03312"), "what another window chose, and what was on its way"
    held.release()
    assert stored_labels(engine, ana) == []
    page.keyboard.press("Control+Enter")
    expect_place(page, 2)
    assert [row.value for row in stored_labels(engine, ana)] == list("03312")


def test_a_draft_saved_in_another_window_is_told_at_the_next_choice(ana, page, engine):
    desk = desk_of(engine, ana)
    save_labels(ana, engine, desk.assignment, dict.fromkeys(DIMENSIONS, 1), "", 0, "elsewhere")
    press(page, "3")
    expect(page.get_by_role("alert").filter(visible=True)).to_contain_text("saved in another window")
    expect_chosen(page, 5)
    assert chosen(page) == list("31111")
    assert [row.value for row in stored_labels(engine, ana)] == list("11111")


def test_what_does_not_get_through_is_said_and_sent_again(ana, page, engine):
    for width, height in ((1366, 768), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        press(page, ["Escape"])
        page.route(KEEP, lambda route: route.abort())
        page.get_by_role("radio", checked=False).first.click()
        alert = page.get_by_role("alert").filter(visible=True)
        expect(alert).to_have_text(re.compile("Your last choice is not kept yet: Touchstone does not answer. It is sent again"))
        expect(alert).to_be_in_viewport(ratio=1)
        expect(page.get_by_role("button", name="Save and next")).to_be_in_viewport(ratio=1)
        page.unroute(KEEP)
        expect(alert).to_have_count(0)
        level = chosen(page)[0]
        until(page, lambda level=level: kept_choices(engine, ana) == {FIRST: level}, "the choice is kept")


def test_a_store_that_does_not_respond_is_said_and_asked_again(ana, page, engine):
    sentence = "The store is not responding: another process may be using it."
    page.route(KEEP, lambda route: route.fulfill(status=503, body=sentence))
    press(page, "2")
    alert = page.get_by_role("alert").filter(visible=True)
    expect(alert).to_contain_text(f"{sentence} It is sent again")
    page.unroute(KEEP)
    until_kept(page, engine, ana, "2")
    expect(alert).to_have_count(0)


def test_a_save_goes_through_where_choices_do_not(ana, page, engine):
    page.route(KEEP, lambda route: route.abort())
    press(page, "12312")
    expect(page.get_by_role("alert").filter(visible=True)).to_contain_text("not kept yet")
    page.keyboard.press("Control+Enter")
    expect_place(page, 2)
    ready(page)
    expect(page.get_by_role("alert").filter(visible=True)).to_have_count(0)
    assert [row.value for row in stored_labels(engine, ana)] == list("12312")


def test_where_the_route_takes_nothing_the_page_keeps_the_choice_itself(ana, page, engine):
    page.route(KEEP, lambda route: route.fulfill(status=404, body="nothing here"))
    press(page, "213")
    until_kept(page, engine, ana, "213")
    settled(page)
    assert page.get_by_role("alert").filter(visible=True).count() == 0 and focused(page).startswith("4 ")


def test_a_choice_in_a_round_that_was_closed_says_so(ana, app, page, engine):
    desk = desk_of(engine, ana)
    close_round(app.lead, engine, desk.round_name, early="enough")
    press(page, "2")
    expect(page.get_by_role("alert").filter(visible=True)).to_contain_text("was closed on")
    assert kept_choices(engine, ana) == {}


def test_a_choice_takes_the_refusal_before_it_away(ana, page, engine):
    at_once(page, "12")
    alert = page.get_by_role("alert").filter(visible=True)
    expect(alert).to_contain_text("have no level yet")
    ready(page, "3 ")
    until_kept(page, engine, ana, "12")
    expect(alert).to_contain_text("have no level yet")  # what was on its way to the store took nothing away
    press(page, "3")
    expect(alert).to_have_count(0)
    page.keyboard.press("Control+Enter")
    expect(alert).to_contain_text("have no level yet")


def test_a_correction_that_chooses_the_same_keeps_nothing(ana, page, engine):
    label(page, "12312")
    page.keyboard.press("p")
    expect(page.get_by_text("Correction of draft 1")).to_be_visible()
    ready(page)
    expect_chosen(page, 5)
    settled(page)
    assert kept_choices(engine, ana) == {}
    press(page, "1")  # as it is
    press(page, "3")
    until(page, lambda: kept_choices(engine, ana) == {SECOND: "3"}, "the one that is another")
