"""What an annotator does: take the next draft, choose, save, skip, ask. An annotator reaches their own rows only."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from textwrap import shorten
from typing import NamedTuple

import sqlalchemy as sa

from db.engine import reading, writing
from db.store import labels as stored
from db.store import rounds as stored_rounds
from touchstone.data.label_file import FileRow
from touchstone.data.task_input import fields_of
from touchstone.english import day, listed, many
from touchstone.errors import Refused
from touchstone.rubric.reading import Dimension, Rubric
from workflow import clock
from workflow import text as texts
from workflow.people.people import Person
from workflow.rounds.rounds import Round, found_round, row_of
from workflow.rubric import rubrics

LARGEST_ID = 2**31  # what an id's column holds: an address can name any number
IDLE = timedelta(minutes=2)  # a longer pause counts as this much of a draft's time


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


class Saved(NamedTuple):
    """What a Save, a skip or a query did: how many labels it added (0 also when a Save arrived twice)."""

    assignment: int
    changed: int


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


def next_assignment(person: Person, engine: sa.Engine, round_name: str, assignment: int | None = None) -> Desk | None:
    """The person's next draft of the round, or one of their own by its assignment; None when nothing is left.

    Raises Refused when the assignment is not theirs, or the round is closed and has nothing to label.
    """
    with reading(engine) as connection:
        found = row_of(connection, round_name)
        if assignment is None:
            if found.closed_at is not None:
                raise Refused(f"{found.name} is closed; there is nothing to label in it")
            row = stored.next_waiting(connection, found.id, person.id)
        else:
            if found.closed_at is not None:
                raise Refused(f"{found.name} was closed on {day(found.closed_at)}: its labels stay as they are, under My labels")
            row = stored.own(connection, assignment, person.id) if 0 < assignment < LARGEST_ID else None
            if row is None or row.round != found.id:
                raise Refused("that draft is not yours to label in this round; pick one from My labels")
            _refuse_shown(found, row.state)
        if row is None:
            _refuse_outsider(connection, person, found)
            return None
        desk = desk_of(connection, found, row, person)
    if row.seen_at is None and found.closed_at is None:
        with writing(engine) as connection:
            stored.set_assignment(connection, row.id, seen_at=clock.now())
    return desk


def _refuse_outsider(connection: sa.Connection, person: Person, found: sa.Row) -> None:
    annotators = stored_rounds.annotators_of(connection, found.id)
    if person.id not in {each.id for each in annotators}:
        raise Refused(
            f"{person.name} has nothing to label in {found.name}; its annotators are {listed([each.name for each in annotators])}"
        )


def gold_is_shown(found: sa.Row) -> bool:
    """Whether a saved draft of the round shows its annotator the gold: a calibration's, after each draft or at the end."""
    return found.feedback == "each" or (found.feedback == "end" and found.closed_at is not None)


def _refuse_shown(found: sa.Row, state: str) -> None:
    """Raises Refused for a draft whose gold its annotator has been shown: a label after that is not blind."""
    if state == "saved" and gold_is_shown(found):
        raise Refused(
            "the gold of this draft was shown to you when you saved it, so its labels stay as they are; My labels has both"
        )


def desk_of(connection: sa.Connection, found: sa.Row, row: sa.Row, person: Person) -> Desk:
    """One draft before its annotator: `found` the round's row, `row` as `db.store.labels.own` gives it."""
    rubric = rubrics.rubric_of(connection, found.rubric_version)
    labels = {label.dimension: label.value for label in stored.current(connection, row.id)}
    chosen, note = stored.pending(connection, row.id)
    save = stored.last_save(connection, row.id) if row.revision else None
    tally = _tally(connection, found.id, person)
    done = sum(number for (practice, state), number in tally.items() if practice == row.is_practice and state != "waiting")
    total = sum(number for (practice, _), number in tally.items() if practice == row.is_practice)
    keys = stored_rounds.dimensions_of(connection, found.id)
    dimensions = tuple(rubric.dimension(key) for key in keys)
    values = {key: value for key, value in {**labels, **chosen}.items() if key in keys}
    return Desk(
        row.id,
        found.name,
        found.is_sample,
        row.is_practice,
        found.closed_at is None,
        row.state,
        _place(row, tally),
        total,
        done,
        fields_of(row.input, rubric.fields),
        row.text,
        dimensions,
        {each.key: each.parse(values[each.key]) for each in dimensions if each.key in values},
        note if note is not None else (save.note if save else ""),
        row.skip_reason,
        row.revision,
        stored.last_saved_in(connection, found.id, person.id),
        found.feedback == "each",
    )


def _place(row: sa.Row, tally: Mapping[tuple[bool, str], int]) -> int:
    """The draft's place in the person's own order, practice and counted drafts each from 1."""
    return row.position if row.is_practice else row.position - sum(number for (practice, _), number in tally.items() if practice)


def _tally(connection: sa.Connection, round_: int, person: Person) -> dict[tuple[bool, str], int]:
    return {(each.is_practice, each.state): each.many for each in stored.tally(connection, round_, person.id)}


def _mine(connection: sa.Connection, assignment: int, person: Person) -> sa.Row:
    """The assignment, held; refused when it is someone else's or its round is closed."""
    row = stored.lock_own(connection, assignment, person.id)
    if row is None:
        raise Refused("that draft is not yours to label; open Label again")
    if not stored_rounds.is_open(connection, row.round):
        closed = stored_rounds.by_id(connection, row.round)
        raise Refused(f"{closed.name} was closed on {day(closed.closed_at)}: its labels stay as they are")
    return row


def _values(connection: sa.Connection, row: sa.Row, given: Mapping[str, int | str]) -> tuple[dict[str, str], list[Dimension]]:
    """The values as stored, and the round's dimensions. Raises Refused for a dimension or value the round lacks."""
    rubric = rubrics.of_round(connection, row.round)
    dimensions = {key: rubric.dimension(key) for key in stored_rounds.dimensions_of(connection, row.round)}
    for key, value in given.items():
        if key not in dimensions:
            raise Refused(f"this round has no dimension {key}; it has {', '.join(dimensions)}")
        if dimensions[key].parse(str(value)) is None:
            raise Refused(f"{key} takes {listed([str(each) for each in dimensions[key].values])}, not {value}")
    return {key: str(value) for key, value in given.items()}, list(dimensions.values())


def _touch(connection: sa.Connection, row: sa.Row, at: datetime, **values) -> None:
    """Note that the person is at work on the draft; time since the last sign of it counts, up to IDLE."""
    spent = min(at - row.seen_at, IDLE).total_seconds() if row.seen_at else 0.0
    stored.set_assignment(connection, row.id, seen_at=at, seconds=row.seconds + max(spent, 0.0), **values)


def choose(person: Person, engine: sa.Engine, assignment: int, dimension: str, value: int | str) -> None:
    """Keep one choice as it is made: pending, not a label until Save."""
    with writing(engine) as connection:
        row = _mine(connection, assignment, person)
        _refuse_shown(stored_rounds.by_id(connection, row.round), row.state)
        at = clock.now()
        values, _ = _values(connection, row, {dimension: value})
        stored.keep_choice(connection, assignment, dimension, values[dimension], at)
        _touch(connection, row, at)


def keep_note(person: Person, engine: sa.Engine, assignment: int, note: str) -> None:
    """Keep the note as it stands."""
    with writing(engine) as connection:
        row = _mine(connection, assignment, person)
        _refuse_shown(stored_rounds.by_id(connection, row.round), row.state)
        at = clock.now()
        stored.keep_note(connection, assignment, texts.fit(note, "note"), at)
        _touch(connection, row, at)


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
        return _save(connection, person, assignment, values, note, revision, token)


def _save(
    connection: sa.Connection,
    person: Person,
    assignment: int,
    values: Mapping[str, int | str],
    note: str,
    revision: int | None,
    token: str,
) -> Saved:
    if (before := stored.save_of_token(connection, token)) is not None and before.assignment == assignment:
        return Saved(assignment, 0)  # also when the round was closed since: what was saved stays saved
    row = _mine(connection, assignment, person)
    if before or (before := stored.save_of_token(connection, token)):
        if before.assignment != assignment:
            raise Refused("this Save was made for another draft, so nothing was saved; load the page again")
        return Saved(assignment, 0)  # the same press of Save came in while this one waited for the row
    found = stored_rounds.by_id(connection, row.round)
    if revision is not None:
        _refuse_shown(found, row.state)
        _refuse_stale(connection, row, revision, values)
    now, dimensions = _values(connection, row, {key: value for key, value in values.items() if value is not None})
    if missing := [each.title for each in dimensions if each.key not in now]:
        raise Refused(f"{listed(missing)} {'has' if len(missing) == 1 else 'have'} no level yet; choose one for every dimension")
    labels = {label.dimension: label for label in stored.current(connection, assignment)}
    new = [
        {"dimension": key, "value": now[key], "supersedes": labels[key].id if key in labels else None}
        for key in now
        if key not in labels or labels[key].value != now[key]
    ]
    last = stored.last_save(connection, assignment)
    note = texts.fit(note, "note")
    at = clock.now()
    if new or (last and last.note != note):
        _refuse_shown(found, row.state)
    stored.clear_pending(connection, assignment)
    if not new and row.state == "saved" and last and last.note == note:
        _touch(connection, row, at)
        return Saved(assignment, 0)
    stored.add_save(
        connection, assignment=assignment, person=person.id, token=token, revision=row.revision + 1, note=note, at=at, new=new
    )
    _touch(connection, row, at, state="saved", skip_reason=None, revision=row.revision + 1, delivered_at=at)
    return Saved(assignment, len(new))


def _refuse_stale(connection: sa.Connection, row: sa.Row, revision: int, values: Mapping[str, int | str]) -> None:
    if row.revision != revision:
        raise Refused(
            f"this draft was {'saved' if row.state == 'saved' else 'skipped'} in another window at "
            f"{row.delivered_at:%H:%M} UTC, so this Save changed nothing. Correct it under My labels"
        )
    chosen, _ = stored.pending(connection, row.id)
    if differing := [key for key, value in chosen.items() if key in values and str(values[key]) != value]:
        title = rubrics.of_round(connection, row.round).dimension(differing[0]).title
        raise Refused(
            f"another window chose {chosen[differing[0]]} for {title} since this one was drawn, so "
            "this Save changed nothing. The form now shows that choice: look at it and save again"
        )


def skip(person: Person, engine: sa.Engine, assignment: int, reason: str, revision: int | None) -> Saved:
    """Deliver a draft without labels, saying why. Its cells count as missing. Raises Refused without a reason, or when
    the draft has labels already."""
    with writing(engine) as connection:
        _skip(connection, person, assignment, reason, revision)
    return Saved(assignment, 0)


def _skip(connection: sa.Connection, person: Person, assignment: int, reason: str, revision: int | None) -> None:
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
    stored.clear_pending(connection, assignment)
    _touch(connection, row, at, state="skipped", skip_reason=reason, revision=row.revision + 1, delivered_at=at)


def query(person: Person, engine: sa.Engine, assignment: int, note: str) -> Saved:
    """Mark the draft: someone should look at it. It stays to be labelled."""
    note = texts.fit(note, "query")
    if not note:
        raise Refused("a query needs a sentence: say what someone should look at")
    with writing(engine) as connection:
        row = _mine(connection, assignment, person)
        stored.add_query(connection, assignment=row.id, note=note, at=clock.now())
    return Saved(assignment, 0)


def my_labels(person: Person, engine: sa.Engine, round_name: str) -> list[Delivered]:
    """What the person has delivered in the round, the latest first: their own rows only. In a closed round, what they gave
    a draft that they label again in an open one is held back."""
    with reading(engine) as connection:
        found = row_of(connection, round_name)
        values: dict[int, dict[str, str]] = {}
        for label in stored.own_current(connection, found.id, person.id):
            values.setdefault(label.assignment, {})[label.dimension] = label.value
        tally = _tally(connection, found.id, person)
        held = stored.in_other_open_rounds(connection, person.id, found.id) if found.closed_at is not None else set()
        return [
            Delivered(
                row.id,
                _place(row, tally),
                row.is_practice,
                row.state,
                None if row.draft in held else row.skip_reason,
                shorten(row.text, 90, placeholder=" …"),
                {} if row.draft in held else values.get(row.id, {}),
                row.delivered_at,
                row.seconds,
                row.draft in held,
            )
            for row in stored.own_delivered(connection, found.id, person.id)
        ]


def label_from_rows(person: Person, engine: sa.Engine, round_name: str, rows: Iterable[FileRow], token: str) -> tuple[int, int]:
    """Save (or skip) many drafts of the person's own: how many changed, and how many were so already.

    `token` names the file. All in one transaction: raises Refused at the first row that cannot be taken.
    """
    changed = same = 0
    with writing(engine) as connection:
        found = row_of(connection, round_name)
        mine = {row.draft_id: row.id for row in stored.own_draft_ids(connection, found.id, person.id)}
        for row in rows:
            before = stored.own(connection, mine[row.draft_id], person.id)
            if row.skip:
                done = before.state != "skipped" or before.skip_reason != row.skip
                if done:
                    _skip(connection, person, before.id, row.skip, None)
            else:
                token_of_row = f"{token}:{before.id}:{before.revision}"
                _save(connection, person, before.id, row.values, row.note, None, token_of_row)
                done = stored.own(connection, before.id, person.id).revision > before.revision
            changed, same = changed + done, same + (not done)
    return changed, same


def own_drafts(person: Person, engine: sa.Engine, round_name: str) -> tuple[dict[str, str], Rubric, Round]:
    """What a file of labels may name: the person's draft ids with their tasks, and the round with its rubric."""
    with reading(engine) as connection:
        found = found_round(connection, round_name)
        rows = stored.own_draft_ids(connection, found.id, person.id)
        _refuse_outsider(connection, person, stored_rounds.by_id(connection, found.id))
        if not found.is_open:
            raise Refused(f"{found.name} is closed; there is nothing to label in it")
        return {row.draft_id: row.task_id for row in rows}, rubrics.of_round(connection, found.id), found


def assignment_of(person: Person, engine: sa.Engine, round_name: str, draft_id: str) -> int | None:
    """The person's own assignment of that draft in the round; None when they have none."""
    with reading(engine) as connection:
        return stored.assignment_of(connection, row_of(connection, round_name).id, person.id, draft_id)


def left(person: Person, engine: sa.Engine, round_name: str) -> str:
    """ "12 drafts left" for the person in the round."""
    with reading(engine) as connection:
        found = found_round(connection, round_name)
    mine = next((each for each in found.progress if each.person == person.id), None)
    return many(mine.waiting + mine.practice, "draft") + " left" if mine else "nothing to label"
