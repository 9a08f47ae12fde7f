"""The dimensions of a rubric being written: added, copied, moved and removed, with their scales, levels and rules of agreement.

Each verb changes one place of the unfinished version's file; dimensions and levels are named by their places, from 0.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from touchstone.errors import Refused
from touchstone.files import yaml_editing, yaml_places, yaml_writing
from touchstone.files.yaml_places import CannotPlace
from touchstone.files.yaml_tree import Path
from touchstone.rubric.making.pasted_levels import cut
from touchstone.rubric.making.scales import SCALES, scale_named_by
from touchstone.rubric.making.written_rubric import NewLevel, item_of, key_for, levels_of, scale_line, weights_line, with_scale
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.rubric.next_version import change, first_free, refuse_meanwhile
from workflow.rubric.unfinished_version import NAMED, Unfinished

_LEVEL_KEYS = {"value", "title", "anchor", "example"}


@verb
def add_dimension(person: Person, engine: sa.Engine, base: str, scale: str = "pass-fail") -> None:
    """Put a new dimension at the end, its words to be written."""

    def changed(found: Unfinished) -> str:
        key = first_free(f"dimension_{len(_keys(found)) + 1}", "_", _keys(found))
        return yaml_editing.add_raw_item(found.reads, ("dimensions",), item_of(with_scale(key, "", scale)))

    change(person, engine, base, changed)


@verb
def duplicate_dimension(person: Person, engine: sa.Engine, base: str, place: int) -> None:
    """Put a copy of a dimension right below it, under another key, without checks and what names them: a check has one place."""

    def changed(found: Unfinished) -> str:
        _refuse_gone(found, place)
        path: Path = ("dimensions", place)
        raw = "dimensions:\n" + yaml_writing.as_item(yaml_editing.raw_item(found.reads, path), yaml_writing.INDENT)
        raw = yaml_editing.put_raw_entries(raw, ("dimensions", 0), "", besides=NAMED)
        key = first_free(str(yaml_editing.text_at(raw, ("dimensions", 0, "key")) or "dimension"), "_", _keys(found))
        raw = yaml_editing.put_text(raw, ("dimensions", 0, "key"), key)
        source = yaml_editing.add_raw_item(found.reads, ("dimensions",), yaml_editing.raw_item(raw, ("dimensions", 0)))
        for number in range(len(_dimensions(found)), place + 1, -1):
            source = yaml_editing.move_item(source, ("dimensions", number), -1)
        return source

    change(person, engine, base, changed)


@verb
def move_dimension(person: Person, engine: sa.Engine, base: str, place: int, by: int) -> None:
    """Move a dimension one place up (`by` -1) or down (1)."""

    def changed(found: Unfinished) -> str:
        _refuse_gone(found, place)
        return yaml_editing.move_item(found.reads, ("dimensions", place), by)

    change(person, engine, base, changed)


@verb
def remove_dimension(person: Person, engine: sa.Engine, base: str, place: int) -> None:
    """Take a dimension out. Raises Refused for the only one."""

    def changed(found: Unfinished) -> str:
        _refuse_gone(found, place)
        if len(_dimensions(found)) == 1:
            raise Refused("a rubric has at least one dimension; add another before you remove this one")
        return yaml_editing.remove_item(found.reads, ("dimensions", place))

    change(person, engine, base, changed)


@verb
def keep_title(person: Person, engine: sa.Engine, base: str, place: int, words: str, *, was: str | None = None) -> None:
    """Keep a dimension's title; its key goes with it as long as it is the one made of the title, or of none."""
    text = " ".join(words.split())

    def changed(found: Unfinished) -> str:
        path: Path = ("dimensions", place)
        _refuse_gone(found, place)
        title, key = found.text((*path, "title")), found.text((*path, "key"))
        refuse_meanwhile(title, was, text)
        source = found.reads if title == text else yaml_editing.put_text(found.reads, (*path, "title"), text, after="key")
        if text and (key.startswith("dimension_") or key == key_for(title)):
            source = yaml_editing.put_text(source, (*path, "key"), key_for(text, [each for each in _keys(found) if each != key]))
        return source

    change(person, engine, base, changed)


@verb
def keep_rule(person: Person, engine: sa.Engine, base: str, place: int, entry: str, value: str | float) -> None:
    """Keep one entry of a dimension's rule of agreement: statistic, weights or threshold."""

    def changed(found: Unfinished) -> str:
        _refuse_gone(found, place)
        return _with_rule(found.reads, ("dimensions", place, "agreement", entry), value)

    change(person, engine, base, changed)


def _with_rule(source: str, path: Path, value: str | float) -> str:
    if isinstance(value, float):
        if yaml_editing.text_at(source, path) is not None:
            return yaml_editing.put_number(source, path, value)
        return yaml_editing.put_entry(source, path, f"{path[-1]}: {value}")
    if path[-1] != "weights" or yaml_editing.text_at(source, path) == value:
        return yaml_editing.put_text(source, path, value)
    try:
        return yaml_editing.put_entry(source, path, weights_line(value))
    except CannotPlace:  # within braces, where no comment stands
        return yaml_editing.put_text(source, path, value)


@verb
def keep_weight(person: Person, engine: sa.Engine, base: str, place: int, weight: float | None) -> None:
    """Keep a dimension's share of the final score; None: it has no part in it."""

    def changed(found: Unfinished) -> str:
        _refuse_gone(found, place)
        path: Path = ("dimensions", place, "weight")
        if weight is None:
            return yaml_editing.put_entry(found.reads, path, "")
        if yaml_editing.text_at(found.reads, path) is not None:
            return yaml_editing.put_number(found.reads, path, weight)
        return yaml_editing.put_entry(found.reads, path, f"weight: {weight}")

    change(person, engine, base, changed)


@verb
def set_scale(person: Person, engine: sa.Engine, base: str, place: int, scale: str) -> None:
    """Give a dimension a ready scale. A level that both have keeps its words; going over to named levels keeps all of them."""

    def changed(found: Unfinished) -> str:
        levels, path, ready = _levels(found, place), ("dimensions", place), SCALES[scale]
        source = found.reads
        if scale.startswith("named-"):
            new = [each if isinstance(each.value, str) else each._replace(value=cut(each.title)) for each in levels]
            new = new if len({each.value for each in new}) == len(new) > 1 else [NewLevel(*each) for each in ready.levels]
        else:
            new = _with_words_of(levels, scale)
        was_ordinal = found.text((*path, "scale")) == "ordinal"
        source = yaml_editing.put_entry(source, (*path, "levels"), levels_of(new))
        if ready.is_ordinal is not was_ordinal:
            source = yaml_editing.put_entry(source, (*path, "scale"), scale_line(is_ordinal=ready.is_ordinal))
            source = _with_rule(source, (*path, "agreement", "weights"), ready.weights)
        return source

    change(person, engine, base, changed)


def _with_words_of(levels: Sequence[NewLevel], scale: str) -> list[NewLevel]:
    """The levels of a ready scale, each with the words that one of its value has; a title nobody changed is the scale's."""
    was = scale_named_by([each.value for each in levels], is_ordinal=all(isinstance(each.value, int) for each in levels))
    ready = dict(SCALES[was].levels) if was in SCALES else {}
    mine = {each.value: each for each in levels}
    made: list[NewLevel] = []
    for value, title in SCALES[scale].levels:
        there = mine.get(value)
        if there is None:
            made.append(NewLevel(value, title))
        else:
            made.append(there._replace(title=title) if there.title == ready.get(value) else there)
    return made


@verb
def add_level(person: Person, engine: sa.Engine, base: str, place: int) -> None:
    """Put one more level at the end of a dimension's."""

    def more(levels: list[NewLevel]) -> list[NewLevel]:
        values = [each.value for each in levels]
        numbers = [value for value in values if isinstance(value, int)]
        if not numbers:
            return [*levels, NewLevel(first_free(f"level_{len(levels) + 1}", "_", values), f"Level {len(levels) + 1}")]
        step = -1 if len(numbers) > 1 and numbers[0] > numbers[-1] else 1
        return [*levels, NewLevel(numbers[-1] + step, f"Level {numbers[-1] + step}")]

    _change_levels(person, engine, base, place, more)


@verb
def remove_level(person: Person, engine: sa.Engine, base: str, place: int, number: int) -> None:
    """Take one level out of a dimension. Raises Refused where only two are left."""

    def without(levels: list[NewLevel]) -> list[NewLevel]:
        if len(levels) <= 2:
            raise Refused("a dimension has at least two levels; add another before you remove this one")
        return levels[:number] + levels[number + 1 :]

    _change_levels(person, engine, base, place, without)


@verb
def move_level(person: Person, engine: sa.Engine, base: str, place: int, number: int, by: int) -> None:
    """Move one level of a dimension up (`by` -1) or down (1)."""

    def moved(levels: list[NewLevel]) -> list[NewLevel]:
        if not 0 <= number + by < len(levels):
            return levels
        levels[number], levels[number + by] = levels[number + by], levels[number]
        return levels

    _change_levels(person, engine, base, place, moved)


def _change_levels(
    person: Person, engine: sa.Engine, base: str, place: int, made: Callable[[list[NewLevel]], list[NewLevel]]
) -> None:
    def changed(found: Unfinished) -> str:
        levels = made(_levels(found, place))
        return yaml_editing.put_entry(found.reads, ("dimensions", place, "levels"), levels_of(levels))

    change(person, engine, base, changed)


def _levels(found: Unfinished, place: int) -> list[NewLevel]:
    """The levels of a dimension as they are written. Raises Refused where something is in them that would be lost."""
    _refuse_gone(found, place)
    levels = yaml_places.tree_of(found.reads).at(("dimensions", place, "levels")) or ()
    if not isinstance(levels, tuple) or not all(map(_is_whole, levels)):
        raise Refused(f"the levels of dimension no. {place + 1} cannot all be read; mend them in the whole file first")
    return [NewLevel(each["value"], *(each.get(key) or "" for key in ("title", "anchor", "example"))) for each in levels]


def _is_whole(level: Any) -> bool:
    return (
        isinstance(level, Mapping)
        and set(level) <= _LEVEL_KEYS
        and isinstance(level.get("value"), int | str)
        and not isinstance(level["value"], bool)
        and all(isinstance(level.get(key) or "", str) for key in ("title", "anchor", "example"))
    )


def _dimensions(found: Unfinished) -> tuple[Any, ...]:
    dimensions = yaml_places.tree_of(found.reads).at(("dimensions",))
    return dimensions if isinstance(dimensions, tuple) else ()


def _keys(found: Unfinished) -> list[str]:
    return [str(each.get("key")) for each in _dimensions(found) if isinstance(each, Mapping)]


def _refuse_gone(found: Unfinished, place: int) -> None:
    if not 0 <= place < len(_dimensions(found)):
        raise Refused("that dimension is gone: another window removed it, so nothing was saved; choose one from the list")
