"""Files of labels: how they would be read, before anything is stored."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from io import BytesIO
from pathlib import Path, PurePath
from typing import Any, BinaryIO, NamedTuple, Protocol

import sqlalchemy as sa

from db.store import tasks as stored_tasks
from touchstone.data.label import LabelRow
from touchstone.english import listed, many
from touchstone.errors import Problem, Refused, cut_short, enough
from touchstone.importing.contract import FileField, ImportedFile, Names
from touchstone.importing.formats import FORMATS, SHEETS, read
from touchstone.importing.mapped.mapped_labels import read_mapped
from touchstone.importing.vocabulary import Answers, ResolvedLabels, names_of, resolve
from touchstone.importing.warning_signs import warning_signs
from touchstone.importing.words import CALLED, MISSING, WORDS, level_of
from touchstone.rubric.model import Rubric
from workflow.names import fit_name

NOTHING_SAID = Answers()
NO_ORIGINS: Mapping[str, str] = {}
SHOWN = 6  # labels of a file in a preview


class LabelFile(Protocol):
    """One file of labels: its name, its bytes, how many they are, their SHA-256, and the file from its begin."""

    @property
    def name(self) -> str: ...
    @property
    def source(self) -> bytes: ...
    @property
    def size(self) -> int: ...
    @property
    def digest(self) -> str: ...
    def opened(self) -> BinaryIO: ...


class File(NamedTuple):
    """One file as it arrived."""

    name: str
    source: bytes

    @property
    def size(self) -> int:
        return len(self.source)

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.source).hexdigest()

    def opened(self) -> BinaryIO:
        return BytesIO(self.source)


class FileOnDisk(NamedTuple):
    """One file where it lies, which need not fit in memory."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def source(self) -> bytes:
        return self.path.read_bytes()

    @property
    def size(self) -> int:
        return self.path.stat().st_size

    @property
    def digest(self) -> str:
        with self.path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()

    def opened(self) -> BinaryIO:
        return self.path.open("rb")


class FileAsRead(NamedTuple):
    """How one file was read, field by field. `missing`: cells that are no label, by kind; `passed_over`: answers that do not
    count, by why; `first`: its first labels; `is_known`: whether its shape is one that is read, or was said; `ways`: what a
    command line says where a remark does not hold (`touchstone.errors`)."""

    name: str
    format: str
    annotators: tuple[str, ...]
    labels: int
    fields: tuple[FileField, ...]
    left_out: tuple[str, ...]
    passed_over: Mapping[str, int]
    missing: Mapping[str, int]
    remarks: tuple[str, ...]
    first: tuple[LabelRow, ...] = ()
    is_known: bool = True
    ways: tuple[str, ...] = ()

    @property
    def does_not_count(self) -> str:
        """What was passed over, in words; "" for nothing."""
        gone = [f"{number:,} {why}" for why, number in self.passed_over.items()]
        gone += [f"{CALLED[kind]} {number:,}×" for kind, number in self.missing.items()]
        return listed(gone)


class Joined(NamedTuple):
    """How many units of a set are ids of stored drafts, of stored tasks, and of neither."""

    drafts: int
    tasks: int
    neither: int

    @property
    def sentence(self) -> str:
        """ "30 of 30 units are tasks of the store"."""
        found = [
            f"{number:,} {'is' if number == 1 else 'are'} {what} in the store"
            for number, what in ((self.drafts, "drafts"), (self.tasks, "tasks"))
            if number
        ]
        units = many(sum(self), "unit")
        if not found:
            return f"none of {units} is a draft or a task in the store: they are shown without text"
        return f"of {units} {' and '.join(found)}" + (
            f"; {self.neither:,} {'is' if self.neither == 1 else 'are'} neither" if self.neither else ""
        )


def annotators_of(files: Sequence[LabelFile], annotators: Sequence[str]) -> list[str]:
    """Whose labels each file holds that names nobody."""
    if not files:
        raise Refused("name the files with the labels; none is given")
    if annotators and len(annotators) != len(files):
        raise Refused(f"{many(len(annotators), 'annotator')} named for {many(len(files), 'file')}; name one per file")
    whose = [fit_name(who, "annotator") for who in annotators] or [PurePath(file.name).stem for file in files]
    if twice := [who for who in whose if whose.count(who) > 1]:
        raise Refused(
            f"two files are by {twice[0]}; name one annotator per file, or import them as one file", way=("annotator NAME",)
        )
    return whose


def digests_of(files: Iterable[LabelFile]) -> list[str]:
    """The SHA-256 of each file."""
    return [file.digest for file in files]


def suspicions_of(files: Sequence[LabelFile], rows: Sequence[LabelRow]) -> tuple[str, ...]:
    """What looks as if labels were not made independently, a sentence each."""
    return tuple(warning_signs(rows, list(zip([file.name for file in files], digests_of(files), strict=True))))


def settled_files(
    files: Sequence[LabelFile], whose: Sequence[str], rubric: Rubric, said: Answers, format: str
) -> list[tuple[str, ResolvedLabels]]:
    """Each file by name, read, with what was said of it."""
    if format not in FORMATS:
        raise Refused(f"a format is one of {', '.join(FORMATS)}, not {format or 'blank'}")
    _refuse_unmeant(rubric, said)
    names = names_of(rubric, said)
    return [
        (file.name, resolve(_read(file, names, said, format), rubric, who, said)) for file, who in zip(files, whose, strict=True)
    ]


def _read(file: LabelFile, names: Names, said: Answers, format: str) -> ImportedFile:
    mapping = said.mappings.get(file.name)
    return read(file.source, names, format) if mapping is None else read_mapped(file.source, file.name, mapping, names)


def _refuse_unmeant(rubric: Rubric, said: Answers) -> None:
    """Raises Refused for an answer that can mean nothing under the rubric."""
    for kind, meant in said.words.items():
        if kind not in WORDS:
            raise Refused(f"{kind} is not a kind of word; there are {', '.join(WORDS)}")
        if meant and meant != MISSING and all(level_of(each, meant) is None for each in rubric.dimensions):
            levels = dict.fromkeys(str(value) for each in rubric.dimensions for value in each.values)
            raise Refused(
                f"{CALLED[kind]} means {MISSING}, or a level of {rubric.name} ({', '.join(levels)}), not {meant}",
                way=(f"{kind} {MISSING}",),
            )
    if said.dimension and rubric.dimension(said.dimension) is None:
        raise Refused(f"{said.dimension} is not a dimension of {rubric.name}; it has {', '.join(rubric.keys)}")
    if said.sheets not in ("", *SHEETS):
        raise Refused(
            f"the sheets of a workbook are {', '.join(SHEETS[:-1])} or {SHEETS[-1]}, not {said.sheets}", way=("sheets",)
        )
    if said.scores not in ("", "level", "share"):
        raise Refused(
            f"scores from 0 to 1 are a level, or a share of the scale, not {said.scores}", way=("scores level, or share",)
        )
    if said.unstated not in ("", "submitted"):
        raise Refused(f"responses without a status can be said to be submitted, not {said.unstated}", way=("unstated submitted",))


def one_table(
    found: Sequence[tuple[str, ResolvedLabels]], strict: bool, with_asked: bool = True
) -> tuple[list[LabelRow], list[Problem]]:
    """All files' labels as one, and every problem with its file's name before it, also what waits for an answer."""
    problems: list[Problem] = []
    first: dict[tuple[str, str, str], tuple[str, int | None]] = {}
    rows: list[LabelRow] = []
    for name, file in found:
        problems += [each.within(name) for each in cut_short(file.all_problems if with_asked else file.problems)]
        problems += foreign_columns(name, file) if strict else []
        for row, line in zip(file.rows, file.lines, strict=True):
            if enough(problems, line):
                break
            before, its_line = first.get(row[:3], ("", None))
            first.setdefault(row[:3], (name, line))
            if before:
                problems.append(twice(name, row, line, before, its_line))
        rows += file.rows
    if not rows and not problems and not any(file.asked for _, file in found):
        problems.append(Problem(None, no_labels(found)))
    return rows, problems


def foreign_columns(name: str, file: ResolvedLabels) -> list[Problem]:
    """The problem of a file that has columns which are no dimension, where that was refused."""
    if not file.reading.left_out:
        return []
    foreign = f"{name}: {', '.join(file.reading.left_out)} is neither a dimension nor an alias of one"
    return [Problem(1, f"{foreign}; remove it, or let such columns be left out", way=("strict",))]


def twice(name: str, row: LabelRow, line: int | None, before: str, its_line: int | None) -> Problem:
    """The problem of a label whose annotator gave one to the same unit and dimension in the file `before`."""
    if before == name:
        told = f"{name}: {row.unit} has {row.dimension} by {row.annotator} already (line {its_line}); keep one"
        return Problem(line, told, f"{name}: units have labels twice by {row.annotator}; keep one")
    way_out = "name another annotator for one of the files"
    on_line = f" (line {its_line})" if its_line else ""
    return Problem(
        line,
        f"{name}: {row.unit} has {row.dimension} by {row.annotator} in {before} already{on_line}; {way_out}",
        f"{name}: units have labels by {row.annotator} in {before} already; {way_out}",
    )


def no_labels(found: Sequence[tuple[str, ResolvedLabels]]) -> str:
    """Why files without a problem hold no label."""
    gone = listed([each.does_not_count for each in files_as_read(found) if each.does_not_count])
    foreign = list(dict.fromkeys(name for _, file in found for name in file.reading.left_out))
    if foreign and not any(file.missing for _, file in found):
        more = f" and {gone} do not count" if gone else ""
        return f"the files contain no labels: {listed(foreign[:8])} is no dimension of the rubric and no alias of one{more}"
    return f"the files contain no labels of whole texts: {gone} do not count" if gone else "the files contain no labels"


def keys_with_labels(rubric: Rubric, rows: Sequence[LabelRow]) -> tuple[str, ...]:
    """The dimensions that have a label, in the rubric's order."""
    used = {row.dimension for row in rows}
    return tuple(key for key in rubric.keys if key in used)


def joined_to_store(connection: sa.Connection, rows: Sequence[LabelRow]) -> Joined:
    """Which units are drafts or tasks here."""
    units = sorted({row.unit for row in rows})
    drafts, tasks = stored_tasks.units_that_are_stored(connection, units)
    return Joined(len(drafts), len(tasks.keys() - drafts), len(set(units) - drafts - tasks.keys()))


def files_as_read(found: Sequence[tuple[str, ResolvedLabels]]) -> tuple[FileAsRead, ...]:
    """How each file was read, field by field."""
    return tuple(
        FileAsRead(
            name,
            each.reading.format,
            each.annotators,
            len(each.rows),
            each.fields,
            tuple(each.reading.left_out),
            dict(each.reading.passed_over),
            dict(each.missing),
            each.remarks,
            tuple(each.rows[:SHOWN]),
            bool(each.reading.answers) or not (each.reading.problems or each.reading.left_out),
            each.ways,
        )
        for name, each in found
    )


def how_read(found: Sequence[tuple[str, ResolvedLabels]], said: Answers, told: Sequence[str] = ()) -> dict[str, Any]:
    """How a set was read, as it is kept with it."""
    gone: dict[str, int] = {}
    for _, each in found:
        for why, number in each.reading.passed_over.items():
            gone[why] = gone.get(why, 0) + number
    return {
        "formats": {name: each.reading.format for name, each in found},
        "said": _as_kept(said),
        "passed_over": gone,
        "remarks": list(dict.fromkeys([*(remark for _, each in found for remark in each.remarks), *told])),
        "missing": {kind: number for kind in WORDS if (number := sum(each.missing.get(kind, 0) for _, each in found))},
    }


def _as_kept(said: Answers) -> dict[str, Any]:
    """What was said. Questions that were added since the first sets stand only where they were answered: those sets are read
    alike."""
    mappings = {name: mapping.as_json() for name, mapping in said.mappings.items()}
    kept = {**asdict(replace(said, mappings={})), "raters": list(said.raters), "mappings": mappings}
    later = ("dimension_field", "raters", "sheets", "scores", "same_ids", "same_annotators", "mappings")
    return {key: value for key, value in kept.items() if key not in later or value not in (None, "", [], {})}
