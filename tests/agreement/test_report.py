"""The report of a dimension: thin data, intervals, verdicts, warnings, shape."""

import json
import time
from collections import Counter
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.inter_rater import cohens_kappa

from benchmarks.low_end import drawn_together, safe_from, settled
from tests.support.properties import examples
from touchstone.agreement.coefficient import (
    AC1,
    INTERVAL_ALPHA,
    KAPPA,
    KAPPAS,
    LINEAR_KAPPA,
    NOMINAL_ALPHA,
    ORDINAL_ALPHA,
    PERCENT,
    QUADRATIC_KAPPA,
    Coefficient,
)
from touchstone.agreement.estimation.estimates import figures
from touchstone.agreement.estimation.formulas import draws, patterns_of, points
from touchstone.agreement.estimation.intervals import quantiles
from touchstone.agreement.estimation.pairs import pair_of, pairs_left_out
from touchstone.agreement.figure import Figure, in_words, undefined
from touchstone.agreement.report import dimension_report, several_at_this_n
from touchstone.agreement.verdict import LEAST_UNITS, verdict
from touchstone.data.counts import Counts


class Rule(NamedTuple):
    statistic: str = "kappa"
    weights: str = "unweighted"
    threshold: float = 0.8


def counts_of(patterns, levels=(0, 1, 2, 3), scale="ordinal", annotators=None) -> Counts:
    patterns = Counter(patterns) if not isinstance(patterns, dict) else patterns
    names = annotators or "abcdefghijklmnopqrstu"[: len(next(iter(patterns), (0, 0)))]
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


# Invented: two annotators of 30 drafts, with unweighted and quadratic kappa as scikit-learn has them, and the ends of
# the interval to two decimals.
TABLES = {
    "even": ([[7, 1, 0, 0], [0, 8, 0, 0], [0, 0, 6, 1], [0, 0, 0, 7]], 0.910979, 0.973333, (0.71, 0.98)),
    "good": ([[4, 0, 0, 0], [1, 5, 0, 0], [0, 1, 8, 0], [0, 0, 1, 10]], 0.862175, 0.955752, (0.65, 0.95)),
    "middle": ([[5, 1, 0, 0], [0, 6, 1, 0], [0, 1, 9, 1], [0, 0, 1, 5]], 0.771689, 0.917492, (0.54, 0.90)),
    "rare": ([[3, 0, 0, 0], [1, 1, 2, 0], [0, 1, 12, 0], [0, 0, 0, 10]], 0.799331, 0.925926, (0.56, 0.92)),
    "low": ([[4, 2, 0, 0], [1, 6, 1, 0], [0, 2, 7, 1], [0, 0, 0, 6]], 0.685629, 0.888653, (0.44, 0.83)),
}


@pytest.mark.parametrize("key", TABLES)
def test_thirty_drafts_decide_nothing_at_a_threshold_of_80(key):
    table, unweighted, quadratic, ends = TABLES[key]
    report = dimension_report(counts_of(cells(table)), Rule())
    assert report.judged.value == pytest.approx(unweighted, abs=1e-6)
    assert report.pairs[0].figures[QUADRATIC_KAPPA].value == pytest.approx(quadratic, abs=1e-6)
    assert (report.judged.low, report.judged.high) == pytest.approx(ends, abs=0.015)
    assert report.verdict == "undecided"
    assert report.flagged == (key in ("middle", "rare", "low"))


THIN = {
    "no units": (counts_of({}, annotators="ab"), "no data"),
    "no annotators": (Counts("d", "ordinal", (0, 1), (), {}, 0), "no data"),
    "everything skipped": (counts_of({(None, None): 3}), "no data"),
    "one annotator": (counts_of({(1,): 3, (2,): 1}), "one annotator"),
    "one of two labelled": (counts_of({(1, None): 3}), "one annotator"),
    "no draft in common": (counts_of({(1, None): 3, (None, 1): 2}), "no overlap"),
    "every label the same": (counts_of({(2, 2): 30}), "single level"),
    "one level declared": (counts_of({(0, 0): 5}, levels=(7,)), "single level"),
    "three who agree on one level": (counts_of({(2, 2, 2): 5}), "single level"),
    "one annotator constant": (counts_of({(2, 2): 28, (2, 1): 2}), "annotator constant"),
    "each constant": (counts_of({(0, 1): 4}), "annotator constant"),
}


@pytest.mark.parametrize("case", THIN)
@pytest.mark.parametrize("rule", [None, Rule(), Rule(weights="quadratic"), Rule(statistic="alpha")])
def test_thin_data_gives_a_reason_and_never_nan(case, rule):
    counts, reason = THIN[case]
    report = dimension_report(counts, rule)
    assert report.overall[KAPPA].reason == reason
    json.dumps(report.as_json(), allow_nan=False)
    for figure in (*report.overall.values(), *(f for pair in report.pairs for f in pair.figures.values())):
        assert (figure.value is None) == (figure.reason is not None) == (figure.low is None)
    if rule and report.judged.value is None:
        assert (report.flagged, report.verdict, report.further) == (None, None, None)


def test_percent_stays_when_every_label_is_the_same_and_the_sentence_says_so():
    report = dimension_report(counts_of({(2, 2): 30}), Rule())
    assert report.overall[PERCENT].value == 1
    assert report.overall[AC1].value == 1
    assert report.warnings[0] == "Every label is 2: kappa is undefined, agreement is 100 % of 30."
    assert in_words(report.judged, report.only_level) == "undefined: every label is 2"


def test_a_constant_annotator_is_named():
    report = dimension_report(counts_of({(2, 2): 28, (2, 1): 2}, annotators=("ana", "ben")), Rule())
    told = "ana gave every draft 2: kappa is undefined, agreement with ben is 93.3 % of 30."
    assert told in report.warnings


def test_levels_that_are_words_have_no_interval_alpha():
    overall = dimension_report(counts_of({(0, 0): 5, (1, 1): 5, (0, 1): 1}, ("pass", "fail")), None).overall
    assert overall[INTERVAL_ALPHA] == undefined("levels are not numbers", 11)
    assert overall[NOMINAL_ALPHA].value is not None


def test_a_figure_in_words_is_two_decimals_and_its_interval():
    assert in_words(Figure(0.7895, 0.53, 0.92, 30, None)) == ".79 [.53, .92]"
    assert in_words(Figure(1.0, -0.054, 1.0, 3, None)) == "1.00 [−.05, 1.00]"
    assert in_words(undefined("no overlap")) == "undefined: no draft has two labels"


def test_the_interval_of_a_table_is_the_one_of_its_dirichlet_draws():
    """Drawn again with another seed and library kappas."""
    table = np.array(TABLES["middle"][0])
    rng = np.random.default_rng(11)
    drawn = [cohens_kappa(rng.dirichlet(table.ravel() + 1 / 16).reshape(4, 4), return_results=False) for _ in range(2000)]
    found = figures(table_of(table), [KAPPA])[KAPPA]
    assert (found.low, found.high) == pytest.approx(np.percentile(drawn, [2.5, 97.5]), abs=0.03)
    assert figures(table_of(table), [KAPPA])[KAPPA] == found


@st.composite
def disagreements_settled(draw):
    """A table, one of its disagreements (i, j), and the level k of the two, i or j, that both are to have given instead."""
    q = draw(st.integers(2, 4))
    table = np.array(draw(st.lists(st.integers(0, 25), min_size=q * q, max_size=q * q))).reshape(q, q) + 2 * np.eye(q, dtype=int)
    found = [(i, j) for i in range(q) for j in range(q) if i != j and table[i, j]]
    i, j = draw(st.sampled_from(found or [(0, 1)]))
    table[i, j] += not found
    return table, i, j, draw(st.sampled_from([i, j]))


def test_unweighted_and_linear_kappa_are_safe_from_0_and_quadratic_only_where_it_is_settled_at_an_end_of_the_scale():
    moves = [(i, j, k) for i in range(4) for j in range(4) if i != j for k in (i, j)]
    safe = {
        weights: [round(safe_from(4, weights, *move), 3) for move in moves] for weights in ("unweighted", "linear", "quadratic")
    }
    assert set(safe["unweighted"]) == set(safe["linear"]) == {0}
    # Settled inwards: on 1 or 2 from the end beyond it .8, from its neighbour .667, from two levels off .5.
    assert set(safe["quadratic"]) == {0, 0.5, 0.667, 0.8}
    assert all(from_ == 0 for from_, (i, j, k) in zip(safe["quadratic"], moves, strict=True) if k == (3 if k == max(i, j) else 0))


@examples(100)
@given(disagreements_settled())
def test_one_disagreement_fewer_never_lowers_a_low_end_that_is_safe(case):
    """Every draw that is safe stays or rises, so no quantile that is safe can fall: no tolerance but rounding."""
    table, i, j, k = case
    weightings = {kappa: safe_from(len(table), kappa.kind, i, j, k) for kappa in KAPPAS}
    for name, (before, after) in drawn_together(table, i, j, k, weightings, 200).items():
        safe = before >= weightings[name]
        assert (after[safe] >= before[safe] - 1e-12).all()
        low = np.quantile(before, 0.025)
        assert low < weightings[name] or np.quantile(after, 0.025) >= low - 1e-12


@examples(60)
@given(disagreements_settled())
def test_one_disagreement_fewer_lowers_a_safe_low_end_of_the_report_by_no_more_than_the_noise_of_its_draws(case):
    """The report's two tables are drawn apart, each by its own seed. The 2.5 % point of 4,000 draws strays by .25 % (one
    standard error) along the draws, the difference of two by .35 %: five of those make it the .75 % point."""
    table, i, j, k = case
    names = [KAPPA, LINEAR_KAPPA, QUADRATIC_KAPPA]
    patterns = table_of(table)
    before, after = figures(patterns, names), figures(table_of(settled(table, i, j, k)), names)
    drawn = draws(patterns, names)
    for name in names:
        if before[name].value > 0 and before[name].low >= safe_from(len(table), name.kind, i, j, k):
            assert after[name].low >= min(before[name].low, quantiles(drawn[name], 0.0075))


def test_one_disagreement_fewer_can_lower_quadratic_kappas_low_end_when_it_is_settled_inwards():
    """Though its point rises: fewer labels at the rare end make agreement by chance more likely. Settled at that end, the
    low end rises."""
    table = np.array([[2, 0, 0, 0], [1, 2, 0, 0], [0, 0, 10, 0], [1, 1, 0, 11]])
    name = QUADRATIC_KAPPA
    points_of = [points(table_of(each), [name])[name] for each in (table, settled(table, 1, 0, 1))]
    assert points_of[1] > points_of[0]
    lows = {k: [np.quantile(each, 0.025) for each in drawn_together(table, 1, 0, k, [name], 20_000)[name]] for k in (0, 1)}
    assert lows[1][1] < lows[1][0] - 0.01
    assert lows[0][1] > lows[0][0] + 0.01


def test_the_same_counts_have_the_same_interval_whatever_kind_of_integer_they_come_as():
    table = TABLES["middle"][0]
    assert figures(table_of(np.array(table)), [KAPPA]) == figures(table_of(table), [KAPPA])


@given(st.dictionaries(st.tuples(*[st.none() | st.integers(0, 2)] * 3), st.integers(0, 9), max_size=6))
@examples(60)
def test_no_histogram_raises_or_gives_nan_and_every_interval_holds_its_point(patterns):
    report = dimension_report(counts_of(patterns, range(3), annotators="abc"), Rule())
    json.dumps(report.as_json(), allow_nan=False)
    for figure in report.overall.values():
        assert figure.value is None or figure.low <= figure.value <= figure.high


def test_the_verdict_is_what_the_whole_interval_says():
    assert verdict(0.8, 0.95, 0.8) == "meets"
    assert verdict(0.79, 0.95, 0.8) == "undecided"
    assert verdict(0.6, 0.79, 0.8) == "below"
    assert verdict(0.6, 0.8, 0.8) == "undecided"


@pytest.mark.parametrize("statistic", ["kappa", "alpha"])
@pytest.mark.parametrize("weights", ["unweighted", "linear", "quadratic"])
def test_agreement_on_every_draft_is_one_and_meets_a_threshold_of_one(statistic, weights):
    rule = Rule(statistic=statistic, weights=weights, threshold=1.0)
    for levels in ((0, 1, 2), ("a", "b", "c"), (1, 2, 3, 4, 5)):
        report = dimension_report(counts_of({(k, k): 3 - k for k in range(3)}, levels), rule)
        assert (report.judged.value, report.flagged, report.judged.high) == (1.0, False, 1.0)
        assert report.verdict == "undecided"


def test_more_than_two_annotators_are_judged_by_alpha_with_the_matching_metric():
    counts = counts_of(histogram(ratings(4, 60, 3)))
    metric = {"unweighted": "nominal", "linear": "ordinal", "quadratic": "interval"}
    for weights, name in metric.items():
        report = dimension_report(counts, Rule(weights=weights))
        assert (report.statistic, report.judged) == ("alpha", report.overall[Coefficient("alpha", name)])
        assert len(report.pairs) == 3
    words = Counts("d", "ordinal", ("bad", "poor", "fair", "good"), counts.annotators, counts.patterns, 60)
    report = dimension_report(words, Rule(weights="quadratic"))
    assert report.judged == report.overall[ORDINAL_ALPHA]


def test_two_annotators_among_more_who_never_labelled_are_judged_by_kappa():
    report = dimension_report(counts_of({(0, 0, None): 9, (1, 1, None): 9, (1, 0, None): 1}), Rule())
    assert (report.statistic, len(report.pairs)) == ("kappa", 1)


def test_when_three_all_agree_the_interval_is_no_point_and_narrows_with_every_draft():
    lows = []
    for drafts in (2, 10, 40, 160):
        report = dimension_report(counts_of({(0, 0, 0): drafts // 2, (2, 2, 2): drafts // 2}), Rule())
        assert (report.judged.value, report.judged.high) == (1, 1)
        lows.append(report.judged.low)
        assert all(figure.low < 1 for figure in report.overall.values() if figure.value == 1)
    assert lows == sorted(lows) and lows[0] < 0.2 and 0.9 < lows[-1] < 1


def test_no_figure_is_beyond_its_bound_by_the_last_digits_of_a_sum():
    """Two annotators who exchange two levels throughout: kappa is 1 - 1 / .5 = -1 under any weights."""
    for level, drafts in ((1, 3), (1, 5), (1, 7), (2, 11)):
        report = dimension_report(counts_of({(0, level): drafts, (level, 0): drafts}), Rule())
        for name in KAPPAS:
            assert (
                report.overall[name].value == pytest.approx(-1) and report.overall[name].value >= report.overall[name].low >= -1
            )
    assert Figure(1.0000000000000002, -1.0000000000000004, 1.5, 3, None) == Figure(1.0, -1.0, 1.5, 3, None)


def test_two_annotators_have_no_verdict_on_few_drafts():
    """Kappa -1 on 19 drafts lies far under .8, and on 20 it is below."""
    few, enough = (dimension_report(counts_of({(0, 1): 10, (1, 0): drafts - 10}), Rule()) for drafts in (19, 20))
    reason = "19 drafts with two labels are too few, a verdict needs 20"
    assert (few.verdict, few.flagged, few.as_json()["verdict_reason"]) == ("undecided", True, reason)
    assert (few.further.start, enough.verdict, enough.as_json()["verdict_reason"]) == (1, "below", None)


def test_three_annotators_have_no_verdict_on_few_drafts():
    two = dimension_report(counts_of({(0, 0, 0): 1, (2, 2, 2): 1, (1, None, None): 50}), Rule(threshold=-0.5))
    assert (two.judged.value, two.verdict) == (1, "undecided") and two.further.start >= LEAST_UNITS - 2
    reason = f"2 drafts with two labels are too few, a verdict needs {LEAST_UNITS}"
    assert two.as_json()["verdict_reason"] == reason
    enough = dimension_report(counts_of({(0, 0, 0): LEAST_UNITS - 1, (2, 2, 2): 1}), Rule(threshold=-0.5))
    assert (enough.verdict, enough.as_json()["verdict_reason"]) == ("meets", None)


def test_a_prevalent_level_and_kappa_far_from_ac1_are_warned_of():
    report = dimension_report(counts_of({(0, 0): 90, (0, 1): 5, (1, 0): 5}, (0, 1)), Rule())
    assert any(sentence.startswith("95 % of labels are 0") for sentence in report.warnings)
    assert any(sentence.startswith("Unweighted kappa is −.05 and AC1 .89") for sentence in report.warnings)
    assert any(sentence.startswith("Unweighted kappa is -.05 and AC1 .89") for sentence in report.as_json()["warnings"]), (
        "a plain hyphen"
    )


def test_unweighted_kappa_on_an_ordinal_scale_has_quadratic_and_the_worst_level_beside_it():
    table = cells(TABLES["rare"][0])
    (sentence,) = dimension_report(counts_of(table), Rule()).warnings
    assert sentence.endswith("quadratic kappa is .93, and agreement is lowest on level 1, .33.")
    assert dimension_report(counts_of(table, scale="nominal"), Rule()).warnings == ()
    assert dimension_report(counts_of(table), Rule(weights="quadratic")).warnings == ()


def test_drafts_of_few_clusters_are_not_counted_on_as_independent():
    counts = replace(counts_of({(0, 0): 20, (1, 1): 20, (2, 2): 10}), clusters=7)
    (sentence,) = dimension_report(counts, Rule(weights="quadratic")).warnings
    assert sentence.startswith("50 drafts come from 7 clusters") and "not independent" in sentence
    assert dimension_report(replace(counts, clusters=50), Rule(weights="quadratic")).warnings == ()


@pytest.mark.parametrize(
    ("dimensions", "times", "says"),
    [
        (5, 1, "about 75 %"),  # thirty drafts; 90,000 simulated rounds with estimated marginals: 75 %
        (2, 1, "about 43 %"),
        (1, 1, ""),
        (5, 10, ""),
    ],
)
def test_several_dimensions_at_this_many_drafts_show_a_low_one_by_chance(dimensions, times, says):
    reports = [
        dimension_report(counts_of({(k, k): 7 * times for k in range(4)} | {(0, 1): 2 * times}), Rule())
        for _ in range(dimensions)
    ]
    sentence = several_at_this_n(reports)
    assert bool(sentence) == bool(says) and says in sentence


def test_pairs_of_more_than_twenty_annotators_are_left_out_unless_asked_for():
    """Of 21, all but two labelled a unit that nobody else did, so one pair has figures and 209 have none."""
    alone = [(None,) * who + (0,) + (None,) * (20 - who) for who in range(2, 21)]
    counts = counts_of({(0, 1, *[None] * 19): 1, (2, 2, *[None] * 19): 3} | dict.fromkeys(alone, 1))
    report = dimension_report(counts, None)
    assert (report.pairs, report.pairs_left_out, report.as_json()["pairs"]) == ((), 210, [])
    assert "21 annotators make 210 pairs" in report.warnings[-1] and "--pairs" in report.warnings[-1]
    asked = dimension_report(counts, None, pairs=True)
    assert [(pair.a, pair.b, pair.n) for pair in asked.pairs] == [(*counts.annotators[:2], 4)]
    assert (asked.pairs_left_out, asked.overall) == (0, report.overall)
    assert not any("--pairs" in warning for warning in asked.warnings)
    assert pair_of(counts, *counts.annotators[:2]).as_json() == asked.pairs[0].as_json()
    assert pair_of(counts, *counts.annotators[1:3]) is None
    twenty = counts_of({(0,) * 20: 1, (1,) * 20: 1})
    assert pairs_left_out(twenty, asked=False) == 0


def test_without_a_rule_nothing_is_judged():
    report = dimension_report(counts_of(cells(TABLES["good"][0])), None).as_json()
    judged = ("statistic", "weights", "threshold", "flagged", "verdict", "more")
    assert [report[key] for key in judged] == [None] * 6


def test_the_report_has_the_documented_shape():
    report = dimension_report(counts_of(cells(TABLES["good"][0]), annotators=("ana", "ben")), Rule()).as_json()
    keys = "scale by levels annotators units units_with_two clusters statistic weights threshold flagged verdict more"
    keys += " verdict_interval verdict_reason looks"
    assert list(report) == [*keys.split(), "pairs", "overall", "icc", "warnings"]
    keys = "a b n table percent kappa scott_pi scott_pi_weighted ac1 ac2_linear ac2 bp bp_weighted"
    keys += " prevalence_index bias_index pabak max_kappa per_level"
    assert list(report["pairs"][0]) == keys.split()
    keys = "percent fleiss fleiss_weighted conger conger_weighted alpha ac1 ac2_linear ac2 bp bp_weighted"
    assert list(report["overall"]) == keys.split()
    assert report["pairs"][0]["table"] == TABLES["good"][0]
    assert list(report["pairs"][0]["kappa"]) == ["unweighted", "linear", "quadratic"]
    assert list(report["overall"]["percent"]) == ["value", "low", "high", "reason"]
    assert report["overall"]["conger"] == report["pairs"][0]["kappa"]["unweighted"]
    assert report["overall"]["fleiss"] == report["pairs"][0]["scott_pi"]
    assert (report["pairs"][0]["a"], report["units"], set(report["more"])) == ("ana", 30, {"from", "to"})


def test_a_five_dimension_report_is_quick():
    """About 85 ms on two cores; the limit leaves room for a busy machine."""
    every = [counts_of(cells(table)) for table, *_ in TABLES.values()]
    started = time.process_time()
    for counts in every:
        dimension_report(counts, Rule())
    assert time.process_time() - started < 1.0
