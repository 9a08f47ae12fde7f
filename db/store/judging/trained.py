"""Judges trained on gold: kept as they were trained, and switched on and off."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from db.schema import (
    drafts,
    judges,
    people,
    rounds,
    rubric_versions,
    trained_judge_drafts,
    trained_judge_rounds,
    trained_judge_switches,
    trained_judges,
)
from db.store import chunks
from db.store.closing.withheld import told_anywhere
from db.store.projects import in_project


def _latest() -> sa.Subquery:
    """Of each judge its latest switch (id)."""
    return (
        sa.select(trained_judge_switches.c.judge, sa.func.max(trained_judge_switches.c.id).label("id"))
        .group_by(trained_judge_switches.c.judge)
        .subquery("latest")
    )


def every_trained_judge(connection: sa.Connection) -> Sequence[sa.Row]:
    """The project's trained judges, the newest first, without what they are made of: with rubric and by (names), and is_on,
    reason, switched_at and switched_by of the latest switch, None where there was none."""
    latest, switcher = _latest(), people.alias("switcher")
    columns = [each for each in trained_judges.c if each.name != "kept"]
    return connection.execute(
        sa.select(
            *columns,
            rubric_versions.c.name.label("rubric"),
            people.c.name.label("by"),
            trained_judge_switches.c.is_on,
            trained_judge_switches.c.reason,
            trained_judge_switches.c.switched_at,
            switcher.c.name.label("switched_by"),
        )
        .join(rubric_versions, rubric_versions.c.id == trained_judges.c.rubric_version)
        .join(people, people.c.id == trained_judges.c.person)
        .outerjoin(latest, latest.c.judge == trained_judges.c.id)
        .outerjoin(trained_judge_switches, trained_judge_switches.c.id == latest.c.id)
        .outerjoin(switcher, switcher.c.id == trained_judge_switches.c.person)
        .where(in_project(connection, trained_judges.c.project))
        .order_by(trained_judges.c.id.desc())
    ).all()


def trained_judge_named(connection: sa.Connection, name: str) -> sa.Row | None:
    """The project's trained judge of that name, with all that it is made of."""
    return connection.execute(
        sa.select(trained_judges).where(trained_judges.c.name == name, in_project(connection, trained_judges.c.project))
    ).one_or_none()


def names_taken(connection: sa.Connection) -> set[str]:
    """The names of the project's judges, of models and trained ones."""
    return {
        name
        for table in (judges, trained_judges)
        for name in connection.scalars(sa.select(table.c.name).where(in_project(connection, table.c.project)))
    }


def those_of(connection: sa.Connection, project: int, names: Sequence[str]) -> Sequence[sa.Row]:
    """Of a project's trained judges of these names id, name, digest and is_on, for the gate."""
    latest = _latest()
    return connection.execute(
        sa.select(trained_judges.c.id, trained_judges.c.name, trained_judges.c.digest, trained_judge_switches.c.is_on)
        .outerjoin(latest, latest.c.judge == trained_judges.c.id)
        .outerjoin(trained_judge_switches, trained_judge_switches.c.id == latest.c.id)
        .where(trained_judges.c.project == project, trained_judges.c.name.in_(list(names)))
    ).all()


def made_of(connection: sa.Connection, judge: int) -> sa.Row:
    """All of one trained judge (its id)."""
    return connection.execute(sa.select(trained_judges).where(trained_judges.c.id == judge)).one()


def rounds_behind(connection: sa.Connection, judge: int) -> list[str]:
    """The names of the rounds that a judge was trained on."""
    return list(
        connection.scalars(
            sa.select(rounds.c.name)
            .join(trained_judge_rounds, trained_judge_rounds.c.round == rounds.c.id)
            .where(trained_judge_rounds.c.judge == judge)
            .order_by(rounds.c.id)
        )
    )


def drafts_behind(connection: sa.Connection, judge: int) -> set[int]:
    """The drafts (ids) that a judge was trained on."""
    return set(connection.scalars(sa.select(trained_judge_drafts.c.draft).where(trained_judge_drafts.c.judge == judge)))


def held_back_behind(connection: sa.Connection, judge: int) -> int:
    """How many of them are held back from the reader, so that no figure of the judge is told to them."""
    behind = sa.select(drafts.c.id).join(trained_judge_drafts, trained_judge_drafts.c.draft == drafts.c.id)
    held = behind.where(trained_judge_drafts.c.judge == judge, ~told_anywhere(connection, drafts.c.id)).subquery()
    return connection.execute(sa.select(sa.func.count()).select_from(held)).scalar_one()


def add_trained_judge(
    connection: sa.Connection, values: Mapping[str, Any], rounds_trained_on: Sequence[int], drafts_trained_on: Sequence[int]
) -> int:
    number = connection.execute(sa.insert(trained_judges).values(**values).returning(trained_judges.c.id)).scalar_one()
    connection.execute(sa.insert(trained_judge_rounds), [{"judge": number, "round": each} for each in rounds_trained_on])
    for part in chunks([*drafts_trained_on]):
        connection.execute(sa.insert(trained_judge_drafts), [{"judge": number, "draft": each} for each in part])
    return int(number)


def switch_trained_judge(connection: sa.Connection, *, judge: int, person: int, is_on: bool, reason: str, at: datetime) -> None:
    values = {"judge": judge, "person": person, "is_on": is_on, "reason": reason, "switched_at": at}
    connection.execute(sa.insert(trained_judge_switches).values(**values))
