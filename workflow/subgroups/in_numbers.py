"""A closed round's drafts as numbers: what each was given, its cluster, what slices are cut by, which half it is in.

A row a draft is read, and a few numbers of it are held: a round of a million takes seconds and some hundred MB."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import NamedTuple

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from db.store.closing import by_draft
from touchstone.data.label import Pattern
from touchstone.rubric.model import Rubric
from touchstone.subgroups.dealt_counts import Kind
from touchstone.subgroups.drafts_alike import Numbers, monday_of, second_of_each
from workflow.rubric.levels import scales_of


class Deliveries(NamedTuple):
    """As `by_draft.deliveries` has them, an entry each: `at` in microseconds since 1970, under 0 without a label."""

    draft: Numbers
    person: Numbers
    position: Numbers
    seconds: NDArray[np.float64]
    at: Numbers


@dataclass(frozen=True)
class RoundInNumbers:
    """The drafts with a label, by their id, and arrays with a number for each. `given`: what a draft can have been given;
    `patterns`, `pattern`: of each dimension the patterns there are, in order, and a number among them for each of `given`, -1 for
    no label. `columns`: different values of `by_draft.COLUMNS`, in their order."""

    keys: tuple[str, ...]
    people: tuple[int, ...]
    ids: Numbers
    kind: Numbers
    cluster: Numbers
    column: Numbers
    given: Sequence[Kind]
    patterns: Mapping[str, Sequence[Pattern]]
    pattern: Mapping[str, Numbers]
    columns: Sequence[tuple[str | None, ...]]
    read_deliveries: Callable[[], Deliveries]

    @cached_property
    def deliveries(self) -> Deliveries:
        return self.read_deliveries()

    @cached_property
    def second_label(self) -> Numbers:
        """When each draft could first show agreement, in microseconds: its second label's first saving; its only one's, where it
        has one."""
        is_labelled = self.deliveries.at >= 0
        drafts, at = second_of_each(self.deliveries.draft[is_labelled], self.deliveries.at[is_labelled])
        return np.asarray(at[np.searchsorted(drafts, self.ids)])

    def values_of(self, by: str) -> tuple[list[str], Numbers]:
        """The values of a field of `places.BY`, "" for none, and a number among them for each draft."""
        if by == "period":
            mondays, number = np.unique(monday_of(self.second_label), return_inverse=True)
            return [(date(1970, 1, 1) + timedelta(days=each)).isoformat() for each in mondays.tolist()], number
        if not by:
            return [""], np.zeros(len(self.ids), dtype=np.int64)
        place = list(by_draft.COLUMNS).index(by)
        found: dict[str, int] = {}
        of_columns = [found.setdefault(each[place] or "", len(found)) for each in self.columns]
        return list(found), np.array(of_columns, dtype=np.int64)[self.column]

    def counted(self) -> dict[str, dict[Pattern, int]]:
        """By dimension: how many drafts have each pattern."""
        found = {}
        for key, patterns in self.patterns.items():
            pattern = self.pattern[key][self.kind]
            many = np.bincount(pattern[pattern >= 0], minlength=len(patterns)).tolist()
            found[key] = dict(zip(patterns, many, strict=True))
        return found

    def clusters(self) -> dict[str, int]:
        """By dimension: how many clusters the drafts with a label are of."""
        return {key: len(np.unique(self.cluster[self.pattern[key][self.kind] >= 0])) for key in self.keys}

    def some(self, which: np.ndarray) -> "RoundInNumbers":
        """Those drafts for which an array of bools says so."""
        return replace(
            self,
            ids=self.ids[which],
            kind=self.kind[which],
            cluster=self.cluster[which],
            column=self.column[which],
            read_deliveries=lambda: self.deliveries,
        )


def round_in_numbers(
    connection: sa.Connection,
    round_: int,
    rubric: Rubric,
    keys: Sequence[str],
    people: Sequence[int],
    ids: Sequence[int] | None = None,
) -> RoundInNumbers:
    """The round as its reader may know it; or drafts of these ids, held back or not. Raises NotYourTurn for an open round,
    ValueError for a label that is no level."""
    scales = scales_of(rubric, keys)
    kinds = _Kinds([len(scales[key].values) for key in keys], people)
    clusters: dict[str, int] = {}
    columns: dict[tuple[str | None, ...], int] = {}
    read = [np.zeros((4, 0), dtype=np.int32)]
    for part in by_draft.labelled_drafts(connection, round_, scales, ids):
        draft, given, cluster, *values = zip(*part, strict=True)
        numbers = (
            draft,
            list(map(kinds.number, given)),
            [clusters.setdefault(each, len(clusters)) for each in cluster],
            [columns.setdefault(each, len(columns)) for each in zip(*values, strict=True)],
        )
        read.append(np.array(numbers, dtype=np.int32))
    ids_, kind, of_cluster, column = np.concatenate(read, axis=1)
    met, patterns, pattern = kinds.in_order(keys)
    return RoundInNumbers(
        keys=tuple(keys),
        people=tuple(people),
        ids=ids_,
        kind=kind,
        cluster=of_cluster,
        column=column,
        given=met,
        patterns=patterns,
        pattern=pattern,
        columns=list(columns),
        read_deliveries=lambda: _deliveries(connection, round_, ids),
    )


def _deliveries(connection: sa.Connection, round_: int, ids: Sequence[int] | None) -> Deliveries:
    types = (np.int32, np.int32, np.int32, float, np.int64)
    read: list[list[np.ndarray]] = [[np.zeros(0, dtype=each)] for each in types]
    for part in by_draft.deliveries(connection, round_, ids):
        *numbers, at = zip(*part, strict=True)
        moments = np.array([each or "NaT" for each in at], dtype="datetime64[us]").astype(np.int64)
        for column, type_, into in zip((*numbers, moments), types, read, strict=True):
            into.append(np.array(column, dtype=type_))
    return Deliveries(*map(np.concatenate, read))


class _Kinds:
    """What drafts were given, a number for each that was met. Patterns are held once, however many kinds have them."""

    def __init__(self, levels: Sequence[int], people: Sequence[int]) -> None:
        self._cell = [(dimension, level) for dimension, many in enumerate(levels) for level in range(many)]
        self._seat = {str(person): seat for seat, person in enumerate(people)}
        self._nobody: Pattern = (None,) * len(people)
        self._patterns: list[dict[tuple[tuple[int, int], ...], Pattern]] = [{} for _ in levels]
        self._numbers: dict[Kind, int] = {}
        self._met: dict[str, int] = {}

    def number(self, given: str) -> int:
        """The number of what `by_draft.labelled_drafts` tells as a text."""
        if given not in self._met:
            kind = self._kind(given)
            self._met[given] = self._numbers.setdefault(kind, len(self._numbers))
        return self._met[given]

    def _kind(self, given: str) -> Kind:
        by_dimension: list[list[tuple[int, int]]] = [[] for _ in self._patterns]
        for label in given.split(by_draft.BETWEEN):
            place, person = label.split(" ")
            if place == "-1":
                raise ValueError(f"a label of person {person} is no level of its dimension")
            dimension, level = self._cell[int(place)]
            by_dimension[dimension].append((self._seat[person], level))
        return tuple(self._pattern(dimension, sorted(labels)) for dimension, labels in enumerate(by_dimension))

    def _pattern(self, dimension: int, labels: Sequence[tuple[int, int]]) -> Pattern:
        met, found = self._patterns[dimension], tuple(labels)
        if found not in met:
            pattern = list(self._nobody)
            for seat, level in found:
                pattern[seat] = level
            met[found] = tuple(pattern)
        return met[found]

    def in_order(self, keys: Sequence[str]) -> tuple[list[Kind], dict[str, list[Pattern]], dict[str, Numbers]]:
        """The kinds by their numbers; by dimension the patterns in order, and a number among them for each kind."""
        given, patterns = list(self._numbers), {}
        pattern: dict[str, Numbers] = {}
        for dimension, key in enumerate(keys):
            there = sorted((each for each in self._patterns[dimension].values() if each != self._nobody), key=in_order)
            number = {each: place for place, each in enumerate(there)} | {self._nobody: -1}
            patterns[key] = there
            pattern[key] = np.array([number[kind[dimension]] for kind in given], dtype=np.int64)
        return given, patterns, pattern


def in_order(pattern: Pattern) -> tuple[int, ...]:
    """What patterns are sorted by."""
    return tuple(-1 if code is None else code for code in pattern)
