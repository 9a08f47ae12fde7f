"""What a rubric's phrases and numbers are matched on: folded text, the way back to the draft, patterns with their forms."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from touchstone.scorer.folding import fold, fold_phrase
from touchstone.scorer.numbers.written import amount_of, number_of
from touchstone.scorer.patterns import key_of, phrase_pattern, template_pattern
from touchstone.scorer.regex import PatternSet, compiled


def spans(phrase: str, text: str) -> list[str]:
    """The places of the text, as it came, where the phrase stands."""
    folded = fold(text)
    pattern = compiled(rf"\b(?:{phrase_pattern(phrase)})\b")
    found = [folded.span(*match.span()) for match in pattern.finditer(folded.text)]
    return [text[start:end] for start, end in found]


@pytest.mark.parametrize(
    "phrase, text, found",
    [
        ("don't miss out", "Don\u2019t miss out on it", "Don\u2019t miss out"),
        ("don't miss out", "Do not miss out on it", "Do not miss out"),
        ("do not miss out", "Dont miss out on it", "Dont miss out"),
        ("find it well", "may find it\nwell", "find it\nwell"),
        ("find it well", "may find  it\u00a0well", "find  it\u00a0well"),
        ("high-class", "a high\u2011class thing", "high\u2011class"),
        ("high-class", "a high class thing", "high class"),
        ("skyrocket", "it sky\u00adrock\u200bets", "sky\u00adrock\u200bets"),
        ("skyrocket", "it \uff33\uff2b\uff39rocketed", "\uff33\uff2b\uff39rocketed"),
        ("skyrocket", "it **sky**rocketing", "sky**rocketing"),
        ("office", "the o\ufb03ces", "o\ufb03ces"),
        ("circling back", "I circled back", "circled back"),
        ("small synergy", "with small synergies", "small synergies"),
    ],
)
def test_a_spelling_or_a_form_of_a_phrase_is_found_where_it_stands(phrase, text, found):
    assert spans(phrase, text) == [found]


@pytest.mark.parametrize(
    "phrase, text",
    [
        ("10x", "from 90 to 210x faster"),
        ("ninja", "the Ninjago app"),
        ("synergy", "synergistic work"),
        ("wizard", "wizardry"),
        ("quick chat", "quick, chat later"),
    ],
)
def test_a_derived_word_or_a_part_of_a_word_is_not_the_phrase(phrase, text):
    assert spans(phrase, text) == []


@given(st.text(alphabet="abcXYZ \n'\u2019*_`\u00ad\u200b\ufb01\uff21\u0301\u2014\u00a0\u0130\u00df", max_size=60))
def test_every_folded_place_leads_back_into_the_text(text):
    folded = fold(text)
    places = folded.places if folded.places is not None else range(len(text) + 1)
    assert len(places) == len(folded.text) + 1
    assert list(places) == sorted(places)
    assert places[-1] == len(text)


@given(st.text(max_size=80))
def test_folding_what_is_folded_changes_nothing_in_a_phrase(text):
    once = fold_phrase(text)
    assert fold_phrase(fold_phrase(once)) == fold_phrase(once)


def test_spellings_of_one_phrase_have_one_name():
    assert {key_of(each) for each in ("You\u2019re  late", "you are late", "YOU'RE LATE")} == {"you are late"}


@pytest.mark.parametrize(
    "text, value",
    [
        ("1,200", 1200),
        ("twenty-five", 25),
        ("nine", 9),
        ("two hundred and six", 206),
        ("3.5", Decimal("3.5")),
        ("no number", None),
        ("\u00b2 dozen", None),
        ("", None),
    ],
)
def test_a_number_is_read_in_digits_and_in_words(text, value):
    assert number_of(text) == value


@pytest.mark.parametrize("text", ["$8M", "$8 million", "8 million dollars", "$8,000,000", "eight million dollars"])
def test_an_amount_is_read_in_each_usual_spelling(text):
    assert amount_of(fold_phrase(text)) == 8_000_000


def test_an_unknown_hole_and_a_pattern_the_engine_cannot_take_are_said():
    with pytest.raises(ValueError, match=r"\{size\} is not a placeholder here; there are \{number\}"):
        template_pattern("{size} roles", {"number": r"\d+"})
    with pytest.raises(ValueError, match="invalid perl operator"):
        compiled("(?=a)b")


def test_a_set_says_which_of_its_patterns_occur():
    patterns = PatternSet([r"\d+ roles", "absent", r"(?:team|crew)"])
    assert sorted(patterns.found(b"a team with 9 roles")) == [0, 2]
    assert PatternSet([]).found(b"text") == []


def test_a_megabyte_of_digits_is_matched_in_linear_time():
    pattern, names = template_pattern("{number} roles", {"number": r"\d+"})
    assert names == ("number",)
    assert list(compiled(pattern).finditer(b"1" * 1_000_000)) == []
