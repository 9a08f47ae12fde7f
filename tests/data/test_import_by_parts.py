"""A file taken by parts is what the same file in hand is: what is stored, what is said, what is refused, whole or not at all."""

import json
import random

import pytest

from tests.support.small_stores import draft, jsonl, people, rows, stock, task
from touchstone.errors import Refused
from workflow.data import import_by_parts as by_parts
from workflow.data import task_import

OF_KIND = {"tasks": task_import.import_tasks, "drafts": task_import.import_drafts}
CONTENT = {
    "tasks": "SELECT task_id, partition, cluster, digest, input FROM tasks ORDER BY 1",
    "drafts": "SELECT draft_id, task, author, digest, text FROM drafts ORDER BY 1",
    "imports": "SELECT file_name, digest, tasks_added, drafts_added FROM imports ORDER BY id",
}


@pytest.fixture(autouse=True)
def small_parts(monkeypatch):
    monkeypatch.setattr(by_parts, "AT_ONCE", 3)


def content_of(engine) -> dict:
    return {name: rows(engine, query) for name, query in CONTENT.items()}


def taken(how, *args, **more) -> object:
    try:
        return how(*args, **more)
    except Refused as refused:
        return refused.sentence, [str(each) for each in refused.problems]


def both(engines, tmp_path, source: bytes, kind: str, **more) -> tuple:
    """What each way of importing gives in a store of its own, with what is stored then."""
    (one, ana), (other, ben) = engines
    path = tmp_path / "made.jsonl"
    path.write_bytes(source)
    whole = taken(OF_KIND[kind], ana, one, source, "made.jsonl", **more)
    parts = taken(by_parts.import_by_parts, ben, other, path, kind, **more)
    return (whole, content_of(one)), (parts, content_of(other))


@pytest.fixture
def two(sqlite_engine, tmp_path):
    from db.engine import migrate, open_engine

    other = open_engine(f"sqlite:///{tmp_path / 'other.db'}")
    migrate(other)
    yield [(engine, people(engine, "ana")[0]) for engine in (sqlite_engine, other)]
    other.dispose()


def plain(number: int) -> dict:
    return {"id": f"p{number}", "text": f"A plain text {number}.", "kind": "note"}


FILES = {
    "tasks": [task(n, plan="free") for n in range(1, 9)],
    "the same task twice in a part": [task(1), task(1), task(2)],
    "the same task again in a later part": [task(1), task(2), task(3), task(4), task(1)],
    "plain texts": [plain(n) for n in range(7)],
    "nothing": [],
    "a bad line at the end": [*(task(n) for n in range(1, 8)), {"task_id": "t9"}],
    "a draft among tasks": [*(task(n) for n in range(1, 6)), draft(1)],
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_tasks_by_parts_is_the_file_in_hand(two, tmp_path, name):
    whole, parts = both(two, tmp_path, jsonl(*FILES[name]), "tasks")
    assert parts == whole
    again = both(two, tmp_path, jsonl(*FILES[name]), "tasks")
    assert again[0][1] == again[1][1]
    # Once all is stored, parts do not tell which tasks an earlier one had: what comes twice is known twice, a draft is refused.
    if name not in ("the same task again in a later part", "a draft among tasks"):
        assert again[0] == again[1]


def test_drafts_of_tasks_that_are_stored_or_are_not(two, tmp_path):
    for engine, person in two:
        stock(engine, person, 5)
    new = [draft(n, draft_id=f"e{n}", text=f"Another {n}") for n in range(1, 6)]
    for records in (new, [*new, draft(99, draft_id="e99")], [draft(n) for n in range(1, 6)]):
        whole, parts = both(two, tmp_path, jsonl(*records), "drafts")
        assert parts == whole


def test_a_file_of_drafts_may_hold_their_tasks_and_no_others(two, tmp_path):
    mixed = [*(task(n) for n in range(1, 6)), *(draft(n) for n in range(1, 6))]
    for records in (mixed, [*mixed, task(9), task(10)]):
        whole, parts = both(two, tmp_path, jsonl(*records), "drafts")
        assert parts == whole


def test_what_differs_from_an_earlier_part_is_refused_and_nothing_is_stored(two, tmp_path):
    records = [*(task(n) for n in range(1, 6)), task(1, cluster="other")]
    (whole, _), (parts, content) = both(two, tmp_path, jsonl(*records), "tasks")
    assert whole[0] == parts[0]
    assert parts[1] == ["line 6: task_id t01 is further up in the file with different content; give one of them another id"]
    assert content == {"tasks": [], "drafts": [], "imports": []}


def test_a_store_that_has_other_content_refuses_every_line_of_it(two, tmp_path):
    for engine, person in two:
        stock(engine, person, 3)
    changed = [task(n, cluster="other") for n in range(1, 4)] + [task(n) for n in range(4, 9)]
    whole, parts = both(two, tmp_path, jsonl(*changed), "tasks")
    assert parts == whole and len(parts[0][1]) == 3


def test_bytes_that_are_no_records_are_told_alike(two, tmp_path):
    lines = [json.dumps(task(n)).encode() for n in range(1, 7)]
    rng = random.Random(3)
    for broken in (b"\xff\xfe", b"[1]", b"{", b'{"task_id": "a\x00b"}', b"", b'"text"', b"{}"):
        mixed = [*lines]
        mixed.insert(rng.randrange(len(mixed)), broken)
        whole, parts = both(two, tmp_path, b"\n".join(mixed), "tasks")
        assert parts == whole, broken


def test_the_caller_is_told_how_far_it_is(two, tmp_path):
    (engine, ana), _ = two
    path, told = tmp_path / "made.jsonl", []
    path.write_bytes(jsonl(*(task(n) for n in range(1, 9))))
    by_parts.import_by_parts(ana, engine, path, "tasks", tell=told.append)
    assert told == [3, 6, 8]


def test_a_plain_text_in_a_file_of_drafts_that_stands_before_its_task_waits_for_it(two, tmp_path):
    (engine, ana), _ = two
    path = tmp_path / "mixed.jsonl"
    path.write_bytes(jsonl(*(plain(n) for n in range(4)), {**draft(1), "task_id": "p5"}, *(plain(n) for n in range(4, 8))))
    made = by_parts.import_by_parts(ana, engine, path, "drafts")
    assert (made.tasks_added, made.drafts_added) == (8, 9)
