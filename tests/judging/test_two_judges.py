"""An older judge against a newer one on the same units: figures against sklearn and a plain bootstrap, and what changed."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from tests.judging.labels_for_judging import LEVELS, crowd
from touchstone.judging.held import hold
from touchstone.judging.two_judges import distances, two_judges

UNITS = 240


def two(miss_old: float, miss_new: float, people: int = 3, scale: str = "ordinal"):
    """The newer judge held against people, and the older one's places."""
    new, given, clusters = crowd(UNITS, people, judge_miss=miss_new, seed=3)
    old = crowd(UNITS, people, judge_miss=miss_old, seed=3)[0]
    held = hold(new, given, LEVELS, cluster_of=clusters, scale=scale)
    return held, np.array([old[unit] for unit in held.units]), given


def test_one_persons_labels_give_the_kappas_of_sklearn_and_a_plain_bootstraps_interval():
    held, old, given = two(0.4, 0.1, people=1)
    person = [given["p0"][unit] for unit in held.units]
    made = two_judges(held, old)
    assert made.new.value == pytest.approx(cohen_kappa_score(held.judge, person))
    assert made.old.value == pytest.approx(cohen_kappa_score(old, person))
    assert made.difference.value == pytest.approx(made.new.value - made.old.value)
    rng, drawn, levels = np.random.default_rng(1), [], np.array(person)
    clusters = [np.flatnonzero(held.cluster == each) for each in range(held.cluster.max() + 1)]
    for _ in range(400):
        at = np.concatenate([clusters[each] for each in rng.integers(0, len(clusters), len(clusters))])
        drawn.append(cohen_kappa_score(held.judge[at], levels[at]) - cohen_kappa_score(old[at], levels[at]))
    low, high = np.quantile(drawn, [0.025, 0.975])
    assert (made.difference.low, made.difference.high) == pytest.approx((low, high), abs=0.035)
    assert made.difference.low > 0


def test_a_paired_interval_is_narrower_than_two_that_know_nothing_of_each_other():
    held, _, _ = two(0.25, 0.2)
    old = np.where(np.arange(UNITS) % 10 == 0, 3 - held.judge, held.judge)  # alike but for each tenth unit
    made = two_judges(held, old)
    alone = np.hypot(made.new.high - made.new.low, made.old.high - made.old.low)
    assert 0 < made.difference.high - made.difference.low < 0.9 * alone
    changed = replace(held, judge=old)
    back = two_judges(changed, held.judge)
    assert back.difference.value == pytest.approx(-made.difference.value) and (back.mended, back.spoiled) == (
        made.spoiled,
        made.mended,
    )


def test_a_judge_against_itself_differs_by_nothing_and_what_is_undefined_is_said():
    held, _, _ = two(0.2, 0.2)
    same = two_judges(held, held.judge)
    assert same.difference.ends == (0.0, 0.0, 0.0) and (same.differ, same.mended, same.spoiled) == (0, 0, 0)
    one = hold({"a": 2, "b": 2}, {"p": {"a": 2, "b": 2}}, LEVELS)
    assert two_judges(one, one.judge).difference.reason == "single level"
    none = hold({}, {"p": {"a": 2}}, LEVELS)
    assert (two_judges(none, none.judge).n, two_judges(none, none.judge).new.reason) == (0, "no data")


def test_nearer_is_counted_in_levels_from_the_nearest_mode_and_by_being_right_on_a_nominal_scale():
    given = {"p": {"a": 0, "b": 3, "c": 1}, "q": {"a": 0, "b": 3, "c": 3}}
    held = hold({"a": 1, "b": 0, "c": 2}, given, LEVELS)
    assert distances(held, held.judge).tolist() == [1, 3, 1]
    made = two_judges(held, np.array([3, 3, 1]))
    assert (made.differ, made.mended, made.spoiled) == (3, 1, 2)
    nominal = hold({"a": 1, "b": 0, "c": 2}, given, LEVELS, scale="nominal")
    assert distances(nominal, nominal.judge).tolist() == [1, 1, 1] and two_judges(nominal, np.array([3, 3, 1])).mended == 0
