"""Two sources joined by unit, or by task where that is plain."""

from tests.support.label_files import HOUSE
from touchstone.comparison.joining import LabelSource, join, rows_of
from touchstone.data.label import LabelRow

GIVEN = {"warmth": 1}


def side(*units: str, **task_of: str) -> LabelSource:
    return LabelSource({unit: {"warmth": place % 3} for place, unit in enumerate(units)}, task_of)


def test_units_of_one_id_are_one():
    assert join(side("a", "b", "c"), side("b", "c", "d"))[:3] == ((("b", "b"), ("c", "c")), 0, 0)


def test_what_one_side_alone_has_is_counted():
    assert join(side("a", "b", "c"), side("b", "c", "d"))[3:] == (1, 1)


def test_a_task_is_joined_to_its_only_draft_from_either_side():
    drafts, tasks = side("d1", "d2", d1="t1", d2="t2"), side("t1", "t2")
    assert join(tasks, drafts).pairs == (("t1", "d1"), ("t2", "d2"))
    assert join(drafts, tasks).pairs == (("d1", "t1"), ("d2", "t2"))
    assert join(drafts, tasks).by_task == 2


def test_a_task_with_several_drafts_is_joined_to_none_and_counted():
    found = join(side("t1"), side("d1", "d2", d1="t1", d2="t1"))
    assert (found.pairs, found.unclear, found.only_first, found.only_second) == ((), 1, 1, 2)


def test_two_drafts_of_one_task_are_two_texts_and_are_not_joined():
    assert join(side("d1", d1="t1"), side("d2", d2="t1")).pairs == ()


def test_nothing_in_common_is_no_pair():
    assert join(side(), side()) == ((), 0, 0, 0, 0)


def test_the_labels_of_joined_units_are_one_table_under_both_names():
    pairs = join(side("t1", "t2"), side("d1", "d2", d1="t1", d2="t2")).pairs
    first, second = side("t1", "t2"), side("d1", "d2")
    assert rows_of(first, second, pairs, ("A", "B"), HOUSE.dimensions[0]) == [
        LabelRow("t1", "A", "warmth", 0),
        LabelRow("t1", "B", "warmth", 0),
        LabelRow("t2", "A", "warmth", 1),
        LabelRow("t2", "B", "warmth", 1),
    ]
    assert rows_of(first, second, pairs, ("A", "B"), HOUSE.dimensions[1]) == []
