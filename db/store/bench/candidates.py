"""Candidates: what may become a task, and what was said of each."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from db.aliases import alias_of
from db.schema import candidate_verdicts, candidates, people, synthesis_runs
from db.store import chunks
from db.store.closing.withheld import words_on_candidate_told
from db.store.projects import in_project

BY_MODEL = "by_model"  # of what a verdict is about: the model whose word it is, where it is no person's own


def known(connection: sa.Connection, task_ids: Sequence[str]) -> set[str]:
    """Those of these ids under which the project has a candidate already."""
    return {
        found
        for part in chunks(task_ids)
        for found in connection.scalars(
            sa.select(candidates.c.task_id).where(candidates.c.task_id.in_(part), in_project(connection, candidates.c.project))
        )
    }


def add(
    connection: sa.Connection,
    *,
    project: int,
    person: int,
    method: str,
    task_id: str,
    document: Mapping[str, Any],
    about: Mapping[str, Any],
    at: datetime,
    draft: str | None = None,
    run: int | None = None,
) -> int:
    """A candidate; its id."""
    return connection.execute(
        sa.insert(candidates)
        .values(
            project=project,
            person=person,
            run=run,
            method=method,
            task_id=task_id,
            document=dict(document),
            draft=draft,
            about=dict(about),
            proposed_at=at,
        )
        .returning(candidates.c.id)
    ).scalar_one()


def _with_verdict(connection: sa.Connection) -> sa.Select[Any]:
    """Candidates with the last verdict of a person on each: verdict, reason, by (a name), by_model (whose word they took)."""
    last = (
        sa.select(sa.func.max(candidate_verdicts.c.id))
        .where(candidate_verdicts.c.candidate == candidates.c.id, candidate_verdicts.c.person.is_not(None))
        .correlate(candidates)
        .scalar_subquery()
    )
    # What the judge of the run said, not those that are only compared with it: None without one.
    deciding = alias_of(candidate_verdicts, "deciding")
    passed = (
        sa.select(deciding.c.verdict)
        .where(deciding.c.candidate == candidates.c.id, deciding.c.judge.is_not(None), deciding.c.about["decides"].as_boolean())
        .order_by(deciding.c.id.desc())
        .limit(1)
        .correlate(candidates)
        .scalar_subquery()
    )
    by = alias_of(people, "by")
    proposer = alias_of(people, "proposer")
    return (
        sa.select(
            candidates,
            proposer.c.name.label("proposer"),
            candidate_verdicts.c.verdict,
            words_on_candidate_told(connection, candidate_verdicts.c.reason).label("reason"),
            candidate_verdicts.c.about[BY_MODEL].as_string().label(BY_MODEL),
            by.c.name.label("by"),
            passed.label("passed"),
        )
        .join(proposer, proposer.c.id == candidates.c.person)
        .outerjoin(candidate_verdicts, candidate_verdicts.c.id == last)
        .outerjoin(by, by.c.id == candidate_verdicts.c.person)
    )


def of_project(connection: sa.Connection, methods: Sequence[str]) -> Sequence[sa.Row]:
    """The project's candidates by these methods, the oldest first: all of `candidates`, proposer, and the last verdict of a
    person on each (verdict, reason, by, by_model; None before the first), `passed`: what the judge of its run said."""
    return connection.execute(
        _with_verdict(connection)
        .where(candidates.c.method.in_(methods), in_project(connection, candidates.c.project))
        .order_by(candidates.c.id)
    ).all()


def named(connection: sa.Connection, task_id: str, *, lock: bool = False) -> sa.Row | None:
    """The project's candidate of that id, as in `of_project`. `lock`: nobody else decides on it meanwhile."""
    query = _with_verdict(connection).where(candidates.c.task_id == task_id, in_project(connection, candidates.c.project))
    return connection.execute(query.with_for_update(of=candidates) if lock else query).one_or_none()


def add_verdict(
    connection: sa.Connection,
    candidate: int,
    *,
    verdict: str,
    reason: str,
    about: Mapping[str, Any],
    at: datetime,
    person: int | None = None,
    judge: str | None = None,
) -> None:
    """What a person or a model said of a candidate."""
    connection.execute(
        sa.insert(candidate_verdicts).values(
            candidate=candidate, person=person, judge=judge, verdict=verdict, reason=reason, about=dict(about), given_at=at
        )
    )


def verdicts_of_run(connection: sa.Connection, run: int) -> Sequence[sa.Row]:
    """Every verdict of a model on the candidates of a run, in the order they came: candidate, judge, verdict, reason, about."""
    return connection.execute(
        sa.select(candidate_verdicts)
        .join(candidates, candidates.c.id == candidate_verdicts.c.candidate)
        .where(candidates.c.run == run, candidate_verdicts.c.judge.is_not(None))
        .order_by(candidate_verdicts.c.id)
    ).all()


def of_run(connection: sa.Connection, run: int) -> Sequence[sa.Row]:
    """The candidates of a run, in the order they came."""
    return connection.execute(sa.select(candidates).where(candidates.c.run == run).order_by(candidates.c.id)).all()


def run_named(connection: sa.Connection, name: str) -> sa.Row | None:
    """The project's run of that name."""
    return connection.execute(
        sa.select(synthesis_runs).where(synthesis_runs.c.name == name, in_project(connection, synthesis_runs.c.project))
    ).one_or_none()


def add_run(connection: sa.Connection, *, project: int, person: int, name: str, settings: Mapping[str, Any], at: datetime) -> int:
    return connection.execute(
        sa.insert(synthesis_runs)
        .values(project=project, person=person, name=name, settings=dict(settings), started_at=at)
        .returning(synthesis_runs.c.id)
    ).scalar_one()
