"""Split the project's tasks into partitions."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import sqlalchemy as sa

from db.engine import reading
from db.store.bench import partitions as stored
from db.store.bench import sealing as stored_sealing
from touchstone.bench.keys import names_of
from touchstone.bench.leaks.compared import flat
from touchstone.bench.splits.asked import SplitDesign, SplitReport, split
from touchstone.bench.tasks.origins import METHODS
from touchstone.english import listed
from touchstone.errors import Refused
from workflow.bench.leaks import task_of
from workflow.events.recording import recorded
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.projects.settling import settle
from workflow.rounds.closing import count_slices_again

MOST_LOOKED_AT = 1_000  # tasks, for what they can be split by


class SplittableTasks(NamedTuple):
    """What can be split: all `tasks` that are not sealed. `by_partition`: how many are in each, the last in none ("");
    `by_method`: how many of the typed ones were made by each. `names`: what they can be split by; `fields`: of their input, which
    keys are made of; both as the first thousand have them."""

    tasks: int
    by_partition: Mapping[str, int]
    by_method: Mapping[str, int]
    names: Sequence[str]
    fields: Sequence[str]
    sealed: Sequence[str]

    @property
    def partitions_in_words(self) -> str:
        """Which partitions there are, in a sentence."""
        told = [f"{name} {number:,}" if name else f"in none {number:,}" for name, number in self.by_partition.items()]
        sealed = f"; sealed: {listed(self.sealed)}" if self.sealed else ""
        return f"Tasks by partition now: {', '.join(told)}{sealed}."


@verb
def tasks_to_split(person: Person, engine: sa.Engine) -> SplittableTasks:
    """The project's tasks that are not sealed, counted, and what they can be split by."""
    with reading(engine, person) as connection:
        settle(connection)
        by_partition, by_method = stored.counted(connection)
        some = [task_of(row) for row in stored.tasks_of(connection, most=MOST_LOOKED_AT)]
        sealed = sorted(stored_sealing.sealed_partitions(connection))
    fields = sorted({name for task in some for name in flat(task.input)})
    return SplittableTasks(sum(by_partition.values()), by_partition, by_method, names_of(some), fields, sealed)


@verb
def split_tasks_of(person: Person, engine: sa.Engine, design: SplitDesign) -> SplitReport:
    """A split of the project's tasks that are not sealed; nothing is changed by it. Pairs of which one is not split keep nothing
    together. Raises Refused where none is to be had."""
    if unknown := [each for each in design.methods if each not in METHODS]:
        raise Refused(f"no task is made by {unknown[0]!r}; methods are {listed(METHODS)}")
    with reading(engine, person) as connection:
        settle(connection)
        tasks = [task_of(row) for row in stored.tasks_of(connection, methods=design.methods)]
        sealed = sorted(stored_sealing.sealed_partitions(connection))
    if not tasks:
        made = f" made by {listed(design.methods, 'or')}" if design.methods else ""
        raise Refused(f"there is no task{made} to split; import some, or make them")
    known = {task.task_id for task in tasks}
    _refuse_sealed(sealed, design.sizes)
    report = split(tasks, replace(design, together=[pair for pair in design.together if known.issuperset(pair)]))
    return replace(report, notes=(*report.notes, *([_not_compared(sealed)] if sealed else [])))


def _not_compared(sealed: Sequence[str]) -> str:
    """What a seal keeps from a split: the groups of sealed tasks are under other names, and are told to nobody."""
    are = "is sealed and was" if len(sealed) == 1 else "are sealed and were"
    return f"{listed(sealed)} {are} not compared: a group may have tasks there and in these partitions"


def _refuse_sealed(sealed: Sequence[str], names: Collection[str]) -> None:
    if taken := [each for each in sealed if each in names]:
        are = f"{listed(taken)} {'is' if len(taken) == 1 else 'are'}"
        raise Refused(f"{are} sealed, and no task is put into a sealed partition; take another name")


@verb
def use_split(person: Person, engine: sa.Engine, partition: Mapping[str, str], methods: Sequence[str] = ()) -> int:
    """Put the project's tasks into the partitions of a split (by task_id); how many moved. `methods`: as in its design. Raises
    Refused where the tasks are no longer those that were split, or an open round holds one that would move."""
    with recorded(person, engine, "use split") as connection:
        settle(connection)
        _refuse_sealed(sorted(stored_sealing.sealed_partitions(connection)), set(partition.values()))
        rows = stored.tasks_of(connection, methods=methods)
        if {row.task_id for row in rows} != partition.keys():
            raise Refused("the tasks are not those that were split any more: some came, went or were sealed; split them again")
        moved = [row for row in rows if row.partition != partition[row.task_id]]
        if held := stored.rounds_on(connection, [row.id for row in moved]):
            raise Refused(f"the open round {listed(held[:4])} holds drafts of tasks that would move; close it first")
        values, documents = {}, {}
        for row in moved:
            name = partition[row.task_id]
            task = task_of(row)
            document = None if task.typed is None else dict(task.typed) | {"partition": name}
            again = type(task)(
                task.task_id,
                task.input,
                name,
                task.dimension,
                task.source_mode,
                task.difficulty,
                task.cluster,
                task.extra,
                typed=document,
            )
            values[row.id] = {"partition": name, "digest": again.digest}
            if document is not None:
                documents[row.id] = document
        stored.move(connection, values, documents)
        count_slices_again(connection, list(values))
    return len(moved)
