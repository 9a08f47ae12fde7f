"""Whether a held partition leaks into another of the project, and the lists of nearest tasks that people sign."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from db.engine import reading
from db.store.bench import partitions as stored
from db.store.bench import sealing as stored_sealing
from touchstone.bench.keys import Key
from touchstone.bench.leaks.compared import ComparedTask
from touchstone.bench.leaks.reading import compared
from touchstone.bench.leaks.report import LeakPair, LeakReport, find_leaks
from touchstone.data.task import Task
from touchstone.embedding import embedder
from touchstone.english import there_are
from touchstone.errors import Refused
from workflow import clock
from workflow import text as texts
from workflow.events.recording import recorded
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.projects.settling import settle

VERDICTS = ("no leak", "leak")
MOST_LISTED = 20


@dataclass(frozen=True)
class Signature:
    """What somebody said of a held task's list. `is_of_this`: the list they read is the one there is now."""

    by: str
    at: datetime
    verdict: str
    note: str
    is_of_this: bool


@dataclass(frozen=True)
class NeighbourList:
    """A held task with its nearest train tasks, the nearest first, each as it reads; and the last signature."""

    held: ComparedTask
    nearest: tuple[ComparedTask, ...]
    signature: Signature | None


@dataclass(frozen=True)
class StoredLeaks:
    """The report on two partitions, with the tasks that its pairs name."""

    train: str
    held: str
    report: LeakReport
    tasks: Mapping[str, ComparedTask]

    def pairs_of(self, layers: Sequence[str]) -> list[LeakPair]:
        return [each for each in self.report.pairs if each.layer in layers]


def task_of(row: sa.Row) -> Task:
    """A task as it is stored: `row` as `db.store.bench.partitions.tasks_of` gives it."""
    fields = (row.task_id, row.input, row.partition, row.dimension, row.source_mode, row.difficulty, row.cluster, row.extra)
    return Task(*fields, typed=row.document)


@verb
def leaks_between(
    person: Person,
    engine: sa.Engine,
    train: str,
    held: str,
    keys: Sequence[Key] = (),
    progress: Callable[[float, str], None] = lambda share, what: None,
    *,
    by_meaning: bool = False,
) -> StoredLeaks:
    """Compare two partitions of the project. `progress` is told how far it is, and may raise to stop it: nothing is stored.
    `by_meaning`: the lists in order of meaning, by the extra `embed`. Raises Refused where a partition is sealed, has no task, or
    both are the same, and where the extra is asked for and not installed."""
    if train == held:
        raise Refused(f"{train} cannot leak into itself; choose two partitions")
    model = embedder() if by_meaning else None
    with reading(engine, person) as connection:
        settle(connection)
        ours, theirs = (_compared(connection, name, keys) for name in (train, held))
    report = find_leaks(ours, theirs, model=model, progress=progress)
    named = {each.train for each in report.pairs} | {each.held for each in report.pairs}
    return StoredLeaks(train, held, report, {each.id: each for each in (*ours, *theirs) if each.id in named})


def _compared(connection: sa.Connection, partition: str, keys: Sequence[Key]) -> list[ComparedTask]:
    rows = stored.tasks_of(connection, partition)
    if rows:
        return [compared(task_of(row), keys) for row in rows]
    there = [row.partition for row in stored_sealing.partitions(connection)]
    if partition in there:
        raise Refused(f"{partition} is sealed: it can be compared before it is sealed, or once it is open")
    raise Refused(f"no task is in the partition {partition!r}; {there_are(there, 'no task has a partition')}")


@verb
def lists_to_sign(person: Person, engine: sa.Engine, found: StoredLeaks) -> list[NeighbourList]:
    """The list of each held task of the report, those not signed yet first."""
    wanted: dict[str, list[str]] = {}
    for each in found.pairs_of(["list"]):
        wanted.setdefault(each.held, []).append(each.train)
    with reading(engine, person) as connection:
        settle(connection)
        numbers = {row.task_id: row.id for name in (found.train, found.held) for row in stored.tasks_of(connection, name)}
        signed = stored.signatures(connection, [numbers[name] for name in wanted if name in numbers])
    lists = []
    for name, nearest in wanted.items():
        row = signed.get(numbers.get(name, 0))
        same = row is not None and row.listed == [numbers.get(each) for each in nearest]
        signature = None if row is None else Signature(row.name, row.signed_at, row.verdict, row.note, same)
        lists.append(NeighbourList(found.tasks[name], tuple(found.tasks[each] for each in nearest), signature))
    return sorted(lists, key=lambda each: each.signature is not None and each.signature.is_of_this)


@verb
def sign_list(person: Person, engine: sa.Engine, held: str, nearest: Sequence[str], verdict: str, note: str = "") -> None:
    """Say of a held task, having read its nearest train tasks, whether it leaks: who, when and what is kept, and never changed;
    who looks again signs again. Raises Refused for a verdict that is none, and where a task is no longer there."""
    if verdict not in VERDICTS:
        raise Refused(f"a list is signed with one of: {', '.join(VERDICTS)}; not {verdict!r}")
    if not 0 < len(nearest) <= MOST_LISTED:
        raise Refused(f"a list has 1 to {MOST_LISTED} train tasks, not {len(nearest)}")
    said = texts.fit(note, "note")
    with recorded(person, engine, "sign neighbour list") as connection:
        settle(connection)
        numbers = {row.task_id: row.id for row in stored.tasks_of(connection)}
        if missing := [name for name in (held, *nearest) if name not in numbers]:
            raise Refused(f"{missing[0]} is not there any more, or is sealed; compare the partitions again")
        stored.sign(
            connection,
            held=numbers[held],
            person=person.id,
            listed=[numbers[name] for name in nearest],
            verdict=verdict,
            note=said,
            at=clock.now(),
        )
