"""A check of a rubric being written, entry by entry as a form has them: words, numbers and lists, and the facts they look up."""

from typing import Any

import sqlalchemy as sa

from touchstone.errors import Refused
from touchstone.files import yaml_editing, yaml_places
from touchstone.files.yaml_tree import Path
from touchstone.files.yaml_writing import in_flow, listed_entry
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.rubric.next_version import change, first_free, refuse_meanwhile
from workflow.rubric.unfinished_version import CheckPlace, Unfinished, check_in, list_in

Entry = str | int | list[str] | None
FACT = """\
key: {key}
from: ""         # the field of a task's input that it is read from
kind: number     # name, word, number, amount, counts or phrases
patterns: []
"""
# What only checks of some kinds have: taken out where a check becomes one of another kind.
_OF_KINDS = {
    "tokens": {"phrase", "regex", "fact"},
    "exceptions": {"phrase", "regex", "fact"},
    "max": {"length"},
    "min": {"length"},
    "fact": {"fact", "token"},
    "compare": {"fact"},
    "differs": {"fact"},
}


@verb
def keep_check_entry(
    person: Person, engine: sa.Engine, base: str, key: str, check: CheckPlace, entry: str, value: Entry, *, was: str | None = None
) -> None:
    """Keep one entry of a check; None takes it out. `was`: what stood in its box, a list item by line. Raises Refused where
    something else stands there by now, and for a check within braces."""

    def changed(found: Unfinished) -> str:
        return _kept(found, (*check_in(found, key, check), entry), value, was)

    change(person, engine, base, changed)


@verb
def keep_check_kind(person: Person, engine: sa.Engine, base: str, key: str, check: CheckPlace, kind: str) -> None:
    """Make a check one of another kind: what that kind does not have goes, what it needs is there to be filled in."""

    def changed(found: Unfinished) -> str:
        path = check_in(found, key, check)
        source = _with(found.reads, (*path, "extends"), kind)
        for entry, kinds in _OF_KINDS.items():
            if kind not in kinds:
                source = _with(source, (*path, entry), None)
        if kind in _OF_KINDS["tokens"] and yaml_places.tree_of(source).at((*path, "tokens")) is None:
            source = _with(source, (*path, "tokens"), [])
        return source

    change(person, engine, base, changed)


@verb
def add_fact(person: Person, engine: sa.Engine, base: str, key: str, check: CheckPlace) -> None:
    """Put a new fact into the file, to be filled in, and let the check compare with it."""

    def changed(found: Unfinished) -> str:
        name = first_free("fact", "_", {each.get("key") for each in list_in(found.reads, (), "facts") if isinstance(each, dict)})
        raw = FACT.format(key=name)
        source = yaml_editing.add_raw_item(found.reads, ("facts",), raw)
        return _with(source, (*check_in(found, key, check), "fact"), name)

    change(person, engine, base, changed)


@verb
def keep_fact_entry(
    person: Person, engine: sa.Engine, base: str, fact: str, entry: str, value: Entry, *, was: str | None = None
) -> None:
    """Keep one entry of a fact, which is named by its key. `was` as in `keep_check_entry`."""
    change(person, engine, base, lambda found: _kept(found, (*_fact_in(found, fact), entry), value, was))


@verb
def keep_example_task(person: Person, engine: sa.Engine, base: str, field: str, words: str, *, was: str | None = None) -> None:
    """Keep what one input field of the file's first example task says: texts of fact checks are tried with it. `was` as in
    `keep_check_entry`."""

    def changed(found: Unfinished) -> str:
        refuse_meanwhile(found.text(("tasks", 0, "input", field)), was, words)
        if not list_in(found.reads, (), "tasks"):
            return yaml_editing.add_raw_item(found.reads, ("tasks",), f"key: example\ninput: {in_flow({field: words})}\n")
        there = yaml_places.tree_of(found.reads).at(("tasks", 0, "input"))
        now = {**(there if isinstance(there, dict) else {}), field: words}
        return yaml_editing.put_entry(found.reads, ("tasks", 0, "input"), f"input: {in_flow(now)}\n")

    change(person, engine, base, changed)


def _fact_in(found: Unfinished, fact: str) -> Path:
    for place, each in enumerate(list_in(found.reads, (), "facts")):
        if isinstance(each, dict) and each.get("key") == fact:
            return ("facts", place)
    raise Refused(f"there is no fact {fact} any more: another window removed it or renamed it, so nothing was saved")


def _kept(found: Unfinished, path: Path, value: Entry, was: str | None) -> str:
    refuse_meanwhile(_by_line(yaml_places.tree_of(found.reads).at(path)), was, _by_line(value))
    return _with(found.reads, path, value)


def _by_line(value: Any) -> str:
    """A value as its box shows it."""
    return "\n".join(map(str, value)) if isinstance(value, list | tuple) else "" if value is None else str(value)


def _with(source: str, path: Path, value: Entry) -> str:
    """The source with another value of an entry, or without it."""
    if value is None:
        return yaml_editing.put_entry(source, path, "")
    there = yaml_places.tree_of(source).at(path)
    if there == (tuple(value) if isinstance(value, list) else value):
        return source
    if isinstance(value, str) and yaml_editing.text_at(source, path) is not None:
        return yaml_editing.put_text(source, path, value)
    if isinstance(value, int) and yaml_editing.text_at(source, path) is not None:
        return yaml_editing.put_number(source, path, value)
    return yaml_editing.put_entry(source, path, listed_entry(str(path[-1]), value))
