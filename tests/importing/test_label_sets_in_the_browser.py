"""Label sets as a person brings them in: real files in a real browser, every question answered, the mark on the report."""

import pytest
from playwright.sync_api import expect

from tests.support.browsing import bring_cookie, open_box, settled
from tests.support.small_stores import people
from workflow.importing.label_files import File
from workflow.importing.label_sets import import_labels

ROWS = "".join(f"t{n};{n % 4}.0;{'' if n == 3 else (n + n % 2) % 4}\n" for n in range(16))
MESSY = f"\ufeffLabels of March;;\n;;\ntask_id;rater 1 cta_quality;rater 2 cta_quality\n{ROWS};;\n"


def choose(page, box, option):
    open_box(page, box, option).first.click()
    settled(page)


@pytest.mark.whole_run("pages without a browser ask, bring the labels in and say who made them")
def test_a_messy_file_is_asked_about_brought_in_and_marked_for_ever(sqlite_engine, server, page, tmp_path):
    (lead,) = people(sqlite_engine, "lead")
    app = server(sqlite_engine)
    file = tmp_path / "messy.csv"
    file.write_text(MESSY, encoding="utf-8")
    bring_cookie(page, app, sqlite_engine, lead).goto(f"{app.url}/label-sets")
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text("How they are read")).to_be_visible()
    expect(page.get_by_role("button", name="Import", exact=True)).to_be_disabled()
    page.get_by_label("Name of the set").fill("messy")
    page.keyboard.press("Tab")
    settled(page)
    choose(page, "Who made the labels?", "a model")
    choose(page, "What does a blank mean", "no label")
    choose(page, "one person throughout", "no:")
    choose(page, "Is the scale reversed in these files", "as in the rubric")
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.locator(".ts-done")).to_contain_text("messy: 31 labels of 16 units by rater 1, rater 2, 1 dimension")
    page.get_by_role("link", name="messy", exact=True).click()
    expect(page.locator("h1 .ts-badge")).to_have_text("labels made by a model")
    expect(page.get_by_text("Figures per pair are not given: the annotators are slots in a file, not people.")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.whole_run("pages without a browser compare the two sources")
def test_two_sources_keep_their_address_and_show_the_map(sqlite_engine, server, page, tmp_path):
    (lead,) = people(sqlite_engine, "lead")
    app = server(sqlite_engine)
    bring_cookie(page, app, sqlite_engine, lead).goto(f"{app.url}/two-sources")
    expect(page.get_by_text("Two sources of labels are needed, and there are none yet.")).to_be_visible()
    rows = "".join(f"t{n},{n % 4}\n" for n in range(12))
    for name, made_by in (("ours", "person-blind"), ("theirs", "program")):
        import_labels(
            lead,
            sqlite_engine,
            [File(f"{name}.csv", f"task_id,cta_quality\n{rows}".encode())],
            name=name,
            made_by=made_by,
            rubric="tenacious-v1",
        )
    page.goto(f"{app.url}/two-sources?a=set:ours&b=set:theirs")
    expect(page.locator("h1 .ts-badge")).to_have_text("set:theirs made by a program")
    expect(page.get_by_text("not inter-rater").first).to_be_visible()
    expect(page.locator(".js-plotly-plot")).to_be_visible()
    settled(page)
    assert "a=set%3Aours" in page.url
