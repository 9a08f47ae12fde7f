"""A task's input as text to read."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol


class InputField(Protocol):
    """What reading needs to know of a declared field; `rubric.Field` is one. `empty`: what stands for an empty field."""

    @property
    def key(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def empty(self) -> str: ...


def fields_of(given: Mapping[str, Any], declared: Iterable[InputField] = ()) -> tuple[tuple[str, str], ...]:
    """A task's input for reading: (title, text) per field, the rubric's declared fields first and in its order.

    Other fields are titled by their key. A field without text is left out, unless its declaration has words for that.
    """
    declared = tuple(declared)
    shown = [(field.title, as_text(given[field.key]) or field.empty) for field in declared if field.key in given]
    titled = {field.key for field in declared}
    shown += [(_titled(key), as_text(value)) for key, value in given.items() if key not in titled]
    return tuple((title, text) for title, text in shown if text)


def _titled(key: str) -> str:
    """A key as a title, letters within it as they are: somebody may have written it as one."""
    words = key.replace("_", " ")
    return words[:1].upper() + words[1:]


def as_text(value: Any) -> str:
    """A value of a task's input as text: a list line by line, an object as "key: value" lines; "" for nothing."""
    if value is None:
        return ""
    if isinstance(value, dict):
        return "\n".join(f"{key}: {as_text(inner)}" for key, inner in value.items())
    if isinstance(value, list):
        return "\n".join(as_text(inner) for inner in value)
    return str(value).strip()
