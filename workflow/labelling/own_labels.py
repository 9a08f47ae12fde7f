"""What an annotator has delivered and still has to: their own rows only. And labels of theirs from a file."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from textwrap import shorten
from typing import NamedTuple

import sqlalchemy as sa

from db.engine import reading, writing
from db.store import assignments as stored_assignments
from db.store import labelling as stored_labelling
from db.store import rounds as stored_rounds
from db.store.closing import first_reading
from touchstone.data.label_file import FileRow
from touchstone.english import many
from touchstone.errors import Refused
from touchstone.rubric.model import Rubric
from workflow.labelling.labelling import save_within, skip_within
from workflow.labelling.next_draft import place_of, refuse_outsider, tally_of
from workflow.people.people import Person
from workflow.rounds.rounds import Round, found_round, row_of
from workflow.rubric import rubrics


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


def my_labels(person: Person, engine: sa.Engine, round_name: str) -> list[Delivered]:
    """What the person has delivered in the round, the latest first: their own rows only. In a closed round, what they gave
    a draft that they label again in an open one is held back."""
    with reading(engine) as connection:
        found = row_of(connection, round_name)
        values: dict[int, dict[str, str]] = {}
        for label in stored_labelling.own_current(connection, found.id, person.id):
            values.setdefault(label.assignment, {})[label.dimension] = label.value
        tally = tally_of(connection, found.id, person)
        held = set()
        if found.closed_at is not None:
            first_reading.note_read_elsewhere(connection, found.id)
            held = stored_assignments.in_other_open_rounds(connection, person.id, found.id)
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
            )
            for row in stored_labelling.own_delivered(connection, found.id, person.id)
        ]


def label_from_rows(person: Person, engine: sa.Engine, round_name: str, rows: Iterable[FileRow], token: str) -> tuple[int, int]:
    """Save (or skip) many drafts of the person's own: how many changed, and how many were so already.

    `token` names the file. All in one transaction: raises Refused at the first row that cannot be taken.
    """
    changed = same = 0
    with writing(engine) as connection:
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


def own_drafts(person: Person, engine: sa.Engine, round_name: str) -> tuple[dict[str, str], Rubric, Round]:
    """What a file of labels may name: the person's draft ids with their tasks, and the round with its rubric."""
    with reading(engine) as connection:
        found = found_round(connection, round_name)
        rows = stored_labelling.own_draft_ids(connection, found.id, person.id)
        refuse_outsider(connection, person, stored_rounds.by_id(connection, found.id))
        if not found.is_open:
            raise Refused(f"{found.name} is closed; there is nothing to label in it")
        return {row.draft_id: row.task_id for row in rows}, rubrics.of_round(connection, found.id), found


def assignment_of(person: Person, engine: sa.Engine, round_name: str, draft_id: str) -> int | None:
    """The person's own assignment of that draft in the round; None when they have none."""
    with reading(engine) as connection:
        return stored_labelling.assignment_of(connection, row_of(connection, round_name).id, person.id, draft_id)


def left(person: Person, engine: sa.Engine, round_name: str) -> str:
    """ "12 drafts left" for the person in the round."""
    with reading(engine) as connection:
        found = found_round(connection, round_name)
    mine = next((each for each in found.progress if each.person == person.id), None)
    return many(mine.waiting + mine.practice, "draft") + " left" if mine else "nothing to label"
