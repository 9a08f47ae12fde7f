"""Counts of label patterns, made when a round closes or a label set comes in."""

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from db.schema import counts, pattern_counts
from db.store import chunks
from db.store.closing.first_reading import note_read
from db.store.closing.withheld import holds_back, units_held_back


class StoredCounts(NamedTuple):
    """The counts of one dimension of a round or label set. `patterns`: how many units have a pattern of labels, as text;
    `clusters` of units with a label; `skipped`, `missing`: drafts handed in without labels, and never handed in."""

    clusters: int
    skipped: int
    missing: int
    patterns: dict[str, int]


def add_counts(
    connection: sa.Connection,
    dimension: str,
    counted: StoredCounts,
    at: datetime,
    *,
    round_: int | None = None,
    label_set: int | None = None,
) -> None:
    """The counts of one dimension of a round or of a label set."""
    new = connection.execute(
        sa.insert(counts)
        .values(
            round=round_,
            label_set=label_set,
            dimension=dimension,
            clusters=counted.clusters,
            skipped=counted.skipped,
            missing=counted.missing,
            counted_at=at,
        )
        .returning(counts.c.id)
    ).scalar_one()
    rows = [{"counted": new, "pattern": pattern, "units": units} for pattern, units in counted.patterns.items()]
    for part in chunks(rows):
        connection.execute(sa.insert(pattern_counts), list(part))


def counts_of(connection: sa.Connection, *, round_: int | None = None, label_set: int | None = None) -> dict[str, StoredCounts]:
    """The counts of a closed round or of a label set by dimension, in no order. Refuses an open round, as its labels are. They
    are of all drafts: raises LookupError where one is held back from the reader, for whom they are to be counted anew."""
    if round_ is not None:
        note_read(connection, round_)
    if holds_back(connection, round_) if round_ is not None else units_held_back(connection, label_set or 0):
        raise LookupError("the stored counts have drafts in them that are held back from who reads (db.store.closing.withheld)")
    mine = counts.c.round == round_ if round_ is not None else counts.c.label_set == label_set
    kept = {
        row.dimension: StoredCounts(row.clusters, row.skipped, row.missing, {})
        for row in connection.execute(sa.select(counts).where(mine))
    }
    for row in connection.execute(
        sa.select(counts.c.dimension, pattern_counts.c.pattern, pattern_counts.c.units)
        .join(pattern_counts, pattern_counts.c.counted == counts.c.id)
        .where(mine)
    ):
        kept[row.dimension].patterns[row.pattern] = row.units
    return kept
