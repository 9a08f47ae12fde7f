"""Coefficients of the counts with their intervals, or the reason why one is undefined; and which one a rule is about.

A point kappa of a pair is statsmodels'; the rest, and all draws of the intervals, are `formulas`.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from touchstone.agreement.coefficient import INTERVAL_ALPHA, KAPPAS, NOMINAL_ALPHA, ORDINAL_ALPHA, Coefficient
from touchstone.agreement.estimation.formulas import Patterns, are_numbers, patterns_of, points, quantiles_of
from touchstone.agreement.estimation.intervals import ENDS, holding
from touchstone.agreement.estimation.seat_order import seats_by_labels
from touchstone.agreement.figure import AgreementRule, Figure, Level, undefined
from touchstone.data.counts import Counts, in_own_order


def judged_coefficient(counts: Counts, rule: AgreementRule) -> Coefficient:
    """The coefficient that the rule is about, for those who labelled."""
    return judged_on(rule, len(labelling_seats(counts)), counts.levels, counts.scale)


def judged_on(rule: AgreementRule, annotators: int, levels: Sequence[Level], scale: str) -> Coefficient:
    """The coefficient a rule is about when so many people labelled: alpha for more than two, by the rule's weights. A nominal
    scale knows no weights, whatever the rule says."""
    weights = weights_on(scale, rule)
    if rule.statistic == "kappa" and annotators <= 2:
        return Coefficient("kappa", weights)
    if weights == "quadratic" and are_numbers(levels):
        return INTERVAL_ALPHA
    return NOMINAL_ALPHA if weights == "unweighted" else ORDINAL_ALPHA


def weights_on(scale: str, rule: AgreementRule) -> str:
    """The weights that a rule has on a scale: on a nominal one none."""
    return "unweighted" if scale == "nominal" else rule.weights


def figures(patterns: Patterns, coefficients: Sequence[Coefficient]) -> dict[Coefficient, Figure]:
    """The coefficients with their intervals, or the reason why one is undefined."""
    n = int(patterns.counts[patterns.given >= 2].sum())
    told = [each for each in coefficients if patterns.at is not None or not each.knows_distance]
    reasons: dict[Coefficient, str | None] = dict.fromkeys(coefficients, "nominal scale")
    if n == 0:
        reasons |= dict.fromkeys(told, "no overlap")
        return {coefficient: undefined(reason or "") for coefficient, reason in reasons.items()}
    values = points(patterns, told) | _library_kappas(patterns, told)
    reasons |= {coefficient: _why_undefined(patterns, coefficient, values[coefficient]) for coefficient in told}
    ends = intervals(patterns, {coefficient: values[coefficient] for coefficient in told if reasons[coefficient] is None})
    return {
        coefficient: undefined(reason, n) if reason else Figure(values[coefficient], *ends[coefficient], n, None)
        for coefficient, reason in reasons.items()
    }


def intervals(patterns: Patterns, values: Mapping[Coefficient, float]) -> dict[Coefficient, tuple[float, float]]:
    """Low and high of each coefficient, widened to hold its point in `values`; see `intervals`, the module.

    What is drawn says `smoothing`: also where all agree the interval is no point.
    """
    if not values:
        return {}
    ends = quantiles_of(patterns, tuple(values), ENDS)
    return {coefficient: holding(value, *ends[coefficient]) for coefficient, value in values.items()}


def patterns_behind(counts: Counts, coefficient: Coefficient) -> Patterns | None:
    """What the figure is made from: every pattern, for a kappa of two those that both labelled. None with
    fewer than two annotators, or without a unit that has two labels. Of a nominal scale whatever the order of its levels."""
    counts = in_own_order(counts)
    seats = labelling_seats(counts)
    if len(seats) < 2 or not counts.units_with_two:
        return None
    only_both = coefficient.family == "kappa" and len(seats) == 2
    kept = {p: n for p, n in counts.patterns.items() if not only_both or all(p[seat] is not None for seat in seats)}
    return patterns_of(kept, seats_by_labels(kept, seats), counts.levels, counts.scale, counts.by)


def labelling_seats(counts: Counts) -> list[int]:
    """The places of annotators who gave a label."""
    seen = [pattern for pattern, n in counts.patterns.items() if n]
    return [seat for seat in range(len(counts.annotators)) if any(p[seat] is not None for p in seen)]


def table_of(patterns: Patterns) -> NDArray[np.int64]:
    """The q x q table of two annotators; its cells come first and in order (see `patterns_of`)."""
    q = patterns.q
    return patterns.counts[: q * q].astype(np.int64).reshape(q, q)


def _library_kappas(patterns: Patterns, coefficients: Sequence[Coefficient]) -> dict[Coefficient, float]:
    """Cohen's kappas by statsmodels, for two annotators with complete pairs, where kappa is defined; those that weigh by the
    values of levels are `formulas`' own."""
    by_position = patterns.at is None or patterns.at == tuple(range(patterns.q))
    wanted = [each for each in coefficients if each in KAPPAS and (by_position or not each.knows_distance)]
    complete = patterns.codes.shape[1] == 2 and len(patterns.codes) == patterns.q**2
    if not wanted or not complete or _constant(patterns):
        return {}
    from statsmodels.stats.inter_rater import cohens_kappa

    table, positions = table_of(patterns), np.arange(patterns.q)

    def kappa(kind: str) -> float:
        # By position among the declared levels: of 1-d weights statsmodels makes |i - j| or (i - j)^2.
        weights = {} if kind == "unweighted" else {"weights": positions, "wt": kind}
        return float(cohens_kappa(table, return_results=False, **weights))

    return {coefficient: kappa(coefficient.kind) for coefficient in wanted}


def _constant(patterns: Patterns) -> bool:
    """Whether some annotator gave one level throughout."""
    given = np.tensordot(patterns.counts, patterns.chosen, axes=1) > 0
    return bool((given.sum(axis=1) == 1).any())


def _why_undefined(patterns: Patterns, coefficient: Coefficient, value: float) -> str | None:
    if coefficient == INTERVAL_ALPHA and patterns.numbers is None:
        return "levels are not numbers"
    if coefficient.family == "level":
        return "no data" if np.isnan(value) else None
    # With one of two annotators constant, pa = pe whatever the other gave: the 0 says nothing of the labels.
    constant = coefficient.family == "kappa" and patterns.codes.shape[1] == 2 and _constant(patterns)
    if not np.isnan(value) and not constant:
        return None
    if coefficient.family in ("kappa", "alpha") and patterns.counts[patterns.given >= 2].sum() == 1:
        return "one unit"
    if not np.isnan(value):
        return "annotator constant"
    given = (patterns.counts @ patterns.shares > 0).sum()
    return "single level" if given == 1 else "pairs at one level"
