"""Which tests the short run (`make test`) leaves to the whole one (`make test-all`).

A test marked `whole_run` is left; its words say what stands in the short run in its place. A test that asks for a store runs on
SQLite and again on PostgreSQL. Of the second halves as few stay in the short run as name every verb: a public function of
workflow/ or db/ that takes an engine. All that a test calls is looked at, with its fixtures, its parameters and the functions
beside it; a test that is about PostgreSQL itself (it has no half on SQLite) and one marked `both_databases` stay as well.
tests/whole/test_short_run.py holds that no verb is left out.
"""

import importlib
import inspect
import os
import pkgutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import pytest

FILES_LEFT = pytest.StashKey[set[Path]]()  # of a run: the files of the tests it leaves
EVERYTHING = os.environ.get("TOUCHSTONE_TESTS") == "all"
PACKAGES = ("workflow", "db")


def some(cases: Sequence[Any], every: int = 4) -> Sequence[Any]:
    """All cases of a slow test in the whole run, every fourth in the short one."""
    return cases if EVERYTHING else cases[::every]


def is_verb(value: Any) -> bool:
    return (
        isinstance(value, FunctionType)
        and value.__module__.split(".")[0] in PACKAGES
        and not value.__name__.startswith("_")
        and "engine" in inspect.signature(value).parameters
    )


def name_of(verb: FunctionType) -> str:
    return f"{verb.__module__}.{verb.__qualname__}"


def all_verbs() -> set[str]:
    """Every verb of workflow/, by its dotted name."""
    package = importlib.import_module("workflow")
    modules = [importlib.import_module(each.name) for each in pkgutil.walk_packages(package.__path__, "workflow.")]
    return {
        name_of(value)
        for module in modules
        for value in vars(module).values()
        if is_verb(value) and value.__module__ == module.__name__
    }


def names_in(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from names_in(inner)


class Named:
    """The verbs that functions of the tests name, each looked at once."""

    def __init__(self) -> None:
        self.seen: dict[FunctionType, frozenset[str]] = {}

    def by_item(self, item: pytest.Item) -> frozenset[str]:
        functions = [getattr(item, "function", None)]
        definitions = item._fixtureinfo.name2fixturedefs if hasattr(item, "_fixtureinfo") else {}
        functions += [chosen.func for name in getattr(item, "fixturenames", ()) for chosen in definitions.get(name, ())[-1:]]
        parameters = getattr(item, "callspec", None)
        functions += list(parameters.params.values()) if parameters else []
        return frozenset().union(*(self.by_value(each) for each in functions))

    def by_value(self, value: Any) -> frozenset[str]:
        """Of a verb, itself; of a function of the tests, all it names. Lists of functions are looked into."""
        if isinstance(value, list | tuple):
            return frozenset().union(*(self.by_value(each) for each in value))
        if is_verb(value):
            return frozenset((name_of(value),))
        value = inspect.unwrap(value) if callable(value) else value
        if not isinstance(value, FunctionType) or not value.__module__.startswith(("tests.", "test_")):
            return frozenset()
        if value not in self.seen:
            self.seen[value] = frozenset()  # one that calls itself
            self.seen[value] = frozenset().union(*(self.by_value(each) for each in reached(value)))
        return self.seen[value]


def reached(function: FunctionType) -> Iterator[Any]:
    """What the function's names stand for: values of its module, and attributes of the modules of ours among them."""
    names = set(names_in(function.__code__))
    for name in names:
        value = function.__globals__.get(name)
        if isinstance(value, ModuleType) and value.__name__.split(".")[0] in PACKAGES:
            yield from (vars(value).get(each) for each in names)
        else:
            yield value


def is_twin(item: pytest.Item) -> bool:
    parameters = getattr(item, "callspec", None)
    return bool(parameters) and "postgresql" in (parameters.params.get("store_url"), parameters.params.get("empty_url"))


def left_for_the_whole_run(items: list[pytest.Item]) -> list[pytest.Item]:
    """The tests that the short run leaves out, in the order of the tests."""
    named = Named()
    marked = {item for item in items if item.get_closest_marker("whole_run")}
    twins = {item: named.by_item(item) for item in items if item not in marked and is_twin(item)}
    kept = [item for item in twins if item.get_closest_marker("both_databases")]
    kept += meeting_all({item: verbs for item, verbs in twins.items() if item not in kept}, [twins[item] for item in kept])
    return [item for item in items if item in marked or (item in twins and item not in kept)]


def meeting_all(verbs_of: dict[pytest.Item, frozenset[str]], met_before: Sequence[frozenset[str]]) -> list[pytest.Item]:
    """A few tests that name all verbs which these tests name: time and again the one that names most of those not met yet, the
    first of equals."""
    chosen: list[pytest.Item] = []
    unmet = frozenset().union(*verbs_of.values()).difference(*met_before)
    while unmet:
        chosen.append(max(verbs_of, key=lambda item: len(verbs_of[item] & unmet)))
        unmet -= verbs_of[chosen[-1]]
    return chosen
