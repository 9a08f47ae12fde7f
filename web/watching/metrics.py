"""/metrics for Prometheus: the figures of ui/base/session/measures.py, to who brings the token, or from this machine alone."""

import os
from secrets import compare_digest

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from touchstone.english import many
from touchstone.errors import Refused
from ui.base.navigation import PAGES, rooted
from ui.base.session import measures
from workflow.people.this_machine import is_loopback_address, is_loopback_host

SETTING = "TOUCHSTONE_METRICS_TOKEN"
SHORTEST = 20  # characters of the token: nothing slows down who guesses
ROUTES = {  # kinds of addresses, the first that fits
    "/_stcore/stream": "tab",
    "/_stcore/upload_file/": "upload",
    "/_stcore/": "streamlit",
    "/media/": "download",
    "/static/": "static",
    "/keep": "choice",
    "/v1/": "gate",
    "/sign-in": "way in",
    "/sign-out": "way in",
    "/invitation/": "way in",
    "/provider/": "way in",
    "/health": "probe",
    "/metrics": "metrics",
}
PAGE_URLS = frozenset(f"/{url}" for _, url, _ in PAGES)


def token() -> str:
    """The token that opens the metrics; "" where none is set. Raises Refused for one that could be guessed."""
    said = os.environ.get(SETTING, "").strip()
    if said and len(said) < SHORTEST:
        raise Refused(
            f"{SETTING} has {many(len(said), 'character')}, and could be guessed: use at least {SHORTEST}, drawn at random"
        )
    return said


def metrics(request: Request) -> Response:
    """The figures, in Prometheus's own text. 401 with a sentence for everybody else."""
    headers = {"cache-control": "no-store"}
    if not may_read(request):
        said = f"Metrics are read from this machine, or with the token in {SETTING}."
        return PlainTextResponse(said, status_code=401, headers={**headers, "www-authenticate": "Bearer"})
    return Response(generate_latest(measures.REGISTRY), media_type=CONTENT_TYPE_LATEST, headers=headers)


def may_read(request: Request) -> bool:
    """With a token set: who brings it, wherever they are. Without: who asks from this machine and under its own name, and not
    through a proxy, with which everybody seems to be on this machine."""
    if known := token():
        said = request.headers.get("authorization", "")
        return compare_digest(said.encode(), f"Bearer {known}".encode())
    near = request.client is not None and is_loopback_address(request.client.host)
    return near and is_loopback_host(request.headers.get("host", "")) and "x-forwarded-for" not in request.headers


class Measured:
    """Counts every request by the kind of its address and the status of its answer, what the guard refuses included."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        status: list[int] = []

        async def send_and_see(message: Message) -> None:
            if not status and (seen := status_of(message)):
                status.append(seen)
                measures.REQUESTS.labels(kind_of(scope), seen).inc()
            await send(message)

        await self.app(scope, receive, send_and_see)


def status_of(message: Message) -> int | None:
    """The status of an answer that begins with this message; of a websocket what a browser is told: 101, or 403."""
    match message["type"]:
        case "http.response.start":
            return int(message["status"])
        case "websocket.accept":
            return 101
        case "websocket.close":
            return 403
    return None


def kind_of(scope: Scope) -> str:
    path, base = scope["path"], rooted("")
    below = path.removeprefix(base) if path.startswith(base) else ""
    if below in PAGE_URLS:
        return "page"
    return next((kind for begins, kind in ROUTES.items() if below.startswith(begins)), "other")
