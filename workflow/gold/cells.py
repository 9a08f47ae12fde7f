"""The cells of a closed round: each with its labels and its decision, all of them or some; and how many there are of which."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import sqlalchemy as sa

from db.store import adjudications as stored_adjudications
from db.store import assignments as stored_assignments
from db.store import chunks
from db.store import closed_rounds as stored_closed_rounds
from db.store.closing import cells as stored_cells
from db.store.closing.cells import LONE
from db.store.releasing import spot_checks as stored_spot_checks
from touchstone.data.gold import (
    ADJUDICATED,
    AGREED,
    CONTESTED,
    DISAGREEMENT,
    MISSING,
    SINGLE,
    Cell,
    CellDecision,
    CellLabel,
    Standing,
)
from touchstone.rubric.model import Rubric
from workflow.rounds.rounds import Round, closed_round, refuse_without_gold
from workflow.rubric.levels import declared, level_of, scales_of

DRAFTS_AT_ONCE = 1_000


def round_with_cells(connection: sa.Connection, round_name: str) -> Round:
    """The round of that name, closed, its cells to be settled. Raises NotYourTurn for an open round, Refused for one whose
    labels are never gold."""
    found = closed_round(connection, round_name)
    refuse_without_gold(found)
    return found


def cells_of(
    connection: sa.Connection, found: Round, rubric: Rubric, draft_id: str | None = None, ids: Sequence[int] | None = None
) -> list[Cell]:
    """Every cell of a closed round (of one draft, of drafts of these ids) that is not held back from the reader, by draft and
    then in the rubric's order. Refuses an open round."""
    labels: dict[tuple[str, str], list[CellLabel]] = {}
    for row in stored_closed_rounds.of_closed_round(connection, found.id, draft_id=draft_id, ids=ids):
        value = level_of(declared(rubric, row.dimension), row.value)
        labels.setdefault((row.draft_id, row.dimension), []).append(
            CellLabel(row.label, row.person, row.annotator, value, row.note or "", row.labelled_at)
        )
    decisions = {
        (row.draft_id, row.dimension): CellDecision(
            row.id,
            level_of(declared(rubric, row.dimension), row.value),
            row.reason,
            row.cause,
            row.adjudicator,
            row.also_labelled,
            row.decided_at,
        )
        for row in stored_adjudications.adjudications_of(connection, found.id, draft_id, ids)
    }
    contested = {(row.draft_id, row.dimension) for row in stored_spot_checks.contested_cells(connection, found.id)}
    owed: dict[str, list[sa.Row]] = {}
    for row in stored_assignments.cells_of_round(connection, found.id, draft_id=draft_id, ids=ids):
        owed.setdefault(row.draft_id, []).append(row)
    return [
        Cell(
            draft,
            rows[0].task_id,
            key,
            tuple(labels.get((draft, key), ())),
            len(rows),
            tuple(row.skip_reason or "" for row in rows if row.state == "skipped"),
            decisions.get((draft, key)),
            (draft, key) in contested,
        )
        for draft, rows in owed.items()
        for key in found.dimensions
    ]


class SomeCells(NamedTuple):
    """All cells of some drafts (ids) of a closed round."""

    ids: Sequence[int]
    cells: list[Cell]


def cells_by_draft(connection: sa.Connection, found: Round, rubric: Rubric) -> Iterator[SomeCells]:
    """As `cells_of`, some drafts at a time: no more of a round is in hand. Refuses an open round."""
    for ids in chunks(stored_assignments.drafts_in_order(connection, found.id), DRAFTS_AT_ONCE):
        yield SomeCells(ids, cells_of(connection, found, rubric, ids=ids))


class Counted(NamedTuple):
    """The cells of a closed round, counted: by dimension; and how many of them are lone, which wait all the same."""

    standings: tuple[Standing, ...]
    lone: int


def counted_cells(connection: sa.Connection, found: Round, rubric: Rubric) -> Counted:
    """As `standing` counts `cells_of`, without making a cell of each: from what was kept at closing, and what was decided or
    contested since. Refuses an open round."""
    scales = scales_of(rubric, found.dimensions)
    by_state: dict[str, dict[str, int]] = {key: {} for key in found.dimensions}
    by_value = {key: dict.fromkeys(declared(rubric, key).values, 0) for key in found.dimensions}
    lone = 0

    def add(key: str, state: str, value: str, cells: int) -> None:
        by_state[key][state] = by_state[key].get(state, 0) + cells
        if state in (AGREED, ADJUDICATED):
            by_value[key][level_of(declared(rubric, key), value)] += cells

    for (key, state, value), cells in stored_cells.counts_of_cells(connection, found.id, scales).items():
        lone += cells if state == LONE else 0
        add(key, MISSING if state == LONE else state, value, cells)
    waiting = stored_cells.waiting_of(connection, found.id, scales)
    for each in stored_cells.decided_of(connection, found.id, waiting):
        add(each.dimension, ADJUDICATED, each.value, each.cells)
        if each.was is not None:
            lone -= each.cells if each.was == LONE else 0
            add(each.dimension, MISSING if each.was == LONE else each.was, "", -each.cells)
    for cell in touched_cells(connection, found, rubric, waiting):
        add(cell.dimension, AGREED if len(cell.labels) > 1 else SINGLE, str(cell.labels[0].value), -1)
        if not cell.decision:
            add(cell.dimension, CONTESTED, "", 1)
    by = {key: {state: cells for state, cells in states.items() if cells} for key, states in by_state.items()}
    return Counted(tuple(Standing(key, by[key], by_value[key]) for key in found.dimensions), lone)


def touched_cells(connection: sa.Connection, found: Round, rubric: Rubric, waiting: sa.Subquery) -> list[Cell]:
    """The cells that do not wait by their labels (`waiting` those that do), and were contested or decided all the same."""
    ids = stored_cells.contested_or_decided(connection, found.id, waiting)
    cells = cells_of(connection, found, rubric, ids=ids) if ids else []
    return [cell for cell in cells if (cell.decision or cell.contested) and _settle_it(cell.labels, cell.owed)]


def _settle_it(labels: Sequence[CellLabel], owed: int) -> bool:
    return len({label.value for label in labels}) == 1 and (len(labels) > 1 or owed == 1)


@dataclass(frozen=True)
class Queue:
    """The cells of a closed round: those that wait, those decided (`many_waiting`, `many_decided` of them, of which some may be
    here alone; `before` that wait come before the first of them); and the dimensions' titles. Of drafts that are held back from
    this person (`round.held_back` of them) there is none."""

    round: Round
    titles: Mapping[str, str]
    waiting: tuple[Cell, ...]
    decided: tuple[Cell, ...]
    many_waiting: int
    many_decided: int
    before: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether every cell is here."""
        return len(self.waiting) == self.many_waiting and len(self.decided) == self.many_decided


def queue_of(
    connection: sa.Connection, found: Round, rubric: Rubric, most: int | None = None, near: tuple[str, str] = ("", "")
) -> Queue:
    """The queue of a closed round; `most` and `near` as `adjudication.open_disagreements` has them. Refuses an open round."""
    counted = counted_cells(connection, found, rubric)
    states = [each.by_state for each in counted.standings]
    many_waiting = sum(each.waiting for each in counted.standings)
    many_decided = sum(each.get(ADJUDICATED, 0) for each in states)
    apart = sum(each.get(DISAGREEMENT, 0) for each in states)
    waiting = stored_cells.waiting_of(connection, found.id, scales_of(rubric, found.dimensions))
    contested = [each for each in touched_cells(connection, found, rubric, waiting) if not each.decision]
    first = 0
    if most is not None:
        first = max(0, _number_of(connection, found, waiting, contested, apart, near) - most // 4)

    def part(differing: bool, begin: int, end: int) -> Sequence[sa.Row]:
        """Of the part of the queue with these numbers what is asked for."""
        start, stop = max(first, begin), end if most is None else min(first + most, end)
        if start >= stop:
            return ()
        return stored_cells.undecided(
            connection, found.id, waiting, differing=differing, limit=stop - start, offset=start - begin
        )

    middle = apart + len(contested)
    wide, rest = part(True, 0, apart), part(False, middle, many_waiting)
    decided = stored_cells.decided_cells(connection, found.id, most)
    ids = {row.draft for row in (*wide, *rest, *decided)}
    cells = {
        (each.draft_id, each.dimension): each for each in (cells_of(connection, found, rubric, ids=sorted(ids)) if ids else [])
    }
    between = contested[max(0, first - apart) : None if most is None else max(0, first + most - apart)]
    queued = [*(cells[row.draft_id, row.dimension] for row in wide), *between]
    queued += [cells[row.draft_id, row.dimension] for row in rest]
    was_decided = [cells[row.draft_id, row.dimension] for row in decided]
    if most is not None and near[0] and near not in {(each.draft_id, each.dimension) for each in (*queued, *was_decided)}:
        own = cells_of(connection, found, rubric, near[0])
        was_decided += [each for each in own if each.dimension == near[1] and each.decision]
    titles = {each.key: each.title for each in rubric.dimensions}
    return Queue(found, titles, tuple(queued), tuple(was_decided), many_waiting, many_decided, first)


def _number_of(
    connection: sa.Connection, found: Round, waiting: sa.Subquery, contested: Sequence[Cell], apart: int, near: tuple[str, str]
) -> int:
    """How many cells that wait come before that one; 0 where there is none."""
    for place, cell in enumerate(contested):
        if (cell.draft_id, cell.dimension) == near:
            return apart + place
    before = stored_cells.undecided_before(connection, found.id, waiting, *near) if near[0] else None
    return 0 if before is None else before.many + (0 if before.is_differing else len(contested))
