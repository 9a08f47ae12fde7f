"""Whose labels a round's report sets against each other.

double       its annotators
retest       one person twice: "ana (first)" (from the round it repeats) and "ana (again)"
calibration  "gold" (the key it was opened with) and its annotators, each against the gold alone; "gold, settled" where
             an annotator is called that, since a person's name holds no comma (workflow.people)
"""

from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa

from db.store import assignments as stored_assignments
from db.store import closed_rounds as stored_closed_rounds
from db.store import repeats as stored_repeats
from db.store import rounds as stored

DOUBLE, RETEST, CALIBRATION = KINDS = ("double", "retest", "calibration")


class Seated(NamedTuple):
    """One label as the report of its round counts it; `value` as stored."""

    draft_id: str
    task_id: str
    seat: str
    dimension: str
    value: str
    note: str


def seats_of(kind: str, annotators: Sequence[str]) -> tuple[str, ...]:
    """The seats of a round, in the order its patterns are counted in."""
    if kind == RETEST:
        return (f"{annotators[0]} (first)", f"{annotators[0]} (again)")
    if kind == CALIBRATION:
        taken = "gold" in {name.casefold() for name in annotators}
        return ("gold, settled" if taken else "gold", *annotators)
    return tuple(annotators)


def labels_of(connection: sa.Connection, row: sa.Row, dimension: str | None = None, *, differing: bool = False) -> list[Seated]:
    """The labels of a closed round (on one dimension) with the seat of each. `differing`: of a round of kind double only the
    labels of drafts that differ on a dimension. Raises NotYourTurn for an open round."""
    own = stored_closed_rounds.of_closed_round(
        connection, row.id, dimension=dimension, differing=differing and row.kind == DOUBLE
    )
    if row.kind == DOUBLE:
        return [_seated(each, each.annotator) for each in own]
    annotators = stored.annotators_of(connection, row.id)
    seats = seats_of(row.kind, [each.name for each in annotators])
    tasks = {cell.draft_id: cell.task_id for cell in stored_assignments.cells_of_round(connection, row.id)}
    if row.kind == RETEST:
        keys = set(stored.dimensions_of(connection, row.id))
        before = stored_closed_rounds.of_closed_round(connection, row.of_round, dimension=dimension, person=annotators[0].id)
        return [_seated(each, seats[0]) for each in before if each.draft_id in tasks and each.dimension in keys] + [
            _seated(each, seats[1]) for each in own
        ]
    key = [each for each in stored_repeats.key_of(connection, row.id) if dimension in (None, each.dimension)]
    return [
        Seated(each.draft_id, tasks[each.draft_id], seats[0], each.dimension, each.value, each.reason or "") for each in key
    ] + [_seated(each, each.annotator) for each in own]


def _seated(row: sa.Row, seat: str) -> Seated:
    return Seated(row.draft_id, row.task_id, seat, row.dimension, row.value, row.note or "")
