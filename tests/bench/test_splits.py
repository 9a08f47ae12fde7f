"""Splits have exact sizes, no group crosses, and strata are as even as the groups let them be."""

import itertools
import json
import random
from dataclasses import replace

import pytest

from benchmarks.planted_leaks import as_lines
from tests.bench.spaces import REPAIRS
from tests.support.commands import done, run, sentence
from tests.support.shared_input import SHARED, needs_shared
from tests.support.short_run import EVERYTHING
from tests.support.small_stores import jsonl, people, rows
from touchstone.bench.keys import read_key
from touchstone.bench.splits.asked import SplitDesign, read_sizes, split
from touchstone.bench.splits.splitting import SplitTask, joined, split_tasks
from touchstone.data.task import Task
from touchstone.data.task_file import read_file
from touchstone.errors import Refused
from workflow.bench.spaces import make_tasks, space_in
from workflow.bench.splits import split_tasks_of, use_split
from workflow.data.task_import import import_tasks

COMPANY = r"company=company_signal:Company: ([^(]+) \("


def tasks_of(groups: str, strata: str = "") -> list[SplitTask]:
    """A task a letter: of the group of that letter, and of the stratum below it."""
    return [
        SplitTask(f"t{at}", {"k": letter}, {"s": below} if below else {})
        for at, (letter, below) in enumerate(itertools.zip_longest(groups, strata, fillvalue=""))
    ]


def check(tasks, made, sizes) -> None:
    of = list(made.partition.values())
    assert {name: of.count(name) for name in sizes} == dict(sizes)
    for key in {key for task in tasks for key in task.keys}:
        crossing = {(task.keys[key], made.partition[task.id]) for task in tasks if task.keys.get(key)}
        assert len({value for value, _ in crossing}) == len(crossing)


def test_sizes_are_exact_groups_whole_and_strata_even():
    tasks = tasks_of("aabbccddee", "xyxyxyxyxy")
    made = split_tasks(tasks, {"train": 6, "dev": 4})
    check(tasks, made, {"train": 6, "dev": 4})
    assert made == made._replace(groups=5, off=0.0, is_best=True)


@pytest.mark.parametrize("seed", range(20 if EVERYTHING else 5))
def test_no_other_choice_of_groups_is_more_even(seed):
    """Every choice there is, tried one by one."""
    rng = random.Random(seed)
    tasks = tasks_of("".join(rng.choices("abcdefg", k=14)), "".join(rng.choices("xyz", k=14)))
    groups, sizes = joined(tasks), {"one": 8, "other": 6}
    best = None
    for chosen in itertools.product((0, 1), repeat=len(groups)):
        of = {at: part for group, part in zip(groups, chosen, strict=True) for at in group}
        if sum(of.values()) != 6:
            continue
        off = sum(
            abs(sum(of[at] == part for at, task in enumerate(tasks) if task.strata["s"] == s) - size * n / 14) / 2
            for s in "xyz"
            for n in [sum(task.strata["s"] == s for task in tasks)]
            for part, size in enumerate(sizes.values())
        )
        best = off if best is None else min(best, off)
    if best is None:
        with pytest.raises(Refused, match="cannot be split by these keys"):
            split_tasks(tasks, sizes)
        return
    made = split_tasks(tasks, sizes)
    check(tasks, made, sizes)
    assert made.off == pytest.approx(best) and made.is_best


def test_tasks_joined_through_others_are_one_group_and_an_empty_value_joins_nothing():
    tasks = [
        SplitTask("1", {"a": "x", "b": "p"}, {}),
        SplitTask("2", {"a": "x", "b": "q"}, {}),
        SplitTask("3", {"a": "y", "b": "q"}, {}),
        SplitTask("4", {"a": "", "b": ""}, {}),
        SplitTask("5", {"a": "", "b": ""}, {}),
    ]
    assert joined(tasks) == [[0, 1, 2], [3], [4]]


@pytest.mark.parametrize(
    "groups, sizes, said",
    [
        (
            "aaab",
            {"one": 2, "other": 2},
            "2 groups of 4 tasks, the largest of 3 and 1, and no choice of them has exactly 2 and 2",
        ),
        ("aabbcc", {"one": 3, "other": 3}, "cannot be split by these keys: k makes 3 groups"),
        ("ab", {"one": 2, "other": 1}, "the sizes 2/1 are 3 tasks, and there are 2"),
    ],
)
def test_what_the_groups_leave_no_split_for_is_said(groups, sizes, said):
    with pytest.raises(Refused, match=said):
        split_tasks(tasks_of(groups), sizes)


def test_values_that_differ_in_case_or_spaces_alone_are_named():
    names = ("c1", "C1", "c1 ", "c2", "c3", "c4")
    tasks = [Task(f"t{at}", {"c": "x"}, cluster=name) for at, name in enumerate(names)]
    made = split(tasks, SplitDesign(["cluster"], {"train": 3, "held_out": 3}))
    said = "cluster differs in case or spaces alone, and is split as different groups: “C1”, “c1” and “c1 ”"
    assert list(made.notes) == made.as_json()["notes"] == [said]
    assert split(tasks[3:], SplitDesign(["cluster"], {"train": 2, "held_out": 1})).notes == ()
    many = [Task(f"t{at}", {"c": f"{'cC'[at % 2]}{at // 2}"}) for at in range(12)]
    assert split(many, SplitDesign(["c"], {"train": 6, "held_out": 6})).notes[0].endswith("“C3” and “c3”; and 2 more such values")


def test_pairs_that_leaked_are_not_parted_and_pairs_join_through_others():
    tasks = [Task(f"t{at}", {"c": "abcdef"[at]}) for at in range(6)]
    pairs = [("t0", "t1"), ("t3", "t1"), ("t4", "t5"), ("t0", "t1")]
    of = split(tasks, SplitDesign(["c"], {"train": 3, "held_out": 3}, together=pairs)).split.partition
    assert of["t0"] == of["t1"] == of["t3"] != of["t2"] == of["t4"] == of["t5"]
    with pytest.raises(Refused, match="c and what leaks make 2 groups"):
        split(tasks, SplitDesign(["c"], {"train": 3, "held_out": 3}, together=[*pairs, ("t2", "t0")]))
    with pytest.raises(Refused, match="no task is called t9"):
        split(tasks, SplitDesign(["c"], {"train": 3, "held_out": 3}, together=[("t0", "t9")]))


def test_of_a_project_only_the_tasks_made_by_some_methods_are_split(engine):
    (lead,) = people(engine, "lead")
    import_tasks(lead, engine, jsonl(*({"task_id": f"source-{at}", "input": {"c": "x"}} for at in range(3))), "sources.jsonl")
    made = make_tasks(lead, engine, space_in(REPAIRS.encode(), "repairs.yml"), REPAIRS.encode())
    number = len(made.remade.added)
    wheels = sum(each.groups["part"] == "wheel" for each in made.remade.added)
    design = SplitDesign(["part"], {"train": number - wheels, "held_out": wheels}, methods=("space",))
    of = split_tasks_of(lead, engine, design).split.partition
    assert use_split(lead, engine, of, design.methods) == number
    assert dict(rows(engine, "SELECT partition, count(*) FROM tasks GROUP BY partition")) == {
        None: 3,
        "train": number - wheels,
        "held_out": wheels,
    }
    with pytest.raises(Refused, match="no task made by drafts to split"):
        split_tasks_of(lead, engine, replace(design, methods=("drafts",)))


@needs_shared
def test_the_published_benchmark_splits_by_company_and_not_by_all_that_crosses():
    source = b"".join((SHARED / "seed" / f"tasks-{part}.jsonl").read_bytes() for part in ("train", "dev"))
    tasks, keys = read_file(source, "tasks.jsonl").tasks, [read_key(COMPANY)]
    design = SplitDesign(["company"], read_sizes("80/48/32"), ["dimension", "difficulty", "source_mode"], keys, seconds=5)
    made = split(tasks, design)
    of = made.split.partition
    companies = [{keys[0].value(task.input) for task in tasks if of[task.task_id] == name} for name in design.sizes]
    assert made.split.groups == 40 and not set.intersection(*companies)
    assert list(map(len, companies)) == [20, 12, 8]
    with pytest.raises(Refused, match=r"company and bench_summary\+prior_thread\+dimension make 5 groups of 160 tasks"):
        split(tasks, SplitDesign(["company", "bench_summary+prior_thread+dimension"], read_sizes("100/40/20"), keys=keys))


@pytest.mark.parametrize(
    "written, names, said",
    [
        ("100", [], "write the number of tasks of each partition"),
        ("1/x", [], "write the number"),
        ("1/2", ["a", "a"], "2 sizes need as many names"),
        ("1/2", ["a", "../b"], "a partition cannot be called '../b'"),
    ],
)
def test_sizes_that_are_none_are_refused(written, names, said):
    with pytest.raises(Refused, match=said):
        read_sizes(written, names)


def test_the_command_prints_the_partitions_and_writes_a_file_each(tmp_path):
    lines = [{"task_id": f"t{at}", "input": {"c": "abc"[at // 2]}, "difficulty": "easy", "note": at} for at in range(6)]
    (tmp_path / "tasks.jsonl").write_bytes(as_lines(lines))
    asked = ("bench split", tmp_path / "tasks.jsonl", "--by", "c", "--sizes", "4/2")
    found = json.loads(done(*asked, "--strata", "difficulty", "--to", tmp_path / "out", "--json"))
    assert found["strata"] == {"difficulty: easy": {"train": 4, "held_out": 2}} and found["groups"] == 3
    held = [json.loads(line) for line in (tmp_path / "out" / "held_out.jsonl").open()]
    assert [each["task_id"] for each in held] == found["partitions"]["held_out"]
    assert held[0]["partition"] == "held_out" and "note" in held[0]
    assert "6 tasks in 3 groups: 4 train and 2 held_out; no group crosses" in done(*asked)
    leaking = [("t0", "t2", "keys"), ("t2", "t4", "near"), ("nowhere", "t5", "list")]
    pairs = [dict(zip(("held", "train", "layer"), each, strict=True)) for each in leaking]
    (tmp_path / "leaks.json").write_text(json.dumps({"pairs": pairs}))
    assert "c and what leaks make 1 group of 6 tasks" in sentence(*asked, "--together", tmp_path / "leaks.json")
    assert "tasks.jsonl has no pairs as a check for leaks tells them" in sentence(*asked, "--together", tmp_path / "tasks.jsonl")
    assert "out is there already, and nothing is written over it; name a new one" in run(*asked, "--to", tmp_path / "out").stderr
    assert sentence(*asked[:3], "company", *asked[4:]) == "no task has company; there are c, difficulty"
