"""Weighted coefficients: by position or by value, of two annotators and of any number, against published figures."""

from collections import Counter
from types import SimpleNamespace

import numpy as np
import pytest
from statsmodels.stats.inter_rater import cohens_kappa

import touchstone as ts
from tests.support.commands import document, done, refused
from touchstone.agreement.coefficient import (
    AC2,
    BRENNAN_PREDIGERS,
    FLEISSES,
    GWETS,
    INTERVAL_ALPHA,
    KAPPAS,
    LINEAR_AC2,
    LINEAR_BP,
    LINEAR_FLEISS,
    LINEAR_KAPPA,
    OF_ALL,
    QUADRATIC_BP,
    QUADRATIC_FLEISS,
    QUADRATIC_KAPPA,
)
from touchstone.agreement.figure import PlainRule
from touchstone.agreement.report import dimension_report
from touchstone.agreement.second_opinion import second_opinion
from touchstone.comparison.two_rounds import Labelled, compare, difference_in_words
from touchstone.data.counts import Counts, count_labels
from touchstone.data.label import LabelRow

# Krippendorff (2011), section C; Gwet's cac.raw4raters. A row a rater, 0 where a label is missing.
RATERS = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3],
        [0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0],
    ]
)
UNEVEN = (0, 1, 2, 10)


def counts_of(patterns, levels, by="position"):
    names = "abcdefgh"[: len(next(iter(patterns)))]
    return Counts("d", "ordinal", tuple(levels), tuple(names), patterns, sum(patterns.values()), by=by)


def all_of(raters, q):
    patterns = Counter(tuple(None if level == 0 else int(level) - 1 for level in unit) for unit in raters.T)
    return dimension_report(counts_of(patterns, range(1, q + 1)), None).overall


@pytest.mark.parametrize(
    ("coefficient", "value"),
    [
        # Printed for this data set by R's irrCAC (gwet.ac1.raw with quadratic weights): .914.
        (AC2, 0.914000723552),
        # The other digits by irrCAC for Python 0.4.4, a second implementation of Gwet (2014), ch. 2 to 5.
        (LINEAR_AC2, 0.858739136433),
        (LINEAR_FLEISS, 0.817944767097),
        (QUADRATIC_FLEISS, 0.864935064935),
        (LINEAR_KAPPA, 0.813137032843),
        (QUADRATIC_KAPPA, 0.857168224092),
        (LINEAR_BP, 0.848484848485),
        (QUADRATIC_BP, 0.901515151515),
    ],
    ids=str,
)
def test_weighted_coefficients_of_four_raters_with_missing_labels_come_out_as_elsewhere(coefficient, value):
    assert all_of(RATERS, 5)[coefficient].value == pytest.approx(value, abs=1e-12)


def test_weighted_fleiss_and_conger_kappa_of_complete_ratings_come_out_as_published():
    """Moss's R package on quadratically weighted agreement prints .6666667 and .6719243 for units 2 to 9 of the data set."""
    overall = all_of(RATERS[:, 1:9], 4)
    assert overall[QUADRATIC_FLEISS].value == pytest.approx(0.6666667, abs=5e-8)
    assert overall[QUADRATIC_KAPPA].value == pytest.approx(0.6719243, abs=5e-8)


def test_weighted_coefficients_of_three_labels_come_out_as_by_hand():
    # Three raters, levels 0 1 2: one unit 0 0 1, one 2 2 2. Linear weights: 1 alike, 1/2 next, 0 two apart.
    # pa = ((1 + 1/2 + 1/2) / 3 + 1) / 2 = 5/6. Shares 2/6, 1/6, 3/6. sum w = 3 + 4/2 = 5.
    overall = dimension_report(counts_of({(0, 0, 1): 1, (2, 2, 2): 1}, range(3)), None).overall
    # Fleiss: pe = (4 + 1 + 9)/36 + 2 * (1/2) * (2*1 + 1*3)/36 = 14/36 + 5/36 = 19/36; (30 - 19) / (36 - 19) = 11/17.
    assert overall[LINEAR_FLEISS].value == pytest.approx(11 / 17)
    # Brennan-Prediger: pe = 5/9; (5/6 - 5/9) / (4/9) = 5/8.
    assert overall[LINEAR_BP].value == pytest.approx(5 / 8)
    # AC2: pe = 5 / (3 * 2) * (1 - 14/36) = 5/6 * 22/36 = 110/216; (180 - 110) / (216 - 110) = 70/106.
    assert overall[LINEAR_AC2].value == pytest.approx(70 / 106)
    # Conger: a and b give 0 and 2 half the time each, c 1 and 2. Pairs a b: 1/4 * (1 + 0 + 0 + 1) = 1/2;
    # a c and b c: 1/4 * (w01 + w02 + w21 + w22) = 1/4 * (1/2 + 0 + 1/2 + 1) = 1/2. pe = 1/2; (5/6 - 1/2) / (1/2) = 2/3.
    assert overall[LINEAR_KAPPA].value == pytest.approx(2 / 3)


@pytest.mark.parametrize("levels", [UNEVEN, (10, 2, 1, 0), (-3, 0, 1, 2)])
def test_kappas_by_value_agree_with_statsmodels_given_the_weights(levels):
    table = np.random.default_rng(len(str(levels))).integers(0, 9, (4, 4))
    pair = dimension_report(counts_of({(i, j): int(n) for (i, j), n in np.ndenumerate(table)}, levels, "value"), None).pairs[0]
    apart = np.abs(np.subtract.outer(levels, levels)) / (max(levels) - min(levels))
    for name, distance in ((LINEAR_KAPPA, apart), (QUADRATIC_KAPPA, apart**2)):
        theirs = cohens_kappa(table, weights=distance, return_results=False)
        assert pair.figures[name].value == pytest.approx(theirs, abs=1e-12)


def test_evenly_spaced_levels_have_the_same_figures_by_value_and_by_position():
    patterns = {(0, 0): 9, (1, 1): 6, (2, 2): 7, (3, 3): 5, (0, 1): 2, (3, 1): 1, (2, 3): 2}
    counts = [counts_of(patterns, (10, 20, 30, 40), by) for by in ("position", "value")]
    by_position, by_value = (dimension_report(each, None).overall for each in counts)
    for name in (*KAPPAS, *FLEISSES, *GWETS, *BRENNAN_PREDIGERS):
        assert by_value[name].value == pytest.approx(by_position[name].value, abs=1e-12)
        assert (by_value[name].low, by_value[name].high) == pytest.approx((by_position[name].low, by_position[name].high))


def rows_of(levels, annotators="ab", number=30):
    rng = np.random.default_rng(8)
    true = rng.integers(0, 4, number)
    return [
        LabelRow(f"d{unit}", name, "d", levels[int(rng.integers(4)) if rng.random() < 0.3 else int(true[unit])])
        for unit in range(number)
        for name in annotators
    ]


@pytest.mark.parametrize("annotators", ["ab", "abc"])
def test_figures_by_value_have_a_second_opinion_and_name_what_has_none(annotators):
    rows = rows_of(UNEVEN, annotators)
    dimension = SimpleNamespace(key="d", scale="ordinal", values=UNEVEN)
    report = dimension_report(count_labels(rows, dimension, annotators, by="value"), None)
    opinion = second_opinion(rows, report)
    assert opinion.faults == [] and "statsmodels" in opinion.agreeing
    asked = {(each.coefficient, each.library) for each in opinion.compared if not each.is_overall}
    assert {(LINEAR_KAPPA, "statsmodels"), (QUADRATIC_KAPPA, "statsmodels"), (KAPPAS[0], "scikit-learn")} <= asked
    assert {"AC1", "AC2", "linear AC2", "linear Scott pi", "quadratic Brennan-Prediger"} <= set(opinion.alone)
    assert ("quadratic Conger kappa" in opinion.alone[-1]) is (annotators == "abc")


def test_levels_that_are_not_evenly_apart_have_a_caution_where_weights_count():
    quadratic, unweighted = PlainRule("kappa", "quadratic", 0.8), PlainRule("kappa", "unweighted", 0.8)

    def told(levels, by, rule):
        patterns = {(0, 0): 9, (1, 1): 6, (2, 2): 7, (3, 3): 5, (0, 1): 2}
        return [each for each in dimension_report(counts_of(patterns, levels, by), rule).warnings if "evenly" in each]

    (by_position,), (by_value,) = (told(UNEVEN, by, quadratic) for by in ("position", "value"))
    assert by_position.startswith(
        "The levels 0, 1, 2, 10 are not evenly apart, and quadratic weights go by position: 2 and 10 count as no "
        "farther apart than 0 and 1."
    )
    assert by_value.endswith("go by value: 2 and 10 count as 8 times as far apart as 0 and 1.")
    assert told(UNEVEN, "position", None)[0].startswith("The levels 0, 1, 2, 10 are not evenly apart, and weighted figures")
    for levels, rule in (((0, 1, 2, 3), quadratic), ((3, 2, 1, 0), quadratic), (UNEVEN, unweighted), (tuple("abcd"), quadratic)):
        assert told(levels, "position", rule) == []


def test_rounds_weighed_otherwise_are_both_given_as_the_later_one_is():
    patterns = {f"d{n}": (n % 4, n % 4 if n % 5 else 3 - n % 4) for n in range(30)}
    rule = PlainRule("kappa", "linear", 0.8)
    before, after = (Labelled(("a", "b"), UNEVEN, rule, patterns, "ordinal", by) for by in ("position", "value"))
    found = compare(before, after, ("march", "april"))
    assert (found.judged_by, found.by, difference_in_words(found.judged)[:4]) == ("linear kappa, by value", "value", ".00 ")
    assert found.judged.before == found.judged.after and found.notes == (
        "march weighs levels by position and april by value: both are given by value, so that there is one figure to compare",
    )


def test_the_library_and_the_command_weigh_by_value(tmp_path, monkeypatch):
    monkeypatch.setenv("TOUCHSTONE_DATABASE_URL", f"sqlite:///{tmp_path}/none.db")
    rows = rows_of(UNEVEN)
    judged = {"statistic": "kappa", "weights": "linear", "threshold": 0.5}
    found = ts.agreement(rows, UNEVEN, by="value", **judged)["d"]
    assert (found.judged_by, found.as_json()["by"]) == ("kappa, linear, by value", "value")
    assert found.judged != ts.agreement(rows, UNEVEN, **judged)["d"].judged
    file = tmp_path / "labels.csv"
    file.write_text("unit,annotator,dimension,value\n" + "".join(f"{','.join(map(str, row))}\n" for row in rows))
    options = ("agreement", file, "--levels", "0,1,2,10", "--by", "value")
    assert document(*options, "--json")["dimensions"]["d"]["pairs"][0]["kappa"]["linear"] == found.judged.as_json()
    assert "kappa quadratic by value" in done(*options)
    assert "one of position and value, not 'size'" in refused("agreement", file, "--levels", "0,1,2,10", "--by", "size")
    assert "the level low is no number" in refused("agreement", file, "--levels", "low,high", "--by", "value")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"levels": ["a", "b"], "by": "value"}, "weights cannot go by value, since the level a is no number"),
        ({"levels": [], "scale": "interval", "by": "value"}, "on an ordinal scale alone, and this one is interval"),
        ({"levels": [0, 1], "by": "rank"}, "weights go by one of position and value, not 'rank'"),
        (
            {"levels": [0, 1], "by": "value", "statistic": "kappa", "weights": "unweighted", "threshold": 0.5},
            "unweighted agreement counts no distance",
        ),
    ],
)
def test_weights_that_cannot_be_are_refused(given, said):
    with pytest.raises(ValueError, match=said):
        ts.agreement([], **given)


def test_more_than_two_annotators_are_judged_by_interval_alpha_which_goes_by_value_in_either_case():
    patterns = Counter(tuple(int(level) - 1 for level in unit) for unit in RATERS[:, 1:9].T)
    rule = PlainRule("kappa", "quadratic", 0.8)
    found = [dimension_report(counts_of(patterns, UNEVEN, by), rule) for by in ("position", "value")]
    assert {each.judged_by for each in found} == {"alpha, interval"} and found[0].judged == found[1].judged
    assert found[0].overall[INTERVAL_ALPHA] == found[0].judged
    assert "Interval alpha always goes by value." in " ".join(found[0].warnings)


def test_the_names_and_places_of_all_figures_differ():
    for of_two in (True, False):
        assert len({each.printed(of_two=of_two) for each in OF_ALL}) == len(OF_ALL)
        assert len({each.path(of_two=of_two) for each in OF_ALL}) == len(OF_ALL)


def test_a_cell_says_by_value_and_is_a_dash_where_a_figure_has_no_meaning():
    patterns = {(0, 0): 9, (1, 1): 6, (2, 2): 7, (3, 3): 5, (0, 1): 2}
    by_value = dimension_report(counts_of(patterns, UNEVEN, "value"), None).pairs[0]
    assert by_value.in_words(QUADRATIC_KAPPA).endswith("] by value") and by_value.in_words(KAPPAS[0]).endswith("]")
    by_position = dimension_report(counts_of(patterns, UNEVEN), None).pairs[0]
    assert by_position.in_words(QUADRATIC_KAPPA).endswith("]")
    nominal = dimension_report(Counts("d", "nominal", UNEVEN, ("a", "b"), patterns, 29), None).pairs[0]
    assert (nominal.in_words(QUADRATIC_KAPPA), nominal.in_words(KAPPAS[0])) == ("–", by_value.in_words(KAPPAS[0]))
