"""Words and values as YAML, as a person would write it: plain where that reads the same, else in quotes, folded where long."""

import json
import textwrap
from typing import Any

import yaml

WIDTH = 118  # of a line of a folded text
INDENT = 2


def written(words: str, column: int, before: str, *, quoted: bool = False) -> str:
    """Words as a value in a block: plain where that reads the same, in quotes where not, folded where they are long."""
    if "\n" not in words and len(words) + column + len(before) < WIDTH:
        return in_quotes(words) if quoted or not _is_plain(words) else words
    if not words.strip() or words != words.strip() or any(line[:1] in (" ", "\t") for line in words.split("\n")):
        return in_quotes(words)
    inner = " " * (column + INDENT)
    lines: list[str] = []
    for place, paragraph in enumerate(words.split("\n")):
        lines += [""] if place else []
        lines += textwrap.wrap(paragraph, WIDTH - len(inner), break_long_words=False, break_on_hyphens=False) or []
    return ">-\n" + "\n".join(f"{inner}{line}".rstrip() for line in lines)


def text_in_flow(words: str) -> str:
    if _is_plain(words) and _reads(f"[{words}]") == [words]:
        return words
    single = "'" + words.replace("'", "''") + "'"  # as patterns are written, whose backslashes are many
    return single if "\\" in words and words.isprintable() else in_quotes(words)


def in_flow(value: Any) -> str:
    """A value on one line, within braces and brackets, as YAML reads it."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{text_in_flow(str(key))}: {in_flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(in_flow, value)) + "]"
    return text_in_flow(value) if isinstance(value, str) else json.dumps(value)


def listed_entry(key: str, value: Any) -> str:
    """An entry as a person would write it: a list on one line where it fits and none of it is long, else an item a line."""
    line = f"{key}: {in_flow(value)}"
    if not isinstance(value, list) or len(line) < WIDTH - 20 and not any("\n" in str(each) for each in value):
        return line + "\n"
    return f"{key}:\n" + "".join(f"{' ' * INDENT}- {text_in_flow(each)}\n" for each in value)


def _is_plain(words: str) -> bool:
    return "\n" not in words and words == words.strip() and _reads(f"key: {words}\n") == {"key": words}


def _reads(text: str) -> Any:
    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, OverflowError):
        return None


def in_quotes(words: str) -> str:
    return yaml.safe_dump(words, default_style='"', allow_unicode=True, width=10**9).rstrip("\n")


def as_item(raw: str, column: int, inner: int = 0) -> str:
    """YAML as an item of a list whose dash stands at `column`; comments that it begins with stand above the dash."""
    inner = inner or column + INDENT
    lines = (plain_breaks(raw).strip("\n") + "\n").splitlines(keepends=True)
    comments = 0
    while comments < len(lines) - 1 and lines[comments].startswith("#"):
        comments += 1
    first, *more = lines[comments:]
    dash = f"{' ' * column}-{' ' * (inner - column - 1)}{first}" if first.strip() else f"{' ' * column}-\n"
    return indented("".join(lines[:comments]), column) + dash + indented("".join(more), inner)


def indented(text: str, column: int) -> str:
    return textwrap.indent(text, " " * column, lambda line: line != "\n")


def plain_breaks(raw: str) -> str:
    """What was typed, with one kind of line break: YAML breaks a line at others too, and those could not be indented."""
    return "\n".join(raw.splitlines())
