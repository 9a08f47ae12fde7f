"""The sample workspace: something to look at and to try, marked as sample everywhere. Safe to load again."""

import csv
import io
import json
from datetime import UTC, datetime

import sqlalchemy as sa

from db.engine import ROOT, reading, within, writing
from db.store import people as stored_people
from db.store import projects as stored_projects
from db.store import tasks as stored_tasks
from touchstone.data.label_file import read_decisions, read_labels
from workflow import clock
from workflow.data.task_import import import_drafts, import_tasks
from workflow.gold.adjudication import decide_from_rows, open_disagreements, round_drafts
from workflow.labelling.labelling import query
from workflow.labelling.own_labels import assignment_of, label_from_rows, own_drafts
from workflow.names import fold, rubric_name
from workflow.people.people import Person, add_person
from workflow.projects.settling import free_name
from workflow.rounds.closing import close_round
from workflow.rounds.design import RoundDesign
from workflow.rounds.opening import open_round
from workflow.rounds.rounds import all_rounds

FOLDER = ROOT / "sample"
RUBRIC = "tenacious-v1"
PROJECT = "Sample"
CLOSED, OPEN = "Sample round 1", "Sample round 2"
ANNOTATORS = ("Sample Ana", "Sample Ben")
ADJUDICATOR = "Sample Cleo"
MADE_AT = datetime(2026, 11, 2, 9, tzinfo=UTC)


def is_new(engine: sa.Engine) -> bool:
    """Nobody and nothing is in the store yet."""
    with reading(engine) as connection:
        return not stored_people.everyone(connection) and not any(stored_tasks.totals(connection))


def load_sample(engine: sa.Engine) -> bool:
    """Load the sample workspace; False when it is there already. What is there of it is never changed."""
    with clock.at(MADE_AT):
        ana, ben, cleo = (add_person(None, engine, name, is_sample=True) for name in (*ANNOTATORS, ADJUDICATOR))
        engine = within(engine, sample_project(cleo, engine))
    there = {each.name for each in all_rounds(engine)}
    if {CLOSED, OPEN} <= there:
        return False
    with clock.at(MADE_AT):
        import_tasks(cleo, engine, _bytes("tasks.jsonl"), "sample/tasks.jsonl")
        import_drafts(cleo, engine, _bytes("drafts.jsonl"), "sample/drafts.jsonl")
        labelled = sorted({row["draft_id"] for row in _rows("labels.csv")})
        if CLOSED not in there:
            open_round(cleo, engine, RoundDesign(CLOSED, rubric=RUBRIC, annotators=ANNOTATORS, draft_ids=labelled))
    _label_and_close(engine, ana, ben, cleo)
    with clock.at(MADE_AT.replace(day=5)):
        rest = sorted({row["draft_id"] for row in _drafts()} - set(labelled))
        open_round(cleo, engine, RoundDesign(OPEN, rubric=RUBRIC, annotators=ANNOTATORS, draft_ids=rest))
    return True


def sample_project(person: Person, engine: sa.Engine) -> int:
    """The sample's project (its id), made where there is none."""
    with writing(engine) as connection:
        there = [each.id for each in stored_projects.every(connection) if each.is_sample]
        name = free_name(connection, PROJECT)
        if there:
            return there[0]
        return stored_projects.add(
            connection, name=name, folded=fold(name), rubric=rubric_name(RUBRIC), is_sample=True, person=person.id, at=clock.now()
        ).id


def _label_and_close(engine: sa.Engine, ana: Person, ben: Person, cleo: Person) -> None:
    if next(each for each in all_rounds(engine) if each.name == CLOSED).is_open:
        for day, person in ((3, ana), (4, ben)):
            with clock.at(MADE_AT.replace(day=day)):
                drafts, rubric, found = own_drafts(person, engine, CLOSED)
                rows, _, problems = read_labels(_bytes("labels.csv"), person.name, drafts, rubric, found.dimensions)
                assert not problems, problems
                if label_from_rows(person, engine, CLOSED, rows, "sample")[0]:
                    _ask(engine, person)
        with clock.at(MADE_AT.replace(day=4, hour=16)):
            close_round(cleo, engine, CLOSED)
    if open_disagreements(cleo, engine, CLOSED).decided:
        return  # somebody's decisions are never made over
    with clock.at(MADE_AT.replace(day=4, hour=16)):
        drafts, rubric, found = round_drafts(cleo, engine, CLOSED)
        decisions, problems = read_decisions(_bytes("adjudications.csv"), drafts, rubric, found.dimensions)
        assert not problems, problems
        decide_from_rows(cleo, engine, CLOSED, decisions)


def _ask(engine: sa.Engine, person: Person) -> None:
    for row in _rows("queries.csv"):
        if row["annotator"] == person.name:
            assignment = assignment_of(person, engine, CLOSED, row["draft_id"])
            assert assignment is not None, row
            query(person, engine, assignment, row["note"])


def _bytes(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(_bytes(name).decode())))


def _drafts() -> list[dict]:
    return [json.loads(line) for line in _bytes("drafts.jsonl").splitlines()]
