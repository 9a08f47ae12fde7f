"""Whose cookie a request brings, asked of the store at most once in KEEPS seconds."""

import time

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.types import Scope

from ui.base.session import signed_in
from workflow.people.people import Person

KEEPS = 1.5  # seconds for which a sign-in found to stand is not asked for again
MOST = 5_000  # sign-ins kept in mind


def token_in(scope: Scope) -> str:
    """The sign-in token that a request brings; "" without one."""
    cookies = cookie_parser(Headers(scope=scope).get("cookie", ""))
    return cookies.get(signed_in.cookie_name(), "")


class Callers:
    """Who is behind each token. A sign-in that ended is refused at once in the process where it ended, elsewhere within KEEPS."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Person, float]] = {}

    async def behind(self, token: str) -> Person | None:
        """Whose token this is; None for nobody's. Raises what the store raises when it does not respond."""
        if not token:
            return None
        person, until = self._known.get(token, (None, 0.0))
        if person is not None and time.monotonic() < until:
            return person
        found = await run_in_threadpool(signed_in.person_behind, token)
        self._known.pop(token, None)
        if found is not None:
            if len(self._known) >= MOST:
                self._known.clear()
            self._known[token] = (found, time.monotonic() + KEEPS)
        return found

    def forget(self) -> None:
        """Ask the store about everybody again: somebody has signed in or out."""
        self._known.clear()
