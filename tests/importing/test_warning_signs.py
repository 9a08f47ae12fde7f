"""Signs that labels are not what they are said to be; and honest labels, which must raise none."""

import random

import pytest

from touchstone.data.label import LabelRow
from touchstone.importing.warning_signs import ONE_LEVEL, SAME_CELLS, warning_signs

KEYS = ("a", "b", "c", "d", "e")


def rows(who: str, table) -> list[LabelRow]:
    return [
        LabelRow(f"u{unit}", who, key, value)
        for unit, labels in enumerate(table)
        for key, value in zip(KEYS, labels, strict=False)
    ]


def table(chance: random.Random, n: int = 30, dimensions: int = 5, levels: int = 4) -> list[list[int]]:
    return [[chance.randrange(levels) for _ in range(dimensions)] for _ in range(n)]


def honest(chance: random.Random, first, agree: float, levels: int = 4):
    """Another reader of the same drafts: the same level with this chance, else one beside it."""
    return [
        [value if chance.random() < agree else min(levels - 1, max(0, value + chance.choice((-1, 1)))) for value in labels]
        for labels in first
    ]


def found(first, second) -> list[str]:
    return warning_signs(rows("ana", first) + rows("ben", second))


def test_two_files_of_the_same_bytes_are_named():
    files = [("x.csv", "1"), ("y.csv", "2"), ("z.csv", "1")]
    assert warning_signs([], files) == ["x.csv and z.csv are the same file, byte for byte"]


def test_the_same_labels_throughout_are_named_and_few_of_them_are_not():
    first = table(random.Random(1))
    assert found(first, first) == [
        "ana and ben gave the same level in all 150 cells both labelled: one may be a copy of the other"
    ]
    few = first[: (SAME_CELLS - 1) // 5]
    assert found(few, few) == []


def test_one_level_throughout_is_named_from_a_number_of_cells_on():
    assert warning_signs(rows("ana", [[2]] * ONE_LEVEL)) == [
        f"every label of ana is 2, {ONE_LEVEL} of them: were the drafts read?"
    ]
    assert warning_signs(rows("ana", [[2]] * (ONE_LEVEL - 1))) == []


def test_drafts_in_another_order_are_named():
    first = table(random.Random(2))
    second = random.Random(3).sample(first, len(first))
    (sentence,) = found(first, second)
    assert sentence.startswith("the labels of ben are those of ana in another order, draft by draft")


def test_each_column_in_another_order_is_named():
    first = table(random.Random(4))
    columns = [random.Random(key).sample(column, len(column)) for key, column in enumerate(zip(*first, strict=True))]
    (sentence,) = found(first, [list(each) for each in zip(*columns, strict=True)])
    assert sentence.startswith("in each dimension the labels of ben are those of ana in another order")


def test_a_few_labels_of_one_dimension_cannot_tell_a_shuffle_and_nothing_is_said():
    first = table(random.Random(5), dimensions=1)
    assert found(first, random.Random(6).sample(first, len(first))) == []


@pytest.mark.parametrize("agree", [0.0, 0.3, 0.6, 0.8, 0.9])
@pytest.mark.parametrize(("n", "dimensions", "levels"), [(30, 5, 4), (30, 1, 4), (30, 1, 2), (12, 2, 2), (100, 3, 2)])
def test_honest_labels_raise_no_alarm(agree, n, dimensions, levels):
    for seed in range(60):
        chance = random.Random(f"{seed} {agree} {n} {dimensions} {levels}")
        first = table(chance, n, dimensions, levels)
        assert found(first, honest(chance, first, agree, levels)) == []


def test_even_people_who_nearly_always_agree_are_no_shuffle():
    for seed in range(60):
        chance = random.Random(seed)
        first = table(chance)
        assert not any("another order" in sentence for sentence in found(first, honest(chance, first, 0.97)))


def test_raters_who_share_no_draft_and_one_alone_are_not_compared():
    first = rows("ana", table(random.Random(7)))
    assert warning_signs(first) == []
    assert warning_signs(first + [row._replace(unit=f"x{row.unit}", annotator="ben") for row in first]) == []
