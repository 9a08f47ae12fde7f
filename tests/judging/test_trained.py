"""The default trained judge and the controls: what they learn, and what they never see."""

import builtins

import numpy as np
import pytest

from tests.judging.labels_for_judging import LEVELS, crowd
from touchstone.errors import Refused
from touchstone.judging.controls import controls_of, layout_of, length_of
from touchstone.judging.held import hold
from touchstone.judging.ordinal_head import folds, out_of_fold, train, words_of

WORDS = ("awful", "poor", "fine", "superb")


def texts_and_counts(number: int = 120):
    judge, people, clusters = crowd(number, 3, judge_miss=0)
    texts = {unit: f"It is {WORDS[level]}, no. {at}." for at, (unit, level) in enumerate(judge.items())}
    return judge, people, clusters, texts, hold(judge, people, LEVELS, cluster_of=clusters)


def test_a_head_learns_words_and_its_probabilities_are_of_the_levels_in_their_order():
    judge, _, _, texts, held = texts_and_counts()
    head = train([texts[unit] for unit in held.units], held.counts)
    given = head.gives([f"It is {word}." for word in WORDS] + ["", "Nothing it knows"])
    assert given.levels[:4].tolist() == [0, 1, 2, 3]
    assert given.probabilities.sum(axis=1) == pytest.approx(1) and (given.probabilities >= 0).all()
    over = 1 - np.cumsum(given.probabilities, axis=1)[:, :-1]
    assert (given.levels == (over >= 0.5).sum(axis=1)).all(), "the level given is the median"
    nominal = train([texts[unit] for unit in held.units], held.counts, scale="nominal").gives([f"{WORDS[3]}"])
    assert nominal.levels.tolist() == [3] and nominal.probabilities.sum() == pytest.approx(1)


def test_the_digest_names_what_it_was_trained_on():
    _, _, _, texts, held = texts_and_counts(30)
    own = [texts[unit] for unit in held.units]
    one, again = (train(own, held.counts).digest for _ in range(2))
    other = train([own[0] + "!", *own[1:]], held.counts).digest
    fewer = train(own, np.maximum(held.counts, 1)).digest
    assert one == again and len({one, other, fewer}) == 3
    with pytest.raises(Refused, match="label 20 or more"):
        train(own[:19], held.counts[:19])


def test_where_all_labels_are_on_one_side_there_is_nothing_to_learn_and_no_fault():
    texts = [f"text {at}" for at in range(20)]
    counts = np.tile([0, 3, 0, 0.0], (20, 1))
    for scale in ("ordinal", "nominal"):
        given = train(texts, counts, scale=scale).gives(texts)
        assert set(given.levels.tolist()) == {1} and given.probabilities[:, 1] == pytest.approx(1)


def test_a_cluster_is_in_one_fold_and_folds_are_of_one_size():
    clusters = [f"t{at // 4}" for at in range(200)]
    fold = folds(clusters)
    assert all(len({f for f, c in zip(fold, clusters, strict=True) if c == each}) == 1 for each in set(clusters))
    assert np.bincount(fold).tolist() == [40] * 5 and (folds(clusters) == fold).all()


def test_what_is_told_of_a_text_is_told_without_its_own_labels():
    """Each task has a word of its own, that says all of its level and nothing of another's: out of fold nobody knows it."""
    rng = np.random.default_rng(1)
    level = rng.integers(0, 2, 80)
    texts = [f"secret{at} word" for at in range(80) for _ in range(2)]
    counts = np.eye(2)[np.repeat(level, 2)]
    fold = folds([str(at) for at in range(80) for _ in range(2)])
    known = train(texts, counts).gives(texts).levels
    assert (known == np.repeat(level, 2)).mean() > 0.95
    told = out_of_fold(texts, counts, fold).levels
    assert (told == np.repeat(level, 2)).mean() < 0.75


def test_words_are_runs_of_letters_and_each_other_mark():
    assert words_of("Não! It's  4.5\n") == ["não", "!", "it", "'", "s", "4", ".", "5"] and words_of("") == []


def test_controls_see_length_and_layout_and_not_a_word():
    judge, people, clusters, texts, held = texts_and_counts()
    blind = controls_of(held, texts)
    kinds = {name + kind for name in ("length", "layout") for kind in ("", " bent", " of the judge")}
    assert set(blind.levels) == kinds and all(len(each) == len(held.units) for each in blind.levels.values())
    assert blind.untried is None
    longer = {unit: "x " * (1 + 10 * level) for unit, level in judge.items()}
    assert (controls_of(held, longer).levels["length"] == held.judge).mean() > 0.8
    assert controls_of(held, {}).untried.why == "texts are missing, 120 of 120"
    few = controls_of(hold(dict([*judge.items()][:39]), people, LEVELS), texts)
    assert few == ({}, ("39 units are too few to try whether length or layout do as well, that needs 40", 1, ""))
    falling = hold(judge, people, LEVELS[::-1], cluster_of=clusters)
    named = [LEVELS[::-1][place] for place in controls_of(falling, longer).levels["length"]]
    assert np.mean([level == judge[unit] for level, unit in zip(named, falling.units, strict=True)]) > 0.8
    assert length_of([]).shape == (0, 2) and layout_of(["", "- one\n\n2. two!"]).shape == (2, 12)


def test_without_scikit_learn_there_is_a_sentence_and_no_control(monkeypatch):
    _, _, _, texts, held = texts_and_counts(60)
    real = builtins.__import__

    def without(name, *rest):
        if name.startswith("sklearn"):
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(Refused, match=r"install touchstone\[judging\]"):
        train([texts[unit] for unit in held.units], held.counts)
    assert "scikit-learn is not installed" in controls_of(held, texts).untried.why
