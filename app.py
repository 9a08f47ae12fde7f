"""The ASGI application: `streamlit run app.py`.

Its script is ui/base/shell.py. Here is what a script cannot do: set the HttpOnly sign-in cookie, answer a health probe, send
security headers, refuse foreign requests, and refuse to start where strangers could reach a program without passwords.
"""

import gc
import os
import re
import sys
from base64 import b64encode
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from touchstone.errors import Refused
from ui.base.frame.first_paint import FirstPaint
from ui.base.loopback import is_loopback_address, is_loopback_host, refusal_of_address
from ui.base.session import messages, signed_in, store
from ui.labelling import form as forms  # noqa: F401  (imported now so that the first page does not wait for it)
from workflow.people import people

LARGEST_FORM = 4096  # bytes

# What Streamlit's frontend needs, found by trying without: inline styles (emotion, and the style of a page), a module
# from a blob (components.v2), images and fonts from data and blob, and its own inline script, known by its hash.
INLINE_SCRIPTS = " ".join(
    f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'"
    for script in re.findall(r"<script>(.*?)</script>", (Path(st.__file__).parent / "static" / "index.html").read_text(), re.S)
)
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        f"script-src 'self' blob: {INLINE_SCRIPTS}",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = [
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"x-frame-options", b"DENY"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
]


class Guard:
    """Refuses what does not come from a page of ours on this machine, and puts the security headers on every answer.

    - the socket must have been reached on a loopback address, whatever the configuration said;
    - the Host header must name this machine (a foreign name that resolves here is DNS rebinding);
    - whatever changes something, and every websocket, must come from a page of this very host and port.
    """

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        reason = foreign(scope)
        if reason is None:
            await self.app(scope, receive, with_headers(send))
        elif scope["type"] == "http":
            await PlainTextResponse(reason, status_code=403)(scope, receive, with_headers(send))
        else:
            await receive()
            await send({"type": "websocket.close", "code": 1008, "reason": "refused"})


def foreign(scope: Scope) -> str | None:
    """Why this request is refused, as a sentence; None when it is one of ours."""
    headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
    host, origin = headers.get(b"host", ""), headers.get(b"origin")
    if scope.get("server") is not None and not is_loopback_address(scope["server"][0]):
        return f"Touchstone in local mode answers on this machine only, not on {scope['server'][0]}."
    if not is_loopback_host(host):
        return f"Touchstone in local mode answers to localhost or 127.0.0.1, not to “{host}”."
    changes = scope["type"] == "websocket" or scope["method"] not in ("GET", "HEAD", "OPTIONS")
    if changes and origin is not None and urlsplit(origin).netloc != host:
        return (
            f"This request comes from a page of “{origin}”, not from Touchstone at “{host}”. "
            "Open Touchstone itself and try there."
        )
    if changes and origin is None and headers.get(b"sec-fetch-site", "none") not in ("none", "same-origin"):
        return "This request comes from a page of another site. Open Touchstone itself and try there."
    return None


def with_headers(send: Send) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            mine = {name for name, _ in HEADERS}
            kept = [pair for pair in message.get("headers", []) if pair[0].lower() not in mine]
            message = {**message, "headers": kept + HEADERS}
        await send(message)

    return send_with_headers


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a small form; the first value where a field comes twice."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_FORM:
            raise Refused(f"This form is larger than {LARGEST_FORM} bytes; use a shorter name.")
    return {name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True).items()}


def local_path(wanted: str) -> str:
    """Where to go after signing in: a path of ours, or the home page for anything that could lead elsewhere."""
    parts = urlsplit(wanted)
    safe = wanted.startswith("/") and not wanted.startswith("//") and "\\" not in wanted and wanted.isprintable()
    return wanted if safe and not parts.scheme and not parts.netloc else "/"


def token_for(form: dict[str, str]) -> str:
    if form.get("new_name", "").strip():
        return signed_in.start_session(people.add_person(None, store.whole(), form["new_name"]).id)
    number = form.get("person", "")
    if not (number.isdecimal() and number.isascii() and len(number) < 10):
        raise Refused("Pick a name from the list, or type one to add it.")
    return signed_in.start_session(int(number))


async def sign_in(request: Request) -> Response:
    back_to = "/"
    try:
        form = await form_of(request)
        back_to = local_path(form.get("next", "/"))
        token = await run_in_threadpool(token_for, form)
    except Refused as refusal:
        # Not in the address: a link made elsewhere could then put any sentence on our page.
        response = RedirectResponse(back_to, status_code=303)
        response.set_cookie(
            signed_in.REFUSAL_COOKIE, quote(refusal.sentence), max_age=5, httponly=True, samesite="strict", path="/"
        )
        return response
    await run_in_threadpool(signed_in.end_session, request.cookies.get(signed_in.COOKIE, ""))
    response = RedirectResponse(back_to, status_code=303)
    response.delete_cookie(signed_in.REFUSAL_COOKIE, httponly=True, samesite="strict", path="/")
    response.set_cookie(signed_in.COOKIE, token, max_age=signed_in.STAYS_SIGNED_IN, httponly=True, samesite="lax", path="/")
    return response


async def sign_out(request: Request) -> Response:
    await run_in_threadpool(signed_in.end_session, request.cookies.get(signed_in.COOKIE, ""))
    response = RedirectResponse("/", status_code=303)
    response.delete_cookie(signed_in.COOKIE, httponly=True, samesite="lax", path="/")
    return response


def health(request: Request) -> Response:
    people.everyone(store.whole())  # the store answers, not only this program
    return JSONResponse({"status": "ok"})


@asynccontextmanager
async def warm(app):
    """Open the store and set what is loaded aside from the garbage collector before the first person comes."""
    try:
        store.whole()
    except Refused as refusal:
        print(refusal.sentence, file=sys.stderr)
        os._exit(1)  # the server is up already, and would print a traceback for an exit it can catch
    gc.collect()
    gc.freeze()
    yield {}


refused = refusal_of_address(st.get_option("server.address"))
if refused:
    print(refused, file=sys.stderr)
    sys.exit(1)

app = st.App(
    "ui/base/shell.py",
    lifespan=warm,
    routes=[
        Route("/sign-in", sign_in, methods=["POST"]),
        Route("/sign-out", sign_out, methods=["POST"]),
        Route("/health", health),
    ],
    middleware=[Middleware(Guard), Middleware(FirstPaint)],
    on_script_error=messages.explain,
)
