"""More published tables with the values printed for them, met by the report the pages read; and by two other libraries, given
the raw labels, so that a slip in copying a table is not taken for a fault."""

import krippendorff
import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import aggregate_raters, cohens_kappa, fleiss_kappa

from touchstone.agreement.coefficient import FLEISS, INTERVAL_ALPHA, KAPPA, LINEAR_KAPPA, NOMINAL_ALPHA
from touchstone.agreement.label_table import agreement
from touchstone.agreement.report import dimension_report
from touchstone.data.bulk_counts import MISSING, patterns_of_codes
from touchstone.data.counts import Counts

# Source, table or labels by annotator (None: missing), figure, value as printed, half a unit of its last digit.
PUBLISHED = [
    # Fleiss (1981) Statistical Methods for Rates and Proportions, 2nd ed., table 13.1: two clinicians, 100 patients
    ([[75, 1, 4], [5, 4, 1], [0, 0, 10]], KAPPA, 0.68, 0.005),
    # Landis & Koch (1977) Biometrics 33:159, New Orleans; values as in R's vcd
    ([[5, 3, 0, 0], [3, 11, 4, 0], [2, 13, 3, 4], [1, 2, 4, 14]], KAPPA, 0.2965, 5e-5),
    ([[5, 3, 0, 0], [3, 11, 4, 0], [2, 13, 3, 4], [1, 2, 4, 14]], LINEAR_KAPPA, 0.4773, 5e-5),
    # Agresti (2002) Categorical Data Analysis, 2nd ed., table 10.8: two pathologists, 118 slides
    ([[22, 2, 2, 0], [5, 7, 14, 0], [0, 2, 36, 0], [0, 1, 17, 10]], KAPPA, 0.493, 5e-4),
    # Wikipedia, Cohen's kappa: fifty grant proposals; the same percentage and different marginals
    ([[20, 5], [10, 15]], KAPPA, 0.4, 1e-9),
    ([[25, 35], [5, 35]], KAPPA, 0.2593, 5e-5),
]
LABELS = [
    # Krippendorff (2011), section B: Meg and Owen, five values
    (["aabbdcccedda", "babbbccceddd"], NOMINAL_ALPHA, 0.692, 5e-4),
    # Wikipedia, Krippendorff's alpha: three coders, fifteen units, missing labels
    (["*****341211 33*3".replace(" ", ""), "1*213343*******", "**21344*21133*4"], NOMINAL_ALPHA, 0.691, 5e-4),
    (["*****341211 33*3".replace(" ", ""), "1*213343*******", "**21344*21133*4"], INTERVAL_ALPHA, 0.811, 5e-4),
]


def codes_of_table(table) -> np.ndarray:
    """(units, 2)."""
    return np.array([(i, j) for i, row in enumerate(table) for j, n in enumerate(row) for _ in range(n)], dtype=np.uint8)


def codes_of_labels(labels, levels) -> np.ndarray:
    """(units, annotators), MISSING where there is a star."""
    return np.array([[MISSING if each == "*" else levels.index(each) for each in whose] for whose in labels], np.uint8).T


def report_of(codes, levels):
    patterns = patterns_of_codes(codes, len(levels))
    names = tuple(f"r{seat}" for seat in range(codes.shape[1]))
    return dimension_report(Counts("d", "ordinal", tuple(levels), names, patterns, sum(patterns.values())), None)


@pytest.mark.parametrize(("table", "name", "value", "tolerance"), PUBLISHED)
def test_published_kappas_are_met_by_the_report_by_scikit_learn_and_by_statsmodels(table, name, value, tolerance):
    codes = codes_of_table(table)
    weights = {KAPPA: None, LINEAR_KAPPA: "linear"}[name]
    how = {"weights": np.arange(len(table)), "wt": weights} if weights else {}
    found = report_of(codes, range(len(table))).pairs[0].figures[name].value
    assert found == pytest.approx(value, abs=tolerance)
    assert found == pytest.approx(cohen_kappa_score(*codes.T, labels=range(len(table)), weights=weights), abs=1e-12)
    assert found == pytest.approx(cohens_kappa(np.array(table), return_results=False, **how), abs=1e-12)


@pytest.mark.parametrize(("labels", "name", "value", "tolerance"), LABELS)
def test_published_alphas_are_met_by_the_report_and_by_krippendorff(labels, name, value, tolerance):
    levels = sorted(set("".join(labels)) - {"*"})
    codes = codes_of_labels(labels, levels)
    found = report_of(codes, range(1, len(levels) + 1)).overall[name].value
    theirs = krippendorff.alpha(
        np.where(codes == MISSING, np.nan, codes.astype(float)).T, level_of_measurement=name.kind, value_domain=range(len(levels))
    )
    assert found == pytest.approx(value, abs=tolerance)
    assert found == pytest.approx(theirs, abs=1e-12)


def test_fleiss_kappa_of_two_is_scotts_pi_as_artstein_and_poesio_print_it():
    """Artstein & Poesio (2008) Comput Linguist 34:555, table 1: pi .7995 of two coders and a hundred utterances."""
    codes = codes_of_table([[46, 0, 0], [6, 32, 6], [0, 0, 10]])
    found = report_of(codes, range(3)).pairs[0].figures[FLEISS].value
    assert found == pytest.approx(0.7995, abs=5e-5)
    assert found == pytest.approx(fleiss_kappa(aggregate_raters(codes, 3)[0]), abs=1e-12)


FOUR_RATERS = "11-1 2232 3333 3333 2222 1234 4444 1121 2222 -555 --11 --3-"  # a unit a word, a dash where there is no label
SIX_RATERS = "00060 03003 01401 00006 03030 20400 00402 20310 20040 00006 10050 11040 03300 10050 02031"  # labels on each level


@pytest.mark.parametrize(
    ("units", "published"),
    [
        pytest.param(
            FOUR_RATERS.split(),
            {"percent": 0.8181818, "ac1": 0.77544, "fleiss": 0.76117, "conger": 0.76282, "bp": 0.77273, "alpha": 0.74342},
            id="cac.raw4raters",
        ),
        pytest.param(
            ["".join(str(level + 1) * int(number) for level, number in enumerate(each)) for each in SIX_RATERS.split()],
            {"percent": 0.5511111, "ac1": 0.4448007, "fleiss": 0.4139265, "bp": 0.4388889, "alpha": 0.4204384},
            id="distrib.6raters",
        ),
    ],
)
def test_figures_of_many_raters_are_those_that_irrcac_publishes(units, published):
    """Data sets of the R package irrCAC 1.0 (Gwet 2019) on five levels, with the values that its README prints."""
    rows = [
        (str(unit), str(rater), "d", int(level))
        for unit, labels in enumerate(units)
        for rater, level in enumerate(labels)
        if level != "-"
    ]
    overall = agreement(rows, levels=range(1, 6))["d"].as_json()["overall"]
    for name, value in published.items():
        found = overall["alpha"]["nominal"] if name == "alpha" else overall[name]
        assert found["value"] == pytest.approx(value, abs=6e-6), name
