"""Rows that cover a space: own rows and those there are already first, then as few more as covertable finds.

Nothing is taken on trust: what the rows cover is counted (coverage.py), and a combination that the library left out gets a row.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from covertable.main import Controller

from touchstone.bench.space.coverage import Coverage, coverage_of, missing_pieces
from touchstone.bench.space.enumerating import Enumerated
from touchstone.bench.space.model import Constraint, Row, Space
from touchstone.errors import Refused

MOST_TO_COVER = 20_000  # combinations: covertable takes about two minutes for these


class Covering(NamedTuple):
    """Rows that cover a space: `kept` those given, in their order, `added` those made, and what all of them cover."""

    kept: tuple[Row, ...]
    added: tuple[Row, ...]
    coverage: Coverage

    @property
    def rows(self) -> tuple[Row, ...]:
        return self.kept + self.added


class Step(NamedTuple):
    """How far a covering is: rows so far, and the share (0 to 1) of what is to be covered."""

    rows: int
    share: float


def cover(enumerated: Enumerated, strength: int, kept: Sequence[Row] = ()) -> Covering:
    """Rows that cover every possible combination of `strength` values, the valid rows `kept` among them. The same rows each time.
    Raises Refused where the strength is too high."""
    steps = covering(enumerated, strength, kept)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            made: Covering = end.value
            return made


def covering(enumerated: Enumerated, strength: int, kept: Sequence[Row] = ()) -> Iterator[Step]:
    """As `cover`, row by row, for a caller that shows how far it is, or stops; the Covering is what it returns."""
    total = sum(len(enumerated.possible(each)) for each in enumerated.column_sets(strength))
    if total > MOST_TO_COVER:
        raise Refused(
            f"strength {strength} of {enumerated.space.name} is {total:,} combinations to cover, and at most {MOST_TO_COVER:,} "
            "are covered, which takes minutes: ask for a lower strength, or give parameters fewer values"
        )
    space, first = enumerated.space, tuple(dict.fromkeys(map(tuple, kept)))
    rows = list(first)
    seen = set(first)
    controller = Controller(
        {key: list(range(size)) for key, size in zip(space.keys, space.sizes, strict=True)},
        strength=strength,
        presets=[dict(zip(space.keys, row, strict=True)) for row in first],
        constraints=[_condition(each, space) for each in space.file.constraints],
    )
    for made in controller.make_async():
        row = tuple(int(made[key]) for key in space.keys)
        if row not in seen and enumerated.is_valid(row):
            rows.append(row)
            seen.add(row)
        yield Step(len(rows), controller.progress)
    first_more = len(rows)
    for columns, piece in missing_pieces(enumerated, rows, strength):
        if not any(tuple(row[each] for each in columns) == piece for row in rows[first_more:]):
            rows.append(enumerated.with_piece(columns, piece))
            yield Step(len(rows), controller.progress)
    return Covering(first, tuple(rows[len(first) :]), coverage_of(enumerated, rows, strength))


def _condition(constraint: Constraint, space: Space) -> dict[str, Any]:
    """A constraint as covertable takes it, values by their places."""
    if constraint.never is not None:
        return {"operator": "not", "condition": _all_of(constraint.never, space)}
    unless = {"operator": "not", "condition": _all_of(constraint.when or {}, space)}
    return {"operator": "or", "conditions": [unless, _all_of(constraint.then or {}, space)]}


def _all_of(wanted: Mapping[str, Sequence[object]], space: Space) -> dict[str, Any]:
    places = {key: space.places[space.keys.index(key)] for key in wanted}
    each = [{"operator": "in", "left": key, "values": [places[key][one] for one in values]} for key, values in wanted.items()]
    return each[0] if len(each) == 1 else {"operator": "and", "conditions": each}
