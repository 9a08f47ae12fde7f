"""Which tables and columns the record covers, one line a table. A table that stands in neither mapping fails a test."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import sqlalchemy as sa

from db.schema import metadata

# The tables whose rows are digested, and which columns of a changed row an event tells in plain: names and numbers only.
COVERED: Mapping[str, tuple[str, ...]] = {
    "people": ("id", "name"),
    "projects": ("id", "name"),
    "memberships": ("person", "project", "role"),
    "changes": (),
    "imports": ("id", "file_name"),
    "undone_imports": ("import",),
    "tasks": (),
    "drafts": (),
    "typed_tasks": (),
    "task_spaces": ("name", "digest"),
    "synthesis_runs": ("id", "name"),
    "candidates": ("id",),
    "candidate_verdicts": ("id",),
    "leak_signatures": ("held",),
    "seals": ("id", "keeper", "partition", "root"),
    "seal_openings": ("seal",),
    "sealed_tasks": (),
    "sealed_drafts": (),
    "rubric_versions": ("name", "digest"),
    "rounds": ("id", "name"),
    "closings": (),
    "round_dimensions": (),
    "round_annotators": (),
    "round_drafts": (),
    "round_changes": ("round", "kind"),
    "assignments": (),
    "queries": ("assignment",),
    "saves": ("assignment", "revision"),
    "labels": (),
    "adjudications": ("id", "round", "draft", "dimension"),
    "adjudicated_labels": (),
    "gold_keys": (),
    "discussions": ("round", "draft", "dimension"),
    "meeting_notes": ("round", "dimension"),
    "publications": ("rubric_version",),
    "published_decisions": (),
    "label_sets": ("id", "name"),
    "set_labels": (),
    "judges": ("name", "digest"),
    "judge_runs": ("id",),
    "judge_answers": (),
    "judge_chances": (),
    "judged_labels": (),
    "trained_judges": ("name", "digest"),
    "trained_judge_rounds": ("judge", "round"),
    "trained_judge_drafts": (),
    "trained_judge_switches": ("judge", "is_on"),
    "counts": (),
    "pattern_counts": (),
    "waiting_cells": (),
    "cell_counts": (),
    "slice_counts": (),
    "half_counts": (),
    "sign_ins": ("id",),
    "passwords": ("person",),
    "invitations": ("id", "person", "kind"),
    "identities": ("person",),
    "releases": ("id", "name", "number", "digest"),
    "release_rounds": ("release", "round"),
    "release_answers": ("id", "project"),
    "spot_checks": ("id", "round"),
    "spot_check_cells": ("spot_check", "draft", "dimension"),
    "gate_policies": ("name", "version", "digest"),
    "gate_switches": ("policy", "mode"),
    "gate_tokens": ("id", "name"),
    "gate_overrides": ("id", "decision"),
    "comparison_rounds": ("id", "name"),
    "compared_dimensions": ("comparison", "dimension"),
    "compared_pairs": (),
    "shown_pairs": (),
    "pair_choices": ("id", "shown"),
    "dimension_choices": (),
}

# What is left out, and why a change there does no harm that the record should tell.
LEFT_OUT: Mapping[str, str] = {
    "events": "chained by themselves",
    "salts": "the digest of the salt is in the first event",
    "pending_choices": "not saved yet: its annotator sees each choice before Save makes labels of them",
    "pending_notes": "not saved yet: its annotator sees the note before Save keeps it",
    "unfinished_versions": "text its author is still typing, and reads before it becomes a file",
    "sign_in_attempts": "sign-ins under way at a provider, for minutes, each for the browser that began it",
    "throttles": "how often somebody tried to sign in, forgotten after a while; one more or fewer moves the next try",
    "gate_decisions": "what a gate said, by the thousand, without a text; what a person said against it has a row of its own",
    "last_projects": "which project a new tab begins with",
}
COLUMNS_LEFT_OUT: Mapping[str, str] = {
    "assignments.seen_at": "moves with each choice, which is not recorded; only the next pause is measured from it",
    "sign_ins.seen_at": "moves with each use; only when a sign-in that nobody uses ends is measured from it",
    "assignments.seconds": "moves with each choice; what was spent stands in round_annotators once the round is closed",
}


class Column(NamedTuple):
    """A column as it is digested: its name, and what its values are (time, json, bool, float, bytes, plain)."""

    name: str
    kind: str


@dataclass(frozen=True, eq=False)
class Covered:
    """A table as it is digested: its columns in the order of their names, the places of its key, of what is told, and
    of what leads to its project."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[int, ...]
    told: tuple[tuple[str, int], ...]
    project: int | None
    round: int | None


_KINDS: tuple[tuple[type, str], ...] = (
    (sa.DateTime, "time"),
    (sa.JSON, "json"),
    (sa.Boolean, "bool"),
    (sa.Float, "float"),
    (sa.LargeBinary, "bytes"),
)


def as_covered(table: sa.Table) -> Covered:
    """The table as it is digested; also one that was reflected, of an earlier schema."""
    columns = tuple(
        Column(each.name, kind_of(each.type))
        for each in sorted(table.columns, key=lambda column: column.name)
        if f"{table.name}.{each.name}" not in COLUMNS_LEFT_OUT
    )
    place = {each.name: number for number, each in enumerate(columns)}
    told = tuple((name, place[name]) for name in COVERED.get(table.name, ()) if name in place)
    key = tuple(place[each.name] for each in table.primary_key.columns)
    project = place.get("id" if table.name == "projects" else "project")
    return Covered(table.name, columns, key, told, project, place.get("id" if table.name == "rounds" else "round"))


def kind_of(type_: sa.types.TypeEngine) -> str:
    """What values of a type are: time, json, bool, float, bytes; plain of a number or a text."""
    if isinstance(type_, sa.TypeDecorator):
        type_ = type_.impl_instance
    return next((kind for each, kind in _KINDS if isinstance(type_, each)), "plain")


@functools.cache
def covered() -> Mapping[str, Covered]:
    """Every covered table of the present schema, by its name."""
    return {name: as_covered(metadata.tables[name]) for name in COVERED}
