"""Tries to sign in, counted in the store: the count survives a restart and holds for every process."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa

from db.schema import UTCDateTime, throttles
from db.store import insert_into

MOST = 20_000  # keys kept: past it those go first of which the fewest tries came to nothing
BEHIND = timedelta(minutes=1)  # how far the clock of another process may be behind, or its question be old


class Taken(NamedTuple):
    """A try that was asked for: the how manieth it is, or until when none may be made (then it is none)."""

    tries: int
    until: datetime | None


def take_try(
    connection: sa.Connection, key: str, *, at: datetime, waits: Sequence[timedelta], free: int, forgotten: timedelta
) -> Taken:
    """Count one more try as one that came to nothing, in one statement: of any number at the same moment no more go through than
    there are.

    After `free` tries each is followed by the next of `waits`, the last of them from then on; after `forgotten` without one they
    are counted anew.
    """

    def moment(after: timedelta) -> sa.ColumnElement[datetime]:
        return sa.literal(at + after, UTCDateTime())

    count = sa.case((throttles.c.until < at - forgotten, 1), else_=throttles.c.failures + 1)
    steps = [(count == free + place, moment(wait)) for place, wait in enumerate(waits)]
    until = sa.case((count < free, moment(-BEHIND)), *steps, else_=moment(waits[-1]))
    first = waits[0] if free <= 1 else -BEHIND
    taken = connection.execute(
        insert_into(connection, throttles)
        .values(key=key, failures=1, until=at + first)
        .on_conflict_do_update(index_elements=["key"], set_={"failures": count, "until": until}, where=throttles.c.until <= at)
        .returning(throttles.c.failures)
    ).one_or_none()
    if taken is not None:
        return Taken(taken.failures, None)
    return Taken(0, connection.execute(sa.select(throttles.c.until).where(throttles.c.key == key)).scalar_one())


def forget(connection: sa.Connection, key: str) -> None:
    connection.execute(sa.delete(throttles).where(throttles.c.key == key))


def give_back(connection: sa.Connection, key: str) -> None:
    """A try that was counted came to something."""
    connection.execute(
        sa.update(throttles).where(throttles.c.key == key, throttles.c.failures > 0).values(failures=throttles.c.failures - 1)
    )


def forget_before(connection: sa.Connection, moment: datetime) -> None:
    """What was last tried before that moment is forgotten, and what is more than MOST. Rows in another's hands are left to it."""
    more = sa.select(throttles.c.key).order_by(throttles.c.failures.desc(), throttles.c.until.desc()).offset(MOST)
    for keys in (sa.select(throttles.c.key).where(throttles.c.until < moment), more):
        connection.execute(sa.delete(throttles).where(throttles.c.key.in_(keys.with_for_update(skip_locked=True))))
