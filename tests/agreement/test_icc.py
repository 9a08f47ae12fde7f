"""Intraclass correlations: the published example, a second opinion on the mean squares, and thin data."""

import numpy as np
import pandas
import pytest
from statsmodels.formula.api import ols
from statsmodels.stats.anova import anova_lm

import touchstone as ts
from tests.support.commands import document, done
from touchstone.agreement.estimation.icc import ICCS, icc_of_ratings, mean_squares
from touchstone.agreement.figure import in_words
from touchstone.agreement.label_table import agreement
from ui.agreement import report_tables

# Shrout and Fleiss 1979, table 2: six targets, four judges.
SHROUT_AND_FLEISS = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], dtype=float)
HEADER = "unit,annotator,dimension,value\n"


def rows_of(table):
    return [(f"u{unit}", f"r{who}", "d", value) for (unit, who), value in np.ndenumerate(table) if not np.isnan(value)]


def three(icc, name):
    return tuple(round(each, 3) for each in icc.figures[name].ends)


def test_the_published_example_has_its_published_values_and_intervals():
    """Printed: .29, .62, .71, .91 (Shrout and Fleiss, table 4). Intervals as McGraw and Wong's formulas give them by hand for
    MSR 11.242, MSC 32.486, MSE 1.019; of ICC(3,1) F is 11.027, F.975(5, 15) 3.576 and F.975(15, 5) 6.428: (3.083 - 1) / (3.083
    + 3)."""
    icc = icc_of_ratings(SHROUT_AND_FLEISS)
    assert [round(icc.figures[name].value, 2) for name in ICCS] == [0.29, 0.62, 0.71, 0.91]
    assert three(icc, "ICC(3,1)") == (0.715, 0.342, 0.946)
    assert three(icc, "ICC(3,k)") == (0.909, 0.676, 0.986)
    assert three(icc, "ICC(2,1)") == (0.290, 0.019, 0.761)
    assert three(icc, "ICC(2,k)") == (0.620, 0.071, 0.927)
    assert (icc.units, icc.left_out, icc.annotators) == (6, 0, 4)


def test_the_mean_squares_are_those_of_statsmodels():
    table = SHROUT_AND_FLEISS
    long = pandas.DataFrame([(*cell, value) for cell, value in np.ndenumerate(table)], columns=["unit", "who", "value"])
    squares = anova_lm(ols("value ~ C(unit) + C(who)", long).fit())["mean_sq"]
    ours = mean_squares(table, np.ones(len(table)))
    assert np.array(ours[:3]) / ours.error == pytest.approx(squares.to_numpy() / squares["Residual"])


def test_levels_that_are_numbers_have_the_same_as_ratings_and_units_without_a_rating_are_counted():
    table = SHROUT_AND_FLEISS.copy()
    twice = np.vstack([table, table, [[1, np.nan, 3, 4]]])
    of_levels = ts.agreement([(*row[:3], int(row[3])) for row in rows_of(twice)], levels=range(1, 11))["d"]
    of_ratings = ts.agreement(rows_of(twice), scale="interval")["d"]
    assert of_levels.icc.left_out == of_ratings.icc.left_out == 1 and of_levels.icc.units == 12
    for name in ICCS:
        assert of_levels.icc.figures[name].ends == pytest.approx(of_ratings.icc.figures[name].ends)
    assert of_levels.as_json()["icc"]["ICC(2,1)"]["value"] == of_levels.icc.figures["ICC(2,1)"].value


@pytest.mark.parametrize("size", [1e-300, 1.0, 1e300])
def test_no_icc_depends_on_the_unit_or_the_zero(size):
    plain = icc_of_ratings(SHROUT_AND_FLEISS)
    for table in (SHROUT_AND_FLEISS * size, SHROUT_AND_FLEISS + 1e6):
        for name in ICCS:
            assert icc_of_ratings(table).figures[name].ends == pytest.approx(plain.figures[name].ends, rel=1e-6)


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ([[None, None]] * 3, "no data"),
        ([[1, None], [2, None]], "one annotator"),
        ([[1, 2], [None, 3]], "fewer than two complete units"),
        ([[3, 3]] * 4, "single level"),
    ],
)
def test_undefined_has_a_reason(table, reason):
    icc = icc_of_ratings(np.array(table, dtype=float))
    assert {(figure.value, figure.reason) for figure in icc.figures.values()} == {(None, reason)}


def test_without_any_error_the_interval_says_nothing_and_a_warning_says_so():
    """Judges a constant apart: consistent, not in absolute agreement. MSR 8, MSC 37.5, MSE 0, n 3:
    ICC(2,1) = 8 / (8 + 2 x 37.5 / 3)."""
    apart = ts.agreement(rows_of(np.array([[1.0, 6], [3, 8], [5, 10]])), scale="interval")["d"]
    assert apart.icc.figures["ICC(3,1)"].value == 1
    assert apart.icc.figures["ICC(2,1)"].value == pytest.approx(8 / (8 + 2 * 37.5 / 3))
    assert "does not say how sure" in apart.as_json()["warnings"][0]
    agreeing = icc_of_ratings(np.array([[1.0, 1], [3, 3], [5, 5]]))
    assert {figure.value for figure in agreeing.figures.values()} == {1}


def test_units_that_do_not_differ_have_no_icc_of_means():
    """Every unit has the mean 2: MSR is 0, and the mean of two ratings says nothing of a unit."""
    icc = icc_of_ratings(np.array([[1.0, 3], [3, 1], [1, 3], [3, 1]]))
    assert icc.figures["ICC(3,1)"].value == pytest.approx(-1)
    assert icc.figures["ICC(3,k)"].reason == "no spread between units"


def test_a_nominal_scale_has_none_and_words_say_why():
    rows = [("u1", "a", "d", "x"), ("u1", "b", "d", "y"), ("u2", "a", "d", "y"), ("u2", "b", "d", "y")]
    assert ts.agreement(rows, levels=["x", "y"], scale="nominal")["d"].as_json()["icc"] is None
    assert ts.agreement(rows, levels=["x", "y"])["d"].icc.figures["ICC(2,1)"].reason == "levels are not numbers"


def test_the_command_prints_them_in_a_line_and_in_its_json(tmp_path):
    file = tmp_path / "ratings.csv"
    file.write_text(HEADER + "".join(f"{','.join(map(str, row))}\n" for row in rows_of(SHROUT_AND_FLEISS)))
    said = " ".join(done("agreement", file, "--scale", "interval").split())
    assert "ICC(2,1) .29 [.02, .76], ICC(2,4) .62 [.07, .93], ICC(3,1) .71 [.34, .95], ICC(3,4) .91 [.68, .99]" in said
    assert "of 6 complete units by 4 annotators" in said
    made = document("agreement", file, "--scale", "interval", "--json")["dimensions"]["d"]["icc"]
    assert list(made) == ["annotators", "units", "left_out", *ICCS]


def test_the_page_and_the_papers_have_the_rows_that_the_terminal_has():
    """One rating and the mean of three, of four units; the number of annotators stands for k."""
    rows = [("d1", "a", 0), ("d1", "b", 0), ("d1", "c", 1), ("d2", "a", 1), ("d2", "b", 1), ("d2", "c", 1)]
    rows += [("d3", "a", 2), ("d3", "b", 2), ("d3", "c", 2), ("d4", "a", 0), ("d4", "b", 2)]
    labels = [{"unit": unit, "annotator": who, "dimension": "d", "value": value} for unit, who, value in rows]
    icc = agreement(labels, levels=[0, 1, 2])["d"].icc
    assert [name for name, _ in icc.rows] == ["ICC(2,1)", "ICC(2,3)", "ICC(3,1)", "ICC(3,3)"]
    assert icc.basis == "3 complete units by 3 annotators, 1 without a rating of everyone left out"
    header, cells = report_tables.intraclass(icc)
    assert len(header) == 2 and [cell for _, cell in cells] == [in_words(figure) for _, figure in icc.rows]
    words = agreement([label | {"value": ["no", "yes", "so"][label["value"]]} for label in labels], levels=["no", "yes", "so"])
    assert not words["d"].icc.is_shown
