"""The drafts of a closed round with what they can be told apart by and all that each was given, a row a draft and no row a label;
and what of that was counted at closing. As `closed_rounds`: refuses an open round, and leaves out what is held back."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from db.schema import assignments, drafts, half_counts, labels, round_drafts, saves, slice_counts, tasks
from db.store import STREAMED, among, chunks, superseded
from db.store.closing.cells import Scales
from db.store.closing.first_reading import note_read
from db.store.closing.withheld import holds_back, told

OF_TASK = {"dimension": tasks.c.dimension, "source_mode": tasks.c.source_mode, "difficulty": tasks.c.difficulty}
COLUMNS = {**OF_TASK, "partition": tasks.c.partition, "author": drafts.c.author}
BETWEEN = ","  # two labels of `given`


def labelled_drafts(
    connection: sa.Connection, round_: int, scales: Scales, ids: Sequence[int] | None = None
) -> Iterator[Sequence[sa.Row]]:
    """The drafts of a closed round with a label that counts, by id, some thousands at a time: draft (id), given, cluster, and
    COLUMNS. `given`: a text, "1 7,0 8": of each label the place of its level among those of all `scales`, one dimension after the
    other (-1 of what is no level), and the person (id), in no order. Of drafts of these ids (`ids`), held back or not: for taking
    them off what was counted of all. Raises NotYourTurn for an open round."""
    values = [(key, value) for key, scale in scales.items() for value in scale.values]
    level = sa.case(
        *(((labels.c.dimension == key) & (labels.c.value == value), place) for place, (key, value) in enumerate(values)), else_=-1
    )
    one = sa.cast(level, sa.Text) + " " + sa.cast(assignments.c.person, sa.Text)
    given = (
        sa.select(assignments.c.draft, sa.func.aggregate_strings(one, BETWEEN).label("given"))
        .select_from(labels.join(assignments, assignments.c.id == labels.c.assignment))
        .where(*_counted(connection, round_, ids), ~superseded())
        .group_by(assignments.c.draft)
        .subquery()
    )
    found = (
        sa.select(given, tasks.c.cluster, *(column.label(name) for name, column in COLUMNS.items()))
        .join(drafts, drafts.c.id == given.c.draft)
        .join(tasks, tasks.c.id == drafts.c.task)
        .order_by(given.c.draft)
    )
    return connection.execute(found, execution_options=STREAMED).partitions()


def deliveries(connection: sa.Connection, round_: int, ids: Sequence[int] | None = None) -> Iterator[Sequence[sa.Row]]:
    """What counts of a closed round (of drafts of these ids, as `labelled_drafts` has it), in no order, some thousands at a time:
    draft (id), person (id), position (in the person's own order), seconds (of what is saved; else 0), at (when what has a label
    was first saved, as 2026-11-03 09:30:00.000000 in UTC; else None). Raises NotYourTurn for an open round."""
    first: sa.ColumnElement = sa.func.min(saves.c.saved_at)
    if connection.dialect.name == "postgresql":
        first = sa.func.to_char(sa.func.timezone("UTC", first), "YYYY-MM-DD HH24:MI:SS.US")
    first = sa.type_coerce(first, sa.Text)
    # A first saving makes a label of every dimension, so what was saved has labels that count.
    found = sa.select(
        assignments.c.draft,
        assignments.c.person,
        assignments.c.position,
        sa.case((assignments.c.state == "saved", assignments.c.seconds), else_=0.0).label("seconds"),
        sa.select(first).where(saves.c.assignment == assignments.c.id).scalar_subquery().label("at"),
    ).where(*_counted(connection, round_, ids))
    return connection.execute(found, execution_options=STREAMED).partitions()


def drafts_of_clusters(connection: sa.Connection, round_: int, ids: Sequence[int]) -> list[int]:
    """The drafts (ids) of a round that are of one cluster with any of these, practice ones apart. Nothing that they were given is
    told by it."""
    theirs = sa.select(tasks.c.cluster).join(drafts, drafts.c.task == tasks.c.id).where(among(connection, drafts.c.id, ids))
    found = (
        sa.select(round_drafts.c.draft)
        .join(drafts, drafts.c.id == round_drafts.c.draft)
        .join(tasks, tasks.c.id == drafts.c.task)
        .where(round_drafts.c.round == round_, ~round_drafts.c.is_practice, tasks.c.cluster.in_(theirs))
    )
    return sorted(connection.scalars(found))


def _counted(connection: sa.Connection, round_: int, ids: Sequence[int] | None = None) -> tuple[sa.ColumnElement[bool], ...]:
    """Which assignments of a closed round count, and may be told or are of drafts of these ids. Raises NotYourTurn for an open
    one; that it was read is put on record."""
    note_read(connection, round_)
    which = told(connection, assignments.c.draft, round_) if ids is None else among(connection, assignments.c.draft, ids)
    return assignments.c.round == round_, ~assignments.c.is_practice, which


def keep(
    connection: sa.Connection, round_: int, slices: Iterable[Mapping[str, Any]], halves: Iterable[Mapping[str, Any]]
) -> None:
    """Keep what was counted of a closed round: rows of both tables without their round."""
    for table, rows in ((slice_counts, slices), (half_counts, halves)):
        for part in chunks([{"round": round_, **row} for row in rows]):
            connection.execute(sa.insert(table), list(part))


def forget(connection: sa.Connection, round_: int) -> None:
    """Delete what was kept of a round's slices and halves."""
    for table in (slice_counts, half_counts):
        connection.execute(sa.delete(table).where(table.c.round == round_))


def forget_slices_of(connection: sa.Connection, changed: Sequence[int]) -> list[int]:
    """Delete what was kept of the slices of rounds with a draft of these tasks (ids), which are told apart by something else now;
    of which rounds (ids)."""
    there = sa.select(round_drafts.c.round).join(drafts, drafts.c.id == round_drafts.c.draft)
    kept = sa.select(slice_counts.c.round).distinct()
    of = kept.where(slice_counts.c.round.in_(there.where(among(connection, drafts.c.task, changed))))
    found = sorted(connection.scalars(of))
    connection.execute(sa.delete(slice_counts).where(slice_counts.c.round.in_(found)))
    return found


def are_kept(connection: sa.Connection, round_: int) -> bool:
    """Whether anything of a round's slices or halves is kept."""
    either = sa.union_all(*(sa.select(table.c.round).where(table.c.round == round_) for table in (slice_counts, half_counts)))
    return connection.execute(either.limit(1)).first() is not None


def cuts_kept(connection: sa.Connection, round_: int) -> set[str]:
    """By what the slices of a round are kept."""
    return set(connection.scalars(sa.select(slice_counts.c.cut_by).distinct().where(slice_counts.c.round == round_)))


def slices_kept(connection: sa.Connection, round_: int, *cuts: str) -> Sequence[sa.Row]:
    """What was kept of a closed round's slices by these: cut_by, value, drafts, kinds, histograms. It is of all drafts: what
    is held back from the reader is still to be taken off (workflow/subgroups/large.py). Raises NotYourTurn for an open round."""
    note_read(connection, round_)
    mine = (slice_counts.c.round == round_, slice_counts.c.cut_by.in_(cuts))
    columns = [slice_counts.c[name] for name in ("cut_by", "value", "drafts", "kinds", "histograms")]
    return connection.execute(sa.select(*columns).where(*mine).order_by(slice_counts.c.cut_by, slice_counts.c.value)).all()


def halves_kept(connection: sa.Connection, round_: int) -> Sequence[sa.Row]:
    """What was kept of a closed round's halves, by seat: seat, first, second, median, timed, fast; nothing where a draft is held
    back from the reader, of which all is counted anew. Raises NotYourTurn for an open round."""
    note_read(connection, round_)
    if holds_back(connection, round_):
        return []
    columns = [half_counts.c[name] for name in ("seat", "first", "second", "median", "timed", "fast")]
    return connection.execute(sa.select(*columns).where(half_counts.c.round == round_).order_by(half_counts.c.seat)).all()
