"""What a seal says in public of what it keeps: a commitment to each task, their root, a canary.

    commitment of a task   SHA-256 of its salt and its plaintext (canonical JSON of the task with its drafts)
    root                   SHA-256 of all commitments in their order
    canary                 a GUID out of SHA-256 of the root: a text that stands nowhere but in copies of the sealed tasks

The salt is drawn for each task: without it, a task that was made from a template could be found by trying. The commitment is to
the plaintext, as age writes other bytes each time. Whoever changes, adds or leaves out a task has another root.
"""

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple


class SealedTask(NamedTuple):
    """A task with its drafts, as records of a file, and the salt (64 hexadecimal digits) that goes into its commitment."""

    salt: str
    task: Mapping[str, Any]
    drafts: Sequence[Mapping[str, Any]]

    @property
    def commitment(self) -> str:
        plaintext = canonical({"task": self.task, "drafts": list(self.drafts)})
        return hashlib.sha256(f"touchstone task\n{self.salt}\n".encode() + plaintext).hexdigest()


def canonical(value: Any) -> bytes:
    """JSON with its keys in order and nothing that could be written otherwise, so that equal contents have equal bytes."""
    return json.dumps(value, sort_keys=True, ensure_ascii=True, separators=(",", ":"), allow_nan=False).encode()


def root_of(commitments: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(["touchstone seal", *commitments]).encode()).hexdigest()


def canary_of(root: str) -> str:
    digest = hashlib.sha256(f"touchstone canary\n{root}".encode()).digest()
    return str(uuid.UUID(bytes=digest[:16], version=4))
