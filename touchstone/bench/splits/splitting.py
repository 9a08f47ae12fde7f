"""A split by groups as an integer programme: exact sizes, no group crossing, strata as even as the groups let them be.

    x[g, p] in {0, 1}     group g is in partition p; each group is in one
    sum of size[g] x[g, p] = size of p
    minimise the sum over partitions and strata of |tasks of the stratum in p - its share of p|

Solved by HiGHS through scipy. A solution is exact in sizes and groups whatever the time; that no other is more even is proven
unless the time ran out, and the result says which.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from touchstone.english import amount, listed, many
from touchstone.errors import Refused

SECONDS = 20.0  # of trying to make it more even
MOST_CELLS = 200_000  # groups x partitions, beyond which the programme would not fit


class SplitTask(NamedTuple):
    """`keys`: the values that must not be in two partitions, by key. `strata`: those that should be spread alike."""

    id: str
    keys: Mapping[str, str]
    strata: Mapping[str, str]


class Split(NamedTuple):
    """`partition`: by task id. `groups`: how many there are. `off`: how many tasks, over all strata and partitions, are in
    another partition than even shares would have; `is_best`: that no split with these groups and sizes has fewer."""

    partition: dict[str, str]
    groups: int
    off: float
    is_best: bool


def split_tasks(tasks: Sequence[SplitTask], sizes: Mapping[str, int], *, seconds: float = SECONDS) -> Split:
    """Give each task a partition of `sizes` (name to number of tasks, all of them together). Tasks that share a value of any key
    are one group, and so are those that are joined by others. Raises Refused where the sizes do not add up, or no choice of
    groups has them."""
    if sum(sizes.values()) != len(tasks):
        raise Refused(
            f"the sizes {'/'.join(map(str, sizes.values()))} are {many(sum(sizes.values()), 'task')}, and there are "
            f"{len(tasks):,}; let them add up to that"
        )
    groups = joined(tasks)
    if len(groups) * len(sizes) > MOST_CELLS:
        raise Refused(f"{many(len(groups), 'group')} are too many to split exactly; split by a key that joins more tasks")
    members = np.array([len(group) for group in groups], float)
    if not reachable(members.astype(int).tolist(), sizes):
        raise Refused(_cannot(tasks, groups, sizes))
    chosen, off, is_best = _solved(tasks, groups, members, list(sizes.values()), seconds)
    if chosen is None:
        late = f"no split was found in {amount(f'{seconds:g}', 'second')}; allow more time"
        raise Refused(_cannot(tasks, groups, sizes) if is_best else late)
    names = list(sizes)
    partition = {tasks[at].id: names[chosen[g]] for g, group in enumerate(groups) for at in group}
    return Split({task.id: partition[task.id] for task in tasks}, len(groups), off, is_best)


def joined(tasks: Sequence[SplitTask]) -> list[list[int]]:
    """Groups of tasks (positions) that share a value of a key, directly or through others. A task without a value of a key shares
    it with nobody."""
    parent = list(range(len(tasks)))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    first: dict[tuple[str, str], int] = {}
    for at, task in enumerate(tasks):
        for key, value in task.keys.items():
            if value:
                parent[root(at)] = root(first.setdefault((key, value), at))
    found: dict[int, list[int]] = defaultdict(list)
    for at in range(len(tasks)):
        found[root(at)].append(at)
    return list(found.values())


def reachable(members: Sequence[int], sizes: Mapping[str, int]) -> bool:
    """Whether each size alone is a sum of some groups' sizes: where one is not, no programme need be solved."""
    sums = 1
    for each in members:
        sums |= sums << each
    return all(sums >> size & 1 for size in sizes.values())


def _solved(
    tasks: Sequence[SplitTask],
    groups: Sequence[Sequence[int]],
    members: NDArray[np.float64],
    sizes: Sequence[int],
    seconds: float,
) -> tuple[NDArray[np.int64] | None, float, bool]:
    """The partition of each group, how far it is off even shares, and whether that is proven (or that there is none)."""
    held = _by_stratum(tasks, groups)
    g, p, s = len(groups), len(sizes), len(held)
    share = held.sum(axis=1)[:, None] * np.array(sizes, float)[None, :] / max(1, len(tasks)) if s else np.zeros((0, p))
    x, each = np.arange(g * p).reshape(g, p), g * p + np.arange(s * p).reshape(s, p)
    rows: list[NDArray[np.int64]] = []
    columns: list[NDArray[np.int64]] = []
    values: list[NDArray[np.float64]] = []
    low: list[float] = []
    high: list[float] = []

    def constrain(at: NDArray[np.int64], by: NDArray[np.float64], least: float, most: float) -> None:
        rows.append(np.full(len(at), len(low)))
        columns.append(at)
        values.append(by)
        low.append(least)
        high.append(most)

    for one in range(g):
        constrain(x[one], np.ones(p), 1, 1)
    for part in range(p):
        constrain(x[:, part], members, sizes[part], sizes[part])
        for stratum in range(s):
            there = np.flatnonzero(held[stratum])
            for sign in (1.0, -1.0):  # off >= count - share, off >= share - count
                at, by = np.append(x[there, part], each[stratum, part]), np.append(sign * held[stratum, there], -1.0)
                constrain(at, by, -np.inf, sign * share[stratum, part])
    size = (len(low), g * p + s * p)
    matrix = coo_array((np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))), shape=size).tocsr()
    found = milp(
        np.concatenate([np.zeros(g * p), np.ones(s * p)]),
        integrality=np.concatenate([np.ones(g * p), np.zeros(s * p)]),
        bounds=Bounds(0, np.concatenate([np.ones(g * p), np.full(s * p, np.inf)])),
        constraints=LinearConstraint(matrix, low, high),
        options={"time_limit": seconds},
    )
    if found.x is None:
        return None, 0.0, found.status == 2
    chosen = np.rint(found.x[: g * p].reshape(g, p)).argmax(axis=1)
    counts = np.stack([held[:, chosen == part].sum(axis=1) for part in range(p)], axis=1)
    return chosen, float(np.abs(counts - share).sum() / 2), found.status == 0


def _by_stratum(tasks: Sequence[SplitTask], groups: Sequence[Sequence[int]]) -> NDArray[np.float64]:
    """Strata x groups: how many tasks of the group are of the stratum (a value of one of the strata's keys)."""
    place: dict[tuple[str, str], int] = {}
    cells: Counter[tuple[int, int]] = Counter()
    for number, group in enumerate(groups):
        for at in group:
            for key, value in tasks[at].strata.items():
                cells[place.setdefault((key, value), len(place)), number] += 1
    found = np.zeros((len(place), len(groups)))
    for (stratum, column), tasks_of in cells.items():
        found[stratum, column] = tasks_of
    return found


def _cannot(tasks: Sequence[SplitTask], groups: Sequence[Sequence[int]], sizes: Mapping[str, int]) -> str:
    keys = listed(list(dict.fromkeys(key for task in tasks for key in task.keys))) or "no key"
    largest = sorted(map(len, groups), reverse=True)[:5]
    made = f"{keys} make{'s' if ' and ' not in keys else ''} {many(len(groups), 'group')} of {many(len(tasks), 'task')}"
    return (
        f"the tasks cannot be split by these keys: {made}, the largest of {listed([f'{each:,}' for each in largest])}, and no "
        f"choice of them has exactly {listed([f'{each:,}' for each in sizes.values()])}; take fewer keys, or other sizes"
    )
