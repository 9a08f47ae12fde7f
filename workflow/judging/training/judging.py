"""Drafts judged by a trained judge that is on: its levels are a label set made by a model."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from db.engine import reading
from db.store import tasks as stored_tasks
from db.store.judging import trained as stored
from touchstone.data.label import LabelRow
from touchstone.english import many
from touchstone.errors import Refused
from workflow.events.recording import recorded
from workflow.importing.label_sets import keep_set
from workflow.judging.llm.drafts_asked import AskAbout, drafts_asked
from workflow.judging.llm.labels_made import free_name
from workflow.judging.training.seen import readings_of, rising_values
from workflow.judging.training.trained_judges import head_in, judge_row
from workflow.names import LONGEST_NAME, fit_name
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.projects.settling import settle, settle_rubric
from workflow.rubric import rubrics


class JudgedDrafts(NamedTuple):
    """`label_set`: its name; `is_new`: it was not there before with the very same labels."""

    judge: str
    called: str
    label_set: str
    is_new: bool
    labels: int
    left_out: tuple[str, ...]

    @property
    def sentence(self) -> str:
        left = "".join(f"; {each}" for each in self.left_out)
        return f"{self.judge}: {many(self.labels, 'label')} of {self.called} are the label set {self.label_set}{left}"

    def as_json(self) -> dict[str, Any]:
        return {**self._asdict(), "left_out": list(self.left_out)}


@verb
def is_trained(person: Person, engine: sa.Engine, name: str) -> bool:
    """Whether a judge of that name was trained here."""
    with reading(engine, person) as connection:
        settle(connection)
        return stored.trained_judge_named(connection, name.strip()) is not None


@verb
def judge_drafts(person: Person, engine: sa.Engine, name: str, about: AskAbout, set_name: str = "") -> JudgedDrafts:
    """Judge drafts by a trained judge that is on, and keep its levels as a label set. Drafts that it was trained on are left out:
    of these it knows what people said. Raises NotYourTurn for an open round, Refused for a judge that is off, and where no draft
    is left."""
    with recorded(person, engine, "judge drafts", judge=name.strip()) as connection:
        settle(connection)
        row = judge_row(connection, name)
        if not any(each.is_on for each in stored.those_of(connection, row.project, [row.name])):
            raise Refused(
                f"{row.name} is off, so it judges nothing; what is missing stands in judge trained, and on the page Judges"
            )
        rubric = rubrics.rubric_of(connection, row.rubric_version)
        project = settle_rubric(person, connection, rubric.name)
        found = drafts_asked(connection, about, rubric, reads=True)
        known = stored.drafts_behind(connection, row.id)
        free = [each for each in found.drafts if each.id not in known]
        seen = many(len(found.drafts) - len(free), "draft")
        left_out = (*found.left_out, *([f"{seen} left out, on which it was trained"] if len(free) < len(found.drafts) else []))
        if not free:
            raise Refused(f"no draft of {found.called} is left to judge: {seen} it was trained on; name others")
        rows = _rows(connection, row, rubric, [(each.draft_id, each.task_id) for each in free])
        digest = hashlib.sha256(json.dumps([*map(list, rows)]).encode()).hexdigest()
        files = [{"name": f"{row.name} (trained)", "digest": digest, "annotator": ""}]
        wanted = set_name or f"{row.name} on {found.called}"[:LONGEST_NAME].strip()
        shown, before = free_name(connection, fit_name(wanted, "label set"), files)
        if before is None:
            remark = f"levels of {row.name}, a judge trained on {', '.join(stored.rounds_behind(connection, row.id))}"
            values = {
                "project": project.id,
                "name": shown,
                "rubric_version": row.rubric_version,
                "made_by": "model",
                "files": files,
                "annotators": [row.name],
                "left_out": {},
                "imported_by": person.id,
                "read_as": {
                    "formats": {files[0]["name"]: "a trained judge"},
                    "remarks": [f"{remark} (digest {row.digest[:12]})"],
                },
                "suspicions": [],
                "tasks": {each.draft_id: each.task_id for each in free},
                "slots_are_people": None,
            }
            keep_set(connection, rubric, rows, values)
        return JudgedDrafts(row.name, found.called, shown, before is None, len(rows), left_out)


def _rows(connection: sa.Connection, judge: sa.Row, rubric: Any, ids: Sequence[tuple[str, str]]) -> list[LabelRow]:
    dimension = next(each for each in rubric.dimensions if each.key == judge.dimension)
    drafts = stored_tasks.drafts_of_units(connection, [draft for draft, _ in ids])
    rows = [(draft, drafts[draft]) for draft, _ in ids]
    head = head_in(judge)
    given = [(row.text, row.input, row.extra) for _, row in rows]
    levels = head.gives(readings_of(rubric, given, judge.reads, head.findings)[0]).levels
    values = rising_values(dimension)
    return [
        LabelRow(draft, judge.name, judge.dimension, values[level])
        for (draft, _), level in zip(rows, levels.tolist(), strict=True)
    ]
