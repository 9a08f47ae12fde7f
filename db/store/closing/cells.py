"""The cells of a closed round as its labels alone leave them, decisions and spot checks apart: those that wait in the order in
which they are decided, and all of them counted. Kept at closing (`keep`, `keep_counts`); of a round closed before they were
kept, made anew at each reading by the same query. Every reading refuses an open round, leaves out what is held back from the
reader, and puts on record that the round is read, as those of `db.store.closed_rounds` do."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from db.aliases import alias_of
from db.schema import adjudications, assignments, cell_counts, drafts, labels, round_dimensions, spot_check_cells, waiting_cells
from db.store import STREAMED, among, superseded
from db.store.closed_rounds import contested_in
from db.store.closing import withheld
from db.store.closing.first_reading import note_read
from touchstone.data.gold import AGREED, DISAGREEMENT, MISSING, SINGLE, SKIPPED

LONE = "lone"  # of those that are missing: one label of several owed, nobody skipped it
COLUMNS = ("draft", "dimension", "place", "state", "spread", "levels")
WAIT = (DISAGREEMENT, SKIPPED, MISSING, LONE)


class Scale(NamedTuple):
    """A dimension's levels in their order, as the store writes them; `is_nominal`: without distances between them."""

    values: tuple[str, ...]
    is_nominal: bool


Scales = Mapping[str, Scale]
Counted = dict[tuple[str, str, str], int]  # by dimension, state and value ("" but for agreed ones): so many cells


def by_labels(connection: sa.Connection, round_: int, scales: Scales, ids: Sequence[int] | None = None) -> sa.Subquery:
    """Every cell of a closed round (of drafts of these ids): draft (id), dimension, position (of the dimension in the round),
    state, value ("" but for agreed cells), spread (-1 of fewer than two labels), levels (a bit for each that was given)."""
    counted = [assignments.c.round == round_, ~assignments.c.is_practice]
    if ids is not None:
        counted.append(among(connection, assignments.c.draft, ids))
    place = sa.case(
        *(
            ((labels.c.dimension == key) & (labels.c.value == value), number)
            for key, scale in scales.items()
            for number, value in enumerate(scale.values)
        )
    )
    bit = sa.case(
        *(
            ((labels.c.dimension == key) & (labels.c.value == value), sa.literal(2**number, sa.BigInteger))
            for key, scale in scales.items()
            for number, value in enumerate(scale.values)
        )
    )
    nominal = [key for key, scale in scales.items() if scale.is_nominal]
    many = sa.func.count(labels.c.id)
    cells = (
        sa.select(
            assignments.c.draft,
            round_dimensions.c.dimension,
            round_dimensions.c.position,
            sa.func.count().label("owed"),
            sa.func.sum(sa.case((assignments.c.state == "skipped", 1), else_=0)).label("skips"),
            many.label("many"),
            sa.func.min(labels.c.value).label("first"),
            sa.func.max(labels.c.value).label("last"),
            (sa.func.max(place) - sa.func.min(place)).label("apart"),
            sa.cast(sa.func.coalesce(sa.func.sum(bit.distinct()), 0), sa.BigInteger).label("levels"),
        )
        .select_from(
            assignments.join(round_dimensions, round_dimensions.c.round == assignments.c.round).outerjoin(
                labels,
                (labels.c.assignment == assignments.c.id) & (labels.c.dimension == round_dimensions.c.dimension) & ~superseded(),
            )
        )
        .where(*counted)
        .group_by(assignments.c.draft, round_dimensions.c.dimension, round_dimensions.c.position)
        .subquery()
    )
    differ = cells.c.first != cells.c.last
    state = sa.case(
        ((cells.c.many >= 2) & differ, DISAGREEMENT),
        (cells.c.many >= 2, AGREED),
        ((cells.c.owed == 1) & (cells.c.many == 1), SINGLE),
        (cells.c.skips > 0, SKIPPED),
        (cells.c.many == 1, LONE),
        else_=MISSING,
    )
    spread = sa.case((cells.c.many < 2, -1), (cells.c.dimension.in_(nominal), sa.case((differ, 1), else_=0)), else_=cells.c.apart)
    agreed = sa.case((state == AGREED, cells.c.first), else_="")
    return sa.select(
        cells.c.draft,
        cells.c.dimension,
        cells.c.position,
        state.label("state"),
        agreed.label("value"),
        spread.label("spread"),
        cells.c.levels,
    ).subquery()


def _placed(connection: sa.Connection, cells: sa.Subquery) -> sa.Select:
    """draft, dimension, place, state, spread and levels of those cells that wait, numbered: the widest apart first, then by
    draft and in the order of the dimensions, whatever the database's own order of letters."""
    name = drafts.c.draft_id if connection.dialect.name == "sqlite" else sa.collate(drafts.c.draft_id, "C")
    order = sa.func.row_number().over(order_by=(cells.c.spread.desc(), name, cells.c.position))
    return (
        sa.select(cells.c.draft, cells.c.dimension, order.label("place"), cells.c.state, cells.c.spread, cells.c.levels)
        .join(drafts, drafts.c.id == cells.c.draft)
        .where(cells.c.state.in_(WAIT))
    )


def keep(connection: sa.Connection, round_: int, scales: Scales) -> Counted:
    """Keep the cells of a closed round that wait; how many those are by dimension and state."""
    found = _placed(connection, by_labels(connection, round_, scales)).subquery()
    columns = ("round", *COLUMNS)
    connection.execute(
        sa.insert(waiting_cells).from_select(columns, sa.select(sa.literal(round_), *(found.c[each] for each in columns[1:])))
    )
    mine = waiting_cells.c.round == round_
    by = (waiting_cells.c.dimension, waiting_cells.c.state)
    rows = connection.execute(sa.select(*by, sa.func.count()).where(mine).group_by(*by))
    return {(row[0], row[1], ""): row[2] for row in rows}


def keep_counts(connection: sa.Connection, round_: int, counted: Counted) -> None:
    """Keep how many cells a closed round has; from here on they are read as kept."""
    rows = [
        {"round": round_, "dimension": dimension, "state": state, "value": value, "cells": cells}
        for (dimension, state, value), cells in counted.items()
    ]
    if rows:
        connection.execute(sa.insert(cell_counts), rows)


def drafts_owed(connection: sa.Connection, round_: int) -> int:
    """How many drafts somebody was to label in the round, practice apart."""
    mine = (assignments.c.round == round_, ~assignments.c.is_practice)
    return connection.execute(sa.select(sa.func.count(assignments.c.draft.distinct())).where(*mine)).scalar_one()


def forget(connection: sa.Connection, round_: int) -> None:
    """Delete what was kept of a round's cells."""
    for table in (waiting_cells, cell_counts):
        connection.execute(sa.delete(table).where(table.c.round == round_))


def are_kept(connection: sa.Connection, round_: int) -> bool:
    return connection.execute(sa.select(cell_counts.c.round).where(cell_counts.c.round == round_).limit(1)).first() is not None


def has_single(connection: sa.Connection, round_: int) -> bool:
    """Whether some cell of a round whose cells are kept was labelled once, as planned."""
    mine = (cell_counts.c.round == round_, cell_counts.c.state == SINGLE)
    return connection.execute(sa.select(cell_counts.c.round).where(*mine).limit(1)).first() is not None


def counts_of_cells(connection: sa.Connection, round_: int, scales: Scales, *, anew: bool = False) -> Counted:
    """All cells of a closed round, counted; those of drafts held back from the reader are counted and taken off. `anew`: from the
    labels, whatever is kept."""
    note_read(connection, round_)
    held = withheld.drafts_of(connection, round_)
    if anew or not are_kept(connection, round_):
        found = _count(connection, by_labels(connection, round_, scales))
    else:
        mine = sa.select(cell_counts).where(cell_counts.c.round == round_)
        found = {(row.dimension, row.state, row.value): row.cells for row in connection.execute(mine)}
    if held:
        for key, cells in _count(connection, by_labels(connection, round_, scales, held)).items():
            found[key] -= cells
    return {key: cells for key, cells in found.items() if cells}


def _count(connection: sa.Connection, cells: sa.Subquery) -> Counted:
    by = (cells.c.dimension, cells.c.state, cells.c.value)
    return {(row[0], row[1], row[2]): row[3] for row in connection.execute(sa.select(*by, sa.func.count()).group_by(*by))}


def waiting_of(connection: sa.Connection, round_: int, scales: Scales, *, anew: bool = False) -> sa.Subquery:
    """The cells of a closed round that wait by its labels alone, none that is held back, as a table to ask: draft, dimension,
    place, state, spread, levels. Where they are kept, in the order of an index by place, and by dimension and place."""
    note_read(connection, round_)
    kept = not anew and are_kept(connection, round_)
    of: sa.FromClause = waiting_cells if kept else _placed(connection, by_labels(connection, round_, scales)).subquery()
    columns = [of.c[each] for each in COLUMNS]
    which = [withheld.told(connection, of.c.draft, round_)]
    return sa.select(*columns).where(*which, *([waiting_cells.c.round == round_] if kept else [])).subquery()


def _first_decision(cells: sa.FromClause, round_: int) -> sa.ColumnElement[bool]:
    """What joins a cell (of a table with draft and dimension) to the first of its decisions: at most one row."""
    return (
        (adjudications.c.round == round_)
        & (adjudications.c.draft == cells.c.draft)
        & (adjudications.c.dimension == cells.c.dimension)
        & adjudications.c.supersedes.is_(None)
    )


def undecided(
    connection: sa.Connection, round_: int, waiting: sa.Subquery, *, differing: bool, limit: int | None = None, offset: int = 0
) -> Sequence[sa.Row]:
    """The cells of `waiting_of` without a decision, in their order: draft, draft_id, dimension, place. `differing`: those
    with two labels or more; else the others."""
    return connection.execute(
        sa.select(waiting.c.draft, drafts.c.draft_id, waiting.c.dimension, waiting.c.place)
        .select_from(_without_decision(waiting, round_).join(drafts, drafts.c.id == waiting.c.draft))
        .where(adjudications.c.id.is_(None), (waiting.c.spread >= 0) == sa.literal(differing))
        .order_by(waiting.c.place)
        .limit(limit)
        .offset(offset)
    ).all()


def rows_in_order(connection: sa.Connection, round_: int, anew: Scales | None = None) -> Iterator[tuple]:
    """The kept cells of a closed round that wait, or (`anew`, its scales) what would be kept now, by place: for comparing the
    two, some thousands at a time."""
    of: sa.FromClause = waiting_cells
    if anew is not None:
        note_read(connection, round_)
        of = _placed(connection, by_labels(connection, round_, anew)).subquery()
    found = sa.select(*(of.c[each] for each in COLUMNS)).order_by(of.c.place)
    if anew is None:
        found = found.where(waiting_cells.c.round == round_)
    for row in connection.execute(found, execution_options=STREAMED):
        yield tuple(row)


def groups_differing(connection: sa.Connection, waiting: sa.Subquery, dimension: str) -> dict[int, int]:
    """How many cells of `waiting_of` have labels that differ on a dimension, by the levels that stand against each other."""
    mine = (waiting.c.dimension == dimension, waiting.c.spread >= 0)
    rows = connection.execute(sa.select(waiting.c.levels, sa.func.count()).where(*mine).group_by(waiting.c.levels))
    return {row[0]: row[1] for row in rows}


def group_differing(
    connection: sa.Connection, waiting: sa.Subquery, dimension: str, levels: int, *, limit: int, offset: int = 0
) -> Sequence[int]:
    """The drafts (ids) of one such group, by their draft_id."""
    mine = (waiting.c.dimension == dimension, waiting.c.levels == levels, waiting.c.spread >= 0)
    found = sa.select(waiting.c.draft).where(*mine).order_by(waiting.c.place).limit(limit).offset(offset)
    return connection.scalars(found).all()


def place_in_group(connection: sa.Connection, waiting: sa.Subquery, dimension: str, draft_id: str) -> tuple[int, int] | None:
    """The levels of the group that a draft is in, and how many of it come before; None where its labels do not differ."""
    mine = connection.execute(
        sa.select(waiting.c.place, waiting.c.levels)
        .join(drafts, drafts.c.id == waiting.c.draft)
        .where(drafts.c.draft_id == draft_id, waiting.c.dimension == dimension, waiting.c.spread >= 0)
    ).one_or_none()
    if mine is None:
        return None
    group = (waiting.c.dimension == dimension, waiting.c.levels == mine.levels, waiting.c.spread >= 0)
    many = sa.select(sa.func.count()).select_from(waiting).where(*group, waiting.c.place < mine.place)
    return mine.levels, connection.execute(many).scalar_one()


class Before(NamedTuple):
    """How many cells without a decision come before a cell; whether it has two labels or more."""

    many: int
    is_differing: bool


def undecided_before(
    connection: sa.Connection, round_: int, waiting: sa.Subquery, draft_id: str, dimension: str
) -> Before | None:
    """How many cells of `waiting_of` without a decision come before this one; None where it is not one of that table."""
    mine = connection.execute(
        sa.select(waiting.c.place, waiting.c.spread)
        .join(drafts, drafts.c.id == waiting.c.draft)
        .where(drafts.c.draft_id == draft_id, waiting.c.dimension == dimension)
    ).one_or_none()
    if mine is None:
        return None
    of = sa.select(sa.func.count()).select_from(_without_decision(waiting, round_))
    many = connection.execute(of.where(adjudications.c.id.is_(None), waiting.c.place < mine.place)).scalar_one()
    return Before(many, mine.spread >= 0)


def _without_decision(waiting: sa.Subquery, round_: int) -> sa.Join:
    return waiting.outerjoin(adjudications, _first_decision(waiting, round_))


def decided_cells(connection: sa.Connection, round_: int, limit: int | None = None) -> Sequence[sa.Row]:
    """The cells of a closed round with a decision, by draft and in the order of the dimensions: draft, draft_id, dimension."""
    return connection.execute(
        sa.select(adjudications.c.draft, drafts.c.draft_id, adjudications.c.dimension)
        .select_from(
            adjudications.join(drafts, drafts.c.id == adjudications.c.draft).join(
                round_dimensions,
                (round_dimensions.c.round == adjudications.c.round) & (round_dimensions.c.dimension == adjudications.c.dimension),
            )
        )
        .where(
            adjudications.c.round == round_,
            adjudications.c.supersedes.is_(None),
            withheld.told(connection, adjudications.c.draft, round_),
        )
        .order_by(drafts.c.draft_id, round_dimensions.c.position)
        .limit(limit)
    ).all()


class Decided(NamedTuple):
    """Cells with a decision, counted. `was`: their state by their labels alone, None of one that does not wait by them."""

    dimension: str
    value: str
    was: str | None
    cells: int


def decided_of(connection: sa.Connection, round_: int, waiting: sa.Subquery) -> list[Decided]:
    """The cells of a closed round that were decided, counted by dimension, level decided, and what they were."""
    later = alias_of(adjudications, "later")
    by = (adjudications.c.dimension, adjudications.c.value, waiting.c.state)
    is_same = (waiting.c.draft == adjudications.c.draft) & (waiting.c.dimension == adjudications.c.dimension)
    rows = connection.execute(
        sa.select(*by, sa.func.count())
        .select_from(adjudications.outerjoin(waiting, is_same))
        .where(
            adjudications.c.round == round_,
            ~sa.exists().where(later.c.supersedes == adjudications.c.id),
            withheld.told(connection, adjudications.c.draft, round_),
        )
        .group_by(*by)
    )
    return [Decided(*row) for row in rows]


def contested_or_decided(connection: sa.Connection, round_: int, waiting: sa.Subquery) -> list[int]:
    """Drafts (ids) with a cell that does not wait by its labels, and was decided or contested all the same: few."""
    is_same = (waiting.c.draft == adjudications.c.draft) & (waiting.c.dimension == adjudications.c.dimension)
    decided = (
        sa.select(adjudications.c.draft)
        .select_from(adjudications.outerjoin(waiting, is_same))
        .where(adjudications.c.round == round_, waiting.c.draft.is_(None))
    )
    both = sa.union(decided, contested_in(round_).with_only_columns(spot_check_cells.c.draft)).subquery()
    return sorted(connection.scalars(sa.select(both.c.draft).where(withheld.told(connection, both.c.draft, round_))))


def differing_on(connection: sa.Connection, waiting: sa.Subquery, dimension: str, limit: int | None = None) -> Sequence[sa.Row]:
    """The cells of `waiting_of` whose labels on a dimension differ, decided or not, the widest apart first: draft, draft_id."""
    return connection.execute(
        sa.select(waiting.c.draft, drafts.c.draft_id)
        .join(drafts, drafts.c.id == waiting.c.draft)
        .where(waiting.c.dimension == dimension, waiting.c.spread >= 0)
        .order_by(waiting.c.place)
        .limit(limit)
    ).all()
