"""The file of a parameter space, as pydantic reads it, and the space that comes of it.

space: refunds                # a name, the first part of its tasks' ids
strength: 2                   # pairs of values are covered; 3: triples
parameters:
  - {key: plan, values: [monthly, yearly]}
  - key: days
    values: [{value: inside, fills: {number: 8}}, {value: outside, fills: {number: 51}}]
constraints:
  - {when: {plan: yearly}, then: {days: [inside, outside]}, because: ...}
  - {never: {plan: monthly, days: outside}, because: ...}
drawn: {name: [Rosa, Daniel]} # not covered: one is drawn for each row, always the same for the same row
cases: [{plan: yearly, days: outside}]   # own rows: covered first, and there whatever else changes
task: {signals: [{field: message, value: "I am {name}, my plan is {plan}, paid {days.number} days ago."}]}
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any

import pydantic

from touchstone.bench.tasks.strict import JsonObject, Line, Strict, WordOrNumber

MOST_PARAMETERS, MOST_VALUES, MOST_CASES = 50, 100, 2_000
STRENGTHS = (1, 4)

Key = Annotated[pydantic.StrictStr, pydantic.StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Words = Annotated[
    tuple[WordOrNumber, ...],
    pydantic.BeforeValidator(lambda given: given if isinstance(given, list | tuple) else (given,)),
    pydantic.Field(min_length=1, max_length=MOST_VALUES),
]
Row = tuple[int, ...]  # the place of a value for each parameter, in the order of the parameters
_A_KEY = "lower-case letters, digits and _, starting with a letter"


class ParameterValue(Strict):
    """One value, with what else it puts into a task: `fills`, by the names of holes ({days.number})."""

    value: WordOrNumber = pydantic.Field(description="a word or a number")
    fills: dict[Key, WordOrNumber] = pydantic.Field(default_factory=dict, description="a mapping: words for further holes")


def _as_value(given: Any) -> Any:
    return given if isinstance(given, Mapping) else {"value": given}


class Parameter(Strict):
    """What tasks vary by."""

    key: Key = pydantic.Field(description=_A_KEY)
    title: Line | None = pydantic.Field(None, description="a name for people, on one line")
    values: tuple[Annotated[ParameterValue, pydantic.BeforeValidator(_as_value)], ...] = pydantic.Field(
        min_length=2, max_length=MOST_VALUES, description=f"a list of 2 to {MOST_VALUES} values"
    )

    @property
    def called(self) -> str:
        return self.title or self.key.replace("_", " ")


class Constraint(Strict):
    """Which values do not go together: never all of `never`; or where `when` holds, `then` does."""

    never: dict[Key, Words] | None = pydantic.Field(None, min_length=1, description="a mapping: values by parameter")
    when: dict[Key, Words] | None = pydantic.Field(None, min_length=1, description="a mapping: values by parameter")
    then: dict[Key, Words] | None = pydantic.Field(None, min_length=1, description="a mapping: values by parameter")
    because: Line | None = pydantic.Field(None, description="the reason, on one line")

    @pydantic.model_validator(mode="after")
    def _is_one_kind(self) -> "Constraint":
        if (self.never is None) == (self.when is None) or (self.when is None) != (self.then is None):
            raise ValueError("a constraint has never, or when and then; write one of these")
        return self

    @property
    def keys(self) -> set[str]:
        return {*(self.never or {}), *(self.when or {}), *(self.then or {})}


class SpaceFile(Strict):
    """A parameter space as its file says it; `reading.py` has what no single field can know."""

    space: Annotated[pydantic.StrictStr, pydantic.StringConstraints(pattern=r"^[a-z][a-z0-9-]*$", max_length=60)] = (
        pydantic.Field(description="a name: lower-case letters, digits and -, starting with a letter")
    )
    title: Line | None = pydantic.Field(None, description="a name for people, on one line")
    about: pydantic.StrictStr | None = pydantic.Field(None, description="a text")
    strength: Annotated[pydantic.StrictInt, pydantic.Field(ge=STRENGTHS[0], le=STRENGTHS[1])] = pydantic.Field(
        2, description=f"a number from {STRENGTHS[0]} to {STRENGTHS[1]}"
    )
    parameters: tuple[Parameter, ...] = pydantic.Field(
        min_length=1, max_length=MOST_PARAMETERS, description=f"a list of 1 to {MOST_PARAMETERS} parameters"
    )
    constraints: tuple[Constraint, ...] = pydantic.Field((), max_length=500, description="a list of constraints")
    drawn: dict[Key, Words] = pydantic.Field(default_factory=dict, description="a mapping: a list of words for each hole")
    cases: tuple[dict[Key, WordOrNumber], ...] = pydantic.Field(
        (), max_length=MOST_CASES, description="a list of rows: a value for each parameter"
    )
    task: JsonObject = pydantic.Field(description="a mapping: a typed task with holes")


@dataclass(frozen=True)
class Space:
    """A space that was read: its file, and the SHA-256 of the file's bytes."""

    file: SpaceFile
    digest: str

    @property
    def name(self) -> str:
        return self.file.space

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        return self.file.parameters

    @cached_property
    def keys(self) -> tuple[str, ...]:
        return tuple(each.key for each in self.parameters)

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        return tuple(len(each.values) for each in self.parameters)

    @cached_property
    def places(self) -> tuple[dict[Any, int], ...]:
        """For each parameter the place of each value."""
        return tuple({each.value: place for place, each in enumerate(one.values)} for one in self.parameters)

    @cached_property
    def cases(self) -> tuple[Row, ...]:
        """The own rows."""
        return tuple(row for case in self.file.cases if (row := self.row_of(case)) is not None)

    def row_of(self, values: Mapping[str, Any]) -> Row | None:
        """The row of these values; None where one is not the space's, or missing."""
        found = [
            places.get(values[key]) if key in values and not isinstance(values[key], bool) else None
            for key, places in zip(self.keys, self.places, strict=True)
        ]
        return tuple(each for each in found if each is not None) if None not in found else None

    def values_of(self, row: Sequence[int]) -> dict[str, Any]:
        """The values of a row, by parameter."""
        return {one.key: one.values[place].value for one, place in zip(self.parameters, row, strict=True)}

    def task_id(self, row: Sequence[int]) -> str:
        """The id of a row's task: the space's name and eight letters of its values' digest, the same whatever else changes."""
        known = json.dumps([self.name, sorted(self.values_of(row).items())], ensure_ascii=False)
        return f"{self.name}-{hashlib.sha256(known.encode()).hexdigest()[:8]}"
