"""What an annotator has before them: their next draft, or one of their own again. Their own rows only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from db.engine import reading, writing
from db.store import labelling as stored_labelling
from db.store import rounds as stored_rounds
from touchstone.data.task_input import fields_of
from touchstone.english import day, listed
from touchstone.errors import Refused
from touchstone.rubric.model import Dimension
from workflow import clock
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.rounds.rounds import row_of
from workflow.rubric import rubrics
from workflow.rubric.levels import declared, level_of

LARGEST_ID = 2**31  # what an id's column holds: an address can name any number


@dataclass(frozen=True)
class Desk:
    """One draft before its annotator, and all the label page may know of it."""

    assignment: int
    round_name: str
    is_sample: bool
    is_practice: bool
    is_open: bool
    state: str
    position: int
    total: int
    done: int
    fields: tuple[tuple[str, str], ...]
    text: str
    dimensions: tuple[Dimension, ...]
    choices: Mapping[str, int | str]
    note: str
    skip_reason: str | None
    revision: int
    last_saved: datetime | None
    gives_feedback: bool  # its gold is shown once it is saved, which is then final
    delivered_at: datetime | None = None  # when this draft was saved or skipped last
    previous: int | None = None  # of one not delivered: the assignment delivered last, where that can still be corrected

    @property
    def is_correction(self) -> bool:
        """Whether this person has saved or skipped the draft before, so that saving it supersedes what they gave."""
        return self.delivered_at is not None


@verb
def next_assignment(person: Person, engine: sa.Engine, round_name: str, assignment: int | None = None) -> Desk | None:
    """The person's next draft of the round, or one of their own by its assignment; None when nothing is left.

    Raises Refused when the assignment is not theirs, or the round is closed and has nothing to label.
    """
    with reading(engine, person) as connection:
        found = row_of(connection, round_name)
        if assignment is None:
            if found.closed_at is not None:
                raise Refused(f"{found.name} is closed; there is nothing to label in it")
            row = stored_labelling.next_waiting(connection, found.id, person.id)
        else:
            if found.closed_at is not None:
                raise Refused(f"{found.name} was closed on {day(found.closed_at)}: its labels are final, see My labels")
            row = stored_labelling.own(connection, assignment, person.id) if 0 < assignment < LARGEST_ID else None
            if row is None or row.round != found.id:
                raise Refused("that draft is not yours to label in this round; pick one from My labels")
            refuse_shown(found, row.state)
        if row is None:
            refuse_outsider(connection, person, found)
            return None
        desk = desk_of(connection, found, row, person)
    if row.seen_at is None and found.closed_at is None:
        with writing(engine, person) as connection:
            stored_labelling.set_assignment(connection, row.id, seen_at=clock.now())
    return desk


def refuse_outsider(connection: sa.Connection, person: Person, found: sa.Row) -> None:
    """Raises Refused for someone who labels nothing in the round."""
    annotators = stored_rounds.annotators_of(connection, found.id)
    if person.id not in {each.id for each in annotators}:
        raise Refused(
            f"{person.name} has nothing to label in {found.name}; its annotators are {listed([each.name for each in annotators])}"
        )


def gold_is_shown(found: sa.Row) -> bool:
    """Whether a saved draft of the round shows its annotator the gold: a calibration's, after each draft or at the end."""
    return found.feedback == "each" or (found.feedback == "end" and found.closed_at is not None)


def refuse_shown(found: sa.Row, state: str) -> None:
    """Raises Refused for a draft whose gold its annotator has been shown: a label after that is not blind."""
    if state == "saved" and gold_is_shown(found):
        raise Refused("the gold of this draft was shown to you when you saved it, so its labels are final; My labels has both")


def desk_of(connection: sa.Connection, found: sa.Row, row: sa.Row, person: Person) -> Desk:
    """One draft before its annotator: `found` the round's row, `row` as `db.store.labelling.own` gives it."""
    rubric = rubrics.rubric_of(connection, found.rubric_version)
    labels = {label.dimension: label.value for label in stored_labelling.current(connection, row.id)}
    chosen, note = stored_labelling.pending(connection, row.id)
    save = stored_labelling.last_save(connection, row.id) if row.revision else None
    tally = tally_of(connection, found.id, person)
    done = sum(number for (practice, state), number in tally.items() if practice == row.is_practice and state != "waiting")
    total = sum(number for (practice, _), number in tally.items() if practice == row.is_practice)
    last = stored_labelling.last_delivered_in(connection, found.id, person.id)
    keys = stored_rounds.dimensions_of(connection, found.id)
    dimensions = tuple(declared(rubric, key) for key in keys)
    values = {key: value for key, value in {**labels, **chosen}.items() if key in keys}
    return Desk(
        row.id,
        found.name,
        found.is_sample,
        row.is_practice,
        found.closed_at is None,
        row.state,
        place_of(row, tally),
        total,
        done,
        fields_of(row.input, rubric.fields),
        row.text,
        dimensions,
        {each.key: level_of(each, values[each.key]) for each in dimensions if each.key in values},
        note if note is not None else (save.note if save else ""),
        row.skip_reason,
        row.revision,
        last.delivered_at if last else None,
        found.feedback == "each",
        row.delivered_at,
        last.id if last and row.state == "waiting" and found.closed_at is None and found.feedback != "each" else None,
    )


def place_of(row: sa.Row, tally: Mapping[tuple[bool, str], int]) -> int:
    """The draft's place in the person's own order, practice and counted drafts each from 1."""
    return row.position if row.is_practice else row.position - sum(number for (practice, _), number in tally.items() if practice)


def tally_of(connection: sa.Connection, round_: int, person: Person) -> dict[tuple[bool, str], int]:
    """How many drafts of the round the person has, by whether they are for practice, and by state."""
    return {(each.is_practice, each.state): each.many for each in stored_labelling.tally(connection, round_, person.id)}
