"""A task as it is compared: its input as flat texts, its groups, where it came from."""

import json
import re
import unicodedata
import zlib
from collections.abc import Callable, ItemsView, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

Progress = Callable[[float, str], None]  # told the share that is done (0 to 1) and of what; it may raise to stop

_GAP = re.compile(r"[\W_]+")
_NUMBER = re.compile(r"\d+")
_LETTERS = re.compile(r"[^\W\d_]")
FEWEST_LETTERS = 3


class PackedFields(Mapping[str, str]):
    """Texts by name in about a third of the memory that a dictionary of them takes: what is compared is whole files of tasks, of
    which one field after the other is looked at."""

    __slots__ = ("_names", "_packed")

    def __init__(self, fields: Mapping[str, str]) -> None:
        self._names = _as_before(tuple(fields))
        self._packed = zlib.compress(json.dumps(list(fields.values())).encode(), 1)

    def _unpacked(self) -> dict[str, str]:
        return dict(zip(self._names, json.loads(zlib.decompress(self._packed)), strict=True))

    def __getitem__(self, name: str) -> str:
        if name not in self._names:
            raise KeyError(name)
        return self._unpacked()[name]

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def items(self) -> ItemsView[str, str]:
        return self._unpacked().items()


@lru_cache(maxsize=1_000)
def _as_before(names: tuple[str, ...]) -> tuple[str, ...]:
    """The same names as one object: most tasks of a file have the same fields."""
    return names


class ComparedTask(NamedTuple):
    """`fields`: the input, each value as text (see `flat`). `groups`: key to value, of what a task shares with others of its
    kind (a company, a template). `origin`: what it was made from; "" where that is not known."""

    id: str
    fields: Mapping[str, str]
    groups: Mapping[str, str] = {}
    origin: str = ""


def flat(value: Mapping[str, Any]) -> dict[str, str]:
    """Nested fields as texts by path: {"thread": [{"text": "a"}, {"text": "b"}]} is {"thread.text": "a\\nb"}. What is empty is
    left out."""
    found: dict[str, list[str]] = {}
    for path, text in _leaves(value, ""):
        found.setdefault(path, []).append(text)
    return {path: "\n".join(texts) for path, texts in found.items()}


def _leaves(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _leaves(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _leaves(inner, path)
    elif value is not None and (text := str(value).strip()):
        yield path, text


def words_alone(text: str) -> str:
    """A text without its case, punctuation and spacing."""
    return _GAP.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


def without_numbers(text: str) -> str:
    """The same, each number as #; "" where fewer than three letters are left, which name nothing."""
    found = _NUMBER.sub("#", words_alone(text))
    return found if len(_LETTERS.findall(found)) >= FEWEST_LETTERS else ""


def field_names(*sets: Iterable[ComparedTask]) -> list[str]:
    """The fields that any task has, in the order of their first use."""
    return list(dict.fromkeys(name for tasks in sets for task in tasks for name in task.fields))
