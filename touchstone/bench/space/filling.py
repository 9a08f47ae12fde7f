"""A row of a space as a typed task: the space's template with its holes filled.

`{key}` is the value of a parameter or what is drawn for the row, `{key.name}` what a value fills in besides. A hole that is the
whole of a text keeps the kind of its value: "{days.number}" becomes a number. An entry of a list with `if: {key: value}` is there
in the rows that have that value (or one of several).
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from touchstone.bench.space.model import Row, Space
from touchstone.bench.tasks.origins import OfSpace
from touchstone.bench.tasks.typed import TypedTask

HOLE = re.compile(r"\{([a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?)\}")
IF = "if"


def task_of(space: Space, row: Row) -> TypedTask:
    """The task of a row. Raises WrongTask where the template makes none of it."""
    words = words_of(space, row)
    document = _filled(space.file.task, words)
    if "signals" in document and not document["signals"] and "no_signal" not in document:
        document["no_signal"] = True
    origin = OfSpace(space=space.name, digest=space.digest, values=space.values_of(row), own=row in space.cases)
    return TypedTask.read({**document, "task_id": space.task_id(row), "origin": origin.model_dump(mode="json")})


def words_of(space: Space, row: Row) -> dict[str, Any]:
    """What each hole is filled with in a row."""
    found: dict[str, Any] = {}
    for parameter, place in zip(space.parameters, row, strict=True):
        value = parameter.values[place]
        found[parameter.key] = value.value
        found |= {f"{parameter.key}.{name}": word for name, word in value.fills.items()}
    for key, words in space.file.drawn.items():
        drawn = hashlib.sha256(f"{space.task_id(row)} {key}".encode()).digest()
        found[key] = words[int.from_bytes(drawn[:8]) % len(words)]
    return found


def holes(template: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every hole of a template, with where it stands."""
    if isinstance(template, str):
        yield from ((path, each) for each in HOLE.findall(template))
    elif isinstance(template, Mapping):
        for key, inner in template.items():
            if key != IF:
                yield from holes(inner, (*path, key))
    elif isinstance(template, list | tuple):
        for place, inner in enumerate(template):
            yield from holes(inner, (*path, place))


def conditions(template: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Every `if` of a template, with where it stands."""
    entries: Sequence[tuple[Any, Any]] = ()
    if isinstance(template, Mapping):
        if IF in template:
            yield (*path, IF), template[IF]
        entries = list(template.items())
    elif isinstance(template, list | tuple):
        entries = list(enumerate(template))
    for key, inner in entries:
        if key != IF:
            yield from conditions(inner, (*path, key))


def _filled(template: Any, words: Mapping[str, Any]) -> Any:
    if isinstance(template, str):
        whole = HOLE.fullmatch(template)
        return words[whole[1]] if whole else HOLE.sub(lambda hole: str(words[hole[1]]), template)
    if isinstance(template, Mapping):
        return {key: _filled(inner, words) for key, inner in template.items() if key != IF}
    if isinstance(template, list | tuple):
        return [_filled(inner, words) for inner in template if not isinstance(inner, Mapping) or _is_there(inner, words)]
    return template


def _is_there(entry: Mapping[str, Any], words: Mapping[str, Any]) -> bool:
    return all(
        words[key] in (values if isinstance(values, list | tuple) else (values,)) for key, values in entry.get(IF, {}).items()
    )
