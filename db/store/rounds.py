"""Rubric versions as published, rounds, and who owes what in them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from db.aliases import alias_of
from db.engine import has_reader
from db.schema import (
    assignments,
    cell_counts,
    people,
    projects,
    queries,
    round_annotators,
    round_dimensions,
    round_drafts,
    rounds,
    rubric_versions,
)
from db.schema import drafts as drafts_table
from db.store import among, chunks
from db.store.closing.withheld import drafts_of, holds_back, told, words_told
from db.store.projects import in_project


def rubric_version(connection: sa.Connection, name: str, digest: str) -> sa.Row | None:
    return connection.execute(
        sa.select(rubric_versions).where(rubric_versions.c.name == name, rubric_versions.c.digest == digest)
    ).one_or_none()


def published(connection: sa.Connection, name: str) -> sa.Row | None:
    return connection.execute(
        sa.select(rubric_versions).where(rubric_versions.c.name == name, rubric_versions.c.published_at.is_not(None))
    ).one_or_none()


def all_rubric_versions(connection: sa.Connection, name: str | None = None) -> Sequence[sa.Row]:
    """Every row of every version, or of the one called `name`, without the bytes: id, name, digest, published_at, finished_at,
    superseded_at, finished_by (a name)."""
    columns = [column for column in rubric_versions.c if column.name not in ("source", "published_by", "finished_by")]
    by = people.c.id == rubric_versions.c.finished_by
    query = sa.select(*columns, people.c.name.label("finished_by")).select_from(rubric_versions.outerjoin(people, by))
    if name is not None:
        query = query.where(rubric_versions.c.name == name)
    return connection.execute(query.order_by(rubric_versions.c.name, rubric_versions.c.id)).all()


def add_rubric_version(connection: sa.Connection, *, name: str, digest: str, source: bytes) -> int:
    return connection.execute(
        sa.insert(rubric_versions).values(name=name, digest=digest, source=source).returning(rubric_versions.c.id)
    ).scalar_one()


def versions_of_seats(connection: sa.Connection, person: int) -> list[int]:
    """The rubric versions (ids) of the project's rounds in which the person has a seat, by name."""
    seat = sa.exists().where(round_annotators.c.round == rounds.c.id, round_annotators.c.person == person)
    mine = sa.select(rounds.c.rubric_version).where(seat, in_project(connection, rounds.c.project))
    query = sa.select(rubric_versions.c.id).where(rubric_versions.c.id.in_(mine))
    return list(connection.scalars(query.order_by(rubric_versions.c.name, rubric_versions.c.id)))


def finish(connection: sa.Connection, rubric_version: int, *, person: int | None, at: datetime) -> None:
    """This row stands under its name from now on, and no other does."""
    mine = rubric_versions.c.id == rubric_version
    same = alias_of(rubric_versions, "same")
    name = sa.select(same.c.name).where(same.c.id == rubric_version).scalar_subquery()
    stood = rubric_versions.c.finished_at.is_not(None) & rubric_versions.c.superseded_at.is_(None)
    connection.execute(sa.update(rubric_versions).where(rubric_versions.c.name == name, stood, ~mine).values(superseded_at=at))
    connection.execute(sa.update(rubric_versions).where(mine).values(finished_at=at, finished_by=person, superseded_at=None))


def supersede(connection: sa.Connection, rubric_version: int, *, at: datetime) -> None:
    """This row stands no longer."""
    connection.execute(sa.update(rubric_versions).where(rubric_versions.c.id == rubric_version).values(superseded_at=at))


def publish(connection: sa.Connection, rubric_version: int, *, person: int, at: datetime) -> None:
    """A version is published by somebody: its row stands, if it did not, as they finished it."""
    was = connection.execute(
        sa.select(rubric_versions.c.finished_at, rubric_versions.c.superseded_at).where(rubric_versions.c.id == rubric_version)
    ).one()
    if was.finished_at is None or was.superseded_at is not None:
        finish(connection, rubric_version, person=person, at=at)
    connection.execute(
        sa.update(rubric_versions).where(rubric_versions.c.id == rubric_version).values(published_at=at, published_by=person)
    )


def rubric_source(connection: sa.Connection, rubric_version: int) -> sa.Row:
    """name and source (the bytes of the file) of one rubric version."""
    return connection.execute(
        sa.select(rubric_versions.c.name, rubric_versions.c.source, rubric_versions.c.digest).where(
            rubric_versions.c.id == rubric_version
        )
    ).one()


def add_round(
    connection: sa.Connection,
    values: Mapping,
    *,
    dimensions: Sequence[str],
    annotators: Sequence[int],
    drafts: Sequence[int],
    practice: Sequence[int],
    assigned: Sequence[Mapping],
) -> int:
    """A round with everything that belongs to it; `assigned` rows carry draft, person, position and is_practice."""
    made = connection.execute(sa.insert(rounds).values(**values).returning(rounds.c.id)).scalar_one()
    connection.execute(
        sa.insert(round_dimensions),
        [{"round": made, "dimension": key, "position": place} for place, key in enumerate(dimensions, start=1)],
    )
    connection.execute(
        sa.insert(round_annotators),
        [{"round": made, "person": person, "position": place} for place, person in enumerate(annotators, start=1)],
    )
    held = [{"round": made, "draft": draft, "is_practice": False} for draft in drafts]
    held += [{"round": made, "draft": draft, "is_practice": True} for draft in practice]
    for part in chunks(held):
        connection.execute(sa.insert(round_drafts), list(part))
    waiting = [{**row, "round": made, "state": "waiting", "revision": 0, "seconds": 0.0} for row in assigned]
    for part in chunks(waiting):
        connection.execute(sa.insert(assignments), list(part))
    return made


def _rounds() -> sa.Select:
    return (
        sa.select(
            rounds,
            rubric_versions.c.name.label("rubric"),
            rubric_versions.c.digest.label("rubric_digest"),
            projects.c.is_sample,
            projects.c.name.label("project_name"),
            projects.c.rubric.label("project_rubric"),
        )
        .join(rubric_versions, rubric_versions.c.id == rounds.c.rubric_version)
        .join(projects, projects.c.id == rounds.c.project)
    )


def by_id(connection: sa.Connection, round_: int) -> sa.Row:
    return connection.execute(_rounds().where(rounds.c.id == round_)).one()


def by_folded(connection: sa.Connection, folded: str, *, lock: bool = False) -> Sequence[sa.Row]:
    """The rounds of that name, one in a project, each with its rubric's name and digest, its project's name and whether that is
    the sample. `lock`: no one else may close them or save in them meanwhile."""
    query = _rounds().where(rounds.c.folded == folded, in_project(connection, rounds.c.project)).order_by(rounds.c.id)
    return connection.execute(query.with_for_update(of=rounds) if lock else query).all()


def projects_with_round(connection: sa.Connection, folded: str, among: set[int] | None = None) -> list[str]:
    """The names of the projects that have a round of that name, whichever is in hand; of all, or `among` these (ids)."""
    query = sa.select(projects.c.name).join(rounds, rounds.c.project == projects.c.id).where(rounds.c.folded == folded)
    if among is not None:
        query = query.where(projects.c.id.in_(among))
    return list(connection.scalars(query.order_by(projects.c.id)))


def is_open(connection: sa.Connection, round_: int) -> bool:
    """Whether the round is open; it stays so until the caller's transaction ends."""
    closed = connection.execute(
        sa.select(rounds.c.closed_at).where(rounds.c.id == round_).with_for_update(read=True, of=rounds)
    ).scalar_one()
    return closed is None


def all_rounds(connection: sa.Connection) -> Sequence[sa.Row]:
    """Every round with what `by_folded` gives of it, the newest first."""
    mine = in_project(connection, rounds.c.project)
    return connection.execute(_rounds().where(mine).order_by(rounds.c.opened_at.desc(), rounds.c.id.desc())).all()


def _in_short() -> sa.Select:
    """Every round without anything in it counted, for the person that is bound."""
    repeated = alias_of(rounds, "repeated")
    person = sa.bindparam("person", type_=sa.Integer)
    mine = sa.exists().where(round_annotators.c.round == rounds.c.id, round_annotators.c.person == person)
    waits = sa.exists().where(
        assignments.c.round == rounds.c.id, assignments.c.person == person, assignments.c.state == "waiting"
    )
    return (
        sa.select(
            rounds.c.id,
            rounds.c.name,
            rounds.c.kind,
            rubric_versions.c.name.label("rubric"),
            projects.c.is_sample,
            rounds.c.closed_at,
            repeated.c.name.label("of_round"),
            mine.label("mine"),
            sa.and_(rounds.c.closed_at.is_(None), waits).label("waits"),
        )
        .join(rubric_versions, rubric_versions.c.id == rounds.c.rubric_version)
        .join(projects, projects.c.id == rounds.c.project)
        .outerjoin(repeated, repeated.c.id == rounds.c.of_round)
        .order_by(rounds.c.opened_at.desc(), rounds.c.id.desc())
    )


IN_SHORT = _in_short()  # asked at each drawing of each page: made once, as making it takes ten times as long as its answer


def in_short(connection: sa.Connection, person: int) -> Sequence[sa.Row]:
    """Every round, the newest first, nothing in it counted: id, name, kind, rubric, is_sample, closed_at, of_round (a name),
    whether the person labels in it (`mine`), and whether drafts wait for them there (`waits`)."""
    return connection.execute(IN_SHORT.where(in_project(connection, rounds.c.project)), {"person": person}).all()


def drafts_in(connection: sa.Connection, round_: int) -> int:
    """How many drafts count in the round: counted, unless that was done when it was closed (`closing.cells`)."""
    kept = sa.select(sa.func.sum(cell_counts.c.cells)).where(cell_counts.c.round == round_).group_by(cell_counts.c.dimension)
    if (drafts := connection.scalar(kept.limit(1))) is not None:
        return int(drafts)
    return connection.execute(
        sa.select(sa.func.count()).where(round_drafts.c.round == round_, ~round_drafts.c.is_practice)
    ).scalar_one()


def rounds_of_draft(connection: sa.Connection, draft: int) -> Sequence[sa.Row]:
    """The rounds that hold a draft (its id), of whichever project, the newest first: id, name, project, closed_at,
    rubric_version, rubric (its name), is_practice."""
    return connection.execute(
        sa.select(
            rounds.c.id,
            rounds.c.name,
            rounds.c.project,
            rounds.c.closed_at,
            rounds.c.rubric_version,
            rubric_versions.c.name.label("rubric"),
            round_drafts.c.is_practice,
        )
        .join(rubric_versions, rubric_versions.c.id == rounds.c.rubric_version)
        .join(round_drafts, round_drafts.c.round == rounds.c.id)
        .where(round_drafts.c.draft == draft)
        .order_by(rounds.c.opened_at.desc(), rounds.c.id.desc())
    ).all()


def draft_in_several(connection: sa.Connection, rounds_: Sequence[int]) -> sa.Row | None:
    """A draft that counts in more than one of these rounds, if there is one: draft_id, the first and the last round (ids)."""
    held = round_drafts.c.round
    return connection.execute(
        sa.select(drafts_table.c.draft_id, sa.func.min(held).label("first"), sa.func.max(held).label("last"))
        .join(drafts_table, drafts_table.c.id == round_drafts.c.draft)
        .where(held.in_(rounds_), ~round_drafts.c.is_practice)
        .group_by(drafts_table.c.draft_id)
        .having(sa.func.count() > 1)
        .order_by(drafts_table.c.draft_id)
        .limit(1)
    ).one_or_none()


def dimensions_of(connection: sa.Connection, round_: int) -> list[str]:
    return list(
        connection.scalars(
            sa.select(round_dimensions.c.dimension)
            .where(round_dimensions.c.round == round_)
            .order_by(round_dimensions.c.position)
        )
    )


def annotators_of(connection: sa.Connection, round_: int) -> Sequence[sa.Row]:
    """id and name of the round's annotators, in the order they were named."""
    return connection.execute(
        sa.select(people.c.id, people.c.name)
        .join(round_annotators, round_annotators.c.person == people.c.id)
        .where(round_annotators.c.round == round_)
        .order_by(round_annotators.c.position)
    ).all()


KEPT = ("saved", "skipped", "waiting", "practice", "seconds")
MOST_TAKEN_OFF = 50_000  # drafts held back; of more, deliveries are counted without them


def delivered(connection: sa.Connection, round_: int) -> Sequence[sa.Row]:
    """Per annotator of the round, in the order they were named (round, person, name): how many counted drafts are `saved`,
    `skipped`, `waiting`; `practice` still waiting; `seconds` spent. Of a closed round as it was kept at closing, or, where a
    draft of it is held back from the reader, without it (where a reader is named: how far everybody is tells no
    label)."""
    kept = {name: round_annotators.c[name] for name in KEPT}
    rows = connection.execute(_of_annotators(round_, kept)).all()
    is_kept = all(row.saved is not None for row in rows)
    if not (has_reader(connection) and holds_back(connection, round_)):
        return rows if is_kept else delivered_by_now(connection, round_)
    held = drafts_of(connection, round_)
    if not is_kept or len(held) > MOST_TAKEN_OFF:
        return delivered_by_now(connection, round_, told(connection, assignments.c.draft, round_))
    less = _counted_by_now(round_, among(connection, assignments.c.draft, held)).order_by(None).subquery("less")
    left = {name: column - less.c[name] for name, column in kept.items()}
    # What a sum of fractions leaves in its last digits would tell of the drafts that were taken off.
    left["seconds"] = sa.cast(sa.func.round(sa.cast(left["seconds"], sa.Numeric), 6), sa.Float)
    return connection.execute(_of_annotators(round_, left).join(less, less.c.person == people.c.id)).all()


def _of_annotators(round_: int, columns: Mapping[str, sa.ColumnElement]) -> sa.Select:
    """round, person, name and these columns of each annotator of a round, in the order they were named."""
    return (
        sa.select(
            round_annotators.c.round,
            people.c.id.label("person"),
            people.c.name,
            *(column.label(name) for name, column in columns.items()),
        )
        .join_from(round_annotators, people, people.c.id == round_annotators.c.person)
        .where(round_annotators.c.round == round_)
        .order_by(round_annotators.c.position)
    )


def delivered_by_now(connection: sa.Connection, round_: int, some: sa.ColumnElement[bool] | None = None) -> Sequence[sa.Row]:
    """What `delivered` gives, counted from the assignments (`some`: those it holds for)."""
    return connection.execute(_counted_by_now(round_, some)).all()


def _counted_by_now(round_: int, some: sa.ColumnElement[bool] | None) -> sa.Select:
    def many(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
        return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)

    counted = ~assignments.c.is_practice
    columns = {state: many(counted & (assignments.c.state == state)) for state in ("saved", "skipped", "waiting")}
    columns["practice"] = many(assignments.c.is_practice & (assignments.c.state == "waiting"))
    columns["seconds"] = sa.func.coalesce(sa.func.sum(assignments.c.seconds), 0.0)
    theirs = (
        (assignments.c.round == round_annotators.c.round)
        & (assignments.c.person == round_annotators.c.person)
        & (sa.true() if some is None else some)
    )
    return (
        _of_annotators(round_, columns)
        .outerjoin(assignments, theirs)
        .group_by(round_annotators.c.round, people.c.id, people.c.name, round_annotators.c.position)
    )


def waiting_for(connection: sa.Connection, person: int) -> list[str]:
    """Names of the open rounds in which the person has assignments waiting, the oldest first."""
    mine = sa.exists().where(assignments.c.round == rounds.c.id, assignments.c.person == person, assignments.c.state == "waiting")
    return list(
        connection.scalars(
            sa.select(rounds.c.name)
            .where(rounds.c.closed_at.is_(None), mine, in_project(connection, rounds.c.project))
            .order_by(rounds.c.opened_at, rounds.c.id)
        )
    )


def queries_of(connection: sa.Connection, round_: int) -> Sequence[sa.Row]:
    """What annotators asked someone to look at: draft_id, name, note, asked_at."""
    noted = words_told(connection, assignments.c.draft, queries.c.note)
    return connection.execute(
        sa.select(drafts_table.c.draft_id, people.c.name, noted.label("note"), queries.c.asked_at)
        .join(assignments, assignments.c.id == queries.c.assignment)
        .join(drafts_table, drafts_table.c.id == assignments.c.draft)
        .join(people, people.c.id == assignments.c.person)
        # From the queries, not from all assignments of the round: the sum keeps its index out of it.
        .where(assignments.c.round + 0 == round_, told(connection, assignments.c.draft, round_))
        .order_by(queries.c.id)
    ).all()


def skips_of(connection: sa.Connection, round_: int) -> Sequence[sa.Row]:
    """Who skipped which counted draft and why: draft_id, name, skip_reason."""
    why = words_told(connection, assignments.c.draft, assignments.c.skip_reason)
    return connection.execute(
        sa.select(drafts_table.c.draft_id, people.c.name, why.label("skip_reason"))
        .join(drafts_table, drafts_table.c.id == assignments.c.draft)
        .join(people, people.c.id == assignments.c.person)
        .where(
            assignments.c.round == round_,
            assignments.c.state == "skipped",
            ~assignments.c.is_practice,
            told(connection, assignments.c.draft, round_),
            # Naming the people lets the index on round, person and state find the few among millions.
            assignments.c.person.in_(sa.select(round_annotators.c.person).where(round_annotators.c.round == round_)),
        )
        .order_by(drafts_table.c.draft_id, people.c.name)
    ).all()


def median_seconds_of(connection: sa.Connection, round_: int) -> float | None:
    """The median of the seconds spent on each counted assignment that was saved; those that came from a file took none and are
    left out. None without any."""
    timed = (
        assignments.c.round == round_,
        ~assignments.c.is_practice,
        assignments.c.state == "saved",
        assignments.c.seconds > 0,
        told(connection, assignments.c.draft, round_),
    )
    number = connection.execute(sa.select(sa.func.count()).select_from(assignments).where(*timed)).scalar_one()
    middle = sa.select(assignments.c.seconds).where(*timed).order_by(assignments.c.seconds)
    found = list(connection.scalars(middle.offset((number - 1) // 2).limit(2 - number % 2))) if number else []
    return sum(found) / len(found) if found else None
