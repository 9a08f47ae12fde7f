"""Why a model gave its levels: the reasons beside the labels of a set that a run came to."""

from dataclasses import replace

import sqlalchemy as sa

from db.store.judging import answers as stored
from workflow.comparison.two_sources import Source
from workflow.judging.judge_levels import JudgeLevels
from workflow.names import fold


def with_reasons(connection: sa.Connection, judge: JudgeLevels, source: Source) -> JudgeLevels:
    """The judge with the reasons it gave, where the source is a label set that a model's run came to."""
    if not source.name.startswith("set:"):
        return judge
    _, is_repeat, number = source.who.rpartition(" repeat ")
    repeat = int(number) - 1 if is_repeat and number.isdecimal() else 0
    because: dict[str, dict[str, str]] = {}
    for row in stored.reasons_in_set(connection, fold(source.origin), repeat):
        if row.reason and str(judge.levels.get(row.dimension, {}).get(row.draft_id)) == row.level:
            because.setdefault(row.dimension, {})[row.draft_id] = row.reason
    return replace(judge, because=because) if because else judge
