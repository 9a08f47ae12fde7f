"""Change one place of a YAML file and leave the rest as it is written: comments, order, blank lines, quotes.

A place is a path, as in touchstone.marked_yaml. Every change is read again before it is handed back: what it was not meant to
change has not changed, or it is refused. YAML that a person typed for one place is put there right or wrong; where the file then
reads no more, `set_aside` finds the lines that keep it from being read, so that every other place can still be found.
"""

import json
import re
import textwrap
from collections.abc import Collection
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple

import yaml

from touchstone.files.yaml_tree import MarkedTree, Path, Unreadable, read_marked

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


@lru_cache(maxsize=16)
def tree_of(source: str) -> MarkedTree:
    """The file's values by their places, read once for the same text; not to be changed. Raises Unreadable for no YAML."""
    return read_marked(source.encode())


def text_at(source: str, path: Path) -> str | None:
    """The scalar at `path` as it reads; None where there is none. Raises Unreadable for what is no YAML."""
    return tree_of(source).texts.get(path)


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
        return _checked(source, source[: beside.end] + made + source[beside.end :], path, words)
    if not isinstance(node, yaml.ScalarNode):
        raise CannotPlace("a list or a mapping stands there")
    start, end = node.start_mark.index, node.end_mark.index
    old = source[start:end]
    rest = old[len(old.rstrip()) :] if node.style in ("|", ">") else ""
    column = _column_of_line(source, start)
    made = (
        _in_flow(words)
        if in_flow
        else _written(words, column, source[source.rfind("\n", 0, start) + 1 : start].strip(), quoted=node.style == '"')
    )
    return _checked(source, source[:start] + made + rest + source[end:], path, words)


def put_number(source: str, path: Path, number: int) -> str:
    """The source with another whole number at `path`, which is there."""
    node, _ = _node(_root(source), path)
    return source[: node.start_mark.index] + str(number) + source[node.end_mark.index :]


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
    made = textwrap.indent(_plain_breaks(raw).strip("\n") + "\n" if raw.strip() else "", " " * entries[0].column)
    for start, end in reversed(ranges):
        source = source[:start] + source[end:]
    return source[:first] + made + source[first:]


def add_to_list(source: str, path: Path, words: str) -> str:
    """The source with one more text at the end of the list at `path`, which may not be there yet. Raises CannotPlace."""
    there = tree_of(source).at(path)
    node, _ = _node(_root(source), path)
    if not isinstance(node, yaml.SequenceNode) or not node.flow_style:
        return add_raw_item(source, path, _quoted(words))
    end = source.rindex("]", node.start_mark.index, node.end_mark.index)
    inside = source[node.start_mark.index + 1 : end].rstrip()
    comma = "" if not there or inside.endswith(",") else ", "
    changed = source[: node.start_mark.index + 1] + inside + comma + _quoted(words) + source[end:]
    return _with_one_more(source, changed, path, words)


def raw_item(source: str, path: Path) -> str:
    """One item of a list as it is written, with the comments right above it, as if it stood alone without its dash."""
    place = _item(source, path)
    comments = textwrap.dedent(source[place.start : place.dash])
    lines = source[place.dash : place.end].splitlines(keepends=True)
    lines[0] = f"{' ' * place.inner}{lines[0][place.inner :]}"
    return comments + "".join(_less(line, place.inner) for line in lines).strip("\n") + "\n"


def lines_of_item(source: str, path: Path) -> tuple[int, int]:
    """The first and the last line of an item of a list, counted from 1."""
    place = _item(source, path)
    return source.count("\n", 0, place.dash) + 1, source.count("\n", 0, place.end)


def put_raw_item(source: str, path: Path, raw: str) -> str:
    """The source with other YAML in the place of one item of a list, right or wrong: what was typed is kept. Raises CannotPlace
    for an item within brackets, and for YAML that is wrong by itself and would read only by taking in what stands below it."""
    place = _item(source, path)
    changed = source[: place.start] + _as_item(raw, place.column, place.inner) + source[place.end :]
    before, after = _read_or_none(source), _read_or_none(changed)
    if before is not None and after is not None:
        alone = _alone(raw)
        if alone is None or not _same_but_for(before, after, path) or after.at(path) != alone.at(("item",)):
            raise CannotPlace("it would take in what stands below it: a quote or bracket is not closed")
    return changed


def add_raw_item(source: str, path: Path, raw: str) -> str:
    """The source with one more item at the end of the list at `path`; where the mapping around it has no such list yet, as a new
    last entry of it. Raises CannotPlace, for a list with items within brackets too."""
    root = _root(source)
    node, in_flow = _node(root, path)
    there = tree_of(source).at(path)
    if node is None or not there:
        *around, key = path
        mapping, in_flow = _node(root, tuple(around))
        entries = _entries(source, mapping)
        if in_flow or mapping.flow_style or not entries:
            raise CannotPlace("it stands within braces")
        column = entries[0].column
        mine = next((each for each in entries if each.key == key), None)
        start, end = (source.rfind("\n", 0, mine.start) + 1, mine.end) if mine else (entries[-1].end, entries[-1].end)
        above = source[:start] if not start or source[start - 1] == "\n" else source[:start] + "\n"
        changed = above + f"{' ' * column}{key}:\n" + _as_item(raw, column + INDENT) + source[end:]
    elif in_flow or not isinstance(node, yaml.SequenceNode) or node.flow_style:
        raise CannotPlace("it stands within brackets")
    else:
        last = _item(source, (*path, len(node.value) - 1))
        above = source[: last.end] if source[last.end - 1] == "\n" else source[: last.end] + "\n"
        changed = above + _as_item(raw, last.column) + source[last.end :]
    alone = _alone(raw)
    return _with_one_more(source, changed, path, alone.at(("item",)) if alone else None)


def _with_one_more(source: str, changed: str, path: Path, value: Any) -> str:
    """The changed source, once it is seen to read as the old one with that value at the end of the list at `path`."""
    before, again = tree_of(source), _read_or_none(changed)
    if again is None or again.at(path) != (*(before.at(path) or ()), value) or not _same_but_for(before, again, path):
        raise CannotPlace("the list would not read as it should")
    return changed


def remove_item(source: str, path: Path) -> str:
    """The source without one item of a list, and without the comments right above it; a list without items is written []."""
    *around, number = path
    there = tree_of(source).at(tuple(around))
    place = _item(source, path)
    if len(there) > 1:
        changed = source[: place.start] + source[place.end :]
    else:
        *outer, key = around
        mapping, _ = _node(_root(source), tuple(outer))
        mine = next(each for each in _entries(source, mapping) if each.key == key)
        changed = source[: mine.start] + f"{key}: []\n" + source[mine.end :]
    again = _read_or_none(changed)
    if (
        again is None
        or again.at(tuple(around)) != there[:number] + there[number + 1 :]
        or not _same_but_for(tree_of(source), again, tuple(around))
    ):
        raise CannotPlace("something else would read otherwise")
    return changed


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
        inner = len(re.match("-? *", first)[0])
        return first[inner:] + "".join(_less(line, inner) for line in more)

    def put_back(self, source: str) -> str:
        """A source, or a part of one, with the lines in the token's place."""
        found = re.search(rf"^( *)(- |[^\n]*: )?{self.token}\n", source, re.MULTILINE)
        if found is None:
            return source
        return source[: found.start()] + _indented(self.lines, len(found[1])) + source[found.end() :]


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
            if _composes(made) and _read_or_none(made) is not None:
                lines = "".join(_less(line, each.column) for line in source[each.start : each.end].splitlines(keepends=True))
                return Aside(made, token, lines.rstrip("\n") + "\n")
    return None


class _Block(NamedTuple):
    """An entry or an item of a list by its lines alone: `path` as they are indented, `line` its first."""

    path: Path
    line: int
    start: int
    end: int
    column: int


_OPENS = re.compile(r"( *)((?:- +)*)(?:([\w-]+):(?= |$))?")
MOST_TRIES = 80  # of a few milliseconds each


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
        indent, dashes, key = _OPENS.match(line.rstrip("\n")).groups()
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


class _Place(NamedTuple):
    """An item of a list in a block: `start` with the comments right above it, `dash` the start of the line with its dash, which
    stands at `column`; its text begins at the column `inner`."""

    start: int
    dash: int
    end: int
    column: int
    inner: int


def _item(source: str, path: Path) -> _Place:
    *around, number = path
    listing, in_flow = _node(_root(source), tuple(around))
    if not isinstance(listing, yaml.SequenceNode) or not isinstance(number, int) or number >= len(listing.value):
        raise CannotPlace("there is no such item")
    if in_flow or listing.flow_style:
        raise CannotPlace("it stands within brackets")
    node, column = listing.value[number], listing.start_mark.column
    dash = source.rfind("\n", 0, node.start_mark.index) + 1
    while source[dash : dash + column + 1] != f"{' ' * column}-":
        if not dash:
            raise CannotPlace("its dash stands behind another")
        dash = source.rfind("\n", 0, dash - 1) + 1
    on_its_line = dash == source.rfind("\n", 0, node.start_mark.index) + 1
    inner = node.start_mark.column if on_its_line and node.start_mark.column > column + 1 else column + INDENT
    return _Place(_with_comments(source, dash, column), dash, _end_of(source, node, column), column, inner)


def _with_comments(source: str, start: int, column: int) -> int:
    """Where the comments at that column begin that stand right above a line."""
    while start and (before := source.rfind("\n", 0, start - 1) + 1) < start:
        line = source[before:start]
        if not (line.lstrip().startswith("#") and _indent(line) == column):
            break
        start = before
    return start


def _as_item(raw: str, column: int, inner: int = 0) -> str:
    """YAML as an item of a list whose dash stands at `column`; comments that it begins with stand above the dash."""
    inner = inner or column + INDENT
    lines = (_plain_breaks(raw).strip("\n") + "\n").splitlines(keepends=True)
    comments = 0
    while comments < len(lines) - 1 and lines[comments].startswith("#"):
        comments += 1
    first, *more = lines[comments:]
    dash = f"{' ' * column}-{' ' * (inner - column - 1)}{first}" if first.strip() else f"{' ' * column}-\n"
    return _indented("".join(lines[:comments]), column) + dash + _indented("".join(more), inner)


def _indented(text: str, column: int) -> str:
    return textwrap.indent(text, " " * column, lambda line: line != "\n")


def _plain_breaks(raw: str) -> str:
    """What was typed, with one kind of line break: YAML breaks a line at others too, and those could not be indented."""
    return "\n".join(raw.splitlines())


def _less(line: str, column: int) -> str:
    """The line without so many spaces before it, or as many as it has."""
    return line[min(column, _indent(line)) :]


def _read_or_none(source: str) -> MarkedTree | None:
    try:
        return tree_of(source)
    except Unreadable:
        return None


def _alone(raw: str) -> MarkedTree | None:
    """What was typed, read as the only entry of a file: at ("item",)."""
    return _read_or_none("item:\n" + _indented(_plain_breaks(raw).strip("\n") + "\n", INDENT))


def _same_but_for(before: MarkedTree, after: MarkedTree, path: Path) -> bool:
    """Whether all reads as before outside of `path`."""
    one, other = ({key: text for key, text in tree.texts.items() if key[: len(path)] != path} for tree in (before, after))
    return one == other


def _root(source: str) -> yaml.MappingNode:
    tree_of(source)  # refuses what must not be composed: aliases, depth
    return _composed(source)


@lru_cache(maxsize=16)
def _composed(source: str) -> yaml.MappingNode:
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
    return [
        _Entry(key.value, key.start_mark.index, _end_of(source, value, key.start_mark.column), key.start_mark.column)
        for key, value in mapping.value
    ]


def _end_of(source: str, node: yaml.Node, column: int) -> int:
    """Where an entry ends whose value is `node`: after the last line with something of it, and comments farther in than its
    column. A block's own end is that of the next token, behind blank lines and comments that are not its own."""
    while not isinstance(node, yaml.ScalarNode) and not node.flow_style:
        node = node.value[-1][1] if isinstance(node, yaml.MappingNode) else node.value[-1]
    last = node.end_mark.index
    if isinstance(node, yaml.ScalarNode) and last == node.start_mark.index:
        last = len(source[:last].rstrip())  # nothing stands there: some of these begin with the next token
    if isinstance(node, yaml.ScalarNode) and node.style in ("|", ">"):
        last = node.start_mark.index + len(source[node.start_mark.index : last].rstrip())
    end = _next_line(source, last)
    while (line := source[end : _next_line(source, end)]).lstrip().startswith("#") and _indent(line) > column:
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
        found.append((_with_comments(source, source.rfind("\n", 0, each.start) + 1, each.column), each.end))
    return found


def _column_of_line(source: str, index: int) -> int:
    """The column of the first key in the line: what a folded text below it is indented from. A dash counts as space."""
    line = source[source.rfind("\n", 0, index) + 1 : index]
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


def in_flow(value: Any) -> str:
    """A value on one line, within braces and brackets, as YAML reads it."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_in_flow(str(key))}: {in_flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(in_flow, value)) + "]"
    return _in_flow(value) if isinstance(value, str) else json.dumps(value)


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
    before, after = tree_of(source), tree_of(changed)
    if after.texts.get(path) != words:
        raise CannotPlace("the words would not read as they were typed")
    if {**before.texts, path: words} != after.texts:
        raise CannotPlace("something else would read otherwise")
    return changed
