"""Held tasks that leak into train tasks are found by layer; what tasks have in common anyway is no leak."""

import json
import random
from collections import Counter

import pytest

from benchmarks.planted_leaks import LEAKS, LEAKS_OF_A_KIND, as_lines, planted
from tests.support.shared_input import SHARED, needs_shared
from tests.support.short_run import EVERYTHING
from touchstone.bench.keys import Key
from touchstone.bench.leaks.compared import ComparedTask, flat, without_numbers
from touchstone.bench.leaks.names import names_in
from touchstone.bench.leaks.near import alike_in
from touchstone.bench.leaks.reading import compared_tasks, origin_of
from touchstone.bench.leaks.report import FAILING, find_leaks
from touchstone.errors import Refused

WORDS = [
    "harbour",
    "lantern",
    "meadow",
    "copper",
    "velvet",
    "orchard",
    "thimble",
    "saddle",
    "walnut",
    "pepper",
    "ribbon",
    "candle",
    "basket",
    "anchor",
    "feather",
]


def task(name: str, text: str, **more) -> ComparedTask:
    return ComparedTask(name, {"text": text}, **more)


def others(number: int = 30) -> list[ComparedTask]:
    """Tasks that are alike in nothing but how they begin."""
    said = [" ".join(WORDS[(at * step + at) % len(WORDS)] + str(at) for step in range(1, 9)) for at in range(number)]
    return [task(f"o{at}", f"Dear team, please look at {said[at]}") for at in range(number)]


@pytest.mark.parametrize("seed", range(1, 9) if EVERYTHING else [7])
def test_planted_leaks_are_found_and_next_to_nothing_else(seed):
    made = planted(seed)
    train, held = (compared_tasks(as_lines(each), "tasks.jsonl") for each in (made.train, made.held))
    found = find_leaks(train, held)
    flagged = Counter(made.kind[each] for each in found.leaking)
    assert {kind: flagged[kind] for kind in ("exact", "renamed", "twin")} == dict.fromkeys(LEAKS[:3], LEAKS_OF_A_KIND)
    assert flagged["light"] >= 0.75 * LEAKS_OF_A_KIND
    assert flagged["clean"] + flagged["hard"] <= 0.02 * 150
    right = [each for each in found.pairs if each.layer in FAILING and made.source.get(each.held) == each.train]
    assert {made.kind[each.held] for each in right if each.rank == 1} >= set(LEAKS[:4])


@needs_shared
def test_twins_of_the_published_benchmark_are_named_though_their_numbers_differ():
    train, held = ([json.loads(line) for line in (SHARED / "seed" / f"tasks-{part}.jsonl").open()] for part in ("train", "dev"))

    def template(each: dict) -> tuple:
        given = each["input"]
        company = given["company_signal"].split("(")[0]
        return company, given["bench_summary"], given["prior_thread"], each["dimension"], each["difficulty"]

    known = {template(each): each["task_id"] for each in train}
    twins = {(each["task_id"], known[template(each)]) for each in held if template(each) in known}
    found = find_leaks(*(compared_tasks(as_lines(each), "tasks.jsonl") for each in (train, held)))
    assert len(twins) == 40
    assert twins <= {(each.held, each.train) for each in found.pairs if each.layer == "fields" and each.rank == 1}
    assert twins <= {(each.held, each.train) for each in found.pairs if each.layer == "list" and each.rank == 1}
    assert found.crossing["company_signal names the same after “company:”"] == 60


def test_equal_ids_origins_and_groups_are_leaks_whatever_the_text():
    train = [task("t1", "one", groups={"company": "Alder"}), task("t2", "two", origin="trace 7"), task("same", "three")]
    held = [
        task("h1", "four", groups={"company": "Alder"}),
        task("h2", "five", origin="trace 7"),
        task("same", "six"),
        task("h4", "seven", groups={"company": "Birch"}, origin="trace 8"),
    ]
    found = find_leaks(train, held)
    assert [(each.held, each.train, each.layer, each.why) for each in found.pairs] == [
        ("h1", "t1", "keys", "the same company: Alder (1 train task has it)"),
        ("h1", "t1", "list", "the nearest train task"),
        ("h2", "t2", "keys", "the same origin: trace 7 (1 train task has it)"),
        ("h2", "t2", "list", "the nearest train task"),
        ("same", "same", "keys", "the same id: same (1 train task has it)"),
        ("same", "same", "list", "the nearest train task"),
    ]
    assert found.leaking == ["h1", "h2", "same"]


def test_how_a_task_was_made_is_no_origin_but_what_it_was_made_from_is():
    assert origin_of({"method": "written", "by": "Ana"}) == "" == origin_of(None)
    assert origin_of({"method": "drafts", "trace": "ab12"}) == '{"trace": "ab12"}'
    assert origin_of({"method": "space", "space": "s", "values": {"a": 1}}) != origin_of({"space": "s", "values": {"a": 2}})
    assert origin_of(" trace 7 ") == "trace 7"


def test_what_most_tasks_share_is_no_leak():
    """A field of three values and a sentence that all tasks begin with are alike everywhere."""
    tasks = [each._replace(fields={**each.fields, "state": f"On call: team {at % 3}"}) for at, each in enumerate(others())]
    found = find_leaks(tasks[:20], tasks[20:])
    assert found.leaking == [] and found.in_layers["near"] == 0
    assert found.sentence.startswith("No leak was found in 10 held tasks against 20 train tasks")


def test_case_punctuation_and_numbers_do_not_hide_a_copy():
    train = others()
    copied = task("h", train[4].fields["text"].upper().replace(" ", " - "))
    found = find_leaks(train, [copied])
    assert {each.train for each in found.pairs if each.layer == "fields"} == {"o4"}
    assert without_numbers("Closed 124 days ago!") == "closed # days ago"
    assert without_numbers("$10M, 4") == ""


def test_a_name_after_the_same_words_is_found_and_a_first_word_is_none():
    ours = [f"Account: {name} Foods (plan {plan}). We wait." for name, plan in zip(WORDS, "abcabcabcabcabc", strict=True)]
    ours = [each.replace(name, name.title()) for each, name in zip(ours, WORDS, strict=True)]
    found = names_in(ours[:10], ours[10:])
    assert list(found) == ["account:"] and found["account:"].ours[0] == "harbour foods"
    spoken = [f"Customer: “{word.title()} is what we see and {word} it stays" for word in WORDS]
    assert names_in(spoken[:10], spoken[10:]) == {}


def test_a_near_copy_is_found_among_thousands_by_one_changed_word():
    rng = random.Random(1)
    words = [a + b for a in WORDS for b in WORDS]
    train = [" ".join(rng.choices(words, k=40)) for _ in range(3000)]
    held = " ".join([*train[1234].split()[:20], "silver", *train[1234].split()[21:]])
    (best, *_) = sorted(alike_in(train, [held]), key=lambda each: -each.alike)
    assert best.train == 1234 and best.why


@pytest.mark.parametrize("texts", [[""], ["ab"], ["", "abcdefgh"]])
def test_texts_too_short_to_compare_are_compared_with_nothing(texts):
    assert [each for each in alike_in(texts, ["ab", ""]) if each.why] == []
    assert find_leaks([], [task("h", "text")]).leaking == [] == find_leaks([task("t", "text")], []).leaking


def test_nested_fields_are_compared_by_path():
    assert flat({"a": {"b": 1}, "thread": [{"text": "x"}, {"text": "y"}], "none": None}) == {"a.b": "1", "thread.text": "x\ny"}


def test_a_key_is_what_a_pattern_finds():
    lines = as_lines([{"task_id": "1", "input": {"signal": "Company: Alder (A)"}, "groups": {"wave": 2}, "cluster": "c"}])
    (found,) = compared_tasks(lines, "t.jsonl", [Key("company", "signal", r"company: ([^(]+) \("), Key("no", "signal", "x+y")])
    assert found.groups == {"company": "Alder", "wave": "2", "cluster": "c"}


@pytest.mark.parametrize("source, said", [(b"{", "1 problem"), (b"", "holds no task"), (b'{"id": 1}', "1 problem")])
def test_a_file_without_tasks_is_refused(source, said):
    with pytest.raises(Refused, match=said):
        compared_tasks(source, "t.jsonl")


def test_an_id_with_two_contents_is_refused_and_the_same_line_twice_counts_once():
    one, other = as_lines([{"task_id": "1", "input": {"a": "x"}}]), as_lines([{"task_id": "1", "input": {"a": "y"}}])
    assert len(compared_tasks(one + one, "t.jsonl")) == 1
    with pytest.raises(Refused) as refused:
        compared_tasks(one + other, "t.jsonl")
    assert "task_id 1 is there before with different content" in str(refused.value.problems[0])
