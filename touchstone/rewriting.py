"""Change one place of a YAML file and leave the rest as it is written: comments, order, blank lines, quotes.

A place is a path, as in touchstone.marked_yaml. Every change is read again before it is handed back: what it was not meant to
change has not changed, or it is refused.
"""

import textwrap
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

import yaml

from touchstone.marked_yaml import Path, read_marked

WIDTH = 118  # of a line of a folded text
INDENT = 2


class CannotPlace(Exception):
    """A change that cannot be made at that place without touching another; the message says why."""


class _Entry(NamedTuple):
    """An entry of a mapping: `start` of its key, `end` after its value (after the line break, of a value that ends a line)."""

    key: str
    start: int
    end: int
    column: int


def text_at(source: str, path: Path) -> str | None:
    """The scalar at `path` as it reads; None where there is none. Raises Unreadable for what is no YAML."""
    return read_marked(source.encode()).texts.get(path)


def put_text(source: str, path: Path, words: str, *, after: str = "") -> str:
    """The source with other words at `path`. Where nothing is there yet, a new entry, right below the entry `after` of the same
    mapping. Raises Unreadable for what is no YAML, CannotPlace."""
    root = _root(source)
    node, in_flow = _node(root, path)
    if node is None:
        *around, key = path
        mapping, in_flow = _node(root, tuple(around))
        beside = next((each for each in _entries(source, mapping) if each.key == after), None)
        if in_flow or mapping.flow_style or beside is None:
            raise CannotPlace("it is not there, and its neighbours stand within braces or are missing too")
        made = f"{' ' * beside.column}{key}: {_written(words, beside.column, str(key))}\n"
        return _checked(source, source[:beside.end] + made + source[beside.end:], path, words)
    if not isinstance(node, yaml.ScalarNode):
        raise CannotPlace("a list or a mapping stands there")
    start, end = node.start_mark.index, node.end_mark.index
    old = source[start:end]
    rest = old[len(old.rstrip()):] if node.style in ("|", ">") else ""
    column = _column_of_line(source, start)
    made = _in_flow(words) if in_flow else _written(words, column, source[source.rfind("\n", 0, start) + 1:start].strip(),
                                                   quoted=node.style == '"')
    return _checked(source, source[:start] + made + rest + source[end:], path, words)


def put_number(source: str, path: Path, number: int) -> str:
    """The source with another whole number at `path`, which is there."""
    node, _ = _node(_root(source), path)
    return source[:node.start_mark.index] + str(number) + source[node.end_mark.index:]


def raw_entries(source: str, path: Path, *, besides: Collection[str]) -> str:
    """The entries of the mapping at `path` but those in `besides`, as they are written, with the comments at them; indented as if
    they stood alone."""
    mapping, _ = _node(_root(source), path)
    return textwrap.dedent("".join(source[start:end] for start, end in _ranges(source, mapping, besides)))


def put_raw_entries(source: str, path: Path, raw: str, *, besides: Collection[str]) -> str:
    """The source with other YAML in the place of those entries. It is not read again: what was typed is kept, right or wrong.
    Raises CannotPlace for a mapping within braces."""
    mapping, in_flow = _node(_root(source), path)
    entries = _entries(source, mapping)
    if in_flow or mapping.flow_style or not entries:
        raise CannotPlace("it stands within braces")
    ranges = _ranges(source, mapping, besides)
    first = ranges[0][0] if ranges else entries[-1].end
    made = textwrap.indent(raw.strip("\n") + "\n" if raw.strip() else "", " " * entries[0].column)
    for start, end in reversed(ranges):
        source = source[:start] + source[end:]
    return source[:first] + made + source[first:]


def lists_within(source: str, path: Path, *, besides: Collection[str]) -> list[Path]:
    """Where a text can be added to a list within those entries: paths of lists that are empty, or hold texts, or mappings with
    a text."""
    tree = read_marked(source.encode())
    mapping = tree.at(path)
    found: list[Path] = []

    def walk(value: Any, here: Path) -> None:
        if isinstance(value, dict):
            for key, each in value.items():
                walk(each, (*here, key))
        elif isinstance(value, tuple):
            texts = all(isinstance(each, str) for each in value) and not isinstance(here[-1], int) and len(here) > len(path) + 1
            with_a_text = bool(value) and all(isinstance(each, dict) and isinstance(each.get("text"), str) for each in value)
            if texts or with_a_text:
                found.append(here)
            for place, each in enumerate(value):
                walk(each, (*here, place))

    if isinstance(mapping, dict):
        for key, value in mapping.items():
            if key not in besides:
                walk(value, (*path, key))
    return found


def add_to_list(source: str, path: Path, words: str) -> str:
    """The source with one more text at the end of the list at `path`; as a mapping with a text where the others are. Raises
    CannotPlace."""
    tree = read_marked(source.encode())
    there = tree.at(path)
    node, in_flow = _node(_root(source), path)
    if not isinstance(there, tuple) or not isinstance(node, yaml.SequenceNode):
        raise CannotPlace("there is no list")
    as_mapping = bool(there) and isinstance(there[0], dict)
    if node.flow_style:
        item = f"{{text: {_quoted(words)}}}" if as_mapping else _quoted(words)
        end = source.rindex("]", node.start_mark.index, node.end_mark.index)
        inside = source[node.start_mark.index + 1:end].rstrip()
        comma = "" if not there or inside.endswith(",") else ", "
        changed = source[:node.start_mark.index + 1] + inside + comma + item + source[end:]
    else:
        last = node.value[-1]
        dash = source.rindex("-", 0, last.start_mark.index)
        column = dash - (source.rfind("\n", 0, dash) + 1)
        end = _end_of(source, last, column)
        item = f"text: {_quoted(words)}" if as_mapping else _quoted(words)
        changed = source[:end] + f"{' ' * column}- {item}\n" + source[end:]
    again = read_marked(changed.encode()).at(path)
    if again[:-1] != there or (again[-1]["text"] if as_mapping else again[-1]) != words:
        raise CannotPlace("the list would not read as it should")
    return changed


def add_comment(source: str, path: Path, lines: Sequence[str], *, besides: Collection[str]) -> str:
    """The source with a comment above those entries (at the end of the mapping where there are none)."""
    raw = raw_entries(source, path, besides=besides)
    comment = "".join(f"# {line}".rstrip() + "\n" for line in lines)
    return put_raw_entries(source, path, comment + raw, besides=besides)


def _root(source: str) -> yaml.MappingNode:
    read_marked(source.encode())  # refuses what must not be composed: aliases, depth
    return yaml.compose(source, Loader=yaml.SafeLoader)


def _node(root: yaml.Node, path: Path) -> tuple[yaml.Node | None, bool]:
    """The node at `path`, and whether a mapping or list around it is within braces or brackets."""
    here, in_flow = root, False
    for step in path:
        in_flow = in_flow or bool(getattr(here, "flow_style", False))  # a scalar has none
        if isinstance(here, yaml.MappingNode):
            here = next((value for key, value in here.value if key.value == step), None)
        elif isinstance(here, yaml.SequenceNode) and isinstance(step, int) and step < len(here.value):
            here = here.value[step]
        else:
            here = None
        if here is None:
            return None, in_flow
    return here, in_flow


def _entries(source: str, mapping: yaml.Node | None) -> list[_Entry]:
    if not isinstance(mapping, yaml.MappingNode):
        raise CannotPlace("there is no mapping")
    return [_Entry(key.value, key.start_mark.index, _end_of(source, value, key.start_mark.column), key.start_mark.column)
            for key, value in mapping.value]


def _end_of(source: str, node: yaml.Node, column: int) -> int:
    """Where an entry ends whose value is `node`: after the last line with something of it, and comments farther in than its
    column. A block's own end is that of the next token, behind blank lines and comments that are not its own."""
    while not isinstance(node, yaml.ScalarNode) and not node.flow_style:
        node = node.value[-1][1] if isinstance(node, yaml.MappingNode) else node.value[-1]
    last = node.end_mark.index
    if isinstance(node, yaml.ScalarNode) and node.style in ("|", ">"):
        last = node.start_mark.index + len(source[node.start_mark.index:last].rstrip())
    end = _next_line(source, last)
    while (line := source[end:_next_line(source, end)]).lstrip().startswith("#") and _indent(line) > column:
        end += len(line)
    return end


def _next_line(source: str, index: int) -> int:
    found = source.find("\n", index)
    return len(source) if found < 0 else found + 1


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _ranges(source: str, mapping: yaml.Node | None, besides: Collection[str]) -> list[tuple[int, int]]:
    """Whole lines of the entries that are not in `besides`, each with the comments at its own depth right above it."""
    found: list[tuple[int, int]] = []
    for each in _entries(source, mapping):
        if each.key in besides:
            continue
        start = source.rfind("\n", 0, each.start) + 1
        while start and (before := source.rfind("\n", 0, start - 1) + 1) < start:
            line = source[before:start]
            if not (line.lstrip().startswith("#") and _indent(line) == each.column):
                break
            start = before
        found.append((start, each.end))
    return found


def _column_of_line(source: str, index: int) -> int:
    """The column of the first key in the line: what a folded text below it is indented from. A dash counts as space."""
    line = source[source.rfind("\n", 0, index) + 1:index]
    return len(line) - len(line.lstrip(" -"))


def _written(words: str, column: int, before: str, *, quoted: bool = False) -> str:
    """Words as a value in a block: plain where that reads the same, in quotes where not, folded where they are long."""
    if "\n" not in words and len(words) + column + len(before) < WIDTH:
        return _quoted(words) if quoted or not _is_plain(words) else words
    if not words.strip() or words != words.strip() or any(line[:1] in (" ", "\t") for line in words.split("\n")):
        return _quoted(words)
    inner = " " * (column + INDENT)
    lines: list[str] = []
    for place, paragraph in enumerate(words.split("\n")):
        lines += [""] if place else []
        lines += textwrap.wrap(paragraph, WIDTH - len(inner), break_long_words=False, break_on_hyphens=False) or []
    return ">-\n" + "\n".join(f"{inner}{line}".rstrip() for line in lines)


def _in_flow(words: str) -> str:
    return words if _is_plain(words) and _reads(f"[{words}]") == [words] else _quoted(words)


def _is_plain(words: str) -> bool:
    return "\n" not in words and words == words.strip() and _reads(f"key: {words}\n") == {"key": words}


def _reads(text: str) -> Any:
    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, OverflowError):
        return None


def _quoted(words: str) -> str:
    return yaml.safe_dump(words, default_style='"', allow_unicode=True, width=10**9).rstrip("\n")


def _checked(source: str, changed: str, path: Path, words: str) -> str:
    """The changed source, once it is seen to read as the old one but for the words at `path`."""
    before, after = read_marked(source.encode()), read_marked(changed.encode())
    if after.texts.get(path) != words:
        raise CannotPlace("the words would not read as they were typed")
    if {**before.texts, path: words} != after.texts:
        raise CannotPlace("something else would read otherwise")
    return changed
