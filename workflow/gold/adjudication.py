"""Settle what annotators disagreed on: one cell (draft, dimension) at a time, by someone, with a reason and a cause."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from db.engine import deciding, read_by_nobody, reading
from db.store import adjudications as stored_adjudications
from db.store import assignments as stored_assignments
from db.store import tasks as stored_intake
from touchstone.data.gold import CAUSES, SINGLE, WAITING, Cell
from touchstone.data.label_file import Decision
from touchstone.data.task_input import fields_of
from touchstone.english import listed
from touchstone.errors import NotYourTurn, Refused
from touchstone.rubric.model import Dimension, Rubric
from workflow import clock
from workflow import text as texts
from workflow.events.recording import recorded
from workflow.gold.cells import Queue, cells_of, queue_of, round_with_cells
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.rounds.rounds import Round
from workflow.rubric import rubrics
from workflow.rubric.levels import declared


@dataclass(frozen=True)
class Case:
    """One cell before its adjudicator: the draft with its context, and the dimension with its anchors."""

    cell: Cell
    dimension: Dimension
    fields: tuple[tuple[str, str], ...]
    text: str
    also_labelled: bool


@verb
def open_disagreements(
    person: Person, engine: sa.Engine, round_name: str, *, most: int | None = None, near: tuple[str, str] = ("", "")
) -> Queue:
    """What waits for a decision in a closed round: disagreeing cells, the widest apart first, then those that a spot check
    contested, then those skipped or missing. `most`: at most so many of them, those around `near` (draft and dimension) where
    that is one, and so many of the decided ones, `near` among them.

    Drafts the person labels in an open round are left out: the labels here could sway them, and so could how many wait.
    """
    with reading(engine, person) as connection:
        found = round_with_cells(connection, round_name)
        return queue_of(connection, found, rubrics.of_round(connection, found.id), most, near)


@verb
def case(person: Person, engine: sa.Engine, round_name: str, draft_id: str, dimension: str) -> Case:
    """One cell with all an adjudicator reads. Raises Refused when the round has no such cell, NotYourTurn when its
    labels are held back from this person."""
    with reading(engine, person) as connection:
        found = round_with_cells(connection, round_name)
        rubric = rubrics.of_round(connection, found.id)
        cell = _cell(connection, person, found, rubric, draft_id, dimension)
        draft = stored_intake.draft(connection, cell.draft_id)
    return Case(
        cell,
        declared(rubric, cell.dimension),
        fields_of(draft.input, rubric.fields),
        draft.text,
        any(label.person == person.id for label in cell.labels),
    )


def _cell(connection: sa.Connection, person: Person, found: Round, rubric: Rubric, draft_id: str, dimension: str) -> Cell:
    if draft_id in stored_assignments.in_open_rounds(connection, person.id):
        raise NotYourTurn(f"you are labelling {draft_id} in an open round; its labels are held back until that is closed")
    named = rubric.dimension(dimension)
    with deciding(connection):
        cells = cells_of(connection, found, rubric, draft_id)
    cell = next((each for each in cells if named and each.dimension == named.key), None)
    if cell is None:
        raise Refused(f"{found.name} has no cell {draft_id} / {dimension}; pick one from the list")
    return cell


@verb
def adjudicate(
    person: Person,
    engine: sa.Engine,
    round_name: str,
    draft_id: str,
    dimension: str,
    value: int | str,
    reason: str,
    cause: str,
    *,
    revising: int | None = None,
) -> Cell:
    """Decide one cell. `revising` is the adjudication a new decision replaces; both are kept.

    Raises Refused for a foreign value or cause, an empty reason, a cell on which labels agree, and a cell that was
    decided meanwhile.
    """
    with recorded(person, engine, "adjudicate", round=round_name) as connection:
        found = round_with_cells(connection, round_name)
        rubric = rubrics.of_round(connection, found.id)
        cell = _cell(connection, person, found, rubric, draft_id, dimension)
        _decide(connection, person, found, rubric, cell, Decision(draft_id, dimension, value, reason, cause), revising)
        return cell


def _decide(
    connection: sa.Connection, person: Person, found: Round, rubric: Rubric, cell: Cell, decision: Decision, revising: int | None
) -> None:
    value, reason = _fit(decision, declared(rubric, cell.dimension))
    was = cell.decision
    if was and was.adjudication != revising:
        raise Refused(
            f"{cell.draft_id} / {cell.dimension} was decided meanwhile: {was.adjudicator} chose "
            f"{was.value}. Open it again to change that"
        )
    if was and (was.value, was.reason, was.cause) == (value, reason, decision.cause):
        return  # nothing differs: the decision stays whose it was
    if not was and cell.state not in WAITING:
        raise Refused(
            f"{cell.draft_id} / {cell.dimension} has one label, as planned; there is nothing to decide"
            if cell.state == SINGLE
            else f"the labels of {cell.draft_id} / {cell.dimension} agree; there is nothing to decide"
        )
    stored_adjudications.add_adjudication(
        connection,
        {
            "round": found.id,
            "draft": stored_intake.draft(connection, cell.draft_id).id,
            "dimension": cell.dimension,
            "value": str(value),
            "reason": reason,
            "cause": decision.cause,
            "person": person.id,
            "also_labelled": any(label.person == person.id for label in cell.labels),
            "decided_at": clock.now(),
            "supersedes": revising,
        },
        cell.sources,
    )


def _fit(decision: Decision, dimension: Dimension) -> tuple[int | str, str]:
    """The level and the reason of a decision. Raises Refused for a foreign level or cause, and for no reason."""
    if decision.value is None:
        raise Refused("a decision needs a level; choose one")
    value, reason = dimension.parse(str(decision.value)), texts.fit(decision.reason, "reason")
    if value is None:
        raise Refused(f"{dimension.key} takes {listed([str(each) for each in dimension.values])}, not {decision.value}")
    if not reason:
        raise Refused("a decision needs a reason: it is shown in the revision meeting and exported with the gold")
    if decision.cause not in CAUSES:
        raise Refused(f"a decision needs a cause, one of: {', '.join(CAUSES)}")
    return value, reason


@verb
def decide_from_rows(person: Person, engine: sa.Engine, round_name: str, decisions: Sequence[Decision]) -> tuple[int, int]:
    """Decide many cells in one transaction: how many were decided, and how many were so already."""
    decided = 0
    with recorded(person, engine, "adjudicate", round=round_name) as connection:
        found = round_with_cells(connection, round_name)
        rubric = rubrics.of_round(connection, found.id)
        for each in decisions:
            cell = _cell(connection, person, found, rubric, each.draft_id, each.dimension)
            was = cell.decision
            if was and (was.value, was.reason, was.cause) == (each.value, each.reason, each.cause):
                continue
            _decide(connection, person, found, rubric, cell, each, was.adjudication if was else None)
            decided += 1
    return decided, len(decisions) - decided


@verb
def round_drafts(person: Person, engine: sa.Engine, round_name: str) -> tuple[dict[str, str], Rubric, Round]:
    """What a file of decisions may name: the draft ids of a closed round with their tasks, its rubric, the round."""
    with reading(engine, person) as connection:
        found = round_with_cells(connection, round_name)
        with read_by_nobody(
            connection
        ):  # only what its drafts are called: a decision on one that is held back is refused by name
            drafts = {row.draft_id: row.task_id for row in stored_assignments.cells_of_round(connection, found.id)}
        return drafts, rubrics.of_round(connection, found.id), found
