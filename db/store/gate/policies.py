"""Policies of a project's gate, which is in use and how, and the tokens with which programs ask it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from db.schema import gate_policies, gate_switches, gate_tokens, people, projects, rubric_versions
from db.store.projects import in_project


def add_policy(connection: sa.Connection, values: Mapping[str, Any]) -> int:
    return connection.execute(sa.insert(gate_policies).values(**values).returning(gate_policies.c.id)).scalar_one()


def policy_called(connection: sa.Connection, project: int, name: str, version: int) -> sa.Row | None:
    """id, digest of the policy of that name and version in a project."""
    return connection.execute(
        sa.select(gate_policies.c.id, gate_policies.c.digest).where(
            gate_policies.c.project == project, gate_policies.c.name == name, gate_policies.c.version == version
        )
    ).one_or_none()


def all_policies(connection: sa.Connection) -> Sequence[sa.Row]:
    """The project's policies, the latest first: id, name, version, digest, rubric (its version's name), published_at, person (by
    name)."""
    return connection.execute(
        sa.select(
            gate_policies.c.id,
            gate_policies.c.name,
            gate_policies.c.version,
            gate_policies.c.digest,
            gate_policies.c.published_at,
            rubric_versions.c.name.label("rubric"),
            people.c.name.label("person"),
        )
        .join(rubric_versions, rubric_versions.c.id == gate_policies.c.rubric_version)
        .join(people, people.c.id == gate_policies.c.person)
        .where(in_project(connection, gate_policies.c.project))
        .order_by(gate_policies.c.id.desc())
    ).all()


def policy_source(connection: sa.Connection, policy: int) -> sa.Row:
    """source and rubric_version (its id) of a policy."""
    return connection.execute(
        sa.select(gate_policies.c.source, gate_policies.c.rubric_version).where(gate_policies.c.id == policy)
    ).one()


def switch(connection: sa.Connection, values: Mapping[str, Any]) -> None:
    connection.execute(sa.insert(gate_switches).values(**values))


def switches(connection: sa.Connection, most: int) -> Sequence[sa.Row]:
    """How the project's gate was switched, the latest first: id, policy (its id), name, version, digest, mode, reason,
    switched_at, person (by name)."""
    return connection.execute(
        sa.select(
            gate_switches.c.id,
            gate_switches.c.policy,
            gate_policies.c.name,
            gate_policies.c.version,
            gate_policies.c.digest,
            gate_switches.c.mode,
            gate_switches.c.reason,
            gate_switches.c.switched_at,
            people.c.name.label("person"),
        )
        .join(gate_policies, gate_policies.c.id == gate_switches.c.policy)
        .join(people, people.c.id == gate_switches.c.person)
        .where(in_project(connection, gate_switches.c.project))
        .order_by(gate_switches.c.id.desc())
        .limit(most)
    ).all()


def add_token(connection: sa.Connection, values: Mapping[str, Any]) -> int:
    return connection.execute(sa.insert(gate_tokens).values(**values).returning(gate_tokens.c.id)).scalar_one()


def all_tokens(connection: sa.Connection) -> Sequence[sa.Row]:
    """The project's tokens, those that stand first: id, name, made_at, ended_at, person (by name)."""
    return connection.execute(
        sa.select(
            gate_tokens.c.id, gate_tokens.c.name, gate_tokens.c.made_at, gate_tokens.c.ended_at, people.c.name.label("person")
        )
        .join(people, people.c.id == gate_tokens.c.person)
        .where(in_project(connection, gate_tokens.c.project))
        .order_by(gate_tokens.c.ended_at.is_not(None), gate_tokens.c.id.desc())
    ).all()


def standing_tokens(connection: sa.Connection) -> frozenset[str]:
    """The digests of all tokens that stand, of every project."""
    return frozenset(connection.scalars(sa.select(gate_tokens.c.token_digest).where(gate_tokens.c.ended_at.is_(None))))


def end_token(connection: sa.Connection, token: int, *, person: int, at: datetime) -> bool:
    """End a token of the project in hand; False where it has ended, or is none."""
    ended = sa.update(gate_tokens).where(
        gate_tokens.c.id == token, gate_tokens.c.ended_at.is_(None), in_project(connection, gate_tokens.c.project)
    )
    return connection.execute(ended.values(ended_at=at, ended_by=person)).rowcount == 1


def _behind_token() -> sa.Select:
    latest = (
        sa.select(sa.func.max(gate_switches.c.id))
        .where(gate_switches.c.project == gate_tokens.c.project)
        .correlate(gate_tokens)
        .scalar_subquery()
    )
    return (
        sa.select(
            gate_tokens.c.project,
            projects.c.archived_at,
            gate_switches.c.policy,
            gate_switches.c.mode,
            gate_policies.c.digest.label("policy_digest"),
            rubric_versions.c.digest.label("rubric_digest"),
        )
        .join(projects, projects.c.id == gate_tokens.c.project)
        .outerjoin(gate_switches, gate_switches.c.id == latest)
        .outerjoin(gate_policies, gate_policies.c.id == gate_switches.c.policy)
        .outerjoin(rubric_versions, rubric_versions.c.id == gate_policies.c.rubric_version)
        .where(gate_tokens.c.token_digest == sa.bindparam("token"), gate_tokens.c.ended_at.is_(None))
    )


_BEHIND_TOKEN = _behind_token()  # made once: making it takes longer than asking it


def behind_token(connection: sa.Connection, token_digest: str) -> sa.Row | None:
    """Of a token that stands: project, archived_at (of it), and how the project's gate is switched at this moment: policy (id),
    mode, policy_digest, rubric_digest; null where it never was. One query, by indexes alone."""
    return connection.execute(_BEHIND_TOKEN, {"token": token_digest}).one_or_none()
