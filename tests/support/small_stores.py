"""Small stores for tests, built through the verbs that people use: tasks, drafts, people, rounds, labels.

Ids are d01, d02, ... for drafts and t01, t02, ... for their tasks; all content is invented.
"""

import json
from collections.abc import Mapping, Sequence
from uuid import uuid4

import sqlalchemy as sa

from db.engine import within
from workflow.data.task_import import import_drafts, import_tasks
from workflow.labelling.labelling import Saved, save_labels, skip
from workflow.labelling.next_draft import next_assignment
from workflow.labelling.own_labels import assignment_of
from workflow.people.people import Person, add_person
from workflow.projects.projects import named
from workflow.rounds.design import RoundDesign
from workflow.rounds.opening import open_round
from workflow.rounds.rounds import Round

RUBRIC = "tenacious-v1"
TONE, CTA = "tone_compliance", "cta_quality"
DIMENSIONS = ("signal_grounding", "tone_compliance", "cta_quality", "bench_fit_alignment", "personalization_depth")
DIFFICULTIES = ("easy", "hard")


def jsonl(*records: Mapping) -> bytes:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode()


def task(number: int, **more) -> dict:
    return {
        "task_id": f"t{number:02}",
        "dimension": DIMENSIONS[number % 2],
        "source_mode": "hidden-mode",
        "difficulty": DIFFICULTIES[number % 2],
        "notes": "hidden note",
        "expected_features": {"hidden": True},
        "input": {"company_signal": f"Invented firm {number}", "prior_thread": ""},
        **more,
    }


def draft(number: int, **more) -> dict:
    return {
        "draft_id": f"d{number:02}",
        "task_id": f"t{number:02}",
        "author": "hidden-author",
        "text": f"Hello, this is invented draft {number}.",
        **more,
    }


def people(engine: sa.Engine, *names: str) -> list[Person]:
    return [add_person(None, engine, name) for name in names]


def stock(engine: sa.Engine, person: Person, number: int = 4, first: int = 1, **of_tasks) -> None:
    """`number` tasks, a draft for each."""
    numbers = range(first, first + number)
    import_tasks(person, engine, jsonl(*(task(each, **of_tasks) for each in numbers)), "tasks.jsonl")
    import_drafts(person, engine, jsonl(*(draft(each) for each in numbers)), "drafts.jsonl")


def inside(engine: sa.Engine, project: str) -> sa.Engine:
    """The store as seen from inside the project of that name."""
    return within(engine, named(engine, project).id)


def opened(
    engine: sa.Engine,
    lead: Person,
    name: str = "pilot",
    annotators: Sequence[str] = ("ana", "ben"),
    dimensions: Sequence[str] = (TONE, CTA),
    **more,
) -> Round:
    return open_round(lead, engine, RoundDesign(name, rubric=RUBRIC, annotators=annotators, dimensions=dimensions, **more))


def save(
    engine: sa.Engine,
    person: Person,
    draft_id: str,
    values: Sequence[int],
    note: str = "",
    *,
    round_name: str = "pilot",
    dimensions: Sequence[str] = (TONE, CTA),
) -> Saved:
    """Save one draft as its form would: a level per dimension, at the revision the form was drawn at."""
    desk = next_assignment(person, engine, round_name, assignment_of(person, engine, round_name, draft_id))
    return save_labels(
        person, engine, desk.assignment, dict(zip(dimensions, values, strict=True)), note, desk.revision, uuid4().hex
    )


def skip_draft(engine: sa.Engine, person: Person, draft_id: str, reason: str, *, round_name: str = "pilot") -> None:
    desk = next_assignment(person, engine, round_name, assignment_of(person, engine, round_name, draft_id))
    skip(person, engine, desk.assignment, reason, desk.revision)


def label_all(
    engine: sa.Engine,
    person: Person,
    values: Mapping[str, Sequence[int]],
    *,
    round_name: str = "pilot",
    dimensions: Sequence[str] = (TONE, CTA),
) -> None:
    for draft_id, levels in values.items():
        save(engine, person, draft_id, levels, round_name=round_name, dimensions=dimensions)


def rows(engine: sa.Engine, query: str, **values) -> list[tuple]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(sa.text(query), values)]


def change(engine: sa.Engine, statement: str, **values) -> None:
    """Change the store behind the program's back."""
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        connection.execute(sa.text(statement), values)
