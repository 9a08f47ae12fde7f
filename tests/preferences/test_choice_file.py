"""Choices read from CSV: what a choice may be called, what is refused, and that a or b is never guessed."""

import pytest

from touchstone.errors import Refused
from touchstone.preferences.choice_file import read_choices
from touchstone.preferences.choices import SideChoice

HEADER = "pair_id,task_id,annotator,left,right,choice"


def read(*rows: str, header: str = HEADER):
    (only,) = read_all(*rows, header=header).values()
    return only


def read_all(*rows: str, header: str = HEADER):
    return read_choices("\n".join([header, *rows]).encode(), "choices.csv")


def problems(*rows: str, header: str = HEADER) -> list[str]:
    with pytest.raises(Refused) as refused:
        read_all(*rows, header=header)
    return [str(each) for each in refused.value.problems]


def levels(*rows: str, header: str = HEADER) -> list[str]:
    given = read(*rows, header=header)
    return [given.level(each) for each in given.choices]


def test_a_choice_is_a_side_a_tie_or_one_of_the_drafts():
    rows = ("p1,t1,ana,x,y,left", "p1,t1,ben,y,x,left", "p1,t1,cleo,x,y,tie", "p1,t1,dan,y,x,y", "p1,t1,eve,x,y,RIGHT")
    assert levels(*rows) == ["a", "b", "tie", "b", "b"]


def test_a_and_b_are_taken_where_no_pair_is_shown_the_other_way_round():
    assert levels("p1,t1,ana,x,y,a", "p2,t1,ana,y,z,b") == ["a", "b"]


def test_a_or_b_is_asked_and_not_guessed_where_sides_are_swapped():
    (told,) = problems("p1,t1,ana,x,y,a", "p1,t1,ben,y,x,left", "p1,t1,cleo,x,y,left")
    assert told.startswith("line 2: a may mean the left draft or the pair's first") and "draft_a" in told


def test_the_columns_draft_a_and_draft_b_say_what_a_is():
    header = HEADER + ",draft_a,draft_b"
    assert levels("p1,t1,ana,x,y,a,x,y", "p1,t1,ben,y,x,a,x,y", "p1,t1,cleo,y,x,left,x,y", header=header) == ["a", "a", "b"]
    (told,) = problems("p1,t1,ana,x,y,a,x,z", header=header)
    assert "draft_a and draft_b are not the drafts x and y" in told


def test_the_second_time_with_sides_swapped_is_a_repeat_and_counts_in_nothing_else():
    given = read("p1,t1,ana,x,y,left", "p1,t1,ana,y,x,left")
    assert given.choices[1] == SideChoice("p1", "ana", "y", "left", True)
    assert given.first == given.choices[:1]


def test_a_column_dimension_parts_the_choices_and_a_pair_is_chosen_in_once_on_each():
    rows = ("p1,t1,ana,x,y,left,tone", "p1,t1,ana,x,y,tie,facts", "p1,t1,ana,y,x,left,tone", "p2,t2,ana,v,w,right,")
    given = read_all(*rows, header=HEADER + ",dimension")
    assert {key: [(each.pair, each.taken, each.is_repeat) for each in of.choices] for key, of in given.items()} == {
        "tone": [("p1", "left", False), ("p1", "left", True)],
        "facts": [("p1", "tie", False)],
        "overall": [("p2", "right", False)],
    }
    assert set(given["facts"].pairs) == {"p1"}
    (told,) = problems("p1,t1,ana,x,y,left,tone", "p1,t1,ana,x,y,right,tone", header=HEADER + ",dimension")
    assert "ana has pair p1 in line 2 too" in told


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (["p1,t1,ana,x,y,left", "p1,t1,ana,x,y,right"], "line 3: ana has pair p1 in line 2 too"),
        (["p1,t1,ana,x,y,left", "p1,t1,ben,x,z,left"], "line 3: pair p1 has other drafts or another task than in line 2"),
        (["p1,t1,ana,x,y,left", "p1,t2,ben,x,y,left"], "line 3: pair p1 has other drafts or another task than in line 2"),
        (["p1,t1,ana,x,x,left"], "line 2: left and right are both x"),
        (["p1,t1,,x,y,left"], "line 2: the annotator is blank"),
        (["p1,t1,ana,x,y,better"], "line 2: a choice is left, tie, right, or one of the two drafts, not better"),
        ([], "the file has no choices"),
    ],
)
def test_what_is_no_choice_is_a_problem_with_its_line(rows, told):
    assert problems(*rows)[0].startswith(told)


def test_a_column_that_is_not_there_is_named():
    assert problems("p1,t1,ana,x,y", header="pair_id,task_id,annotator,left,right")[0].startswith(
        "line 1: there is no column choice"
    )


def test_lengths_are_told_or_counted_from_the_texts():
    header = HEADER + ",left_length,right_length"
    assert read("p1,t1,ana,x,y,left,12,30", header=header).pairs["p1"].length_b == 30
    assert "left_length is a whole number" in problems("p1,t1,ana,x,y,left,long,30", header=header)[0]
    texts = read("p1,t1,ana,x,y,left,Hello.,Hi", header=HEADER + ",left_text,right_text").pairs["p1"]
    assert (texts.length_a, texts.length_b) == (6, 2)
