"""The log as JSON: one object a line, with what went wrong and where, and with nothing that anybody wrote."""

import io
import json
import logging
import subprocess
import sys

import pytest
import sqlalchemy as sa

from tests.support.app_server import free_port
from tests.support.browsing import PROJECT
from touchstone.errors import Refused
from ui.base.session import messages
from web.watching import logs
from workflow.people.people import Person

SECRETS = ("Cleo Öz", "skyrocket", "tok-3n")


@pytest.fixture
def lines(monkeypatch):
    """lines(): what was logged since, each line read as JSON; no secret stands in any."""
    written, root = io.StringIO(), logging.getLogger("touchstone")
    handler = logging.StreamHandler(written)
    handler.setFormatter(logs.JsonLines())
    monkeypatch.setattr(logs, "ABOUT", [messages.about])
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)

    def read():
        assert [secret for secret in SECRETS if secret in written.getvalue()] == []
        return [json.loads(line) for line in written.getvalue().splitlines()]

    yield read
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.fixture
def ana(monkeypatch):
    person = Person(1, "Ana", False)
    monkeypatch.setattr("ui.base.session.signed_in.current_person", lambda: person)
    return person


def save_labels(person, wrong):
    raise wrong


def test_a_refused_verb_is_told_without_its_sentence(lines, ana):
    messages.attempt(save_labels, ana, Refused("“skyrocket” is no level, Cleo Öz"))
    (line,) = lines()
    assert line.pop("time").endswith("Z") and line.pop("page", "") is not None
    assert line == {"level": "INFO", "logger": "touchstone", "message": "refused", "verb": "save_labels", "outcome": "refused"}


@pytest.mark.parametrize(
    "wrong, said",
    [
        (sa.exc.OperationalError("SET a=:a", {"a": "skyrocket"}, Exception("database is locked\nCleo Öz")), "database is locked"),
        (sa.exc.TimeoutError("Cleo Öz"), None),
    ],
)
def test_a_verb_that_the_store_did_not_take_is_told_without_its_values(lines, ana, wrong, said):
    messages.attempt(save_labels, ana, wrong)
    (line,) = lines()
    assert (line["level"], line["message"], line["verb"]) == ("ERROR", "the store did not respond", "save_labels")
    assert line["exception"].get("said") == said
    assert line["exception"]["types"][0] == f"{type(wrong).__module__}.{type(wrong).__name__}"
    assert line["exception"]["at"][-1].endswith(" save_labels")


def test_a_failing_verb_is_told_by_its_name_its_type_and_its_place(lines, ana):
    with pytest.raises(LookupError) as failed:
        messages.attempt(save_labels, ana, LookupError("Cleo Öz wrote “skyrocket”"))
    record = logging.LogRecord("streamlit", logging.ERROR, "", 0, "Uncaught %s", (failed.value,), None)
    record.exc_info = (failed.type, failed.value, failed.tb)
    said = logs.JsonLines().format(record)
    line = json.loads(said)
    assert line["message"] == "Uncaught %s" and line["verb"] == "save_labels"
    assert line["exception"]["types"] == ["builtins.LookupError"] and not any(secret in said for secret in SECRETS)


@pytest.mark.parametrize("address", ["/touch/invitation/tok-3n", "/a?next=tok-3n&b=tok-3n", "/media/tok-3n.csv"])
def test_no_token_of_an_address_is_in_the_log(address):
    record = logging.LogRecord("uvicorn.access", logging.INFO, "", 0, '%s "GET %s" 200', ("10.0.0.7", address), None)
    assert "tok-3n" not in logs.JsonLines().format(record) and "10.0.0.7" in logs.JsonLines().format(record)


def test_a_setting_that_is_neither_is_refused(monkeypatch):
    for said, is_json in (("", False), ("plain", False), ("JSON", True)):
        monkeypatch.setenv(logs.SETTING, said)
        assert logs.is_json() is is_json
    monkeypatch.setenv(logs.SETTING, "xml")
    with pytest.raises(Refused, match="use json"):
        logs.begin()


def test_a_server_says_everything_in_json_also_why_it_does_not_start(monkeypatch, tmp_path):
    monkeypatch.setenv(logs.SETTING, "json")
    monkeypatch.setenv("TOUCHSTONE_DATABASE_URL", f"sqlite:///{tmp_path}/none.db")
    monkeypatch.setenv("TOUCHSTONE_PUBLIC_URL", "https://touch.example.org")
    ended = subprocess.run(
        [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(free_port())],
        cwd=PROJECT,
        timeout=60,
        capture_output=True,
        text=True,
    )
    said = [json.loads(line) for line in ended.stderr.splitlines()]  # what Streamlit greets with goes to stdout
    assert ended.returncode == 1 and "there is no store where" in said[-1]["message"]
