"""The figures of two annotators: of every pair, or of one that is asked for.

Each pair's intervals take as long as those of all annotators together, and there are m (m - 1) / 2 pairs of m annotators: over
MOST_ANNOTATORS they are made when they are asked for.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from touchstone.agreement.coefficient import ALPHAS, BRENNAN_PREDIGERS, FLEISSES, GWETS, KAPPAS, PERCENT, Coefficient, on_level
from touchstone.agreement.estimation.estimates import figures, labelling_seats, table_of
from touchstone.agreement.estimation.formulas import Patterns, patterns_of
from touchstone.agreement.estimation.marginals import beside_kappa
from touchstone.agreement.estimation.seat_order import seats_by_labels
from touchstone.agreement.figure import PairReport
from touchstone.data.counts import Counts, in_own_order

OF_BOTH = (PERCENT, *FLEISSES, *KAPPAS, *GWETS, *BRENNAN_PREDIGERS)  # of a pair and of all annotators
MOST_ANNOTATORS = 20  # with more of them pairs are made when they are asked for


class Pair(NamedTuple):
    """Two annotators, and the patterns their figures are made from."""

    report: PairReport
    patterns: Patterns


def pairs_of(counts: Counts) -> Iterator[Pair]:
    """Every pair with units both labelled, in the annotators' order; none with fewer than two annotators."""
    seats = labelling_seats(counts)
    for a, b in combinations(seats, 2):
        if (made := _pair(counts, a, b, alone=len(seats) == 2)) is not None:
            yield made


def pair_of(counts: Counts, a: str, b: str) -> PairReport | None:
    """Two annotators by name, as `pairs_of` has them; None where no unit has labels of both. Raises ValueError for an annotator
    whom the counts do not have."""
    first, second = (counts.annotators.index(name) for name in (a, b))
    made = _pair(in_own_order(counts), first, second, alone=False)
    return made.report.in_order(counts.levels) if made else None


def pairs_left_out(counts: Counts, *, asked: bool) -> int:
    """How many pairs of annotators a report leaves out unless they are `asked` for."""
    annotators = len(labelling_seats(counts))
    return 0 if asked or annotators <= MOST_ANNOTATORS else annotators * (annotators - 1) // 2


def _pair(counts: Counts, a: int, b: int, *, alone: bool) -> Pair | None:
    both = {p: n for p, n in counts.patterns.items() if n and p[a] is not None and p[b] is not None}
    if not both:
        return None
    patterns = patterns_of(both, seats_by_labels(both, (a, b)), counts.levels, counts.scale, counts.by)
    found = figures(patterns, _coefficients(counts.levels, alone=alone))
    in_order = table_of(patterns) if patterns.seats == (a, b) else table_of(patterns).T
    table = tuple(tuple(row) for row in in_order.tolist())
    names = counts.annotators[a], counts.annotators[b]
    units, beside = sum(both.values()), beside_kappa(patterns)
    return Pair(PairReport(*names, units, table, found, counts.levels, beside, counts.scale, counts.by), patterns)


def _coefficients(levels: Sequence[int | str], *, alone: bool) -> tuple[Coefficient, ...]:
    """Those of a pair, with alpha where nobody else labelled."""
    return (*OF_BOTH, *map(on_level, range(len(levels))), *(ALPHAS if alone else ()))
