"""What stands beside kappa: indices of prevalence and bias, PABAK, the largest kappa that the marginals allow."""

import pytest

from touchstone.agreement.coefficient import BRENNAN_PREDIGER, KAPPA
from touchstone.agreement.report import dimension_report
from touchstone.data.counts import Counts


def pair_of(table):
    cells = {(i, j): n for i, row in enumerate(table) for j, n in enumerate(row) if n}
    counts = Counts("d", "nominal", tuple(range(len(table))), ("a", "b"), cells, sum(cells.values()))
    return dimension_report(counts, None).pairs[0]


@pytest.mark.parametrize(
    ("table", "kappa", "beside"),
    [
        # Feinstein and Cicchetti 1990 (J. Clin. Epidemiol. 43: 543-549) printed the four tables and their kappas, the paradoxes
        # that Byrt, Bishop and Carlin 1993 take up. By hand, of 100 units:
        # |40 - 45|, |9 - 6|; 2 (.85) - 1; marginals 49 51, 46 54: (.97 - .5008) / .4992
        ([[40, 9], [6, 45]], 0.70, (0.05, 0.03, 0.70, 0.4692 / 0.4992)),
        # |80 - 5|, |10 - 5|; the same agreement; marginals 90 10, 85 15: (.95 - .78) / .22
        ([[80, 10], [5, 5]], 0.32, (0.75, 0.05, 0.70, 0.17 / 0.22)),
        # |45 - 15|, |15 - 25|; 2 (.60) - 1; marginals 60 40, 70 30: (.90 - .54) / .46
        ([[45, 15], [25, 15]], 0.13, (0.30, 0.10, 0.20, 0.36 / 0.46)),
        # |25 - 35|, |35 - 5|; marginals 60 40, 30 70: (.70 - .46) / .54
        ([[25, 35], [5, 35]], 0.26, (0.10, 0.30, 0.20, 0.24 / 0.54)),
    ],
)
def test_indices_of_two_levels_are_those_worked_out_by_hand(table, kappa, beside):
    pair = pair_of(table)
    assert tuple(pair.beside) == pytest.approx(beside)
    found, (prevalence, bias, pabak, _) = pair.figures[KAPPA].value, pair.beside
    assert round(found, 2) == kappa
    # Byrt, Bishop and Carlin 1993: kappa is PABAK, moved by prevalence and bias.
    assert found == pytest.approx((pabak - prevalence**2 + bias**2) / (1 - prevalence**2 + bias**2))


def test_the_largest_kappa_is_the_one_that_cohen_printed_and_pabak_of_many_levels_is_brennan_prediger():
    """Cohen 1960: marginals .60 .30 .10 and .50 .30 .20, chance .41, at most .90 on the diagonal: kappa .492, at most .831."""
    pair = pair_of([[88, 14, 18], [10, 40, 10], [2, 6, 12]])
    assert pair.figures[KAPPA].value == pytest.approx((0.70 - 0.41) / (1 - 0.41))
    assert pair.beside.max_kappa == pytest.approx((0.90 - 0.41) / (1 - 0.41)) and round(pair.beside.max_kappa, 2) == 0.83
    assert pair.beside.pabak == pair.figures[BRENNAN_PREDIGER].value == pytest.approx((3 * 0.70 - 1) / 2)
    assert (pair.beside.prevalence_index, pair.beside.bias_index) == (None, None)
    assert pair.beside.in_words == "Largest unweighted kappa with these marginals .83; PABAK (Brennan-Prediger) .55."


def test_the_same_marginals_allow_a_kappa_of_one_and_a_constant_annotator_none_over_0():
    assert pair_of([[5, 3], [3, 9]]).beside.max_kappa == 1
    assert pair_of([[7, 3], [0, 0]]).beside.max_kappa == pytest.approx(0)


def test_one_level_throughout_has_indices_and_pabak_but_no_largest_kappa():
    document = pair_of([[8, 0], [0, 0]]).as_json()
    names = ("prevalence_index", "bias_index", "pabak", "max_kappa")
    assert [document[name] for name in names] == [1, 0, 1, None]
