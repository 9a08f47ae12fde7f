"""The events: the one place that adds them, and the queries that read them."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from db.chain import capture
from db.chain.changes import Changes, Tell, plain
from db.chain.covered import as_covered, covered
from db.chain.migrated import RowsBefore, of_tables
from db.schema import UTCDateTime, events, people, rounds, salts
from db.store.record import other_hands

LOCK = 0x70C5E7E5  # any constant: on PostgreSQL the events of two transactions come one after the other
BEFORE_ALL = "0" * 64
BEGUN, CARRIED_ON = "begin the record", "migrate the store"
FIELDS = ("id", "at", "person", "sign_in", "address", "verb", "project", "outcome", "subject", "rows", "before")


@dataclass
class Event:
    """What is told of one transaction. `always`: also where no row was changed, as of an export.
    `now`: the clock; that of the database where none is given."""

    verb: str
    person: int | None = None
    subject: dict[str, Any] = field(default_factory=dict)
    outcome: str = "done"
    always: bool = False
    now: Callable[[], datetime] | None = None


class Unrecorded(RuntimeError):
    """A verb changed what the record covers, and tells no event."""


def record(connection: sa.Connection, told: Sequence[Event], changes: Changes) -> None:
    """Add the events of a transaction, last in it: the last of them holds the digests of all that it changed. One that changed
    nothing is left out, unless it is told always. Raises Unrecorded where rows changed and there is no event."""
    capture.end(connection, changes)
    other_hands.refuse_at_end(connection, changes)
    changed = changes.changed()
    if changed and not told:
        raise Unrecorded(
            f"rows of {', '.join(sorted(changed))} were changed by a verb that tells no event: open its transaction with "
            "workflow.events.recording.recorded instead of db.engine.writing"
        )
    due = [each for each in told if each.always or (changed and each is told[-1])]
    if due:
        _append(connection, due, changes)


def _append(connection: sa.Connection, due: Sequence[Event], changes: Changes) -> None:
    last = _last(connection, lock=True)
    options = connection.get_execution_options()
    number, before = (last.id, last.digest) if last else (0, BEFORE_ALL)
    project = changes.project or options.get("project") or _project_of(connection, changes.round)
    for each in due:
        number += 1
        is_last = each is due[-1]
        rows = changes.as_json() if is_last else {}
        if number == 1:
            salt = changes.salt or bytes.fromhex(capture.salt_of(connection) or "")
            rows = {"salts": {"digest": digest_of_salt(salt)}, **rows}
        row = {
            "id": number,
            "at": each.now() if each.now else connection.scalar(sa.select(sa.func.now(type_=UTCDateTime()))),
            "person": each.person,
            "sign_in": options.get("sign_in"),
            "address": options.get("address"),
            "verb": each.verb,
            "project": project,
            "outcome": each.outcome,
            "subject": {**each.subject, **(changes.told() if is_last else {})},
            "rows": rows,
            "before": before,
        }
        before = digest_of(_plain(row))
        connection.execute(sa.insert(events).values(**row, digest=before))


def _project_of(connection: sa.Connection, round_: int | None) -> int | None:
    return None if round_ is None else connection.scalar(sa.select(rounds.c.project).where(rounds.c.id == round_))


def _last(connection: sa.Connection, *, lock: bool = False) -> sa.Row | None:
    if lock and connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
    return connection.execute(sa.select(events.c.id, events.c.digest).order_by(events.c.id.desc()).limit(1)).one_or_none()


def head(connection: sa.Connection) -> tuple[int, str]:
    """The number and the digest of the last event; 0 and "" where there is none."""
    last = _last(connection)
    return (last.id, last.digest) if last else (0, "")


def digest_of(plain: Mapping[str, Any]) -> str:
    """The digest of an event (its values as `plain` gives them): of all its fields, that of the event before among them."""
    return hashlib.sha256(json.dumps([plain[name] for name in FIELDS]).encode()).hexdigest()


def digest_of_salt(salt: bytes) -> str:
    return hashlib.sha256(b"the salt of this store: " + salt).hexdigest()


# The chain is begun, and carried over to another schema or another store


def begin_or_carry_on(connection: sa.Connection, before: RowsBefore | None, tell: Tell) -> None:
    """At the end of a migration. A store that has rows and no events begins its chain with the digests of all of them; of one
    that has events, what the migration made of its rows is told (`before`: what it changed, as it was)."""
    salt = capture.salt_of(connection)
    if salt is None:
        return
    last = _last(connection)
    if last is None:
        changes = whole_store(connection, salt, tell)
        if changes.changed():
            _append(connection, [Event(BEGUN)], changes)
    elif before is not None:
        tables = (table for name, table in covered().items() if not before.is_untouched(name))
        changes = of_tables(connection, salt, tables, tell)
        for name, of in before.changes.tables.items():
            there = changes.tables.setdefault(name, type(of)())
            there.sum -= of.sum
            there.rows -= of.rows
        if changes.changed():
            _append(connection, [Event(CARRIED_ON)], changes)


def whole_store(connection: sa.Connection, salt: str, tell: Tell = lambda rows: None) -> Changes:
    """The digests of every row there is, by the present schema."""
    return of_tables(connection, salt, covered().values(), tell)


def before_migration(connection: sa.Connection, tell: Tell) -> RowsBefore | None:
    """What will be noted of the rows that a migration changes; None in a store without events."""
    salt = capture.salt_of(connection)
    return None if salt is None else RowsBefore(connection, salt, tell)


def leave_behind(connection: sa.Connection, source: sa.Connection, tables: Sequence[sa.Table]) -> None:
    """In a copy of the store `source` whose rows of some tables stayed behind: an event tells so, and what they were."""
    salt = capture.salt_of(connection)
    if salt is None or _last(connection) is None:
        return
    changes, left = Changes(salt), [covered()[table.name] for table in tables if table.name in covered()]
    for of in left:
        for values in capture.rows_of(source, of):
            changes.note_of(of, -1, values)
    if changes.changed():
        event = Event("copy the store", subject={"left behind": ", ".join(of.name for of in left)})
        _append(connection, [event], changes)


# Read


def in_order(connection: sa.Connection) -> Iterator[dict[str, Any]]:
    """Every event, the first first, streamed: its values as its digest is of them, also where another hand wrote them; of
    `subject` and `rows` the JSON."""
    table = as_covered(events)
    for values in capture.rows_of(connection, table, ordered_by="id"):
        yield dict(plain(table, values))


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    table = as_covered(events)
    as_json = {name: json.dumps(row[name]) for name in ("subject", "rows")}
    return dict(plain(table, [{**row, "digest": None, **as_json}[each.name] for each in table.columns]))


def salt_rows(connection: sa.Connection) -> Sequence[str]:
    return connection.scalars(sa.select(salts.c.salt)).all()


@dataclass(frozen=True)
class Asked:
    """Which events are asked for; "" and None leave out none. `project`: its id; `since`: from that moment on."""

    person: str = ""
    verb: str = ""
    project: int | None = None
    since: datetime | None = None


def _chosen(asked: Asked) -> list[sa.ColumnElement[bool]]:
    chosen: list[sa.ColumnElement[bool]] = []
    if asked.person:
        chosen.append(people.c.folded == asked.person)
    if asked.verb:
        chosen.append(events.c.verb == asked.verb)
    if asked.project is not None:
        # SQLite gives the number of a deleted project to another: what came before that deletion was the other's.
        gone = sa.select(sa.func.max(events.c.id)).where(
            events.c.verb == "delete project", events.c.outcome == "done", events.c.project == asked.project
        )
        chosen += [events.c.project == asked.project, events.c.id > sa.func.coalesce(gone.scalar_subquery(), 0)]
    if asked.since:
        chosen.append(events.c.at >= asked.since)
    return chosen


def how_many(connection: sa.Connection, asked: Asked) -> int:
    query = sa.select(sa.func.count()).select_from(events.outerjoin(people, people.c.id == events.c.person))
    return connection.execute(query.where(*_chosen(asked))).scalar_one()


def found(
    connection: sa.Connection, asked: Asked, *, newest_first: bool = True, offset: int = 0, limit: int | None = None
) -> Iterator[sa.Row]:
    """The events asked for, with `by` (a name, null for the program): streamed."""
    order = events.c.id.desc() if newest_first else events.c.id
    query = (
        sa.select(events, people.c.name.label("by"))
        .outerjoin(people, people.c.id == events.c.person)
        .where(*_chosen(asked))
        .order_by(order)
        .offset(offset)
        .limit(limit)
    )
    yield from connection.execute(query.execution_options(yield_per=5_000))


def last_of_round(connection: sa.Connection, verb: str, round_: int) -> datetime | None:
    """When an event of that verb told of a round (its id, as `round_id` in the subject) last; None for never."""
    of_round = events.c.subject["round_id"].as_integer() == round_
    return connection.scalar(sa.select(sa.func.max(events.c.at, type_=UTCDateTime())).where(events.c.verb == verb, of_round))


def last_of(connection: sa.Connection, *verbs: str) -> int:
    """The number of the last event of these verbs, which is never given again; 0 for none."""
    return connection.scalar(sa.select(sa.func.max(events.c.id)).where(events.c.verb.in_(verbs))) or 0


def verbs_and_people(connection: sa.Connection) -> tuple[list[str], list[str]]:
    """The verbs there are events of, and the names of the people who did them."""
    who = sa.select(people.c.name).where(people.c.id.in_(sa.select(events.c.person))).order_by(people.c.folded)
    verbs = sa.select(events.c.verb).distinct().order_by(events.c.verb)
    return list(connection.scalars(verbs)), list(connection.scalars(who))
