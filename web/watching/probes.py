"""Probes for whoever runs the server, which ask for no sign-in and tell nothing of anybody's work.

/health/live    this process answers; nothing else is asked
/health/ready   the store responds and has this program's schema, so that people can be sent here
/health         the store responds
"""

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from touchstone.errors import Refused
from ui.base.navigation import rooted
from ui.base.session import store
from workflow.people import people

LIVE, READY, HEALTH = "/health/live", "/health/ready", "/health"
NOT_KEPT = {"cache-control": "no-store"}  # by no proxy: it holds for this moment
NOT_PRESENT = {
    "new": "The store has no tables yet; run: python manage.py migrate",
    "older": "The store's schema is older than this program's; run: python manage.py migrate",
    "newer": "The store's schema is newer than this program's; update Touchstone.",
}


def probes() -> list[Route]:
    return [Route(rooted(LIVE), live), Route(rooted(READY), ready), Route(rooted(HEALTH), health)]


async def live(request: Request) -> Response:
    """Where this does not answer, a restart helps; the store may be out of reach all the same. On the loop itself: no busy thread
    stands in its way."""
    return ok()


def ready(request: Request) -> Response:
    """503 with a sentence where nobody should be sent here now. The same words whatever is wrong with the store: what is wrong
    with it names hosts and paths, and stands in the log."""
    try:
        state = store.schema()
    except Refused:
        return not_ready("The store cannot be used.")
    return ok() if state == "present" else not_ready(NOT_PRESENT[state])


def ok() -> Response:
    return JSONResponse({"status": "ok"}, headers=NOT_KEPT)


def not_ready(sentence: str) -> Response:
    return PlainTextResponse(sentence, status_code=503, headers={**NOT_KEPT, "retry-after": "5"})


def health(request: Request) -> Response:
    """The store answers, not only this program; where it does not, the guard says so with 503."""
    people.everyone(store.whole())
    return ok()
