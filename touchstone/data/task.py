"""Tasks and drafts, and how they are read from JSONL and CSV.

A reader takes the bytes of a file and returns what is good and every problem, each with its line; whoever calls it
refuses the file when there is one problem. Three kinds of record are known by their fields:

    a task         {"task_id", "input": {field: value} or text, ...}
    a draft        {"task_id", "text" or "output", "draft_id"?, "author"?, ...}
    a plain text   {"id", "text", ...}: a draft of a task of its own, both with that id
"""

import csv
import hashlib
import io
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from touchstone.errors import Problem, without

LONGEST_LINE = 1_000_000  # bytes; a longer one is no task: most often a whole JSON array on one line
LONGEST_ID = 200
DEEPEST = 20  # objects within objects
BLANK = (None, "")
UNITS = {"task_id", "draft_id", "unit", "id"}  # columns that name what a label is about
VALUES = {"value", "score", "label"}
OF_TASKS = {"partition", "dimension", "source_mode", "difficulty", "cluster"}


@dataclass(frozen=True)
class Task:
    """The situation a draft answers. `input` is what an annotator sees; all else is kept from them."""

    task_id: str
    input: Mapping[str, Any]
    partition: str | None = None
    dimension: str | None = None
    source_mode: str | None = None
    difficulty: str | None = None
    cluster: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)
    line: int | None = None

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the content, the line apart: equal for equal tasks, whatever file they came in."""
        return _digest(
            [
                self.task_id,
                self.input,
                self.partition,
                self.dimension,
                self.source_mode,
                self.difficulty,
                self.cluster,
                self.extra,
            ]
        )


@dataclass(frozen=True)
class Draft:
    """One text written for a task. `author` is the system that wrote it."""

    draft_id: str
    task_id: str
    text: str
    author: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    line: int | None = None

    @cached_property
    def digest(self) -> str:
        return _digest([self.draft_id, self.task_id, self.text, self.author, self.extra])


@dataclass(frozen=True)
class Reading:
    """What a file holds: its tasks and drafts in file order, and what is wrong with it, in line order."""

    tasks: list[Task]
    drafts: list[Draft]
    problems: list[Problem]


def _digest(content: Any) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def read_file(source: bytes, file_name: str, partition: str | None = None, cluster_by: str | None = None) -> Reading:
    """Read tasks, drafts or plain texts; CSV by the file's name, else JSONL.

    `partition` stands for that of every task; `cluster_by` names the task's field (or field of its input) that holds
    its cluster key, by default "cluster" where there is one, else the task is a cluster of its own.
    """
    problems: list[Problem] = []
    tasks: dict[str, Task] = {}
    drafts: dict[str, Draft] = {}
    records = _csv_records if file_name.lower().endswith((".csv", ".tsv")) else _jsonl_records
    for line, record in records(source, problems):
        try:
            task, draft = _read_record(record, line, partition, cluster_by)
        except ValueError as wrong:
            own = [each for name in ("task_id", "draft_id", "id") if isinstance(each := record.get(name), str | int)]
            problems.append(Problem(line, str(wrong), without(str(wrong), *own)))
            continue
        for found, seen, name in ((task, tasks, "task_id"), (draft, drafts, "draft_id")):
            if found is None:
                continue
            first = seen.setdefault(getattr(found, name), found)
            if first.digest != found.digest:
                problems.append(
                    Problem(
                        line,
                        f"{name} {getattr(found, name)} stands on line {first.line} "
                        "with other content; give one of them another id",
                    )
                )
    if not problems and not tasks and not drafts:
        problems.append(Problem(None, "the file is empty; it needs one record a line"))
    return Reading(list(tasks.values()), list(drafts.values()), sorted(problems, key=lambda each: each.line or 0))


def _read_record(record: dict, line: int, partition: str | None, cluster_by: str | None) -> tuple[Task | None, Draft | None]:
    if "input" in record:
        return _read_task(record, line, partition, cluster_by), None
    if "task_id" in record and ("text" in record or "output" in record):
        return None, _read_draft(record, line)
    if "text" in record and "id" in record:
        given = _id(record, "id")
        rest = {key: value for key, value in record.items() if key not in ("id", "text", "author", "partition")}
        own = _word(record, "partition")
        task = Task(
            given,
            {},
            partition=partition if partition is not None else own,
            cluster=_cluster(given, rest, {}, cluster_by),
            line=line,
        )
        return task, Draft(given, given, _text(record, "text"), _word(record, "author"), rest, line)
    raise ValueError(
        _lacking(record)
        or f"this is no task (task_id, input), no draft (task_id, text) and no plain text (id, text): it has {_listed(record)}"
    )


def _lacking(record: Mapping) -> str:
    """What a record (or a CSV, by its first row) lacks to be a task or a draft, by the fields it has; "" when they are too few
    to tell."""
    names, found = set(record), f"found: {_listed(record)}"
    if VALUES & names and {"dimension", "annotator"} & names or _looks_like_wide_labels(record):
        return f"this holds labels, not tasks or drafts: bring them in with python manage.py import-labels ({found})"
    if "task_id" in names and {"draft_id", "author"} & names:
        return f"text is missing: a draft has task_id and text ({found})"
    if "task_id" in names:
        return f"text or input is missing: a draft has task_id and text, a task has task_id and input ({found})"
    if {"text", "output"} & names and {"draft_id", "author"} & names:
        return f"task_id is missing: a draft names the task it is written for ({found})"
    if "text" in names:
        return f"id is missing: a plain text has id and text, a draft has task_id and text ({found})"
    return ""


def _looks_like_wide_labels(record: Mapping) -> bool:
    """A unit's id, no text, and half the cells beside it of a character or two, a number among them: levels by column."""
    cells = [str(value).strip() for name, value in record.items() if name not in UNITS | OF_TASKS]
    return (
        bool(UNITS & set(record))
        and not {"text", "output", "input"} & set(record)
        and any(cell.isdecimal() for cell in cells)
        and 2 * sum(len(cell) <= 2 for cell in cells) >= len(cells)
    )


def _read_task(record: dict, line: int, partition: str | None, cluster_by: str | None) -> Task:
    task_id = _id(record, "task_id")
    given = record["input"]
    if given in BLANK:
        given = {}
    if isinstance(given, str):
        given = {"input": given}
    if not isinstance(given, dict):
        raise ValueError(f"input of {task_id} is {_kind(given)}; it takes an object of fields, or a text")
    known = {"task_id", "input", *OF_TASKS}
    extra = {key: value for key, value in record.items() if key not in known}
    return Task(
        task_id,
        given,
        partition if partition is not None else _word(record, "partition"),
        _word(record, "dimension"),
        _word(record, "source_mode"),
        _word(record, "difficulty"),
        _cluster(task_id, record, given, cluster_by),
        extra,
        line,
    )


def _read_draft(record: dict, line: int) -> Draft:
    task_id = _id(record, "task_id")
    text = _text(record, "text" if "text" in record else "output")
    if record.get("draft_id") in BLANK:
        draft_id = f"{task_id}-{hashlib.sha256(text.encode()).hexdigest()[:6]}"
    else:
        draft_id = _id(record, "draft_id")
    known = {"task_id", "draft_id", "author", "text" if "text" in record else "output"}
    return Draft(
        draft_id, task_id, text, _word(record, "author"), {key: value for key, value in record.items() if key not in known}, line
    )


def _cluster(task_id: str, record: dict, given: dict, cluster_by: str | None) -> str:
    value = record.get(cluster_by or "cluster", given.get(cluster_by) if cluster_by else None)
    if value in BLANK:
        if cluster_by:
            raise ValueError(
                f"{task_id} has no {cluster_by}, the field named for its cluster; fill it in, or import without that option"
            )
        return task_id
    if not isinstance(value, str | int):
        raise ValueError(f"{cluster_by or 'cluster'} of {task_id} is {_kind(value)}; a cluster key is a word or number")
    return str(value)


def _id(record: dict, name: str) -> str:
    value = record.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{name} is {_kind(value)}; it takes a text that names the record")
    if len(value) > LONGEST_ID:
        raise ValueError(f"{name} has {len(value)} characters; at most {LONGEST_ID} are taken")
    if value != value.strip() or not value.isprintable():
        raise ValueError(f"{name} {value!r} begins or ends with a space, or holds an invisible character; take it out")
    return value


def _text(record: dict, name: str) -> str:
    if not isinstance(record[name], str):
        raise ValueError(f"{name} is {_kind(record[name])}; it takes the draft as text")
    return record[name]


def _word(record: dict, name: str) -> str | None:
    value = record.get(name)
    if value in BLANK:
        return None
    if not isinstance(value, str | int) or isinstance(value, bool):
        raise ValueError(f"{name} is {_kind(value)}; it takes a word")
    return str(value)


def _kind(value: Any) -> str:
    if value is None:
        return "missing"
    if value == "" or isinstance(value, str) and not value.strip():
        return "empty"
    if isinstance(value, bool):
        return str(value).lower()
    return {dict: "an object", list: "a list", str: "a text"}.get(type(value), f"the number {value}")


def _listed(record: dict) -> str:
    names = [str(name)[:40] for name in record]
    return ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "") if names else "no field"


def lines_of(source: bytes, problems: list[Problem]) -> Iterator[tuple[int, str]]:
    """The lines of a UTF-8 file with their numbers from 1, a BOM taken off; what cannot be read becomes a problem."""
    if source.startswith((b"\xff\xfe", b"\xfe\xff")):
        problems.append(Problem(1, "the file is UTF-16; save it as UTF-8"))
        return
    for number, raw in enumerate(source.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        if len(raw) > LONGEST_LINE:
            problems.append(
                Problem(
                    number,
                    f"the line is {len(raw) / 1e6:.1f} MB long; at most {LONGEST_LINE / 1e6:.0f} MB is taken, one record a line",
                )
            )
            continue
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError as wrong:
            problems.append(
                Problem(
                    number,
                    f"byte {wrong.start + 1} of the line (0x{raw[wrong.start]:02X}) is not "
                    "UTF-8; the file may be Latin-1: save it as UTF-8",
                )
            )
            continue
        if "\0" in text:
            problems.append(Problem(number, "the line holds a NUL character; take it out"))
            continue
        yield number, text


def _jsonl_records(source: bytes, problems: list[Problem]) -> Iterator[tuple[int, dict]]:
    for number, text in lines_of(source, problems):
        if not text.strip():
            continue
        try:
            record = _DECODER.decode(text)
            if isinstance(record, dict):
                _storable(record)
        except json.JSONDecodeError as wrong:
            cause = f"this is not JSON: {wrong.msg.lower().removesuffix(' at')}"  # "Unterminated string starting at"
            problems.append(Problem(number, f"{cause} at character {wrong.colno}", cause))
        except (ValueError, RecursionError) as wrong:
            problems.append(Problem(number, str(wrong) if isinstance(wrong, ValueError) else "nested too deep to read"))
        else:
            if isinstance(record, dict):
                yield number, record
            else:
                problems.append(
                    Problem(number, f'the line is {_kind(record)}, not an object; each line takes one record: {{"task_id": …}}')
                )


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict:
    record = dict(pairs)
    if len(record) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the field {twice} stands twice in one object; keep one")
    return record


def _no_constant(word: str) -> Any:
    raise ValueError(f"{word} is no JSON value; write null")


def _whole_number(digits: str) -> int:
    if len(digits) > 300:
        raise ValueError(f"a number of {len(digits)} digits; write it as text")
    return int(digits)


def _number(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise ValueError(f"{digits[:40]} is larger than any number a store holds; write it as text")
    return number


_DECODER = json.JSONDecoder(
    object_pairs_hook=_no_duplicates, parse_constant=_no_constant, parse_int=_whole_number, parse_float=_number
)


def json_value(text: str, start: int) -> tuple[Any, int]:
    """The JSON value that begins at `start`, and where it ends. Raises JSONDecodeError, RecursionError, or ValueError for what
    a database cannot hold."""
    value, end = _DECODER.raw_decode(text, start)
    _storable(value)
    return value, end


def _storable(value: Any) -> None:
    """Refuse what a database cannot hold or a page cannot show: half a surrogate pair, a NUL, endless nesting."""
    if _depth(value) > DEEPEST:
        raise ValueError(f"nested more than {DEEPEST} deep; flatten it")
    text = json.dumps(value, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError as wrong:
        raise ValueError(f"{text[wrong.start]!a} is half a character (a lone surrogate); write the whole character") from None
    if "\\u0000" in text and "\0" in "".join(_strings(value)):
        raise ValueError("a text holds a NUL character; take it out")


def _depth(value: Any) -> int:
    level, here = 0, [value]
    while here := [
        inner for each in here if isinstance(each, dict | list) for inner in (each.values() if isinstance(each, dict) else each)
    ]:
        level += 1
        if level > DEEPEST:
            break
    return level


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


def csv_rows(source: bytes, problems: list[Problem]) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a CSV with a header, each with the line it begins on. Cells are stripped only in the header.

    The separator is the comma, semicolon or tab that the header holds most of. A row with more or fewer cells than
    the header is a problem; a row with no content is passed over.
    """
    text = "\n".join(line for _, line in lines_of(source, problems))
    if problems:
        return
    csv.field_size_limit(LONGEST_LINE)
    head = next((line for line in text.split("\n") if line.strip()), "")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count), strict=True)
    header: list[str] | None = None
    begins = 1
    try:
        for row in reader:
            number, begins = begins, reader.line_num + 1
            if not any(cell.strip() for cell in row):
                continue
            if header is None:
                header = [cell.strip() for cell in row]
                twice = [name for name in header if header.count(name) > 1 and name]
                if twice:
                    problems.append(Problem(number, f"the column {twice[0]} stands twice; rename one"))
                    return
            elif len(row) != len(header):
                problems.append(
                    Problem(
                        number, f"the row has {len(row)} cells and the header {len(header)}; quote a text that holds a separator"
                    )
                )
            else:
                yield number, dict(zip(header, row, strict=True))
    except csv.Error as wrong:
        problems.append(Problem(reader.line_num, f"this is not CSV: {wrong}"))


def _csv_records(source: bytes, problems: list[Problem]) -> Iterator[tuple[int, dict]]:
    """CSV rows as records: `input.NAME` columns become the task's input, empty cells of other columns are left out.

    A header that fits no kind of record is one problem, not one a row.
    """
    for number, row in csv_rows(source, problems):
        names = {"input" if name.startswith("input.") else "text" if name == "output" else name for name in row}
        if not any(needed <= names for needed in ({"task_id", "input"}, {"task_id", "text"}, {"id", "text"})):
            problems.append(
                Problem(
                    1,
                    _lacking(row)
                    or "the header fits no tasks (task_id, input.NAME), no drafts (task_id, "
                    f"text) and no plain texts (id, text): it has {_listed(row)}",
                )
            )
            return
        given = {name.removeprefix("input."): value for name, value in row.items() if name.startswith("input.")}
        record: dict[str, Any] = {
            name: value
            for name, value in row.items()
            if name and not name.startswith("input.") and (value or name in ("text", "output"))
        }
        if given:
            record["input"] = given
        yield number, record


def fields_of(given: Mapping[str, Any], declared: Iterable[Any] = ()) -> tuple[tuple[str, str], ...]:
    """A task's input for reading: (title, text) per field, the rubric's declared fields first and in its order.

    `declared` are rubric fields (key, title, empty: what stands for an empty field); other fields are titled by their
    key and left out when empty.
    """
    shown = [(each.title, as_text(given[each.key]) or each.empty) for each in declared if each.key in given]
    titled = {each.key for each in declared}
    shown += [
        (key.replace("_", " ").capitalize(), text)
        for key, value in given.items()
        if key not in titled and (text := as_text(value))
    ]
    return tuple(each for each in shown if each[1])


def as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dict):
        return "\n".join(f"{key}: {as_text(inner)}" for key, inner in value.items())
    if isinstance(value, list):
        return "\n".join(as_text(inner) for inner in value)
    return str(value).strip()
