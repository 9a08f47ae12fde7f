"""The alt-test, Krippendorff replacement, pass and fail, PPI++: each against its definition, or another library."""

import krippendorff
import numpy as np
import pytest
from scipy.stats import ttest_1samp
from sklearn.metrics import brier_score_loss, f1_score, precision_score, recall_score, roc_auc_score
from statsmodels.stats.multitest import multipletests

from tests.judging.labels_for_judging import LEVELS, crowd
from touchstone.judging.alpha_tables import among_people
from touchstone.judging.alt_test import alt_test
from touchstone.judging.held import hold
from touchstone.judging.pass_fail import COVERAGES, pass_fail, risk_coverage
from touchstone.judging.population import population_mean


def by_definition(judge, people, epsilon, nominal):
    """The authors' test, unit by unit: omega and rho."""

    def score(level, others):
        if nominal:
            return np.mean([level == other for other in others])
        return -np.sqrt(np.mean([(level - other) ** 2 for other in others]))

    p, rho = [], []
    for name, own in people.items():
        others = {u: [given[u] for who, given in people.items() if who != name and u in given] for u in own}
        units = [unit for unit in own if others[unit] and unit in judge]
        if len(units) < 30:
            continue
        pairs = [(score(judge[unit], others[unit]), score(own[unit], others[unit])) for unit in units]
        p.append(ttest_1samp([(h >= f) * 1 - (f >= h) * 1 for f, h in pairs], epsilon, alternative="less").pvalue)
        rho.append(np.mean([f >= h for f, h in pairs]))
    return multipletests(p, alpha=0.05, method="fdr_by")[0].mean(), np.mean(rho)


@pytest.mark.parametrize(("scale", "judge_miss"), [("ordinal", 0.05), ("ordinal", 0.3), ("nominal", 0.1), ("nominal", 0.5)])
def test_the_alt_test_is_its_authors(scale, judge_miss):
    judge, people, clusters = crowd(150, 6, judge_miss=judge_miss, each=4)
    made = alt_test(hold(judge, people, LEVELS, scale=scale, cluster_of=clusters), 0.1, draws=100)
    omega, rho = by_definition(judge, people, 0.1, scale == "nominal")
    assert (made.omega, made.rho, made.people) == (pytest.approx(omega), pytest.approx(rho), 6)
    assert made.passes == (omega >= 0.5) and 0 <= made.power <= 1


def test_the_power_of_the_alt_test_grows_with_the_number_of_labels():
    powers = []
    for units in (33, 600):
        judge, people, clusters = crowd(units, 3)
        powers.append(alt_test(hold(judge, people, LEVELS, cluster_of=clusters), 0.15, draws=200).power)
    assert powers[0] < 0.6 < powers[1]


def test_the_alt_test_asks_for_three_people_of_thirty_labels():
    judge, people, clusters = crowd(29, 5)
    made = alt_test(hold(judge, people, LEVELS, cluster_of=clusters), 0.2)
    assert (made.passes, made.omega, made.power, made.people) == (None, None, None, 0) and "the test needs 3" in made.reason
    same = alt_test(hold(people["p0"], {name: people["p0"] for name in "abc"}, LEVELS), 0.2)
    assert same.passes is None
    judge, people, clusters = crowd(40, 1)
    alike = alt_test(hold(people["p0"], {name: people["p0"] for name in "abc"}, LEVELS), 0.2)
    assert (alike.passes, alike.omega, alike.rho, alike.power) == (True, 1.0, 1.0, 1.0), "no variation: the mean decides"


@pytest.mark.parametrize(
    ("scale", "weights", "metric"),
    [("nominal", "unweighted", "nominal"), ("ordinal", "linear", "ordinal"), ("ordinal", "quadratic", "interval")],
)
def test_replacement_is_alpha_by_krippendorffs_library(scale, weights, metric):
    judge, people, clusters = crowd(60, 4, judge_miss=0.9, each=3)
    made = among_people(hold(judge, people, LEVELS, scale=scale, weights=weights, cluster_of=clusters))
    units = sorted(judge)

    def alpha(given):
        rows = [[own.get(unit, np.nan) for unit in units] for own in given.values()]
        return krippendorff.alpha(reliability_data=rows, value_domain=list(LEVELS), level_of_measurement=metric)

    whole = alpha(people)
    replaced = [alpha({**people, who: {u: judge[u] for u in own}}) for who, own in people.items() if len(own) >= 30]
    assert made.alpha.value == pytest.approx(whole) and made.metric == metric
    assert made.replacement.value == pytest.approx(np.mean(replaced) - whole)
    assert made.replacement.low < made.replacement.value < made.replacement.high < 0


def passing_of(judge, rng):
    return {unit: float(np.clip((level + rng.normal(0, 0.8)) / 3, 0.001, 0.999)) for unit, level in judge.items()}


def test_pass_and_fail_are_scikit_learns():
    judge, people, clusters = crowd(200, 3)
    passing = passing_of(judge, np.random.default_rng(1))
    held = hold(judge, people, LEVELS, cluster_of=clusters, passing=passing)
    dev = np.arange(200) % 4 == 0
    made = pass_fail(held, 2, dev)
    passes = np.array([sum(people[who][unit] >= 2 for who in people) >= 2 for unit in held.units])
    p = np.array([passing[unit] for unit in held.units])
    assert (made.units, made.passing, made.tied) == (200, passes.sum(), 0)
    assert made.auc.value == pytest.approx(roc_auc_score(passes, p)) and made.auc.low < made.auc.value < made.auc.high
    assert made.brier.value == pytest.approx(brier_score_loss(passes, p))
    assert made.base == pytest.approx(brier_score_loss(passes, np.full(200, passes.mean())))
    bins = np.minimum((p * 10).astype(int), 9)
    ece = sum(abs(passes[bins == b].mean() - p[bins == b].mean()) * (bins == b).mean() for b in set(bins.tolist()))
    assert made.ece.value == pytest.approx(ece) and sum(each.units for each in made.bins) == 200
    assert made.risk[0] == (1.0, pytest.approx(((p >= 0.5) != passes).mean())) and len(made.risk) == len(COVERAGES)
    best = max(f1_score(~passes[dev], p[dev] <= each) for each in p[dev])
    assert f1_score(~passes[dev], p[dev] <= made.block.threshold) == pytest.approx(best)
    blocked = p[~dev] <= made.block.threshold
    assert made.block.recall.value == pytest.approx(recall_score(~passes[~dev], blocked))
    assert made.block.precision.value == pytest.approx(precision_score(~passes[~dev], blocked))


def test_levels_alone_have_an_auc_and_no_probability_and_ties_are_left_out():
    """Two people at a cut of 2: u1 is one of each, so nobody can say. Of the others u2 passes with a 3, u3 fails with a 3, u4
    fails with a 0: the level of what passes is as high as one of the two, and higher than the other: 3/4."""
    judge = {"u1": 0, "u2": 3, "u3": 3, "u4": 0}
    people = {"a": {"u1": 1, "u2": 3, "u3": 1, "u4": 1}, "b": {"u1": 2, "u2": 2, "u3": 0, "u4": 0}}
    made = pass_fail(hold(judge, people, LEVELS), 2, np.array([False, True, True, True]))
    assert (made.units, made.passing, made.tied, made.auc.value) == (3, 1, 1, 0.75)
    assert made.brier.reason == made.ece.reason == "the judge gives levels, no probabilities" and made.risk == made.bins == ()
    assert made.block.threshold == 0 and made.block.recall.reason == "no unit fails"
    one_side = pass_fail(hold(judge, {"a": dict.fromkeys(judge, 3)}, LEVELS), 2, np.array([True, False] * 2))
    assert one_side.auc.reason == "no unit fails, or none passes" and one_side.block.threshold is None
    falling = hold(judge, people, (3, 2, 1, 0))
    assert pass_fail(falling, 2, np.array([False, True, True, True])).auc.value == 0.75, "numbers may be declared falling"


def test_what_is_equally_sure_counts_in_any_order():
    risk = risk_coverage(np.array([0.9, 0.9, 0.9, 0.9]), np.array([True, True, True, False]))
    assert [each.wrong for each in risk] == [0.25] * len(risk)
    assert risk_coverage(np.zeros(0), np.zeros(0, dtype=bool)) == ()


def test_ppi_by_hand_and_never_the_judge_alone():
    """Twelve labelled units, each a cluster, Y = f + 1 but for the last: PPI++ moves the judge's mean by what it is off."""
    judge = np.array([0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2.0])
    people, alone = judge + 1, np.array([2.0, 2, 1, 2, 2, 1] * 20)
    people[-1] = 2
    at = np.arange(12)
    made = population_mean(people, judge, alone, at, 12 + np.arange(120))
    everyone = np.concatenate([judge, alone])
    part = np.cov(people, judge)[0, 1] / ((1 + 12 / 120) * everyone.var(ddof=1))
    part = min(max(part, 0), 1)
    assert made.part == pytest.approx(part)
    assert made.both.value == pytest.approx(part * alone.mean() + (people - part * judge).mean())
    variance = (people - part * judge).var() / 12 + part**2 * alone.var() / 120
    half = 1.959964 * np.sqrt(variance * 132 / 131)
    assert made.both.high - made.both.value == pytest.approx(half, rel=1e-4)
    assert made.judge == pytest.approx(everyone.mean()) and made.worth > 1
    none = population_mean(people, judge, np.zeros(0), at, np.zeros(0, dtype=np.int64))
    assert none.both.reason == "every unit of the judge has a label of people" and none.judge is None
    few = population_mean(people[:5], judge[:5], alone, at[:5], 12 + np.arange(120))
    assert few.both.value is None and few.judge is None and "12 are needed" in few.both.reason


def test_ppi_covers_the_truth_that_the_judge_alone_misses():
    rng, covered, alone = np.random.default_rng(3), 0, 0
    for _ in range(200):
        truth = rng.random(1000) < 0.6
        judge = np.where(rng.random(1000) < 0.9, truth, 1.0)  # 10 % of all are passed whatever they are
        made = population_mean(truth[:100].astype(float), judge[:100], judge[100:], np.arange(100), 100 + np.arange(900))
        covered += made.both.low <= 0.6 <= made.both.high
        alone += abs(made.judge - 0.6) <= 1.96 * np.sqrt(0.24 / 1000)  # as if a thousand labels were people's
    assert covered >= 180 > 100 > alone
