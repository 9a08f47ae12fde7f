"""What an annotator has delivered and still has to: their own rows only. And labels of theirs from a file."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from textwrap import shorten
from typing import NamedTuple

import sqlalchemy as sa

from db.engine import reading
from db.store import assignments as stored_assignments
from db.store import labelling as stored_labelling
from db.store import rounds as stored_rounds
from db.store.closing import first_reading
from touchstone.data.label_file import FileRow
from touchstone.english import many
from touchstone.errors import Refused
from touchstone.rubric.model import Rubric
from workflow.events.recording import recorded
from workflow.labelling.labelling import save_within, skip_within
from workflow.labelling.next_draft import LARGEST_ID, Desk, desk_of, place_of, refuse_outsider, tally_of
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.rounds.rounds import Round, found_round, row_of
from workflow.rubric import rubrics
from workflow.rubric.levels import level_of


class Delivered(NamedTuple):
    """One line of "my labels"."""

    assignment: int
    position: int
    is_practice: bool
    state: str
    skip_reason: str | None
    opening: str
    values: Mapping[str, str]
    delivered_at: datetime
    seconds: float
    held_back: bool = False  # the person labels this draft again in an open round: what they gave it is not told
    text: str = ""
    is_corrected: bool = False  # saved more than once
    queries: tuple[str, ...] = ()  # what the person asked about it
    is_begun: bool = False  # something was changed since it was saved, and that is not saved


@verb
def my_labels(person: Person, engine: sa.Engine, round_name: str, most: int | None = None) -> list[Delivered]:
    """What the person has delivered in the round, the latest first and at most so many: their own rows only. In a closed round,
    what they gave a draft that they label again in an open one is held back."""
    with reading(engine, person) as connection:
        found = row_of(connection, round_name)
        delivered = stored_labelling.own_delivered(connection, found.id, person.id, most)
        ids = None if most is None else [row.id for row in delivered]
        values: dict[int, dict[str, str]] = {}
        for label in stored_labelling.own_current(connection, found.id, person.id, ids):
            values.setdefault(label.assignment, {})[label.dimension] = label.value
        tally = tally_of(connection, found.id, person)
        held = _held_back(connection, person, found)
        corrected = stored_labelling.own_corrected(connection, found.id, person.id, ids)
        begun = stored_labelling.own_begun(connection, found.id, person.id) if found.closed_at is None else set()
        asked: dict[int, list[str]] = {}
        for query in stored_labelling.own_queries(connection, found.id, person.id):
            asked.setdefault(query.assignment, []).append(query.note)
        return [
            Delivered(
                row.id,
                place_of(row, tally),
                row.is_practice,
                row.state,
                None if row.draft in held else row.skip_reason,
                shorten(row.text, 90, placeholder=" …"),
                {} if row.draft in held else values.get(row.id, {}),
                row.delivered_at,
                row.seconds,
                row.draft in held,
                row.text,
                row.id in corrected and row.draft not in held,
                () if row.draft in held else tuple(asked.get(row.id, ())),
                row.id in begun,
            )
            for row in delivered
        ]


def _held_back(connection: sa.Connection, person: Person, found: sa.Row) -> set[int]:
    """Drafts (ids) of a closed round that the person labels again in an open one; that the rest is read is put on record."""
    if found.closed_at is None:
        return set()
    first_reading.note_read_elsewhere(connection, found.id)
    return stored_assignments.in_other_open_rounds(connection, person.id, found.id)


@dataclass(frozen=True)
class OwnLabels:
    """A draft the person has delivered, to read: `desk` is the draft with what they gave it, nothing where it is `held_back`."""

    desk: Desk
    held_back: bool
    delivered_at: datetime
    queries: tuple[str, ...]


def _as_saved(connection: sa.Connection, desk: Desk) -> Desk:
    """A draft with its labels and the note of its last save, without choices that were never saved."""
    values = {label.dimension: label.value for label in stored_labelling.current(connection, desk.assignment)}
    save = stored_labelling.last_save(connection, desk.assignment)
    choices = {each.key: level_of(each, values[each.key]) for each in desk.dimensions if each.key in values}
    return replace(desk, choices=choices, note=save.note if save else "")


@verb
def own_labels_of(person: Person, engine: sa.Engine, round_name: str, assignment: int) -> OwnLabels:
    """One draft that the person has delivered, to read. Raises Refused for one that is not theirs, or not delivered."""
    with reading(engine, person) as connection:
        found = row_of(connection, round_name)
        row = stored_labelling.own(connection, assignment, person.id) if 0 < assignment < LARGEST_ID else None
        if row is None or row.round != found.id or row.state == "waiting":
            raise Refused("that is no draft you have labelled or skipped in this round; pick one from the list")
        held = row.draft in _held_back(connection, person, found)
        desk = _as_saved(connection, desk_of(connection, found, row, person))
        asked = stored_labelling.own_queries(connection, found.id, person.id)
    return OwnLabels(
        replace(desk, choices={}, note="", skip_reason=None) if held else desk,
        held,
        row.delivered_at,
        () if held else tuple(each.note for each in asked if each.assignment == assignment),
    )


@verb
def label_from_rows(person: Person, engine: sa.Engine, round_name: str, rows: Iterable[FileRow], token: str) -> tuple[int, int]:
    """Save (or skip) many drafts of the person's own: how many changed, and how many were so already.

    `token` names the file. All in one transaction: raises Refused at the first row that cannot be taken.
    """
    changed = same = 0
    with recorded(person, engine, "save labels", round=round_name) as connection:
        found = row_of(connection, round_name)
        mine = {row.draft_id: row.id for row in stored_labelling.own_draft_ids(connection, found.id, person.id)}
        for row in rows:
            done = _label_from_row(connection, person, mine[row.draft_id], row, token)
            changed, same = changed + done, same + (not done)
    return changed, same


def _label_from_row(connection: sa.Connection, person: Person, assignment: int, row: FileRow, token: str) -> bool:
    """Save or skip one draft; whether that changed anything."""
    before = stored_labelling.own_again(connection, assignment, person.id)
    if not row.skip:
        save_within(connection, person, assignment, row.values, row.note, None, f"{token}:{assignment}:{before.revision}")
        return stored_labelling.own_again(connection, assignment, person.id).revision > before.revision
    if before.state == "skipped" and before.skip_reason == row.skip:
        return False
    skip_within(connection, person, assignment, row.skip, None)
    return True


@verb
def own_drafts(person: Person, engine: sa.Engine, round_name: str) -> tuple[dict[str, str], Rubric, Round]:
    """What a file of labels may name: the person's draft ids with their tasks, and the round with its rubric."""
    with reading(engine, person) as connection:
        found = found_round(connection, round_name)
        rows = stored_labelling.own_draft_ids(connection, found.id, person.id)
        refuse_outsider(connection, person, stored_rounds.by_id(connection, found.id))
        if not found.is_open:
            raise Refused(f"{found.name} is closed; there is nothing to label in it")
        return {row.draft_id: row.task_id for row in rows}, rubrics.of_round(connection, found.id), found


@verb
def assignment_of(person: Person, engine: sa.Engine, round_name: str, draft_id: str) -> int | None:
    """The person's own assignment of that draft in the round; None when they have none."""
    with reading(engine, person) as connection:
        return stored_labelling.assignment_of(connection, row_of(connection, round_name).id, person.id, draft_id)


@verb
def left(person: Person, engine: sa.Engine, round_name: str) -> str:
    """ "12 drafts left" for the person in the round."""
    with reading(engine, person) as connection:
        found = found_round(connection, round_name)
    mine = next((each for each in found.progress if each.person == person.id), None)
    return many(mine.waiting + mine.practice, "draft") + " left" if mine else "nothing to label"
