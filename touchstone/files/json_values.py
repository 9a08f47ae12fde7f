"""JSON values that a database can hold and a page can show; anything else is refused with a sentence that says the way out."""

import json
import math
from collections import Counter
from collections.abc import Iterator
from typing import Any

from touchstone.english import many

DEEPEST = 20  # objects within objects
LONGEST_NUMBER = 300  # digits


def json_line(text: str) -> Any:
    """The one JSON value of a line; an object is looked through for what cannot be stored. Raises as `json_value`."""
    value = _DECODER.decode(text)
    if isinstance(value, dict):
        refuse_unstorable(value)
    return value


def flat_value(text: str) -> Any:
    """The one JSON value of a line whose members are looked at one by one afterwards. Raises JSONDecodeError, RecursionError, or
    ValueError for a field that is there twice and a number that is none."""
    return _DECODER.decode(text)


def json_value(text: str, start: int) -> tuple[Any, int]:
    """The JSON value that begins at `start`, and where it ends. Raises JSONDecodeError, RecursionError, or ValueError for what
    a database cannot hold."""
    value, end = _DECODER.raw_decode(text, start)
    refuse_unstorable(value)
    return value, end


def refuse_unstorable(value: Any) -> None:
    """Raise ValueError for what a database cannot hold or a page cannot show: half a surrogate pair, a NUL, endless nesting."""
    if _depth(value) > DEEPEST:
        raise ValueError(f"nested more than {DEEPEST} deep; flatten it")
    text = json.dumps(value, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError as wrong:
        raise ValueError(f"{text[wrong.start]!a} is half a character (a lone surrogate); write the whole character") from None
    if "\\u0000" in text and "\0" in "".join(_strings(value)):
        raise ValueError("a text contains a NUL character; remove it")


def unfenced(answer: str) -> str:
    """What stands between fences of Markdown, where an answer of a model is nothing else; else the answer."""
    text = answer.strip()
    first, _, rest = text.partition("\n")
    is_fenced = first.startswith("```") and first[3:].strip() in ("", "json") and rest.endswith("```")
    return rest[:-3] if is_fenced else text


def kind_in_words(value: Any) -> str:
    """What a value is, for a sentence: "missing", "empty", "true", "an object", "a list", "a text", "the number 3"."""
    if value is None:
        return "missing"
    if isinstance(value, str):
        return "a text" if value.strip() else "empty"
    if isinstance(value, bool):
        return str(value).lower()
    return "an object" if isinstance(value, dict) else "a list" if isinstance(value, list) else f"the number {value}"


def _depth(value: Any) -> int:
    level, here = 0, [value]
    while here := [
        inner
        for outer in here
        if isinstance(outer, dict | list)
        for inner in (outer.values() if isinstance(outer, dict) else outer)
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


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) < len(pairs):
        twice = next(name for name, number in Counter(name for name, _ in pairs).items() if number > 1)
        raise ValueError(f"the field {twice} appears twice in one object; keep one")
    return record


def _no_constant(word: str) -> Any:
    raise ValueError(f"{word} is not a JSON value; write null")


def _whole_number(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:
        raise ValueError(f"a number of {many(len(digits), 'digit')}; write it as text")
    return int(digits)


def _number(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise ValueError(f"{digits[:40]} is larger than the store can hold; write it as text")
    return number


_DECODER = json.JSONDecoder(
    object_pairs_hook=_no_duplicates, parse_constant=_no_constant, parse_int=_whole_number, parse_float=_number
)
