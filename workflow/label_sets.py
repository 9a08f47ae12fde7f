"""Labels from elsewhere: read, stored with where they came from, reported; never adjudicated or released."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import NamedTuple

import sqlalchemy as sa

from db.engine import reading, writing
from db.store import reports as stored
from touchstone.errors import Problem, Refused
from touchstone.label import LabelRow, count_labels, pattern_text
from touchstone.label_file import LabelSetFile, read_label_set
from touchstone.rubric import Rubric
from touchstone.words import many
from workflow import clock, rubrics
from workflow.people import Person
from workflow.rounds import Counted, fit_name, fold

MADE_BY = {"person-blind": "people, blind", "person-not-blind": "people who were not blind", "program": "a program",
           "model": "a model", "copy": "copying"}


class File(NamedTuple):
    """One file as it arrived."""

    name: str
    source: bytes


@dataclass(frozen=True)
class ImportedSet:
    """What came in: how many labels of how many units, by whom, which columns were left out; new or there already."""

    name: str
    labels: int
    units: int
    annotators: tuple[str, ...]
    dimensions: tuple[str, ...]
    left_out: dict[str, tuple[str, ...]]
    is_new: bool

    @property
    def sentence(self) -> str:
        if not self.is_new:
            return f"{self.name}: the same files are in the store already; nothing changed"
        return (f"{self.name}: {many(self.labels, 'label')} of {many(self.units, 'unit')} by "
                f"{', '.join(self.annotators)}, {many(len(self.dimensions), 'dimension')}")


def import_labels(person: Person, engine: sa.Engine, files: Sequence[File], *, name: str, made_by: str, rubric: str,
                  annotators: Sequence[str] = (), blank: str | None = None, strict: bool = False) -> ImportedSet:
    """Bring in a label set: one CSV per annotator (wide), or long CSV. Raises Refused with every bad line.

    An annotator is the file's stem unless `annotators` names one per file. `strict` refuses foreign columns.
    """
    shown = fit_name(name, "label set")
    if blank not in (None, "missing"):
        raise Refused(f"an empty cell means “missing” or is refused, not {blank}; use --blank missing")
    if made_by not in MADE_BY:
        raise Refused(f"who made the labels is one of {', '.join(MADE_BY)}, not {made_by or 'blank'}")
    if not files:
        raise Refused("name the files that hold the labels; there is none")
    if annotators and len(annotators) != len(files):
        raise Refused(f"{many(len(annotators), 'annotator')} named for {many(len(files), 'file')}; name one per file")
    whose = list(annotators) or [PurePath(file.name).stem for file in files]
    if twice := [who for who in whose if whose.count(who) > 1]:
        raise Refused(f"two files are by {twice[0]}; name one annotator per file (--annotator), or bring them in as one file")
    digests = [{"name": file.name, "digest": hashlib.sha256(file.source).hexdigest(), "annotator": who}
               for file, who in zip(files, whose, strict=True)]
    with writing(engine) as connection:
        before = stored.label_set(connection, fold(shown))
        read, version = rubrics.ready_to_use(connection, rubric)
        found = [(file.name, read_label_set(file.source, who, read, blank=blank))
                 for file, who in zip(files, whose, strict=True)]
        rows = _one_table(found, strict)
        keys = tuple(key for key in read.keys if any(row.dimension == key for row in rows))
        names = tuple(dict.fromkeys(row.annotator for row in rows))
        made = ImportedSet(shown, len(rows), len({row.unit for row in rows}), names, keys,
                           {file: each.left_out for file, each in found if each.left_out}, before is None)
        if before is not None:
            if (before.files, before.made_by, before.rubric_digest) == (digests, made_by, read.digest):
                return made
            raise Refused(f"there is a label set named “{before.name}” already, of other files or another origin; "
                          "give the new one another name")
        label_set = stored.add_label_set(
            connection,
            {"name": shown, "folded": fold(shown), "rubric_version": version, "made_by": made_by, "files": digests,
             "annotators": list(names), "left_out": {file: list(each) for file, each in made.left_out.items()},
             "imported_at": clock.now(), "imported_by": person.id},
            [{"unit": row.unit, "annotator": row.annotator, "dimension": row.dimension, "value": str(row.value)}
             for row in rows])
        for key, counted in count(connection, read, names, rows).items():
            stored.add_counts(connection, label_set=label_set, dimension=key, at=clock.now(), **counted._asdict())
        return made


def _one_table(found: Sequence[tuple[str, LabelSetFile]], strict: bool) -> list[LabelRow]:
    problems: list[Problem] = []
    first: dict[tuple[str, str, str], str] = {}
    rows: list[LabelRow] = []
    for name, file in found:
        problems += [Problem(each.line, f"{name}: {each.reason}") for each in file.problems]
        if strict and file.left_out:
            problems.append(Problem(1, f"{name}: {', '.join(file.left_out)} is no dimension and no alias of one; "
                                       "take it out, or import without --strict"))
        for row in file.rows:
            if (before := first.setdefault(row[:3], name)) != name:
                problems.append(Problem(None, f"{name}: {row.unit} has {row.dimension} by {row.annotator} in {before} "
                                              "already; name another annotator for one of the files"))
                break
        rows += file.rows
    if not rows and not problems:
        problems.append(Problem(None, "the files hold no label: every cell is blank"))
    if problems:
        raise Refused(f"the labels were not imported: {many(len(problems), 'problem')}, nothing was stored", problems)
    return rows


def count(connection: sa.Connection, rubric: Rubric, annotators: Sequence[str], rows: Sequence[LabelRow]
          ) -> dict[str, Counted]:
    """The counts of a label set by dimension. Raises ValueError for a label no level has."""
    clusters = stored.clusters_of_units(connection, sorted({row.unit for row in rows}))
    made = {key: count_labels(rows, rubric.dimension(key), annotators, clusters)
            for key in rubric.keys if any(row.dimension == key for row in rows)}
    return {key: Counted(each.clusters, 0, 0, {pattern_text(pattern): units for pattern, units in each.patterns.items()})
            for key, each in made.items()}


def all_label_sets(engine: sa.Engine) -> Sequence[sa.Row]:
    """Every label set, the newest first: name, made_by, rubric, annotators, files, left_out, imported_at."""
    with reading(engine) as connection:
        return stored.all_label_sets(connection)
