"""What a rubric file says of its scorer: facts read from a task, parts of a draft, checks, and how findings become a level.

Shapes only; touchstone/scorer runs them. The words are those of rubric_versions/README.md.
"""

from typing import Annotated, Literal

import pydantic
from pydantic_core import PydanticCustomError

Text = pydantic.StrictStr
Line = Annotated[pydantic.StrictStr, pydantic.StringConstraints(min_length=1, pattern=r"^[^\r\n]+$")]
Key = Annotated[pydantic.StrictStr, pydantic.StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Name = Annotated[pydantic.StrictStr, pydantic.StringConstraints(pattern=r"^[a-z][a-z0-9_-]*$")]
Count = Annotated[pydantic.StrictInt, pydantic.Field(ge=0, le=1_000_000)]


class Frozen(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


def _level_value(value: object) -> object:
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= 999:
        return value
    if isinstance(value, str) and value.strip():
        return value
    raise PydanticCustomError("level_value", "not a level value")


_Level = Annotated[int | str, pydantic.BeforeValidator(_level_value)]


class Quoted(Frozen):
    """What of a draft is somebody else's words."""

    lines: tuple[Line, ...] = pydantic.Field((), description="a list of patterns; a line that begins so is quoted")
    rest: tuple[Line, ...] = pydantic.Field((), description="a list of patterns; from a line like that on all is quoted")
    fields: tuple[Line, ...] = pydantic.Field(
        (), description="a list of a task's input fields; their words in quotation marks, or as a line, are quoted"
    )


class Signature(Frozen):
    """Where a draft is signed."""

    opens: tuple[Line, ...] = pydantic.Field((), description="a list of patterns; a line like that opens the signature")
    ends: tuple[Line, ...] = pydantic.Field((), description="a list of patterns; a line that begins so is body again")
    short_block: pydantic.StrictBool = pydantic.Field(
        False, description="true or false: a last block of short lines without a sentence is a signature too"
    )


class Parts(Frozen):
    """How a draft is cut: subject, body, and what is nobody's claim (quoted text, signature)."""

    subject: tuple[Line, ...] = pydantic.Field((), description="a list of patterns; a first line that begins so is the subject")
    quoted: Quoted = pydantic.Field(Quoted(), description="a mapping of lines, rest and fields")
    signature: Signature = pydantic.Field(Signature(), description="a mapping of opens, ends and short_block")
    clauses: tuple[Line, ...] = pydantic.Field((), description="a list of patterns that divide a sentence into clauses")


class Fact(Frozen):
    """What is read from a task: typed, by patterns over one of its fields."""

    key: Key = pydantic.Field(description="lower-case letters, digits and _, starting with a letter")
    source: Line = pydantic.Field(alias="from", description="a field of a task's input, or a path such as features.phrases")
    kind: Literal["name", "word", "number", "amount", "counts", "phrases"] = pydantic.Field(
        description="name, word, number, amount, counts or phrases"
    )
    patterns: tuple[Line, ...] = pydantic.Field((), description="a list of patterns, the value in their first group")
    values: tuple[Line, ...] = pydantic.Field((), description="a list of the words it may be")
    nouns: tuple[Line, ...] = pydantic.Field((), description="of counts: a list of the nouns a draft may count")
    default: Line | None = pydantic.Field(None, description="the value where the task gives none, on one line")


class KindOfNumber(Frozen):
    """What a number of a draft is, or whose: a price, a length of time, the sender's own, the reader's."""

    key: Name = pydantic.Field(description="lower-case letters, digits, - and _, starting with a letter")
    patterns: tuple[Line, ...] = pydantic.Field((), description="a list of patterns; the number in a placeholder, or inside")
    before: tuple[Line, ...] = pydantic.Field((), description="a list of patterns, looked for before the number in its clause")
    after: tuple[Line, ...] = pydantic.Field((), description="a list of patterns, looked for after the number in its clause")


class NumberExample(Frozen):
    """A text with the kinds of all its numbers, in order."""

    text: Text = pydantic.Field(description="text")
    kinds: tuple[Name, ...] = pydantic.Field(min_length=1, description="a list of kinds of numbers, other for none of them")
    current: tuple[Line, ...] = pydantic.Field((), description="a list of the later values of its changes, in order")


class Numbers(Frozen):
    """How the numbers of a draft are read, before any check compares one: the first kind that fits a number is its kind."""

    changes: tuple[Line, ...] = pydantic.Field(
        (), description="a list of patterns with {from} and {to}: of two values the later one is current"
    )
    joins: tuple[Line, ...] = pydantic.Field(
        (), description="a list of patterns for what stands between two numbers of one kind, as in 3 Rust and 2 Go"
    )
    kinds: tuple[KindOfNumber, ...] = pydantic.Field((), description="a list of kinds of numbers")
    examples: tuple[NumberExample, ...] = pydantic.Field((), description="a list of texts with the kinds of their numbers")


class Unless(Frozen):
    """What takes a match back when it stands in the same clause."""

    before: tuple[Line, ...] = pydantic.Field((), description="a list of patterns, looked for before the match")
    after: tuple[Line, ...] = pydantic.Field((), description="a list of patterns, looked for after the match")
    inside: tuple[Line, ...] = pydantic.Field((), description="a list of patterns, looked for in the match itself")
    sentence: tuple[Line, ...] = pydantic.Field((), description="a list of patterns, looked for in the whole sentence")


class Near(Frozen):
    """Which other findings a finding needs beside it."""

    of: tuple[Name, ...] = pydantic.Field(min_length=1, description="a list of names of checks or groups")
    reach: Literal["same", "previous", "next", "around"] = pydantic.Field(
        "same", description="same, previous, next or around: the sentences in which the others may stand"
    )


class Check(Frozen):
    """One deterministic rule. `hit` and `miss` are texts it must and must not find."""

    name: Name = pydantic.Field(description="lower-case letters, digits, - and _, starting with a letter")
    extends: Literal["phrase", "regex", "token", "length", "fact"] = pydantic.Field(
        description="phrase, regex, token, length or fact"
    )
    group: Name | None = pydantic.Field(None, description="a name that several checks share")
    counts_as: Name | None = pydantic.Field(None, description="a name; checks that share it are one where different ones count")
    message: Line = pydantic.Field(description="one line; %s stands for the text found")
    differs: Line | None = pydantic.Field(None, description="one line for a value that is not the task's; %s as in message")
    level: Literal["suggestion", "warning", "error"] = pydantic.Field("warning", description="suggestion, warning or error")
    link: Line | None = pydantic.Field(None, description="an address on one line")
    scope: tuple[Literal["subject", "body"], ...] = pydantic.Field(
        ("subject", "body"), min_length=1, description="a list of subject and body"
    )
    tokens: tuple[Line, ...] = pydantic.Field((), description="a list of phrases or patterns")
    exceptions: tuple[Line, ...] = pydantic.Field((), description="a list of phrases (of a regex: patterns) that are let through")
    inflect: pydantic.StrictBool = pydantic.Field(True, description="true or false: whether other forms of the words count")
    names: pydantic.StrictBool = pydantic.Field(False, description="true or false: whether a proper name may hold the words")
    fact: Key | None = pydantic.Field(None, description="the key of a fact")
    reads: tuple[Name, ...] = pydantic.Field(
        (), description="a list of kinds of numbers; it looks only at those, other for numbers of no kind"
    )
    compare: Literal["equal", "within"] = pydantic.Field("equal", description="equal or within")
    max: Count | None = pydantic.Field(None, description="a whole number of words")
    min: Count | None = pydantic.Field(None, description="a whole number of words")
    given: tuple[Key, ...] = pydantic.Field((), description="a list of facts; it looks only where the task has them")
    missing: tuple[Key, ...] = pydantic.Field((), description="a list of facts; it looks only where the task has none of them")
    unless: Unless = pydantic.Field(Unless(), description="a mapping of before, after, inside and sentence")
    near: Near | None = pydantic.Field(None, description="a mapping of of and reach")
    apart: Near | None = pydantic.Field(None, description="a mapping of of and reach")
    task: Key | None = pydantic.Field(None, description="the key of an example task")
    hit: tuple[Text, ...] = pydantic.Field(min_length=1, description="a list of texts it must find")
    miss: tuple[Text, ...] = pydantic.Field(min_length=1, description="a list of texts it must not find")


NamesStand = Literal["within_sentence", "anywhere"]


class AtLeast(Frozen):
    """Several different findings: phrases of a list count once each, other checks once each."""

    count: Count = pydantic.Field(description="a whole number")
    of: tuple[Name, ...] = pydantic.Field(min_length=1, description="a list of names of checks or groups")


class ScoringLine(Frozen):
    """One line of a dimension's scoring: it holds when everything it asks for holds."""

    level: _Level | None = pydantic.Field(None, description="a declared level")
    not_scorable: Line | None = pydantic.Field(None, description="a reason on one line")
    because: Line | None = pydantic.Field(None, description="the reason, on one line")
    any: tuple[Name, ...] = pydantic.Field((), description="a list of names of checks or groups")
    all: tuple[Name, ...] = pydantic.Field((), description="a list of names of checks or groups")
    none: tuple[Name, ...] = pydantic.Field((), description="a list of names of checks or groups")
    differing: tuple[Name, ...] = pydantic.Field((), description="a list of names of checks or groups")
    at_least: AtLeast | None = pydantic.Field(None, description="a mapping of count and of")
    given: tuple[Key, ...] = pydantic.Field((), description="a list of facts that the task has")
    missing: tuple[Key, ...] = pydantic.Field((), description="a list of facts that the task has not")
    fact_is: dict[Key, tuple[Line, ...]] = pydantic.Field({}, description="a mapping of facts and lists of words")


class Example(Frozen):
    """A draft with the level it must get."""

    level: _Level | None = pydantic.Field(description="a declared level, or null where it is not scorable")
    draft: Text = pydantic.Field(description="text")
    task: Key | None = pydantic.Field(None, description="the key of an example task")


class ExampleTask(Frozen):
    """A task for examples, as an imported one."""

    key: Key = pydantic.Field(description="lower-case letters, digits and _, starting with a letter")
    input: dict[str, object] = pydantic.Field(description="a mapping of fields")
    extra: dict[str, object] = pydantic.Field({}, description="a mapping of what else a task has")


class Penalty(Frozen):
    """What the final score loses for each different phrase found."""

    of: tuple[Name, ...] = pydantic.Field(min_length=1, description="a list of names of checks")
    each: Annotated[pydantic.StrictFloat, pydantic.Field(ge=0, le=1)] = pydantic.Field(description="a number between 0 and 1")
