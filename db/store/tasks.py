"""Tasks, drafts and the imports they came with."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from db.schema import drafts, imports, round_drafts, rounds, tasks
from db.store import chunks
from db.store.revisions import marked_tasks


def known_tasks(connection: sa.Connection, task_ids: Sequence[str]) -> dict[str, sa.Row]:
    """The stored tasks among `task_ids`: id, digest and is_sample, by task_id."""
    columns = (tasks.c.task_id, tasks.c.id, tasks.c.digest, tasks.c.is_sample)
    return {
        row.task_id: row
        for part in chunks(task_ids)
        for row in connection.execute(sa.select(*columns).where(tasks.c.task_id.in_(part)))
    }


def known_drafts(connection: sa.Connection, draft_ids: Sequence[str]) -> dict[str, sa.Row]:
    """The stored drafts among `draft_ids`: id and digest, by draft_id."""
    columns = (drafts.c.draft_id, drafts.c.id, drafts.c.digest)
    return {
        row.draft_id: row
        for part in chunks(draft_ids)
        for row in connection.execute(sa.select(*columns).where(drafts.c.draft_id.in_(part)))
    }


def add_import(
    connection: sa.Connection, *, person: int, file_name: str, digest: str, tasks_added: int, drafts_added: int, at: datetime
) -> int:
    return connection.execute(
        sa.insert(imports)
        .values(
            person=person, file_name=file_name, digest=digest, tasks_added=tasks_added, drafts_added=drafts_added, imported_at=at
        )
        .returning(imports.c.id)
    ).scalar_one()


def add_tasks(connection: sa.Connection, rows: Sequence[Mapping]) -> None:
    for part in chunks(rows):
        connection.execute(sa.insert(tasks), list(part))


def add_drafts(connection: sa.Connection, rows: Sequence[Mapping]) -> None:
    for part in chunks(rows):
        connection.execute(sa.insert(drafts), list(part))


def imports_so_far(connection: sa.Connection) -> Sequence[sa.Row]:
    return connection.execute(sa.select(imports).order_by(imports.c.id.desc())).all()


def totals(connection: sa.Connection, *, is_sample: bool) -> tuple[int, int]:
    """How many tasks and drafts there are, of the sample or of the team's own."""
    count = sa.func.count
    return (
        connection.execute(sa.select(count()).select_from(tasks).where(tasks.c.is_sample == is_sample)).scalar_one(),
        connection.execute(sa.select(count()).select_from(drafts.join(tasks)).where(tasks.c.is_sample == is_sample)).scalar_one(),
    )


def in_no_round(connection: sa.Connection, *, is_sample: bool) -> int:
    """How many drafts no round was ever opened on, of the sample or of the team's own."""
    return connection.execute(
        sa.select(sa.func.count())
        .select_from(drafts.join(tasks))
        .where(tasks.c.is_sample == is_sample, ~sa.exists().where(round_drafts.c.draft == drafts.c.id))
    ).scalar_one()


def drafts_to_draw_from(
    connection: sa.Connection,
    *,
    is_sample: bool,
    partition: str | None = None,
    authors: Sequence[str] = (),
    draft_ids: Sequence[str] = (),
    not_in_rounds: Sequence[int] = (),
    undiscussed: bool = False,
) -> Sequence[sa.Row]:
    """What a round may be made of: id, draft_id and the strata of each draft, by draft_id. `undiscussed`: only drafts of tasks
    that no meeting discussed."""
    query = (
        sa.select(
            drafts.c.id,
            drafts.c.draft_id,
            drafts.c.author,
            tasks.c.dimension,
            tasks.c.source_mode,
            tasks.c.difficulty,
            tasks.c.partition,
        )
        .join(tasks)
        .where(tasks.c.is_sample == is_sample)
        .order_by(drafts.c.draft_id)
    )
    if partition is not None:
        query = query.where(tasks.c.partition == partition)
    if authors:
        query = query.where(drafts.c.author.in_(authors))
    if draft_ids:
        query = query.where(drafts.c.draft_id.in_(draft_ids))
    if not_in_rounds:
        query = query.where(drafts.c.id.not_in(sa.select(round_drafts.c.draft).where(round_drafts.c.round.in_(not_in_rounds))))
    if undiscussed:
        query = query.where(tasks.c.id.not_in(marked_tasks()))
    return connection.execute(query).all()


def drafts_of_round(connection: sa.Connection, round_: int) -> Sequence[sa.Row]:
    """The drafts that count in a round, with what is known of their tasks: draft_id, task_id, author, partition, cluster, target
    (the dimension the task was written to test), source_mode, difficulty, text, input. For exports alone: none of it but text and
    input is shown to who labels."""
    return connection.execute(
        sa.select(
            drafts.c.draft_id,
            tasks.c.task_id,
            drafts.c.author,
            tasks.c.partition,
            tasks.c.cluster,
            tasks.c.dimension.label("target"),
            tasks.c.source_mode,
            tasks.c.difficulty,
            drafts.c.text,
            tasks.c.input,
        )
        .select_from(round_drafts.join(drafts, drafts.c.id == round_drafts.c.draft).join(tasks, tasks.c.id == drafts.c.task))
        .where(round_drafts.c.round == round_, ~round_drafts.c.is_practice)
        .order_by(drafts.c.draft_id)
    ).all()


def draft(connection: sa.Connection, draft_id: str) -> sa.Row:
    """One stored draft with its task's input: what a person who adjudicates reads. Never asked for by the label page."""
    return connection.execute(
        sa.select(drafts.c.id, drafts.c.draft_id, drafts.c.text, tasks.c.task_id, tasks.c.input)
        .join(tasks)
        .where(drafts.c.draft_id == draft_id)
    ).one()


def drafts_to_score(connection: sa.Connection, *, is_sample: bool) -> Sequence[sa.Row]:
    """Every draft of the sample or of the team's own with its task: id, draft_id, text, task_id, input, extra, by draft_id."""
    return connection.execute(
        sa.select(drafts.c.id, drafts.c.draft_id, drafts.c.text, tasks.c.task_id, tasks.c.input, tasks.c.extra)
        .join(tasks)
        .where(tasks.c.is_sample == is_sample)
        .order_by(drafts.c.draft_id)
    ).all()


def draft_to_score(connection: sa.Connection, draft_id: str) -> sa.Row | None:
    """One draft as `drafts_to_score` gives it, and whether it is the sample's."""
    return connection.execute(
        sa.select(drafts.c.id, drafts.c.draft_id, drafts.c.text, tasks.c.task_id, tasks.c.input, tasks.c.extra, tasks.c.is_sample)
        .join(tasks)
        .where(drafts.c.draft_id == draft_id)
    ).one_or_none()


def drafts_of_round_to_score(connection: sa.Connection, round_: int) -> Sequence[sa.Row]:
    """The drafts that count in a round, as `drafts_to_score` gives them."""
    return connection.execute(
        sa.select(drafts.c.id, drafts.c.draft_id, drafts.c.text, tasks.c.task_id, tasks.c.input, tasks.c.extra)
        .join(tasks, tasks.c.id == drafts.c.task)
        .join(round_drafts, round_drafts.c.draft == drafts.c.id)
        .where(round_drafts.c.round == round_, ~round_drafts.c.is_practice)
        .order_by(drafts.c.draft_id)
    ).all()


def drafts_of_closed_rounds(connection: sa.Connection, most: int) -> list[str]:
    """The draft_ids, at most so many, of drafts that count in a closed round and that no open round holds, by draft_id."""
    held = sa.select(round_drafts.c.draft).join(rounds, rounds.c.id == round_drafts.c.round).where(rounds.c.closed_at.is_(None))
    done = (
        sa.select(round_drafts.c.draft)
        .join(rounds, rounds.c.id == round_drafts.c.round)
        .where(rounds.c.closed_at.is_not(None), ~round_drafts.c.is_practice)
    )
    return list(
        connection.scalars(
            sa.select(drafts.c.draft_id)
            .where(drafts.c.id.in_(done), drafts.c.id.not_in(held))
            .order_by(drafts.c.draft_id)
            .limit(most)
        )
    )


def drafts_in_open_rounds(connection: sa.Connection) -> set[int]:
    """The ids of drafts that an open round holds."""
    return set(
        connection.scalars(
            sa.select(round_drafts.c.draft).join(rounds, rounds.c.id == round_drafts.c.round).where(rounds.c.closed_at.is_(None))
        )
    )


def state_of_drafts(connection: sa.Connection) -> tuple:
    """What changes when drafts come in, or when a round that holds some is opened or closed. No draft ever changes."""
    last = connection.execute(sa.select(sa.func.count(), sa.func.max(drafts.c.id)).select_from(drafts)).one()
    closed = connection.scalars(sa.select(rounds.c.id).where(rounds.c.closed_at.is_not(None)).order_by(rounds.c.id))
    return (*last, *sorted(drafts_in_open_rounds(connection)), "closed", *closed)


def names_in_open_rounds(connection: sa.Connection) -> set[str]:
    """The draft_ids of drafts that an open round holds."""
    return set(
        connection.scalars(
            sa.select(drafts.c.draft_id).where(
                drafts.c.id.in_(
                    sa.select(round_drafts.c.draft)
                    .join(rounds, rounds.c.id == round_drafts.c.round)
                    .where(rounds.c.closed_at.is_(None))
                )
            )
        )
    )


def tasks_to_read(connection: sa.Connection) -> Iterator[sa.Row]:
    """input and extra of every task, one after the other."""
    return iter(connection.execute(sa.select(tasks.c.input, tasks.c.extra)))


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
