"""Figures as printed: how they are read, and what rounding to their digits allows."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from touchstone.claims.rounding import as_shares, read_number, read_part, read_whole, shown


@pytest.mark.parametrize(
    ("text", "value", "digits"),
    [
        ("89.3", "89.3", 1),
        ("89.3%", "89.3", 1),
        ("89,3 %", "89.3", 1),
        (".83", ".83", 2),
        ("0.8300", ".83", 4),
        ("**0.85**", ".85", 2),
        ("0.86*", ".86", 2),
        ("0.857 (0.65 to 0.95)", ".857", 3),
        ("0.86 ± 0.04", ".86", 2),
        ("≈ 0.9", ".9", 1),
        ("−.05", "-.05", 2),
        ("0,904", ".904", 3),
        ("2,067", "2.067", 3),
        ("`30`", "30", 0),
        ("2.07†", "2.07", 2),
        ("77 percent", "77", 0),
    ],
)
def test_a_figure_is_read_with_its_digits_and_without_its_marks(text, value, digits):
    found = read_number(text)
    assert (found.value, found.digits) == (Fraction(value), digits)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "n/a",
        "< 0.80",
        "≥ .8",
        "1e308",
        "26/30",
        "0.8-0.9",
        "nan",
        "inf",
        "=1+1",
        "κ",
        "..",
        "1.2.3",
        "9" * 400,
        "٣",
        "0x1F",
        "%",
        "-",
        "\0",
        "Pass*",
        "1 2",
    ],
)
def test_what_is_no_plain_number_is_not_read(text):
    assert read_number(text) is None


def test_digits_decide_what_is_allowed():
    assert read_number(".83").allows(Fraction("0.8347"))
    assert not read_number("0.8300").allows(Fraction("0.8347"))
    assert read_number("0.8300").allows(Fraction("0.83004"))


def test_a_tie_may_be_rounded_either_way_and_cutting_off_is_no_rounding():
    exact = Fraction("0.865")
    assert read_number(".86").allows(exact) and read_number(".87").allows(exact)
    two_thirds = Fraction(2, 3)
    assert read_number(".67").allows(two_thirds) and not read_number(".66").allows(two_thirds)
    assert read_number(".66").cut_off(two_thirds) and not read_number(".67").cut_off(two_thirds)


@given(st.fractions(-1, 1), st.integers(0, 6))
def test_whatever_is_printed_from_a_value_allows_the_value(exact, digits):
    assert read_number(shown(exact, digits)).allows(exact)


@given(st.text(max_size=100))
def test_no_text_breaks_the_readers(text):
    read_number(text), read_part(text), read_whole(text)


def test_percentages_and_shares_are_told_apart_by_the_sign_or_by_a_value_over_one():
    def shares(*texts, named=False):
        return [each.value for each in as_shares([read_number(text) for text in texts], named)]

    assert shares("89.3") == [Fraction("0.893")]
    assert shares("0.893") == [Fraction("0.893")]
    assert shares("0.9%") == [Fraction("0.009")]
    assert shares("100", "0.5") == [1, Fraction("0.005")], "one number over 1 makes the column percentages"
    assert shares(".915", "92.4 %") == [Fraction("0.915"), Fraction("0.924")], "a sign is about its own cell"
    assert shares("100 %", "0") == [1, 0]
    assert shares("0", "0", named=True) == [0, 0]
    assert shares("0.893", "0.90", named=True) == [Fraction("0.893"), Fraction("0.9")]


def test_a_part_of_a_whole_is_read_beside_a_percentage():
    assert read_part("26/30 (86.7 %)") == (26, 30)
    assert read_part("26 of 30") == (26, 30)
    assert read_part("86.7%") is read_part("31/30") is read_part("0/0") is None
    assert (read_whole("30"), read_whole("1,200")) == (30, 1200)
    assert read_whole("30.0") is read_whole("-3") is None
