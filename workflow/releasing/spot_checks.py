"""The error rate of gold: agreed cells drawn at random, that somebody who did not label them labels once more, blind.

Cells of sealed drafts are not drawn, as whoever checks has no seat in the round: the store is read as for a file (`leaving`).
"""

from typing import NamedTuple

import sqlalchemy as sa

from db.engine import leaving, reading
from db.store import tasks as stored_tasks
from db.store.releasing import spot_checks as stored
from touchstone.data.gold import AGREED
from touchstone.data.task_input import fields_of
from touchstone.english import listed
from touchstone.errors import NotYourTurn, Refused
from touchstone.releasing.spot_check import ErrorRate, draw, error_rate
from touchstone.rubric.model import Dimension
from workflow import clock
from workflow import text as texts
from workflow.events.recording import recorded
from workflow.exporting.label_export import refuse_who_still_labels
from workflow.gold.cells import cells_of, round_with_cells
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.rounds.rounds import Round
from workflow.rubric import rubrics
from workflow.rubric.levels import declared

MOST_SEED = 2**31 - 1


class SpotCheck(NamedTuple):
    """A spot check so far. `drawn`: cells drawn; `rate`: of those checked."""

    number: int
    checker: str
    seed: int
    drawn: int
    rate: ErrorRate

    @property
    def left(self) -> int:
        return self.drawn - self.rate.checked


class ToCheck(NamedTuple):
    """The next cell of somebody's spot check: the draft with its context and the dimension, and nothing of what it was given."""

    draft_id: str
    dimension: Dimension
    fields: tuple[tuple[str, str], ...]
    text: str


@verb
def draw_spot_check(person: Person, engine: sa.Engine, round_name: str, cells: int, seed: int) -> SpotCheck:
    """Draw so many agreed cells of a closed round for this person to label once more; the same seed draws the same of the same
    cells. Refused for an annotator of the round, while an earlier check of theirs is not done, and where nothing agrees."""
    if cells < 1 or not 0 <= seed <= MOST_SEED:
        raise Refused(f"a spot check takes one cell or more and a seed from 0 to {MOST_SEED:,}, not {cells} and {seed}")
    with recorded(person, leaving(engine), "draw spot check", round=round_name) as connection:
        found = _round_to_check(connection, person, round_name)
        if stored.next_cell(connection, found.id, person.id):
            raise Refused(f"your spot check of {found.name} is not done yet; check its cells first")
        agreed = [each for each in cells_of(connection, found, rubrics.of_round(connection, found.id)) if each.state == AGREED]
        if not agreed:
            raise Refused(f"no cell of {found.name} is agreed; there is nothing to check")
        drawn = draw(agreed, cells, seed)
        ids = {each: stored_tasks.draft(connection, each).id for each in dict.fromkeys(cell.draft_id for cell in drawn)}
        stored.add_spot_check(
            connection,
            round_=found.id,
            person=person.id,
            seed=seed,
            cells=len(agreed),
            at=clock.now(),
            drawn=[{"draft": ids[c.draft_id], "dimension": c.dimension, "agreed": str(c.value)} for c in drawn],
        )
        return _so_far(connection, found)[-1]


@verb
def next_to_check(person: Person, engine: sa.Engine, round_name: str) -> ToCheck | None:
    """The next cell of the person's spot check of a round; None where none waits."""
    with reading(leaving(engine), person) as connection:
        found = round_with_cells(connection, round_name)
        refuse_who_still_labels(connection, person, found, "a spot check")
        cell = stored.next_cell(connection, found.id, person.id)
        if cell is None:
            return None
        rubric, draft = rubrics.of_round(connection, found.id), stored_tasks.draft(connection, cell.draft_id)
        return ToCheck(cell.draft_id, declared(rubric, cell.dimension), fields_of(draft.input, rubric.fields), draft.text)


@verb
def check_cell(
    person: Person, engine: sa.Engine, round_name: str, draft_id: str, dimension: str, value: int | str, reason: str = ""
) -> bool:
    """Give the next cell of one's spot check a level; whether it is the one its labels agree on. Where not, the cell waits for
    adjudication again. Raises Refused for another cell than the next, and for a level there is not."""
    with recorded(person, leaving(engine), "check cell", round=round_name) as connection:
        found = _round_to_check(connection, person, round_name)
        cell = stored.next_cell(connection, found.id, person.id)
        if cell is None or (cell.draft_id, cell.dimension) != (draft_id, dimension):
            raise Refused(f"{draft_id} / {dimension} is not the next cell of your spot check; look at the page again")
        scale = declared(rubrics.of_round(connection, found.id), dimension)
        level = scale.parse(str(value))
        if level is None:
            raise Refused(f"{dimension} takes {listed([str(each) for each in scale.values])}, not {value}")
        stored.keep_check(connection, cell, str(level), texts.fit(reason, "reason"), clock.now())
        return str(level) == stored.agreed_level(connection, cell)


@verb
def spot_checks_of(person: Person, engine: sa.Engine, round_name: str) -> list[SpotCheck]:
    """The spot checks of a closed round, the first first."""
    with reading(leaving(engine), person) as connection:
        found = round_with_cells(connection, round_name)
        refuse_who_still_labels(connection, person, found, "a spot check")
        return _so_far(connection, found)


def _round_to_check(connection: sa.Connection, person: Person, round_name: str) -> Round:
    found = round_with_cells(connection, round_name)
    refuse_who_still_labels(connection, person, found, "a spot check")
    if person.name in found.annotators:
        raise NotYourTurn(f"you labelled in {found.name}, so you cannot check it; somebody else can, who has not")
    return found


def _so_far(connection: sa.Connection, found: Round) -> list[SpotCheck]:
    return [
        SpotCheck(row.id, row.checker, row.seed, row.drawn, error_rate(row.cells, row.checked, row.wrong))
        for row in stored.spot_checks_of(connection, found.id)
    ]
