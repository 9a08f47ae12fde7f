"""What a project's gate said, counted; and what people said against it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from db.schema import drafts, gate_decisions, gate_overrides, gate_policies, round_drafts, rounds, tasks
from db.store.projects import drafts_in_project, in_project

_ADD_DECISION = sa.insert(gate_decisions).returning(gate_decisions.c.id)  # made once: a gate is asked by the thousand


def add_decision(connection: sa.Connection, values: Mapping[str, Any]) -> int:
    return connection.execute(_ADD_DECISION, dict(values)).scalar_one()


def decision(connection: sa.Connection, number: int) -> sa.Row | None:
    """A decision of the project in hand: id, policy, decision, text_digest, and name and version of its policy."""
    return connection.execute(
        sa.select(
            gate_decisions.c.id,
            gate_decisions.c.policy,
            gate_decisions.c.decision,
            gate_decisions.c.text_digest,
            gate_policies.c.name,
            gate_policies.c.version,
        )
        .join(gate_policies, gate_policies.c.id == gate_decisions.c.policy)
        .where(gate_decisions.c.id == number, in_project(connection, gate_decisions.c.project))
    ).one_or_none()


def by_reasons(connection: sa.Connection, policy: int) -> Sequence[sa.Row]:
    """How often a policy decided what, why and in which mode: decision, enforced, mode, reasons, n. As many rows as there are
    different sets of reasons."""
    grouped = (gate_decisions.c.decision, gate_decisions.c.enforced, gate_decisions.c.mode, gate_decisions.c.reasons)
    return connection.execute(
        sa.select(*grouped, sa.func.count().label("n")).where(gate_decisions.c.policy == policy).group_by(*grouped)
    ).all()


def by_day(connection: sa.Connection, policy: int, since: datetime) -> dict[date, tuple[int, int]]:
    """For each day (UTC) since then: how many drafts a policy decided on, and how many of them it did not pass."""
    day = sa.func.date(gate_decisions.c.decided_at)
    held = sa.func.sum(sa.case((gate_decisions.c.decision != "pass", 1), else_=0))
    rows = connection.execute(
        sa.select(day.label("day"), sa.func.count().label("n"), held.label("held"))
        .where(gate_decisions.c.policy == policy, gate_decisions.c.decided_at >= since)
        .group_by(day)
    )
    return {date.fromisoformat(str(row.day)[:10]): (row.n, row.held) for row in rows}


def add_override(connection: sa.Connection, values: Mapping[str, Any]) -> int:
    return connection.execute(sa.insert(gate_overrides).values(**values).returning(gate_overrides.c.id)).scalar_one()


def overridden(connection: sa.Connection, policy: int) -> Sequence[sa.Row]:
    """Decisions of a policy that people said something against, by both, the latest counting: decision, given, n."""
    last = (
        sa.select(sa.func.max(gate_overrides.c.id).label("id"))
        .join(gate_decisions, gate_decisions.c.id == gate_overrides.c.decision)
        .where(gate_decisions.c.policy == policy)
        .group_by(gate_overrides.c.decision)
        .subquery()
    )
    return connection.execute(
        sa.select(gate_decisions.c.decision, gate_overrides.c.given, sa.func.count().label("n"))
        .select_from(gate_overrides)
        .join(last, last.c.id == gate_overrides.c.id)
        .join(gate_decisions, gate_decisions.c.id == gate_overrides.c.decision)
        .group_by(gate_decisions.c.decision, gate_overrides.c.given)
    ).all()


def last_override(connection: sa.Connection, decision: int) -> str | None:
    """What people said last against a decision; None where nobody said anything."""
    given = sa.select(gate_overrides.c.given).where(gate_overrides.c.decision == decision)
    return connection.execute(given.order_by(gate_overrides.c.id.desc()).limit(1)).scalar_one_or_none()


def draft_of_text(connection: sa.Connection, text: str, task: str) -> sa.Row | None:
    """id and draft_id of a draft of the project in hand with this very text, of the task of that id, or of any where none is
    named; the earliest."""
    found = sa.select(drafts.c.id, drafts.c.draft_id).where(drafts.c.text == text, drafts_in_project(connection))
    if task:
        found = found.join(tasks, tasks.c.id == drafts.c.task).where(tasks.c.task_id == task)
    return connection.execute(found.order_by(drafts.c.id).limit(1)).one_or_none()


def is_draft(connection: sa.Connection, draft_id: str) -> bool:
    """Whether the project in hand has a draft of that id."""
    known = sa.select(drafts.c.id).where(drafts.c.draft_id == draft_id, drafts_in_project(connection))
    return connection.execute(known.limit(1)).first() is not None


def draft_called(connection: sa.Connection, draft_id: str) -> sa.Row:
    """id and draft_id of a draft of the project in hand."""
    return connection.execute(
        sa.select(drafts.c.id, drafts.c.draft_id).where(drafts.c.draft_id == draft_id, drafts_in_project(connection))
    ).one()


def drafts_to_label(connection: sa.Connection) -> list[str]:
    """The drafts (draft_id) of the project's overrides that no round of the project holds yet, the earliest first."""
    held = sa.exists().where(
        round_drafts.c.draft == drafts.c.id, rounds.c.id == round_drafts.c.round, in_project(connection, rounds.c.project)
    )
    return list(
        connection.scalars(
            sa.select(drafts.c.draft_id)
            .join(gate_overrides, gate_overrides.c.draft == drafts.c.id)
            .join(gate_decisions, gate_decisions.c.id == gate_overrides.c.decision)
            .where(in_project(connection, gate_decisions.c.project), ~held)
            .group_by(drafts.c.id, drafts.c.draft_id)
            .order_by(sa.func.min(gate_overrides.c.id))
        )
    )
