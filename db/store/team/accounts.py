"""Passwords, the links with which they are set, and the sign-ins they lead to."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from db.schema import invitations, passwords, people, projects, sign_ins
from db.store import insert_into


def account(connection: sa.Connection, folded: str) -> sa.Row | None:
    """The person of that folded name, with `hash`: null where no password was set."""
    return connection.execute(
        sa.select(people, passwords.c.hash)
        .outerjoin(passwords, passwords.c.person == people.c.id)
        .where(people.c.folded == folded, people.c.kind == "person")
    ).one_or_none()


def set_password(connection: sa.Connection, *, person: int, hash: str, at: datetime) -> None:
    new = insert_into(connection, passwords).values(person=person, hash=hash, set_at=at)
    connection.execute(
        new.on_conflict_do_update(index_elements=["person"], set_={"hash": new.excluded.hash, "set_at": new.excluded.set_at})
    )


def have_passwords(connection: sa.Connection) -> set[int]:
    return set(connection.scalars(sa.select(passwords.c.person)))


def last_seen(connection: sa.Connection) -> dict[int, datetime]:
    """When each person (their id) was seen last, of those who signed in to an account."""
    rows = connection.execute(
        sa.select(sign_ins.c.person, sa.func.max(sign_ins.c.seen_at).label("seen_at"))
        .where(sign_ins.c.how != "name")
        .group_by(sign_ins.c.person)
    )
    return {row.person: row.seen_at for row in rows}


def addresses_of(connection: sa.Connection, folded: str, since: datetime) -> Sequence[str]:
    """From where the person of that folded name signed in by a password, a few of the latest addresses."""
    return connection.scalars(
        sa.select(sign_ins.c.address)
        .join(people, people.c.id == sign_ins.c.person)
        .where(people.c.folded == folded, sign_ins.c.how == "password", sign_ins.c.started_at >= since)
        .where(sign_ins.c.address.is_not(None))
        .group_by(sign_ins.c.address)
        .order_by(sa.func.max(sign_ins.c.id).desc())
        .limit(50)
    ).all()


def saw(connection: sa.Connection, token_digest: str, *, at: datetime, before: datetime) -> None:
    """A sign-in was used; written where it was seen last `before`."""
    connection.execute(
        sa.update(sign_ins).where(sign_ins.c.token_digest == token_digest, sign_ins.c.seen_at < before).values(seen_at=at)
    )


def take_back_links(connection: sa.Connection, person: int) -> None:
    """The links that the person had and did not use lead nowhere any more."""
    connection.execute(sa.delete(invitations).where(invitations.c.person == person, invitations.c.used_at.is_(None)))


def add_invitation(connection: sa.Connection, **columns) -> None:
    """A new link; those that the person had and did not use are taken back."""
    take_back_links(connection, columns["person"])
    connection.execute(sa.insert(invitations).values(**columns))


def invitation(connection: sa.Connection, token_digest: str) -> sa.Row | None:
    """A link with the person's `name`, `deactivated_at`, and `project_name`."""
    return connection.execute(
        sa.select(invitations, people.c.name, people.c.deactivated_at, projects.c.name.label("project_name"))
        .join(people, people.c.id == invitations.c.person)
        .outerjoin(projects, projects.c.id == invitations.c.project)
        .where(invitations.c.token_digest == token_digest)
    ).one_or_none()


def use_invitation(connection: sa.Connection, invitation: int, at: datetime) -> bool:
    """Take the link; False where somebody else took it at the same moment."""
    return (
        connection.execute(
            sa.update(invitations).where(invitations.c.id == invitation, invitations.c.used_at.is_(None)).values(used_at=at)
        ).rowcount
        == 1
    )


def waiting_invitations(connection: sa.Connection, at: datetime) -> Sequence[sa.Row]:
    """Links that may still be used, one a person."""
    return connection.execute(
        sa.select(invitations).where(invitations.c.used_at.is_(None), invitations.c.ends_at > at).order_by(invitations.c.id)
    ).all()
