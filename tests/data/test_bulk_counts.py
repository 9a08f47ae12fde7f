"""Counting in bulk: the same as counting row by row, only of bytes."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tests.support.properties import examples
from touchstone.data import bulk_counts
from touchstone.data.bulk_counts import MISSING, patterns_of_codes, table_of


def codes(*values) -> np.ndarray:
    return np.array(values, dtype=np.uint8)


def test_a_table_counts_firsts_level_by_row_and_seconds_by_column_and_leaves_out_what_one_lacks():
    table = table_of(codes(0, 2, 2, MISSING, 1), codes(0, 1, 1, 2, MISSING), 3)
    assert table.tolist() == [[1, 0, 0], [0, 0, 0], [0, 2, 0]]
    assert table.dtype == np.int64


def test_no_units_are_a_table_of_zeros_and_no_patterns():
    assert table_of(codes(), codes(), 2).tolist() == [[0, 0], [0, 0]]
    assert patterns_of_codes(np.empty((0, 2), np.uint8), 2) == {}
    assert patterns_of_codes(np.empty((3, 0), np.uint8), 2) == {}


def test_patterns_are_those_of_the_counts_and_a_unit_without_labels_is_none():
    two = np.array([[0, 1], [0, 1], [MISSING, 2], [MISSING, MISSING]], np.uint8)
    assert patterns_of_codes(two, 3) == {(0, 1): 2, (None, 2): 1}
    three = np.array([[0, 1, MISSING], [MISSING] * 3, [2, 2, 2], [2, 2, 2]], np.uint8)
    assert patterns_of_codes(three, 3) == {(0, 1, None): 1, (2, 2, 2): 2}


@examples(60)
@given(
    st.integers(1, 4).flatmap(
        lambda seats: arrays.arrays(
            np.uint8, st.tuples(st.integers(0, 40), st.just(seats)), elements=st.sampled_from([0, 1, 2, 253, MISSING])
        )
    ),
    st.integers(1, 7),
)
def test_counting_in_pieces_is_counting(found, at_once):
    expected = Counter(tuple(None if code == MISSING else code for code in row) for row in found.tolist() if min(row) < MISSING)
    whole = bulk_counts.AT_ONCE
    bulk_counts.AT_ONCE = at_once
    try:
        assert patterns_of_codes(found, 254) == expected
        if found.shape[1] == 2:
            table = table_of(found[:, 0], found[:, 1], 254)
            assert {(i, j): table[i, j] for i, j in np.argwhere(table).tolist()} == {
                pattern: n for pattern, n in expected.items() if None not in pattern
            }
    finally:
        bulk_counts.AT_ONCE = whole


@pytest.mark.parametrize(
    ("first", "second", "kind", "sentence"),
    [
        ([0, 3], [0, 0], np.uint8, "code 3 stands for no level: there are 3, and 255 for a missing label"),
        ([0], [0, 0], np.uint8, "two rows of one length"),
        ([0], [0], np.int64, "codes are bytes"),
    ],
)
def test_codes_that_cannot_be_counted_raise(first, second, kind, sentence):
    with pytest.raises(ValueError, match=sentence):
        table_of(np.array(first, kind), codes(*second), 3)


def test_a_code_that_is_no_level_raises_with_more_than_two_annotators_too():
    with pytest.raises(ValueError, match="code 7 stands for no level"):
        patterns_of_codes(np.array([[0, 7, 1]], np.uint8), 3)
