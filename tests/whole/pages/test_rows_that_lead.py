"""A row of a table that names a draft, a round, a dimension or a slice leads to it, on a page that opens."""

import html
import re
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.support.page_tab import Tab
from tests.support.sample_store import CLOSED, OPEN, RUBRIC
from tests.support.small_stores import opened, people, stock
from ui.base import navigation
from workflow.labelling.labelling import query
from workflow.labelling.own_labels import assignment_of

CLEO = "Sample Cleo"
# Page, its address, and pages that rows of its tables lead to.
ROWS = [
    ("agreement", {"round": CLOSED}, {"agreement"}),
    ("drafts", {"round": CLOSED}, {"drafts"}),
    ("drafts", {"round": CLOSED, "draft": "sample-01-1"}, {"agreement"}),
    ("gold", {"round": CLOSED}, {"drafts"}),
    ("revision", {"round": CLOSED}, {"revision"}),
    ("slices", {"round": CLOSED}, {"drafts", "agreement"}),
    ("people", {}, {"rounds"}),
    ("plan", {"round": CLOSED}, {"agreement"}),
    ("scorer", {"round": CLOSED}, {"scorer", "findings"}),
    ("findings", {"draft": "sample-01-1"}, {"findings"}),
    ("effect", {"before": "tenacious-v1", "after": "tenacious-v3"}, {"effect", "findings"}),
    ("two-sources", {}, {"two-sources"}),
    ("judges", {"judge": f"scorer:{RUBRIC}", "people": f"round:{CLOSED}"}, {"judges"}),
    ("projects", {}, {""}),
]


def links(tab: Tab) -> list[str]:
    return [
        html.unescape(each)
        for each in re.findall(r'<t[dh] role="(?:cell|rowheader)"[^>]*>(?:<span>)?<a href="([^"]+)"', tab.markup)
    ]


@pytest.mark.parametrize(("page", "asked", "to"), ROWS, ids=lambda each: each if isinstance(each, str) else None)
def test_rows_lead_to_what_they_name(sample, monkeypatch, page, asked, to):
    tab = Tab(monkeypatch, sample, CLEO).open(page, **asked)
    found = links(tab)
    assert {urlsplit(each).path.removeprefix("/") for each in found} == to
    for name in to:  # the first of each kind opens, with what its row named
        address = urlsplit(next(each for each in found if urlsplit(each).path == f"/{name}"))
        tab.open(name, **dict(parse_qsl(address.query)))
        assert tab.refusal == "" and "not shown" not in tab.title


def test_a_query_on_the_page_of_rounds_opens_its_draft(empty, monkeypatch):
    lead, _, ben = people(empty, "lead", "ana", "ben")
    stock(empty, lead, 2)
    opened(empty, lead)
    query(ben, empty, assignment_of(ben, empty, "pilot", "d02"), "Whom is this for?")
    tab = Tab(monkeypatch, empty, "lead").open("rounds")
    assert links(tab) == ["/drafts?round=pilot&draft=d02"]
    assert "Whom is this for?" in tab.open("drafts", round="pilot", draft="d02").text
    assert links(Tab(monkeypatch, empty, "ana").open("rounds")) == []  # she labels it: what was asked is held back


def test_an_address_is_written_without_what_narrows_nothing():
    assert (
        navigation.address("drafts", round="a b&c", state="", by=["x=1", "y=ü"]) == "/drafts?round=a+b%26c&by=x%3D1&by=y%3D%C3%BC"
    )
    assert navigation.address("home") == "/"
    assert navigation.anchor("/x?a=1&b=2", "<i>") == '<a href="/x?a=1&amp;b=2" target="_self">&lt;i&gt;</a>'
    with pytest.raises(KeyError):
        navigation.address("nowhere")


def test_a_link_may_name_a_place_on_its_page_which_a_copied_address_does_not(sample, monkeypatch):
    tab = Tab(monkeypatch, sample, CLEO).open("agreement", round=CLOSED, to="one-dimension")
    assert 'id="ts-one-dimension"' in tab.markup and "to" not in tab.at.query_params
    assert OPEN not in tab.title
