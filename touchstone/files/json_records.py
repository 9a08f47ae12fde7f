"""JSON and JSONL as records with the line each begins on: an object a line, or one array, one object, objects in a row."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from touchstone.errors import Problem
from touchstone.files.json_values import json_line, json_value, kind_in_words
from touchstone.files.text import lines_of, too_many, whole_text

MOST_PROBLEMS = 50
SPACE = re.compile(r"[\s,]*")


class Record(NamedTuple):
    """One object of a file. `line` counts from 1."""

    line: int
    data: Mapping[str, Any]


def records_by_line(source: bytes, problems: list[Problem], example: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of a JSONL file, one a line; `example` is one, for the sentence about a line that is none."""
    for number, text in lines_of(source, problems):
        if not text.strip():
            continue
        record = record_of_line(number, text, example)
        if isinstance(record, Problem):
            problems.append(record)
        else:
            yield number, record


def record_of_line(number: int, text: str, example: str) -> dict[str, Any] | Problem:
    """The object of a line, or what is wrong with it."""
    try:
        record = json_line(text)
    except json.JSONDecodeError as wrong:
        cause = _not_json(wrong)
        return Problem(number, f"{cause} at character {wrong.colno}", cause)
    except (ValueError, RecursionError) as wrong:
        return Problem(number, str(wrong) if isinstance(wrong, ValueError) else "nested too deep to read")
    if isinstance(record, dict):
        return record
    return Problem(number, f"the line is {kind_in_words(record)}, not an object; each line takes one record: {example}")


def records(source: bytes, most: int | None = None) -> tuple[list[Record], list[Problem]]:
    """The objects of a file, `most` and one at most. Never raises; what is no object is a problem with its line.

    An array's members are the records; so are the objects that follow each other, a line each or not. Arrays stand in one
    piece here, so a long line is no mistake.
    """
    problems: list[Problem] = []
    text = whole_text(source, problems)
    objects: list[Record] = []
    if text is None:
        return objects, problems
    if excess := too_many("objects and lists", text.count("{") + text.count("["), len(source)):
        return objects, [excess]
    end, line, counted = _behind_space(text, 0), 1, 0
    in_array = text.startswith("[", end)
    end += in_array
    while (end := _behind_space(text, end)) < len(text):
        if in_array and text[end] == "]":
            if rest := text[end + 1 :].strip():
                problems.append(Problem(line, f"the array is followed by {rest[:20]!r}; a file holds one array"))
            return objects, problems
        line, counted = line + text.count("\n", counted, end), end
        try:
            data, end = json_value(text, end)
        except (ValueError, RecursionError) as wrong:
            at = wrong.pos if isinstance(wrong, json.JSONDecodeError) else end
            problems.append(Problem(line + text.count("\n", counted, at), _unreadable(wrong)))
            if in_array or (end := text.find("\n", end)) < 0 or len(problems) >= MOST_PROBLEMS:
                return objects, problems  # in JSONL the next line may be well again
        else:
            if isinstance(data, dict):
                objects.append(Record(line, data))
                if most is not None and len(objects) > most:
                    return objects, problems
            else:
                problems.append(Problem(line, f"this is {_begin(data)!r}, not an object; each record is one"))
                if len(problems) >= MOST_PROBLEMS:
                    return objects, problems
    if in_array:
        problems.append(Problem(line, "the array is not closed: the file seems cut off; export it again"))
    return objects, problems


def _begin(value: Any) -> str:
    """The first letters of a value, which may be a list of a million."""
    return str(value[:9] if isinstance(value, str | list) else value)[:30]


def _behind_space(text: str, start: int) -> int:
    space = SPACE.match(text, start)
    return space.end() if space else start


def _unreadable(wrong: Exception) -> str:
    if isinstance(wrong, RecursionError):
        return "nested too deep to read; flatten it"
    if isinstance(wrong, json.JSONDecodeError):
        return f"{_not_json(wrong)} at character {wrong.colno}"
    return str(wrong)


def _not_json(wrong: json.JSONDecodeError) -> str:
    return f"this is not JSON: {wrong.msg.lower().removesuffix(' at')}"  # "Unterminated string starting at"
