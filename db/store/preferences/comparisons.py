"""Comparison rounds. `of_closed` is the one query that reads everybody's choices: it refuses an open round and leaves out
pairs of which the reader labels or compares a draft in an open round (`closing.withheld`): this is where their blindness is
kept."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from db.aliases import alias_of
from db.schema import (
    compared_dimensions,
    compared_pairs,
    comparison_rounds,
    dimension_choices,
    drafts,
    pair_choices,
    people,
    projects,
    shown_pairs,
    tasks,
)
from db.store import chunks
from db.store.bench.sealing import is_sealed
from db.store.closing.withheld import told_anywhere
from db.store.projects import in_project
from touchstone.errors import NotYourTurn

PAIR, SHOWN, CHOICE, TAKEN, ASKED = compared_pairs.c, shown_pairs.c, pair_choices.c, dimension_choices.c, compared_dimensions.c
_later = alias_of(pair_choices, "later_choice")
_CURRENT = ~sa.exists().where(_later.c.supersedes == CHOICE.id)


def _rounds() -> sa.Select:
    return sa.select(comparison_rounds, projects.c.name.label("project_name")).join(
        projects, projects.c.id == comparison_rounds.c.project
    )


def every(connection: sa.Connection) -> Sequence[sa.Row]:
    """The project's comparison rounds, the newest first, each with its project_name."""
    mine = in_project(connection, comparison_rounds.c.project)
    return connection.execute(_rounds().where(mine).order_by(comparison_rounds.c.id.desc())).all()


def by_folded(connection: sa.Connection, folded: str, *, lock: bool = False) -> Sequence[sa.Row]:
    """Those of that name, one in a project. `lock`: nobody else closes them or chooses in them meanwhile."""
    query = _rounds().where(comparison_rounds.c.folded == folded, in_project(connection, comparison_rounds.c.project))
    query = query.order_by(comparison_rounds.c.id)
    return connection.execute(query.with_for_update(of=comparison_rounds) if lock else query).all()


def drafts_to_compare(connection: sa.Connection, project: int, partition: str | None) -> Sequence[sa.Row]:
    """The project's drafts (of a partition) that are not sealed: id, draft_id, digest, task (id) and task_id."""
    query = (
        sa.select(drafts.c.id, drafts.c.draft_id, drafts.c.text, drafts.c.task, tasks.c.task_id)
        .join(tasks, tasks.c.id == drafts.c.task)
        .where(tasks.c.project == project, drafts.c.project == project, ~is_sealed(tasks.c.id))
        .order_by(tasks.c.task_id, drafts.c.draft_id)
    )
    return connection.execute(query if partition is None else query.where(tasks.c.partition == partition)).all()


def add(
    connection: sa.Connection, values: Mapping[str, Any], asked: Sequence[Mapping[str, Any]], pairs: Sequence[Mapping[str, int]]
) -> dict[tuple[int, int], int]:
    """A comparison round with what it asks (dimension, title, question, rubric_version) and its pairs (task, draft_a, draft_b);
    the id of each pair by its two drafts."""
    made = connection.execute(sa.insert(comparison_rounds).values(**values).returning(comparison_rounds.c.id)).scalar_one()
    placed = [{**each, "comparison": made, "place": place} for place, each in enumerate(asked, start=1)]
    connection.execute(sa.insert(compared_dimensions), placed)
    for part in chunks(pairs):
        connection.execute(sa.insert(compared_pairs), [{**each, "comparison": made} for each in part])
    found = connection.execute(sa.select(PAIR.draft_a, PAIR.draft_b, PAIR.id).where(PAIR.comparison == made))
    return {(row.draft_a, row.draft_b): row.id for row in found}


def dimensions(connection: sa.Connection, number: int) -> Sequence[sa.Row]:
    """What a round asks of every pair, in the order of its form: id, dimension, title, question, rubric_version."""
    mine = sa.select(compared_dimensions).where(ASKED.comparison == number)
    return connection.execute(mine.order_by(ASKED.place)).all()


def add_shown(connection: sa.Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    for part in chunks(rows):
        connection.execute(sa.insert(shown_pairs), list(part))


def close(connection: sa.Connection, number: int, *, person: int, at: datetime, early_reason: str | None) -> None:
    this = comparison_rounds.c.id == number
    connection.execute(sa.update(comparison_rounds).where(this).values(closed_at=at, closed_by=person, early_reason=early_reason))


def progress(connection: sa.Connection, number: int) -> Sequence[sa.Row]:
    """Of each annotator of a round: person (id), name, shown (pairs, repeats among them), chosen."""
    chosen = sa.exists().where(CHOICE.shown == SHOWN.id)
    return connection.execute(
        sa.select(
            SHOWN.person,
            people.c.name,
            sa.func.count().label("shown"),
            sa.func.sum(sa.case((chosen, 1), else_=0)).label("chosen"),
        )
        .join(compared_pairs, PAIR.id == SHOWN.pair)
        .join(people, people.c.id == SHOWN.person)
        .where(PAIR.comparison == number)
        .group_by(SHOWN.person, people.c.name)
        .order_by(people.c.name)
    ).all()


def waiting_by_project(connection: sa.Connection, person: int) -> Mapping[int, int]:
    """How many pairs wait for the person in the open comparison rounds of each project (id)."""
    waiting = (
        sa.select(comparison_rounds.c.project, sa.func.count().label("n"))
        .join(compared_pairs, PAIR.comparison == comparison_rounds.c.id)
        .join(shown_pairs, SHOWN.pair == PAIR.id)
        .where(SHOWN.person == person, comparison_rounds.c.closed_at.is_(None), ~sa.exists().where(CHOICE.shown == SHOWN.id))
        .group_by(comparison_rounds.c.project)
    )
    return {row.project: row.n for row in connection.execute(waiting)}


def pairs_in(connection: sa.Connection, number: int) -> int:
    return connection.execute(sa.select(sa.func.count()).where(PAIR.comparison == number)).scalar_one()


def own(connection: sa.Connection, number: int, person: int, shown: int | None = None) -> sa.Row | None:
    """A pair of the person's own: the first without a choice, or the one asked for; no author, nobody else's choice. Columns: id,
    place, is_swapped, input, text_a, text_b, choice (id) and note of their own current choice."""
    a, b = alias_of(drafts, "first"), alias_of(drafts, "second")
    query = (
        sa.select(
            SHOWN.id,
            SHOWN.place,
            SHOWN.is_swapped,
            tasks.c.input,
            a.c.text.label("text_a"),
            b.c.text.label("text_b"),
            CHOICE.id.label("choice"),
            CHOICE.note,
        )
        .join(compared_pairs, PAIR.id == SHOWN.pair)
        .join(tasks, tasks.c.id == PAIR.task)
        .join(a, a.c.id == PAIR.draft_a)
        .join(b, b.c.id == PAIR.draft_b)
        .outerjoin(pair_choices, sa.and_(CHOICE.shown == SHOWN.id, _CURRENT))
        .where(PAIR.comparison == number, SHOWN.person == person)
        .order_by(SHOWN.place)
        .limit(1)
    )
    return connection.execute(query.where(CHOICE.id.is_(None) if shown is None else SHOWN.id == shown)).one_or_none()


def before(connection: sa.Connection, number: int, person: int, place: int | None) -> int | None:
    """The id of the person's pair before the one at a place that they have chosen in; of their last one where None."""
    query = (
        sa.select(SHOWN.id)
        .join(compared_pairs, PAIR.id == SHOWN.pair)
        .where(PAIR.comparison == number, SHOWN.person == person, sa.exists().where(CHOICE.shown == SHOWN.id))
        .order_by(SHOWN.place.desc())
        .limit(1)
    )
    return connection.scalar(query if place is None else query.where(SHOWN.place < place))


def taken_in(connection: sa.Connection, choice: int | None) -> dict[str, str]:
    """The side that a choice took on each dimension."""
    query = sa.select(ASKED.dimension, TAKEN.taken).join(dimension_choices, TAKEN.dimension == ASKED.id)
    return {row.dimension: row.taken for row in connection.execute(query.where(TAKEN.choice == choice))}


def add_choice(
    connection: sa.Connection, *, shown: int, taken: Mapping[int, str], note: str | None, supersedes: int | None, at: datetime
) -> None:
    """`taken`: the side by the id of the dimension."""
    values = {"shown": shown, "note": note, "supersedes": supersedes, "chosen_at": at}
    choice = connection.execute(sa.insert(pair_choices).values(**values).returning(CHOICE.id)).scalar_one()
    connection.execute(
        sa.insert(dimension_choices), [{"choice": choice, "dimension": each, "taken": side} for each, side in taken.items()]
    )


def of_closed(connection: sa.Connection, number: int) -> Sequence[sa.Row]:
    """Every current choice on each dimension of a closed round that the reader may be told: dimension, pair (id), task_id, a, b
    (draft_id), author_a, author_b, length_a, length_b, annotator, is_swapped, is_repeat, taken, note. Raises NotYourTurn for an
    open one."""
    _refuse_open(connection, number)
    a, b = alias_of(drafts, "first"), alias_of(drafts, "second")
    query = (
        sa.select(
            ASKED.dimension,
            SHOWN.pair,
            tasks.c.task_id,
            a.c.draft_id.label("a"),
            b.c.draft_id.label("b"),
            a.c.author.label("author_a"),
            b.c.author.label("author_b"),
            sa.func.length(a.c.text).label("length_a"),
            sa.func.length(b.c.text).label("length_b"),
            people.c.name.label("annotator"),
            SHOWN.is_swapped,
            SHOWN.is_repeat,
            TAKEN.taken,
            CHOICE.note,
        )
        .select_from(pair_choices)
        .join(dimension_choices, TAKEN.choice == CHOICE.id)
        .join(compared_dimensions, ASKED.id == TAKEN.dimension)
        .join(shown_pairs, SHOWN.id == CHOICE.shown)
        .join(compared_pairs, PAIR.id == SHOWN.pair)
        .join(tasks, tasks.c.id == PAIR.task)
        .join(a, a.c.id == PAIR.draft_a)
        .join(b, b.c.id == PAIR.draft_b)
        .join(people, people.c.id == SHOWN.person)
        .where(PAIR.comparison == number, _CURRENT, *_told(connection))
        .order_by(SHOWN.person, SHOWN.place, ASKED.place)
    )
    return connection.execute(query).all()


def _refuse_open(connection: sa.Connection, number: int) -> None:
    found = connection.execute(sa.select(comparison_rounds).where(comparison_rounds.c.id == number)).one()
    if found.closed_at is None:
        raise NotYourTurn(f"{found.name} is open: its choices stay hidden until it is closed, so that everyone compares blind")


def texts_of(connection: sa.Connection, number: int, pair: int) -> sa.Row | None:
    """The drafts of a pair of a closed round that the reader may be told: input, text_a, text_b; None where they may not, or it
    has no such pair. Raises NotYourTurn for an open one."""
    _refuse_open(connection, number)
    a, b = alias_of(drafts, "first"), alias_of(drafts, "second")
    query = (
        sa.select(tasks.c.input, a.c.text.label("text_a"), b.c.text.label("text_b"))
        .select_from(compared_pairs)
        .join(tasks, tasks.c.id == PAIR.task)
        .join(a, a.c.id == PAIR.draft_a)
        .join(b, b.c.id == PAIR.draft_b)
        .where(PAIR.comparison == number, PAIR.id == pair, *_told(connection))
    )
    return connection.execute(query).one_or_none()


def held_back(connection: sa.Connection, number: int) -> int:
    """How many pairs of a closed round are held back from the reader."""
    told = sa.select(sa.func.count()).where(PAIR.comparison == number, *_told(connection))
    return pairs_in(connection, number) - connection.execute(told).scalar_one()


def _told(connection: sa.Connection) -> tuple[sa.ColumnElement[bool], ...]:
    return told_anywhere(connection, PAIR.draft_a), told_anywhere(connection, PAIR.draft_b)


def choices_out_of_place(connection: sa.Connection) -> Sequence[sa.Row]:
    """Choices (id) that supersede a choice of another pair or person, or that do not take a side on each dimension of their round
    and on no other; pairs of drafts of another task, and repeats of nothing. In words: what and id."""
    earlier, a, b = alias_of(pair_choices, "earlier"), alias_of(drafts, "first"), alias_of(drafts, "second")
    once = alias_of(shown_pairs, "once")
    stray = sa.select(sa.literal("choice").label("what"), CHOICE.id).join(earlier, earlier.c.id == CHOICE.supersedes)
    parted = (
        sa.select(sa.literal("pair"), PAIR.id)
        .join(a, a.c.id == PAIR.draft_a)
        .join(b, b.c.id == PAIR.draft_b)
        .where((a.c.task != PAIR.task) | (b.c.task != PAIR.task))
    )
    taken, asked = alias_of(dimension_choices, "taken_of"), alias_of(compared_dimensions, "asked_of")
    dimensions_asked = sa.select(sa.func.count()).where(asked.c.comparison == PAIR.comparison).scalar_subquery()
    of_round = sa.select(sa.func.count()).where(
        taken.c.choice == CHOICE.id, asked.c.id == taken.c.dimension, asked.c.comparison == PAIR.comparison
    )
    of_any = sa.select(sa.func.count()).where(taken.c.choice == CHOICE.id)
    partial = (
        sa.select(sa.literal("choice"), CHOICE.id)
        .join(shown_pairs, SHOWN.id == CHOICE.shown)
        .join(compared_pairs, PAIR.id == SHOWN.pair)
        .where(
            (of_round.correlate(pair_choices, compared_pairs).scalar_subquery() != dimensions_asked)
            | (of_any.correlate(pair_choices).scalar_subquery() != dimensions_asked)
        )
    )
    first = sa.exists().where(
        once.c.pair == SHOWN.pair, once.c.person == SHOWN.person, ~once.c.is_repeat, once.c.is_swapped != SHOWN.is_swapped
    )
    lost = sa.select(sa.literal("repeat"), SHOWN.id).where(SHOWN.is_repeat, ~first)
    return connection.execute(sa.union(stray.where(earlier.c.shown != CHOICE.shown), partial, parted, lost)).all()
