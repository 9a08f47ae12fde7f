"""Gold: what is settled in a closed round and what waits."""

from dataclasses import dataclass, replace
from typing import NamedTuple

import sqlalchemy as sa

from db.engine import leaving, reading
from db.store import adjudications as stored_adjudications
from touchstone.data.gold import SINGLE, Cell, Standing, standing
from touchstone.rubric.model import Rubric
from workflow.gold.cells import cells_of, counted_cells, round_with_cells
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.rounds.rounds import Round
from workflow.rubric import rubrics
from workflow.rubric.levels import declared


@dataclass(frozen=True)
class GoldCounts:
    """A closed round's cells, counted: what would leave, and what waits; `lone` of those that wait were to be labelled twice
    and got one label before the round was closed early. Without those of drafts that are held back from the reader
    (`round.held_back` of them)."""

    round: Round
    rubric: Rubric
    standings: tuple[Standing, ...]
    lone: int

    @property
    def waiting(self) -> int:
        return sum(each.waiting for each in self.standings)

    @property
    def settled(self) -> int:
        return sum(each.settled for each in self.standings)

    @property
    def single(self) -> int:
        return sum(each.by_state.get(SINGLE, 0) for each in self.standings)


@dataclass(frozen=True)
class Gold:
    """A closed round's cells, counted: what would leave, and what waits. Without those of drafts that are held back from the
    reader (`round.held_back` of them)."""

    round: Round
    rubric: Rubric
    cells: tuple[Cell, ...]
    standings: tuple[Standing, ...]

    @property
    def waiting(self) -> int:
        return sum(each.waiting for each in self.standings)

    @property
    def settled(self) -> int:
        return sum(each.settled for each in self.standings)

    @property
    def single(self) -> int:
        return sum(each.by_state.get(SINGLE, 0) for each in self.standings)

    @property
    def lone(self) -> tuple[Cell, ...]:
        """Cells that were to be labelled twice and got one label before the round was closed early."""
        return tuple(cell for cell in self.cells if cell.is_lone)

    @property
    def with_lone(self) -> "Gold":
        """The same with lone cells as single ones: what is exported where single labels are asked for."""
        cells = tuple(cell.as_planned for cell in self.cells)
        return replace(self, cells=cells, standings=_standings(self.round, self.rubric, cells))


@verb
def gold_counted(person: Person, engine: sa.Engine, round_name: str, *, leaves: bool = False) -> GoldCounts:
    """How many cells of a closed round are settled and wait, without reading each; `leaves`: of what would leave in a file,
    without sealed drafts. Refuses an open round."""
    with reading(leaving(engine) if leaves else engine, person) as connection:
        found = round_with_cells(connection, round_name)
        rubric = rubrics.of_round(connection, found.id)
        return GoldCounts(found, rubric, *counted_cells(connection, found, rubric))


@verb
def gold_of_round(person: Person, engine: sa.Engine, round_name: str, *, leaves: bool = False) -> Gold:
    """What is settled in a closed round and what waits; `leaves`: of what would leave in a file, without sealed drafts.
    Refuses an open round."""
    with reading(leaving(engine) if leaves else engine, person) as connection:
        return gold_in(connection, round_name)


def gold_in(connection: sa.Connection, round_name: str) -> Gold:
    """As `gold_of_round`, for whom the connection reads. Raises NotYourTurn for an open round, Refused for one that is never
    gold."""
    found = round_with_cells(connection, round_name)
    rubric = rubrics.of_round(connection, found.id)
    cells = tuple(cells_of(connection, found, rubric))
    return Gold(found, rubric, cells, _standings(found, rubric, cells))


def _standings(found: Round, rubric: Rubric, cells: tuple[Cell, ...]) -> tuple[Standing, ...]:
    return tuple(standing(key, declared(rubric, key).values, cells) for key in found.dimensions)


class Tally(NamedTuple):
    """Cells of a closed round: how many wait, how many are settled."""

    waiting: int
    settled: int


@verb
def tally_of_round(person: Person, engine: sa.Engine, found: Round) -> Tally:
    """How many cells of a closed round wait and are settled, as this person may know it: none of a round that is never gold.
    The answer stays the same until `last_decision` or `held_back_from` is another, so a page keeps it
    till then."""
    if not found.has_gold:
        return Tally(0, 0)
    with reading(engine, person) as connection:
        found = round_with_cells(connection, found.name)
        counted = counted_cells(connection, found, rubrics.of_round(connection, found.id))
    return Tally(sum(each.waiting for each in counted.standings), sum(each.settled for each in counted.standings))


@verb
def last_decision(person: Person, engine: sa.Engine, found: Round) -> int | None:
    """The id of the latest decision in a round that is not held back from this person; None before the first."""
    with reading(engine, person) as connection:
        return stored_adjudications.last_adjudication(connection, found.id)
