"""Weighted kappas: whether some table has them, by trying every table where there are few enough.

A weighted kappa rests on more of the table than its margins, so the closed form of `tables` does not decide it. Two levels:
linear and quadratic kappa are the unweighted one. More: every table of n units, up to MOST_TABLES of them; beyond, not checked.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import comb

import numpy as np

from touchstone.claims.contingency import compositions
from touchstone.claims.rounding import Printed

MOST_TABLES = 200_000
POWERS = {"unweighted": 0, "linear": 1, "quadratic": 2}


def kappa_of_table(counts: Sequence[Sequence[int]], power: int, at: Sequence[int] | None = None) -> Fraction | None:
    """Weighted kappa of one square table of counts, exact; None where chance alone leaves no distance. `at`: where the levels
    stand, None by their position. The formula is that of `some_table_has`."""
    stand = range(len(counts)) if at is None else at
    rows, columns = [sum(row) for row in counts], [sum(column) for column in zip(*counts, strict=True)]
    places = [(i, j) for i in range(len(rows)) for j in range(len(rows)) if i != j]
    apart = {(i, j): abs(stand[i] - stand[j]) ** power for i, j in places}
    seen = sum(apart[i, j] * counts[i][j] for i, j in places)
    expected = sum(apart[i, j] * rows[i] * columns[j] for i, j in places)
    return 1 - Fraction(sum(rows) * seen, expected) if expected else None


def can_be_tried(n: int, q: int | None) -> bool:
    return q is not None and q <= 6 and n <= 1000 and comb(n + q * q - 1, q * q - 1) <= MOST_TABLES


def some_table_has(n: int, q: int, agreements: range, kappas: Mapping[str, Printed], at: Sequence[int] | None = None) -> bool:
    """Whether one table has all these kappas with one of these k. Only where `can_be_tried`. `at`: where the q levels stand, None
    by their position.

    kappa = 1 - sum w o / sum w e, w the distance of two levels to the power of the weighting (0 on the diagonal).
    """
    every = compositions(n, q * q).reshape(-1, q, q)
    rows, columns = every.sum(axis=2), every.sum(axis=1)
    agree = np.trace(every, axis1=1, axis2=2)
    fits = (agree >= agreements.start) & (agree < agreements.stop)
    stand = np.arange(q) if at is None else np.asarray(at, dtype=np.int64)
    apart = np.abs(np.subtract.outer(stand, stand))
    for kind, printed in kappas.items():
        weights = np.where(apart > 0, apart ** POWERS[kind], 0)
        seen = n * (every * weights).sum(axis=(1, 2))
        expected = np.einsum("ti,ij,tj->t", rows, weights, columns)
        pairs = {
            (one, other): other > 0 and printed.allows(1 - Fraction(one, other))
            for one, other in {*zip(seen[fits].tolist(), expected[fits].tolist(), strict=True)}
        }
        fits &= np.array([pairs.get(pair, False) for pair in zip(seen.tolist(), expected.tolist(), strict=True)])
    return bool(fits.any())
