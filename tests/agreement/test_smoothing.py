"""What a draw adds to the counts, and what intervals of three annotators or more cover with it."""

import numpy as np
import pytest

from touchstone.agreement.coefficient import AC1, INTERVAL_ALPHA, KAPPA, NOMINAL_ALPHA, ORDINAL_ALPHA, PERCENT, QUADRATIC_KAPPA
from touchstone.agreement.estimation.estimates import figures
from touchstone.agreement.estimation.formulas import Patterns, draws, patterns_of, points, quantiles_of, smoothed
from touchstone.agreement.estimation.intervals import ENDS, holding
from touchstone.agreement.estimation.smoothing import MOST_PATTERNS, alike, by_distance, distances, further_unit, half_agreeing
from touchstone.agreement.verdict import verdict


def of(histogram: dict, levels: int, annotators: int = 3) -> Patterns:
    return patterns_of(histogram, range(annotators), range(levels))


def test_the_shares_of_distances_are_learned_and_even_where_nothing_was_seen():
    # By hand, 3 levels: 4 of the 6 cells beside the diagonal are one level apart, 2 are two apart.
    nothing = by_distance(3, np.zeros(3))
    assert nothing == pytest.approx(alike(3))
    # Four disagreements, all one apart: (4 + 2 * 4/6) / (4 + 2) = 8/9 one apart, 1/9 two apart, of 1 - 1/3.
    learned = by_distance(3, np.array([0.0, 4.0, 0.0]))
    assert learned.sum() == pytest.approx(1) and np.diag(learned) == pytest.approx(np.full(3, 1 / 9))
    assert learned[0, 1] == pytest.approx(2 / 3 * 8 / 9 / 4) and learned[0, 2] == pytest.approx(2 / 3 * 1 / 9 / 2)


def test_distances_count_units_and_not_labels():
    # Two units on which two of three differ by one level: two thirds of each one's pairs; one unit two levels apart.
    patterns = of({(0, 0, 1): 2, (0, 2, None): 1}, 3)
    assert distances(patterns.pairs, patterns.counts, 3) == pytest.approx([2 / 3, 4 / 3, 1])


def test_the_further_unit_agrees_with_a_chance_of_one_half_and_leaves_who_labelled_as_it_was():
    patterns = of({(0, 0, None): 3, (None, 1, 1): 1, (1, None, None): 5}, 2)
    rows, chances = further_unit(patterns.codes, patterns.counts, alike(2), np.random.default_rng(1))
    assert chances.sum() == pytest.approx(1) and len({tuple(row) for row in rows.tolist()}) == len(rows) == 8
    by_shape = {tuple(row >= 0): 0.0 for row in rows}
    agreeing = 0.0
    for row, chance in zip(rows, chances, strict=True):
        by_shape[tuple(row >= 0)] += chance
        agreeing += chance * (len(set(row[row >= 0].tolist())) == 1)
    assert by_shape == pytest.approx({(True, True, False): 3 / 4, (False, True, True): 1 / 4})
    assert agreeing == pytest.approx(1 / 2)


def test_of_more_patterns_than_can_be_listed_some_are_drawn_and_stand_for_all():
    patterns = of({(0,) * 6: 9, (6,) * 6: 3}, 7, annotators=6)
    rows, chances = further_unit(patterns.codes, patterns.counts, alike(7), np.random.default_rng(1))
    assert len(rows) == MOST_PATTERNS and (rows >= 0).all() and rows.max() == 6
    alone = [len(set(row)) == 1 for row in rows.tolist()]
    assert sum(chances[alone]) == pytest.approx(1 / 2)
    assert figures(patterns, [NOMINAL_ALPHA]) == figures(of({(6,) * 6: 3, (0,) * 6: 9}, 7, annotators=6), [NOMINAL_ALPHA])


def test_on_a_single_level_nobody_can_disagree():
    patterns = of({(0, 0, 0): 3}, 1)
    assert smoothed(patterns, NOMINAL_ALPHA).chances.sum() == pytest.approx(1)
    (percent,) = figures(patterns, [PERCENT]).values()
    assert (percent.value, percent.low, percent.high) == (1, 1, 1)


def test_smoothing_twice_is_smoothing_once_and_leaves_every_point():
    patterns = of({(0, 0, 1): 2, (1, 1, 1): 7, (2, 2, None): 4}, 3)
    once = smoothed(patterns, NOMINAL_ALPHA)
    again = smoothed(once, NOMINAL_ALPHA)
    assert (again.codes == once.codes).all() and again.chances == pytest.approx(once.chances)
    named = [NOMINAL_ALPHA, ORDINAL_ALPHA, INTERVAL_ALPHA, AC1]
    assert points(once, named) == pytest.approx(points(patterns, named))


def test_only_coefficients_that_know_distance_learn_it():
    near = {(0, 0, 1): 5, (2, 2, 2): 9, (4, 3, 4): 5}
    plain, learned = (smoothed(of(near, 5), name).chances for name in (NOMINAL_ALPHA, INTERVAL_ALPHA))
    assert plain != pytest.approx(learned)
    assert smoothed(of(near, 5), AC1).chances == pytest.approx(plain)


def test_of_two_annotators_the_upper_end_alone_learns_distances():
    pair = of({(0, 1): 3, (2, 2): 9, (1, 1): 4}, 3, annotators=2)
    for name in (QUADRATIC_KAPPA, KAPPA):
        assert smoothed(pair, name).prior == pytest.approx(np.full(9, 1 / 9))
    assert smoothed(pair, KAPPA, upper=True).prior == pytest.approx(np.full(9, 1 / 9))
    # By hand: half on the diagonal; of the rest (3 + 2 * 4/6) / (3 + 2) = 13/15 over 4 cells one level apart, 2/15 over 2.
    upper = smoothed(pair, QUADRATIC_KAPPA, upper=True).prior.reshape(3, 3)
    assert np.diag(upper) == pytest.approx(np.full(3, 1 / 6))
    assert upper[0, 1] == pytest.approx(1 / 2 * 13 / 15 / 4) and upper[0, 2] == pytest.approx(1 / 2 * 2 / 15 / 2)
    assert half_agreeing(alike(2)) == pytest.approx(np.full((2, 2), 1 / 4))

    low, middle, high = quantiles_of(pair, [QUADRATIC_KAPPA], [0.025, 0.5, 0.975])[QUADRATIC_KAPPA]
    even, learned = (np.quantile(draws(pair, [QUADRATIC_KAPPA], upper=each)[QUADRATIC_KAPPA], ENDS) for each in (False, True))
    assert low == pytest.approx(even[0]) and even[0] < middle < even[1] < high == pytest.approx(learned[1])


def verdict_of(histogram: dict) -> str | None:
    figure = figures(of(histogram, 2), [NOMINAL_ALPHA])[NOMINAL_ALPHA]
    return None if figure.value is None else verdict(figure.low, figure.high, 0.6)


def test_no_single_further_unit_turns_meets_into_below_or_back():
    rng, patterns = np.random.default_rng(4), [(i, j, k) for i in (0, 1) for j in (0, 1) for k in (0, 1)]
    seen = set()
    for units, agree in ((1, 1.0), (2, 1.0), (5, 0.9), (9, 0.2), (30, 0.97), (60, 0.1)):
        shares = [agree / 2 if len(set(pattern)) == 1 else (1 - agree) / 6 for pattern in patterns]
        histogram = dict(zip(patterns, rng.multinomial(units, shares).tolist(), strict=True))
        was = verdict_of(histogram)
        for pattern in patterns:
            more = {**histogram, pattern: histogram[pattern] + 1}
            now = verdict_of(more)
            seen.add(now)
            assert {was, now} != {"meets", "below"}
    assert seen >= {"meets", "below", "undecided"}


def covered(cells: dict, n: int, levels: int, truth: dict, tables: int = 300) -> dict:
    """The share of tables of n units whose interval holds the truth, of those on which it is defined; 500 draws each."""
    rng, patterns = np.random.default_rng(20), list(cells)
    held = {name: [] for name in truth}
    for _ in range(tables):
        numbers = rng.multinomial(n, list(cells.values()))
        histogram = {pattern: int(k) for pattern, k in zip(patterns, numbers, strict=True) if k}
        table = of(histogram, levels, annotators=len(patterns[0]))
        found = points(table, list(truth))
        for name, ends in quantiles_of(table, list(truth), ENDS, number=500).items():
            if not np.isnan(found[name]):
                low, high = holding(found[name], *ends)
                held[name].append(low <= truth[name] <= high)
    return {name: float(np.mean(each)) for name, each in held.items()}


@pytest.mark.parametrize(("common", "n"), [(0.5, 12), (0.9, 20), (0.95, 30)])
def test_intervals_of_three_who_nearly_always_agree_cover_the_true_value(common, n):
    """Each knows the level with .95, else guesses by how common the levels are: pairs agree as .9025 of knowing has it, so that
    alpha is .9025."""
    share, knows = (common, 1 - common), 0.95
    given = [[knows * (true == level) + (1 - knows) * share[level] for level in (0, 1)] for true in (0, 1)]
    cells = {
        (i, j, k): sum(share[true] * given[true][i] * given[true][j] * given[true][k] for true in (0, 1))
        for i in (0, 1)
        for j in (0, 1)
        for k in (0, 1)
    }
    agree = sum(probability * (i == j) for (i, j, _), probability in cells.items())
    chance = sum(part**2 for part in share)
    assert (agree - chance) / (1 - chance) == pytest.approx(knows**2)
    assert covered(cells, n, 2, {NOMINAL_ALPHA: knows**2})[NOMINAL_ALPHA] >= 0.90


@pytest.mark.parametrize("errors", ["near", "far"])
def test_quadratic_kappa_of_eight_levels_covers_the_true_value_whether_disagreements_are_near_or_far(errors):
    """Levels equally common. Near: a fifth of units one level apart, spread over those cells alike. Far: a tenth of units
    anywhere beside the diagonal alike. The marginals of the far one are even; the true value is by the formula, in doubles."""
    q = 8
    apart = np.abs(np.subtract.outer(np.arange(q), np.arange(q)))
    beside = apart == 1 if errors == "near" else apart > 0
    share = 0.2 if errors == "near" else 0.1
    table = np.where(beside, share / beside.sum(), 0) + np.eye(q) * (1 - share) / q
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    true = 1 - (table * apart**2).sum() / (np.outer(rows, columns) * apart**2).sum()
    cells = {(i, j): table[i, j] for i in range(q) for j in range(q) if table[i, j]}
    assert covered(cells, 30, q, {QUADRATIC_KAPPA: true}, tables=100)[QUADRATIC_KAPPA] >= 0.88
