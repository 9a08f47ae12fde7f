"""Counts of label patterns, made when a round closes or a label set comes in."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from db.schema import counts, pattern_counts
from db.store import chunks


def add_counts(
    connection: sa.Connection,
    *,
    round_: int | None = None,
    label_set: int | None = None,
    dimension: str,
    clusters: int,
    skipped: int,
    missing: int,
    patterns: Mapping[str, int],
    at: datetime,
) -> None:
    made = connection.execute(
        sa.insert(counts)
        .values(
            round=round_,
            label_set=label_set,
            dimension=dimension,
            clusters=clusters,
            skipped=skipped,
            missing=missing,
            counted_at=at,
        )
        .returning(counts.c.id)
    ).scalar_one()
    for part in chunks([{"counted": made, "pattern": pattern, "units": units} for pattern, units in patterns.items()]):
        connection.execute(sa.insert(pattern_counts), list(part))


def counts_of(
    connection: sa.Connection, *, round_: int | None = None, label_set: int | None = None
) -> dict[str, tuple[sa.Row, dict[str, int]]]:
    """By dimension: its counts row (clusters, skipped, missing) and its histogram of label patterns."""
    mine = counts.c.round == round_ if round_ is not None else counts.c.label_set == label_set
    found = {row.dimension: (row, {}) for row in connection.execute(sa.select(counts).where(mine))}
    for row in connection.execute(
        sa.select(counts.c.dimension, pattern_counts.c.pattern, pattern_counts.c.units)
        .join(pattern_counts, pattern_counts.c.counted == counts.c.id)
        .where(mine)
    ):
        found[row.dimension][1][row.pattern] = row.units
    return found
