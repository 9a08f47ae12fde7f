"""Two windows, two people or two threads at the same moment: nothing is lost, nothing is saved twice."""

import pytest

from tests.labelling.test_labelling import BOTH, desk_of, labels
from tests.support.at_once import at_once
from tests.support.small_stores import CTA, TONE, change, opened, people, rows, stock
from touchstone.errors import Refused
from workflow.labelling.labelling import Window, choose, keep_note, save_labels, skip
from workflow.people.people import add_person
from workflow.rounds.closing import close_round


@pytest.mark.both_databases
def test_two_threads_with_the_same_press_of_save_make_one_save(engine, ana):
    desk = desk_of(engine, ana)
    made = at_once(*[lambda: save_labels(ana, engine, desk.assignment, BOTH, "", 0, "token")] * 4)
    assert sorted(each.changed for each in made) == [0, 0, 0, 2]
    assert (len(labels(engine)), rows(engine, "SELECT count(*) FROM saves")) == (2, [(1,)])


@pytest.mark.both_databases
def test_two_windows_that_save_different_levels_at_once_leave_the_first_and_refuse_the_second(engine, ana):
    desk = desk_of(engine, ana)
    made = at_once(
        *[
            lambda level=level: save_labels(ana, engine, desk.assignment, {TONE: level, CTA: level}, "", 0, f"token-{level}")
            for level in (0, 3)
        ]
    )
    assert sorted(type(each).__name__ for each in made) == ["Refused", "Saved"]
    assert len({value for _, value, _ in labels(engine)}) == 1


@pytest.mark.parametrize("turn", range(3))
@pytest.mark.both_databases
def test_a_save_and_the_closing_of_the_round_at_once_lose_nothing(engine, team, turn):
    """Either the save came first and is counted, or the round was closed first and the save is refused."""
    lead, ana, _ = team
    desk = desk_of(engine, ana)
    saved, closed = at_once(
        lambda: save_labels(ana, engine, desk.assignment, BOTH, "", 0, "token"),
        lambda: close_round(lead, engine, "pilot", early="enough"),
    )
    assert not closed.is_open
    counted = rows(
        engine,
        "SELECT coalesce(sum(units), 0) FROM pattern_counts JOIN counts ON counts.id = counted WHERE dimension = :key",
        key=TONE,
    )[0][0]
    if isinstance(saved, Refused):
        assert (counted, labels(engine)) == (0, [])
    else:
        assert (counted, saved.changed) == (1, 2)


@pytest.mark.both_databases
def test_choices_and_a_save_from_two_windows_at_once_never_end_in_an_error(engine, ana):
    desk = desk_of(engine, ana)
    made = at_once(*[lambda level=level: choose(ana, engine, desk.assignment, TONE, level) for level in (0, 1, 2, 3)])
    assert [each.changed for each in made] == [0] * 4
    assert len(desk_of(engine, ana).choices) == 1


@pytest.mark.both_databases
def test_two_people_who_add_the_same_name_at_once_are_one_person(engine):
    made = at_once(*[lambda: add_person(None, engine, "Dora")] * 4)
    assert len({each.id for each in made}) == 1


def test_a_choice_over_an_interrupted_round_is_still_there_after_the_store_is_opened_again(sqlite_engine):
    from db.engine import open_engine

    lead, ana, _ = people(sqlite_engine, "lead", "ana", "ben")
    stock(sqlite_engine, lead, 1)
    opened(sqlite_engine, lead)
    desk = desk_of(sqlite_engine, ana)
    choose(ana, sqlite_engine, desk.assignment, TONE, 2)
    change(sqlite_engine, "UPDATE assignments SET seen_at = NULL")
    sqlite_engine.dispose()
    again = open_engine(sqlite_engine.url.render_as_string())
    assert desk_of(again, ana).choices == {TONE: 2}
    again.dispose()


@pytest.fixture
def desk(engine, ana):
    return desk_of(engine, ana)


def test_notes_of_two_windows_are_both_kept(engine, ana, desk):
    first = second = Window({}, "")
    assert keep_note(ana, engine, desk.assignment, "a fine line", first) == "a fine line"
    assert keep_note(ana, engine, desk.assignment, "too long", second) == "a fine line\n\ntoo long"
    second = Window({}, "a fine line\n\ntoo long")
    assert keep_note(ana, engine, desk.assignment, "a fine line", second) == "a fine line", "whoever has seen both may cut"
    assert keep_note(ana, engine, desk.assignment, "", Window({}, "")) == "a fine line", "an empty box clears nothing unseen"
    assert keep_note(ana, engine, desk.assignment, "fine", Window({}, "")) == "a fine line", "it is said already"
    assert keep_note(ana, engine, desk.assignment, "", Window({}, "a fine line")) == ""
    assert keep_note(ana, engine, desk.assignment, "from a file") == "from a file"


def test_a_save_drops_no_note_that_its_window_has_not_shown(engine, ana, desk):
    keep_note(ana, engine, desk.assignment, "a fine line", Window({}, ""))
    for note in ("", "too long"):
        with pytest.raises(Refused, match="another window wrote a note on this draft since"):
            save_labels(ana, engine, desk.assignment, BOTH, note, 0, "token", Window(BOTH, ""))
    assert desk_of(engine, ana).note == "a fine line"
    assert save_labels(ana, engine, desk.assignment, BOTH, "a fine line, too long", 0, "token", Window(BOTH, "")).changed == 2
    with pytest.raises(Refused, match="another window wrote a note"):
        save_labels(ana, engine, desk.assignment, BOTH, "seen before the save", 1, "other", Window(BOTH, ""))


def test_what_this_window_kept_itself_is_not_taken_for_another_windows(engine, ana, desk):
    choose(ana, engine, desk.assignment, TONE, 3)  # then another level was chosen, and the store did not keep it
    own = Window(BOTH, "", {TONE: 3})
    with pytest.raises(Refused, match="another window chose 3 for Tone"):
        save_labels(ana, engine, desk.assignment, BOTH, "", 0, "token", own._replace(kept={TONE: 0}))
    assert save_labels(ana, engine, desk.assignment, BOTH, "", 0, "token", own).changed == 2


def test_what_a_window_has_sent_is_known_to_it_whatever_came_of_it(engine, ana, desk):
    choose(ana, engine, desk.assignment, TONE, 3)
    with pytest.raises(Refused, match="another window chose 3 for Tone"):
        save_labels(ana, engine, desk.assignment, BOTH, "", 0, "token", Window(BOTH, "", sent={TONE: {"0", "1"}}))
    with pytest.raises(Refused, match="another window has filled in Tone"):
        skip(ana, engine, desk.assignment, "cut off", 0, Window({}, "", sent={CTA: {"3"}}))
    own = Window(BOTH, "", sent={TONE: {"0", "3"}})
    assert save_labels(ana, engine, desk.assignment, BOTH, "", 0, "token", own).changed == 2


def test_a_choice_is_kept_over_no_choice_that_its_window_has_not_shown(engine, ana, desk):
    choose(ana, engine, desk.assignment, TONE, 1, 0, Window({TONE: 1}, ""))
    choose(ana, engine, desk.assignment, TONE, 3)
    choose(ana, engine, desk.assignment, TONE, 2, 0, Window({TONE: 2}, "", {TONE: 1}))
    assert desk_of(engine, ana).choices == {TONE: 3}
    choose(ana, engine, desk.assignment, TONE, 2, 0, Window({TONE: 2}, "", {TONE: 1}, {TONE: {"3"}}))
    assert desk_of(engine, ana).choices == {TONE: 2}


def test_a_choice_of_another_revision_changes_nothing(engine, ana, desk):
    for revision in (1, 7):
        with pytest.raises(Refused, match="so this choice changed nothing; load the page again"):
            choose(ana, engine, desk.assignment, TONE, 1, revision)
    assert desk_of(engine, ana).choices == {}
    skip(ana, engine, desk.assignment, "cut off", 0)
    with pytest.raises(Refused, match="so this choice changed nothing"):
        choose(ana, engine, desk.assignment, TONE, 1, 0)
    assert rows(engine, "SELECT count(*) FROM pending_choices") == [(0,)]


def test_a_skip_drops_nothing_that_its_window_has_not_shown(engine, ana, desk):
    choose(ana, engine, desk.assignment, TONE, 2)
    keep_note(ana, engine, desk.assignment, "a fine line")
    for shown in (Window({}, ""), Window({TONE: 1}, "a fine line"), Window({TONE: 2}, "")):
        with pytest.raises(Refused, match="another window has filled in .* so nothing was skipped"):
            skip(ana, engine, desk.assignment, "cut off", 0, shown)
    assert (desk_of(engine, ana).choices, desk_of(engine, ana).note) == ({TONE: 2}, "a fine line")
    skip(ana, engine, desk.assignment, "cut off", 0, Window({TONE: 2}, "a fine line"))
    assert desk_of(engine, ana).state == "skipped"
