"""What a model said beside its levels: why it gave the labels of a set that a run came to, and how likely it had each level."""

from collections.abc import Mapping
from dataclasses import replace

import sqlalchemy as sa

from db.store.judging import answers as stored
from touchstone.comparison.classification import below
from touchstone.data.label import Level
from workflow.comparison.source import Source
from workflow.judging.judge_levels import JudgeLevels
from workflow.names import fold
from workflow.rubric.levels import declared

NOTE = "probabilities are those of the tokens that {name} answered with, as its server tells them: nothing has calibrated them"


def with_reasons(
    connection: sa.Connection, judge: JudgeLevels, source: Source, cuts: Mapping[str, Level | None] | None = None
) -> JudgeLevels:
    """The judge with the reasons it gave, where the source is a label set that a model's run came to; where its server told
    log-probabilities with the chances of its levels, and, at `cuts`, how likely each unit passes."""
    if not source.name.startswith("set:"):
        return judge
    _, is_repeat, number = source.who.rpartition(" repeat ")
    repeat = int(number) - 1 if is_repeat and number.isdecimal() else 0
    because: dict[str, dict[str, str]] = {}
    chances: dict[str, dict[str, tuple[float, ...]]] = {}
    for row in stored.reasons_in_set(connection, fold(source.origin), repeat):
        if str(judge.levels.get(row.dimension, {}).get(row.draft_id)) != row.level:
            continue
        if row.reason:
            because.setdefault(row.dimension, {})[row.draft_id] = row.reason
        if row.chances is not None and len(row.chances) == len(declared(judge.rubric, row.dimension).values):
            chances.setdefault(row.dimension, {})[row.draft_id] = tuple(row.chances)
    passing = _passing(judge, chances, cuts or {})
    notes = (*judge.notes, NOTE.format(name=judge.name)) if passing else judge.notes
    return replace(judge, because=because, chances=chances, passing=passing, notes=notes)


def _passing(
    judge: JudgeLevels, chances: Mapping[str, Mapping[str, tuple[float, ...]]], cuts: Mapping[str, Level | None]
) -> dict[str, dict[str, float]]:
    found = {}
    for key, given in chances.items():
        dimension = declared(judge.rubric, key)
        if (cut := cuts.get(key)) is not None and cut in dimension.values:
            passes = [value not in below(dimension, cut) for value in dimension.values]
            found[key] = {unit: min(1.0, sum(c for c, on in zip(own, passes, strict=True) if on)) for unit, own in given.items()}
    return found
