"""The README's two pictures, taken from the sample workspace; and what a screen reader is told on the label page.

TOUCHSTONE_WRITE_PICTURES=1 python -m pytest tests/whole/test_pictures.py      writes docs/pictures/ anew
"""

import io
import os

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.support.axe_runs import named_controls, nameless
from tests.support.browsing import PROJECT, bring_cookie, expect_chosen, focused, kept_choices, press, ready, settled, until
from tests.support.sample_store import CLOSED, OPEN, with_sample
from workflow.agreement import reports
from workflow.people.people import person_named

PICTURES = PROJECT / "docs" / "pictures"
RENEW = "renew them with: TOUCHSTONE_WRITE_PICTURES=1 python -m pytest tests/whole/test_pictures.py"


@pytest.fixture
def app(sqlite_engine, server):
    with_sample(sqlite_engine)
    return server(sqlite_engine)


@pytest.fixture
def ana(app, sqlite_engine, page):
    person = person_named(sqlite_engine, "Sample Ana")
    bring_cookie(page, app, sqlite_engine, person)
    return person


def keep_or_compare(page, name):
    """Writes the picture when asked to; else holds the stored one against the page, as far as fonts allow.

    Fonts differ between machines, so the pictures are compared where type is only a shade of grey: as cells of about
    34 x 32 pixels. A page laid out anew moves far more of them than another font does.
    """
    page.mouse.move(0, 0)
    settled(page)
    page.evaluate("() => document.fonts.ready")
    taken = page.screenshot(animations="disabled", caret="hide")
    path = PICTURES / name
    if os.environ.get("TOUCHSTONE_WRITE_PICTURES") == "1":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(taken)
    assert path.exists(), f"docs/pictures/{name} is missing; {RENEW}"
    stored, now = (Image.open(source).convert("L") for source in (path, io.BytesIO(taken)))
    assert stored.size == now.size == (1366, 768), f"docs/pictures/{name} has {stored.size}; {RENEW}"
    shades = [np.asarray(picture.resize((40, 24), Image.Resampling.BOX), dtype=float) for picture in (stored, now)]
    apart = np.abs(shades[0] - shades[1])
    assert apart.mean() < 6 and (apart > 40).mean() < 0.04, (
        f"docs/pictures/{name} no longer shows the page ({apart.mean():.1f} of 255 apart on average); {RENEW}"
    )


def test_the_picture_of_the_label_page_is_true(app, ana, page, sqlite_engine):
    page.goto(f"{app.url}/label?round={OPEN}")
    ready(page)
    press(page, ["3", "ArrowDown", "2", "3", "ArrowUp", "ArrowUp", "ArrowUp"])
    expect_chosen(page, 3)
    until(page, lambda: len(kept_choices(sqlite_engine, ana)) == 3, "three kept choices")
    assert focused(page).startswith("2 ")
    expect(page.locator(".ts-progress")).to_contain_text(OPEN)
    expect(page.locator(".ts-progress")).to_contain_text("1 of 22")
    expect(page.locator(".ts-who > span").first).to_have_text("Sample Ana")
    expect(page.get_by_role("radio")).to_have_count(20)
    assert page.locator(".ts-anchor-set:visible p").inner_text().startswith("2 ")
    assert page.locator(".ts-draft").inner_text().startswith("Subject: ")
    assert page.locator(".ts-task h3").all_inner_texts() == ["Company signal", "Capacity", "Thread"]
    keep_or_compare(page, "label.png")


def test_the_picture_of_the_agreement_page_is_true(app, ana, page, sqlite_engine):
    page.goto(f"{app.url}/agreement?round={CLOSED}")
    expect(page.get_by_role("heading", name=f"Agreement of {CLOSED}", level=1)).to_be_visible(timeout=30_000)
    report = reports.agreement_of_rounds(ana, sqlite_engine, [CLOSED])
    expect(page.locator(".ts-heading p")).to_have_text(report.sentence)
    expect(page.locator(".js-plotly-plot").first.locator(".annotation")).to_have_count(5)
    expect(page.locator(".ts-table").first.locator("tbody tr")).to_have_count(5)
    assert [each.dimension for each in report.flagged] == ["personalization_depth"]
    assert page.locator(".ts-marked").count() == 1
    assert page.locator(".ts-table").first.locator("tbody tr").first.inner_text().startswith("Personalization")
    keep_or_compare(page, "agreement.png")


def test_every_control_of_the_label_page_has_a_name_and_every_level_its_words(app, ana, page):
    page.goto(f"{app.url}/label?round={OPEN}")
    ready(page)
    expect(page.get_by_label("Note (optional)")).to_be_visible()  # its part of the program may come after the keyboard's
    controls = named_controls(page)
    assert nameless(controls) == []
    levels = [name for role, name in controls if role == "radio"]
    assert len(levels) == 20 and all(name[0] in "0123" and len(name) > 3 for name in levels), levels
    groups = [name for role, name in controls if role == "radiogroup"]
    assert [name[:2] for name in groups] == ["1 ", "2 ", "3 ", "4 ", "5 "]
    assert ("textbox", "Note (optional)") in controls and ("progressbar", "Drafts done") in controls
    assert page.locator("html").get_attribute("lang") and page.title() == "Label" or "Touchstone" in page.title()
    assert page.locator(".ts-live").get_attribute("aria-live") == "polite"
