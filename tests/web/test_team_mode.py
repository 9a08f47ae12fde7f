"""Team mode as people meet it: below a path, with accounts, in a browser and by requests that no browser would make."""

import shutil
import socket
import time
from typing import NamedTuple
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import expect
from sqlalchemy import Engine
from starlette.responses import Response

from tests.support.app_server import AppServer
from tests.support.axe_runs import COLOURS, violations
from tests.support.browsing import PROJECT, settled
from tests.support.raw_tab import raw_tab, refused_status
from tests.support.sample_store import hasty_engine, sqlite_url
from ui.base.session import signed_in
from web.ways_in import cookies
from workflow.people import people
from workflow.people.accounts.invitations import create_admin, invite, redeem, reset_link
from workflow.people.accounts.signing_in import sign_in_with_password
from workflow.people.people import Person
from workflow.projects.projects import new_project

PASSWORD = "correct horse battery staple"
HTML = {"Accept": "text/html"}


class Team(NamedTuple):
    app: AppServer
    engine: Engine
    ana: Person  # the admin
    ben: Person  # lead of Pilot


def path_of(link):
    return "/invitation/" + link.address.rpartition("/")[2]


def token_of(link):
    return link.address.rpartition("/")[2]


@pytest.fixture(scope="module")
def team(migrated_sqlite, tmp_path_factory):
    folder = tmp_path_factory.mktemp("team")
    shutil.copy(migrated_sqlite, folder / "store.db")
    with pytest.MonkeyPatch.context() as patch, hasty_engine(sqlite_url(folder / "store.db")) as engine:
        patch.setenv("TOUCHSTONE_PUBLIC_URL", "http://localhost:1")
        redeem(engine, token_of(create_admin(None, engine, "Ana")), PASSWORD, PASSWORD)
        ana = people.person_named(engine, "Ana")
        new_project(ana, engine, "Pilot")
        redeem(engine, token_of(invite(ana, engine, "Ben", "lead", "Pilot")), PASSWORD, PASSWORD)
        app = AppServer(PROJECT, sqlite_url(folder / "store.db"), folder / "app.log", below="/touch", team=True)
        app.start()
        yield Team(app, engine, ana, people.person_named(engine, "Ben"))
        app.stop()


def ask(team, path, token="", method="GET", **headers):
    said = {**({"Cookie": f"touchstone={token}"} if token else {}), **headers}
    return httpx.request(method, team.app.url + path, headers=said, trust_env=False)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/label",
        "/media/a.csv",
        "/_stcore/metrics",
        "/_stcore/health",
        "/_stcore/host-config",
        "/static/index.html",
        "/nothing",
    ],
)
def test_a_stranger_gets_no_byte_of_the_product(team, path):
    told = ask(team, path)
    assert (told.status_code, told.text) == (401, "Sign in first: nobody is signed in here.")
    sent = ask(team, path, **HTML)
    assert sent.status_code == 303 and sent.text == "" and sent.headers["location"].startswith("/touch/sign-in?next=%2Ftouch%2F")
    assert ask(team, path, "A" * 43).status_code == 401


def test_a_stranger_uploads_nothing_and_opens_no_tab(team):
    assert ask(team, "/_stcore/upload_file/x/y", method="PUT").status_code == 401
    origin = team.app.url.removesuffix("/touch")
    token = sign_in_with_password(team.engine, "Ana", PASSWORD)
    assert refused_status(team.app, token, origin=origin) is None
    assert refused_status(team.app, "", origin=origin) == refused_status(team.app, token, origin="https://e.org") == 403
    left = ask(team, "/sign-out", method="POST", Origin=origin, **HTML)
    assert (left.status_code, left.headers["location"]) == (303, "/touch/sign-in"), "Sign out in a tab that is signed out already"
    local = people.sign_in(team.engine, team.ana.id)
    assert refused_status(team.app, local, origin=origin) == 403, "a name taken at its word is no sign-in here"


@pytest.mark.parametrize("ended_by", ["signing out", "a new password"])
def test_a_sign_in_that_ends_in_another_process_ends_open_tabs_and_copied_cookies(team, ended_by):
    token = sign_in_with_password(team.engine, "Ben", PASSWORD)
    with raw_tab(team.app, token, origin=team.app.url.removesuffix("/touch")) as tab:
        assert tab.rerun().sent_to == "" and ask(team, "/_stcore/health", token).status_code == 200
        if ended_by == "signing out":
            people.sign_out(team.engine, token)
        else:
            redeem(team.engine, token_of(reset_link(team.ana, team.engine, "Ben")), PASSWORD, PASSWORD)
        begun = time.monotonic()
        while ask(team, "/_stcore/health", token).status_code == 200:
            assert time.monotonic() - begun < 5
            time.sleep(0.1)
        sent_to = tab.rerun(f"{team.app.url}/label", "project=Pilot&round=a+b").sent_to
        assert sent_to == "/touch/sign-in?ended=1&next=%2Ftouch%2Flabel%3Fproject%3DPilot%26round%3Da%2Bb"
        assert refused_status(team.app, token, origin=team.app.url.removesuffix("/touch")) == 403


@pytest.mark.parametrize("path", ["/sign-in", "/keep"])
def test_a_request_that_breaks_off_ends_quietly(team, path):
    token = sign_in_with_password(team.engine, "Ben", PASSWORD)
    at = urlsplit(team.app.url)
    before = len(team.app.log.read_text("utf-8", "replace"))
    with socket.create_connection((at.hostname, at.port), timeout=10) as connection:
        connection.sendall(
            f"POST {at.path}{path} HTTP/1.1\r\nHost: {at.netloc}\r\nOrigin: http://{at.netloc}\r\n"
            f"Cookie: touchstone={token}\r\nContent-Length: 1000\r\n\r\nname=a".encode()
        )
        time.sleep(0.5)
    time.sleep(0.5)
    assert ask(team, "/health").status_code == 200
    said = team.app.log.read_text("utf-8", "replace")[before:]
    assert "Traceback" not in said and "ClientDisconnect" not in said, said


def test_a_link_is_opened_as_often_as_one_likes_and_works_once(team):
    path = path_of(reset_link(team.ana, team.engine, "Ben"))
    assert [ask(team, path).status_code for _ in range(2)] == [200, 200]
    assert ask(team, path).headers["cache-control"] == "no-store"
    form = {"password": PASSWORD, "again": PASSWORD}
    from_elsewhere = httpx.post(team.app.url + path, data=form, headers={"Origin": "https://e.org"}, trust_env=False)
    assert from_elsewhere.status_code == 403
    for answer, said in ((httpx.post(team.app.url + path, data={**form, "again": "x"}, trust_env=False), "not the same"),):
        assert answer.status_code == 422 and said in answer.text
    done = httpx.post(team.app.url + path, data=form, trust_env=False)
    assert (done.status_code, done.headers["location"]) == (303, "/touch/")
    assert ask(team, "/_stcore/health", done.cookies["touchstone"]).status_code == 200
    for again in (httpx.post(team.app.url + path, data=form, trust_env=False), ask(team, path), ask(team, "/invitation/x")):
        assert again.status_code == 410 and "cannot be used" in again.text and "set-cookie" not in again.headers


def test_signing_in_leads_nowhere_else_and_tells_nothing(team):
    def post(**form):
        return httpx.post(f"{team.app.url}/sign-in", data={"name": "Ana", "password": PASSWORD, **form}, trust_env=False)

    for wanted in ("https://e.org/", "//e.org", "/elsewhere", "/touch/../elsewhere", "/touch//e.org"):
        assert post(next=wanted).headers["location"] == "/touch/"
    assert post(next="/touch/label?round=a").headers["location"] == "/touch/label?round=a"
    known, unknown = post(password="wrong"), post(name="Nobody <b>", password="wrong")
    assert known.status_code == unknown.status_code == 403
    assert unknown.text.replace("Nobody &lt;b&gt;", "Ana") == known.text and "<b>" not in unknown.text.partition("<main>")[2]
    assert post(password="x" * 20_000).status_code == 413
    policy = known.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe-inline" not in policy and "script-src" not in policy


@pytest.mark.parametrize(
    "url, name, path",
    [
        ("https://touch.example.org", "__Host-touchstone", "/"),
        ("https://example.org/touch", "__Secure-touchstone", "/touch"),
        ("http://localhost:8501/touch", "touchstone", "/"),
    ],
)
def test_the_cookie_is_held_to_this_touchstone_by_its_name(monkeypatch, url, name, path):
    monkeypatch.setenv("TOUCHSTONE_PUBLIC_URL", url)
    response = Response()
    cookies.keep_signed_in(response, "token")
    cookies.drop_sign_in(response)
    assert signed_in.cookie_name() == name
    for cookie in response.headers.getlist("set-cookie"):
        parts = cookie.lower().split("; ")
        assert cookie.startswith(f"{name}=") and {"httponly", "samesite=lax", f"path={path}"} <= set(parts)
        assert ("secure" in parts) is url.startswith("https") and "domain" not in cookie.lower()


def test_a_person_signs_in_works_below_the_path_and_signs_out_in_every_tab(team, new_page):
    page = new_page(color_scheme="light", reduced_motion="reduce")
    page.goto(f"{team.app.url}/people?project=Pilot")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.get_by_label("Name").fill("ana")
    page.get_by_label("Password").fill("not this one")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("is not right")
    assert violations(page) == [] and page.get_by_label("Password").evaluate("box => box === document.activeElement")
    page.emulate_media(color_scheme="dark")
    assert violations(page, COLOURS) == []
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator(".ts-who > span").first).to_have_text("Ana")
    assert page.url == f"{team.app.url}/people?project=Pilot"
    expect(page.get_by_text("How everybody signs in")).to_be_visible()
    settled(page)
    for look in ("dark", "light"):
        page.emulate_media(color_scheme=look)
        settled(page)
        assert [str(each) for each in violations(page) if each.listed < 0] == []
    page.locator(".ts-groups a", has_text="Rubrics").click()
    expect(page.get_by_role("heading", name="Rubrics", exact=True)).to_be_visible()
    assert page.url.startswith(f"{team.app.url}/rubrics")
    other = page.context.new_page()
    other.goto(team.app.url)
    other.get_by_role("button", name="Sign out").click()
    expect(other.get_by_role("heading", name="Sign in")).to_be_visible()
    page.locator(".ts-groups a", has_text="Home").click()
    expect(page.get_by_text("You are signed out here")).to_be_visible()
    page.get_by_label("Name").fill("ana")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator(".ts-who > span").first).to_have_text("Ana")
    assert page.url.startswith(f"{team.app.url}/") and page.url.endswith("?project=Pilot"), "where the tab was"


def test_an_invited_person_sets_a_password_and_is_in(team, new_page):
    page = new_page(viewport={"width": 390, "height": 844}, color_scheme="dark")
    page.goto(team.app.url + path_of(invite(team.ana, team.engine, "Cleo <b>Öz</b>", "annotator", "Pilot")))
    expect(page.get_by_role("heading", name="Welcome, Cleo <b>Öz</b>")).to_be_visible()
    expect(page.get_by_text("You are invited as an annotator of Pilot.")).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    for box in ("New password", "The same again"):
        page.get_by_label(box).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator(".ts-top")).to_be_visible()
    assert page.url.startswith(f"{team.app.url}/")


def test_a_file_and_a_tab_are_for_whose_they_are_alone(team, new_page):
    ana, ben = (sign_in_with_password(team.engine, name, PASSWORD) for name in ("Ana", "Ben"))
    page, addresses = new_page(), []
    page.context.add_cookies([{"name": "touchstone", "value": ana, "url": team.app.url.removesuffix("/touch")}])
    page.on("request", lambda asked: addresses.append(asked.url) if "/media/" in asked.url else None)
    page.goto(f"{team.app.url}/rubrics?project=Pilot")
    with page.expect_download() as download:
        page.get_by_role("button", name="Codebook for annotators").click()
    assert download.value.path() is not None
    path = "/media/" + addresses[-1].rpartition("/")[2]
    assert [ask(team, path, token).status_code for token in (ana, ben, "")] == [200, 404, 401]
    with raw_tab(team.app, ana, origin=team.app.url.removesuffix("/touch")) as tab:
        upload = f"/_stcore/upload_file/{tab.rerun().session}/x"
        for method in ("PUT", "DELETE"):
            assert ask(team, upload, ben, method).status_code == 404
            assert ask(team, upload, ana, method).status_code == 403, "goes on to Streamlit, which asks for its own token"
    assert ask(team, "/_stcore/metrics", ana).status_code == 404
