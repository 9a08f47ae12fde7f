"""The sentences for entries of the wrong shape: pydantic's errors as a line, the thing, the value, the way out."""

import datetime
import difflib
import re
from collections.abc import Mapping

from pydantic_core import ErrorDetails

from touchstone.errors import Problem
from touchstone.files.yaml_tree import MarkedTree, Path, Unread, short
from touchstone.rubric.entry_names import MODELS, given_value, keys_on_the_way, name_of, owner_of
from touchstone.rubric.scoring_model import Frozen

MOST_PIECES = 60  # of a text cut at commas: each is looked at beside every other
_LEVEL = re.compile(r"-?[0-9]{1,3}|[^\W\d_][\w-]{0,29}")
_NUMBER = re.compile(r"0|-?[1-9][0-9]{0,3}|0?\.[0-9]{1,9}")


def is_miscounted(tree: MarkedTree, detail: ErrorDetails) -> bool:
    """Pydantic calls a list too short when entries of it are wrong; those are reported themselves."""
    return detail["type"] == "too_short" and len(tree.at(detail["loc"])) >= detail["ctx"]["min_length"]


def shape_problem(tree: MarkedTree, detail: ErrorDetails) -> Problem:
    """A pydantic error as a line and a sentence: the thing, the value, the way out."""
    path: Path = detail["loc"]
    what, line = detail["type"], tree.line(path)
    if what == "missing":
        return Problem(line, f"{owner_of(tree, path[:-1])} has no {path[-1]}; {_way_to_add(tree, path)}")
    if what == "extra_forbidden":
        return Problem(line, _text_cut_by_a_comma(tree, path) or _unknown_key(tree, path))
    if path[-2:-1] == ("levels",) and not isinstance(tree.at(path), Mapping):
        return _levels_without_anchors(tree, path[:-1])
    if path[-1] == "levels" and isinstance(tree.at(path), Mapping) and tree.at(path):
        return _levels_without_anchors(tree, path)
    thing, given, value = name_of(tree, path), given_value(tree, path), tree.at(path)
    if what == "too_short" and value:
        return Problem(line, f"{thing} has only {len(value)}; it must be {_takes(path)}")
    if what in ("greater_than_equal", "less_than_equal") and _takes(path) == "a number between 0 and 1":
        return Problem(line, f"{thing} is {given}; it must lie between 0 and 1")
    if what in ("string_type", "level_value") and (reads_as := _misread(value, what)):
        return Problem(line, f'{thing} is {given}, which YAML reads as {reads_as}; quote it: "{given}"')
    if what in ("level_value", "int_type", "float_type") and isinstance(value, str) and _NUMBER.fullmatch(value):
        return Problem(line, f'{thing} is "{value}" in quotes; write {value} without them')
    if _takes(path) == "a number between 0 and 1" and (share := re.fullmatch(r"(\d{1,3}(?:\.\d+)?) *%", str(value))):
        return Problem(line, f"{thing} is {given}; write {float(share[1]) / 100:.4g}")
    if what == "string_pattern_mismatch" and path[-1] == "key" and (key := _as_a_key(str(value))):
        return Problem(line, f"{thing} is {given}; it must be {_takes(path)}: {key}")
    if isinstance(value, str) and "\n" in value.strip():
        given = "written over several lines"
    return Problem(line, f"{thing} is {given}; it must be {_takes(path)}")


def _as_a_key(words: str) -> str:
    """A key much like these words; "" where none can be made of them."""
    key = re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")
    return key if key[:1].isalpha() else ""


def _way_to_add(tree: MarkedTree, path: Path) -> str:
    """What to type for an entry that is missing."""
    if path == ("version",):
        return "add version: 1, or whichever number stands behind -v in the file's name"
    if path[-1] != "agreement":
        return f"add {path[-1]}: with {_takes(path)}"
    weights = "quadratic" if tree.at((*path[:-1], "scale")) == "ordinal" else "unweighted"
    return f"add agreement: {{statistic: kappa, weights: {weights}, threshold: 0.7}}, or other values"


def _text_cut_by_a_comma(tree: MarkedTree, path: Path) -> str | None:
    """What is wrong where a text within braces goes on after a comma, which YAML reads as the next key: said of the text, once
    for all of its commas. None for another key; only within braces does one stand without a colon, on the line of that before."""
    *around, key = path
    if len(tree.at(tuple(around))) > MOST_PIECES:
        return None
    keys = [str(each) for each in tree.at(tuple(around))]
    stray = [tree.at((*around, each)) is None and not tree.texts.get((*around, each)) for each in keys]
    first = last = keys.index(str(key))
    while first and stray[first]:
        first -= 1
    while last + 1 < len(keys) and stray[last + 1]:
        last += 1
    cut: Path = (*around, keys[first])
    if not stray[keys.index(str(key))] or stray[first] or cut not in tree.texts or tree.line(cut) != tree.line(path):
        return None
    whole = short(", ".join((tree.texts[cut], *keys[first + 1 : last + 1])))
    if re.fullmatch(r"\d+, \d+", whole):
        return f"{name_of(tree, cut)} has a comma; write {keys[first]}: {whole.replace(', ', '.')}"
    return f'{name_of(tree, cut)} is cut at a comma within braces; put the text in quotes: {keys[first]}: "{whole}"'


def _levels_without_anchors(tree: MarkedTree, path: Path) -> Problem:
    """Levels given as words, in a list or as keys: said once, with what to type for the first of them."""
    levels = tree.at(path)
    where: Path = (*path, next(iter(levels)) if isinstance(levels, Mapping) else _first_word(levels))
    word = str(where[-1]) if isinstance(levels, Mapping) else tree.texts.get(where, "")
    value = f'"{word}"' if isinstance(tree.at(where), bool) else word if _LEVEL.fullmatch(word) else "good"
    title = short(tree.texts.get(where, "") or word).replace("_", " ").capitalize() or "Good"
    title = title if isinstance(tree.at(where), str) else f'"{title}"'
    return Problem(
        tree.line(where),
        f"{name_of(tree, path)} are words alone; give each an anchor, on a line of its own: "
        f'- {{value: {value}, title: {title}, anchor: "what a draft of this level shows"}}',
    )


def _first_word(levels: tuple[object, ...]) -> int:
    return next(place for place, each in enumerate(levels) if not isinstance(each, Mapping))


def _misread(value: object, what: str) -> str | None:
    """What YAML made of unquoted text that was meant as text, in words; None where quotes would not help."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime.date) and what == "string_type":
        return "a date"
    if isinstance(value, int | float) and what == "string_type":
        return "a number"
    if isinstance(value, Unread):
        return "a broken number or date"
    return None


def _takes(path: Path) -> str:
    if isinstance(path[-1], int):
        known = MODELS.get(keys_on_the_way(path))
        return f"a mapping with {', '.join(_required(known[1]))}" if known else "one line of text"
    known = MODELS.get(keys_on_the_way(path)[:-1])
    fields = {each.alias or name: each for name, each in known[1].model_fields.items()} if known else {}
    return str(fields[path[-1]].description) if path[-1] in fields else "one line of text"


def _required(model: type[Frozen]) -> list[str]:
    return [info.alias or name for name, info in model.model_fields.items() if info.is_required()]


def _unknown_key(tree: MarkedTree, path: Path) -> str:
    known = [info.alias or name for name, info in MODELS[keys_on_the_way(path)[:-1]][1].model_fields.items()]
    owner, key = owner_of(tree, path[:-1]), str(path[-1])
    close = difflib.get_close_matches(short(key), known, n=1)
    way_out = f"write {close[0]}" if close else f"its keys are {', '.join(known)}"
    return f"{owner} has the unknown key {short(key)!r}; {way_out}"
