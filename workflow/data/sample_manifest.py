"""The samples that are shipped: a folder of sample/ each, with a manifest that says what is to be made of its files."""

import csv
import io
import json
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import pydantic
import yaml

from db.engine import ROOT
from touchstone.errors import Refused

FOLDER = ROOT / "sample"
MANIFEST = "manifest.yml"


class SampleRound(pydantic.BaseModel):
    """One round of a sample: closed where the manifest says when, else open. `design` has fields of a RoundDesign."""

    model_config = pydantic.ConfigDict(frozen=True, extra="forbid")

    name: str
    opened: pydantic.AwareDatetime
    design: Mapping[str, Any] = pydantic.Field(default_factory=dict)
    labels: str | None = None  # files, by name; of the drafts that are labelled here the round is opened
    labelled: Mapping[str, pydantic.AwareDatetime] = pydantic.Field(default_factory=dict)  # who, in which order, and when
    queries: str | None = None
    closed: pydantic.AwareDatetime | None = None
    early: str | None = None
    adjudications: str | None = None


class Sample(pydantic.BaseModel):
    """A sample: who takes part in it, what is imported when, and its rounds, the earliest first."""

    model_config = pydantic.ConfigDict(frozen=True, extra="forbid")

    folder: Path
    project: str  # what its project is called
    rubric: str
    annotators: tuple[str, ...]
    lead: str
    imported: pydantic.AwareDatetime
    rounds: tuple[SampleRound, ...]

    @property
    def name(self) -> str:
        return self.folder.name

    def read(self, file_name: str) -> bytes:
        return (self.folder / file_name).read_bytes()

    def rows(self, file_name: str) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(self.read(file_name).decode())))

    @cached_property
    def draft_ids(self) -> frozenset[str]:
        return frozenset(json.loads(line)["draft_id"] for line in self.read("drafts.jsonl").splitlines())

    def drafts_of(self, round_: SampleRound) -> list[str]:
        """The drafts that its file of labels names; of a round without one all that no other round has."""
        if round_.labels:
            return sorted({row["draft_id"] for row in self.rows(round_.labels)})
        return sorted(self.draft_ids.difference(*(self.drafts_of(each) for each in self.rounds if each.labels)))


def samples() -> list[Sample]:
    """Every sample there is, by name."""
    return [_read(path) for path in sorted(FOLDER.glob(f"*/{MANIFEST}"))]


def sample_named(name: str) -> Sample:
    """The sample in the folder of that name. Raises Refused where there is none."""
    there = {each.name: each for each in samples()}
    if name not in there:
        raise Refused(f"there is no sample “{name}”; there are {', '.join(there)}")
    return there[name]


def _read(path: Path) -> Sample:
    return Sample(folder=path.parent, **yaml.safe_load(path.read_text("utf-8")))
