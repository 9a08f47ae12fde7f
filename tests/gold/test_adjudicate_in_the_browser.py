"""The page Adjudicate in a real browser: by keyboard alone, what is told, and what is in view."""

import re

import pytest
from playwright.sync_api import expect

from db.engine import open_engine
from tests.support.browsing import bring_cookie, open_box, settled
from tests.support.by_keyboard import SIZES, expect_told, expect_whole_or_faded, sign_in_by_keyboard
from tests.support.sample_store import CLOSED, copied_sample
from workflow.gold.adjudication import adjudicate, open_disagreements
from workflow.people.people import person_named

CLEO = "Sample Cleo"


@pytest.fixture
def engine(tmp_path):
    opened = open_engine(copied_sample(tmp_path))
    yield opened
    opened.dispose()


@pytest.fixture
def app(server, engine):
    return server(engine)


def test_two_cells_are_decided_by_keyboard_alone_and_whoever_hears_the_page_is_told(app, page, engine):
    cleo = person_named(engine, CLEO)
    first, second, third, fourth = open_disagreements(cleo, engine, CLOSED).waiting[:4]
    titles = open_disagreements(cleo, engine, CLOSED).titles
    sign_in_by_keyboard(page, app, CLEO, "/adjudicate")
    levels, causes, reason = levels_causes_and_reason(page)
    expect(levels.get_by_role("radio").first).to_be_focused()
    expect(page.locator(".ts-keys")).to_contain_text("n reason")
    page.keyboard.press("2")
    expect(causes.get_by_role("radio").first).to_be_focused()
    page.keyboard.press("1")
    expect(causes.get_by_role("radio", name="rubric unclear")).to_be_checked()
    expect(causes.get_by_role("radio", name="rubric unclear")).to_be_focused()
    digit = causes.get_by_role("radio", name="rubric unclear").locator("code")
    expect(digit).to_have_css("background-color", "rgba(0, 0, 0, 0)")  # it is in the colour that is read on the button's
    page.keyboard.press("n")  # as the line says: into the reason, and no letter of it
    expect(reason).to_be_focused()
    expect(page.locator(".ts-keys")).to_have_text("Esc leaves the reason    Ctrl+Enter decides", use_inner_text=True)
    page.keyboard.type("no rule says so, 3 words")
    page.keyboard.press("Control+Enter")
    expect_told(page, f"{first.draft_id} / {titles[first.dimension]} was decided as 2 ")
    expect_told(page, f"Next: cell 1 of 9, {second.draft_id} / {titles[second.dimension]}.")
    expect(levels.get_by_role("radio").first).to_be_focused()
    expect(page.get_by_role("radio", checked=True)).to_have_count(0)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("4")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("A decision needs a reason")
    expect(reason).to_be_focused()  # what is missing
    page.keyboard.type("both can be said")
    page.keyboard.press("Control+Enter")
    expect_told(page, f"Next: cell 1 of 8, {third.draft_id} / {titles[third.dimension]}.")
    expect(levels.get_by_role("radio").first).to_be_focused()
    expect(page.get_by_role("button", name="Previous")).to_have_count(0)  # of the first that waits, there is none
    open_box(page, "Cell", f" {fourth.draft_id} / {titles[fourth.dimension]}").first.click()
    expect(page.locator(".ts-keys")).to_contain_text("p previous")
    settled(page)
    page.keyboard.press("p")
    expect_told(page, f"Cell 1 of 8 · {third.draft_id} / {titles[third.dimension]}")
    expect(page.get_by_role("combobox", name="Cell")).to_have_value(re.compile(f"^1 of 8 · {third.draft_id} / "))
    decided = {(cell.draft_id, cell.dimension): cell.decision for cell in open_disagreements(cleo, engine, CLOSED).decided}
    made = [decided[cell.draft_id, cell.dimension] for cell in (first, second)]
    assert [(each.value, each.cause, each.reason) for each in made] == [
        (2, "rubric unclear", "no rule says so, 3 words"),
        (1, "true ambiguity", "both can be said"),
    ]


def test_a_cell_stays_in_hand_while_somebody_else_decides_those_before_it(app, page, engine):
    """A browser sends the choice in the list by its words, which hold the cell's number among those that wait."""
    cleo = person_named(engine, CLEO)
    first, second, third = open_disagreements(cleo, engine, CLOSED).waiting[:3]
    asked = f"round={CLOSED}&draft={third.draft_id}&dimension={third.dimension}"
    bring_cookie(page, app, engine, cleo).goto(f"{app.url}/adjudicate?{asked}")
    settled(page)
    levels, causes, _ = levels_causes_and_reason(page)
    box = page.get_by_role("combobox", name="Cell")
    expect(box).to_have_value(re.compile(f"^3 of .* {third.draft_id} / "))
    open_box(page, "Cell", f" {second.draft_id} / ").first.click()
    for place, (each, choice) in enumerate([(first, levels), (third, causes)]):
        settled(page)
        adjudicate(cleo, engine, CLOSED, each.draft_id, each.dimension, 1, "meanwhile", "slip")
        choice.get_by_role("radio").first.click()
        expect(choice.get_by_role("radio").first).to_be_checked()
        settled(page)
        expect(box, f"after {place + 1}").to_have_value(re.compile(f"^1 of .* {second.draft_id} / "))
    causes.get_by_role("radio").nth(1).click()
    settled(page)
    expect(box).to_have_value(re.compile(f" {second.draft_id} / "))


def levels_causes_and_reason(page):
    return (
        page.get_by_role("radiogroup", name="Decision"),
        page.get_by_role("radiogroup", name="Cause"),
        page.get_by_role("textbox", name="Reason"),
    )


def test_who_hears_a_case_hears_names_titles_and_anchors(app, page, engine):
    cell = open_disagreements(person_named(engine, CLEO), engine, CLOSED).waiting[0]
    bring_cookie(page, app, engine, person_named(engine, CLEO)).goto(f"{app.url}/adjudicate")
    levels, causes, _ = levels_causes_and_reason(page)
    expect(levels.get_by_role("radio").first).to_be_focused()
    for name in ("The task", "The draft", "The labels and the anchors"):
        expect(page.get_by_role("region", name=name)).to_be_visible()
    said = page.get_by_role("region", name="The labels and the anchors")
    expect(said).to_contain_text("A: 2 Fits the stage")
    expect(said).to_contain_text("B: 1 Generic ask")
    assert [label.value for label in cell.labels] == [2, 1]
    expect(levels.get_by_role("radio").nth(1)).to_have_accessible_description(re.compile("^1 Makes a generic ask: it could"))
    expect(page.get_by_role("button", name="Decide and next")).to_have_accessible_name("Decide and next Shortcut Ctrl + Enter")
    assert [each.inner_text() for each in causes.get_by_role("radio").all()] == [
        "1 rubric unclear",
        "2 slip",
        "3 missing context",
        "4 true ambiguity",
    ]
    expect(page.get_by_text("to apply")).to_be_hidden()
    said.get_by_text("Makes a generic ask").click()  # an anchor chooses its level, as on the label page
    expect(levels.get_by_role("radio", name="Generic ask")).to_be_checked()


@pytest.mark.parametrize("size", SIZES, ids="{0[0]}x{0[1]}".format)
def test_nothing_of_a_case_is_cut_off_without_a_word_and_the_decision_is_in_view(app, page, engine, size):
    page.set_viewport_size({"width": size[0], "height": size[1]})
    bring_cookie(page, app, engine, person_named(engine, CLEO)).goto(f"{app.url}/adjudicate")
    expect(page.get_by_role("radiogroup", name="Decision").get_by_role("radio").first).to_be_focused()
    assert page.locator(".stMain").evaluate("main => main.scrollHeight <= main.clientHeight")
    for part in (
        *page.get_by_role("radio").all(),
        page.get_by_label("Reason"),
        page.get_by_role("button", name="Decide and next"),
    ):
        expect(part).to_be_in_viewport(ratio=1)
    for name in ("The task", "The draft", "The labels and the anchors"):
        expect_whole_or_faded(page.get_by_role("region", name=name))
    expect_labels_in_sight(page)
    page.keyboard.press("PageDown")
    if size[1] < 700:  # the task first: it is cut off here
        page.wait_for_function("() => document.querySelector('.ts-task').scrollTop > 0")
        assert page.locator(".ts-draft").evaluate("draft => draft.scrollTop") == 0
    page.get_by_role("button", name="Decide and next").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect_labels_in_sight(page)  # also below a refusal


def expect_labels_in_sight(page):
    """What is decided between, not scrolled away within its region."""
    labels = page.locator(".ts-given > div")
    expect(labels).to_have_count(2)
    for each in labels.all():
        expect(each).to_be_in_viewport(ratio=0.99)


def test_on_a_phone_one_page_scrolls_and_the_button_stays_in_reach(app, page, engine):
    bring_cookie(page, app, engine, person_named(engine, CLEO))
    for width, height in [(390, 844), (820, 1180)]:
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"{app.url}/adjudicate")
        settled(page)
        whole = "part => part.scrollHeight <= part.clientHeight + 1 && part.scrollWidth <= part.clientWidth + 1"
        for part in (".ts-task", ".ts-draft", ".ts-said"):
            assert page.locator(part).evaluate(whole), f"{part} is cut off at {width}"
        expect(page.get_by_role("button", name="Decide and next")).to_be_in_viewport(ratio=1)
        for radio in page.get_by_role("radio").all():
            box = radio.bounding_box()
            assert box["x"] >= 0 and box["x"] + box["width"] <= width
        assert page.locator(".stMain").evaluate("main => main.scrollWidth <= main.clientWidth")
        page.get_by_role("button", name="Decide and next").click()
        expect(page.get_by_role("alert")).to_be_in_viewport(ratio=1)  # what was refused, and why


def test_after_the_last_decision_the_focus_is_at_the_heading(app, page, engine):
    cleo = person_named(engine, CLEO)
    bring_cookie(page, app, engine, cleo).goto(f"{app.url}/adjudicate")
    settled(page)
    levels, _, reason = levels_causes_and_reason(page)
    for left in range(len(open_disagreements(cleo, engine, CLOSED).waiting), 0, -1):
        expect(page.locator(".ts-heading p")).to_contain_text(f"{left} cell{'s' if left > 1 else ''} waiting")
        expect(levels.get_by_role("radio").first).to_be_focused()
        page.keyboard.press("1")
        page.keyboard.press("2")
        page.keyboard.press("n")
        page.keyboard.type("why")
        page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name=f"Adjudicate {CLOSED}")).to_be_focused()
    expect(page.get_by_role("status").filter(has_text="was decided as 1")).to_be_visible()
