"""Two processes on PostgreSQL behind the proxies of deploy/, over TLS: what gets through, and a tab whose process is killed."""

import subprocess
import time
from typing import NamedTuple

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect
from sqlalchemy import Engine

from tests.deploy.proxies import DEPLOY, FILES, asked, program, running
from tests.support.app_server import AppServer, free_port
from tests.support.browsing import (
    expect_chosen,
    expect_place,
    kept_choices,
    kept_note,
    press,
    ready,
    settled,
    stored_labels,
    until,
)
from tests.support.label_app import SAMPLES
from tests.support.sample_store import hasty_engine
from tests.support.small_stores import inside
from workflow.data import sample
from workflow.data.sample_manifest import samples
from workflow.people import people
from workflow.people.accounts.invitations import create_admin, invite, redeem
from workflow.people.people import Person
from workflow.rounds.design import RoundDesign
from workflow.rounds.opening import open_round

PASSWORD = "correct horse battery staple"


class Behind(NamedTuple):
    url: str
    proxy: str
    apps: tuple[AppServer, AppServer]
    engine: Engine
    ana: Person


def with_an_account(engine, link):
    redeem(engine, link.address.rpartition("/")[2], PASSWORD, PASSWORD)


def a_team(engine) -> Person:
    """Lea, who is admin, and Ana and Ben with six sample drafts of their own; Ana."""
    sample.load_sample(engine, samples()[0])
    with_an_account(engine, create_admin(None, engine, "Lea"))
    lea = people.person_named(engine, "Lea")
    for name in ("Ana", "Ben"):
        with_an_account(engine, invite(lea, engine, name, "annotator", "Sample"))
    design = RoundDesign("Pilot", annotators=["Ana", "Ben"], rubric="tenacious-v1", draft_ids=SAMPLES)
    open_round(lea, inside(engine, "Sample"), design)
    return people.person_named(engine, "Ana")


@pytest.fixture(params=list(FILES))
def behind(request, postgresql_url, server, tmp_path, monkeypatch):
    program(request.param)
    port, plain = free_port(), free_port()
    url = f"https://localhost:{port}"
    monkeypatch.setenv("TOUCHSTONE_PUBLIC_URL", url)
    with hasty_engine(postgresql_url) as engine:
        ana = a_team(engine)
        apps = server(postgresql_url, behind=url), server(postgresql_url, behind=url)
        command = FILES[request.param](tmp_path, port, plain, tuple(each.port for each in apps))
        with running(command, tmp_path, url):
            yield Behind(url, request.param, apps, engine, ana)


def people_in(app: AppServer) -> int:
    if app.process is None:
        return 0
    said = asked(f"{app.url}/metrics").text
    return int(float(said.partition("\ntouchstone_people ")[2].split()[0]))


def test_a_killed_process_costs_nobody_their_place_in_a_draft(behind, new_page):
    page = new_page(ignore_https_errors=True)
    page.goto(f"{behind.url}/label")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.get_by_label("Name").fill("Ana")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    ready(page)
    (cookie,) = [each for each in page.context.cookies() if "touchstone" in each["name"]]
    assert cookie["name"] == "__Host-touchstone" and cookie["secure"] and cookie["httpOnly"]
    for number, key in enumerate("210", start=1):
        press(page, key)
        until(page, lambda so_far=number: len(kept_choices(behind.engine, behind.ana)) == so_far, "a kept choice")
    page.get_by_label("Note (optional)").fill("kept over the crash")
    page.get_by_label("Note (optional)").blur()
    until(page, lambda: kept_note(behind.engine, behind.ana), "the note")
    until(page, lambda: sum(map(people_in, behind.apps)) == 1, "one process has the tab")
    (has_it,) = [each for each in behind.apps if people_in(each)]
    (other,) = [each for each in behind.apps if each is not has_it]
    begun = time.monotonic()
    has_it.kill()
    until(page, lambda: people_in(other) == 1, "the other has the tab", 60)
    print(f"{behind.proxy}: the tab was on the other process after {time.monotonic() - begun:.1f} s")
    settled(page)
    expect_chosen(page, 3)
    expect(page.get_by_label("Note (optional)")).to_have_value("kept over the crash")
    page.locator(".ts-question").nth(3).click()
    press(page, "33")
    until(page, lambda: len(kept_choices(behind.engine, behind.ana)) == 5, "five kept choices")
    page.keyboard.press("Control+Enter")
    expect_place(page, 2)
    rows = stored_labels(behind.engine, behind.ana)
    assert "".join(row.value for row in rows) == "21033" and rows[-1].note == "kept over the crash"


def test_what_a_proxy_lets_through(behind):
    assert asked(f"{behind.url}/health/ready").json() == {"status": "ok"}
    for path in ("/metrics", "/_stcore/metrics"):
        assert asked(behind.url + path).status_code == 404, "each process is asked for its own"
    sent = asked(f"{behind.url}/label", headers={"Accept": "text/html", "X-Touchstone-Person": "1"})
    assert (sent.status_code, sent.headers["location"]) == (303, "/sign-in?next=%2Flabel")
    with_another_address = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "http"}
    sign_in = {"name": "Ana", "password": PASSWORD}
    assert asked(f"{behind.url}/sign-in", "POST", data=sign_in, headers=with_another_address).status_code == 303
    with behind.engine.connect() as connection:
        said = connection.scalar(sa.text("SELECT address FROM sign_ins ORDER BY id DESC LIMIT 1"))
    assert said in ("127.0.0.1", "::1"), "the proxy's word for it, not the client's"
    if behind.proxy == "nginx":  # Caddy counts what is read of a body, and of a stranger's nothing is
        assert asked(f"{behind.url}/sign-in", "POST", content=b"0" * (67 << 20)).status_code == 413


def test_nginx_finds_no_fault_in_its_file(tmp_path):
    command = FILES["nginx"](tmp_path, free_port(), free_port(), (1, 2))
    said = subprocess.run([*command, "-t"], capture_output=True, text=True)
    assert said.returncode == 0 and "warn" not in said.stderr, said.stderr


def test_caddy_finds_no_fault_in_its_file(tmp_path):
    files = {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)}
    command = [program("caddy"), "validate", "--adapter", "caddyfile", "--config", str(DEPLOY / "Caddyfile")]
    said = subprocess.run(command, capture_output=True, text=True, env=files)
    assert said.returncode == 0, said.stderr


def test_systemd_finds_no_fault_in_the_unit_but_that_nothing_is_installed_here():
    command = [program("systemd-analyze"), "verify", str(DEPLOY / "touchstone@.service")]
    said = subprocess.run(command, capture_output=True, text=True)
    faults = [line for line in said.stderr.splitlines() if "touchstone@" in line and "is not executable" not in line]
    assert faults == [], said.stderr
    scored = subprocess.run(
        [command[0], "security", "--offline=true", "--threshold=20", command[2]], capture_output=True, text=True
    )
    assert scored.returncode == 0, scored.stdout.splitlines()[-1]
