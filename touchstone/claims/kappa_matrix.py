"""A published matrix of kappas between dimensions, beside what the labels give.

Such a kappa is of one annotator's labels on two dimensions of the same units, and a matrix seldom says whose. So it is never
marked: how many of its figures some annotator's labels give, or all labels together, is told in words.
"""

from collections import Counter

import numpy as np

from touchstone.agreement.coefficient import KAPPA
from touchstone.agreement.estimation.formulas import patterns_of, points
from touchstone.claims.reading.parsing import Table
from touchstone.claims.rounding import Printed, read_number
from touchstone.claims.verification import DimensionLabels, ReferenceLabels
from touchstone.data.label import Pattern
from touchstone.english import listed, many


def matrix_in_words(table: Table, labels: ReferenceLabels) -> str:
    """ "" where fewer than two of the matrix's names are dimensions of the labels on the same levels."""
    found: list[tuple[DimensionLabels, DimensionLabels, Printed, dict[str, float]]] = []
    across = [labels.dimension(column.header) for column in table.columns]
    for place, (_, cells) in enumerate(table.rows):
        row = labels.dimension(cells[0])
        for column, other in enumerate(across[1:], start=1):
            printed = read_number(cells[column])
            if row and other and printed and row is not other and column > place + 1 and row.counts.levels == other.counts.levels:
                found.append((row, other, printed, _kappas(labels, row, other)))
    if not found:
        return ""
    given = [
        printed
        for _, _, printed, values in found
        if any(printed.low - 1e-9 <= value <= printed.high + 1e-9 for value in values.values())
    ]
    row, other, printed, values = max(found, key=lambda each: each[2].value)
    told = listed([f"{who} {value:.2f}" for who, value in values.items()])
    which = f"{len(given)} of its {many(len(found), 'figure')} above the diagonal {'is' if len(given) == 1 else 'are'}"
    return (
        f"{which} a kappa of the labels (made by {labels.made_by}) of one annotator, or of all, on two dimensions; {row.key} "
        f"and {other.key}, printed {printed.text}: {told or 'undefined'}"
    )


def _kappas(labels: ReferenceLabels, row: DimensionLabels, other: DimensionLabels) -> dict[str, float]:
    """By annotator and over all, where it is defined."""
    each = {
        name: Counter((row.units[unit][seat], other.units[unit][seat]) for unit in row.units if unit in other.units)
        for seat, name in enumerate(labels.annotators)
    }
    made: dict[str, float] = {}
    for name, pairs in (*each.items(), ("all", sum(each.values(), Counter()))):
        both: dict[Pattern, int] = {pair: n for pair, n in pairs.items() if None not in pair}
        if both:
            value = points(patterns_of(both, (0, 1), row.counts.levels), [KAPPA])[KAPPA]
            made |= {name: value} if np.isfinite(value) else {}
    return made
