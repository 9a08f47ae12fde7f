"""The units whose labels differ on a dimension, and the drafts behind them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import sqlalchemy as sa

from db.engine import reading
from db.store import label_sets as stored_label_sets
from db.store import tasks as stored_tasks
from db.store.closing import cells as stored_cells
from touchstone.data.counts import apart
from touchstone.data.gold import DISAGREEMENT
from touchstone.data.task_input import fields_of
from touchstone.rubric.model import Dimension, Rubric
from workflow.agreement.counts_behind import set_named
from workflow.agreement.label_rows import GivenLabel, labels_with_notes
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.rounds.rounds import Round, closed_round, row_of
from workflow.rubric import rubrics
from workflow.rubric.levels import declared, level_of, scales_of


class Judged(NamedTuple):
    """One label as a disagreement shows it."""

    annotator: str
    value: int | str
    note: str


@dataclass(frozen=True)
class Disagreement:
    """One draft and dimension whose labels differ."""

    unit: str
    task_id: str | None
    labels: tuple[Judged, ...]
    spread: int


@verb
def disagreements_on(
    person: Person,
    engine: sa.Engine,
    dimension: str,
    *,
    round_name: str = "",
    label_set: str | None = None,
    among: Sequence[str] = (),
) -> list[Disagreement]:
    """The units whose labels differ on one dimension (`among` some of the names a round compares), the widest apart first, none
    of which the person labels in an open round: how many of those differ is not told either. Refuses an open round."""
    with reading(engine, person) as connection:
        if label_set is not None:
            row = set_named(connection, label_set)
            given = [
                GivenLabel(unit, "", annotator, key, value, "")
                for unit, annotator, key, value in stored_label_sets.labels_of_set(connection, row.id)
                if key == dimension
            ]
        else:
            closed_round(connection, round_name)
            row = row_of(connection, round_name)
            given = [
                label
                for label in labels_with_notes(connection, row, dimension, differing=True)
                if not among or label.annotator in among
            ]
        declared_as = declared(rubrics.rubric_of(connection, row.rubric_version), dimension)
    by_unit: dict[str, list[GivenLabel]] = {}
    for label in given:
        by_unit.setdefault(label.draft_id, []).append(label)
    differing = [_disagreement(labels, declared_as) for labels in by_unit.values() if len({label.value for label in labels}) > 1]
    return sorted(differing, key=lambda one: (-one.spread, one.unit))


class Differing(NamedTuple):
    """How many units have labels that differ on a dimension, and the first of them, the widest apart."""

    many: int
    some: tuple[Disagreement, ...]


@verb
def widest_apart(
    person: Person,
    engine: sa.Engine,
    dimension: str,
    most: int,
    *,
    rounds: Sequence[str] = (),
    label_set: str | None = None,
    among: Sequence[str] = (),
) -> Differing:
    """As `disagreements_on`, of several rounds: how many there are, and the first `most`. Of a round of kind double neither takes
    longer for more drafts. Refuses an open round."""
    if label_set is not None:
        found = disagreements_on(person, engine, dimension, label_set=label_set)
        return Differing(len(found), tuple(found[:most]))
    of_each = [_widest_in(person, engine, name, dimension, most, among) for name in rounds]
    some = sorted((one for each in of_each for one in each.some), key=lambda one: (-one.spread, one.unit))
    return Differing(sum(each.many for each in of_each), tuple(some[:most]))


def _widest_in(person: Person, engine: sa.Engine, name: str, dimension: str, most: int, among: Sequence[str]) -> Differing:
    with reading(engine, person) as connection:
        found = closed_round(connection, name)
        if found.has_gold and not among:
            return _of_cells(connection, row_of(connection, name), found, dimension, most)
    listed = disagreements_on(person, engine, dimension, round_name=name, among=among)
    return Differing(len(listed), tuple(listed[:most]))


def _of_cells(connection: sa.Connection, row: sa.Row, found: Round, dimension: str, most: int) -> Differing:
    """The same from the cells that were kept when the round was closed."""
    rubric = rubrics.rubric_of(connection, row.rubric_version)
    if dimension not in found.dimensions:
        return Differing(0, ())
    scales = scales_of(rubric, found.dimensions)
    counted = stored_cells.counts_of_cells(connection, found.id, scales)
    waiting = stored_cells.waiting_of(connection, found.id, scales)
    rows = stored_cells.differing_on(connection, waiting, dimension, most)
    some = sorted(
        disagreements_of(connection, row, declared(rubric, dimension), [each.draft for each in rows]),
        key=lambda one: (-one.spread, one.unit),
    )
    return Differing(counted.get((dimension, DISAGREEMENT, ""), 0), tuple(some))


def disagreements_of(connection: sa.Connection, row: sa.Row, dimension: Dimension, ids: Sequence[int]) -> list[Disagreement]:
    """What these drafts (ids) of a closed round of kind double, whose labels differ, were given. Refuses an open round."""
    by_unit: dict[str, list[GivenLabel]] = {}
    for label in labels_with_notes(connection, row, dimension.key, ids=ids) if ids else ():
        by_unit.setdefault(label.draft_id, []).append(label)
    return [_disagreement(labels, dimension) for labels in by_unit.values()]


def _disagreement(given: Sequence[GivenLabel], dimension: Dimension) -> Disagreement:
    unit, task = given[0].draft_id, given[0].task_id or None
    labels = tuple(Judged(label.annotator, level_of(dimension, label.value), label.note) for label in given)
    places = [dimension.values.index(label.value) for label in labels]
    return Disagreement(unit, task, labels, apart(places, dimension.scale))


class Shown(NamedTuple):
    """A draft for reading, with its task's input; both empty where a label set's unit matches nothing stored."""

    fields: tuple[tuple[str, str], ...]
    text: str | None


@verb
def draft_of(person: Person, engine: sa.Engine, unit: str, rubric: Rubric) -> Shown:
    """The draft behind a disagreement: the one of that id, or the only one of the task of that id; and its task's
    input."""
    with reading(engine, person) as connection:
        row = stored_tasks.draft_of_unit(connection, unit)
    return Shown(fields_of(row.input, rubric.fields), row.text) if row else Shown((), None)
