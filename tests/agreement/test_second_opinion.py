"""The figures computed again by kept libraries, from the raw labels."""

import random
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from tests.support.short_run import some
from touchstone.agreement.coefficient import FLEISS, KAPPA, LINEAR_KAPPA, PERCENT, QUADRATIC_KAPPA
from touchstone.agreement.report import dimension_report
from touchstone.agreement.second_opinion import MOST_UNITS, second_opinion, second_opinion_on_codes
from touchstone.data.bulk_counts import MISSING
from touchstone.data.counts import Counts, count_labels
from touchstone.data.label import LabelRow

RULE = SimpleNamespace(statistic="kappa", weights="unweighted", threshold=0.8)


def drawn(levels, annotators, units, *, missing=0.0, seed=1):
    """Labels that agree more often than chance, some of them missing, and their report."""
    dice = random.Random(f"{levels} {annotators} {units} {missing} {seed}")
    truth = {str(unit): dice.choice(levels) for unit in range(units)}
    rows = [
        LabelRow(unit, name, "d", true if dice.random() < 0.7 else dice.choice(levels))
        for unit, true in truth.items()
        for name in annotators
        if dice.random() >= missing
    ]
    return rows, report_of(rows, levels, annotators)


def report_of(rows, levels, annotators):
    dimension = SimpleNamespace(key="d", scale="ordinal", values=levels)
    return dimension_report(count_labels(rows, dimension, annotators), RULE)


@pytest.mark.parametrize("missing", [0.0, 0.3])
@pytest.mark.parametrize("annotators", some([("a", "b", "c"), ("a", "b"), ("a", "b", "c", "d", "e")], every=2), ids=len)
@pytest.mark.parametrize(
    "levels", [(0, 1), (0, 1, 2, 3), (1, 2, 3, 4, 5), ("pass", "fail"), ("nan", "b", "c"), (10, 20, 50)], ids=str
)
def test_libraries_agree_with_every_figure_they_have(levels, annotators, missing):
    rows, report = drawn(levels, annotators, 60, missing=missing)
    opinion = second_opinion(rows, report)
    assert opinion.faults == []
    assert {"scikit-learn", "krippendorff"} <= set(opinion.agreeing)
    compared = {(each.of, each.coefficient) for each in opinion.compared if each.library}
    for pair in report.pairs:
        assert {((pair.a, pair.b), name) for name in (PERCENT, KAPPA, QUADRATIC_KAPPA, FLEISS)} <= compared
    assert len(compared) > 9 and max(each.apart for each in opinion.compared if each.library) < 1e-12


def test_levels_nobody_gave_are_in_the_weights_of_both():
    rows = [
        LabelRow(str(unit), name, "d", value)
        for unit, pair in enumerate([(0, 0), (0, 2), (2, 2), (3, 3), (3, 2)] * 4)
        for name, value in zip("ab", pair, strict=True)
    ]  # level 1 is declared and unused
    opinion = second_opinion(rows, report_of(rows, (0, 1, 2, 3), ("a", "b")))
    assert opinion.faults == [] and "scikit-learn" in opinion.agreeing


def test_a_figure_that_is_off_is_called_a_fault_of_ours():
    rows, report = drawn((0, 1, 2), ("a", "b"), 40)
    pair = report.pairs[0]
    kappa = pair.figures[LINEAR_KAPPA]
    wrong = pair._replace(figures={**pair.figures, LINEAR_KAPPA: replace(kappa, value=kappa.value + 1e-8)})
    opinion = second_opinion(rows, replace(report, pairs=(wrong,), overall=wrong.figures))
    assert [each.coefficient for each in opinion.faults] == [LINEAR_KAPPA]
    assert "scikit-learn" not in opinion.agreeing and "krippendorff" in opinion.agreeing
    assert "bug in this program" in opinion.sentence and "do not use the figure" in opinion.lines[0]
    assert opinion.as_json()["faults"][0]["figure"] == "kappa linear"


def test_counts_that_are_not_those_of_the_labels_are_found():
    rows, _ = drawn((0, 1, 2), ("a", "b"), 40)
    moved = [row._replace(value=(row.value + 1) % 3) if row.unit == "7" and row.annotator == "a" else row for row in rows]
    assert second_opinion(rows, report_of(moved, (0, 1, 2), ("a", "b"))).faults


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([], "no figure is defined"),
        ([LabelRow("1", "a", "d", 0)], "no figure is defined"),
        ([LabelRow("1", "a", "d", 0), LabelRow("2", "b", "d", 1)], "no figure is defined"),
        ([LabelRow(str(unit), name, "d", 1) for unit in range(5) for name in "ab"], "scikit-learn"),
    ],
    ids=["no data", "one annotator", "no overlap", "single level"],
)
def test_what_is_undefined_is_not_compared(rows, says):
    opinion = second_opinion(rows, report_of(rows, (0, 1), ("a", "b")))
    assert says in opinion.sentence and opinion.faults == []


def test_what_no_library_has_is_named():
    rows, report = drawn((0, 1, 2), ("a", "b", "c"), 30, missing=0.2)
    alone = second_opinion(rows, report).alone
    of_pairs = ("linear Scott pi", "quadratic Scott pi", "AC1", "linear AC2", "AC2")
    of_pairs += ("linear Brennan-Prediger", "quadratic Brennan-Prediger")
    assert alone[:-1] == of_pairs and "Conger kappa" in alone[-1] and "Fleiss kappa" in alone[-1]
    assert second_opinion(*drawn((0, 1, 2), ("a", "b"), 30)).alone == of_pairs


@pytest.mark.parametrize("scale", ["ordinal", "nominal"])
@pytest.mark.parametrize("levels", [(0, 1, 2), ("no", "yes", "maybe")], ids=str)
def test_labels_in_an_array_get_the_opinion_that_the_same_labels_get_in_rows(levels, scale):
    rows, _ = drawn(levels, ("a", "b", "c"), 40, missing=0.3)
    dimension = SimpleNamespace(key="d", scale=scale, values=levels)
    report = dimension_report(count_labels(rows, dimension, ("a", "b", "c")), RULE)
    codes = np.full((60, 3), MISSING, np.uint8)  # with units nobody labelled
    for row in rows:
        codes[int(row.unit), "abc".index(row.annotator)] = levels.index(row.value)
    opinion = second_opinion_on_codes(codes, report)
    assert opinion == second_opinion(rows, report) and opinion.faults == [] and opinion.differences
    codes[:, 0] = np.where(codes[:, 0] == MISSING, MISSING, (codes[:, 0] + 1) % 3)
    assert second_opinion_on_codes(codes, report).faults


def test_over_a_hundred_thousand_units_there_is_none_and_that_is_said():
    counts = Counts("d", "ordinal", (0, 1), ("a", "b"), {(0, 0): MOST_UNITS, (1, 0): 1}, 1)
    report = dimension_report(counts, RULE)
    for opinion in (second_opinion([], report), second_opinion_on_codes(np.empty((0, 2), np.uint8), report)):
        assert opinion.sentence == "no second opinion over 100,000 units" and opinion.compared == ()
