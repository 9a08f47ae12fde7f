"""My labels: one's own rows, narrowed, each opened to be read or corrected."""

import pytest

from tests.support.kept_stores import kept
from tests.support.page_tab import HOSTILE, Tab
from tests.support.small_stores import CTA, TONE, opened, people, save, skip_draft, stock
from touchstone.errors import Refused
from ui.labelling import own_filter
from workflow.labelling.labelling import choose, keep_note, query
from workflow.labelling.next_draft import next_assignment
from workflow.labelling.own_labels import assignment_of, my_labels, own_labels_of
from workflow.rounds.closing import close_round


@kept
def built(engine):
    """Ana labelled d01, corrected d02, skipped d03 and asked about d01; Ben labelled d01; d04 waits."""
    lead, ana, ben = people(engine, "lead", "ana", "ben")
    stock(engine, lead, 4)
    opened(engine, lead)
    for levels in ((0, 1), (3, 1)):
        save(engine, ana, "d02", levels, "a second look")
    save(engine, ana, "d01", (1, 2))
    skip_draft(engine, ana, "d03", "cut off")
    query(ana, engine, assignment_of(ana, engine, "pilot", "d01"), HOSTILE)
    save(engine, ben, "d01", (3, 3), "secret note of ben")
    return lead, ana, ben


@pytest.fixture
def half_done(engine):
    return built(engine=engine)


def mine(engine, person, draft_id: str) -> int:
    return assignment_of(person, engine, "pilot", draft_id)


def test_a_row_says_whether_it_was_corrected_and_what_was_asked(engine, half_done):
    _, ana, ben = half_done
    rows = {row.assignment: row for row in my_labels(ana, engine, "pilot")}
    first, second, third = (rows[mine(engine, ana, each)] for each in ("d01", "d02", "d03"))
    assert (first.is_corrected, second.is_corrected, third.is_corrected) == (False, True, False)
    assert (first.queries, second.queries) == ((HOSTILE,), ())
    assert [row.queries for row in my_labels(ben, engine, "pilot")] == [()]


def test_a_row_says_that_a_correction_was_begun_until_it_is_saved_or_the_round_closes(engine, half_done):
    lead, ana, _ = half_done

    def begun() -> list[int]:
        return sorted(row.assignment for row in my_labels(ana, engine, "pilot") if row.is_begun)

    first, second, third = (mine(engine, ana, each) for each in ("d01", "d02", "d03"))
    assert begun() == []
    choose(ana, engine, first, TONE, 0)
    keep_note(ana, engine, third, "not cut off after all")
    assert begun() == sorted([first, third])
    save(engine, ana, "d01", (0, 2))
    keep_note(ana, engine, first, "")  # as it is: a refused Save keeps what stands in the box
    assert begun() == [third]
    close_round(lead, engine, "pilot", early="enough")
    assert begun() == []


def test_a_draft_that_was_delivered_is_read_as_it_was_saved(engine, half_done):
    lead, ana, ben = half_done
    number = mine(engine, ana, "d02")
    choose(ana, engine, number, TONE, 0)  # and never saved
    close_round(lead, engine, "pilot", early="enough")
    one = own_labels_of(ana, engine, "pilot", number)
    assert (one.desk.choices, one.desk.note, one.held_back) == ({TONE: 3, CTA: 1}, "a second look", False)
    for person, other in ((ana, mine(engine, ben, "d01")), (ana, mine(engine, ana, "d04")), (ana, 2**40), (lead, number)):
        with pytest.raises(Refused, match="no draft you have labelled or skipped"):
            own_labels_of(person, engine, "pilot", other)


def test_what_was_given_is_held_back_while_the_draft_is_labelled_again(engine, half_done):
    lead, ana, _ = half_done
    close_round(lead, engine, "pilot", early="enough")
    opened(engine, lead, "again", draft_ids=["d01", "d02"])
    one = own_labels_of(ana, engine, "pilot", mine(engine, ana, "d01"))
    assert one.held_back and (one.desk.choices, one.desk.note, one.queries) == ({}, "", ()) and one.desk.text
    held = [row for row in my_labels(ana, engine, "pilot") if row.held_back]
    assert len(held) == 2 and not any(row.is_corrected or row.queries for row in held)


@pytest.fixture
def tab(empty, monkeypatch):
    built(engine=empty)
    return Tab(monkeypatch, empty, "ana")


def places(tab: Tab) -> int:
    return tab.markup.count('data-label="Draft"')


def test_the_list_is_narrowed_and_its_address_says_how(tab):
    tab.open("my-labels", round="pilot")
    assert places(tab) == 3 and "<script>" not in tab.markup and "asked: <script>" in tab.text
    for state, many in (("saved", 2), ("corrected", 1), ("skipped", 1), ("queried", 1), ("practice", 0)):
        tab.field("selectbox", "mine-state").set_value(state)
        assert places(tab.run()) == many and tab.at.query_params["state"] in (state, [state])
    assert "Take something off the boxes above" in tab.text
    assert places(tab.open("my-labels", round="pilot", search="DRAFT 3", sort="time")) == 1


def test_a_row_leads_to_the_form_while_it_can_be_corrected_and_to_reading_afterwards(tab):
    ana, number = tab.person, mine(tab.engine, tab.person, "d02")
    assert f"/label?round=pilot&amp;assignment={number}" in tab.open("my-labels", round="pilot").markup
    close_round(ana, tab.engine, "pilot", early="enough")
    assert f"/my-labels?round=pilot&amp;read={number}" in tab.open("my-labels", round="pilot").markup
    tab.open("my-labels", round="pilot", read=str(number))
    assert tab.title.endswith(" of pilot") and "the round is closed, so your labels are final." in tab.text
    assert "Your note: “a second look”" in tab.text and tab.shows("Hello, this is invented draft 2.")
    for wrong in (str(mine(tab.engine, ana, "d04")), "x", "999999"):
        assert "no draft you have labelled" in tab.open("my-labels", round="pilot", read=wrong).refusal


def test_no_state_that_is_asked_for_reaches_a_row_that_is_held_back(tab):
    ana = tab.person
    close_round(ana, tab.engine, "pilot", early="enough")
    opened(tab.engine, ana, "again", draft_ids=["d02", "d03"])
    assert places(tab.open("my-labels", round="pilot")) == 3
    assert [places(tab.open("my-labels", round="pilot", state=state)) for state in ("saved", "corrected", "skipped")] == [1, 0, 0]


def test_a_long_list_comes_in_parts(tab, monkeypatch):
    monkeypatch.setattr(own_filter, "AT_ONCE", 2)
    tab.open("my-labels", round="pilot").press("Later")
    assert places(tab) == 1 and "3 to 3 of 3 drafts" in tab.text
    assert places(tab.press("Earlier")) == 2
    assert next_assignment(tab.person, tab.engine, "pilot").position


def test_the_draft_delivered_last_is_the_previous_one_of_a_draft_that_waits(engine, half_done):
    lead, ana, ben = half_done
    assert next_assignment(ana, engine, "pilot").previous == mine(engine, ana, "d03")
    assert next_assignment(ana, engine, "pilot", mine(engine, ana, "d02")).previous is None  # a correction
    assert next_assignment(ben, engine, "pilot").previous == mine(engine, ben, "d01")
    opened(engine, lead, "new", draft_ids=["d01"])
    assert next_assignment(ana, engine, "new").previous is None
