"""Terms explain themselves where they stand, out of docs/glossary.md alone."""

import html
import re
from pathlib import Path

import pytest
from markupsafe import Markup

from tests.support.page_tab import HOSTILE, Tab
from tests.support.pages_list import PAGES
from tests.support.sample_store import ANA, CLOSED
from ui.base import panels, terms

GLOSSARY = Path(__file__).resolve().parents[3] / "docs" / "glossary.md"
MARKED = re.compile(r'<dfn class="ts-term" tabindex="0" data-term="(.*?)" aria-description="(.*?)">(.*?)</dfn>')


def marks(markup: str) -> list[tuple[str, str, str]]:
    """Name, meaning and word of every term that is marked."""
    return [tuple(html.unescape(each) for each in found) for found in MARKED.findall(str(markup))]


def rows_of_the_glossary() -> dict[str, str]:
    rows = [line.split(" | ", 1) for line in GLOSSARY.read_text("utf-8").splitlines() if line.startswith("| ")]
    return {row[0].removeprefix("| "): row[1] for row in rows}


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_marks_stands_in_the_glossary_and_every_table_marks_each_term_once(page, cleo):
    rows = rows_of_the_glossary()
    tab = cleo.open(page)
    for name, meaning, _ in marks(tab.markup):
        assert name in rows and terms.in_plain_words(rows[name].removesuffix(" |")) == meaning
    for head in re.findall(r"<thead>.*?</thead>", tab.markup, re.DOTALL):
        named = [name for name, _, _ in marks(head)]
        assert len(named) == len(set(named))


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("agreement", {"n", "threshold", "verdict", "percent agreement", "confidence interval", "judged", "flagged"}),
        ("slices", {"n", "cluster", "percent agreement", "confidence interval"}),
        ("scorer", {"n", "Cohen's kappa", "recall", "false-alarm rate"}),
        ("compare", set()),
        ("plan", {"plausible value"}),
    ],
)
def test_the_tables_of_figures_explain_their_headers(page, expected, cleo):
    tables = "".join(
        re.findall(r'<p class="ts-caption">.*?</p>|<table.*?</table>', cleo.open(page, round=CLOSED).markup, re.DOTALL)
    )
    assert expected <= {name for name, _, _ in marks(tables)}


def test_the_label_page_marks_nothing(sample, monkeypatch):
    assert marks(Tab(monkeypatch, sample, ANA).open("label").markup) == []


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("kappa, unweighted", ["Cohen's kappa"]),
        ("Kappa, quadratic", ["Cohen's kappa"]),
        ("inter-annotator Conger kappa", ["Conger's kappa"]),
        ("judged on interval alpha and nominal alpha", ["judged", "Krippendorff's alpha"]),
        ("Point and interval", ["confidence interval"]),
        ("Agreement", ["percent agreement"]),
        ("Agreement on it", ["agreement on a level"]),
        ("the agreement of two", []),
        ("PABAK", ["PABAK"]),
        ("clusters", ["cluster"]),
        ("stale labels", ["outdated label"]),
        ("cut", ["cut-off"]),
        ("a shortcut", []),
        ("undecided: more drafts", ["undecided"]),
    ],
)
def test_a_term_is_known_by_its_names_and_in_the_plural(words, named):
    assert [name for name, _, _ in marks(terms.marked(words, set()))] == named
    assert re.sub("<[^>]+>", "", str(terms.marked(words, set()))) == str(Markup("{}").format(words)), "no word is changed"


def test_a_term_is_told_once():
    told: set[terms.Term] = set()
    assert len(marks(terms.marked("kappa and kappa", told))) == 1
    assert marks(terms.marked("kappa", told)) == []


def test_words_from_outside_stay_text():
    assert "<script>" not in terms.marked(f"kappa {HOSTILE}", set())
    assert marks(terms.marked(f"kappa {HOSTILE}", set()))


def test_a_name_in_a_header_is_nobodys_term(monkeypatch):
    drawn = []
    monkeypatch.setattr(panels, "draw", drawn.append)
    panels.table(("Kappa", "recall"), [], caption="", names=(0,))
    panels.section("Recall", is_name=True)
    assert [word for _, _, word in marks("".join(map(str, drawn)))] == ["Recall"]
    assert '<h2 class="ts-section">Recall</h2>' in str(drawn[-1])


def test_without_a_glossary_nothing_is_marked_and_nothing_fails(monkeypatch, tmp_path):
    monkeypatch.setattr(terms, "GLOSSARY", tmp_path / "none.md")
    assert terms._source() == "" and terms.read("") == {} and terms.read("# Another shape\n\nwords | and | bars") == {}


def test_every_page_keeps_the_words_of_its_sentence(cleo):
    assert "1 of 5 dimensions is flagged; at 30 drafts none is decided." in cleo.open("agreement", round=CLOSED).text


# In a real browser: tests/whole/test_terms_in_the_browser.py
