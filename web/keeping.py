"""A choice on the label page is kept by a request of its own: the page is not drawn anew for it (docs/decisions/0028).

    POST /keep  {"assignment": 12, "revision": 0, "dimension": "tone", "value": 2}

204 once it is kept. 409 with a sentence where it was refused, by the same verb and for the same reasons as anywhere else; the
page's script (ui/labelling/keeping.js) then has the page ask once more, which says so. 503 where the store does not respond (the
guard says it), 429 for who asks faster than anybody chooses: these the script sends again.
"""

import json
import logging
import time
from typing import NamedTuple

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from touchstone.errors import Refused
from ui.base.session import measures, store
from web.callers import Callers, token_in
from web.ways_in.forms import body_of
from workflow.labelling import labelling
from workflow.labelling.next_draft import LARGEST_ID
from workflow.people.people import Person

log = logging.getLogger("touchstone")
LARGEST = 4096  # bytes of a request
LONGEST = 200  # characters of a dimension's key, and of a level
AT_ONCE = 10  # choices that are kept at the same moment: a store that is held up holds up no other answer
A_SECOND, IN_A_ROW = 20, 60  # choices of one person: more than a held arrow key makes
MOST = 5_000  # people kept in mind
NO_CHOICE = "This is no choice: it takes an assignment, its revision, a dimension and a level."


class Choice(NamedTuple):
    assignment: int
    revision: int
    dimension: str
    value: int | str


class Keeping:
    """The route, and how fast each person has been choosing."""

    def __init__(self, callers: Callers) -> None:
        self.callers, self.at_once = callers, CapacityLimiter(AT_ONCE)
        self._left: dict[int, tuple[float, float]] = {}  # by person: how many more they may make, as of when

    async def keep(self, request: Request) -> Response:
        person = await self.callers.behind(token_in(request.scope))
        if person is None:
            return said("Sign in first: nobody is signed in here.", 401)
        if not self.may_go_on(person.id, time.monotonic()):
            return said("These are more choices than anybody makes; go on more slowly.", 429)
        body = await body_of(request, LARGEST)
        if body is None:
            return said(f"A choice has at most {LARGEST} bytes; this has more.", 413)
        choice = choice_in(body)
        if choice is None:
            return said(NO_CHOICE, 400)
        try:
            await to_thread.run_sync(keep, person, choice, limiter=self.at_once)
        except Refused as refused:
            return said(refused.sentence, 409)
        return Response(status_code=204)

    def may_go_on(self, person: int, now: float) -> bool:
        """Whether this person may make one more choice now; it is counted."""
        if len(self._left) >= MOST:
            self._left.clear()
        left, then = self._left.get(person, (float(IN_A_ROW), now))
        left = min(IN_A_ROW, left + (now - then) * A_SECOND) - 1
        self._left[person] = (max(left, 0.0), now)
        return left >= 0


def choice_in(body: bytes) -> Choice | None:
    """The choice that a request brings; None for anything else."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or found.keys() != set(Choice._fields):
        return None
    choice = Choice(**found)
    numbers, words = (choice.assignment, choice.revision), (choice.dimension, choice.value)
    if not all(type(each) is int and 0 <= each < LARGEST_ID for each in numbers):
        return None
    if type(choice.dimension) is not str or type(choice.value) not in (int, str):
        return None
    if not all(len(str(each)) <= LONGEST and str(each).isprintable() for each in words):
        return None
    return choice


def keep(person: Person, choice: Choice) -> None:
    """Raises Refused, and what the store raises that does not respond."""
    try:
        with measures.step("choose"):
            labelling.choose(
                person, store.used_by(person), choice.assignment, choice.dimension, choice.value, revision=choice.revision
            )
    except Refused:
        log.info("refused", extra={"verb": "choose", "outcome": "refused"})  # not the sentence: it may have labels in it
        raise


def said(sentence: str, status: int) -> Response:
    return PlainTextResponse(sentence, status_code=status, headers={"cache-control": "no-store"})
