"""Files that people write themselves: a label a line, a table in Markdown, JSON objects of labels.

Each is turned into the rows of a table, or into records, where that can be done in one way only.

    2 \\n 5 \\n 4                                a label a line: the unit is the line's number
    __label__2 some text                        the same as fastText has it
    | id | ana | ben |                          a table in Markdown
    {"t1": {"tone": 2}}, {"t1": 2}              labels by unit
    {"tone": {"t1": 2}}                         units by dimension
    {"results": [{...}]}                        records under one name
    {"id", "tone": {"ana": 2, "ben": 3}}        raters, or dimensions of a rater, within a record
    {"id", "labels": [{"annotator", "tone"}]}   several labels within a record
"""

import re
from collections.abc import Mapping, Sequence
from itertools import takewhile
from typing import Any

from touchstone.files.json_records import Record
from touchstone.files.table_rows import FIRST_ROWS, IsHeader, TableRow, as_text
from touchstone.files.text import lines_of
from touchstone.importing.columns import ANNOTATORS, DIMENSIONS, VALUES
from touchstone.importing.contract import ImportedFile, Names, plain
from touchstone.importing.words import kind_of, level_of

CONTAINERS = ("labels", "scores", "ratings", "answers", "annotation", "evaluation", "judgement", "judgment", "result", "grades")
FAST_TEXT = "__label__"
MARKUP = re.compile(r"(\*\*|__|\*|`)([^*`]+)\1")


def _is_level(text: str, names: Names) -> bool:
    name, level = names.of_label(text)
    dimensions = [each for each in names.rubric.dimensions if not name or each.key == names.key(name)]
    return any(level_of(each, level) is not None for each in dimensions)


def lines_of_labels(source: bytes, names: Names) -> list[TableRow] | None:
    """A label a line as a table whose units are the lines; None for any other text. The first line may name the dimension."""
    first = [text.strip() for _, text in lines_of(b"\n".join(source.split(b"\n", FIRST_ROWS)[:FIRST_ROWS]), [])]
    is_fast_text = any(_labels_before(text) for text in first)
    if not is_fast_text and not _are_labels(first, names):
        return None
    texts = [text.strip() for _, text in lines_of(source, [])]
    while texts and not texts[-1]:
        texts.pop()
    if is_fast_text:
        return _rows("label", [", ".join(_labels_before(text)) for text in texts], 1)
    named = names.key(texts[0]) is not None
    if len(texts) < 2 + named or not _are_labels(texts, names):
        return None
    return _rows(texts[0] if named else "label", texts[named:], 1 + named)


def _rows(title: str, cells: Sequence[str], line: int) -> list[TableRow]:
    """A table of labels counted from 1, of which the first stands in that line."""
    rows = [TableRow(line + place, [str(place + 1), cell]) for place, cell in enumerate(cells)]
    return [TableRow(1, ["unit", title]), *rows]


def _labels_before(line: str) -> list[str]:
    """The labels that stand before the text of a line of fastText's."""
    words = takewhile(lambda word: word.startswith(FAST_TEXT), line.lstrip('"').split())
    return [word.removeprefix(FAST_TEXT) for word in words]


def _are_labels(texts: Sequence[str], names: Names) -> bool:
    """Whether most of the lines that are neither blank nor a word for it are levels, the name of a dimension above them aside."""
    given = [text for text in texts[bool(texts and names.key(texts[0])) :] if kind_of(text) is None]
    return 2 * sum(_is_level(text, names) for text in given) > len(given)


def markdown_table(source: bytes, is_header: IsHeader, file: ImportedFile) -> list[TableRow] | None:
    """The rows of the first table in a Markdown text that holds labels, else of its first table; None without one."""
    if b"|" not in source or b"-" not in source:
        return None
    texts = [text for _, text in lines_of(source, [])]
    tables: list[list[TableRow]] = []
    place = 1
    while place < len(texts):
        if _is_rule(texts[place]) and "|" in texts[place - 1]:
            begins = place
            while place + 1 < len(texts) and "|" in texts[place + 1]:
                place += 1
            lines = [begins - 1, *range(begins + 1, place + 1)]
            tables.append([TableRow(line + 1, _cells(texts[line])) for line in lines])
        place += 1
    if not tables:
        return None
    chosen = next((table for table in tables if is_header(table[0].cells)), tables[0])
    for table in tables:
        if table is not chosen:
            file.leave_out(f"the table at line {table[0].line}")
    return chosen


def _is_rule(line: str) -> bool:
    """Whether this is the line under the header of a table: "|---|:--|"."""
    return "|" in line and "--" in line and not line.strip(" \t\r|:-")


def _cells(line: str) -> list[str]:
    """The cells of a line, without the marks of bold and code about them."""
    inner = line.strip().removeprefix("|")
    inner = inner[:-1] if inner.endswith("|") and not inner.endswith("\\|") else inner
    cells = [part.replace("\\|", "|").strip() for part in re.split(r"(?<!\\)\|", inner)]
    return [marked[2] if (marked := MARKUP.fullmatch(cell)) else cell for cell in cells]


# JSON


def _lists_of_objects(data: Mapping[str, Any]) -> list[str]:
    return [
        name for name, each in data.items() if isinstance(each, list) and each and all(isinstance(part, dict) for part in each)
    ]


def unwrapped(records: Sequence[Record]) -> list[Record]:
    """The records that one object holds under one name, also one within another ("results" of "results"); else these."""
    found = list(records)
    while len(found) == 1:
        line, data = found[0]
        held = _lists_of_objects(data)
        inner = data.get("results")
        if len(held) == 1 and not _names_a_unit(data):
            return [Record(line, each) for each in data[held[0]]]
        if not isinstance(inner, dict):
            break
        found = [Record(line, {"results": inner["results"]} if isinstance(inner.get("results"), list) else inner)]
    return found


def _names_a_unit(data: Mapping[str, Any]) -> bool:
    return any(plain(name) in ("id", "task_id", "draft_id", "unit", "item") for name in data)


def records_by_unit(record: Record, names: Names, file: ImportedFile) -> list[Record] | None:
    """The records of an object whose names are units, or whose names are dimensions with the units under them; None for any
    other object. Where units and annotators cannot be told apart, the file says what would be read."""
    line, data = record
    values = list(data.values())
    if not values or _names_a_unit(data):
        return None
    if all(isinstance(value, dict) for value in values):
        return _of_objects(line, data, names, file)
    texts = [as_text(value) for value in values if not isinstance(value, list | dict)]
    given = [text for text in texts if kind_of(text) is None]
    if len(texts) < max(2, len(values)) or not given or any(names.key(name) for name in data):
        return None
    if 2 * sum(_is_level(text, names) for text in given) <= len(given):
        return None
    return [Record(line, {"unit": name, "label": value}) for name, value in data.items()]


def _of_objects(line: int, data: Mapping[str, Any], names: Names, file: ImportedFile) -> list[Record] | None:
    if any(names.key(key) for value in data.values() for key in value):
        return [Record(line, {"unit": name, **value}) for name, value in data.items()]
    if all(names.key(name) for name in data):
        by_unit: dict[str, dict[str, Any]] = {}
        for name, units in data.items():
            for unit, label in units.items():
                by_unit.setdefault(unit, {"unit": unit})[name] = label
        return [Record(line, each) for each in by_unit.values()]
    if all(value and all(_holds_labels(each, names) for each in value.values()) for value in data.values()):
        file.refuse(
            line,
            "the file is an object of objects of labels, and which name is the unit and which the annotator cannot be seen; "
            'write a record a label instead: {"id": …, "annotator": …, "dimension": …, "value": …}',
        )
        return []
    return None


def _holds_labels(value: Any, names: Names) -> bool:
    if isinstance(value, dict):
        return any(names.key(key) for key in value)
    return not isinstance(value, list) and _is_level(as_text(value), names)


def flat_records(records: Sequence[Record], names: Names) -> list[Record]:
    """Records without anything nested that could be labels: lists of objects as a record each, objects as fields."""
    return [Record(line, _flat(each, names)) for line, data in records for each in _parts(data)]


def _parts(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A record a member of the one list of objects in it; the record itself where it has none, or several."""
    lists = _lists_of_objects(data)
    if len(lists) != 1:
        return [dict(data)]
    rest = {name: value for name, value in data.items() if name != lists[0]}
    beside = {name: value for name, value in rest.items() if plain(name) not in (*ANNOTATORS, *VALUES)}
    return [
        {**beside, **{name: each[name] for name in each if name not in rest or name in ANNOTATORS}} for each in data[lists[0]]
    ]


def _flat(data: Mapping[str, Any], names: Names) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, value in data.items():
        if not isinstance(value, dict):
            made[name] = value
        elif (of_one := _value_in(value)) is not None and not any(names.key(key) for key in value if key not in VALUES):
            made |= {name: value[of_one]} if names.key(name) or name in DIMENSIONS else dict(value)
        else:
            in_container = plain(name) in CONTAINERS
            for key, each in value.items():
                held = _value_in(each) if isinstance(each, dict) else None
                made[key if in_container else f"{name}.{key}"] = each[held] if held is not None else each
    return made


def _value_in(value: Mapping[str, Any]) -> str | None:
    return next((name for name in VALUES if name in value and not isinstance(value[name], dict | list)), None)
