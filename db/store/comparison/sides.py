"""Two sources of labels joined and counted by the database, unit by unit, so that no row a label is fetched. What is joined with
what is `touchstone.comparison.joining`; a test holds the two together. As `closed_rounds`: refuses an open round, and leaves out
what is held back."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from db.aliases import alias_of
from db.schema import adjudications, assignments, drafts, label_sets, labels, set_labels, tasks
from db.store import superseded
from db.store.closed_rounds import contested_in
from db.store.closing.first_reading import note_read
from db.store.closing.withheld import told, told_units
from db.store.projects import drafts_in_project


class Side(NamedTuple):
    """What one source gave: a query of unit, dimension and value, a row a cell. `label_set`: the set (id) whose file says of
    which task its units are; 0 where none does."""

    labels: sa.SelectBase
    label_set: int = 0


class Joined(NamedTuple):
    """`units` that are in both, `by_task` of them by the task; the rest as in `touchstone.comparison.joining.Joining`."""

    units: int
    by_task: int
    unclear: int
    only_first: int
    only_second: int


class Counted(NamedTuple):
    """Two sources: how they are joined, which dimensions each has a label of, and by dimension how many units of both have these
    values of the first and the second."""

    joined: Joined
    keys: tuple[frozenset[str], frozenset[str]]
    tables: Mapping[str, Mapping[tuple[str, str], int]]


def given_by(connection: sa.Connection, round_: int, person: int) -> Side:
    """The labels of one annotator of a closed round."""
    note_read(connection, round_)
    mine = (assignments.c.round == round_, assignments.c.person == person, ~assignments.c.is_practice, ~superseded())
    return Side(
        sa.select(drafts.c.draft_id.label("unit"), labels.c.dimension, labels.c.value)
        .select_from(
            assignments.join(labels, labels.c.assignment == assignments.c.id).join(drafts, drafts.c.id == assignments.c.draft)
        )
        .where(*mine, told(connection, assignments.c.draft, round_))
    )


def settled_in(connection: sa.Connection, round_: int) -> Side:
    """The gold of a closed round: what two labels or more agree on and nobody contested or decided otherwise, and what was
    decided."""
    note_read(connection, round_)
    mine = (assignments.c.round == round_, ~assignments.c.is_practice, told(connection, assignments.c.draft, round_))
    first, last = sa.func.min(labels.c.value), sa.func.max(labels.c.value)
    alike = (
        sa.select(assignments.c.draft, labels.c.dimension, first.label("value"))
        .select_from(assignments.join(labels, labels.c.assignment == assignments.c.id))
        .where(*mine, ~superseded())
        .group_by(assignments.c.draft, labels.c.dimension)
        .having((sa.func.count() >= 2) & (first == last))
        .subquery("alike")
    )
    unit, later = drafts.c.draft_id.label("unit"), alias_of(adjudications, "later")
    is_decided = sa.exists().where(
        adjudications.c.round == round_, adjudications.c.draft == alike.c.draft, adjudications.c.dimension == alike.c.dimension
    )
    is_contested = sa.tuple_(alike.c.draft, alike.c.dimension).in_(contested_in(round_))
    agreed = sa.select(unit, alike.c.dimension, alike.c.value).join(drafts, drafts.c.id == alike.c.draft)
    decided = sa.select(unit, adjudications.c.dimension, adjudications.c.value).join(drafts, drafts.c.id == adjudications.c.draft)
    return Side(
        sa.union_all(
            agreed.where(~is_decided, ~is_contested),
            decided.where(
                adjudications.c.round == round_,
                ~sa.exists().where(later.c.supersedes == adjudications.c.id),
                told(connection, adjudications.c.draft, round_),
            ),
        )
    )


def given_alike(connection: sa.Connection, label_set: int, annotators: Sequence[str], *, has_tasks: bool) -> Side:
    """The labels that these annotators of a label set gave alike."""
    own = sa.select(set_labels.c.unit, set_labels.c.dimension)
    if len(annotators) == 1:
        found = own.add_columns(set_labels.c.value)
    else:
        found = own.add_columns(sa.func.min(set_labels.c.value).label("value")).group_by(*own.selected_columns)
        found = found.having(~_differ())
    return Side(found.where(*_of_set(connection, label_set, annotators)), label_set if has_tasks else 0)


def cells_that_differ(connection: sa.Connection, label_set: int, annotators: Sequence[str]) -> int:
    """In how many cells of a label set the labels of these annotators differ."""
    by = (set_labels.c.unit, set_labels.c.dimension)
    found = sa.select(*by).where(*_of_set(connection, label_set, annotators)).group_by(*by).having(_differ()).subquery()
    return connection.execute(sa.select(sa.func.count()).select_from(found)).scalar_one()


def _differ() -> sa.ColumnElement[bool]:
    return sa.func.min(set_labels.c.value) != sa.func.max(set_labels.c.value)


def _of_set(connection: sa.Connection, label_set: int, annotators: Sequence[str]) -> tuple[sa.ColumnElement[bool], ...]:
    mine = set_labels.c.label_set == label_set
    return mine, set_labels.c.annotator.in_(annotators), told_units(connection, label_set)


# Units are put together by grouping the rows of both sides, never by joining them: SQLite keeps no statistics, takes a side for
# small, and would look through all of one for each unit of the other.


def count_both(connection: sa.Connection, first: Side, second: Side) -> Counted:
    """Two sources joined and counted."""
    a, b = first.labels.cte("a"), second.labels.cte("b")
    keys = [frozenset(connection.scalars(sa.select(each.c.dimension).distinct())) for each in (a, b)]
    either = sa.union_all(_units(a, "a"), _units(b, "b")).subquery("either")
    units = (
        sa.select(either.c.unit, sa.func.max(either.c.a).label("a"), sa.func.max(either.c.b).label("b"))
        .group_by(either.c.unit)
        .cte("units")
    )
    held = {
        (row.a, row.b): row.units
        for row in connection.execute(
            sa.select(units.c.a, units.c.b, sa.func.count().label("units")).group_by(units.c.a, units.c.b)
        )
    }
    same, left, right = held.get((1, 1), 0), held.get((1, 0), 0), held.get((0, 1), 0)
    tables = _table(connection, sa.select(a.c.unit, a.c.dimension, a.c.value), sa.select(b.c.unit, b.c.dimension, b.c.value))
    by_task = unclear = 0
    if left and right:
        sure, many, several = _by_task(connection, (first, second), units)
        by_task = connection.execute(sa.select(sa.func.count()).select_from(sure)).scalar_one()
        unclear = several + many - by_task
        if by_task:
            own = sa.select(a.c.unit, a.c.dimension, a.c.value).where(a.c.unit.in_(sa.select(sure.c.a)))
            tables.update(_table(connection, own, _under_other_names(b, sure)))
    by_dimension: dict[str, dict[tuple[str, str], int]] = {}
    for (key, one, other), number in tables.items():
        by_dimension.setdefault(key, {})[one, other] = number
    joined = Joined(same + by_task, by_task, unclear, left - by_task, right - by_task)
    return Counted(joined, (keys[0], keys[1]), by_dimension)


def _units(side: sa.CTE, name: str) -> sa.Select:
    return sa.select(side.c.unit, *(sa.literal(int(each == name)).label(each) for each in "ab"))


def _table(connection: sa.Connection, a: sa.Select, b: sa.Select) -> Counter[tuple[str, str, str]]:
    """How many units have these values on a dimension: of units under one name in both."""
    nothing = sa.cast(sa.null(), sa.Text)
    rows = sa.union_all(
        a.with_only_columns(*list(a.selected_columns)[:2], a.selected_columns.value.label("a"), nothing.label("b")),
        b.with_only_columns(*list(b.selected_columns)[:2], nothing.label("a"), b.selected_columns.value.label("b")),
    ).subquery("rows")
    one, other = sa.func.max(rows.c.a), sa.func.max(rows.c.b)
    cells = (
        sa.select(rows.c.dimension, one.label("a"), other.label("b"))
        .group_by(rows.c.unit, rows.c.dimension)
        .having(one.is_not(None) & other.is_not(None))
        .subquery("cells")
    )
    found = connection.execute(sa.select(*cells.c, sa.func.count()).group_by(*cells.c))
    return Counter({(row[0], row[1], row[2]): row[3] for row in found})


def _by_task(connection: sa.Connection, sides: tuple[Side, Side], units: sa.CTE) -> tuple[sa.CTE, int, int]:
    """The pairs (a, b) that are joined by the task for sure; how many were joined, those that are not sure too; and how many
    units name a task that has several on the other side."""
    left = sa.select(units.c.unit).where(units.c.b == 0).cte("only_a")
    right = sa.select(units.c.unit).where(units.c.a == 0).cte("only_b")
    theirs = _are_tasks_of(left, _with_tasks(connection, right, sides[1]))
    ours = _are_tasks_of(right, _with_tasks(connection, left, sides[0]))
    joined = sa.union_all(
        sa.select(theirs.c.task.label("a"), theirs.c.unit.label("b")).where(theirs.c.many == 1),
        sa.select(ours.c.unit.label("a"), ours.c.task.label("b")).where(ours.c.many == 1),
    ).cte("joined")
    once = [sa.select(joined.c[side]).group_by(joined.c[side]).having(sa.func.count() == 1) for side in "ab"]
    sure = sa.select(joined.c.a, joined.c.b).where(joined.c.a.in_(once[0]), joined.c.b.in_(once[1])).cte("sure")
    many = connection.execute(sa.select(sa.func.count()).select_from(joined)).scalar_one()
    several = (sa.select(sa.func.count()).select_from(each).where(each.c.many > 1) for each in (theirs, ours))
    return sure, many, sum(connection.execute(each).scalar_one() for each in several)


def _with_tasks(connection: sa.Connection, alone: sa.CTE, side: Side) -> sa.Subquery:
    """unit and task of those whose task is known: that of the stored draft, else what the file of a label set said."""
    nothing = sa.cast(sa.null(), sa.Text)
    stored = (
        sa.select(alone.c.unit, tasks.c.task_id.label("task"), nothing.label("said"))
        .select_from(alone.join(drafts, drafts.c.draft_id == alone.c.unit).join(tasks, tasks.c.id == drafts.c.task))
        .where(drafts_in_project(connection))
    )
    if not side.label_set:
        return stored.subquery()
    is_sqlite = connection.dialect.name == "sqlite"
    each = (sa.func.json_each if is_sqlite else sa.func.json_each_text)(label_sets.c.tasks).table_valued("key", "value")
    of_file = sa.select(each.c.key, nothing.label("task"), each.c.value).select_from(label_sets.join(each, sa.true()))
    of_file = of_file.where(label_sets.c.id == side.label_set, each.c.key.in_(sa.select(alone.c.unit)))
    known = sa.union_all(stored, of_file).subquery()
    task = sa.func.coalesce(sa.func.max(known.c.task), sa.func.max(known.c.said)).label("task")
    return sa.select(known.c.unit, task).group_by(known.c.unit).subquery()


def _are_tasks_of(alone: sa.CTE, others: sa.Subquery) -> sa.CTE:
    """Each unit (`task`) that is the task of some of `others`, with one of those (`unit`) and how many there are."""
    nothing = sa.cast(sa.null(), sa.Text)
    named = sa.union_all(
        sa.select(alone.c.unit.label("task"), sa.literal(1).label("is_there"), nothing.label("unit")),
        sa.select(others.c.task, sa.literal(0), others.c.unit),
    ).subquery()
    many = sa.func.count(named.c.unit)
    found = sa.select(named.c.task, sa.func.min(named.c.unit).label("unit"), many.label("many")).group_by(named.c.task)
    return found.having(sa.func.max(named.c.is_there) == 1, many > 0).cte(f"tasks_{alone.name}")


def _under_other_names(b: sa.CTE, sure: sa.CTE) -> sa.Select:
    """The labels of `b` whose units are joined by the task, under the names that these have in `a`."""
    nothing = sa.cast(sa.null(), sa.Text)
    rows = sa.union_all(
        sa.select(sure.c.b.label("b"), sure.c.a.label("a"), nothing.label("dimension"), nothing.label("value")),
        sa.select(b.c.unit, nothing, b.c.dimension, b.c.value).where(b.c.unit.in_(sa.select(sure.c.b))),
    ).subquery()
    name = sa.func.max(rows.c.a).over(partition_by=rows.c.b).label("unit")
    named = sa.select(name, rows.c.dimension, rows.c.value).subquery()
    return sa.select(named.c.unit, named.c.dimension, named.c.value).where(named.c.dimension.is_not(None))


def labels_in_set(connection: sa.Connection, label_set: int) -> int:
    """How many labels a label set has, those held back too: only for how long they take to count."""
    return connection.execute(sa.select(sa.func.count()).where(set_labels.c.label_set == label_set)).scalar_one()
