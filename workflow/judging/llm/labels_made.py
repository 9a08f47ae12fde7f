"""A label set of a run's levels, made by a model: which answer is behind each label is kept beside it."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from db.store import label_sets as stored_label_sets
from db.store import projects as stored_projects
from db.store import tasks as stored_tasks
from db.store.judging import answers as stored
from touchstone.data.label import LabelRow
from touchstone.english import many
from workflow import clock
from workflow.events.recording import recorded
from workflow.importing.label_sets import keep_set
from workflow.judging.llm.planning import PreparedRun, Question
from workflow.names import LONGEST_NAME, fit_name, fold
from workflow.people.people import Person
from workflow.projects.settling import settle_rubric
from workflow.rubric import rubrics
from workflow.rubric.levels import declared


class MadeLabels(NamedTuple):
    """`label_set`: its name, "" where there was no level; `is_new`: it was not there before."""

    label_set: str
    is_new: bool
    labels: int
    left_out: tuple[str, ...]


def labels_made(person: Person, run: PreparedRun, number: int, name: str) -> MadeLabels:
    """The run (its id) has ended: its levels are a label set from here on. One with the very same labels is there once."""
    with recorded(person, run.engine, "end judge run", judge=run.judge.name) as connection:
        project = settle_rubric(person, connection, run.rubric.name)
        stored_projects.hold_names(connection, project.id)  # another run of the same judge may end at this moment
        found = stored.answers_under(connection, sorted({each.key for each in run.questions}))
        being = stored_tasks.drafts_in_open_rounds(connection)  # by now: a round may have been opened meanwhile
        given = [each for each in run.questions if each.key in found and each.draft.id not in being]
        left = len({each.draft.id for each in run.questions if each.draft.id in being})
        left_out = (f"{many(left, 'draft')} left out, which an open round holds by now",) if left else ()
        rows = [_label(run, each, found[each.key].level) for each in given]
        answers = sorted({found[each.key].id for each in given})
        if not rows:
            stored.end_run(connection, number, label_set=None, answers=(), at=clock.now())
            return MadeLabels("", False, 0, left_out)
        digest = hashlib.sha256(json.dumps([*map(list, rows)]).encode()).hexdigest()
        files = [{"name": f"{run.judge.name}.yml", "digest": digest, "annotator": ""}]
        wanted = name or f"{run.judge.name} on {run.drafts.called}"[:LONGEST_NAME].strip()
        shown, before = free_name(connection, fit_name(wanted, "label set"), files)
        if before is None:
            made = keep_set(
                connection,
                run.rubric,
                rows,
                {
                    "project": project.id,
                    "name": shown,
                    "rubric_version": rubrics.ready_to_use(connection, run.rubric.name)[1],
                    "made_by": "model",
                    "files": files,
                    "annotators": [each for each in run.judge.annotators if any(row.annotator == each for row in rows)],
                    "left_out": {},
                    "imported_by": person.id,
                    "read_as": {"formats": {files[0]["name"]: "a judge's run"}, "remarks": [*_remarks(run, found)]},
                    "suspicions": [],
                    "tasks": {each.draft.draft_id: each.draft.task_id for each in given},
                    "slots_are_people": None,
                },
            )
        else:
            made = int(before.id)
        stored.end_run(connection, number, label_set=made, answers=answers, at=clock.now())
        return MadeLabels(shown, before is None, len(rows), left_out)


def _remarks(run: PreparedRun, found: Mapping[str, sa.Row]) -> Iterator[str]:
    """What must be read beside the labels, wherever they are reported."""
    yield f"levels of {run.judge.file.model}, asked by the judge {run.judge.name} (digest {run.judge.digest[:12]})"
    missing = sum(each.key not in found for each in run.questions)
    if missing:
        yield f"{missing:,} of {many(len(run.questions), 'question')} had no answer with a level, and no label"


def _label(run: PreparedRun, asked: Question, level: str) -> LabelRow:
    value = declared(run.rubric, asked.dimension).parse(level)
    if value is None:
        raise ValueError(f"{asked.dimension} of {run.rubric.name} has no level {level!r}")
    return LabelRow(asked.draft.draft_id, run.judge.annotators[asked.repeat], asked.dimension, value)


def free_name(connection: sa.Connection, wanted: str, files: Sequence[dict[str, str]]) -> tuple[str, sa.Row | None]:
    """The name to take, and the set that has it with the very same labels; sets with others keep theirs, and a number tells the
    new one apart."""
    number = 1
    while True:
        more = "" if number == 1 else f" ({number})"
        name = f"{wanted[: LONGEST_NAME - len(more)]}{more}"
        row = next(iter(stored_label_sets.by_folded(connection, fold(name))), None)
        if row is None or row.files == files:
            return name, row
        number += 1
