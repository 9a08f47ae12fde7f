"""Closing a round and taking that back; and the first reading of what a round kept back while it was open, after which that is
over. Whoever shows such a thing comes by here: `refuse_open` for what is counted alone, `note_read` for all else."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from db.engine import is_for_counting, stands_anyway, writing
from db.schema import adjudications, closings, counts, drafts, pattern_counts, people, round_annotators, round_drafts, rounds
from db.store.projects import drafts_in_project
from db.store.rounds import KEPT, delivered_by_now
from touchstone.errors import NotYourTurn


def close(connection: sa.Connection, round_: int, *, person: int, at: datetime, early_reason: str | None) -> None:
    connection.execute(
        sa.update(rounds).where(rounds.c.id == round_).values(closed_at=at, closed_by=person, early_reason=early_reason)
    )
    connection.execute(sa.insert(closings).values(round=round_, person=person, closed_at=at, early_reason=early_reason))
    for row in delivered_by_now(connection, round_):
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
    there = (
        ("a closing", (found.closed_by, found.early_reason) != (None, None)),
        ("a first reading", found.first_read_at is not None),
        ("stored progress", _any(connection, kept)),
        ("counts", _any(connection, sa.select(counts.c.id).where(counts.c.round == round_))),
        ("decisions", _any(connection, sa.select(adjudications.c.id).where(adjudications.c.round == round_))),
    )
    return [words for words, holds in there if holds]


def _any(connection: sa.Connection, query: sa.Select) -> bool:
    return connection.execute(query.limit(1)).first() is not None


def refuse_open(connection: sa.Connection, round_: int) -> None:
    """Raises NotYourTurn for an open round."""
    found = connection.execute(sa.select(rounds.c.name, rounds.c.closed_at).where(rounds.c.id == round_)).one()
    if found.closed_at is None:
        raise NotYourTurn(f"{found.name} is open: its labels stay hidden until it is closed, so that everyone labels blind")


def note_read(connection: sa.Connection, round_: int) -> None:
    """What the closed round kept back is about to be read. From here on its closing stands, and so does that of any other round
    with one of its drafts, which kept back what is known of that draft elsewhere. Refuses an open round.

    Nothing is noted where labels are only counted (`db.engine.counting`).
    """
    refuse_open(connection, round_)
    _note(connection, (rounds.c.id == round_) | _shares_a_draft(round_))


def note_read_elsewhere(connection: sa.Connection, round_: int) -> None:
    """The same where a person reads of this round only what is their own: the closings of other rounds with its drafts stand."""
    _note(connection, (rounds.c.id != round_) & _shares_a_draft(round_))


def note_draft_read(connection: sa.Connection, draft: int | None = None) -> None:
    """What closed rounds kept back of a draft (its id), or of all the project's drafts, is about to be read: its findings."""
    which = drafts_in_project(connection) if draft is None else drafts.c.id == draft
    held = sa.exists().where(round_drafts.c.round == rounds.c.id, drafts.c.id == round_drafts.c.draft, which)
    _note(connection, held)


def _shares_a_draft(round_: int) -> sa.Exists:
    mine, theirs = round_drafts.alias("mine"), round_drafts.alias("theirs")
    return sa.exists().where(mine.c.round == round_, theirs.c.draft == mine.c.draft, theirs.c.round == rounds.c.id)


def _note(connection: sa.Connection, which: sa.ColumnElement[bool]) -> None:
    if is_for_counting(connection):
        return
    unread = connection.execute(
        sa.select(rounds.c.id, rounds.c.name, rounds.c.closed_at)
        .where(rounds.c.closed_at.is_not(None), rounds.c.first_read_at.is_(None), which)
        .order_by(rounds.c.id)
    ).all()
    if not unread:
        return

    def put_on_record(own: sa.Connection) -> None:
        for each in unread:
            _put_on_record(own, each)

    if stands_anyway(connection, put_on_record):
        put_on_record(connection)
    else:  # what only reads cannot write: it is on record, in a transaction of its own, before anything is shown
        with writing(connection.engine) as own:
            put_on_record(own)


def _put_on_record(connection: sa.Connection, unread: sa.Row) -> None:
    """The closing that was seen stands, unless it was taken back meanwhile: one of the two comes first."""
    seen = (rounds.c.id == unread.id) & (rounds.c.closed_at == unread.closed_at)
    # By the database's clock: when it was is told, and nothing is computed from it.
    first = sa.update(rounds).where(seen, rounds.c.first_read_at.is_(None)).values(first_read_at=sa.func.now())
    if not connection.execute(first).rowcount and not connection.scalar(sa.select(sa.exists().where(seen))):
        raise NotYourTurn(f"{unread.name} was reopened just now, so nothing of it is shown: everyone labels blind again")
