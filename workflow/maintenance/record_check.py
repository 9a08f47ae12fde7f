"""Hold every row of the store against the record: what the events say was written, and nothing else, must be there.

The events keep, per table, the sum of the digests of what each transaction wrote; all of them together give the sum of the
rows that must be there. Where a table's differs, the digests of single rows say which was changed, taken out or put in, as far
as they were noted one by one (few rows at a time: a save, a decision, a closing).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from db.chain import capture
from db.chain.changes import MODULUS, Changes, Tell, key_of, row_digest
from db.chain.covered import Covered, covered
from db.store.record import events as stored
from touchstone.english import many
from workflow.events.verifying import Walk, rows_in

NAMED = 10  # rows of a table told one by one


@dataclass
class Recorded:
    """What the events say of one table: the sum, how many rows; of rows noted one by one the last digest ("" for one that went).
    `in_bulk`: some came or went many at a time, of which no single digest is known."""

    sum: int = 0
    rows: int = 0
    each: dict[str, str] = field(default_factory=dict)
    in_bulk: bool = False


def wrong_in_record(connection: sa.Connection, tell: Tell = lambda rows: None) -> list[str]:
    """What is wrong with the chain of events, and what does not match it, a sentence each. `tell` is called with how many
    more rows were held against it."""
    salt, wrong = _salt(connection)
    walk = Walk()
    recorded = _recorded(walk, stored.in_order(connection), salt, wrong)
    is_salted = not any(each.startswith("the salt") for each in wrong)
    wrong += walk.ended().wrong
    if salt is None or not is_salted:
        return wrong  # by another salt every row would differ
    there = stored.whole_store(connection, salt, tell)
    if not walk.number:
        return [*wrong, "the store has rows and no event: its record was taken out"] if there.changed() else wrong
    for name, table in covered().items():
        said, now = recorded.get(name, Recorded()), there.tables.get(name)
        total, rows = (now.sum, now.rows) if now else (0, 0)
        if (total - said.sum) % MODULUS or rows != said.rows:
            wrong += _differing(connection, there, table, _with_each(connection, name), rows)
    return wrong


def _salt(connection: sa.Connection) -> tuple[str | None, list[str]]:
    there = stored.salt_rows(connection)
    salts = [each for each in there if _is_salt(each)]
    if not salts:
        return None, ["the salt of the record is gone, so nothing can be held against it: restore a backup"]
    return salts[0], ["another salt was put in beside that of the record"] if len(there) > 1 else []


def _is_salt(text: str) -> bool:
    return len(text) == 64 and not set(text) - set("0123456789abcdef")


def _recorded(walk: Walk, events: Iterator[dict[str, Any]], salt: str | None, wrong: list[str]) -> Mapping[str, Recorded]:
    """By table what the chain says; a salt that is not the chain's is told."""
    tables: dict[str, Recorded] = {}
    for event in walk.over(events):
        for name, of in rows_in(event).items():
            if name == "salts":
                if salt and of.get("digest") != stored.digest_of_salt(bytes.fromhex(salt)):
                    wrong.append("the salt of the record is not the one it was begun with: it was changed by another hand")
                continue
            table = tables.setdefault(name, Recorded())
            table.sum += int(of["sum"], 16)
            table.rows += of["rows"]
    return tables


def _with_each(connection: sa.Connection, name: str) -> Recorded:
    """What the events noted of single rows of one table: looked up where something is wrong with it."""
    table = Recorded()
    for event in stored.in_order(connection):
        of = rows_in(event).get(name)
        if of is None:
            continue
        table.rows += of["rows"]
        if "each" in of:
            table.each.update(of["each"])
        else:
            table.in_bulk, table.each = True, {}
    return table


def _differing(connection: sa.Connection, there: Changes, table: Covered, said: Recorded, rows: int) -> list[str]:
    """The rows of a table that are not as they were recorded, in sentences; one on the table where no single row can be named."""
    unseen, found = dict(said.each), []
    for values in capture.rows_of(connection, table):
        key = key_of(table, values)
        noted = unseen.pop(key, None)
        if noted is None and said.in_bulk:
            continue
        if not noted:
            found.append(f"row {key} of {table.name} was put in by another hand: no event tells of it")
        elif noted != row_digest(there.salt, table, values).hex()[:16]:
            found.append(f"row {key} of {table.name} was changed by another hand: it is not as it was recorded")
    found += [f"row {key} of {table.name} was taken out by another hand" for key, noted in unseen.items() if noted]
    if len(found) > NAMED:
        return [*found[:NAMED], f"and {many(len(found) - NAMED, 'more row')} of {table.name}"]
    return found or [_in_sum(table.name, rows - said.rows)]


def _in_sum(name: str, more: int) -> str:
    if more:
        return f"{name} has {many(abs(more), 'row')} {'more' if more > 0 else 'fewer'} than was recorded: another hand changed it"
    return f"rows of {name} were changed by another hand: the table is not as it was recorded"
