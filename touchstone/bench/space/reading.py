"""A space's file, read: YAML with the line of every entry, its shape, and what no single field can know."""

import difflib
import hashlib
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import pydantic

from touchstone.bench.space.enumerating import Enumerated
from touchstone.bench.space.filling import conditions, holes, task_of
from touchstone.bench.space.model import Space, SpaceFile
from touchstone.bench.tasks.sentences import Wrong, wrongs_of
from touchstone.bench.tasks.typed import WrongTask
from touchstone.errors import Problem, Refused
from touchstone.files.yaml_tree import FileKind, MarkedTree, Unreadable, read_marked

KIND = FileKind("docs/benchmark.md has a space to start from", "space, parameters, task")
OF_MAKING = ("task_id", "origin")  # of a task, what its row gives
MOST_PROBLEMS = 50
MOST_TRIED = 2_000  # rows that the template is tried on


class ReadSpace(NamedTuple):
    """A space's file: the space with its parts enumerated, or None and what is wrong, in line order."""

    enumerated: Enumerated | None
    problems: list[Problem]


def read_space(source: bytes) -> ReadSpace:
    """Read a space. Never raises on any bytes."""
    try:
        tree = read_marked(source, KIND)
    except Unreadable as wrong:
        return ReadSpace(None, [wrong.problem])
    problems = [*tree.problems]
    problems += [Problem(line, f"{path[-1]} stands here again; keep one") for path, line in tree.twice]
    try:
        file = SpaceFile.model_validate(tree.data)
    except pydantic.ValidationError as wrong:
        found = wrongs_of(SpaceFile, wrong.errors(include_url=False))
        return ReadSpace(None, _in_order([*problems, *(_placed(tree, each) for each in found)]))
    problems += [_placed(tree, each) for each in _clashing(file)]
    if problems:
        return ReadSpace(None, _in_order(problems))
    space = Space(file, hashlib.sha256(source).hexdigest())
    try:
        enumerated = Enumerated(space)
    except Refused as refused:
        return ReadSpace(None, [Problem(tree.line(("constraints",)), refused.sentence)])
    problems = [_placed(tree, each) for each in (*_wrong_cases(enumerated), *_wrong_tasks(enumerated))]
    return ReadSpace(None, _in_order(problems)) if problems else ReadSpace(enumerated, [])


def _placed(tree: MarkedTree, wrong: Wrong) -> Problem:
    path = wrong.path if wrong.path in tree.texts else wrong.path[:-1]  # a value may be written without the word value
    hint = f'; in quotes it is a word: "{tree.texts[path]}"' if isinstance(tree.at(path), bool) else ""
    return Problem(tree.line(path if hint else wrong.path), wrong.sentence + hint)


def _in_order(problems: list[Problem]) -> list[Problem]:
    ordered = sorted(dict.fromkeys(problems), key=lambda each: each.line or 0)
    rest = len(ordered) - MOST_PROBLEMS
    return ordered[:MOST_PROBLEMS] + ([Problem(None, f"and {rest:,} more; fix these first")] if rest > 0 else [])


def _clashing(file: SpaceFile) -> Iterator[Wrong]:
    keys = [each.key for each in file.parameters]
    for place, one in enumerate(file.parameters):
        if keys.index(one.key) != place:
            yield Wrong(("parameters", place, "key"), f"there is a parameter {one.key} above; give this one another key")
        values = [each.value for each in one.values]
        for own, value in enumerate(values):
            if values.index(value) != own:
                yield Wrong(("parameters", place, "values", own), f"{one.key} has the value {value} twice; leave one out")
        fills = [set(each.fills) for each in one.values]
        for own, names in enumerate(fills):
            if missing := sorted(set().union(*fills) - names):
                sentence = f"{one.key} {values[own]} has no {missing[0]}, which other values of {one.key} fill in; add it"
                yield Wrong(("parameters", place, "values", own), sentence)
    known = {one.key: [each.value for each in one.values] for one in file.parameters}
    for place, each in enumerate(file.constraints):
        for part in ("never", "when", "then"):
            yield from _unknown(getattr(each, part) or {}, known, ("constraints", place, part))
    for key in file.drawn:
        if key in known:
            yield Wrong(("drawn", key), f"{key} is a parameter already; give what is drawn another key")
    yield from _wrong_template(file, known)


def _unknown(given: Mapping[str, Any], known: Mapping[str, list[Any]], path: tuple[str | int, ...]) -> Iterator[Wrong]:
    for key, values in given.items():
        if key not in known:
            yield Wrong((*path, key), f"there is no parameter {key}; {_one_of(key, known)}")
            continue
        for value in values if isinstance(values, list | tuple) else (values,):
            if isinstance(value, bool) or value not in known[key]:
                yield Wrong((*path, key), f"{key} has no value {value}; {_one_of(str(value), map(str, known[key]))}")


def _one_of(word: str, known: Any) -> str:
    names = list(known)
    close = difflib.get_close_matches(word[:60], names, n=1)
    return f"did you mean {close[0]}?" if close else f"there are {', '.join(names[:12])}{' …' if len(names) > 12 else ''}"


def _wrong_template(file: SpaceFile, known: Mapping[str, list[Any]]) -> Iterator[Wrong]:
    names = {*known, *file.drawn, *(f"{one.key}.{name}" for one in file.parameters for each in one.values for name in each.fills)}
    for key in OF_MAKING:
        if key in file.task:
            yield Wrong(("task", key), f"{key} of a task comes of its row; leave it out")
    for path, name in holes(file.task):
        if name not in names:
            yield Wrong(("task", *path), f"there is nothing to fill {{{name}}} with; {_one_of(name, sorted(names))}")
    for path, given in conditions(file.task):
        if not isinstance(given, Mapping):
            yield Wrong(("task", *path), "if takes a mapping: values by parameter")
        else:
            yield from _unknown(given, known, ("task", *path))


def _wrong_cases(enumerated: Enumerated) -> Iterator[Wrong]:
    space = enumerated.space
    known = {one.key: [each.value for each in one.values] for one in space.parameters}
    seen: dict[object, int] = {}
    for place, case in enumerate(space.file.cases):
        if problems := list(_unknown(case, known, ("cases", place))):
            yield from problems
        elif missing := [key for key in space.keys if key not in case]:
            yield Wrong(("cases", place), f"case {place + 1} has no {missing[0]}; add a value for each parameter")
        elif (row := space.row_of(case)) is not None and not enumerated.is_valid(row):
            yield Wrong(("cases", place), f"case {place + 1} breaks a constraint; change it, or the constraint")
        elif row in seen:
            yield Wrong(("cases", place), f"case {place + 1} is case {seen[row]} again; leave one out")
        else:
            seen[row] = place + 1


def _wrong_tasks(enumerated: Enumerated) -> Iterator[Wrong]:
    """What the template makes, tried on rows in which every possible value occurs, and on the own ones."""
    space = enumerated.space
    rows = [
        enumerated.with_piece((column,), (int(place),))
        for column in range(len(space.sizes))
        for place in enumerated.possible((column,))
    ]
    for row in [*rows, *space.cases][:MOST_TRIED]:
        try:
            task_of(space, row)
        except WrongTask as wrong:
            where = ", ".join(f"{key} {value}" for key, value in space.values_of(row).items())[:200]
            yield from (Wrong(("task",), f"the template makes no task of {where}: {each}") for each in wrong.problems)
            return
