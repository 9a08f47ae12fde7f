"""What `make test` leaves to `make test-all`, and what it may not leave: each verb is met on PostgreSQL."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.support.short_run import FILES_LEFT, Named, all_verbs, is_twin, left_for_the_whole_run, name_of
from workflow.people import people
from workflow.people.people import add_person
from workflow.rounds import closing

TESTS = Path(__file__).resolve().parents[1]
# The design of a round says which of these `open_round` hands it to; tests marked for both databases open one of each kind.
BY_DESIGN = {"workflow.rounds.retest.open_retest", "workflow.rounds.calibration.open_calibration"}


def test_every_verb_is_met_on_postgresql(request):
    items = request.session.items
    collected = {item.path for item in items} | request.config.stash.get(FILES_LEFT, set())
    every = set(TESTS.rglob("test_*.py")) - set(TESTS.glob("deploy/*"))  # those have a target of their own
    if collected < every or request.config.option.keyword:
        pytest.skip("only some of the tests were asked for")
    named = Named()
    met = frozenset().union(*(named.by_item(item) for item in items if is_twin(item)))
    assert all_verbs() >= BY_DESIGN and "workflow.rounds.opening.open_round" in met
    assert all_verbs() - met - BY_DESIGN == set()


def by_its_name(engine):
    add_person(None, engine, "ana")


def by_its_module(engine):
    return people.sign_in(engine, 1), [closing.close_round(None, engine, name) for name in "ab"]


def through_another(engine):
    by_its_name(engine)


def by_another_name(engine):
    people.sign_in(engine, 1)


def by_two_names(engine):
    by_its_name(engine)
    by_another_name(engine)


def nothing(engine):
    return engine.closing.sign_in


class Item(SimpleNamespace):
    __eq__, __hash__ = object.__eq__, object.__hash__  # as those of pytest


def item(function, store="postgresql", marked=(), **parameters):
    return Item(
        function=function,
        callspec=SimpleNamespace(params={"store_url": store, **parameters}),
        get_closest_marker=lambda name: name in marked,
    )


@pytest.mark.parametrize(
    ("function", "verbs"),
    [
        (by_its_name, {"workflow.people.people.add_person"}),
        (by_its_module, {"workflow.people.people.sign_in", "workflow.rounds.closing.close_round"}),
        (through_another, {"workflow.people.people.add_person"}),
        (nothing, set()),
    ],
)
def test_the_verbs_a_test_names_are_found(function, verbs):
    assert Named().by_item(item(function)) == verbs
    assert Named().by_item(item(nothing, verb=function)) == verbs, "a function can be a parameter"


def test_of_the_halves_on_postgresql_stay_the_first_that_name_a_verb():
    first, second, third = item(by_its_name), item(through_another), item(by_its_module)
    assert left_for_the_whole_run([first, second, third]) == [second]
    assert left_for_the_whole_run([second, first, third]) == [first]


def test_one_half_that_names_many_verbs_stands_for_those_that_name_one_of_them_each():
    one, other, many = item(by_its_name), item(by_another_name), item(by_two_names)
    assert left_for_the_whole_run([one, other, many]) == [one, other]
    kept = item(by_two_names, marked=("both_databases",))
    assert left_for_the_whole_run([one, kept, other]) == [one, other], "what is marked stays, and counts"


def test_what_runs_on_sqlite_or_is_marked_is_never_left_out():
    kept = [item(by_its_name, store="sqlite"), *(item(by_its_name, marked=("both_databases",)) for _ in range(2))]
    assert left_for_the_whole_run(kept) == []
    assert left_for_the_whole_run([item(nothing, store=None)]) == []


def test_what_is_marked_for_the_whole_run_is_left_out_on_any_store():
    left = [item(by_its_name, store="sqlite", marked=("whole_run",)), item(by_its_name, marked=("whole_run",))]
    kept = item(by_its_name)
    assert left_for_the_whole_run([*left, kept]) == left


def test_whoever_leaves_a_test_to_the_whole_run_says_what_stands_in_its_place():
    source = "\n".join(path.read_text(encoding="utf-8") for path in TESTS.rglob("test_*.py"))
    marks = re.findall(r"^@pytest\.mark\.whole_run(.*)", source, re.MULTILINE)
    assert marks and all(re.fullmatch(r"\(\"\w+(,? [\w-]+){3,}\"\)", mark) for mark in marks), marks


def test_a_verb_is_named_by_its_dotted_name():
    assert name_of(add_person) in all_verbs()
    assert not {name for name in all_verbs() if name.rpartition(".")[2].startswith("_")}
