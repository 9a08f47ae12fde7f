"""JSON and JSONL as records with the line each begins on: one array, one object, or an object a line."""

import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from touchstone.data.task import json_value
from touchstone.errors import Problem

LARGEST = 100_000_000  # bytes of one file
MOST_PROBLEMS = 50
SPACE = re.compile(r"[\s,]*")


class Record(NamedTuple):
    """One object of a file. `line` counts from 1."""

    line: int
    data: Mapping[str, Any]


def records(source: bytes) -> tuple[list[Record], list[Problem]]:
    """The objects of a file. Never raises; what is no object is a problem with its line.

    An array's members are the records; so are the objects that follow each other, a line each or not. Arrays stand in one
    piece here, so a long line is no mistake.
    """
    problems: list[Problem] = []
    text = decoded(source, problems)
    found: list[Record] = []
    if text is None:
        return found, problems
    end, line, counted = SPACE.match(text).end(), 1, 0
    in_array = text.startswith("[", end)
    end += in_array
    while (end := SPACE.match(text, end).end()) < len(text):
        if in_array and text[end] == "]":
            if rest := text[end + 1 :].strip():
                problems.append(Problem(line, f"after the array's end stands {rest[:20]!r}; a file holds one array"))
            return found, problems
        line, counted = line + text.count("\n", counted, end), end
        try:
            data, end = json_value(text, end)
        except (ValueError, RecursionError) as wrong:
            at = wrong.pos if isinstance(wrong, json.JSONDecodeError) else end
            problems.append(Problem(line + text.count("\n", counted, at), _unreadable(wrong)))
            if in_array or (end := text.find("\n", end)) < 0 or len(problems) >= MOST_PROBLEMS:
                return found, problems  # in JSONL the next line may be well again
        else:
            if isinstance(data, dict):
                found.append(Record(line, data))
            else:
                problems.append(Problem(line, f"here stands {str(data)[:30]!r}, not an object; each record is one"))
    if in_array:
        problems.append(Problem(line, "the array is not closed: the file seems cut off; export it again"))
    return found, problems


def _unreadable(wrong: Exception) -> str:
    if isinstance(wrong, RecursionError):
        return "nested too deep to read; flatten it"
    if isinstance(wrong, json.JSONDecodeError):
        return f"this is not JSON: {wrong.msg.lower().removesuffix(' at')} at character {wrong.colno}"
    return str(wrong)


def decoded(source: bytes, problems: list[Problem]) -> str | None:
    """A whole file as text, a BOM taken off; None with a problem where it is too large or not UTF-8, or holds a NUL."""
    if len(source) > LARGEST:
        problems.append(Problem(None, f"the file has {len(source) / 1e6:.0f} MB; at most {LARGEST / 1e6:.0f} MB is taken"))
        return None
    if source.startswith((b"\xff\xfe", b"\xfe\xff")):
        problems.append(Problem(1, "the file is UTF-16; save it as UTF-8"))
        return None
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        at = source.count(b"\n", 0, wrong.start) + 1
        problems.append(Problem(at, f"a byte of the line (0x{source[wrong.start]:02X}) is not UTF-8; save the file as UTF-8"))
        return None
    if (at := text.find("\0")) >= 0:
        problems.append(Problem(text.count("\n", 0, at) + 1, "the line holds a NUL character; take it out"))
        return None
    return text
