"""The difference of two rounds: hand-worked points, the right interval for common and other drafts, reasons."""

import json
from typing import NamedTuple

import numpy as np
import pytest

from touchstone.agreement.coefficient import NOMINAL_ALPHA, PERCENT, QUADRATIC_KAPPA
from touchstone.agreement.report import dimension_report
from touchstone.comparison.two_rounds import Labelled, compare, difference_in_words, direction
from touchstone.data.counts import Counts


class Rule(NamedTuple):
    statistic: str = "kappa"
    weights: str = "unweighted"
    threshold: float = 0.8


RULE = Rule()


def labelled(patterns, *, levels=(0, 1), rule=RULE, first=0, annotators=None) -> Labelled:
    """Drafts d<first>, d<first + 1>, ... with these patterns."""
    patterns = patterns if isinstance(patterns, dict) else {f"d{first + n}": each for n, each in enumerate(patterns)}
    width = len(next(iter(patterns.values()), (0, 0)))
    return Labelled(annotators or tuple("abcdef"[:width]), tuple(levels), rule, patterns)


def width(comparison) -> float:
    return comparison.judged.difference.high - comparison.judged.difference.low


# Before: 4 1 / 1 4, so agreement .8, by chance .5, kappa .6. After: 5 0 / 0 5, kappa 1.
BEFORE = [(0, 0)] * 4 + [(0, 1)] + [(1, 1)] * 4 + [(1, 0)]
AFTER = [(0, 0)] * 5 + [(1, 1)] * 5
# Forty drafts of which three keep a disagreement in both rounds, and one more is settled.
STICKY = [(0, 0)] * 18 + [(1, 1)] * 18 + [(0, 1)] * 2 + [(1, 0)]
STICKY_BEFORE, STICKY_AFTER = [*STICKY, (0, 1)], [*STICKY, (1, 1)]


@pytest.mark.parametrize("first", [0, 5, 10])
def test_the_difference_of_a_small_case_is_the_one_worked_out_by_hand(first):
    found = compare(labelled(BEFORE), labelled(AFTER, first=first))
    assert found.judged.before.value == pytest.approx(0.6)
    assert found.judged.after.value == pytest.approx(1)
    assert found.judged.difference.value == pytest.approx(0.4)
    assert found.percent.difference.value == pytest.approx(0.2)
    assert found.judged.difference.low < 0.4 <= found.judged.difference.high
    assert found.judged.difference.n == 10 - first
    assert found.method == {0: "paired", 5: "partly paired", 10: "independent"}[first]
    assert found.notes == ()


def test_on_drafts_in_common_that_keep_their_labels_the_paired_interval_is_the_narrower():
    paired = compare(labelled(STICKY_BEFORE), labelled(STICKY_AFTER))
    half = compare(labelled(STICKY_BEFORE), labelled(STICKY_AFTER[20:] + STICKY_AFTER[:20], first=20))
    apart = compare(labelled(STICKY_BEFORE), labelled(STICKY_AFTER, first=40))
    assert (paired.method, half.method, apart.method) == ("paired", "partly paired", "independent")
    assert paired.judged.difference.value == apart.judged.difference.value
    assert width(paired) < 0.7 * width(apart)
    assert width(paired) < width(half)


def test_labels_that_have_nothing_to_do_with_each_other_gain_nothing_by_pairing():
    rng = np.random.default_rng(5)
    one, other = (
        [
            tuple(int(code) for code in pair)
            for pair in np.where(
                rng.random((200, 1)) < 0.8, rng.integers(0, 2, (200, 1)).repeat(2, axis=1), rng.integers(0, 2, (200, 2))
            )
        ]
        for _ in range(2)
    )
    paired, apart = compare(labelled(one), labelled(other)), compare(labelled(one), labelled(other, first=200))
    assert width(paired) == pytest.approx(width(apart), rel=0.15)


def test_a_round_against_itself_differs_by_nothing():
    for patterns in (BEFORE, [(0, 1, 1), (1, 1, 1), (0, 0, 0), (0, 0, 1)]):
        side = labelled(patterns)
        found = compare(side, side)
        difference = found.judged.difference
        assert (difference.value, difference.low, difference.high) == (0, 0, 0)
        assert found.method == "same labels"
        assert direction(found.judged) == "undecided"
        assert difference_in_words(found.judged) == ".00 [.00, .00]"


def test_another_round_with_the_same_labels_is_not_certain_to_be_the_same():
    """Ten of ten drafts kept their labels: the next ten need not."""
    for patterns in (BEFORE, [(0, 1, 1), (1, 1, 1), (0, 0, 0), (0, 0, 1)]):
        found = compare(labelled(patterns), labelled(patterns))
        assert found.judged.difference.value == 0
        assert found.judged.difference.low < -0.02 and found.judged.difference.high > 0.02


def test_equal_labels_give_equal_numbers_whatever_the_drafts_are_called():
    one = compare(labelled(BEFORE), labelled(AFTER))
    renamed = compare(*(labelled({f"x{n:03}": each for n, each in enumerate(reversed(side))}) for side in (BEFORE, AFTER)))
    assert one == compare(labelled(BEFORE), labelled(AFTER))
    assert one.judged.before == renamed.judged.before
    shuffled = {f"d{n}": BEFORE[n] for n in (3, 1, 4, 0, 5, 9, 2, 6, 8, 7)}
    assert compare(labelled(shuffled), labelled(AFTER)) == one


def test_the_figures_on_either_side_are_those_of_the_reports():
    both = [(0, 0)] * 9 + [(1, 1)] * 7 + [(0, 1)] * 3 + [(None, 1), (0, None)]
    counts = Counts("d", "ordinal", (0, 1), ("a", "b"), {each: both.count(each) for each in both}, len(both))
    report = dimension_report(counts, Rule())
    found = compare(labelled(both), labelled(AFTER, first=100))
    assert found.judged.before == report.judged
    assert found.percent.before == report.overall[PERCENT]


def test_the_independent_interval_is_that_of_two_independent_tables():
    """By normal theory: the half-width is the root of the sum of the squares, here of two reports' intervals."""
    rng = np.random.default_rng(3)
    cells = np.array([(a, b) for a in range(2) for b in range(2)])
    one, other = (
        [tuple(int(code) for code in cells[k]) for k in rng.choice(4, size=400, p=p)]
        for p in ([0.4, 0.1, 0.1, 0.4], [0.45, 0.05, 0.05, 0.45])
    )
    found = compare(labelled(one), labelled(other, first=400)).judged
    expected = np.hypot(found.before.high - found.before.low, found.after.high - found.after.low)
    assert found.difference.high - found.difference.low == pytest.approx(expected, rel=0.05)


THIN = {
    "no data": ({}, "no data"),
    "one annotator": ([(0, None), (1, None)], "one annotator"),
    "no overlap": ([(0, None), (None, 1)], "no overlap"),
    "single level": ([(1, 1)] * 5, "single level"),
    "annotator constant": ([(1, 1)] * 5 + [(1, 0)], "annotator constant"),
}


@pytest.mark.parametrize("case", THIN)
@pytest.mark.parametrize("first", [0, 100])
def test_thin_data_on_either_side_gives_a_reason_and_never_nan(case, first):
    patterns, reason = THIN[case]
    thin = labelled(patterns, first=first, annotators=("a", "b"))
    for found, round_ in ((compare(thin, labelled(AFTER)), "before"), (compare(labelled(AFTER), thin), "after")):
        assert found.judged.difference.reason == f"{round_}: {reason}"
        assert found.method is None and direction(found.judged) is None
        assert difference_in_words(found.judged) == f"undefined: {round_}: {reason}"
        json.dumps([found.judged.as_json(), found.percent.as_json()], allow_nan=False)
    itself = compare(thin, thin)
    assert itself.judged.difference.value is None, "an undefined figure is not equal to itself"


def test_percent_has_a_difference_where_kappa_has_none():
    found = compare(labelled([(1, 1)] * 10), labelled(BEFORE, first=10))
    assert found.judged.difference.reason == "before: single level"
    assert found.percent.difference.value == pytest.approx(-0.2)


def test_other_levels_are_another_question():
    found = compare(labelled(BEFORE), labelled(AFTER, levels=(0, 1, 2)), ("march", "april"))
    assert found.judged.difference.reason == found.percent.difference.reason == "levels differ"
    assert (found.judged.before.value, found.judged.after.value) == (pytest.approx(0.6), pytest.approx(1))
    assert found.notes == ("its levels were 0, 1 in march and are 0, 1, 2 in april: the figures answer two different questions",)


def test_other_weights_are_compared_by_the_rule_after_and_said():
    three = [(0, 0), (1, 1), (2, 2), (0, 1), (1, 2), (2, 2)]
    found = compare(
        labelled(three, levels=(0, 1, 2)),
        labelled(three[::-1], levels=(0, 1, 2), rule=Rule(weights="quadratic")),
        ("march", "april"),
    )
    assert found.judged.coefficient == QUADRATIC_KAPPA
    assert found.judged.before.value == pytest.approx(found.judged.after.value)
    assert found.notes == (
        "march is judged on unweighted kappa and april is judged on quadratic kappa: both are given on "
        "quadratic kappa, so that there is one figure to compare",
    )


def test_two_annotators_before_and_three_after_are_compared_on_alpha():
    after = [(0, 0, 0)] * 5 + [(1, 1, 1)] * 5 + [(0, 1, 0)]
    found = compare(labelled(BEFORE), labelled(after))
    assert found.judged.coefficient == NOMINAL_ALPHA
    assert found.judged.difference.low < found.judged.difference.value < found.judged.difference.high
    assert "nominal alpha" in found.notes[0]


def test_three_annotators_who_agree_throughout_in_both_rounds_leave_the_difference_open():
    found = compare(labelled([(0, 0, 0)] * 5 + [(1, 1, 1)] * 5), labelled([(0, 0, 0)] * 6 + [(1, 1, 1)] * 4, first=10))
    assert found.judged.difference.value == 0
    assert found.judged.difference.low < -0.1 and found.judged.difference.high > 0.1
    assert compare(labelled(BEFORE), labelled(AFTER)).notes == ()


def test_a_difference_in_words_bears_its_sign():
    rise = compare(labelled(BEFORE), labelled(AFTER))
    assert difference_in_words(rise.judged).startswith("+.40 [")
    assert difference_in_words(compare(labelled(AFTER), labelled(BEFORE)).judged).startswith("−.40 [−")


def test_a_rise_is_one_whose_whole_interval_is_over_zero():
    many = compare(labelled(BEFORE * 20), labelled(AFTER * 20, first=200))
    assert direction(many.judged) == "rose"
    assert direction(compare(labelled(AFTER * 20), labelled(BEFORE * 20)).judged) == "fell"
    assert direction(compare(labelled(BEFORE), labelled(BEFORE, first=10)).judged) == "undecided"
