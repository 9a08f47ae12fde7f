"""The samples in a store: something to look at and to try, marked as sample everywhere. Safe to load again."""

import sqlalchemy as sa

from db.engine import reading, within, writing
from db.store import people as stored_people
from db.store import projects as stored_projects
from db.store import tasks as stored_tasks
from db.store.closing import first_reading
from touchstone.data.label_file import read_decisions, read_labels
from workflow import clock
from workflow.data.sample_manifest import Sample, SampleRound
from workflow.data.task_import import import_drafts, import_tasks
from workflow.events.recording import recorded
from workflow.gold.adjudication import decide_from_rows, open_disagreements, round_drafts
from workflow.labelling.labelling import query
from workflow.labelling.own_labels import assignment_of, label_from_rows, own_drafts
from workflow.names import fold, rubric_name
from workflow.people.people import Person, add_person
from workflow.people.verbs import verb
from workflow.projects.settling import free_name
from workflow.rounds.closing import close_round
from workflow.rounds.design import RoundDesign
from workflow.rounds.opening import open_round
from workflow.rounds.rounds import all_rounds


@verb
def is_new(engine: sa.Engine) -> bool:
    """Nobody and nothing is in the store yet."""
    with reading(engine) as connection:
        return not stored_people.everyone(connection) and not any(stored_tasks.totals(connection))


@verb
def load_sample(engine: sa.Engine, sample: Sample) -> bool:
    """Load a sample, a project of its own; False when it is there already. What is there of it is never changed."""
    with clock.at(sample.imported):
        people = {name: add_person(None, engine, name, is_sample=True) for name in (*sample.annotators, sample.lead)}
        lead, of = people[sample.lead], f"sample/{sample.name}"
        engine = within(engine, sample_project(lead, engine, sample))
    there = {each.name: each for each in all_rounds(engine)}
    if all(each.name in there and not (each.closed and there[each.name].is_open) for each in sample.rounds):
        return False
    with clock.at(sample.imported):
        import_tasks(lead, engine, sample.read("tasks.jsonl"), f"{of}/tasks.jsonl")
        import_drafts(lead, engine, sample.read("drafts.jsonl"), f"{of}/drafts.jsonl")
    for each in sample.rounds:
        _open(engine, lead, sample, each)
        if each.labels:
            _label_and_close(engine, people, sample, each)
        if each.adjudications:
            _adjudicate(engine, lead, sample, each)
    return True


@verb
def sample_project(person: Person, engine: sa.Engine, sample: Sample) -> int:
    """The project (its id) of a sample, made where there is none."""
    rubric = rubric_name(sample.rubric)
    with recorded(person, engine, "make project") as connection:
        there = [each.id for each in stored_projects.every(connection) if each.is_sample and each.rubric == rubric]
        if there:
            return there[0]
        name = free_name(connection, sample.project)
        return stored_projects.add(
            connection, name=name, folded=fold(name), rubric=rubric, is_sample=True, person=person.id, at=clock.now()
        ).id


def _open(engine: sa.Engine, lead: Person, sample: Sample, round_: SampleRound) -> None:
    if any(each.name == round_.name for each in all_rounds(engine)):
        return
    asked = {"annotators": sample.annotators, "draft_ids": sample.drafts_of(round_), **round_.design}
    with clock.at(round_.opened):
        open_round(lead, engine, RoundDesign(round_.name, rubric=sample.rubric, **asked))


def _label_and_close(engine: sa.Engine, people: dict[str, Person], sample: Sample, round_: SampleRound) -> None:
    if not round_.labels or not next(each for each in all_rounds(engine) if each.name == round_.name).is_open:
        return
    for name, moment in round_.labelled.items():
        with clock.at(moment):
            drafts, rubric, found = own_drafts(people[name], engine, round_.name)
            rows, _, problems = read_labels(sample.read(round_.labels), name, drafts, rubric, found.dimensions)
            assert not problems, problems
            if label_from_rows(people[name], engine, round_.name, rows, "sample")[0]:
                _ask(engine, people[name], sample, round_)
    if round_.closed:
        with clock.at(round_.closed):
            closed = close_round(people[sample.lead], engine, round_.name, early=round_.early)
        with writing(engine) as connection:
            first_reading.note_read(connection, closed.id)  # there to be read: nobody takes its closing back


def _ask(engine: sa.Engine, person: Person, sample: Sample, round_: SampleRound) -> None:
    for row in sample.rows(round_.queries) if round_.queries else ():
        if row["annotator"] == person.name:
            assignment = assignment_of(person, engine, round_.name, row["draft_id"])
            assert assignment is not None, row
            query(person, engine, assignment, row["note"])


def _adjudicate(engine: sa.Engine, lead: Person, sample: Sample, round_: SampleRound) -> None:
    if not round_.adjudications or not round_.closed or open_disagreements(lead, engine, round_.name).decided:
        return  # somebody's decisions are never made over
    with clock.at(round_.closed):
        drafts, rubric, found = round_drafts(lead, engine, round_.name)
        decisions, problems = read_decisions(sample.read(round_.adjudications), drafts, rubric, found.dimensions)
        assert not problems, problems
        decide_from_rows(lead, engine, round_.name, decisions)
