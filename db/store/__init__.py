"""Every query, one module a subject. A function takes a connection first and leaves the transaction to its caller.

Rows come back as SQLAlchemy rows with the column names of db/schema/; no function here decides what a person may do,
except those of `closed_rounds`, the one way to other people's labels, which refuse an open round.
"""

import json
from collections.abc import Iterator, Sequence
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from db.aliases import alias_of
from db.schema import labels

T = TypeVar("T")
AT_ONCE = 20_000  # rows of a stream in hand at a time
STREAMED = {"yield_per": AT_ONCE}  # of one query; said of a connection it holds for what is written through it later, too
CHUNK = 5_000  # rows in one statement: well under both databases' limits on bound values


def chunks(values: Sequence[T], size: int = CHUNK) -> Iterator[Sequence[T]]:
    """`values` in runs of at most `size`, in order."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def insert_into(connection: sa.Connection, table: sa.Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT of the connection's own dialect: the kind that knows what to do on a conflict."""
    return (sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert)(table)


def among(connection: sa.Connection, column: sa.ColumnElement[int], ids: Sequence[int]) -> sa.ColumnElement[bool]:
    """Whether the column holds one of these ids, however many they are: they travel as one bound value."""
    if connection.dialect.name == "postgresql":
        return column == sa.any_(sa.literal(list(ids), sa.ARRAY(sa.Integer)))
    return column.in_(sa.select(sa.func.json_each(json.dumps(list(ids))).table_valued("value").c.value))


def superseded() -> sa.Exists:
    """Whether a later label of the same person took the place of the label in hand."""
    later = alias_of(labels, "later")
    return sa.exists().where(later.c.supersedes == labels.c.id)
