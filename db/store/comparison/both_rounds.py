"""What two closed rounds have in common, and what the drafts of both were given in each, counted by the database. As
`closed_rounds`: refuses an open round, and leaves out what is held back."""

from collections.abc import Iterator
from typing import NamedTuple

import sqlalchemy as sa

from db.aliases import alias_of
from db.schema import assignments, drafts, labels, round_drafts
from db.store import STREAMED, superseded
from db.store.closing.cells import Scales
from db.store.closing.first_reading import note_read, refuse_open
from db.store.closing.withheld import told

BETWEEN = ","  # two labels of `given`


class InCommon(NamedTuple):
    """Drafts and tasks of both rounds, and the drafts of the round after whose task had a draft before."""

    drafts: int
    tasks: int
    discussable: int


def in_common(connection: sa.Connection, before: int, after: int) -> InCommon:
    """What two closed rounds (ids) have in common. Nothing that a draft was given is told by it."""
    for each in (before, after):
        refuse_open(connection, each)
    nobody = sa.literal(0)
    of_before, of_after = (_drafts_of_tasks(connection, each).subquery() for each in (before, after))
    either = sa.union_all(
        sa.select(of_before.c.task, of_before.c.many.label("before"), nobody.label("after")),
        sa.select(of_after.c.task, nobody.label("before"), of_after.c.many.label("after")),
    ).subquery("either")
    was, now = sa.func.sum(either.c.before), sa.func.sum(either.c.after)
    both = sa.select(now.label("after")).group_by(either.c.task).having((was > 0) & (now > 0)).subquery("both")
    tasks, discussable = connection.execute(sa.select(sa.func.count(), sa.func.sum(both.c.after)).select_from(both)).one()
    if not tasks:
        return InCommon(0, 0, 0)  # no draft either
    return InCommon(many_in_both(connection, before, after), tasks, int(discussable))


def many_in_both(connection: sa.Connection, before: int, after: int, most: int | None = None) -> int:
    """How many drafts both rounds have; not counted further than `most`."""
    found = _in_both(connection, before, after).limit(most).subquery()
    return connection.execute(sa.select(sa.func.count()).select_from(found)).scalar_one()


class GivenInBoth(NamedTuple):
    """So many drafts of both rounds have these labels on a dimension: `given` is a text, "0 3 7,1 2 7": of each label 0 before or
    1 after, the place of its level in that round (-1 of what is no level), and the person (id), in no order."""

    dimension: str
    given: str
    drafts: int


def given_in_both(connection: sa.Connection, before: tuple[int, Scales], after: tuple[int, Scales]) -> Iterator[GivenInBoth]:
    """What the drafts of two closed rounds (ids) were given in both, on the dimensions that both have; drafts with the same
    labels may be in several rows. Raises NotYourTurn for an open round."""
    rounds = [each for each, _ in (before, after)]
    for each in rounds:
        note_read(connection, each)
    level = sa.case(
        *(
            (
                (assignments.c.round == round_) & (labels.c.dimension == key) & (labels.c.value == value),
                sa.literal(f"{side} {place} "),
            )
            for side, (round_, scales) in enumerate((before, after))
            for key, scale in scales.items()
            for place, value in enumerate(scale.values)
        ),
        else_=sa.literal("0 -1 "),
    )
    one = level + sa.cast(assignments.c.person, sa.Text)
    cells = (
        sa.select(labels.c.dimension, sa.func.aggregate_strings(one, BETWEEN).label("given"))
        .select_from(labels.join(assignments, assignments.c.id == labels.c.assignment))
        .where(
            assignments.c.round.in_(rounds),
            ~assignments.c.is_practice,
            ~superseded(),
            labels.c.dimension.in_([key for key in before[1] if key in after[1]]),
            assignments.c.draft.in_(_in_both(connection, *rounds)),
        )
        .group_by(assignments.c.draft, labels.c.dimension)
        .subquery("cells")
    )
    found = sa.select(cells.c.dimension, cells.c.given, sa.func.count()).group_by(cells.c.dimension, cells.c.given)
    return (GivenInBoth(*row) for row in connection.execute(found, execution_options=STREAMED))


def _drafts_of_tasks(connection: sa.Connection, round_: int) -> sa.Select:
    """task (id) and how many drafts of it count in a round."""
    return (
        sa.select(drafts.c.task, sa.func.count().label("many"))
        .join(round_drafts, round_drafts.c.draft == drafts.c.id)
        .where(round_drafts.c.round == round_, ~round_drafts.c.is_practice, told(connection, round_drafts.c.draft, round_))
        .group_by(drafts.c.task)
    )


def _in_both(connection: sa.Connection, before: int, after: int) -> sa.Select[tuple[int]]:
    """The drafts (ids) that count in both rounds. What is held back in one of them is in the other."""
    other = alias_of(round_drafts, "other")
    theirs = sa.select(other.c.draft).where(other.c.round == after)
    first, last = (theirs.with_only_columns(end(other.c.draft)).scalar_subquery() for end in (sa.func.min, sa.func.max))
    return sa.select(round_drafts.c.draft).where(
        round_drafts.c.round == before,
        ~round_drafts.c.is_practice,
        round_drafts.c.draft.between(first, last),  # of rounds on drafts that came in one after the other none is looked up
        sa.exists().where(other.c.round == after, other.c.draft == round_drafts.c.draft, ~other.c.is_practice),
        told(connection, round_drafts.c.draft, before),
    )
