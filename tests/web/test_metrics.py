"""/metrics: who reads it, what is counted, and what stands in none of it."""

import re

import pytest
import sqlalchemy as sa

from tests.support.asking import asking
from tests.support.browsing import PROJECT
from touchstone.errors import Refused
from ui.base.session import measures, messages
from web.callers import Callers
from web.watching import metrics
from workflow.people.people import Person
from workflow.people.public_url import read_public_url

TEAM = read_public_url("https://touch.example.org")
TOKEN = "a-token-of-forty-characters-drawn-by-lot"
HERE = {"base": "http://127.0.0.1:8501", "client": "127.0.0.1"}
BEHIND_A_PROXY = {"base": "https://touch.example.org", "client": "127.0.0.1"}


def value(name, **labels):
    return measures.REGISTRY.get_sample_value(name, labels) or 0.0


@pytest.mark.parametrize("public", [None, TEAM])
def test_without_a_token_metrics_are_read_from_this_machine_alone(sample_url, page_caches, public):
    assert "touchstone_pool_in_use 0.0" in asking(public, **HERE)("/metrics").text
    assert asking(public, **HERE)("/metrics", X_Forwarded_For="127.0.0.1").status_code == 401


@pytest.mark.parametrize("of", [BEHIND_A_PROXY, {}, {"base": "http://127.0.0.1:8501"}, {"client": "127.0.0.1"}])
def test_nobody_else_reads_them_and_a_proxy_is_no_way_in(of):
    told = asking(TEAM, **of)("/metrics")
    assert told.status_code == 401 and "touchstone_" not in told.text and told.headers["cache-control"] == "no-store"


def test_with_a_token_they_are_read_by_who_brings_it_wherever_they_are(sample_url, page_caches, monkeypatch):
    monkeypatch.setenv(metrics.SETTING, TOKEN)
    assert asking(TEAM)("/metrics", Authorization=f"Bearer {TOKEN}").status_code == 200
    for said in (TOKEN, f"Bearer {TOKEN[:-1]}", "Bearer ", f"Basic {TOKEN}"):
        assert asking(TEAM, **HERE)("/metrics", Authorization=said).status_code == 401
    assert asking(TEAM, **HERE)("/metrics").status_code == 401
    monkeypatch.setenv(metrics.SETTING, "guess-me")
    with pytest.raises(Refused, match="could be guessed"):
        metrics.token()


def test_streamlits_own_metrics_stay_behind_the_guard(monkeypatch):
    monkeypatch.setenv(metrics.SETTING, TOKEN)
    for path in ("/_stcore/metrics", "/metrics/"):
        assert asking(TEAM, base=TEAM.origin)(path, Authorization=f"Bearer {TOKEN}").status_code == 401


def test_requests_are_counted_by_kind_and_status_and_by_nothing_of_their_address():
    before = (
        value("touchstone_requests_total", route="way in", status="401"),
        value("touchstone_requests_total", route="other", status="403"),
    )
    asking(TEAM, base=TEAM.origin)("/sign-in/Ana?round=Pilot")
    asking(TEAM)("/Pilot/Ana")
    assert value("touchstone_requests_total", route="way in", status="401") == before[0] + 1
    assert value("touchstone_requests_total", route="other", status="403") == before[1] + 1
    for path, kind in {
        "/": "page",
        "/label": "page",
        "/_stcore/stream": "tab",
        "/media/x": "download",
        "/keep": "choice",
        "/x": "other",
    }.items():
        assert metrics.kind_of({"path": path}) == kind


def save_labels(person, outcome):
    if outcome:
        raise outcome


def choose(person):
    raise LookupError("cta_quality")


@pytest.mark.parametrize(
    "outcome, counted", [(None, "done"), (Refused("“Ana” is not one of them"), "refused"), (sa.exc.TimeoutError("Pilot"), "busy")]
)
def test_a_save_is_counted_with_how_it_ended(monkeypatch, outcome, counted):
    ana = Person(1, "Ana", False)
    monkeypatch.setattr("ui.base.session.signed_in.current_person", lambda: ana)
    before = value("touchstone_steps_total", step="save", outcome=counted)
    messages.attempt(save_labels, ana, outcome)
    assert value("touchstone_steps_total", step="save", outcome=counted) == before + 1
    failed = value("touchstone_steps_total", step="choice", outcome="failed")
    with pytest.raises(LookupError):
        messages.attempt(choose, ana)
    assert value("touchstone_steps_total", step="choice", outcome="failed") == failed + 1


def test_people_are_counted_by_their_open_tabs_once_each():
    callers, ana, ben = Callers(), Person(1, "Ana", False), Person(2, "Ben", False)
    with callers.at_a_tab(ana), callers.at_a_tab(ana), callers.at_a_tab(None):
        assert value("touchstone_people") == 1
        with callers.at_a_tab(ben):
            assert value("touchstone_people") == 2
    assert value("touchstone_people") == 0


def test_a_drawn_page_is_timed_and_every_label_comes_from_a_list_in_the_program(sample_url, page_caches):
    from streamlit.testing.v1 import AppTest

    measures.RUNS.clear()
    AppTest.from_file(PROJECT / "ui/base/shell.py", default_timeout=60).run()
    assert value("touchstone_script_seconds_count", page="sign-in") == 1
    shown = asking(None, **HERE)("/metrics").text
    labels = set(re.findall(r'(\w+)="([^"]*)"', shown))
    assert {name for name, _ in labels} <= {"route", "status", "step", "outcome", "page", "le"}
    assert {said for name, said in labels if name == "step"} <= {"save", "choice", "other"}
    assert "Sample" not in shown and "cta_quality" not in shown and len(shown.splitlines()) < 200
