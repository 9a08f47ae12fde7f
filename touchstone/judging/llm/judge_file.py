"""A judge's file: which model is asked, at which address, about which dimensions of which rubric version, with which parameters.

judge: tone-by-otter
version: 1
rubric: tenacious-v1
dimensions: [tone_compliance]          # all of the rubric's when left out
model: otter-7b
address: "http://127.0.0.1:8001/v1"
instructions: The texts are first mails to somebody who did not ask for one.
guidance: {tone_compliance: A joke is no fault by itself.}
parameters: {temperature: 0, max_tokens: 500}
price: {currency: USD, per_million_in: 0.15, per_million_out: 0.6}

The questions, levels, anchors and guidance of the rubric are no part of it: they are those of the version it names
(`llm.prompts`). NAME-vN is its name, as of a rubric version; the digest is the SHA-256 of its bytes. What was used once is never
changed: another wording is NAME-v(N+1).
"""

import difflib
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Annotated, Any, NamedTuple

import pydantic

from touchstone.bench.tasks.marked import in_line_order, read_strict
from touchstone.bench.tasks.strict import A_KEY_NAME, AN_ADDRESS, Address, KeyName, Line, Strict, Text
from touchstone.english import listed
from touchstone.errors import Problem
from touchstone.files.yaml_tree import FileKind, MarkedTree
from touchstone.rubric.model import RUBRIC_NAME, Rubric

KIND = FileKind("docs/judges.md has a judge to start from", "judge, version, rubric, model, address")
JUDGE_KEY = "TOUCHSTONE_JUDGE_KEY"
MOST_REPEATS = 10
_Amount = Annotated[float, pydantic.Field(ge=0, le=1_000_000)]


class JudgeParameters(Strict):
    """What the model is called with. `schema_`: whether the answer's JSON schema is sent along, for servers that keep to one."""

    temperature: Annotated[float, pydantic.Field(ge=0, le=2)] = pydantic.Field(0.0, description="a number from 0 to 2")
    max_tokens: Annotated[pydantic.StrictInt, pydantic.Field(ge=16, le=32_000)] = pydantic.Field(
        500, description="a whole number from 16 to 32,000: the longest answer"
    )
    seed: Annotated[pydantic.StrictInt, pydantic.Field(ge=0, le=2**31 - 1)] = pydantic.Field(
        0, description="a whole number from 0"
    )
    repeats: Annotated[pydantic.StrictInt, pydantic.Field(ge=1, le=MOST_REPEATS)] = pydantic.Field(
        1, description=f"a whole number from 1 to {MOST_REPEATS}: how often each draft is asked about"
    )
    schema_: pydantic.StrictBool = pydantic.Field(
        True, alias="schema", description="true or false: whether the server is sent the JSON schema of the answer"
    )
    logprobs: pydantic.StrictBool = pydantic.Field(
        False, description="true or false: whether the server is asked how likely each token was, so each level"
    )


class TokenPrice(Strict):
    """What a million tokens cost, for the estimate before a run and the bill after it."""

    currency: Annotated[pydantic.StrictStr, pydantic.StringConstraints(pattern=r"^[A-Z]{3}$")] = pydantic.Field(
        "USD", description="three capitals, as in USD"
    )
    per_million_in: _Amount = pydantic.Field(description="a number: what a million tokens of the prompts cost")
    per_million_out: _Amount = pydantic.Field(description="a number: what a million tokens of the answers cost")

    def of(self, tokens_in: int, tokens_out: int) -> float:
        """What so many tokens cost, in `currency`."""
        return (tokens_in * self.per_million_in + tokens_out * self.per_million_out) / 1_000_000


class JudgeFile(Strict):
    """A judge as it is written."""

    judge: Annotated[pydantic.StrictStr, pydantic.StringConstraints(pattern=RUBRIC_NAME, max_length=50)] = pydantic.Field(
        description="the name before -vN in the file's name: lower-case letters, digits, - and _"
    )
    version: Annotated[pydantic.StrictInt, pydantic.Field(ge=1, le=9_999)] = pydantic.Field(
        description="a whole number from 1, the N of -vN in the file's name"
    )
    rubric: Annotated[pydantic.StrictStr, pydantic.StringConstraints(pattern=r"^[a-z][a-z0-9_-]*-v[0-9]+$", max_length=80)] = (
        pydantic.Field(description="a rubric version by its file's name without .yml, as in replies-v2")
    )
    dimensions: tuple[Line, ...] = pydantic.Field((), max_length=100, description="a list of keys of the rubric's dimensions")
    model: Line = pydantic.Field(description="the model's name, as the server calls it")
    address: Address = pydantic.Field(description=AN_ADDRESS)
    key_from: KeyName | None = pydantic.Field(None, description=A_KEY_NAME)
    instructions: Text | None = pydantic.Field(None, description="words to the model that stand before every question")
    guidance: dict[Line, Text] = pydantic.Field({}, description="a mapping of a dimension's key to words on it")
    parameters: JudgeParameters = pydantic.Field(
        JudgeParameters(), description="a mapping of temperature, max_tokens, seed, repeats, schema and logprobs"
    )
    price: TokenPrice | None = pydantic.Field(None, description="a mapping of currency, per_million_in and per_million_out")

    @pydantic.model_validator(mode="after")
    def _fits(self) -> "JudgeFile":
        if self.parameters.repeats > 1 and self.parameters.temperature == 0:
            raise ValueError(
                f"repeats is {self.parameters.repeats} at a temperature of 0, which gives one answer over and over; set a "
                "temperature over 0, or leave repeats out"
            )
        if len(set(self.dimensions)) < len(self.dimensions):
            raise ValueError("dimensions names one dimension twice; each is asked about once")
        return self


@dataclass(frozen=True)
class LLMJudge:
    """A judge's file with the SHA-256 of its bytes."""

    file: JudgeFile
    digest: str
    source: bytes

    @property
    def name(self) -> str:
        return f"{self.file.judge}-v{self.file.version}"

    @property
    def key_from(self) -> str:
        """The environment variable that has the key."""
        return self.file.key_from or JUDGE_KEY

    def dimensions(self, rubric: Rubric) -> tuple[str, ...]:
        """The dimensions it is asked about, in the rubric's order."""
        return tuple(key for key in rubric.keys if not self.file.dimensions or key in self.file.dimensions)

    @property
    def annotators(self) -> tuple[str, ...]:
        """Under which names its labels stand, one for each repeat."""
        more = (f"{self.name} repeat {number}" for number in range(2, self.file.parameters.repeats + 1))
        return (self.name, *more)


class ReadJudge(NamedTuple):
    """A judge's file: the judge, or None and what is wrong, in line order; the tree knows its lines."""

    judge: LLMJudge | None
    problems: list[Problem]
    tree: MarkedTree


def read_judge(source: bytes, file_name: str = "") -> ReadJudge:
    """Read a judge. `file_name`: held against `judge` and `version` where it is given. Never raises on any bytes."""
    read = read_strict(JudgeFile, source, KIND)
    if read.value is None:
        return ReadJudge(None, read.problems, read.tree)
    judge = LLMJudge(read.value, hashlib.sha256(source).hexdigest(), source)
    stem = PurePath(file_name).stem
    if stem and stem != judge.name:
        line = read.tree.line(("version",))
        wrong = Problem(line, f"the file is named {stem}.yml and holds {judge.name}; name it {judge.name}.yml, or change the two")
        return ReadJudge(None, [wrong], read.tree)
    return ReadJudge(judge, [], read.tree)


def next_version(judge: LLMJudge) -> str:
    """The judge's file as the version after it, for editing: the same words under the next number, where that stands on a line of
    its own; else as it is."""
    lines = judge.source.decode("utf-8-sig").splitlines(keepends=True)
    at = read_judge(judge.source).tree.line(("version",)) - 1
    head, colon, rest = lines[at].partition(":")
    if head.strip() == "version":
        lines[at] = f"{head}{colon}{rest.replace(str(judge.file.version), str(judge.file.version + 1), 1)}"
    return "".join(lines)


def against_rubric(read: ReadJudge, rubric: Rubric) -> list[Problem]:
    """What of a judge does not fit the rubric version it names: dimensions that this has not."""
    if read.judge is None:
        return read.problems
    return in_line_order([*_unknown(read, rubric)])


def _unknown(read: ReadJudge, rubric: Rubric) -> Iterator[Problem]:
    file: Any = read.judge.file if read.judge else None
    asked = file.dimensions or rubric.keys
    for place, key in enumerate(file.dimensions):
        if key not in rubric.keys:
            yield Problem(read.tree.line(("dimensions", place)), _no_dimension(key, rubric))
    for key in file.guidance:
        line = read.tree.line(("guidance", key))
        if key not in rubric.keys:
            yield Problem(line, _no_dimension(key, rubric))
        elif key not in asked:
            yield Problem(line, f"guidance is given on {key}, which dimensions leaves out; add it there, or take this out")


def _no_dimension(key: str, rubric: Rubric) -> str:
    close = difflib.get_close_matches(key, rubric.keys, n=1)
    way = f"did you mean {close[0]}?" if close else f"it has {listed([*rubric.keys])}"
    return f"{rubric.name} has no dimension {key}; {way}"
