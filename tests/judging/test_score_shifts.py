"""How far two scores are apart: figures by hand, what a constant has, people's order, and the command."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.commands import document, done, sentence
from touchstone.errors import Refused
from touchstone.judging.shifts.score_file import ScoreColumns, read_scores
from touchstone.judging.shifts.score_shifts import beside_people, order_with, score_shift
from touchstone.judging.shifts.table import HEADER, cells

OLD = [0.5, 0.5, 0.25, 0.75, 0.5, 0.4]
NEW = [0.75, 0.5, 0.5, 0.5, 1.0, 0.6]
TASKS = ["a", "b", "c", "d", "e", "f"]


def test_a_shift_is_the_mean_difference_with_what_lies_beside_it():
    shift = score_shift("new − old", NEW, OLD, TASKS, top=1.0)
    assert shift.mean.value == pytest.approx((0.25 + 0 + 0.25 - 0.25 + 0.5 + 0.2) / 6)
    assert shift.mean.low < shift.mean.value < shift.mean.high
    assert (shift.higher, shift.equal, shift.lower, shift.constant_higher) == (4, 1, 1, 6)
    assert shift.apart == pytest.approx(1.45 / 6) and shift.constant_apart == pytest.approx((0.25 + 0.25 + 0.1) / 6)
    assert shift.correlation == pytest.approx(np.corrcoef(NEW, OLD)[0, 1])
    assert score_shift("new − old", NEW, OLD, TASKS, top=1.0) == shift, "the same scores, the same draws"


def test_p_is_that_of_every_way_to_draw_the_signs():
    apart = np.array(NEW) - OLD
    every = [abs(np.dot(signs, apart)) >= abs(apart.sum()) - 1e-9 for signs in product((1, -1), repeat=len(apart))]
    assert score_shift("x", NEW, OLD, TASKS).p == pytest.approx(np.mean(every), abs=0.01)


def test_texts_of_one_task_are_drawn_and_signed_together():
    rng = np.random.default_rng(0)
    of_task = rng.normal(0, 1, 12)
    new, clusters = np.repeat(of_task, 30), np.repeat([f"t{at}" for at in range(12)], 30)
    together, alone = (score_shift("x", new, np.zeros(360), own) for own in (clusters, [str(at) for at in range(360)]))
    assert together.mean.value == pytest.approx(alone.mean.value) and (together.clusters, alone.clusters) == (12, 360)
    wide, narrow = (each.mean.high - each.mean.low for each in (together, alone))
    assert wide > 3 * narrow and together.p > alone.p


def test_the_highest_score_throughout_has_the_largest_shift_and_says_nothing_of_people():
    rng = np.random.default_rng(1)
    people = rng.integers(0, 4, 60).astype(float)
    tasks = [str(at) for at in range(60)]
    old = people / 3 * 0.5 + rng.normal(0, 0.05, 60)
    constant = beside_people("constant − old", np.ones(60), old, tasks, people)
    good = beside_people("good − old", old - 0.3, old, tasks, people)
    assert constant.shift.mean.value > 0 > good.shift.mean.value and constant.shift.p < 0.001
    assert constant.new_order.value == 0.5 and good.new_order == good.old_order and good.new_order.value > 0.9
    assert "a shift is no quality" in constant.sentence and "further off" in constant.sentence
    assert "neither nearer nor further off" in good.sentence


def test_order_is_that_of_every_two_texts_of_two_tasks():
    people, scores, tasks = [0, 1, 2, 2, 1, 0, 2], [0.1, 0.3, 0.2, 0.9, 0.3, 0.3, 0.0], [*"aabcdef"]
    hits = [
        1.0 if (scores[i] - scores[j]) * (people[i] - people[j]) > 0 else 0.5 if scores[i] == scores[j] else 0.0
        for i in range(7)
        for j in range(i)
        if people[i] != people[j] and tasks[i] != tasks[j]
    ]
    found = order_with(people, scores, tasks)
    assert found.value == pytest.approx(np.mean(hits)) and found.low <= found.value <= found.high
    assert order_with([1] * 7, scores, tasks).reason == "people give every text one score"
    assert order_with(people[:4], scores[:4], tasks[:4]).reason == "fewer than 5 tasks"


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1), st.sampled_from("abcdefgh")), min_size=1, max_size=30))
def test_a_shift_turned_about_is_the_same_with_the_other_sign(rows):
    one, other, tasks = zip(*rows, strict=True)
    there, back = score_shift("x", one, other, tasks), score_shift("x", other, one, tasks)
    assert (there.higher, there.lower) == (back.lower, back.higher) and there.apart == pytest.approx(back.apart)
    assert (there.mean.value is None) == (there.clusters < 5) == (there.p is None)
    if there.p is not None:
        assert there.mean.value == pytest.approx(-back.mean.value) and 0 < there.p <= 1
        assert there.mean.low <= there.mean.value <= there.mean.high


def test_without_people_it_is_said_that_quality_cannot_be():
    made = beside_people("judge − scorer", NEW, OLD, TASKS)
    assert made.sentence.endswith("whether it is nearer to people cannot be said: no label of a person is there.")
    assert len(cells(made)) == len(HEADER) and cells(made)[-1] == "no label of a person is there"
    few = beside_people("x", NEW[:3], OLD[:3], TASKS[:3], NEW[:3])
    assert few.sentence == "x: undefined: fewer than 5 tasks." and "too few tasks" in cells(few)


def test_scores_are_read_from_columns_and_what_is_no_number_is_named_by_its_line():
    columns = ScoreColumns("judge", "scorer", "mean", "task")
    found = read_scores(b"task,judge,scorer,mean\na,.5,.4,1\na,1,,2\nb,1,0,3\n", "s.csv", columns)
    assert (found.new, found.old, found.people, found.clusters) == ((0.5, 1.0), (0.4, 0.0), (1.0, 3.0), ("a", "b"))
    assert found.left_out == 1
    for content, said in (
        (b"task,judge\na,1\n", "no column scorer or mean; the header has task and judge"),
        (b"task,judge,scorer,mean\na,,,\n", "no row with judge, scorer and mean"),
        (b"task,judge,scorer,mean\na,x,1,nan\n", "2 problems"),
    ):
        with pytest.raises(Refused, match=said):
            read_scores(content, "s.csv", columns)
    with pytest.raises(Refused, match="new and old are both judge"):
        read_scores(b"judge\n1\n", "s.csv", ScoreColumns("judge", "judge"))


def test_the_command_prints_the_shift_and_why_it_is_no_quality(tmp_path):
    file = tmp_path / "scores.csv"
    lines = [f"t{at},{0.5 + at % 3 / 10},{0.4},{at % 3}" for at in range(12)]
    file.write_text("\n".join(["task,judge,scorer,mean", *lines]))
    told = ("judge shifts", str(file), "--new", "judge", "--old", "scorer", "--people", "mean", "--cluster", "task")
    said = " ".join(done(*told).split())
    assert "judge − scorer: 12 texts of 12 tasks" in said and "a shift is no quality" in said and ": nearer." in said
    found = document(*told, "--json")
    assert (found["n"], found["order_with_people"]["new"]["value"], found["order_with_people"]["old"]["value"]) == (12, 1.0, 0.5)
    assert "no column other" in sentence("judge shifts", str(file), "--new", "judge", "--old", "other")
