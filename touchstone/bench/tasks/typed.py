"""A typed task: signals, states, a thread of turns, groups, what is expected, and its origin.

    TypedTask.read({"task_id": "t1", "signals": [{"field": "news", "value": "Opened a second site", "age": 12}]})

It renders to the `input` that annotators read and the scorer takes its facts from, so that a typed task is labelled and scored
as any other. A task in its plain form ({"task_id", "input"}) is read too: see `adapting`.
"""

import json
from collections.abc import Mapping
from typing import Any, Self

import pydantic

from touchstone.bench.tasks.adapting import is_plain, plain_as_typed
from touchstone.bench.tasks.origins import OfPerson, Origin
from touchstone.bench.tasks.parts import Signal, State, Turn
from touchstone.bench.tasks.rendering import input_of
from touchstone.bench.tasks.sentences import sentences_of
from touchstone.bench.tasks.strict import JsonObject, Line, Strict, WordOrNumber
from touchstone.data.task import LONGEST_ID, Task
from touchstone.english import many

MOST = 1_000  # signals, states or turns of one task


class WrongTask(ValueError):
    """A task that is none: every field that is wrong, a sentence each, in `problems`."""

    def __init__(self, problems: list[str]):
        super().__init__("; ".join(problems))
        self.problems = tuple(problems)


class TypedTask(Strict):
    """A task in parts. `read` makes one; `as_input` is what it shows."""

    task_id: Line = pydantic.Field(description=f"an id on one line, of at most {LONGEST_ID} characters")
    fields: tuple[Line, ...] = pydantic.Field((), max_length=MOST, description="a list: the input's fields, in their order")
    signals: tuple[Signal, ...] = pydantic.Field((), max_length=MOST, description="a list of objects with field and value")
    no_signal: pydantic.StrictBool = pydantic.Field(False, description="true or false")
    states: tuple[State, ...] = pydantic.Field((), max_length=MOST, description="a list of objects with field and value")
    thread: tuple[Turn, ...] = pydantic.Field((), max_length=MOST, description="a list of objects with turn and text")
    thread_field: Line = pydantic.Field("thread", description="the field of the input that shows the thread")
    groups: dict[Line, WordOrNumber] = pydantic.Field(default_factory=dict, description="an object: a word for each group")
    expected: JsonObject = pydantic.Field(default_factory=dict, description="an object; annotators are not shown it")
    origin: Origin = pydantic.Field(default_factory=OfPerson, description="an object with method")
    partition: Line | None = pydantic.Field(None, description="the name of a partition")
    dimension: Line | None = pydantic.Field(None, description="the dimension it was made to test")
    difficulty: Line | None = pydantic.Field(None, description="a word for how hard it is")

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Self:
        """The task that a JSON object holds, typed or in the plain form. Raises WrongTask with every field that is wrong."""
        given = plain_as_typed(document) if is_plain(document) else document
        try:
            return cls.model_validate(dict(given))
        except pydantic.ValidationError as wrong:
            raise WrongTask(sentences_of(cls, wrong)) from None

    @pydantic.model_validator(mode="after")
    def _parts_fit(self) -> Self:
        if problems := [*_of_signals(self), *_of_thread(self), *_of_states(self), *_of_fields(self)]:
            raise ValueError("\n".join(problems))
        return self

    def as_input(self) -> dict[str, Any]:
        """What annotators are shown and the scorer reads facts from: a text for each field, in order."""
        return input_of(self.fields, self.signals, self.states, self.thread, self.thread_field)

    def as_document(self) -> dict[str, Any]:
        """As JSON, without what was left out: `read` gives the same task again."""
        made = self.model_dump(mode="json", exclude_defaults=True)
        return made | {"origin": self.origin.model_dump(mode="json", exclude_none=True)}

    def as_line(self) -> str:
        """The document on one line of JSONL."""
        return json.dumps(self.as_document(), ensure_ascii=False)

    def as_task(self, line: int | None = None) -> Task:
        """The task as it is stored, labelled and scored. Where it came from is its origin's method, whatever else it says."""
        return Task(
            self.task_id,
            self.as_input(),
            partition=self.partition,
            dimension=self.dimension,
            source_mode=getattr(self.origin, "said", None) or self.origin.method,
            difficulty=self.difficulty,
            cluster=str(self.groups.get(CLUSTER, self.task_id)),
            extra=dict(self.expected),
            line=line,
            typed=self.as_document(),
        )


CLUSTER = "cluster"  # the group whose word is a task's cluster key


def _of_signals(task: TypedTask) -> list[str]:
    if task.no_signal and task.signals:
        number = many(len(task.signals), "signal")
        return [f"no_signal is true, and there {'is' if len(task.signals) == 1 else 'are'} {number}; leave out one or the other"]
    return []


def _of_thread(task: TypedTask) -> list[str]:
    for place, each in enumerate(task.thread, start=1):
        if each.turn != place:
            return [f"turn {each.turn} stands at place {place} of the thread; number the turns 1, 2, 3 … in their order"]
    return []


def _of_states(task: TypedTask) -> list[str]:
    found, last = [], len(task.thread)
    latest: dict[str, int] = {}
    for each in task.states:
        if each.from_turn > last:
            turns = f"the thread has {many(last, 'turn')}" if last else "there is no thread"
            found.append(f"the state {each.field} holds from turn {each.from_turn} on, and {turns}; name a turn there is")
        elif each.field not in latest and each.from_turn:
            found.append(f"the state {each.field} is not known before turn {each.from_turn}; add what holds from turn 0 on")
        elif each.field in latest and each.from_turn <= latest[each.field]:
            found.append(f"two states of {each.field} hold from turn {each.from_turn} on; put them in the order of their turns")
        latest[each.field] = each.from_turn
    return found


def _of_fields(task: TypedTask) -> list[str]:
    kinds = {
        "a signal": {each.field for each in task.signals},
        "a state": {each.field for each in task.states},
        "the thread": {task.thread_field} if task.thread else set(),
    }
    names = list(kinds)
    found = [
        f"{field} shows {one} and {other}; give each a field of its own"
        for place, one in enumerate(names)
        for other in names[place + 1 :]
        for field in sorted(kinds[one] & kinds[other])
    ]
    used = set().union(*kinds.values())
    if len(set(task.fields)) < len(task.fields):
        twice = next(each for each in task.fields if task.fields.count(each) > 1)
        found.append(f"fields has {twice} twice; leave one out")
    if task.fields and (missing := sorted(used - set(task.fields))):
        found.append(f"fields has no {missing[0]}, which the task fills; add it, or leave fields out")
    if not task.fields and not used:
        found.append("the task shows nothing: it has no fields, signals, states or thread; add one of them")
    return found
