"""What a transaction changed, as digests: of each table the sum of its rows' digests, and of a few rows the digest of each.

A sum needs no order and little room, and a million rows are one: rows that were added add theirs, rows that are gone take theirs
away. So the sums of all events together are those of the rows the store must hold.
"""

import functools
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from db.chain.covered import Covered, covered

MODULUS = 2**256
NOTED = 50  # rows of a table that one event notes one by one; of more it knows the sum
Tell = Callable[[int], None]  # called with how many rows more were read
_TEXT = json.encoder.encode_basestring_ascii  # what json.dumps makes of a text
ONE_BY_ONE = 10_000  # of all rows of a table: the first, of which what is told may be
TOLD_EACH = 10_000  # rows between two words of how far it is
TOLD = 20  # rows of a table that one event names


class OfTable:
    """What became of one table's rows: `sum` and `rows` (how many more there are now), the digest of each of a few by its key (""
    for one that is gone), and what of them is told."""

    def __init__(self) -> None:
        self.sum, self.rows, self.touched = 0, 0, 0
        self.noted: dict[str, str] = {}
        self.told: dict[str, dict[str, Any]] = {}

    @property
    def holds(self) -> bool:
        return self.sum % MODULUS != 0 or self.rows != 0

    @property
    def in_short(self) -> list[dict[str, Any]]:
        """What is told of a few rows, and how many more came."""
        more = self.rows - len(self.told)
        return [*self.told.values(), *([{"more": more}] if more > 0 else [])]

    def as_json(self) -> dict[str, Any]:
        noted = {"each": self.noted} if self.touched <= NOTED else {}
        return {"sum": f"{self.sum % MODULUS:064x}", "rows": self.rows, **noted}


class Changes:
    """What one transaction changed, by table. `salt`: of the store. `state`: of the schema as it began and ended, PostgreSQL."""

    def __init__(self, salt: str) -> None:
        self.salt = bytes.fromhex(salt)
        self.tables: dict[str, OfTable] = {}
        self.project: int | None = None
        self.round: int | None = None
        self.state = self.state_at_end = ""

    def note(self, name: str, sign: int, *values: Any) -> None:
        """A row that is there now (1), or was there before (-1): its values in the order of `covered`, as the driver has them."""
        self.note_of(covered()[name], sign, values)

    def note_of(self, table: Covered, sign: int, values: Sequence[Any]) -> None:
        digest = row_digest(self.salt, table, values)
        of = self.tables.setdefault(table.name, OfTable())
        of.sum += sign * int.from_bytes(digest)
        of.rows += sign
        of.touched += 1
        if of.touched <= 2 * NOTED:  # a changed row comes twice
            self._note_one(of, table, sign, values, digest)
        if table.project is not None:
            self.project = self.project or values[table.project]
        if table.round is not None:
            self.round = self.round or values[table.round]

    def note_all(self, table: Covered, rows: Iterable[Sequence[Any]], tell: Tell) -> None:
        """Every row of a table, however many: as `note_of` with each, which is there now. `tell` is called with how many rows
        more were read, some thousands at a time."""
        each = iter(rows)
        for values in islice(each, ONE_BY_ONE):
            self.note_of(table, 1, values)
        total = more = 0
        for values in each:
            total += int.from_bytes(row_digest(self.salt, table, values))
            more += 1
            if more % TOLD_EACH == 0:
                tell(TOLD_EACH)
        if of := self.tables.get(table.name):
            of.sum, of.rows, of.touched = of.sum + total, of.rows + more, of.touched + more

    def _note_one(self, of: OfTable, table: Covered, sign: int, values: Sequence[Any], digest: bytes) -> None:
        key = key_of(table, values)
        of.noted[key] = digest.hex()[:16] if sign > 0 else ""
        if table.told and (key in of.told or len(of.told) < TOLD) and (sign > 0 or key not in of.told):
            of.told[key] = {name: values[place] for name, place in table.told}

    def changed(self) -> Mapping[str, OfTable]:
        """The tables that are not as they were before."""
        return {name: of for name, of in self.tables.items() if of.holds}

    def as_json(self) -> dict[str, Any]:
        return {name: of.as_json() for name, of in sorted(self.changed().items())}

    def told(self) -> dict[str, Any]:
        """What an event says of it in plain: by table, names and numbers of a few rows."""
        return {name: of.in_short for name, of in sorted(self.changed().items()) if of.told}


def key_of(table: Covered, values: Sequence[Any]) -> str:
    return "/".join(str(values[place]) for place in table.key)


def row_digest(salt: bytes, table: Covered, values: Sequence[Any]) -> bytes:
    """The salted digest of a row. Empty cells stay out of it, so a new column that is empty changes none."""
    return hashlib.blake2b(written(table, values).encode(), key=salt, digest_size=32).digest()


def written(table: Covered, values: Sequence[Any]) -> str:
    """A row as it is digested: `json.dumps` of the table's name and the cells of `plain` that are not empty. Put together by
    hand, as a migration and an audit come to it some ten million times."""
    begin, columns = _begins(table)
    cells = []
    for (name, kind), value in zip(columns, values, strict=True):
        if value is None:
            continue
        if kind is not None:
            value = kind(value)
        if type(value) is str:
            cells.append(name + _TEXT(value))
        elif type(value) is int:
            cells.append(f"{name}{value}")
        elif value is not None:
            cells.append(name + json.dumps(_plain(value)))
    return f"{begin}{', '.join(cells)}}}]"


@functools.cache
def _begins(table: Covered) -> tuple[str, list[tuple[str, Callable[[Any], Any] | None]]]:
    """What a row of the table begins with, each of its cells, and what brings the cell's value into its one form (None where a
    number or a text is in it already)."""
    return f"[{_TEXT(table.name)}, {{", [
        (f"{_TEXT(each.name)}: ", None if each.kind == "plain" else _PLAIN[each.kind]) for each in table.columns
    ]


def plain(table: Covered, values: Sequence[Any]) -> Iterator[tuple[str, Any]]:
    """Each column with its value in the one form that both databases' values have."""
    for column, value in zip(table.columns, values, strict=True):
        yield column.name, None if value is None else _PLAIN[column.kind](value)


# Both databases' values in one form. What has no such form, as where another hand wrote it, stays as it is: it differs then.


def _time(value: Any) -> Any:
    if isinstance(value, datetime):
        value = value.astimezone(UTC).isoformat()
    text = str(value).replace("T", " ").removesuffix("+00:00")
    return text.rstrip("0").removesuffix(".") if "." in text else text


def _json(value: Any) -> Any:
    if isinstance(value, str | bytes):
        try:
            value = json.loads(value)
        except ValueError:
            return str(value)
    return None if value is None else json.dumps(value, sort_keys=True)


def _bool(value: Any) -> Any:
    return int(value) if isinstance(value, int) else str(value)


def _float(value: Any) -> Any:
    return repr(float(value)) if isinstance(value, int | float) else str(value)


def _bytes(value: Any) -> Any:
    return value.hex() if isinstance(value, bytes) else str(value).removeprefix("\\x")


def _plain(value: Any) -> Any:
    return value if isinstance(value, int | str) else str(value)


_PLAIN: Mapping[str, Callable[[Any], Any]] = {
    "time": _time,
    "json": _json,
    "bool": _bool,
    "float": _float,
    "bytes": _bytes,
    "plain": _plain,
}
