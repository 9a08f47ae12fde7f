"""Undo an import while nothing was done with what it brought: all of it or nothing, and said before."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from db.engine import reading
from db.store.bench import sealing
from db.store.data import imports as stored
from touchstone.english import day, listed, many
from touchstone.errors import Refused
from workflow import clock
from workflow.events.recording import recorded
from workflow.people.people import Person
from workflow.people.verbs import verb

MOST = 2**31  # no import has so large a number, and not every database takes one


@dataclass(frozen=True)
class Undoing:
    """What undoing an import removes, and what stands in its way, each a sentence."""

    number: int
    file_name: str
    tasks: int
    drafts: int
    in_the_way: tuple[str, ...]

    @property
    def what(self) -> str:
        """ "24 tasks and 48 drafts"."""
        parts = [many(number, noun) for number, noun in ((self.tasks, "task"), (self.drafts, "draft")) if number]
        return listed(parts) or "nothing"

    @property
    def sentence(self) -> str:
        if self.in_the_way:
            return f"import {self.number} ({self.file_name}) cannot be undone: {'; '.join(self.in_the_way)}"
        return f"undoing import {self.number} ({self.file_name}) removes {self.what}"


@verb
def what_undoing_removes(person: Person, engine: sa.Engine, number: int) -> Undoing:
    """What `undo_import` would remove, and what would keep it from it. Raises Refused where there is no such import."""
    with reading(engine, person) as connection:
        return _undoing(connection, number)


@verb
def undo_import(person: Person, engine: sa.Engine, number: int) -> Undoing:
    """Remove the tasks and drafts of an import; the list of imports says so from then on.

    Raises Refused while a round holds any of its drafts (open or closed: whatever was labelled, chosen, asked or decided
    belongs to one), a label set has labels of them, a judge was asked about them, or other imports brought drafts for its tasks.
    """
    with recorded(person, engine, "undo import", number=number) as connection:
        found = _undoing(connection, number, lock=True)
        if found.in_the_way:
            raise Refused(found.sentence)
        stored.undo(connection, number, person=person.id, at=clock.now())
    return found


def _undoing(connection: sa.Connection, number: int, *, lock: bool = False) -> Undoing:
    row = stored.import_to_undo(connection, number, lock=lock) if 0 < number < MOST else None
    if row is None:
        there = [str(each.id) for each in stored.imports_so_far(connection) if each.undone_at is None]
        shown = f"there are {', '.join(there[:12])}{' …' if len(there) > 12 else ''}" if there else "there is none to undo"
        raise Refused(f"there is no import {number}; {shown}")
    if row.undone_at is not None:
        raise Refused(f"import {number} ({row.file_name}) was undone on {day(row.undone_at)} already")
    return Undoing(number, row.file_name, row.tasks, row.drafts, tuple(_in_the_way(connection, number)))


def _in_the_way(connection: sa.Connection, number: int) -> Sequence[str]:
    held = [
        f"the {'closed' if row.closed_at else 'open'} round {row.name} holds {row.drafts:,} of its drafts"
        for row in stored.rounds_with_its_drafts(connection, number)
    ]
    labelled = [f"the label set {name} has labels of them" for name in stored.label_sets_on_it(connection, number)]
    judged = [f"the judge {name} was asked about them" for name in stored.judges_asked_about_it(connection, number)]
    compared = [
        f"the comparison round {name} holds some of its drafts" for name in stored.comparisons_with_its_drafts(connection, number)
    ]
    others = [
        f"import {row.id} ({row.file_name}) brought {many(row.drafts, 'draft')} for its tasks: undo that one first"
        for row in stored.drafts_of_others(connection, number)
    ]
    sealed = [f"the partition {name}, which was sealed, has some of it" for name in sealing.of_import(connection, number)]
    against = stored.overrides_on_it(connection, number)
    said = [f"{many(against, 'override')} of the gate {'is' if against == 1 else 'are'} about its drafts"] if against else []
    return [*held, *compared, *labelled, *judged, *others, *sealed, *said]
