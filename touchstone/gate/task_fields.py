"""Which fields of a task's input a dimension is held against, and which of them a task does not give.

A fact whose field is not there makes no check hold, so a draft that no task came with looks faultless. These are the fields of
the input that facts of a dimension's own checks and lines read. A fact with a default has a value of its own where the field is
absent, and one that is read of what else a task has ("expected.phrases") is what few tasks have: neither is needed. An empty
text gives a field where the rubric declares it with words for that (`empty: no thread yet`), and else is none.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from touchstone.data.task_input import as_text
from touchstone.files.json_values import kind_in_words
from touchstone.rubric.model import Dimension
from touchstone.rubric.scoring_model import Fact
from touchstone.scorer.compiled import CompiledRubric
from touchstone.scorer.scoring import given_by


def given_strictly(task: Mapping[str, Any] | None) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """What a task gives, as `scorer.scoring.given_by`; nothing for None and an empty one. Raises ValueError, in words that quote
    no value, for what is no task: no object, one without input, or whose input is neither an object nor a text."""
    if task is None or task == {}:
        return {}, {}
    if not isinstance(task, Mapping):
        raise ValueError(f"a task is an object with input, not {_kind(task)}")
    if "input" not in task:
        raise ValueError('the task has no input: its fields stand under it, as in {"input": {…}}')
    if not isinstance(task["input"], Mapping | str):
        raise ValueError(f"a task’s input is an object of fields, or a text, not {_kind(task['input'])}")
    return given_by(task)


def _kind(value: Any) -> str:
    return "a number" if isinstance(value, int | float) and not isinstance(value, bool) else kind_in_words(value)


class FieldFault(NamedTuple):
    """A field that a dimension is held against; `given`: the kind of what the task has there, "" for nothing."""

    field: str
    given: str

    @property
    def in_words(self) -> str:
        return f"{self.field}, which is {self.given} and no text" if self.given else self.field


class NeededFields:
    """The fields that dimensions are held against, by `keys`."""

    def __init__(self, compiled: CompiledRubric, keys: Sequence[str]):
        facts = {fact.key: fact for fact in compiled.rubric.facts}
        self.may_be_empty = {field.key for field in compiled.rubric.fields if "empty" in field.model_fields_set}
        self.facts: dict[str, list[Fact]] = {}
        for dimension in compiled.rubric.dimensions:
            if dimension.key in keys:
                named = set(_named_by(compiled, dimension))
                self.facts[dimension.key] = [
                    fact for key, fact in facts.items() if key in named and fact.default is None and "." not in fact.source
                ]

    def faults(self, key: str, given: Mapping[str, Any], extra: Mapping[str, Any]) -> list[FieldFault]:
        """Fields that a task lacks, or gives as what no check can read, in the order of the facts."""
        found: dict[str, FieldFault] = {}
        for fact in self.facts.get(key, ()):
            value = given.get(fact.source, extra.get(fact.source))
            if value is None or fact.source not in self.may_be_empty and as_text(value) == "":
                found[fact.source] = FieldFault(fact.source, "")
            elif kind := _unreadable(fact, value):
                found.setdefault(fact.source, FieldFault(fact.source, kind))
        return list(found.values())


def _named_by(compiled: CompiledRubric, dimension: Dimension) -> Iterator[str]:
    """The facts that a dimension's lines and their checks name, at one or more removes."""
    for line in dimension.scoring:
        yield from (*line.given, *line.missing, *line.fact_is)
    looked, more = set[int](), sorted(compiled.asked_by[dimension.key])
    while more:
        place = more.pop()
        if place in looked:
            continue
        looked.add(place)
        check = compiled.checks[place].declared
        yield from (*([check.fact] if check.fact else ()), *check.given, *check.missing)
        more += compiled.places_of([name for near in (check.near, check.apart) if near for name in near.of])


def _unreadable(fact: Fact, value: Any) -> str:
    """What a value is, where the fact cannot be read of it; "" where it can."""
    if isinstance(value, str) or isinstance(value, list | tuple) and all(isinstance(each, str) for each in value):
        return ""
    if isinstance(value, bool | int | float):
        return (
            "" if not fact.patterns and fact.kind != "phrases" else "a number" if not isinstance(value, bool) else "true or false"
        )
    if isinstance(value, list | tuple | dict) and fact.patterns and as_text(value):
        return ""
    return "an object" if isinstance(value, dict) else "a list" if isinstance(value, list | tuple) else type(value).__name__
