"""The round a page begins with until somebody chooses one: a table of states, and what the store tells for it."""

from datetime import UTC, datetime

import pytest

from tests.support.small_stores import inside, label_all, opened, people, stock
from workflow.projects.projects import new_project
from workflow.projects.renaming import rename_round
from workflow.rounds import in_hand
from workflow.rounds.closing import close_round
from workflow.rounds.in_hand import RoundInShort, to_begin_with, to_compare

LABELLED = {"d01": (1, 1), "d02": (1, 2)}


def state(name: str, *marks: str, rubric: str = "tone-v1") -> RoundInShort:
    """A round by its marks: open (else closed), mine, waits, retest."""
    closed = None if "open" in marks else datetime(2026, 3, 12, tzinfo=UTC)
    kind = "retest" if "retest" in marks else "double"
    return RoundInShort(
        1, name, kind, rubric, False, closed, "first" if kind == "retest" else None, "mine" in marks, "waits" in marks
    )


NEWEST_FIRST = [
    state("another's", "open"),
    state("second of mine", "open", "mine", "waits"),
    state("first of mine", "open", "mine", "waits"),
    state("again", "retest", "mine"),
    state("third"),
    state("second"),
    state("first"),
]
CLOSED = NEWEST_FIRST[3:]
DONE = [state("delivered", "open", "mine"), state("older", "mine"), *CLOSED]


@pytest.mark.parametrize(
    ("page", "there", "begins_with"),
    [
        ("label", NEWEST_FIRST, "first of mine"),  # the oldest in which own drafts wait
        ("label", DONE, "delivered"),
        ("label", CLOSED, "again"),
        ("my_labels", NEWEST_FIRST, "second of mine"),
        ("agreement", NEWEST_FIRST, "again"),  # the newest closed
        ("agreement", NEWEST_FIRST[:3], "another's"),  # none is closed: the page says so
        ("adjudicate", NEWEST_FIRST, "second"),  # the newest in which disagreements wait
        ("adjudicate", [state("third")], "third"),
        ("gold", NEWEST_FIRST, "third"),  # the newest closed one that has gold
        ("revision", NEWEST_FIRST, "third"),
        ("scorer", NEWEST_FIRST, "third"),
        ("findings", NEWEST_FIRST, "third"),
        ("slices", NEWEST_FIRST, "third"),
        ("compare", NEWEST_FIRST, "third"),
        ("effect", NEWEST_FIRST, "third"),
        ("plan", NEWEST_FIRST, "again"),
        ("two_sources", NEWEST_FIRST, "again"),
        ("rounds", NEWEST_FIRST, "another's"),
        ("drafts", CLOSED, "again"),
        ("home", NEWEST_FIRST, "first of mine"),
        ("home", CLOSED, "again"),
        ("gold", [], None),
    ],
)
def test_a_page_begins_with_the_round_in_which_work_waits(page, there, begins_with):
    found = to_begin_with(page, there, lambda each: each.name in ("second", "first"))
    assert (found and found.name) == begins_with


def test_whether_cells_wait_is_asked_only_where_it_decides():
    asked = []
    for page in in_hand.PREFERRED:
        to_begin_with(page, NEWEST_FIRST, lambda each: asked.append(each.name) or True)
    assert asked == ["third"]


@pytest.mark.parametrize(
    ("there", "in_hand", "compared"),
    [
        ([("c", "tone-v2"), ("b", "tone-v2"), ("a", "tone-v1")], "c", ("a", "c")),  # the one under another version of the rubric
        ([("c", "tone-v2"), ("b", "tone-v2"), ("a", "tone-v1")], "b", ("a", "b")),
        ([("c", "tone-v2"), ("b", "other-v1"), ("a", "tone-v2")], "c", ("b", "c")),  # another rubric is no version of this one
        ([("c", "tone-v2"), ("b", "tone-v2"), ("a", "tone-v1")], "a", ("a", "b")),  # nothing is before the oldest
        ([("b", "tone-v1"), ("a", "tone-v1")], "an open one", ("a", "b")),
    ],
)
def test_two_rounds_are_compared_across_a_version_where_they_can_be(there, in_hand, compared):
    assert to_compare(in_hand, [state("open one", "open"), *(state(name, rubric=rubric) for name, rubric in there)]) == compared


def test_a_menu_lists_open_rounds_first_and_never_loses_the_one_in_hand():
    there = [state("c"), state("b", "open"), state("a")]
    assert [each.name for each in in_hand.listed_first(there, None, 15)] == ["b", "c", "a"]
    assert [each.name for each in in_hand.listed_first(there, there[2], 2)] == ["b", "a"]


def test_a_state_is_told_in_words():
    assert [each.state for each in NEWEST_FIRST[:4]] == [
        "open",
        "open, drafts wait for you",
        "open, drafts wait for you",
        "retest of first, closed 12 March 2026",
    ]


def test_the_store_tells_which_rounds_there_are_and_where_drafts_wait(engine):
    lead, ana, ben = people(engine, "lead", "ana", "ben")
    stock(engine, lead, 2)
    opened(engine, lead)
    label_all(engine, ana, LABELLED)
    assert [(each.name, each.mine, each.waits) for each in in_hand.in_short(ana, engine)] == [("pilot", True, False)]
    assert [(each.mine, each.waits) for each in in_hand.in_short(ben, engine)] == [(True, True)]
    assert [(each.mine, each.waits) for each in in_hand.in_short(lead, engine)] == [(False, False)]
    label_all(engine, ben, LABELLED)
    close_round(lead, engine, "pilot")
    (closed,) = in_hand.in_short(ben, engine)
    assert not closed.is_open and closed.has_gold and (closed.rubric, closed.waits) == ("tenacious-v1", False)


def test_a_round_of_another_project_and_a_renamed_one_are_found_by_their_names(engine):
    (lead, *_) = people(engine, "lead", "ana", "ben")
    new_project(lead, engine, "Mails")
    new_project(lead, engine, "Letters")
    mails, letters = inside(engine, "Mails"), inside(engine, "Letters")
    stock(mails, lead, 2)
    opened(mails, lead)
    assert in_hand.in_short(lead, letters) == []
    assert in_hand.elsewhere(letters, "PILOT") == ["Mails"]
    project = in_hand.in_short(lead, mails) and mails.get_execution_options()["project"]
    rename_round(lead, mails, "pilot", "march")
    rename_round(lead, mails, "march", "first")
    assert in_hand.called_now(mails, "round", "Pilot", project) == "first"
    assert in_hand.called_now(mails, "round", "never", project) == ""
    assert in_hand.called_now(mails, "round", "pilot", project + 99) == ""
    assert in_hand.called_now(mails, "project", "pilot") == ""
