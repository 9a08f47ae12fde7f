"""Probes for whoever runs the server, which ask for no sign-in and tell nothing of anybody's work.

/health/live    this process answers; nothing else is asked
/health/ready   the store responds and has this program's schema, so that people can be sent here
/health         the store responds
"""

import logging
import time
from threading import Lock

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from touchstone.errors import Refused
from ui.base.navigation import rooted
from ui.base.session import messages, store

LIVE, READY, HEALTH = "/health/live", "/health/ready", "/health"
HOLDS = 1.0  # seconds for which one answer stands
UNUSABLE, NOT_THERE = "unusable", "not there"
NOT_KEPT = {"cache-control": "no-store"}  # by no proxy: it holds for this moment
NOT_PRESENT = {
    "new": "The store has no tables yet; run: python manage.py migrate",
    "older": "The store's schema is older than this program's; run: python manage.py migrate",
    "newer": "The store's schema is newer than this program's; update Touchstone.",
    UNUSABLE: "The store cannot be used.",
    NOT_THERE: messages.BUSY,
}
log = logging.getLogger("touchstone")
_one_looks = Lock()
_kept: dict[str, tuple[float, str]] = {}  # by the store's address: until when, and what was found


def probes() -> list[Route]:
    return [Route(rooted(LIVE), live), Route(rooted(READY), ready), Route(rooted(HEALTH), health)]


async def live(request: Request) -> Response:
    """Where this does not answer, a restart helps; the store may be out of reach all the same. On the loop itself: no busy thread
    stands in its way."""
    return ok()


def ready(request: Request) -> Response:
    """503 with a sentence where nobody should be sent here now. The same words whatever is wrong with the store: what is wrong
    with it names hosts and paths, and stands in the log."""
    state = _last_seen()
    return ok() if state == "present" else not_ready(NOT_PRESENT[state])


def _last_seen() -> str:
    """What the store was at the last look, at most a second ago, however many ask: who asks needs no sign-in. While one looks
    the others are told what was before, so that a store that hangs holds one thread."""
    until, state = _kept.get(store.store_url(), (0.0, NOT_THERE))
    if time.monotonic() < until or not _one_looks.acquire(blocking=False):
        return state
    try:
        state = _state()
        _kept.clear()
        _kept[store.store_url()] = (time.monotonic() + HOLDS, state)
    finally:
        _one_looks.release()
    return state


def _state() -> str:
    try:
        return store.schema()
    except Refused:
        return UNUSABLE
    except store.NOT_RESPONDING:
        log.exception("the store did not respond")
        return NOT_THERE


def ok() -> Response:
    return JSONResponse({"status": "ok"}, headers=NOT_KEPT)


def not_ready(sentence: str) -> Response:
    return PlainTextResponse(sentence, status_code=503, headers={**NOT_KEPT, "retry-after": "5"})


def health(request: Request) -> Response:
    """The store answers, not only this program, whatever its schema is."""
    state = _last_seen()
    return not_ready(NOT_PRESENT[state]) if state in (UNUSABLE, NOT_THERE) else ok()
