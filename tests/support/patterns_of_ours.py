"""Every regular expression of the program, and the texts on which it would backtrack, made from the pattern itself."""

import ast
import importlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

from tests.support.modules import MODULES, tree

CALLED = ("compile", "match", "search", "fullmatch", "findall", "finditer", "split", "sub", "subn")
WAYS = {
    "match": re.Pattern.match,
    "search": re.Pattern.search,
    "fullmatch": re.Pattern.fullmatch,
    "findall": re.Pattern.findall,
    "split": re.Pattern.split,
    "sub": lambda pattern, text: pattern.sub("", text),
}
ALIKE = {"finditer": "findall", "subn": "sub"}
AWKWARD = " a1.-_\n(\"'*A:,[|`<=)]\té/#%!;{"


class Pattern(NamedTuple):
    """`ways`: how it is used, as keys of WAYS; all that begin anywhere or at the start, where that is not seen."""

    module: str
    name: str
    compiled: re.Pattern[str]
    ways: frozenset[str]


class Made(NamedTuple):
    """A pattern that is put together while the program runs."""

    module: str
    source: str


@cache
def patterns() -> tuple[list[Pattern], list[Made]]:
    """Those that are written down or kept under a name, and those that are made while the program runs."""
    found: dict[tuple[str, int, frozenset[str]], Pattern] = {}
    made = []
    for path in MODULES:
        source = Path(path).read_text()
        if "import re\n" not in source and "any_of" not in source and "re.Pattern" not in source:
            continue
        dotted = _dotted(path)
        module = importlib.import_module(dotted)
        own = {node.id for node in ast.walk(tree(path)) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        kept = [(name, each) for name, value in vars(module).items() if name in own for each in _within(value)]
        for name, each in kept:
            found.setdefault((each.pattern, each.flags, ways := _ways_of(dotted, name)), Pattern(dotted, name, each, ways))
        by_text = {each.pattern for _, each in kept}
        for call in _calls(tree(path)):
            written = _written(call, vars(module))
            if written is None:
                made.append(Made(dotted, ast.unparse(call)))
            elif call.func.attr != "compile" or written.pattern not in by_text:  # type: ignore[attr-defined]
                ways = _ways({call.func.attr})  # type: ignore[attr-defined]
                found.setdefault((written.pattern, written.flags, ways), Pattern(dotted, f"line {call.lineno}", written, ways))
    return list(found.values()), made


def _within(value: Any, depth: int = 0) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        yield value
    elif isinstance(value, tuple | list | dict) and depth < 5:
        for each in value.values() if isinstance(value, dict) else value:
            yield from _within(each, depth + 1)


def _calls(module: ast.Module) -> list[ast.Call]:
    return [
        node
        for node in ast.walk(module)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "re"
        and node.func.attr in CALLED
    ]


def _written(call: ast.Call, names: dict[str, Any]) -> re.Pattern[str] | None:
    """The pattern of a call, where it can be known without running what is around it."""
    place = {"compile": 1, "sub": 4, "subn": 4, "split": 3}.get(call.func.attr, 2)  # type: ignore[attr-defined]
    given = [each.value for each in call.keywords if each.arg == "flags"] + call.args[place : place + 1]
    try:
        pattern, *flags = (eval(compile(ast.Expression(each), "", "eval"), dict(names)) for each in [call.args[0], *given])
        return re.compile(pattern, *flags)
    except (NameError, AttributeError):
        return None


def _ways_of(module: str, name: str) -> frozenset[str]:
    """How a pattern is used that a module keeps under a name: there, and where it is imported."""
    return _ways(_uses().get((module, name), set()) & set(CALLED))


@cache
def _uses() -> dict[tuple[str, str], set[str]]:
    """What is asked of each name of each module."""
    used: dict[tuple[str, str], set[str]] = {}
    for path in MODULES:
        from_elsewhere = {
            each.asname or each.name: (node.module or "", each.name)
            for node in ast.walk(tree(path))
            if isinstance(node, ast.ImportFrom)
            for each in node.names
        }
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                whose = from_elsewhere.get(node.value.id, (_dotted(path), node.value.id))
                used.setdefault(whose, set()).add(node.attr)
    return used


def _dotted(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def _ways(used: set[str]) -> frozenset[str]:
    return frozenset(ALIKE.get(each, each) for each in used - {"compile"}) or frozenset(("search", "match"))


class Attack(NamedTuple):
    """`before`, then `again` over and over, then `behind`."""

    before: str
    again: str
    behind: str

    def text(self, length: int) -> str:
        return self.before + self.again * (length // len(self.again)) + self.behind


def attacks(pattern: re.Pattern[str]) -> list[Attack]:
    """Texts made to be given back and tried again: each part that may repeat, repeated behind what leads to it, with an end that
    does not fit; what leads to it, again and again; the pattern's own signs."""
    found = {
        Attack("", each, "\0"): None for each in sorted({each for each in pattern.pattern if not each.isalnum()} | set("a1\n"))
    }
    for before, again in _repeats(_parser.parse(pattern.pattern, pattern.flags), ""):
        found |= {Attack(before, again, behind): None for behind in ("", "\0", "a")}
        found |= {Attack("", each, "\0"): None for each in (before + again, before) if each}
        found |= {Attack(before, again + each, "\0"): None for each in " a" if each != again}
    return list(found)


def _repeats(parts: Any, before: str) -> Iterator[tuple[str, str]]:
    """Each part that may repeat often: what leads to it, and a text of it."""
    for place, (kind, value) in enumerate(list(parts)):
        leads = before + _shortest(list(parts)[:place])
        if kind in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            if value[1] is sre.MAXREPEAT or value[1] > 50:
                yield from ((leads, each) for each in _texts(value[2]))
            yield from _repeats(value[2], leads)
        elif kind is sre.BRANCH:
            for branch in value[1]:
                yield from _repeats(branch, leads)
        elif kind in (sre.SUBPATTERN, sre.ATOMIC_GROUP, sre.ASSERT, sre.ASSERT_NOT):
            yield from _repeats(_inner(kind, value), leads)


def _inner(kind: Any, value: Any) -> Any:
    return value[3] if kind is sre.SUBPATTERN else value if kind is sre.ATOMIC_GROUP else value[1]


def _texts(parts: Any) -> list[str]:
    """Some texts of what may repeat."""
    [(kind, value), *more] = list(parts)
    if more or kind not in (sre.IN, sre.ANY, sre.NOT_LITERAL, sre.BRANCH, sre.SUBPATTERN):
        return [each] if (each := _shortest(parts)) else []
    if kind is sre.BRANCH:
        return [each for branch in value[1] for each in _texts(branch)]
    if kind is sre.SUBPATTERN:
        return _texts(value[3])
    return [each for each in AWKWARD if _fits(kind, value, each)][:6] or [_shortest(parts)]


def _shortest(parts: Any) -> str:
    return "".join(_of_part(kind, value) for kind, value in parts)


def _of_part(kind: Any, value: Any) -> str:
    if kind is sre.LITERAL:
        return chr(value)
    if kind in (sre.IN, sre.ANY, sre.NOT_LITERAL):
        return next((each for each in AWKWARD if _fits(kind, value, each)), None) or _named(value)
    if kind is sre.BRANCH:
        return min((_shortest(branch) for branch in value[1]), key=len)
    if kind in (sre.SUBPATTERN, sre.ATOMIC_GROUP):
        return _shortest(_inner(kind, value))
    if kind in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
        return _shortest(value[2]) * value[0]
    return ""


def _named(value: Any) -> str:
    return next((chr(of if kind is sre.LITERAL else of[0]) for kind, of in value if kind in (sre.LITERAL, sre.RANGE)), "")


def _fits(kind: Any, value: Any, letter: str) -> bool:
    """Whether one letter is of a set of them."""
    code = ord(letter)
    if kind is not sre.IN:
        return kind is sre.ANY or code != value
    fits = {
        sre.LITERAL: lambda of: of == code,
        sre.RANGE: lambda of: of[0] <= code <= of[1],
        sre.CATEGORY: lambda of: _is_of_kind(str(of), letter),
        sre.NEGATE: lambda of: False,
    }
    return any(fits[one](of) for one, of in value) is not any(one is sre.NEGATE for one, _ in value)


def _is_of_kind(kind: str, letter: str) -> bool:
    is_one = letter.isspace() if "SPACE" in kind else letter.isdigit() if "DIGIT" in kind else letter.isalnum() or letter == "_"
    return is_one is not ("NOT" in kind)
