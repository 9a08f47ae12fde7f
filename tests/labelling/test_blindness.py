"""While a round is open nobody who labels in it learns what others gave, who wrote a draft, or what a task is about."""

import dataclasses

import pytest

from tests.support.kept_stores import kept
from tests.support.small_stores import CTA, DIMENSIONS, TONE, label_all, opened, people, save, stock
from touchstone.data.label_file import Decision
from touchstone.errors import NotYourTurn, Refused
from workflow.agreement import counts_behind, disagreements, reports
from workflow.comparison import two_rounds
from workflow.exporting import label_export
from workflow.gold import adjudication, export, gold
from workflow.importing import label_files, label_sets
from workflow.labelling.labelling import keep_note, query
from workflow.labelling.next_draft import next_assignment
from workflow.labelling.own_labels import assignment_of, my_labels, own_drafts
from workflow.people.home import to_do
from workflow.rounds.closing import close_round
from workflow.rounds.rounds import all_rounds, held_back_from, queries_of
from workflow.subgroups import annotators

HIDDEN = ("hidden-author", "hidden-mode", "hidden note", "expected_features", "hard", "easy", "secret note of ben")


@pytest.fixture
@kept
def team(engine):
    found = people(engine, "lead", "ana", "ben")
    stock(engine, found[0], 4)
    return found


@pytest.fixture
@kept
def half_done(engine, team):
    """Ben has labelled all of an open round, Ana nothing."""
    lead, ana, ben = team
    opened(engine, lead)
    for number in (1, 2, 3, 4):
        save(engine, ben, f"d0{number}", (3, 3), "secret note of ben")
    return lead, ana, ben


def everything_in(value) -> str:
    """All that a result holds, however deep, as text."""
    if dataclasses.is_dataclass(value):
        value = [getattr(value, field.name) for field in dataclasses.fields(value)]
    if isinstance(value, dict):
        value = [*value.keys(), *value.values()]
    if isinstance(value, list | tuple):
        return "\n".join(everything_in(each) for each in value)
    return str(value)


@pytest.mark.parametrize(
    "verb",
    [
        lambda person, engine: reports.agreement_of_rounds(person, engine, ["pilot"]),
        lambda person, engine: disagreements.disagreements_on(person, engine, TONE, round_name="pilot"),
        lambda person, engine: gold.gold_of_round(person, engine, "pilot"),
        lambda person, engine: export.files_of(person, engine, "pilot", partial=True, with_single=True),
        lambda person, engine: label_export.labels_workbook(person, engine, "pilot"),
        lambda person, engine: adjudication.open_disagreements(person, engine, "pilot"),
        lambda person, engine: adjudication.case(person, engine, "pilot", "d01", TONE),
        lambda person, engine: adjudication.adjudicate(person, engine, "pilot", "d01", TONE, 1, "why", "slip"),
        lambda person, engine: adjudication.round_drafts(person, engine, "pilot"),
        lambda person, engine: adjudication.decide_from_rows(person, engine, "pilot", [Decision("d01", TONE, 1, "why", "slip")]),
    ],
    ids=["report", "disagreements", "gold", "export", "raw labels", "queue", "case", "adjudicate", "decisions", "decide"],
)
def test_nothing_that_reads_labels_works_on_an_open_round_for_anyone(engine, half_done, verb):
    for person in half_done:
        with pytest.raises(NotYourTurn) as refused:
            verb(person, engine)
        assert refused.value.sentence.startswith("pilot is open: ")


def test_an_export_of_an_open_round_writes_nothing(engine, half_done, tmp_path):
    with pytest.raises(NotYourTurn):
        export.export_gold(half_done[0], engine, "pilot", tmp_path / "out", partial=True)
    assert list(tmp_path.glob("out*")) == []


def test_an_open_round_is_not_reported_by_way_of_a_closed_one(engine, half_done):
    lead, ana, _ = half_done
    opened(engine, lead, "old", draft_ids=["d01"])
    close_round(lead, engine, "old", early="enough")
    with pytest.raises(NotYourTurn):
        reports.agreement_of_rounds(ana, engine, ["old", "pilot"])


def test_the_query_below_the_verbs_refuses_an_open_round_itself(engine, half_done):
    from db.engine import reading
    from db.store.closed_rounds import history_of_closed_round, of_closed_round, raw_labels_of_closed_round

    (found,) = all_rounds(engine)
    for read in (of_closed_round, history_of_closed_round, raw_labels_of_closed_round):
        with pytest.raises(NotYourTurn), reading(engine) as connection:
            read(connection, found.id)


def test_the_desk_holds_no_author_no_metadata_and_nothing_of_others(engine, half_done):
    _, ana, ben = half_done
    query(ben, engine, assignment_of(ben, engine, "pilot", "d01"), "secret note of ben")
    seen = ""
    for number in (1, 2, 3, 4):
        desk = next_assignment(ana, engine, "pilot", assignment_of(ana, engine, "pilot", f"d0{number}"))
        assert (desk.choices, desk.note, desk.last_saved, desk.done) == ({}, "", None, 0)
        assert desk.fields == (("Company signal", f"Invented firm {number}"), ("Thread", "none: this is a cold draft"))
        seen += everything_in([desk.fields, desk.text, desk.note, desk.skip_reason])
    assert [word for word in HIDDEN if word in seen] == []


def test_the_desk_has_no_place_for_what_must_not_be_seen():
    from workflow.labelling.next_draft import Desk

    names = {field.name for field in dataclasses.fields(Desk)}
    assert (
        names
        & {
            "author",
            "dimension",
            "difficulty",
            "source_mode",
            "notes",
            "extra",
            "expected_features",
            "partition",
            "cluster",
            "score",
            "labels",
            "task_id",
            "draft_id",
        }
        == set()
    )
    assert names == {
        "assignment",
        "round_name",
        "is_sample",
        "is_practice",
        "is_open",
        "state",
        "position",
        "total",
        "done",
        "fields",
        "text",
        "dimensions",
        "choices",
        "note",
        "skip_reason",
        "revision",
        "last_saved",
        "delivered_at",
        "previous",
        "gives_feedback",
    }


def test_lists_an_annotator_sees_tell_how_far_others_are_and_nothing_they_gave(engine, half_done):
    _, ana, _ = half_done
    shown = everything_in(
        [
            to_do(ana, engine),
            all_rounds(engine),
            my_labels(ana, engine, "pilot"),
            own_drafts(ana, engine, "pilot")[0],
            queries_of(ana, engine, "pilot"),
        ]
    )
    assert [word for word in HIDDEN if word in shown] == []
    assert my_labels(ana, engine, "pilot") == []
    assert to_do(ana, engine).lead[0].settled == 0


def test_a_note_being_written_is_seen_by_its_writer_alone(engine, half_done):
    _, ana, ben = half_done
    keep_note(ben, engine, assignment_of(ben, engine, "pilot", "d01"), "secret note of ben")
    desk = next_assignment(ana, engine, "pilot", assignment_of(ana, engine, "pilot", "d01"))
    assert desk.note == ""


# Drafts of an earlier, closed round that are labelled once more in an open one


@pytest.fixture
@kept
def again(engine, team):
    """A closed round on d01 and d02 with a disagreement on each; d01 is to be labelled again by Ana."""
    lead, ana, ben = team
    opened(engine, lead, "old", draft_ids=["d01", "d02"])
    label_all(engine, ana, {"d01": (0, 1), "d02": (0, 1)}, round_name="old")
    label_all(engine, ben, {"d01": (3, 1), "d02": (3, 1)}, round_name="old")
    close_round(lead, engine, "old")
    opened(engine, lead, "new", draft_ids=["d01"])
    return lead, ana, ben


def test_a_draft_that_is_owed_in_an_open_round_is_held_back_in_the_adjudication_of_an_earlier_one(engine, again):
    lead, ana, _ = again
    queue = adjudication.open_disagreements(ana, engine, "old")
    assert ([cell.draft_id for cell in queue.waiting], queue.round.held_back) == (["d02"], 1)
    assert len(adjudication.open_disagreements(lead, engine, "old").waiting) == 2
    for verb in (
        lambda: adjudication.case(ana, engine, "old", "d01", TONE),
        lambda: adjudication.adjudicate(ana, engine, "old", "d01", TONE, 1, "why", "slip"),
        lambda: adjudication.decide_from_rows(ana, engine, "old", [Decision("d01", TONE, 1, "why", "slip")]),
    ):
        with pytest.raises(NotYourTurn) as refused:
            verb()
        assert refused.value.sentence == "you are labelling d01 in an open round; its labels are held back until that is closed"


def test_what_was_decided_on_a_draft_that_is_owed_is_held_back_too(engine, again):
    lead, ana, _ = again
    adjudication.adjudicate(lead, engine, "old", "d01", TONE, 1, "why", "slip")
    assert adjudication.open_disagreements(ana, engine, "old").decided == ()
    assert len(adjudication.open_disagreements(lead, engine, "old").decided) == 1


def differing(person, engine, **where) -> list[str]:
    return [each.unit for each in disagreements.disagreements_on(person, engine, TONE, **where)]


def test_a_draft_that_is_owed_is_not_among_the_disagreements_nor_is_how_many_there_are_of_it(engine, again):
    lead, ana, _ = again
    assert differing(ana, engine, round_name="old") == ["d02"]
    assert differing(lead, engine, round_name="old") == ["d01", "d02"]


def test_an_export_does_not_tell_an_annotator_labels_of_drafts_they_still_owe(engine, again):
    _, ana, _ = again
    with pytest.raises(Refused):
        export.files_of(ana, engine, "old", partial=True)


def test_a_label_set_does_not_tell_an_annotator_labels_of_drafts_they_still_owe(engine, again):
    lead, ana, _ = again
    files = [
        label_files.File(f"{who}.csv", f"draft_id,{TONE}\nd01,{level}\nd02,1\n".encode()) for who, level in (("x", 0), ("y", 3))
    ]
    label_sets.import_labels(lead, engine, files, name="outside", made_by="model", rubric="tenacious-v1")
    assert (differing(ana, engine, label_set="outside"), differing(lead, engine, label_set="outside")) == ([], ["d01"])


def test_skipping_a_draft_does_not_open_its_earlier_labels_while_it_can_still_be_labelled(engine, again):
    from tests.support.small_stores import skip_draft

    _, ana, _ = again
    skip_draft(engine, ana, "d01", "let me look first", round_name="new")
    assert differing(ana, engine, round_name="old") == ["d02"]


def test_earlier_labels_stay_held_back_while_a_label_can_be_corrected_and_open_when_the_round_is_closed(engine, again):
    lead, ana, _ = again
    save(engine, ana, "d01", (1, 1), round_name="new")
    assert differing(ana, engine, round_name="old") == ["d02"]
    close_round(lead, engine, "new", early="the test ends here")
    assert len(adjudication.open_disagreements(ana, engine, "old").waiting) == 2
    assert adjudication.case(ana, engine, "old", "d01", TONE).also_labelled


def test_the_dimensions_of_a_desk_are_those_of_the_round_and_no_others(engine, team):
    lead, ana, _ = team
    opened(engine, lead, "all", dimensions=())
    assert tuple(each.key for each in next_assignment(ana, engine, "all").dimensions) == DIMENSIONS
    opened(engine, lead, "one", dimensions=[CTA])
    assert tuple(each.key for each in next_assignment(ana, engine, "one").dimensions) == (CTA,)


def test_the_figures_of_a_round_are_of_the_drafts_that_the_reader_does_not_label_again(engine):
    lead, ana, ben, cleo = people(engine, "lead", "ana", "ben", "cleo")
    stock(engine, lead, 6)
    for name, ids in (("few", ["d01", "d02"]), ("many", ["d01", "d02", "d03", "d04", "d05"])):
        opened(engine, lead, name, draft_ids=ids)
        for person in (ana, ben):
            label_all(engine, person, {each: (1, 2) for each in ids}, round_name=name)
        close_round(lead, engine, name)
    opened(engine, lead, "again", annotators=["cleo", "ben"], draft_ids=["d01"])
    for verb in (
        lambda: reports.agreement_of_rounds(cleo, engine, ["few"]),
        lambda: counts_behind.counts_behind(cleo, engine, round_name="few"),
        lambda: two_rounds.compare_rounds(cleo, engine, "few", "many"),
        lambda: annotators.annotators(cleo, engine, "few"),
    ):
        verb()
    assert [reports.agreement_of_rounds(who, engine, ["few"]).units for who in (lead, cleo)] == [2, 1]
    assert [reports.agreement_of_rounds(who, engine, ["many"]).units for who in (lead, cleo)] == [5, 4]
    said = reports.agreement_of_rounds(cleo, engine, ["few"]).notes[0]
    assert said == "1 of 2 drafts is left out: you are labelling it in an open round"
    opened(engine, lead, "the other", annotators=["cleo", "ben"], draft_ids=["d02"])
    with pytest.raises(NotYourTurn, match="you are labelling every draft of few in an open round"):
        reports.agreement_of_rounds(cleo, engine, ["few"])


def test_what_is_held_back_has_a_digest_of_its_own_for_whoever_labels_again(engine, half_done):
    lead, ana, ben = half_done
    label_all(engine, ana, {f"d0{number}": (1, 1) for number in (1, 2, 3, 4)})
    found = close_round(lead, engine, "pilot")
    assert {held_back_from(person, engine, found) for person in half_done} == {""}
    opened(engine, lead, "again", draft_ids=["d01", "d02"])
    assert held_back_from(lead, engine, found) == ""
    assert held_back_from(ana, engine, found) == held_back_from(ben, engine, found) != ""
