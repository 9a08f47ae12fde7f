"""Coefficients against published tables and against other libraries."""

from collections import Counter
from itertools import permutations

import krippendorff
import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import cohens_kappa, fleiss_kappa

from touchstone.agreement.coefficient import (
    AC1,
    AC2,
    BRENNAN_PREDIGER,
    FLEISS,
    INTERVAL_ALPHA,
    KAPPA,
    KAPPAS,
    LINEAR_KAPPA,
    NOMINAL_ALPHA,
    PERCENT,
    QUADRATIC_KAPPA,
    Coefficient,
    on_level,
)
from touchstone.agreement.estimation.estimates import figures
from touchstone.agreement.estimation.formulas import batch_of, draws, patterns_of, points, values_of
from touchstone.agreement.figure import undefined
from touchstone.agreement.report import dimension_report
from touchstone.data.counts import Counts


def counts_of(patterns, levels=(0, 1, 2, 3), scale="ordinal", annotators=None) -> Counts:
    patterns = Counter(patterns) if not isinstance(patterns, dict) else patterns
    names = annotators or "abcdefghijklmnop"[: len(next(iter(patterns), (0, 0)))]
    return Counts("d", scale, tuple(levels), tuple(names), patterns, sum(patterns.values()))


def cells(table) -> dict[tuple[int, int], int]:
    return {(i, j): n for i, row in enumerate(table) for j, n in enumerate(row) if n}


def table_of(table):
    return patterns_of(cells(table), (0, 1), range(len(table)))


def ratings(seed, units, annotators, q=4, missing=0.0) -> np.ndarray:
    """(units, annotators) codes, -1 where missing."""
    rng = np.random.default_rng(seed)
    codes = np.where(rng.random((units, annotators)) < 0.7, rng.integers(0, q, (units, 1)), rng.integers(0, q))
    codes = np.where(rng.random(codes.shape) < 0.15, rng.integers(0, q, codes.shape), codes)
    return np.where(rng.random(codes.shape) < missing, -1, codes)


def histogram(codes):
    return Counter(tuple(None if c < 0 else int(c) for c in row) for row in codes if max(row) >= 0)


PUBLISHED = [
    # Cohen (1960) Educ Psychol Meas 20:37, table 2
    ([[88, 14, 18], [10, 40, 10], [2, 6, 12]], KAPPA, 0.492, 5e-4),
    # SAS PROC FREQ, AGREE
    ([[0, 4, 1], [0, 8, 0], [0, 1, 5]], KAPPA, 0.4842, 5e-5),
    ([[0, 4, 1], [0, 8, 0], [0, 1, 5]], LINEAR_KAPPA, 0.4701, 5e-5),
    # Landis & Koch (1977) Biometrics 33:159, Winnipeg
    ([[38, 5, 0, 1], [33, 11, 3, 0], [10, 14, 5, 6], [3, 7, 3, 10]], LINEAR_KAPPA, 0.3797, 5e-5),
    # Gwet (2014), 100 abstractors (irrCAC cont3x3abstractors)
    ([[13, 0, 0], [0, 20, 7], [0, 4, 56]], FLEISS, 0.7962397, 1e-6),
    ([[13, 0, 0], [0, 20, 7], [0, 4, 56]], AC1, 0.8493305, 1e-6),
    ([[13, 0, 0], [0, 20, 7], [0, 4, 56]], AC2, 0.9402369, 1e-6),
    ([[13, 0, 0], [0, 20, 7], [0, 4, 56]], BRENNAN_PREDIGER, 0.835, 1e-6),
    ([[13, 0, 0], [0, 20, 7], [0, 4, 56]], Coefficient("bp", "quadratic"), 0.9175, 1e-6),
    ([[13, 0, 0], [0, 20, 7], [0, 4, 56]], NOMINAL_ALPHA, 0.7972585, 1e-6),
    ([[13, 0, 0], [0, 20, 7], [0, 4, 56]], QUADRATIC_KAPPA, 0.8921569, 1e-6),
    # Artstein & Poesio, 2 coders x 100 utterances
    ([[46, 0, 0], [6, 32, 6], [0, 0, 10]], PERCENT, 0.88, 1e-9),
    # Feinstein & Cicchetti (1990) J Clin Epidemiol 43:543
    ([[45, 15], [25, 15]], KAPPA, 0.13, 5e-3),
    ([[45, 15], [25, 15]], BRENNAN_PREDIGER, 0.2, 5e-3),
    # Krippendorff (2011), section A
    ([[5, 3], [1, 1]], NOMINAL_ALPHA, 0.095, 5e-4),
]


@pytest.mark.parametrize(("table", "name", "value", "tolerance"), PUBLISHED)
def test_published_tables_come_out_as_published(table, name, value, tolerance):
    assert figures(table_of(table), [name])[name].value == pytest.approx(value, abs=tolerance)


def test_krippendorffs_four_observers_with_missing_labels_come_out_as_published():
    """Krippendorff (2011), section C."""
    observers = [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3],
        [0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0],
    ]
    report = dimension_report(counts_of(histogram(np.array(observers).T - 1), range(1, 6)), None).as_json()
    found = {metric: figure["value"] for metric, figure in report["overall"]["alpha"].items()}
    assert found == pytest.approx({"nominal": 0.743, "ordinal": 0.815, "interval": 0.849}, abs=5e-4)


def test_randolphs_seven_raters_come_out_as_published():
    """justusrandolph.net/kappa: two units, seven raters."""
    overall = dimension_report(counts_of({(0,) * 6 + (1,): 1, (1,) * 7: 1}, range(3)), None).overall
    assert overall[FLEISS].value == pytest.approx(0.708333, abs=6e-6)
    assert overall[BRENNAN_PREDIGER].value == pytest.approx(0.785714, abs=6e-6)


@pytest.mark.parametrize("q", [2, 4])
def test_the_formula_of_the_draws_and_statsmodels_agree_to_1e_12(q):
    tables = np.random.default_rng(q).integers(1, 9, (50, q, q)).astype(float)
    patterns = table_of(np.ones((q, q), int))
    batch = batch_of(patterns, tables.reshape(50, -1))
    for name, how in zip(KAPPAS, ({}, {"wt": "linear"}, {"wt": "quadratic"}), strict=True):
        weights = {"weights": np.arange(q)} if how else {}
        theirs = [cohens_kappa(table, return_results=False, **how, **weights) for table in tables]
        assert values_of(batch, patterns, name) == pytest.approx(theirs, abs=1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_kappas_agree_with_scikit_learn_given_the_declared_levels(seed):
    a, b = ratings(seed, 40, 2, q=3).T
    pair = dimension_report(counts_of(histogram(np.array([a, b]).T)), None).pairs[0]
    for name, weights in zip(KAPPAS, (None, "linear", "quadratic"), strict=True):
        theirs = cohen_kappa_score(a, b, labels=range(4), weights=weights)
        assert pair.figures[name].value == pytest.approx(theirs, abs=1e-12)


@pytest.mark.parametrize(("annotators", "missing"), [(2, 0), (3, 0), (5, 0.4), (2, 0.2)])
def test_alphas_agree_with_krippendorff(annotators, missing):
    codes = ratings(annotators, 60, annotators, missing=missing)
    overall = dimension_report(counts_of(histogram(codes), (0, 1, 2, 5)), None).overall
    values = np.where(codes == 3, 5, codes).astype(float)
    values[codes < 0] = np.nan
    for metric in ("nominal", "ordinal", "interval"):
        theirs = krippendorff.alpha(values.T, level_of_measurement=metric, value_domain=[0, 1, 2, 5])
        assert overall[Coefficient("alpha", metric)].value == pytest.approx(theirs, abs=1e-9)


def test_fleiss_and_brennan_prediger_agree_with_statsmodels():
    codes = ratings(1, 50, 4)
    overall = dimension_report(counts_of(histogram(codes)), None).overall
    table = (codes[:, :, None] == np.arange(4)).sum(axis=1)
    assert overall[FLEISS].value == pytest.approx(fleiss_kappa(table), abs=1e-12)
    assert overall[BRENNAN_PREDIGER].value == pytest.approx(fleiss_kappa(table, method="randolph"), abs=1e-12)


def test_missing_labels_are_treated_as_gwet_does_spelled_out_unit_by_unit():
    codes = ratings(9, 40, 4, missing=0.35)
    units = [[int(c) for c in row if c >= 0] for row in codes]
    units = [unit for unit in units if unit]
    two = [unit for unit in units if len(unit) >= 2]
    pa = np.mean([np.mean([x == y for x, y in permutations(unit, 2)]) for unit in two])
    share = np.mean([[unit.count(k) / len(unit) for k in range(4)] for unit in units], axis=0)
    by_annotator = [np.bincount(column[column >= 0], minlength=4) / (column >= 0).sum() for column in codes.T]
    chance = {
        FLEISS: (share**2).sum(),
        AC1: (share * (1 - share)).sum() / 3,
        BRENNAN_PREDIGER: 1 / 4,
        KAPPA: np.mean([g @ h for g, h in permutations(by_annotator, 2)]),
    }
    overall = dimension_report(counts_of(histogram(codes)), None).overall
    assert overall[PERCENT].value == pytest.approx(pa, abs=1e-12)
    for name, pe in chance.items():
        assert overall[name].value == pytest.approx((pa - pe) / (1 - pe), abs=1e-12)


def test_weights_go_by_the_declared_levels_not_by_those_that_occur():
    """Level 1 of 0 to 3 unused: .625 by the declared levels, .571 by the rank of those that occur."""
    a, b = [0, 0, 2, 2, 3, 3], [0, 2, 2, 3, 3, 3]
    used = dimension_report(counts_of(zip(a, b, strict=True)), None).pairs[0].figures[LINEAR_KAPPA].value
    assert used == pytest.approx(cohen_kappa_score(a, b, labels=range(4), weights="linear"))
    assert used != pytest.approx(cohen_kappa_score(a, b, weights="linear"), abs=0.01)


def test_agreement_per_level_is_the_share_of_labels_on_it_that_are_matched():
    """Level 1: a gave it to 3 + 1, b to 1 + 1; they met on one."""
    table = table_of([[2, 0, 0, 0], [2, 1, 1, 0], [0, 1, 12, 0], [0, 0, 0, 0]])
    found = figures(table, [on_level(1), on_level(3)])
    assert found[on_level(1)].value == pytest.approx(2 * 1 / (4 + 2))
    assert found[on_level(3)] == undefined("no data", 19)


def test_the_bootstrap_of_patterns_is_the_bootstrap_of_units():
    codes = ratings(2, 40, 3)
    patterns = patterns_of(histogram(codes), (0, 1, 2), range(4))
    rng = np.random.default_rng(5)
    agree = np.array([np.mean([x == y for x, y in permutations(unit, 2)]) for unit in codes])
    by_units = rng.dirichlet(np.ones(40), 4000) @ agree
    drawn = draws(patterns, [PERCENT])[PERCENT]
    assert np.percentile(drawn, [2.5, 50, 97.5]) == pytest.approx(np.percentile(by_units, [2.5, 50, 97.5]), abs=0.012)


def test_points_of_an_unseen_level_do_not_disturb_the_others():
    assert points(table_of([[3, 1, 0], [1, 3, 0], [0, 0, 0]]), [KAPPA])[KAPPA] == 0.5


def test_interval_alpha_is_right_where_an_unused_level_is_a_million_times_as_far():
    """By hand: two units, labels 0 and 1 in each. Do = 1, De = 8 ordered pairs of unlike labels of 4 x 3: 1 - 1 / (8 / 12)."""
    patterns = patterns_of({(0, 1): 1, (1, 0): 1}, (0, 1), (0, 1, 2_000_000))
    assert points(patterns, [INTERVAL_ALPHA])[INTERVAL_ALPHA] == pytest.approx(-0.5)


# Why there is none


@pytest.mark.parametrize(
    ("patterns", "kappa", "fleiss", "alpha"),
    [
        ({(1, 1): 1}, "one unit", "single level", "one unit"),  # nothing varies, and nothing could
        ({(1, 2): 1}, "one unit", None, None),  # both constant, of necessity; pi and alpha are -1 and 0
        ({(1, 1): 1, (2, None): 4, (None, 3): 2}, None, None, "one unit"),  # not every label is the same
        ({(1, 1): 1, (2, None): 4}, "one unit", None, "one unit"),  # b is constant with a single label
        ({(1, 1): 5}, "single level", "single level", "single level"),
        ({(1, 1): 5, (1, None): 2}, "single level", "single level", "single level"),
        ({(1, 1): 5, (2, None): 2}, "annotator constant", None, "pairs at one level"),
        ({(1, 1): 5, (1, 2): 2}, "annotator constant", None, None),
        ({(1, 1, None): 1, (2, None, None): 3, (None, None, 3): 1}, None, None, "one unit"),
        ({(1, 1, 1): 4, (2, None, None): 3}, None, None, "pairs at one level"),
        ({(1, 1, 1): 4}, "single level", "single level", "single level"),
    ],
)
def test_a_single_unit_with_two_labels_is_told_apart_from_labels_that_are_all_the_same(patterns, kappa, fleiss, alpha):
    found = dimension_report(counts_of(patterns), None).overall
    assert [found[name].reason for name in (KAPPA, FLEISS, NOMINAL_ALPHA)] == [kappa, fleiss, alpha]


def test_percent_agreement_counts_each_unit_once_however_many_labels_it_has():
    # One unit of four labels 0 0 0 1: 3 of its 6 pairs are equal. One of two labels that differ: 0. The mean is 1/4; of all
    # 7 pairs it would be 3/7. A unit with a single label counts for nothing.
    patterns = {(0, 0, 0, 1): 1, (0, 1, None, None): 1, (2, None, None, None): 5}
    assert dimension_report(counts_of(patterns), None).overall[PERCENT].value == pytest.approx(1 / 4)
