"""POST /v1/gate and /v1/score: by a project's token alone, bounded, in JSON, whatever goes wrong."""

import json

import pytest
import sqlalchemy as sa
import streamlit as st

from tests.gate.conftest import gated as gated
from tests.support.asking import asking
from tests.support.page_tab import signed_in_as
from tests.support.small_stores import rows
from ui.base.session import store
from web.programs import gate
from workflow.gate import asking as asked_of_gate
from workflow.gate import policies, tokens
from workflow.people.public_url import public_url
from workflow.people.team_mode import SETTING
from workflow.projects.projects import archive_project

LOCAL = {"base": "http://127.0.0.1:8501", "client": "127.0.0.1"}
RUDE = {"text": "That is rubbish.", "judges": {"stars": 0.9}}


@pytest.fixture
def token(engine, gated, monkeypatch):
    monkeypatch.setattr(store, "for_programs", lambda: engine)
    return gated[1]


def ask(token, posted=RUDE, path="/v1/gate", public=None, where=None, ask_with=None, **headers):
    body = posted if isinstance(posted, bytes) else json.dumps(posted).encode()
    given = {"Authorization": f"Bearer {token}"} if token else {}
    return (ask_with or asking(public, **(where or LOCAL)))(path, body, **given, **headers)


def error(answer):
    assert answer.headers["content-type"] == "application/json" and answer.headers["cache-control"] == "no-store"
    assert list(answer.json()) == ["error"]
    return answer.status_code, answer.json()["error"]


@pytest.mark.both_databases
def test_a_program_is_told_the_decision_and_the_score(engine, token):
    answer = ask(token)
    told = answer.json()
    assert (answer.status_code, told["decision"], told["enforced"], told["mode"]) == (200, "block", "block", "enforce")
    assert told["number"] == rows(engine, "SELECT max(id) FROM gate_decisions")[0][0]
    [finding] = told["reasons"][0]["findings"]
    assert RUDE["text"][finding["start"] : finding["end"]] == "rubbish"
    assert "content-security-policy" in answer.headers
    scored = ask(token, {"text": "As per this.", "task": {"input": {"thread": "Where?"}}}, "/v1/score").json()
    assert (scored["rubric"]["name"], scored["scores"]["tone"]["value"]) == ("replies-v1", 1)


def test_the_gate_is_switched_off_at_the_next_call(engine, gated, token):
    both = asking(None, **LOCAL)
    assert ask(token, ask_with=both).json()["enforced"] == "block"
    policies.switch_gate(gated[0], engine, "off", "why")
    off = ask(token, ask_with=both).json()
    assert (off["enforced"], off["mode"], off["number"], off["levels"]) == ("pass", "off", None, {})
    tokens.end_token(gated[0], engine, "mailer")
    assert error(ask(token, ask_with=both))[0] == 401


def test_nobody_gets_in_without_a_token_and_a_cookie_is_worth_nothing(engine, gated, token):
    cookie = f"touchstone={signed_in_as(engine, gated[0].id)}"
    status, words = error(ask(None, Cookie=cookie))
    assert (status, words) == (401, "Bring the token of a project: Authorization: Bearer tsg_…")
    for wrong in ("tsg_made-up", token[:-1], "x", cookie):
        assert error(ask(wrong, Cookie=cookie))[0] == 401
    assert ask(None, Authorization=b"Bearer tsg_\xe9").status_code == 401
    assert ask(None, Authorization=f"Basic {token}").status_code == 401
    assert ask(token, Origin="https://elsewhere.example").status_code == 403
    assert ask(token, where={**LOCAL, "base": "http://rebound.example"}).status_code == 403
    assert asking(None, **LOCAL)("/v1/gate", Authorization=f"Bearer {token}").status_code == 405
    assert rows(engine, "SELECT count(*) FROM gate_decisions") == [(0,)]


def test_in_team_mode_it_is_below_the_path_for_tokens_and_nothing_else_is_open(engine, gated, token, monkeypatch):
    monkeypatch.setenv(SETTING, "http://localhost:8501/touchstone")
    monkeypatch.setattr(st, "get_option", lambda name: "touchstone" if name == "server.baseUrlPath" else None)
    where = {"where": {"base": "http://localhost:8501"}, "public": public_url()}
    assert ask(token, path="/touchstone/v1/gate", **where).json()["decision"] == "block"
    assert ask(token, {"text": "Thanks."}, path="/touchstone/v1/score", **where).status_code == 200
    assert ask(None, path="/touchstone/v1/gate", **where).status_code == 401
    for path in ("/v1/gate", "/touchstone/v1/other", "/touchstone/v1/gate/", "/touchstone/v1/gate/x", "/touchstone/keep"):
        assert ask(token, path=path, **where).status_code in (401, 404), path


@pytest.mark.parametrize(
    ("posted", "words"),
    [
        (b"{", "The request is no JSON in UTF-8."),
        (b'{"text": "\xff"}', "The request is no JSON in UTF-8."),
        (b"[1]", "A request is an object with text, task, judges."),
        (b'{"text": "\\u0000"}', "The request cannot be read: a text contains a NUL character; remove it."),
        (b'{"text": "\\ud800"}', "half a character"),
        (b'{"text": "a", "text": "b"}', "The request cannot be read: the field text appears twice"),
        (b"[" * 50_000, "The request is nested too deep to read."),
        ({"task": {}}, "A request has the draft as text: text is missing, or is none."),
        ({"text": 3}, "A request has the draft as text"),
        ({"text": "a", "task": "b"}, "task of a request takes an object."),
        ({"text": "a", "judges": [1]}, "judges of a request takes an object."),
        ({"text": "a", "mode": "off"}, "A request takes text, task, judges, not mode."),
    ],
)
def test_what_is_no_request_is_told_in_a_sentence(token, posted, words):
    status, told = error(ask(token, posted))
    assert status == 400 and words in told


@pytest.mark.parametrize(
    ("task", "words"),
    [
        ({"input": 3}, "input of a task is an object of fields, or a text, not the number 3."),
        ({"input": None}, "input of a task is an object of fields, or a text, not missing."),
        ({"inputs": {"thread": "a"}}, "A task has its fields under input, not inputs."),
        ({}, "A task has its fields under input."),
    ],
)
def test_a_task_that_is_none_is_no_request(token, task, words):
    for path in ("/v1/gate", "/v1/score"):
        assert error(ask(token, {"text": "Thanks.", "task": task}, path)) == (400, words)


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE"])
def test_what_is_not_posted_is_refused_in_json_and_never_looks_like_an_answer(token, method):
    answer = asking(None, **LOCAL)("/v1/gate", b"{}", method=method, Authorization=f"Bearer {token}")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    if method != "HEAD":
        assert error(answer)[1] == f"/v1/gate is asked by POST, not {method}."


def test_an_archived_projects_gate_answers_nobody(engine, gated, token):
    archive_project(gated[0], engine, "Mails")
    for path in ("/v1/gate", "/v1/score"):
        status, words = error(ask(token, {"text": "Thanks."}, path))
        assert status == 409 and words.startswith("The project is archived, so its gate decides nothing")
    assert rows(engine, "SELECT count(*) FROM gate_decisions") == [(0,)]


def test_what_it_takes_is_bounded(token, monkeypatch):
    assert error(ask(token, {"text": "x" * gate.LARGEST}))[0] == 413
    monkeypatch.setattr(gate, "IN_A_ROW", 2)
    monkeypatch.setattr(gate, "A_SECOND", 0.0)
    one = asking(None, **LOCAL)
    assert [ask(token, ask_with=one).status_code for _ in range(4)] == [200, 200, 429, 429]
    assert error(ask(token, ask_with=one))[1].startswith("These are more than")


def test_strangers_who_try_tokens_are_slowed_down_and_leave_room_for_programs(token, monkeypatch):
    monkeypatch.setattr(gate, "WRONG_IN_A_ROW", 3)
    monkeypatch.setattr(gate, "WRONG_A_SECOND", 0.0)
    one = asking(None, **LOCAL)
    assert ask(token, ask_with=one).status_code == 200
    assert [ask(f"tsg_{number}", ask_with=one).status_code for number in range(5)] == [401, 401, 401, 429, 429]
    assert ask(token, ask_with=one).status_code == 200


def test_a_good_token_that_is_new_here_is_let_in_while_strangers_are_slowed_down(token, monkeypatch):
    monkeypatch.setattr(gate, "WRONG_IN_A_ROW", 1)
    monkeypatch.setattr(gate, "WRONG_A_SECOND", 0.0)
    one = asking(None, **LOCAL)
    assert [ask(f"tsg_{number}", ask_with=one).status_code for number in range(3)] == [401, 429, 429]
    assert ask(token, ask_with=one).status_code == 200, "it was never seen before"


def test_a_store_that_does_not_respond_is_no_pass(token, monkeypatch):
    def held(*_):
        raise sa.exc.TimeoutError("no connection is free")

    monkeypatch.setattr(asked_of_gate, "ask_gate", held)
    answer = ask(token)
    assert error(answer)[0] == 503 and answer.headers["retry-after"] == "5"


def test_a_decision_that_could_not_be_counted_is_not_told(engine, token, monkeypatch):
    def full(*_):
        raise sa.exc.OperationalError("INSERT", {}, Exception("database or disk is full"))

    monkeypatch.setattr(asked_of_gate.stored_decisions, "add_decision", full)
    assert error(ask(token))[0] == 503
