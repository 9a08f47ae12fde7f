"""What meetings said, why a rubric version was published, and versions being written. What was said of a draft that is held back
from the reader (`closing.withheld`) is in none of it: a draft is discussed because its labels differ."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from db.aliases import alias_of
from db.schema import (
    discussions,
    drafts,
    meeting_notes,
    people,
    publications,
    published_decisions,
    round_drafts,
    rounds,
    rubric_versions,
    tasks,
    unfinished_versions,
)
from db.store import insert_into
from db.store.closing.withheld import told, told_anywhere, words_on_round_told, words_told
from db.store.projects import tasks_in_project


def _in_force(table: sa.Table) -> sa.ColumnElement[bool]:
    later = alias_of(table, "later")
    return ~sa.exists().where(later.c.supersedes == table.c.id)


def add_discussion(connection: sa.Connection, values: Mapping) -> int:
    return connection.execute(sa.insert(discussions).values(**values).returning(discussions.c.id)).scalar_one()


def _discussion(connection: sa.Connection) -> list[sa.ColumnElement]:
    """The columns of a discussion; what was decided of a sealed draft as the reader may be told."""
    plain = [column for column in discussions.c if column.name != "decision"]
    return [*plain, words_told(connection, discussions.c.draft, discussions.c.decision).label("decision")]


def discussions_of(connection: sa.Connection, round_: int) -> Sequence[sa.Row]:
    """What was said last of each disagreement of a round (marks taken back too), with draft_id and who said it."""
    return connection.execute(
        sa.select(*_discussion(connection), drafts.c.draft_id, people.c.name.label("said_by"))
        .join(drafts, drafts.c.id == discussions.c.draft)
        .join(people, people.c.id == discussions.c.person)
        .where(discussions.c.round == round_, _in_force(discussions), told(connection, discussions.c.draft, round_))
        .order_by(discussions.c.id)
    ).all()


def history_of_discussion(connection: sa.Connection, round_: int, draft: int, dimension: str) -> Sequence[sa.Row]:
    """All that was ever said of one disagreement, the first first."""
    return connection.execute(
        sa.select(*_discussion(connection), people.c.name.label("said_by"))
        .join(people, people.c.id == discussions.c.person)
        .where(discussions.c.round == round_, discussions.c.draft == draft, discussions.c.dimension == dimension)
        .order_by(discussions.c.id)
    ).all()


def marked_tasks(connection: sa.Connection) -> sa.Select:
    """Tasks (id) of which a draft was discussed in any round's meeting, the mark not taken back: for a query around it."""
    return (
        sa.select(drafts.c.task)
        .join(discussions, discussions.c.draft == drafts.c.id)
        .where(~discussions.c.withdrawn, _in_force(discussions), told_anywhere(connection, discussions.c.draft))
    )


def tasks_not_fresh(connection: sa.Connection) -> sa.CompoundSelect:
    """Tasks (id) whose drafts measure no new version: those discussed, and every task of a draft that is held back from the
    reader, discussed or not, so that what is left to draw from does not tell."""
    held = sa.select(drafts.c.task).where(~told_anywhere(connection, drafts.c.id))
    return sa.union(marked_tasks(connection), held)


def discussed_tasks(connection: sa.Connection) -> set[str]:
    """task_ids of the project's tasks of which a draft was discussed in any round's meeting."""
    return set(
        connection.scalars(
            sa.select(tasks.c.task_id).where(tasks.c.id.in_(marked_tasks(connection)), tasks_in_project(connection))
        )
    )


def drafts_of_discussed_tasks(connection: sa.Connection, round_: int) -> int:
    """How many drafts the tasks discussed in a round's meeting have, in the round or not."""
    mine = marked_tasks(connection).where(discussions.c.round == round_)
    return connection.execute(sa.select(sa.func.count()).select_from(drafts).where(drafts.c.task.in_(mine))).scalar_one()


def _of_tasks_talked_of_besides(round_: int) -> sa.Select:
    """The drafts (ids) of tasks of which one was discussed in another round: few, where those of the round are many."""
    of, other = alias_of(discussions, "spoken"), alias_of(drafts, "spoken_of")
    beside = alias_of(drafts, "beside")
    return (
        sa.select(beside.c.id)
        .select_from(of.join(other, other.c.id == of.c.draft).join(beside, beside.c.task == other.c.task))
        .where(of.c.round != round_)
    )


def discussed_before(connection: sa.Connection, round_: int) -> set[str]:
    """draft_ids of the drafts that count in a round and were discussed, or another of their task, in another round's meeting
    before this one was closed (so far, for an open one)."""
    ours, early = alias_of(rounds, "ours"), alias_of(discussions, "early")
    earlier = sa.select(early.c.id).where(
        early.c.round == discussions.c.round,
        early.c.draft == discussions.c.draft,
        early.c.dimension == discussions.c.dimension,
        ~early.c.withdrawn,
        sa.or_(ours.c.closed_at.is_(None), early.c.discussed_at < ours.c.closed_at),
    )
    talked = alias_of(drafts, "talked")
    return set(
        connection.scalars(
            sa.select(drafts.c.draft_id)
            .distinct()
            .select_from(
                round_drafts.join(drafts, drafts.c.id == round_drafts.c.draft)
                .join(ours, ours.c.id == round_drafts.c.round)
                .join(talked, talked.c.task == drafts.c.task)
                .join(discussions, discussions.c.draft == talked.c.id)
            )
            .where(
                round_drafts.c.round == round_,
                ~round_drafts.c.is_practice,
                round_drafts.c.draft.in_(_of_tasks_talked_of_besides(round_)),
                discussions.c.round != round_,
                ~discussions.c.withdrawn,
                _in_force(discussions),
                earlier.exists(),
                told(connection, round_drafts.c.draft, round_),
                told_anywhere(connection, discussions.c.draft),
            )
        )
    )


def add_note(connection: sa.Connection, values: Mapping) -> int:
    return connection.execute(sa.insert(meeting_notes).values(**values).returning(meeting_notes.c.id)).scalar_one()


def note_of(connection: sa.Connection, round_: int, dimension: str) -> sa.Row | None:
    """The note on a round's dimension as it stands, as the reader may be told where drafts are sealed; with who wrote it."""
    plain = [column for column in meeting_notes.c if column.name != "note"]
    note = words_on_round_told(connection, round_, meeting_notes.c.note).label("note")
    return connection.execute(
        sa.select(*plain, note, people.c.name.label("noted_by"))
        .join(people, people.c.id == meeting_notes.c.person)
        .where(meeting_notes.c.round == round_, meeting_notes.c.dimension == dimension, _in_force(meeting_notes))
    ).one_or_none()


def add_publication(connection: sa.Connection, values: Mapping, discussion_ids: Sequence[int]) -> sa.Row:
    """The new record, as `publication_of` has it."""
    made = connection.execute(sa.insert(publications).values(**values).returning(publications.c.id)).scalar_one()
    if discussion_ids:
        connection.execute(sa.insert(published_decisions), [{"publication": made, "discussion": each} for each in discussion_ids])
    return connection.execute(_publications(values["rubric_version"])).one()


def _publications(rubric_version: int) -> sa.Select:
    return (
        sa.select(
            publications,
            rubric_versions.c.digest,
            rubric_versions.c.published_at,
            people.c.name.label("recorded_by"),
            rounds.c.name.label("round_name"),
            rounds.c.project.label("round_project"),
        )
        .join(rubric_versions, rubric_versions.c.id == publications.c.rubric_version)
        .join(people, people.c.id == publications.c.person)
        .outerjoin(rounds, rounds.c.id == publications.c.round)
        .where(publications.c.rubric_version == rubric_version)
    )


def publication_of(connection: sa.Connection, rubric_version: int) -> sa.Row | None:
    """Why a version was published, with its digest and published_at, who recorded it (recorded_by), the round's name and its
    project (round_name, round_project)."""
    return connection.execute(_publications(rubric_version)).one_or_none()


def decisions_behind(connection: sa.Connection, publication: int) -> Sequence[sa.Row]:
    """The meeting's decisions a version was published on, as they stood then: draft_id, task_id, dimension,
    decision, said_by, discussed_at."""
    return connection.execute(
        sa.select(
            drafts.c.draft_id,
            tasks.c.task_id,
            discussions.c.dimension,
            words_told(connection, discussions.c.draft, discussions.c.decision).label("decision"),
            people.c.name.label("said_by"),
            discussions.c.discussed_at,
        )
        .select_from(
            published_decisions.join(discussions, discussions.c.id == published_decisions.c.discussion)
            .join(drafts, drafts.c.id == discussions.c.draft)
            .join(tasks, tasks.c.id == drafts.c.task)
            .join(people, people.c.id == discussions.c.person)
        )
        .where(published_decisions.c.publication == publication, told_anywhere(connection, discussions.c.draft))
        .order_by(discussions.c.id)
    ).all()


def keep_unfinished(
    connection: sa.Connection, *, person: int, name: str, source: str, at: datetime, taken_from: str | None = None
) -> None:
    """`taken_from` counts where it begins: it stays as long as the version is written."""
    values = {"source": source, "kept_at": at}
    connection.execute(
        insert_into(connection, unfinished_versions)
        .values(person=person, name=name, taken_from=taken_from, **values)
        .on_conflict_do_update(index_elements=["person", "name"], set_=values)
    )


def unfinished(connection: sa.Connection, person: int, name: str) -> sa.Row | None:
    return connection.execute(
        sa.select(unfinished_versions).where(unfinished_versions.c.person == person, unfinished_versions.c.name == name)
    ).one_or_none()


def names_of_unfinished(connection: sa.Connection, person: int) -> set[str]:
    """The names of the versions that a person is writing."""
    return set(connection.scalars(sa.select(unfinished_versions.c.name).where(unfinished_versions.c.person == person)))


def drop_unfinished(connection: sa.Connection, person: int, name: str) -> None:
    connection.execute(
        sa.delete(unfinished_versions).where(unfinished_versions.c.person == person, unfinished_versions.c.name == name)
    )
