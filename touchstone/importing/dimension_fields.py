"""The dimension of a label that names none: where it stands in a field beside it, and which fields it could be in.

A tool that asks one question at a time keeps the question in the record or its metadata: `{"meta": {"dimension": "tone"}}`. A
field is taken for it by itself where it bears such a name and holds a dimension, or where it is the only one that holds a
dimension in every record. Any other must be named by somebody.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from touchstone.data.label import UNIT_COLUMNS
from touchstone.files.json_records import Record
from touchstone.files.table_rows import as_text
from touchstone.importing.contract import OTHER_UNITS, Names, plain

DIMENSIONS = ("dimension", "criterion", "criteria", "question", "metric", "aspect", "attribute", "category", "field")
HELD_IN = ("meta", "metadata", "data")
LONGEST, MOST_VALUES, SHOWN = 60, 12, 4


def scalars(record: Mapping[str, Any]) -> dict[str, str]:
    """The texts and numbers of a record and of its metadata, by field: "source", "meta.source"."""
    made = {name: as_text(value) for name, value in record.items() if isinstance(value, str | int | float)}
    for held in HELD_IN:
        if isinstance(inner := record.get(held), dict):
            made |= {f"{held}.{name}": as_text(each) for name, each in inner.items() if isinstance(each, str | int | float)}
    return made


def dimension_field(records: Sequence[Record], names: Names) -> str:
    """The field that says which dimension a record is about: the one somebody named, else the one that can be seen; "" for
    none."""
    if names.dimension_field:
        return names.dimension_field
    known: dict[str, int] = {}
    for _, record in records:
        for name, value in scalars(record).items():
            if len(value) <= LONGEST and names.key(value):
                known[name] = known.get(name, 0) + 1
    called = [name for name in known if plain(name.rpartition(".")[2]) in DIMENSIONS]
    throughout = [name for name, number in known.items() if number == len(records)]
    for found in (called, throughout):
        if len(found) == 1:
            return found[0]
    return ""


def told_by(field: str, record: Mapping[str, Any]) -> str:
    """What that field of a record says; "" without one."""
    return scalars(record).get(field, "") if field else ""


def only_question(questions: Iterable[str], names: Names) -> str | None:
    """The one question that was answered, where there is no other and its name is no dimension: its answers are of the dimension
    that a field of the record names, or that is said. None for several, or a dimension."""
    found = set(questions)
    return found.pop() if len(found) == 1 and not any(names.key(each) for each in found) else None


def may_tell(records: Sequence[Record]) -> tuple[str, ...]:
    """The fields that could say it, each with its values: those in every record with a few values that come again."""
    seen: dict[str, dict[str, int]] = {}
    for _, record in records:
        for name, value in scalars(record).items():
            counted = seen.setdefault(name, {})
            counted[value] = counted.get(value, 0) + 1
    return tuple(
        f"{name} ({', '.join(list(values)[:SHOWN])}{', …' if len(values) > SHOWN else ''})"
        for name, values in seen.items()
        if sum(values.values()) == len(records)
        and 1 < len(values) <= min(MOST_VALUES, len(records) - 1)
        and all(0 < len(value) <= LONGEST for value in values)
        and not name.startswith("_")
        and name.rpartition(".")[2] not in (*UNIT_COLUMNS, *OTHER_UNITS, "answer", "text", "timestamp")
    )
