"""What a trained judge that is on says to the gate: how likely a draft passes. One that is off says nothing."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from db.store.judging import trained as stored
from touchstone.errors import Refused
from touchstone.judging.training.gold_head import passing_of
from touchstone.scorer.scoring import given_by
from workflow.judging.training.seen import passes_at, readings_of
from workflow.judging.training.trained_judges import head_in
from workflow.rubric import rubrics

log = logging.getLogger("touchstone")


def shares_for_gate(
    connection: sa.Connection, project: int, names: Sequence[str], text: str, task: Mapping[str, Any] | None
) -> dict[str, float | None]:
    """By name of those of these judges that are trained ones of the project: how likely the draft passes; None of one that is
    off, has no cut, or cannot read this draft. What it says is then absent, and the gate's way with that is review."""
    found: dict[str, float | None] = {}
    for each in stored.those_of(connection, project, names):
        found[each.name] = _share(connection, each.id, text, task) if each.is_on else None
    return found


def _share(connection: sa.Connection, number: int, text: str, task: Mapping[str, Any] | None) -> float | None:
    judge = stored.made_of(connection, number)
    rubric = rubrics.rubric_of(connection, judge.rubric_version)
    dimension = next(each for each in rubric.dimensions if each.key == judge.dimension)
    cut = dimension.parse(judge.cut) if judge.cut is not None else None
    if cut is None:
        return None
    try:
        head = head_in(judge)
        readings, _ = readings_of(rubric, [(text, *given_by(task or {}))], judge.reads, head.findings)
        return float(passing_of(head.gives(readings), passes_at(dimension, cut))[0])
    except (Refused, ValueError, TypeError, AttributeError) as wrong:  # of a task or a text that is none
        log.warning("the trained judge %s gave no probability: %s", judge.name, type(wrong).__name__)
        return None
