"""The drafts of a closed round as a release has them."""

from collections.abc import Iterator

import sqlalchemy as sa

from db.schema import drafts, round_drafts, tasks
from db.store import AT_ONCE
from db.store.closing.withheld import told
from db.store.tasks import counting_drafts


def drafts_to_release(connection: sa.Connection, round_: int) -> Iterator[sa.Row]:
    """The drafts that count in a closed round and are not held back from the reader, some thousands at a time, in the order that
    `closed_rounds.raw_labels_of_closed_round` has them by draft: the columns of `tasks.drafts_of_round`, of_task, of_draft
    (further fields)."""
    query = counting_drafts(round_, tasks.c.extra.label("of_task"), drafts.c.extra.label("of_draft"))
    some_at_a_time = connection.execution_options(yield_per=AT_ONCE // 10)
    return iter(some_at_a_time.execute(query.where(told(connection, round_drafts.c.draft, round_))))


def number_of_drafts(connection: sa.Connection, round_: int) -> int:
    """How many `drafts_to_release` gives."""
    shown = (round_drafts.c.round == round_, ~round_drafts.c.is_practice, told(connection, round_drafts.c.draft, round_))
    return connection.execute(sa.select(sa.func.count()).select_from(round_drafts).where(*shown)).scalar_one()
