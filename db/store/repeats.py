"""What a retest and a calibration round need of the round they go back to; nothing of drafts held back from the reader
(`closing.withheld`)."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from db.aliases import alias_of
from db.schema import adjudications, assignments, drafts, gold_keys, rounds, saves
from db.store import chunks
from db.store.closing.withheld import told


def saved_by(connection: sa.Connection, round_: int, person: int) -> Sequence[sa.Row]:
    """What the person labelled in the round and what counts in it: id, draft_id and position of each draft, in the
    order they had it."""
    return connection.execute(
        sa.select(drafts.c.id, drafts.c.draft_id, assignments.c.position)
        .join(drafts, drafts.c.id == assignments.c.draft)
        .where(
            assignments.c.round == round_,
            assignments.c.person == person,
            assignments.c.state == "saved",
            ~assignments.c.is_practice,
            told(connection, assignments.c.draft, round_),
        )
        .order_by(assignments.c.position)
    ).all()


def last_saved(connection: sa.Connection, person: int, draft_ids: Sequence[int]) -> dict[str, tuple[datetime, str]]:
    """When the person last saved each of these drafts (by id), in whichever round, and that round's name; by
    draft_id."""
    found: dict[str, tuple[datetime, str]] = {}
    for part in chunks(draft_ids):
        for row in connection.execute(
            sa.select(drafts.c.draft_id, assignments.c.delivered_at, rounds.c.name)
            .join(drafts, drafts.c.id == assignments.c.draft)
            .join(rounds, rounds.c.id == assignments.c.round)
            .where(assignments.c.person == person, assignments.c.state == "saved", drafts.c.id.in_(part))
        ):
            found[row.draft_id] = max(found.get(row.draft_id, (row.delivered_at, row.name)), (row.delivered_at, row.name))
    return found


def times_of_retest(connection: sa.Connection, round_: int, of_round: int) -> Sequence[sa.Row]:
    """Of every draft labelled again: draft_id, `before` (its last save in the first round), `again` (its first save in
    the retest)."""
    first = alias_of(assignments, "first")
    again = sa.func.min(saves.c.saved_at, type_=saves.c.saved_at.type)
    return connection.execute(
        sa.select(drafts.c.draft_id, first.c.delivered_at.label("before"), again.label("again"))
        .select_from(
            assignments.join(saves, saves.c.assignment == assignments.c.id)
            .join(drafts, drafts.c.id == assignments.c.draft)
            .join(
                first,
                (first.c.draft == assignments.c.draft) & (first.c.person == assignments.c.person) & (first.c.round == of_round),
            )
        )
        .where(
            assignments.c.round == round_,
            assignments.c.state == "saved",
            first.c.state == "saved",
            told(connection, assignments.c.draft, round_),
        )
        .group_by(drafts.c.draft_id, first.c.delivered_at)
        .order_by(drafts.c.draft_id)
    ).all()


def add_key(connection: sa.Connection, round_: int, cells: Sequence[Mapping]) -> None:
    """The key of a calibration round; `cells` carry draft (id), dimension, value and adjudication (id or None)."""
    for part in chunks(cells):
        connection.execute(sa.insert(gold_keys), [{**cell, "round": round_} for cell in part])


def key_of(connection: sa.Connection, round_: int, draft: int | None = None) -> Sequence[sa.Row]:
    """The key of a calibration round (for one draft): draft (id), draft_id, dimension, value, adjudication, reason (None
    where the annotators agreed)."""
    one = sa.true() if draft is None else gold_keys.c.draft == draft
    return connection.execute(
        sa.select(
            gold_keys.c.draft,
            drafts.c.draft_id,
            gold_keys.c.dimension,
            gold_keys.c.value,
            gold_keys.c.adjudication,
            adjudications.c.reason,
        )
        .select_from(
            gold_keys.join(drafts, drafts.c.id == gold_keys.c.draft).outerjoin(
                adjudications, adjudications.c.id == gold_keys.c.adjudication
            )
        )
        .where(gold_keys.c.round == round_, one, told(connection, gold_keys.c.draft, round_))
        .order_by(drafts.c.draft_id, gold_keys.c.dimension)
    ).all()


def knew_before(connection: sa.Connection, round_: int, of_round: int, person: int) -> tuple[int, int]:
    """Of the person's drafts in a calibration round: how many they had labelled, and how many they had adjudicated, in
    the round its key is from."""
    mine = sa.select(assignments.c.draft).where(
        assignments.c.round == round_, assignments.c.person == person, told(connection, assignments.c.draft, round_)
    )
    labelled = connection.execute(
        sa.select(sa.func.count()).where(
            assignments.c.round == of_round,
            assignments.c.person == person,
            assignments.c.state == "saved",
            assignments.c.draft.in_(mine),
        )
    ).scalar_one()
    decided = connection.execute(
        sa.select(sa.func.count(adjudications.c.draft.distinct())).where(
            adjudications.c.round == of_round, adjudications.c.person == person, adjudications.c.draft.in_(mine)
        )
    ).scalar_one()
    return labelled, decided
