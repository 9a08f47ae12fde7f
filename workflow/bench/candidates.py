"""What may become a task and waits for a person's word: shown, signed off, or turned down. Nothing becomes a task without."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from db.chain.capture import salt_of
from db.engine import reading
from db.store import assignments
from db.store.bench import candidates as stored
from touchstone.bench.pseudonyms.failed_tasks import renamed_again, trace_of
from touchstone.bench.tasks import TypedTask, WrongTask
from touchstone.data.task import Draft
from touchstone.data.task_file import TaskFile
from touchstone.data.task_input import fields_of
from touchstone.english import many, there_are
from touchstone.errors import Refused
from workflow import clock
from workflow import text as texts
from workflow.data.task_import import bring_in
from workflow.events.recording import recorded
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.projects.settling import settle, settled
from workflow.rubric import rubrics

ACCEPTED, REJECTED = "accepted", "rejected"
SIGNED_METHODS = ("drafts", "synthesis")  # an adversarial one is confirmed blind: see adversarial.py
LONGEST_REASON = 1_000
LONGEST_MODEL = 100
LONGEST_BEGINNING = 60


@dataclass(frozen=True)
class Candidate:
    """What may become a task: as it would be shown, who brought it, and what was said of it (None: it waits)."""

    task_id: str
    method: str
    document: Mapping[str, Any]
    draft: str
    about: Mapping[str, Any]
    proposer: str
    proposed_at: datetime
    verdict: str | None
    reason: str
    by: str
    by_model: str = ""
    failed: tuple[str, ...] = ()  # the dimensions that its draft failed on, by title

    @property
    def fields(self) -> tuple[tuple[str, str], ...]:
        """The input as annotators would see it; nothing of a task that is sealed by now."""
        return fields_of(TypedTask.read(self.document).as_input()) if self.document else ()

    @property
    def begins(self) -> str:
        """How the first field begins that has words, to tell it from others in a list."""
        text = next((" ".join(text.split()) for _, text in self.fields if text.strip()), "")
        return text if len(text) <= LONGEST_BEGINNING else f"{text[:LONGEST_BEGINNING].rstrip()}…"

    @property
    def state(self) -> str:
        return "waits for a sign-off" if self.verdict is None else f"{self.verdict} by {self.by}{word_of(self.by_model)}"


def candidate_of(row: sa.Row, failed: Sequence[str] = ()) -> Candidate:
    return Candidate(
        row.task_id,
        row.method,
        row.document,
        row.draft or "",
        row.about,
        row.proposer,
        row.proposed_at,
        row.verdict,
        row.reason or "",
        row.by or "",
        row.by_model or "",
        tuple(failed),
    )


def word_of(model: str | None) -> str:
    """What is told of a verdict that is a model's."""
    return f" on the word of a model ({model})" if model else ""


def about_word(by_model: str) -> dict[str, str]:
    """What a verdict keeps of the model whose word it is; nothing where somebody's own judgement is behind it. Raises Refused for
    a name that is too long."""
    name = texts.fit(by_model, "model")
    if len(name) > LONGEST_MODEL:
        raise Refused(f"the model's name has {many(len(name), 'character')}; at most {LONGEST_MODEL} are allowed: shorten it")
    return {stored.BY_MODEL: name} if name else {}


@verb
def candidates_of(person: Person, engine: sa.Engine, methods: Sequence[str] = SIGNED_METHODS) -> list[Candidate]:
    """The project's candidates by these methods, the oldest first."""
    with reading(settled(engine), person) as connection:
        hidden = held_back(connection, person)
        rows = [row for row in stored.of_project(connection, methods) if _to_see(row) and not hidden(row)]
        titles = _titles(connection, {row.about["round"] for row in rows if row.about.get("round")})
        return [candidate_of(row, [titles.get(key, key) for key in _failed_on(row.document)]) for row in rows]


def _failed_on(document: Mapping[str, Any]) -> Sequence[str]:
    return document.get("origin", {}).get("failed", ())


def _titles(connection: sa.Connection, rounds: Collection[int]) -> dict[str, str]:
    """The titles of dimensions, by key, as the rubrics of these rounds have them."""
    versions = [rubrics.of_round(connection, each) for each in sorted(rounds)]
    return {each.key: each.title for version in versions for each in version.dimensions}


@verb
def sign_off(person: Person, engine: sa.Engine, task_id: str, *, more_names: Sequence[str] = (), by_model: str = "") -> str:
    """Make a task of a candidate, on this person's word; its id. `more_names` are replaced first, as those of the dictionary
    were. `by_model`: the model that read it, where no person did; it is kept, and told with the verdict. Raises Refused where it
    was decided already, or is not theirs to sign."""
    word = about_word(by_model)
    with recorded(person, engine, "sign off task", task=task_id) as connection:
        settle(connection)
        row = _to_decide(connection, person, task_id)
        document, draft = row.document, row.draft or ""
        if names := [each.strip() for each in more_names if each.strip()]:
            salt = salt_of(connection)
            if salt is None:
                raise Refused("this store has no salt to make pseudonyms with; run: python manage.py check-store")
            document, draft = renamed_again(document, draft, bytes.fromhex(salt), names)
        return accept(connection, person, row, document, "", {"more_names": len(names), **word})


@verb
def turn_down(person: Person, engine: sa.Engine, task_id: str, reason: str) -> str:
    """Turn a candidate down, with a reason that is kept; its id. Raises Refused as `sign_off` does."""
    said = reason.strip()
    if not said or len(said) > LONGEST_REASON:
        raise Refused(f"a reason has 1 to {LONGEST_REASON:,} characters, and this has {len(said):,}; say in a few words why not")
    with recorded(person, engine, "turn down task", task=task_id) as connection:
        settle(connection)
        row = _to_decide(connection, person, task_id)
        stored.add_verdict(connection, row.id, verdict=REJECTED, reason=said, about={}, at=clock.now(), person=person.id)
    return task_id


def _to_see(row: sa.Row) -> bool:
    """Whether a candidate is for people: of those that models wrote, what the judge let pass."""
    return row.method != "synthesis" or row.passed == ACCEPTED


def held_back(connection: sa.Connection, person: Person) -> Callable[[sa.Row], bool]:
    """Whether a candidate tells of a draft that the person labels in an open round: that it failed elsewhere would sway them."""
    salt = bytes.fromhex(salt_of(connection) or "")
    traces = {trace_of(salt, task) for task in set(assignments.in_open_rounds(connection, person.id).values())}
    return lambda row: row.document.get("origin", {}).get("trace") in traces


def accept(
    connection: sa.Connection,
    person: Person,
    row: sa.Row,
    document: Mapping[str, Any],
    reason: str,
    about: Mapping[str, Any],
    drafts: Sequence[Draft] = (),
) -> str:
    """Make the task of a candidate in the transaction of a verb, and keep whose word it was; its id. `drafts`: what
    comes in with it."""
    try:
        task = TypedTask.read(document)
    except WrongTask as wrong:
        raise Refused(f"{row.task_id} is no task any more: {wrong}; leave the names as they were, or turn it down") from None
    bring_in(
        connection,
        person,
        TaskFile([task.as_task()], list(drafts), []),
        json.dumps(task.as_document()).encode(),
        f"{row.task_id} ({row.method})",
        method=row.method,
    )
    stored.add_verdict(connection, row.id, verdict=ACCEPTED, reason=reason, about=about, at=clock.now(), person=person.id)
    return row.task_id


def _to_decide(connection: sa.Connection, person: Person, task_id: str) -> sa.Row:
    row, hidden = stored.named(connection, task_id, lock=True), held_back(connection, person)
    there = [each for each in stored.of_project(connection, SIGNED_METHODS) if _to_see(each) and not hidden(each)]
    waiting = [each.task_id for each in there if each.verdict is None]
    if row is None or row.method not in SIGNED_METHODS or not _to_see(row) or hidden(row):
        raise Refused(f"there is no candidate {task_id} to sign off; {there_are(waiting, 'none waits')}")
    if row.verdict is not None:
        raise Refused(f"{task_id} was {row.verdict} by {row.by} already; {there_are(waiting, 'none waits')}")
    return row
