"""How much of a space rows cover: combinations of values found, of those possible. Counted here, whoever made the rows."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from touchstone.bench.space.enumerating import Enumerated, coded, decoded
from touchstone.bench.space.model import Row
from touchstone.english import many

MOST_MISSING = 1_000  # listed


class Coverage(NamedTuple):
    """Combinations of `strength` values: how many are possible, how many of those the rows have, some that are missing."""

    strength: int
    possible: int
    found: int
    missing: tuple[dict[str, Any], ...]  # MOST_MISSING at most, in the order of the space

    @property
    def sentence(self) -> str:
        kind = {1: "values", 2: "pairs", 3: "triples"}.get(self.strength, f"combinations of {many(self.strength, 'value')}")
        return f"{self.found:,} of {self.possible:,} possible {kind} are covered"


class Corner(NamedTuple):
    """One combination of values, and how many of the rows have it."""

    values: dict[str, Any]
    rows: int


def coverage_of(enumerated: Enumerated, rows: Sequence[Row], strength: int) -> Coverage:
    """What valid rows cover. Raises Refused where the strength is too high."""
    space = enumerated.space
    table = np.array(rows, np.int64).reshape(len(rows), len(space.sizes))
    possible = found = 0
    missing: list[dict[str, Any]] = []
    for columns in enumerated.column_sets(strength):
        sizes = [space.sizes[each] for each in columns]
        there = enumerated.possible(columns)
        met = np.unique(coded(table[:, columns], sizes))
        possible += len(there)
        open_ = np.setdiff1d(there, met, assume_unique=True)
        found += len(there) - len(open_)
        for code in open_[: MOST_MISSING - len(missing)]:
            missing.append(_values(enumerated, columns, decoded(int(code), sizes)))
    return Coverage(strength, possible, found, tuple(missing))


def missing_pieces(enumerated: Enumerated, rows: Sequence[Row], strength: int) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Every possible combination that no row has: its columns and their places."""
    sizes_of = enumerated.space.sizes
    table = np.array(rows, np.int64).reshape(len(rows), len(sizes_of))
    found = []
    for columns in enumerated.column_sets(strength):
        sizes = [sizes_of[each] for each in columns]
        met = np.unique(coded(table[:, columns], sizes))
        for code in np.setdiff1d(enumerated.possible(columns), met, assume_unique=True):
            found.append((columns, decoded(int(code), sizes)))
    return found


def corners(enumerated: Enumerated, rows: Sequence[Row], columns: Sequence[int]) -> list[Corner]:
    """Every possible combination of these parameters, with how many of the rows have it."""
    sizes = [enumerated.space.sizes[each] for each in columns]
    table = np.array(rows, np.int64).reshape(len(rows), len(enumerated.space.sizes))
    counted = np.bincount(coded(table[:, list(columns)], sizes), minlength=int(np.prod(sizes)))
    return [
        Corner(_values(enumerated, columns, decoded(int(code), sizes)), int(counted[code]))
        for code in enumerated.possible(tuple(columns))
    ]


def _values(enumerated: Enumerated, columns: Sequence[int], places: Sequence[int]) -> dict[str, Any]:
    parameters = enumerated.space.parameters
    return {parameters[each].key: parameters[each].values[place].value for each, place in zip(columns, places, strict=True)}
