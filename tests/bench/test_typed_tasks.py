"""Typed tasks: what they take, what they refuse with the field and the way out, and what they show."""

import csv
import json
from itertools import chain
from pathlib import Path

import pytest

from db.engine import reading
from db.store.bench import typed_tasks as stored
from tests.support.commands import done, refused
from tests.support.sample_store import RUBRIC
from tests.support.shared_input import SHARED
from tests.support.small_stores import change, people
from touchstone.bench.tasks import TypedTask, WrongTask
from touchstone.data.task_file import read_file
from touchstone.scorer.loading import load_rubric
from touchstone.scorer.scoring import Scorer
from workflow.data.task_import import import_tasks, imports_so_far
from workflow.data.undoing import undo_import
from workflow.maintenance.store_check import check_store

PROJECT = Path(__file__).resolve().parents[2]
KINDS = PROJECT / "sample/outreach/bench/kinds.jsonl"
SAMPLES = sorted((PROJECT / "sample").glob("*/tasks.jsonl"))
SEED = [SHARED / "seed" / f"tasks-{part}.jsonl" for part in ("train", "dev")]
DIGEST = "0" * 64


def records(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def kind(name: str) -> TypedTask:
    return next(TypedTask.read(each) for each in records(KINDS) if each["task_id"] == f"kind-{name}")


@pytest.mark.parametrize("path", [*SAMPLES, *SEED], ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_plain_task_is_a_typed_one_that_shows_the_same_and_is_stored_the_same(path):
    if not path.exists():
        pytest.skip("the shared folder is not here")
    for record, task in zip(records(path), read_file(path.read_bytes(), path.name).tasks, strict=True):
        typed = TypedTask.read(record)
        assert typed.as_input() == record["input"]
        made = typed.as_task()
        assert (made.input, made.source_mode, made.cluster, made.extra) == (
            task.input,
            task.source_mode,
            task.cluster,
            task.extra,
        )
        assert typed.origin.method == "imported", "what a file says of its source is not how the task was made"
        assert TypedTask.read(typed.as_document()) == typed


def test_the_thread_is_numbered_where_it_has_several_turns():
    shown = kind("multi-turn").as_input()
    assert list(shown) == ["company_signal", "bench_summary", "prior_thread"]
    assert [line.split(":")[0] for line in shown["prior_thread"].splitlines()] == [
        "Turn 1, Prospect, Odile, VP Engineering",
        "Turn 2, Our reply",
        "Turn 3, Prospect, Odile, VP Engineering",
    ]


def test_without_a_signal_its_field_is_there_and_empty():
    assert kind("no-signal").as_input()["company_signal"] == ""


def test_what_held_before_a_change_stands_in_a_field_of_its_own():
    shown = kind("change-mid-thread").as_input()
    assert list(shown) == ["company_signal", "bench_summary", "bench_summary_until_turn_2", "prior_thread"]
    assert "0 Go engineers" in shown["bench_summary"] and "2 Go engineers" in shown["bench_summary_until_turn_2"]


def test_the_shipped_rubric_scores_the_three_kinds_by_what_holds_at_the_end():
    rubric, problems = load_rubric((PROJECT / "rubric_versions/tenacious-v1.yml").read_bytes(), "tenacious-v1.yml")
    assert rubric is not None, problems
    scorer = Scorer(rubric)

    def level(name: str, text: str) -> object:
        task = kind(name).as_task()
        return scorer.score(text, task.input, task.extra).scores["bench_fit_alignment"].value

    commits = "Hi Tamsin,\n\nWe have 2 Go engineers who can start next week.\n\nShall we talk on Tuesday?"
    assert level("change-mid-thread", commits) == 0, "two engineers were there only until turn 2"
    asked = "Hi Odile,\n\nWe have 2 Rust engineers who can start next week.\n\nShall we talk on Tuesday?"
    assert level("multi-turn", asked) == 0
    task = kind("no-signal").as_task()
    scored = scorer.score("Hi,\n\nWould a short call next week help?", task.input, task.extra)
    assert "signal" in str(scored.scores["signal_grounding"].reason), "the rubric says that this cannot be judged without one"
    assert {key for key, each in scored.scores.items() if each.value is None} == {"signal_grounding"}


def test_a_signal_is_shown_with_its_confidence_and_age():
    task = TypedTask.read(
        {
            "task_id": "a",
            "signals": [
                {"field": "news", "name": "Stock", "value": 12, "confidence": 0.5, "age": 1},
                {"field": "news", "value": "a second one"},
                {"field": "count", "value": 3},
            ],
        }
    )
    assert task.as_input() == {"news": "Stock: 12 (confidence: 0.5, age: 1 day)\na second one", "count": 3}


SIGNAL = {"field": "news", "value": "x"}
WRONG = [
    ({}, "task_id is missing; add it: it takes an id on one line, of at most 200 characters"),
    ({"task_id": "a"}, "the task shows nothing: it has no fields, signals, states or thread; add one of them"),
    ({"task_id": "a", "signals": [{**SIGNAL, "value": True}]}, "value of signal 1 is true; it takes a text or a number"),
    (
        {"task_id": "a", "signals": [{**SIGNAL, "confidence": True}]},
        "confidence of signal 1 is true; it takes a number from 0 to 1",
    ),
    (
        {"task_id": "a", "signals": [{**SIGNAL, "confidence": 1.4}]},
        "confidence of signal 1 is 1.4; it takes a number from 0 to 1",
    ),
    ({"task_id": "a", "signals": [{**SIGNAL, "age": "3"}]}, "age of signal 1 is “3”; it takes a whole number of days, 0 or more"),
    ({"task_id": "a", "signals": [{**SIGNAL, "age": 3.0}]}, "age of signal 1 is 3.0; it takes a whole number of days, 0 or more"),
    ({"task_id": "a", "signals": "x"}, "signals is “x”; it takes a list of objects with field and value"),
    (
        {"task_id": "a", "signals": [SIGNAL], "no_signal": True},
        "no_signal is true, and there is 1 signal; leave out one or the other",
    ),
    ({"task_id": "a", "fields": ["x"], "no_signal": 1}, "no_signal is 1; it takes true or false"),
    (
        {"task_id": "a", "thread": [{"turn": 2, "text": "x"}]},
        "turn 2 stands at place 1 of the thread; number the turns 1, 2, 3 … in their order",
    ),
    (
        {"task_id": "a", "states": [{"field": "stock", "value": "2", "from_turn": 3}]},
        "the state stock holds from turn 3 on, and there is no thread; name a turn there is",
    ),
    (
        {"task_id": "a", "thread": [{"turn": 1, "text": "x"}], "states": [{"field": "stock", "value": "2", "from_turn": 1}]},
        "the state stock is not known before turn 1; add what holds from turn 0 on",
    ),
    (
        {"task_id": "a", "states": [{"field": "stock", "value": "2"}, {"field": "stock", "value": "3"}]},
        "two states of stock hold from turn 0 on; put them in the order of their turns",
    ),
    (
        {"task_id": "a", "signals": [SIGNAL], "states": [{"field": "news", "value": "2"}]},
        "news shows a signal and a state; give each a field of its own",
    ),
    (
        {"task_id": "a", "signals": [SIGNAL], "fields": ["other"]},
        "fields has no news, which the task fills; add it, or leave fields out",
    ),
    ({"task_id": "a", "signals": [SIGNAL], "fields": ["news", "news"]}, "fields has news twice; leave one out"),
    ({"task_id": "a", "signals": [SIGNAL], "signal": []}, "signal is an unknown field; did you mean signals?"),
    (
        {"task_id": "a", "signals": [SIGNAL], "source_mode": "adversarial"},
        "source_mode is an unknown field; how a task came to be follows from its origin alone: leave source_mode out",
    ),
    (
        {"task_id": "a", "signals": [SIGNAL], "origin": {"method": "magic"}},
        "method of origin is “magic”; it takes written, space, drafts, synthesis, adversarial or imported",
    ),
    (
        {"task_id": "a", "signals": [SIGNAL], "origin": {"method": "drafts", "trace": "f", "failed": ["tone"]}},
        "trace of origin is “f”; it takes a SHA-256: 64 of the characters 0-9 and a-f",
    ),
    (
        {"task_id": "a", "signals": [SIGNAL], "origin": {"method": "written", "space": "s"}},
        "space of origin is an unknown field; the fields are method, by",
    ),
    (
        {
            "task_id": "a",
            "signals": [SIGNAL],
            "origin": {
                "method": "synthesis",
                "run": "r",
                "generator": {"model": "m1", "family": "Heron"},
                "judge": {"model": "m2", "family": "heron"},
                "prompt": DIGEST,
                "criteria": DIGEST,
            },
        },
        "generator and judge are both of the family heron; a model that judges its own family's tasks lets more of them pass: "
        "name a judge of another family",
    ),
    (
        {"task_id": "a", "signals": [SIGNAL], "groups": {"company": True}},
        "company of groups is true; it takes an object: a word for each group",
    ),
]


@pytest.mark.parametrize(("document", "sentence"), WRONG, ids=lambda each: each[:40] if isinstance(each, str) else "")
def test_a_wrong_task_is_refused_with_the_field_the_value_and_the_way_out(document, sentence):
    with pytest.raises(WrongTask) as wrong:
        TypedTask.read(document)
    assert wrong.value.problems == (sentence,)


def test_everything_wrong_with_a_task_is_said_at_once():
    with pytest.raises(WrongTask) as wrong:
        TypedTask.read({"task_id": "a", "signals": [{"field": "f"}, {"value": 1}], "colour": "red"})
    assert len(wrong.value.problems) == 3


def test_typed_tasks_are_imported_beside_plain_ones_and_undone_with_their_import(engine):
    (ana,) = people(engine, "ana")
    lines = [*KINDS.read_text().splitlines(), json.dumps({"task_id": "plain", "input": {"news": "x"}})]
    made = import_tasks(ana, engine, "\n".join(lines).encode(), "kinds.jsonl")
    assert made.tasks_added == 4
    assert import_tasks(ana, engine, "\n".join(lines).encode(), "kinds.jsonl").tasks_known == 4
    with reading(engine) as connection:
        assert stored.counted_by_method(connection) == {"imported": 3, None: 1}
        assert set(stored.documents_of(connection, ["kind-no-signal", "plain"])) == {"kind-no-signal"}
    undo_import(ana, engine, imports_so_far(engine)[0].id)
    with reading(engine) as connection:
        assert stored.counted_by_method(connection) == {}


def test_a_file_with_a_wrong_typed_task_is_refused_with_its_line(sample_url, tmp_path):
    file = tmp_path / "tasks.jsonl"
    file.write_text(KINDS.read_text() + '{"task_id": "b", "signals": [{"field": "news", "value": true}]}\n')
    said = refused("import-tasks", file)
    assert "line 4: value of signal 1 is true; it takes a text or a number" in said
    file.write_text(KINDS.read_text())
    assert "3 tasks imported" in done("import-tasks", file)


def test_what_a_file_claims_of_its_making_is_counted_as_imported(engine):
    (ana,) = people(engine, "ana")
    claimed = {"method": "drafts", "trace": DIGEST, "failed": ["tone"]}
    import_tasks(ana, engine, json.dumps({"task_id": "a", "signals": [SIGNAL], "origin": claimed}).encode(), "t.jsonl")
    with reading(engine) as connection:
        assert stored.counted_by_method(connection) == {"imported": 1}


def test_a_store_with_typed_tasks_holds_together_and_says_when_a_document_was_changed(engine):
    (ana,) = people(engine, "ana")
    import_tasks(ana, engine, KINDS.read_bytes(), "kinds.jsonl")
    assert check_store(engine) == []
    change(engine, "UPDATE typed_tasks SET document = '{}'")
    assert "task kind-no-signal is no longer what was imported" in check_store(engine)


def test_the_shipped_kinds_are_scored_as_their_reader_says():
    """Of several turns, without a signal, with a change mid-thread: the drafts beside them get the levels beside them."""
    of_kinds = (("--tasks", KINDS), ("--drafts", KINDS.with_name("kinds-drafts.jsonl")))
    scored = [json.loads(line) for line in done("score", "--rubric", RUBRIC, *chain(*of_kinds)).splitlines()]
    given = {(each["draft_id"], key): score.get("value") for each in scored for key, score in each["scores"].items()}
    wanted = list(csv.DictReader(KINDS.with_name("kinds-levels.csv").open()))
    assert len({row["draft_id"] for row in wanted}) == 3
    assert {cell: value for cell, value in given.items() if value is not None} == {
        (row["draft_id"], row["dimension"]): int(row["value"]) for row in wanted
    }
    assert given["kind-no-signal-1", "signal_grounding"] is None, "what carries no signal cannot be judged on it"
