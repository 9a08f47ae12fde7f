"""Give out a release: read once in one transaction, written beside where it goes, put on record, then put in its place."""

import json
import zlib
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import sqlalchemy as sa

from db.engine import leaving, reading
from db.store.closing import withheld as stored_withheld
from db.store.releasing import releases as stored
from touchstone import papers
from touchstone.english import many
from touchstone.errors import Refused
from touchstone.releasing.making import GoldLevels, Made, write_release
from touchstone.releasing.manifest import Terms
from touchstone.releasing.pages.questions import BY_KEY, MOST_LETTERS, DatasheetQuestion, open_questions
from workflow import clock
from workflow import text as texts
from workflow.events.recording import recorded
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.projects.settling import settle
from workflow.releasing.asked import Asked, Ready, ready
from workflow.releasing.choices import choices_of
from workflow.releasing.release_folder import beside, put_in_place, usual_folder, zipped_folder
from workflow.releasing.whole_drafts import whole_drafts

Heard = Callable[[int, int], None]  # told how many drafts are written, of how many


class Released(NamedTuple):
    """A release that was given out. `rows`: settled cells; `left_out`: cells that are not in it; `sealed`: drafts that are
    sealed, of which nothing is in it; `choices`: between two drafts, in comparison rounds."""

    name: str
    number: int
    digest: str
    rows: int
    left_out: int
    drafts: int
    changes: int | None
    folder: Path | None = None
    sealed: int = 0
    choices: int = 0

    @property
    def title(self) -> str:
        return f"{self.name}, release {self.number}"


class PastRelease(NamedTuple):
    """A release on record."""

    name: str
    number: int
    digest: str
    rounds: tuple[str, ...]
    policy: Mapping[str, Any]
    rows: int
    left_out: int
    made_at: datetime
    person: str
    supersedes: int | None

    @property
    def title(self) -> str:
        return f"{self.name}, release {self.number}"


def _quiet(done: int, of: int) -> None:
    """Nobody waits for it."""


@verb
def release_gold(person: Person, engine: sa.Engine, asked: Asked, to: Path | None = None, *, heard: Heard = _quiet) -> Released:
    """Write a release of closed rounds into the folder `to`, which is new or empty (exports/ and its name, where none is said),
    whole or not at all, and put it on record.

    Raises Refused while cells wait and the policy does not leave them out, where nothing is settled, and where `to` holds
    anything; NotYourTurn for an open round, and for whoever labels drafts of the rounds in an open one.
    """
    with reading(leaving(engine), person) as connection:
        terms = ready(connection, person, asked).terms
    to = to or usual_folder(terms.name, terms.number)
    with beside(to) as new:
        found, made = _write(person, engine, asked, new, heard)
        _note(person, engine, found, made, asked, lambda: put_in_place(new, to))
    return _released(made, to.resolve())


@verb
def release_archive(person: Person, engine: sa.Engine, asked: Asked, *, heard: Heard = _quiet) -> tuple[Released, bytes]:
    """The same as the bytes of a ZIP, for whoever does not sit at the machine that would write the folder. On record as well."""
    with TemporaryDirectory() as folder:
        found, made = _write(person, engine, asked, Path(folder), heard)
        name = papers.file_stem(f"{made.manifest.terms.name}-release-{made.manifest.terms.number}")
        with zipped_folder(Path(folder), name) as archive:
            content = archive.read()
        _note(person, engine, found, made, asked, lambda: None)
    return _released(made, None), content


@verb
def terms_of(person: Person, engine: sa.Engine, asked: Asked) -> Terms:
    """What a release would be of and by which rules, as things are: nothing is written. Raises as `release_gold`, but for what
    reading the labels would tell."""
    with reading(leaving(engine), person) as connection:
        return ready(connection, person, asked).terms


@verb
def all_releases(person: Person, engine: sa.Engine) -> list[PastRelease]:
    """The releases of the project, the latest first; without those of a round with drafts that are held back from the person, as
    their numbers and digests would tell of these drafts."""
    with reading(engine, person) as connection:
        of = stored.rounds_of_releases(connection)
        held = {each.round for rounds in of.values() for each in rounds if stored_withheld.holds_back(connection, each.round)}
        rows = [row for row in stored.all_releases(connection) if not held & {each.round for each in of.get(row.id, ())}]
    numbers = {row.id: row.number for row in rows}
    return [
        PastRelease(
            row.name,
            row.number,
            row.digest,
            tuple(each.name for each in of.get(row.id, ())),
            row.policy,
            row.rows,
            row.left_out,
            row.made_at,
            row.person,
            numbers.get(row.supersedes),
        )
        for row in rows
    ]


@verb
def answers(person: Person, engine: sa.Engine) -> dict[str, str]:
    """What people of the project in hand answered to the questions of a datasheet, by question."""
    with reading(engine, person) as connection:
        project = settle(connection)
        return stored.answers_of(connection, project.id) if project else {}


@verb
def answer(person: Person, engine: sa.Engine, given: Mapping[str, str]) -> list[DatasheetQuestion]:
    """Keep answers, by the question's key; an empty one takes an answer back. Those still open. Raises Refused for a question
    there is not, and for an answer that is too long."""
    fit: dict[str, str] = {}
    for key, text in given.items():
        if key not in BY_KEY:
            raise Refused(f"there is no question {key}; they are {', '.join(BY_KEY)}")
        if len(text) > MOST_LETTERS:
            has = f"the answer to “{BY_KEY[key].short}” has {many(len(text), 'character')}"
            raise Refused(f"{has}; at most {MOST_LETTERS:,} are allowed: shorten it")
        fit[key] = texts.fit(text, "answer")
    with recorded(person, engine, "answer questions on a release") as connection:
        project = settle(connection)
        if project is None:
            raise Refused("there is no project yet; import tasks first")
        before = stored.answers_of(connection, project.id)
        changed = {key: text for key, text in fit.items() if before.get(key, "") != text}
        if changed:
            stored.add_answers(connection, project.id, person.id, changed, clock.now())
        return open_questions({**before, **changed})


def _write(person: Person, engine: sa.Engine, asked: Asked, folder: Path, heard: Heard) -> tuple[Ready, Made]:
    with reading(leaving(engine), person) as connection:
        found = ready(connection, person, asked)
        before = _unpacked(found.before.levels) if found.before else None
        drafts = whole_drafts(connection, found.rounds, found.rubric, found.codes)
        made = write_release(
            folder,
            found.terms,
            found.rubric,
            found.rubric_source,
            drafts,
            before,
            lambda done: heard(done, found.drafts),
            choices_of(connection, found.comparisons, found.rounds, found.codes),
        )
    return found, made


def _note(person: Person, engine: sa.Engine, found: Ready, made: Made, asked: Asked, last: Callable[[], None]) -> None:
    """Put the release on record, and do what is last to be done in the same transaction."""
    name = f"{found.terms.name} {found.terms.number}"
    with recorded(person, engine, "release gold", release=name, digest=made.digest) as connection:
        released = _released(made, None)
        stored.add_release(
            connection,
            {
                "project": found.project,
                "person": person.id,
                "name": found.terms.name,
                "folded": found.folded,
                "number": found.terms.number,
                "digest": made.digest,
                "policy": {**vars(asked.policy), "names": asked.names},
                "rows": released.rows,
                "left_out": released.left_out,
                "levels": _packed(made.levels),
                "made_at": clock.now(),
                "supersedes": found.before.id if found.before else None,
            },
            [each.id for each in found.rounds],
        )
        last()


def _released(made: Made, folder: Path | None) -> Released:
    terms, tables = made.manifest.terms, made.manifest.tables
    rows = {name: each.rows for name, each in tables.items()}
    changes = rows.get("changes", 0) if terms.supersedes else None
    left_out = rows.get("left_out", 0)
    drafts = rows["drafts"]
    choices = sum(each.choices for of in made.manifest.preferences.values() for each in of.values())
    return Released(
        terms.name, terms.number, made.digest, rows["gold"], left_out, drafts, changes, folder, terms.sealed_drafts, choices
    )


def _packed(levels: GoldLevels) -> bytes:
    return zlib.compress(json.dumps([[*cell, value] for cell, value in levels.items()]).encode())


def _unpacked(packed: bytes) -> GoldLevels:
    return {(draft, dimension): value for draft, dimension, value in json.loads(zlib.decompress(packed))}
