"""How files of labels would be read, before anything is stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from db.engine import reading
from touchstone.english import many
from touchstone.errors import Problem, Refused, option, with_options
from touchstone.importing.mapped.mapped_labels import AS_SAID
from touchstone.importing.parts.large_table import Tell
from touchstone.importing.vocabulary import Answers, Question
from touchstone.rubric.model import Rubric
from workflow.importing.label_files import NO_ORIGINS, NOTHING_SAID, FileAsRead, Joined, LabelFile, annotators_of
from workflow.importing.large_files import read_files
from workflow.importing.origins import checked_origins
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.projects.settling import look_ahead
from workflow.rubric import rubrics


@dataclass(frozen=True)
class Preview:
    """How files would be read, before anything is stored. `problems` must be mended, `questions` answered; `scale`: which way
    the levels run, in words; `places`: annotators that the files name, and yet by places; `told`: what must be read of the files
    together; `rater_columns`: columns taken for one annotator each; `machines`: annotators of whom the files say that they are no
    people."""

    files: tuple[FileAsRead, ...]
    questions: tuple[Question, ...]
    problems: tuple[Problem, ...]
    suspicions: tuple[str, ...]
    labels: int
    units: int
    annotators: tuple[str, ...]
    dimensions: tuple[str, ...]
    joined: Joined
    scale: str
    places: tuple[str, ...]
    told: tuple[str, ...] = ()
    rater_columns: tuple[str, ...] = ()
    machines: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        return (
            f"{many(self.labels, 'label')} of {many(self.units, 'unit')} by {', '.join(self.annotators) or 'nobody'}, "
            f"{many(len(self.dimensions), 'dimension')}"
        )

    def as_json(self) -> dict[str, Any]:
        """The document of `import-labels --preview --json`."""
        return {
            "files": [
                {
                    **each._asdict(),
                    "fields": {one.name: one.role for one in each.fields},
                    "first": [row._asdict() for row in each.first],
                }
                for each in self.files
            ],
            "questions": [{**each._asdict(), "option": option(each.key)} for each in self.questions],
            "problems": [{"line": each.line, "reason": with_options(each.reason, each.way)} for each in self.problems],
            "suspicions": list(self.suspicions),
            "told": list(self.told),
            "labels": self.labels,
            "units": self.units,
            "annotators": list(self.annotators),
            "dimensions": list(self.dimensions),
            "joined": self.joined._asdict(),
            "scale": self.scale,
        }


@verb
def preview_labels(
    person: Person,
    engine: sa.Engine,
    files: Sequence[LabelFile],
    *,
    rubric: str,
    annotators: Sequence[str] = (),
    said: Answers = NOTHING_SAID,
    format: str = "auto",
    strict: bool = False,
    made_by: str = "",
    origins: Mapping[str, str] = NO_ORIGINS,
    tell: Tell = lambda rows: None,
) -> Preview:
    """How the files would be read, column by column, with what must be asked and mended; nothing is stored. With
    `made_by` and `origins` (see `import_labels`), also what would be refused of them.

    Raises Refused for what cannot be read at all: no file, an unknown rubric or format, an answer that is no level.
    """
    whose = annotators_of(files, annotators)
    with reading(engine, person) as connection:
        look_ahead(connection, rubric)
        read_as, _ = rubrics.usable(connection, rubric)
        read = read_files(connection, files, whose, read_as, said, format, strict, with_asked=False, tell=tell)
        found, problems = read.found, read.problems
        questions = {question.key: question for _, file in found for question in file.questions}
        questions |= {question.key: question for question in read.questions}
        machines = tuple(who for _, each in found for who in each.reading.machines)
        if made_by:
            try:
                checked_origins(origins, made_by, read.names, machines)
            except Refused as wrong:
                problems.append(Problem(None, wrong.sentence, way=wrong.way))
    return Preview(
        read.files,
        tuple(questions.values()),
        tuple(problems),
        read.suspicions,
        read.number,
        read.units,
        read.names,
        read.keys,
        read.joined,
        _scale(read_as, read.keys, said.reverse, any(each.asked or each.reading.format == AS_SAID for _, each in found)),
        tuple(who for _, each in found for who in each.reading.places),
        read.told if "same_ids" not in questions else (),
        tuple(who for _, each in found for who in each.reading.rater_columns),
        machines,
    )


def _scale(rubric: Rubric, given: Sequence[str], reverse: bool, is_waiting: bool) -> str:
    """Which way the levels run, by the first ordinal dimension that has labels, or may have them once something else is
    answered; "" without one."""
    keys = given or (rubric.keys if is_waiting else ())
    each = next((one for one in rubric.dimensions if one.key in keys and one.scale == "ordinal"), None)
    if each is None:
        return ""
    low, high = each.levels[0], each.levels[-1]
    if reverse:
        return (
            f"reversed: what the files call {low.value} is read as {high.value} ({high.title}), and vice versa, "
            f"in every ordinal dimension"
        )
    return f"as in the rubric: {each.title} {low.value} is {low.title}, {high.value} is {high.title}"
