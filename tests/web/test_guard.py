"""The guard by itself: which requests get through it, by their headers and who is behind them."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa
import streamlit as st
from starlette.applications import Starlette
from starlette.middleware import Middleware
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from touchstone.errors import Refused
from ui.base import navigation
from ui.base.session import store
from web import belongings, listening, start
from web.belongings import Belongings
from web.callers import Callers
from web.guard import Guard, asked_in, what_pages_ask
from web.headers import headers_of
from web.routes import routes
from web.ways_in.forms import local_path
from workflow.people.people import Person
from workflow.people.public_url import public_url, read_public_url

OURS = read_public_url("https://Touch.Example.org:443/touchstone/")
HOST = {"host": "touch.example.org"}


@pytest.fixture
def prefixed(monkeypatch):
    monkeypatch.setattr(st, "get_option", lambda name: "touchstone" if name == "server.baseUrlPath" else None)


class Known(Callers):
    """Ana is signed in with the token "ana"; asked for "held", the store does not respond."""

    async def behind(self, token):
        if token == "held":
            raise sa.exc.TimeoutError("no connection is free")
        return Person(1, "Ana", False) if token == "ana" else None


def run(coroutine):
    """What it returns; in a thread of its own, as in this one a browser test may have left its loop."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result(60)


def through(public, path="/", *, method="GET", kind="http", token="", sent=(), **headers):
    """What the guard does with a request: the scope that got through it (None for none), and what it answered itself."""
    reached, answers = [], []

    async def app(scope, receive, send):
        reached.append(scope)
        for _ in sent:
            await receive()

    async def receive():
        return sent[0] if sent else {"type": "http.request", "body": b""}

    async def send(message):
        answers.append(message)

    said = {**(HOST if public else {"host": "localhost:8501"}), **({"cookie": f"{COOKIE}={token}"} if token else {}), **headers}
    scope = {
        "type": kind,
        "method": method,
        "path": path,
        "query_string": b"round=a",
        "scheme": "ws" if kind == "websocket" else "http",
        "server": ("10.0.0.1" if public else "127.0.0.1", 8501),
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in said.items()],
    }
    run(Guard(app, Known(), public)(scope, receive, send))
    return (reached[0] if reached else None), answers


COOKIE = "touchstone"


def header(answer, name):
    return next((value.decode() for key, value in answer[0]["headers"] if key == name.encode()), None)


@pytest.mark.parametrize(
    "path",
    ["/", "/label", "/media/a.csv", "/static/js/a.js", "/_stcore/host-config", "/health", "/touchstone/label", "/other/health"],
)
def test_in_team_mode_a_stranger_gets_nothing_but_the_way_in(prefixed, path):
    inside, answer = through(OURS, path)
    assert inside is None and answer[0]["status"] == 401
    inside, answer = through(OURS, path, accept="text/html")
    assert inside is None and answer[0]["status"] == 303
    assert header(answer, "location").startswith("/touchstone/sign-in?next=%2F")
    assert through(OURS, path, token="ana")[0] is not None


def test_the_ways_in_are_open_below_the_path(prefixed):
    for path in ("/sign-in", "/health", "/invitation/x"):
        assert through(OURS, "/touchstone" + path)[0] is not None


def test_only_the_guard_says_whose_a_request_is():
    inside, _ = through(None, "/media/a", token="ana", **{"X-Touchstone-Person": "7"})
    assert [value for name, value in inside["headers"] if name.lower() == b"x-touchstone-person"] == [b"1"]
    inside, _ = through(None, "/", x_touchstone_person="7")
    assert [value for name, value in inside["headers"] if name.lower() == b"x-touchstone-person"] == []


@pytest.mark.parametrize(
    "headers, gets_in",
    [
        ({"origin": "https://touch.example.org"}, True),
        ({"origin": "http://touch.example.org"}, False),
        ({"origin": "https://touch.example.org:8443"}, False),
        ({"origin": "http://localhost"}, False),
        ({"origin": "null"}, False),
        ({}, False),
        ({"origin": "https://touch.example.org", "host": "localhost"}, False),
    ],
)
def test_a_tab_connects_from_the_public_address_alone(prefixed, headers, gets_in):
    inside, answer = through(OURS, "/touchstone/_stcore/stream", kind="websocket", token="ana", **headers)
    assert (inside is not None) is gets_in and (gets_in or answer[0]["type"] == "websocket.close")
    assert through(OURS, "/touchstone/_stcore/stream", kind="websocket", **headers)[0] is None


def test_a_tab_whose_sign_in_has_ended_is_sent_to_the_sign_in_at_its_next_message(monkeypatch, prefixed):
    gone = []

    async def behind(self, token):
        gone.append(token)
        return Person(1, "Ana", False) if len(gone) == 1 else None

    monkeypatch.setattr(Known, "behind", behind)
    click = {"type": "websocket.receive", "bytes": b"x"}
    inside, answers = through(OURS, "/touchstone/_stcore/stream", kind="websocket", token="ana", origin=OURS.origin, sent=[click])
    assert inside is not None and b"/touchstone/sign-in?ended=1" in answers[0]["bytes"]
    assert answers[1] == {"type": "websocket.close", "code": 1008, "reason": "signed out"}


def sent_away(monkeypatch, *messages):
    """Where a tab is sent at its last message, before which its sign-in ended."""
    left = iter([Person(1, "Ana", False)] * len(messages))

    async def behind(self, token):
        return next(left, None)

    monkeypatch.setattr(Known, "behind", behind)
    sent, answers, token = iter(messages), [], "ana"

    async def receive():
        return {"type": "websocket.receive", "bytes": next(sent)}

    async def send(message):
        answers.append(message)

    async def read_all():
        behind_guard = Guard(None, Known(), OURS).until_signed_out(receive, send, token)
        await Known().behind(token)  # as the tab was opened
        for _ in messages:
            await behind_guard()

    run(read_all())
    return ForwardMsg.FromString(answers[0]["bytes"]).auth_redirect.url


def asks(url, query=""):
    return BackMsg(rerun_script=ClientState(query_string=query, context_info={"url": url})).SerializeToString()


@pytest.mark.parametrize(
    "messages, back",
    [
        ((asks("https://touch.example.org/touchstone/label", "project=a&round=b"),), "/touchstone/label?project=a&round=b"),
        ((asks("https://touch.example.org/touchstone/", ""), BackMsg(app_heartbeat=True).SerializeToString()), "/touchstone/"),
        ((asks("http://[", "round=b"),), None),
        ((asks(""), b"\xff"), None),
    ],
)
def test_after_signing_in_again_one_is_where_the_tab_was(monkeypatch, prefixed, messages, back):
    found = parse_qs(urlsplit(sent_away(monkeypatch, *messages)).query)
    assert found.pop("ended") == ["1"] and found == ({"next": [back]} if back else {})


def test_what_no_page_sends_does_not_get_through(prefixed):
    """`clear_cache` would empty everybody's caches."""
    asked = [BackMsg(clear_cache=True), BackMsg(rerun_script=ClientState(query_string="round=a"))]
    messages = iter([{"type": "websocket.receive", "bytes": b"\xff"}, *(
        {"type": "websocket.receive", "bytes": each.SerializeToString()} for each in asked
    )])  # fmt: skip

    async def receive():
        return next(messages)

    assert asked_in(run(what_pages_ask(receive)())["bytes"]).WhichOneof("type") == "rerun_script"


def test_where_the_store_does_not_respond_a_sentence_says_so(prefixed):
    inside, answer = through(OURS, "/touchstone/label", token="held")
    assert inside is None and answer[0]["status"] == 503 and b"store is not responding" in answer[1]["body"]


def test_every_cookie_is_for_https_alone_where_that_is_how_one_comes():
    for cookie in (b"_streamlit_xsrf=1; Path=/", b"a=b; Path=/; Secure"):
        (found,) = [value for name, value in headers_of([(b"set-cookie", cookie)], True) if name == b"set-cookie"]
        assert found.lower().count(b"; secure") == 1


@pytest.mark.parametrize(
    "said, why",
    [
        ("touch.example.org", "does not begin with https"),
        ("ftp://touch.example.org", "does not begin with https"),
        ("http://touch.example.org", "passwords could be read on the way"),
        ("https://ana:pw@touch.example.org", "a host, a port if need be, and a path"),
        ("https://touch.example.org/a?b=c", "a host, a port if need be, and a path"),
        ("https://touch.example.org/a/../b", "a host, a port if need be, and a path"),
        ("https://touch.example.org//b", "a host, a port if need be, and a path"),
        ("https://touch example.org", "a host, a port if need be, and a path"),
        ("https://touch.example.org:x", "is no web address"),
        ("https://", "a host, a port if need be, and a path"),
    ],
)
def test_an_address_that_would_not_do_is_refused(monkeypatch, said, why):
    monkeypatch.setenv("TOUCHSTONE_PUBLIC_URL", said)
    with pytest.raises(Refused, match=why):
        public_url()


def test_an_address_is_known_by_its_parts(monkeypatch):
    assert (OURS.origin, OURS.prefix) == ("https://touch.example.org", "/touchstone")
    assert OURS.link("/sign-in", next="/a b") == "https://touch.example.org/touchstone/sign-in?next=%2Fa+b"
    assert read_public_url("http://127.0.0.1:8501").host == "127.0.0.1:8501"
    monkeypatch.delenv("TOUCHSTONE_PUBLIC_URL", raising=False)
    assert public_url() is None


def test_where_it_does_not_listen_is_said(prefixed):
    trying = read_public_url("http://localhost:8501")
    assert listening.refusal_of_address("127.0.0.1", None) is listening.refusal_of_address("0.0.0.0", OURS) is None
    assert "has no passwords" in listening.refusal_of_address("0.0.0.0", None)
    assert "could be read on the way" in listening.refusal_of_address(None, trying)
    assert start.refusal_of_prefix(OURS) is start.refusal_of_prefix(None) is None
    assert "server.baseUrlPath is “touchstone”: make them the same" in start.refusal_of_prefix(trying)


def test_below_a_path_every_link_of_ours_begins_with_it(prefixed):
    assert navigation.address("label", round="a") == "/touchstone/label?round=a"
    assert navigation.address("home") == "/touchstone/"
    assert local_path("/touchstone/label?round=a") == "/touchstone/label?round=a"
    for wanted in (
        "/",
        "/touchstone/../x",
        "/touchstone/a/%2e%2e/%2E./x",
        "/touchstonex",
        "//touchstone/",
        "https://e.org/touchstone/",
    ):
        assert local_path(wanted) == "/touchstone/"


@pytest.mark.parametrize(
    "wrong", [sa.exc.OperationalError("INSERT", {}, Exception("database or disk is full")), sa.exc.TimeoutError()]
)
@pytest.mark.parametrize("path, method, form", [("/sign-in", "POST", "person=1"), ("/sign-out", "POST", "")])
def test_our_own_routes_say_in_a_sentence_that_the_store_does_not_respond(monkeypatch, wrong, path, method, form):
    def full(*_):
        raise wrong

    monkeypatch.setattr(store, "whole", full)
    answers = []

    async def receive():
        return {"type": "http.request", "body": form.encode()}

    async def send(message):
        answers.append(message)

    app = Starlette(routes=routes(Known(), None), middleware=[Middleware(Guard, callers=Known(), public=None)])
    headers = [(b"host", b"localhost"), (b"cookie", b"touchstone=ana"), (b"accept", b"text/html")]
    scope = {"type": "http", "method": method, "path": path, "query_string": b"", "headers": headers, "scheme": "http"}
    run(app({**scope, "server": ("127.0.0.1", 80)}, receive, send))
    assert answers[0]["status"] == 503 and b"The store is not responding" in answers[1]["body"]
    assert header(answers, "retry-after") == "5" and "default-src 'none'" in header(answers, "content-security-policy")


# Whose a tab and a file are


def element(**fields):
    message = ForwardMsg()
    for name, value in fields.items():
        setattr(message.delta.new_element.download_button, name, value)
    return message


def session(name):
    message = ForwardMsg()
    message.new_session.initialize.session_id = name
    return message


def made(url):
    message = ForwardMsg()
    message.backend_operation_response.deferred_file.url = url
    return message


def asks_for(deferred):
    message = BackMsg()
    message.backend_operation_request.deferred_file.file_id = deferred
    return message


def noted(person, *messages):
    found = Belongings()

    async def nowhere(_):
        pass

    async def send_all():
        send = found.to_tab_of(person, nowhere)
        for each in messages:
            await send({"type": "websocket.send", "bytes": each.SerializeToString()})

    run(send_all())
    return found


ANA, BEN = Person(1, "Ana", False), Person(2, "Ben", False)


def test_a_file_a_deferred_download_and_a_tab_are_whose_tab_was_told_of_them(prefixed):
    text = ForwardMsg()
    text.delta.new_element.text_input.value = "/media/typed.csv /media/a1.csv"
    of_ana = noted(
        ANA, session("s1"), element(url="/touchstone/media/a1.csv", deferred_file_id="d1"), made("/media/m1.zip"), text
    )
    for path in ("/media/a1.csv", "/media/m1.zip", "/_stcore/upload_file/s1/f"):
        scope = {"path": f"/touchstone{path}"}
        assert (of_ana.is_anothers(ANA, scope), of_ana.is_anothers(BEN, scope)) == (False, True), path
    for path in ("/media/typed.csv", "/media/", "/media/a1/x.csv", "/_stcore/upload_file/s2/f", "/_stcore/upload_file/s1x/f"):
        assert of_ana.is_anothers(ANA, {"path": f"/touchstone{path}"}), path
    assert not of_ana.is_anothers(BEN, {"path": "/touchstone/label"})
    assert [of_ana.asks_for_anothers(each, asks_for("d1")) for each in (ANA, BEN)] == [False, True]
    assert of_ana.asks_for_anothers(ANA, asks_for("d2"))


def test_no_more_is_kept_in_mind_of_one_person_than_there_is_room_for_and_nobody_pushes_out_anothers(prefixed, monkeypatch):
    monkeypatch.setattr(belongings, "MOST", 10)
    found = noted(ANA, session("s1"))
    for number in range(50):
        found._note(BEN, element(url=f"/media/b{number}.csv").SerializeToString())
    assert not found.is_anothers(ANA, {"path": "/touchstone/_stcore/upload_file/s1/f"})
    assert [found.is_anothers(BEN, {"path": f"/touchstone/media/b{number}.csv"}) for number in (0, 39, 40, 49)] == [
        True, True, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize("path", ["/media/a.csv", "/_stcore/upload_file/x/y", "/_stcore/metrics", "/_stcore/agent/interact"])
def test_what_is_not_theirs_or_nobodys_is_not_there(prefixed, path):
    inside, answer = through(OURS, f"/touchstone{path}", token="ana")
    assert inside is None and answer[0]["status"] == 404


def test_in_local_mode_files_and_uploads_are_everybodys_who_is_signed_in():
    for path in ("/media/a.csv", "/_stcore/upload_file/x/y"):
        assert through(None, path, token="ana")[0] is not None and through(None, path)[0] is None


def test_a_deferred_download_of_another_is_not_asked_for(prefixed):
    messages = iter({"type": "websocket.receive", "bytes": each.SerializeToString()} for each in (asks_for("d1"), asks_for("d2")))

    async def receive():
        return next(messages)

    got = run(what_pages_ask(receive, lambda asked: asked.backend_operation_request.deferred_file.file_id == "d1")())
    assert asked_in(got["bytes"]) == asks_for("d2")
