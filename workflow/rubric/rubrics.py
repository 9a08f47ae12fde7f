"""Rubric versions: the files in rubric_versions/ and what is finished in the store, and which bytes count where they differ.

Every reader of a version by its name comes through here (docs/decisions/0029). What was published counts as it was published.
What was saved in the browser stands in the store, and its file is a copy: a file that is an earlier save is passed over, also
where what was saved is discarded; one that a person has changed by hand counts until the version is published.
"""

from collections.abc import Collection, Sequence
from contextlib import suppress
from hashlib import sha256
from itertools import groupby
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
from workflow import clock
from workflow.bounded_cache import BoundedCache
from workflow.names import rubric_name
from workflow.people.verbs import verb

FOLDER = ROOT / "rubric_versions"


# Read by this process, whichever store it serves: what bytes say depends on nothing else. The key is their digest, so that a file
# of any size is not held by it.
_FILES: BoundedCache[tuple[Rubric | None, tuple[Problem, ...]]] = BoundedCache(most=32)
_PUBLISHED: BoundedCache[Rubric] = BoundedCache(most=32)


class RubricFile(NamedTuple):
    """One version: what it says, or what is wrong with it; and whether labels depend on it. `in_folder`: its bytes are those of
    rubric_versions/NAME.yml; `is_saved`: something stands in the store by that name. `note`: how folder and store differ, a
    sentence; "" where they do not."""

    name: str
    rubric: Rubric | None
    problems: tuple[Problem, ...]
    published_digest: str | None
    in_folder: bool = True
    is_saved: bool = False
    note: str = ""

    @property
    def is_discarded(self) -> bool:
        """Nothing but the file of a save that was discarded."""
        return self.rubric is None and not self.problems and not self.is_saved

    @property
    def is_changed(self) -> bool:
        """Published, and what counts by its name is no longer the bytes that were published."""
        return bool(self.published_digest and (self.rubric is None or self.rubric.digest != self.published_digest))


class _Which(NamedTuple):
    """Which bytes count as a version: those `on_disk`, or, where these are None, those of the row that `stands` in the store."""

    name: str
    stands: sa.Row | None
    on_disk: bytes | None
    digest: str
    note: str


def _which(connection: sa.Connection | None, name: str, rows: Sequence[sa.Row]) -> _Which:
    """`rows`: all of that name in the store. Raises Refused where a version is nowhere, Discarded where it was discarded."""
    stands = _standing(rows)
    try:
        on_disk = _file(name).read_bytes()
    except OSError as wrong:
        if stands is None:
            raise _nowhere(connection, f"{name}.yml", wrong) from None
        note = f"{name} is in the store and not in rubric_versions/ on this server; download it to keep it with the other files"
        return _Which(name, stands, None, stands.digest, note)
    digest = sha256(on_disk).hexdigest()
    if digest in _discarded(rows):
        said = (
            "is an earlier save, discarded, and counts no longer; remove the file, or save the version anew, which writes over it"
        )
        raise Discarded(f"{name}.yml in rubric_versions/ {said}")
    if stands is None or digest == stands.digest:
        return _Which(name, stands, on_disk, digest, "")
    saved = (
        f"saved{f' by {stands.finished_by}' if stands.finished_by else ''} on {day(stands.finished_at or stands.published_at)}"
    )
    if any(row.digest == digest and row.superseded_at is not None for row in rows):
        note = f"{name}.yml in rubric_versions/ is an earlier save; what was {saved} counts, download it to replace the file"
        return _Which(name, stands, None, stands.digest, note)
    note = f"{name}.yml was changed in rubric_versions/ since it was {saved}; the file counts, remove it to have what was saved"
    return _Which(name, stands, on_disk, digest, "" if stands.published_at else note)


def _standing(rows: Sequence[sa.Row]) -> sa.Row | None:
    """Of the rows of one name that which was published, else that which was finished last."""
    finished = [row for row in rows if row.published_at or (row.finished_at and row.superseded_at is None)]
    return max(finished, key=lambda row: row.published_at is not None, default=None)


class Discarded(Refused):
    """Of a version there is nothing but the file of a save that was discarded."""


def _discarded(rows: Sequence[sa.Row]) -> frozenset[str]:
    """Of the rows of one name the digests of what was saved, where none of it stands any longer."""
    if _standing(rows) is not None:
        return frozenset()
    return frozenset(row.digest for row in rows if row.finished_at is not None and row.superseded_at is not None)


def discarded(connection: sa.Connection, name: str) -> frozenset[str]:
    """The digests of what was saved under a name and discarded; none where something stands."""
    return _discarded(stored.all_rubric_versions(connection, name))


def _file(name: str) -> Path:
    return FOLDER / f"{name}.yml"


def _in_folder() -> set[str]:
    return {path.stem for path in FOLDER.glob("*.yml")}


def names_there(connection: sa.Connection | None) -> set[str]:
    """The versions that are in rubric_versions/ or stand in the store. `connection` None: no store to ask."""
    rows = _rows_by_name(connection) if connection is not None else {}
    return {name for name in _in_folder() | rows.keys() if _is_there(name, rows.get(name, ()))}


def _rows_by_name(connection: sa.Connection) -> dict[str, list[sa.Row]]:
    return {name: list(rows) for name, rows in groupby(stored.all_rubric_versions(connection), key=lambda row: row.name)}


def _is_there(name: str, rows: Sequence[sa.Row]) -> bool:
    return _standing(rows) is not None or (_file(name).exists() and not file_has(name, *_discarded(rows)))


def _nowhere(connection: sa.Connection | None, file_name: str, wrong: OSError) -> Refused:
    there = _in_folder()
    more = ", ".join(sorted(names_there(connection) - there))
    has = f"rubric_versions/ has {', '.join(sorted(there)) or 'none'}" + (f", the store {more}" if more else "")
    return Refused(f"the rubric file {file_name} cannot be read ({wrong.strerror}); {has}")


def _bytes_of(connection: sa.Connection, row: sa.Row) -> bytes:
    """The stored bytes. Raises Refused where they are damaged."""
    source = stored.rubric_source(connection, row.id).source
    if sha256(source).hexdigest() != row.digest:
        raise Refused(
            f"the stored bytes of rubric {row.name} do not match its digest {row.digest[:12]}; put {row.name}.yml with "
            "that digest into rubric_versions/, or restore a backup"
        )
    return source


def _source(connection: sa.Connection | None, which: _Which) -> bytes:
    if which.on_disk is not None or connection is None or which.stands is None:
        return which.on_disk or b""
    return _bytes_of(connection, which.stands)


def _read_which(connection: sa.Connection | None, which: _Which) -> tuple[Rubric | None, tuple[Problem, ...]]:
    file_name = f"{which.name}.yml"
    return _FILES.get((which.digest, file_name), lambda: _read(_source(connection, which), file_name))


def counts(connection: sa.Connection | None, name: str) -> tuple[Rubric | None, tuple[Problem, ...], bytes]:
    """A version by its name: the rubric or None, its problems, its bytes. Raises Refused where it is nowhere, and for a path."""
    if PurePath(name).name != name:
        raise Refused(f"{name} is a path; name a version in rubric_versions/ by its file's name alone, without .yml")
    rows = stored.all_rubric_versions(connection, name) if connection is not None else ()
    which = _which(connection, name, rows)
    return *_read_which(connection, which), _source(connection, which)


def is_there(connection: sa.Connection, name: str) -> bool:
    """Whether a version is in rubric_versions/ or stands in the store."""
    return _is_there(name, stored.all_rubric_versions(connection, name))


def read_file(path: Path) -> tuple[Rubric | None, list[Problem], bytes]:
    """One rubric file, wherever it is: the rubric or None, its problems, its bytes. Raises Refused when there is no such file."""
    try:
        source = path.read_bytes()
    except OSError as wrong:
        raise _nowhere(None, path.name, wrong) from None
    rubric, problems = read_source(source, path.name)
    return rubric, list(problems), source


class CannotWrite(Refused):
    """rubric_versions/ cannot be written to."""


def write_new(name: str, source: str) -> None:
    """Write a version's file into rubric_versions/. Raises Refused where it is there already, CannotWrite where it cannot be."""
    path = _file(name)
    made = False
    try:
        with path.open("xb") as file:
            made = True
            file.write(source.encode())
    except FileExistsError:
        raise Refused(_in_the_way(name)) from None
    except OSError as wrong:
        if made:
            path.unlink(missing_ok=True)  # half a file is no version
        raise CannotWrite(f"{path.name} cannot be written ({wrong.strerror}); make rubric_versions/ writable") from None


def _in_the_way(name: str) -> str:
    return f"{name}.yml is in rubric_versions/ already and is not overwritten; begin from {name}, or remove that file"


def finish(connection: sa.Connection, person: int | None, name: str, source: str, *, taken_from: str = "") -> frozenset[str]:
    """These bytes stand under the name in the store from now on: over nothing, or over those with the digest `taken_from`.
    Returns the digests of what stood there before, which `copy_to_folder` may write over. Raises Refused where something else
    counts by that name by now."""
    now, digest = clock.now(), sha256(source.encode()).hexdigest()
    rows = stored.all_rubric_versions(connection, name)
    if _is_there(name, rows):
        which = _which(connection, name, rows)
        if which.digest not in (digest, taken_from):  # the same bytes: what was broken off half-way is ended
            _refuse_another(which, taken_from)
        if which.on_disk is not None and which.digest not in (digest, *(row.digest for row in rows)):
            written = stored.add_rubric_version(connection, name=name, digest=which.digest, source=which.on_disk)
            stored.supersede(connection, written, at=now)
    row = stored.rubric_version(connection, name, digest)
    version = row.id if row else stored.add_rubric_version(connection, name=name, digest=digest, source=source.encode())
    stored.finish(connection, version, person=person, at=now)
    return frozenset(row.digest for row in stored.all_rubric_versions(connection, name) if row.superseded_at is not None)


def _refuse_another(which: _Which, taken_from: str) -> None:
    name, in_folder = which.name, which.on_disk is not None
    if taken_from:
        place = f"{name}.yml was changed in rubric_versions/" if in_folder else f"{name} was saved by somebody else"
        raise Refused(f"{place} since you took it up, and is not overwritten; discard yours to have it as it is now")
    if in_folder:
        raise Refused(_in_the_way(name))
    raise Refused(f"{name} is saved in the store already and is not overwritten; begin from {name}, or go on writing it")


def forget(connection: sa.Connection, name: str) -> frozenset[str]:
    """What was saved under that name stands no longer; returns the digests of its saves. Raises Refused where nothing was."""
    stands = _standing(stored.all_rubric_versions(connection, name))
    if stands is None:
        raise Refused(f"{name} was not saved here, so the store has nothing to discard; remove its file from rubric_versions/")
    stored.supersede(connection, stands.id, at=clock.now())
    return discarded(connection, name)


def remove_copy(name: str, digests: Collection[str]) -> bool:
    """Remove rubric_versions/NAME.yml where its bytes have one of these digests, and the folder can be written; returns whether
    another file is there, which stays."""
    if not file_has(name, *digests):
        return _file(name).exists()
    with suppress(OSError):
        _file(name).unlink()
    return False


def copy_to_folder(name: str, source: str, replaces: Collection[str]) -> None:
    """What stands in the store, as a file too: where none is there, or over one with a digest among `replaces`. A folder that
    cannot be written is no fault: the store has the version, and `rubric_files` says where it is not."""
    path = _file(name)
    beside = path.with_suffix(".yml.new")
    with suppress(OSError):
        there = path.read_bytes() if path.exists() else None
        if there is not None and sha256(there).hexdigest() not in replaces:
            return
        try:
            beside.write_bytes(source.encode())
            if there is not None:
                beside.replace(path)
            else:
                path.hardlink_to(beside)  # whole, and not over one that was made meanwhile
        finally:
            beside.unlink(missing_ok=True)


def file_has(name: str, *digests: str) -> bool:
    """Whether the bytes of rubric_versions/NAME.yml have one of these digests."""
    try:
        return bool(digests) and sha256(_file(name).read_bytes()).hexdigest() in digests
    except OSError:
        return False


def read_source(source: bytes, file_name: str) -> tuple[Rubric | None, tuple[Problem, ...]]:
    """Read once for the same bytes: the checks of a file are run on their own examples, which takes a moment."""
    return _FILES.get((sha256(source).hexdigest(), file_name), lambda: _read(source, file_name))


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
    """The rubric that counts by that name, and its bytes.

    Raises Refused when it is nowhere, wrong, or no longer what was published under its name.
    """
    rubric, problems, source = counts(connection, name)
    _refuse_changed(connection, name, rubric)
    if rubric is None:
        raise Refused(f"{name}.yml is not a valid rubric yet; fix {many(len(problems), 'problem')} in it", problems)
    return rubric, source


def ready_to_use(connection: sa.Connection, name: str) -> tuple[Rubric, int]:
    """The rubric that counts by that name and its row in the store (made when new). Raises Refused as `usable` does."""
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
def rubric_files(engine: sa.Engine, *, every: bool = False) -> list[RubricFile]:
    """The versions in rubric_versions/ and in the store, by name: those of the rubric that the project in hand has; every one
    while it has none, where no project is in hand, and where `every` is asked for."""
    with reading(engine) as connection:
        project = stored_projects.in_hand(connection)
        only = project.rubric if project is not None and not every else None
        rows = _rows_by_name(connection)
        names = _in_folder() | {name for name, each in rows.items() if _standing(each) is not None}
        return [
            _rubric_file(connection, name, rows.get(name, ()))
            for name in sorted(names)
            if only is None or rubric_name(name) == only
        ]


def _rubric_file(connection: sa.Connection, name: str, rows: Sequence[sa.Row]) -> RubricFile:
    try:
        which = _which(connection, name, rows)
    except Discarded as gone:
        return RubricFile(name, None, (), None, note=gone.sentence)
    published = which.stands.digest if which.stands is not None and which.stands.published_at else None
    try:
        rubric, problems = _read_which(connection, which)
    except Refused as damaged:
        return RubricFile(name, None, (), published, in_folder=False, is_saved=True, note=damaged.sentence)
    return RubricFile(name, rubric, problems, published, which.on_disk is not None, which.stands is not None, which.note)


@verb
def file_of_version(engine: sa.Engine | None, name: str) -> bytes:
    """The bytes that count as a version, right or wrong: its file, to be kept or sent. Raises Refused where it is nowhere."""
    if engine is None:
        return counts(None, name)[2]
    with reading(engine) as connection:
        return counts(connection, name)[2]


def of_round(connection: sa.Connection, round_: int) -> Rubric:
    """The rubric version a round is labelled under."""
    return rubric_of(connection, stored.by_id(connection, round_).rubric_version)


@verb
def rubric_named(engine: sa.Engine | None, name: str) -> Rubric:
    """A rubric version by its name. `engine` None: no store to ask.

    Raises Refused for a version that is nowhere, one with mistakes, and a published one whose file has changed since.
    """
    name = name.removesuffix(".yml")
    if engine is not None:
        with reading(engine) as connection:
            return _good(connection, name)
    return _good(None, name)


def _good(connection: sa.Connection | None, name: str) -> Rubric:
    found, problems, _ = counts(connection, name)
    if found is None:
        raise Refused(f"{name}.yml is not a valid rubric yet: {many(len(problems), 'problem')}", problems)
    if connection is not None:
        _refuse_changed(connection, name, found)
    return found
