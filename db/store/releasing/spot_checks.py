"""Spot checks: agreed cells of a closed round that somebody labels once more without seeing their labels. Nothing of a draft that
is held back from the reader is in any of it (`closing.withheld`)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from db.aliases import alias_of
from db.schema import adjudications, drafts, people, spot_check_cells, spot_checks
from db.store import AT_ONCE
from db.store.closed_rounds import contested_in
from db.store.closing.withheld import told

CELLS, CHECKS = spot_check_cells.c, spot_checks.c


def contested_cells(connection: sa.Connection, round_: int) -> Sequence[sa.Row]:
    """draft_id and dimension of the cells to which a check gave another level than their labels."""
    some = contested_in(round_).where(told(connection, CELLS.draft, round_)).subquery()
    return connection.execute(
        sa.select(drafts.c.draft_id, some.c.dimension).distinct().join(some, some.c.draft == drafts.c.id)
    ).all()


def checked_by_draft(connection: sa.Connection, round_: int) -> Iterator[sa.Row]:
    """The cells of a round that were checked, in the order of the drafts: spot_check, draft_id, dimension, agreed, value,
    checker, checked_at."""
    return iter(
        connection.execution_options(yield_per=AT_ONCE // 10).execute(
            sa.select(
                CELLS.spot_check,
                drafts.c.draft_id,
                CELLS.dimension,
                CELLS.agreed,
                CELLS.value,
                people.c.name.label("checker"),
                CELLS.checked_at,
            )
            .join(spot_checks, CHECKS.id == CELLS.spot_check)
            .join(drafts, drafts.c.id == CELLS.draft)
            .join(people, people.c.id == CHECKS.person)
            .where(CHECKS.round == round_, CELLS.value.is_not(None), told(connection, CELLS.draft, round_))
            .order_by(drafts.c.draft_id, CELLS.spot_check, CELLS.position)
        )
    )


def checkers_of(connection: sa.Connection, round_: int) -> list[str]:
    """Who checked in a round, in the order of their first check."""
    return list(
        connection.scalars(
            sa.select(people.c.name)
            .join(spot_checks, CHECKS.person == people.c.id)
            .where(CHECKS.round == round_)
            .group_by(people.c.id, people.c.name)
            .order_by(sa.func.min(CHECKS.id))
        )
    )


def spot_checks_of(connection: sa.Connection, round_: int) -> Sequence[sa.Row]:
    """The spot checks of a round, the first first: id, person (id), checker, seed, cells, drawn_at, drawn, checked, wrong (given
    another level, and not decided since to be what the labels say). Without cells that are held back."""
    later = alias_of(adjudications, "later")
    confirmed = sa.exists().where(
        adjudications.c.round == CHECKS.round,
        adjudications.c.draft == CELLS.draft,
        adjudications.c.dimension == CELLS.dimension,
        adjudications.c.value == CELLS.agreed,
        ~sa.exists().where(later.c.supersedes == adjudications.c.id),
    )
    wrong = sa.case(((CELLS.value != CELLS.agreed) & ~confirmed, 1), else_=0)
    return connection.execute(
        sa.select(
            CHECKS.id,
            CHECKS.person,
            people.c.name.label("checker"),
            CHECKS.seed,
            CHECKS.cells,
            CHECKS.drawn_at,
            sa.func.count().label("drawn"),
            sa.func.count(CELLS.value).label("checked"),
            sa.func.sum(wrong).label("wrong"),
        )
        .join(people, people.c.id == CHECKS.person)
        .join(spot_check_cells, CELLS.spot_check == CHECKS.id)
        .where(CHECKS.round == round_, told(connection, CELLS.draft, round_))
        .group_by(CHECKS.id, CHECKS.person, people.c.name, CHECKS.seed, CHECKS.cells, CHECKS.drawn_at)
        .order_by(CHECKS.id)
    ).all()


def next_cell(connection: sa.Connection, round_: int, person: int) -> sa.Row | None:
    """The first cell that waits in the person's spot checks of a round: spot_check, draft (id), draft_id, dimension; None for
    none."""
    return connection.execute(
        sa.select(CELLS.spot_check, CELLS.draft, drafts.c.draft_id, CELLS.dimension)
        .join(spot_checks, CHECKS.id == CELLS.spot_check)
        .join(drafts, drafts.c.id == CELLS.draft)
        .where(CHECKS.round == round_, CHECKS.person == person, CELLS.value.is_(None), told(connection, CELLS.draft, round_))
        .order_by(CELLS.spot_check, CELLS.position)
        .limit(1)
    ).one_or_none()


def add_spot_check(
    connection: sa.Connection, *, round_: int, person: int, seed: int, cells: int, at: datetime, drawn: Sequence[Mapping]
) -> int:
    """Put a spot check with its cells (draft, dimension, agreed) on record; its id."""
    check = connection.execute(
        sa.insert(spot_checks)
        .values(round=round_, person=person, seed=seed, cells=cells, drawn_at=at)
        .returning(spot_checks.c.id)
    ).scalar_one()
    rows = [{**each, "spot_check": check, "position": place} for place, each in enumerate(drawn, start=1)]
    connection.execute(sa.insert(spot_check_cells), rows)
    return check


def keep_check(connection: sa.Connection, cell: sa.Row, value: str, reason: str, at: datetime) -> None:
    connection.execute(
        sa.update(spot_check_cells)
        .where(CELLS.spot_check == cell.spot_check, CELLS.draft == cell.draft, CELLS.dimension == cell.dimension)
        .values(value=value, reason=reason or None, checked_at=at)
    )


def agreed_level(connection: sa.Connection, cell: sa.Row) -> str:
    """The level that the labels of a drawn cell agreed on, as stored."""
    return connection.execute(
        sa.select(CELLS.agreed).where(
            CELLS.spot_check == cell.spot_check, CELLS.draft == cell.draft, CELLS.dimension == cell.dimension
        )
    ).scalar_one()
