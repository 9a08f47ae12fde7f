"""Rubric versions against each other, and from one to the next."""

from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa

from db.engine import read_by_nobody, reading
from db.store import revisions as stored
from db.store import rounds as stored_rounds
from db.store.closing import withheld as stored_withheld
from db.store.projects import project_in_hand
from touchstone.english import day, many
from touchstone.errors import Refused
from touchstone.rubric.diff import Revision, revise
from touchstone.rubric.model import Rubric
from workflow import clock, text
from workflow.events.recording import recorded
from workflow.gold.cells import round_with_cells
from workflow.names import rubric_name
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.rounds.rounds import Round
from workflow.rubric import rubrics
from workflow.rubric.outdated_labels import named


@verb
def compare_versions(engine: sa.Engine | None, before: str, after: str) -> Revision:
    """What changed from one rubric version to another; each is a name in rubric_versions/ (or published), or a file.

    `engine` None: no store to ask. Raises Refused for a version that is nowhere, wrong, or changed since it was published.
    """
    return revise(version_named(engine, before), version_named(engine, after))


@verb
def version_named(engine: sa.Engine | None, name: str) -> Rubric:
    """A version by its name or its file. Raises Refused as `compare_versions` does."""
    path = Path(name)
    if path.suffix not in (".yml", ".yaml") or path.parent == Path(".") and not path.is_file():
        return rubrics.rubric_named(engine, name)
    found, problems, _ = rubrics.read_file(path)
    if found is None:
        raise Refused(f"{path.name} is not a valid rubric yet: {many(len(problems), 'problem')}", problems)
    if engine is not None:
        rubrics.refuse_changed(engine, found)
    return found


class Decided(NamedTuple):
    """One of the meeting's decisions that a version was published on."""

    draft_id: str
    task_id: str
    dimension: str
    words: str
    by: str
    at: datetime


class Publication(NamedTuple):
    """Why a rubric version was published. `held_back`: drafts of the meeting's round that the reader labels in an open one, on
    which no decision is told, nor whether there was one. Where the meeting was in another project (`is_elsewhere`) neither its
    round nor its decisions are told."""

    name: str
    digest: str
    published_at: datetime
    by: str
    recorded_at: datetime
    why: str
    round: str | None
    decisions: tuple[Decided, ...]
    held_back: int
    is_elsewhere: bool = False


def name_of(file: Path) -> str:
    """The version a file of rubric_versions/ holds. Raises Refused for a file elsewhere: rounds are opened from there."""
    if file.suffix not in (".yml", ".yaml"):
        return str(file)
    if file.parent != Path(".") and file.parent.resolve() != rubrics.FOLDER.resolve():
        raise Refused(f"{file} is not in rubric_versions/; put it there, where rounds are opened from")
    return file.stem


@verb
def publish(person: Person, engine: sa.Engine, name: str, why: str, *, round_name: str = "") -> Publication:
    """Publish rubric_versions/NAME.yml, with why, and the decisions of the meeting on a closed round that it rests on. From
    then on the file must not change. A version that opening a round has published gets its reason this way too.

    Raises Refused for a file that is missing, wrong or changed since it was published, for no reason, for a version that has
    a record already, and for a round under another rubric or a version no later than its own.
    """
    reason = text.fit(why, "reason")
    if not reason:
        raise Refused("a version is published with a reason; say in a sentence why the rubric changes")
    with recorded(person, engine, "publish version", version=name) as connection:
        rubric, version = rubrics.ready_to_use(connection, name)
        if was := stored.publication_of(connection, version):
            raise Refused(
                f"{name} was published on {day(was.recorded_at)} by {was.recorded_by}; a version is published once: "
                "save a change as a new version"
            )
        found = round_with_cells(connection, round_name) if round_name.strip() else None
        if found is not None:
            _refuse_no_successor(rubric, found)
        if not stored_rounds.published(connection, name):
            stored_rounds.publish(connection, version, person=person.id, at=clock.now())
        with read_by_nobody(connection):  # what it rests on is kept whole, whoever publishes
            said = stored.discussions_of(connection, found.id) if found is not None else ()
        decided = [row.id for row in said if row.decision and not row.withdrawn]
        after = found.id if found is not None else None
        row = stored.add_publication(
            connection,
            {"rubric_version": version, "person": person.id, "why": reason, "round": after, "recorded_at": clock.now()},
            decided,
        )
        return _as_publication(connection, name, row)


def _refuse_no_successor(rubric: Rubric, found: Round) -> None:
    mine, before = named(rubric.name), named(found.rubric)
    if mine.rubric != before.rubric:
        raise Refused(
            f"{found.name} was labelled under {found.rubric}, and {rubric.name} is not a version of {before.rubric}; name "
            "a round under that rubric, or none"
        )
    if mine.version <= before.version:
        raise Refused(
            f"{found.name} was labelled under {found.rubric}, so its meeting leads to a later version than "
            f"{rubric.name}; publish that, or name no round"
        )


@verb
def publication(person: Person, engine: sa.Engine, name: str) -> Publication | None:
    """Why a version was published; None where no reason was recorded. Decisions on drafts the person labels in an open round
    are held back."""
    with reading(engine, person) as connection:
        version = stored_rounds.published(connection, name)
        row = stored.publication_of(connection, version.id) if version is not None else None
        return _as_publication(connection, name, row) if row is not None else None


def _as_publication(connection: sa.Connection, name: str, row: sa.Row) -> Publication:
    here = project_in_hand(connection)
    is_elsewhere = here is not None and row.round_project not in (None, here)
    if is_elsewhere:
        return Publication(name, row.digest, row.published_at, row.recorded_by, row.recorded_at, row.why, None, (), 0, True)
    return Publication(
        name,
        row.digest,
        row.published_at,
        row.recorded_by,
        row.recorded_at,
        row.why,
        row.round_name,
        tuple(Decided(*each) for each in stored.decisions_behind(connection, row.id)),
        0 if row.round is None else stored_withheld.many_of(connection, row.round),
    )


@verb
def successors(engine: sa.Engine, name: str, *, is_published: bool) -> list[str]:
    """Later versions of the same rubric in rubric_versions/, the lowest first: those that are published and as they were, or
    those that are good and wait to be."""
    mine = named(name)
    found = [
        each.name
        for each in rubrics.rubric_files(engine)
        if each.rubric
        and not each.is_changed
        and bool(each.published_digest) == is_published
        and named(each.name).rubric == mine.rubric
        and named(each.name).version > mine.version
    ]
    return sorted(found, key=lambda each: named(each).version)


@verb
def export(engine: sa.Engine | None, name: str, to: Path) -> Path:
    """Write the bytes that count as a version to a file, or into a folder under its name; returns the file. Raises Refused where
    another file is there, or it cannot be written. `engine` None: no store to ask."""
    source, path = rubrics.file_of_version(engine, name), to / f"{name}.yml" if to.is_dir() else to
    try:
        with suppress(FileNotFoundError):
            if path.read_bytes() == source:
                return path
            raise Refused(f"{path} is there already, with other content, and is not overwritten; name another file, or remove it")
        with path.open("xb") as file:
            file.write(source)
    except OSError as wrong:
        raise Refused(f"{path} cannot be written ({wrong.strerror}); name another file") from None
    return path


@verb
def names_of_rubrics(engine: sa.Engine) -> list[str]:
    """The rubrics of which there is a version, in rubric_versions/ or in the store, without its number."""
    with reading(engine) as connection:
        return sorted({rubric_name(name) for name in rubrics.names_there(connection)})


@verb
def titles_of_round(engine: sa.Engine, round_: int) -> dict[str, str]:
    """The titles of the dimensions by key, as the rubric version of a round has them."""
    with reading(engine) as connection:
        return {each.key: each.title for each in rubrics.of_round(connection, round_).dimensions}
