"""A page shows a reader nothing that depends on what is held back from them, whoever looked at it before (decisions/0020)."""

import re

import pytest
import streamlit

from tests.support import two_worlds
from tests.support.page_tab import Tab
from tests.support.pages_list import PAGES
from tests.support.short_run import EVERYTHING

pytestmark = pytest.mark.usefixtures("rubric_folder")
OF_A_ROUND = ("agreement", "slices", "adjudicate", "revision", "gold", "drafts", "my-labels", "scorer", "plan")
ASKED = {
    **{page: {"round": "pilot"} for page in OF_A_ROUND},
    "compare": {"before": "pilot", "after": "second"},
    "two-sources": {"a": "round:pilot/ben", "b": "set:machine"},
    "judges": {"judge": "set:machine", "people": "round:pilot"},
    "label": {"round": "again"},
}
KEPT = ("", "revision", "adjudicate")  # pages of which something is kept for whoever comes next
QUICK = ("", "agreement", "adjudicate", "revision", "gold", "rounds", "drafts", "my-labels", "label-sets", "people", "rubrics")


def drawn(tab: Tab, page: str) -> str:
    """All that a page sends to the browser, and what its boxes offer."""
    tab.open(page, **ASKED.get(page, {}))
    sent = "\n".join(str(each.proto) for each in tab.at.main)
    return re.sub('deferred_file_id: "[0-9a-f]+"', "", sent)  # of a download not made yet: another at each drawing


def all_drawn(monkeypatch, engine) -> dict[str, str]:
    """What the reader is shown after a lead has looked at the same pages: what is kept of those is kept for the lead."""
    for clear in (streamlit.cache_resource.clear, streamlit.cache_data.clear):
        clear()
    found = {}
    for page in PAGES if EVERYTHING else KEPT:
        drawn(Tab(monkeypatch, engine, "lead"), page)
    for page in PAGES if EVERYTHING else QUICK:
        found[page] = drawn(Tab(monkeypatch, engine, "ana"), page)
    return found


def test_a_reader_sees_the_same_pages_in_both_worlds(empty, monkeypatch):
    world = two_worlds.a_world(empty, 2)
    if EVERYTHING:
        drawn(Tab(monkeypatch, empty, "ana"), "label")  # that she has opened a draft is on record
    before = all_drawn(monkeypatch, empty)
    two_worlds.change_what_is_held(empty, world, 2)
    after = all_drawn(monkeypatch, empty)
    assert [page for page in before if before[page] != after[page]] == []
    assert "left out: you are labelling" in before["gold"] + before["agreement"]
