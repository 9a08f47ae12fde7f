"""Tables of counts: how often one annotator gave each level where the other gave each."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from touchstone.claims.claim import MOST_UNITS, Levels
from touchstone.claims.contingency import kappa_of
from touchstone.claims.reading.columns import AGREEMENTS, DISAGREEMENTS, KAPPAS, PERCENT, N
from touchstone.claims.reading.parsing import Section, Table
from touchstone.claims.reading.shapes import counts_in, label_of
from touchstone.claims.rounding import read_whole
from touchstone.claims.weighted_kappa import POWERS, kappa_of_table


@dataclass(frozen=True)
class CrossTable:
    """`counts`: square, the levels in one order. `wrong`: printed totals that are no sums of their rows or columns, in words.
    `at`: where the levels stand for weights, None by their position; `is_open`: that is by their values, which are not known."""

    line: int
    heading: str
    section: Section
    counts: tuple[tuple[int, ...], ...]
    wrong: tuple[str, ...] = ()
    at: tuple[int, ...] | None = None
    is_open: bool = False

    @cached_property
    def n(self) -> int:
        return sum(map(sum, self.counts))

    @property
    def agreements(self) -> int:
        return sum(row[place] for place, row in enumerate(self.counts))

    def value(self, figure: str) -> Fraction | None:
        """What the counts give for a figure; None where it is undefined or not of this kind."""
        if figure in KAPPAS:
            kind = figure.removeprefix("kappa ")
            rows, columns = [sum(row) for row in self.counts], [sum(column) for column in zip(*self.counts, strict=True)]
            chance = sum(one * other for one, other in zip(rows, columns, strict=True))
            if kind == "unweighted":
                return kappa_of(self.n, self.agreements, chance)
            return kappa_of_table(self.counts, POWERS[kind], self.at)
        return {
            N: Fraction(self.n),
            PERCENT: Fraction(self.agreements, self.n),
            AGREEMENTS: Fraction(self.agreements),
            DISAGREEMENTS: Fraction(self.n - self.agreements),
        }.get(figure)


def cross_table(table: Table, levels: Levels | None = None, *, by_value: bool = False) -> CrossTable | None:
    """The counts of a table of the kind COUNTS; None where they are too many to be of units. `levels`: as a person gave them;
    `by_value`: the text says that weights go by the values of levels."""
    rows = [cells for _, cells in table.rows]
    found = counts_in(table.columns, rows)
    if found is None:
        return None
    at_rows, at_columns = found
    counts = tuple(tuple(read_whole(rows[row][column]) or 0 for column in at_columns) for row in at_rows)
    if not 1 <= sum(map(sum, counts)) <= MOST_UNITS:
        return None
    wrong = tuple(_wrong_totals(table, rows, at_rows, at_columns))
    at = levels.at if levels and levels.number == len(counts) else None
    return CrossTable(table.line, table.heading, table.section, counts, wrong, at, by_value and at is None)


def _wrong_totals(table: Table, rows: Sequence[Sequence[str]], at_rows: Sequence[int], at_columns: Sequence[int]) -> list[str]:
    wrong = list[str]()
    sums_right = [place for place in range(1, len(table.columns)) if place not in at_columns]
    if sums_right and len(at_rows) < len(rows):
        below = next(cells for place, cells in enumerate(rows) if place not in at_rows)
        every = [rows[row][column] for row in at_rows for column in at_columns]
        wrong += _wrong_total("all cells", every, below[sums_right[-1]])
    for place in range(1, len(table.columns)):
        if place not in at_columns and not label_of(table.columns[place].header):
            for row in at_rows:
                wrong += _wrong_total(rows[row][0], [rows[row][column] for column in at_columns], rows[row][place])
    for place, cells in enumerate(rows):
        if place not in at_rows:
            for column in at_columns:
                wrong += _wrong_total(table.columns[column].header, [rows[row][column] for row in at_rows], cells[column])
    return wrong


def _wrong_total(name: str, parts: Sequence[str], total: str) -> list[str]:
    printed, exact = read_whole(total), sum(read_whole(part) or 0 for part in parts)
    return [] if printed in (None, exact) else [f"the counts of {name.strip('*` ')} add up to {exact:,}, not {printed:,}"]
