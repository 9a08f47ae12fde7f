"""What an annotator does: look, choose, save, correct, skip, ask; and what two windows do to each other."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.support.refusals import refusal
from tests.support.small_stores import CTA, TONE, opened, rows, save, skip_draft
from touchstone.data.label_file import FileRow
from workflow import clock
from workflow.labelling.labelling import choose, keep_note, query, save_labels, skip
from workflow.labelling.next_draft import next_assignment
from workflow.labelling.own_labels import assignment_of, label_from_rows, left, my_labels, own_drafts
from workflow.rounds.closing import close_round

BOTH = {TONE: 1, CTA: 2}
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def desk_of(engine, person, draft_id="d01", round_name="pilot"):
    return next_assignment(person, engine, round_name, assignment_of(person, engine, round_name, draft_id))


def labels(engine) -> list[tuple]:
    return rows(engine, "SELECT dimension, value, supersedes IS NOT NULL FROM labels ORDER BY id")


# Looking


def test_nothing_is_preselected_and_the_form_is_drawn_from_the_round(engine, ana):
    desk = next_assignment(ana, engine, "pilot")
    assert (desk.choices, desk.note, desk.revision, desk.state) == ({}, "", 0, "waiting")
    assert [each.key for each in desk.dimensions] == [TONE, CTA]
    assert all(level.anchor for each in desk.dimensions for level in each.levels)
    assert (desk.position, desk.done, desk.total, desk.last_saved) == (1, 0, 3, None)


def test_the_next_draft_is_the_first_waiting_one_of_the_persons_own_order(engine, team):
    _, ana, ben = team
    for person in (ana, ben):
        order = [row[0] for row in rows(engine, "SELECT id FROM assignments WHERE person = :p ORDER BY position", p=person.id)]
        seen = []
        while desk := next_assignment(person, engine, "pilot"):
            seen.append(desk.assignment)
            assert (desk.position, desk.done) == (len(seen), len(seen) - 1)
            save_labels(person, engine, desk.assignment, BOTH, "", desk.revision, f"{person.name}{len(seen)}")
        assert seen == order
        assert left(person, engine, "pilot") == "0 drafts left"


def test_somebody_who_does_not_label_in_the_round_is_told_so(engine, team):
    lead, ana, _ = team
    assert refusal(next_assignment, lead, engine, "pilot").startswith("lead has nothing to label in pilot")
    assert left(lead, engine, "pilot") == "nothing to label"
    assert refusal(own_drafts, lead, engine, "pilot") == "lead has nothing to label in pilot; its annotators are ana and ben"
    assert refusal(next_assignment, ana, engine, "nope").startswith("there is no round “nope”")


@pytest.mark.parametrize(
    "verb",
    [
        lambda ana, engine, a: next_assignment(ana, engine, "pilot", a),
        lambda ana, engine, a: choose(ana, engine, a, TONE, 1),
        lambda ana, engine, a: keep_note(ana, engine, a, "x"),
        lambda ana, engine, a: save_labels(ana, engine, a, BOTH, "", 0, "token"),
        lambda ana, engine, a: skip(ana, engine, a, "why", 0),
        lambda ana, engine, a: query(ana, engine, a, "why"),
    ],
    ids=["look", "choose", "note", "save", "skip", "query"],
)
def test_somebody_elses_draft_is_out_of_reach(engine, team, verb):
    _, ana, ben = team
    for assignment in (assignment_of(ben, engine, "pilot", "d01"), 999_999):
        assert "is not yours to label" in refusal(verb, ana, engine, assignment)
    assert (
        rows(
            engine,
            "SELECT count(*) FROM labels UNION ALL SELECT count(*) FROM pending_choices UNION ALL SELECT count(*) FROM queries",
        )
        == [(0,)] * 3
    )


def test_a_draft_of_another_round_is_not_reached_through_this_one(engine, team):
    lead, ana, _ = team
    opened(engine, lead, "second")
    assert "not yours to label in this round" in refusal(
        next_assignment, ana, engine, "second", assignment_of(ana, engine, "pilot", "d01")
    )


def test_an_assignment_number_no_store_can_hold_is_refused(engine, ana):
    refusal(next_assignment, ana, engine, "pilot", 10**30)


# Choosing


def test_a_choice_and_a_note_are_kept_as_they_are_made_and_are_no_labels(engine, ana):
    desk = desk_of(engine, ana)
    choose(ana, engine, desk.assignment, TONE, 0)
    choose(ana, engine, desk.assignment, TONE, 3)
    keep_note(ana, engine, desk.assignment, "half a thou")
    again = desk_of(engine, ana)
    assert (again.choices, again.note, again.state, again.revision) == ({TONE: 3}, "half a thou", "waiting", 0)
    assert labels(engine) == []


@pytest.mark.parametrize(
    ("dimension", "value", "said"),
    [
        (TONE, 4, f"{TONE} takes 0, 1, 2 and 3, not 4"),
        (TONE, "2.0", f"{TONE} takes 0, 1, 2 and 3, not 2.0"),
        (TONE, True, f"{TONE} takes 0, 1, 2 and 3, not True"),
        ("personalization_depth", 1, f"this round has no dimension personalization_depth; it has {TONE}, {CTA}"),
    ],
)
def test_a_foreign_choice_is_refused_by_choosing_and_by_saving(engine, ana, dimension, value, said):
    desk = desk_of(engine, ana)
    assert refusal(choose, ana, engine, desk.assignment, dimension, value) == said
    assert refusal(save_labels, ana, engine, desk.assignment, {**BOTH, dimension: value}, "", 0, "token") == said
    assert labels(engine) == []


def test_a_note_that_is_too_long_is_refused_and_a_nul_is_taken_out(engine, ana):
    desk = desk_of(engine, ana)
    assert refusal(keep_note, ana, engine, desk.assignment, "x" * 4001) == (
        "the note has 4,001 characters; at most 4,000 are allowed: shorten it"
    )
    keep_note(ana, engine, desk.assignment, "a\0b\ud83d")
    assert desk_of(engine, ana).note == "ab?"


# Saving


def test_a_save_turns_all_dimensions_into_labels_and_clears_what_was_pending(engine, ana):
    desk = desk_of(engine, ana)
    choose(ana, engine, desk.assignment, TONE, 1)
    keep_note(ana, engine, desk.assignment, "old")
    assert save_labels(ana, engine, desk.assignment, BOTH, " new ", desk.revision, "token") == (desk.assignment, 2)
    assert labels(engine) == [(TONE, "1", False), (CTA, "2", False)]
    assert rows(engine, "SELECT count(*) FROM pending_choices UNION ALL SELECT count(*) FROM pending_notes") == [(0,), (0,)]
    after = desk_of(engine, ana)
    assert (after.state, after.revision, after.note, after.choices) == ("saved", 1, "new", BOTH)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({TONE: 1}, " has no level yet; choose one for every dimension"),
        ({}, " have no level yet; choose one for every dimension"),
        ({TONE: 1, CTA: None}, " has no level yet; choose one for every dimension"),
    ],
)
def test_a_save_without_every_dimension_is_refused_and_changes_nothing(engine, ana, values, said):
    desk = desk_of(engine, ana)
    choose(ana, engine, desk.assignment, TONE, 1)
    assert refusal(save_labels, ana, engine, desk.assignment, values, "", 0, "token").endswith(said)
    assert (labels(engine), desk_of(engine, ana).choices) == ([], {TONE: 1})


def test_a_failure_within_a_save_keeps_none_of_it(engine, ana, monkeypatch):
    from workflow.labelling import labelling

    def fails(*args, **values):
        raise RuntimeError("power cut")

    desk = desk_of(engine, ana)
    choose(ana, engine, desk.assignment, TONE, 1)
    monkeypatch.setattr(labelling, "_touch", fails)
    with pytest.raises(RuntimeError):
        save_labels(ana, engine, desk.assignment, BOTH, "", desk.revision, "token")
    monkeypatch.undo()
    assert labels(engine) == [] == rows(engine, "SELECT id FROM saves")
    assert desk_of(engine, ana).choices == {TONE: 1}


def test_a_correction_supersedes_only_what_changed_and_keeps_the_label_before(engine, ana):
    save(engine, ana, "d01", (1, 2))
    assert save(engine, ana, "d01", (3, 2), "on second thought").changed == 1
    assert save(engine, ana, "d01", (1, 2), "on second thought").changed == 1
    assert labels(engine) == [(TONE, "1", False), (CTA, "2", False), (TONE, "3", True), (TONE, "1", True)]
    desk = desk_of(engine, ana)
    assert (desk.choices, desk.revision, desk.note) == ({TONE: 1, CTA: 2}, 3, "on second thought")


def test_saving_the_same_again_adds_nothing_and_a_new_note_alone_is_kept(engine, ana):
    save(engine, ana, "d01", (1, 2), "note")
    assert save(engine, ana, "d01", (1, 2), "note").changed == 0
    assert desk_of(engine, ana).revision == 1
    assert save(engine, ana, "d01", (1, 2), "better note").changed == 0
    desk = desk_of(engine, ana)
    assert (desk.revision, desk.note, len(labels(engine))) == (2, "better note", 2)


def test_one_press_of_save_that_arrives_twice_is_one_save(engine, ana):
    desk = desk_of(engine, ana)
    made = [save_labels(ana, engine, desk.assignment, BOTH, "", desk.revision, "press-1").changed for _ in range(2)]
    assert (made, len(labels(engine))) == ([2, 0], 2)


def test_a_press_of_save_is_of_one_draft_only(engine, ana):
    first, second = desk_of(engine, ana), desk_of(engine, ana, "d02")
    save_labels(ana, engine, first.assignment, BOTH, "", 0, "press-1")
    refusal(save_labels, ana, engine, second.assignment, BOTH, "", 0, "press-1")


def test_a_save_from_a_form_drawn_before_another_save_is_refused(engine, ana):
    desk = desk_of(engine, ana)
    with clock.at(NOON):
        save_labels(ana, engine, desk.assignment, BOTH, "", desk.revision, "window-1")
    said = refusal(save_labels, ana, engine, desk.assignment, {TONE: 3, CTA: 3}, "", desk.revision, "window-2")
    assert said == (
        "this draft was saved in another window at 12:00 UTC, so this Save changed nothing. Correct it under My labels"
    )
    assert desk_of(engine, ana).choices == BOTH


def test_a_save_that_differs_from_what_another_window_chose_is_refused_and_the_choice_stays(engine, ana):
    desk = desk_of(engine, ana)
    choose(ana, engine, desk.assignment, TONE, 3)
    said = refusal(save_labels, ana, engine, desk.assignment, BOTH, "", desk.revision, "token")
    assert said.startswith("another window chose 3 for Tone since this one was loaded, so this Save changed nothing.")
    assert desk_of(engine, ana).choices == {TONE: 3}
    assert save_labels(ana, engine, desk.assignment, {**BOTH, TONE: 3}, "", desk.revision, "token").changed == 2


# Skipping and asking


def test_a_skip_delivers_the_draft_with_its_reason_and_without_labels(engine, ana):
    desk = desk_of(engine, ana)
    choose(ana, engine, desk.assignment, TONE, 3)
    skip(ana, engine, desk.assignment, " blank draft ", desk.revision)
    after = desk_of(engine, ana)
    assert (after.state, after.skip_reason, after.choices, after.revision) == ("skipped", "blank draft", {}, 1)
    assert labels(engine) == []


def test_a_skip_can_be_taken_back_by_labelling(engine, ana):
    skip_draft(engine, ana, "d01", "blank")
    save(engine, ana, "d01", (1, 2))
    desk = desk_of(engine, ana)
    assert (desk.state, desk.skip_reason, desk.choices) == ("saved", None, BOTH)


def test_a_skip_is_refused_without_a_reason_over_labels_and_from_a_stale_form(engine, ana):
    desk = desk_of(engine, ana)
    assert refusal(skip, ana, engine, desk.assignment, " ", 0) == "a skip needs a reason: whoever adjudicates reads it"
    save(engine, ana, "d01", (1, 2))
    assert "was saved in another window" in refusal(skip, ana, engine, desk.assignment, "why", 0)
    assert refusal(skip, ana, engine, desk.assignment, "why", 1) == (
        "this draft has labels already; correct them instead of skipping it"
    )
    assert desk_of(engine, ana).choices == BOTH


def test_a_query_marks_the_draft_and_leaves_it_to_be_labelled(engine, ana):
    desk = desk_of(engine, ana)
    query(ana, engine, desk.assignment, "is this one real?")
    assert refusal(query, ana, engine, desk.assignment, " ") == "a query needs a sentence: say what someone should look at"
    after = desk_of(engine, ana)
    assert (after.state, after.revision) == ("waiting", 0)


# A closed round


@pytest.mark.parametrize(
    "verb",
    [
        lambda ana, engine, a: choose(ana, engine, a, TONE, 1),
        lambda ana, engine, a: keep_note(ana, engine, a, "x"),
        lambda ana, engine, a: save_labels(ana, engine, a, BOTH, "", 0, "token"),
        lambda ana, engine, a: skip(ana, engine, a, "why", 0),
        lambda ana, engine, a: query(ana, engine, a, "why"),
    ],
    ids=["choose", "note", "save", "skip", "query"],
)
def test_a_closed_round_takes_nothing_more(engine, team, verb):
    lead, ana, _ = team
    assignment = assignment_of(ana, engine, "pilot", "d01")
    with clock.at(NOON):
        close_round(lead, engine, "pilot", early="enough")
    assert refusal(verb, ana, engine, assignment) == (
        "pilot was closed on 1 March 2026: its labels are final, and choices that were not saved were not counted"
    )


def test_a_closed_round_has_nothing_to_label_and_my_labels_still_shows_ones_own_work(engine, team):
    lead, ana, _ = team
    save(engine, ana, "d01", (1, 2))
    close_round(lead, engine, "pilot", early="enough")
    said = "pilot is closed; there is nothing to label in it"
    assert refusal(next_assignment, ana, engine, "pilot") == said == refusal(own_drafts, ana, engine, "pilot")
    assert "its labels are final" in refusal(desk_of, engine, ana)
    assert [each.values for each in my_labels(ana, engine, "pilot")] == [{TONE: "1", CTA: "2"}]


# Time, progress, my labels


def test_time_on_a_draft_counts_pauses_up_to_two_minutes(engine, ana):
    with clock.at(NOON):
        desk = desk_of(engine, ana)
    with clock.at(NOON + timedelta(seconds=30)):
        choose(ana, engine, desk.assignment, TONE, 1)
    with clock.at(NOON + timedelta(hours=9)):
        save_labels(ana, engine, desk.assignment, BOTH, "", 0, "token")
    (mine,) = my_labels(ana, engine, "pilot")
    assert (mine.seconds, mine.delivered_at) == (150.0, NOON + timedelta(hours=9))
    assert desk_of(engine, ana).last_saved == NOON + timedelta(hours=9)


def test_a_clock_that_was_set_back_takes_no_time_away(engine, ana):
    with clock.at(NOON):
        desk = desk_of(engine, ana)
    with clock.at(NOON - timedelta(hours=1)):
        save_labels(ana, engine, desk.assignment, BOTH, "", 0, "token")
    assert my_labels(ana, engine, "pilot")[0].seconds == 0


def test_practice_comes_first_and_is_counted_by_itself(engine, team):
    lead, ana, _ = team
    opened(engine, lead, "with practice", practice=1, drafts=2)
    seen = []
    while desk := next_assignment(ana, engine, "with practice"):
        seen.append((desk.is_practice, desk.position, desk.done, desk.total))
        save_labels(ana, engine, desk.assignment, BOTH, "", 0, f"token-{len(seen)}")
    assert seen == [(True, 1, 0, 1), (False, 1, 0, 2), (False, 2, 1, 2)]


def test_my_labels_are_my_own_the_latest_first(engine, team):
    _, ana, ben = team
    save(engine, ben, "d01", (3, 3))
    with clock.at(NOON):
        save(engine, ana, "d02", (1, 2))
    with clock.at(NOON + timedelta(minutes=1)):
        skip_draft(engine, ana, "d01", "blank")
    mine = my_labels(ana, engine, "pilot")
    assert [(each.state, each.skip_reason, each.values) for each in mine] == [
        ("skipped", "blank", {}),
        ("saved", None, {TONE: "1", CTA: "2"}),
    ]
    assert mine[1].opening == "Hello, this is invented draft 2."


# From a file


def file_rows(*drafts: str) -> list[FileRow]:
    return [FileRow(each, BOTH, f"note on {each}", "") for each in drafts]


def test_a_file_of_labels_is_saved_and_the_same_file_again_changes_nothing(engine, ana):
    source = [*file_rows("d01", "d02"), FileRow("d03", {}, "", "blank")]
    assert label_from_rows(ana, engine, "pilot", source, "file-1") == (3, 0)
    before = rows(engine, "SELECT id, value FROM labels")
    assert label_from_rows(ana, engine, "pilot", source, "file-1") == (0, 3)
    assert rows(engine, "SELECT id, value FROM labels") == before
    assert left(ana, engine, "pilot") == "0 drafts left"


def test_a_file_goes_back_and_forth_between_two_others_as_told(engine, ana):
    other = [FileRow("d01", {TONE: 3, CTA: 2}, "", "")]
    done = [
        label_from_rows(ana, engine, "pilot", source, token)
        for source, token in ((file_rows("d01"), "a"), (other, "b"), (file_rows("d01"), "a"))
    ]
    assert (done, desk_of(engine, ana).choices) == ([(1, 0)] * 3, BOTH)


def test_a_file_with_one_row_that_cannot_be_taken_changes_nothing(engine, ana):
    save(engine, ana, "d02", (1, 2))
    source = [*file_rows("d01"), FileRow("d02", {}, "", "blank")]
    assert refusal(label_from_rows, ana, engine, "pilot", source, "file").startswith("this draft has labels already")
    assert len(labels(engine)) == 2
