"""Any two sources side by side: what is joined, what the figures are called, and what is never read."""

import pytest

from tests.support.kept_stores import kept
from tests.support.small_stores import CTA, TONE, label_all, opened, people, save, stock
from touchstone.agreement.coefficient import PERCENT
from touchstone.errors import NotYourTurn, Refused
from touchstone.importing.vocabulary import Answers
from workflow.comparison.source import overlaps
from workflow.comparison.two_sources import all_sources, compare_sources
from workflow.gold.adjudication import adjudicate
from workflow.importing.label_files import File
from workflow.importing.label_sets import import_labels
from workflow.rounds.closing import close_round

ANA = {"d01": (1, 2), "d02": (0, 3), "d03": (2, 2), "d04": (3, 1)}
BEN = {"d01": (1, 2), "d02": (1, 3), "d03": (2, 2), "d04": (3, 0)}


def scores(**levels) -> File:
    lines = [
        f'{{"task_id": "t{unit[1:]}", "draft_id": "{unit}", "final": 0.5, "scores": {{"{TONE}": {{"value": {value}, '
        f'"reason": {"null" if value != "null" else chr(34) + "empty" + chr(34)}}}}}}}'
        for unit, value in levels.items()
    ]
    return File("scorer.jsonl", "\n".join(lines).encode())


def bring(engine, person, *files, name="machine", made_by="program", **more):
    return import_labels(person, engine, files, name=name, made_by=made_by, rubric="tenacious-v1", **more)


@pytest.fixture
@kept
def team(engine):
    found = people(engine, "lead", "ana", "ben")
    stock(engine, found[0], 4)
    return found


@pytest.fixture
@kept
def closed(engine, team):
    lead, ana, ben = team
    opened(engine, lead)
    label_all(engine, ana, ANA)
    label_all(engine, ben, BEN)
    close_round(lead, engine, "pilot")
    return team


def test_two_people_of_a_closed_round_are_inter_rater_and_their_figures_those_of_its_report(engine, closed):
    made = compare_sources(closed[0], engine, "round:pilot/ana", "round:PILOT/Ben")
    assert made.relation == "inter-rater agreement of two people who labelled blind"
    assert (made.mark, made.joining.by_task) == ("", 0)
    tone = next(each for each in made.dimensions if each.key == TONE)
    assert (tone.n, tone.pair.figures[PERCENT].value) == (4, 0.75)
    assert tone.pair.table[0][1] == 1, "a's level 0, b's level 1"


def test_a_scorer_comes_in_like_any_labels_and_is_never_called_a_rater(engine, closed):
    bring(engine, closed[0], scores(d01=1, d02=0, d03=1, d04="null"))
    made = compare_sources(closed[0], engine, "round:pilot/ana", "set:machine")
    assert made.relation == "agreement of labels of a person, blind with labels of a program: not inter-rater"
    assert made.mark == "set:machine made by a program"
    assert [(each.key, each.n) for each in made.dimensions] == [(TONE, 3)]
    assert "set:machine was made by a program: no figure here measures agreement between people" in made.notes
    assert any(note.startswith("only from ana, of the round pilot, so not compared") for note in made.notes)
    assert "inter-rater" not in made.sentence.replace("not inter-rater", "")


def test_where_every_dimension_is_alike_none_is_called_the_lowest_and_people_come_before_their_gold(engine, team):
    lead, *_ = team
    opened(engine, lead)
    for each in team[1:]:
        label_all(engine, each, ANA)
    close_round(lead, engine, "pilot")
    assert all_sources(engine) == ["round:pilot/ana", "round:pilot/ben", "gold:pilot"]
    said = compare_sources(lead, engine, "round:pilot/ana", "round:pilot/ben").sentence
    assert said.endswith("On 4 units of both unweighted kappa is 1.00 in each of 2 dimensions.") and "lowest" not in said


def test_gold_is_what_is_settled_and_says_whose_labels_made_it(engine, closed):
    lead = closed[0]
    bring(engine, lead, scores(d01=1, d02=1, d03=2, d04=3))
    adjudicate(lead, engine, "pilot", "d02", TONE, 1, "as the anchor says", "slip")
    made = compare_sources(lead, engine, "gold:pilot", "set:machine")
    assert next(each.pair.figures[PERCENT].value for each in made.dimensions if each.key == TONE) == 1.0
    assert any("1 cell of pilot is not settled yet" in note for note in made.notes)
    assert any(
        "settled from these labels too" in note for note in compare_sources(lead, engine, "round:pilot/ben", "gold:pilot").notes
    )


def test_a_set_by_task_is_joined_to_the_round_where_each_task_has_one_draft(engine, closed):
    bring(engine, closed[0], File("m.csv", f"task_id,{TONE}\nt01,1\nt02,0\nt09,2\n".encode()), made_by="model")
    made = compare_sources(closed[0], engine, "round:pilot/ana", "set:machine")
    assert (made.joining.units, made.joining.by_task, made.joining.only_second) == (2, 2, 1)
    only = "2 only from ana, of the round pilot; 1 only from the label set machine"
    assert made.joined_in_words == f"2 units in both, 2 of them by the task; {only}"


def test_a_set_of_several_stands_for_what_they_gave_alike(engine, closed):
    long = File(
        "x.csv", f"draft_id,annotator,dimension,value\nd01,x,{TONE},1\nd01,y,{TONE},1\nd02,x,{TONE},0\nd02,y,{TONE},2\n".encode()
    )
    bring(engine, closed[0], long)
    made = compare_sources(closed[0], engine, "set:machine", "round:pilot/ana")
    assert made.dimensions[0].n == 1
    assert "machine is taken as the labels that all of x, y agree on; 1 cell in which they differ is left out" in made.notes
    assert compare_sources(closed[0], engine, "set:machine/y", "round:pilot/ana").dimensions[0].n == 2
    with pytest.raises(Refused, match="share labels"):
        compare_sources(closed[0], engine, "set:machine", "set:machine/y")


def test_a_place_in_a_file_is_compared_with_nobody(engine, closed):
    file = File("x.csv", f"draft_id,rater 1 {TONE},rater 2 {TONE}\nd01,1,1\nd02,0,1\n".encode())
    bring(engine, closed[0], file, said=Answers(slots_are_people=False))
    assert [each for each in all_sources(engine) if each.startswith("set:")] == ["set:machine"]
    with pytest.raises(Refused, match="rater 1 of machine is a slot in a file, not a person"):
        compare_sources(closed[0], engine, "set:machine/rater 1", "set:machine/rater 2")
    assert compare_sources(closed[0], engine, "set:machine", "gold:pilot").dimensions[0].n == 1


def test_one_person_by_name_in_both_is_said_to_be_one(engine, closed):
    bring(engine, closed[0], File("ana.csv", f"draft_id,{TONE}\nd01,1\nd02,0\n".encode()), made_by="person-blind")
    assert compare_sources(closed[0], engine, "round:pilot/ana", "set:machine").relation.endswith(
        "the same name on both sides: not inter-rater"
    )


def test_nothing_of_an_open_round_is_read(engine, team):
    lead, ana, ben = team
    opened(engine, lead)
    save(engine, ben, "d01", (1, 2))
    bring(engine, lead, scores(d01=1))
    for source in ("round:pilot/ben", "round:pilot/ana", "gold:pilot"):
        for pair in ((source, "set:machine"), ("set:machine", source)):
            with pytest.raises(NotYourTurn, match="pilot is open"):
                compare_sources(ana, engine, *pair)
    assert all_sources(engine) == ["set:machine"]


def test_units_the_reader_labels_in_an_open_round_are_left_out(engine, closed):
    lead, ana, ben = closed
    bring(engine, lead, scores(d01=1, d02=0, d03=2, d04=3))
    opened(engine, lead, "again", annotators=("ana", "lead"), draft_ids=["d01", "d02"])
    made = compare_sources(ana, engine, "round:pilot/ben", "set:machine")
    assert (made.held_back, made.joining.units) == (2, 2)
    assert "set:machine: 2 units held back: you are labelling the drafts in an open round" in made.notes
    assert made.joining.only_first == made.joining.only_second == 0
    assert compare_sources(ben, engine, "round:pilot/ben", "set:machine").held_back == 0


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("", "a blank is not a source: a source is round:NAME/ANNOTATOR"),
        ("pilot", "pilot is not a source"),
        ("round:pilot", "a round has several annotators; name one: round:pilot/ana"),
        ("round:pilot/cleo", "cleo is not among the annotators of pilot (ana, ben)"),
        ("round:nowhere/ana", "nowhere"),
        ("gold:nowhere", "nowhere"),
        ("set:nowhere", "there is no label set “nowhere”; there is machine"),
        ("set:machine/zoe", "zoe is not among the annotators of machine (scorer)"),
        ("gold:", "gold: is not a source"),
        ("set:machine", "set:machine cannot be compared with itself"),
    ],
)
def test_what_is_no_source_is_named_with_the_way_out(engine, closed, source, said):
    bring(engine, closed[0], scores(d01=1))
    with pytest.raises(Refused) as refused:
        compare_sources(closed[0], engine, source, "set:machine")
    assert said in refused.value.sentence


def test_nothing_in_common_is_said_in_a_sentence(engine, closed):
    bring(engine, closed[0], File("m.csv", f"id,{TONE},{CTA}\nx1,1,1\n".encode()))
    made = compare_sources(closed[0], engine, "set:machine", "round:pilot/ana")
    assert made.sentence == "set:machine and round:pilot/ana have no unit in common, so there is nothing to compare."
    assert {each.reason for each in made.dimensions} == {"no unit that both labelled"}
    assert made.as_json()["dimensions"][TONE]["n"] == 0


def test_the_suspicions_of_a_set_come_along(engine, closed):
    files = [File(f"{who}.csv", (f"id,{TONE}\n" + "".join(f"u{n},2\n" for n in range(25))).encode()) for who in "xy"]
    bring(engine, closed[0], *files)
    notes = compare_sources(closed[0], engine, "set:machine/x", "round:pilot/ana").notes
    assert any("suspicious in machine: x.csv and y.csv are the same file" in note for note in notes)


def test_a_whole_set_overlaps_with_its_own_annotators_alone():
    assert overlaps("set:a", "set:a/x") and overlaps("set:a/x", "set:a")
    assert not overlaps("set:a", "set:ab/x") and not overlaps("gold:a", "round:a/x")
