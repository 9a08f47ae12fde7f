"""The forest of a report: each dimension's figure with its interval against its threshold, as rows that every picture draws.

The page draws them with Plotly, a report on paper as SVG and in characters; what stands in a row, and where the axis begins, is
decided here.
"""

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from touchstone.agreement.figure import Ends, in_words, short
from touchstone.agreement.report import DimensionReport


class ForestRow(NamedTuple):
    """One dimension. `ends` is None where the figure is undefined, and `words` then says why. Without a threshold (a retest has
    none) `threshold` and `flagged` are None."""

    title: str
    words: str
    ends: Ends | None
    threshold: float | None
    flagged: bool | None

    @property
    def said(self) -> str:
        return f"{self.title} {self.words}" + ("" if self.threshold is None else f", threshold {short(self.threshold)}")


def forest_rows(titled: Iterable[tuple[str, DimensionReport]]) -> list[ForestRow]:
    """A row for each report that has a figure to be judged, defined or not, in the order given."""
    return [
        ForestRow(
            title,
            in_words(report.judged, report.only_level),
            None if report.judged.value is None else report.judged.ends,
            report.threshold,
            report.flagged,
        )
        for title, report in titled
        if report.judged is not None
    ]


def lowest_end(rows: Sequence[ForestRow]) -> float:
    """The lowest end of an interval, or 0 where none is below it."""
    return min([0.0, *(row.ends.low for row in rows if row.ends)])


def axis_from(rows: Sequence[ForestRow]) -> float:
    """Where an axis marked in fifths begins: 0, or the fifth under the lowest end below it; -1 at the least."""
    return max(-1.0, math.floor(lowest_end(rows) * 5) / 5)
