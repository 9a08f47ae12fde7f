"""Tasks and drafts as they are read from JSONL and CSV.

A reader takes the bytes of a file and returns what is good and every problem, each with its line; whoever calls it
refuses the file when there is one problem. Four kinds of record are known by their fields:

    a task         {"task_id", "input": {field: value} or text, ...}
    a typed task   {"task_id", "signals", "states", "thread" or "no_signal", "origin", ...}: touchstone/bench/tasks
    a draft        {"task_id", "text" or "output", "draft_id"?, "author"?, ...}
    a plain text   {"id", "text", ...}: a draft of a task of its own, both with that id
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from touchstone.bench.tasks.adapting import is_typed
from touchstone.bench.tasks.typed import TypedTask
from touchstone.data.task import LONGEST_ID, Draft, Task
from touchstone.english import many
from touchstone.errors import Problem, without
from touchstone.files.csv_rows import SEPARATORS, rows_by_header
from touchstone.files.json_records import records_by_line
from touchstone.files.json_values import json_line, kind_in_words
from touchstone.files.text import LONGEST_LINE, UTF_16

BLANK = (None, "")
UNITS = {"task_id", "draft_id", "unit", "id"}  # columns that name what a label is about
VALUES = {"value", "score", "label"}
OF_TASKS = {"partition", "dimension", "source_mode", "difficulty", "cluster"}
KNOWN = {"task_id", "draft_id", "id", "input", "text", "output", "author", *OF_TASKS}
KINDS = ({"task_id", "input"}, {"task_id", "text"}, {"id", "text"})  # what a task, a draft and a plain text need at least

Record = dict[str, Any]
TaskOrDraft = TypeVar("TaskOrDraft", Task, Draft)


@dataclass(frozen=True)
class TaskFile:
    """What a file holds: its tasks and drafts in file order, and what is wrong with it, in line order."""

    tasks: list[Task]
    drafts: list[Draft]
    problems: list[Problem]


def read_file(source: bytes, file_name: str, partition: str | None = None, cluster_by: str | None = None) -> TaskFile:
    """Read tasks, drafts or plain texts; CSV by the file's name, else JSONL.

    `partition` stands for that of every task; `cluster_by` names the task's field (or field of its input) that holds
    its cluster key, by default "cluster" where there is one, else the task is a cluster of its own.
    """
    problems: list[Problem] = []
    tasks: dict[str, Task] = {}
    drafts: dict[str, Draft] = {}
    for task, draft in records_of_tasks(source, file_name, problems, partition, cluster_by):
        if task:
            problems += _differing(task, tasks.setdefault(task.task_id, task), f"task_id {task.task_id}")
        if draft:
            problems += _differing(draft, drafts.setdefault(draft.draft_id, draft), f"draft_id {draft.draft_id}")
    if not problems and not tasks and not drafts:
        problems.append(Problem(None, "the file is empty; it needs one record per line"))
    return TaskFile(list(tasks.values()), list(drafts.values()), sorted(problems, key=lambda problem: problem.line or 0))


def records_of_tasks(
    source: bytes, file_name: str, problems: list[Problem], partition: str | None = None, cluster_by: str | None = None
) -> Iterator[tuple[Task | None, Draft | None]]:
    """The task or draft of each record (both of a plain text), one by one, as `read_file` reads them; an id may come twice."""
    is_csv = file_name.lower().endswith((".csv", ".tsv"))
    records = _csv_records(source, problems) if is_csv else records_by_line(source, problems, '{"task_id": …}')
    for line, record in records:
        try:
            yield read_record(record, line, partition, cluster_by)
        except ValueError as wrong:
            ids = [value for name in ("task_id", "draft_id", "id") if isinstance(value := record.get(name), str | int)]
            problems.append(Problem(line, str(wrong), without(str(wrong), *ids)))


def says_what_it_holds(source: bytes, file_name: str) -> bool:
    """Whether a file is of these kinds by its header or its first record, so that it needs no mapping.

    A table with further columns, any of which could hold texts, is none: in a CSV, or beside plain texts, they would be taken in
    silence. A JSONL whose first line is no record is, for its lines to be refused one by one.
    """
    if source.startswith((b"PK\x03\x04", b"PAR1", *UTF_16)):
        return False
    first = next((line for line in source[:LONGEST_LINE].removeprefix(b"\xef\xbb\xbf").splitlines() if line.strip()), b"")
    text = first.decode("utf-8", "replace").strip()
    if not text or text.startswith("{") or file_name.lower().endswith((".jsonl", ".ndjson")):
        try:
            record = json_line(text)
        except (ValueError, RecursionError):
            return not text.startswith("{") or file_name.lower().endswith((".jsonl", ".ndjson"))
        names = set(record) if isinstance(record, dict) else set()
        return (
            not names
            or {"task_id", "input"} <= names
            or is_typed(record)
            or _is_plain(names)
            or "task_id" in names
            and bool({"text", "output"} & names)
        )
    names = {cell.strip().strip('"') for cell in re.split(f"[{SEPARATORS}]", text)}
    fits = {"input" if name.startswith("input.") else "text" if name == "output" else name for name in names}
    return any(needed <= fits for needed in KINDS) and fits <= KNOWN


def _is_plain(names: set[str]) -> bool:
    return {"id", "text"} <= names <= KNOWN


def _differing(again: TaskOrDraft, first: TaskOrDraft, called: str) -> list[Problem]:
    """An id may stand twice where all else is the same too."""
    if first is again or first.digest == again.digest:
        return []
    return [Problem(again.line, f"{called} is on line {first.line} with different content; give one of them another id")]


def _csv_records(source: bytes, problems: list[Problem]) -> Iterator[tuple[int, Record]]:
    """CSV rows as records: `input.NAME` columns become the task's input, empty cells of other columns are left out.

    A header that fits no kind of record is one problem, not one a row.
    """
    for line, row in rows_by_header(source, problems):
        if wrong := _unfit_header(row):
            problems.append(Problem(1, wrong))
            return
        record: Record = {name: value for name, value in row.items() if name and (value or name in ("text", "output"))}
        given = {name.removeprefix("input."): value for name, value in row.items() if name.startswith("input.")}
        record = {name: value for name, value in record.items() if not name.startswith("input.")}
        yield line, record | ({"input": given} if given else {})


def _unfit_header(row: Mapping[str, str]) -> str:
    """Why a CSV holds no records, by the names of its columns and what its first row has in them; "" where it does."""
    names = {"input" if name.startswith("input.") else "text" if name == "output" else name for name in row}
    if any(needed <= names for needed in KINDS):
        return ""
    kinds = "tasks (task_id, input.NAME), drafts (task_id, text) or plain texts (id, text)"
    return (
        _lacking(row)
        or f"the header does not fit {kinds}: it has {_names(row)}; import-table, or the page Import, takes any columns"
    )


def read_record(
    record: Record, line: int, partition: str | None = None, cluster_by: str | None = None
) -> tuple[Task | None, Draft | None]:
    """The task or draft of one record, both of a plain text. Raises ValueError in words for any other."""
    if is_typed(record):
        return _read_typed(record, line, partition, cluster_by), None
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
        or f"this is not a task (task_id, input), a draft (task_id, text) or a plain text (id, text): it has {_names(record)}"
    )


def _lacking(record: Mapping[str, object]) -> str:
    """What a record (or a CSV, by its first row) lacks to be a task or a draft, by the fields it has; "" when they are too few
    to tell."""
    names, found = set(record), f"found: {_names(record)}"
    if VALUES & names and {"dimension", "annotator"} & names or _looks_like_wide_labels(record):
        return f"this holds labels, not tasks or drafts: import them as a label set (import-labels; {found})"
    if "task_id" in names and {"draft_id", "author"} & names:
        return f"text is missing: a draft has task_id and text ({found})"
    if "task_id" in names:
        return f"text or input is missing: a draft has task_id and text, a task has task_id and input ({found})"
    if {"text", "output"} & names and {"draft_id", "author"} & names:
        return f"task_id is missing: a draft names the task it is written for ({found})"
    if "text" in names:
        return f"id is missing: a plain text has id and text, a draft has task_id and text ({found})"
    return ""


def _looks_like_wide_labels(record: Mapping[str, object]) -> bool:
    """A unit's id, no text, and half the cells beside it of a character or two, a number among them: levels by column."""
    cells = [str(value).strip() for name, value in record.items() if name not in UNITS | OF_TASKS]
    return (
        bool(UNITS & set(record))
        and not {"text", "output", "input"} & set(record)
        and any(cell.isdecimal() for cell in cells)
        and 2 * sum(len(cell) <= 2 for cell in cells) >= len(cells)
    )


def _read_task(record: Record, line: int, partition: str | None, cluster_by: str | None) -> Task:
    task_id = _id(record, "task_id")
    given = record["input"]
    if given in BLANK:
        given = {}
    if isinstance(given, str):
        given = {"input": given}
    if not isinstance(given, dict):
        raise ValueError(f"input of {task_id} is {kind_in_words(given)}; it takes an object of fields, or a text")
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


def _read_typed(record: Record, line: int, partition: str | None, cluster_by: str | None) -> Task:
    _id(record, "task_id")
    task = TypedTask.read(record if partition is None else record | {"partition": partition}).as_task(line)
    return replace(task, cluster=_cluster(task.task_id, record.get("groups") or {}, {}, cluster_by)) if cluster_by else task


def _read_draft(record: Record, line: int) -> Draft:
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


def _cluster(task_id: str, record: Record, given: Record, cluster_by: str | None) -> str:
    value = record.get(cluster_by or "cluster", given.get(cluster_by) if cluster_by else None)
    if value in BLANK:
        if cluster_by:
            raise ValueError(
                f"{task_id} has no {cluster_by}, the field named for its cluster; fill it in, or import without that option"
            )
        return task_id
    if not isinstance(value, str | int):
        raise ValueError(f"{cluster_by or 'cluster'} of {task_id} is {kind_in_words(value)}; a cluster key is a word or number")
    return str(value)


def _id(record: Record, name: str) -> str:
    value = record.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{name} is {kind_in_words(value)}; it takes a text that names the record")
    if len(value) > LONGEST_ID:
        raise ValueError(f"{name} has {many(len(value), 'character')}; at most {LONGEST_ID} are taken")
    if value != value.strip() or not value.isprintable():
        raise ValueError(f"{name} {value!r} begins or ends with a space, or contains an invisible character; remove it")
    return value


def _text(record: Record, name: str) -> str:
    text = record[name]
    if not isinstance(text, str):
        raise ValueError(f"{name} is {kind_in_words(text)}; it takes the draft as text")
    return text


def _word(record: Record, name: str) -> str | None:
    value = record.get(name)
    if value in BLANK:
        return None
    if not isinstance(value, str | int) or isinstance(value, bool):
        raise ValueError(f"{name} is {kind_in_words(value)}; it takes a word")
    return str(value)


def _names(record: Mapping[str, object]) -> str:
    names = [str(name)[:40] for name in record]
    return ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "") if names else "no field"
