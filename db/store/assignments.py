"""Who labels what, in whichever round; nothing of how it was labelled. Of a closed round nothing on drafts that are held back
from the reader (`closing.withheld`): who skipped one is held back with the rest."""

from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from db.aliases import alias_of
from db.schema import assignments, drafts, round_drafts, rounds, tasks
from db.store import AT_ONCE, STREAMED, among
from db.store.closing.withheld import compared_by, drafts_labelled_by, labelled_in_rounds, told, words_told
from db.store.projects import drafts_in_project


def cells_of_round(
    connection: sa.Connection, round_: int, *, draft_id: str | None = None, ids: Sequence[int] | None = None
) -> Sequence[sa.Row]:
    """Who was to label what that counts (of one draft, of drafts of these ids): draft (id), draft_id, task_id, cluster, person
    (id), state."""
    return connection.execute(
        sa.select(
            drafts.c.id.label("draft"),
            drafts.c.draft_id,
            tasks.c.task_id,
            tasks.c.cluster,
            assignments.c.person,
            assignments.c.state,
            words_told(connection, drafts.c.id, assignments.c.skip_reason).label("skip_reason"),
        )
        .select_from(assignments.join(drafts, drafts.c.id == assignments.c.draft).join(tasks, tasks.c.id == drafts.c.task))
        .where(
            assignments.c.round == round_,
            ~assignments.c.is_practice,
            told(connection, assignments.c.draft, round_),
            sa.true() if draft_id is None else assignments.c.draft.in_(_called(draft_id)),
            sa.true() if ids is None else among(connection, assignments.c.draft, ids),
        )
        .order_by(drafts.c.draft_id, assignments.c.person)
    ).all()


def _called(draft_id: str) -> sa.Select[tuple[int]]:
    """The drafts (ids) of that name, one in a project: not looked for among all of a round."""
    named = alias_of(drafts, "named")
    return sa.select(named.c.id).where(named.c.draft_id == draft_id)


def tasks_of_drafts(connection: sa.Connection, round_: int) -> Iterator[sa.Row]:
    """The drafts that count in a round, in no order: draft_id, task_id and cluster, some thousands at a time."""
    found = (
        sa.select(drafts.c.draft_id, tasks.c.task_id, tasks.c.cluster)
        .select_from(round_drafts.join(drafts, drafts.c.id == round_drafts.c.draft).join(tasks, tasks.c.id == drafts.c.task))
        .where(round_drafts.c.round == round_, ~round_drafts.c.is_practice, told(connection, round_drafts.c.draft, round_))
    )
    return iter(connection.execute(found, execution_options=STREAMED))


def drafts_in_order(connection: sa.Connection, round_: int) -> Sequence[int]:
    """The drafts (ids) that count in a round, by their draft_id, as `cells_of_round` has them."""
    return connection.scalars(
        sa.select(drafts.c.id)
        .join(round_drafts, round_drafts.c.draft == drafts.c.id)
        .where(round_drafts.c.round == round_, ~round_drafts.c.is_practice, told(connection, round_drafts.c.draft, round_))
        .order_by(drafts.c.draft_id)
    ).all()


def states_in_round(connection: sa.Connection, round_: int) -> dict[str, int]:
    """How many assignments that count are in each state."""
    return {
        row[0]: row[1]
        for row in connection.execute(
            sa.select(assignments.c.state, sa.func.count())
            .where(assignments.c.round == round_, ~assignments.c.is_practice, told(connection, assignments.c.draft, round_))
            .group_by(assignments.c.state)
        )
    }


def clusters_of_drafts(connection: sa.Connection, round_: int) -> Iterator[Sequence[tuple[int, str]]]:
    """draft (id) and cluster of every draft that counts in a round, some thousands at a time."""
    return (
        connection.execution_options(yield_per=AT_ONCE)
        .execute(
            sa.select(drafts.c.id, tasks.c.cluster)
            .select_from(round_drafts.join(drafts, drafts.c.id == round_drafts.c.draft).join(tasks, tasks.c.id == drafts.c.task))
            .where(round_drafts.c.round == round_, ~round_drafts.c.is_practice, told(connection, round_drafts.c.draft, round_))
        )
        .partitions()
    )


def in_open_rounds(connection: sa.Connection, person: int, *, or_unread: bool = False) -> dict[str, str]:
    """Drafts of the project that the person labels (or may still correct) in any open round, of whichever project, with their
    tasks: draft_id -> task_id.

    Others' labels on them are held back from this person until that round is closed. `or_unread`: or in one that is closed and
    may be reopened.
    """
    held = (rounds.c.first_read_at if or_unread else rounds.c.closed_at).is_(None)
    return {
        row.draft_id: row.task_id
        for row in connection.execute(
            sa.select(drafts.c.draft_id, tasks.c.task_id)
            .select_from(assignments.join(drafts, drafts.c.id == assignments.c.draft).join(tasks, tasks.c.id == drafts.c.task))
            .where(
                assignments.c.person == person,
                assignments.c.round.in_(sa.select(rounds.c.id).where(held)),  # few, where those of the person are many
                drafts_in_project(connection),
            )
        )
    }


def in_other_open_rounds(connection: sa.Connection, person: int, round_: int) -> set[int]:
    """Ids of the drafts the person labels in any open round but this one, or compares in an open comparison round."""
    labelled = connection.scalars(labelled_in_rounds(person).where(assignments.c.round != round_))
    return {*labelled, *connection.scalars(compared_by(person))}


def drafts_in_open_rounds(connection: sa.Connection, person: int, round_: int) -> int:
    """How many of a round's drafts the person labels (or may still correct), or compares, in an open round."""
    held = round_drafts.c.draft.in_(drafts_labelled_by(person))
    return connection.execute(sa.select(sa.func.count()).where(round_drafts.c.round == round_, held)).scalar_one()
