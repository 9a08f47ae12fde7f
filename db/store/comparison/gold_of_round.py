"""What is asked of a closed round's gold beside what was kept at its closing, and what both may have changed since."""

from collections.abc import Sequence

import sqlalchemy as sa

from db.aliases import alias_of
from db.schema import adjudications, assignments, imports, labels, spot_check_cells, undone_imports
from db.store import superseded
from db.store.closed_rounds import contested_in
from db.store.closing import withheld
from db.store.closing.first_reading import note_read
from db.store.record.events import last_of


def decided_and_given(connection: sa.Connection, round_: int, person: int) -> Sequence[sa.Row]:
    """How many cells of a closed round were decided to which level, and have which label of a person: dimension, decided, given,
    cells."""
    note_read(connection, round_)
    later = alias_of(adjudications, "later")
    by = (adjudications.c.dimension, adjudications.c.value.label("decided"), labels.c.value.label("given"))
    is_same = (
        (assignments.c.round == adjudications.c.round)
        & (assignments.c.draft == adjudications.c.draft)
        & (assignments.c.person == person)
    )
    own = (labels.c.assignment == assignments.c.id) & (labels.c.dimension == adjudications.c.dimension)
    return connection.execute(
        sa.select(*by, sa.func.count().label("cells"))
        .select_from(adjudications.join(assignments, is_same).join(labels, own))
        .where(
            adjudications.c.round == round_,
            ~sa.exists().where(later.c.supersedes == adjudications.c.id),
            ~superseded(),
            withheld.told(connection, adjudications.c.draft, round_),
        )
        .group_by(adjudications.c.dimension, adjudications.c.value, labels.c.value)
    ).all()


def drafts_without_gold(connection: sa.Connection, round_: int, waiting: sa.Subquery, dimensions: int) -> int:
    """How many drafts of a closed round with so many dimensions have no cell that is settled: `waiting` as
    `closing.cells.waiting_of` has them, those apart that were decided; with them those contested and not decided."""
    contested = contested_in(round_).subquery("contested")
    unsettled = sa.union(
        *(
            sa.select(each.c.draft, each.c.dimension).where(
                ~sa.exists().where(
                    adjudications.c.round == round_,
                    adjudications.c.draft == each.c.draft,
                    adjudications.c.dimension == each.c.dimension,
                )
            )
            for each in (waiting, contested)
        )
    ).subquery("unsettled")
    without = sa.select(unsettled.c.draft).group_by(unsettled.c.draft).having(sa.func.count() == dimensions).subquery()
    return connection.execute(sa.select(sa.func.count()).select_from(without)).scalar_one()


def state_of_round(connection: sa.Connection, round_: int) -> tuple:
    """What changes when a cell of a closed round is decided or contested, other drafts are held back from who reads, or a project
    is deleted, whose numbers are then given again."""
    decided = sa.select(sa.func.count(), sa.func.max(adjudications.c.id)).where(adjudications.c.round == round_)
    contested = contested_in(round_).with_only_columns(sa.func.count(spot_check_cells.c.draft))
    return (
        *connection.execute(decided).one(),
        connection.execute(contested).scalar_one(),
        last_of(connection, "delete project"),
        *withheld.drafts_of(connection, round_),
    )


def state_of_set(connection: sa.Connection) -> tuple:
    """What changes when drafts come in or their import is undone, others are held back from who reads, or a project is deleted:
    which units of a label set are drafts, and may be told, and which set has its number. Its labels never change."""
    last = connection.scalar(sa.select(sa.func.max(imports.c.id)))
    undone = connection.scalar(sa.select(sa.func.count()).select_from(undone_imports))
    return last, undone, last_of(connection, "delete project"), *withheld.drafts_held(connection)
