"""The drafts of a closed round counted by the database: by what they can be told apart by, with all that each was given. A round
of a million then needs no row a label. As `closed_rounds`: refuses an open round, and leaves out what is held back."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from db.schema import assignments, drafts, labels, saves, tasks
from db.schema import people as people_
from db.store import STREAMED, superseded
from db.store.closing.first_reading import note_read
from db.store.closing.withheld import told

OF_TASK = {"dimension": tasks.c.dimension, "source_mode": tasks.c.source_mode, "difficulty": tasks.c.difficulty}
COLUMNS = {**OF_TASK, "partition": tasks.c.partition, "author": drafts.c.author}

Given = tuple[tuple[str | None, ...], ...]  # for each dimension asked about, one for each person asked about, None for no label


class DraftsAlike(NamedTuple):
    """So many drafts (`drafts`) of one cluster have this value (of a column; a day as 2026-11-03; a draft's id) and these
    labels."""

    value: str | int | None
    cluster: str
    given: Given
    drafts: int


def drafts_alike(
    connection: sa.Connection, round_: int, by: str, people: Sequence[int], dimensions: Sequence[str]
) -> Iterator[DraftsAlike]:
    """The drafts of a closed round with a label that counts, those of one value and cluster and with the same labels together, in
    the order of clusters and then values. `by`: one of COLUMNS; "day", in UTC, of a draft's second label (of its only one, where
    there is one); or "draft", each for itself. Raises NotYourTurn for an open round."""
    counted = _counted(connection, round_)
    given = _given(counted, people, dimensions).subquery("given")
    apart = given.join(drafts, drafts.c.id == given.c.draft).join(tasks, tasks.c.id == drafts.c.task)
    value: sa.ColumnElement
    if by == "day":
        days = _days(connection, counted)
        apart, value = apart.join(days, days.c.draft == given.c.draft), days.c.day
    else:
        value = drafts.c.id if by == "draft" else COLUMNS[by]
    columns = [tasks.c.cluster, value.label("value"), *list(given.c)[1:]]
    found = sa.select(*columns, sa.func.count().label("drafts")).select_from(apart).group_by(*columns)
    rows = connection.execute(found.order_by(tasks.c.cluster, value), execution_options=STREAMED)
    for row in rows:
        yield DraftsAlike(row[1], row[0], _by_dimension(row[2:-1], len(people)), row[-1])


def halves_alike(
    connection: sa.Connection, round_: int, order: int | None, people: Sequence[int], dimensions: Sequence[str]
) -> Iterator[tuple[bool, Given, int]]:
    """Whether drafts are of the second half of the round, their labels, and how many there are. It is cut by when a draft got its
    second label, or by the order of one person (`order`, an id) over the drafts they labelled; drafts at the middle are all of
    the first half. Raises as `drafts_alike` does."""
    counted = _counted(connection, round_)
    apart: sa.FromClause
    if order is None:
        given = _given(counted, people, dimensions).subquery("given")
        second = _second_label(counted)
        at, apart = second.c.at, given.join(second, second.c.draft == given.c.draft)
        places = sa.select(at)
    else:
        own = sa.func.max(sa.case((assignments.c.person == order, assignments.c.position))).label("at")
        given = apart = _given(counted, people, dimensions).add_columns(own).subquery("given")
        at = given.c.at
        places = sa.select(assignments.c.position.label("at")).where(*counted, assignments.c.person == order, _is_labelled())
    labelled = sa.true() if order is None else assignments.c.person == order
    drafts_ = sa.select(sa.func.count(assignments.c.draft.distinct())).where(*counted, labelled, _is_labelled())
    number = connection.execute(drafts_).scalar_one()
    if not number:
        return
    middle = connection.execute(places.order_by("at").offset((number + 1) // 2 - 1).limit(1)).scalar_one()
    seats = [each for each in given.c if each.name.startswith("seat")]
    is_second = sa.case((at > middle, 1), else_=0).label("is_second")
    halves = sa.select(is_second, *seats).select_from(apart).where(at.is_not(None)).subquery("halves")
    found = sa.select(*halves.c, sa.func.count()).group_by(*halves.c)
    for row in connection.execute(found, execution_options=STREAMED):
        yield bool(row[0]), _by_dimension(row[1:-1], len(people)), row[-1]


def times_alike(connection: sa.Connection, round_: int) -> Iterator[sa.Row]:
    """How many deliveries that count in a closed round are alike: annotator, state, seconds, number."""
    columns = people_.c.name.label("annotator"), assignments.c.state, assignments.c.seconds
    return iter(
        connection.execute(
            sa.select(*columns, sa.func.count().label("number"))
            .join(people_, people_.c.id == assignments.c.person)
            .where(*_counted(connection, round_))
            .group_by(*columns),
            execution_options=STREAMED,
        )
    )


def _counted(connection: sa.Connection, round_: int) -> tuple[sa.ColumnElement[bool], ...]:
    """Which assignments of a closed round count and may be told. Raises NotYourTurn for an open one; that it was read is put on
    record."""
    note_read(connection, round_)
    return assignments.c.round == round_, ~assignments.c.is_practice, told(connection, assignments.c.draft, round_)


def _given(counted: Sequence[sa.ColumnElement[bool]], people: Sequence[int], dimensions: Sequence[str]) -> sa.Select:
    """draft, and a column for each dimension and person."""
    asked = [(key, person) for key in dimensions for person in people]
    seats = [
        sa.func.max(sa.case(((assignments.c.person == person) & (labels.c.dimension == key), labels.c.value))).label(
            f"seat{place}"
        )
        for place, (key, person) in enumerate(asked)
    ]
    return (
        sa.select(assignments.c.draft, *seats)
        .select_from(labels.join(assignments, assignments.c.id == labels.c.assignment))
        .where(*counted, ~superseded())
        .group_by(assignments.c.draft)
    )


def _by_dimension(seats: Sequence[str | None], people: int) -> Given:
    return tuple(tuple(seats[start : start + people]) for start in range(0, len(seats), people))


def _is_labelled() -> sa.ColumnElement[bool]:
    return sa.exists().where(labels.c.assignment == assignments.c.id, ~superseded())


def _second_label(counted: Sequence[sa.ColumnElement[bool]]) -> sa.Subquery:
    """draft and at: when each draft could first show agreement, its second label's first saving; its only label's, where it has
    one."""
    moment = saves.c.saved_at.type
    first = (
        sa.select(assignments.c.draft, assignments.c.id, sa.func.min(saves.c.saved_at, type_=moment).label("at"))
        .join(saves, saves.c.assignment == assignments.c.id)
        .where(*counted, _is_labelled())
        .group_by(assignments.c.draft, assignments.c.id)
        .subquery("first")
    )
    order = sa.func.row_number().over(partition_by=first.c.draft, order_by=first.c.at)
    in_order = sa.select(first.c.draft, first.c.at, order.label("place")).subquery("in_order")
    return (
        sa.select(in_order.c.draft, sa.func.max(in_order.c.at, type_=moment).label("at"))
        .where(in_order.c.place <= 2)
        .group_by(in_order.c.draft)
        .subquery("second")
    )


def _days(connection: sa.Connection, counted: Sequence[sa.ColumnElement[bool]]) -> sa.Subquery:
    """draft and day, as 2026-11-03 in UTC, of `_second_label`."""
    second = _second_label(counted)
    if connection.dialect.name == "postgresql":
        told_ = sa.func.to_char(sa.func.timezone("UTC", second.c.at), "YYYY-MM-DD")
    else:
        told_ = sa.func.date(second.c.at)
    return sa.select(second.c.draft, told_.label("day")).subquery("days")
