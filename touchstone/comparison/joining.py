"""Two sources of labels, unit by unit: by the unit's id, or by its task where that is plain.

A unit is a draft's id or whatever id a file had. Units of the same id are one. Of the rest, a unit that is the task of exactly
one unit of the other side is joined to that one; of a task with several there nobody knows which was meant, and it is counted.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from touchstone.data.label import LabelRow, Scaled


class LabelSource(NamedTuple):
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


def join(first: LabelSource, second: LabelSource) -> Joining:
    """Every unit once at most. With nothing in common there are no pairs."""
    same_id = [unit for unit in first.labels if unit in second.labels]
    taken = set(same_id)
    left, right = ([unit for unit in side.labels if unit not in taken] for side in (first, second))
    theirs, unclear = _by_task(left, right, second.task_of)
    ours, unclear_here = _by_task(right, left, first.task_of)
    by_task = [*theirs.items(), *((unit, task) for task, unit in ours.items())]
    # A draft whose task stands on the other side under two ids is nobody's for sure.
    seen = Counter(unit for pair in by_task for unit in set(pair))
    sure = [pair for pair in by_task if seen[pair[0]] == seen[pair[1]] == 1]
    return Joining(
        (*((unit, unit) for unit in same_id), *sure),
        len(sure),
        unclear + unclear_here + len(by_task) - len(sure),
        len(left) - len(sure),
        len(right) - len(sure),
    )


def _by_task(tasks: Sequence[str], units: Sequence[str], task_of: Mapping[str, str]) -> tuple[dict[str, str], int]:
    """Each of `tasks` that is the task of exactly one of `units`, with that unit; and how many are the task of several."""
    of_task: dict[str, list[str]] = {}
    for unit in units:
        if unit in task_of:
            of_task.setdefault(task_of[unit], []).append(unit)
    several = [task for task in tasks if len(of_task.get(task, ())) > 1]
    return {task: of_task[task][0] for task in tasks if len(of_task.get(task, ())) == 1}, len(several)


def rows_of(
    first: LabelSource, second: LabelSource, pairs: tuple[tuple[str, str], ...], names: tuple[str, str], dimension: Scaled
) -> list[LabelRow]:
    """The labels of the joined units on one dimension, as the one long table, under the two names."""
    return [
        LabelRow(pair[0], name, dimension.key, side.labels[unit][dimension.key])
        for pair in pairs
        for unit, name, side in zip(pair, names, (first, second), strict=True)
        if dimension.key in side.labels[unit]
    ]
