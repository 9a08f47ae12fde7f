"""The labels of all files of a set, checked and not stored yet: in hand, or on disk where a file is too large."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from db.store.counts import StoredCounts
from touchstone.data.label import LabelRow
from touchstone.errors import Problem
from touchstone.importing.vocabulary import Answers, Question, ResolvedLabels
from touchstone.rubric.model import Rubric
from workflow.importing.label_files import (
    FileAsRead,
    Joined,
    LabelFile,
    files_as_read,
    joined_to_store,
    keys_with_labels,
    one_table,
    settled_files,
    suspicions_of,
)
from workflow.importing.matching import matched, told_of_units
from workflow.importing.set_counts import count


@dataclass(frozen=True)
class LabelsRead:
    """The labels of files. `found`: each file by name, as it was read (its labels only where they are in hand); `problems`: what
    must be mended; `asked`: what must be answered of all files together, beside the `questions`; `names`: the annotators;
    `rows`, `tasks`, `counts`: when they are called every label, the tasks of units, and the counts by dimension."""

    found: Sequence[tuple[str, ResolvedLabels]]
    files: tuple[FileAsRead, ...]
    questions: tuple[Question, ...]
    problems: list[Problem]
    asked: tuple[Problem, ...]
    number: int
    units: int
    names: tuple[str, ...]
    keys: tuple[str, ...]
    joined: Joined
    told: tuple[str, ...]
    suspicions: tuple[str, ...]
    rows: Callable[[], Iterable[LabelRow]]
    tasks: Callable[[], Mapping[str, str]]
    counts: Callable[[], dict[str, StoredCounts]]


def read_in_hand(
    connection: sa.Connection,
    files: Sequence[LabelFile],
    whose: Sequence[str],
    rubric: Rubric,
    said: Answers,
    format: str,
    strict: bool,
    with_asked: bool,
) -> LabelsRead:
    """The labels of all files. `strict`: foreign columns are problems; `with_asked`: so is what waits for an answer."""
    made = matched(connection, settled_files(files, whose, rubric, said, format), said)
    rows, problems = one_table(made.found, strict, with_asked)
    names = tuple(dict.fromkeys(row.annotator for row in rows))
    return LabelsRead(
        made.found,
        files_as_read(made.found),
        made.questions,
        problems,
        made.asked,
        len(rows),
        len({row.unit for row in rows}),
        names,
        keys_with_labels(rubric, rows),
        joined_to_store(connection, rows),
        tuple(told_of_units(rows)),
        suspicions_of(files, rows),
        lambda: rows,
        lambda: {unit: task for _, each in made.found for unit, task in each.tasks.items()},
        lambda: count(connection, rubric, names, rows),
    )
