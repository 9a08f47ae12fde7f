"""What stands beside kappa of two annotators: how far their marginals alone lower or limit it.

Of a 2 x 2 table a b / c d of n units (Byrt, Bishop and Carlin 1993, J. Clin. Epidemiol. 46: 423-429; both without their sign,
which depends on the order of levels and of annotators alone):

    prevalence index    |a - d| / n     0 where both levels are equally frequent, 1 where all agree on one
    bias index          |b - c| / n     0 where the marginals are the same

    kappa = (PABAK - PI^2 + BI^2) / (1 - PI^2 + BI^2)

PABAK is 2 po - 1; of q levels (q po - 1) / (q - 1), which is Brennan-Prediger, so it is that figure and no other.

The largest kappa (Cohen 1960, Educ. Psychol. Meas. 20: 37-46, unweighted) is that of a table with the same marginals in which as
many units as can be are on the diagonal: sum_k min(n_k., n_.k).
"""

from dataclasses import replace

import numpy as np

from touchstone.agreement.coefficient import BRENNAN_PREDIGER, KAPPA
from touchstone.agreement.estimation.formulas import Patterns, points
from touchstone.agreement.estimation.intervals import Array
from touchstone.agreement.figure import BesideKappa


def beside_kappa(patterns: Patterns) -> BesideKappa:
    """Of two annotators' complete table (`formulas.patterns_of` of two seats) with a unit at least.

    The indices are None unless there are two levels; `pabak` and `max_kappa` are None where chance alone agrees always (one level
    declared, or one level given by both)."""
    q = patterns.q
    table = patterns.counts[: q * q].reshape(q, q)
    n = float(table.sum())
    prevalence, bias = None, None
    if q == 2:
        (a, b), (c, d) = table.tolist()
        prevalence, bias = abs(a - d) / n, abs(b - c) / n
    most = np.zeros(len(patterns.counts))
    most[: q * q] = _most_on_diagonal(table).ravel()
    pabak = points(patterns, [BRENNAN_PREDIGER])[BRENNAN_PREDIGER]
    largest = points(replace(patterns, counts=most), [KAPPA])[KAPPA]
    return BesideKappa(prevalence, bias, *(None if np.isnan(value) else value for value in (pabak, largest)))


def _most_on_diagonal(table: Array) -> Array:
    """(q, q): a table with the same marginals and as many units on the diagonal as can be.

    What is left of a level is left in its row or in its column, never in both, so the rest is beside the diagonal."""
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    diagonal = np.minimum(rows, columns)
    left, right = rows - diagonal, columns - diagonal
    most: Array = np.diag(diagonal) + np.outer(left, right) / max(left.sum(), 1)
    return most
