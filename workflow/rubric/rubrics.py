"""Rubric versions: the files in rubric_versions/, and what the store has published of them."""

from hashlib import sha256
from pathlib import Path, PurePath
from typing import NamedTuple

import sqlalchemy as sa

from db.engine import ROOT, reading
from db.store import projects as stored_projects
from db.store import rounds as stored
from touchstone.english import day, many
from touchstone.errors import Problem, Refused
from touchstone.rubric.model import Rubric
from touchstone.rubric.reading import parse_rubric
from workflow.bounded_cache import BoundedCache
from workflow.names import rubric_name
from workflow.people.verbs import verb

FOLDER = ROOT / "rubric_versions"


# Read by this process, whichever store it serves: what bytes say depends on nothing else. The key is their digest, so that a file
# of any size is not held by it.
_FILES: BoundedCache[tuple[Rubric | None, tuple[Problem, ...]]] = BoundedCache(most=32)
_PUBLISHED: BoundedCache[Rubric] = BoundedCache(most=32)


class RubricFile(NamedTuple):
    """One file of rubric_versions/: what it says, or what is wrong with it; and whether labels depend on it."""

    name: str
    rubric: Rubric | None
    problems: tuple[Problem, ...]
    published_digest: str | None

    @property
    def is_changed(self) -> bool:
        """Published, and the file is gone or no longer the bytes that were published."""
        return bool(self.published_digest and (self.rubric is None or self.rubric.digest != self.published_digest))


def read_file(path: Path) -> tuple[Rubric | None, list[Problem], bytes]:
    """One rubric file: the rubric or None, its problems, its bytes. Raises Refused when there is no such file."""
    try:
        source = path.read_bytes()
    except OSError as wrong:
        there_are = ", ".join(sorted(each.stem for each in FOLDER.glob("*.yml"))) or "none"
        raise Refused(
            f"the rubric file {path.name} cannot be read ({wrong.strerror}); rubric_versions/ has {there_are}"
        ) from None
    rubric, problems = read_source(source, path.name)
    return rubric, list(problems), source


def write_new(name: str, source: str) -> None:
    """Write a version's file into rubric_versions/. Raises Refused where it is there already or cannot be written."""
    path = FOLDER / f"{name}.yml"
    made = False
    try:
        with path.open("xb") as file:
            made = True
            file.write(source.encode())
    except FileExistsError:
        raise Refused(
            f"{path.name} is in rubric_versions/ already and is not overwritten; begin from {name}, or remove that file"
        ) from None
    except OSError as wrong:
        if made:
            path.unlink(missing_ok=True)  # half a file is no version
        raise Refused(f"{path.name} cannot be written ({wrong.strerror}); make rubric_versions/ writable") from None


def write(name: str, source: str, *, taken_from: str) -> None:
    """As `write_new`, or over the file with the digest `taken_from`, whole or not at all. Raises Refused where another stands
    there by now."""
    path = FOLDER / f"{name}.yml"
    if not taken_from or not path.exists():
        return write_new(name, source)
    if sha256(path.read_bytes()).hexdigest() != taken_from:
        raise Refused(
            f"{name}.yml was changed in rubric_versions/ since you took it up, and is not overwritten; discard yours to have "
            "it as it is now"
        )
    beside = path.with_suffix(".yml.new")
    try:
        beside.write_bytes(source.encode())
        beside.replace(path)
    except OSError as wrong:
        beside.unlink(missing_ok=True)
        raise Refused(f"{path.name} cannot be written ({wrong.strerror}); make rubric_versions/ writable") from None


def read_source(source: bytes, file_name: str) -> tuple[Rubric | None, tuple[Problem, ...]]:
    """Read once for the same bytes: the checks of a file are run on their own examples, which takes a moment."""
    return _FILES.get((sha256(source).digest(), file_name), lambda: _read(source, file_name))


def _read(source: bytes, file_name: str) -> tuple[Rubric | None, tuple[Problem, ...]]:
    from touchstone.scorer.loading import load_rubric  # brings RE2: the label page reads published rubrics only

    rubric, problems = load_rubric(source, file_name)
    return rubric, tuple(problems)


def _parsed(source: bytes, file_name: str) -> Rubric:
    rubric, problems = parse_rubric(source, file_name)
    if rubric is None:
        raise Refused(f"the stored rubric {file_name} cannot be read by this program; update it", problems)
    return rubric


def rubric_of(connection: sa.Connection, rubric_version: int) -> Rubric:
    """The rubric version as it was published: from the store, whatever became of the file."""
    row = stored.rubric_source(connection, rubric_version)
    name = f"{row.name}.yml"
    return _PUBLISHED.get((sha256(row.source).digest(), name), lambda: _parsed(row.source, name))


def usable(connection: sa.Connection, name: str) -> tuple[Rubric, bytes]:
    """The rubric in rubric_versions/NAME.yml, and the file's bytes.

    Raises Refused when the file is missing, wrong, or no longer what was published under its name.
    """
    if PurePath(name).name != name:
        raise Refused(f"{name} is a path; name a version in rubric_versions/ by its file's name alone, without .yml")
    rubric, problems, source = read_file(FOLDER / f"{name}.yml")
    _refuse_changed(connection, name, rubric)
    if rubric is None:
        raise Refused(f"{name}.yml is not a valid rubric yet; fix {many(len(problems), 'problem')} in it", problems)
    return rubric, source


def ready_to_use(connection: sa.Connection, name: str) -> tuple[Rubric, int]:
    """The rubric in rubric_versions/NAME.yml and its row in the store (made when new). Raises Refused as `usable` does."""
    rubric, source = usable(connection, name)
    row = stored.rubric_version(connection, name, rubric.digest)
    return rubric, row.id if row else stored.add_rubric_version(connection, name=name, digest=rubric.digest, source=source)


def _refuse_changed(connection: sa.Connection, name: str, rubric: Rubric | None) -> None:
    was = stored.published(connection, name)
    if was and (rubric is None or rubric.digest != was.digest):
        raise Refused(
            f"{name}.yml has changed since it was published on {day(was.published_at)}: a published version "
            "never changes. Restore the old file, and save the change as a new version"
        )


@verb
def refuse_changed(engine: sa.Engine, rubric: Rubric) -> None:
    """Raises Refused when the rubric is published in the store and no longer what was published."""
    with reading(engine) as connection:
        _refuse_changed(connection, rubric.name, rubric)


@verb
def rubric_files(engine: sa.Engine) -> list[RubricFile]:
    """The files of rubric_versions/, by name: the versions of the rubric that the project in hand has; every one while it has
    none, and where no project is in hand."""
    with reading(engine) as connection:
        digests = {row.name: row.digest for row in stored.all_rubric_versions(connection) if row.published_at}
        project = stored_projects.in_hand(connection)
    only = project.rubric if project is not None else None
    files = []
    for path in sorted(FOLDER.glob("*.yml")):
        rubric, problems, _ = read_file(path)
        files.append(RubricFile(path.stem, rubric, tuple(problems), digests.get(path.stem)))
    there = {each.name for each in files}
    files += [RubricFile(name, None, (), digest) for name, digest in digests.items() if name not in there]
    return [each for each in files if only is None or rubric_name(each.name) == only]


def names_of_rubrics() -> list[str]:
    """The rubrics of which rubric_versions/ has a version, without its number."""
    return sorted({rubric_name(path.stem) for path in FOLDER.glob("*.yml")})


def of_round(connection: sa.Connection, round_: int) -> Rubric:
    """The rubric version a round is labelled under."""
    return rubric_of(connection, stored.by_id(connection, round_).rubric_version)


@verb
def titles_of_round(engine: sa.Engine, round_: int) -> dict[str, str]:
    """The titles of the dimensions by key, as the rubric version of a round has them."""
    with reading(engine) as connection:
        return {each.key: each.title for each in of_round(connection, round_).dimensions}


@verb
def rubric_named(engine: sa.Engine | None, name: str) -> Rubric:
    """A rubric version by its name: the file in rubric_versions/, else what the store has published under that name.

    `engine` None: no store to ask. Raises Refused for a version that is nowhere, one with mistakes, and a published one
    whose file has changed since.
    """
    path = FOLDER / f"{name.removesuffix('.yml')}.yml"
    if path.parent != FOLDER:
        raise Refused(f"{name} is a path; name a version in rubric_versions/ by its file's name alone")
    if engine is not None and not path.is_file():
        with reading(engine) as connection:
            if row := stored.published(connection, path.stem):
                return rubric_of(connection, row.id)
    found, problems, _ = read_file(path)
    if found is None:
        raise Refused(f"{path.name} is not a valid rubric yet: {many(len(problems), 'problem')}", problems)
    if engine is not None:
        refuse_changed(engine, found)
    return found
