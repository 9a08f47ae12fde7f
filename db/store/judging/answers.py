"""Models as judges: files, runs, answers. What one says of a draft is told only with the labels it became, in a label set."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from db.schema import drafts, judge_answers, judge_chances, judge_runs, judged_labels, judges, label_sets, people, rubric_versions
from db.store import chunks
from db.store.closing.withheld import told_anywhere
from db.store.projects import in_project


def judge_named(connection: sa.Connection, name: str) -> sa.Row | None:
    """The project's judge of that name, as it was used."""
    return connection.execute(
        sa.select(judges).where(judges.c.name == name, in_project(connection, judges.c.project))
    ).one_or_none()


def add_judge(connection: sa.Connection, values: Mapping[str, Any]) -> int:
    return connection.execute(sa.insert(judges).values(**values).returning(judges.c.id)).scalar_one()


def every_judge(connection: sa.Connection) -> Sequence[sa.Row]:
    """The project's judges, the one used last first: all columns, with rubric (the version's name)."""
    return connection.execute(
        sa.select(judges, rubric_versions.c.name.label("rubric"))
        .join(rubric_versions, rubric_versions.c.id == judges.c.rubric_version)
        .where(in_project(connection, judges.c.project))
        .order_by(judges.c.id.desc())
    ).all()


def runs_of(connection: sa.Connection, judge: int) -> Sequence[sa.Row]:
    """The runs of a judge, the newest first, with set_name, by, and how many answers (`levels`) and errors came in it."""
    answers = sa.select(sa.func.count(judge_answers.c.level)).where(judge_answers.c.run == judge_runs.c.id)
    errors = sa.select(sa.func.count(judge_answers.c.error)).where(judge_answers.c.run == judge_runs.c.id)
    return connection.execute(
        sa.select(
            judge_runs,
            label_sets.c.name.label("set_name"),
            people.c.name.label("by"),
            answers.scalar_subquery().label("levels"),
            errors.scalar_subquery().label("errors"),
        )
        .outerjoin(label_sets, label_sets.c.id == judge_runs.c.label_set)
        .join(people, people.c.id == judge_runs.c.person)
        .where(judge_runs.c.judge == judge)
        .order_by(judge_runs.c.id.desc())
    ).all()


def add_run(connection: sa.Connection, *, judge: int, person: int, drafts: str, at: datetime) -> int:
    return connection.execute(
        sa.insert(judge_runs).values(judge=judge, person=person, drafts=drafts, started_at=at).returning(judge_runs.c.id)
    ).scalar_one()


def is_another_unfinished(connection: sa.Connection, run: int) -> bool:
    """Whether another run of the run's judge came to no end: it goes on, or broke off."""
    judge = sa.select(judge_runs.c.judge).where(judge_runs.c.id == run).scalar_subquery()
    others = sa.select(judge_runs.c.id).where(
        judge_runs.c.judge == judge, judge_runs.c.id != run, judge_runs.c.ended_at.is_(None)
    )
    return connection.execute(others.limit(1)).first() is not None


def end_run(connection: sa.Connection, run: int, *, label_set: int | None, answers: Sequence[int], at: datetime) -> None:
    """The run came to this label set, which is made of these answers."""
    connection.execute(sa.update(judge_runs).where(judge_runs.c.id == run).values(label_set=label_set, ended_at=at))
    for part in chunks([*answers]):
        connection.execute(sa.insert(judged_labels), [{"run": run, "answer": each} for each in part])


def add_answers(connection: sa.Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """`rows`: of all columns, with `chances` of the levels, None where there are none."""
    plain = [{name: value for name, value in row.items() if name != "chances"} for row in rows if row["chances"] is None]
    for part in chunks(plain):
        connection.execute(sa.insert(judge_answers), list(part))
    for row in rows:
        if row["chances"] is not None:
            own = {name: value for name, value in row.items() if name != "chances"}
            made = connection.execute(sa.insert(judge_answers).values(**own).returning(judge_answers.c.id)).scalar_one()
            connection.execute(sa.insert(judge_chances).values(answer=made, chances=row["chances"]))


def answers_under(connection: sa.Connection, keys: Sequence[str]) -> dict[str, sa.Row]:
    """The project's answers with a level under these keys, the first under each: id, key, level."""
    found: dict[str, sa.Row] = {}
    for part in chunks([*keys]):
        query = (
            sa.select(judge_answers.c.id, judge_answers.c.key, judge_answers.c.level)
            .join(judge_runs, judge_runs.c.id == judge_answers.c.run)
            .join(judges, judges.c.id == judge_runs.c.judge)
            .where(judge_answers.c.key.in_(part), judge_answers.c.level.is_not(None), in_project(connection, judges.c.project))
            .order_by(judge_answers.c.id)
        )
        for row in connection.execute(query):
            found.setdefault(row.key, row)
    return found


def usual_answer(connection: sa.Connection, judge: int | None) -> sa.Row | None:
    """What an answer of a judge took so far: the means of ms and tokens_out. None where there was none."""
    row = connection.execute(
        sa.select(sa.func.avg(judge_answers.c.ms).label("ms"), sa.func.avg(judge_answers.c.tokens_out).label("tokens_out"))
        .join(judge_runs, judge_runs.c.id == judge_answers.c.run)
        .where(judge_runs.c.judge == judge, judge_answers.c.level.is_not(None))
    ).one()
    return None if row.ms is None else row


def reasons_in_set(connection: sa.Connection, label_set: str, repeat: int) -> Sequence[sa.Row]:
    """What a model gave as reasons for the labels of a set (its folded name) that a run came to, of that repeat: draft_id,
    dimension, level, reason, and chances of the levels, None where there are none. Told of no draft whose labels in the set are
    held back from the reader."""
    return connection.execute(
        sa.select(
            drafts.c.draft_id, judge_answers.c.dimension, judge_answers.c.level, judge_answers.c.reason, judge_chances.c.chances
        )
        .select_from(judge_answers)
        .outerjoin(judge_chances, judge_chances.c.answer == judge_answers.c.id)
        .join(judged_labels, judged_labels.c.answer == judge_answers.c.id)
        .join(judge_runs, judge_runs.c.id == judged_labels.c.run)
        .join(label_sets, label_sets.c.id == judge_runs.c.label_set)
        .join(drafts, drafts.c.id == judge_answers.c.draft)
        .where(
            label_sets.c.folded == label_set,
            in_project(connection, label_sets.c.project),
            judge_answers.c.repeat == repeat,
            told_anywhere(connection, drafts.c.id),
        )
    ).all()


def sets_with_chances(connection: sa.Connection) -> list[str]:
    """The names of the project's label sets of whose labels a model told how likely it had each level."""
    told = sa.exists().where(
        judge_chances.c.answer == judged_labels.c.answer,
        judged_labels.c.run == judge_runs.c.id,
        judge_runs.c.label_set == label_sets.c.id,
    )
    return list(
        connection.scalars(
            sa.select(label_sets.c.name).where(told, in_project(connection, label_sets.c.project)).order_by(label_sets.c.id)
        )
    )
