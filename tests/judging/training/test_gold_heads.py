"""A head trained on gold: its words are scikit-learn's, its probabilities hold, it is kept as numbers; no head is refused."""

import json
from dataclasses import replace

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from tests.judging.labels_for_judging import LEVELS, crowd
from touchstone.errors import Refused
from touchstone.judging.held import hold
from touchstone.judging.ordinal_head import folds, words_of
from touchstone.judging.report import judge_report
from touchstone.judging.training.gold_head import Readings, passing_of, platt, train_on_gold
from touchstone.judging.training.kept_head import MAGIC, head_bytes, head_from
from touchstone.judging.training.learning_curve import extrapolated, learning_curve, sizes_up_to
from touchstone.judging.training.readiness import missing_of
from touchstone.judging.training.word_weights import word_weights

WORDS = ("awful", "poor", "fine", "superb")


@pytest.fixture(scope="module")
def world():
    """240 drafts of 80 tasks, three people; half the drafts tell their level in a word, half only in what the scorer finds."""
    judge, people, clusters = crowd(240, 3, miss=0.15, judge_miss=0)
    held = hold(judge, people, LEVELS, cluster_of=clusters)
    texts = [f"It is {WORDS[judge[unit]] if at % 2 else 'so'}, no. {at}." for at, unit in enumerate(held.units)]
    found = np.array([[0.0, float(judge[unit])] if at % 2 == 0 else [1.0, 0.0] for at, unit in enumerate(held.units)])
    fold = folds(held.cluster)
    return held, Readings(texts, found), fold, train_on_gold(Readings(texts, found), ("a", "b"), held.counts, fold, "ordinal")


def test_words_weigh_as_in_scikit_learn_and_no_word_is_kept():
    texts = ["The cat sat, the cat ran.", "A dog sat", "", "Cats? the the the", "ünïcode \ud800 x"]
    own = word_weights(texts)
    theirs = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=None, tokenizer=words_of, lowercase=False).fit(
        texts[:4]
    )
    rows = word_weights(texts[:4]).rows(texts).toarray()
    expected = theirs.transform(texts).toarray()
    assert rows.shape == expected.shape
    assert np.sort(rows, axis=1) == pytest.approx(np.sort(expected, axis=1), abs=1e-12), "the same weights, in another order"
    assert (rows @ rows.T) == pytest.approx(expected @ expected.T, abs=1e-12)
    assert (np.diff(own.terms.astype(object)) > 0).all() and own.terms.dtype == np.uint64


def test_it_learns_from_words_and_from_findings_and_no_draft_has_a_part_in_its_own(world):
    held, readings, fold, made = world
    right = made.held_out.levels == held.modes.argmax(axis=1)
    assert right[::2].mean() > 0.8 and right[1::2].mean() > 0.8, "by findings, by words"
    blind = train_on_gold(readings._replace(findings=np.zeros((240, 0))), (), held.counts, fold, "ordinal").held_out.levels
    assert (blind == held.modes.argmax(axis=1))[::2].mean() < 0.6
    alike = readings._replace(findings=np.hstack([readings.findings, np.full((240, 1), 2 / 3)]))
    same = train_on_gold(alike, ("a", "b", "c"), held.counts, fold, "ordinal")
    assert same.scores == pytest.approx(made.scores, abs=1e-4), "what is alike in all drafts tells nothing"
    counts = held.counts.copy()
    inside = fold == 0
    counts[inside] = counts[inside][:, ::-1]  # other labels of one fold alone
    other = train_on_gold(readings, ("a", "b"), counts, fold, "ordinal")
    assert (other.scores[inside] == made.scores[inside]).all() and (other.scores[~inside] != made.scores[~inside]).any()


def test_probabilities_are_of_the_levels_and_hold(world):
    held, readings, _, made = world
    given = made.held_out
    assert given.probabilities.sum(axis=1) == pytest.approx(1) and (given.probabilities >= 0).all()
    passing = passing_of(given, [False, False, True, True])
    passes = held.counts[:, 2:].sum(axis=1) > held.counts[:, :2].sum(axis=1)
    for low, high in ((0, 0.5), (0.5, 1.01)):
        own = (passing >= low) & (passing < high)
        assert abs(passing[own].mean() - passes[own].mean()) < 0.1
    nominal = train_on_gold(readings, ("a", "b"), held.counts, world[2], "nominal").held_out
    assert nominal.probabilities.sum(axis=1) == pytest.approx(1) and nominal.probabilities.shape == (240, 4)
    assert (nominal.levels == held.modes.argmax(axis=1)).mean() > 0.7


def test_platt_is_the_likeliest_sigmoid_and_ends_where_all_is_parted():
    rng = np.random.default_rng(3)
    z = rng.normal(size=400)
    hit = (rng.random(400) < 1 / (1 + np.exp(-(1.7 * z - 0.4)))).astype(float)
    a, b = platt(z, hit)
    by_sklearn = LogisticRegression(C=1e9).fit(z[:, None], hit)
    assert (a, b) == (pytest.approx(by_sklearn.coef_[0, 0], abs=0.05), pytest.approx(by_sklearn.intercept_[0], abs=0.05))
    a, b = platt(z, (z > 0).astype(float))
    assert np.isfinite([a, b]).all() and a > 5
    a, b = platt(z, (z < 0).astype(float))
    assert a == 0 and 1 / (1 + np.exp(-b)) == pytest.approx((z < 0).mean(), abs=0.01), "a head the wrong way says the share"
    assert platt(np.zeros(30), np.ones(30))[1] > 2


def test_a_head_is_kept_as_numbers_and_comes_back_the_same(world):
    _, readings, _, made = world
    kept = head_bytes(made.head)
    again = head_from(kept)
    assert head_bytes(again) == kept and (again.findings, again.scale, again.q) == (("a", "b"), "ordinal", 4)
    assert (again.gives(readings).probabilities == made.head.gives(readings).probabilities).all()
    assert not any(word.encode() in kept for word in (*WORDS, "no", "It is")), "no word of a draft"
    vectors = np.random.default_rng(0).normal(size=(240, 384))
    by_meaning = train_on_gold(readings._replace(vectors=vectors), ("a", "b"), world[0].counts, world[2], "ordinal").head
    assert by_meaning.words is None and head_bytes(head_from(head_bytes(by_meaning))) == head_bytes(by_meaning)


def changed(kept: bytes, **said) -> bytes:
    head, rest = kept[len(MAGIC) :].split(b"\n", 1)
    return MAGIC + json.dumps({**json.loads(head), **said}).encode() + b"\n" + rest


def test_what_is_no_head_is_refused_in_words_and_never_run(world):
    kept = head_bytes(world[3].head)
    nan = replace(world[3].head, offsets=np.full(3, np.nan))
    falling = replace(world[3].head, words=replace(world[3].head.words, terms=world[3].head.words.terms[::-1]))
    for wrong in (
        b"",
        b"\x80\x04cos\nsystem\n.",
        MAGIC,
        MAGIC + b"[" * 100_000 + b"\n",
        kept[:-1],
        kept + b"\0",
        changed(kept, q=5),
        changed(kept, q=True),
        changed(kept, terms=-1),
        changed(kept, terms=10**15),
        changed(kept, findings="ab"),
        changed(kept, reads="meaning"),
        changed(kept, scale="interval"),
        head_bytes(nan),
        head_bytes(falling),
    ):
        with pytest.raises(Refused, match="are no trained judge"):
            head_from(wrong)


def test_a_curve_has_a_figure_for_each_size_and_ends_where_the_judge_stands(world, monkeypatch):
    held, readings, fold, made = world
    assert sizes_up_to(192) == [100, 192] and sizes_up_to(900) == [100, 200, 400, 900] and sizes_up_to(80) == [80]
    few = learning_curve(held, readings, np.arange(4), fold, made.scores)
    assert [each.drafts for each in few.points] == [192] and few.twice.value is None
    assert few.sentence.startswith("What twice the gold would bring cannot be said: it takes heads of 3 sizes")
    monkeypatch.setattr("touchstone.judging.training.learning_curve.SMALLEST", 24)
    said = []
    made_of_four = learning_curve(held, readings, np.arange(4), fold, made.scores, said.append)
    assert [each.drafts for each in made_of_four.points] == [24, 48, 96, 192] and len(said) == 15
    kappas = [each.kappa.value for each in made_of_four.points]
    assert kappas[0] < kappas[-1] == judge_report(replace(held, judge=made.held_out.levels)).judge.value
    assert made_of_four.as_json()["twice"]["value"] == made_of_four.twice.value and made_of_four.sentence


def curve(kappas, spread=0.01, n=1000):
    sizes = np.array([100.0, 200, 400, 800][: len(kappas)])
    means = np.array(kappas)
    drawn = means + np.random.default_rng(0).normal(scale=spread, size=(2000, len(kappas)))
    return extrapolated(sizes, means, drawn, n)


def test_what_twice_the_gold_brings_is_said_with_its_interval_or_not_at_all():
    """kappa = .9 - 4 / sqrt n: from 1,000 to 2,000 it rises by 4 (1 / sqrt 1000 - 1 / sqrt 2000) = .037."""
    twice, why = curve([0.9 - 4 / n**0.5 for n in (100, 200, 400, 800)])
    assert why == "" and twice.value == pytest.approx(0.037, abs=0.001) and 0 < twice.low < twice.value < twice.high < 0.1
    flat, _ = curve([0.5, 0.5, 0.5, 0.5])
    assert flat.low < 0 < flat.high and abs(flat.value) < 0.005
    bent, why = curve([0.2, 0.4, 0.6, 0.2])
    assert bent.value is None and "does not go on as it began" in why
    loose, why = curve([0.3, 0.4, 0.5, 0.55], spread=0.4)
    assert loose.value is None and "the labels leave open anything from" in why
    assert curve([0.3, 0.4])[1].startswith("it takes heads of 3 sizes")


def test_what_is_missing_is_said_piece_by_piece(world):
    held, _, _, made = world
    report = judge_report(replace(held, judge=made.held_out.levels))
    told = [*missing_of(report, 150)]
    assert told[0] == "150 labels of people: it takes 200, so 50 more"
    assert any("controls length and layout" in each for each in told)
    constant = judge_report(replace(held, judge=np.zeros(240, dtype=np.int64)))
    assert any(each == "it may not stand in for a person: it gives one level throughout" for each in missing_of(constant, 720))
