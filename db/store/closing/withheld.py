"""What is held back from whoever reads: everything known of a draft that they label in an open round, in every closed round and
label set (docs/decisions/0020). From a file that leaves the store (`db.engine.leaving`), everything known of a draft that is
sealed is held back too, whoever takes it (docs/decisions/0037). What was noted on a sealed draft may quote it: `words_told`.

This is the one place that says which drafts those are. Every query of what drafts were given asks here and leaves them out, so
that no row, count, figure or file of that reader has them in it; a query that cannot leave them out is not asked. Which drafts
are held back depends on who labels what, and on what is sealed, never on a label.
"""

import sqlalchemy as sa

from db.engine import is_deciding, is_leaving, reader_of
from db.schema import (
    assignments,
    candidates,
    compared_pairs,
    comparison_rounds,
    drafts,
    round_drafts,
    rounds,
    sealed_drafts,
    sealed_tasks,
    set_labels,
    shown_pairs,
    tasks,
)
from db.store.bench.sealing import is_sealed, sealed_draft_ids
from db.store.projects import drafts_in_project

NOTED_ON_SEALED = "(told only to who labels or decides on it: the draft is sealed)"


def labelled_in_rounds(person: int) -> sa.Select[tuple[int]]:
    """The drafts (ids) that the person labels, or may still correct, in any open round, of whichever project."""
    # By the open rounds, which are few: a join may begin with all that the person ever labelled.
    still_open = sa.select(rounds.c.id).where(rounds.c.closed_at.is_(None))
    return sa.select(assignments.c.draft).where(assignments.c.person == person, assignments.c.round.in_(still_open))


def compared_by(person: int) -> sa.CompoundSelect:
    """The drafts (ids) that the person compares with another in an open comparison round, of whichever project."""
    return sa.union(
        *(
            sa.select(draft.label("draft"))
            .join(shown_pairs, shown_pairs.c.pair == compared_pairs.c.id)
            .join(comparison_rounds, comparison_rounds.c.id == compared_pairs.c.comparison)
            .where(shown_pairs.c.person == person, comparison_rounds.c.closed_at.is_(None))
            for draft in (compared_pairs.c.draft_a, compared_pairs.c.draft_b)
        )
    )


def drafts_labelled_by(person: int) -> sa.Select[tuple[int]]:
    """The drafts (ids) that the person labels or compares in any open round: what is held back from them."""
    every = sa.union(labelled_in_rounds(person), sa.select(compared_by(person).subquery("compared").c.draft)).subquery("theirs")
    return sa.select(every.c.draft)


def _may_hold_back(connection: sa.Connection) -> bool:
    """Whether there can be anything to hold back: somebody reads, or a file leaves."""
    return bool(reader_of(connection)) or is_leaving(connection)


def _held(connection: sa.Connection) -> sa.Select[tuple[int]] | sa.CompoundSelect[tuple[int]]:
    """The drafts (ids) that are held back, of whichever round."""
    labelled = drafts_labelled_by(reader_of(connection))
    return sa.union(labelled, sealed_draft_ids()) if is_leaving(connection) else labelled


def _of_closed(connection: sa.Connection, round_: int) -> sa.Select[tuple[int]]:
    """The drafts (ids) of a round that are held back from the reader; none of an open one, of which nothing is told anyway."""
    return (
        sa.select(round_drafts.c.draft)
        .join(rounds, rounds.c.id == round_drafts.c.round)
        .where(round_drafts.c.round == round_, rounds.c.closed_at.is_not(None), round_drafts.c.draft.in_(_held(connection)))
    )


def holds_back(connection: sa.Connection, round_: int) -> bool:
    """Whether a draft of the closed round is held back from the reader. Where none is, whoever reads sees the round as it is."""
    return _may_hold_back(connection) and connection.execute(_of_closed(connection, round_).limit(1)).first() is not None


def holds_back_anywhere(connection: sa.Connection) -> bool:
    """Whether anything is held back from the reader in any closed round, of whichever project."""
    again = (
        sa.select(round_drafts.c.draft)
        .join(rounds, rounds.c.id == round_drafts.c.round)
        .where(rounds.c.closed_at.is_not(None), round_drafts.c.draft.in_(_held(connection)))
    )
    return _may_hold_back(connection) and connection.execute(again.limit(1)).first() is not None


def drafts_of(connection: sa.Connection, round_: int) -> list[int]:
    """The drafts (ids) of the closed round that are held back from the reader."""
    return sorted(connection.scalars(_of_closed(connection, round_))) if _may_hold_back(connection) else []


def drafts_held(connection: sa.Connection) -> list[int]:
    """The drafts (ids) that are held back from the reader, of whichever round."""
    return sorted(connection.scalars(_held(connection))) if _may_hold_back(connection) else []


def many_of(connection: sa.Connection, round_: int) -> int:
    """How many of the drafts that count in the closed round are held back from the reader."""
    return _many(connection, _of_closed(connection, round_)) if _may_hold_back(connection) else 0


def sealed_of(connection: sa.Connection, round_: int) -> int:
    """How many of them are so because they are sealed, and a file leaves."""
    if not is_leaving(connection):
        return 0
    return _many(connection, _of_closed(connection, round_).where(round_drafts.c.draft.in_(sealed_draft_ids())))


def _many(connection: sa.Connection, of: sa.Select[tuple[int]]) -> int:
    counted = of.where(~round_drafts.c.is_practice).subquery()
    return connection.execute(sa.select(sa.func.count()).select_from(counted)).scalar_one()


def told(connection: sa.Connection, draft: sa.ColumnElement[int], round_: int) -> sa.ColumnElement[bool]:
    """Whether the reader may be told what a draft was given: `draft` holds the id of one of the closed round."""
    return draft.not_in(_of_closed(connection, round_)) if holds_back(connection, round_) else sa.true()


def told_anywhere(connection: sa.Connection, draft: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
    """The same of drafts of any round."""
    return draft.not_in(_held(connection)) if _may_hold_back(connection) else sa.true()


def words_told(connection: sa.Connection, draft: sa.ColumnElement[int], words: sa.ColumnElement) -> sa.ColumnElement:
    """What somebody wrote of a draft (`draft` holds its id) in words of their own, a note or a reason: of a sealed one only for
    who labels it or decides on it now. Others read `NOTED_ON_SEALED` in its place."""
    if is_deciding(connection) or not _is_anything_sealed(connection):
        return words
    hidden = sa.and_(words != "", draft.in_(_unread(connection)))
    return sa.case((hidden, sa.literal(NOTED_ON_SEALED)), else_=words)


def words_on_round_told(connection: sa.Connection, round_: int, words: sa.ColumnElement) -> sa.ColumnElement:
    """The same of what somebody wrote of a round's drafts without saying which: where one of them is sealed, only for who labels
    a sealed one of it."""
    hidden = not is_deciding(connection) and _is_anything_sealed(connection) and not may_write_on_round(connection, round_)
    return sa.case((words != "", sa.literal(NOTED_ON_SEALED)), else_=words) if hidden else words


def words_on_candidate_told(connection: sa.Connection, words: sa.ColumnElement) -> sa.ColumnElement:
    """The same of what was said of a candidate (`db.schema.candidates`) whose task is sealed: told to nobody."""
    if not _is_anything_sealed(connection):
        return words
    sealed = sa.exists().where(
        tasks.c.task_id == candidates.c.task_id, tasks.c.project == candidates.c.project, is_sealed(tasks.c.id)
    )
    return sa.case((sa.and_(words != "", sealed), sa.literal(NOTED_ON_SEALED)), else_=words)


def may_write_on(connection: sa.Connection, draft: int) -> bool:
    """Whether the reader may add to the words on a draft (its id): on a sealed one whoever reads them."""
    return connection.scalar(sa.select(drafts.c.id).where(drafts.c.id == draft, drafts.c.id.in_(_unread(connection)))) is None


def may_write_on_round(connection: sa.Connection, round_: int) -> bool:
    """Whether the reader may add to the words on a round: where a draft of it is sealed, whoever labels a sealed one."""
    sealed = sa.select(round_drafts.c.draft).where(round_drafts.c.round == round_, round_drafts.c.draft.in_(sealed_draft_ids()))
    if connection.execute(sealed.limit(1)).first() is None:
        return True
    own = assignments.c.person == reader_of(connection), assignments.c.round == round_, assignments.c.draft.in_(sealed)
    return connection.execute(sa.select(assignments.c.draft).where(*own).limit(1)).first() is not None


def _is_anything_sealed(connection: sa.Connection) -> bool:
    sealed = sa.select(sealed_tasks.c.task).where(sealed_tasks.c.content.is_not(None))
    return connection.execute(sealed.limit(1)).first() is not None


def _unread(connection: sa.Connection) -> sa.Select[tuple[int]]:
    """The sealed drafts (ids) that the reader does not label."""
    seated = sa.select(assignments.c.draft).where(assignments.c.person == reader_of(connection))
    return sealed_draft_ids().where(sealed_drafts.c.draft.not_in(seated))


def _names(connection: sa.Connection) -> sa.CompoundSelect:
    """What the units of a label set are called that are held back: the project's drafts, and their tasks."""
    mine = _held(connection)
    own = sa.select(drafts.c.draft_id).where(drafts.c.id.in_(mine), drafts_in_project(connection))
    of_tasks = (
        sa.select(tasks.c.task_id)
        .join(drafts, drafts.c.task == tasks.c.id)
        .where(drafts.c.id.in_(mine), drafts_in_project(connection))
    )
    return own.union(of_tasks)


def units_held_back(connection: sa.Connection, label_set: int) -> int:
    """How many units of a label set of the project in hand are held back from the reader."""
    if not _may_hold_back(connection):
        return 0
    there = sa.select(sa.func.count(set_labels.c.unit.distinct())).where(set_labels.c.label_set == label_set)
    return connection.execute(there.where(set_labels.c.unit.in_(_names(connection)))).scalar_one()


def told_units(connection: sa.Connection, label_set: int) -> sa.ColumnElement[bool]:
    """Whether the reader may be told what a unit of a label set was given."""
    return set_labels.c.unit.not_in(_names(connection)) if units_held_back(connection, label_set) else sa.true()
