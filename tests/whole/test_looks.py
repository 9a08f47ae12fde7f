"""Light, dark, and a person's own few colours: our parts, Streamlit's, what opens over the page, pictures follow one switch."""

from contextlib import suppress

import pytest
from playwright.sync_api import expect

from tests.support.browsing import bring_cookie, ready, settled
from tests.support.sample_store import CLOSED, OPEN, with_sample
from ui.base.colours import COLOURS, parts
from web.first_paint import EITHER_LOOK, FirstPaint
from workflow.people.people import person_named

BEHIND = "of => getComputedStyle(of).backgroundColor"
INK = "of => getComputedStyle(of).color"
FILL = "of => getComputedStyle(of).fill"


@pytest.fixture
def at(sqlite_engine, server, new_page):
    """at(address, **options) opens it in a browser of its own, as Ana of the sample."""
    with_sample(sqlite_engine)
    app = server(sqlite_engine)

    def opened(address, **options):
        page = bring_cookie(new_page(**options), app, sqlite_engine, person_named(sqlite_engine, "Sample Ana"))
        page.goto(f"{app.url}/{address}")
        return page

    return opened


def rgb(name, look):
    return f"rgb({', '.join(map(str, parts(getattr(COLOURS[name], look))))})"


def expect_look(page, look):
    """Streamlit's page, our heading and our picture are in that look."""
    page.wait_for_function("look => getComputedStyle(document.querySelector('.stApp')).colorScheme === look", arg=look)
    assert page.locator(".stApp").evaluate(BEHIND) == rgb("page", look)
    assert page.locator(".ts-heading p").first.evaluate(INK) == rgb("ink", look)
    assert page.locator(".xtick text").first.evaluate(FILL) == rgb("ink", look)
    assert page.locator(".js-plotly-plot .main-svg").first.evaluate(BEHIND) == "rgba(0, 0, 0, 0)"


def test_everything_follows_the_system_from_light_to_dark_while_the_page_stays(at):
    page = at("plan", color_scheme="light")
    expect(page.locator(".xtick text").first).to_be_visible()
    expect_look(page, "light")
    page.emulate_media(color_scheme="dark")
    expect_look(page, "dark")


def test_a_theme_that_was_asked_for_goes_before_the_system_also_in_what_opens_over_the_page(at):
    page = at("plan?embed=true&embed_options=light_theme", color_scheme="dark")
    expect(page.locator(".xtick text").first).to_be_visible()
    expect_look(page, "light")
    page.goto(page.url.partition("?")[0].replace("/plan", "/label") + "?embed=true&embed_options=light_theme")
    ready(page)
    page.get_by_role("button", name="Rubric", exact=True).click()
    expect(page.locator("[data-testid=stPopoverBody] .ts-static p").first).to_be_visible()
    assert page.locator("[data-testid=stPopoverBody] .ts-static p").first.evaluate(INK) == rgb("quiet", "light")


def test_numbers_in_the_cells_of_a_map_are_turned_with_their_cells(at):
    page = at(f"agreement?round={CLOSED}", color_scheme="dark")
    number = page.locator(".annotation-text").filter(has_text="8").first
    expect(number).to_be_visible()
    filled = page.locator(".shapelayer path[style*='fill-opacity: 1;']").first
    assert filled.evaluate(FILL) == rgb("cell", "dark")
    assert number.evaluate(FILL) == rgb("on-many", "dark") != rgb("on-many", "light")


def test_with_forced_colours_the_chosen_level_is_filled_and_a_map_keeps_its_edges(at):
    page = at(f"label?round={OPEN}", forced_colors="active")
    ready(page)
    page.keyboard.press("2")
    chosen, other = page.get_by_role("radio").nth(2), page.get_by_role("radio").nth(1)
    expect(chosen).to_be_checked()
    settled(page)
    highlight = page.evaluate(
        "() => { const i = document.body.appendChild(document.createElement('i')); i.style.color = 'Highlight';"
        " i.style.forcedColorAdjust = 'none'; return getComputedStyle(i).color }"
    )
    assert chosen.evaluate(BEHIND) == highlight != other.evaluate(BEHIND)
    assert chosen.locator("p").evaluate(INK) != highlight
    save = page.get_by_role("button", name="Save and next")
    assert save.evaluate(BEHIND) == highlight != save.locator("p").evaluate(INK)
    page.goto(page.url.partition("?")[0].replace("/label", "/agreement") + f"?round={CLOSED}")
    cell = page.locator(".shapelayer path[style*='fill-opacity: 1;']").first
    expect(page.locator(".annotation-text").filter(has_text="8").first).to_be_visible()
    ink = page.locator(".stApp").evaluate(INK)
    assert cell.evaluate(FILL) == page.locator(".stApp").evaluate(BEHIND)
    assert page.locator(".annotation-text").filter(has_text="8").first.evaluate(FILL) == ink
    edge = page.locator(".shapelayer path[style*='stroke-width: 1.5px']").first
    assert edge.evaluate("of => getComputedStyle(of).stroke") == ink


def test_whoever_asked_for_less_motion_gets_none_of_streamlits_either(at):
    page = at(f"label?round={OPEN}", reduced_motion="reduce")
    ready(page)
    moving = "[...document.querySelectorAll('body *')].filter(each => getComputedStyle(each).transitionProperty !== 'none')"
    assert page.evaluate(f"() => {moving}.length") == 0


def sent_for(headers, *, kind=b"text/html", body=b"<html><head><title>T</title></head></html>"):
    """What a browser gets of one document that the app would answer with, and the headers that the app was asked with."""
    asked, sent = [], []

    async def app(scope, receive, send):
        asked.extend(scope["headers"])
        start = {"type": "http.response.start", "status": 200}
        await send(start | {"headers": [(b"content-type", kind), (b"content-length", str(len(body)).encode())]})
        await send({"type": "http.response.body", "body": body})

    async def send(message):
        sent.append(message)

    with suppress(StopIteration):  # a loop of Playwright's may be running in this thread, and nothing here waits for one
        FirstPaint(app)({"type": "http", "headers": headers}, None, send).send(None)
    return sent, asked


def test_a_document_says_that_it_comes_in_either_look_before_anything_is_drawn():
    (start, body), asked = sent_for([(b"sec-fetch-dest", b"document"), (b"accept-encoding", b"gzip")])
    assert body["body"].startswith(b"<html><head>" + EITHER_LOOK)
    assert dict(start["headers"])[b"content-length"] == str(len(body["body"])).encode()
    assert asked == [(b"sec-fetch-dest", b"document")], "packed, nothing could be written into it"


@pytest.mark.parametrize(
    ("headers", "kind"), [([(b"sec-fetch-dest", b"document")], b"text/csv"), ([(b"accept-encoding", b"gzip")], b"text/html")]
)
def test_what_is_no_page_goes_through_untouched(headers, kind):
    (start, body), _ = sent_for(headers, kind=kind)
    assert EITHER_LOOK not in body["body"] and dict(start["headers"])[b"content-length"] == str(len(body["body"])).encode()


RING = """of => {
  const box = getComputedStyle(of.closest("[data-testid$=RootElement], .react-aria-ComboBox > div"))
  return [box.outlineStyle, box.outlineWidth, getComputedStyle(of).outlineStyle]
}"""


def test_a_box_with_the_focus_has_its_ring_around_the_whole_of_it(at):
    page = at(f"drafts?round={CLOSED}")
    page.get_by_label("Search").focus()
    for label in ("Search", "State", "On the dimension", "Author and fields", "Order"):
        box = page.get_by_label(label, exact=True)
        box.focus()
        page.keyboard.press("Shift")  # the focus is a keyboard's
        assert box.evaluate(RING) == ["solid", "2px", "none"], label
