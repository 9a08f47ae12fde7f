"""Comparison rounds: which there are, how far everyone is, and closing them.

An annotator sees two drafts of a task side by side, without authors, on sides of their own; a few pairs come twice with their
sides swapped, unannounced. What everybody chose is told to nobody until the round is closed (`choices_made`)."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from db.engine import reading
from db.store.preferences import comparisons as stored
from touchstone.english import day, listed, many, there_are
from touchstone.errors import Refused
from touchstone.preferences.choices import ComparedDimension
from workflow import clock
from workflow import text as texts
from workflow.events.recording import recorded
from workflow.names import fold
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.projects.settling import the_one

KIND = "comparison round"


class DoneBy(NamedTuple):
    """How far one annotator is; `shown` counts repeats too."""

    name: str
    shown: int
    chosen: int

    @property
    def left(self) -> int:
        return self.shown - self.chosen


@dataclass(frozen=True)
class Comparison:
    """A comparison round, what it asks of every pair, and how far everyone is; nothing of what was chosen."""

    name: str
    dimensions: tuple[ComparedDimension, ...]
    pairs: int
    seed: int
    opened_at: datetime
    closed_at: datetime | None
    early_reason: str | None
    progress: tuple[DoneBy, ...]

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def is_done(self) -> bool:
        """Whether it is open, and nobody has a pair left."""
        return self.is_open and not any(each.left for each in self.progress)

    @property
    def sentence(self) -> str:
        state = "open" if self.closed_at is None else f"closed on {day(self.closed_at)}"
        done = ", ".join(f"{each.name} {each.chosen:,} of {each.shown:,}" for each in self.progress)
        asked = f" on {many(len(self.dimensions), 'dimension')}" if len(self.dimensions) > 1 else ""
        return f"{self.name} ({state}): {many(self.pairs, 'pair')}{asked}; {done}" + (
            ": everyone is done, so it can be closed" if self.is_done else ""
        )

    @property
    def questions(self) -> str:
        """What it asks, in words: the question, or each with what it is about."""
        if len(self.dimensions) == 1:
            return self.dimensions[0].question
        return " ".join(f"{each.title}: {each.question}" for each in self.dimensions)


@verb
def close_comparison(person: Person, engine: sa.Engine, name: str, early: str = "") -> Comparison:
    """Close a comparison round: nobody chooses in it any more, and what was chosen can be read. Raises Refused while someone has
    pairs left, naming who and how many, unless `early` gives a reason."""
    why = texts.fit(early, "reason") or None
    with recorded(person, engine, "close comparison", comparison=name) as connection:
        row = row_of(connection, name, lock=True)
        if row.closed_at is not None:
            raise Refused(f"{row.name} was closed on {day(row.closed_at)} already")
        owed = [f"{each.name} has {many(each.left, 'pair')} left" for each in _progress(connection, row.id) if each.left]
        if owed and not why:
            raise Refused(
                f"{row.name} cannot be closed yet: {listed(owed)}. Wait, or close it early with a reason", way=("early REASON",)
            )
        stored.close(connection, row.id, person=person.id, at=clock.now(), early_reason=why if owed else None)
        return comparison_of(connection, row_of(connection, name))


@verb
def comparisons(engine: sa.Engine) -> list[Comparison]:
    """The comparison rounds, the newest first, with how far everyone is."""
    with reading(engine) as connection:
        return [comparison_of(connection, row) for row in stored.every(connection)]


def row_of(connection: sa.Connection, name: str, *, lock: bool = False) -> sa.Row:
    """The comparison round of that name. Raises Refused where there is none. `lock`: as in the store's `by_folded`."""
    found = the_one(connection, stored.by_folded(connection, fold(name), lock=lock), KIND)
    if found is None:
        known = [each.name for each in stored.every(connection)]
        raise Refused(f"there is no {KIND} “{name.strip()}”; {there_are(known, 'there is none yet')}")
    return found


def comparison_of(connection: sa.Connection, row: sa.Row) -> Comparison:
    """The comparison round of a row, with how far everyone is."""
    return Comparison(
        row.name,
        dimensions_of(connection, row.id),
        stored.pairs_in(connection, row.id),
        row.seed,
        row.opened_at,
        row.closed_at,
        row.early_reason,
        _progress(connection, row.id),
    )


def dimensions_of(connection: sa.Connection, number: int) -> tuple[ComparedDimension, ...]:
    """What a comparison round asks of every pair, in the order of its form."""
    return tuple(ComparedDimension(row.dimension, row.title, row.question) for row in stored.dimensions(connection, number))


def _progress(connection: sa.Connection, number: int) -> tuple[DoneBy, ...]:
    return tuple(DoneBy(each.name, each.shown, each.chosen) for each in stored.progress(connection, number))
