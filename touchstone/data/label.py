"""A label as a value, and what must be known of its dimension to count it.

Pure Python: the page on which people label reaches this module.
"""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

UNIT_COLUMNS = ("draft_id", "task_id", "unit", "id")  # of a file of labels: the first that stands in the header names the unit
VALUE_COLUMNS = ("value", "score")
COUNTS = "counts"  # a column of exported labels: a row that says no in it is kept for the record, and no label that counts
Level = int | str
Pattern = tuple[int | None, ...]


class LabelRow(NamedTuple):
    """One row of the one long table: what `annotator` gave `unit` (a draft's id) for `dimension`."""

    unit: str
    annotator: str
    dimension: str
    value: int | str


class Scaled(Protocol):
    """What counting needs to know of a dimension; `rubric.Dimension` is one. `values` in declared order."""

    @property
    def key(self) -> str: ...
    @property
    def scale(self) -> str: ...
    @property
    def values(self) -> Sequence[int | str]: ...


def does_not_count(cell: str) -> bool:
    """Whether a cell of the column `COUNTS` says that its row is none that counts."""
    return cell.strip().casefold() == "no"
