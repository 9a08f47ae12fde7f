"""The probes by themselves: what they say of a process and its store, to whom, and what they do not tell."""

import shutil
import threading
import time

import pytest
import sqlalchemy as sa

from tests.support.asking import asking
from tests.support.sample_store import sqlite_url
from ui.base.session import store
from web.watching import probes
from workflow.people.public_url import read_public_url

PROBES = ("/health/live", "/health/ready", "/health")
TEAM = read_public_url("https://touch.example.org")
LOCAL = None


@pytest.fixture
def at_hand(migrated_sqlite, tmp_path, monkeypatch, page_caches):
    shutil.copy(migrated_sqlite, tmp_path / "store.db")
    monkeypatch.setenv("TOUCHSTONE_DATABASE_URL", sqlite_url(tmp_path / "store.db"))
    monkeypatch.setattr(probes, "HOLDS", 0.0)
    return tmp_path / "store.db"


@pytest.mark.parametrize("public, base", [(TEAM, "https://10.0.0.7:8501"), (LOCAL, "http://127.0.0.1:8501")])
def test_a_machine_asks_each_process_by_its_own_address_without_signing_in(at_hand, public, base):
    ask = asking(public, base)
    for path in PROBES:
        answer = ask(path)
        assert (answer.status_code, answer.json()) == (200, {"status": "ok"}), path
        assert answer.headers["cache-control"] == "no-store" and "set-cookie" not in answer.headers
    if public is TEAM:
        assert ask("/").status_code == ask("/health/live/x").status_code == 403, "all else has one name"


@pytest.mark.parametrize(
    "revision, says", [("0010", "older than this program's; run: "), ("9999", "newer than this program's; update")]
)
def test_where_the_schema_is_another_nobody_is_sent_here_and_the_process_lives(at_hand, revision, says):
    ask = asking(TEAM)
    assert ask("/health/ready").status_code == 200
    with sa.create_engine(f"sqlite:///{at_hand}").begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
    told = ask("/health/ready")
    assert told.status_code == 503 and says in told.text and told.headers["retry-after"] == "5"
    assert ask("/health/live").status_code == 200


@pytest.mark.parametrize("happens", ["removed", "no store any more", "not responding", "no tables"])
def test_a_store_that_cannot_be_used_is_not_ready_and_its_place_is_not_told(at_hand, monkeypatch, happens):
    ask = asking(TEAM)
    if happens == "removed":
        assert ask("/health/ready").status_code == 200
        at_hand.unlink()
    elif happens == "no store any more":
        at_hand.write_text("These are no tables. " * 500)
    elif happens == "no tables":
        at_hand.unlink()
    else:
        monkeypatch.setattr(store, "schema", lambda: refused_by_the_database())
    told = ask("/health/ready")
    assert told.status_code == 503 and told.text.endswith((".", "migrate")) and str(at_hand.parent) not in told.text
    if happens == "not responding":
        assert ask("/health").status_code == 503 and "not responding" in ask("/health").text
    assert ask("/health/live").json() == {"status": "ok"}


def test_the_store_is_looked_at_once_a_second_however_many_ask(at_hand, monkeypatch):
    ask, looks = asking(TEAM), []
    monkeypatch.setattr(probes, "HOLDS", 60.0)
    monkeypatch.setattr(store, "schema", lambda: looks.append(1) or "present")
    assert {ask(path).status_code for path in ("/health/ready", "/health") * 5} == {200} and len(looks) == 1
    monkeypatch.setattr(probes, "HOLDS", 0.0)
    probes._kept.clear()
    assert ask("/health/ready").status_code == 200 and len(looks) == 2


def test_a_store_that_hangs_holds_one_thread(at_hand, monkeypatch):
    ask, goes_on = asking(TEAM), threading.Event()
    monkeypatch.setattr(store, "schema", lambda: goes_on.wait(30) and "present")
    first = threading.Thread(target=ask, args=("/health/ready",))
    first.start()
    while not probes._one_looks.locked():
        time.sleep(0.01)
    assert ask("/health/ready").status_code == 503
    goes_on.set()
    first.join()
    assert ask("/health/ready").status_code == 200


def refused_by_the_database():
    raise sa.exc.OperationalError("SELECT", {}, Exception("connection to 10.0.0.9 refused"))
