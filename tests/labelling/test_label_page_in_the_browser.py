"""The label page in a real browser: the keyboard and the eye."""

import re

import pytest
from playwright.sync_api import expect

from tests.support.browsing import (
    bring_cookie,
    chosen,
    draft_text,
    expect_chosen,
    expect_place,
    focused,
    kept_choices,
    label,
    place,
    press,
    ready,
    stored_labels,
)
from tests.support.by_keyboard import expect_told, expect_whole_or_faded, sign_in_by_keyboard
from tests.support.label_app import DIMENSIONS, HOSTILE, at_the_desk
from tests.support.short_run import some
from workflow.data.task_import import import_file
from workflow.people.people import add_person
from workflow.rounds.design import RoundDesign
from workflow.rounds.opening import open_round
from workflow.rubric import rubrics


@pytest.fixture
def engine(app):
    return app.engine


@pytest.fixture
def ana(app, engine, page):
    """Somebody new with a round of six sample drafts of their own, signed in and before the first of them."""
    return at_the_desk(app, page)


def test_a_draft_is_labelled_by_keyboard_alone(ana, page, engine):
    expect_chosen(page, 0)  # nothing is preselected
    expect(page.locator(".ts-keys")).to_contain_text("0–3 choose")
    expect(page.locator(".ts-keys")).to_contain_text("n note")
    press(page, "2130")
    assert focused(page).startswith("5 ")
    press(page, ["ArrowUp"])
    assert focused(page).startswith("4 ")
    press(page, ["ArrowRight", "ArrowDown", "7", "3"])  # there is no level 7
    expect_chosen(page, 5)
    assert chosen(page) == ["2", "1", "3", "1", "3"]
    assert stored_labels(engine, ana) == []
    page.keyboard.press("Control+Enter")
    expect_place(page, 2)
    ready(page)
    expect_chosen(page, 0)
    expect(page.locator(".ts-live")).to_have_text("Saved, draft 1 of 6.")
    assert [row.value for row in stored_labels(engine, ana)] == ["2", "1", "3", "1", "3"]
    assert tuple(row.dimension for row in stored_labels(engine, ana)) == DIMENSIONS


def test_two_drafts_are_labelled_from_sign_in_on_by_keyboard_and_whoever_hears_the_page_is_told(app, page, engine):
    ana = at_the_desk(app, page)
    page.context.clear_cookies()
    sign_in_by_keyboard(page, app, ana.name, "/label")
    ready(page)
    for name in ("The task", "The draft"):
        expect(page.get_by_role("region", name=name)).to_be_visible()
    tone, note = page.get_by_role("radiogroup", name="2 Tone."), page.get_by_role("textbox", name="Note (optional)")
    expect(tone.get_by_role("radio").nth(2)).to_have_accessible_name(re.compile("^2 ?Direct, in voice"))
    press(page, "2130")
    last = page.get_by_role("radiogroup", name="5 Personalization")
    expect(last.get_by_role("radio").first).to_be_focused()
    expect(last.get_by_role("radio").nth(2)).to_have_accessible_description(re.compile("^2 At least one signal detail"))
    press(page, "2")
    expect(last.get_by_role("radio").nth(2)).to_be_focused()  # on the level that was chosen
    press(page, "n")
    expect(note).to_be_focused()
    expect(page.locator(".ts-keys")).to_have_text("Esc leaves the note    Ctrl+Enter saves", use_inner_text=True)
    page.keyboard.type("no name, 2 facts")
    page.keyboard.press("Control+Enter")
    expect_told(page, "Saved, draft 1 of 6.")
    ready(page)
    expect(page.locator(".ts-keys")).to_contain_text("n note")
    press(page, ["ArrowRight", "ArrowDown", "1", "2", "3", "3", "Control+Enter"])
    expect_told(page, "Saved, draft 2 of 6.")
    ready(page)
    assert [row.value for row in stored_labels(engine, ana)] == list("2130201233")
    assert stored_labels(engine, ana)[0].note == "no name, 2 facts"


@pytest.mark.whole_run("the whole life of a label is labelled by keys, too")
def test_a_whole_round_is_labelled_without_the_mouse(ana, page, engine):
    for keys in ("12312", "00000", "33213", "21301", "11111", "32100"):
        label(page, keys)
    assert "".join(row.value for row in stored_labels(engine, ana)) == "123120000033213213011111132100"


def test_the_anchors_of_the_dimension_in_focus_are_in_view_and_choose_when_clicked(ana, page):
    for number in range(1, 6):
        shown = page.locator(".ts-anchor-set:visible")
        expect(shown).to_have_count(1)
        assert shown.locator("p").inner_text().startswith(f"{number} ")
        expect(shown.locator("li")).to_have_count(4)
        for anchor in shown.locator("li").all():
            expect(anchor).to_be_in_viewport(ratio=1)
        press(page, ["ArrowDown"])
    press(page, ["ArrowUp"] * 3)
    page.locator(".ts-anchor-set:visible li").nth(2).click()
    expect_chosen(page, 1)
    assert focused(page).startswith("2 ")
    spoken = page.evaluate("() => document.getElementById(document.activeElement.getAttribute('aria-describedby')).innerText")
    assert page.locator(".ts-anchor-set:visible li").nth(2).inner_text() == spoken


@pytest.mark.parametrize("size", some([(1366, 768), (1280, 720), (1920, 1080)]), ids="{0[0]}x{0[1]}".format)
def test_everything_is_in_view_and_nothing_of_the_page_scrolls(ana, page, size):
    page.set_viewport_size({"width": size[0], "height": size[1]})
    for _ in range(5):
        page.wait_for_function(
            "() => [document.documentElement, document.querySelector('.stMain'), document.querySelector('.st-key-levels')"
            ".closest('[data-testid=stLayoutWrapper]')].every(e => e.scrollHeight <= e.clientHeight + 1"
            " && e.scrollWidth <= e.clientWidth + 1)"
        )
        for part in (
            *page.get_by_role("radio").all(),
            *page.locator(".ts-question").all(),
            *page.locator(".ts-anchor-set:visible li").all(),
            *page.locator(".ts-who button, .ts-progress, .ts-keys, .ts-task").all(),
            *(
                page.get_by_test_id("stMainBlockContainer").get_by_role("button", name=name)
                for name in ("Save and next", "Skip", "Query", "Rubric")
            ),
            page.get_by_label("Note (optional)"),
        ):
            expect(part).to_be_in_viewport(ratio=0.97)
        press(page, ["ArrowDown"])
    for name in ("The task", "The draft"):
        expect_whole_or_faded(page.get_by_role("region", name=name))
    line = page.evaluate(
        "() => { const draft = document.querySelector('.ts-draft > div');"
        " const pen = document.createElement('canvas').getContext('2d'); pen.font = getComputedStyle(draft).font;"
        " return draft.clientWidth / pen.measureText('0').width }"
    )
    assert 45 <= line <= 75, f"a line of the draft holds {line:.0f} digits"


def test_where_there_is_no_room_for_a_desk_one_page_scrolls_and_save_stays_in_reach(app, page):
    """A phone; and a window of 1366 x 768 at 200 %."""
    for width, height in [(390, 844), (683, 384)]:
        page.set_viewport_size({"width": width, "height": height})
        at_the_desk(app, page)
        save = page.get_by_role("button", name="Save and next")
        expect(save).to_be_in_viewport(ratio=1)
        expect(page.locator(".ts-progress")).to_be_in_viewport()  # a new draft is read from its beginning
        whole = "part => part.scrollHeight <= part.clientHeight + 1 && part.scrollWidth <= part.clientWidth + 1"
        for part in (".ts-task", ".ts-draft", ".st-key-levels"):
            assert page.locator(part).evaluate(whole), f"{part} is cut off at {width}"
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width
        press(page, "1")  # out of sight: it leads there, and chooses nothing
        expect(page.get_by_role("radio", checked=True)).to_have_count(0)
        press(page, "1231")
        expect(page.get_by_role("radio").last).to_be_in_viewport(ratio=0.97)
        expect(save).to_be_in_viewport(ratio=1)
        page.keyboard.press("Control+Enter")
        expect(page.get_by_role("alert")).to_be_in_viewport(ratio=1)  # one level is missing


def test_where_a_task_is_cut_off_it_says_so_and_page_down_reads_it_before_the_draft(ana, page):
    page.set_viewport_size({"width": 1366, "height": 600})
    for name in ("The task", "The draft"):
        expect_whole_or_faded(page.get_by_role("region", name=name))
    task, draft = page.locator(".ts-task"), page.locator(".ts-draft")
    assert task.evaluate("task => task.scrollHeight > task.clientHeight + 1")
    press(page, ["PageDown"])
    page.wait_for_function("() => document.querySelector('.ts-task').scrollTop > 0")
    assert draft.evaluate("draft => draft.scrollTop") == 0
    assert focused(page).startswith("1 ")


def test_a_very_long_draft_scrolls_in_its_own_box(app, page):
    at_the_desk(app, page, draft_ids=["long"], project="Mails")
    box = page.locator(".ts-draft")
    assert box.evaluate("e => e.scrollHeight > 5 * e.clientHeight")
    assert page.evaluate(
        "() => [document.documentElement, document.querySelector('.stMain')].every(e => e.scrollHeight <= e.clientHeight)"
    )
    expect(page.get_by_role("button", name="Save and next")).to_be_in_viewport(ratio=1)
    box.focus()
    press(page, ["End"])
    page.wait_for_function("() => (e => e.scrollTop + e.clientHeight > e.scrollHeight - 2)(document.querySelector('.ts-draft'))")
    press(page, ["ArrowUp"])  # reads on, does not leave the draft
    assert page.evaluate("() => document.activeElement.className") == "ts-draft"
    press(page, "2")
    expect_chosen(page, 1)
    assert chosen(page) == ["2"]


def test_hostile_text_is_shown_letter_by_letter(app, page):
    at_the_desk(app, page, draft_ids=["hostile"], project="Mails")
    assert draft_text(page) == HOSTILE
    assert page.locator(".ts-draft > div *:not(span)").count() == 0
    assert "    indented by four,   three   spaces" in page.locator(".ts-draft > div").inner_text()
    assert page.title() != "owned"


def test_an_annotator_sees_no_author_id_or_metadata_of_the_task(ana, page):
    everything = page.content()
    for word in ("system-a", "system-b", "sample-16", "programmatic", "trace-derived", "expected_features", "must_reference"):
        assert word not in everything, word


def test_keys_typed_into_the_note_stay_there_and_save_takes_a_note_not_yet_left(ana, page, engine):
    press(page, "n")
    page.keyboard.type("n 2 levels, 3 words")
    expect_chosen(page, 0)
    page.keyboard.press("Escape")
    assert focused(page).startswith("1 ")
    press(page, "12312n")
    page.keyboard.press("End")
    page.keyboard.type(" and more")
    page.keyboard.press("Control+Enter")
    expect_place(page, 2)
    ready(page)
    expect(page.get_by_label("Note (optional)")).to_have_value("")
    assert stored_labels(engine, ana)[-1].note == "n 2 levels, 3 words and more"


def test_keys_typed_into_a_popover_stay_there(ana, page, engine):
    for button, asks, send in (
        ("Query", "What should someone look at?", "Send the query"),
        ("Skip", "Why can’t this draft be labelled?", "Skip this draft"),
    ):
        page.get_by_role("button", name=button, exact=True).click()
        page.get_by_label(asks).click()
        page.keyboard.type("cut off after 3 lines, n")
        expect(page.get_by_label(asks)).to_have_value("cut off after 3 lines, n")
        expect_chosen(page, 0)
        page.get_by_role("button", name=send).click()
        expect(page.get_by_label(asks)).to_have_count(0)
    expect_place(page, 2)
    ready(page)
    with engine.connect() as connection:
        asked = connection.exec_driver_sql(
            f"SELECT q.note FROM queries q JOIN assignments a ON a.id = q.assignment WHERE a.person = {ana.id}"
        ).all()
        skipped = connection.exec_driver_sql(
            f"SELECT skip_reason FROM assignments WHERE person = {ana.id} AND state = 'skipped'"
        ).all()
    assert asked == skipped == [("cut off after 3 lines, n",)]


def test_a_box_opened_while_a_query_is_on_its_way_stays_open_with_its_words(ana, page):
    page.get_by_role("button", name="Query", exact=True).click()
    page.get_by_label("What should someone look at?").fill("cut off")
    # As the query leaves, before the page is drawn anew: what a quick person does.
    page.get_by_role("button", name="Skip", exact=True).evaluate(
        """skip => document.addEventListener("click", event => {
            if (event.target.closest("button")?.innerText.includes("Send the query")) setTimeout(() => skip.click())
        }, {capture: true, once: true})"""
    )
    page.get_by_role("button", name="Send the query").click()
    reason = page.get_by_label("Why can’t this draft be labelled?")
    reason.click()
    page.keyboard.type("no text, 3 lines")
    expect(page.locator(".ts-live")).to_contain_text("Query saved")  # drawn last, so the boxes are drawn anew already
    expect(reason).to_have_count(1)
    expect(reason).to_have_value("no text, 3 lines")
    expect_chosen(page, 0)


@pytest.mark.parametrize("name", some(["Query", "Skip"]))
def test_what_is_typed_at_once_after_opening_a_box_lands_in_the_box(ana, page, engine, name):
    press(page, "3")
    page.get_by_role("button", name=name, exact=True).click()
    field = page.locator("[data-testid=stPopoverBody] textarea")
    expect(field).to_be_focused()
    page.keyboard.type("Hm 2")
    expect(field).to_have_value("Hm 2")
    assert chosen(page) == ["3"]


def test_a_digit_pressed_before_the_box_is_there_sets_no_level(ana, page):
    page.get_by_role("button", name="Query", exact=True).evaluate("""button => {
        button.focus(); button.click()
        button.dispatchEvent(new KeyboardEvent("keydown", {key: "2", bubbles: true, cancelable: true}))
    }""")
    expect(page.locator("[data-testid=stPopoverBody] textarea")).to_be_focused()
    expect_chosen(page, 0)


def test_page_down_reads_on_in_a_draft_that_is_longer_than_its_box(app, page):
    at_the_desk(app, page, draft_ids=["long"], project="Mails")
    press(page, ["PageDown"])
    page.wait_for_function("() => document.querySelector('.ts-draft').scrollTop > 100")
    assert focused(page).startswith("1 ")
    press(page, ["PageUp"])
    page.wait_for_function("() => document.querySelector('.ts-draft').scrollTop === 0")


def test_a_skip_without_a_reason_is_refused_in_a_sentence(ana, page):
    page.get_by_role("button", name="Skip", exact=True).click()
    page.get_by_role("button", name="Skip this draft").click()
    expect(page.get_by_role("alert")).to_contain_text("A skip needs a reason")
    assert place(page) == 1


def test_a_refused_save_names_what_is_missing_and_goes_there(ana, page, engine):
    press(page, ["1", "ArrowDown", "2", "Control+Enter"])
    expect(page.get_by_role("alert")).to_contain_text("Tone, Capacity and Personalization have no level yet")
    ready(page, "2 ")
    expect_chosen(page, 2)
    assert stored_labels(engine, ana) == [] and kept_choices(engine, ana) == {"signal_grounding": "1", "cta_quality": "2"}
    for part in (page.get_by_role("alert"), page.get_by_role("button", name="Save and next"), page.get_by_role("radio").last):
        expect(part).to_be_in_viewport(ratio=0.97)


def test_levels_that_are_words_are_chosen_by_their_place(app, page, engine, monkeypatch):
    monkeypatch.setattr(rubrics, "FOLDER", app.root / "rubric_versions")
    ana = at_the_desk(app, page, rubric="replies-v1", draft_ids=["short", "empty line"], project="Replies")
    expect(page.get_by_role("radiogroup")).to_have_count(2)
    expect(page.locator(".ts-keys")).to_contain_text("1–3 choose")
    press(page, "3")  # no third level here
    assert focused(page).startswith("1 ")
    label(page, "23")
    label(page, "11")
    assert [row.value for row in stored_labels(engine, ana)] == ["fail", "rude", "pass", "kind"]


def test_practice_drafts_come_first_and_are_counted_apart(app, page, engine):
    ana = at_the_desk(app, page, practice=2)
    for number in (1, 2):
        expect(page.locator(".ts-badge", has_text="practice")).to_be_visible()
        expect(page.locator(".ts-progress")).to_contain_text(f"{number} of 2")
        press(page, "12312")
        page.keyboard.press("Control+Enter")
        expect(page.locator(".ts-live")).to_have_text(f"Saved, draft {number} of 2.")
        ready(page)
    expect(page.locator(".ts-badge", has_text="practice")).to_have_count(0)
    expect(page.locator(".ts-progress")).to_contain_text("1 of 4")
    with engine.connect() as connection:
        assert connection.exec_driver_sql(
            f"SELECT DISTINCT is_practice FROM assignments WHERE person = {ana.id} AND state = 'saved'"
        ).all() == [(1,)]


@pytest.mark.whole_run("pages without a browser refuse it in the short run")
def test_someone_elses_draft_is_refused_by_url(ana, page, app, engine):
    with engine.connect() as connection:
        foreign = connection.exec_driver_sql(
            f"SELECT id FROM assignments WHERE person <> {ana.id} ORDER BY id DESC LIMIT 1"
        ).scalar()
    page.goto(f"{app.url}/label?assignment={foreign}")
    expect(page.get_by_role("alert")).to_contain_text("not yours to label")
    ready(page)
    assert place(page) == 1


def test_an_unexpected_error_is_a_sentence_on_the_page_and_a_traceback_in_the_log_only(server, page, sqlite_engine):
    ana, ben = (add_person(None, sqlite_engine, name) for name in ("Ana", "Ben"))
    import_file(ana, sqlite_engine, b'{"id": "1", "text": "One."}', "texts.jsonl")
    open_round(ana, sqlite_engine, RoundDesign("pilot", rubric="tenacious-v1", annotators=["Ana", "Ben"]))
    own = server(sqlite_engine)
    bring_cookie(page, own, sqlite_engine, ana).goto(f"{own.url}/label")
    ready(page)
    with sqlite_engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE pending_choices RENAME TO elsewhere")
    press(page, "2")
    expect(page.get_by_role("alert")).to_contain_text("The store is not responding")
    shown = page.locator("body").inner_text()
    assert "OperationalError" not in shown and "Traceback" not in shown
    assert "no such table: pending_choices" in own.log.read_text()
