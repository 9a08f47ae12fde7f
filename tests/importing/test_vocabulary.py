"""What words in a file of labels mean: a level, or what somebody said; never a guess."""

import pytest

from tests.support.label_files import HOUSE, reasons, text
from touchstone.importing.words import kind_of, level_of

WARMTH, VERDICT = HOUSE.dimensions


@pytest.mark.parametrize(
    ("word", "level"),
    [
        ("2", 2),
        (" 2 ", 2),
        ("2.0", 2),
        ("2,00", 2),
        ("02", 2),
        ("+2", 2),
        ("Level 2", 2),
        ("2.5", None),
        ("3", None),
        ("-1", None),
        ("two", None),
        ("", None),
        ("2 0", None),
    ],
)
def test_a_number_is_a_level_however_a_spreadsheet_wrote_it(word, level):
    assert level_of(WARMTH, word) == level


@pytest.mark.parametrize(
    ("word", "level"),
    [("pass", "pass"), ("PASS", "pass"), ("resolved", "pass"), ("Open", "fail"), ("passed", None), ("true", None), ("1", None)],
)
def test_a_word_is_a_level_by_its_value_or_title_capitals_aside(word, level):
    assert level_of(VERDICT, word) == level


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("", "blank"),
        ("  ", "blank"),
        ("N/A", "na"),
        ("nan", "na"),
        ("null", "na"),
        ("?", "unsure"),
        ("FALSE", "false"),
        ("no", "false"),
        ("Yes", "true"),
        ("7", None),
        ("maybe", None),
    ],
)
def test_words_that_are_no_level_are_of_a_kind_or_of_none(word, kind):
    assert kind_of(word) == kind


CELLS = {"blank": "", "na": "n/a", "unsure": "?", "false": "FALSE", "true": "yes"}


@pytest.mark.parametrize("kind", CELLS)
def test_what_a_word_means_is_asked_with_the_option_s_name(kind):
    source = f"id,warmth,verdict\nu1,{CELLS[kind]},pass\n"
    found = text(source)
    assert [each.key for each in found.questions] == [kind]
    assert found.questions[0].choices == ("missing", "0", "1", "2")
    assert len(found.asked) == 1 and f"--{kind}" in reasons(found)[0]
    assert [row.value for row in text(source, words={kind: "missing"}).rows] == ["pass"]
    assert text(source, words={kind: "missing"}).missing == {kind: 1}
    assert [row.value for row in text(source, words={kind: "0"}).rows] == [0, "pass"]


def test_a_meaning_that_is_no_level_of_the_dimension_is_refused():
    assert reasons(text("id,verdict\nu1,false\n", words={"false": "0"})) == [
        "line 2: verdict takes pass and fail, and false was taken to mean 0; say one of them, or missing "
        "(--false missing, or a level)"
    ]


def test_a_meaning_that_only_some_of_the_dimensions_have_is_no_choice():
    (question,) = text("id,warmth,verdict\nu1,,\n").questions
    assert question.choices == ("missing",)
    assert question.sentence == "What does a blank mean in Warmth and Verdict?"


def test_a_scale_that_runs_the_other_way_is_turned_round_and_words_without_an_order_are_not():
    found = text("id,warmth,verdict\nu1,0,pass\nu2,1,fail\n", reverse=True)
    assert [row.value for row in found.rows] == [2, "pass", 1, "fail"]


def test_values_outside_the_scale_and_duplicates_are_refused_with_their_lines():
    assert reasons(text("id,warmth\nu1,5\nu2,1\nu2,1\nu3,x\n")) == [
        "line 2: warmth takes 0, 1 and 2, not 5",
        "line 4: u2 has warmth by r1 on line 3 already; keep one",
        "line 5: warmth takes 0, 1 and 2, not x",
    ]


def test_problems_of_one_cause_are_alike_whatever_their_unit():
    assert len({each.cause for each in text("id,warmth\nu1,1\nu1,1\nu2,1\nu2,1\n").problems} - {""}) == 2  # the line differs
    assert {each.cause or each.reason for each in text("id,warmth\nu1,7\nu2,7\n").problems} == {"warmth takes 0, 1 and 2, not 7"}


def test_a_preview_counts_what_each_column_gave():
    found = text("id,warmth,mood\nu1,1.0,x\nu2,1,x\nu3,,x\n", words={"blank": "missing"})
    assert found.fields == (("id", "the unit"), ("warmth", "warmth: 2 labels (1: 2), 1 no label"), ("mood", "left out"))
