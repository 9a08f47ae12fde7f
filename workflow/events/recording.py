"""The transaction of a verb that goes on record. Every verb that changes something opens it, a test holds that."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any, NamedTuple, Protocol
from weakref import WeakKeyDictionary, WeakSet

import sqlalchemy as sa

from db.engine import NOT_RESPONDING, also_tell, writing
from db.store.record.events import Event
from db.store.team import throttles
from touchstone.errors import NotYourTurn, Refused
from workflow import clock

# Verbs whose refusal is told as well: what cannot be taken back, and what would lift the blindness. Of the others only a
# NotYourTurn is: somebody asked for what is held back from them.
REFUSALS_TOLD = frozenset({"close round", "reopen round", "delete project", "undo import", "publish version"})

# Of refusals that somebody can bring about as often as they like so many are told of one person and verb, then one now and then:
# nobody makes the record longer than it is of use.
TOLD_AT_ONCE, TOLD_AGAIN, ANEW = 20, timedelta(hours=1), timedelta(days=1)
MOST_KEPT = 1_000
_told: WeakSet[Refused] = WeakSet()  # refusals that an event tells of already
_quiet: WeakKeyDictionary[sa.Pool, dict[str, float]] = WeakKeyDictionary()  # until when one more is not told

# Verbs that open `db.engine.writing` themselves, because nothing of theirs is recorded: by module and function, and why.
NOT_RECORDED = {
    "gate.asking.ask_gate": "what a gate says, by the thousand; it is counted, and keeps no text",
    "labelling.labelling.choose": "a choice is no label until Save",
    "labelling.labelling.keep_note": "a note is nothing until Save",
    "labelling.next_draft.next_assignment": "that a draft was looked at first",
    "people.people.saw": "that a sign-in is still used",
    "people.accounts.identities.begin_attempt": "a sign-in that is under way for minutes",
    "people.accounts.identities.take_attempt": "the same",
    "people.accounts.signing_in._take_try": "a try to sign in is counted before it is made, and counts expire",
    "projects.projects.choose": "which project a person has in hand",
    "rubric.next_version.change": "a version while its author types it",
    "rubric.next_version.start_over": "a version while its author types it",
    "rubric.new_rubric._begin": "a version while its author types it",
    "data.sample._label_and_close": "the first reading tells its event itself",
    "maintenance.store_backup.backup": "a copy has the events of what it is a copy of",
    "maintenance.store_backup.restore": "a copy has the events of what it is a copy of",
}


class Acting(Protocol):
    """Who does something: a `workflow.people.people.Person`."""

    @property
    def id(self) -> int: ...


class By(NamedTuple):
    """Someone by their number."""

    id: int


@contextmanager
def recorded(
    person: Acting | int | None, engine: sa.Engine, verb: str, *, always: bool = False, **subject: Any
) -> Iterator[sa.Connection]:
    """One transaction that writes, for that person, with an event of `verb` last in it: as `db.engine.writing`, whose errors it
    raises.

    Where the transaction changed nothing, none is told, unless `always`. `subject` says to what it was done, as far as the
    changed rows do not (db/chain/covered.py): names and numbers, never a text or a level. `person`: who acts (or their id),
    None for the program.
    """
    by = person if person is None or isinstance(person, int) else person.id
    event = Event(verb, by, dict(subject), always=always, now=clock.now)
    try:
        with writing(engine, None if by is None else By(by), event) as connection:
            yield connection
    except Refused as why:
        if verb in REFUSALS_TOLD or isinstance(why, NotYourTurn):
            with writing(engine, event=Event(verb, by, dict(subject), outcome="refused", always=True, now=clock.now)):
                pass
            _told.add(why)
        raise


def note_refusal(why: Refused, person: int | None, engine: sa.Engine, verb: str, **subject: Any) -> None:
    """Tell an event of what was refused to that person (their id, None for a stranger), once; not without bound. Where the store
    does not respond, or takes nothing, none is told: the refusal itself is what matters then."""
    key, quiet = f"told:{person or 0}:{verb}"[:100], _quiet.setdefault(engine.pool, {})
    if why in _told or time.monotonic() < quiet.get(key, 0.0):
        return
    _told.add(why)
    now = clock.now()
    with suppress(*NOT_RESPONDING, Refused), writing(engine) as connection:
        _, until = throttles.take_try(connection, key, at=now, waits=(TOLD_AGAIN,), free=TOLD_AT_ONCE, forgotten=ANEW)
        if until is None:
            also_tell(connection, Event(verb, person, subject, outcome="refused", always=True, now=clock.now))
            return
        if len(quiet) >= MOST_KEPT:
            quiet.clear()
        quiet[key] = time.monotonic() + (until - now).total_seconds()


def note_event(person: Acting | None, engine: sa.Engine, verb: str, **subject: Any) -> None:
    """Tell an event of what changed nothing in the store: files that left it."""
    with recorded(person, engine, verb, always=True, **subject):
        pass
