"""Drafts that fool the scorer: tried against it, kept with the level they deserve, and confirmed blind by a second person."""

from dataclasses import dataclass
from hashlib import sha256

import sqlalchemy as sa

from db.engine import reading
from db.store.bench import candidates as stored
from db.store.bench import typed_tasks as stored_typed
from touchstone.bench.tasks import TypedTask, WrongTask
from touchstone.bench.tasks.origins import OfAdversary
from touchstone.bench.tasks.strict import LONGEST_TEXT
from touchstone.data.task import Draft
from touchstone.data.task_input import fields_of
from touchstone.english import there_are
from touchstone.errors import NotYourTurn, Refused
from touchstone.rubric.model import Dimension, Rubric
from touchstone.scorer.scoring import Finding
from workflow import clock
from workflow.bench.candidates import REJECTED, about_word, accept, word_of
from workflow.events.recording import recorded
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.projects.settling import settle, settle_import, settled
from workflow.rubric.levels import declared
from workflow.scorer.scorers import scorer_of
from workflow.scorer.scoring import rubric_for_scoring

METHOD = "adversarial"
MOST_TASKS = 500  # to choose from
Level = int | str


@dataclass(frozen=True)
class Attempt:
    """A draft against the scorer: the level it deserves, the scorer's, and the line that gave it."""

    rubric: Rubric
    dimension: Dimension
    task: TypedTask
    text: str
    deserved: Level
    scored: Level
    because: str
    findings: tuple[Finding, ...]

    @property
    def fools(self) -> bool:
        return self.scored != self.deserved

    @property
    def sentence(self) -> str:
        because = f" ({self.because})" if self.because else ""
        met = "it is fooled" if self.fools else "it is not fooled"
        return f"The scorer gives {self.scored}{because}, and the draft deserves {self.deserved}: {met}."


@dataclass(frozen=True)
class ToConfirm:
    """What a second person judges: the task and the draft, and nothing of what anybody said of it."""

    task_id: str
    rubric: Rubric
    dimension: Dimension
    fields: tuple[tuple[str, str], ...]
    draft: str


@dataclass(frozen=True)
class Confirmed:
    """What a second person's level made of a candidate."""

    task_id: str
    is_task: bool
    given: Level
    deserved: Level
    scored: Level

    @property
    def sentence(self) -> str:
        if self.is_task:
            return f"{self.task_id} is a task now: you gave {self.given} as its writer did, and the scorer {self.scored}"
        return (
            f"{self.task_id} is no task: you gave {self.given}, its writer {self.deserved}, the scorer {self.scored}; all is kept"
        )


@verb
def tasks_to_attack(person: Person, engine: sa.Engine) -> list[str]:
    """The ids of tasks that a draft can be tried on."""
    with reading(settled(engine), person) as connection:
        return stored_typed.ids(connection, MOST_TASKS)


@verb
def task_shown(person: Person, engine: sa.Engine, task_id: str) -> tuple[tuple[str, str], ...]:
    """A task's input, as annotators see it."""
    with reading(settled(engine), person) as connection:
        return fields_of(_task(connection, task_id).as_input())


@verb
def try_draft(
    person: Person, engine: sa.Engine, *, rubric: str, dimension: str, task_id: str, text: str, deserved: str
) -> Attempt:
    """A draft against the scorer. Raises Refused for an empty draft and an unknown level, NotYourTurn for a draft of an open
    round: what the scorer finds in it could sway who labels it."""
    with reading(settled(engine), person) as connection:
        found, _ = rubric_for_scoring(connection, rubric)
        return _attempt(connection, found, dimension, task_id, text, deserved)


@verb
def propose_adversarial(
    person: Person, engine: sa.Engine, *, rubric: str, dimension: str, task_id: str, text: str, deserved: str
) -> str:
    """Keep a draft that fools the scorer, for a second person; the candidate's id. Raises Refused where it does not."""
    with recorded(person, engine, "propose tasks", method=METHOD) as connection:
        settle(connection)
        found, _ = rubric_for_scoring(connection, rubric)
        made = _attempt(connection, found, dimension, task_id, text, deserved)
        if not made.fools:
            raise Refused(f"the scorer gives {made.scored} as well, so this does not fool it; change the draft and try again")
        told = sha256(f"{found.digest} {dimension} {task_id} {made.text}".encode()).hexdigest()
        key = f"against-{told[:8]}"
        if stored.known(connection, [key]):
            raise Refused(f"this very draft is the candidate {key} already; write another")
        origin = OfAdversary(rubric=found.name, dimension=dimension, deserved=made.deserved, scored=made.scored)
        given = {name: value for name, value in made.task.as_document().items() if name != "partition"}
        document = {**given, "task_id": key, "dimension": dimension, "origin": origin.model_dump(mode="json")}
        stored.add(
            connection,
            project=settle_import(person, connection).id,
            person=person.id,
            method=METHOD,
            task_id=key,
            document=TypedTask.read(document).as_document(),
            draft=made.text,
            about={"because": made.because},
            at=clock.now(),
        )
    return key


@verb
def to_confirm(person: Person, engine: sa.Engine) -> list[ToConfirm]:
    """The candidates that wait for this person's level: another wrote them, and nobody has confirmed them yet."""
    with reading(settled(engine), person) as connection:
        return [
            _blind(connection, row)
            for row in stored.of_project(connection, (METHOD,))
            if row.verdict is None and row.person != person.id
        ]


@verb
def own_attempts(person: Person, engine: sa.Engine) -> list[tuple[str, str]]:
    """What this person wrote, with what became of it."""
    with reading(settled(engine), person) as connection:
        return [
            (row.task_id, "waits for a second person" if row.verdict is None else _told(row))
            for row in stored.of_project(connection, (METHOD,))
            if row.person == person.id
        ]


@verb
def confirm(person: Person, engine: sa.Engine, task_id: str, level: str, *, by_model: str = "") -> Confirmed:
    """Give the level that the draft deserves, blind. The same level as its writer's makes a task of it, with the draft; another
    turns it down. `by_model`: the model that judged, where no person did. Raises NotYourTurn for who wrote it, Refused where it
    was decided already."""
    word = about_word(by_model)
    with recorded(person, engine, "confirm task", task=task_id) as connection:
        settle(connection)
        row = stored.named(connection, task_id, lock=True)
        if row is None or row.method != METHOD:
            raise Refused(f"there is no candidate {task_id} to confirm; pick one from the list")
        if row.person == person.id:
            raise NotYourTurn(f"you wrote {task_id} yourself, so a second person confirms it, without your level before them")
        if row.verdict is not None:
            raise Refused(f"{task_id} was {row.verdict} by {row.by} already")
        shown = _blind(connection, row)
        given = _level(shown.dimension, level)
        origin = row.document["origin"]
        agrees = given == origin["deserved"]
        reason = f"gave {given}, as its writer did" if agrees else f"gave {given}, its writer {origin['deserved']}"
        if agrees:
            draft = Draft(f"{task_id}-draft", task_id, row.draft, METHOD)
            accept(connection, person, row, row.document, reason, {"given": given, **word}, drafts=[draft])
        else:
            stored.add_verdict(
                connection,
                row.id,
                verdict=REJECTED,
                reason=reason,
                about={"given": given, **word},
                at=clock.now(),
                person=person.id,
            )
    return Confirmed(task_id, agrees, given, origin["deserved"], origin["scored"])


def _attempt(connection: sa.Connection, rubric: Rubric, key: str, task_id: str, text: str, deserved: str) -> Attempt:
    if rubric.dimension(key) is None:
        raise Refused(f"{rubric.name} has no dimension {key}; {there_are(list(rubric.keys), 'it has none')}")
    dimension = declared(rubric, key)
    said = text.strip()
    if not said or len(said) > LONGEST_TEXT:
        raise Refused(f"a draft has 1 to {LONGEST_TEXT:,} characters, and this has {len(said):,}; write one")
    if stored_typed.is_in_open_round(connection, said):
        raise NotYourTurn("this draft is in an open round: what the scorer gives it stays hidden until that is closed")
    task = _task(connection, task_id)
    score = scorer_of(rubric).score(said, task.as_input(), task.expected).scores[key]
    if score.value is None:
        raise Refused(f"the scorer gives no level on {dimension.title}: {score.reason}; try another draft, task or dimension")
    return Attempt(rubric, dimension, task, said, _level(dimension, deserved), score.value, score.because or "", score.findings)


def _told(row: sa.Row) -> str:
    return f"{row.verdict} by {row.by}{word_of(row.by_model)}: {row.reason}"


def _level(dimension: Dimension, text: str) -> Level:
    level = dimension.parse(text)
    if level is None:
        raise Refused(f"{dimension.title} takes {', '.join(map(str, dimension.values))}, not {text or 'nothing'}; pick one")
    return level


def _task(connection: sa.Connection, task_id: str) -> TypedTask:
    rows = stored_typed.tasks_to_read(connection, [task_id])
    if not rows:
        raise Refused(f"there is no task {task_id}; pick one from the list")
    row = rows[0]
    plain = {**row.extra, "task_id": row.task_id, "input": row.input, "difficulty": row.difficulty, "cluster": row.cluster}
    try:
        return TypedTask.read(row.document or plain)
    except WrongTask as wrong:
        raise Refused(f"{task_id} cannot be taken apart: {wrong.problems[0]}; pick another task") from None


def _blind(connection: sa.Connection, row: sa.Row) -> ToConfirm:
    origin = row.document["origin"]
    rubric, _ = rubric_for_scoring(connection, origin["rubric"])
    fields = fields_of(TypedTask.read(row.document).as_input(), rubric.fields)
    return ToConfirm(row.task_id, rubric, declared(rubric, origin["dimension"]), fields, row.draft or "")
