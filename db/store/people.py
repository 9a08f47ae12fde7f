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


def start_sign_in(connection: sa.Connection, *, person: int, token_digest: str, at: datetime) -> None:
    connection.execute(sa.insert(sign_ins).values(person=person, token_digest=token_digest, started_at=at))


def signed_in(connection: sa.Connection, token_digest: str, since: datetime) -> sa.Row | None:
    return connection.execute(
        sa.select(people)
        .join(sign_ins, sign_ins.c.person == people.c.id)
        .where(
            sign_ins.c.token_digest == token_digest,
            sign_ins.c.ended_at.is_(None),
            sign_ins.c.started_at >= since,
            people.c.deactivated_at.is_(None),
        )
    ).one_or_none()


def end_sign_in(connection: sa.Connection, token_digest: str, at: datetime) -> None:
    connection.execute(
        sa.update(sign_ins).where(sign_ins.c.token_digest == token_digest, sign_ins.c.ended_at.is_(None)).values(ended_at=at)
    )


def end_all_sign_ins(connection: sa.Connection, person: int, at: datetime) -> None:
    connection.execute(sa.update(sign_ins).where(sign_ins.c.person == person, sign_ins.c.ended_at.is_(None)).values(ended_at=at))
