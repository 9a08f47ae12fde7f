"""When a label is gold: the settled value of one draft and dimension, and where it came from."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

AGREED, ADJUDICATED, SINGLE = "agreed", "adjudicated", "single"
DISAGREEMENT, CONTESTED, SKIPPED, MISSING = "disagreement", "contested", "skipped", "missing"
CAUSES = ("rubric unclear", "slip", "missing context", "true ambiguity")  # of a disagreement, said by who adjudicates it
WAITING = (DISAGREEMENT, CONTESTED, SKIPPED, MISSING)


class CellLabel(NamedTuple):
    """One current label of a cell. `label` is its id."""

    label: int
    person: int
    annotator: str
    value: int | str
    note: str
    labelled_at: datetime


class CellDecision(NamedTuple):
    """The adjudication in force on a cell. `also_labelled`: the adjudicator had labelled this cell."""

    adjudication: int
    value: int | str
    reason: str
    cause: str
    adjudicator: str
    also_labelled: bool
    decided_at: datetime


@dataclass(frozen=True)
class Cell:
    """One draft and dimension of a closed round. `owed` counts those who were to label it, `skips` holds the reasons
    of those who skipped it. `contested`: a spot check gave another level than its labels."""

    draft_id: str
    task_id: str
    dimension: str
    labels: tuple[CellLabel, ...]
    owed: int
    skips: tuple[str, ...] = ()
    decision: CellDecision | None = None
    contested: bool = False

    @property
    def state(self) -> str:
        """adjudicated; agreed (two labels or more, all equal), or contested; disagreement; single (labelled once, as planned);
        skipped or missing (fewer than two labels where two or more were owed). The last two, disagreement
        and contested wait."""
        if self.decision:
            return ADJUDICATED
        if len(self.labels) >= 2:
            if len({label.value for label in self.labels}) > 1:
                return DISAGREEMENT
            return CONTESTED if self.contested else AGREED
        if self.owed == 1 and self.labels:
            return SINGLE
        return SKIPPED if self.skips else MISSING

    @property
    def is_lone(self) -> bool:
        """Whether it has one label as the others owed were never handed in: the round was closed early, nobody skipped it."""
        return self.state == MISSING and len(self.labels) == 1

    @property
    def as_planned(self) -> "Cell":
        """A lone cell taken as if it had been planned for one: its state is single."""
        return replace(self, owed=1) if self.is_lone else self

    @property
    def value(self) -> int | str | None:
        """The settled value; None while the cell waits."""
        if self.decision:
            return self.decision.value
        return self.labels[0].value if self.state in (AGREED, SINGLE) else None

    @property
    def sources(self) -> list[int]:
        """Ids of the labels the value came from."""
        return [label.label for label in self.labels]


class Standing(NamedTuple):
    """Of one dimension: cells by state, and settled cells by value (single ones apart)."""

    dimension: str
    by_state: dict[str, int]
    by_value: dict[Any, int]

    @property
    def waiting(self) -> int:
        return sum(self.by_state.get(state, 0) for state in WAITING)

    @property
    def settled(self) -> int:
        return self.by_state.get(AGREED, 0) + self.by_state.get(ADJUDICATED, 0)

    @property
    def adjudicated_share(self) -> float | None:
        """Adjudicated of settled cells; None when nothing is settled."""
        return self.by_state.get(ADJUDICATED, 0) / self.settled if self.settled else None


def standing(dimension: str, values: Sequence[int | str], cells: Sequence[Cell]) -> Standing:
    """Count the cells of one dimension; every declared value has a count, 0 where it does not occur."""
    by_state: dict[str, int] = {}
    by_value = dict.fromkeys(values, 0)
    for cell in cells:
        if cell.dimension == dimension:
            by_state[cell.state] = by_state.get(cell.state, 0) + 1
            if cell.state in (AGREED, ADJUDICATED) and cell.value is not None:
                by_value[cell.value] += 1
    return Standing(dimension, by_state, by_value)
