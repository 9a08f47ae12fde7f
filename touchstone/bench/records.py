"""Tasks and drafts as the lines of files that import as the same."""

import json
from collections.abc import Sequence
from typing import Any

from touchstone.data.task import Draft, Task


def record_of(task: Task, partition: str | None = None) -> dict[str, Any]:
    """A task as a record, with another partition if one is given."""
    if task.typed is not None:
        return dict(task.typed) if partition is None else dict(task.typed) | {"partition": partition}
    own = {
        "task_id": task.task_id,
        "input": dict(task.input),
        "partition": task.partition if partition is None else partition,
        "dimension": task.dimension,
        "source_mode": task.source_mode,
        "difficulty": task.difficulty,
        "cluster": task.cluster if task.cluster != task.task_id else None,
    }
    return {name: value for name, value in own.items() if value is not None} | dict(task.extra)


def record_of_draft(draft: Draft) -> dict[str, Any]:
    own = {"draft_id": draft.draft_id, "task_id": draft.task_id, "text": draft.text, "author": draft.author}
    return {name: value for name, value in own.items() if value is not None} | dict(draft.extra)


def lines_of(tasks: Sequence[Task], partition: str | None = None) -> bytes:
    """A JSONL file of tasks."""
    return "".join(json.dumps(record_of(each, partition), ensure_ascii=False) + "\n" for each in tasks).encode("utf-8", "replace")
