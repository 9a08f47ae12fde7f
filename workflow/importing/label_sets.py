"""Labels from elsewhere: stored with where they came from, reported; never adjudicated or released."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa

from db.engine import reading
from db.store import counts as stored_counts
from db.store import label_sets as stored_label_sets
from db.store import projects as stored_projects
from db.store.closing import withheld as stored_withheld
from db.store.counts import StoredCounts
from touchstone.data.label import LabelRow
from touchstone.english import many
from touchstone.errors import Refused
from touchstone.importing.parts.large_table import Tell
from touchstone.importing.vocabulary import Answers, ResolvedLabels
from touchstone.rubric.model import Rubric
from workflow import clock
from workflow.events.recording import recorded
from workflow.importing.label_files import (
    NO_ORIGINS,
    NOTHING_SAID,
    FileAsRead,
    Joined,
    LabelFile,
    annotators_of,
    digests_of,
    how_read,
)
from workflow.importing.large_files import read_files
from workflow.importing.origins import MADE_BY, checked_origins, kinds_in_words, suspicious
from workflow.importing.set_counts import count
from workflow.names import fit_name, fold
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.projects.settling import settle_rubric
from workflow.rubric import rubrics


@dataclass(frozen=True)
class ImportedSet:
    """What came in: how many labels of how many units, by whom, which columns were left out; new or there already. `read`: how,
    file by file."""

    name: str
    labels: int
    units: int
    annotators: tuple[str, ...]
    dimensions: tuple[str, ...]
    left_out: dict[str, tuple[str, ...]]
    is_new: bool
    made_by: str = ""
    read: tuple[FileAsRead, ...] = ()
    suspicions: tuple[str, ...] = ()
    joined: Joined = Joined(0, 0, 0)
    told: tuple[str, ...] = ()
    origins: Mapping[str, str] = field(default_factory=dict)
    new_project: str = ""  # the project that was made for it

    @property
    def made_by_in_words(self) -> str:
        """Who made the labels: every kind there is."""
        return kinds_in_words(self.made_by, self.origins, self.annotators)

    @property
    def sentence(self) -> str:
        if not self.is_new:
            return f"{self.name}: the same files are in the store already; nothing changed"
        return (
            f"{self.name}: {many(self.labels, 'label')} of {many(self.units, 'unit')} by "
            f"{', '.join(self.annotators)}, {many(len(self.dimensions), 'dimension')}"
            + (f", in {self.new_project}, a new project" if self.new_project else "")
        )

    def as_json(self) -> dict[str, Any]:
        """The document of `import-labels --json`."""
        return {
            "name": self.name,
            "is_new": self.is_new,
            "made_by": self.made_by,
            "origins": dict(self.origins),
            "labels": self.labels,
            "units": self.units,
            "annotators": list(self.annotators),
            "dimensions": list(self.dimensions),
            "left_out": {file: list(names) for file, names in self.left_out.items()},
            "suspicions": list(self.suspicions),
            "told": list(self.told),
            "joined": self.joined._asdict(),
        }


@verb
def import_labels(
    person: Person,
    engine: sa.Engine,
    files: Sequence[LabelFile],
    *,
    name: str,
    made_by: str,
    rubric: str,
    annotators: Sequence[str] = (),
    blank: str | None = None,
    strict: bool = False,
    said: Answers = NOTHING_SAID,
    format: str = "auto",
    origins: Mapping[str, str] = NO_ORIGINS,
    tell: Tell = lambda rows: None,
) -> ImportedSet:
    """Bring in a label set, from files of any of `touchstone.importing.formats`. Raises Refused with every bad line. A large file
    is read some thousands of rows at a time; `tell` is called with how many more were.

    A file's labels are by its stem, or by the one of `annotators` that stands in its place, unless the file itself names
    people. `said`: what the files do not say (see `touchstone.importing.vocabulary`). `origins`: who made the labels of single
    annotators, where that is not `made_by`. `strict` refuses foreign columns.
    """
    shown = fit_name(name, "label set")
    said = replace(said, words={**said.words, "blank": blank}) if blank else said
    if made_by not in MADE_BY:
        raise Refused(f"who made the labels is one of {', '.join(MADE_BY)}, not {made_by or 'blank'}")
    whose = annotators_of(files, annotators)
    digests = _named_digests(files, whose)
    with recorded(person, engine, "import labels", label_set=shown) as connection:
        there_were = len(stored_projects.every(connection))
        project = settle_rubric(person, connection, rubric, makes=True)
        stored_projects.hold_names(connection, project.id)
        before = next(iter(stored_label_sets.by_folded(connection, fold(shown))), None)
        read_as, version = rubrics.ready_to_use(connection, rubric)
        read = read_files(connection, files, whose, read_as, said, format, strict, with_asked=True, tell=tell)
        found, problems = read.found, [*read.problems, *read.asked]
        if problems:
            raise Refused(f"the labels were not imported: {many(len(problems), 'problem')}, nothing was stored", problems)
        machines = [who for _, each in found for who in each.reading.machines]
        others = checked_origins(origins, made_by, read.names, machines)
        made = ImportedSet(
            shown,
            read.number,
            read.units,
            read.names,
            read.keys,
            _left_out(found),
            before is None,
            made_by,
            read.files,
            read.suspicions,
            read.joined,
            read.told,
            others,
            project.name if len(stored_projects.every(connection)) > there_were else "",
        )
        how = how_read(found, said, made.told) | ({"origins": others} if others else {})
        if before is not None:
            is_same = (before.files, before.made_by, before.rubric_digest) == (digests, made_by, read_as.digest)
            if is_same and _is_read_alike(before.read_as, how):
                return made
            raise Refused(
                f"there is a label set named “{before.name}” already, of other files or another origin; "
                "give the new one another name"
            )
        keep_set(
            connection,
            read_as,
            read.rows(),
            {
                "project": project.id,
                "name": shown,
                "rubric_version": version,
                "made_by": made_by,
                "files": digests,
                "annotators": list(read.names),
                "left_out": {file: list(each) for file, each in made.left_out.items()},
                "imported_by": person.id,
                "read_as": how,
                "suspicions": list(made.suspicions),
                "tasks": read.tasks(),
                "slots_are_people": said.slots_are_people,
            },
            read.counts(),
        )
        return made


def keep_set(
    connection: sa.Connection,
    rubric: Rubric,
    rows: Iterable[LabelRow],
    values: Mapping[str, Any],
    counts: Mapping[str, StoredCounts] | None = None,
) -> int:
    """Store a label set with its counts; its id. `values`: of its columns, but for what follows from its name and the time;
    `counts`: where they were made already, by dimension: `rows` may then be any number, and are gone through once."""
    now = clock.now()
    if counts is None:
        rows = list(rows)
        counts = count(connection, rubric, values["annotators"], rows)
    label_set = stored_label_sets.add_label_set(
        connection,
        {**values, "folded": fold(values["name"]), "imported_at": now},
        ({"unit": row.unit, "annotator": row.annotator, "dimension": row.dimension, "value": str(row.value)} for row in rows),
    )
    for key, counted in counts.items():
        stored_counts.add_counts(connection, key, counted, now, label_set=label_set)
    return label_set


def _is_read_alike(before: dict[str, Any] | None, how: dict[str, Any]) -> bool:
    """Whether a set that is kept was read as these files are now; sentences about it may have been added since."""
    return before is None or all(before.get(key) == how.get(key) for key in {*before, *how} - {"remarks"})


def _named_digests(files: Sequence[LabelFile], whose: Sequence[str]) -> list[dict[str, str]]:
    """The files as the store keeps them: which bytes under which name, and whose labels they hold."""
    return [
        {"name": file.name, "digest": digest, "annotator": who}
        for file, digest, who in zip(files, digests_of(files), whose, strict=True)
    ]


def _left_out(found: Sequence[tuple[str, ResolvedLabels]]) -> dict[str, tuple[str, ...]]:
    """The columns that are neither a dimension nor an alias of one, by the file they stand in."""
    return {file: tuple(each.reading.left_out) for file, each in found if each.reading.left_out}


@verb
def names_of_sets(engine: sa.Engine) -> list[str]:
    """The names of the label sets, the newest first: for choosing one."""
    with reading(engine) as connection:
        return stored_label_sets.names(connection)


@verb
def all_label_sets(engine: sa.Engine) -> Sequence[sa.Row]:
    """Every label set, the newest first: name, made_by, rubric, annotators, files, left_out, imported_at."""
    with reading(engine) as connection:
        return stored_label_sets.all_label_sets(connection)


@verb
def suspicions_told(person: Person, engine: sa.Engine) -> list[tuple[str, str]]:
    """The name of each label set that looked suspicious as it came in, with a sentence of why, as this person may know it."""
    with reading(engine, person) as connection:
        return [
            (row.name, sentence)
            for row in stored_label_sets.all_label_sets(connection)
            for sentence in suspicious(row, str(stored_withheld.units_held_back(connection, row.id) or ""))
        ]
