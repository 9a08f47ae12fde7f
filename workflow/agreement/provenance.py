"""Where the labels of a report came from: its rounds, or its label set with the files it was read from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from db.store import rounds as stored_rounds
from touchstone.data.counts import Counts
from touchstone.english import listed, many
from touchstone.importing.words import CALLED, MISSING
from workflow.agreement.pseudonyms import Pseudonyms
from workflow.importing.origins import made_by_in_words, origin_of, origins_in_words, suspicious
from workflow.rounds.rounds import Round


class SourceFile(NamedTuple):
    """A file that labels were read from: the SHA-256 of its bytes, and whose labels it held."""

    name: str
    digest: str
    annotator: str


@dataclass(frozen=True)
class Source:
    """One round (`kind` double, retest or calibration) or one label set (`kind` "label set"; no moments of opening and
    closing). `labels`: by annotator and dimension, how many labels of theirs were counted."""

    name: str
    kind: str
    design: str
    opened_at: datetime | None
    closed_at: datetime | None
    imported_at: datetime | None
    early_reason: str | None
    files: tuple[SourceFile, ...]
    labels: Mapping[str, Mapping[str, int]]

    def as_json(self) -> dict[str, Any]:
        moments = {name: getattr(self, name) for name in ("opened_at", "closed_at", "imported_at")}
        return {
            "name": self.name,
            "kind": self.kind,
            "design": self.design,
            **{name: moment and moment.isoformat() for name, moment in moments.items()},
            "closed_early": self.early_reason,
            "files": [each._asdict() for each in self.files],
            "labels": {who: dict(by_dimension) for who, by_dimension in self.labels.items()},
        }


def of_round(connection: sa.Connection, found: Round, codes: Pseudonyms, counts: Mapping[str, Counts]) -> Source:
    """A closed round; what people typed passes through `codes`. `counts`: those its figures are computed from."""
    row = stored_rounds.by_id(connection, found.id)
    return Source(
        codes.within(found.name),
        found.kind,
        _design(row, found),
        found.opened_at,
        found.closed_at,
        None,
        codes.within(found.early_reason) if found.early_reason else None,
        (),
        _labels(counts, found.dimensions),
    )


def of_set(row: sa.Row, counts: Mapping[str, Counts], codes: Pseudonyms) -> Source:
    """A label set. With codes its files are numbered: a file mostly bears its annotator's name."""
    files = tuple(
        SourceFile(f"file {number}" if codes.by_name else each["name"], each["digest"], codes.of(each["annotator"]))
        for number, each in enumerate(row.files, 1)
    )
    return Source(
        codes.within(row.name), "label set", "", None, None, row.imported_at, None, files, _labels(counts, tuple(counts))
    )


def file_name(row: sa.Row, name: str, codes: Pseudonyms) -> str:
    """A file of a label set by its name, or as "file 1" where there are codes."""
    if not codes.by_name:
        return name
    return f"file {[each['name'] for each in row.files].index(name) + 1}"


def _not_blind(row: sa.Row) -> bool:
    return origin_of(row, row.annotators) != "person-blind"


def notes_on_set(row: sa.Row, code: Pseudonyms, left_out: str) -> Iterator[str]:
    """What must be read beside a set's figures: who made it first, then what is left out for the reader, then what is
    suspicious, then how it was read."""
    yield (
        f"these labels were made by {made_by_in_words(row)}"
        + (": their agreement is not agreement between people who labelled blind" if _not_blind(row) else "")
    )
    if others := origins_in_words(row):
        yield f"made otherwise than the rest: {code.within(others)}"
    if left_out:
        yield left_out
    yield from (f"suspicious: {code.within(sentence)}" for sentence in suspicious(row, left_out))
    how = row.read_as or {}
    said = how.get("said", {})
    if row.slots_are_people is False:
        yield (
            "its annotators are slots in a file, not people: figures per pair are not given, and alpha is compared with the "
            "threshold"
        )
    yield from (code.within(remark) for remark in how.get("remarks", ()))
    if gone := how.get("passed_over"):
        yield "not counted: " + listed([f"{number:,} {why}" for why, number in gone.items()])
    for kind, meant in said.get("words", {}).items():
        if meant:
            yield f"{CALLED[kind]} was taken to mean " + ("no label" if meant == MISSING else f"level {meant}")
    if said.get("reverse"):
        yield "the scale was said to be reversed in the files: levels of ordinal dimensions were reversed"
    if said.get("unstated"):
        yield "the export does not say which responses were submitted; all were taken to be"
    yield from (
        f"left out of {file_name(row, file, code)}: {code.within(listed(columns))}" for file, columns in row.left_out.items()
    )


def _design(row: sa.Row, found: Round) -> str:
    """How drafts were shared out: "30 drafts, each by both annotators; seed 7"."""
    people = len(found.annotators)
    if row.per_draft is None:
        share = f"each by one of {people} annotators, {100 * row.overlap:.3g} % by two"
    elif people == 1:
        share = "by one annotator"
    elif row.per_draft < people:
        share = f"each by {row.per_draft} of {people} annotators"
    else:
        share = f"each by {'both' if people == 2 else f'all {people}'} annotators"
    drawn = f"; stratified by {', '.join(row.strata)}" if row.strata else ""
    return f"{many(found.drafts, 'draft')}, {share}{drawn}; seed {row.seed}"


def _labels(counts: Mapping[str, Counts], dimensions: tuple[str, ...]) -> dict[str, dict[str, int]]:
    """Counted from the same patterns as the figures; every annotator and dimension is there, also with none."""
    names = next((each.annotators for each in counts.values()), ())
    made = {name: dict.fromkeys(dimensions, 0) for name in names}
    for key, counted in counts.items():
        for pattern, units in counted.patterns.items():
            for name, code in zip(counted.annotators, pattern, strict=True):
                made[name][key] += units if code is not None else 0
    return made
