"""What an annotator does with a draft: choose, save, skip, ask. An annotator reaches their own rows only."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from db.engine import writing
from db.store import labelling as stored_labelling
from db.store import rounds as stored_rounds
from touchstone.english import day, listed
from touchstone.errors import Refused
from touchstone.rubric.model import Dimension
from workflow import clock
from workflow import text as texts
from workflow.labelling.next_draft import refuse_shown
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.rubric import rubrics
from workflow.rubric.levels import declared

IDLE = timedelta(minutes=2)  # a longer pause counts as this much of a draft's time


class Saved(NamedTuple):
    """What a Save, a skip or a query did: how many labels it added (0 also when a Save arrived twice)."""

    assignment: int
    changed: int


def _mine(connection: sa.Connection, assignment: int, person: Person) -> sa.Row:
    """The assignment, held; refused when it is someone else's or its round is closed."""
    row = stored_labelling.lock_own(connection, assignment, person.id)
    if row is None:
        raise Refused("that draft is not yours to label; open Label again")
    if not stored_rounds.is_open(connection, row.round):
        closed = stored_rounds.by_id(connection, row.round)
        raise Refused(f"{closed.name} was closed on {day(closed.closed_at)}: its labels are final")
    return row


def _values(connection: sa.Connection, row: sa.Row, given: Mapping[str, int | str]) -> tuple[dict[str, str], list[Dimension]]:
    """The values as stored, and the round's dimensions. Raises Refused for a dimension or value the round lacks."""
    rubric = rubrics.of_round(connection, row.round)
    dimensions = {key: declared(rubric, key) for key in stored_rounds.dimensions_of(connection, row.round)}
    for key, value in given.items():
        if key not in dimensions:
            raise Refused(f"this round has no dimension {key}; it has {', '.join(dimensions)}")
        if dimensions[key].parse(str(value)) is None:
            raise Refused(f"{key} takes {listed([str(each) for each in dimensions[key].values])}, not {value}")
    return {key: str(value) for key, value in given.items()}, list(dimensions.values())


def _touch(connection: sa.Connection, row: sa.Row, at: datetime, **values) -> None:
    """Note that the person is at work on the draft; time since the last sign of it counts, up to IDLE."""
    spent = min(at - row.seen_at, IDLE).total_seconds() if row.seen_at else 0.0
    stored_labelling.set_assignment(connection, row.id, seen_at=at, seconds=row.seconds + max(spent, 0.0), **values)


@verb
def choose(person: Person, engine: sa.Engine, assignment: int, dimension: str, value: int | str) -> None:
    """Keep one choice as it is made: pending, not a label until Save."""
    with writing(engine) as connection:
        row = _mine(connection, assignment, person)
        refuse_shown(stored_rounds.by_id(connection, row.round), row.state)
        at = clock.now()
        values, _ = _values(connection, row, {dimension: value})
        stored_labelling.keep_choice(connection, assignment, dimension, values[dimension], at)
        _touch(connection, row, at)


@verb
def keep_note(person: Person, engine: sa.Engine, assignment: int, note: str) -> None:
    """Keep the note as it stands."""
    with writing(engine) as connection:
        row = _mine(connection, assignment, person)
        refuse_shown(stored_rounds.by_id(connection, row.round), row.state)
        at = clock.now()
        stored_labelling.keep_note(connection, assignment, texts.fit(note, "note"), at)
        _touch(connection, row, at)


@verb
def save_labels(
    person: Person,
    engine: sa.Engine,
    assignment: int,
    values: Mapping[str, int | str],
    note: str,
    revision: int | None,
    token: str,
) -> Saved:
    """Turn the choices into labels: all dimensions, in one transaction; a changed value supersedes the label before.

    `revision` is the one the form was drawn at, `token` one press of Save: the same token again changes nothing.
    Raises Refused for a missing or foreign value, for a closed round, and when another window of the same person saved
    or chose something else meanwhile. `revision=None` (a file of labels) takes the values as they are.
    """
    with writing(engine) as connection:
        return save_within(connection, person, assignment, values, note, revision, token)


def save_within(
    connection: sa.Connection,
    person: Person,
    assignment: int,
    values: Mapping[str, int | str],
    note: str,
    revision: int | None,
    token: str,
) -> Saved:
    """As `save_labels`, within a transaction of the caller's."""
    if _assignment_saved_by(connection, token) == assignment:
        return Saved(assignment, 0)  # also when the round was closed since: what was saved stays saved
    row = _mine(connection, assignment, person)
    if (saved := _assignment_saved_by(connection, token)) is not None:
        if saved != assignment:
            raise Refused("this Save was made for another draft, so nothing was saved; load the page again")
        return Saved(assignment, 0)  # the same press of Save came in while this one waited for the row
    found = stored_rounds.by_id(connection, row.round)
    if revision is not None:
        refuse_shown(found, row.state)
        _refuse_stale(connection, row, revision, values)
    new, note, at = _new_labels(connection, row, values), texts.fit(note, "note"), clock.now()
    last = stored_labelling.last_save(connection, assignment)
    same_note = last is not None and last.note == note
    if new or (last is not None and not same_note):
        refuse_shown(found, row.state)
    stored_labelling.clear_pending(connection, assignment)
    if row.state == "saved" and same_note and not new:
        _touch(connection, row, at)
        return Saved(assignment, 0)
    stored_labelling.add_save(
        connection, assignment=assignment, person=person.id, token=token, revision=row.revision + 1, note=note, at=at, new=new
    )
    _touch(connection, row, at, state="saved", skip_reason=None, revision=row.revision + 1, delivered_at=at)
    return Saved(assignment, len(new))


def _assignment_saved_by(connection: sa.Connection, token: str) -> int | None:
    """The assignment that one press of Save was for; None while it has not come in."""
    save = stored_labelling.save_of_token(connection, token)
    return None if save is None else save.assignment


def _new_labels(connection: sa.Connection, row: sa.Row, values: Mapping[str, int | str]) -> list[dict[str, Any]]:
    """The labels a Save adds: those given another value than before. Raises Refused for a dimension without a value."""
    now, dimensions = _values(connection, row, {key: value for key, value in values.items() if value is not None})
    if missing := [each.title for each in dimensions if each.key not in now]:
        raise Refused(f"{listed(missing)} {'has' if len(missing) == 1 else 'have'} no level yet; choose one for every dimension")
    labels = {label.dimension: label for label in stored_labelling.current(connection, row.id)}
    return [
        {"dimension": key, "value": value, "supersedes": labels[key].id if key in labels else None}
        for key, value in now.items()
        if key not in labels or labels[key].value != value
    ]


def _refuse_stale(connection: sa.Connection, row: sa.Row, revision: int, values: Mapping[str, int | str]) -> None:
    if row.revision != revision:
        raise Refused(
            f"this draft was {'saved' if row.state == 'saved' else 'skipped'} in another window at "
            f"{row.delivered_at:%H:%M} UTC, so this Save changed nothing. Correct it under My labels"
        )
    chosen, _ = stored_labelling.pending(connection, row.id)
    if differing := [key for key, value in chosen.items() if key in values and str(values[key]) != value]:
        title = declared(rubrics.of_round(connection, row.round), differing[0]).title
        raise Refused(
            f"another window chose {chosen[differing[0]]} for {title} since this one was loaded, so "
            "this Save changed nothing. The form now shows that choice: look at it and save again"
        )


@verb
def skip(person: Person, engine: sa.Engine, assignment: int, reason: str, revision: int | None) -> Saved:
    """Deliver a draft without labels, saying why. Its cells count as missing. Raises Refused without a reason, or when
    the draft has labels already."""
    with writing(engine) as connection:
        skip_within(connection, person, assignment, reason, revision)
    return Saved(assignment, 0)


def skip_within(connection: sa.Connection, person: Person, assignment: int, reason: str, revision: int | None) -> None:
    """As `skip`, within a transaction of the caller's."""
    reason = texts.fit(reason, "reason")
    if not reason:
        raise Refused("a skip needs a reason: whoever adjudicates reads it")
    row = _mine(connection, assignment, person)
    if row.state == "skipped" and row.skip_reason == reason and revision == row.revision - 1:
        return  # the same press of Skip, again
    if revision is not None and row.revision != revision:
        _refuse_stale(connection, row, revision, {})
    if row.state == "saved":
        raise Refused("this draft has labels already; correct them instead of skipping it")
    at = clock.now()
    stored_labelling.clear_pending(connection, assignment)
    _touch(connection, row, at, state="skipped", skip_reason=reason, revision=row.revision + 1, delivered_at=at)


@verb
def query(person: Person, engine: sa.Engine, assignment: int, note: str) -> Saved:
    """Mark the draft: someone should look at it. It stays to be labelled."""
    note = texts.fit(note, "query")
    if not note:
        raise Refused("a query needs a sentence: say what someone should look at")
    with writing(engine) as connection:
        row = _mine(connection, assignment, person)
        stored_labelling.add_query(connection, assignment=row.id, note=note, at=clock.now())
    return Saved(assignment, 0)
