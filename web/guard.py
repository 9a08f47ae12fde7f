"""Everything that comes in passes here first: what is not ours, and who is nobody, gets no further.

A request that is let through carries a header of the guard's own that says whose it is (IDENTITY); what a client sent under that
name is taken out. Streamlit keeps it with the session of a tab (`server.trustedUserHeaders`), and so refuses to resume one
person's tab, with what stands in its widgets, for another who has its session id.
"""

import logging
from collections.abc import Callable
from urllib.parse import quote, urlencode, urlsplit

from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from touchstone.errors import Refused
from ui.base.navigation import rooted
from ui.base.session import messages, store
from web.belongings import Belongings
from web.callers import Callers, token_in
from web.documents import sentence
from web.first_run import FirstRun
from web.headers import with_headers
from web.origins import ANY_NAME, SAFE, asks_for_a_document, foreign
from workflow.people.people import Person
from workflow.people.public_url import PublicUrl

log = logging.getLogger("touchstone")
IDENTITY = b"x-touchstone-person"
# Below server.baseUrlPath: what nobody gets without signing in, although in local mode the pages are for everybody (the sign-in
# is one of them), and what in team mode everybody gets.
KEEP = "/keep"  # web/keeping.py
CLOSED_IN_LOCAL_MODE = ("/media/", "/_stcore/upload_file/", "/_stcore/metrics", KEEP)
OPEN_IN_TEAM_MODE = ("/sign-in", *ANY_NAME)
OPEN_BELOW_IN_TEAM_MODE = ("/invitation/", "/provider/")
# In team mode Streamlit's figures, of all tabs, and its way in without a browser are for nobody; /metrics has ours.
NOBODYS = ("/_stcore/metrics", "/_stcore/agent/")
NOTHING_THERE = "There is nothing at this address."
ASKED_BY_PAGES = (
    "rerun_script",
    "stop_script",
    "file_urls_request",
    "app_heartbeat",
    "backend_operation_request",
    "load_git_info",
)
ENDED = 1008  # a websocket's code for “policy violation”


def have_identities() -> None:
    """Tell Streamlit which header says whose a connection is."""
    config.set_option("server.trustedUserHeaders", {IDENTITY.decode(): "person"})


class Guard:
    """Refuses what web/origins.py finds foreign, and whoever is not signed in where that is asked; puts the security headers on
    every answer, and a sentence in place of a bare error where the store does not respond."""

    def __init__(self, app: ASGIApp, callers: Callers, public: PublicUrl | None) -> None:
        self.app, self.callers, self.public = app, callers, public
        self.belongings = Belongings()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        token = token_in(scope)
        if reason := foreign(scope, self.public, has_cookie=bool(token)):
            await self.refuse(scope, receive, send, PlainTextResponse(reason, status_code=403))
            return
        answer = Answer(send)
        try:
            await self.let_in(scope, receive, answer, token)
        except (*store.NOT_RESPONDING, Refused) as wrong:
            log.exception("the store did not respond")
            if answer.has_begun:
                raise
            await self.refuse(scope, receive, send, not_responding(scope, wrong))

    async def let_in(self, scope: Scope, receive: Receive, send: Send, token: str) -> None:
        asks = scope["type"] == "websocket" or self.asks_who(scope["path"])
        person = await self.callers.behind(token) if asks else None
        if person is None and self.is_closed(scope):
            await self.refuse(scope, receive, send, self.to_the_door(scope))
            return
        if self.public is not None and self.is_not_theirs(scope, person):
            await self.refuse(scope, receive, send, PlainTextResponse(NOTHING_THERE, status_code=404))
            return
        scope = with_identity(scope, person)
        if scope["type"] == "http":
            is_kept = not scope["path"].startswith(rooted("/media/"))
            await self.app(scope, receive, with_headers(send, secure=self.is_secure, is_kept=is_kept))
            return
        with self.callers.at_a_tab(person):
            if self.public is None or person is None:
                tab = FirstRun(what_pages_ask(receive), send)
                await self.app(scope, tab.receive, tab.send)
                return
            messages_in = what_pages_ask(
                self.until_signed_out(receive, send, token), lambda asked: self.belongings.asks_for_anothers(person, asked)
            )
            tab = FirstRun(messages_in, self.belongings.to_tab_of(person, send))
            await self.app(scope, tab.receive, tab.send)

    @property
    def is_secure(self) -> bool:
        return self.public is not None and self.public.is_secure

    def asks_who(self, path: str) -> bool:
        """Whether somebody must be signed in for this path."""
        base = rooted("")
        below = path.removeprefix(base) if path.startswith(base) else ""
        if self.public is None:
            return below.startswith(CLOSED_IN_LOCAL_MODE)
        return below not in OPEN_IN_TEAM_MODE and not below.startswith(OPEN_BELOW_IN_TEAM_MODE)

    def is_not_theirs(self, scope: Scope, person: Person | None) -> bool:
        """In team mode: whether an address is nobody's, or is of another's file or tab."""
        if scope["type"] != "http" or person is None:
            return False
        return scope["path"].startswith(tuple(map(rooted, NOBODYS))) or self.belongings.is_anothers(person, scope)

    def is_closed(self, scope: Scope) -> bool:
        return self.public is not None if scope["type"] == "websocket" else self.asks_who(scope["path"])

    def to_the_door(self, scope: Scope) -> Response:
        """To the sign-in for who opens an address, with where they wanted to go; a sentence for everything else."""
        if scope["type"] == "http" and self.public is not None and asks_for_a_document(scope):
            back = f"?{urlencode({'next': address_of(scope)})}" if scope["method"] in SAFE else ""
            return RedirectResponse(rooted("/sign-in") + back, status_code=303)
        return PlainTextResponse("Sign in first: nobody is signed in here.", status_code=401)

    async def refuse(self, scope: Scope, receive: Receive, send: Send, response: Response) -> None:
        if scope["type"] == "http":
            response.headers["cache-control"] = "no-store"
            await response(scope, receive, with_headers(send, secure=self.is_secure))
        else:
            await receive()
            await send({"type": "websocket.close", "code": ENDED, "reason": "refused"})

    def until_signed_out(self, receive: Receive, send: Send, token: str) -> Receive:
        """`receive` of a tab, which ends at the first message after its sign-in has ended, wherever that was: the browser is sent
        to the sign-in, and from there back to where the tab was."""
        back = ""

        async def receive_while_signed_in() -> Message:
            nonlocal back
            message = await receive()
            if message["type"] != "websocket.receive":
                return message
            back = shown_in_tab(message.get("bytes") or b"") or back
            if await self.still_stands(token):
                return message
            away = ForwardMsg()
            away.auth_redirect.url = rooted(f"/sign-in?{urlencode({'ended': 1} | ({'next': back} if back else {}))}")
            await send({"type": "websocket.send", "bytes": away.SerializeToString()})
            await send({"type": "websocket.close", "code": ENDED, "reason": "signed out"})
            return {"type": "websocket.disconnect", "code": ENDED}

        return receive_while_signed_in

    async def still_stands(self, token: str) -> bool:
        """Whether the sign-in has not ended. Where the store does not respond the message goes on: the page asks again who is
        there, and says that the store does not respond."""
        try:
            return await self.callers.behind(token) is not None
        except (*store.NOT_RESPONDING, Refused):
            return True


def what_pages_ask(receive: Receive, is_refused: Callable[[BackMsg], bool] = lambda asked: False) -> Receive:
    """`receive` of a tab without what no page of ours sends: a message that empties everybody's caches, that is none, or that is
    refused."""

    async def receive_what_is_known() -> Message:
        while True:
            message = await receive()
            if message["type"] != "websocket.receive":
                return message
            asked = asked_in(message.get("bytes") or b"")
            if asked is not None and asked.WhichOneof("type") in ASKED_BY_PAGES and not is_refused(asked):
                return message

    return receive_what_is_known


def asked_in(content: bytes) -> BackMsg | None:
    try:
        return BackMsg.FromString(content)
    except DecodeError:
        return None


def shown_in_tab(content: bytes) -> str:
    """The path and query that a tab shows, by a message that asks for a run of its page; "" by any other."""
    asked = asked_in(content)
    if asked is None or asked.WhichOneof("type") != "rerun_script":
        return ""
    path, query = path_of(asked.rerun_script.context_info.url), asked.rerun_script.query_string
    return f"{path}?{query}" if path and query else path


def path_of(address: str) -> str:
    try:
        return urlsplit(address).path
    except ValueError:
        return ""


class Answer:
    """`send`, with whether an answer has begun: after that no other can be given."""

    def __init__(self, send: Send) -> None:
        self.send, self.has_begun = send, False

    async def __call__(self, message: Message) -> None:
        self.has_begun = True
        await self.send(message)


def address_of(scope: Scope) -> str:
    """The path and query that were asked for, as they came."""
    path = scope.get("raw_path") or quote(scope["path"]).encode()
    query = scope.get("query_string", b"")
    return (path.partition(b"?")[0] + (b"?" + query if query else b"")).decode("latin-1")


def with_identity(scope: Scope, person: Person | None) -> Scope:
    """The request with the guard's own word for whose it is, in place of any that came with it."""
    kept = [pair for pair in scope["headers"] if pair[0].lower() != IDENTITY]
    return {**scope, "headers": [*kept, (IDENTITY, str(person.id).encode())] if person else kept}


def not_responding(scope: Scope, wrong: Exception) -> Response:
    """The sentence on a store that does not respond, as a document where a browser shows it as a page."""
    said = f"{wrong.sentence[:1].upper()}{wrong.sentence[1:]}." if isinstance(wrong, Refused) else messages.BUSY
    response: Response = PlainTextResponse(said, status_code=503)
    if scope["type"] == "http" and asks_for_a_document(scope):
        response = sentence("Touchstone cannot go on", said, status=503, onward=rooted("/"), onward_words="Try again")
    response.headers["retry-after"] = "5"
    return response
