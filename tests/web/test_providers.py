"""Signing in with a provider: against a provider that behaves, and against one that does not."""

import json
import time
from base64 import urlsafe_b64encode
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import streamlit as st
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from joserfc.jws import JWSRegistry
from oidc_provider_mock import User, run_server_in_thread
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from touchstone.errors import Refused
from ui.base.session import store
from web.callers import Callers
from web.guard import Guard
from web.routes import routes
from web.ways_in import providers as talking
from web.ways_in.provider_settings import Settings, providers
from workflow import clock
from workflow.people import people, roles
from workflow.people.accounts.identities import (
    TAKES_AT_MOST,
    Attempt,
    Identity,
    begin_attempt,
    sign_in_with_identity,
    take_attempt,
)
from workflow.people.accounts.invitations import accounts_of, create_admin, invite, redeem, reset_link
from workflow.people.people import digest
from workflow.people.public_url import public_url
from workflow.projects.projects import new_project

# The provider of the tests is made with older parts of the same library.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::authlib.deprecate.AuthlibDeprecationWarning")
PASSWORD = "correct horse battery staple"
PUBLIC = "https://touch.example.org/touch"
GROUPS = [f"group {number:04}" for number in range(2_000)]


@pytest.fixture(autouse=True)
def team_mode(monkeypatch):
    monkeypatch.setenv("TOUCHSTONE_PUBLIC_URL", PUBLIC)
    monkeypatch.setenv("NO_PROXY", "localhost,127.0.0.1")
    monkeypatch.setattr(st, "get_option", lambda name: "touch" if name == "server.baseUrlPath" else None)


@pytest.fixture(scope="module")
def two():
    """Two providers, at which everybody may sign in as whoever they say."""
    with run_server_in_thread(user_claims=[User(sub="ana", claims={"groups": GROUPS})]) as one, run_server_in_thread() as other:
        yield [
            Settings(name, name.title(), f"http://localhost:{each.server_port}", "touchstone", "secret")
            for name, each in (("one", one), ("other", other))
        ]


@pytest.fixture
def browser(sqlite_engine, monkeypatch):
    """browser(providers) is a new browser, at a Touchstone with these providers."""
    monkeypatch.setattr(store, "whole", lambda: sqlite_engine)
    apps = {}

    def open_browser(settings):
        key = tuple(settings)
        if key not in apps:
            callers, public = Callers(), public_url()
            guard = Middleware(Guard, callers=callers, public=public)
            apps[key] = Starlette(routes=routes(callers, public, settings), middleware=[guard])
        return TestClient(apps[key], base_url="https://touch.example.org", follow_redirects=False)

    return open_browser


@pytest.fixture
def ana(sqlite_engine):
    """The admin, with a password."""
    redeem(sqlite_engine, token_of(create_admin(None, sqlite_engine, "Ana")), PASSWORD, PASSWORD)
    return people.person_named(sqlite_engine, "Ana")


def token_of(link):
    return link.address.rpartition("/")[2]


def away(browser, name, **query):
    """Where the browser is sent."""
    sent = browser.get(f"/touch/provider/{name}", params=query, headers={"sec-fetch-site": "same-origin"})
    assert sent.status_code == 303, sent.text
    return sent.headers["location"]


def signed_in_there(address, subject):
    """The address at which the provider sends the browser back."""
    answer = httpx.post(address, data={"sub": subject}, trust_env=False)
    assert answer.status_code == 302, answer.text
    return answer.headers["location"]


def who(engine, answer):
    """Whose cookie an answer sets; None for nobody's."""
    token = answer.cookies.get("__Secure-touchstone")
    return people.signed_in(engine, token).name if token else None


def test_an_invited_person_links_an_account_of_a_provider_and_signs_in_with_it_from_then_on(browser, two, ana, sqlite_engine):
    new_project(ana, sqlite_engine, "Pilot")
    link = token_of(invite(ana, sqlite_engine, "Ben", "lead", "Pilot"))
    first = browser(two)
    assert "Sign in with One" in first.get(f"/touch/invitation/{link}").text
    linked = first.get(signed_in_there(away(first, "one", invitation=link), "ana"))
    assert (linked.status_code, linked.headers["location"], who(sqlite_engine, linked)) == (303, "/touch/", "Ben")
    assert len(linked.headers["set-cookie"]) < 300, "whatever the token holds: 2,000 groups"
    again = browser(two)
    assert "Sign in with Other" in again.get("/touch/sign-in").text
    address = away(again, "one", next="/touch/label?round=a")
    asked = parse_qs(urlsplit(address).query)
    assert asked["redirect_uri"] == [f"{PUBLIC}/provider/one/back"] and asked["code_challenge_method"] == ["S256"]
    back = again.get(signed_in_there(address, "ana"))
    assert (back.headers["location"], who(sqlite_engine, back)) == ("/touch/label?round=a", "Ben")
    assert browser(two).get(f"/touch/invitation/{link}").status_code == 410, "the link was used"
    assert {each.name: each.has_provider for each in accounts_of(ana, sqlite_engine)} == {"Ana": False, "Ben": True}
    stranger = browser(two)
    for name, subject in (("other", "ana"), ("one", "ben")):  # the same subject of another issuer is somebody else
        answer = stranger.get(signed_in_there(away(stranger, name), subject))
        assert answer.status_code == 403 and "Nobody here has that account" in answer.text and who(sqlite_engine, answer) is None
    roles.deactivate(ana, sqlite_engine, "Ben")
    assert again.get(signed_in_there(away(again, "one"), "ana")).status_code == 403


def test_an_attempt_is_one_browsers_and_used_once(browser, two, ana, sqlite_engine):
    link = token_of(reset_link(ana, sqlite_engine, "Ana"))
    mine, theirs = browser(two), browser(two)
    back = signed_in_there(away(mine, "one", invitation=link), "ana of one")
    away(theirs, "one")
    for foreign in (theirs.get(back), browser(two).get(back), mine.get(back.replace("/one/", "/other/"))):
        assert foreign.status_code == 403 and "begun in another browser" in foreign.text
    assert who(sqlite_engine, mine.get(back)) == "Ana"
    assert mine.get(back).status_code == 403, "replayed"
    tabs = [away(mine, "one", next=f"/touch/label?tab={number}") for number in range(2)]
    ends = [mine.get(signed_in_there(each, "ana of one")).headers["location"] for each in tabs]
    assert ends == ["/touch/label?tab=0", "/touch/label?tab=1"]
    late = signed_in_there(away(mine, "one"), "ana of one")
    with clock.at(clock.now() + TAKES_AT_MOST * 1.1):
        assert "broken off" in mine.get(late).text
    assert mine.get("/touch/provider/one/back?error=access_denied").status_code == 403


# A provider that does not behave

KEY = RSAKey.generate_key(2048, {"kid": "k"})
ELSEWHERE = Settings("bad", "Bad", "https://bad.example.org", "touchstone", "a secret of thirty-two characters")


class Misbehaving(httpx.AsyncBaseTransport):
    """Answers for ELSEWHERE; `token` makes the ID token out of its rightful claims, `says` changes how it describes itself."""

    def __init__(self, token, says=()):
        self.token, self.says, self.nonce = token, dict(says), ""

    async def handle_async_request(self, request):
        at = ELSEWHERE.issuer
        if request.url.path.endswith("/openid-configuration"):
            endpoints = {"authorization_endpoint": f"{at}/auth", "token_endpoint": f"{at}/token", "jwks_uri": f"{at}/keys"}
            algorithms = {"id_token_signing_alg_values_supported": ["none", "HS256", "RS256"]}
            return httpx.Response(200, json={"issuer": at, **endpoints, **algorithms, **self.says})
        if request.url.path == "/keys":
            return httpx.Response(200, json={"keys": [KEY.as_dict(private=False)]})
        now = int(time.time())
        claims = {"iss": at, "sub": "ana", "aud": "touchstone", "nonce": self.nonce, "iat": now, "exp": now + 300}
        token = self.token(claims)
        return httpx.Response(200, json={"access_token": "x", "token_type": "Bearer", **({"id_token": token} if token else {})})


def signed(claims, key=KEY, algorithm="RS256"):
    head = {"alg": algorithm, "kid": "k"}
    return jwt.encode(head, claims, key, registry=JWSRegistry(algorithms=[algorithm], strict_check_header=False))


def unsigned(claims):
    parts = (json.dumps(each).encode() for each in ({"alg": "none"}, claims))
    return ".".join(urlsafe_b64encode(each).decode().rstrip("=") for each in parts) + "."


MISBEHAVIOURS = {
    "alg none": unsigned,
    "signed with our secret": lambda claims: signed(claims, OctKey.import_key(ELSEWHERE.client_secret), "HS256"),
    "another key": lambda claims: signed(claims, RSAKey.generate_key(2048, {"kid": "k"})),
    "another issuer": lambda claims: signed({**claims, "iss": "https://e.org"}),
    "another audience": lambda claims: signed({**claims, "aud": "somebody else"}),
    "another nonce": lambda claims: signed({**claims, "nonce": "another"}),
    "no nonce": lambda claims: signed({key: value for key, value in claims.items() if key != "nonce"}),
    "expired": lambda claims: signed({**claims, "iat": claims["iat"] - 900, "exp": claims["exp"] - 900}),
    "no end": lambda claims: signed({key: value for key, value in claims.items() if key != "exp"}),
    "no subject": lambda claims: signed({key: value for key, value in claims.items() if key != "sub"}),
    "no token": lambda claims: "",
    "no token at all": lambda claims: "not.a.token",
}


@pytest.fixture
def misbehaving(browser, monkeypatch, ana, sqlite_engine):
    """misbehaving(token, says) signs Ana in with ELSEWHERE, to which she has linked an account; what comes of it."""

    def sign_in(token, says=()):
        transport = Misbehaving(token, says)
        real = talking.Provider
        monkeypatch.setattr(talking, "Provider", lambda settings: real(settings, transport))
        tab = browser([ELSEWHERE])
        sent = tab.get("/touch/provider/bad")
        if sent.status_code != 303:
            return sent
        asked = parse_qs(urlsplit(sent.headers["location"]).query)
        transport.nonce = asked["nonce"][0]
        return tab.get(f"/touch/provider/bad/back?code=c&state={asked['state'][0]}")

    link = digest(token_of(reset_link(ana, sqlite_engine, "Ana")))
    sign_in_with_identity(sqlite_engine, Identity(ELSEWHERE.issuer, "ana"), link)
    return sign_in


def test_a_token_as_it_should_be_signs_in(misbehaving, sqlite_engine):
    assert who(sqlite_engine, misbehaving(signed)) == "Ana"


@pytest.mark.parametrize("what", MISBEHAVIOURS)
def test_a_token_that_is_not_as_it_should_be_signs_nobody_in(misbehaving, sqlite_engine, what):
    answer = misbehaving(MISBEHAVIOURS[what])
    assert answer.status_code == 403 and who(sqlite_engine, answer) is None
    assert "did not say who you are in a way that can be trusted" in answer.text and "Traceback" not in answer.text


def test_a_provider_that_is_down_or_says_to_be_another_is_told(misbehaving, browser, sqlite_engine):
    answer = misbehaving(signed, {"issuer": "https://e.org"})
    assert answer.status_code == 502 and "Bad does not answer as it should" in answer.text
    down = Settings("down", "Down", "http://localhost:9", "touchstone", "secret")
    answer = browser([down]).get("/touch/provider/down")
    assert answer.status_code == 502 and "sign in by a password" in answer.text


@pytest.mark.parametrize(
    "text, why",
    [
        ("[One]\ntitle='x'", "small letters"),
        ("[one]\ntitle='x'", "lacks issuer"),
        ("[one]\ntitle='x'\nissuer='http://e.org'\nclient_id='x'\nclient_secret='x'", "https://"),
        ("[one]\ntitle='x'\nissuer='https://e.org'\nclient_id='x'\nclient_secret='x'\nscope='x'", "takes no scope"),
        ("one = 1", "lacks title"),
        ("[one", "is no TOML"),
    ],
)
def test_a_file_of_providers_that_cannot_be_used_is_refused(tmp_path, monkeypatch, text, why):
    assert providers() == []
    monkeypatch.setenv("TOUCHSTONE_PROVIDERS", str(tmp_path / "providers.toml"))
    with pytest.raises(Refused, match="cannot be read"):
        providers()
    (tmp_path / "providers.toml").write_text(text)
    with pytest.raises(Refused, match=why):
        providers()


def test_identities_and_attempts_on_both_databases(engine):
    link = token_of(create_admin(None, engine, "Ana"))
    begin_attempt(engine, "one", "state", "browser", Attempt({"a": [1]}, "/label", digest(link)))
    for wrong in (("one", "state", "another"), ("other", "state", "browser"), ("one", "another", "browser")):
        with pytest.raises(Refused, match="broken off"):
            take_attempt(engine, *wrong)
    attempt = take_attempt(engine, "one", "state", "browser")
    assert attempt == ({"a": [1]}, "/label", digest(link))
    with pytest.raises(Refused, match="used already"):
        take_attempt(engine, "one", "state", "browser")
    found = Identity("https://e.org", "1")
    with pytest.raises(Refused, match="Nobody here"):
        sign_in_with_identity(engine, found)
    assert people.signed_in(engine, sign_in_with_identity(engine, found, attempt.invitation)).name == "Ana"
    assert people.signed_in(engine, sign_in_with_identity(engine, found)).name == "Ana"
    with pytest.raises(Refused, match="cannot be used"):
        sign_in_with_identity(engine, found, attempt.invitation)
    other = digest(token_of(create_admin(None, engine, "Ben")))
    with pytest.raises(Refused, match="somebody else's here already"):
        sign_in_with_identity(engine, found, other)


def test_an_account_is_linked_from_the_page_of_its_invitation_alone(browser, two, ana, sqlite_engine):
    new_project(ana, sqlite_engine, "Pilot")
    link = token_of(invite(ana, sqlite_engine, "Mallory", "annotator", "Pilot"))
    for headers in (
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "none"},
        {},
        {"referer": "https://touch.example.org.evil/"},
    ):
        refused = browser(two).get("/touch/provider/one", params={"invitation": link}, headers=headers)
        assert refused.status_code == 403 and "from the page of its invitation" in refused.text
    page = {"referer": f"{PUBLIC}/invitation/{link}"}
    assert browser(two).get("/touch/provider/one", params={"invitation": link}, headers=page).status_code == 303


def test_a_reply_without_a_token_signs_nobody_in_whatever_it_says_of_them(misbehaving, ana, sqlite_engine, monkeypatch):
    link = digest(token_of(reset_link(ana, sqlite_engine, "Ana")))
    sign_in_with_identity(sqlite_engine, Identity("https://elsewhere.example", "ana"), link)
    told = {"access_token": "x", "token_type": "Bearer", "userinfo": {"iss": "https://elsewhere.example", "sub": "ana"}}
    answers = Misbehaving.handle_async_request

    async def answer(self, request):
        return httpx.Response(200, json=told) if request.url.path == "/token" else await answers(self, request)

    monkeypatch.setattr(Misbehaving, "handle_async_request", answer)
    assert who(sqlite_engine, misbehaving(lambda claims: "")) is None


def test_a_reset_ends_what_signs_in_and_deactivating_ends_the_links(browser, two, ana, sqlite_engine):
    thief = browser(two)
    thief.get(signed_in_there(away(thief, "one", invitation=token_of(reset_link(ana, sqlite_engine, "Ana"))), "thief"))
    link = token_of(reset_link(ana, sqlite_engine, "Ana"))
    redeem(sqlite_engine, link, "a wholly new password", "a wholly new password")
    again = browser(two)
    assert who(sqlite_engine, again.get(signed_in_there(away(again, "one"), "thief"))) is None
    new_project(ana, sqlite_engine, "Pilot")
    link = token_of(invite(ana, sqlite_engine, "Ben", "annotator", "Pilot"))
    roles.deactivate(ana, sqlite_engine, "Ben")
    roles.reactivate(ana, sqlite_engine, "Ben")
    assert browser(two).get(f"/touch/invitation/{link}").status_code == 410


@pytest.mark.parametrize("path", ["provider/nobody", "provider/one/more", "invitation/a/b", "invitation/", "provider/media/x"])
def test_what_lies_beside_the_ways_in_is_no_page_of_the_product(browser, two, path):
    answer = browser(two).get(f"/touch/{path}")
    assert answer.status_code == 404 and "There is no such page" in answer.text and "<script" not in answer.text
