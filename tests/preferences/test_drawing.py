"""Pairs drawn within a task; sides balanced for each annotator; repeats hidden among them with their sides swapped."""

from collections import Counter

import pytest

from touchstone.errors import Refused
from touchstone.preferences.drawing import draw_pairs, repeats_of, shown_to

TEXTS = {f"t{task}": {f"t{task}-d{n}": f"text {task} {n}" for n in range(5)} for task in range(9)}
PAIRS = draw_pairs(TEXTS, 3, 7)


def test_pairs_are_of_one_task_and_of_different_texts():
    texts = {"t1": {"x": "Same.", "y": "Same. ", "z": "Other."}, "t2": {"only": "One."}}
    assert {(pair.a, pair.b) for pair in draw_pairs(texts, None, 1)} == {("x", "z"), ("y", "z")}


def test_as_many_pairs_are_drawn_as_asked_and_no_draft_is_in_many_while_another_is_in_none():
    assert Counter(pair.task for pair in PAIRS) == dict.fromkeys(TEXTS, 3)
    times = Counter(draft for pair in PAIRS for draft in (pair.a, pair.b))
    assert set(times) == {draft for drafts in TEXTS.values() for draft in drafts} and max(times.values()) == 2


def test_a_seed_draws_the_same_pairs_and_another_seed_others():
    assert draw_pairs(TEXTS, 3, 7) == PAIRS != draw_pairs(TEXTS, 3, 8)
    with pytest.raises(Refused, match="no pair can be drawn with 0"):
        draw_pairs(TEXTS, 0, 7)


@pytest.mark.parametrize("seed", range(8))
def test_sides_are_balanced_for_each_annotator_to_one(seed):
    for name in ("ana", "ben", "cleo"):
        shown = shown_to(name, PAIRS, seed)
        first = [each for each in shown if not each.is_repeat]
        assert abs(sum(each.is_swapped for each in first) * 2 - len(first)) <= 1
        again = [each for each in shown if each.is_repeat]
        assert abs(sum(each.is_swapped for each in again) * 2 - len(again)) <= 1
        assert Counter(each.pair for each in first) == dict.fromkeys(PAIRS, 1)


def test_annotators_see_other_sides_in_another_order_and_each_the_same_again():
    ana, ben = shown_to("ana", PAIRS, 7), shown_to("ben", PAIRS, 7)
    assert ana == shown_to("ana", PAIRS, 7)
    assert [each.pair for each in ana] != [each.pair for each in ben]
    sides = [{each.pair: each.is_swapped for each in shown if not each.is_repeat} for shown in (ana, ben)]
    assert 0 < sum(sides[0][pair] == sides[1][pair] for pair in PAIRS) < len(PAIRS)


@pytest.mark.parametrize("pairs", [0, 9, 10, 13, 27, 60, 200, 1001])
@pytest.mark.parametrize("share", [0.05, 0.08, 0.10])
def test_between_a_twentieth_and_a_tenth_come_twice(pairs, share):
    number = repeats_of(pairs, share)
    assert number == 0 if pairs < 10 else pairs / 20 <= number <= pairs / 10


def test_a_share_outside_is_refused():
    with pytest.raises(Refused, match="outside .05 to .10"):
        repeats_of(100, 0.2)


def test_a_repeat_is_swapped_and_comes_well_after_the_first_time():
    texts = {f"t{task}": {"a": f"one {task}", "b": f"two {task}"} for task in range(100)}
    pairs = draw_pairs(texts, None, 3)
    shown = shown_to("ana", pairs, 3)
    assert [each.place for each in shown] == list(range(108))
    first = {each.pair: each for each in shown if not each.is_repeat}
    again = [each for each in shown if each.is_repeat]
    assert len(again) == 8
    for each in again:
        assert each.is_swapped != first[each.pair].is_swapped and each.left == first[each.pair].right
        assert first[each.pair].place < 50 < each.place
