"""Whose cookie a request brings, asked of the store at most once in KEEPS seconds."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.types import Scope

from ui.base.session import measures, signed_in, store
from workflow.people import people
from workflow.people.people import Person
from workflow.people.team_mode import is_team

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
        self._tabs: Counter[int] = Counter()
        self._told: dict[str, float] = {}
        self._telling: set[asyncio.Task[None]] = set()

    @contextmanager
    def at_a_tab(self, person: Person | None) -> Iterator[None]:
        """Within: this person has one more tab open."""
        if person is None:
            yield
            return
        self._tabs[person.id] += 1
        measures.PEOPLE.set(len(self._tabs))
        try:
            yield
        finally:
            self._tabs[person.id] -= 1
            if not self._tabs[person.id]:
                del self._tabs[person.id]
            measures.PEOPLE.set(len(self._tabs))

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
                self.forget()
            self._known[token] = (found, time.monotonic() + KEEPS)
            self._tell_the_store(token)
        return found

    def _tell_the_store(self, token: str) -> None:
        """That the sign-in is in use, now and then, beside what goes on: nobody waits for it."""
        now = time.monotonic()
        if not is_team() or now < self._told.get(token, 0.0):
            return
        if len(self._told) >= MOST:
            self._told.clear()
        self._told[token] = now + people.SEEN_TO_WITHIN.total_seconds()
        task = asyncio.create_task(run_in_threadpool(_saw, token))
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    def forget(self) -> None:
        """Ask the store about everybody again: somebody has signed in or out."""
        self._known.clear()


def _saw(token: str) -> None:
    with suppress(*store.NOT_RESPONDING):  # it is told again
        signed_in.saw(token)
