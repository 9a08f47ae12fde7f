"""Counts made when a round closes or a label set comes in; adjudications; label sets."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from db.schema import (
    adjudicated_labels,
    adjudications,
    counts,
    drafts,
    label_sets,
    pattern_counts,
    people,
    round_drafts,
    rounds,
    rubric_versions,
    set_labels,
    tasks,
)
from db.store import chunks
from db.store.labels import AT_ONCE


def add_counts(
    connection: sa.Connection,
    *,
    round_: int | None = None,
    label_set: int | None = None,
    dimension: str,
    clusters: int,
    skipped: int,
    missing: int,
    patterns: Mapping[str, int],
    at: datetime,
) -> None:
    made = connection.execute(
        sa.insert(counts)
        .values(
            round=round_,
            label_set=label_set,
            dimension=dimension,
            clusters=clusters,
            skipped=skipped,
            missing=missing,
            counted_at=at,
        )
        .returning(counts.c.id)
    ).scalar_one()
    for part in chunks([{"counted": made, "pattern": pattern, "units": units} for pattern, units in patterns.items()]):
        connection.execute(sa.insert(pattern_counts), list(part))


def counts_of(
    connection: sa.Connection, *, round_: int | None = None, label_set: int | None = None
) -> dict[str, tuple[sa.Row, dict[str, int]]]:
    """By dimension: its counts row (clusters, skipped, missing) and its histogram of label patterns."""
    mine = counts.c.round == round_ if round_ is not None else counts.c.label_set == label_set
    found = {row.dimension: (row, {}) for row in connection.execute(sa.select(counts).where(mine))}
    for row in connection.execute(
        sa.select(counts.c.dimension, pattern_counts.c.pattern, pattern_counts.c.units)
        .join(pattern_counts, pattern_counts.c.counted == counts.c.id)
        .where(mine)
    ):
        found[row.dimension][1][row.pattern] = row.units
    return found


def adjudications_of(connection: sa.Connection, round_: int, draft_id: str | None = None) -> Sequence[sa.Row]:
    """The decisions in force in a round (on one draft), with draft_id and the adjudicator's name."""
    later = adjudications.alias("later")
    one = sa.true() if draft_id is None else drafts.c.draft_id == draft_id
    return connection.execute(
        sa.select(adjudications, drafts.c.draft_id, people.c.name.label("adjudicator"))
        .join(drafts, drafts.c.id == adjudications.c.draft)
        .join(people, people.c.id == adjudications.c.person)
        .where(adjudications.c.round == round_, one, ~sa.exists().where(later.c.supersedes == adjudications.c.id))
        .order_by(adjudications.c.id)
    ).all()


def settled_before(connection: sa.Connection, round_: int) -> set[str]:
    """draft_ids of the drafts that count in the round and had a decision in another round before this one was opened."""
    return set(
        connection.scalars(
            sa.select(drafts.c.draft_id)
            .distinct()
            .select_from(
                round_drafts.join(rounds, rounds.c.id == round_drafts.c.round)
                .join(drafts, drafts.c.id == round_drafts.c.draft)
                .join(adjudications, adjudications.c.draft == round_drafts.c.draft)
            )
            .where(
                round_drafts.c.round == round_,
                ~round_drafts.c.is_practice,
                adjudications.c.round != round_,
                adjudications.c.decided_at < rounds.c.opened_at,
            )
        )
    )


def last_adjudication(connection: sa.Connection, round_: int) -> int | None:
    """The id of the latest decision in a round: another one means that what is settled has changed."""
    return connection.scalar(sa.select(sa.func.max(adjudications.c.id)).where(adjudications.c.round == round_))


def last_decided_at(connection: sa.Connection, round_: int) -> datetime | None:
    """When the latest decision in a round was made."""
    return connection.scalar(sa.select(sa.func.max(adjudications.c.decided_at)).where(adjudications.c.round == round_))


def add_adjudication(connection: sa.Connection, values: Mapping, label_ids: Sequence[int]) -> int:
    made = connection.execute(sa.insert(adjudications).values(**values).returning(adjudications.c.id)).scalar_one()
    if label_ids:
        connection.execute(sa.insert(adjudicated_labels), [{"adjudication": made, "label": label} for label in label_ids])
    return made


def add_label_set(connection: sa.Connection, values: Mapping, rows: Sequence[Mapping]) -> int:
    made = connection.execute(sa.insert(label_sets).values(**values).returning(label_sets.c.id)).scalar_one()
    for part in chunks(rows):
        connection.execute(sa.insert(set_labels), [{**row, "label_set": made} for row in part])
    return made


def label_set(connection: sa.Connection, folded: str) -> sa.Row | None:
    return connection.execute(
        sa.select(label_sets, rubric_versions.c.name.label("rubric"), rubric_versions.c.digest.label("rubric_digest"))
        .join(rubric_versions, rubric_versions.c.id == label_sets.c.rubric_version)
        .where(label_sets.c.folded == folded)
    ).one_or_none()


def all_label_sets(connection: sa.Connection) -> Sequence[sa.Row]:
    return connection.execute(
        sa.select(label_sets, rubric_versions.c.name.label("rubric"))
        .join(rubric_versions, rubric_versions.c.id == label_sets.c.rubric_version)
        .order_by(label_sets.c.id.desc())
    ).all()


def labels_of_set(connection: sa.Connection, label_set: int) -> Sequence[sa.Row]:
    """unit, annotator, dimension and value of every label of the set."""
    return connection.execute(
        sa.select(set_labels.c.unit, set_labels.c.annotator, set_labels.c.dimension, set_labels.c.value)
        .where(set_labels.c.label_set == label_set)
        .order_by(set_labels.c.id)
    ).all()


def stream_of_set(connection: sa.Connection, label_set: int) -> Iterator[Sequence[tuple[str, str, str, str]]]:
    """unit, annotator, dimension and value of every label of the set, in no order, some thousands at a time."""
    return (
        connection.execution_options(yield_per=AT_ONCE)
        .execute(
            sa.select(set_labels.c.unit, set_labels.c.annotator, set_labels.c.dimension, set_labels.c.value).where(
                set_labels.c.label_set == label_set
            )
        )
        .partitions()
    )


def clusters_of_units(connection: sa.Connection, units: Sequence[str]) -> dict[str, str]:
    """The cluster of each unit that is the id of a stored draft or task."""
    found: dict[str, str] = {}
    for part in chunks(units):
        by_task = sa.select(tasks.c.task_id, tasks.c.cluster).where(tasks.c.task_id.in_(part))
        by_draft = sa.select(drafts.c.draft_id, tasks.c.cluster).join(tasks).where(drafts.c.draft_id.in_(part))
        found |= {row[0]: row[1] for row in connection.execute(by_task)}
        found |= {row[0]: row[1] for row in connection.execute(by_draft)}
    return found


def units_that_are_stored(connection: sa.Connection, units: Sequence[str]) -> tuple[set[str], dict[str, list[str]]]:
    """Which of these are ids of stored drafts; and which are ids of stored tasks, each with its drafts' ids."""
    found: set[str] = set()
    of_tasks: dict[str, list[str]] = {}
    for part in chunks(units):
        found |= set(connection.scalars(sa.select(drafts.c.draft_id).where(drafts.c.draft_id.in_(part))))
        for task, draft in connection.execute(
            sa.select(tasks.c.task_id, drafts.c.draft_id)
            .select_from(tasks.outerjoin(drafts, drafts.c.task == tasks.c.id))
            .where(tasks.c.task_id.in_(part))
            .order_by(drafts.c.draft_id)
        ):
            of_tasks.setdefault(task, []).extend([draft] if draft is not None else [])
    return found, of_tasks


def tasks_of_drafts(connection: sa.Connection, draft_ids: Sequence[str]) -> dict[str, str]:
    """The task of each of these that is a stored draft."""
    found: dict[str, str] = {}
    for part in chunks(draft_ids):
        found |= {
            row[0]: row[1]
            for row in connection.execute(
                sa.select(drafts.c.draft_id, tasks.c.task_id)
                .join(tasks, tasks.c.id == drafts.c.task)
                .where(drafts.c.draft_id.in_(part))
            )
        }
    return found


def draft_of_unit(connection: sa.Connection, unit: str) -> sa.Row | None:
    """text and input of the draft of that id; for a task's id, its input, with its draft's text where it has just one."""
    columns = (drafts.c.text, tasks.c.input)
    if row := connection.execute(sa.select(*columns).join(tasks).where(drafts.c.draft_id == unit)).one_or_none():
        return row
    of_task = connection.execute(
        sa.select(*columns)
        .select_from(tasks.outerjoin(drafts, drafts.c.task == tasks.c.id))
        .where(tasks.c.task_id == unit)
        .limit(2)
    ).all()
    if len(of_task) > 1:
        return connection.execute(sa.select(sa.null().label("text"), tasks.c.input).where(tasks.c.task_id == unit)).one()
    return of_task[0] if of_task else None
