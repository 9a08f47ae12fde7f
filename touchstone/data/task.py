"""A task and a draft written for it, as values."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

LONGEST_ID = 200  # characters, of any id or name out of a file


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
    typed: Mapping[str, Any] | None = None  # the typed task that it renders, as a document

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the content, the line apart: equal for equal tasks, whatever file they came in."""
        known = [self.task_id, self.input, self.partition, self.dimension, self.source_mode, self.difficulty]
        return _digest([*known, self.cluster, self.extra, *([] if self.typed is None else [self.typed])])


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
        """SHA-256 of the content, as of a task."""
        return _digest([self.draft_id, self.task_id, self.text, self.author, self.extra])


def _digest(content: Any) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
