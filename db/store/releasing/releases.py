"""Releases that were given out, and what people answered to the questions of their datasheets."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from db.schema import people, release_answers, release_rounds, releases, rounds
from db.store.projects import in_project


def all_releases(connection: sa.Connection) -> Sequence[sa.Row]:
    """The project's releases, the latest first: id, name, number, digest, policy, rows, left_out, made_at, person (by name),
    supersedes (id)."""
    columns = [
        releases.c[name] for name in ("id", "name", "number", "digest", "policy", "rows", "left_out", "made_at", "supersedes")
    ]
    return connection.execute(
        sa.select(*columns, people.c.name.label("person"))
        .join(people, people.c.id == releases.c.person)
        .where(in_project(connection, releases.c.project))
        .order_by(releases.c.id.desc())
    ).all()


def rounds_of_releases(connection: sa.Connection) -> dict[int, list[sa.Row]]:
    """The rounds (round, its id, and name) of each release, by the release's id."""
    found: dict[int, list[sa.Row]] = {}
    for row in connection.execute(
        sa.select(release_rounds.c.release, release_rounds.c.round, rounds.c.name)
        .join(rounds, rounds.c.id == release_rounds.c.round)
        .where(in_project(connection, rounds.c.project))
        .order_by(rounds.c.id)
    ):
        found.setdefault(row.release, []).append(row)
    return found


def latest(connection: sa.Connection, project: int, folded: str) -> sa.Row | None:
    """The latest release of a name in a project, with its packed levels; None where there is none."""
    return connection.execute(
        sa.select(releases)
        .where(releases.c.project == project, releases.c.folded == folded)
        .order_by(releases.c.number.desc())
        .limit(1)
    ).one_or_none()


def add_release(connection: sa.Connection, values: Mapping, of_rounds: Sequence[int]) -> int:
    """Put a release on record; its id."""
    made = connection.execute(sa.insert(releases).values(**values).returning(releases.c.id)).scalar_one()
    connection.execute(sa.insert(release_rounds), [{"release": made, "round": each} for each in of_rounds])
    return made


def answers_of(connection: sa.Connection, project: int) -> dict[str, str]:
    """The latest answer to each question that was answered in a project."""
    last = (
        sa.select(sa.func.max(release_answers.c.id))
        .where(release_answers.c.project == project)
        .group_by(release_answers.c.question)
    )
    rows = connection.execute(
        sa.select(release_answers.c.question, release_answers.c.answer).where(release_answers.c.id.in_(last))
    )
    return {row.question: row.answer for row in rows if row.answer}


def add_answers(connection: sa.Connection, project: int, person: int, answers: Mapping[str, str], at: datetime) -> None:
    connection.execute(
        sa.insert(release_answers),
        [
            {"project": project, "person": person, "question": question, "answer": answer, "answered_at": at}
            for question, answer in answers.items()
        ],
    )
