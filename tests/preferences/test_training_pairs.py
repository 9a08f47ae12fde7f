"""Pairs to train on: exact bounds, no identical sides, no contradiction, groups whole, layout tried."""

import json
from collections import Counter
from fractions import Fraction

import pytest

from tests.support.shared_input import SHARED
from touchstone.errors import Refused
from touchstone.preferences import training_pairs as pairs
from touchstone.preferences.choices import PairOfDrafts, Preferences, SideChoice
from touchstone.preferences.layout_only import MOST, layout_accuracy
from touchstone.preferences.training_pairs import DraftOfPair, TrainingPair, pairs_from_scores, score_of, share_in, sorted_out
from touchstone.rubric.reading import read_rubric

SEED_PAIRS = SHARED / "seed" / "preference_pairs_v3.jsonl"


def scored(
    name: str, score, *, task: str = "t1", text: str = "", group: str = "", partition: str | None = None, prompt: str = ""
):
    share = None if score is None else Fraction(str(score))
    return DraftOfPair(name, task, group or task, partition, prompt or f"prompt of {task}", text or f"text of {name}", share)


def sides_of(made: pairs.MadePairs) -> list[tuple[str, str]]:
    return [(pair.chosen.draft, pair.rejected.draft) for pair in made.every]


def test_a_difference_of_just_the_bound_is_one_and_a_smaller_one_is_counted():
    """.3 and .1 are .2 apart, which binary fractions miss: .3 - .1 < .2 there."""
    made = pairs_from_scores([scored("low", ".1"), scored("high", ".3"), scored("between", ".25")])
    assert sides_of(made) == [("high", "low")] and made.left_out == {pairs.TOO_CLOSE: 2}
    assert made.pairs.keys() == {"train"}


def test_a_chosen_draft_at_or_over_the_line_is_marked_excellent():
    made = pairs_from_scores([scored("low", ".1"), scored("fine", ".6"), scored("best", ".9")])
    assert {(pair.chosen.draft, pair.tier) for pair in made.every} == {("best", pairs.EXCELLENT), ("fine", pairs.DIFFERENCE)}
    assert made.every[0].as_json()["difference"] == 0.3


def test_identical_sides_repeated_texts_and_contradictions_are_left_out_and_counted():
    same = pairs_from_scores([scored("a", ".9", text="One  text.\n"), scored("b", ".1", text="One text.")])
    assert same.every == [] and same.left_out == {pairs.SAME_TEXT: 1}
    again = pairs_from_scores([scored("a", ".9", text="A"), scored("b", ".8", text="A"), scored("c", ".1", text="C")])
    assert sides_of(again) == [("a", "c")] and again.left_out == {pairs.AGAIN: 1, pairs.TOO_CLOSE: 1}
    torn = pairs_from_scores([scored("a", ".9", text="A"), scored("b", ".5", text="B"), scored("c", ".1", text="A")])
    assert torn.every == [] and torn.left_out == {pairs.CONTRADICTED: 2, pairs.SAME_TEXT: 1}


def test_drafts_of_different_tasks_are_no_pair_and_one_without_a_score_is_counted():
    made = pairs_from_scores([scored("a", ".9"), scored("b", ".1", task="t2"), scored("c", None)])
    assert made.every == [] and made.left_out == {pairs.NO_SCORE: 1}


def test_of_a_compared_pair_the_draft_that_more_annotators_take_is_chosen():
    """p1: two of three take y. p2: one each, and a tie, so 0 apart. p3: one of two, the other ties, so 1/2."""
    told = {"p1": ["b", "b", "a"], "p2": ["a", "b", "tie"], "p3": ["a", "tie"]}
    of = {key: PairOfDrafts(key, f"t{key}", f"{key}x", f"{key}y") for key in told}
    sides = {"a": "left", "b": "right", "tie": "tie"}
    choices = [SideChoice(key, f"who{n}", f"{key}x", sides[level]) for key, own in told.items() for n, level in enumerate(own)]
    choices.append(SideChoice("p2", "who0", "p2y", "right", True))
    drafts = {name: scored(name, None, task=f"t{name[:2]}") for key in told for name in (f"{key}x", f"{key}y")}
    made = pairs.pairs_from_choices(drafts, Preferences(of, tuple(choices)), bound=Fraction(1, 3))
    assert sides_of(made) == [("p1y", "p1x"), ("p3x", "p3y")] and made.left_out == {pairs.UNDECIDED: 1}
    assert [(pair.difference, pair.tier) for pair in made.every] == [(Fraction(1, 3), "compared"), (Fraction(1, 2), "compared")]


def two(task: str, **more) -> list[DraftOfPair]:
    return [scored(f"{task}-a", ".9", task=task, **more), scored(f"{task}-b", ".1", task=task, **more)]


def test_pairs_go_to_the_partition_of_their_task_and_held_out_stays():
    drafts = [*two("t1", partition="train"), *two("t2", partition="dev"), *two("t3", partition="held_out")]
    made = pairs_from_scores(drafts)
    assert {name: len(own) for name, own in made.pairs.items()} == {"dev": 1, "train": 1}
    assert made.left_out == {pairs.KEPT_OUT: 1}
    assert list(pairs_from_scores(drafts, partitions=["held_out"]).pairs) == ["held_out"]


@pytest.mark.parametrize("shared", [{"group": "same trace"}, {"prompt": "the same words"}])
def test_no_task_is_on_both_sides_of_a_split_by_its_cluster_or_its_prompt(shared):
    made = pairs_from_scores([*two("t1", partition="train", **shared), *two("t2", partition="dev", **shared)])
    assert made.every == [] and made.left_out == {pairs.SPLIT: 2}
    free = pairs_from_scores([*two("t1", partition="dev", **shared), *two("t2", **shared)])
    assert {name: len(own) for name, own in free.pairs.items()} == {"dev": 2}, "it goes where its group is"


def test_groups_joined_by_a_third_are_one():
    """t1 and t2 share a cluster, t2 and t3 a prompt: none of them may be parted from another."""
    drafts = [
        *two("t1", partition="train", group="c"),
        *two("t2", group="c", prompt="p"),
        *two("t3", partition="dev", prompt="p"),
    ]
    assert pairs_from_scores(drafts).left_out == {pairs.SPLIT: 3}


def test_a_share_of_the_groups_goes_to_dev_whole_and_the_same_ones_each_time():
    drafts = [draft for n in range(40) for draft in two(f"t{n}", group=f"c{n // 2}")]
    made = pairs_from_scores(drafts, dev=Fraction(1, 4))
    groups = {name: {pair.chosen.group for pair in own} for name, own in made.pairs.items()}
    assert not groups["dev"] & groups["train"] and len(made.pairs["dev"]) == 10
    assert made == pairs_from_scores(list(reversed(drafts)), dev=Fraction(1, 4))


def test_a_score_is_the_weighted_mean_of_places_exactly():
    rubric = read_rubric("rubric_versions/tenacious-v1.yml")
    own = {dimension.key: dimension.values[-1] for dimension in rubric.dimensions}
    assert score_of(own, rubric.dimensions) == 1
    first = rubric.dimensions[0]
    own[first.key] = first.values[0]
    weights = [Fraction(str(dimension.weight)) for dimension in rubric.dimensions]
    assert score_of(own, rubric.dimensions) == 1 - weights[0] / sum(weights)
    assert score_of({}, rubric.dimensions) is None and score_of(own, rubric.dimensions[:1]) == 0


@pytest.mark.parametrize("typed", ["0", "1.1", "-.2", "a", "", "1/0", "1e9", "nan", "9" * 50])
def test_a_bound_that_is_no_share_is_refused(typed):
    with pytest.raises(Refused, match="bound is over 0 and at most 1"):
        share_in(typed, "bound")
    assert share_in(" .2 ", "bound") == Fraction(1, 5)


def made_of(texts: list[tuple[str, str]]) -> list[TrainingPair]:
    return [
        TrainingPair(
            scored(f"{n}a", 1, task=f"t{n}", text=one), scored(f"{n}b", 0, task=f"t{n}", text=other), Fraction(1), "difference"
        )
        for n, (one, other) in enumerate(texts)
    ]


def test_layout_that_gives_the_chosen_side_away_is_seen_and_layout_that_does_not_is_not():
    lists = made_of([(f"- one {n}\n- two\n- three " + "more " * n, f"One {n} " + "more " * n) for n in range(30)])
    assert layout_accuracy(lists).value > 0.95 > MOST
    mixed = made_of([("short", "a longer text " * n) if n % 2 else ("a longer text " * n, "short") for n in range(2, 42)])
    assert layout_accuracy(mixed).low < 0.6
    few = layout_accuracy(lists[:19])
    assert few.value is None and "fewer than 20 pairs" in few.reason


@pytest.mark.skipif(not SEED_PAIRS.is_file(), reason=f"there are no pairs at {SEED_PAIRS}")
def test_of_published_pairs_the_identical_ones_are_left_out_and_layout_tells_nearly_all_others():
    made, drafts = [], []
    for number, line in enumerate(SEED_PAIRS.read_text("utf-8").splitlines()):
        row = json.loads(line)
        own = [
            scored(f"{number}{side}", row[side]["final_score"], task=row["task_id"], text=row[side]["output"])
            for side in ("chosen", "rejected")
        ]
        drafts += own
        made.append(TrainingPair(*own, own[0].score - own[1].score, "difference"))
    found = sorted_out(made, drafts, Counter())
    assert len(made) == 69 and found.left_out[pairs.SAME_TEXT] == 8
    assert layout_accuracy(found.every).value > 0.95
