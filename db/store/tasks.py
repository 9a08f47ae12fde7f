"""Tasks, drafts and the imports they came with."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from db.schema import drafts, imports, projects, round_drafts, rounds, tasks
from db.store import CHUNK, STREAMED, among, chunks
from db.store.bench.sealing import is_sealed, shown_input, shown_text
from db.store.projects import drafts_in_project, in_project, project_in_hand, tasks_in_project
from db.store.revisions import tasks_not_fresh

SORTED = 20_000  # drafts at most that are sorted to show some of them


def known_tasks(connection: sa.Connection, task_ids: Sequence[str]) -> dict[str, sa.Row]:
    """The project's tasks among `task_ids`: id, digest, partition and made_by (their import), by task_id."""
    columns = (tasks.c.task_id, tasks.c.id, tasks.c.digest, tasks.c.partition, tasks.c["import"].label("made_by"))
    return {
        row.task_id: row
        for part in chunks(task_ids)
        for row in connection.execute(sa.select(*columns).where(tasks.c.task_id.in_(part), tasks_in_project(connection)))
    }


def known_drafts(connection: sa.Connection, draft_ids: Sequence[str]) -> dict[str, sa.Row]:
    """The project's drafts among `draft_ids`: id, digest, author and made_by (their import), by draft_id."""
    columns = (drafts.c.draft_id, drafts.c.id, drafts.c.digest, drafts.c.author, drafts.c["import"].label("made_by"))
    return {
        row.draft_id: row
        for part in chunks(draft_ids)
        for row in connection.execute(sa.select(*columns).where(drafts.c.draft_id.in_(part), drafts_in_project(connection)))
    }


def inputs_of_tasks(connection: sa.Connection, task_ids: Sequence[str]) -> dict[str, Mapping]:
    """What is shown of the project's tasks among `task_ids`, by task_id."""
    return {
        row.task_id: row.input
        for part in chunks(task_ids)
        for row in connection.execute(
            sa.select(tasks.c.task_id, tasks.c.input).where(tasks.c.task_id.in_(part), tasks_in_project(connection))
        )
    }


def texts_of_drafts(connection: sa.Connection, draft_ids: Sequence[str]) -> dict[str, str]:
    """The texts of the project's drafts among `draft_ids`, by draft_id."""
    return {
        row.draft_id: row.text
        for part in chunks(draft_ids)
        for row in connection.execute(
            sa.select(drafts.c.draft_id, drafts.c.text).where(drafts.c.draft_id.in_(part), drafts_in_project(connection))
        )
    }


def add_import(
    connection: sa.Connection,
    *,
    project: int,
    person: int,
    file_name: str,
    digest: str,
    tasks_added: int,
    drafts_added: int,
    at: datetime,
    mapping: Mapping | None = None,
) -> int:
    """`mapping`: which column of a table was what."""
    return connection.execute(
        sa.insert(imports)
        .values(
            project=project,
            person=person,
            file_name=file_name,
            digest=digest,
            tasks_added=tasks_added,
            drafts_added=drafts_added,
            imported_at=at,
            mapping=mapping,
        )
        .returning(imports.c.id)
    ).scalar_one()


def finish_import(connection: sa.Connection, made: int, *, digest: str, tasks_added: int, drafts_added: int) -> None:
    """What an import that was stored by parts was in all."""
    of_all = {"digest": digest, "tasks_added": tasks_added, "drafts_added": drafts_added}
    connection.execute(sa.update(imports).where(imports.c.id == made).values(of_all))


def add_tasks(connection: sa.Connection, rows: Sequence[Mapping]) -> None:
    for part in chunks(rows):
        connection.execute(sa.insert(tasks), list(part))


def add_drafts(connection: sa.Connection, rows: Sequence[Mapping]) -> None:
    for part in chunks(rows):
        connection.execute(sa.insert(drafts), list(part))


def totals(connection: sa.Connection) -> tuple[int, int]:
    """How many tasks and drafts the project has."""
    count = sa.func.count
    return (
        connection.execute(sa.select(count()).select_from(tasks).where(tasks_in_project(connection))).scalar_one(),
        connection.execute(sa.select(count()).select_from(drafts).where(drafts_in_project(connection))).scalar_one(),
    )


def in_no_round(connection: sa.Connection) -> int:
    """How many drafts of the project no round was ever opened on.

    Drafts of a project that holds most of the store's are not looked up one by one: all that are in a round are counted in an
    index, and those of other projects, which are fewer, are taken off."""

    def many(*which: sa.ColumnElement[bool]) -> int:
        return connection.execute(sa.select(sa.func.count()).select_from(drafts).where(*which)).scalar_one()

    mine, in_a_round = in_project(connection, drafts.c.project), sa.exists().where(round_drafts.c.draft == drafts.c.id)
    own, others = many(mine), many(~mine)
    if own <= others:
        return many(mine, ~in_a_round)
    everywhere = connection.execute(sa.select(sa.func.count(round_drafts.c.draft.distinct()))).scalar_one()
    return own - everywhere + (many(~mine, in_a_round) if others else 0)


def drafts_to_draw_from(
    connection: sa.Connection,
    *,
    partition: str | None = None,
    authors: Sequence[str] = (),
    draft_ids: Sequence[str] = (),
    not_in_rounds: Sequence[int] = (),
    undiscussed: bool = False,
    with_fields: bool = False,
) -> Sequence[sa.Row]:
    """What a round may be made of: id, draft_id and the strata of each draft, by draft_id. `undiscussed`: only drafts of tasks
    that no meeting discussed; `with_fields`: with the further fields of its task and its own, of_task and of_draft."""
    query = (
        sa.select(
            drafts.c.id,
            drafts.c.draft_id,
            drafts.c.author,
            tasks.c.dimension,
            tasks.c.source_mode,
            tasks.c.difficulty,
            tasks.c.partition,
            *((tasks.c.extra.label("of_task"), drafts.c.extra.label("of_draft")) if with_fields else ()),
        )
        .join(tasks, tasks.c.id == drafts.c.task)
        .where(drafts_in_project(connection))
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
        query = query.where(tasks.c.id.not_in(tasks_not_fresh(connection)))
    return connection.execute(query).all()


def drafts_of_round(connection: sa.Connection, round_: int, ids: Sequence[int]) -> Sequence[sa.Row]:
    """Those of the drafts (ids) that count in a round, with what is known of their tasks: draft_id, task_id, author, partition,
    cluster, target (the dimension the task was written to test), source_mode, difficulty, text, input. For exports alone: none of
    it but text and input is shown to who labels."""
    return connection.execute(counting_drafts(round_).where(among(connection, drafts.c.id, ids))).all()


def counting_drafts(round_: int, *more: sa.ColumnElement) -> sa.Select:
    """The query behind `drafts_of_round`, with more columns of drafts or tasks."""
    return (
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
            *more,
        )
        .select_from(round_drafts.join(drafts, drafts.c.id == round_drafts.c.draft).join(tasks, tasks.c.id == drafts.c.task))
        .where(round_drafts.c.round == round_, ~round_drafts.c.is_practice)
        .order_by(drafts.c.draft_id)
    )


def draft(connection: sa.Connection, draft_id: str) -> sa.Row:
    """One stored draft with its task's input: what a person who adjudicates reads. Never asked for by the label page."""
    return connection.execute(
        sa.select(drafts.c.id, drafts.c.draft_id, shown_text, tasks.c.task_id, shown_input)
        .join(tasks, tasks.c.id == drafts.c.task)
        .where(drafts.c.draft_id == draft_id, drafts_in_project(connection))
    ).one()


def drafts_to_score(connection: sa.Connection, ids: Sequence[int] | None = None) -> Iterator[sa.Row]:
    """Every draft of the project (of those `ids`) that is not sealed with its task: id, draft_id, text, task_id, input, extra, by
    draft_id, some at a time."""
    some = sa.true() if ids is None else among(connection, drafts.c.id, ids)
    rows = connection.execute(
        sa.select(drafts.c.id, drafts.c.draft_id, drafts.c.text, tasks.c.task_id, tasks.c.input, tasks.c.extra)
        .join(tasks, tasks.c.id == drafts.c.task)
        .where(drafts_in_project(connection), ~is_sealed(tasks.c.id), some)
        .order_by(drafts.c.draft_id)
        .execution_options(yield_per=CHUNK)
    )
    return iter(rows)


def drafts_named(connection: sa.Connection, draft_id: str) -> Sequence[sa.Row]:
    """The drafts of that id as `drafts_to_score` gives them, one in a project, each with its project's id, name
    (project_name) and whether it is the sample (is_sample)."""
    return connection.execute(
        sa.select(
            drafts.c.id,
            drafts.c.draft_id,
            drafts.c.text,
            tasks.c.task_id,
            tasks.c.input,
            tasks.c.extra,
            drafts.c.project,
            projects.c.name.label("project_name"),
            projects.c.is_sample,
        )
        .join(tasks, tasks.c.id == drafts.c.task)
        .join(projects, projects.c.id == drafts.c.project)
        .where(drafts.c.draft_id == draft_id, drafts_in_project(connection), ~is_sealed(tasks.c.id))
        .order_by(drafts.c.id)
    ).all()


def drafts_of_round_to_score(
    connection: sa.Connection, round_: int, draft_ids: Sequence[str] | None = None, *, ids: Sequence[int] | None = None
) -> Sequence[sa.Row]:
    """The drafts that count in a round (those of these names, or ids), as `drafts_to_score` gives them."""
    named = sa.select(drafts.c.id).where(drafts.c.draft_id.in_(draft_ids or ()))
    some: list[sa.ColumnElement[bool]] = [] if draft_ids is None else [round_drafts.c.draft.in_(named)]
    some += [] if ids is None else [among(connection, round_drafts.c.draft, ids)]
    return connection.execute(
        sa.select(drafts.c.id, drafts.c.draft_id, drafts.c.text, tasks.c.task_id, tasks.c.input, tasks.c.extra)
        .join(tasks, tasks.c.id == drafts.c.task)
        .join(round_drafts, round_drafts.c.draft == drafts.c.id)
        .where(round_drafts.c.round == round_, ~round_drafts.c.is_practice, *some, ~is_sealed(tasks.c.id))
        .order_by(drafts.c.draft_id)
    ).all()


def drafts_of_units(connection: sa.Connection, units: Sequence[str]) -> dict[str, sa.Row]:
    """By unit, as `drafts_to_score` gives it with its author and its task's partition and cluster: the draft of that id, or
    the only one of the task of that id; none of a sealed task."""
    columns = (drafts.c.id, drafts.c.draft_id, drafts.c.text, tasks.c.task_id, tasks.c.partition, tasks.c.input, tasks.c.extra)
    query = sa.select(*columns, drafts.c.author, tasks.c.cluster).join(tasks, tasks.c.id == drafts.c.task)
    query = query.where(drafts_in_project(connection), ~is_sealed(tasks.c.id)).order_by(drafts.c.draft_id)
    found: dict[str, sa.Row] = {}
    for part in chunks(units):
        of_task: dict[str, list[sa.Row]] = {}
        for row in connection.execute(query.where(tasks.c.task_id.in_(part))):
            of_task.setdefault(row.task_id, []).append(row)
        found |= {task: rows[0] for task, rows in of_task.items() if len(rows) == 1}
        found |= {row.draft_id: row for row in connection.execute(query.where(drafts.c.draft_id.in_(part)))}
    return found


def drafts_of_closed_rounds(
    connection: sa.Connection, most: int, round_: int | None = None, ids: Sequence[int] | None = None
) -> list[str]:
    """The draft_ids, at most so many, of drafts (of those `ids`) that count in a closed round (that one, or any) and that no open
    round holds, by draft_id."""
    closed = sa.select(rounds.c.id).where(rounds.c.closed_at.is_not(None), in_project(connection, rounds.c.project))
    closed = closed if round_ is None else closed.where(rounds.c.id == round_)
    which = (round_drafts.c.round.in_(closed), ~round_drafts.c.is_practice)
    done = sa.select(round_drafts.c.draft).where(*which)
    named = sa.select(drafts.c.draft_id).where(drafts.c.id.not_in(held_by_open_rounds())).order_by(drafts.c.draft_id).limit(most)
    if ids is not None:
        named = named.where(among(connection, drafts.c.id, ids))
        return list(connection.scalars(named.where(sa.exists().where(round_drafts.c.draft == drafts.c.id, *which))))
    # Of few drafts each by its number, and sorted; of many by the index of names, as a page of them needs no more.
    if connection.execute(sa.select(sa.func.count()).select_from(done.limit(SORTED + 1).subquery())).scalar_one() <= SORTED:
        return list(connection.scalars(named.where(drafts.c.id.in_(done))))
    return list(connection.scalars(named.where(sa.exists().where(round_drafts.c.draft == drafts.c.id, *which))))


def held_by_open_rounds() -> sa.Select[tuple[int]]:
    """The drafts (ids) of the open rounds, which are few where those of closed ones are many."""
    still_open = sa.select(rounds.c.id).where(rounds.c.closed_at.is_(None))
    return sa.select(round_drafts.c.draft).where(round_drafts.c.round.in_(still_open))


def drafts_in_open_rounds(connection: sa.Connection) -> set[int]:
    """The ids of drafts that an open round holds."""
    return set(connection.scalars(held_by_open_rounds()))


def state_of_drafts(connection: sa.Connection) -> tuple:
    """What changes when drafts come in or their import is undone, or when a round that holds some is opened or closed. No draft
    ever changes."""
    # An import that was undone gives its drafts' ids back, and no import its own. One value a query: each is read off an index.
    mine, brought = drafts_in_project(connection), (in_project(connection, imports.c.project), imports.c.drafts_added > 0)
    last = [
        connection.scalar(sa.select(value).where(*which))
        for value, which in (
            (sa.func.count(drafts.c.id), (mine,)),
            (sa.func.max(drafts.c.id), (mine,)),
            (sa.func.max(imports.c.id), brought),
        )
    ]
    closed = connection.scalars(sa.select(rounds.c.id).where(rounds.c.closed_at.is_not(None)).order_by(rounds.c.id))
    return (project_in_hand(connection), *last, *sorted(drafts_in_open_rounds(connection)), "closed", *closed)


def names_in_open_rounds(connection: sa.Connection) -> set[str]:
    """The draft_ids of drafts that an open round holds."""
    return set(
        connection.scalars(
            sa.select(drafts.c.draft_id).where(
                drafts.c.id.in_(
                    sa.select(round_drafts.c.draft)
                    .join(rounds, rounds.c.id == round_drafts.c.round)
                    .where(rounds.c.closed_at.is_(None))
                ),
                drafts_in_project(connection),
            )
        )
    )


def tasks_to_read(connection: sa.Connection) -> Iterator[sa.Row]:
    """input and extra of every task of the project, one after the other."""
    return iter(connection.execute(sa.select(tasks.c.input, tasks.c.extra).where(tasks_in_project(connection))))


def clusters_of_units(connection: sa.Connection, units: Sequence[str]) -> dict[str, str]:
    """The cluster of each unit that is the id of a draft or task of the project."""
    found: dict[str, str] = {}
    of_drafts, of_tasks = drafts_in_project(connection), tasks_in_project(connection)
    for part in chunks(units):
        by_task = sa.select(tasks.c.task_id, tasks.c.cluster).where(tasks.c.task_id.in_(part), of_tasks)
        by_draft = (
            sa.select(drafts.c.draft_id, tasks.c.cluster)
            .join(tasks, tasks.c.id == drafts.c.task)
            .where(drafts.c.draft_id.in_(part), of_drafts)
        )
        found |= {row[0]: row[1] for row in connection.execute(by_task)}
        found |= {row[0]: row[1] for row in connection.execute(by_draft)}
    return found


def units_that_are_stored(connection: sa.Connection, units: Sequence[str]) -> tuple[set[str], dict[str, list[str]]]:
    """Which of these are ids of the project's drafts; and which are ids of its tasks, each with its drafts' ids."""
    found: set[str] = set()
    of_tasks: dict[str, list[str]] = {}
    for part in chunks(units):
        found |= set(
            connection.scalars(sa.select(drafts.c.draft_id).where(drafts.c.draft_id.in_(part), drafts_in_project(connection)))
        )
        for task, draft in connection.execute(
            sa.select(tasks.c.task_id, drafts.c.draft_id)
            .select_from(tasks.outerjoin(drafts, (drafts.c.task == tasks.c.id) & drafts_in_project(connection)))
            .where(tasks.c.task_id.in_(part), tasks_in_project(connection))
            .order_by(drafts.c.draft_id)
        ):
            of_tasks.setdefault(task, []).extend([draft] if draft is not None else [])
    return found, of_tasks


def every_id(connection: sa.Connection) -> Iterator[str]:
    """The ids of the project's drafts and of its tasks, one after the other."""
    of_drafts = sa.select(drafts.c.draft_id).where(drafts_in_project(connection))
    yield from connection.scalars(of_drafts, execution_options=STREAMED)
    yield from connection.scalars(sa.select(tasks.c.task_id).where(tasks_in_project(connection)), execution_options=STREAMED)


def tasks_of_drafts(connection: sa.Connection, draft_ids: Sequence[str]) -> dict[str, str]:
    """The task of each of these that is a draft of the project."""
    found: dict[str, str] = {}
    for part in chunks(draft_ids):
        found |= {
            row[0]: row[1]
            for row in connection.execute(
                sa.select(drafts.c.draft_id, tasks.c.task_id)
                .join(tasks, tasks.c.id == drafts.c.task)
                .where(drafts.c.draft_id.in_(part), drafts_in_project(connection))
            )
        }
    return found


def draft_of_unit(connection: sa.Connection, unit: str) -> sa.Row | None:
    """text and input of the draft of that id; for a task's id, its input, with its draft's text where it has just one."""
    columns = (drafts.c.text, tasks.c.input)
    of_drafts, mine = drafts_in_project(connection), (tasks.c.task_id == unit) & tasks_in_project(connection)
    by_draft = sa.select(*columns).join(tasks, tasks.c.id == drafts.c.task).where(drafts.c.draft_id == unit, of_drafts)
    if row := connection.execute(by_draft).one_or_none():
        return row
    of_task = connection.execute(
        sa.select(*columns).select_from(tasks.outerjoin(drafts, (drafts.c.task == tasks.c.id) & of_drafts)).where(mine).limit(2)
    ).all()
    if len(of_task) > 1:
        return connection.execute(sa.select(sa.null().label("text"), tasks.c.input).where(mine)).one()
    return of_task[0] if of_task else None
