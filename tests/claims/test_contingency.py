"""Whether a table of labels exists: held against every table there is, for few units."""

from dataclasses import replace
from fractions import Fraction
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.properties import examples
from touchstone.claims.contingency import Marginals, TableQuestion, bounds, chances, compositions, exists, kappa_of
from touchstone.claims.rounding import read_number, whole_range

SIZES = [(1, 2), (2, 2), (3, 2), (7, 2), (4, 3), (6, 3), (4, 4)]


def possible_agreements(r: tuple[int, ...], c: tuple[int, ...]) -> list[int]:
    """Every k for which a table with these counts is found."""
    n, counts = sum(r), (Marginals(tuple(range(x, x + 1) for x in r)), Marginals(tuple(range(x, x + 1) for x in c)))
    return [k for k in range(n + 1) if exists(TableQuestion(n, len(r), range(k, k + 1), None, counts)).exists]


@cache
def tables(n: int, q: int) -> np.ndarray:
    """Every table of n units and q levels."""
    return compositions(n, q * q).reshape(-1, q, q)


@cache
def seen(n: int, q: int) -> frozenset:
    """(r, c, k, S) of every table."""
    return frozenset(
        (tuple(t.sum(1).tolist()), tuple(t.sum(0).tolist()), int(np.trace(t)), int((t.sum(1) * t.sum(0)).sum()))
        for t in tables(n, q)
    )


def printed(text: str):
    found = read_number(text)
    assert found is not None
    return found


@pytest.mark.parametrize(("n", "q"), SIZES)
def test_the_agreements_that_go_with_two_margins_are_those_of_the_tables_there_are(n, q):
    by_margins: dict = {}
    for r, c, k, _ in seen(n, q):
        by_margins.setdefault((r, c), set()).add(k)
    for (r, c), agreements in by_margins.items():
        assert possible_agreements(r, c) == sorted(agreements)


def test_one_disagreement_changes_the_margins_so_equal_margins_never_have_exactly_one():
    assert possible_agreements((3, 3), (3, 3)) == [0, 2, 4, 6]
    assert 29 not in possible_agreements((10, 10, 10), (10, 10, 10))


@pytest.mark.parametrize(("n", "q"), SIZES)
def test_no_table_is_outside_of_the_bounds(n, q):
    for _, _, k, chance in seen(n, q):
        low, high = bounds(n, q, k)
        assert low <= chance <= high
        assert bounds(n, None, k)[0] <= chance


@pytest.mark.parametrize(("n", "q"), SIZES)
def test_a_kappa_is_possible_exactly_where_some_table_has_it(n, q):
    kappas = {(k, kappa_of(n, k, chance)) for _, _, k, chance in seen(n, q)}
    for k in range(n + 1):
        there = {kappa for with_k, kappa in kappas if with_k == k and kappa is not None}
        for hundredth in range(-100, 101, 3):
            asked = printed(f"{hundredth / 100:.2f}")
            answer = exists(TableQuestion(n, q, range(k, k + 1), asked))
            assert answer.exists == any(asked.allows(kappa) for kappa in there), (k, hundredth)
            if answer.example:
                r, c, with_k = answer.example
                assert with_k == k and k in possible_agreements(r, c)
                assert asked.allows(kappa_of(n, k, sum(x * y for x, y in zip(r, c, strict=True))))


@pytest.mark.parametrize(("n", "q"), [(6, 2), (5, 3), (4, 4)])
def test_the_nearest_kappas_told_are_the_nearest_there_are(n, q):
    for k in range(n + 1):
        there = sorted({kappa_of(n, k, chance) for *_, with_k, chance in seen(n, q) if with_k == k} - {None})
        for hundredth in range(-99, 100, 9):
            asked = printed(f"{hundredth / 100:.3f}")
            answer = exists(TableQuestion(n, q, range(k, k + 1), asked))
            if answer.exists is False and answer.kappas:
                below, above = ([each for each in there if each < asked.value], [each for each in there if each > asked.value])
                assert list(answer.kappas) == [*below[-1:], *above[:1]]


@examples(150)
@given(st.data())
def test_sums_counts_and_kappa_together_are_possible_exactly_where_some_table_has_them(data):
    n, q = data.draw(st.sampled_from([(3, 2), (5, 2), (4, 3), (5, 3), (4, 4)]))
    values = tuple(range(q))
    agreements = data.draw(st.integers(0, n).map(lambda k: range(k, min(k + 2, n + 1))))
    asked = data.draw(st.none() | st.integers(-100, 100).map(lambda each: printed(f"{each / 100:.2f}")))
    sides = []
    for _ in range(2):
        sums = data.draw(st.none() | st.integers(0, n * (q - 1)).map(lambda s: range(s, s + 1)))
        counts = data.draw(
            st.none() | st.lists(st.integers(0, n), min_size=q, max_size=q).map(lambda each: tuple(range(c, c + 2) for c in each))
        )
        sides.append(Marginals(counts, sums))

    def fits(margin, side) -> bool:
        return (side.counts is None or all(x in allowed for x, allowed in zip(margin, side.counts, strict=True))) and (
            side.sums is None or sum(v * x for v, x in zip(values, margin, strict=True)) in side.sums
        )

    def has(r, c, k, chance) -> bool:
        kappa = kappa_of(n, k, chance)
        return (
            k in agreements
            and fits(r, sides[0])
            and fits(c, sides[1])
            and (asked is None or kappa is not None and asked.allows(kappa))
        )

    expected = any(has(*each) for each in seen(n, q))
    assert exists(TableQuestion(n, q, agreements, asked, tuple(sides), values)).exists == expected


@examples(80)
@given(st.integers(2, 40), st.integers(2, 5), st.data())
def test_figures_of_a_real_table_are_never_called_impossible(n, q, data):
    cells = data.draw(st.lists(st.integers(0, q * q - 1), min_size=n, max_size=n))
    table = np.bincount(cells, minlength=q * q).reshape(q, q)
    r, c, k = table.sum(1), table.sum(0), int(np.trace(table))
    kappa = kappa_of(n, k, int((r * c).sum()))
    if kappa is None:
        return
    sides = tuple(Marginals(None, range(s, s + 1)) for s in ((r * np.arange(q)).sum().item(), (c * np.arange(q)).sum().item()))
    for digits in (1, 2, 4):
        asked = TableQuestion(n, q, range(k, k + 1), printed(f"{float(kappa):.{digits}f}"), effort=0.02)
        for each in (asked, replace(asked, q=None), replace(asked, sides=sides, values=tuple(range(q)))):
            assert exists(each).exists is not False


def test_the_chances_of_a_kappa_are_those_that_print_so():
    asked = printed("0.79")
    for k in range(13):
        inside = chances(asked, 12, k)
        for chance in range(144):
            assert (chance in inside) == asked.allows(kappa_of(12, k, chance))


def test_a_kappa_of_many_units_is_found_or_excluded_by_a_bound_or_left_open_in_good_time():
    many = 10**9
    assert exists(TableQuestion(many, 4, range(893 * 10**6, 893 * 10**6 + 1), printed(".8567"))).exists is True
    assert exists(TableQuestion(many, 4, range(893 * 10**6, 893 * 10**6 + 1), printed(".90"))).exists is False
    assert exists(TableQuestion(many, None, range(many - 1, many + 1), printed("1.0000"))).exists is True


def test_with_any_number_of_levels_a_bound_alone_excludes():
    # S >= k, so 25 of 30 reach at most (750 - 25) / (900 - 25) = .8286
    assert exists(TableQuestion(30, None, range(25, 26), printed(".83"))).exists is not False
    assert exists(TableQuestion(30, None, range(25, 26), printed(".84"))).exists is False


def test_when_chance_alone_agrees_there_is_no_kappa():
    assert kappa_of(5, 5, 25) is None
    assert kappa_of(5, 5, 13) == 1
    assert exists(TableQuestion(1, 2, range(1, 2), printed("1.00"))).exists is False


def test_the_whole_numbers_that_print_as_a_share():
    assert list(whole_range(printed(".90"), 30)) == [27]
    assert list(whole_range(printed(".893"), 30)) == []
    assert list(whole_range(printed(".5"), 20)) == [9, 10, 11]
    assert Fraction(9, 20) in {Fraction(each, 20) for each in whole_range(printed(".5"), 20)}, "a tie may round either way"
