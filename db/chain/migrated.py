"""Which tables a migration writes, and what their rows were before it did.

The record tells what a migration made of the rows: their digests after it, less those before. Of a table that it does not write
the two are one, and a million rows need not be read for it. So each statement is looked at before it is run: the rows of the
table that it writes are digested then, once. A statement that is not known to be harmless is taken to write every table.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import sqlalchemy as sa

from db.chain import capture
from db.chain.changes import Changes, Tell
from db.chain.covered import Covered, as_covered, covered

# The first words of statements that write no row which was there, and of those that write the rows of the one table they name.
HARMLESS = (
    *("select", "pragma", "savepoint", "release", "set local", "comment on", "create table", "create trigger", "drop trigger"),
    *("create index", "create unique index", "drop index"),
)
WRITING = ("insert into", "update", "delete from", "alter table", "drop table")
BETWEEN = ("if", "exists", "only")  # words before the table's name
# Of these, a new column of a table is not empty (an empty cell is in no digest), or the statement does more than to add it.
FILLED = ("default", "not", "generated", "serial", "bigserial", "smallserial", ",")


class Statement(NamedTuple):
    """Which rows a statement may change: of `table` ("" for none; None where that is not known), which `makes` another."""

    table: str | None
    makes: str = ""


def read_statement(statement: str) -> Statement:
    """What a statement writes, by its first words."""
    words = statement.replace("(", " ( ").replace(",", " , ").split()
    plain = [word.casefold() for word in words]
    begin = " ".join(plain[:3]) + " "
    if begin.startswith("create table "):
        return Statement("", _name(words[2:]))
    if begin.startswith("create trigger ") or (begin.startswith(tuple(f"{each} " for each in HARMLESS)) and _is_one(statement)):
        return Statement("")
    verb = next((each for each in WRITING if begin.startswith(f"{each} ")), None)
    if verb is None or not _is_one(statement):
        return Statement(None)
    rest = words[len(verb.split()) :]
    while rest and rest[0].casefold() in BETWEEN:
        rest = rest[1:]
    how = [word.casefold() for word in rest[1:]]
    if verb == "alter table" and _leaves_rows(how):
        return Statement("")
    return Statement(_name(rest), _name(rest[3:]) if how[:2] == ["rename", "to"] else "")


def _leaves_rows(how: Sequence[str]) -> bool:
    """Whether a table is altered (`how`) by a rule, or by a column that is empty in every row."""
    if how[:2] in (["add", "constraint"], ["drop", "constraint"]):
        return "," not in how
    return how[:1] == ["add"] and not any(each in how for each in FILLED)


def _is_one(statement: str) -> bool:
    return ";" not in statement.strip().rstrip(";")


def _name(words: Sequence[str]) -> str:
    return words[0].rpartition(".")[2].strip('";,') if words else ""


class RowsBefore:
    """The digests of the rows that a migration changes, as they were: those of the tables it has written so far (`changes`), by
    the schema that the store had. `written`: these tables, with those it made."""

    def __init__(self, connection: sa.Connection, salt: str, tell: Tell) -> None:
        there = sa.MetaData()
        there.reflect(connection)
        self.changes = Changes(salt)
        self.written: set[str] = set()
        self._were, self._made = dict(there.tables), set[str]()
        self._connection, self._tell = connection, tell

    def is_untouched(self, name: str) -> bool:
        """Whether the table was there, and every row of it is as it was."""
        return name in self._were and name not in self.written

    def look_at(self, statement: str) -> None:
        """Before a statement: digest the rows of what it writes, if that was not done yet."""
        table, makes = read_statement(statement)
        is_known = table in ("", *self._were, *self._made)
        for name in [table] if table and is_known else [] if is_known else self._were:
            if name in self._were and name not in self.written:
                self.written.add(name)
                self._digest(name)
        if makes:
            self._made.add(makes)
            self.written.add(makes)

    def _digest(self, name: str) -> None:
        if name in covered():
            table = as_covered(self._were[name])
            self.changes.note_all(table, capture.rows_of(self._connection, table), self._tell)

    @contextmanager
    def looking(self) -> Iterator[None]:
        """Within: every statement of the connection is looked at."""

        def look(_connection: sa.Connection, _cursor: Any, statement: str, *_rest: Any) -> None:
            self.look_at(statement)

        sa.event.listen(self._connection, "before_cursor_execute", look)
        try:
            yield
        finally:
            sa.event.remove(self._connection, "before_cursor_execute", look)


def of_tables(connection: sa.Connection, salt: str, tables: Iterable[Covered], tell: Tell) -> Changes:
    """The digests of every row of these tables, by the present schema."""
    changes = Changes(salt)
    for table in tables:
        changes.note_all(table, capture.rows_of(connection, table), tell)
    return changes
