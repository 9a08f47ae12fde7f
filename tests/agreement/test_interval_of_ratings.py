"""The interval of interval alpha, for ratings without levels: the jackknife's joined with the bootstrap's."""

import numpy as np
import pytest

from benchmarks.coverage_of_ratings import ratings
from touchstone.agreement.estimation.interval_alpha import bootstrap, interval_alpha
from touchstone.agreement.estimation.intervals import ENDS
from touchstone.agreement.estimation.jackknife import lower_end, standard_error


def test_the_standard_error_leaves_out_one_group_at_a_time():
    """Without each of three groups .5, .7, .9: mean .7, (3 - 1) / 3 x (.04 + 0 + .04) = .16 / 3. Two groups count as one each."""
    assert standard_error(np.array([0.5, 0.7, 0.9])) == pytest.approx((0.16 / 3) ** 0.5)
    assert standard_error(np.array([0.5, 0.9]), np.array([2.0, 1.0])) == pytest.approx(standard_error(np.array([0.5, 0.5, 0.9])))


def test_the_lower_end_is_t_standard_errors_away_on_the_scale_of_a_square_root():
    """t of 11 degrees of freedom is 2.20099; .8, error .05: sqrt .2 = .44721, its error .05 / (2 x .44721) = .05590, so the end
    is 1 - (.44721 + 2.20099 x .05590)^2 = .6748."""
    assert round(lower_end(0.8, 0.05, 12), 4) == 0.6748
    assert (lower_end(1.0, 0.0, 12), lower_end(0.0, 5.0, 12)) == (1.0, -1.0)


def test_the_interval_holds_the_bootstraps_and_is_as_far_above_as_below():
    """Twelve units, two raters: the jackknife by hand is alpha of eleven units, twelve times."""
    table = ratings(np.random.default_rng(5), "normal", 12, 2, 0.5)
    found = interval_alpha(table)
    left = np.array([interval_alpha(np.delete(table, unit, axis=0)).value for unit in range(12)])
    error = ((left - left.mean()) ** 2).sum() ** 0.5  # its factor (G - 1) / G left out
    low, high = np.quantile(bootstrap(table), ENDS)
    assert found.low == pytest.approx(min(low, lower_end(found.value, error, 12)))
    assert found.high == pytest.approx(max(high, min(1, 2 * found.value - lower_end(found.value, error, 12))))


@pytest.mark.parametrize("units", [2, 12, 40])
def test_ratings_on_which_all_agree_are_no_certainty(units):
    figure = interval_alpha(np.repeat(np.arange(units, dtype=float)[:, None] ** 2, 3, axis=1))
    assert (figure.value, figure.high) == (1, 1) and figure.low < 1


def test_one_unit_that_differs_from_all_others_leaves_an_interval():
    """Without the last unit every rating is the same and alpha undefined, so nothing can be left out."""
    figure = interval_alpha(np.array([[1.0, 1], [1, 1], [1, 1], [1, 5]]))
    assert -1 <= figure.low < figure.value < figure.high <= 1
