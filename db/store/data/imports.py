"""Imports: how a table was mapped, what an import brought, what stands in the way of undoing it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from db.schema import (
    compared_pairs,
    comparison_rounds,
    drafts,
    gate_overrides,
    imports,
    label_sets,
    leak_signatures,
    people,
    projects,
    round_drafts,
    rounds,
    set_labels,
    tasks,
    typed_tasks,
    undone_imports,
)
from db.store.judging.asked_about import judges_asked_about
from db.store.projects import in_project

LOOKED_AT = 50  # imports, the newest first


def kept_mappings(connection: sa.Connection) -> Sequence[sa.Row]:
    """file_name and mapping of the project's newest imports of tables that were not undone, the newest first."""
    undone = sa.exists().where(undone_imports.c["import"] == imports.c.id)
    return connection.execute(
        sa.select(imports.c.file_name, imports.c.mapping)
        .where(imports.c.mapping.is_not(None), ~undone, in_project(connection, imports.c.project))
        .order_by(imports.c.id.desc())
        .limit(LOOKED_AT)
    ).all()


def imports_so_far(connection: sa.Connection) -> Sequence[sa.Row]:
    """Every import of the project, the newest first; where it was undone, when and by whom (undone_at, undone_by: a name)."""
    mine = in_project(connection, imports.c.project)
    return connection.execute(_with_undoing().where(mine).order_by(imports.c.id.desc())).all()


def _with_undoing() -> sa.Select[Any]:
    return (
        sa.select(imports, undone_imports.c.undone_at, people.c.name.label("undone_by"), projects.c.name.label("project_name"))
        .join(projects, projects.c.id == imports.c.project)
        .outerjoin(undone_imports, undone_imports.c["import"] == imports.c.id)
        .outerjoin(people, people.c.id == undone_imports.c.person)
    )


def import_to_undo(connection: sa.Connection, number: int, *, lock: bool = False) -> sa.Row | None:
    """One import, with how many `tasks` and `drafts` of it are in the store. `lock`: nobody else undoes it meanwhile."""

    def of(table: sa.Table) -> sa.ScalarSelect[int]:
        return sa.select(sa.func.count()).where(table.c["import"] == number).scalar_subquery()

    query = (
        _with_undoing()
        .add_columns(of(tasks).label("tasks"), of(drafts).label("drafts"))
        .where(imports.c.id == number, in_project(connection, imports.c.project))
    )
    return connection.execute(query.with_for_update(of=imports) if lock else query).one_or_none()


def _own_drafts(number: int) -> sa.Select[Any]:
    return sa.select(drafts.c.id).where(drafts.c["import"] == number)


def rounds_with_its_drafts(connection: sa.Connection, number: int) -> Sequence[sa.Row]:
    """Rounds that hold drafts of an import, the oldest first: name, closed_at, and how many (`drafts`)."""
    return connection.execute(
        sa.select(rounds.c.name, rounds.c.closed_at, sa.func.count().label("drafts"))
        .join(round_drafts, round_drafts.c.round == rounds.c.id)
        .where(round_drafts.c.draft.in_(_own_drafts(number)))
        .group_by(rounds.c.id, rounds.c.name, rounds.c.closed_at)
        .order_by(rounds.c.id)
    ).all()


def comparisons_with_its_drafts(connection: sa.Connection, number: int) -> list[str]:
    """Names of comparison rounds that hold drafts of an import, the oldest first."""
    held = compared_pairs.c.draft_a.in_(_own_drafts(number)) | compared_pairs.c.draft_b.in_(_own_drafts(number))
    query = sa.select(comparison_rounds.c.name).where(
        sa.exists().where(compared_pairs.c.comparison == comparison_rounds.c.id, held)
    )
    return list(connection.scalars(query.order_by(comparison_rounds.c.id)))


def label_sets_on_it(connection: sa.Connection, number: int) -> list[str]:
    """Names of label sets that have labels of its drafts or tasks."""
    ids = sa.union(
        sa.select(drafts.c.draft_id).where(drafts.c["import"] == number),
        sa.select(tasks.c.task_id).where(tasks.c["import"] == number),
    )
    on_it = sa.exists().where(set_labels.c.label_set == label_sets.c.id, set_labels.c.unit.in_(ids))
    return list(connection.scalars(sa.select(label_sets.c.name).where(on_it).order_by(label_sets.c.id)))


def overrides_on_it(connection: sa.Connection, number: int) -> int:
    """How many times somebody said something against a gate's decision on its drafts."""
    mine = gate_overrides.c.draft.in_(_own_drafts(number))
    return connection.execute(sa.select(sa.func.count()).select_from(gate_overrides).where(mine)).scalar_one()


def judges_asked_about_it(connection: sa.Connection, number: int) -> list[str]:
    """Names of judges that were asked about its drafts."""
    return judges_asked_about(connection, _own_drafts(number))


def drafts_of_others(connection: sa.Connection, number: int) -> Sequence[sa.Row]:
    """Imports that brought drafts for tasks of this one: id, file_name, and how many (`drafts`)."""
    return connection.execute(
        sa.select(imports.c.id, imports.c.file_name, sa.func.count().label("drafts"))
        .join(drafts, drafts.c["import"] == imports.c.id)
        .join(tasks, tasks.c.id == drafts.c.task)
        .where(tasks.c["import"] == number, imports.c.id != number)
        .group_by(imports.c.id, imports.c.file_name)
        .order_by(imports.c.id)
    ).all()


def undo(connection: sa.Connection, number: int, *, person: int, at: datetime) -> None:
    """Remove an import's drafts and tasks; the import stays in the list, as undone."""
    connection.execute(sa.delete(drafts).where(drafts.c["import"] == number))
    own = sa.select(tasks.c.id).where(tasks.c["import"] == number)
    connection.execute(sa.delete(typed_tasks).where(typed_tasks.c.task.in_(own)))
    connection.execute(sa.delete(leak_signatures).where(leak_signatures.c.held.in_(own)))
    connection.execute(sa.delete(tasks).where(tasks.c["import"] == number))
    connection.execute(sa.insert(undone_imports).values({"import": number, "person": person, "undone_at": at}))
