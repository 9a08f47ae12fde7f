"""A space's tasks made again: own cases and rows there are already stay, with their ids, and only what is missing is added."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from touchstone.bench.space.covering import Covering, Step, covering
from touchstone.bench.space.enumerating import Enumerated
from touchstone.bench.space.filling import task_of
from touchstone.bench.space.model import Row
from touchstone.bench.tasks.origins import OfSpace
from touchstone.bench.tasks.typed import TypedTask


class Remade(NamedTuple):
    """A set of tasks made again: `own` as they were, whoever made them; `kept` and `added` rows of the space; `dropped` ids of
    rows that the space has no more; `changed` ids of kept rows whose words the space says differently now."""

    own: tuple[TypedTask, ...]
    kept: tuple[TypedTask, ...]
    added: tuple[TypedTask, ...]
    dropped: tuple[str, ...]
    changed: tuple[str, ...]
    covering: Covering

    @property
    def tasks(self) -> tuple[TypedTask, ...]:
        return self.own + self.kept + self.added


def row_of_task(enumerated: Enumerated, task: TypedTask) -> Row | None:
    """The valid row of this space that a task was made of; None where it was made otherwise, or the space has it no more."""
    space = enumerated.space
    if not isinstance(task.origin, OfSpace) or task.origin.space != space.name:
        return None
    row = space.row_of(task.origin.values)
    return row if row is not None and set(task.origin.values) == set(space.keys) and enumerated.is_valid(row) else None


def remaking(enumerated: Enumerated, strength: int, there: Sequence[TypedTask] = ()) -> Iterator[Step]:
    """The tasks that cover a space, with those there are; step by step, the Remade is what it returns. Raises Refused as `cover`
    does."""
    space = enumerated.space
    of_space = [each for each in there if isinstance(each.origin, OfSpace) and each.origin.space == space.name]
    rows = {each.task_id: row for each in of_space if (row := row_of_task(enumerated, each)) is not None}
    first = [*space.cases, *(row for row in rows.values() if row not in set(space.cases))]
    made = yield from covering(enumerated, strength, first)
    stood = set(rows.values())
    kept = tuple(task_of(space, row) for row in made.kept if row in stood)
    before = {each.task_id: each.as_input() for each in of_space}
    return Remade(
        own=tuple(each for each in there if each not in of_space),
        kept=kept,
        added=tuple(task_of(space, row) for row in made.rows if row not in stood),
        dropped=tuple(each.task_id for each in of_space if each.task_id not in rows),
        changed=tuple(each.task_id for each in kept if before.get(each.task_id, each.as_input()) != each.as_input()),
        covering=made,
    )


def remake(enumerated: Enumerated, strength: int, there: Sequence[TypedTask] = ()) -> Remade:
    """As `remaking`, at once."""
    steps = remaking(enumerated, strength, there)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            made: Remade = end.value
            return made
