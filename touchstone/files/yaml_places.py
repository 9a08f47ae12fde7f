"""Where an entry of a mapping or an item of a list stands in the text of a YAML file.

A place is a path, as in `yaml_tree`; where it stands is told by PyYAML's marks. Raises Unreadable for what is no YAML.
"""

from collections.abc import Collection
from functools import lru_cache
from typing import NamedTuple

import yaml

from touchstone.files.yaml_tree import MarkedTree, Path, Unreadable, composed, read_marked
from touchstone.files.yaml_writing import INDENT


class CannotPlace(Exception):
    """A change that cannot be made at that place without touching another; the message says why."""


class EntryPlace(NamedTuple):
    """An entry of a mapping: `start` of its key, `end` after its value (after the line break, of a value that ends a line)."""

    key: str
    start: int
    end: int
    column: int


class ItemPlace(NamedTuple):
    """An item of a list in a block: `start` with the comments right above it, `dash` the start of the line with its dash, which
    stands at `column`; its text begins at the column `inner`."""

    start: int
    dash: int
    end: int
    column: int
    inner: int


@lru_cache(maxsize=16)
def tree_of(source: str) -> MarkedTree:
    """The file's values by their places, read once for the same text; not to be changed. Raises Unreadable for no YAML."""
    return read_marked(source.encode())


def read_or_none(source: str) -> MarkedTree | None:
    try:
        return tree_of(source)
    except Unreadable:
        return None


def same_but_for(before: MarkedTree, after: MarkedTree, path: Path) -> bool:
    """Whether all reads as before outside of `path`."""
    one, other = ({key: text for key, text in tree.texts.items() if key[: len(path)] != path} for tree in (before, after))
    return one == other


def root_of(source: str) -> yaml.Node:
    """The node of the whole file."""
    tree_of(source)  # refuses what is no mapping
    root = composed(source)
    if root is None:
        raise CannotPlace("the file is empty")
    return root


def in_braces(node: yaml.Node | None) -> bool:
    """Whether it is a mapping or list written within braces or brackets."""
    return isinstance(node, yaml.CollectionNode) and bool(node.flow_style)


def node_at(root: yaml.Node, path: Path) -> tuple[yaml.Node | None, bool]:
    """The node at `path`, and whether a mapping or list around it is within braces or brackets."""
    here: yaml.Node | None = root
    in_flow = False
    for step in path:
        in_flow = in_flow or in_braces(here)
        if isinstance(here, yaml.MappingNode):
            here = next((value for key, value in here.value if key.value == step), None)
        elif isinstance(here, yaml.SequenceNode) and isinstance(step, int) and step < len(here.value):
            here = here.value[step]
        else:
            here = None
        if here is None:
            return None, in_flow
    return here, in_flow


def entries_of(source: str, mapping: yaml.Node | None) -> list[EntryPlace]:
    if not isinstance(mapping, yaml.MappingNode):
        raise CannotPlace("there is no mapping")
    return [
        EntryPlace(key.value, key.start_mark.index, end_of(source, value, key.start_mark.column), key.start_mark.column)
        for key, value in mapping.value
    ]


def ranges_of(source: str, mapping: yaml.Node | None, besides: Collection[str]) -> list[tuple[int, int]]:
    """Whole lines of the entries that are not in `besides`, each with the comments at its own depth right above it."""
    found: list[tuple[int, int]] = []
    for each in entries_of(source, mapping):
        if each.key in besides:
            continue
        found.append((with_comments(source, source.rfind("\n", 0, each.start) + 1, each.column), each.end))
    return found


def item_at(source: str, path: Path) -> ItemPlace:
    *around, number = path
    listing, in_flow = node_at(root_of(source), tuple(around))
    if not isinstance(listing, yaml.SequenceNode) or not isinstance(number, int) or number >= len(listing.value):
        raise CannotPlace("there is no such item")
    if in_flow or listing.flow_style:
        raise CannotPlace("it is within brackets")
    node, column = listing.value[number], listing.start_mark.column
    dash = source.rfind("\n", 0, node.start_mark.index) + 1
    while source[dash : dash + column + 1] != f"{' ' * column}-":
        if not dash:
            raise CannotPlace("its dash follows another on its line")
        dash = source.rfind("\n", 0, dash - 1) + 1
    on_its_line = dash == source.rfind("\n", 0, node.start_mark.index) + 1
    inner = node.start_mark.column if on_its_line and node.start_mark.column > column + 1 else column + INDENT
    return ItemPlace(with_comments(source, dash, column), dash, end_of(source, node, column), column, inner)


def with_comments(source: str, start: int, column: int) -> int:
    """Where the comments at that column begin that stand right above a line."""
    while start and (before := source.rfind("\n", 0, start - 1) + 1) < start:
        line = source[before:start]
        if not (line.lstrip().startswith("#") and indent_of(line) == column):
            break
        start = before
    return start


def end_of(source: str, node: yaml.Node, column: int) -> int:
    """Where an entry ends whose value is `node`: after the last line with something of it, and comments farther in than its
    column. A block's own end is that of the next token, behind blank lines and comments that are not its own."""
    while isinstance(node, yaml.MappingNode | yaml.SequenceNode) and not node.flow_style:
        node = node.value[-1][1] if isinstance(node, yaml.MappingNode) else node.value[-1]
    last = node.end_mark.index
    if isinstance(node, yaml.ScalarNode) and last == node.start_mark.index:
        last = len(source[:last].rstrip())  # nothing stands there: some of these begin with the next token
    if isinstance(node, yaml.ScalarNode) and node.style in ("|", ">"):
        last = node.start_mark.index + len(source[node.start_mark.index : last].rstrip())
    end = next_line(source, last)
    while (line := source[end : next_line(source, end)]).lstrip().startswith("#") and indent_of(line) > column:
        end += len(line)
    return end


def next_line(source: str, index: int) -> int:
    found = source.find("\n", index)
    return len(source) if found < 0 else found + 1


def indent_of(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def less_indented(line: str, column: int) -> str:
    """The line without so many spaces before it, or as many as it has."""
    return line[min(column, indent_of(line)) :]
