"""Who may come in: the guard before every page, the cookie, sign-out, and what comes from elsewhere."""

import http.client
import os
import subprocess
import sys

import httpx
import pytest
from playwright.sync_api import expect

from tests.support.app_server import free_port
from tests.support.browsing import PROJECT, bring_cookie, copied_project, open_box, press, ready, settled, sign_in
from ui.base.navigation import PAGES
from workflow.data.task_import import import_file
from workflow.people.people import add_person, everyone
from workflow.rounds.design import RoundDesign
from workflow.rounds.opening import open_round

ADDRESSES = [f"/{url}" for _, url, _ in PAGES]


@pytest.fixture
def ana(sqlite_engine):
    """Ana and Ben with an open round of two texts."""
    ana, _ = (add_person(None, sqlite_engine, name) for name in ("Ana", "Ben"))
    import_file(ana, sqlite_engine, b'{"id": "1", "text": "One."}\n{"id": "2", "text": "Two."}', "texts.jsonl")
    open_round(ana, sqlite_engine, RoundDesign("march-pilot", rubric="tenacious-v1", annotators=["Ana", "Ben"]))
    return ana


@pytest.fixture
def app(ana, sqlite_engine, server):
    return server(sqlite_engine)


def at_the_door(page):
    expect(page.get_by_role("heading", name="Who is labelling?")).to_be_visible()
    assert page.get_by_test_id("stTopNavLink").count() == 0
    assert page.locator(".ts-draft, .ts-who, .ts-heading, .ts-table").count() == 0


def test_a_deep_link_to_every_page_on_a_fresh_server_meets_the_guard(app, page):
    for address in ADDRESSES:
        page.goto(f"{app.url}{address}?round=march-pilot")
        at_the_door(page)
        assert "march-pilot" not in page.locator("body").inner_text()


def test_the_first_request_of_a_fresh_server_meets_the_guard_on_any_page(ana, sqlite_engine, server, page):
    """Streamlit can serve a page beside the main script before that script has run: so the first is asked of a new app."""
    app = server(sqlite_engine, as_a_person_does=True)
    for address in ("/rounds", "/label"):
        page.goto(app.url + address)
        at_the_door(page)
        app.restart()


@pytest.mark.parametrize("address", ["/label?round=march-pilot", "/rounds", "/"])
def test_after_signing_in_the_address_opens_and_a_refresh_stays_signed_in(app, page, address):
    sign_in(page, app, "Ana", address)
    assert page.url == app.url + address
    page.reload()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    expect(page.locator(".ts-who > span").first).to_have_text("Ana")
    assert page.url == app.url + address


def test_the_cookie_is_out_of_reach_of_scripts_and_survives_a_restart(app, page):
    sign_in(page, app, "Ana", "/people")
    (cookie,) = [each for each in page.context.cookies() if each["name"] == "touchstone"]
    assert cookie["httpOnly"] and cookie["sameSite"] == "Lax" and len(cookie["value"]) >= 32 and cookie["path"] == "/"
    assert "touchstone" not in page.evaluate("() => document.cookie")
    app.restart()
    page.reload()
    expect(page.locator(".ts-who > span").first).to_have_text("Ana")


def test_a_forged_cookie_opens_nothing(app, page):
    page.context.add_cookies([{"name": "touchstone", "value": "A" * 43, "url": app.url}])
    page.goto(f"{app.url}/people")
    at_the_door(page)


def test_signing_out_ends_the_other_tabs_at_their_next_click(app, ana, sqlite_engine, page):
    bring_cookie(page, app, sqlite_engine, ana).goto(f"{app.url}/label")
    ready(page)
    other = page.context.new_page()
    other.goto(app.url)
    other.get_by_role("button", name="Sign out").click()
    at_the_door(other)
    press(page, "2")
    at_the_door(page)


def test_a_new_name_is_added_and_its_markup_stays_text(app, sqlite_engine, page):
    name = "<b>Zoë</b> & **Co** :smile:"
    page.goto(f"{app.url}/people")
    page.get_by_label("Not on the list?").fill(name)
    page.get_by_role("button", name="Add me and sign in").click()
    expect(page.locator(".ts-who > span").first).to_have_text(name)
    assert page.url == f"{app.url}/people"
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
        page.get_by_text("Open a round", exact=True).click()
    expect(open_box(page, "Annotators", name)).to_have_count(1)


@pytest.mark.parametrize(
    "name, says", [("Ana, Ben", "may not contain commas"), ("x\u202ey", "invisible"), ("command line", "choose another")]
)
def test_a_name_unfit_to_show_is_refused_in_a_sentence(app, sqlite_engine, page, name, says):
    page.goto(f"{app.url}/label")
    page.get_by_label("Not on the list?").fill(name)
    page.get_by_role("button", name="Add me and sign in").click()
    expect(page.get_by_role("alert")).to_contain_text(says)
    assert page.url == f"{app.url}/label"
    assert len(everyone(sqlite_engine)) == 2


@pytest.mark.parametrize(
    "wanted", ["https://example.org/", "//example.org", "/\\example.org", "javascript:alert(1)", "/a\r\nX: y"]
)
def test_signing_in_never_leads_to_another_site(app, ana, wanted):
    answer = httpx.post(f"{app.url}/sign-in", data={"person": ana.id, "next": wanted}, trust_env=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_what_comes_from_a_page_of_another_site_is_refused(app, ana, sqlite_engine):
    for headers in (
        {"Origin": "https://example.org"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": app.url.replace("127.0.0.1", "localhost")},
        {"Origin": "http://127.0.0.1:1"},
    ):
        for route in ("/sign-in", "/sign-out"):
            answer = httpx.post(app.url + route, data={"person": ana.id}, headers=headers, trust_env=False)
            assert answer.status_code == 403 and answer.text.endswith("."), (route, headers)
            assert "set-cookie" not in answer.headers
    for host in ("example.org", "touchstone.example.org:8501", "0.0.0.0", "127.0.0.1.example.org", ""):
        for route in ("/", "/label", "/health", "/_stcore/health"):
            answer = httpx.get(app.url + route, headers={"Host": host}, trust_env=False)
            assert answer.status_code in (400, 403), (host, route)
    assert httpx.get(f"{app.url}/health", headers={"Host": f"localhost:{app.port}"}, trust_env=False).json() == {"status": "ok"}


@pytest.mark.parametrize(
    "headers, status",
    [({"Origin": "https://example.org"}, 403), ({"Host": "example.org"}, 403), ({}, 101)],
    ids=["foreign origin", "foreign host", "our own"],
)
def test_a_websocket_opens_only_for_a_page_of_ours(app, headers, status):
    connection = http.client.HTTPConnection("127.0.0.1", app.port, timeout=10)
    connection.request(
        "GET",
        "/_stcore/stream",
        headers={
            "Host": f"127.0.0.1:{app.port}",
            "Origin": app.url,
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
            **headers,
        },
    )
    assert connection.getresponse().status == status
    connection.close()


@pytest.mark.parametrize("path", ["/", "/label", "/health", "/_stcore/health", "/static/nothing.js", "/sign-in"])
def test_the_security_headers_are_on_every_answer(app, path):
    headers = httpx.get(app.url + path, trust_env=False).headers
    assert headers["x-frame-options"] == "DENY" and headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin" and headers["cross-origin-opener-policy"] == "same-origin"
    policy = headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy and "object-src 'none'" in policy
    scripts = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert "unsafe-inline" not in scripts and "unsafe-eval" not in scripts


def test_no_page_breaks_the_content_security_policy(app, ana, sqlite_engine, page):
    said = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    bring_cookie(page, app, sqlite_engine, ana)
    for address in ADDRESSES:
        page.goto(app.url + address)
        expect(page.locator(".ts-heading, .ts-progress, .ts-empty").first).to_be_visible()
    assert [each for each in said if "Content Security Policy" in each or "Refused to" in each] == []


@pytest.mark.parametrize("way", ["flag", "environment", "config"])
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
