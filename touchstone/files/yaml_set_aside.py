"""A YAML file that cannot be read, without the lines that keep it from being read."""

import re
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

import yaml

from touchstone.files.yaml_places import less_indented, read_or_none, tree_of
from touchstone.files.yaml_tree import Path, Unreadable
from touchstone.files.yaml_writing import indented

_OPENS = re.compile(r"( *)((?:- +)*)(?:([\w-]+):(?= |$))?")
MOST_TRIES = 80  # of a few milliseconds each


class Aside(NamedTuple):
    """A file that reads, since the lines that kept it from being read are taken out: `token` stands in their place, `lines` are
    they, as if they stood alone. A place that holds the token holds those lines."""

    source: str
    token: str
    lines: str

    @property
    def item(self) -> str:
        """Lines that are an item of a list, without its dash."""
        first, *more = self.lines.splitlines(keepends=True)
        inner = len(first) - len(first.removeprefix("-").lstrip(" "))
        return first[inner:] + "".join(less_indented(line, inner) for line in more)

    def put_back(self, source: str) -> str:
        """A source, or a part of one, with the lines in the token's place."""
        found = re.search(rf"^( *+)(- |[^\n]*: )?{self.token}\n", source, re.MULTILINE)
        if found is None:
            return source
        return source[: found.start()] + indented(self.lines, len(found[1])) + source[found.end() :]


@lru_cache(maxsize=16)
def set_aside(source: str, boxes: tuple[tuple[str | None, ...], ...]) -> Aside | None:
    """The file without the one item or entry that keeps it from being read. `boxes` are the places where it may be, None for any
    key or number: the first kind is tried first, and of each those nearest above the line where reading broke off. They are
    found by how the lines are indented, since the file cannot be read. None where no such place makes it readable."""
    try:
        tree_of(source)
        return None
    except Unreadable as wrong:
        broken = wrong.problem.line or 1
    blocks = _blocks(source)
    token = f"broken-{sha256(source.encode()).hexdigest()[:16]}"
    for kind in boxes:
        found = [
            each
            for each in blocks
            if len(each.path) == len(kind)
            and each.line <= broken
            and all(wanted in (None, step) for step, wanted in zip(each.path, kind, strict=True))
        ]
        for each in sorted(found, key=lambda each: -each.line)[:MOST_TRIES]:
            opening = "- " if isinstance(each.path[-1], int) else f"{each.path[-1]}: "
            made = source[: each.start] + f"{' ' * each.column}{opening}{token}\n" + source[each.end :]
            if _composes(made) and read_or_none(made) is not None:
                block = source[each.start : each.end].splitlines(keepends=True)
                lines = "".join(less_indented(line, each.column) for line in block)
                return Aside(made, token, lines.rstrip("\n") + "\n")
    return None


class _Block(NamedTuple):
    """An entry or an item of a list by its lines alone: `path` as they are indented, `line` its first."""

    path: Path
    line: int
    start: int
    end: int
    column: int


def _blocks(source: str) -> list[_Block]:
    found: list[_Block] = []
    open_: list[tuple[int, bool, str | int, int, int]] = []  # column, whether an item, key or number, line, start
    counted: dict[Path, int] = {}
    at = 0

    def close(column: int, is_item: bool, end: int) -> None:
        while open_ and (open_[-1][0] > column or open_[-1][0] == column and (open_[-1][1] or not is_item)):
            if open_[-1][0] == column and is_item and not open_[-1][1]:
                return
            here = open_.pop()
            found.append(_Block((*(each[2] for each in open_), here[2]), here[3], here[4], end, here[0]))

    for number, line in enumerate(source.splitlines(keepends=True), 1):
        opening = _OPENS.match(line.rstrip("\n"))
        indent, dashes, key = opening.groups() if opening else ("", "", None)
        if line.strip() and not line.lstrip().startswith("#"):
            column = len(indent)
            for dash in re.findall(r"- +", dashes):
                close(column, True, at)
                around = tuple(each[2] for each in open_)
                counted[around] = counted.get(around, -1) + 1
                open_.append((column, True, counted[around], number, at))
                column += len(dash)
            if key:
                close(column, False, at)
                open_.append((column, False, key, number, at))
        at += len(line)
    close(-1, False, at)
    return found


def _composes(source: str) -> bool:
    """Whether YAML's fast reader takes it; the slow one, which knows the places, is asked only then."""
    try:
        yaml.compose(source, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        return True
    except (yaml.YAMLError, ValueError, OverflowError):
        return False
