"""Drafts of an open round that are not delivered yet: whose they are, how they go to somebody else; and what was changed so."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from db.schema import (
    assignments,
    drafts,
    pending_choices,
    pending_notes,
    people,
    queries,
    round_annotators,
    round_changes,
    round_drafts,
    rounds,
    tasks,
)
from db.store import among, chunks
from db.store.closing import withheld

PACED = 10_000  # drafts delivered last, which tell how long one takes


def _is_begun() -> sa.ColumnElement[bool]:
    """Whether the annotator has chosen, noted or asked something on the draft."""
    said = (sa.exists().where(each.c.assignment == assignments.c.id) for each in (pending_choices, pending_notes, queries))
    return sa.or_(*said)


def open_of(connection: sa.Connection, round_: int, person: int) -> Sequence[sa.Row]:
    """The person's drafts that count and wait, in their order: id, draft, draft_id, position, is_begun. They are held until the
    transaction ends; what is being saved this moment is left out."""
    return connection.execute(
        sa.select(assignments.c.id, assignments.c.draft, drafts.c.draft_id, assignments.c.position, _is_begun().label("is_begun"))
        .join(drafts, drafts.c.id == assignments.c.draft)
        .where(
            assignments.c.round == round_,
            assignments.c.person == person,
            assignments.c.state == "waiting",
            ~assignments.c.is_practice,
        )
        .order_by(assignments.c.position)
        .with_for_update(of=assignments, skip_locked=True)
    ).all()


def drafts_of(connection: sa.Connection, round_: int, person: int) -> set[int]:
    """The drafts (ids) of the round that the person has or has delivered."""
    mine = sa.select(assignments.c.draft).where(assignments.c.round == round_, assignments.c.person == person)
    return set(connection.scalars(mine))


def queried(connection: sa.Connection, round_: int) -> set[int]:
    """The drafts (ids) of the round that somebody asked something about."""
    query = sa.select(assignments.c.draft).join(queries, queries.c.assignment == assignments.c.id)
    return set(connection.scalars(query.where(assignments.c.round == round_)))


def last_position(connection: sa.Connection, round_: int, person: int) -> int:
    """The last place in the person's order; 0 where they have none."""
    last = sa.select(sa.func.max(assignments.c.position)).where(assignments.c.round == round_, assignments.c.person == person)
    return connection.scalar(last) or 0


def take(connection: sa.Connection, ids: Sequence[int]) -> None:
    for part in chunks(list(ids)):
        connection.execute(sa.delete(assignments).where(among(connection, assignments.c.id, part)))


def place(connection: sa.Connection, places: Mapping[int, int]) -> None:
    """Give waiting assignments (ids) earlier places, the first first: none is in the way of another."""
    for id_, position in sorted(places.items(), key=lambda each: each[1]):
        connection.execute(sa.update(assignments).where(assignments.c.id == id_).values(position=position))


def places_of_others(connection: sa.Connection, round_: int, person: int, ids: Sequence[int]) -> set[int]:
    """The places in the person's order of all assignments but these (ids)."""
    mine = (assignments.c.round == round_, assignments.c.person == person, ~among(connection, assignments.c.id, ids))
    return set(connection.scalars(sa.select(assignments.c.position).where(*mine)))


def give(connection: sa.Connection, round_: int, rows: Sequence[Mapping]) -> None:
    """Assignments that wait; a row carries draft, person, position and is_practice."""
    waiting = [{**row, "round": round_, "state": "waiting", "revision": 0, "seconds": 0.0} for row in rows]
    for part in chunks(waiting):
        connection.execute(sa.insert(assignments), list(part))


def add_annotator(connection: sa.Connection, round_: int, person: int) -> None:
    last = sa.select(sa.func.max(round_annotators.c.position)).where(round_annotators.c.round == round_)
    place_ = (connection.scalar(last) or 0) + 1
    connection.execute(sa.insert(round_annotators).values(round=round_, person=person, position=place_))


def add_drafts(connection: sa.Connection, round_: int, ids: Sequence[int]) -> None:
    for part in chunks([{"round": round_, "draft": each, "is_practice": False} for each in ids]):
        connection.execute(sa.insert(round_drafts), list(part))


def practice_of(connection: sa.Connection, round_: int) -> dict[str, int]:
    """The round's practice drafts: draft_id -> id."""
    query = (
        sa.select(drafts.c.draft_id, drafts.c.id)
        .join(round_drafts, round_drafts.c.draft == drafts.c.id)
        .where(round_drafts.c.round == round_, round_drafts.c.is_practice)
    )
    return {row.draft_id: row.id for row in connection.execute(query)}


def partitions_of(connection: sa.Connection, round_: int) -> set[str | None]:
    """The partitions that the round's drafts are from."""
    return set(
        connection.scalars(
            sa.select(tasks.c.partition)
            .join(drafts, drafts.c.task == tasks.c.id)
            .join(round_drafts, round_drafts.c.draft == drafts.c.id)
            .where(round_drafts.c.round == round_)
            .distinct()
        )
    )


def continued_by(connection: sa.Connection, round_: int) -> str | None:
    """The name of a round that continues this one; None where none does."""
    return connection.scalar(sa.select(rounds.c.name).where(rounds.c.continues_round == round_).limit(1))


def add_change(connection: sa.Connection, round_: int, *, person: int, kind: str, what: Mapping, at: datetime) -> None:
    connection.execute(sa.insert(round_changes).values(round=round_, person=person, kind=kind, what=dict(what), changed_at=at))


def changes_of(connection: sa.Connection, round_: int) -> Sequence[sa.Row]:
    """What was changed in the round while it was open, the first first: kind, what, changed_at, by (a name)."""
    return connection.execute(
        sa.select(round_changes.c.kind, round_changes.c.what, round_changes.c.changed_at, people.c.name.label("by"))
        .join(people, people.c.id == round_changes.c.person)
        .where(round_changes.c.round == round_)
        .order_by(round_changes.c.id)
    ).all()


def names_of(connection: sa.Connection, persons: Collection[int]) -> dict[int, str]:
    return {row.id: row.name for row in connection.execute(sa.select(people.c.id, people.c.name).where(people.c.id.in_(persons)))}


def also_closed(connection: sa.Connection, round_: int) -> set[int]:
    """The drafts (ids) of the round that a closed round has, too."""
    closed = (
        sa.select(round_drafts.c.draft).join(rounds, rounds.c.id == round_drafts.c.round).where(rounds.c.closed_at.is_not(None))
    )
    mine = sa.select(round_drafts.c.draft).where(round_drafts.c.round == round_, round_drafts.c.draft.in_(closed))
    return set(connection.scalars(mine))


class Paced(NamedTuple):
    """How one annotator of a round comes on: `delivered` in all, `lately` since some moment, `first_at` of all; `seconds` on
    average of the last `PACED` delivered, those that took any, None where none did; `queries` they asked; `begun` of what
    waits."""

    person: int
    delivered: int
    lately: int
    first_at: datetime | None
    seconds: float | None
    queries: int
    begun: int


def pace_of(connection: sa.Connection, round_: int, since: datetime) -> list[Paced]:
    """The annotators of a round; `lately` is since that moment. No draft counts that is held back from the reader.

    Each part is asked of an index, or begins with what is few, and reads no assignment of a million."""
    here = assignments.c.round == round_, withheld.told(connection, assignments.c.draft, round_)
    asked = _by_person(connection, queries, *here)
    said = sa.union(*(sa.select(each.c.assignment) for each in (pending_choices, pending_notes, queries))).subquery()
    begun = _by_person(connection, said, *here, assignments.c.state == "waiting")
    own = *here, assignments.c.person == round_annotators.c.person
    last = (
        sa.select(sa.case((assignments.c.seconds > 0, assignments.c.seconds)).label("seconds"))
        .where(*own, assignments.c.delivered_at.is_not(None))
        .order_by(assignments.c.delivered_at.desc(), assignments.c.position.desc())
        .limit(PACED)
        .correlate(round_annotators)
        .subquery()
    )
    many = sa.select(sa.func.count()).select_from(assignments).where(*own).correlate(round_annotators)
    first = sa.select(sa.func.min(assignments.c.delivered_at, type_=assignments.c.delivered_at.type)).where(*own)
    rows = connection.execute(
        sa.select(
            round_annotators.c.person,
            many.where(assignments.c.state.in_(("saved", "skipped"))).scalar_subquery().label("delivered"),
            many.where(assignments.c.delivered_at >= since).scalar_subquery().label("lately"),
            first.correlate(round_annotators).scalar_subquery().label("first_at"),
            sa.select(sa.func.avg(last.c.seconds)).scalar_subquery().label("seconds"),
        ).where(round_annotators.c.round == round_)
    )
    return [Paced(*row, asked.get(row.person, 0), begun.get(row.person, 0)) for row in rows]


def _by_person(connection: sa.Connection, said: sa.FromClause, *which: sa.ColumnElement[bool]) -> dict[int, int]:
    """How many rows of `said` each person has, by the assignment that stands in them. Looked up from there: such rows are few."""
    whose = sa.select(assignments.c.person).where(assignments.c.id == said.c.assignment, *which)
    found = sa.select(whose.scalar_subquery().label("person")).select_from(said).subquery()
    counted = sa.select(found.c.person, sa.func.count()).where(found.c.person.is_not(None)).group_by(found.c.person)
    return {row[0]: row[1] for row in connection.execute(counted)}
