"""The labels of a closed round as a release has them."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from db.schema import assignments, drafts, labels, saves
from db.store import AT_ONCE
from db.store.closing.first_reading import note_read
from db.store.closing.withheld import told


class LabelToRelease(NamedTuple):
    """A label, superseded ones too, or an assignment without one (its last five are then None). `person`: the annotator (id);
    `state`: of the assignment; `note_then`, `note`: of the label's own save, and of the last."""

    draft_id: str
    person: int
    state: str
    note: str | None
    note_then: str | None
    label: int | None
    dimension: str | None
    value: str | None
    labelled_at: datetime | None
    supersedes: int | None


def labels_to_release(connection: sa.Connection, round_: int) -> Iterator[LabelToRelease]:
    """What was given to the drafts that count in a closed round and are not held back from the reader, some thousands at a time:
    in the order of `drafts.drafts_to_release`, and of one draft in none, since a million rows are sorted sooner ten at a time.
    Which label was superseded is not asked for: those of a draft tell it among themselves. Refuses an open round."""
    note_read(connection, round_)
    own, last = saves.alias("own"), saves.alias("last")
    rows = connection.execution_options(yield_per=AT_ONCE).execute(
        sa.select(
            drafts.c.draft_id,
            assignments.c.person,
            assignments.c.state,
            last.c.note,
            own.c.note.label("note_then"),
            labels.c.id,
            labels.c.dimension,
            labels.c.value,
            labels.c.labelled_at,
            labels.c.supersedes,
        )
        .select_from(
            assignments.join(drafts, drafts.c.id == assignments.c.draft)
            .outerjoin(labels, labels.c.assignment == assignments.c.id)
            .outerjoin(own, own.c.id == labels.c.save)
            .outerjoin(last, (last.c.assignment == assignments.c.id) & (last.c.revision == assignments.c.revision))
        )
        .where(assignments.c.round == round_, ~assignments.c.is_practice, told(connection, assignments.c.draft, round_))
        .order_by(drafts.c.draft_id)
    )
    return map(LabelToRelease._make, rows)
