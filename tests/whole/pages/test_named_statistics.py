"""Wherever a figure stands, on a page, in a paper or in a terminal, the statistic that it is stands with it."""

import json
import re

import pytest

from tests.support.commands import done
from tests.support.page_tab import Tab
from tests.support.sample_store import OUTREACH, SUPPORT, copied_sample, hasty_engine

PAGES = ["agreement", "slices", "scorer", "plan", "two-sources"]
FIGURE = r"(?:is |of )?[−-]?(?:0|1)?\.\d\d"
KAPPA = re.compile(rf"(?<!unweighted )(?<!linear )(?<!quadratic )(?<!Conger )(?<!Fleiss )\bkappa {FIGURE}", re.I)


@pytest.fixture(params=(OUTREACH, SUPPORT), ids=lambda sample: sample.name)
def lead(request, tmp_path, monkeypatch, page_caches) -> Tab:
    url = copied_sample(tmp_path, request.param.name)
    monkeypatch.setenv("TOUCHSTONE_DATABASE_URL", url)
    with hasty_engine(url) as engine:
        tab = Tab(monkeypatch, engine, request.param.lead)
        tab.round, tab.are_two = request.param.rounds[0].name, request.param is OUTREACH
        yield tab


def test_no_kappa_in_words_is_without_its_weights(lead):
    """What a person sets out from, the kappa that is assumed in a plan, is typed with its weights beside it."""
    pages = {page: lead.open(page, round=lead.round).text for page in PAGES}
    terminal = {verb: done(verb, lead.round) for verb in ("report", "slices", "annotators", "score-against")}
    for place, text in {**pages, **terminal}.items():
        assert KAPPA.findall(text) == [], place


def test_where_more_than_two_labelled_nothing_over_the_table_speaks_of_kappa(lead):
    markup = lead.open("agreement", round=lead.round).markup
    parts = (r'<p class="ts-caption">(.*?)</p>', r"<thead.*?>(.*?)</thead>")
    caption, head = (re.sub("<.*?>", "", re.findall(part, markup, re.DOTALL)[0]) for part in parts)
    judged = "unweighted kappa" if lead.are_two else "interval alpha and nominal alpha"
    assert f"judged on {judged}." in caption
    assert ("kappa" in caption + head) == lead.are_two


def test_every_dimension_names_what_it_is_judged_by(lead):
    text = lead.open("agreement", round=lead.round).text
    kinds = ["kappa, unweighted"] if lead.are_two else ["alpha, interval", "alpha, nominal"]
    assert all(kind in text for kind in kinds)


@pytest.mark.parametrize("lead", [SUPPORT], indirect=True, ids=lambda sample: sample.name)
def test_levels_without_an_order_have_no_figure_that_counts_how_far_apart_they_are(lead, tmp_path):
    paper = tmp_path / "report.md"
    done("report", lead.round, "--md", str(paper))
    dimension = json.loads(done("report", lead.round, "--json"))["dimensions"]["kind_of_reply"]
    of_it = paper.read_text("utf-8").partition("## Kind of reply")[2].partition("\n## ")[0]
    assert "| Cohen’s kappa, unweighted |" in of_it
    assert not re.search(r"\| .*(?:quadratic|linear|ordinal|alpha, interval)", of_it)
    assert {each["kappa"]["quadratic"]["reason"] for each in dimension["pairs"]} == {"nominal scale"}
    rows = re.findall(r"<tr.*?</tr>", lead.open("scorer", round=lead.round).markup, re.DOTALL)
    row = next(each for each in rows if re.sub("<.*?>", "", each).startswith("Kind of reply"))
    assert re.findall("<td.*?>(.*?)</td>", row)[3] == "–"
