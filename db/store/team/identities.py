"""Who somebody is to a provider of sign-ins, and the attempts to sign in there that are under way."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from db.schema import identities, people, sign_in_attempts


def person_of(connection: sa.Connection, issuer: str, subject: str) -> sa.Row | None:
    return connection.execute(
        sa.select(people)
        .join(identities, identities.c.person == people.c.id)
        .where(identities.c.issuer == issuer, identities.c.subject == subject)
    ).one_or_none()


def link(connection: sa.Connection, issuer: str, subject: str, *, person: int, at: datetime) -> None:
    connection.execute(sa.insert(identities).values(issuer=issuer, subject=subject, person=person, linked_at=at))


def unlink(connection: sa.Connection, person: int) -> None:
    """The person's accounts at providers sign nobody in any more."""
    connection.execute(sa.delete(identities).where(identities.c.person == person))


def have_identities(connection: sa.Connection) -> set[int]:
    return set(connection.scalars(sa.select(identities.c.person)))


def add_attempt(connection: sa.Connection, **columns: Any) -> None:
    connection.execute(sa.insert(sign_in_attempts).values(**columns))


def take_attempt(connection: sa.Connection, state_digest: str, browser_digest: str, provider: str) -> sa.Row | None:
    """The attempt, which is gone by that; None where it is none of this browser's."""
    attempts = sign_in_attempts
    return connection.execute(
        sa.delete(attempts)
        .where(
            attempts.c.state_digest == state_digest, attempts.c.browser_digest == browser_digest, attempts.c.provider == provider
        )
        .returning(attempts)
    ).one_or_none()


def forget_attempts(connection: sa.Connection, before: datetime, most: int) -> None:
    """Attempts begun before that moment are gone, and the earliest of more than `most`."""
    attempts = sign_in_attempts.c
    more = sa.select(attempts.state_digest).order_by(attempts.started_at.desc()).offset(most)
    for digests in (sa.select(attempts.state_digest).where(attempts.started_at < before), more):
        gone = digests.with_for_update(skip_locked=True)
        connection.execute(sa.delete(sign_in_attempts).where(attempts.state_digest.in_(gone)))
