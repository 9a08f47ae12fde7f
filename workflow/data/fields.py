"""Fields by which drafts can be told apart: those every task may have, and whatever further ones its file had."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from db.engine import reading
from db.store.data import fields as stored
from touchstone.files.table_rows import as_text
from touchstone.files.writing.delimited import Value
from workflow.people.people import Person
from workflow.people.verbs import verb

OWN = {
    "dimension": "target dimension",
    "source_mode": "source mode",
    "difficulty": "difficulty",
    "author": "draft author",
    "partition": "partition",
}
MOST_VALUES, MOST_FIELDS = 50, 30
MOST_COLUMNS = 200  # fields of a file's own in an export
LONGEST_VALUE = 60  # characters: a longer one is a text


class FieldValues(NamedTuple):
    """A field under its title, with the values that occur, in order."""

    title: str
    values: tuple[str, ...]


def value_of(row: sa.Row, field: str) -> str | None:
    """A draft's value of a field, of `stored.fields_of_round`: its task's or its own; None where nobody gave one."""
    value = getattr(row, field) if field in OWN else None
    for further in (row.of_draft, row.of_task):
        if value is None:
            value = further.get(field)
    return as_text(value).strip() or None if isinstance(value, str | int | float) else None


def _values(rows: Iterable[sa.Row], fields: Iterable[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {field: set() for field in fields}
    for row in rows:
        for field, values in found.items():
            if len(values) <= MOST_VALUES and (value := value_of(row, field)) is not None:
                values.add(value)
    return found


def occurring(rows: Sequence[sa.Row]) -> dict[str, str]:
    """Of OWN those that some draft has, with their titles."""
    values = _values(rows, OWN)
    return {field: title for field, title in OWN.items() if values[field]}


def further_fields(rows: Sequence[sa.Row]) -> dict[str, tuple[str, ...]]:
    """Fields of the file's own that group these drafts: by name, with their 2 to MOST_VALUES different values, none a text and
    most of more than one draft."""
    names = dict.fromkeys(name for row in rows for extra in (row.of_task, row.of_draft) for name in extra)
    found = _values(rows, [name for name in names if name not in OWN])
    most = min(MOST_VALUES, max(2, len(rows) // 2))
    fit = [
        (name, tuple(sorted(values)))
        for name, values in found.items()
        if 2 <= len(values) <= most and max(map(len, values)) <= LONGEST_VALUE
    ]
    return dict(fit[:MOST_FIELDS])


def own_values(row: sa.Row) -> dict[str, Value]:
    """A draft's fields of the file's own, by name in the order of the file: its own where its task has one of the same name. Each
    is a text, a number, or true or false; lists, objects and blanks are left out."""
    values = {**row.of_task, **{name: value for name, value in row.of_draft.items() if value is not None}}
    return {
        name: as_text(value) if isinstance(value, bool) else value
        for name, value in values.items()
        if name not in OWN and isinstance(value, str | int | float) and value != ""
    }


@verb
def fields_to_draw_by(person: Person, engine: sa.Engine) -> Mapping[str, FieldValues]:
    """By what the drafts of the sample, or of the team's own, can be stratified or narrowed down, with the values there are."""
    with reading(engine, person) as connection:
        rows = stored.fields_of_drafts(connection)
    own: dict[str, Any] = {
        field: FieldValues(OWN[field], tuple(sorted(values))) for field, values in _values(rows, OWN).items() if values
    }
    return own | {name: FieldValues(name, values) for name, values in further_fields(rows).items()}
