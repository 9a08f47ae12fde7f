"""Tables of labels: which row is the header, which column is whose, and what is none."""

import pytest

from tests.support.label_files import HOUSE, reasons, text
from touchstone.data.label import LabelRow
from touchstone.errors import with_options
from touchstone.importing.columns import is_slot
from touchstone.importing.contract import Names
from touchstone.importing.table import SAYS_COLUMNS, WHAT_IS_READ


def given(found) -> list[tuple]:
    return [(row.unit, row.annotator, row.dimension, row.value) for row in found.rows]


@pytest.mark.parametrize(
    "header",
    [
        "ana_warmth",
        "warmth_ana",
        "ana.warmth",
        "warmth (ana)",
        "warmth [ana]",
        "ana (warmth)",
        "Ana: Warmth",
        "ana - Friendliness",
        "friendliness/ana",
        "warmth|ana",
        "WARMTH ana",
    ],
)
def test_a_rater_is_found_in_a_header_however_it_is_written(header):
    assert [(row.annotator.casefold(), row.dimension) for row in text(f"id,{header}\nu1,2\n").rows] == [("ana", "warmth")]


@pytest.mark.parametrize("header", ["warmth_comment", "warmth (reason)", "final_warmth", "warmths", "mywarmth", "mood_ana"])
def test_what_is_said_beside_a_label_is_nobody_s_label(header):
    found = text(f"id,{header},verdict\nu1,1,pass\n")
    assert given(found) == [("u1", "r1", "verdict", "pass")]
    assert found.reading.left_out == [header]


def test_a_column_of_sentences_is_no_rater_whatever_it_is_called():
    found = text("id,ana_warmth,ben_warmth,warmth_wording\nu1,1,2,rather warm\nu2,0,0,cold as ice\n")
    assert found.annotators == ("ana", "ben")
    assert found.reading.left_out == ["warmth_wording"]


def test_where_a_column_is_the_dimension_itself_no_header_names_a_rater():
    found = text("id,warmth,warmth_ben\nu1,1,2\n")
    assert (given(found), found.reading.left_out) == ([("u1", "r1", "warmth", 1)], ["warmth_ben"])


def test_a_column_may_say_whose_a_row_of_a_wide_table_is():
    found = text("id,Rater,warmth\nu1,ana,1\nu1,ben,2\nu2,,2\n")
    assert given(found) == [("u1", "ana", "warmth", 1), ("u1", "ben", "warmth", 2)]
    assert reasons(found) == ["line 4: the row names no annotator; fill it in"]


def test_a_long_table_without_a_column_of_annotators_is_the_file_s():
    assert given(text("id,dimension,score\nu1,warmth,1\n")) == [("u1", "r1", "warmth", 1)]


def test_raters_called_by_a_place_are_asked_about_and_named_ones_are_not():
    found = text("id,warmth_1,warmth_2\nu1,1,2\n")
    assert [each.key for each in found.questions] == ["slots_are_people"]
    assert reasons(found) == [
        "the raters are called 1 and 2; say whether each is one person throughout (--slots-are-people yes, or no)"
    ]
    assert reasons(text("id,warmth_1,warmth_2\nu1,1,2\n", slots_are_people=False)) == []
    assert text("id,warmth_ana,warmth_2\nu1,1,2\n").questions == ()


@pytest.mark.parametrize(
    ("name", "slot"),
    [
        ("rater 1", True),
        ("Annotator_B", True),
        ("2", True),
        ("a1", True),
        ("judge#3", True),
        ("ana", False),
        ("ben2 smith", False),
        ("Jo", False),
        ("round one", False),
    ],
)
def test_a_slot_is_a_place_and_no_name(name, slot):
    assert is_slot(name) is slot


def test_annotators_that_a_column_calls_by_a_place_are_people_with_a_word_about_it():
    source = "id,annotator,dimension,value\nu1,annotator_1,warmth,1\nu1,annotator_2,warmth,1\n"
    assert text(source).remarks == (
        "the annotators are called annotator_1 and annotator_2: where those are slots that several people filled, say so",
    )
    assert text(source).ways == ("slots_are_people no",)
    assert (text(source).questions, text(source, slots_are_people=True).remarks) == ((), ())
    assert text(source.replace("annotator_", "")).remarks == ()


def test_the_unit_may_be_named_where_its_column_bears_another_name():
    source = "reply no,warmth\nu1,1\n"
    assert reasons(text(source)) == [
        "line 1: there is no column draft_id or task_id or unit or id; the header has reply no, warmth; say which names what was "
        f"labelled. {with_options(WHAT_IS_READ, SAYS_COLUMNS)}"
    ]
    assert given(text(source, unit="reply_no")) == [("u1", "r1", "warmth", 1)]
    assert "no column named other" in reasons(text(source, unit="other"))[0]


def test_a_draft_is_the_unit_and_its_task_is_kept_beside_it():
    found = text("task_id,draft_id,warmth\nt1,d1,2\n")
    assert (given(found), found.tasks) == ([("d1", "r1", "warmth", 2)], {"d1": "t1"})


@pytest.mark.parametrize("separator", [";", "\t", ","])
def test_the_separator_is_the_one_under_which_a_header_reads(separator):
    lines = ["Labels, of March, by two,,", separator.join(["id", "text", "warmth"]), separator.join(["u1", '"a, b; c"', "1"])]
    found = text("\n".join(lines))
    assert given(found) == [("u1", "r1", "warmth", 1)]


def test_blank_rows_and_columns_at_the_end_are_passed_over_and_a_row_too_long_is_not():
    assert reasons(text("id,warmth,,\nu1,1,,\n,,,\n,,,,,,\n")) == []
    assert reasons(text("id,warmth\nu1,1,,x\n")) == [
        "line 2: the row has 4 cells and the header 2; quote a text that contains a separator"
    ]


def test_a_column_without_a_name_that_holds_something_is_listed():
    assert text("id,warmth,\nu1,1,x\n").reading.left_out == ["column 3 (no name)"]


def test_a_cell_of_two_lines_keeps_the_line_its_row_begins_on():
    assert reasons(text('id,text,warmth\nu1,"a\nb",1\nu2,c,7\n')) == ["line 4: warmth takes 0, 1 and 2, not 7"]


def test_the_names_of_a_dimension_are_its_key_and_aliases_and_nothing_else():
    names = Names(HOUSE)
    assert [names.key(each) for each in ("warmth", " Warmth ", "FRIENDLINESS", "warm", "")] == ["warmth"] * 3 + [None, None]
    assert names.of_label("verdict: pass") == ("verdict", "pass")
    assert names.of_label("tone=2") == ("tone", "2")
    assert names.of_label("2") == ("", "2")
    assert Names(HOUSE, "warmth").of_label("a=b") == ("warmth", "a=b")


def test_two_columns_of_one_rater_and_dimension_are_refused():
    assert "are both warmth by ana; keep one" in reasons(text("id,ana_warmth,warmth_ana\nu1,1,1\n"))[0]


def test_rows_of_a_long_table_are_labels_in_file_order():
    found = text("id,annotator,dimension,value\nu2,x,warmth,1\nu1,y,verdict,pass\n")
    assert found.rows == [LabelRow("u2", "x", "warmth", 1), LabelRow("u1", "y", "verdict", "pass")]
    assert found.lines == [2, 3]


def test_a_wide_file_is_all_by_one_annotator_and_lists_the_columns_it_left_out():
    found = text("task_id,when,friendliness,verdict\na,may,2,pass\nb,may,0,fail\n")
    assert found.rows == [
        LabelRow("a", "r1", "warmth", 2),
        LabelRow("a", "r1", "verdict", "pass"),
        LabelRow("b", "r1", "warmth", 0),
        LabelRow("b", "r1", "verdict", "fail"),
    ]
    assert (found.annotators, tuple(found.reading.left_out), reasons(found)) == (("r1",), ("when",), [])


def test_a_long_file_names_its_annotators_and_lists_foreign_dimensions_and_columns():
    found = text("unit;annotator;dimension;score;mood\na;x;warmth;2;ok\na;y;charm;1;ok\na;y;warmth;1;ok\n")
    assert found.rows == [LabelRow("a", "x", "warmth", 2), LabelRow("a", "y", "warmth", 1)]
    assert (found.annotators, tuple(found.reading.left_out), reasons(found)) == (("x", "y"), ("charm", "mood"), [])


def test_a_blank_is_no_label_only_where_that_is_said():
    blank = "id,warmth,verdict\na,,pass\n"
    assert reasons(text(blank)) == ["line 2: warmth is blank; say whether a blank means no label (--blank missing, or a level)"]
    assert text(blank, words={"blank": "missing"}).rows == [LabelRow("a", "r1", "verdict", "pass")]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (
            "id,colour\na,red\n",
            "line 1: no column is a dimension of house-v1 or an alias of one; the header has id, colour. " + WHAT_IS_READ,
        ),
        ("id,warmth,friendliness\na,1,1\n", "line 1: the columns warmth and friendliness are both warmth; keep one"),
        ("id,warmth\na,1\na,2\n", "line 3: a has warmth by r1 on line 2 already; keep one"),
        ("id,warmth\na,5\n", "line 2: warmth takes 0, 1 and 2, not 5"),
        ("id,warmth\n,1\n", "line 2: the row names no unit; fill its id in"),
        ("id,annotator,dimension,value\na,,warmth,1\n", "line 2: the row names no annotator; fill it in"),
        (
            "name,warmth\na,1\n",
            "line 1: there is no column draft_id or task_id or unit or id; the header has name, warmth; say which names what was "
            f"labelled. {with_options(WHAT_IS_READ, SAYS_COLUMNS)}",
        ),
    ],
)
def test_a_label_set_file_that_cannot_be_taken_says_why(source, reason):
    assert reasons(text(source))[0] == reason
