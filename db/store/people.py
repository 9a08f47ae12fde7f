"""People and their sign-ins."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from db.schema import people, sign_ins
from db.store import insert_into


def add(connection: sa.Connection, *, name: str, folded: str, kind: str, is_sample: bool, at: datetime) -> sa.Row:
    """The person of that folded name, added where there is none."""
    connection.execute(
        insert_into(connection, people)
        .values(name=name, folded=folded, kind=kind, is_sample=is_sample, added_at=at)
        .on_conflict_do_nothing(index_elements=["folded"])
    )
    return connection.execute(sa.select(people).where(people.c.folded == folded)).one()


def by_folded(connection: sa.Connection, folded: str) -> sa.Row | None:
    return connection.execute(sa.select(people).where(people.c.folded == folded)).one_or_none()


def by_id(connection: sa.Connection, person: int) -> sa.Row | None:
    return connection.execute(sa.select(people).where(people.c.id == person)).one_or_none()


def everyone(connection: sa.Connection) -> Sequence[sa.Row]:
    """The people (programs left out), the sample's last, by name."""
    return connection.execute(
        sa.select(people).where(people.c.kind == "person").order_by(people.c.is_sample, people.c.folded)
    ).all()


def start_sign_in(
    connection: sa.Connection,
    *,
    person: int,
    token_digest: str,
    at: datetime,
    how: str = "name",
    address: str | None = None,
    agent: str | None = None,
) -> int:
    """Its number."""
    new = sa.insert(sign_ins).values(
        person=person, token_digest=token_digest, started_at=at, seen_at=at, how=how, address=address, agent=agent
    )
    return connection.execute(new.returning(sign_ins.c.id)).scalar_one()


def signed_in(
    connection: sa.Connection, token_digest: str, since: datetime, *, seen_since: datetime | None = None
) -> sa.Row | None:
    """Whose sign-in that is, begun `since` then, with its number (`sign_in`) and `address`. With `seen_since`: to an account, and
    seen since then."""
    found = (
        sa.select(people, sign_ins.c.id.label("sign_in"), sign_ins.c.address)
        .join(sign_ins, sign_ins.c.person == people.c.id)
        .where(
            sign_ins.c.token_digest == token_digest,
            sign_ins.c.ended_at.is_(None),
            sign_ins.c.started_at >= since,
            people.c.deactivated_at.is_(None),
        )
    )
    if seen_since is not None:
        found = found.where(sign_ins.c.how != "name", sign_ins.c.seen_at >= seen_since)
    return connection.execute(found).one_or_none()


def end_sign_in(connection: sa.Connection, token_digest: str, at: datetime) -> None:
    connection.execute(
        sa.update(sign_ins)
        .where(sign_ins.c.token_digest == token_digest, sign_ins.c.ended_at.is_(None))
        .values(ended_at=at, ended_by=sign_ins.c.person)
    )


def end_all_sign_ins(connection: sa.Connection, person: int, at: datetime, *, by: int | None = None) -> None:
    """Every sign-in of the person ends; `by`: who ended them."""
    connection.execute(
        sa.update(sign_ins).where(sign_ins.c.person == person, sign_ins.c.ended_at.is_(None)).values(ended_at=at, ended_by=by)
    )
