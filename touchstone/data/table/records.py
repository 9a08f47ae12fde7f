"""Records with fields in fields as the rows of a table: a column for each path ("customer.plan"), every value as text.

A list is a line for each member, members that are objects with a blank line between and their fields as "key: value"; true
and false are words; 3.0 is 3; a time is written 2026-03-01 14:30:00; nothing, and not a number, is an empty cell.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from touchstone.english import listed, many
from touchstone.files import table_rows
from touchstone.files.json_records import Record

BINARY = "binary data"
MOST_CELLS = 3_000_000  # of records taken apart by the members of a list


def unwrapped(records: Sequence[Record]) -> tuple[Sequence[Record], str]:
    """The records of a file that holds them in one object, and the sentence that says so; else the records as they are.

    {"data": [{…}, …]}, {"column": [1, 2]}, {"column": {"0": 1, "1": 2}}.
    """
    if len(records) != 1:
        return records, ""
    line, whole = records[0]
    lists = [
        name for name, value in whole.items() if isinstance(value, list) and value and all(isinstance(o, dict) for o in value)
    ]
    others = [name for name in whole if name not in lists]
    if len(lists) == 1 and not any(isinstance(whole[name], list | dict) for name in others):
        beside = f"; beside it stand {', '.join(others[:6])}: left out" if others else ""
        return [Record(line, each) for each in whole[lists[0]]], f"the records are those of the field {lists[0]}{beside}"
    columns = list(whole.values())
    if len(columns) > 1 and all(isinstance(each, list) and len(each) == len(columns[0]) for each in columns):
        return [
            Record(line, dict(zip(whole, row, strict=True))) for row in zip(*columns, strict=True)
        ], "the file is column by column"
    if len(columns) > 1 and all(isinstance(each, dict) and each.keys() == columns[0].keys() for each in columns) and columns[0]:
        rows = ({name: column[key] for name, column in whole.items()} for key in columns[0])
        return [Record(line, row) for row in rows], "the file is column by column"
    return records, ""


def by_member(records: Sequence[Record]) -> tuple[Sequence[Record], list[str]]:
    """The records with one for each member of the list of objects in them, its fields under "list[].field", also of a list in
    such a list; and what must be said of it. Where two lists stand side by side each stays one text. Raises ValueError where
    that comes to more than MOST_CELLS: what stands beside a list stands in each of its rows."""
    said: list[str] = []
    rows = [(line, dict(_paths(record, ""))) for line, record in records]
    while lists := {path: None for _, row in rows for path, value in row.items() if members_of(value)}:
        if len(lists) > 1:
            said.append(
                f"the lists {listed(list(lists)[:6])} stand side by side, so each is read as one text; a row for each member is "
                "read of a list that has no other beside it"
            )
            break
        (path,) = lists
        members, without, cells = [], 0, 0
        for line, row in rows:
            beside = {name: value for name, value in row.items() if name != path}
            held = members_of(row.get(path))
            without += not held
            for member in held:
                members.append((line, beside | {f"{path}[].{name}": value for name, value in _paths(member, "")}))
                cells += len(members[-1][1])
                if cells > MOST_CELLS:
                    each = f"a row for each member of the list {path}"
                    raise ValueError(f"{each} comes to more than {MOST_CELLS:,} cells; split the file")
        if without:
            said.append(f"without a member of the list {path}, and so left out: {many(without, 'record')}")
        said.append(f"a row is read for each member of the list {path}")
        rows = members
    return [Record(line, row) for line, row in rows], said


def members_of(value: Any) -> list[dict[str, Any]]:
    """The objects of a list of objects; none of anything else."""
    return value if isinstance(value, list) and all(isinstance(each, dict) and each for each in value) else []


def flat(record: Mapping[str, Any]) -> dict[str, str]:
    """One record as a row: the text of each path."""
    row: dict[str, str] = {}
    for path, value in _paths(record, ""):
        name, number = path, 1
        while name in row:
            name, number = f"{path} ({number + 1})", number + 1
        row[name] = text_of(value)
    return row


def _paths(record: Mapping[str, Any], above: str) -> Iterator[tuple[str, Any]]:
    for key, value in record.items():
        path = f"{above}{key}"
        if isinstance(value, dict) and value:
            yield from _paths(value, f"{path}.")
        else:
            yield path, value


def text_of(value: Any) -> str:
    """Any value as the text of a cell."""
    if value is None or value != value or value == {}:
        return ""
    if isinstance(value, bytes):
        return BINARY
    if isinstance(value, list | tuple):
        return ("\n\n" if any(isinstance(each, dict) for each in value) else "\n").join(map(text_of, value))
    if isinstance(value, dict):
        return "\n".join(f"{key}: {text_of(inner)}" for key, inner in value.items())
    return table_rows.as_text(value) if isinstance(value, str | int | float) else str(value)
