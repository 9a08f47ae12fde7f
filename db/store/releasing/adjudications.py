"""The decisions of a closed round as a release has them."""

from collections.abc import Iterator

import sqlalchemy as sa

from db.aliases import alias_of
from db.schema import adjudications, drafts, people
from db.store import AT_ONCE
from db.store.closing.withheld import told


def decisions_by_draft(connection: sa.Connection, round_: int) -> Iterator[sa.Row]:
    """The decisions in force on the cells of a closed round that are not held back from the reader, in the order of the drafts:
    id, draft_id, dimension, value, reason, cause, adjudicator, also_labelled, decided_at."""
    later = alias_of(adjudications, "later")
    return iter(
        connection.execution_options(yield_per=AT_ONCE // 10).execute(
            sa.select(
                adjudications.c.id,
                drafts.c.draft_id,
                adjudications.c.dimension,
                adjudications.c.value,
                adjudications.c.reason,
                adjudications.c.cause,
                people.c.name.label("adjudicator"),
                adjudications.c.also_labelled,
                adjudications.c.decided_at,
            )
            .join(drafts, drafts.c.id == adjudications.c.draft)
            .join(people, people.c.id == adjudications.c.person)
            .where(
                adjudications.c.round == round_,
                ~sa.exists().where(later.c.supersedes == adjudications.c.id),
                told(connection, adjudications.c.draft, round_),
            )
            .order_by(drafts.c.draft_id, adjudications.c.id)
        )
    )


def adjudicators_of(connection: sa.Connection, round_: int) -> list[str]:
    """Who decided a cell of the round, in the order of their first decision."""
    return list(
        connection.scalars(
            sa.select(people.c.name)
            .join(adjudications, adjudications.c.person == people.c.id)
            .where(adjudications.c.round == round_)
            .group_by(people.c.id, people.c.name)
            .order_by(sa.func.min(adjudications.c.id))
        )
    )
