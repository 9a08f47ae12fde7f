"""Drawing a few of many: every few as likely as any others, and the same ones each time."""

from collections import Counter
from itertools import islice, permutations

from touchstone.data.drawing import in_random_order


def test_each_place_comes_once_and_a_longer_sample_begins_with_a_shorter():
    whole = list(in_random_order(40, "a"))
    assert sorted(whole) == list(range(40)) and whole != list(range(40))
    assert list(islice(in_random_order(40, "a"), 7)) == whole[:7]
    assert list(in_random_order(40, "b")) != whole
    assert list(in_random_order(0, "a")) == []


def test_every_order_is_as_likely_as_any_other():
    number = 6_000
    found = Counter(tuple(in_random_order(3, f"seed {each}")) for each in range(number))
    assert set(found) == set(permutations(range(3)))
    expected = number / 6
    assert sum((each - expected) ** 2 / expected for each in found.values()) < 20.5, "chi-squared of 5 degrees, one in a thousand"
