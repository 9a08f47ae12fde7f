"""Pictures have room for their words: names above their rows, nothing over anything else, on a desk and on a phone."""

import re

from playwright.sync_api import expect

from tests.support.browsing import bring_cookie, settled
from tests.support.sample_store import CLEO, with_sample
from touchstone.agreement.figure import Ends
from ui.base import charts, confusion_map
from ui.scorer.effect import Counts
from workflow.agreement.forest import ForestRow
from workflow.people.people import person_named

LONG = "How well the reply agrees with the account and with all that the policy says about it"
PAGES = ("agreement", "slices", "plan")
# Of every picture: words outside it, and words over other words, by more than a pixel or two.
COLLIDING = """() => [...document.querySelectorAll('.js-plotly-plot')].flatMap(plot => {
    const frame = plot.getBoundingClientRect(), cells = plot.querySelectorAll('text')
    const words = [...cells].filter(each => each.textContent.trim() && each.getBoundingClientRect().width)
    const boxes = words.map(each => [each.textContent, each.getBoundingClientRect()])
    const beyond = box => box.left < frame.left - 2 || box.right > frame.right + 2 || box.bottom > frame.bottom + 2
    const out = boxes.filter(([_, box]) => beyond(box))
    const over = boxes.flatMap(([one, a], place) => boxes.slice(place + 1).filter(([_, b]) =>
        Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2
    ).map(([other]) => `${one} / ${other}`))
    return [...out.map(([one]) => `outside: ${one}`), ...over]
})"""


def row(title: str) -> ForestRow:
    return ForestRow(title, ".50 [.20, .90]", Ends(0.5, 0.2, 0.9), 0.8, True)


def test_every_name_stands_above_its_row_whole_and_the_height_grows_with_what_there_is():
    one, two = charts.forest([row("Tone")]), charts.forest([row("Tone"), row(LONG)])
    assert [each.text for each in one.layout.annotations] == ["Tone"]
    assert two.layout.annotations[1].text.replace("<br>", " ") == LONG and two.layout.annotations[1].y == LONG
    assert all(len(line) <= charts.LINE for line in two.layout.annotations[1].text.split("<br>"))
    assert not two.layout.yaxis.showticklabels and two.layout.height > one.layout.height + charts.ROW


def test_words_beneath_the_columns_of_a_map_are_turned_where_they_would_meet():
    short, long = (
        confusion_map.picture(Counts(levels, ((1, 0), (0, 1)), "ana", "ben"), levels)
        for levels in (("yes", "no"), ("unresolved", "no"))
    )
    assert short.layout.xaxis.tickangle == 0 != long.layout.xaxis.tickangle


def test_no_word_of_a_picture_lies_over_another_or_beyond_its_edge_on_a_desk_and_on_a_phone(sqlite_engine, server, page):
    with_sample(sqlite_engine)
    app = server(sqlite_engine)
    bring_cookie(page, app, sqlite_engine, person_named(sqlite_engine, CLEO))
    for address in PAGES:
        page.set_viewport_size({"width": 1366, "height": 844})
        page.goto(f"{app.url}/{address}")
        pictures = page.locator(".js-plotly-plot .main-svg")
        expect(pictures.first).to_be_attached()
        settled(page)
        assert page.evaluate(COLLIDING) == [], address
        page.set_viewport_size({"width": 390, "height": 844})
        expect(pictures.first).to_have_attribute("width", re.compile(r"^3[0-4]\d(\.\d+)?$"))  # drawn anew, as wide as the phone
        assert page.evaluate(COLLIDING) == [], f"{address} on a phone"
