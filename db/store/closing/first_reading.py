"""The first reading of what a round kept back while it was open, after which its closing stands. Whoever shows such a thing comes
by here: what it refuses, or does not put on record, nobody is shown."""

import sqlalchemy as sa

from db.aliases import alias_of
from db.engine import also_tell, is_for_counting, stands_anyway, writing
from db.schema import drafts, round_drafts, rounds
from db.store.projects import drafts_in_project
from db.store.record.events import Event
from touchstone.errors import NotYourTurn


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
    mine, theirs = alias_of(round_drafts, "mine"), alias_of(round_drafts, "theirs")
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
        if any([_put_on_record(own, each) for each in unread]):
            also_tell(own, Event("read first", subject={"round": [each.name for each in unread]}, always=True))

    if stands_anyway(connection, put_on_record):
        put_on_record(connection)
    else:  # what only reads cannot write: it is on record, in a transaction of its own, before anything is shown
        with writing(connection.engine) as own:
            put_on_record(own)


def _put_on_record(connection: sa.Connection, unread: sa.Row) -> bool:
    """The closing that was seen stands, unless it was taken back meanwhile: one of the two comes first. Whether this is the first
    reading."""
    seen = (rounds.c.id == unread.id) & (rounds.c.closed_at == unread.closed_at)
    # By the database's clock: when it was is told, and nothing is computed from it.
    first = sa.update(rounds).where(seen, rounds.c.first_read_at.is_(None)).values(first_read_at=sa.func.now())
    is_first = connection.execute(first).rowcount > 0
    if not is_first and not connection.scalar(sa.select(sa.exists().where(seen))):
        raise NotYourTurn(f"{unread.name} was reopened just now, so nothing of it is shown: everyone labels blind again")
    return is_first
