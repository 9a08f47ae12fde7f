"""Sampling and sharing out."""

from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from touchstone.data.assignment import another_order, assign, sample

DRAFTS = [f"d{number:03}" for number in range(60)]


def _groups(assignments):
    groups = {}
    for each in assignments:
        if not each.is_practice:
            groups.setdefault(each.draft, []).append(each.annotator)
    return groups


def test_by_default_every_draft_goes_to_everyone_in_an_order_of_their_own():
    made = assign(DRAFTS, ["ana", "ben"], seed=7)
    orders = {who: [each.draft for each in made if each.annotator == who] for who in ("ana", "ben")}
    assert sorted(orders["ana"]) == sorted(orders["ben"]) == DRAFTS
    assert orders["ana"] != orders["ben"] != DRAFTS


def test_the_same_seed_gives_the_same_shares_whatever_order_the_drafts_came_in():
    forward = assign(DRAFTS, ["ana", "ben", "cleo"], seed=7, per_draft=2)
    assert forward == assign(DRAFTS[::-1], ["cleo", "ben", "ana"], seed=7, per_draft=2)
    assert forward != assign(DRAFTS, ["ana", "ben", "cleo"], seed=8, per_draft=2)


@given(st.integers(2, 25), st.integers(0, 150), st.integers(0, 9))
def test_two_of_a_pool_balances_pairs_and_loads(pool, number, seed):
    annotators = [f"p{each}" for each in range(pool)]
    made = assign([f"d{each}" for each in range(number)], annotators, seed, per_draft=2)
    pairs = Counter({pair: 0 for pair in combinations(sorted(annotators), 2)})
    pairs.update(tuple(sorted(group)) for group in _groups(made).values())
    loads = Counter({annotator: 0 for annotator in annotators})
    loads.update(each.annotator for each in made)
    assert max(pairs.values()) - min(pairs.values()) <= 1
    assert max(loads.values()) - min(loads.values()) <= (1 if pool % 2 == 0 else 2)


def test_three_of_a_pool_keeps_loads_even_and_every_draft_three_times():
    made = assign(DRAFTS, ["a", "b", "c", "d", "e"], seed=1, per_draft=3)
    assert {len(set(group)) for group in _groups(made).values()} == {3}
    assert set(Counter(each.annotator for each in made).values()) == {36}


@given(st.floats(0, 1), st.integers(2, 7))
def test_with_an_overlap_every_draft_is_labelled_once_and_the_share_twice(share, pool):
    annotators = [f"p{each}" for each in range(pool)]
    groups = _groups(assign(DRAFTS, annotators, seed=3, overlap=share))
    assert Counter(len(group) for group in groups.values())[2] == round(share * len(DRAFTS))
    assert sorted(groups) == DRAFTS
    loads = Counter(who for group in groups.values() for who in group)
    assert max(loads.values()) - min(loads.values()) <= 2


def test_practice_comes_first_and_to_everyone():
    made = assign(DRAFTS[3:], ["ana", "ben"], seed=7, practice=DRAFTS[:3])
    for who in ("ana", "ben"):
        first = [each.draft for each in made if each.annotator == who and each.is_practice]
        assert sorted(first) == DRAFTS[:3]
        assert [each.position for each in made if each.annotator == who] == list(range(1, 61))


def test_a_sample_is_stratified_in_proportion_and_seeded():
    strata = {draft: "easy" if place < 40 else "hard" for place, draft in enumerate(DRAFTS)}
    drawn = sample(strata, 30, seed=7)
    assert Counter(strata[draft] for draft in drawn) == {"easy": 20, "hard": 10}
    assert drawn == sample(dict(reversed(strata.items())), 30, seed=7) != sample(strata, 30, seed=8)


@given(st.lists(st.integers(0, 6), min_size=1, max_size=80), st.data())
def test_a_sample_has_the_asked_size_and_no_stratum_is_off_by_one_or_more(strata_of, data):
    strata = {f"d{place:02}": stratum for place, stratum in enumerate(strata_of)}
    size = data.draw(st.integers(0, len(strata)))
    drawn = sample(strata, size, seed=1)
    assert len(set(drawn)) == size
    taken = Counter(strata[draft] for draft in drawn)
    for stratum, there in Counter(strata_of).items():
        assert abs(taken[stratum] - size * there / len(strata)) < 1


def test_what_cannot_be_shared_out_is_refused_with_its_numbers():
    with pytest.raises(ValueError, match="3 annotators a draft are asked for and the pool has 2"):
        assign(DRAFTS, ["ana", "ben"], seed=7, per_draft=3)
    with pytest.raises(ValueError, match="share from 0 to 1, not 1.2"):
        assign(DRAFTS, ["ana", "ben"], seed=7, overlap=1.2)
    with pytest.raises(ValueError, match="a second label needs a second annotator"):
        assign(DRAFTS, ["ana"], seed=7, overlap=0.2)
    with pytest.raises(ValueError, match="61 drafts are asked for and there are 60"):
        sample(dict.fromkeys(DRAFTS, ""), 61, seed=7)


def test_the_same_drafts_come_in_another_order_for_every_seed():
    for size in (2, 3, 7):
        before = [f"d{number}" for number in range(size)]
        for seed in range(50):
            placed = another_order(before, seed)
            assert placed != before and sorted(placed) == before
            assert placed == another_order(before, seed)


def test_one_draft_or_none_has_no_other_order():
    assert (another_order(["d1"], 7), another_order([], 7)) == (["d1"], [])
