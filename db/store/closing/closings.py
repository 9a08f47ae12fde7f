"""Closing a round, taking that back, and what is on record of both."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from db.schema import adjudications, closings, counts, pattern_counts, people, round_annotators, rounds, waiting_cells
from db.store.closing import by_draft, cells
from db.store.rounds import KEPT


def close(
    connection: sa.Connection, round_: int, delivered: Sequence[Any], *, person: int, at: datetime, early_reason: str | None
) -> None:
    """`delivered`: a row an annotator, as `db.store.rounds.delivered_by_now` counts them."""
    connection.execute(
        sa.update(rounds).where(rounds.c.id == round_).values(closed_at=at, closed_by=person, early_reason=early_reason)
    )
    connection.execute(sa.insert(closings).values(round=round_, person=person, closed_at=at, early_reason=early_reason))
    for row in delivered:
        connection.execute(
            sa.update(round_annotators)
            .where(round_annotators.c.round == round_, round_annotators.c.person == row.person)
            .values({name: getattr(row, name) for name in KEPT})
        )


def reopen(connection: sa.Connection, round_: int, *, person: int, at: datetime) -> None:
    """Take the closing back: what it stored is deleted, and that it was is on record."""
    standing = (closings.c.round == round_) & closings.c.reopened_at.is_(None)
    connection.execute(sa.update(closings).where(standing).values(reopened_at=at, reopened_by=person))
    connection.execute(sa.update(rounds).where(rounds.c.id == round_).values(closed_at=None, closed_by=None, early_reason=None))
    connection.execute(sa.update(round_annotators).where(round_annotators.c.round == round_).values(dict.fromkeys(KEPT, None)))
    mine = sa.select(counts.c.id).where(counts.c.round == round_)
    connection.execute(sa.delete(pattern_counts).where(pattern_counts.c.counted.in_(mine)))
    connection.execute(sa.delete(counts).where(counts.c.round == round_))
    cells.forget(connection, round_)
    by_draft.forget(connection, round_)


def taken_back(connection: sa.Connection, round_: int) -> Sequence[sa.Row]:
    """The closings of a round that were taken back, the earliest first: closed_at, reopened_at, by (a name)."""
    return connection.execute(
        sa.select(closings.c.closed_at, closings.c.reopened_at, people.c.name.label("by"))
        .join(people, people.c.id == closings.c.reopened_by)
        .where(closings.c.round == round_)
        .order_by(closings.c.id)
    ).all()


def standing(connection: sa.Connection) -> dict[int, datetime]:
    """By round: the moment of its closing that is on record and was not taken back."""
    found = sa.select(closings.c.round, closings.c.closed_at).where(closings.c.reopened_at.is_(None))
    return {row.round: row.closed_at for row in connection.execute(found)}


def left_of_closing(connection: sa.Connection, round_: int) -> list[str]:
    """What an open round has that is stored only once it is closed, in words; empty where all is as it should be."""
    found = connection.execute(sa.select(rounds).where(rounds.c.id == round_)).one()
    kept = sa.select(round_annotators.c.person).where(round_annotators.c.round == round_, round_annotators.c.saved.is_not(None))
    waiting = sa.select(waiting_cells.c.draft).where(waiting_cells.c.round == round_)
    there = (
        ("a closing", (found.closed_by, found.early_reason) != (None, None)),
        ("a first reading", found.first_read_at is not None),
        ("stored progress", _any(connection, kept)),
        ("counts", _any(connection, sa.select(counts.c.id).where(counts.c.round == round_))),
        ("cells", cells.are_kept(connection, round_) or _any(connection, waiting)),
        ("slices", by_draft.are_kept(connection, round_)),
        ("decisions", _any(connection, sa.select(adjudications.c.id).where(adjudications.c.round == round_))),
    )
    return [words for words, holds in there if holds]


def _any(connection: sa.Connection, query: sa.Select) -> bool:
    return connection.execute(query.limit(1)).first() is not None
