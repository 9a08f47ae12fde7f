"""The probes by themselves: what they say of a process and its store, to whom, and what they do not tell."""

import shutil

import pytest
import sqlalchemy as sa

from tests.support.asking import asking
from tests.support.sample_store import sqlite_url
from ui.base.session import store
from workflow.people.public_url import read_public_url

PROBES = ("/health/live", "/health/ready", "/health")
TEAM = read_public_url("https://touch.example.org")
LOCAL = None


@pytest.fixture
def at_hand(migrated_sqlite, tmp_path, monkeypatch, page_caches):
    shutil.copy(migrated_sqlite, tmp_path / "store.db")
    monkeypatch.setenv("TOUCHSTONE_DATABASE_URL", sqlite_url(tmp_path / "store.db"))
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
    assert ask("/health/live").json() == {"status": "ok"}


def refused_by_the_database():
    raise sa.exc.OperationalError("SELECT", {}, Exception("connection to 10.0.0.9 refused"))
