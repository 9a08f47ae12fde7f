"""Which rows of a space are valid, counted in full.

Parameters that constraints tie together form a part; parts do not know of each other. So the valid rows of a space are the
products of the valid rows of its parts: they are counted exactly, and a combination is possible exactly if its piece of each part
is. Only a part is ever enumerated, MOST_ROWS of it at most; a larger one is refused, never sampled.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import combinations

import numpy as np
import numpy.typing as npt

from touchstone.bench.space.model import Constraint, Space
from touchstone.english import listed, many
from touchstone.errors import Refused

MOST_ROWS = 2_000_000  # of a part, valid or not
MOST_COMBINATIONS = 2_000_000  # of the strength asked for

Codes = npt.NDArray[np.int64]


class TiedPart:
    """Parameters that constraints tie together, with their valid rows: an array of a row each, places of values in columns."""

    def __init__(self, columns: Sequence[int], rows: npt.NDArray[np.int16]):
        self.columns = tuple(columns)
        self.rows = rows

    def pieces(self, columns: Sequence[int], sizes: Sequence[int]) -> Codes:
        """The combinations of these of its columns that occur in a valid row, each as one number (see `coded`), in order."""
        own = [self.columns.index(each) for each in columns]
        codes = coded(self.rows[:, own], [sizes[each] for each in columns])
        return np.flatnonzero(np.bincount(codes, minlength=1))


def coded(rows: npt.NDArray[np.integer], sizes: Sequence[int]) -> Codes:
    """Each row as one number: its places as digits, the last the least."""
    codes = np.zeros(len(rows), np.int64)
    for column, size in enumerate(sizes):
        codes = codes * size + rows[:, column]
    return codes


def decoded(code: int, sizes: Sequence[int]) -> tuple[int, ...]:
    """The row of a number."""
    found = []
    for size in reversed(sizes):
        code, place = divmod(code, size)
        found.append(place)
    return tuple(reversed(found))


class Enumerated:
    """A space with its parts enumerated. Raises Refused where a part is too large, or has no valid row."""

    def __init__(self, space: Space):
        self.space = space
        self.parts = [self._part(columns) for columns in _tied(space)]
        self.part_of = {column: part for part in self.parts for column in part.columns}

    def _part(self, columns: Sequence[int]) -> TiedPart:
        space = self.space
        sizes = [space.sizes[each] for each in columns]
        if (rows := math.prod(sizes)) > MOST_ROWS:
            names = listed([space.keys[each] for each in columns])
            raise Refused(
                f"{names} are tied together by constraints and have {many(rows, 'row')}; at most {MOST_ROWS:,} are looked at: "
                "give them fewer values, or untie them"
            )
        places = np.stack(np.unravel_index(np.arange(rows), sizes), axis=1).astype(np.int16)
        valid = np.ones(rows, bool)
        for each in space.file.constraints:
            if each.keys & {space.keys[column] for column in columns}:
                valid &= _holds(each, space, {space.keys[column]: places[:, own] for own, column in enumerate(columns)})
        if not valid.any():
            raise Refused(
                f"no row is valid: the constraints on {listed([space.keys[each] for each in columns])} leave no values; drop one"
            )
        return TiedPart(columns, places[valid])

    @cached_property
    def valid_rows(self) -> int:
        return math.prod(len(part.rows) for part in self.parts)

    @property
    def rows(self) -> int:
        """All rows, valid or not."""
        return math.prod(self.space.sizes)

    def is_valid(self, row: Sequence[int]) -> bool:
        """Whether a row of the space breaks no constraint."""
        given = {key: np.array([place]) for key, place in zip(self.space.keys, row, strict=True)}
        return all(bool(_holds(each, self.space, given)[0]) for each in self.space.file.constraints)

    def column_sets(self, strength: int) -> Iterator[tuple[int, ...]]:
        """Every choice of `strength` parameters. Raises Refused where there are too many combinations to count."""
        sizes = self.space.sizes
        if strength > len(sizes):
            raise Refused(f"strength {strength} takes {strength} parameters or more, and {self.space.name} has {len(sizes)}")
        total = sum(math.prod(sizes[each] for each in columns) for columns in combinations(range(len(sizes)), strength))
        if total > MOST_COMBINATIONS:
            raise Refused(
                f"strength {strength} of {self.space.name} is {many(total, 'combination')} to count, and at most "
                f"{MOST_COMBINATIONS:,} are counted; ask for a lower strength"
            )
        return combinations(range(len(sizes)), strength)

    def possible(self, columns: Sequence[int]) -> Codes:
        """The combinations of these parameters that some valid row has, as numbers in order."""
        sizes = self.space.sizes
        codes = np.zeros(1, np.int64)
        done: list[int] = []
        for part in self.parts:
            own = [each for each in columns if self.part_of[each] is part]
            if own:
                pieces = part.pieces(own, sizes)
                codes = (codes[:, None] * math.prod(sizes[each] for each in own) + pieces[None, :]).ravel()
                done += own
        if tuple(done) == tuple(columns):
            return codes
        # The parts put their columns in an order of their own: say the same numbers in the order that was asked for.
        decoded_rows = np.stack(np.unravel_index(codes, [sizes[each] for each in done]), axis=1)
        order = [done.index(each) for each in columns]
        return np.sort(coded(decoded_rows[:, order], [sizes[each] for each in columns]))

    def with_piece(self, columns: Sequence[int], piece: Sequence[int]) -> tuple[int, ...]:
        """The first valid row that has this possible combination."""
        row = [0] * len(self.space.sizes)
        wanted = dict(zip(columns, piece, strict=True))
        for part in self.parts:
            fits = np.ones(len(part.rows), bool)
            for own, column in enumerate(part.columns):
                if column in wanted:
                    fits &= part.rows[:, own] == wanted[column]
            found = part.rows[int(np.argmax(fits))]
            for own, column in enumerate(part.columns):
                row[column] = int(found[own])
        return tuple(row)


def _tied(space: Space) -> list[tuple[int, ...]]:
    """The columns of each part, in order."""
    part = {key: {key} for key in space.keys}
    for each in space.file.constraints:
        together = set().union(*(part[key] for key in each.keys))
        for key in together:
            part[key] = together
    found = {tuple(sorted(space.keys.index(key) for key in keys)) for keys in part.values()}
    return sorted(found)


def _holds(constraint: Constraint, space: Space, given: Mapping[str, npt.NDArray[np.integer]]) -> npt.NDArray[np.bool_]:
    """For each row (places by parameter) whether the constraint holds."""

    def all_of(wanted: Mapping[str, Sequence[object]]) -> npt.NDArray[np.bool_]:
        met = [
            np.isin(given[key], [space.places[space.keys.index(key)][value] for value in values])
            for key, values in wanted.items()
        ]
        return np.asarray(np.all(np.stack(met), axis=0), bool)

    if constraint.never is not None:
        return ~all_of(constraint.never)
    assert constraint.when is not None and constraint.then is not None  # noqa: S101 (the model says so)
    return ~all_of(constraint.when) | all_of(constraint.then)
