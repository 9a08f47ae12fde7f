"""Text from outside in a paper is text, in HTML, in Markdown and in the codebook."""

import json
import re

import pytest

from tests.support.reading_papers import COMMON, Reader, rendered
from tests.support.small_stores import CTA, RUBRIC, TONE, label_all, people, skip_draft, stock
from touchstone import papers
from touchstone.rubric import codebook
from workflow.agreement.papers import report as paper
from workflow.agreement.reports import agreement_of_rounds
from workflow.rounds.closing import close_round
from workflow.rounds.design import RoundDesign
from workflow.rounds.opening import open_round
from workflow.rubric import rubrics

MARKUP = "<img src=x onerror=alert(1)> | `c` *b* _i_ [d](e) ~s~ $m$ &amp; </pre></td>"


@pytest.fixture
def hostile(engine, tmp_path, monkeypatch):
    """A round in which everything that can be named or typed is markup."""
    source = (rubrics.FOLDER / f"{RUBRIC}.yml").read_text("utf-8")
    for key, words in (("title", "`*w*`"), ("question", MARKUP), ("anchor", MARKUP)):
        said = json.dumps("<b>x</b> | " + words).replace("\\", r"\\")
        source = re.sub(rf"^( +(?:- )?{key}: ).*(?:\n {{10,}}\S.*)*$", rf"\g<1>{said}", source, flags=re.MULTILINE)
    source = source.replace("title: Tenacious outreach", "title: " + json.dumps(MARKUP))
    (tmp_path / f"{RUBRIC}.yml").write_text(source, "utf-8")
    monkeypatch.setattr(rubrics, "FOLDER", tmp_path)
    names = ("# <b>ana</b> | `a`", "*ben* [x](y) _u_ $m$")
    lead, one, other = people(engine, "lead", *names)
    stock(engine, lead, 6)
    open_round(lead, engine, RoundDesign(MARKUP, rubric=RUBRIC, annotators=list(names), dimensions=[TONE, CTA]))
    label_all(engine, one, {"d01": (0, 0), "d02": (0, 1)}, round_name=MARKUP)
    label_all(engine, other, {"d01": (0, 0), "d02": (1, 1)}, round_name=MARKUP)
    skip_draft(engine, other, "d03", "<script>alert(2)</script> \u202e" + MARKUP, round_name=MARKUP)
    close_round(lead, engine, MARKUP, early="1. " + MARKUP)
    return agreement_of_rounds(lead, engine, [MARKUP]), names


PLAIN = {
    "html",
    "head",
    "meta",
    "title",
    "style",
    "body",
    "header",
    "main",
    "section",
    "footer",
    "p",
    "h1",
    "h2",
    "h3",
    "span",
    "dl",
    "dt",
    "dd",
    "ul",
    "ol",
    "li",
    "b",
    "code",
    "figure",
    "svg",
    "line",
    "path",
    "circle",
    "text",
    "div",
    "table",
    "caption",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "a",
    "details",
    "summary",
    "pre",
}
OF_MARKDOWN = {"h1", "h2", "h3", "p", "ul", "li", "code", "pre", "table", "thead", "tbody", "tr", "th", "td", "strong"}


def test_nothing_from_outside_is_markup_in_html(hostile):
    report, names = hostile
    read = Reader(paper.html(report))
    assert read.elements <= PLAIN and not any(name.startswith("on") or name in ("src", "srcset") for name in read.attributes)
    for said in (*names, MARKUP, "<script>alert(2)</script>", report.rubric.dimension(TONE).question):
        assert said in read.text, said
    assert "\u202e" not in read.text
    assert not re.search(r"(?:src|href)=\"(?!#)|url\(|@import", paper.html(report))


def test_nothing_from_outside_is_markup_in_markdown(hostile):
    report, names = hostile
    html = rendered(paper.markdown(report))
    read = Reader(html)
    assert read.elements <= OF_MARKDOWN
    assert len(re.findall("<strong>", html)) == 1 + len(report.dimensions), "only our own words are set in bold"
    for said in (*names, MARKUP, "<script>alert(2)</script>", report.rubric.dimension(TONE).question):
        assert " ".join(said.split()) in read.text, said
    assert [{len(row) for row in table} for table in read.tables] == [{len(table[0])} for table in read.tables]


@pytest.mark.parametrize(
    "text",
    [
        "# a",
        "1. a",
        "12) a",
        "- a",
        "+ a",
        "--- ",
        "=== ",
        "> a",
        "* a",
        "a\n\n# b",
        "`",
        "a_b_c",
        "_a_",
        "<br>",
        "a|b",
        "a\\|b",
        "\\",
        "![x](y)",
        "~~a~~",
        "&lt;",
        "-0.25",
        "1.5",
        "[a]: b",
        "    code",
    ],
)
def test_a_value_in_markdown_reads_as_it_was_written(text):
    shown = Reader(COMMON.render(f"{papers.markdown(text)}\n")).text
    in_cell = Reader(COMMON.render(f"| h |\n|---|\n| {papers.markdown(text)} |\n")).tables[0][1][0]
    assert shown.strip() == in_cell.strip() == " ".join(text.split())
    assert Reader(COMMON.render(str(papers.markdown(text)))).elements <= {"p"}


def test_text_in_a_rubric_is_no_markup_in_its_codebook(hostile):
    report, _ = hostile
    read = Reader(codebook.html(report.rubric))
    assert read.elements <= PLAIN and not any(name.startswith("on") or name == "src" for name in read.attributes)
    assert MARKUP in read.text and report.rubric.dimension(TONE).levels[0].anchor in read.text
