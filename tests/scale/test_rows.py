"""A row of a Parquet file as a draft with its task."""

from datetime import date
from decimal import Decimal

import pytest

from tests.support.scored_parts import one_task
from touchstone.scale.rows import draft_of_row


def of(row, tasks=None):
    return draft_of_row(row, tasks)


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ({"company": "Ada", "roles": None}, {"company": "Ada"}),  # a struct has every field of every row
        ([("company", "Ada"), ("roles", 7)], {"company": "Ada", "roles": 7}),  # a map
        ('{"company": "Ada", "roles": 7}', {"company": "Ada", "roles": 7}),
        ("{name}, write to Ada.", {"input": "{name}, write to Ada."}),
        ('\N{BYTE ORDER MARK}{"company": "Ada"}', {"company": "Ada"}),
        ({"company": "Ada", "revenue": float("nan")}, {"company": "Ada"}),  # a gap, as pandas writes it
        ("Write to Ada.", {"input": "Write to Ada."}),
        ({"closed": date(2026, 3, 1), "amount": Decimal("14.5")}, {"closed": "2026-03-01", "amount": 14.5}),
    ],
)
def test_what_a_task_gives(given, read):
    draft = of({"task_id": "t", "draft_id": "d", "text": "Hi", "input": given, "market": "north"})
    assert draft.input == read and draft.extra == {"market": "north"}


def test_columns_of_the_input_by_name():
    draft = of({"task_id": "t", "text": "Hi", "input.company": "Ada", "input.roles": None})
    assert draft.input == {"company": "Ada"} and draft.draft_id.startswith("t-"), "an id is made as files of drafts have it"


def test_a_typed_task_gives_what_it_renders():
    draft = of({"task_id": "t", "text": "Hi", "signals": [{"field": "open roles", "value": "7"}], "author": None})
    assert "7" in str(draft.input) and "signals" not in draft.extra


def test_a_draft_alone_a_plain_text_and_a_task_that_is_looked_up():
    assert of({"task_id": "t", "text": "Hi"}).input == {}
    plain = of({"id": "r1", "text": "Hi", "stars": 3})
    assert (plain.task_id, plain.draft_id, plain.input) == ("r1", "r1", {})
    assert of({"task_id": "t", "output": "Hi"}, one_task("t", company="Ada")).input == {"company": "Ada"}
    gaps = of({"task_id": "t", "text": "Hi", "input.company": None}, one_task("t", company="Ada"))
    assert gaps.input == {"company": "Ada"}, "empty columns of a task are no task"
    assert of({"task_id": "t", "text": "Hi", "input": []}).input == {}, "a map without a key"
    assert of({"id": "r1", "output": "Hi"}).text == "Hi"
    own = of({"task_id": "t", "text": "Hi", "input": {"company": "Bo"}}, one_task("t", company="Ada"))
    assert own.input == {"company": "Bo"}, "a row's own task goes before those that were named"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"task_id": "t", "text": None}, "text is missing; it takes the draft"),
        ({"task_id": None, "text": "Hi"}, "task_id is missing"),
        ({"task_id": "t", "text": "Hi", "input": [1, 2]}, "input of t is a list"),
        ({"task_id": "t", "text": "Hi", "input": '{"revenue": NaN}'}, "means to be a JSON object .* NaN is not a JSON value"),
        ({"task_id": "t", "text": "Hi", "input": '{"revenue": 1'}, "means to be a JSON object .* breaks off"),
        ({"task_id": "t", "text": "Hi", "input": '{"a": 1, "a": 2}'}, "means to be a JSON object"),
        ({"task_id": "t", "text": "Hi", "input": '{"a": "\\ud83d"}'}, "half a character"),
        ({"task_id": "t", "text": "Hi", "input": "{" * 5000 + "}" * 5000}, "means to be a JSON object"),
        ({"task_id": "t", "text": "a\0b"}, "contains a NUL"),
        ({"task_id": "t", "text": b"\xff"}, "bytes that are no UTF-8"),
        ({"task_id": "t", "text": "x" * 1_000_001}, "text has 1,000,001 characters; at most 1,000,000"),
        ({"task_id": "t", "text": 7}, "text is the number 7"),
        ({"task_id": "t", "draft_id": " d", "text": "Hi"}, "begins or ends with a space"),
    ],
)
def test_a_row_that_is_no_draft(row, said):
    with pytest.raises(ValueError, match=said):
        of(row)


def test_a_task_that_was_not_named():
    with pytest.raises(ValueError, match="written for task x, which no named file contains"):
        of({"task_id": "x", "text": "Hi"}, one_task("t"))
