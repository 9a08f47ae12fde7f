"""An annotator's own work, and the one query that reads everybody's: `of_closed_round`."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from db.schema import (
    assignments,
    drafts,
    labels,
    pending_choices,
    pending_notes,
    people,
    queries,
    round_drafts,
    rounds,
    saves,
    tasks,
)
from db.store import insert_into
from touchstone.errors import NotYourTurn

AT_ONCE = 20_000  # rows of a stream in hand at a time

# What an annotator may see of a draft: no author, nothing of the task but its input, nobody else's rows.
_DESK = (
    assignments.c.id,
    assignments.c.round,
    assignments.c.draft,
    assignments.c.position,
    assignments.c.is_practice,
    assignments.c.state,
    assignments.c.revision,
    assignments.c.skip_reason,
    assignments.c.seconds,
    assignments.c.seen_at,
    drafts.c.text,
    tasks.c.input,
)


def _superseded() -> sa.Exists:
    later = labels.alias("later")
    return sa.exists().where(later.c.supersedes == labels.c.id)


def _desks() -> sa.Select:
    return sa.select(*_DESK).select_from(
        assignments.join(drafts, drafts.c.id == assignments.c.draft).join(tasks, tasks.c.id == drafts.c.task)
    )


def next_waiting(connection: sa.Connection, round_: int, person: int) -> sa.Row | None:
    """The person's first assignment not yet delivered, in their own order."""
    return connection.execute(
        _desks()
        .where(assignments.c.round == round_, assignments.c.person == person, assignments.c.state == "waiting")
        .order_by(assignments.c.position)
        .limit(1)
    ).one_or_none()


def own(connection: sa.Connection, assignment: int, person: int) -> sa.Row | None:
    """One assignment of the person's own; None when it is someone else's or nobody's."""
    return connection.execute(_desks().where(assignments.c.id == assignment, assignments.c.person == person)).one_or_none()


def lock_own(connection: sa.Connection, assignment: int, person: int) -> sa.Row | None:
    """As `own` but only the assignment's columns, and held until the transaction ends."""
    return connection.execute(
        sa.select(assignments).where(assignments.c.id == assignment, assignments.c.person == person).with_for_update()
    ).one_or_none()


def assignment_of(connection: sa.Connection, round_: int, person: int, draft_id: str) -> int | None:
    return connection.execute(
        sa.select(assignments.c.id)
        .join(drafts, drafts.c.id == assignments.c.draft)
        .where(assignments.c.round == round_, assignments.c.person == person, drafts.c.draft_id == draft_id)
    ).scalar_one_or_none()


def own_draft_ids(connection: sa.Connection, round_: int, person: int) -> Sequence[sa.Row]:
    """draft_id, task_id and assignment of all the person has in the round: what a file of labels may name."""
    return connection.execute(
        sa.select(assignments.c.id, drafts.c.draft_id, tasks.c.task_id)
        .join(drafts, drafts.c.id == assignments.c.draft)
        .join(tasks, tasks.c.id == drafts.c.task)
        .where(assignments.c.round == round_, assignments.c.person == person)
    ).all()


def pending(connection: sa.Connection, assignment: int) -> tuple[dict[str, str], str | None]:
    """Choices made but not saved, by dimension, and the note being written."""
    chosen = connection.execute(
        sa.select(pending_choices.c.dimension, pending_choices.c.value).where(pending_choices.c.assignment == assignment)
    )
    note = connection.scalar(sa.select(pending_notes.c.note).where(pending_notes.c.assignment == assignment))
    return {row.dimension: row.value for row in chosen}, note


def _upsert(connection: sa.Connection, table: sa.Table, keys: Mapping, values: Mapping) -> None:
    connection.execute(
        insert_into(connection, table)
        .values(**keys, **values)
        .on_conflict_do_update(index_elements=list(keys), set_=dict(values))
    )


def keep_choice(connection: sa.Connection, assignment: int, dimension: str, value: str, at: datetime) -> None:
    _upsert(connection, pending_choices, {"assignment": assignment, "dimension": dimension}, {"value": value, "chosen_at": at})


def keep_note(connection: sa.Connection, assignment: int, note: str, at: datetime) -> None:
    _upsert(connection, pending_notes, {"assignment": assignment}, {"note": note, "kept_at": at})


def clear_pending(connection: sa.Connection, assignment: int) -> None:
    connection.execute(sa.delete(pending_choices).where(pending_choices.c.assignment == assignment))
    connection.execute(sa.delete(pending_notes).where(pending_notes.c.assignment == assignment))


def current(connection: sa.Connection, assignment: int) -> Sequence[sa.Row]:
    """id, dimension and value of the assignment's labels, those superseded left out."""
    return connection.execute(
        sa.select(labels.c.id, labels.c.dimension, labels.c.value).where(labels.c.assignment == assignment, ~_superseded())
    ).all()


def last_save(connection: sa.Connection, assignment: int) -> sa.Row | None:
    return connection.execute(
        sa.select(saves).where(saves.c.assignment == assignment).order_by(saves.c.revision.desc()).limit(1)
    ).one_or_none()


def last_saved_in(connection: sa.Connection, round_: int, person: int) -> datetime | None:
    """When the person last delivered a draft of the round."""
    return connection.scalar(
        sa.select(sa.func.max(assignments.c.delivered_at, type_=assignments.c.delivered_at.type)).where(
            assignments.c.round == round_, assignments.c.person == person
        )
    )


def save_of_token(connection: sa.Connection, token: str) -> sa.Row | None:
    return connection.execute(sa.select(saves).where(saves.c.token == token)).one_or_none()


def add_save(
    connection: sa.Connection,
    *,
    assignment: int,
    person: int,
    token: str,
    revision: int,
    note: str,
    at: datetime,
    new: Sequence[Mapping],
) -> int:
    """One Save with its labels; `new` rows carry dimension, value and supersedes (a label's id, or None)."""
    made = connection.execute(
        sa.insert(saves)
        .values(assignment=assignment, token=token, revision=revision, note=note, saved_at=at)
        .returning(saves.c.id)
    ).scalar_one()
    if new:
        connection.execute(
            sa.insert(labels),
            [{**row, "save": made, "assignment": assignment, "person": person, "labelled_at": at} for row in new],
        )
    return made


def set_assignment(connection: sa.Connection, assignment: int, **values) -> None:
    connection.execute(sa.update(assignments).where(assignments.c.id == assignment).values(**values))


def add_query(connection: sa.Connection, *, assignment: int, note: str, at: datetime) -> None:
    connection.execute(sa.insert(queries).values(assignment=assignment, note=note, asked_at=at))


def tally(connection: sa.Connection, round_: int, person: int) -> Sequence[sa.Row]:
    """Of the person's assignments in the round: how many per is_practice and state."""
    return connection.execute(
        sa.select(assignments.c.is_practice, assignments.c.state, sa.func.count().label("many"))
        .where(assignments.c.round == round_, assignments.c.person == person)
        .group_by(assignments.c.is_practice, assignments.c.state)
    ).all()


def own_delivered(connection: sa.Connection, round_: int, person: int) -> Sequence[sa.Row]:
    """The person's delivered assignments, the latest first."""
    return connection.execute(
        _desks()
        .add_columns(assignments.c.delivered_at)
        .where(assignments.c.round == round_, assignments.c.person == person, assignments.c.state != "waiting")
        .order_by(assignments.c.delivered_at.desc(), assignments.c.position.desc())
    ).all()


def own_current(connection: sa.Connection, round_: int, person: int) -> Sequence[sa.Row]:
    """assignment, dimension and value of all the person's labels in the round."""
    return connection.execute(
        sa.select(labels.c.assignment, labels.c.dimension, labels.c.value)
        .join(assignments, assignments.c.id == labels.c.assignment)
        .where(assignments.c.round == round_, assignments.c.person == person, ~_superseded())
    ).all()


def _refuse_open(connection: sa.Connection, round_: int) -> None:
    found = connection.execute(sa.select(rounds.c.name, rounds.c.closed_at).where(rounds.c.id == round_)).one()
    if found.closed_at is None:
        raise NotYourTurn(f"{found.name} is open: its labels are read when it is closed, so that everyone labels blind")


def of_closed_round(
    connection: sa.Connection,
    round_: int,
    *,
    draft_id: str | None = None,
    dimension: str | None = None,
    person: int | None = None,
    differing: bool = False,
) -> Sequence[sa.Row]:
    """Every current label that counts in a closed round (of one draft, dimension or person; `differing`: only of drafts
    whose labels on a dimension are not all the same), the one long table: label, draft (id), draft_id, task_id,
    cluster, person (id), annotator, dimension, value, labelled_at, note (of its save).

    Raises NotYourTurn for an open round: this query is where blindness is kept.
    """
    _refuse_open(connection, round_)
    latest = (
        sa.select(saves.c.note)
        .where(saves.c.assignment == labels.c.assignment)
        .order_by(saves.c.revision.desc())
        .limit(1)
        .scalar_subquery()
    )
    only = [
        column == value
        for column, value in ((drafts.c.draft_id, draft_id), (labels.c.dimension, dimension), (labels.c.person, person))
        if value is not None
    ]
    if differing:
        given = _that_count(round_, labels.c.dimension == dimension if dimension is not None else sa.true())
        only.append(
            drafts.c.id.in_(
                given.with_only_columns(assignments.c.draft)
                .group_by(assignments.c.draft, labels.c.dimension)
                .having(sa.func.min(labels.c.value) != sa.func.max(labels.c.value))
            )
        )
    return connection.execute(
        sa.select(
            labels.c.id.label("label"),
            drafts.c.id.label("draft"),
            drafts.c.draft_id,
            tasks.c.task_id,
            tasks.c.cluster,
            people.c.id.label("person"),
            people.c.name.label("annotator"),
            labels.c.dimension,
            labels.c.value,
            labels.c.labelled_at,
            latest.label("note"),
        )
        .select_from(
            labels.join(assignments, assignments.c.id == labels.c.assignment)
            .join(drafts, drafts.c.id == assignments.c.draft)
            .join(tasks, tasks.c.id == drafts.c.task)
            .join(people, people.c.id == assignments.c.person)
        )
        .where(assignments.c.round == round_, ~assignments.c.is_practice, ~_superseded(), *only)
        .order_by(drafts.c.draft_id, labels.c.dimension, people.c.id)
    ).all()


def values_of_closed_round(connection: sa.Connection, round_: int) -> Sequence[sa.Row]:
    """As `of_closed_round`, only draft_id, annotator, dimension and value: for computing, at any size. Refuses an open
    round."""
    _refuse_open(connection, round_)
    return connection.execute(
        sa.select(drafts.c.draft_id, people.c.name.label("annotator"), labels.c.dimension, labels.c.value)
        .select_from(
            labels.join(assignments, assignments.c.id == labels.c.assignment)
            .join(drafts, drafts.c.id == assignments.c.draft)
            .join(people, people.c.id == assignments.c.person)
        )
        .where(assignments.c.round == round_, ~assignments.c.is_practice, ~_superseded())
        .order_by(labels.c.id)
    ).all()


def _that_count(round_: int, *only: sa.ColumnElement[bool]) -> sa.Select:
    """draft, person, dimension and value of the current labels that count, in no order: a round of a million is sorted by
    nobody and carries no note."""
    return (
        sa.select(assignments.c.draft, assignments.c.person, labels.c.dimension, labels.c.value)
        .select_from(labels.join(assignments, assignments.c.id == labels.c.assignment))
        .where(assignments.c.round == round_, ~assignments.c.is_practice, ~_superseded(), *only)
    )


def stream_of_closed_round(connection: sa.Connection, round_: int) -> Iterator[Sequence[tuple[int, int, str, str]]]:
    """draft (id), person (id), dimension and value of every current label that counts in a closed round, in no order, some
    thousands at a time. Refuses an open round."""
    _refuse_open(connection, round_)
    return connection.execution_options(yield_per=AT_ONCE).execute(_that_count(round_)).partitions()


class PatternRow(NamedTuple):
    """So many drafts (`units`) have these values on a dimension, one for each of the people asked about, None where that
    person gave none."""

    dimension: str
    values: tuple[str | None, ...]
    units: int


def patterns_of_closed_round(connection: sa.Connection, round_: int, people: Sequence[int]) -> list[PatternRow]:
    """The label patterns of a closed round, counted by the database. Refuses an open round."""
    _refuse_open(connection, round_)
    by_person = (
        sa.func.max(sa.case((assignments.c.person == person, labels.c.value))).label(f"seat{place}")
        for place, person in enumerate(people)
    )
    given = (
        _that_count(round_)
        .with_only_columns(labels.c.dimension, *by_person)
        .group_by(assignments.c.draft, labels.c.dimension)
        .subquery()
    )
    return [
        PatternRow(row[0], tuple(row[2:]), row[1])
        for row in connection.execute(
            sa.select(given.c.dimension, sa.func.count(), *list(given.c)[1:]).group_by(*given.c).order_by(*given.c)
        )
    ]


def clusters_in_closed_round(connection: sa.Connection, round_: int) -> dict[str, int]:
    """By dimension: how many clusters the drafts with a label that counts are of. Refuses an open round."""
    _refuse_open(connection, round_)
    return {
        row[0]: row[1]
        for row in connection.execute(
            sa.select(labels.c.dimension, sa.func.count(tasks.c.cluster.distinct()))
            .select_from(
                labels.join(assignments, assignments.c.id == labels.c.assignment)
                .join(drafts, drafts.c.id == assignments.c.draft)
                .join(tasks, tasks.c.id == drafts.c.task)
            )
            .where(assignments.c.round == round_, ~assignments.c.is_practice)
            .group_by(labels.c.dimension)
        )
    }


def clusters_of_drafts(connection: sa.Connection, round_: int) -> Iterator[Sequence[tuple[int, str]]]:
    """draft (id) and cluster of every draft that counts in a round, some thousands at a time."""
    return (
        connection.execution_options(yield_per=AT_ONCE)
        .execute(
            sa.select(drafts.c.id, tasks.c.cluster)
            .select_from(round_drafts.join(drafts, drafts.c.id == round_drafts.c.draft).join(tasks, tasks.c.id == drafts.c.task))
            .where(round_drafts.c.round == round_, ~round_drafts.c.is_practice)
        )
        .partitions()
    )


def states_in_round(connection: sa.Connection, round_: int) -> dict[str, int]:
    """How many assignments that count are in each state."""
    return {
        row[0]: row[1]
        for row in connection.execute(
            sa.select(assignments.c.state, sa.func.count())
            .where(assignments.c.round == round_, ~assignments.c.is_practice)
            .group_by(assignments.c.state)
        )
    }


def history_of_closed_round(connection: sa.Connection, round_: int) -> Sequence[sa.Row]:
    """Every label of a closed round, superseded ones too, in the order made. Refuses an open round."""
    _refuse_open(connection, round_)
    return connection.execute(
        sa.select(
            labels.c.id.label("label"),
            drafts.c.draft_id,
            people.c.name.label("annotator"),
            labels.c.dimension,
            labels.c.value,
            labels.c.labelled_at,
            labels.c.supersedes,
        )
        .select_from(
            labels.join(assignments, assignments.c.id == labels.c.assignment)
            .join(drafts, drafts.c.id == assignments.c.draft)
            .join(people, people.c.id == assignments.c.person)
        )
        .where(assignments.c.round == round_, ~assignments.c.is_practice)
        .order_by(labels.c.id)
    ).all()


def sliceable_of_closed_round(connection: sa.Connection, round_: int) -> Sequence[sa.Row]:
    """Every current label that counts in a closed round, with what its draft can be told apart by: draft_id, cluster,
    target (the dimension the task was written to test), source_mode, difficulty, author, annotator, dimension, value,
    position (in the annotator's own order), first_saved_at.

    Raises NotYourTurn for an open round, as `of_closed_round` does.
    """
    _refuse_open(connection, round_)
    first = (
        sa.select(sa.func.min(saves.c.saved_at, type_=saves.c.saved_at.type))
        .where(saves.c.assignment == assignments.c.id)
        .scalar_subquery()
    )
    return connection.execute(
        sa.select(
            drafts.c.draft_id,
            tasks.c.cluster,
            tasks.c.dimension.label("target"),
            tasks.c.source_mode,
            tasks.c.difficulty,
            drafts.c.author,
            people.c.name.label("annotator"),
            labels.c.dimension,
            labels.c.value,
            assignments.c.position,
            first.label("first_saved_at"),
        )
        .select_from(
            labels.join(assignments, assignments.c.id == labels.c.assignment)
            .join(drafts, drafts.c.id == assignments.c.draft)
            .join(tasks, tasks.c.id == drafts.c.task)
            .join(people, people.c.id == assignments.c.person)
        )
        .where(assignments.c.round == round_, ~assignments.c.is_practice, ~_superseded())
        .order_by(drafts.c.draft_id, labels.c.dimension, people.c.id)
    ).all()


def time_of_closed_round(connection: sa.Connection, round_: int) -> Sequence[sa.Row]:
    """Who delivered what that counts in a closed round, and how long it took: annotator, state, seconds. Refuses an
    open round."""
    _refuse_open(connection, round_)
    return connection.execute(
        sa.select(people.c.name.label("annotator"), assignments.c.state, assignments.c.seconds)
        .join(people, people.c.id == assignments.c.person)
        .where(assignments.c.round == round_, ~assignments.c.is_practice)
        .order_by(assignments.c.id)
    ).all()


def cells_of_round(connection: sa.Connection, round_: int, *, draft_id: str | None = None) -> Sequence[sa.Row]:
    """Who was to label what that counts (of one draft): draft (id), draft_id, task_id, cluster, person (id), state."""
    return connection.execute(
        sa.select(
            drafts.c.id.label("draft"),
            drafts.c.draft_id,
            tasks.c.task_id,
            tasks.c.cluster,
            assignments.c.person,
            assignments.c.state,
            assignments.c.skip_reason,
        )
        .select_from(assignments.join(drafts, drafts.c.id == assignments.c.draft).join(tasks, tasks.c.id == drafts.c.task))
        .where(
            assignments.c.round == round_,
            ~assignments.c.is_practice,
            sa.true() if draft_id is None else drafts.c.draft_id == draft_id,
        )
        .order_by(drafts.c.draft_id, assignments.c.person)
    ).all()


def in_open_rounds(connection: sa.Connection, person: int) -> dict[str, str]:
    """Drafts the person labels (or may still correct) in any open round, with their tasks: draft_id -> task_id.

    Others' labels on them are held back from this person until that round is closed.
    """
    return {
        row.draft_id: row.task_id
        for row in connection.execute(
            sa.select(drafts.c.draft_id, tasks.c.task_id)
            .select_from(
                assignments.join(rounds, rounds.c.id == assignments.c.round)
                .join(drafts, drafts.c.id == assignments.c.draft)
                .join(tasks, tasks.c.id == drafts.c.task)
            )
            .where(assignments.c.person == person, rounds.c.closed_at.is_(None))
        )
    }


def in_other_open_rounds(connection: sa.Connection, person: int, round_: int) -> set[int]:
    """Ids of the drafts the person labels in any open round but this one."""
    return set(
        connection.scalars(
            sa.select(assignments.c.draft)
            .join(rounds, rounds.c.id == assignments.c.round)
            .where(assignments.c.person == person, rounds.c.closed_at.is_(None), rounds.c.id != round_)
        )
    )
