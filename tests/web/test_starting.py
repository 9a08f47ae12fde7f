"""The server says in a sentence why it does not start."""

import os
import shutil
import socket
import subprocess
import sys

import httpx
import pytest
import sqlalchemy as sa

from tests.support.app_server import AppServer, free_port
from tests.support.browsing import PROJECT
from tests.support.sample_store import sqlite_url
from tests.support.short_run import some
from web.listening import answer_at_once

HTTPS = "https://touch.example.org"


def older(path):
    with sa.create_engine(f"sqlite:///{path}").begin() as connection:
        connection.execute(sa.text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        connection.execute(sa.text("INSERT INTO alembic_version VALUES ('0010')"))


def no_store_at_all(path):
    path.write_text("These are no tables. " * 500)


@pytest.mark.parametrize(
    "public, flags, made, says",
    some(
        [
            (f"{HTTPS}/touch", (), None, "make them the same"),
            (HTTPS, (), None, "there is no store where TOUCHSTONE_DATABASE_URL says; to make one run: python manage.py migrate"),
            ("", (), older, "the store's schema is older than this program's; run: python manage.py migrate"),
            ("http://touch.example.org", (), None, "passwords could be read on the way"),
            ("touch.example.org", (), None, "does not begin with https://"),
            ("http://localhost:8501", ("--server.address", "0.0.0.0"), None, "could be read on the way"),
            ("", (), no_store_at_all, "is not a store"),
        ],
        every=7,
    ),
)
def test_a_start_that_would_serve_nobody_safely_is_refused_with_one_sentence(tmp_path, public, flags, made, says):
    if made:
        made(tmp_path / "store.db")
    ended = subprocess.run(
        [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(free_port()), *flags],
        cwd=PROJECT,
        timeout=60,
        env={**os.environ, "TOUCHSTONE_DATABASE_URL": sqlite_url(tmp_path / "store.db"), "TOUCHSTONE_PUBLIC_URL": public},
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 1 and "Traceback" not in ended.stdout + ended.stderr
    assert says in ended.stderr.strip().splitlines()[-1]


def test_an_address_that_is_refused_is_let_go_before_the_program_is_read():
    """Streamlit listens from before it reads app.py."""
    look = (
        "import sys\nfrom streamlit import config\nconfig.set_option('server.address', '0.0.0.0')\n"
        "try:\n import app\nexcept SystemExit:\n print([each for each in sys.modules if each[:3] in ('ui.', 'db.')])"
    )
    ended = subprocess.run(
        [sys.executable, "-c", look],
        cwd=PROJECT,
        timeout=60,
        env={**os.environ, "TOUCHSTONE_PUBLIC_URL": ""},
        capture_output=True,
        text=True,
    )
    assert ended.stdout.strip() == "[]" and "has no passwords" in ended.stderr


def test_after_a_clean_stop_all_of_an_sqlite_store_is_in_its_one_file(migrated_sqlite, tmp_path):
    url = sqlite_url(tmp_path / "store.db")
    shutil.copy(migrated_sqlite, tmp_path / "store.db")
    app = AppServer(PROJECT, url, tmp_path / "app.log")
    app.start()
    answer = httpx.post(f"{app.url}/sign-in", data={"new_name": "Ana"}, trust_env=False)
    assert answer.status_code == 303 and (tmp_path / "store.db-wal").stat().st_size > 0
    app.stop()
    assert not (tmp_path / "store.db-wal").exists()
    shutil.copy(tmp_path / "store.db", tmp_path / "alone.db")
    with sa.create_engine(sqlite_url(tmp_path / "alone.db")).connect() as connection:
        assert connection.execute(sa.text("SELECT name FROM people WHERE name = 'Ana'")).all() == [("Ana",)]


def test_no_answer_waits_for_the_one_before_it_to_be_acknowledged():
    """Streamlit's socket names no protocol, so asyncio leaves Nagle's algorithm on: each answer took 40 ms."""
    with socket.socket() as listener, socket.socket() as caller:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        assert answer_at_once() >= 1
        caller.connect(listener.getsockname())
        answering, _ = listener.accept()
        with answering:
            assert answering.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        assert not caller.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
