"""Decisions on cells of a closed round; none on a draft that is held back from the reader (`closing.withheld`)."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from db.aliases import alias_of
from db.schema import adjudicated_labels, adjudications, drafts, people, round_drafts, rounds
from db.store import among
from db.store.closing.withheld import told, words_told


def adjudications_of(
    connection: sa.Connection, round_: int, draft_id: str | None = None, ids: Sequence[int] | None = None
) -> Sequence[sa.Row]:
    """The decisions in force in a round (on one draft, on drafts of these ids), with draft_id and the adjudicator's name."""
    later = alias_of(adjudications, "later")
    own = [each for each in adjudications.c if each is not adjudications.c.reason]
    why = words_told(connection, adjudications.c.draft, adjudications.c.reason).label("reason")
    named = sa.select(drafts.c.id).where(drafts.c.draft_id == draft_id)
    one = sa.true() if draft_id is None else adjudications.c.draft.in_(named)
    return connection.execute(
        sa.select(*own, why, drafts.c.draft_id, people.c.name.label("adjudicator"))
        .join(drafts, drafts.c.id == adjudications.c.draft)
        .join(people, people.c.id == adjudications.c.person)
        .where(
            adjudications.c.round == round_,
            one,
            sa.true() if ids is None else among(connection, adjudications.c.draft, ids),
            ~sa.exists().where(later.c.supersedes == adjudications.c.id),
            told(connection, adjudications.c.draft, round_),
        )
        .order_by(adjudications.c.id)
    ).all()


def settled_before(connection: sa.Connection, round_: int) -> set[str]:
    """draft_ids of the drafts that count in the round and had a decision in another round before this one was opened."""
    elsewhere = alias_of(adjudications, "elsewhere")
    return set(
        connection.scalars(
            sa.select(drafts.c.draft_id)
            .distinct()
            .select_from(
                round_drafts.join(rounds, rounds.c.id == round_drafts.c.round)
                .join(drafts, drafts.c.id == round_drafts.c.draft)
                .join(adjudications, adjudications.c.draft == round_drafts.c.draft)
            )
            .where(
                round_drafts.c.round == round_,
                ~round_drafts.c.is_practice,
                # From the decisions elsewhere, not from all drafts of the round.
                round_drafts.c.draft.in_(sa.select(elsewhere.c.draft).where(elsewhere.c.round != round_)),
                adjudications.c.round != round_,
                adjudications.c.decided_at < rounds.c.opened_at,
                told(connection, round_drafts.c.draft, round_),
            )
        )
    )


def last_adjudication(connection: sa.Connection, round_: int) -> int | None:
    """The id of the latest decision in a round: another one means that what is settled has changed."""
    mine = (adjudications.c.round == round_, told(connection, adjudications.c.draft, round_))
    return connection.scalar(sa.select(sa.func.max(adjudications.c.id)).where(*mine))


def last_decided_at(connection: sa.Connection, round_: int) -> datetime | None:
    """When the latest decision in a round was made."""
    mine = (adjudications.c.round == round_, told(connection, adjudications.c.draft, round_))
    return connection.scalar(sa.select(sa.func.max(adjudications.c.decided_at)).where(*mine))


def add_adjudication(connection: sa.Connection, values: Mapping, label_ids: Sequence[int]) -> int:
    made = connection.execute(sa.insert(adjudications).values(**values).returning(adjudications.c.id)).scalar_one()
    if label_ids:
        connection.execute(sa.insert(adjudicated_labels), [{"adjudication": made, "label": label} for label in label_ids])
    return made
