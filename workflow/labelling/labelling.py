"""What an annotator does with a draft: choose, save, skip, ask. An annotator reaches their own rows only."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
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
from workflow.events.recording import recorded
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


class Window(NamedTuple):
    """What the window that acts has shown of a draft: another of the same person may have kept more of it since."""

    choices: Mapping[str, int | str]  # by dimension
    note: str  # as it was when its box was drawn, or as this window kept it last
    kept: Mapping[str, int | str] = MappingProxyType({})  # what it knows to be kept: as drawn at first, or kept by it since
    sent: Mapping[str, Collection[str]] = MappingProxyType({})  # what its script has sent to be kept, whatever came of it

    def knows(self, dimension: str, value: str) -> bool:
        return value in (str(self.choices.get(dimension)), str(self.kept.get(dimension)), *self.sent.get(dimension, ()))


def _mine(connection: sa.Connection, assignment: int, person: Person) -> sa.Row:
    """The assignment, held; refused when it is someone else's or its round is closed."""
    row = stored_labelling.lock_own(connection, assignment, person.id)
    if row is None:
        raise Refused("that draft is not yours to label; open Label again")
    if not stored_rounds.is_open(connection, row.round):
        closed = stored_rounds.by_id(connection, row.round)
        raise Refused(
            f"{closed.name} was closed on {day(closed.closed_at)}: its labels are final, and choices that were not saved were "
            "not counted"
        )
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
def choose(
    person: Person,
    engine: sa.Engine,
    assignment: int,
    dimension: str,
    value: int | str,
    revision: int | None = None,
    window: Window | None = None,
) -> Saved:
    """Keep one choice as it is made: pending, not a label until Save.

    Raises Refused where the form was drawn at another `revision` than the draft is at: what comes in late, after a Save, changes
    nothing. With `window` nothing is kept over a choice of another window, which this one has not shown.
    """
    with writing(engine, person) as connection:
        row = _mine(connection, assignment, person)
        refuse_shown(stored_rounds.by_id(connection, row.round), row.state)
        if revision is not None and row.revision != revision:
            raise Refused(
                "this draft was saved or skipped after its form was drawn, so this choice changed nothing; load the page again"
            )
        at = clock.now()
        values, _ = _values(connection, row, {dimension: value})
        if window is None or _knows_choice(connection, assignment, dimension, window):
            stored_labelling.keep_choice(connection, assignment, dimension, values[dimension], at)
        _touch(connection, row, at)
    return Saved(assignment, 0)


def _knows_choice(connection: sa.Connection, assignment: int, dimension: str, window: Window) -> bool:
    chosen, _ = stored_labelling.pending(connection, assignment)
    return dimension not in chosen or window.knows(dimension, chosen[dimension])


@verb
def keep_note(person: Person, engine: sa.Engine, assignment: int, note: str, window: Window | None = None) -> str:
    """Keep the note as it stands, and return what is kept: with the note before it that another window wrote meanwhile, which
    this one has not shown."""
    with writing(engine, person) as connection:
        row = _mine(connection, assignment, person)
        refuse_shown(stored_rounds.by_id(connection, row.round), row.state)
        at = clock.now()
        note = texts.fit(note, "note")
        if unseen := _unseen_note(connection, assignment, note, window):
            note = unseen if note in unseen else texts.fit(f"{unseen}\n\n{note}", "note")
        if note != _note_that_stands(connection, assignment):  # else a draft that was saved would look as if it was changed since
            stored_labelling.keep_note(connection, assignment, note, at)
        _touch(connection, row, at)
    return note


def _note_that_stands(connection: sa.Connection, assignment: int) -> str:
    """The note as it was kept last, else as it was saved last."""
    _, kept = stored_labelling.pending(connection, assignment)
    if kept is not None:
        return kept
    last = stored_labelling.last_save(connection, assignment)
    return last.note if last else ""


def _unseen_note(connection: sa.Connection, assignment: int, note: str, window: Window | None) -> str:
    """The note that stands in the store, where the acting window has not shown it and does not say it itself; else ""."""
    if window is None:
        return ""
    stands = _note_that_stands(connection, assignment)
    return "" if stands in note or stands == window.note else stands


@verb
def save_labels(
    person: Person,
    engine: sa.Engine,
    assignment: int,
    values: Mapping[str, int | str],
    note: str,
    revision: int | None,
    token: str,
    window: Window | None = None,
) -> Saved:
    """Turn the choices into labels: all dimensions, in one transaction; a changed value supersedes the label before.

    `revision` is the one the form was drawn at, `token` one press of Save: the same token again changes nothing.
    Raises Refused for a missing or foreign value, for a closed round, and when another window of the same person saved
    or chose or wrote something else meanwhile. `revision=None` (a file of labels) takes the values as they are, and without
    `window` the note.
    """
    with recorded(person, engine, "save labels") as connection:
        return save_within(connection, person, assignment, values, note, revision, token, window)


def save_within(
    connection: sa.Connection,
    person: Person,
    assignment: int,
    values: Mapping[str, int | str],
    note: str,
    revision: int | None,
    token: str,
    window: Window | None = None,
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
        _refuse_stale(connection, row, revision, values, window)
    note = texts.fit(note, "note")
    if _unseen_note(connection, assignment, note, window):
        raise Refused(
            "another window wrote a note on this draft since this one was loaded, so this Save changed nothing. The box now "
            "holds every word of both: look at it and save again"
        )
    new, at = _new_labels(connection, row, values), clock.now()
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


def _refuse_stale(
    connection: sa.Connection, row: sa.Row, revision: int, values: Mapping[str, int | str], window: Window | None = None
) -> None:
    if row.revision != revision:
        raise Refused(
            f"this draft was {'saved' if row.state == 'saved' else 'skipped'} in another window at "
            f"{row.delivered_at:%H:%M} UTC, so this Save changed nothing. Correct it under My labels"
        )
    chosen, _ = stored_labelling.pending(connection, row.id)
    unknown = {key: value for key, value in chosen.items() if window is None or not window.knows(key, value)}
    if differing := [key for key, value in unknown.items() if key in values and str(values[key]) != value]:
        title = declared(rubrics.of_round(connection, row.round), differing[0]).title
        raise Refused(
            f"another window chose {chosen[differing[0]]} for {title} since this one was loaded, so "
            "this Save changed nothing. The form now shows that choice: look at it and save again"
        )


def _refuse_unseen(connection: sa.Connection, row: sa.Row, window: Window) -> None:
    """Raises Refused where a skip would drop what another window has chosen or written, and this one has not shown."""
    chosen, _ = stored_labelling.pending(connection, row.id)
    unseen = [key for key, value in chosen.items() if not window.knows(key, value)]
    more = [declared(rubrics.of_round(connection, row.round), key).title for key in unseen]
    more += ["the note"] if _unseen_note(connection, row.id, "", window) else []
    if more:
        raise Refused(
            f"another window has filled in {listed(more)} since this one was loaded, so nothing was skipped. The form now shows "
            "that: look at it, and skip the draft if it still cannot be labelled"
        )


@verb
def skip(
    person: Person, engine: sa.Engine, assignment: int, reason: str, revision: int | None, window: Window | None = None
) -> Saved:
    """Deliver a draft without labels, saying why. Its cells count as missing. Raises Refused without a reason, when the draft
    has labels already, or when it would drop what another window of the same person filled in and `window` does not show."""
    with recorded(person, engine, "skip draft", assignment=assignment) as connection:
        skip_within(connection, person, assignment, reason, revision, window)
    return Saved(assignment, 0)


def skip_within(
    connection: sa.Connection, person: Person, assignment: int, reason: str, revision: int | None, window: Window | None = None
) -> None:
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
    if window is not None:
        _refuse_unseen(connection, row, window)
    at = clock.now()
    stored_labelling.clear_pending(connection, assignment)
    _touch(connection, row, at, state="skipped", skip_reason=reason, revision=row.revision + 1, delivered_at=at)


@verb
def query(person: Person, engine: sa.Engine, assignment: int, note: str) -> Saved:
    """Mark the draft: someone should look at it. It stays to be labelled."""
    note = texts.fit(note, "query")
    if not note:
        raise Refused("a query needs a sentence: say what someone should look at")
    with recorded(person, engine, "query draft", assignment=assignment) as connection:
        row = _mine(connection, assignment, person)
        stored_labelling.add_query(connection, assignment=row.id, note=note, at=clock.now())
    return Saved(assignment, 0)
