"""Who may come in: the guard before every page, the cookie, sign-out, and what comes from elsewhere."""

import http.client
import os
import shutil
import subprocess
import sys
from typing import NamedTuple

import httpx
import pytest
from playwright.sync_api import expect
from sqlalchemy import Engine

from tests.support.app_server import AppServer, free_port
from tests.support.browsing import PROJECT, bring_cookie, copied_project, open_box, open_fold, press, ready, settled, sign_in
from tests.support.raw_tab import raw_tab, refused_status
from tests.support.sample_store import hasty_engine, sqlite_url
from tests.support.short_run import some
from ui.base.navigation import PAGES
from workflow.data.task_import import import_file
from workflow.people import people
from workflow.people.people import Person, add_person, everyone
from workflow.rounds.design import RoundDesign
from workflow.rounds.opening import open_round

ADDRESSES = [f"/{url}" for _, url, _ in PAGES]


def ana_with_a_round(engine):
    """Ana and Ben with an open round of two texts."""
    ana, _ = (add_person(None, engine, name) for name in ("Ana", "Ben"))
    import_file(ana, engine, b'{"id": "1", "text": "One."}\n{"id": "2", "text": "Two."}', "texts.jsonl")
    open_round(ana, engine, RoundDesign("march-pilot", rubric="tenacious-v1", annotators=["Ana", "Ben"]))
    return ana


@pytest.fixture
def ana(sqlite_engine):
    return ana_with_a_round(sqlite_engine)


@pytest.fixture
def app(ana, sqlite_engine, server):
    """An app of the test's own, which may be ended or written into."""
    return server(sqlite_engine)


class Shared(NamedTuple):
    app: AppServer
    engine: Engine
    ana: Person


@pytest.fixture(scope="module")
def shared(migrated_sqlite, tmp_path_factory):
    """One app for the tests that leave its store as it was."""
    folder = tmp_path_factory.mktemp("shared")
    shutil.copy(migrated_sqlite, folder / "store.db")
    with hasty_engine(sqlite_url(folder / "store.db")) as engine:
        ana = ana_with_a_round(engine)
        app = AppServer(PROJECT, sqlite_url(folder / "store.db"), folder / "app.log")
        app.start()
        yield Shared(app, engine, ana)
        app.stop()


def at_the_door(page):
    expect(page.get_by_role("heading", name="Who is labelling?")).to_be_visible()
    assert page.get_by_test_id("stTopNavLink").count() == 0
    assert page.locator(".ts-draft, .ts-who, .ts-heading, .ts-table").count() == 0


def test_a_deep_link_to_every_page_on_a_fresh_server_meets_the_guard(app, page):
    for address in some(ADDRESSES):
        page.goto(f"{app.url}{address}?round=march-pilot")
        at_the_door(page)
        assert "march-pilot" not in page.locator("body").inner_text()


def test_the_first_request_of_a_fresh_server_meets_the_guard_on_any_page(ana, sqlite_engine, server, page):
    """Streamlit can serve a page beside the main script before that script has run: so the first is asked of a new app."""
    for address in some(("/rounds", "/label")):
        app = server(sqlite_engine, as_a_person_does=True)
        page.goto(app.url + address)
        at_the_door(page)
        app.stop()


@pytest.mark.parametrize("address", some(["/label?round=march-pilot", "/rounds", "/"]))
def test_after_signing_in_the_address_opens_and_a_refresh_stays_signed_in(shared, page, address):
    sign_in(page, shared.app, "Ana", address)
    settled(page)
    place = page.url  # with the project and the round in hand
    assert place.startswith(shared.app.url + address)
    page.reload()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    expect(page.locator(".ts-who > span").first).to_have_text("Ana")
    settled(page)
    assert page.url == place


def test_the_cookie_is_out_of_reach_of_scripts_and_survives_a_restart(app, page):
    sign_in(page, app, "Ana", "/people")
    (cookie,) = [each for each in page.context.cookies() if each["name"] == "touchstone"]
    assert cookie["httpOnly"] and cookie["sameSite"] == "Lax" and len(cookie["value"]) >= 32 and cookie["path"] == "/"
    assert "touchstone" not in page.evaluate("() => document.cookie")
    app.restart()
    page.reload()
    expect(page.locator(".ts-who > span").first).to_have_text("Ana")


def test_a_forged_cookie_opens_nothing(shared, page):
    page.context.add_cookies([{"name": "touchstone", "value": "A" * 43, "url": shared.app.url}])
    page.goto(f"{shared.app.url}/people")
    at_the_door(page)


@pytest.mark.whole_run("pages without a browser show the sign-in again")
def test_signing_out_ends_the_other_tabs_at_their_next_click(app, ana, sqlite_engine, page):
    bring_cookie(page, app, sqlite_engine, ana).goto(f"{app.url}/label")
    ready(page)
    other = page.context.new_page()
    other.goto(app.url)
    other.get_by_role("button", name="Sign out").click()
    at_the_door(other)
    press(page, "2")
    at_the_door(page)


@pytest.mark.whole_run("names with markup are added in the whole life of a label")
def test_a_new_name_is_added_and_its_markup_stays_text(app, sqlite_engine, page):
    name = "<b>Zoë</b> & **Co** :smile:"
    page.goto(f"{app.url}/people")
    page.get_by_label("Not on the list?").fill(name)
    page.get_by_role("button", name="Add me and sign in").click()
    expect(page.locator(".ts-who > span").first).to_have_text(name)
    assert page.url.partition("?")[0] == f"{app.url}/people"
    expect(page.locator(".ts-table td").filter(has_text=name)).to_have_count(1)
    assert page.locator(".ts-who b, .ts-table b").count() == 0
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator(".ts-names button").filter(has_text=name)).to_have_count(1)
    assert page.locator(".ts-names b, .ts-names img").count() == 0
    assert name in [each.name for each in everyone(sqlite_engine)]
    page.goto(f"{app.url}/rounds")
    page.locator(".ts-names button").filter(has_text=name).click()
    expect(page.get_by_text("Open a round", exact=True)).to_be_visible()
    settled(page)
    if not page.get_by_role("combobox", name="Annotators").is_visible():  # open by itself while all rounds are the sample's
        open_fold(page, "Open a round")
    expect(open_box(page, "Annotators", name)).to_have_count(1)


@pytest.mark.parametrize(
    "name, says", some([("x\u202ey", "invisible"), ("Ana, Ben", "may not contain commas"), ("command line", "choose another")])
)
def test_a_name_unfit_to_show_is_refused_in_a_sentence(shared, page, name, says):
    page.goto(f"{shared.app.url}/label")
    page.get_by_label("Not on the list?").fill(name)
    page.get_by_role("button", name="Add me and sign in").click()
    expect(page.get_by_role("alert")).to_contain_text(says)
    assert page.url.partition("?")[0] == f"{shared.app.url}/label"
    assert len(everyone(shared.engine)) == 2


@pytest.mark.parametrize(
    "wanted", ["https://example.org/", "//example.org", "/\\example.org", "javascript:alert(1)", "/a\r\nX: y"]
)
def test_signing_in_never_leads_to_another_site(shared, wanted):
    answer = httpx.post(f"{shared.app.url}/sign-in", data={"person": shared.ana.id, "next": wanted}, trust_env=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_what_comes_from_a_page_of_another_site_is_refused(shared):
    for headers in (
        {"Origin": "https://example.org"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": shared.app.url.replace("127.0.0.1", "localhost")},
        {"Origin": "http://127.0.0.1:1"},
    ):
        for route in ("/sign-in", "/sign-out"):
            answer = httpx.post(shared.app.url + route, data={"person": shared.ana.id}, headers=headers, trust_env=False)
            assert answer.status_code == 403 and answer.text.endswith("."), (route, headers)
            assert "set-cookie" not in answer.headers
    for host in ("example.org", "touchstone.example.org:8501", "0.0.0.0", "127.0.0.1.example.org", ""):
        for route in ("/", "/label", "/health", "/_stcore/health"):
            answer = httpx.get(shared.app.url + route, headers={"Host": host}, trust_env=False)
            assert answer.status_code in (400, 403), (host, route)
    health = httpx.get(f"{shared.app.url}/health", headers={"Host": f"localhost:{shared.app.port}"}, trust_env=False)
    assert health.json() == {"status": "ok"}


@pytest.mark.parametrize(
    "headers, status",
    [({"Origin": "https://example.org"}, 403), ({"Host": "example.org"}, 403), ({}, 101)],
    ids=["foreign origin", "foreign host", "our own"],
)
def test_a_websocket_opens_only_for_a_page_of_ours(shared, headers, status):
    connection = http.client.HTTPConnection("127.0.0.1", shared.app.port, timeout=10)
    connection.request(
        "GET",
        "/_stcore/stream",
        headers={
            "Host": f"127.0.0.1:{shared.app.port}",
            "Origin": shared.app.url,
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
            **headers,
        },
    )
    assert connection.getresponse().status == status
    connection.close()


def test_a_websocket_with_a_cookie_and_no_page_behind_it_is_refused(shared):
    """What Streamlit's own check lets through: no Origin at all, and any page of localhost."""
    token = people.sign_in(shared.engine, shared.ana.id)
    assert refused_status(shared.app, token) is None
    assert refused_status(shared.app, token, origin=None) == 403
    assert refused_status(shared.app, token, origin="http://localhost:3000") == 403
    assert refused_status(shared.app, token, origin=shared.app.url.replace("http:", "https:")) == 403


def test_nobody_goes_on_with_another_persons_tab_by_its_session_id(shared):
    ben = next(each for each in everyone(shared.engine) if each.name == "Ben")
    anas, bens = (people.sign_in(shared.engine, each.id) for each in (shared.ana, ben))
    with raw_tab(shared.app, anas) as tab:
        session = tab.rerun().session
        for token in ("", bens):
            with raw_tab(shared.app, token, resume=session, x_touchstone_person=str(shared.ana.id)) as other:
                assert other.rerun().session not in ("", session)
    with raw_tab(shared.app, anas, resume=session) as again:
        assert again.rerun().session == session


@pytest.mark.parametrize(
    "method, path", [("GET", "/media/abc.csv"), ("PUT", "/_stcore/upload_file/x/y"), ("GET", "/_stcore/metrics")]
)
def test_files_of_pages_are_for_who_is_signed_in(shared, method, path):
    def ask(token: str) -> int:
        answer = httpx.request(method, shared.app.url + path, headers={"Cookie": f"touchstone={token}"}, trust_env=False)
        assert "media" not in path or "no-store" in answer.headers["cache-control"]
        return answer.status_code

    assert ask("") == ask("A" * 43) == 401
    assert ask(people.sign_in(shared.engine, shared.ana.id)) != 401


def test_what_a_stranger_uploads_is_refused_before_it_is_read(shared):
    """The answer comes while none of the body has been sent."""
    connection = http.client.HTTPConnection("127.0.0.1", shared.app.port, timeout=10)
    connection.putrequest("PUT", "/_stcore/upload_file/x/y")
    connection.putheader("Content-Length", str(50_000_000))
    connection.endheaders()
    assert connection.getresponse().status == 401
    connection.close()


@pytest.mark.parametrize("path", ["/", "/label", "/health", "/_stcore/health", "/static/nothing.js", "/sign-in"])
def test_the_security_headers_are_on_every_answer(shared, path):
    headers = httpx.get(shared.app.url + path, trust_env=False).headers
    assert headers["x-frame-options"] == "DENY" and headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin" and headers["cross-origin-opener-policy"] == "same-origin"
    policy = headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy and "object-src 'none'" in policy
    scripts = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert "unsafe-inline" not in scripts and "unsafe-eval" not in scripts


@pytest.mark.parametrize("way", some(["config", "flag", "environment"]))
def test_listening_beyond_this_machine_is_refused_with_one_sentence(way, sqlite_store_url, tmp_path):
    root, flags, environment = PROJECT, [], {}
    if way == "flag":
        flags = ["--server.address", "0.0.0.0"]
    elif way == "environment":
        environment = {"STREAMLIT_SERVER_ADDRESS": "0.0.0.0"}
    else:
        root = copied_project(tmp_path / "project")
        config = root / ".streamlit" / "config.toml"
        config.write_text(config.read_text().replace('address = "127.0.0.1"', 'address = "0.0.0.0"'))
    ended = subprocess.run(
        [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(free_port()), *flags],
        cwd=root,
        timeout=60,
        env={**os.environ, "TOUCHSTONE_DATABASE_URL": sqlite_store_url, **environment},
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 1
    assert "Traceback" not in ended.stdout + ended.stderr
    said = ended.stderr.splitlines()[-1]  # Streamlit has said where it would have listened before our script ran
    assert "does not listen on every network interface" in said and "set server.address to 127.0.0.1" in said
    assert ended.stderr.count("every network interface") == 1
