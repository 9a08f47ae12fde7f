"""One draft of a round, for the lead: who labels it, what was asked about it, and, once the round is closed, what it was given.

What is held back from the reader is that of workflow/rounds/draft_list.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from db.engine import reading
from db.store import rounds as stored_rounds
from db.store.closing import first_reading
from db.store.data import drafts_of_round as stored
from db.store.data import fields as stored_fields
from touchstone.data.gold import Cell
from touchstone.data.task_input import fields_of
from touchstone.errors import Refused
from workflow.data.fields import OWN, own_values, value_of
from workflow.gold.cells import cells_of
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.rounds.draft_list import has_cells
from workflow.rounds.rounds import Queried, Round, found_round
from workflow.rubric import rubrics


class WorkOnDraft(NamedTuple):
    """How far one annotator is with a draft: `state` is waiting, saved or skipped, `begun` whether they have opened it."""

    annotator: str
    state: str
    begun: bool
    skip_reason: str
    delivered_at: datetime | None


@dataclass(frozen=True)
class DraftInRound:
    """A draft with its task's input. Where it is `held_back` nothing but that and `mine`, the reader's own state of it, is told;
    `cells` are those of a closed round, and none of a practice draft. `can_decide`: they are adjudicated, and become gold."""

    round: Round
    draft_id: str
    is_practice: bool
    fields: tuple[tuple[str, str], ...]
    text: str
    held_back: bool
    mine: str
    titles: Mapping[str, str]
    task_id: str = ""
    author: str = ""
    metadata: tuple[tuple[str, str], ...] = ()
    work: tuple[WorkOnDraft, ...] = ()
    queries: tuple[Queried, ...] = ()
    cells: tuple[Cell, ...] = ()

    @property
    def can_decide(self) -> bool:
        return has_cells(self.round)


@verb
def draft_of_round(person: Person, engine: sa.Engine, round_name: str, draft_id: str) -> DraftInRound:
    """One draft of a round with all that this reader may know of it. Raises Refused for an unknown round or draft."""
    with reading(engine, person) as connection:
        found = found_round(connection, round_name)
        row = stored.draft_in_round(connection, found.id, draft_id)
        if row is None:
            raise Refused(f"{found.name} has no draft “{draft_id}”; pick one from the list of its drafts")
        rubric = rubrics.of_round(connection, found.id)
        work = stored.work_on_draft(connection, found.id, row.id)
        made = DraftInRound(
            found,
            row.draft_id,
            row.is_practice,
            fields_of(row.input, rubric.fields),
            row.text,
            row.id in stored.held_of_round(connection, found.id, person.id),
            next((each.state for each in work if each.person == person.id), ""),
            {each.key: each.title for each in rubric.dimensions if each.key in found.dimensions},
        )
        if made.held_back:
            return made
        first_reading.note_draft_read(connection, row.id)
        return replace(
            made,
            task_id=row.task_id,
            author=row.author or "",
            metadata=_metadata(connection, row.id),
            work=tuple(
                WorkOnDraft(each.annotator, each.state, bool(each.begun), each.skip_reason or "", each.delivered_at)
                for each in work
            ),
            queries=tuple(
                Queried(*each) for each in stored_rounds.queries_of(connection, found.id) if each.draft_id == row.draft_id
            ),
            cells=() if found.is_open or row.is_practice else tuple(cells_of(connection, found, rubric, row.draft_id)),
        )


def _metadata(connection: sa.Connection, draft: int) -> tuple[tuple[str, str], ...]:
    """The fields of a draft and its task beside the input, by title: none of them was shown to who labelled."""
    row = stored_fields.fields_of_draft(connection, draft)
    own = [(title, value) for field, title in OWN.items() if field != "author" and (value := value_of(row, field)) is not None]
    return (*own, *((name, str(value)) for name, value in own_values(row).items()))
