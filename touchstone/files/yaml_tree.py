"""YAML as plain values that remember their lines: dicts, tuples and scalars, each found again by its path.

The safe loader decides what a scalar is. On top of it: UTF-8 only, no key twice in a mapping (YAML keeps the
last and says nothing), no anchors or aliases (a few lines of them unfold to gigabytes), no tags of programs,
no deep nesting, no character that a page or a database cannot hold.
"""

import re
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

import yaml

from touchstone.english import many
from touchstone.errors import Problem

MOST_BYTES = 250_000
DEEPEST = 12
# Python refuses to print an int of 4300 digits, and `1:1:1:...` takes YAML quadratic time.
LONGEST_NUMBER = 40

Path = tuple[str | int, ...]


class Unreadable(Exception):
    """There is no tree past this one problem; a reader of files catches it and returns the problem."""

    def __init__(self, line: int | None, reason: str):
        super().__init__(reason)
        self.problem = Problem(line, reason)


class Unread:
    """Stands for a scalar that looks like a number or date and is none (`2024-13-99`). No model takes it."""


@dataclass(frozen=True)
class MarkedTree:
    """The file's values, with the line of every entry and the text of every scalar by its path.

    `twice` lists keys met again, each with its second line; the first stays. `problems` are those that do not
    keep the rest from being read.
    """

    data: dict[str, Any] = field(default_factory=dict)
    lines: dict[Path, int] = field(default_factory=dict)
    texts: dict[Path, str] = field(default_factory=dict)
    twice: list[tuple[Path, int]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def line(self, path: Path) -> int:
        """The line of the entry at `path`, or of the nearest entry around it."""
        while path not in self.lines:
            path = path[:-1]
        return self.lines[path]

    def at(self, path: Path) -> Any:
        """What stands at `path`; None where nothing does."""
        here: Any = self.data
        for step in path:
            if isinstance(here, dict):
                here = here.get(step)
            elif isinstance(here, tuple) and isinstance(step, int) and step < len(here):
                here = here[step]
            else:
                return None
        return here


class FileKind(NamedTuple):
    """What a file is to hold, for sentences about one that holds nothing of the kind."""

    start_from: str = "rubric_versions/README.md has a rubric to start from"
    keys: str = "rubric, version, title, ..."


A_RUBRIC = FileKind()


def read_marked(source: bytes, kind: FileKind = A_RUBRIC) -> MarkedTree:
    """The file as a tree; a byte order mark is accepted. Raises Unreadable where there is no mapping."""
    root = composed(_decoded(source))
    if root is None or (isinstance(root, yaml.ScalarNode) and not root.value.strip()):
        raise Unreadable(None, f"the file is empty; {kind.start_from}")
    first_line = root.start_mark.line + 1
    if not isinstance(root, yaml.MappingNode):
        given = "a list" if isinstance(root, yaml.SequenceNode) else f"the text {short(root.value)}"
        raise Unreadable(first_line, f"the file holds {given}; it must hold keys: {kind.keys}")
    tree = MarkedTree(lines={(): first_line})
    tree.data.update(_plain(root, (), tree))
    return tree


def short(text: str) -> str:
    """`text` on one line, cut to what a sentence can quote."""
    text = " ".join(text[:200].split())
    return text if len(text) <= 60 else text[:57] + "..."


def _decoded(source: bytes) -> str:
    if len(source) > MOST_BYTES:
        raise Unreadable(None, f"the file has {many(len(source), 'byte')}; cut it to {MOST_BYTES:,} at most")
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # The codec counts `start` in `object`, which is what follows the byte order mark.
        line = error.object.count(b"\n", 0, error.start) + 1
        wrong = f"byte 0x{error.object[error.start]:02x} is not UTF-8"
        raise Unreadable(line, f"{wrong}; save the file as UTF-8") from None


def composed(text: str) -> yaml.Node | None:
    """The one document of a file as nodes, not to be changed; None of an empty file. Raises Unreadable for what is no YAML and
    what is refused. The texts asked for last are put together once, the refused too: a page asks for one many times over.
    """
    found = _composed_or_refused(text)
    if isinstance(found, Unreadable):
        raise found.with_traceback(None)
    return found


@lru_cache(maxsize=8)
def _composed_or_refused(text: str) -> yaml.Node | Unreadable | None:
    try:
        return _composed(text)
    except Unreadable as refused:
        return refused


def _composed(text: str) -> yaml.Node | None:
    """As `composed`, each time.

    libyaml reads it several times faster than Python, to the same nodes and starts. About what it refuses, and about characters
    on which the two differ, PyYAML's own reader is asked: its words and lines are those that `_WAYS_OUT` knows.
    """
    if _Fast is not None and not _DIFFER.search(text):
        with suppress(yaml.YAMLError, ValueError, OverflowError):
            return _single_node(_Fast(text))
    try:
        loader = _Slow(text)
    except yaml.reader.ReaderError as error:
        line = text[: error.position].count("\n") + 1
        raise Unreadable(line, _unshowable(error.character)) from None
    try:
        return _single_node(loader)
    except yaml.MarkedYAMLError as error:
        raise _not_yaml(error, text.split("\n")) from None
    except (ValueError, OverflowError):
        # PyYAML passes the number of a \U escape to chr() unchecked.
        way_out = "a \\U escape beyond Unicode: write the character itself"
        raise Unreadable(loader.line + 1, f"not YAML: {way_out}") from None


def _single_node(loader: Any) -> yaml.Node | None:
    try:
        node: yaml.Node | None = loader.get_single_node()
        return node
    finally:
        loader.dispose()


class _Refusing(yaml.composer.Composer):
    """Refuses anchors, aliases and depth while the nodes are put together, whoever reads the text."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[attr-defined]  # of the parser beside it
        line = event.start_mark.line + 1
        if event.anchor is not None:
            sign, name = ("*", "alias") if isinstance(event, yaml.AliasEvent) else ("&", "anchor")
            way_out = "write the text out, or quote it if it only starts with that sign"
            raise Unreadable(line, f"{sign}{short(event.anchor)} is a YAML {name}, refused here; {way_out}")
        self.depth += 1
        if self.depth > DEEPEST:
            raise Unreadable(line, f"brackets or lists are nested more than {DEEPEST} deep; five are enough")
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


class _Slow(_Refusing, yaml.SafeLoader):
    """All in Python."""


# Tabs, which libyaml lets pass, byte order marks, which it does not count, and what PyYAML calls unprintable.
_DIFFER = re.compile(f"[\t\ufeff]|{yaml.reader.Reader.NON_PRINTABLE.pattern}")


if hasattr(yaml, "CSafeLoader"):

    class _LibYaml(_Refusing, yaml.CSafeLoader):
        """The events by libyaml, the nodes by Python: CParser's own composer knows no `compose_node`."""

        def __init__(self, text: str) -> None:
            yaml.CSafeLoader.__init__(self, text)
            yaml.composer.Composer.__init__(self)

    _Fast: Any = _LibYaml
else:  # PyYAML built without libyaml
    _Fast = None


# What PyYAML says, and what a person can do about it; the first that occurs in its message counts.
_WAYS_OUT = {
    "mapping values are not allowed": "a second colon on one line: quote the text after the first",
    "character '\\t'": "a tab: put spaces in its place",
    "that cannot start any token": "text that starts with a sign of YAML's own: quote it",
    "unknown escape character": "a backslash inside double quotes: write two, or use single quotes",
    "while scanning a quoted scalar": "a quote opens here and is not closed: close it",
    "could not find expected ':'": "a line without a colon after its key: add it, or indent the line",
    "expected <block end>": "a line that does not fit those above: align its indentation or close its quotes",
    "expected a single document": "a second document after ---: keep one in a file",
    "but got ':'": "a colon in a text within braces: put the text in quotes",
    "expected ',' or": "a [ or { that is not closed: close it, or quote the text",
}


# Lines that break off in ways of their own, and what to type for them; each pattern gives the words of its sentence.
_LINES: dict[str, tuple[tuple[re.Pattern[str], str], ...]] = {
    "mapping values are not allowed": (
        (re.compile(r"^ *(?:- +)*([\w-]+): +([^\s\"'{\[][^\"\\]*?) *$"), 'a second colon on one line: write {}: "{}"'),
    ),
    "but got ':'": (
        (
            re.compile(r"([\w-]+): +([^\s\"'{\[,][^,{}\[\]\"':]*: [^,{}\[\]\"']*?) *[,}]"),
            'a colon in a text within braces: write {}: "{}"',
        ),
    ),
    "could not find expected ':'": ((re.compile(r"^ *(?:- +)*([\w-]+):(\S.*?) *$"), "no space after the colon: write {}: {}"),),
    "expected <block end>": (
        (re.compile(r"^ *-([\w-]+): *(.*?) *$"), "no space after the dash: write - {}: {}"),
        (
            re.compile(r"^ *(?:- +)*([\w-]+): +([\"']).*\2 *[^\s#].*$"),
            "the text of {} goes on behind a closing quote: put the whole of it in quotes, and leave out those within",
        ),
    ),
}


def _not_yaml(error: yaml.MarkedYAMLError, lines: list[str]) -> Unreadable:
    said = f"{error.context or ''} {error.problem or ''}"
    words = next((words for words in _WAYS_OUT if words in said), None)
    # What is never closed, or has no colon, is found further down; the way out is where it begins.
    begins, ends = error.context_mark, error.problem_mark
    if words == "but got ':'" and begins and ends and begins.line < ends.line:
        words = "expected ',' or"  # the colon is that of a line below
    way_out = _WAYS_OUT[words] if words else f"{short(said)}: compare with rubric_versions/README.md"
    opens = words in ("expected ',' or", "while scanning a quoted scalar", "could not find expected ':'")
    mark = (begins if opens else None) or ends or begins
    text = lines[mark.line][:1000] if mark and mark.line < len(lines) else ""  # a pattern may take its square in time
    for pattern, told in _LINES.get(words or "", ()):
        if found := pattern.search(text):
            way_out = told.format(*map(short, found.groups()))
            break
    return Unreadable(mark.line + 1 if mark else None, f"not YAML: {way_out}")


_TAGS = {f"tag:yaml.org,2002:{name}": name for name in ("str", "int", "float", "bool", "null", "timestamp")}
# `=` and `<<` are tagged by YAML 1.1; here they are text.
_TAGS |= {"tag:yaml.org,2002:value": "str", "tag:yaml.org,2002:merge": "str"}
_COLLECTION_TAGS = ("tag:yaml.org,2002:map", "tag:yaml.org,2002:seq")
_UNSHOWABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def _unshowable(character: str | int) -> str:
    code = character if isinstance(character, int) else ord(character)
    return f"character U+{code:04X} cannot be shown; delete it"


def _plain(node: yaml.Node, path: Path, tree: MarkedTree) -> Any:
    """The node as dict, tuple or scalar; lines, texts and what is wrong go into `tree`."""
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node, path, tree)
    if node.tag not in _COLLECTION_TAGS:
        tree.problems.append(_tagged(node))
    if isinstance(node, yaml.SequenceNode):
        for place, item in enumerate(node.value):
            tree.lines[(*path, place)] = item.start_mark.line + 1
        return tuple(_plain(item, (*path, place), tree) for place, item in enumerate(node.value))
    entries: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode) or _UNSHOWABLE.search(key_node.value):
            tree.problems.append(Problem(line, "a key here is not a plain word; quote what starts with { or ["))
            continue
        # Under its own text, whatever YAML makes of it: `no:` is the key "no".
        inner = (*path, key_node.value)
        if key_node.value in entries:
            tree.twice.append((inner, line))
            continue
        tree.lines[inner] = line
        entries[key_node.value] = _plain(value_node, inner, tree)
    return entries


def _scalar(node: yaml.ScalarNode, path: Path, tree: MarkedTree) -> Any:
    tree.texts[path] = node.value
    if found := _UNSHOWABLE.search(node.value):
        tree.problems.append(Problem(node.start_mark.line + 1, _unshowable(found[0])))
        return ""
    tag = _TAGS.get(node.tag)
    if tag is None:
        tree.problems.append(_tagged(node))
    if tag == "str" or tag is None:
        return node.value
    if len(node.value) > LONGEST_NUMBER:
        return Unread()
    try:
        return getattr(yaml.constructor.SafeConstructor(), f"construct_yaml_{tag}")(node)
    except (ValueError, LookupError, ArithmeticError, AttributeError):
        # `2024-13-99`, `!!int ten`, `!!timestamp x`.
        return Unread()


def _tagged(node: yaml.Node) -> Problem:
    return Problem(node.start_mark.line + 1, f"{short(node.tag)} is a YAML tag, refused here; leave it out")
