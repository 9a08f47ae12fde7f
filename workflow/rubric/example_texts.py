"""Texts of disagreements taken into the next version, by one press: for a check to find or not to find, or as an example of a
dimension. Their drafts are then marked as discussed. This module reaches numpy and statsmodels; the label page does not reach it.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import sqlalchemy as sa

from db.engine import reading
from db.store import rounds as stored_rounds
from db.store import tasks as stored_intake
from touchstone.errors import NotYourTurn, Refused
from touchstone.files import yaml_editing, yaml_places, yaml_writing
from workflow.events.recording import recorded
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.projects.settling import the_one
from workflow.rounds.rounds import row_of
from workflow.rubric import meetings
from workflow.rubric.next_version import first_free, keep_within
from workflow.rubric.unfinished_version import CheckPlace, Unfinished, check_in, dimension_in, list_in

ROUNDS_BACK = 3  # closed rounds whose disagreements are offered


class Differing(NamedTuple):
    """A disagreement whose text can be taken: the labels in words, and the adjudicated level, if there is one."""

    round: str
    draft_id: str
    labels: str
    adjudicated: int | str | None


@verb
def differing(person: Person, engine: sa.Engine, base: str, key: str) -> list[Differing]:
    """The disagreements of the last closed rounds under `base` on a dimension, without drafts that an open round holds."""
    with reading(engine, person) as connection:
        held = stored_intake.names_in_open_rounds(connection)
        names = [
            row.name
            for row in stored_rounds.all_rounds(connection)
            if row.closed_at is not None
            and row.kind == "double"
            and row.rubric == base
            and key in stored_rounds.dimensions_of(connection, row.id)
        ][:ROUNDS_BACK]
    return [
        Differing(
            name,
            point.draft_id,
            "; ".join(f"{each.annotator}: {each.value}" for each in point.labels),
            point.adjudication.value if point.adjudication else None,
        )
        for name in names
        for point in meetings.meeting(person, engine, name, key).points
        if point.draft_id not in held
    ]


@verb
def add_text(
    person: Person, engine: sa.Engine, base: str, key: str, check: CheckPlace, round_name: str, draft_id: str, kind: str
) -> None:
    """Put the text of a disagreement among those a check must find ("hit") or must not ("miss"), and mark its draft as
    discussed: it is no fresh evidence either. Raises NotYourTurn while an open round holds the draft."""
    with recorded(person, engine, "take text", round=round_name, draft=draft_id) as connection:
        row = _draft(connection, round_name, draft_id)

        def changed(found: Unfinished) -> str:
            path = (*check_in(found, key, check), kind)
            if row.text in (yaml_places.tree_of(found.reads).at(path) or ()):
                raise Refused(f"the text of {draft_id} is in {kind} of {check.name} already; choose another")
            return yaml_editing.add_to_list(found.reads, path, row.text)

        keep_within(connection, person, base, changed)
        meetings.mark_taken(connection, person, round_name, draft_id, key)


@verb
def add_example(person: Person, engine: sa.Engine, base: str, key: str, round_name: str, draft_id: str, level: int | str) -> None:
    """Put the text of a disagreement among a dimension's examples, with the level it must get and what the facts read of its task
    (as a task of the file), and mark its draft as discussed. Raises NotYourTurn while an open round holds the draft."""
    with recorded(person, engine, "take text", round=round_name, draft=draft_id) as connection:
        row = _draft(connection, round_name, draft_id)

        def changed(found: Unfinished) -> str:
            source, task = _with_task(found, row)
            example = {"level": level, **({"task": task} if task else {}), "draft": row.text}
            place = dimension_in(found, key)
            path = (*place, "examples")
            if example in list_in(source, place, "examples"):
                raise Refused(f"the text of {draft_id} is an example for {level} already; choose another text or level")
            return yaml_editing.add_raw_item(source, path, yaml_writing.in_flow(example))

        keep_within(connection, person, base, changed)
        meetings.mark_taken(connection, person, round_name, draft_id, key)


def _draft(connection: sa.Connection, round_name: str, draft_id: str) -> sa.Row:
    row_of(connection, round_name)
    row = the_one(connection, stored_intake.drafts_named(connection, draft_id), "draft")
    if row is None:
        raise Refused(f"there is no draft {draft_id} in the store; choose one from the list")
    if being := [each.name for each in stored_rounds.rounds_of_draft(connection, row.id) if each.closed_at is None]:
        raise NotYourTurn(f"{draft_id} is in {being[0]}, which is open; its text is held back until that is closed")
    return row


def _with_task(found: Unfinished, row: sa.Row) -> tuple[str, str]:
    """The source with a task of the draft's own among its tasks, of which it holds what the file's facts read; and its key. A
    file without tasks gets none: the first would change what the other examples are tried with."""
    tasks = [each for each in list_in(found.reads, (), "tasks") if isinstance(each, dict)]
    if not tasks:
        return found.reads, ""
    made = _as_read(row, _what_facts_read(found))
    if same := next((each["key"] for each in tasks if "key" in each and _as_text(each) == _as_text(made)), None):
        return found.reads, same
    stem = re.sub("[^a-z0-9]+", "_", row.task_id.lower()).strip("_")
    key = first_free(stem if re.match("[a-z]", stem) else f"t_{stem}", "_", {each.get("key") for each in tasks})
    entries = {"key": key, "input": made["input"], **({"extra": made["extra"]} if made["extra"] else {})}
    raw = "".join(f"{name}: {yaml_writing.in_flow(value)}\n" for name, value in entries.items())
    return yaml_editing.add_raw_item(found.reads, ("tasks",), raw), key


def _what_facts_read(found: Unfinished) -> list[Any]:
    """The paths that the file's facts and its quoted fields read of a task."""
    facts = [each.get("from") for each in list_in(found.reads, (), "facts") if isinstance(each, dict)]
    return [*facts, *(yaml_places.tree_of(found.reads).at(("parts", "quoted", "fields")) or ())]


def _as_read(row: sa.Row, read: list[Any]) -> dict[str, dict[str, Any]]:
    """As much of a draft's task as is read, as a task of a rubric file holds it."""
    extra: dict[str, Any] = {}
    for path in read:
        if isinstance(path, str) and path not in row.input:
            _copy(row.extra, extra, path.split("."))
    return {"input": {name: value for name, value in row.input.items() if name in read}, "extra": extra}


def _as_text(task: Mapping[str, Any]) -> list[str]:
    """What a task of a rubric file gives the facts, to compare: values of any kind, in any order of names."""
    return [json.dumps(task.get(part) or {}, sort_keys=True, default=str) for part in ("input", "extra")]


def _copy(of: Mapping[str, Any], into: dict[str, Any], path: list[str]) -> None:
    """Copy what stands at a path, where something does."""
    step, *more = path
    if not isinstance(of, Mapping) or step not in of:
        return
    if more:
        _copy(of[step], into.setdefault(step, {}), more)
        into.update({} if into[step] else {step: into.pop(step)})
        return
    into[step] = of[step]
