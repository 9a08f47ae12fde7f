"""A rubric version as frozen values, and the shape of its file.

A field says in its `description` what it takes; the sentence of a refusal ends with those words. What the scorer reads of a
file (facts, checks, scoring) is in scoring_model.py.
"""

import re
from typing import Annotated, Literal

import pydantic
from pydantic_core import PydanticCustomError

from touchstone.rubric.scoring_model import (
    Check,
    Example,
    ExampleTask,
    Fact,
    Frozen,
    Key,
    Line,
    NamesStand,
    Numbers,
    Parts,
    Penalty,
    ScoringLine,
    Text,
)


def _whole_number_or_word(value: object) -> object:
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= 999:
        return value
    if isinstance(value, str) and re.fullmatch(r"[^\W\d_][\w-]{0,29}", value):
        return value
    raise PydanticCustomError("level_value", "not a level value")


RUBRIC_NAME = r"^[a-z][a-z0-9_-]*$"
_Share = Annotated[pydantic.StrictFloat, pydantic.Field(ge=0, le=1)]
_LevelValue = Annotated[int | str, pydantic.BeforeValidator(_whole_number_or_word)]


class Level(Frozen):
    """One level of a dimension: its value, a title for a button, the sentence an annotator applies, and a draft that shows it.

    The draft is for the codebook: on the label page it would be what others are held against, in place of the anchor.
    """

    value: _LevelValue = pydantic.Field(description="a whole number from -999 to 999, or one word of letters, digits, - and _")
    title: Line = pydantic.Field(description="one to four words on one line")
    anchor: Line = pydantic.Field(description="one sentence on one line")
    example: Text = pydantic.Field("", description="text: a draft of this level, for the codebook alone")

    @property
    def own_title(self) -> str:
        """The title; "" where it only repeats the value."""
        return "" if self.title.casefold() == str(self.value).casefold() else self.title

    @property
    def in_words(self) -> str:
        """The value with its title: "2 Specific and true"; the value alone where the title only repeats it."""
        return f"{self.value} {self.own_title}".strip()


class Agreement(Frozen):
    """The statistic a dimension is judged by, and the value under which it is flagged."""

    statistic: Literal["kappa", "alpha"] = pydantic.Field(description="kappa or alpha")
    weights: Literal["unweighted", "linear", "quadratic"] = pydantic.Field(description="unweighted, linear or quadratic")
    by: Literal["position", "value"] = pydantic.Field(
        "position", description="position or value: how far apart two levels are when weights count it"
    )
    threshold: _Share = pydantic.Field(description="a number between 0 and 1")


class Dimension(Frozen):
    """One question of the rubric. The declared order of `levels` is the order of an ordinal scale."""

    key: Key = pydantic.Field(description="lower-case letters, digits and _, starting with a letter")
    title: Line = pydantic.Field(description="a short name on one line")
    question: Line = pydantic.Field(description="one question on one line")
    guidance: Text = pydantic.Field("", description="text")
    scale: Literal["ordinal", "nominal"] = pydantic.Field(description="ordinal or nominal")
    weight: _Share | None = pydantic.Field(None, description="a number between 0 and 1")
    aliases: tuple[Line, ...] = pydantic.Field((), description="a list of other names, as in [old_name]")
    levels: tuple[Level, ...] = pydantic.Field(min_length=2, description="a list of at least two levels")
    agreement: Agreement = pydantic.Field(description="a mapping of statistic, weights, by and threshold")
    checks: tuple[Check, ...] = pydantic.Field((), description="a list of checks")
    scoring: tuple[ScoringLine, ...] = pydantic.Field((), description="a list of lines; the first that holds gives the level")
    examples: tuple[Example, ...] = pydantic.Field((), description="a list of drafts with the level they must get")

    @property
    def values(self) -> tuple[int | str, ...]:
        """The level values in declared order."""
        return tuple(level.value for level in self.levels)

    @property
    def rising(self) -> tuple[int | str, ...]:
        """The level values of an ordinal scale from low to high: numbers may be declared the other way round, words stand so."""
        first, last = self.values[0], self.values[-1]
        return self.values[::-1] if isinstance(first, int) and isinstance(last, int) and first > last else self.values

    def level(self, value: int | str) -> Level:
        """The level with this value; KeyError where none is declared."""
        for level in self.levels:
            if level.value == value:
                return level
        raise KeyError(f"{self.key} has no level {value!r}")

    def in_words(self, value: int | str) -> str:
        """A level's value with its title; the value alone where none is declared."""
        return next((level.in_words for level in self.levels if level.value == value), str(value))

    def parse(self, text: str) -> int | str | None:
        """The declared value written exactly so ("3", "pass"), else None: "3.0", " 3" and "Pass" are none."""
        return next((value for value in self.values if str(value) == text), None)


class Field(Frozen):
    """How one input field of a task is shown: its title, and what stands there when the field is empty."""

    key: Line = pydantic.Field(description="the field's name in a task's input, on one line")
    title: Line = pydantic.Field(description="a short name on one line")
    empty: Line = pydantic.Field("none", description="words to show for an empty field, on one line")


class Rubric(Frozen):
    """One rubric version. `name` is the file's stem (house-v1), `digest` the SHA-256 of its bytes as hex."""

    name: str
    version: int
    title: str
    about: str
    fields: tuple[Field, ...]
    dimensions: tuple[Dimension, ...]
    digest: str
    parts: Parts = Parts()
    facts: tuple[Fact, ...] = ()
    numbers: Numbers = Numbers()
    tasks: tuple[ExampleTask, ...] = ()
    penalty: Penalty | None = None
    proper_names: NamesStand = "within_sentence"

    @property
    def keys(self) -> tuple[str, ...]:
        """The dimensions' keys in declared order."""
        return tuple(dimension.key for dimension in self.dimensions)

    def dimension(self, key_or_alias: str) -> Dimension | None:
        """The dimension with this key or alias; None where there is none."""
        for dimension in self.dimensions:
            if key_or_alias == dimension.key or key_or_alias in dimension.aliases:
                return dimension
        return None


class RubricFile(Frozen):
    """One rubric file as it is written."""

    rubric: Annotated[pydantic.StrictStr, pydantic.StringConstraints(pattern=RUBRIC_NAME)] = pydantic.Field(
        description="the name before -vN in the file's name: lower-case letters, digits, - and _"
    )
    version: Annotated[pydantic.StrictInt, pydantic.Field(ge=1)] = pydantic.Field(
        description="a whole number from 1, the N of -vN in the file's name"
    )
    title: Line = pydantic.Field(description="a name for people, on one line")
    about: Text = pydantic.Field("", description="text")
    fields: tuple[Field, ...] = pydantic.Field((), description="a list of entries with key, title and empty")
    dimensions: tuple[Dimension, ...] = pydantic.Field(min_length=1, description="a list of at least one dimension")
    parts: Parts = pydantic.Field(Parts(), description="a mapping of subject, quoted, signature and clauses")
    facts: tuple[Fact, ...] = pydantic.Field((), description="a list of facts")
    numbers: Numbers = pydantic.Field(Numbers(), description="a mapping of changes, joins, kinds and examples")
    tasks: tuple[ExampleTask, ...] = pydantic.Field((), description="a list of tasks for the examples")
    penalty: Penalty | None = pydantic.Field(None, description="a mapping of of and each")
    proper_names: NamesStand = pydantic.Field(
        "within_sentence", description="within_sentence or anywhere: where capitals make a proper name of listed words"
    )
