"""The delete-one jackknife (Efron and Tibshirani 1993, An Introduction to the Bootstrap, ch. 11), for intervals of few groups.

A group is what is independent of the others: a cluster of units, or a unit. The figure is computed without each group in turn;
of G groups se^2 = (G - 1) / G sum (theta_g - mean)^2, and t is the 97.5 % point of Student's t with G - 1 degrees of freedom.

1 - theta goes as a count (or a sum of squares) of disagreements, whose square root has a standard error that does not depend on
it: so the lower end is t se away on the scale of sqrt(1 - theta), at 1 - (1 - theta) (1 + x / 2)^2 with x = t se / (1 - theta).
"""

import numpy as np

from touchstone.agreement.estimation.intervals import ENDS, Array

SAME = 1e-9  # a standard error that is only the last digits of sums


def standard_error(left: Array, groups: Array | None = None) -> float:
    """From the figure without each group, `left` (K,); `groups` (K,): how many groups each stands for, one when None. nan where
    the figure is undefined without one of them."""
    times = np.ones(len(left)) if groups is None else groups
    number = times.sum()
    mean = times @ left / number
    return float(np.sqrt((number - 1) / number * (times @ (left - mean) ** 2)))


def student(groups: int) -> float:
    """t, of two groups or more."""
    from scipy.stats import t

    return float(t.ppf(ENDS[1], groups - 1))


def lower_end(value: float, error: float, groups: int) -> float:
    """Not under -1; the value itself where it is 1."""
    away = 1 - value
    return max(-1.0, 1 - away * (1 + student(groups) * error / (2 * away)) ** 2) if away > 0 else value
