"""The sentences for entries of the wrong shape: pydantic's errors as a line, the thing, the value, the way out."""

import datetime
import difflib
import re

from pydantic_core import ErrorDetails

from touchstone.errors import Problem
from touchstone.files.yaml_tree import MarkedTree, Path, Unread, short
from touchstone.rubric.entry_names import MODELS, given_value, keys_on_the_way, name_of, owner_of
from touchstone.rubric.scoring_model import Frozen

_NUMBER = re.compile(r"0|-?[1-9][0-9]{0,3}|0?\.[0-9]{1,9}")


def is_miscounted(tree: MarkedTree, detail: ErrorDetails) -> bool:
    """Pydantic calls a list too short when entries of it are wrong; those are reported themselves."""
    return detail["type"] == "too_short" and len(tree.at(detail["loc"])) >= detail["ctx"]["min_length"]


def shape_problem(tree: MarkedTree, detail: ErrorDetails) -> Problem:
    """A pydantic error as a line and a sentence: the thing, the value, the way out."""
    path: Path = detail["loc"]
    what, line = detail["type"], tree.line(path)
    if what == "missing":
        return Problem(line, f"{owner_of(tree, path[:-1])} has no {path[-1]}; add {path[-1]}: with {_takes(path)}")
    if what == "extra_forbidden":
        return Problem(line, _unknown_key(tree, path))
    thing, given, value = name_of(tree, path), given_value(tree, path), tree.at(path)
    if what == "too_short" and value:
        return Problem(line, f"{thing} has only {len(value)}; it must be {_takes(path)}")
    if what in ("greater_than_equal", "less_than_equal") and _takes(path) == "a number between 0 and 1":
        return Problem(line, f"{thing} is {given}; it must lie between 0 and 1")
    if what in ("string_type", "level_value") and (reads_as := _misread(value, what)):
        return Problem(line, f'{thing} is {given}, which YAML reads as {reads_as}; quote it: "{given}"')
    if what in ("level_value", "int_type", "float_type") and isinstance(value, str) and _NUMBER.fullmatch(value):
        return Problem(line, f'{thing} is "{value}" in quotes; write {value} without them')
    if isinstance(value, str) and "\n" in value.strip():
        given = "written over several lines"
    return Problem(line, f"{thing} is {given}; it must be {_takes(path)}")


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
