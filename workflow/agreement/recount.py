"""The audit's own counting: every label of a closed round or a label set is fetched and counted in arrays.

Counts are made otherwise when they are stored (by the database for a round, row by row for a label set), so that a fault in
one way of counting does not hide itself. Memory: one byte for each unit, annotator and dimension, and four for a draft of a
round; of a label set a dictionary of its units.
"""

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from db.store import assignments as stored_assignments
from db.store import closed_rounds as stored_closed_rounds
from db.store import label_sets as stored_label_sets
from db.store import rounds as stored_rounds
from db.store.counts import StoredCounts
from touchstone.data.bulk_counts import MISSING, patterns_of_codes
from touchstone.data.counts import pattern_text
from touchstone.rubric.model import Dimension, Rubric
from workflow.rubric.levels import declared, level_of

Rows = Iterable[Sequence[tuple[Any, Any, str, str]]]  # unit, annotator, dimension, value; some thousands at a time


def recount_round(connection: sa.Connection, row: sa.Row, rubric: Rubric) -> dict[str, StoredCounts]:
    """The counts of a closed round by dimension, counted anew. Raises ValueError for a label that cannot be counted."""
    seats = [each.id for each in stored_rounds.annotators_of(connection, row.id)]
    units = _PlacesOfDrafts()
    codes = _codes(stored_closed_rounds.stream_of_closed_round(connection, row.id), units.place, seats, rubric)
    cluster = np.full(units.number, -1)
    seen: dict[str, int] = {}
    for part in stored_assignments.clusters_of_drafts(connection, row.id):
        for draft, key in part:
            if (place := units.known(draft)) >= 0:
                cluster[place] = seen.setdefault(key, len(seen))
    states = stored_assignments.states_in_round(connection, row.id)
    skipped, waiting = states.get("skipped", 0), states.get("waiting", 0)
    made = {}
    for key in stored_rounds.dimensions_of(connection, row.id):
        found = codes.get(key, np.empty((0, len(seats)), np.uint8))
        labelled = cluster[: len(found)][(found != MISSING).any(axis=1)]
        made[key] = StoredCounts(len(np.unique(labelled)), skipped, waiting, _patterns(found, rubric, key))
    return made


def recount_set(connection: sa.Connection, row: sa.Row, rubric: Rubric) -> dict[str, StoredCounts]:
    """The same of a label set, whose clusters are not counted (0). Raises ValueError as `recount_round` does."""
    _, codes = codes_of(stored_label_sets.stream_of_set(connection, row.id), row.annotators, rubric)
    return {key: StoredCounts(0, 0, 0, _patterns(found, rubric, key)) for key, found in codes.items()}


def _patterns(codes: NDArray[np.uint8], rubric: Rubric, key: str) -> dict[str, int]:
    return {
        pattern_text(pattern): units for pattern, units in patterns_of_codes(codes, len(declared(rubric, key).values)).items()
    }


class _PlacesOfDrafts:
    """The place of each draft by its id, in the order they are first asked for."""

    def __init__(self) -> None:
        self.number = 0
        self._places = array("i")  # by id; -1 of none

    def place(self, draft: int) -> int:
        if draft >= len(self._places):
            self._places.extend(array("i", [-1]) * (draft + 1 + draft // 2 - len(self._places)))
        if self._places[draft] < 0:
            self._places[draft], self.number = self.number, self.number + 1
        return self._places[draft]

    def known(self, draft: int) -> int:
        """Its place; -1 where it was never asked for."""
        return self._places[draft] if draft < len(self._places) else -1


def codes_of(rows: Rows, seats: Sequence[Any], rubric: Rubric) -> tuple[Mapping[Any, int], dict[str, NDArray[np.uint8]]]:
    """Each unit's place, and by dimension the codes (units, annotators) up to the last place that has a label."""
    places: dict[Any, int] = {}
    return places, _codes(rows, lambda unit: places.setdefault(unit, len(places)), seats, rubric)


def _codes(rows: Rows, place_of: Callable[[Any], int], seats: Sequence[Any], rubric: Rubric) -> dict[str, NDArray[np.uint8]]:
    """By dimension the codes (units, annotators) up to the last place that has a label; `place_of` gives each unit its place."""
    seat = {who: place for place, who in enumerate(seats)}
    width, last = len(seats), -1
    cells: dict[str, bytearray] = {}
    known: dict[tuple[str, str], int] = {}
    for part in rows:
        for unit, who, dimension, value in part:
            if (code := known.get((dimension, value))) is None:
                code = known[dimension, value] = _code(declared(rubric, dimension), value)
                cells.setdefault(dimension, bytearray())
            if who not in seat:
                raise ValueError(f"{dimension} of unit {unit} has a label of someone who is not among its annotators ({who})")
            place = place_of(unit)
            last = max(last, place)
            of_all, at = cells[dimension], place * width + seat[who]
            if at >= len(of_all):
                of_all.extend(bytes([MISSING]) * (2 * at + width - len(of_all)))
            if of_all[at] != MISSING:
                raise ValueError(f"{dimension} of unit {unit} has two labels of one annotator ({who})")
            of_all[at] = code
    return {
        key: np.frombuffer(of_all, np.uint8, len(of_all) // width * width).reshape(-1, width)[: last + 1]
        for key, of_all in cells.items()
    }


def _code(dimension: Dimension, value: str) -> int:
    return dimension.values.index(level_of(dimension, value))
