"""A gate's policy: one YAML file, read into frozen values, or refused with every line that is wrong.

gate: outreach                # a name
version: 1
rubric: outreach-v1           # the version whose scorer gives the levels
mode: shadow                  # off: nothing is scored · shadow: the decision is told, everything passes · enforce
on_error: review              # or block; never pass
block:  [{dimension: tone, below: 1}]                     # below this level; of a scale without order: is: [fail]
review: [{dimension: fit, below: 2}, {judge: stars-v3, p_pass_below: .6}]
"""

import difflib
import hashlib
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

import pydantic

from touchstone.bench.tasks.sentences import Wrong, wrongs_of
from touchstone.bench.tasks.strict import Line, Strict, WordOrNumber
from touchstone.english import listed
from touchstone.errors import Problem
from touchstone.files.yaml_tree import FileKind, MarkedTree, Unreadable, read_marked
from touchstone.rubric.model import RUBRIC_NAME, Dimension, Rubric
from touchstone.rubric.scoring_model import Key

KIND = FileKind("docs/gate.md has a policy to start from", "gate, version, rubric, mode, block, review")
MOST_CONDITIONS = 100
MOST_PROBLEMS = 50
MODES = ("off", "shadow", "enforce")
Mode = Literal["off", "shadow", "enforce"]
Outcome = Literal["pass", "review", "block"]
STRICTEST_LAST: tuple[Outcome, ...] = ("pass", "review", "block")


class WrongPolicy(ValueError):
    """A policy that cannot be read, or does not fit its rubric: `problems` in line order, each on a line of the message."""

    def __init__(self, name: str, problems: Sequence[Problem]):
        super().__init__("\n".join((f"{name} is no policy that a gate can use:", *map(str, problems))))
        self.problems = tuple(problems)


def _as_levels(given: Any) -> Any:
    return given if isinstance(given, list | tuple) else (given,)


def _share(given: Any) -> Any:
    if isinstance(given, int | float) and not isinstance(given, bool) and 0 < given <= 1:
        return float(given)
    raise ValueError(f"p_pass_below is {given}; it takes a share over 0 and up to 1"[:200])


class GateCondition(Strict):
    """When a draft does not pass: a level that its scorer gives, or how likely a judge says it is to pass."""

    dimension: Key | None = pydantic.Field(None, description="the key of a dimension of the rubric")
    below: WordOrNumber | None = pydantic.Field(None, description="a level: lower ones hold the draft up")
    is_: Annotated[tuple[WordOrNumber, ...], pydantic.BeforeValidator(_as_levels)] | None = pydantic.Field(
        None, alias="is", min_length=1, max_length=100, description="a list of levels that hold the draft up"
    )
    judge: Line | None = pydantic.Field(None, description="the name of a judge, on one line")
    p_pass_below: Annotated[float, pydantic.BeforeValidator(_share)] | None = pydantic.Field(
        None, description="a share over 0 and up to 1"
    )

    @pydantic.model_validator(mode="after")
    def _is_one_kind(self) -> "GateCondition":
        of_level = self.dimension is not None and (self.below is None) != (self.is_ is None)
        of_judge = self.judge is not None and self.p_pass_below is not None
        given = sum(each is not None for each in (self.dimension, self.below, self.is_, self.judge, self.p_pass_below))
        if of_level == of_judge or given != 2:
            raise ValueError("a condition has dimension with below or is, or judge with p_pass_below; write one of these")
        return self

    @cached_property
    def key(self) -> str:
        """What it says, in short; counts of decisions go by it."""
        if self.judge is not None:
            return f"{self.judge} p_pass below {self.p_pass_below:g}"
        return f"{self.dimension} " + (f"below {self.below}" if self.is_ is None else f"is {' or '.join(map(str, self.is_))}")

    def in_words(self, dimension: Dimension | None) -> str:
        """What must hold, in words; `dimension`: the rubric's of that key, None for a judge."""
        if self.judge is not None:
            return f"the judge {self.judge} says that it passes with a probability under {self.p_pass_below:g}"
        title = dimension.title if dimension else self.dimension
        named = dimension.in_words if dimension else str
        levels: tuple[Any, ...] = (self.below,) if self.is_ is None else self.is_
        told = listed([named(each) for each in levels], "or")
        return f"{title} is below {told}" if self.is_ is None else f"{title} is {told}"


Conditions = Annotated[tuple[GateCondition, ...], pydantic.Field(max_length=MOST_CONDITIONS)]


class PolicyFile(Strict):
    """A policy as its file says it."""

    gate: Annotated[pydantic.StrictStr, pydantic.StringConstraints(pattern=r"^[a-z][a-z0-9_-]*$", max_length=60)] = (
        pydantic.Field(description="a name: lower-case letters, digits, - and _, starting with a letter")
    )
    version: Annotated[pydantic.StrictInt, pydantic.Field(ge=1, le=999_999)] = pydantic.Field(description="a whole number from 1")
    rubric: Annotated[
        pydantic.StrictStr,
        pydantic.StringConstraints(pattern=RUBRIC_NAME.removesuffix("$") + r"-v[1-9][0-9]{0,5}$", max_length=100),
    ] = pydantic.Field(description="a rubric version, as in replies-v1")
    mode: Mode = pydantic.Field("shadow", description="off, shadow or enforce")
    on_error: Literal["review", "block"] = pydantic.Field("review", description="review or block; an error never passes")
    block: Conditions = pydantic.Field((), description="a list of conditions")
    review: Conditions = pydantic.Field((), description="a list of conditions")

    @pydantic.field_validator("mode", mode="before")
    @classmethod
    def _off_is_a_word(cls, given: Any) -> Any:
        return "off" if given is False else given  # YAML reads off as false

    @pydantic.model_validator(mode="after")
    def _holds_something_up(self) -> "PolicyFile":
        if not self.block and not self.review:
            raise ValueError("a policy has at least one condition, under block or review; add one")
        return self


@dataclass(frozen=True)
class GatePolicy:
    """A policy that was read: its file, and the SHA-256 of the file's bytes."""

    file: PolicyFile
    digest: str

    @property
    def name(self) -> str:
        return f"{self.file.gate}-v{self.file.version}"

    @property
    def mode(self) -> Mode:
        return self.file.mode

    @cached_property
    def conditions(self) -> tuple[tuple[Outcome, GateCondition], ...]:
        """Each condition with what it leads to; those that block first."""
        return (*(("block", each) for each in self.file.block), *(("review", each) for each in self.file.review))


class ReadPolicy(NamedTuple):
    """A policy's file: the policy with the tree that knows its lines, or None and what is wrong, in line order."""

    policy: GatePolicy | None
    problems: list[Problem]
    tree: MarkedTree


def read_policy(file: str | PathLike[str] | bytes) -> GatePolicy:
    """The policy in a file, named by its path, or in bytes that were read already.

    Raises WrongPolicy, a ValueError, with every line that is wrong; OSError where the file cannot be opened.

    >>> read_policy(b"gate: replies")
    Traceback (most recent call last):
    touchstone.gate.policy.WrongPolicy: the file is no policy that a gate can use:
    line 1: version is missing; add it: it takes a whole number from 1
    line 1: rubric is missing; add it: it takes a rubric version, as in replies-v1
    """
    source, name = (file, "the file") if isinstance(file, bytes) else (Path(file).read_bytes(), Path(file).name)
    parsed = parse_policy(source)
    if parsed.policy is None:
        raise WrongPolicy(name, parsed.problems)
    return parsed.policy


def parse_policy(source: bytes) -> ReadPolicy:
    """Parse a policy. Never raises on any bytes."""
    try:
        tree = read_marked(source, KIND)
    except Unreadable as wrong:
        return ReadPolicy(None, [wrong.problem], MarkedTree())
    problems = [*tree.problems]
    problems += [Problem(line, f"{path[-1]} stands here again; keep one") for path, line in tree.twice]
    try:
        file = PolicyFile.model_validate(tree.data)
    except pydantic.ValidationError as wrong:
        found = wrongs_of(PolicyFile, wrong.errors(include_url=False))
        problems += [Problem(tree.line(each.path), each.sentence) for each in found]
        return ReadPolicy(None, _in_order(problems), tree)
    problems += [Problem(tree.line(each.path), each.sentence) for each in _twice(file)]
    if problems:
        return ReadPolicy(None, _in_order(problems), tree)
    return ReadPolicy(GatePolicy(file, hashlib.sha256(source).hexdigest()), [], tree)


def fit_problems(read: ReadPolicy, rubric: Rubric) -> list[Problem]:
    """What in a policy that was read does not fit the rubric it is used with: another version, a dimension or level that the
    rubric does not have or its scorer never gives."""
    policy = read.policy
    if policy is None:
        return read.problems
    lines = read.tree if read.tree.lines else None
    return _in_order([Problem(lines.line(each.path) if lines else None, each.sentence) for each in _unfit(policy.file, rubric)])


def _in_order(problems: list[Problem]) -> list[Problem]:
    ordered = sorted(dict.fromkeys(problems), key=lambda each: each.line or 0)
    rest = len(ordered) - MOST_PROBLEMS
    return ordered[:MOST_PROBLEMS] + ([Problem(None, f"and {rest:,} more; fix these first")] if rest > 0 else [])


def _twice(file: PolicyFile) -> Iterator[Wrong]:
    for part in ("block", "review"):
        keys = [each.key for each in getattr(file, part)]
        for place, key in enumerate(keys):
            if keys.index(key) != place:
                yield Wrong((part, place), f"{key} stands under {part} twice; keep one")


def _unfit(file: PolicyFile, rubric: Rubric) -> Iterator[Wrong]:
    if rubric.name != file.rubric:
        yield Wrong(("rubric",), f"the policy is for rubric {file.rubric}, not {rubric.name}; give that one, or change the line")
        return
    for part in ("block", "review"):
        for place, condition in enumerate(getattr(file, part)):
            if condition.dimension is None:
                continue
            found = next((each for each in rubric.dimensions if each.key == condition.dimension), None)
            if sentence := _unknown(condition, rubric) if found is None else _unfit_level(condition, found):
                yield Wrong((part, place), sentence)


def _unknown(condition: GateCondition, rubric: Rubric) -> str:
    close = difflib.get_close_matches(str(condition.dimension)[:60], rubric.keys, n=1)
    way = f"did you mean {close[0]}?" if close else f"it has {', '.join(rubric.keys)}"
    return f"{rubric.name} has no dimension {condition.dimension}; {way}"


def _unfit_level(condition: GateCondition, dimension: Dimension) -> str:
    levels = ", ".join(map(str, dimension.values))
    for level in (condition.below,) if condition.is_ is None else condition.is_:
        if isinstance(level, float) and not math.isfinite(level) or level not in dimension.values:
            return f"{dimension.key} has no level {level}; it has {levels}"
    if not dimension.scoring:
        return f"{dimension.key} has no scoring, so nothing gives its level; add some, or leave the condition out"
    if condition.is_ is not None:
        return ""
    if dimension.scale != "ordinal":
        return f"{dimension.key} has no order, so nothing is below {condition.below}; write is: with the levels meant"
    if condition.below == dimension.rising[0]:
        return f"{condition.below} is the lowest level of {dimension.key}, so nothing is below it; name a higher one of {levels}"
    return ""


def held_levels(condition: GateCondition, dimension: Dimension) -> frozenset[int | str]:
    """The levels of a dimension on which a condition that fits it holds a draft up."""
    if condition.is_ is not None:
        return frozenset(each for each in dimension.values if each in condition.is_)
    levels = dimension.rising
    return frozenset(levels[: next(place for place, each in enumerate(levels) if each == condition.below)])
