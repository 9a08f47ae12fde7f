"""Roles: who is annotator or lead of which project, who is admin, who was deactivated."""

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa

from db.schema import adjudications, closings, imports, label_sets, memberships, people, projects, round_annotators, rounds
from db.store import insert_into


def standing(connection: sa.Connection, person: int, project: int | None) -> sa.Row | None:
    """name, is_admin, deactivated_at, and role in the project (None for none); None where there is no such person."""
    of_project = sa.and_(memberships.c.person == people.c.id, memberships.c.project == project)
    return connection.execute(
        sa.select(people.c.name, people.c.is_admin, people.c.deactivated_at, memberships.c.role)
        .outerjoin(memberships, of_project)
        .where(people.c.id == person, people.c.kind == "person")
    ).one_or_none()


def every(connection: sa.Connection) -> Sequence[sa.Row]:
    """person, project (ids), project_name, role: by project."""
    return connection.execute(
        sa.select(memberships, projects.c.name.label("project_name"))
        .join(projects, projects.c.id == memberships.c.project)
        .order_by(projects.c.is_sample, projects.c.folded, memberships.c.person)
    ).all()


def admins(connection: sa.Connection, *, lock: bool = False) -> Sequence[sa.Row]:
    """id and name of the admins who were not deactivated, by name. `lock`: nobody else changes them meanwhile."""
    query = (
        sa.select(people.c.id, people.c.name)
        .where(people.c.is_admin, people.c.deactivated_at.is_(None))
        .order_by(people.c.folded)
    )
    return connection.execute(query.with_for_update() if lock else query).all()


def projects_of(connection: sa.Connection, person: int) -> set[int]:
    """The projects (ids) in which the person has a role or a seat in a round."""
    seats = sa.select(rounds.c.project).join(round_annotators, round_annotators.c.round == rounds.c.id)
    held = sa.select(memberships.c.project).where(memberships.c.person == person)
    return set(connection.scalars(held.union(seats.where(round_annotators.c.person == person))))


def people_of(connection: sa.Connection, of: Collection[int]) -> set[int]:
    """Who has a role in one of these projects (ids), or a seat in a round of theirs."""
    seats = sa.select(round_annotators.c.person).join(rounds, rounds.c.id == round_annotators.c.round)
    held = sa.select(memberships.c.person).where(memberships.c.project.in_(list(of)))
    return set(connection.scalars(held.union(seats.where(rounds.c.project.in_(list(of))))))


def deactivated_among(connection: sa.Connection, persons: Collection[int]) -> set[int]:
    gone = sa.select(people.c.id).where(people.c.id.in_(list(persons)), people.c.deactivated_at.is_not(None))
    return set(connection.scalars(gone))


def set_role(connection: sa.Connection, *, person: int, project: int, role: str | None) -> None:
    """Give the person this role in the project in place of the one they had; None takes it."""
    if role is None:
        connection.execute(sa.delete(memberships).where(memberships.c.person == person, memberships.c.project == project))
        return
    connection.execute(
        insert_into(connection, memberships)
        .values(person=person, project=project, role=role)
        .on_conflict_do_update(index_elements=["person", "project"], set_={"role": role})
    )


def set_admin(connection: sa.Connection, person: int, is_admin: bool) -> None:
    connection.execute(sa.update(people).where(people.c.id == person).values(is_admin=is_admin))


def set_deactivated(connection: sa.Connection, person: int, at: datetime | None) -> None:
    connection.execute(sa.update(people).where(people.c.id == person).values(deactivated_at=at))


def from_work(connection: sa.Connection) -> None:
    """Roles by what people did, where they have none: whoever opened a round of a project, imported into it, adjudicated or
    closed in it is its lead; whoever has a seat in one of its rounds is its annotator."""
    led = sa.union(
        sa.select(rounds.c.opened_by.label("person"), rounds.c.project),
        sa.select(closings.c.person, rounds.c.project).join(rounds, rounds.c.id == closings.c.round),
        sa.select(adjudications.c.person, rounds.c.project).join(rounds, rounds.c.id == adjudications.c.round),
        sa.select(imports.c.person, imports.c.project),
        sa.select(label_sets.c.imported_by, label_sets.c.project),
    )
    seats = sa.select(round_annotators.c.person, rounds.c.project).join(rounds, rounds.c.id == round_annotators.c.round)
    for role, did in (("lead", led.subquery()), ("annotator", seats.distinct().subquery())):
        found = (
            sa.select(did.c.person, did.c.project, sa.literal(role))
            .join(people, people.c.id == did.c.person)
            .where(people.c.kind == "person")
        )
        connection.execute(
            insert_into(connection, memberships).from_select(["person", "project", "role"], found).on_conflict_do_nothing()
        )
