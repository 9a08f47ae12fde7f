"""The drafts of a closed round as a release has them."""

from collections.abc import Iterator

import sqlalchemy as sa

from db.schema import drafts, round_drafts, tasks
from db.store import AT_ONCE
from db.store.closing.withheld import told


def drafts_to_release(connection: sa.Connection, round_: int) -> Iterator[sa.Row]:
    """The drafts that count in a closed round and are not held back from the reader, some thousands at a time, in the order that
    `closed_rounds.raw_labels_of_closed_round` has them by draft: draft_id, task_id, author, partition, cluster, target,
    source_mode, difficulty, text, input, of_task, of_draft (further fields)."""
    return iter(
        connection.execution_options(yield_per=AT_ONCE // 10).execute(
            sa.select(
                drafts.c.draft_id,
                tasks.c.task_id,
                drafts.c.author,
                tasks.c.partition,
                tasks.c.cluster,
                tasks.c.dimension.label("target"),
                tasks.c.source_mode,
                tasks.c.difficulty,
                drafts.c.text,
                tasks.c.input,
                tasks.c.extra.label("of_task"),
                drafts.c.extra.label("of_draft"),
            )
            .select_from(round_drafts.join(drafts, drafts.c.id == round_drafts.c.draft).join(tasks, tasks.c.id == drafts.c.task))
            .where(round_drafts.c.round == round_, ~round_drafts.c.is_practice, told(connection, round_drafts.c.draft, round_))
            .order_by(drafts.c.draft_id)
        )
    )


def number_of_drafts(connection: sa.Connection, round_: int) -> int:
    """How many drafts count in a round."""
    counted = (round_drafts.c.round == round_, ~round_drafts.c.is_practice)
    return connection.execute(sa.select(sa.func.count()).select_from(round_drafts).where(*counted)).scalar_one()
