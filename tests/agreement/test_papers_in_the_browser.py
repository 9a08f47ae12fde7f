"""Papers in a real browser: what the buttons hand out, that a file asks nothing of a network, that it fits its page."""

import pytest
from playwright.sync_api import expect

from tests.support.browsing import bring_cookie, settled
from tests.support.sample_store import CLOSED, with_sample
from touchstone.rubric import codebook
from workflow.agreement.papers import report as paper
from workflow.agreement.reports import agreement_of_rounds
from workflow.people.people import person_named
from workflow.rubric import rubrics


@pytest.fixture
def cleo(sqlite_engine):
    with_sample(sqlite_engine)
    return person_named(sqlite_engine, "Sample Cleo")


def downloaded(page, label: str) -> tuple[str, str]:
    with page.expect_download() as waits:
        page.get_by_role("button", name=label).click()
    return waits.value.suggested_filename, waits.value.path().read_text("utf-8")


@pytest.mark.whole_run("the papers are read and their buttons found without a browser")
def test_the_buttons_hand_out_the_papers_of_what_the_page_shows(server, sqlite_engine, cleo, page):
    app = server(sqlite_engine)
    bring_cookie(page, app, sqlite_engine, cleo)
    page.goto(f"{app.url}/agreement?round={CLOSED}")
    expect(page.get_by_role("heading", name=f"Agreement of {CLOSED}", level=1)).to_be_visible(timeout=30_000)
    settled(page)
    plain, coded = (agreement_of_rounds(cleo, sqlite_engine, [CLOSED], codes=codes) for codes in (False, True))
    assert downloaded(page, "Report as HTML") == ("agreement-sample-round-1.html", paper.html(plain))
    assert downloaded(page, "Report as Markdown") == ("agreement-sample-round-1.md", paper.markdown(plain))
    page.get_by_text("Annotators as A, B, C…").click()
    settled(page)
    assert downloaded(page, "Report as HTML") == ("agreement-sample-round-1.html", paper.html(coded))
    page.goto(f"{app.url}/rubrics?rubric=tenacious-v1")
    expect(page.get_by_role("heading", name="Rubrics", level=1)).to_be_visible(timeout=30_000)
    settled(page)
    rubric = rubrics.rubric_named(None, "tenacious-v1")
    assert downloaded(page, "Codebook") == ("codebook-tenacious-v1.html", codebook.html(rubric))


@pytest.mark.parametrize("width", [1366, 390])
def test_a_paper_asks_nothing_of_a_network_and_fits_its_page(width, sqlite_engine, cleo, new_page, tmp_path):
    page = new_page(viewport={"width": width, "height": 768})
    asked, complaints = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    report = agreement_of_rounds(cleo, sqlite_engine, [CLOSED])
    for name, text in (("report", paper.html(report)), ("codebook", codebook.html(report.rubric))):
        file = tmp_path / f"{name}.html"
        file.write_text(text, "utf-8")
        asked.clear()
        page.goto(file.as_uri())
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        assert (asked, complaints) == ([file.as_uri()], [])
