"""What a column holds, as far as its cells tell. Of a long table some rows, evenly spread, stand for all."""

import re
from dataclasses import dataclass

from touchstone.data.table.source_table import SourceTable

CELLS_LOOKED_AT = 1_000_000
LONG, SHORT = 120, 40  # characters
MOST_VALUES = 50  # of a field that can be sliced by
MEASURED = re.compile(r"[-+]?\d*[.,]\d+")
PLAIN = re.compile(r"[\d\s.,:;/+\-TZ%€$£]+")  # numbers, dates, times


@dataclass(frozen=True)
class ColumnFacts:
    """`filled` and `rows` of those looked at; `values`: how many different ones; `words`, `phrases`: the shares of filled cells
    with two and with three words or more; `is_plain`: numbers, dates; `is_measured`: fractions among them; `examples`: the first
    different ones."""

    name: str
    rows: int
    filled: int
    values: int
    longest: int
    mean_length: float
    words: float
    phrases: float
    is_plain: bool
    is_measured: bool
    examples: tuple[str, ...]

    @property
    def could_hold_texts(self) -> bool:
        """Whether someone could want to judge, or read, what is in it: words, and mostly different ones; or long ones."""
        if not self.filled or self.is_plain:
            return False
        return (
            self.mean_length > LONG
            or (self.words >= 0.5 and 2 * self.values > self.filled)
            or (self.phrases >= 0.5 and (4 * self.values > self.filled or self.values == 1))  # a prompt beside some replies to it
        )

    @property
    def tells_apart(self) -> bool:
        """Whether it is a name for each row: filled throughout, short, each value once."""
        return self.filled == self.rows == self.values and self.longest <= SHORT and self.words < 0.5 and not self.is_measured

    @property
    def can_be_sliced_by(self) -> bool:
        """Whether it groups rows: few different values, short, most of them more than once."""
        return 2 <= self.values <= min(MOST_VALUES, max(2, self.filled // 2)) and self.longest <= SHORT


def facts_of(table: SourceTable) -> list[ColumnFacts]:
    """The facts of each column, in the table's order."""
    step = max(1, len(table.rows) * len(table.columns) // CELLS_LOOKED_AT)
    rows = table.rows[::step]
    return [_facts(name, [row.cells[place].strip() for row in rows]) for place, name in enumerate(table.columns)]


def _facts(name: str, cells: list[str]) -> ColumnFacts:
    filled = [cell for cell in cells if cell]
    different = dict.fromkeys(filled)
    many = len(filled) or 1
    return ColumnFacts(
        name,
        len(cells),
        len(filled),
        len(different),
        max(map(len, filled), default=0),
        sum(map(len, filled)) / many,
        sum(len(cell.split(None, 1)) > 1 for cell in filled) / many,
        sum(len(cell.split(None, 2)) > 2 for cell in filled) / many,
        all(PLAIN.fullmatch(cell[:LONG]) is not None for cell in filled),
        any(MEASURED.fullmatch(cell[:LONG]) is not None for cell in filled),
        tuple(list(different)[:3]),
    )
