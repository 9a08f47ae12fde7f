"""The manifest of a release: what was settled on before it was written (`Terms`), and what was written.

It has the digest of every other file, and of its own text without that digest: one changed bit in any file is seen. Whoever keeps
the digest of the manifest elsewhere also sees a release that was made up as a whole.
"""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Annotated, Any, Literal

import pydantic

from touchstone.errors import Refused
from touchstone.files.json_values import json_value
from touchstone.releasing.policy import Dimensions, Policy
from touchstone.releasing.tables import SHAPES
from touchstone.rubric.model import Rubric

FORMAT = 3  # another number where a program of this one could not check the folder
FILE, SIGNATURE = "manifest.json", "manifest.json.sig"
LARGEST = 3_000_000  # bytes of a manifest
MOST_FILES = 1_000
Digest = Annotated[str, pydantic.Field(pattern="^[0-9a-f]{64}$")]
Number = Annotated[int, pydantic.Field(ge=0, le=2**53)]
Words = Annotated[str, pydantic.Field(max_length=20_000)]
Name = Annotated[str, pydantic.Field(min_length=1, max_length=1_000)]
TableName = Literal["gold", "labels", "adjudications", "spot_checked", "left_out", "drafts", "tasks", "changes", "preferences"]
FileName = Annotated[str, pydantic.Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,150}$")]


class Part(pydantic.BaseModel):
    """Strict: no field more, no type but the one said."""

    model_config = pydantic.ConfigDict(strict=True, extra="forbid", frozen=True)


class PolicyTerms(Part):
    """`touchstone.releasing.policy.Policy` as it is written."""

    rule: Literal["agreed", "majority"] = "agreed"
    with_single: bool = False
    partial: bool = False
    with_flagged: bool = False

    @property
    def policy(self) -> Policy:
        return Policy(self.rule, self.with_single, self.partial, self.with_flagged)


class RoundTerms(Part):
    """A round of the release, by the names that the release has for people."""

    name: Name
    closed_at: Name
    closed_early: Words | None
    annotators: tuple[Name, ...]
    dimensions: tuple[Name, ...]


class PlanTerms(Part):
    """The looks planned over these rounds; `left_out`: rounds that the plan is about too, and that are not in the release."""

    looks: Number
    drafts: Number
    left_out: tuple[Name, ...]


class RubricTerms(Part):
    name: Name
    digest: Digest


class EarlierTerms(Part):
    """The release that this one takes the place of."""

    name: Name
    number: Number
    digest: Digest


class SpotCheckTerms(Part):
    """A sample of agreed cells that somebody labelled once more: `drawn` of `cells`, `checked` so far; `wrong` of these: given
    another level, and not decided since to be what the labels say."""

    number: Number
    round: Name
    seed: Number
    cells: Number
    drawn: Number
    checked: Number
    wrong: Number


class ComparedTerms(Part):
    """What a comparison round asks of every pair: a dimension of a rubric version, or which draft is better overall."""

    key: Name
    title: Words
    question: Words


class ComparisonTerms(Part):
    """A closed comparison round with choices on tasks of the release, by the names that the release has for people."""

    name: Name
    dimensions: Annotated[tuple[ComparedTerms, ...], pydantic.Field(min_length=1)]
    closed_at: Name
    closed_early: Words | None
    annotators: tuple[Name, ...]


class Terms(Part):
    """What a release is of and by which rules it was made. `made_on`: a day. `outdated`: by dimension the later rubric version
    whose wording or levels differ. `sealed_drafts`: of the rounds, how many are sealed, so that nothing of them is here.
    `answers`: what people said to the questions that only people can answer."""

    format: Literal[3] = 3
    program: Name
    name: Name
    number: Number
    made_on: Annotated[str, pydantic.Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    project: Name
    sample: bool
    people: Literal["codes", "names"]
    policy: PolicyTerms
    rubric: RubricTerms
    rounds: Annotated[tuple[RoundTerms, ...], pydantic.Field(min_length=1)]
    plan: PlanTerms | None
    sealed_drafts: Number
    flagged: tuple[Name, ...]
    outdated: dict[Name, Name]
    spot_checks: tuple[SpotCheckTerms, ...]
    comparisons: tuple[ComparisonTerms, ...]
    answers: dict[Name, Words]
    supersedes: EarlierTerms | None
    record_head: Words

    @property
    def dimensions(self) -> Dimensions:
        of_round = {each.name: each.dimensions for each in self.rounds}
        return Dimensions(of_round, frozenset(self.flagged), frozenset(self.outdated))

    @property
    def annotators(self) -> tuple[str, ...]:
        """Everybody who labelled in one of the rounds, in their order."""
        return tuple(dict.fromkeys(name for each in self.rounds for name in each.annotators))

    def keys(self, rubric: Rubric) -> tuple[str, ...]:
        """The dimensions of the release in the rubric's order."""
        held = {key for each in self.rounds for key in each.dimensions}
        return tuple(key for key in rubric.keys if key in held)


class SplitTerms(Part):
    """The rows of one partition: `sha256` is that of their lines (`touchstone.releasing.rows`)."""

    partition: str | None
    rows: Number
    sha256: Digest


class TableTerms(Part):
    """A table that was written, by partition, each under the name that its Parquet file has for it."""

    rows: Number
    splits: dict[Annotated[str, pydantic.Field(pattern="^[a-z0-9_]{1,100}$")], SplitTerms]


class FileTerms(Part):
    bytes: Number
    sha256: Digest


class DimensionCounts(Part):
    """The cells of a dimension: in the gold by how they were settled and by level, left out by why."""

    by_source: dict[Name, Number]
    by_level: dict[str, Number]
    left_out: dict[Name, Number]


class ChoiceCounts(Part):
    """The choices of a comparison round: on how many pairs; how many choices, and beside them repeats with sides swapped; how
    many of the choices took the left draft, a tie, the right one."""

    pairs: Number
    choices: Number
    repeats: Number
    left: Number
    tie: Number
    right: Number


class Manifest(Part):
    """`sha256`: of the manifest's own text with nothing in this place."""

    terms: Terms
    counts: dict[Name, DimensionCounts]
    preferences: dict[Name, dict[Name, ChoiceCounts]]
    tables: dict[TableName, TableTerms]
    files: Annotated[dict[FileName, FileTerms], pydantic.Field(max_length=MOST_FILES)]
    sha256: str = ""

    @property
    def in_order(self) -> list[tuple[str, TableTerms]]:
        """The tables in the order that pages have them."""
        return [(name, self.tables[name]) for name in SHAPES if name in self.tables]


def as_bytes(manifest: Manifest) -> bytes:
    """The manifest as its file, with its own digest."""
    bare = manifest.model_copy(update={"sha256": ""})
    return _text(bare.model_copy(update={"sha256": sha256(_text(bare)).hexdigest()}))


def read_manifest(source: bytes) -> Manifest:
    """The manifest in a file. Raises Refused with what is wrong: where one bit of it was changed, too."""
    if len(source) > LARGEST:
        raise Refused(f"{FILE} has {len(source) / 1e6:.0f} MB; at most {LARGEST / 1e6:.0f} MB are read")
    try:
        text = source.decode("utf-8")
        value, end = json_value(text, 0)
        if text[end:] != "\n":
            raise ValueError("something stands behind its end")
        _refuse_other_format(value)
        found = Manifest.model_validate_json(source)
    except pydantic.ValidationError as wrong:
        raise Refused(f"{FILE} is not the manifest of a release: {_first(wrong)}") from None
    except (ValueError, RecursionError) as wrong:
        told = "nested too deep" if isinstance(wrong, RecursionError) else str(wrong)
        raise Refused(f"{FILE} cannot be read ({told[:200]}); take the release from where it was published") from None
    if as_bytes(found) != source:
        raise Refused(
            f"{FILE} was changed since it was written: its own digest does not hold; take it from where it was published"
        )
    return found


def digest_of(source: bytes) -> str:
    """The digest of a release: the SHA-256 of its manifest's bytes, to be kept elsewhere."""
    return sha256(source).hexdigest()


def as_json(content: Any) -> bytes:
    """A document as every file of JSON in a release is written."""
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def _refuse_other_format(value: Any) -> None:
    """Raises Refused for a release that another version of the program wrote: its pages would be made otherwise."""
    terms = value.get("terms") if isinstance(value, dict) else None
    written = terms.get("format") if isinstance(terms, dict) else None
    if isinstance(written, int) and written != FORMAT:
        raise Refused(
            f"{FILE} is of format {written}, and this program reads format {FORMAT}; verify it with the one that wrote it"
        )


def _text(manifest: Manifest) -> bytes:
    return as_json(manifest.model_dump(mode="json"))


def _first(wrong: pydantic.ValidationError) -> str:
    """The first thing wrong, with its place."""
    each: Mapping[str, Any] = wrong.errors()[0]
    place = ".".join(str(part)[:60] for part in each["loc"]) or "the whole"
    return f"{place}: {str(each['msg'])[:200]}"
