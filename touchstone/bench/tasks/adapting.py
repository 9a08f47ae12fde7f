"""A task in the plain form ({"task_id", "input", …}) as a typed one.

Each field of the input becomes a signal with the field's own words, so that the typed task shows what the plain one showed. What
of it is a state, a thread or a confidence, the plain form does not say, and nothing here guesses.
"""

from collections.abc import Mapping
from typing import Any

from touchstone.data.task_input import as_text

OF_PLAIN = ("task_id", "input", "partition", "dimension", "source_mode", "difficulty", "cluster")
_PARTS = {"fields", "signals", "states", "thread", "no_signal", "origin"}
_OF_OTHERS = {"input", "text", "output"}
_KEPT = ("partition", "dimension", "difficulty")


def is_plain(document: Mapping[str, Any]) -> bool:
    """Whether a document is a task in the plain form, whatever else stands in it."""
    return "input" in document


def is_typed(document: Mapping[str, Any]) -> bool:
    """Whether a document means to be a typed task: it has parts of one, and is neither a plain task nor a draft."""
    return "task_id" in document and not _OF_OTHERS & set(document) and bool(_PARTS & set(document))


def plain_as_typed(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document of a typed task that shows the same. What the plain one says of its source stays what it says: `said`."""
    given = document["input"]
    fields = given if isinstance(given, dict) else {"input": given}
    signals = [{"field": field, "value": _shown(value)} for field, value in fields.items() if as_text(value)]
    said = document.get("source_mode")
    cluster = document.get("cluster")
    found: dict[str, Any] = {
        "task_id": document.get("task_id"),
        "fields": list(fields),
        "signals": signals,
        "no_signal": not signals,
        "groups": {} if cluster in (None, "") else {"cluster": cluster},
        "expected": {key: value for key, value in document.items() if key not in OF_PLAIN},
        "origin": {"method": "imported", **({} if said in (None, "") else {"said": str(said)})},
    }
    return found | {key: document[key] for key in _KEPT if document.get(key) not in (None, "")}


def _shown(value: Any) -> Any:
    return value if isinstance(value, str | int | float) and not isinstance(value, bool) else as_text(value)
