"""POST /keep: whose choices it takes, and what it answers to everything else."""

import json

import pytest
import sqlalchemy as sa
import streamlit as st

from tests.labelling.test_labelling import BOTH, desk_of
from tests.support.asking import asking
from tests.support.page_tab import signed_in_as
from tests.support.small_stores import TONE, opened, people, rows, stock
from ui.base.session import store
from web import keeping
from web.callers import Callers
from workflow.labelling.labelling import save_labels
from workflow.people.public_url import public_url
from workflow.people.team_mode import SETTING
from workflow.rounds.closing import close_round

LOCAL = {"base": "http://127.0.0.1:8501", "client": "127.0.0.1"}


@pytest.fixture
def team(engine, monkeypatch):
    """lead, ana and ben, with a round of three drafts open in the store behind the routes."""
    found = people(engine, "lead", "ana", "ben")
    stock(engine, found[0], 3)
    opened(engine, found[0])
    monkeypatch.setattr(store, "whole", lambda: engine)
    return found


@pytest.fixture
def ana(team):
    return team[1]


def choice(desk, **other):
    return json.dumps({"assignment": desk.assignment, "revision": desk.revision, "dimension": TONE, "value": 2, **other}).encode()


def keep(engine, person, posted, path="/keep", where=None, public=None, **headers):
    cookie = {"Cookie": f"touchstone={signed_in_as(engine, person.id)}"} if person else {}
    return asking(public, **(where or LOCAL))(path, posted, **cookie, **headers)


def kept(engine):
    return rows(engine, "SELECT dimension, value FROM pending_choices ORDER BY dimension")


@pytest.mark.both_databases
def test_a_choice_of_ones_own_draft_is_kept_and_is_no_label(engine, ana):
    answer = keep(engine, ana, choice(desk_of(engine, ana)), Origin="http://127.0.0.1:8501")
    assert (answer.status_code, answer.content) == (204, b"")
    assert kept(engine) == [(TONE, "2")] and rows(engine, "SELECT count(*) FROM labels") == [(0,)]
    assert "content-security-policy" in answer.headers


def test_nobody_and_nobody_elses_page_keeps_anything(engine, team):
    _, ana, ben = team
    posted = choice(desk_of(engine, ana))
    stranger = keep(engine, None, posted)
    assert (stranger.status_code, stranger.text) == (401, "Sign in first: nobody is signed in here.")
    assert keep(engine, None, posted, Cookie="touchstone=made-up").status_code == 401
    other = keep(engine, ben, posted)
    assert (other.status_code, other.text) == (409, "that draft is not yours to label; open Label again")
    foreign = keep(engine, ana, posted, Origin="https://elsewhere.example")
    assert foreign.status_code == 403 and "not from Touchstone" in foreign.text
    assert keep(engine, ana, posted, Sec_Fetch_Site="cross-site").status_code == 403
    assert keep(engine, ana, posted, where={**LOCAL, "base": "http://rebound.example"}).status_code == 403
    assert asking(None, **LOCAL)("/keep", Cookie=f"touchstone={signed_in_as(engine, ana.id)}").status_code == 405
    assert kept(engine) == []


def test_in_team_mode_it_is_below_the_path_and_for_accounts_alone(engine, team, monkeypatch):
    _, ana, _ = team
    local = signed_in_as(engine, ana.id)
    monkeypatch.setenv(SETTING, "http://localhost:8501/touchstone")
    monkeypatch.setattr(st, "get_option", lambda name: "touchstone" if name == "server.baseUrlPath" else None)
    posted, given = choice(desk_of(engine, ana)), {"where": {"base": "http://localhost:8501"}, "public": public_url()}
    assert keep(engine, None, posted, "/touchstone/keep", **given).status_code == 401
    assert keep(engine, None, posted, "/touchstone/keep", Cookie=f"touchstone={local}", **given).status_code == 401
    assert keep(engine, ana, posted, "/keep", **given).status_code == 404
    foreign = keep(engine, ana, posted, "/touchstone/keep", Origin="http://localhost:8502", **given)
    assert foreign.status_code == 403 and kept(engine) == []
    assert keep(engine, ana, posted, "/touchstone/keep", Origin="http://localhost:8501", **given).status_code == 204
    assert kept(engine) == [(TONE, "2")]


@pytest.mark.parametrize(
    "other",
    [
        {"assignment": "1"},
        {"assignment": True},
        {"assignment": 2**31},
        {"assignment": -1},
        {"revision": 0.5},
        {"revision": None},
        {"dimension": 3},
        {"dimension": "tone\ud800"},
        {"dimension": "t" * 201},
        {"value": None},
        {"value": True},
        {"value": 1.0},
        {"value": [2]},
        {"value": 10**300},
        {"value": "2\u0000"},
        {"more": 1},
    ],
    ids=lambda other: str(other)[:40],
)
def test_what_is_no_choice_is_refused_in_a_sentence(sqlite_engine, monkeypatch, other):
    lead, ana, _ = people(sqlite_engine, "lead", "ana", "ben")
    stock(sqlite_engine, lead, 1)
    opened(sqlite_engine, lead)
    monkeypatch.setattr(store, "whole", lambda: sqlite_engine)
    answer = keep(sqlite_engine, ana, choice(desk_of(sqlite_engine, ana), **other))
    assert (answer.status_code, answer.text) == (400, keeping.NO_CHOICE)
    assert kept(sqlite_engine) == []


@pytest.mark.parametrize("body", [b"", b"2", b"{", b"\xff", b"[" * 4000, b'{"assignment": 1}', b"null"])
def test_bytes_that_are_no_choice_are_none(body):
    assert keeping.choice_in(body) is None


def test_no_more_is_read_than_a_choice_takes(engine, ana):
    desk = desk_of(engine, ana)
    answer = keep(engine, ana, choice(desk) + b" " * 1_000_000)
    assert (answer.status_code, answer.text) == (413, "A choice has at most 4096 bytes; this has more.")
    assert kept(engine) == []


def test_what_the_verb_refuses_is_said_and_changes_nothing(engine, team):
    lead, ana, _ = team
    desk = desk_of(engine, ana)
    for other, why in (
        ({"value": 7}, f"{TONE} takes 0, 1, 2 and 3, not 7"),
        ({"dimension": "charm"}, "this round has no dimension charm; it has"),
        ({"assignment": 2**31 - 1}, "that draft is not yours to label; open Label again"),
        (
            {"revision": 5},
            "this draft was saved or skipped after its form was drawn, so this choice changed nothing; load the page",
        ),
    ):
        answer = keep(engine, ana, choice(desk, **other))
        assert answer.status_code == 409 and answer.text.startswith(why), answer.text
    close_round(lead, engine, "pilot", early="enough")
    answer = keep(engine, ana, choice(desk))
    assert answer.status_code == 409 and answer.text.startswith("pilot was closed on")
    assert kept(engine) == []


@pytest.mark.both_databases
def test_a_choice_that_comes_in_after_the_save_changes_nothing(engine, ana):
    desk = desk_of(engine, ana)
    save_labels(ana, engine, desk.assignment, BOTH, "", desk.revision, "token")
    answer = keep(engine, ana, choice(desk, value=3))
    assert answer.status_code == 409 and "after its form was drawn" in answer.text
    assert kept(engine) == [] and rows(engine, "SELECT count(*) FROM labels") == [(2,)]
    assert keep(engine, ana, choice(desk, revision=1, value=3)).status_code == 204, "a correction is begun from the form of now"


def test_a_store_that_is_held_is_said_with_when_to_come_again(sqlite_engine, monkeypatch):
    lead, ana, _ = people(sqlite_engine, "lead", "ana", "ben")
    stock(sqlite_engine, lead, 1)
    opened(sqlite_engine, lead)
    monkeypatch.setattr(store, "whole", lambda: sqlite_engine)
    posted, token = choice(desk_of(sqlite_engine, ana)), signed_in_as(sqlite_engine, ana.id)
    sqlite_engine.dispose()
    sa.event.listen(sqlite_engine, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout=50"))
    with sqlite_engine.connect().execution_options(writes=True) as other, other.begin():
        answer = asking(None, **LOCAL)("/keep", posted, Cookie=f"touchstone={token}")
    assert answer.status_code == 503 and answer.text.startswith("The store is not responding")
    assert answer.headers["retry-after"] == "5" and kept(sqlite_engine) == []
    assert asking(None, **LOCAL)("/keep", posted, Cookie=f"touchstone={token}").status_code == 204


def test_nobody_is_kept_busy_by_one_person(monkeypatch, engine, ana):
    route = keeping.Keeping(Callers())
    assert all(route.may_go_on(1, 10.0) for _ in range(keeping.IN_A_ROW)) and not route.may_go_on(1, 10.0)
    assert route.may_go_on(2, 10.0), "somebody else chooses as before"
    assert route.may_go_on(1, 10.1), "and so does who waits a moment"
    assert sum(route.may_go_on(1, 20.0 + turn / 1000) for turn in range(1000)) <= keeping.IN_A_ROW + keeping.A_SECOND
    monkeypatch.setattr(keeping, "IN_A_ROW", 0)
    answer = keep(engine, ana, choice(desk_of(engine, ana)))
    assert answer.status_code == 429 and "more slowly" in answer.text and kept(engine) == []
