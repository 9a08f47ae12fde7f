"""Lists too long for a page: Adjudicate and Revision show those around the one in hand; an address leads beyond them."""

import re

from tests.support.page_tab import Tab
from tests.support.sample_store import CLEO, CLOSED
from ui.gold import adjudication as deciding
from ui.rubric import meeting as meeting_page
from workflow.gold.adjudication import open_disagreements
from workflow.rubric import meetings


def box(tab: Tab, key: str):
    return tab.field("selectbox", key)


def test_adjudicate_lists_a_part_and_an_address_leads_beyond_it(sample, monkeypatch):
    monkeypatch.setattr(deciding, "LISTED", 4)
    tab = Tab(monkeypatch, sample, CLEO).open("adjudicate", round=CLOSED)
    whole = open_disagreements(tab.person, sample, CLOSED)
    waiting = [f"{cell.draft_id} / {cell.dimension}" for cell in whole.waiting]
    assert len(waiting) > 8 and whole.decided
    assert f"The list has the cells that wait from 1 to 4 of {len(waiting)}" in tab.text
    assert re.search(r'<a href="/drafts\?[^"]*round=[^"]*" target="_self">find any other in Drafts</a>', tab.below)
    cell = box(tab, f"cell-{CLOSED}")
    assert cell.value == waiting[0] and len(cell.options) <= 4 + len(whole.decided)
    assert cell.options[0].startswith(f"1 of {len(waiting)} · "), "the list counts what waits, as the sentence does"
    last = waiting[-1].split(" / ")
    tab.open("adjudicate", round=CLOSED, draft=last[0], dimension=last[1])
    assert box(tab, f"cell-{CLOSED}").value == waiting[-1], "an address leads to a cell far down"
    assert f"to {len(waiting)} of {len(waiting)}" in tab.text


def test_the_meeting_lists_some_of_each_group_and_the_one_an_address_asks_for(sample, monkeypatch):
    monkeypatch.setattr(meeting_page, "LISTED", 3)
    key = "personalization_depth"
    tab = Tab(monkeypatch, sample, CLEO).open("revision", round=CLOSED, dimension=key)
    made = meetings.meeting(tab.person, sample, CLOSED, key)
    assert "Personalization: 8 disagreements, none decided yet." in tab.text
    options = box(tab, "point-").options
    assert len(options) < 8 and {option.split(" · ")[0] for option in options} == {group.title for group in made.groups}
    assert f"{len(options)} of 8 are shown." in tab.text
    assert f"The list has {len(options)} of 8 and moves on; " in tab.text
    (to,) = re.findall(r'<a href="/drafts\?([^"]*)" target="_self">find any other', tab.below)
    assert "state=disagreement" in to and f"dimension={key}" in to
    group = made.groups[0]
    tab.open("revision", round=CLOSED, dimension=key, draft=group.points[-1].draft_id)
    chosen = box(tab, "point-")
    assert chosen.value == group.points[-1].draft_id
    assert f"{group.title} · {group.many} of {group.many} · {chosen.value}" in chosen.options


def test_the_part_of_the_meeting_moves_on_to_the_end_of_a_group_and_a_draft_leads_into_it(sample, monkeypatch):
    monkeypatch.setattr(meeting_page, "LISTED", 4)
    key = "personalization_depth"
    tab = Tab(monkeypatch, sample, CLEO).open("revision", round=CLOSED, dimension=key)
    groups = meetings.meeting(tab.person, sample, CLOSED, key).groups
    group = groups[0]
    share = max(2, 4 // len(groups))
    assert group.many > share + 1, "there is more of it than the list has"
    listed = [each.draft_id for each in group.points]
    chosen = box(tab, "point-")
    assert chosen.value == listed[0]
    chosen.set_value(listed[share - 1])  # the last of the part, and no address says so
    tab.run()
    for each in listed[share:]:
        tab.press("Keep and next")
        assert box(tab, "point-").value == each, "not the first of another group while there is more of this one"
    tab.press("Keep and next")
    assert box(tab, "point-").value == groups[1].points[0].draft_id
    tab.open("drafts", round=CLOSED, draft=listed[-1])
    assert "Revision: Personalization" in tab.text
