"""Everybody's labels, of closed rounds alone. Every query here refuses an open round and leaves out the drafts that the reader
labels in one (`closing.withheld`): this is where blindness is kept. And each puts on record that the round is read, from when
on it cannot be reopened (`closing.first_reading.note_read`)."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from db.aliases import alias_of
from db.schema import (
    adjudications,
    assignments,
    drafts,
    labels,
    people,
    round_annotators,
    round_dimensions,
    saves,
    spot_check_cells,
    spot_checks,
    tasks,
)
from db.store import AT_ONCE, STREAMED, among, superseded
from db.store.closing.first_reading import note_read
from db.store.closing.withheld import told, words_told
from touchstone.data import gold


def _read(connection: sa.Connection, round_: int) -> sa.ColumnElement[bool]:
    """Whether an assignment is one of those whose labels the reader may be told, for a query of a closed round. Raises
    NotYourTurn for an open one; that the round was read is put on record."""
    note_read(connection, round_)
    return told(connection, assignments.c.draft, round_)


def of_closed_round(
    connection: sa.Connection,
    round_: int,
    *,
    draft_id: str | None = None,
    dimension: str | None = None,
    person: int | None = None,
    differing: bool = False,
    ids: Sequence[int] | None = None,
) -> Sequence[sa.Row]:
    """Every current label that counts in a closed round (of one draft, dimension or person, of drafts of these ids;
    `differing`: only of drafts whose labels on a dimension are not all the same), the one long table: label, draft (id),
    draft_id, task_id, cluster, person (id), annotator, dimension, value, labelled_at, note (of its save).

    Raises NotYourTurn for an open round: this query is where blindness is kept.
    """
    told_ = _read(connection, round_)
    latest = (
        sa.select(saves.c.note)
        .where(saves.c.assignment == labels.c.assignment)
        .order_by(saves.c.revision.desc())
        .limit(1)
        .scalar_subquery()
    )
    only = [
        column == value for column, value in ((labels.c.dimension, dimension), (labels.c.person, person)) if value is not None
    ]
    if draft_id is not None:
        only.append(assignments.c.draft.in_(sa.select(drafts.c.id).where(drafts.c.draft_id == draft_id)))
    if ids is not None:
        only.append(among(connection, assignments.c.draft, ids))
    if differing:
        given = _that_count(round_, told_, labels.c.dimension == dimension if dimension is not None else sa.true())
        only.append(
            drafts.c.id.in_(
                given.with_only_columns(assignments.c.draft)
                .group_by(assignments.c.draft, labels.c.dimension)
                .having(sa.func.min(labels.c.value) != sa.func.max(labels.c.value))
            )
        )
    return connection.execute(
        sa.select(
            labels.c.id.label("label"),
            drafts.c.id.label("draft"),
            drafts.c.draft_id,
            tasks.c.task_id,
            tasks.c.cluster,
            people.c.id.label("person"),
            people.c.name.label("annotator"),
            labels.c.dimension,
            labels.c.value,
            labels.c.labelled_at,
            words_told(connection, drafts.c.id, latest).label("note"),
        )
        .select_from(
            labels.join(assignments, assignments.c.id == labels.c.assignment)
            .join(drafts, drafts.c.id == assignments.c.draft)
            .join(tasks, tasks.c.id == drafts.c.task)
            .join(people, people.c.id == assignments.c.person)
        )
        .where(assignments.c.round == round_, ~assignments.c.is_practice, ~superseded(), told_, *only)
        .order_by(drafts.c.draft_id, labels.c.dimension, people.c.id)
    ).all()


def values_of_closed_round(connection: sa.Connection, round_: int) -> Iterator[sa.Row]:
    """As `of_closed_round`, only draft_id, annotator, dimension and value, some thousands at a time: for computing, at any size.
    Refuses an open round."""
    told_ = _read(connection, round_)
    found = (
        sa.select(drafts.c.draft_id, people.c.name.label("annotator"), labels.c.dimension, labels.c.value)
        .select_from(
            labels.join(assignments, assignments.c.id == labels.c.assignment)
            .join(drafts, drafts.c.id == assignments.c.draft)
            .join(people, people.c.id == assignments.c.person)
        )
        .where(assignments.c.round == round_, ~assignments.c.is_practice, ~superseded(), told_)
        .order_by(labels.c.id)
    )
    return iter(connection.execute(found, execution_options=STREAMED))


def raw_labels_of_closed_round(
    connection: sa.Connection, round_: int, *, person: int | None = None, by_draft: bool = False
) -> Iterator[sa.Row]:
    """All that a closed round's annotators (or one `person`) did, some thousands at a time: a row for every label, superseded
    ones and those of practice drafts too, and one for every assignment without a label: draft_id, task_id, cluster, person (id),
    annotator, position, is_practice, state, skip_reason, seconds, delivered_at, label, dimension, value, labelled_at,
    supersedes, superseded (0 or 1), note (of the last save; of the label's own where it is superseded).

    By annotator as they were named, then by draft, or `by_draft` first; then in the rubric's order, the earlier label first.
    Refuses an open round."""
    told_ = _read(connection, round_)
    own, last = alias_of(saves, "own"), alias_of(saves, "last")
    is_superseded = sa.case((superseded(), 1), else_=0)
    order = (round_annotators.c.position, drafts.c.draft_id)
    return iter(
        connection.execution_options(yield_per=AT_ONCE).execute(
            sa.select(
                drafts.c.draft_id,
                tasks.c.task_id,
                tasks.c.cluster,
                people.c.id.label("person"),
                people.c.name.label("annotator"),
                assignments.c.position,
                assignments.c.is_practice,
                assignments.c.state,
                assignments.c.skip_reason,
                assignments.c.seconds,
                assignments.c.delivered_at,
                labels.c.id.label("label"),
                labels.c.dimension,
                labels.c.value,
                labels.c.labelled_at,
                labels.c.supersedes,
                is_superseded.label("superseded"),
                sa.case((is_superseded == 1, own.c.note), else_=last.c.note).label("note"),
            )
            .select_from(
                assignments.join(drafts, drafts.c.id == assignments.c.draft)
                .join(tasks, tasks.c.id == drafts.c.task)
                .join(people, people.c.id == assignments.c.person)
                .join(
                    round_annotators,
                    (round_annotators.c.round == assignments.c.round) & (round_annotators.c.person == assignments.c.person),
                )
                .outerjoin(labels, labels.c.assignment == assignments.c.id)
                .outerjoin(own, own.c.id == labels.c.save)
                .outerjoin(last, (last.c.assignment == assignments.c.id) & (last.c.revision == assignments.c.revision))
                .outerjoin(
                    round_dimensions,
                    (round_dimensions.c.round == assignments.c.round) & (round_dimensions.c.dimension == labels.c.dimension),
                )
            )
            .where(assignments.c.round == round_, told_, sa.true() if person is None else assignments.c.person == person)
            .order_by(*(order[::-1] if by_draft else order), round_dimensions.c.position, labels.c.id)
        )
    )


def _that_count(round_: int, *only: sa.ColumnElement[bool]) -> sa.Select:
    """draft, person, dimension and value of the current labels that count, in no order: a round of a million is sorted by
    nobody and carries no note."""
    return (
        sa.select(assignments.c.draft, assignments.c.person, labels.c.dimension, labels.c.value)
        .select_from(labels.join(assignments, assignments.c.id == labels.c.assignment))
        .where(assignments.c.round == round_, ~assignments.c.is_practice, ~superseded(), *only)
    )


def stream_of_closed_round(connection: sa.Connection, round_: int) -> Iterator[Sequence[tuple[int, int, str, str]]]:
    """draft (id), person (id), dimension and value of every current label that counts in a closed round, in no order, some
    thousands at a time. Refuses an open round."""
    told_ = _read(connection, round_)
    return connection.execution_options(yield_per=AT_ONCE).execute(_that_count(round_, told_)).partitions()


class PatternRow(NamedTuple):
    """So many drafts (`units`) have these values on a dimension, one for each of the people asked about, None where that
    person gave none."""

    dimension: str
    values: tuple[str | None, ...]
    units: int


def patterns_of_closed_round(connection: sa.Connection, round_: int, people: Sequence[int]) -> list[PatternRow]:
    """The label patterns of a closed round, counted by the database. Refuses an open round."""
    told_ = _read(connection, round_)
    by_person = (
        sa.func.max(sa.case((assignments.c.person == person, labels.c.value))).label(f"seat{place}")
        for place, person in enumerate(people)
    )
    given = (
        _that_count(round_, told_)
        .with_only_columns(labels.c.dimension, *by_person)
        .group_by(assignments.c.draft, labels.c.dimension)
        .subquery()
    )
    return [
        PatternRow(row[0], tuple(row[2:]), row[1])
        for row in connection.execute(
            sa.select(given.c.dimension, sa.func.count(), *list(given.c)[1:]).group_by(*given.c).order_by(*given.c)
        )
    ]


def clusters_in_closed_round(connection: sa.Connection, round_: int) -> dict[str, int]:
    """By dimension: how many clusters the drafts with a label that counts are of. Refuses an open round."""
    told_ = _read(connection, round_)
    return {
        row[0]: row[1]
        for row in connection.execute(
            sa.select(labels.c.dimension, sa.func.count(tasks.c.cluster.distinct()))
            .select_from(
                labels.join(assignments, assignments.c.id == labels.c.assignment)
                .join(drafts, drafts.c.id == assignments.c.draft)
                .join(tasks, tasks.c.id == drafts.c.task)
            )
            .where(assignments.c.round == round_, ~assignments.c.is_practice, told_)
            .group_by(labels.c.dimension)
        )
    }


def cells_of_closed_round(connection: sa.Connection, round_: int, ids: Sequence[int] | None = None) -> sa.Subquery:
    """Every cell of a closed round (of drafts of these ids), as a table to ask: draft (id), dimension, position (of the dimension
    in the round), state, differs (whether its labels do, 0 or 1). Refuses an open round.

    The state is that of touchstone.data.gold.Cell, for lists too long to make a Cell of each; tests/rounds/test_draft_list.py
    holds the two together."""
    told_ = _read(connection, round_)
    some = told_ if ids is None else told_ & among(connection, assignments.c.draft, ids)
    counted = (assignments.c.round == round_, ~assignments.c.is_practice, some)
    owed = (
        sa.select(
            assignments.c.draft,
            sa.func.count().label("owed"),
            sa.func.sum(sa.case((assignments.c.state == "skipped", 1), else_=0)).label("skips"),
        )
        .where(*counted)
        .group_by(assignments.c.draft)
        .subquery()
    )
    given = (
        _that_count(round_, some)
        .with_only_columns(
            assignments.c.draft,
            labels.c.dimension,
            sa.func.count().label("many"),
            sa.case((sa.func.min(labels.c.value) != sa.func.max(labels.c.value), 1), else_=0).label("differs"),
        )
        .group_by(assignments.c.draft, labels.c.dimension)
        .subquery()
    )
    decided = (
        sa.select(adjudications.c.draft, adjudications.c.dimension).distinct().where(adjudications.c.round == round_).subquery()
    )
    contested = (
        contested_in(round_).with_only_columns(spot_check_cells.c.draft, spot_check_cells.c.dimension).distinct().subquery()
    )
    many, differs = sa.func.coalesce(given.c.many, 0), sa.func.coalesce(given.c.differs, 0)
    state = sa.case(
        (decided.c.draft.is_not(None), gold.ADJUDICATED),
        (differs == 1, gold.DISAGREEMENT),
        ((many >= 2) & contested.c.draft.is_not(None), gold.CONTESTED),
        (many >= 2, gold.AGREED),
        ((owed.c.owed == 1) & (many == 1), gold.SINGLE),
        (owed.c.skips > 0, gold.SKIPPED),
        else_=gold.MISSING,
    )

    def is_of(other: sa.Subquery) -> sa.ColumnElement[bool]:
        return (other.c.draft == owed.c.draft) & (other.c.dimension == round_dimensions.c.dimension)

    return (
        sa.select(
            owed.c.draft,
            round_dimensions.c.dimension,
            round_dimensions.c.position,
            state.label("state"),
            differs.label("differs"),
        )
        .select_from(
            owed.join(round_dimensions, round_dimensions.c.round == round_)
            .outerjoin(given, is_of(given))
            .outerjoin(decided, is_of(decided))
            .outerjoin(contested, is_of(contested))
        )
        .subquery()
    )


def contested_in(round_: int) -> sa.Select:
    """draft (id) and dimension of the cells of a round to which a spot check gave another level than their labels."""
    return (
        sa.select(spot_check_cells.c.draft, spot_check_cells.c.dimension)
        .join(spot_checks, spot_checks.c.id == spot_check_cells.c.spot_check)
        .where(spot_checks.c.round == round_, spot_check_cells.c.value != spot_check_cells.c.agreed)
    )


def history_of_closed_round(connection: sa.Connection, round_: int, ids: Sequence[int] | None = None) -> Sequence[sa.Row]:
    """Every label of a closed round (of drafts of these ids), superseded ones too, in the order made. Refuses an open round."""
    told_ = _read(connection, round_)
    return connection.execute(
        sa.select(
            labels.c.id.label("label"),
            drafts.c.draft_id,
            people.c.name.label("annotator"),
            labels.c.dimension,
            labels.c.value,
            labels.c.labelled_at,
            labels.c.supersedes,
        )
        .select_from(
            labels.join(assignments, assignments.c.id == labels.c.assignment)
            .join(drafts, drafts.c.id == assignments.c.draft)
            .join(people, people.c.id == assignments.c.person)
        )
        .where(
            assignments.c.round == round_,
            ~assignments.c.is_practice,
            told_,
            sa.true() if ids is None else among(connection, assignments.c.draft, ids),
        )
        .order_by(labels.c.id)
    ).all()


def sliceable_of_closed_round(connection: sa.Connection, round_: int) -> Sequence[sa.Row]:
    """Every current label that counts in a closed round, with what its draft can be told apart by: draft_id, cluster,
    target (the dimension the task was written to test), source_mode, difficulty, partition, author, annotator, dimension, value,
    position (in the annotator's own order), first_saved_at.

    Raises NotYourTurn for an open round, as `of_closed_round` does.
    """
    told_ = _read(connection, round_)
    first = (
        sa.select(sa.func.min(saves.c.saved_at, type_=saves.c.saved_at.type))
        .where(saves.c.assignment == assignments.c.id)
        .scalar_subquery()
    )
    return connection.execute(
        sa.select(
            drafts.c.draft_id,
            tasks.c.cluster,
            tasks.c.dimension.label("target"),
            tasks.c.source_mode,
            tasks.c.difficulty,
            tasks.c.partition,
            drafts.c.author,
            people.c.name.label("annotator"),
            labels.c.dimension,
            labels.c.value,
            assignments.c.position,
            first.label("first_saved_at"),
        )
        .select_from(
            labels.join(assignments, assignments.c.id == labels.c.assignment)
            .join(drafts, drafts.c.id == assignments.c.draft)
            .join(tasks, tasks.c.id == drafts.c.task)
            .join(people, people.c.id == assignments.c.person)
        )
        .where(assignments.c.round == round_, ~assignments.c.is_practice, ~superseded(), told_)
        .order_by(drafts.c.draft_id, labels.c.dimension, people.c.id)
    ).all()


def time_of_closed_round(connection: sa.Connection, round_: int) -> Sequence[sa.Row]:
    """Who delivered what that counts in a closed round, and how long it took: annotator, state, seconds. Refuses an
    open round."""
    told_ = _read(connection, round_)
    return connection.execute(
        sa.select(people.c.name.label("annotator"), assignments.c.state, assignments.c.seconds)
        .join(people, people.c.id == assignments.c.person)
        .where(assignments.c.round == round_, ~assignments.c.is_practice, told_)
        .order_by(assignments.c.id)
    ).all()
