"""An annotator's own work: their drafts, what they chose, what they saved."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from db.schema import assignments, drafts, labels, pending_choices, pending_notes, queries, round_drafts, saves, tasks
from db.store import among, insert_into, superseded
from db.store.bench.sealing import shown_input, shown_text

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
    assignments.c.delivered_at,
    shown_text,
    shown_input,
)


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


def own_again(connection: sa.Connection, assignment: int, person: int) -> sa.Row:
    """As `own`, of an assignment that is known to be the person's."""
    return connection.execute(_desks().where(assignments.c.id == assignment, assignments.c.person == person)).one()


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
        sa.select(labels.c.id, labels.c.dimension, labels.c.value).where(labels.c.assignment == assignment, ~superseded())
    ).all()


def last_save(connection: sa.Connection, assignment: int) -> sa.Row | None:
    return connection.execute(
        sa.select(saves).where(saves.c.assignment == assignment).order_by(saves.c.revision.desc()).limit(1)
    ).one_or_none()


def last_delivered_in(connection: sa.Connection, round_: int, person: int) -> sa.Row | None:
    """The person's draft of the round that was saved or skipped last: id (of its assignment) and delivered_at; None for none."""
    return connection.execute(
        sa.select(assignments.c.id, assignments.c.delivered_at)
        .where(assignments.c.round == round_, assignments.c.person == person, assignments.c.delivered_at.is_not(None))
        .order_by(assignments.c.delivered_at.desc())
        .limit(1)
    ).one_or_none()


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


class Tallied(NamedTuple):
    """So many assignments of a person are for practice or not, and in this state."""

    is_practice: bool
    state: str
    many: int


def tally(connection: sa.Connection, round_: int, person: int) -> list[Tallied]:
    """Of the person's assignments in the round: how many per is_practice and state. All are counted in an index; those for
    practice, which are few, are found by the drafts that are."""
    mine = (assignments.c.round == round_, assignments.c.person == person)
    by_state = sa.select(assignments.c.state, sa.func.count()).where(*mine).group_by(assignments.c.state)
    every = {row[0]: row[1] for row in connection.execute(by_state)}
    for_practice = sa.select(round_drafts.c.draft).where(round_drafts.c.round == round_, round_drafts.c.is_practice)
    practice = (
        sa.select(assignments.c.state, sa.func.count())
        .where(assignments.c.round == round_, assignments.c.person + 0 == person)  # so that it begins with the few drafts
        .where(assignments.c.draft.in_(for_practice), assignments.c.is_practice)
        .group_by(assignments.c.state)
    )
    found = [Tallied(True, row[0], row[1]) for row in connection.execute(practice)]
    for each in found:
        every[each.state] -= each.many
    return found + [Tallied(False, state, many) for state, many in every.items() if many]


def own_delivered(connection: sa.Connection, round_: int, person: int, most: int | None = None) -> Sequence[sa.Row]:
    """The person's delivered assignments, the latest first, at most so many."""
    return connection.execute(
        _desks()
        .where(
            assignments.c.round == round_,
            assignments.c.person == person,
            assignments.c.state != "waiting",
            assignments.c.delivered_at.is_not(None),
        )
        .order_by(assignments.c.delivered_at.desc(), assignments.c.position.desc())
        .limit(most)
    ).all()


def _of(connection: sa.Connection, ids: Sequence[int] | None) -> sa.ColumnElement[bool]:
    return sa.true() if ids is None else among(connection, assignments.c.id, ids)


def own_corrected(connection: sa.Connection, round_: int, person: int, ids: Sequence[int] | None = None) -> set[int]:
    """The person's assignments in the round (of these ids) that they saved more than once."""
    return set(
        connection.scalars(
            sa.select(saves.c.assignment)
            .join(assignments, assignments.c.id == saves.c.assignment)
            .where(assignments.c.round == round_, assignments.c.person == person, _of(connection, ids))
            .group_by(saves.c.assignment)
            .having(sa.func.count() > 1)
        )
    )


def own_begun(connection: sa.Connection, round_: int, person: int) -> set[int]:
    """The person's delivered assignments in the round with choices or a note that were kept since and not saved."""
    kept = sa.union(sa.select(pending_choices.c.assignment), sa.select(pending_notes.c.assignment))
    return set(
        connection.scalars(
            sa.select(assignments.c.id).where(
                assignments.c.round == round_,
                assignments.c.person == person,
                assignments.c.state != "waiting",
                assignments.c.id.in_(kept),
            )
        )
    )


def own_queries(connection: sa.Connection, round_: int, person: int) -> Sequence[sa.Row]:
    """assignment, note and asked_at of what the person asked about drafts of the round, the oldest first."""
    return connection.execute(
        sa.select(queries.c.assignment, queries.c.note, queries.c.asked_at)
        .join(assignments, assignments.c.id == queries.c.assignment)
        .where(assignments.c.round + 0 == round_, assignments.c.person + 0 == person)  # from the queries, which are few
        .order_by(queries.c.id)
    ).all()


def own_current(connection: sa.Connection, round_: int, person: int, ids: Sequence[int] | None = None) -> Sequence[sa.Row]:
    """assignment, dimension and value of all the person's labels in the round (of assignments of these ids)."""
    return connection.execute(
        sa.select(labels.c.assignment, labels.c.dimension, labels.c.value)
        .join(assignments, assignments.c.id == labels.c.assignment)
        .where(assignments.c.round == round_, assignments.c.person == person, ~superseded(), _of(connection, ids))
    ).all()
