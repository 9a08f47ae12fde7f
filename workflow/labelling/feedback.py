"""What the annotator of a calibration round is shown of the gold, and when. Their own drafts only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import sqlalchemy as sa

from db.engine import reading
from db.store import assignments as stored_assignments
from db.store import labelling as stored_labelling
from db.store import repeats as stored
from db.store import rounds as stored_rounds
from db.store.closing import first_reading
from workflow.labelling.next_draft import LARGEST_ID, desk_of, gold_is_shown
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.rounds.rounds import row_of
from workflow.rubric import rubrics
from workflow.rubric.levels import declared, level_of


class Told(NamedTuple):
    """One dimension of a draft: what the person gave, the gold (None where it was not settled), and why it is that: the
    adjudicator's reason, "" where the annotators agreed."""

    title: str
    value: int | str
    gold: int | str | None
    adjudicated: bool
    reason: str

    @property
    def hit(self) -> bool | None:
        """Whether the two are the same; None without gold."""
        return None if self.gold is None else self.value == self.gold


@dataclass(frozen=True)
class Feedback:
    """One saved draft of a calibration round with its gold. `held_back`: the person labels this draft in another open
    round too, so `told` is empty until that is closed."""

    assignment: int
    round_name: str
    is_sample: bool
    position: int
    total: int
    done: int
    fields: tuple[tuple[str, str], ...]
    text: str
    told: tuple[Told, ...]
    held_back: bool


@verb
def feedback_on(person: Person, engine: sa.Engine, assignment: int) -> Feedback | None:
    """The feedback on one draft of the person's own; None unless it is saved in a calibration round whose feedback is due:
    after each draft, or at the end and the round is closed."""
    with reading(engine, person) as connection:
        row = stored_labelling.own(connection, assignment, person.id) if 0 < assignment < LARGEST_ID else None
        if row is None or row.state != "saved":
            return None
        found = stored_rounds.by_id(connection, row.round)
        if not gold_is_shown(found):
            return None
        desk = desk_of(connection, found, row, person)
        _note_read(connection, found)
        held = row.draft in stored_assignments.in_other_open_rounds(connection, person.id, found.id)
        told = (
            []
            if held
            else _told(
                connection,
                found,
                stored.key_of(connection, found.id, row.draft),
                {key: str(value) for key, value in desk.choices.items()},
            )
        )
    return Feedback(
        row.id, found.name, found.is_sample, desk.position, desk.total, desk.done, desk.fields, desk.text, tuple(told), held
    )


@verb
def feedback_in(person: Person, engine: sa.Engine, round_name: str) -> dict[int, tuple[Told, ...]]:
    """The feedback due on all the person has saved in a round, by assignment; a draft they label in another open round is
    left out. Empty for a round without feedback, or before it is due. Raises Refused for an unknown round."""
    with reading(engine, person) as connection:
        found = row_of(connection, round_name)
        if not gold_is_shown(found):
            return {}
        _note_read(connection, found)
        held = stored_assignments.in_other_open_rounds(connection, person.id, found.id)
        values: dict[int, dict[str, str]] = {}
        for label in stored_labelling.own_current(connection, found.id, person.id):
            values.setdefault(label.assignment, {})[label.dimension] = label.value
        keys: dict[int, list[sa.Row]] = {}
        for row in stored.key_of(connection, found.id):
            keys.setdefault(row.draft, []).append(row)
        return {
            row.id: tuple(_told(connection, found, keys.get(row.draft, []), values[row.id]))
            for row in stored_labelling.own_delivered(connection, found.id, person.id)
            if row.state == "saved" and row.draft not in held
        }


def _note_read(connection: sa.Connection, found: sa.Row) -> None:
    """The gold of a round's drafts is about to be shown to who labelled them; what waited for the end is read with it."""
    if found.closed_at is not None and found.feedback == "end":
        first_reading.note_read(connection, found.id)
    else:
        first_reading.note_read_elsewhere(connection, found.id)


def _told(connection: sa.Connection, found: sa.Row, key: Sequence[sa.Row], values: Mapping[str, str]) -> list[Told]:
    rubric, gold = rubrics.rubric_of(connection, found.rubric_version), {row.dimension: row for row in key}
    told = []
    for name in stored_rounds.dimensions_of(connection, found.id):
        dimension, row = declared(rubric, name), gold.get(name)
        told.append(
            Told(
                dimension.title,
                level_of(dimension, values[name]),
                level_of(dimension, row.value) if row else None,
                bool(row and row.adjudication),
                (row.reason or "") if row else "",
            )
        )
    return told
