"""A row of a Parquet file as a draft with what its task gives.

    task_id, text or output            the draft; draft_id and author where there are
    input, or columns input.NAME       its task: a struct, a map, a JSON object as text, or a plain text
    signals, states, thread …          its task, as a typed task
    id, text                           a plain text
    anything else                      further fields of the task, of which facts may be read, too

Without columns of a task it is looked up by its id among those that were named; where none were, the draft comes alone.
"""

import json
import math
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from touchstone.bench.tasks.adapting import is_typed
from touchstone.data.task import Task
from touchstone.data.task_file import read_record
from touchstone.english import many
from touchstone.files.json_values import json_line, refuse_unstorable
from touchstone.files.text import LONGEST_LINE
from touchstone.scorer.batch import DraftToScore

OF_DRAFTS = ("draft_id", "author", "text", "output")
GIVEN = "input."


def draft_of_row(row: Mapping[str, Any], tasks: Mapping[str, Task] | None) -> DraftToScore:
    """The draft of one row, its columns by name. `tasks`: those that were named, by id; None where none were.

    Raises ValueError in words for a row that is no draft, and for a task that is not among those named.
    """
    record = {name: _plain(value) for name, value in row.items()}
    if any(isinstance(each, str) and len(each) > LONGEST_LINE for each in record.values()):
        longest = max((name for name in record if isinstance(record[name], str)), key=lambda name: len(record[name]))
        size = f"{longest} has {many(len(record[longest]), 'character')}"
        raise ValueError(f"{size}; at most {LONGEST_LINE:,} are scored, as in a line of JSONL")
    refuse_unstorable(record)
    given = {name.removeprefix(GIVEN): record.pop(name) for name in list(record) if name.startswith(GIVEN)}
    if given:
        record["input"] = {name: value for name, value in given.items() if value is not None}
    elif isinstance(read := record.get("input"), str):
        record["input"] = _object_or_text(read)
    elif read == []:  # a map without a key
        record["input"] = {}
    of_task = {name: value for name, value in record.items() if name not in OF_DRAFTS}
    own = "task_id" in record and (bool(record.get("input")) or is_typed(of_task))
    draft_fields = ("task_id" if "task_id" in record else "id", *OF_DRAFTS)
    if "task_id" not in record and "text" not in record and "output" in record:
        record["text"] = record.pop("output")
    # A text that is missing is said as the readers of files say it; an empty author is no author.
    mine = {name: record[name] for name in draft_fields if name in record and not (name == "author" and record[name] is None)}
    plain, draft = read_record(mine, 0)
    if draft is None:
        raise ValueError("this is a task, not a draft: it has no text")
    if own:
        task, _ = read_record(of_task, 0)
    elif plain is not None or tasks is None:
        task = plain
    elif draft.task_id not in tasks:
        raise ValueError(
            f"draft {draft.draft_id} is written for task {draft.task_id}, which no named file contains; name its file"
        )
    else:
        task = tasks[draft.task_id]
    return DraftToScore(draft.task_id, draft.draft_id, draft.text, task.input if task else {}, task.extra if task else {})


def _object_or_text(given: str) -> Any:
    """A JSON object written as a text, as tools without nested columns have it; any other text as it is. Raises ValueError for
    what means to be an object and is none: taken for a text, its fields would be lost in silence."""
    text = given.strip().removeprefix("\N{BYTE ORDER MARK}")
    if not text.startswith('{"') and not (text.startswith("{") and text.endswith("}")):
        return given
    try:
        return json_line(text)
    except (ValueError, RecursionError) as wrong:
        why = str(wrong) if not isinstance(wrong, json.JSONDecodeError | RecursionError) else "it breaks off, or is no JSON"
        raise ValueError(f"input means to be a JSON object and cannot be read: {why}") from None


def _plain(value: Any) -> Any:
    """A cell as JSON would have it: maps as objects, fields of a struct that a row lacks left out, moments and decimals in words
    and numbers."""
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items() if not _is_gap(each)}
    if isinstance(value, list):
        if value and all(isinstance(each, tuple) and len(each) == 2 for each in value):  # a map, as pyarrow gives it
            return {str(key): _plain(each) for key, each in value if not _is_gap(each)}
        return [_plain(each) for each in value]
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            raise ValueError("a text is bytes that are no UTF-8; write it as text") from None
    return None if isinstance(value, float) and math.isnan(value) else value  # a gap, as pandas writes it


def _is_gap(value: Any) -> bool:
    return value is None or isinstance(value, float) and math.isnan(value)


def line_of(scored: Mapping[str, Any]) -> str:
    """A scored draft as the line that `score` prints for it."""
    return json.dumps(scored, ensure_ascii=False)
