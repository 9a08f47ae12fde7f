"""Sealed partitions. While one is sealed, its tasks and drafts are under other names and say nothing in their own tables; what
they say is in sealed_tasks and sealed_drafts, which are read here alone (docs/decisions/0032).

`shown_text` and `shown_input` are for who is seated: an annotator's own drafts (db/store/labelling.py) and the case before its
adjudicator (`db.store.tasks.draft`). A test holds that nothing else uses them.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from db.aliases import alias_of
from db.schema import (
    candidates,
    compared_pairs,
    comparison_rounds,
    drafts,
    label_sets,
    people,
    round_drafts,
    rounds,
    seal_openings,
    sealed_drafts,
    sealed_tasks,
    seals,
    set_labels,
    tasks,
    typed_tasks,
)
from db.store import chunks
from db.store.judging.asked_about import judges_asked_about
from db.store.projects import in_project

_TEXT = sa.select(sealed_drafts.c.text).where(sealed_drafts.c.draft == drafts.c.id).correlate(drafts).scalar_subquery()
_INPUT = sa.select(sealed_tasks.c.input).where(sealed_tasks.c.task == tasks.c.id).correlate(tasks).scalar_subquery()
shown_text = sa.func.coalesce(_TEXT, drafts.c.text).label("text")
shown_input = sa.type_coerce(sa.func.coalesce(_INPUT, tasks.c.input), sa.JSON).label("input")


def is_sealed(task: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
    """Whether a task (the column of its id) is sealed."""
    return sa.exists().where(sealed_tasks.c.task == task, sealed_tasks.c.content.is_not(None))


def sealed_draft_ids() -> sa.Select[tuple[int]]:
    """The drafts (ids) that are sealed, of whichever project."""
    return sa.select(sealed_drafts.c.draft).where(sealed_drafts.c.content.is_not(None))


def partitions(connection: sa.Connection) -> Sequence[sa.Row]:
    """The partitions of the project: partition, tasks, drafts."""
    return connection.execute(
        sa.select(
            tasks.c.partition, sa.func.count(tasks.c.id.distinct()).label("tasks"), sa.func.count(drafts.c.id).label("drafts")
        )
        .select_from(tasks.outerjoin(drafts, drafts.c.task == tasks.c.id))
        .where(in_project(connection, tasks.c.project), tasks.c.partition.is_not(None))
        .group_by(tasks.c.partition)
        .order_by(tasks.c.partition)
    ).all()


def every_seal(connection: sa.Connection) -> Sequence[sa.Row]:
    """Every seal of the project, the newest first, with keeper_name, sealed_by, opened_at, opened_by and reason."""
    keeper, by, opener = alias_of(people, "kept_by"), alias_of(people, "by"), alias_of(people, "opener")
    return connection.execute(
        sa.select(
            seals,
            keeper.c.name.label("keeper_name"),
            by.c.name.label("sealed_by"),
            seal_openings.c.opened_at,
            seal_openings.c.reason,
            opener.c.name.label("opened_by"),
        )
        .join(keeper, keeper.c.id == seals.c.keeper)
        .join(by, by.c.id == seals.c.person)
        .outerjoin(seal_openings, seal_openings.c.seal == seals.c.id)
        .outerjoin(opener, opener.c.id == seal_openings.c.person)
        .where(in_project(connection, seals.c.project))
        .order_by(seals.c.id.desc())
    ).all()


def sealed_partitions(connection: sa.Connection) -> set[str]:
    """The partitions of the project that are sealed now."""
    return {each.partition for each in every_seal(connection) if each.opened_at is None}


def _of_partition(project: int, partition: str) -> sa.Select[Any]:
    return sa.select(tasks.c.id).where(tasks.c.project == project, tasks.c.partition == partition)


def shown_in(connection: sa.Connection, project: int, partition: str) -> list[str]:
    """Rounds that hold drafts of the partition, label sets with labels of them, and judges that were asked about them, in words:
    what was shown, or sent to a model, is no secret."""
    mine = _of_partition(project, partition)
    own = sa.select(drafts.c.id).where(drafts.c.task.in_(mine))
    names = sa.union(
        sa.select(tasks.c.task_id).where(tasks.c.id.in_(mine)), sa.select(drafts.c.draft_id).where(drafts.c.id.in_(own))
    )
    pairs = sa.select(comparison_rounds.c.name).distinct().join(compared_pairs)
    held = sa.select(rounds.c.name).distinct().join(round_drafts, round_drafts.c.round == rounds.c.id)
    sets = sa.select(label_sets.c.name).distinct().join(set_labels, set_labels.c.label_set == label_sets.c.id)
    return [
        *(f"the round {name}" for name in connection.scalars(held.where(round_drafts.c.draft.in_(own)))),
        *(f"the comparison round {name}" for name in connection.scalars(pairs.where(compared_pairs.c.task.in_(mine)))),
        *(
            f"the label set {name}"
            for name in connection.scalars(sets.where(label_sets.c.project == project, set_labels.c.unit.in_(names)))
        ),
        *(f"the judge {name}" for name in judges_asked_about(connection, own)),
    ]


def tasks_to_seal(connection: sa.Connection, project: int, partition: str) -> Sequence[sa.Row]:
    """The partition's tasks by id, all columns, with method and document where they are typed."""
    return connection.execute(
        sa.select(tasks, typed_tasks.c.method, typed_tasks.c.document)
        .outerjoin(typed_tasks, typed_tasks.c.task == tasks.c.id)
        .where(tasks.c.id.in_(_of_partition(project, partition)))
        .order_by(tasks.c.id)
        .with_for_update(of=tasks)
    ).all()


def drafts_to_seal(connection: sa.Connection, project: int, partition: str) -> Sequence[sa.Row]:
    return connection.execute(
        sa.select(drafts).where(drafts.c.task.in_(_of_partition(project, partition))).order_by(drafts.c.id).with_for_update()
    ).all()


def candidates_named(connection: sa.Connection, project: int, task_ids: Sequence[str]) -> dict[str, sa.Row]:
    """What the tasks were candidates of, by task_id: id, document, draft, about."""
    return {
        row.task_id: row
        for part in chunks(task_ids)
        for row in connection.execute(
            sa.select(candidates).where(candidates.c.project == project, candidates.c.task_id.in_(part))
        )
    }


def add_seal(connection: sa.Connection, values: Mapping[str, Any]) -> int:
    return connection.execute(sa.insert(seals).values(**values).returning(seals.c.id)).scalar_one()


Values = Mapping[int, Mapping[str, Any]]  # of columns, by the id of the row they go into


def keep(connection: sa.Connection, of_tasks: Sequence[Mapping[str, Any]], of_drafts: Sequence[Mapping[str, Any]]) -> None:
    """Keep what tasks and drafts say, as rows of sealed_tasks and sealed_drafts."""
    for table, rows in ((sealed_tasks, of_tasks), (sealed_drafts, of_drafts)):
        for part in chunks(rows):
            connection.execute(sa.insert(table), list(part))


def say_instead(connection: sa.Connection, of_tasks: Values, of_drafts: Values, of_candidates: Values) -> None:
    """Put values into the rows of tasks, drafts and candidates."""
    for table, values in ((tasks, of_tasks), (drafts, of_drafts), (candidates, of_candidates)):
        for number, columns in values.items():
            connection.execute(sa.update(table).where(table.c.id == number).values(**columns))


def take_typed(connection: sa.Connection, numbers: Sequence[int]) -> None:
    for part in chunks(numbers):
        connection.execute(sa.delete(typed_tasks).where(typed_tasks.c.task.in_(part)))


def kept_of(connection: sa.Connection, seal: int) -> tuple[Sequence[sa.Row], Sequence[sa.Row]]:
    """What a seal keeps: its tasks and its drafts, by id."""
    return (
        connection.execute(sa.select(sealed_tasks).where(sealed_tasks.c.seal == seal).order_by(sealed_tasks.c.task)).all(),
        connection.execute(sa.select(sealed_drafts).where(sealed_drafts.c.seal == seal).order_by(sealed_drafts.c.draft)).all(),
    )


def put_back_typed(connection: sa.Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        connection.execute(sa.insert(typed_tasks), list(rows))


def add_opening(connection: sa.Connection, seal: int, person: int, reason: str, at: datetime) -> None:
    """The seal is open: what it kept is back where it was, and no longer kept."""
    connection.execute(sa.insert(seal_openings).values(seal=seal, person=person, reason=reason, opened_at=at))
    connection.execute(sa.update(sealed_tasks).where(sealed_tasks.c.seal == seal).values(input=None, content=None))
    connection.execute(sa.update(sealed_drafts).where(sealed_drafts.c.seal == seal).values(text=None, content=None))


def sealed_ids(connection: sa.Connection, project: int) -> dict[str, str]:
    """The partition by the id of each task and draft that is sealed in the project: what an import must not bring again."""
    query = sa.select(sealed_tasks.c.content, seals.c.partition).join(seals, seals.c.id == sealed_tasks.c.seal)
    own = sa.select(sealed_drafts.c.content, seals.c.partition).join(seals, seals.c.id == sealed_drafts.c.seal)
    rows = [
        *connection.execute(query.where(seals.c.project == project)),
        *connection.execute(own.where(seals.c.project == project)),
    ]
    return {row.content.get("draft_id") or row.content["task_id"]: row.partition for row in rows if row.content}


def number_of_sealed(connection: sa.Connection) -> int:
    """How many tasks of the project are sealed."""
    query = sa.select(sa.func.count()).where(in_project(connection, tasks.c.project), is_sealed(tasks.c.id))
    return connection.execute(query).scalar_one()


def sealed_by_partition(connection: sa.Connection, task_ids: Collection[str]) -> dict[str, int]:
    """How many of these tasks (by what they were called) are sealed in each partition of the project, by its name."""
    query = (
        sa.select(sealed_tasks.c.content["task_id"].as_string().label("task_id"), seals.c.partition)
        .join(seals, seals.c.id == sealed_tasks.c.seal)
        .where(in_project(connection, seals.c.project), sealed_tasks.c.content.is_not(None))
        .order_by(seals.c.partition)
    )
    wanted = frozenset(task_ids)
    return dict(Counter(row.partition for row in connection.execute(query) if row.task_id in wanted))


def of_import(connection: sa.Connection, number: int) -> Sequence[str]:
    """The partitions with a seal, open or not, that hold tasks or drafts of an import."""
    return list(
        connection.scalars(
            sa.select(seals.c.partition)
            .distinct()
            .join(sealed_tasks, sealed_tasks.c.seal == seals.c.id)
            .join(tasks, tasks.c.id == sealed_tasks.c.task)
            .outerjoin(drafts, drafts.c.task == tasks.c.id)
            .where((tasks.c["import"] == number) | (drafts.c["import"] == number))
        )
    )
