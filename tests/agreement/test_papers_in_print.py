"""Papers as a printer gets them, A4 and Letter, and on screens that are dark or of the reader's own colours."""

import re
import shutil

import pytest

from db.engine import within
from tests.support.sample_store import hasty_engine, sqlite_url
from touchstone.papers import name_on_pages
from touchstone.rubric import codebook
from workflow.agreement.papers import report as paper
from workflow.agreement.reports import agreement_of_set
from workflow.importing.label_files import File
from workflow.importing.label_sets import import_labels
from workflow.people.people import add_person
from workflow.projects.projects import new_project
from workflow.rubric import rubrics

SIDES = 2 * 16  # mm, the margins of paper.css
WIDTHS = {"A4": 210, "Letter": 215.9}  # mm
PEOPLE = ("Annegret Kramp", "Ben", "Chidimma Okonkwo-Adeyemi", "Dana", "Eli")
REPORTS = {"two": (2, "tenacious-v1"), "three": (3, "tenacious-v1"), "five": (5, "support-replies-v1")}
PAGES = {"two": range(4, 9), "three": range(6, 14), "five": range(10, 26)}  # fewer or more by the reader's fonts
TOO_WIDE = """() => [...document.querySelectorAll('body *')].filter(each => {
    const right = each.getBoundingClientRect().right
    return right > document.documentElement.clientWidth + 1 && !each.closest('.heard, svg')
}).map(each => `${each.tagName}.${each.className}: ${each.textContent.trim().slice(0, 40)}`)"""
STYLES = """([selector, part, property]) =>
    [...new Set([...document.querySelectorAll(selector)].map(each => getComputedStyle(each, part)[property]))]"""


@pytest.fixture(scope="module")
def papers(migrated_sqlite, tmp_path_factory):
    """Every kind of paper as a file: reports of two, three and five, and a codebook of each rubric version that is shipped."""
    folder = tmp_path_factory.mktemp("papers")
    versions = {path.stem: rubrics.rubric_named(None, path.stem) for path in sorted(rubrics.FOLDER.glob("*.yml"))}
    texts = {f"codebook of {name}": codebook.html(version) for name, version in versions.items()}
    with hasty_engine(sqlite_url(shutil.copy(migrated_sqlite, folder))) as engine:
        lead = add_person(None, engine, "lead")
        for name, number, version in (
            ("two", 2, "tenacious-v1"),
            ("three", 3, "tenacious-v1"),
            ("five", 5, "support-replies-v1"),
        ):
            found = within(engine, new_project(lead, engine, name).id)
            whose, files = list(PEOPLE[:number]), labels_of(number, versions[version])
            import_labels(lead, found, files, name=f"{name} people", made_by="person-blind", rubric=version, annotators=whose)
            texts[name] = paper.html(agreement_of_set(lead, found, f"{name} people"))
    for name, text in texts.items():
        (folder / f"{name}.html").write_text(text, "utf-8")
    return {name: folder / f"{name}.html" for name in texts}


def labels_of(number, rubric) -> list[File]:
    """Labels of so many people on two dimensions, nominal ones first: who leaves the level of the first, and when, differs."""
    chosen = sorted(rubric.dimensions, key=lambda each: (each.scale, -len(each.levels)))[:2]
    head = ",".join(["draft_id", *(each.key for each in chosen)])
    files = []
    for who, name in enumerate(PEOPLE[:number]):
        rows = [
            ",".join([f"x{n:02}", *(str(each.values[(n + (who * n % 7 == 3)) % len(each.values)]) for each in chosen)])
            for n in range(40)
        ]
        files.append(File(f"{name}.csv", "\n".join([head, *rows, ""]).encode()))
    return files


@pytest.mark.parametrize("paper_format", WIDTHS)
def test_every_paper_fits_its_page_whole(paper_format, papers, new_page):
    width = int((WIDTHS[paper_format] - SIDES) * 96 / 25.4)
    page = new_page(viewport={"width": width, "height": 900})
    page.emulate_media(media="print")
    for name, file in papers.items():
        page.goto(file.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), name
        assert page.evaluate(TOO_WIDE) == [], name
        last = page.locator("table").last
        assert last.is_visible() and last.locator("tbody tr").last.inner_text().strip(), name


@pytest.mark.parametrize("paper_format", WIDTHS)
def test_a_paper_is_printed_on_numbered_pages_in_the_size_that_was_asked(paper_format, papers, page):
    for name, file in papers.items():
        page.goto(file.as_uri())
        printed = page.pdf(format=paper_format, prefer_css_page_size=True)
        pages = len(re.findall(rb"/Type\s*/Page\b(?!s)", printed))
        assert pages in PAGES.get(name, range(2, 8)), (name, pages)
        (width,) = {float(width) for width in re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+)", printed)}
        assert width == pytest.approx(WIDTHS[paper_format] / 25.4 * 72, abs=1), name
    rules = page.evaluate(
        "[...document.styleSheets[0].cssRules].filter(each => each.type === 6).map(each => each.cssText).join()"
    )
    assert "counter(page)" in rules and "size" not in rules.replace("font-size", "")


def test_no_row_picture_or_heading_is_torn_from_what_it_belongs_to(papers, page):
    page.emulate_media(media="print")
    page.goto(papers["three"].as_uri())
    whole = (
        "tr",
        "figure",
        ".maps",
        ".notes",
        ".opinion",
        ".wide:has(> .figures)",
        ".wide:has(> .levels-of)",
        ".dimension > header",
    )
    assert {each: page.evaluate(STYLES, [each, None, "breakInside"]) for each in whole} == {each: ["avoid"] for each in whole}
    leading = ("h2", "h3", ".maps", ".dimension > header")
    assert {each: page.evaluate(STYLES, [each, None, "breakAfter"]) for each in leading} == {each: ["avoid"] for each in leading}
    assert page.evaluate(STYLES, ["thead", None, "display"]) == ["table-header-group"]
    page.goto(papers["codebook of tenacious-v1"].as_uri())
    assert page.evaluate(STYLES, [".dimension, .levels li", None, "breakInside"]) == ["avoid"]


def test_the_name_of_a_paper_at_the_foot_of_its_pages_is_text_of_one_rule(papers, page):
    page.goto(papers["three"].as_uri())
    foot = "[...document.styleSheets[0].cssRules].at(-1).cssText"
    assert '"Agreement: three people"' in page.evaluate(foot)
    hostile = 'x" } * { display: none } </style><img src=x> \\ \n ' + "é" * 80
    page.set_content(f"<style>{name_on_pages(hostile)}</style><p>here</p>")
    assert page.evaluate("document.styleSheets[0].cssRules.length") == 1
    assert page.locator("p").is_visible() and page.locator("img").count() == 0


def test_a_paper_follows_a_dark_system_and_is_printed_on_white_all_the_same(papers, new_page):
    page = new_page(color_scheme="dark")
    page.goto(papers["two"].as_uri())
    ground, cell = (lambda: page.evaluate(STYLES, ["html", None, "backgroundColor"])), ".confusion td.agreed.some"
    assert ground() == ["rgb(18, 25, 28)"]
    in_the_dark = page.evaluate(STYLES, [cell, None, "backgroundColor"])
    page.emulate_media(media="print", color_scheme="dark")
    assert ground() == ["rgb(255, 255, 255)"]
    on_paper = page.evaluate(STYLES, [cell, None, "backgroundColor"])
    page.emulate_media(media="screen", color_scheme="light")
    assert ground() == ["rgb(255, 255, 255)"]
    assert page.evaluate(STYLES, [cell, None, "backgroundColor"]) == on_paper != in_the_dark


def test_in_a_readers_own_colours_the_diagonal_stays_outlined_and_marks_are_seen(papers, new_page):
    page = new_page(forced_colors="active", color_scheme="dark")
    page.goto(papers["two"].as_uri())
    assert page.evaluate(STYLES, [".confusion td.agreed", None, "outlineWidth"]) == ["3px"]
    assert page.evaluate(STYLES, [".confusion td.none:not(.agreed)", None, "outlineWidth"]) == ["1px"]
    (ink,) = page.evaluate(STYLES, ["body", None, "color"])
    assert page.evaluate(STYLES, ["svg :is(circle, path)", None, "fill"]) == [ink]
    assert page.evaluate(STYLES, ["tr.judged > *", None, "borderTopWidth"]) == ["2px"]
