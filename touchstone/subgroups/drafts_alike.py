"""Drafts as numbers, counted: a round of a million is cut into slices and halves without an object a draft.

Every draft has a place. Arrays, one entry a place, say which pattern of labels it has, of which cluster it is, and where it
stands in an order.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.integer[Any]]
Clustered = tuple[tuple[int, int], ...]  # what a cluster holds: pairs of a pattern's number and how many drafts have it


def clusters_alike(pattern: Numbers, cluster: Numbers) -> list[tuple[Clustered, int]]:
    """What different clusters hold, the lowest patterns first, and how many clusters hold it, in order.

    `pattern`, `cluster`: numbers from 0 on, one of each a draft.

    >>> clusters_alike(np.array([0, 0, 1, 0, 0]), np.array([7, 7, 8, 9, 9]))
    [(((0, 2),), 2), (((1, 1),), 1)]
    """
    if not len(pattern):
        return []
    patterns = int(pattern.max()) + 1
    entries, units = np.unique(cluster.astype(np.int64) * patterns + pattern, return_counts=True)
    patterns_, of = entries % patterns, entries // patterns
    starts = np.flatnonzero(np.diff(of, prepend=-1))
    lengths = np.diff(starts, append=len(of))
    _, held = np.unique(patterns_ * (int(units.max()) + 1) + units, return_inverse=True)
    ids = _told_apart(held, starts, lengths)
    _, first, many = np.unique(ids, return_index=True, return_counts=True)
    found = []
    for cluster_, clusters in zip(first.tolist(), many.tolist(), strict=True):
        its = slice(starts[cluster_], starts[cluster_] + lengths[cluster_])
        found.append((tuple(zip(patterns_[its].tolist(), units[its].tolist(), strict=True)), clusters))
    return sorted(found)


def _told_apart(held: Numbers, starts: Numbers, lengths: Numbers) -> Numbers:
    """A number for each run of `held`, the same for runs with the same entries. Runs are read entry by entry, all at once: what
    was read of a run has a number, which with the next entry makes a new one."""
    longest_first = np.argsort(-lengths, kind="stable")
    starts, lengths = starts[longest_first], lengths[longest_first]
    ids, used, entries = np.zeros(len(starts), dtype=np.int64), 1, int(held.max()) + 1
    for place in range(int(lengths[0])):
        going_on = int(np.searchsorted(-lengths, -place))  # runs with more than `place` entries stand first
        _, read = np.unique(ids[:going_on] * entries + held[starts[:going_on] + place], return_inverse=True)
        ids[:going_on] = read + used
        used += int(read.max()) + 1
    in_order = np.empty_like(ids)
    in_order[longest_first] = ids
    return in_order


def after_the_middle(at: Numbers) -> NDArray[np.bool_]:
    """Which of these stand after the middle one, as `drift.split_in_half` has it: those of one place stay together."""
    if not len(at):
        return np.zeros(0, dtype=bool)
    middle = (len(at) + 1) // 2 - 1
    return np.asarray(at > np.partition(at, middle)[middle])


def second_of_each(group: Numbers, at: Numbers) -> tuple[Numbers, Numbers]:
    """The groups that occur, and of each its second-lowest `at`; the only one where there is one."""
    order = np.lexsort((at, group))
    groups, starts, many = np.unique(group[order], return_index=True, return_counts=True)
    return groups, at[order][starts + np.minimum(many, 2) - 1]


def monday_of(micros: Numbers) -> Numbers:
    """The Mondays of moments (microseconds since 1970) in UTC, as days since 1970."""
    days = micros // (24 * 3600 * 10**6)
    return days - (days + 3) % 7  # the first of January 1970 was a Thursday


def median_of(values: Sequence[float] | NDArray[np.float64]) -> float | None:
    """As `statistics.median`; None of nothing."""
    if not len(values):
        return None
    low, high = (len(values) - 1) // 2, len(values) // 2
    found = np.partition(values, (low, high))
    return float(found[low]) if low == high else (float(found[low]) + float(found[high])) / 2
