"""Change one place of a YAML file and leave the rest as it is written: comments, order, blank lines, quotes.

A place is a path, as in `yaml_tree`. Every change is read again before it is handed back: what it was not meant to change has not
changed, or it is refused. YAML that a person typed for one place is put there right or wrong; where the file then reads no more,
`yaml_set_aside` finds the lines that keep it from being read, so that every other place can still be found.
"""

import textwrap
from collections.abc import Collection
from typing import Any

import yaml

from touchstone.files.yaml_places import (
    CannotPlace,
    entries_of,
    in_braces,
    item_at,
    less_indented,
    node_at,
    ranges_of,
    read_or_none,
    root_of,
    same_but_for,
    tree_of,
)
from touchstone.files.yaml_tree import MarkedTree, Path
from touchstone.files.yaml_writing import INDENT, as_item, in_quotes, indented, plain_breaks, text_in_flow, written


def text_at(source: str, path: Path) -> str | None:
    """The scalar at `path` as it reads; None where there is none. Raises Unreadable for what is no YAML."""
    return tree_of(source).texts.get(path)


def put_text(source: str, path: Path, words: str, *, after: str = "") -> str:
    """The source with other words at `path`. Where nothing is there yet, a new entry, right below the entry `after` of the same
    mapping. Raises Unreadable for what is no YAML, CannotPlace."""
    root = root_of(source)
    node, in_flow = node_at(root, path)
    if node is None:
        *around, key = path
        mapping, in_flow = node_at(root, tuple(around))
        beside = next((each for each in entries_of(source, mapping) if each.key == after), None)
        if in_flow or in_braces(mapping) or beside is None:
            raise CannotPlace("it is missing, and its neighbours are within braces or missing too")
        made = f"{' ' * beside.column}{key}: {written(words, beside.column, str(key))}\n"
        return _checked(source, source[: beside.end] + made + source[beside.end :], path, words)
    if not isinstance(node, yaml.ScalarNode):
        raise CannotPlace("it holds a list or a mapping")
    start, end = node.start_mark.index, node.end_mark.index
    old = source[start:end]
    rest = old[len(old.rstrip()) :] if node.style in ("|", ">") else ""
    column = _column_of_line(source, start)
    made = (
        text_in_flow(words)
        if in_flow
        else written(
            words,
            column,
            source[source.rfind("\n", 0, start) + 1 : start].strip(),
            quoted=node.style == '"' and bool(node.value),  # "" is what stands where nothing was written yet
        )
    )
    return _checked(source, source[:start] + made + rest + source[end:], path, words)


def put_number(source: str, path: Path, number: int | float) -> str:
    """The source with another number at `path`, which is there."""
    node, _ = node_at(root_of(source), path)
    if node is None:
        raise CannotPlace("there is no number")
    return source[: node.start_mark.index] + str(number) + source[node.end_mark.index :]


def put_entry(source: str, path: Path, raw: str) -> str:
    """The source with another entry at `path`, key and all, in the place of that which is there, or as the last of its mapping;
    comments above it stay. `raw` "" removes it. Raises CannotPlace within braces, and where something else would change."""
    *around, key = path
    mapping, in_flow = node_at(root_of(source), tuple(around))
    entries = entries_of(source, mapping)
    if in_flow or in_braces(mapping) or not entries:
        raise CannotPlace("it is within braces")
    mine = next((each for each in entries if each.key == key), None)
    if mine is None and not raw.strip():
        return source
    column = entries[0].column
    made = indented(plain_breaks(raw).strip("\n") + "\n", column) if raw.strip() else ""
    if mine is None:
        changed = _whole_lines(source[: entries[-1].end]) + made + source[entries[-1].end :]
    elif made:
        changed = source[: mine.start] + made[column:] + source[mine.end :]
    elif mine is entries[0]:
        raise CannotPlace("it begins its entry")
    else:
        changed = source[: source.rfind("\n", 0, mine.start) + 1] + source[mine.end :]
    again = read_or_none(changed)
    if again is None or not same_but_for(tree_of(source), again, path):
        raise CannotPlace("something else would change")
    return changed


def move_item(source: str, path: Path, by: int) -> str:
    """The source with an item of a list one place further down (`by` 1) or up (-1), with the comments right above it; the same
    source at the end of the list. Raises CannotPlace."""
    *around, number = path
    there = tree_of(source).at(tuple(around))
    if not isinstance(number, int) or not isinstance(there, tuple):
        raise CannotPlace("there is no such item")
    if not 0 <= number + by < len(there):
        return source
    first, second = (item_at(source, (*around, place)) for place in sorted((number, number + by)))
    upper, lower = source[first.start : first.end], _whole_lines(source[second.start : second.end])
    changed = source[: first.start] + lower + source[first.end : second.start] + upper + source[second.end :]
    again, moved = read_or_none(changed), list(there)
    moved[number], moved[number + by] = moved[number + by], moved[number]
    if again is None or again.at(tuple(around)) != tuple(moved) or not same_but_for(tree_of(source), again, tuple(around)):
        raise CannotPlace("something else would change")
    return changed


def raw_entries(source: str, path: Path, *, besides: Collection[str]) -> str:
    """The entries of the mapping at `path` but those in `besides`, as they are written, with the comments at them; indented as if
    they stood alone."""
    mapping, _ = node_at(root_of(source), path)
    return textwrap.dedent("".join(source[start:end] for start, end in ranges_of(source, mapping, besides)))


def put_raw_entries(source: str, path: Path, raw: str, *, besides: Collection[str]) -> str:
    """The source with other YAML in the place of those entries. It is not read again: what was typed is kept, right or wrong.
    Raises CannotPlace for a mapping within braces."""
    mapping, in_flow = node_at(root_of(source), path)
    entries = entries_of(source, mapping)
    if in_flow or in_braces(mapping) or not entries:
        raise CannotPlace("it is within braces")
    ranges = ranges_of(source, mapping, besides)
    first = ranges[0][0] if ranges else entries[-1].end
    made = textwrap.indent(plain_breaks(raw).strip("\n") + "\n" if raw.strip() else "", " " * entries[0].column)
    for start, end in reversed(ranges):
        source = source[:start] + source[end:]
    return source[:first] + made + source[first:]


def raw_item(source: str, path: Path) -> str:
    """One item of a list as it is written, with the comments right above it, as if it stood alone without its dash."""
    place = item_at(source, path)
    comments = textwrap.dedent(source[place.start : place.dash])
    lines = source[place.dash : place.end].splitlines(keepends=True)
    lines[0] = f"{' ' * place.inner}{lines[0][place.inner :]}"
    return comments + "".join(less_indented(line, place.inner) for line in lines).strip("\n") + "\n"


def lines_of_item(source: str, path: Path) -> list[int]:
    """The lines, from 1, that `raw_item` hands back, in their order."""
    place = item_at(source, path)
    return _lines(source, place.start, place.end)


def lines_of_entries(source: str, path: Path, *, besides: Collection[str]) -> list[int]:
    """The lines, from 1, that `raw_entries` hands back, in their order."""
    mapping, _ = node_at(root_of(source), path)
    return [line for start, end in ranges_of(source, mapping, besides) for line in _lines(source, start, end)]


def _lines(source: str, start: int, end: int) -> list[int]:
    first = source.count("\n", 0, start) + 1
    return list(range(first, first + source.count("\n", start, end) + (not source[start:end].endswith("\n"))))


def put_raw_item(source: str, path: Path, raw: str) -> str:
    """The source with other YAML in the place of one item of a list, right or wrong: what was typed is kept. Raises CannotPlace
    for an item within brackets, and for YAML that is wrong by itself and would read only by taking in what stands below it."""
    place = item_at(source, path)
    changed = source[: place.start] + as_item(raw, place.column, place.inner) + source[place.end :]
    before, after = read_or_none(source), read_or_none(changed)
    if before is not None and after is not None:
        alone = _alone(raw)
        if alone is None or not same_but_for(before, after, path) or after.at(path) != alone.at(("item",)):
            raise CannotPlace("it would swallow what is below it: a quote or bracket is not closed")
    return changed


def add_to_list(source: str, path: Path, words: str) -> str:
    """The source with one more text at the end of the list at `path`, which may not be there yet. Raises CannotPlace."""
    there = tree_of(source).at(path)
    node, _ = node_at(root_of(source), path)
    if not isinstance(node, yaml.SequenceNode) or not node.flow_style:
        return add_raw_item(source, path, in_quotes(words))
    end = source.rindex("]", node.start_mark.index, node.end_mark.index)
    inside = source[node.start_mark.index + 1 : end].rstrip()
    comma = "" if not there or inside.endswith(",") else ", "
    changed = source[: node.start_mark.index + 1] + inside + comma + in_quotes(words) + source[end:]
    return _with_one_more(source, changed, path, words)


def add_raw_item(source: str, path: Path, raw: str) -> str:
    """The source with one more item at the end of the list at `path`; where the mapping around it has no such list yet, as a new
    last entry of it. Raises CannotPlace, for a list with items within brackets too."""
    node, in_flow = node_at(root_of(source), path)
    if node is None or not tree_of(source).at(path):
        changed = _with_new_list(source, path, raw)
    elif in_flow or not isinstance(node, yaml.SequenceNode) or node.flow_style:
        raise CannotPlace("it is within brackets")
    else:
        last = item_at(source, (*path, len(node.value) - 1))
        changed = _whole_lines(source[: last.end]) + as_item(raw, last.column) + source[last.end :]
    alone = _alone(raw)
    return _with_one_more(source, changed, path, alone.at(("item",)) if alone else None)


def _with_new_list(source: str, path: Path, raw: str) -> str:
    """The source with a list of that one item at `path`, in the place of one without items, or as a new last entry."""
    *around, key = path
    mapping, in_flow = node_at(root_of(source), tuple(around))
    entries = entries_of(source, mapping)
    if in_flow or in_braces(mapping) or not entries:
        raise CannotPlace("it is within braces")
    column = entries[0].column
    mine = next((entry for entry in entries if entry.key == key), None)
    start, end = (source.rfind("\n", 0, mine.start) + 1, mine.end) if mine else (entries[-1].end, entries[-1].end)
    return _whole_lines(source[:start]) + f"{' ' * column}{key}:\n" + as_item(raw, column + INDENT) + source[end:]


def _whole_lines(above: str) -> str:
    return above if not above or above.endswith("\n") else above + "\n"


def remove_item(source: str, path: Path) -> str:
    """The source without one item of a list, and without the comments right above it; a list without items is written []."""
    *around, number = path
    there = tree_of(source).at(tuple(around))
    place = item_at(source, path)
    if not isinstance(number, int):
        raise CannotPlace("there is no such item")
    if len(there) > 1:
        changed = source[: place.start] + source[place.end :]
    else:
        *outer, key = around
        mapping, _ = node_at(root_of(source), tuple(outer))
        mine = next(each for each in entries_of(source, mapping) if each.key == key)
        changed = source[: mine.start] + f"{key}: []\n" + source[mine.end :]
    again = read_or_none(changed)
    if (
        again is None
        or again.at(tuple(around)) != there[:number] + there[number + 1 :]
        or not same_but_for(tree_of(source), again, tuple(around))
    ):
        raise CannotPlace("something else would change")
    return changed


def _column_of_line(source: str, index: int) -> int:
    """The column of the first key in the line: what a folded text below it is indented from. A dash counts as space."""
    line = source[source.rfind("\n", 0, index) + 1 : index]
    return len(line) - len(line.lstrip(" -"))


def _checked(source: str, changed: str, path: Path, words: str) -> str:
    """The changed source, once it is seen to read as the old one but for the words at `path`."""
    before, after = tree_of(source), tree_of(changed)
    if after.texts.get(path) != words:
        raise CannotPlace("the words would not be read as they were typed")
    if {**before.texts, path: words} != after.texts:
        raise CannotPlace("something else would change")
    return changed


def _with_one_more(source: str, changed: str, path: Path, value: Any) -> str:
    """The changed source, once it is seen to read as the old one with that value at the end of the list at `path`."""
    before, again = tree_of(source), read_or_none(changed)
    if again is None or again.at(path) != (*(before.at(path) or ()), value) or not same_but_for(before, again, path):
        raise CannotPlace("the list would not be read as it should")
    return changed


def _alone(raw: str) -> MarkedTree | None:
    """What was typed, read as the only entry of a file: at ("item",)."""
    return read_or_none("item:\n" + indented(plain_breaks(raw).strip("\n") + "\n", INDENT))
