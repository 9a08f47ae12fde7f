"""Rows of cells with the line each begins on: what a CSV, a workbook and flat records are read as."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

FIRST_ROWS = 20  # a header stands among these


class TableRow(NamedTuple):
    """One row of a table; cells as they were. `line` counts from 1."""

    line: int
    cells: list[str]


IsHeader = Callable[[Sequence[str]], bool]


def as_text(value: Any) -> str:
    """A value of JSON or of a cell as the text an annotator would have typed: 3.0 is "3", true is "true", nothing is ""."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value) if isinstance(value, str | int | float) else repr(value)[:60]
