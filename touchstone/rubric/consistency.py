"""What one field of a rubric file cannot know: entries that clash, weights that do not sum to 1, levels out of order.

An entry of the wrong shape is passed over: the shape is reported by itself.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pydantic

from touchstone.english import many
from touchstone.errors import Problem
from touchstone.files.yaml_tree import MarkedTree, Path, short
from touchstone.rubric.entry_names import given_value, kind_of_entry, name_of
from touchstone.rubric.model import Dimension, Level

WORDS_ON_A_BUTTON = 4
WEIGHTS_TOLERANCE = 1e-6
MOST_CHECKS = 250  # each is proven by its own texts, beside all that it asks for: time grows with more than their number


def consistency_problems(tree: MarkedTree) -> Iterator[Problem]:
    """What one field cannot know. An entry of the wrong shape is passed over: that is reported already."""
    for path, line in tree.twice:
        said = f"{name_of(tree, path)} appears twice (first on line {tree.lines[path]})"
        yield Problem(line, f"{said}; keep one")
    for part in ("fields", "dimensions", "facts", "tasks"):
        keys = (((part, place, "key"), tree.at((part, place, "key"))) for place in range(len(_entries(tree, part))))
        yield from _repeated(tree, ((path, key) for path, key in keys if isinstance(key, str)))
    kinds = tree.at(("numbers", "kinds"))
    paths = [("numbers", "kinds", place, "key") for place in range(len(kinds) if isinstance(kinds, tuple) else 0)]
    yield from _repeated(tree, ((path, key) for path in paths if isinstance(key := tree.at(path), str)))
    raw = _entries(tree, "dimensions")
    yield from _too_many_checks(tree, raw)
    yield from _weights_that_do_not_sum(tree, raw)
    dimensions: list[tuple[int, Dimension]] = []
    for place, entry in enumerate(raw):
        try:
            dimensions.append((place, Dimension.model_validate(entry)))
        except pydantic.ValidationError:
            continue
    for place, dimension in dimensions:
        yield from _dimension_problems(tree, ("dimensions", place), dimension)
    yield from _alias_clashes(tree, dimensions)


def _too_many_checks(tree: MarkedTree, dimensions: tuple[Any, ...]) -> Iterator[Problem]:
    paths = [
        ("dimensions", place, "checks", number)
        for place, entry in enumerate(dimensions)
        if isinstance(entry, Mapping) and isinstance(checks := entry.get("checks"), tuple)
        for number in range(len(checks))
    ]
    if len(paths) > MOST_CHECKS:
        has = f"the file has {many(len(paths), 'check')}; at most {MOST_CHECKS} are taken"
        yield Problem(tree.line(paths[MOST_CHECKS]), f"{has}: list more tokens in one check")


def _entries(tree: MarkedTree, key: str) -> tuple[Any, ...]:
    entries = tree.data.get(key)
    return entries if isinstance(entries, tuple) else ()


def _repeated(tree: MarkedTree, values: Iterable[tuple[Path, Any]]) -> Iterator[Problem]:
    first: dict[Any, Path] = {}
    for path, value in values:
        if value in first:
            yield Problem(
                tree.line(path),
                f"{name_of(tree, path)} is {given_value(tree, path)}, as on line {tree.line(first[value])}; "
                f"give each {kind_of_entry(path[:-1])} its own",
            )
        first.setdefault(value, path)


def _weights_that_do_not_sum(tree: MarkedTree, raw: tuple[Any, ...]) -> Iterator[Problem]:
    """Weights are the shares of a final score: a dimension that is scored has one, and those given sum to 1."""
    given = {place: entry["weight"] for place, entry in enumerate(raw) if isinstance(entry, Mapping) and "weight" in entry}
    for place, entry in enumerate(raw):
        if isinstance(entry, Mapping) and entry.get("scoring") and given.get(place) is None:
            yield Problem(
                tree.line(("dimensions", place)),
                f"{name_of(tree, ('dimensions', place))} is scored and has no weight; add weight: with a number between 0 and 1, "
                "its share of the final score",
            )
    weights = {place: weight for place, weight in given.items() if weight is not None}
    if not weights or any(map(_is_odd, weights.values())):
        return  # said already, weight by weight
    total = sum(weights.values())
    if abs(total - 1) > WEIGHTS_TOLERANCE:
        written = " + ".join(tree.texts[("dimensions", place, "weight")] for place in weights)
        yield Problem(
            tree.line(("dimensions",)), f"the weights sum to {total:.7g} ({written}); change them so that they sum to 1"
        )


def _is_odd(weight: object) -> bool:
    """Whether what is written as a weight is none between 0 and 1."""
    return weight is not None and (not isinstance(weight, int | float) or isinstance(weight, bool) or not 0 <= weight <= 1)


def _dimension_problems(tree: MarkedTree, path: Path, dimension: Dimension) -> Iterator[Problem]:
    yield from _repeated(tree, (((*path, "levels", place, "value"), value) for place, value in enumerate(dimension.values)))
    for place, level in enumerate(dimension.levels):
        yield from _level_problems(tree, (*path, "levels", place), level, dimension.key)
    yield from _order_problems(tree, (*path, "levels"), dimension)
    if dimension.scale == "nominal" and dimension.agreement.weights != "unweighted":
        yield Problem(
            tree.line((*path, "agreement", "weights")),
            f"weights of {dimension.key} is {dimension.agreement.weights}, but a nominal scale has no distances; "
            "write unweighted, or scale: ordinal",
        )
    elif dimension.agreement.by == "value":
        yield from _by_value_problems(tree, (*path, "agreement", "by"), dimension)


def _by_value_problems(tree: MarkedTree, path: Path, dimension: Dimension) -> Iterator[Problem]:
    if dimension.agreement.weights == "unweighted":
        yield Problem(
            tree.line(path),
            f"by of {dimension.key} is value, but unweighted agreement counts no distance; write weights: linear or quadratic, "
            "or leave by out",
        )
    if words := [value for value in dimension.values if isinstance(value, str)]:
        yield Problem(
            tree.line(path),
            f"by of {dimension.key} is value, but its level {words[0]} is no number; give the levels numbers for values, or "
            "write by: position",
        )


def _level_problems(tree: MarkedTree, path: Path, level: Level, dimension: str) -> Iterator[Problem]:
    written = tree.texts[(*path, "value")]
    if isinstance(level.value, int) and written != str(level.value):
        yield Problem(
            tree.line((*path, "value")),
            f"value of a level of {dimension} is {short(written)}, which YAML reads as {level.value}; write {level.value}",
        )
    words = len(level.title.split())
    if words > WORDS_ON_A_BUTTON:
        yield Problem(
            tree.line((*path, "title")),
            f"title of level {level.value} of {dimension} has {many(words, 'word')}; "
            f"it is a button's label: use at most {WORDS_ON_A_BUTTON} and say the rest in the anchor",
        )


def _order_problems(tree: MarkedTree, path: Path, dimension: Dimension) -> Iterator[Problem]:
    key, values = dimension.key, dimension.values
    numbers = [value for value in values if isinstance(value, int)]
    if numbers and len(numbers) < len(values):
        yield Problem(tree.line(path), f"levels of {key} mix numbers and words; use only numbers or only words")
    elif numbers and dimension.scale == "ordinal" and numbers != sorted(numbers, reverse=numbers[0] > numbers[-1]):
        yield Problem(
            tree.line(path),
            f"levels of {key} are in the order {', '.join(map(str, values))}; its scale is ordinal: "
            "put them in order, or write scale: nominal",
        )


def _alias_clashes(tree: MarkedTree, dimensions: list[tuple[int, Dimension]]) -> Iterator[Problem]:
    keys = {dimension.key: tree.line(("dimensions", place, "key")) for place, dimension in dimensions}
    aliases: dict[str, tuple[str, int]] = {}
    for place, dimension in dimensions:
        for number, alias in enumerate(dimension.aliases):
            line = tree.line(("dimensions", place, "aliases", number))
            said = f"alias {short(alias)} of {dimension.key}"
            if alias == dimension.key:
                yield Problem(line, f"{said} is its own key; leave it out")
            elif alias in keys:
                yield Problem(line, f"{said} is the key of another dimension (line {keys[alias]}); leave one out")
            elif alias in aliases:
                other, first = aliases[alias]
                yield Problem(line, f"{said} is an alias of {other} already (line {first}); leave one out")
            aliases.setdefault(alias, (dimension.key, line))
