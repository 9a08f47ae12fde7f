"""Files of labels of which one is too large to hold: read and checked some thousands of labels at a time.

What `label_files` and `matching` see of all labels in hand is asked here of a database on disk that is gone afterwards
(`db.labels_on_disk`), and of one walk over its units. So are files that are small beside one that is large.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

import sqlalchemy as sa

from db.labels_on_disk import AgainOnDisk, LabelsOnDisk
from db.store import tasks as stored_tasks
from db.store.counts import StoredCounts
from touchstone.data.counts import Counts
from touchstone.data.label import LabelRow, Pattern
from touchstone.errors import MOST_PROBLEMS, Problem, Refused, cut_short
from touchstone.importing.parts.large_table import LargeTable, ResolvingParts, Tell, large_table
from touchstone.importing.parts.row_sources import in_parts
from touchstone.importing.same_form import as_one, spellings
from touchstone.importing.vocabulary import Answers, Question, ResolvedLabels, names_of
from touchstone.importing.warning_signs import WarningSigns
from touchstone.rubric.model import Rubric
from workflow.importing.label_files import (
    SHOWN,
    FileAsRead,
    Joined,
    LabelFile,
    digests_of,
    files_as_read,
    foreign_columns,
    no_labels,
    settled_files,
    twice,
)
from workflow.importing.labels_read import LabelsRead, read_in_hand
from workflow.importing.matching import FIRST_UNITS, asked_of, told_of_shared
from workflow.importing.matching import SHOWN as ANNOTATORS_SHOWN
from workflow.rounds.closing import as_stored
from workflow.rubric.levels import declared

LARGE = 4_000_000  # bytes of a file from which it is read by parts


def read_files(
    connection: sa.Connection,
    files: Sequence[LabelFile],
    whose: Sequence[str],
    rubric: Rubric,
    said: Answers,
    format: str,
    strict: bool,
    with_asked: bool,
    tell: Tell,
) -> LabelsRead:
    """The labels of all files, checked, by parts where one is large. `strict`: foreign columns are problems; `with_asked`: so is
    what waits for an answer; `tell` is called with how many rows more were read, by parts."""
    if any(file.size > LARGE for file in files):
        return read_large(connection, files, whose, rubric, said, format, strict, with_asked, tell)
    return read_in_hand(connection, files, whose, rubric, said, format, strict, with_asked)


class _Files:
    """The files, read into `disk`."""

    def __init__(self, disk: LabelsOnDisk, rubric: Rubric, said: Answers, format: str, tell: Tell) -> None:
        self.disk, self.rubric, self.said, self.format, self.tell = disk, rubric, said, format, tell
        self.found: list[tuple[str, ResolvedLabels]] = []

    def take(self, file: LabelFile, who: str) -> None:
        large = None
        if file.size > LARGE and file.name not in self.said.mappings:
            large = large_table(file.opened, names_of(self.rubric, self.said), self.format)
        self.found.append((file.name, self._in_hand(file, who) if large is None else self._by_parts(large, who)))

    def _in_hand(self, file: LabelFile, who: str) -> ResolvedLabels:
        [(_, read)] = settled_files([file], [who], self.rubric, self.said, self.format)
        for rows, lines in zip(in_parts(read.rows), in_parts(read.lines), strict=True):
            self.disk.add(len(self.found), rows, lines, dict(read.tasks))
        self.disk.add_waiting(read.waiting)
        return replace(read, rows=[], lines=[], tasks={})

    def _by_parts(self, large: LargeTable, who: str) -> ResolvedLabels:
        resolving = ResolvingParts.of(large.file, self.rubric, who, self.said)
        resolving.problems = []
        answers: Iterator = iter(()) if large.file.problems else large.answers(self.tell)
        for part in answers:
            for answer in part:
                resolving.take(answer)
            self.disk.add(len(self.found), resolving.rows, resolving.lines, resolving.tasks)
            self.disk.add_waiting(resolving.waiting)
            resolving.handed_on()
        resolving.problems = cut_short([*large.file.problems, *resolving.problems])
        return resolving.ended(large.file, self.rubric, self.said)


def read_large(
    connection: sa.Connection,
    files: Sequence[LabelFile],
    whose: Sequence[str],
    rubric: Rubric,
    said: Answers,
    format: str,
    strict: bool,
    with_asked: bool,
    tell: Tell,
) -> LabelsRead:
    """The labels of all files, as `labels_read.read_in_hand`. Raises Refused where a file was changed meanwhile."""
    disk, digests = LabelsOnDisk(), digests_of(files)
    reading = _Files(disk, rubric, said, format, tell)
    for file, who in zip(files, whose, strict=True):
        reading.take(file, who)
    if digests_of(files) != digests:
        raise Refused("a file was changed while it was read, so nothing was stored; import it once it is whole")
    disk.settle()
    found, called = reading.found, [name for name, _ in reading.found]
    problems = _problems(disk, found, strict, with_asked)
    questions, asked = _matched(connection, disk, said)
    for each in disk.twice(MOST_PROBLEMS + 1):
        row = LabelRow(each.unit, each.annotator, each.dimension, "")
        problems.append(twice(called[each.file], row, each.line, called[each.first_file], each.first_line))
    walk = _Walk(connection, disk, rubric)
    if not walk.labels and not problems and not any(read.asked for _, read in found):
        problems.append(Problem(None, no_labels(found)))
    first_units = dict(disk.first_units(walk.annotators[:ANNOTATORS_SHOWN], FIRST_UNITS))
    return LabelsRead(
        found,
        tuple(_as_read(read, disk, number) for number, read in enumerate(files_as_read(found))),
        questions,
        problems,
        asked,
        walk.labels,
        walk.units,
        tuple(walk.annotators),
        tuple(key for key in rubric.keys if key in walk.patterns),
        walk.joined,
        tuple(told_of_shared(walk.units_of, walk.shared, first_units)),
        tuple(walk.signs.sentences(list(zip(called, digests, strict=True)))),
        disk.rows,
        disk.tasks,
        walk.counts,
    )


def _problems(disk: LabelsOnDisk, found: Sequence[tuple[str, ResolvedLabels]], strict: bool, with_asked: bool) -> list[Problem]:
    """What is wrong in each file, labels that it has twice among it."""
    problems: list[Problem] = []
    again = disk.twice_in_a_file(MOST_PROBLEMS + 1)
    for number, (name, read) in enumerate(found):
        in_file = [
            *(read.all_problems if with_asked else read.problems),
            *(_again(each) for each in again if each.file == number),
        ]
        problems += [each.within(name) for each in cut_short(sorted(in_file, key=lambda each: each.line or 0))]
        problems += foreign_columns(name, read) if strict else []
    return problems


def _as_read(read: FileAsRead, disk: LabelsOnDisk, number: int) -> FileAsRead:
    first, labels, annotators = disk.first_of_file(number, SHOWN)
    return read._replace(labels=labels, first=tuple(first), annotators=tuple(annotators), is_known=read.is_known or labels > 0)


def _again(again: AgainOnDisk) -> Problem:
    on_line = f" on line {again.first_line}" if again.first_line != again.line else ""
    has = f"{again.unit} has {again.dimension} by {again.annotator}{on_line} already; keep one"
    return Problem(again.line, has, has.replace(again.unit, "…"))


def _matched(connection: sa.Connection, disk: LabelsOnDisk, said: Answers) -> tuple[tuple[Question, ...], tuple[Problem, ...]]:
    """As `matching.matched`: what was said to be the same is called alike; what is still asked, as questions and as problems."""

    def stored(units: Sequence[str]) -> set[str]:
        drafts, tasks = stored_tasks.units_that_are_stored(connection, units)
        return {*drafts, *tasks}

    disk.look_up_units(stored, lambda: stored_tasks.every_id(connection))
    units, number = disk.units_of_one_form(SHOWN)
    people = spellings(disk.annotators(with_waiting=True))
    asked = []
    if number and said.same_ids is None:
        asked.append(asked_of("same_ids", "ids", units, number))
    if people and said.same_annotators is None:
        asked.append(asked_of("same_annotators", "annotators", people, len(people)))
    if number and said.same_ids:
        disk.call_units_alike()
    if people and said.same_annotators:
        disk.call(dict(as_one(people)), "annotator")
    return tuple(question for question, _ in asked), tuple(problem for _, problem in asked)


class _Walk:
    """What one walk over the units sees of their labels: how many, by whom, of what pattern, and which are drafts or tasks."""

    def __init__(self, connection: sa.Connection, disk: LabelsOnDisk, rubric: Rubric) -> None:
        self.disk, self.rubric = disk, rubric
        self.annotators = disk.annotators()
        self.signs = WarningSigns(self.annotators)
        self.labels = self.units = self.drafts = self.tasks = 0
        self.units_of, self.shared = dict.fromkeys(self.annotators, 0), dict.fromkeys(self.annotators, 0)
        self.patterns: dict[str, Counter[Pattern]] = {}
        self.alone: Counter[str] = Counter()  # units by dimension that are of no cluster but their own
        self._seats = {who: place for place, who in enumerate(self.annotators)}
        self._places = {each.key: {value: place for place, value in enumerate(each.values)} for each in rubric.dimensions}
        for part in in_parts(disk.by_unit()):
            units = [unit for unit, _ in part]
            drafts, tasks = stored_tasks.units_that_are_stored(connection, units)
            clusters = stored_tasks.clusters_of_units(connection, units)
            self.drafts, self.tasks = self.drafts + len(drafts), self.tasks + len(tasks.keys() - drafts)
            found: set[tuple[str, str]] = set()
            for unit, rows in part:
                self._take(rows)
                for key in {row.dimension for row in rows}:
                    if unit in clusters:
                        found.add((key, clusters[unit]))
                    else:
                        self.alone[key] += 1
            disk.note_clusters(found)

    @property
    def joined(self) -> Joined:
        return Joined(self.drafts, self.tasks, self.units - self.drafts - self.tasks)

    def _take(self, rows: Sequence[LabelRow]) -> None:
        self.units, self.labels = self.units + 1, self.labels + len(rows)
        who = {row.annotator for row in rows}
        for each in who:
            self.units_of[each] += 1
            self.shared[each] += len(who) > 1
        patterns: dict[str, list[int | None]] = {}
        for row in rows:
            pattern = patterns.setdefault(row.dimension, [None] * len(self._seats))
            pattern[self._seats[row.annotator]] = self._places[row.dimension][row.value]
        for key, given in patterns.items():
            self.patterns.setdefault(key, Counter())[tuple(given)] += 1
        self.signs.take(rows)

    def counts(self) -> dict[str, StoredCounts]:
        """The counts of the set by dimension, as `label_sets.count` of labels in hand."""
        named = self.disk.clusters()
        made = {}
        for key in self.rubric.keys:
            if key in self.patterns:
                of = declared(self.rubric, key)
                clusters = self.alone[key] + named.get(key, 0)
                counted = Counts(key, of.scale, tuple(of.values), tuple(self.annotators), self.patterns[key], clusters)
                made[key] = as_stored(counted)
        return made
