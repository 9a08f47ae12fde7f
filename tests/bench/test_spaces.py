"""A parameter space: what is valid, what is covered, counted against brute force; tasks made of it, and made again."""

import json
import time
from itertools import combinations, product
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.bench.spaces import REPAIRS, refused, space
from touchstone.bench.space.coverage import corners, coverage_of
from touchstone.bench.space.covering import cover
from touchstone.bench.space.enumerating import Enumerated
from touchstone.bench.space.filling import task_of
from touchstone.bench.space.reading import read_space
from touchstone.bench.space.remaking import remake
from touchstone.bench.tasks import TypedTask
from touchstone.errors import Refused


def brute_rows(found: Enumerated) -> list[tuple[int, ...]]:
    """Every valid row, by asking each constraint of each row in plain Python."""

    def holds(row: dict) -> bool:
        for each in found.space.file.constraints:

            def all_of(wanted: dict) -> bool:
                return all(row[key] in values for key, values in wanted.items())

            if each.never is not None and all_of(each.never):
                return False
            if each.when is not None and all_of(each.when) and not all_of(each.then):
                return False
        return True

    rows = product(*(range(size) for size in found.space.sizes))
    return [row for row in rows if holds(found.space.values_of(row))]


def combined(rows: list, strength: int) -> set:
    return {
        (columns, tuple(row[each] for each in columns)) for row in rows for columns in combinations(range(len(rows[0])), strength)
    }


def made_of(sizes: list[int], constraints: list[dict]) -> Enumerated | None:
    parameters = [{"key": f"p{number}", "values": list(range(size))} for number, size in enumerate(sizes)]
    task = {"signals": [{"field": "shown", "value": " ".join(f"{{{each['key']}}}" for each in parameters)}]}
    document = {"space": "any", "parameters": parameters, "constraints": constraints, "task": task}
    text = yaml.safe_dump(document)
    return read_space(text.encode()).enumerated


@st.composite
def spaces_with_constraints(draw):
    sizes = draw(st.lists(st.integers(2, 4), min_size=3, max_size=5))

    def some(keys):
        return {f"p{key}": draw(st.lists(st.integers(0, sizes[key] - 1), min_size=1, max_size=2, unique=True)) for key in keys}

    constraints = []
    for _ in range(draw(st.integers(0, 3))):
        keys = draw(st.lists(st.integers(0, len(sizes) - 1), min_size=2, max_size=3, unique=True))
        constraints.append({"never": some(keys)} if draw(st.booleans()) else {"when": some(keys[:1]), "then": some(keys[1:])})
    return sizes, constraints


@settings(max_examples=60, deadline=None)
@given(spaces_with_constraints(), st.integers(1, 3))
def test_valid_rows_possible_combinations_and_what_covers_them_are_those_of_brute_force(drawn, strength):
    found = made_of(*drawn)
    if found is None:
        return  # no row is valid
    rows = brute_rows(found)
    assert found.valid_rows == len(rows)
    possible = combined(rows, strength)
    made = cover(found, strength)
    assert set(made.rows) <= set(rows) and len(set(made.rows)) == len(made.rows)
    assert combined(list(made.rows), strength) == possible
    assert (made.coverage.possible, made.coverage.found, made.coverage.missing) == (len(possible), len(possible), ())
    half = list(made.rows)[::2]
    counted = coverage_of(found, half, strength)
    assert (counted.possible, counted.found) == (len(possible), len(combined(half, strength)))
    assert len(counted.missing) == counted.possible - counted.found


def test_fifty_thousand_rows_are_counted_and_covered_in_moments():
    constraints = [
        {"when": {"p0": [0]}, "then": {"p1": [0, 1]}},
        {"never": {"p2": [3], "p3": [0]}},
        {"when": {"p4": [0], "p5": [0]}, "then": {"p6": [1]}},
    ]
    found = made_of([4, 3, 4, 5, 4, 4, 3, 6], constraints)
    begun = time.process_time()
    made = cover(found, 2)
    assert time.process_time() - begun < 2
    assert found.rows == 69_120 and found.valid_rows == len(brute_rows(found)) > 50_000
    assert made.coverage.found == made.coverage.possible > 400
    assert len(made.rows) < 50, "about as many as the two largest parameters have pairs"


def test_the_same_space_gives_the_same_rows_each_time():
    assert cover(space(), 2).rows == cover(space(), 2).rows


def test_a_row_becomes_a_task_with_its_holes_filled_and_its_origin():
    found = space()
    row = found.space.row_of({"part": "brake", "wear": "heavy", "days": 9, "rider": "commuter"})
    task = task_of(found.space, row)
    assert task.as_input()["report"] == "Seen: a crack on the brake (age: 9 days)"
    assert task.signals[0].age == 9 and task.expected == {"must_say_days": 9}, "a hole alone keeps the kind of its value"
    assert task.groups == {"part": "brake"}
    assert (task.origin.method, task.origin.own) == ("space", False)
    assert task.origin.values == {"part": "brake", "wear": "heavy", "days": 9, "rider": "commuter"}


def test_a_row_without_its_signal_says_so():
    found = space()
    row = found.space.row_of({"part": "brake", "wear": "none", "days": 2, "rider": "courier"})
    assert task_of(found.space, row).no_signal is True


def test_own_cases_come_first_and_count():
    found = space()
    made = remake(found, 2)
    assert made.tasks[0].origin.own is True
    assert made.tasks[0].origin.values["wear"] == "heavy"
    all_pairs = made.covering.coverage.possible
    assert made.covering.coverage.sentence == f"{all_pairs} of {all_pairs} possible pairs are covered"


def test_tasks_made_again_keep_their_ids_and_own_cases_whatever_was_added_to_the_space():
    first = remake(space(), 2)
    written = TypedTask.read({"task_id": "mine", "signals": [{"field": "report", "value": "A squeak"}]})
    more = REPAIRS.replace("values: [brake, chain, wheel]", "values: [brake, chain, wheel, saddle]")
    again = remake(space(more), 2, [written, *first.tasks])
    assert again.own == (written,)
    assert [each.task_id for each in again.kept] == [each.task_id for each in first.tasks]
    assert (again.dropped, again.changed) == ((), ())
    assert again.added and all(each.origin.values["part"] == "saddle" for each in again.added)
    assert again.covering.coverage.found == again.covering.coverage.possible
    assert remake(space(more), 2, again.tasks).added == ()


def test_rows_that_a_space_has_no_more_are_dropped_and_changed_words_are_named():
    first = remake(space(), 2)
    fewer = REPAIRS.replace("values: [brake, chain, wheel]", "values: [chain, wheel]")
    again = remake(space(fewer), 2, first.tasks)
    assert set(again.dropped) == {each.task_id for each in first.tasks if each.origin.values["part"] == "brake"}
    other = remake(space(REPAIRS.replace("has the {part} in stock", "is out of the {part}")), 2, first.tasks)
    assert set(other.changed) == {each.task_id for each in first.tasks}


def test_corners_say_how_many_rows_have_each_combination():
    found = space()
    rows = cover(found, 2).rows
    counted = corners(found, rows, (0, 1))
    pairs = product(("brake", "chain", "wheel"), ("light", "heavy", "none"))
    assert {tuple(each.values.values()) for each in counted} == set(pairs) - {("chain", "none")}
    assert sum(each.rows for each in counted) == len(rows)


# What in REPAIRS is replaced, by what, and what is said then.
WRONG = [
    (
        "space: repairs",
        "space: R!",
        "line 1: space is “R!”; it takes a name: lower-case letters, digits and -, starting with a letter",
    ),
    ("strength: 2", "strength: true", 'line 2: strength is true; it takes a number from 1 to 4; in quotes it is a word: "true"'),
    ("strength: 2", "strenght: 2", "line 2: strenght is an unknown field; did you mean strength?"),
    ("key: rider", "key: part", "line 11: there is a parameter part above; give this one another key"),
    ("[2, 9]", "[2, 2]", "line 10: days has the value 2 twice; leave one out"),
    (
        "[courier, commuter]",
        "[courier, no]",
        'line 11: value of value 2 of parameter 4 is false; it takes a word or a number; in quotes it is a word: "no"',
    ),
    ("{part: chain, wear: none}", "{part: chains, wear: none}", "line 13: part has no value chains; did you mean chain?"),
    ("never: {part:", "never: {parts:", "line 13: there is no parameter parts; did you mean part?"),
    (
        "{rider: courier}, then",
        "{rider: courier}, never",
        "line 14: a constraint has never, or when and then; write one of these",
    ),
    ("days: 9, rider: commuter}", "days: 9}", "line 17: case 1 has no rider; add a value for each parameter"),
    ("part: wheel, wear: heavy", "part: chain, wear: none", "line 17: case 1 breaks a constraint; change it, or the constraint"),
    ("{shop} has", "{shops} has", "line 22: there is nothing to fill {shops} with; did you mean shop?"),
    ("fills: {line: a crack}", "fills: {}", "line 8: wear heavy has no line, which other values of wear fill in; add it"),
    ("task:\n", "task:\n  task_id: x\n", "line 19: task_id of a task comes of its row; leave it out"),
    ("drawn: {shop", "drawn: {part: [x], shop", "line 15: part is a parameter already; give what is drawn another key"),
]


@pytest.mark.parametrize(("old", "new", "sentence"), WRONG, ids=range(len(WRONG)))
def test_a_wrong_space_is_refused_with_the_line_the_value_and_the_way_out(old, new, sentence):
    assert old in REPAIRS
    assert sentence in refused(REPAIRS.replace(old, new, 1))


@pytest.mark.parametrize("text", ["", "- a", "space: [", "\0", "a: &x [*x]"])
def test_what_is_no_space_at_all_is_one_sentence(text):
    assert len(refused(text)) == 1


def test_a_template_that_makes_no_task_is_said_with_the_row():
    (said,) = refused(REPAIRS.replace('age: "{days}"', 'age: "{part}"'))
    assert "the template makes no task of part brake" in said and "age of signal 1 is “brake”" in said


def test_constraints_that_leave_nothing_are_said():
    (said,) = refused(REPAIRS.replace("{part: chain, wear: none}", "{part: [brake, chain, wheel]}"))
    assert "no row is valid: the constraints on part leave no values" in said


def test_what_is_too_large_is_refused_and_not_sampled():
    many = made_of([30] * 30, [])
    assert many.valid_rows == 30**30, "parts that are not tied are counted without being enumerated"
    with pytest.raises(Refused, match="at most 20,000 are covered"):
        cover(many, 2)
    with pytest.raises(Refused, match="at most 2,000,000 are counted"):
        coverage_of(many, [], 4)
    with pytest.raises(Refused, match="strength 3 takes 3 parameters"):
        coverage_of(made_of([2, 2], []), [], 3)
    assert made_of([40] * 5, [{"never": {f"p{each}": [0] for each in range(5)}}]) is None, "40^5 rows are tied together"


def test_the_shipped_space_is_covered():
    path = Path(__file__).resolve().parents[2] / "sample/outreach/bench/space.yml"
    read = read_space(path.read_bytes())
    assert read.problems == []
    made = remake(read.enumerated, 2)
    assert made.covering.coverage.found == made.covering.coverage.possible
    assert json.loads(made.tasks[0].as_line())["origin"]["own"] is True
