"""Pass and fail at a cut: bad drafts caught, false alarms, what is undefined, and the same by scikit-learn."""

from math import isclose, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import confusion_matrix, recall_score

from touchstone.agreement.estimation.intervals import share
from touchstone.agreement.figure import in_words
from touchstone.comparison.classification import NO_BAD, NO_DATA, NO_GOOD, at_cut, below, cuts_of, usual_cut


class Declared:
    """A dimension as far as a cut knows one."""

    key = "warmth"

    def __init__(self, *values, scale="ordinal"):
        self.values, self.scale = values, scale


FOUR, FALLING, WORDS = Declared(0, 1, 2, 3), Declared(3, 2, 1, 0), Declared("poor", "fair", "good")
PASS = Declared("pass", "fail", scale="nominal")
LEVELS = st.sampled_from(FOUR.values)
PAIRS = st.lists(st.tuples(LEVELS, LEVELS), max_size=60)


def test_a_hand_count():
    # bad (0, 1): four drafts, of which the scorer has three below 2; good (2, 3): five, of which it has one below
    pairs = [(0, 0), (1, 0), (1, 1), (1, 3), (2, 1), (2, 2), (3, 3), (3, 2), (2, 3)]
    made = at_cut(pairs, FOUR, 2)
    assert (made.bad, made.good, made.caught, made.alarms) == (4, 5, 3, 1)
    assert (made.share_caught.value, made.share_alarms.value) == (0.75, 0.2)
    assert (made.share_caught.n, made.share_alarms.n) == (4, 5)
    assert made.as_json()["caught"] == {"drafts": 3, **made.share_caught.as_json()}


@pytest.mark.parametrize(("number", "of"), [(0, 10), (3, 10), (10, 10), (1, 1), (81, 263)])
def test_the_interval_is_wilsons_by_its_formula(number, of):
    # (p + z²/2n ± z sqrt(p (1 - p) / n + z²/4n²)) / (1 + z²/n)
    z, p = 1.959963984540054, number / of
    middle, reach = p + z * z / (2 * of), z * sqrt(p * (1 - p) / of + z * z / (4 * of * of))
    found = share(number, of, "")
    assert isclose(found.low, (middle - reach) / (1 + z * z / of), abs_tol=1e-9)
    assert isclose(found.high, (middle + reach) / (1 + z * z / of), abs_tol=1e-9)


def test_what_does_not_occur_is_a_word_with_a_reason():
    good = at_cut([(3, 0), (2, 2)], FOUR, 2)
    assert (good.share_caught.value, good.share_caught.reason, good.share_alarms.value) == (None, NO_BAD, 0.5)
    bad = at_cut([(0, 0)], FOUR, 2)
    assert (bad.share_alarms.reason, bad.share_caught.value) == (NO_GOOD, 1)
    nothing = at_cut([], FOUR, 2)
    assert (nothing.share_caught.reason, nothing.share_alarms.reason) == (NO_DATA, NO_DATA)
    assert in_words(good.share_caught) == "undefined: no bad drafts at this cut"


@pytest.mark.parametrize(
    ("dimension", "cuts", "usual"),
    [
        (FOUR, (1, 2, 3), 2),
        (FALLING, (3, 2, 1), 2),
        (WORDS, ("fair", "good"), None),
        (Declared(1, 2, 3, 4, 5), (2, 3, 4, 5), 3),
        (PASS, ("pass", "fail"), None),
        (Declared("a", "b", "c", scale="nominal"), (), None),
    ],
)
def test_which_levels_can_be_a_cut(dimension, cuts, usual):
    assert (cuts_of(dimension), usual_cut(dimension)) == (cuts, usual)


@pytest.mark.parametrize(
    ("dimension", "cut", "bad"),
    [(FOUR, 1, {0}), (FOUR, 3, {0, 1, 2}), (FALLING, 2, {0, 1}), (WORDS, "good", {"poor", "fair"}), (PASS, "pass", {"fail"})],
)
def test_numbers_go_by_their_size_and_words_by_their_declared_order(dimension, cut, bad):
    assert below(dimension, cut) == bad


@pytest.mark.parametrize(
    ("dimension", "cut"),
    [(FOUR, 0), (FOUR, 4), (FOUR, "2"), (FALLING, 0), (WORDS, "poor"), (Declared("a", "b", "c", scale="nominal"), "b")],
)
def test_a_level_that_is_no_cut_is_a_programmers_mistake(dimension, cut):
    with pytest.raises(ValueError, match="cannot be cut"):
        at_cut([], dimension, cut)


def test_a_level_that_is_not_declared_is_a_programmers_mistake():
    with pytest.raises(ValueError, match="has no level"):
        at_cut([(2, 7)], FOUR, 2)


@given(PAIRS, st.sampled_from(cuts_of(FOUR)))
def test_shares_are_the_recall_of_bad_and_the_false_positive_rate_of_scikit_learn(pairs, cut):
    made = at_cut(pairs, FOUR, cut)
    person, scorer = [a < cut for a, _ in pairs], [b < cut for _, b in pairs]
    assert made.bad + made.good == len(pairs)
    if pairs:
        (quiet, alarms), (missed, caught) = confusion_matrix(person, scorer, labels=[False, True]).tolist()
        assert (made.caught, made.alarms, made.bad, made.good) == (caught, alarms, caught + missed, quiet + alarms)
    if made.bad:
        assert isclose(made.share_caught.value, recall_score(person, scorer))
    if made.good:
        assert isclose(1 - made.share_alarms.value, recall_score(person, scorer, pos_label=False))


@given(PAIRS, st.sampled_from(cuts_of(FOUR)), st.randoms())
def test_order_is_nothing_and_every_interval_holds_its_point_inside_0_and_1(pairs, cut, random):
    made = at_cut(pairs, FOUR, cut)
    other = list(pairs)
    random.shuffle(other)
    assert at_cut(other, FOUR, cut) == made
    for each in (made.share_caught, made.share_alarms):
        assert (each.value is None) == (each.n == 0) == (each.reason is not None)
        assert each.value is None or 0 <= each.low <= each.value <= each.high <= 1


@given(st.integers(1, 400), st.data())
def test_one_more_caught_never_lowers_either_end(of, data):
    number = data.draw(st.integers(0, of - 1))
    one, more = share(number, of, ""), share(number + 1, of, "")
    assert one.low <= more.low and one.high <= more.high
