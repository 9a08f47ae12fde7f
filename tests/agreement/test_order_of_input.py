"""Labels are the same whoever comes first: annotators listed otherwise or renamed, and rows shuffled, change no interval."""

import random
from dataclasses import replace
from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.properties import examples
from touchstone.agreement.estimation.seat_order import columns_in_order, ratings_by_labels, seats_by_labels
from touchstone.agreement.figure import PlainRule
from touchstone.agreement.label_table import agreement
from touchstone.comparison.two_rounds import Labelled, compare
from touchstone.data.counts import Counts
from touchstone.subgroups.rater_effects import against_others
from touchstone.subgroups.slices import lowest, sliced

RULE = PlainRule("alpha", "unweighted", 0.7)
NEW_NAMES = {"a": "zoe", "b": "yan", "c": "xia", "d": "wim", "e": "ada"}


@st.composite
def labels(draw, most=5, levels=3, units=12):
    """Patterns of two to five annotators on a dozen units; the first two labelled at least one together."""
    annotators = draw(st.integers(2, most))
    code = st.one_of(st.none(), st.integers(0, levels - 1))
    drawn = draw(st.lists(st.tuples(*[code] * annotators), min_size=3, max_size=units))
    return [(0, 1, *[None] * (annotators - 2)), *(pattern for pattern in drawn if any(code is not None for code in pattern))]


def rows_of(patterns):
    return [
        {"unit": f"u{n}", "annotator": "abcde"[seat], "dimension": "d", "value": code, "cluster": f"c{n // 2}"}
        for n, pattern in enumerate(patterns)
        for seat, code in enumerate(pattern)
        if code is not None
    ]


def told(report, names=None) -> dict:
    """The figures of a report, its pairs by who they are. (Warnings name annotators.)"""
    document = report.as_json()
    pairs = {
        frozenset((names or {}).get(each, each) for each in (pair["a"], pair["b"])): {
            key: value for key, value in pair.items() if key not in ("a", "b", "table")
        }
        for pair in document.pop("pairs")
    }
    del document["annotators"], document["warnings"]
    return document | {"pairs": pairs}


def close(found, expected, within=1e-9) -> bool:
    """Whether two documents are the same but for the last digits of sums."""
    if isinstance(found, dict):
        return found.keys() == expected.keys() and all(close(found[key], expected[key], within) for key in found)
    if isinstance(found, list):
        return len(found) == len(expected) and all(map(close, found, expected))
    if isinstance(found, float) and isinstance(expected, float):
        return abs(found - expected) <= within
    return found == expected


@examples(12)
@given(labels(most=4), st.randoms(use_true_random=False), st.sampled_from(["ordinal", "nominal"]), st.booleans())
def test_a_report_is_the_same_in_any_order_of_rows_and_annotators_and_under_other_names(patterns, order, scale, by_cluster):
    rows = rows_of(patterns)
    if not by_cluster:
        rows = [{key: value for key, value in row.items() if key != "cluster"} for row in rows]
    other = [row | {"annotator": NEW_NAMES[row["annotator"]]} for row in rows]
    order.shuffle(other)
    rule = {"statistic": "kappa", "weights": "unweighted", "threshold": 0.7}
    first, second = (agreement(each, levels=[0, 1, 2], scale=scale, **rule)["d"] for each in (rows, other))
    assert close(told(second), told(first, NEW_NAMES))


@examples(12)
@given(labels(levels=9), st.randoms(use_true_random=False))
def test_ratings_are_the_same_in_any_order_of_rows_and_annotators_and_under_other_names(patterns, order):
    rows = rows_of(patterns)
    other = [row | {"annotator": NEW_NAMES[row["annotator"]]} for row in rows]
    order.shuffle(other)
    first, second = (agreement(each, levels=(), scale="interval")["d"].as_json() for each in (rows, other))
    for document in (first, second):
        document.pop("annotators")
    assert close(second, first)


@examples(12)
@given(labels(), labels(), st.randoms(use_true_random=False))
def test_a_difference_is_the_same_in_any_order_of_annotators_and_drafts(before, after, order):
    def side(patterns, *, shuffled):
        seats = list(range(len(patterns[0])))
        drafts = [(f"d{n}", pattern) for n, pattern in enumerate(patterns)]
        if shuffled:
            order.shuffle(seats)
            order.shuffle(drafts)
        given_by = {draft: tuple(pattern[seat] for seat in seats) for draft, pattern in drafts}
        return Labelled(tuple("abcde"[seat] for seat in seats), (0, 1, 2), RULE, given_by)

    plain, other = (compare(side(before, shuffled=it), side(after, shuffled=it)) for it in (False, True))
    assert close(other.judged.as_json(), plain.judged.as_json())
    assert close(other.percent.as_json(), plain.percent.as_json())


@examples(6)
@given(labels(most=3, units=30), st.randoms(use_true_random=False))
def test_the_lowest_slice_and_the_annotators_beside_the_others_are_the_same_in_any_order(patterns, order):
    seats = list(range(len(patterns[0])))
    order.shuffle(seats)
    given_by = {f"u{n}": pattern for n, pattern in enumerate(patterns)}
    turned = {unit: tuple(pattern[seat] for seat in seats) for unit, pattern in reversed(given_by.items())}
    slice_of = {unit: "even" if int(unit[1:]) % 2 else "odd" for unit in given_by}

    def counts(labels):
        histogram = {pattern: list(labels.values()).count(pattern) for pattern in labels.values()}
        return Counts("d", "ordinal", (0, 1, 2), tuple("abcde"[: len(seats)]), histogram, len(labels))

    first, second = (lowest([sliced(counts(each), each, RULE)], slice_of) for each in (given_by, turned))
    assert (second and second.by_chance) == (first and first.by_chance)
    for place, seat in enumerate(seats):
        assert against_others(counts(turned), place).as_json() == against_others(counts(given_by), seat).as_json()


def test_two_annotators_come_in_the_order_whose_table_is_the_lesser():
    # Read row by row 5 1 / 2 4 comes before 5 2 / 1 4, the same table with the annotators exchanged.
    table = {(0, 0): 5, (0, 1): 1, (1, 0): 2, (1, 1): 4}
    assert seats_by_labels(table, (0, 1)) == (0, 1)
    assert seats_by_labels({(j, i): n for (i, j), n in table.items()}, (0, 1)) == (1, 0)


def canonical(rows) -> list:
    codes = np.array(rows)
    return sorted(map(tuple, codes[:, columns_in_order(codes)].tolist()))


def test_annotators_whom_no_count_tells_apart_are_told_apart_by_whom_they_labelled_with():
    """A pool in two rings of three and one of six: everyone labelled twice, with two others, all alike."""

    def pool(pairs):
        return [[0 if seat in pair else -1 for seat in range(6)] for pair in pairs]

    two_rings, one_ring = [(0, 1), (1, 2), (0, 2), (3, 4), (4, 5), (3, 5)], [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (0, 5)]
    forms = []
    for ring in (two_rings, one_ring):
        found = {tuple(canonical([[row[seat] for seat in seats] for row in pool(ring)])) for seats in permutations(range(6))}
        assert len(found) == 1
        forms += found
    assert forms[0] != forms[1]


def test_a_pool_in_which_every_pair_is_alike_takes_no_time():
    everyone = [[0 if seat in pair else -1 for seat in range(14)] for pair in combinations(range(14), 2)]
    shuffled = [row[::-1] for row in everyone]
    random.Random(1).shuffle(shuffled)
    assert canonical(everyone) == canonical(shuffled)


def test_ratings_keep_their_values_and_no_rating_stays_none():
    ratings = np.array([[2.5, np.nan], [1.0, 7.0], [1.0, 3.0]])
    found = ratings_by_labels(ratings)
    assert sorted(found[~np.isnan(found)]) == [1, 1, 2.5, 3, 7]
    np.testing.assert_array_equal(found, ratings_by_labels(ratings[::-1, ::-1]))


@pytest.mark.parametrize("weights", ["unweighted", "quadratic"])
def test_slots_are_in_an_order_of_their_own_too(weights):
    patterns = [(0, 1, 1), (2, 2, 2), (0, 0, None), (1, 2, 0), (1, 1, 1)]
    turned = [pattern[::-1] for pattern in patterns]
    before = Labelled(("a", "b", "c"), (0, 1, 2), replace_weights(weights), {f"d{n}": each for n, each in enumerate(patterns)})
    after = replace(before, patterns={f"d{n}": each for n, each in enumerate(turned)})
    # The same labels with the slots in another order: both rounds have one interval.
    found = compare(before, after)
    assert found.judged.before == found.judged.after


def replace_weights(weights) -> PlainRule:
    return PlainRule("alpha", weights, 0.7)
