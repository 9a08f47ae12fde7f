"""The list of events: narrowed to a person, a verb, a project, a day; a part of it at a time, or all of it as a file."""

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa

from db.engine import reading
from db.store.closing import withheld
from db.store.projects import project_in_hand
from db.store.record import events as stored
from db.store.record.events import Asked
from touchstone.errors import NotYourTurn, Refused
from touchstone.files.writing.delimited import Value, write_delimited, write_lines
from workflow.names import fold
from workflow.people.people import Person
from workflow.people.verbs import verb

AT_ONCE = 100
SHOWN = 3  # rows of a table that the words on an event name; its file has them all
ALL = "all"
PROGRAM = "the program"  # who did what nobody did
COLUMNS = ("event", "at", "person", "verb", "outcome", "subject", "project", "sign_in", "address", "before", "digest")


@dataclass(frozen=True)
class EventFilter:
    """What the list is narrowed to; "" leaves out nothing. `since`: a day, 2026-03-12. `of`: ALL for the events of every project
    and of none, as people and sign-ins are; the page asks for them."""

    person: str = ""
    verb: str = ""
    since: str = ""
    of: str = ""
    page: int = 1


@dataclass(frozen=True)
class ListedEvent:
    """One event as lists show it; `by` is a name, "" where nobody was in yet: a refused sign-in is told for the name tried."""

    id: int
    at: datetime
    by: str
    verb: str
    outcome: str
    subject: Mapping[str, Any]
    project: int | None
    sign_in: int | None
    address: str | None
    before: str
    digest: str

    @property
    def in_words(self) -> str:
        """To what it was done, in short: "round pilot; saves: assignment 17, revision 2"."""
        said = [name for name in self.subject if not (name.endswith("s") and name[:-1] in self.subject)]
        return "; ".join(_in_words(name, self.subject[name]) for name in said)

    @property
    def from_where(self) -> str:
        """By which sign-in, and from which address: "sign-in 7 from 203.0.113.7"."""
        sign_in = "" if self.sign_in is None else f"sign-in {self.sign_in}"
        return " from ".join(filter(None, (sign_in, self.address)))

    def as_json(self) -> dict[str, Any]:
        """The event in the document of `events --json`, and as a line of a JSONL file."""
        return {**dict(zip(COLUMNS, self._values(), strict=True)), "subject": dict(self.subject)}

    def as_row(self) -> list[Value]:
        """The event as a row of a CSV file."""
        return [*self._values()]

    def _values(self) -> Sequence[Any]:
        at, told = self.at.isoformat(), json.dumps(self.subject, ensure_ascii=False)
        who = (self.id, at, self.by, self.verb, self.outcome, told)
        return (*who, self.project, self.sign_in, self.address, self.before, self.digest)


def _in_words(name: str, value: Any) -> str:
    name = name.replace("_", " ")
    if not isinstance(value, list):
        return f"{name} {value}"
    rows = [", ".join(f"{key} {one}" for key, one in row.items()) if isinstance(row, dict) else str(row) for row in value]
    untold = value[-1].get("more") if rows and isinstance(value[-1], dict) else None
    more = len(rows) - SHOWN + (untold - 1 if isinstance(untold, int) else 0)
    return f"{name}: {' / '.join(rows[:SHOWN])}" + (f" and {more:,} more" if more > 0 else "")


@dataclass(frozen=True)
class EventList:
    """A part of the list. `found`: how many the filter leaves, `elsewhere`: how many more it would leave of the whole store;
    `verbs` and `people`: what there is to ask for."""

    asked: EventFilter
    events: Sequence[ListedEvent]
    found: int
    verbs: Sequence[str]
    people: Sequence[str]
    elsewhere: int = 0

    @property
    def pages(self) -> int:
        return max(1, -(-self.found // AT_ONCE))


def day_of(words: str) -> datetime | None:
    """The day that was typed, at its beginning in UTC; None for none. Raises Refused for what is no day."""
    if not words.strip():
        return None
    try:
        return datetime.combine(date.fromisoformat(words.strip()), datetime.min.time(), UTC)
    except ValueError:
        raise Refused(f"“{words.strip()[:40]}” is no day; write it as 2026-03-12") from None


@verb
def events_of(person: Person, engine: sa.Engine, asked: EventFilter) -> EventList:
    """A part of the events of the project in hand (`db.engine.within`), or of the whole store; the newest first. What the filter
    asks for that there is none of finds nothing. Raises NotYourTurn for somebody who labels drafts again."""
    with reading(engine, person) as connection:
        _refuse_who_labels_again(connection)
        narrowed = _narrowed(connection, asked)
        found = stored.how_many(connection, narrowed)
        elsewhere = 0 if narrowed.project is None else stored.how_many(connection, replace(narrowed, project=None)) - found
        last = max(1, -(-found // AT_ONCE))
        page = min(max(asked.page, 1), last)
        rows = stored.found(connection, narrowed, offset=AT_ONCE * (page - 1), limit=AT_ONCE)
        listed = [_listed(row) for row in rows]
        verbs, people = stored.verbs_and_people(connection)
    return EventList(replace(asked, page=page), listed, found, verbs, people, elsewhere)


def _refuse_who_labels_again(connection: sa.Connection) -> None:
    """That a draft was adjudicated says that its labels differed; with those left out, the numbers of the others would say it."""
    if withheld.holds_back_anywhere(connection):
        raise NotYourTurn(
            "the events tell what was decided on drafts of closed rounds, and you label such drafts again in an open one; close "
            "that round first, or let another admin read them"
        )


def _narrowed(connection: sa.Connection, asked: EventFilter) -> Asked:
    project = None if asked.of == ALL else project_in_hand(connection)
    return Asked(fold(asked.person), asked.verb, project, day_of(asked.since))


def _listed(row: sa.Row) -> ListedEvent:
    subject = row.subject if isinstance(row.subject, dict) else {"": str(row.subject)}
    by = row.by or PROGRAM
    if (row.verb, row.outcome) == ("sign in", "refused"):
        by, subject = "", ({"for": row.by} if row.by else {}) | subject
    who = (row.id, row.at, by, row.verb, row.outcome, subject)
    return ListedEvent(*who, row.project, row.sign_in, row.address, row.before, row.digest)


@verb
def every_event(person: Person | None, engine: sa.Engine, asked: EventFilter) -> Iterator[ListedEvent]:
    """All that the filter leaves, the first first, streamed. `person`: None for who has the machine. Raises as `events_of`."""
    with reading(engine, person) as connection:
        if person:
            _refuse_who_labels_again(connection)
        for row in stored.found(connection, _narrowed(connection, asked), newest_first=False):
            yield _listed(row)


@verb
def events_as_csv(person: Person, engine: sa.Engine, asked: EventFilter) -> bytes:
    """All that the filter leaves, as the bytes of a CSV."""
    out = io.BytesIO()
    write_delimited(out, COLUMNS, (each.as_row() for each in every_event(person, engine, asked)))
    return out.getvalue()


@verb
def events_as_lines(person: Person, engine: sa.Engine, asked: EventFilter) -> bytes:
    """All that the filter leaves, as a JSON record a line."""
    out = io.BytesIO()
    write_lines(out, COLUMNS, ([*each.as_json().values()] for each in every_event(person, engine, asked)))
    return out.getvalue()
