"""The choices of closed comparison rounds as a release has them: those on tasks of which a draft is in it."""

from collections.abc import Iterator, Sequence

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
    round_drafts,
    shown_pairs,
    tasks,
)
from db.store import AT_ONCE
from db.store.bench.sealing import is_sealed
from db.store.closing.withheld import told_anywhere
from db.store.preferences.comparisons import IS_CURRENT
from db.store.projects import in_project

PAIR, SHOWN, CHOICE, ROUND = compared_pairs.c, shown_pairs.c, pair_choices.c, comparison_rounds.c
TAKEN, ASKED = dimension_choices.c, compared_dimensions.c


def _on_tasks_of(rounds: Sequence[int]) -> sa.ColumnElement[bool]:
    """Whether a pair is of a task that is not sealed and of which a draft counts in one of the rounds."""
    of_rounds = (
        sa.select(drafts.c.task)
        .join(round_drafts, round_drafts.c.draft == drafts.c.id)
        .where(round_drafts.c.round.in_(rounds), ~round_drafts.c.is_practice)
    )
    return sa.and_(PAIR.task.in_(of_rounds), ~is_sealed(PAIR.task))


def comparisons_to_release(connection: sa.Connection, rounds: Sequence[int]) -> Sequence[sa.Row]:
    """The project's closed comparison rounds with a choice on tasks of these rounds: id, name, closed_at, early_reason,
    choices (that leave, without repeats), held_back (those that are kept from the reader: they label or compare a draft of the
    pair in an open round)."""
    told = sa.and_(told_anywhere(connection, PAIR.draft_a), told_anywhere(connection, PAIR.draft_b))
    return connection.execute(
        sa.select(
            *(ROUND[name] for name in ("id", "name", "closed_at", "early_reason")),
            sa.func.sum(sa.case((sa.and_(told, ~SHOWN.is_repeat), 1), else_=0)).label("choices"),
            sa.func.sum(sa.case((told, 0), else_=1)).label("held_back"),
        )
        .join(compared_pairs, PAIR.comparison == ROUND.id)
        .join(shown_pairs, SHOWN.pair == PAIR.id)
        .join(pair_choices, CHOICE.shown == SHOWN.id)
        .join(dimension_choices, TAKEN.choice == CHOICE.id)
        .where(in_project(connection, ROUND.project), ROUND.closed_at.is_not(None), IS_CURRENT, _on_tasks_of(rounds))
        .group_by(ROUND.id)
        .order_by(ROUND.closed_at, ROUND.id)
    ).all()


def annotators_of(connection: sa.Connection, comparison: int) -> list[str]:
    """Who had a seat in a comparison round, by name."""
    query = (
        sa.select(people.c.name)
        .join(shown_pairs, SHOWN.person == people.c.id)
        .join(compared_pairs, PAIR.id == SHOWN.pair)
        .where(PAIR.comparison == comparison)
        .distinct()
        .order_by(people.c.name)
    )
    return list(connection.scalars(query))


def choices_to_release(connection: sa.Connection, comparison: int, rounds: Sequence[int]) -> Iterator[sa.Row]:
    """The current choices on each dimension of a closed comparison round on tasks of these rounds, some thousands at a time, of
    each annotator in the order of their pairs: id, pair, task_id, partition, draft_a, draft_b, author_a, author_b, text_a,
    text_b, annotator, is_swapped, is_repeat, dimension, taken, note, chosen_at."""
    a, b = alias_of(drafts, "first"), alias_of(drafts, "second")
    query = (
        sa.select(
            CHOICE.id,
            SHOWN.pair,
            tasks.c.task_id,
            tasks.c.partition,
            a.c.draft_id.label("draft_a"),
            b.c.draft_id.label("draft_b"),
            a.c.author.label("author_a"),
            b.c.author.label("author_b"),
            a.c.text.label("text_a"),
            b.c.text.label("text_b"),
            people.c.name.label("annotator"),
            SHOWN.is_swapped,
            SHOWN.is_repeat,
            ASKED.dimension,
            TAKEN.taken,
            CHOICE.note,
            CHOICE.chosen_at,
        )
        .join(dimension_choices, TAKEN.choice == CHOICE.id)
        .join(compared_dimensions, ASKED.id == TAKEN.dimension)
        .join(shown_pairs, SHOWN.id == CHOICE.shown)
        .join(compared_pairs, PAIR.id == SHOWN.pair)
        .join(comparison_rounds, ROUND.id == PAIR.comparison)
        .join(tasks, tasks.c.id == PAIR.task)
        .join(a, a.c.id == PAIR.draft_a)
        .join(b, b.c.id == PAIR.draft_b)
        .join(people, people.c.id == SHOWN.person)
        .where(
            PAIR.comparison == comparison,
            ROUND.closed_at.is_not(None),
            IS_CURRENT,
            _on_tasks_of(rounds),
            told_anywhere(connection, PAIR.draft_a),
            told_anywhere(connection, PAIR.draft_b),
        )
        .order_by(SHOWN.person, SHOWN.place, ASKED.place)
    )
    return iter(connection.execution_options(yield_per=AT_ONCE // 10).execute(query))
