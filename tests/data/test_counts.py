"""The counts every figure of agreement starts from."""

import subprocess
import sys
from typing import NamedTuple

import pytest

from touchstone.data.counts import Counts, count_labels, pool, seats
from touchstone.data.label import LabelRow


class Dimension(NamedTuple):
    key: str
    scale: str
    values: tuple[int | str, ...]


WARMTH = Dimension("warmth", "ordinal", (0, 1, 2))


def rows(*cells: tuple[str, str, int | str], dimension: str = "warmth") -> list[LabelRow]:
    return [LabelRow(unit, annotator, dimension, value) for unit, annotator, value in cells]


def test_units_with_the_same_labels_are_counted_under_one_pattern():
    labels = rows(("d1", "ana", 2), ("d1", "ben", 1), ("d2", "ben", 1), ("d2", "ana", 2), ("d3", "ana", 0))
    counts = count_labels(labels, WARMTH, ["ana", "ben"], None)
    assert counts.patterns == {(2, 1): 2, (0, None): 1}
    assert (counts.units, counts.units_with_two, counts.clusters) == (3, 2, 3)
    assert (counts.dimension, counts.scale, counts.levels) == ("warmth", "ordinal", (0, 1, 2))


def test_a_code_is_the_position_of_the_level_not_its_number():
    verdicts = Dimension("verdict", "nominal", ("pass", "fail"))
    counts = count_labels(rows(("d1", "ana", "fail"), dimension="verdict"), verdicts, ["ana"], None)
    assert counts.patterns == {(1,): 1}


def test_rows_of_other_dimensions_are_passed_over():
    labels = rows(("d1", "ana", 2)) + rows(("d1", "ana", "whatever"), dimension="length")
    assert count_labels(labels, WARMTH, ["ana"], None).patterns == {(2,): 1}


def test_units_of_one_cluster_count_once_and_a_unit_without_one_is_its_own():
    labels = rows(("d1", "ana", 2), ("d2", "ana", 1), ("d3", "ana", 1), ("t1", "ana", 1))
    counts = count_labels(labels, WARMTH, ["ana"], {"d1": "t1", "d2": "t1", "d9": "t9"})
    assert counts.clusters == 3  # the cluster t1, d3, and the unit that happens to be called t1


def test_no_rows_are_empty_counts():
    counts = count_labels([], WARMTH, ["ana", "ben"], None, skipped=4)
    assert (counts.patterns, counts.units, counts.clusters, counts.skipped) == ({}, 0, 0, 4)


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ([("d1", "ana", 3)], r"warmth takes 0, 1, 2, not 3 \(ana, unit d1\)"),
        ([("d1", "ana", "2")], r"warmth takes 0, 1, 2, not '2' \(ana, unit d1\)"),
        ([("d1", "cleo", 2)], r"cleo is not among the annotators ana, ben \(unit d1\)"),
        ([("d1", "ana", 2), ("d1", "ana", 2)], "ana has two labels for warmth of unit d1: keep one"),
    ],
)
def test_a_label_that_cannot_be_counted_raises_and_is_named(cells, sentence):
    with pytest.raises(ValueError, match=sentence):
        count_labels(rows(*cells), WARMTH, ["ana", "ben"], None)


def test_an_annotator_named_twice_raises():
    with pytest.raises(ValueError, match="an annotator is named twice: ana, ana"):
        count_labels([], WARMTH, ["ana", "ana"], None)


def test_pooled_rounds_keep_each_annotator_in_one_place():
    march = Counts("warmth", "ordinal", (0, 1, 2), ("ana", "ben"), {(2, 1): 3, (0, None): 1}, 4, 1)
    april = Counts("warmth", "ordinal", (0, 1, 2), ("cleo", "ana"), {(1, 2): 5}, 5, 2)
    both = pool([march, april])
    assert both.annotators == ("ana", "ben", "cleo")
    assert both.patterns == {(2, 1, None): 3, (0, None, None): 1, (2, None, 1): 5}
    assert (both.units, both.clusters, both.skipped) == (9, 9, 3)


def test_rounds_of_the_same_people_pool_into_one_table():
    march = Counts("warmth", "ordinal", (0, 1, 2), ("ana", "ben"), {(2, 1): 3}, 3)
    assert pool([march, march]).patterns == {(2, 1): 6}
    assert pool([march]) == march


def test_rounds_with_other_levels_are_not_pooled():
    march = Counts("warmth", "ordinal", (0, 1, 2), ("ana",), {}, 0)
    april = Counts("warmth", "ordinal", (0, 1, 2, 3), ("ana",), {}, 0)
    with pytest.raises(ValueError, match="are not one dimension: report them separately"):
        pool([march, april])
    with pytest.raises(ValueError, match="no counts to pool"):
        pool([])


def test_counting_needs_no_numpy():
    check = "import sys, touchstone.data.counts; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0


def test_counts_of_some_annotators_leave_out_units_none_of_them_labelled():
    counts = Counts("tone", "ordinal", (0, 1), ("gold", "ana", "ben"), {(0, 1, 0): 2, (0, 1, 1): 3, (None, None, 1): 4}, 9, 1)
    two = seats(counts, ("gold", "ana"))
    assert (two.annotators, two.patterns, two.units, two.clusters) == (("gold", "ana"), {(0, 1): 5}, 5, 9)
    with pytest.raises(ValueError):
        seats(counts, ("gold", "cleo"))
