"""Two sources of labels, unit by unit: by the unit's id, or by its task where that is plain.

A unit is a draft's id or whatever id a file had. Units of the same id are one. Of the rest, a unit that is the task of exactly
one unit of the other side is joined to that one; of a task with several there nobody knows which was meant, and it is counted.
"""

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from touchstone.data.label import LabelRow, Scaled


class Side(NamedTuple):
    """One source: what it gave each unit, by dimension, and the task of a unit where one is known."""

    labels: Mapping[str, Mapping[str, int | str]]
    task_of: Mapping[str, str]


class Joining(NamedTuple):
    """`pairs`: each unit of the first with its unit of the second. `by_task` of them are joined by the task; `unclear` units
    name a task that has several on the other side; the rest have none there."""

    pairs: tuple[tuple[str, str], ...]
    by_task: int
    unclear: int
    only_first: int
    only_second: int


def join(first: Side, second: Side) -> Joining:
    """Every unit once at most. With nothing in common there are no pairs."""
    pairs = [(unit, unit) for unit in first.labels if unit in second.labels]
    taken = {unit for unit, _ in pairs}
    left = [unit for unit in first.labels if unit not in taken]
    right = [unit for unit in second.labels if unit not in taken]
    by_task, unclear = [], 0
    for ours, theirs, task_of, turn in ((left, right, second.task_of, 1), (right, left, first.task_of, -1)):
        of_task: dict[str, list[str]] = {}
        for unit in theirs:
            if unit in task_of:
                of_task.setdefault(task_of[unit], []).append(unit)
        for unit in ours:
            found = of_task.get(unit, [])
            unclear += len(found) > 1
            if len(found) == 1:
                by_task.append((unit, found[0])[::turn])
    # A draft whose task stands on the other side under two ids is nobody's for sure.
    seen = Counter(unit for pair in by_task for unit in set(pair))
    sure = [pair for pair in by_task if seen[pair[0]] == seen[pair[1]] == 1]
    unclear += len(by_task) - len(sure)
    used = len(sure)
    return Joining((*pairs, *sure), used, unclear, len(left) - used, len(right) - used)


def rows_of(
    first: Side, second: Side, pairs: tuple[tuple[str, str], ...], names: tuple[str, str], dimension: Scaled
) -> list[LabelRow]:
    """The labels of the joined units on one dimension, as the one long table, under the two names."""
    return [
        LabelRow(pair[0], name, dimension.key, side.labels[unit][dimension.key])
        for pair in pairs
        for unit, name, side in zip(pair, names, (first, second), strict=True)
        if dimension.key in side.labels[unit]
    ]
