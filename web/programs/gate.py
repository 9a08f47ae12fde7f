"""What a program asks of a project's gate, by the token of that project:

    POST /v1/gate   {"text": …, "task": {"input": {…}}?, "judges": {"stars-v3": 0.7}?}   the decision, with its number
    POST /v1/score  {"text": …, "task": {"input": {…}}?}                                 the score, with its rubric version

Both take `Authorization: Bearer TOKEN` and no cookie. Everything is answered in JSON: 400, 401, 405, 409, 413, 429 and 503 with
`{"error": "a sentence"}`. How the gate is switched is read from the store at each call.
"""

import json
import logging
import time
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any, NamedTuple

from anyio import CapacityLimiter, move_on_after, to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from touchstone.data.task_file import OF_TASKS
from touchstone.errors import Refused
from touchstone.files.json_values import json_line, kind_in_words
from ui.base.navigation import rooted
from ui.base.session import store
from web.guard import BY_TOKEN
from web.ways_in.forms import body_of
from workflow.people.people import digest

log = logging.getLogger("touchstone")
GATE, SCORE = BY_TOKEN
LARGEST = 100_000  # bytes of a request: what scoring takes is bounded by it
AT_ONCE = 4  # drafts scored at the same moment: it is work for the processor
A_SECOND, IN_A_ROW = 100, 200  # calls with one token
WRONG_A_SECOND, WRONG_IN_A_ROW = 5, 50  # calls with what is no token, of everybody together: each asks the store
MOST = 5_000  # tokens kept in mind
READ_AGAIN = 2.0  # seconds: how old the list of tokens that stand may be
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]  # all but POST are refused here, in JSON
BUSY = "The store does not respond just now; hold the draft up, and ask again in a while."
TAKES = {GATE: ("text", "task", "judges"), SCORE: ("text", "task")}


class Asked(NamedTuple):
    """What a request asks about."""

    text: str
    task: Mapping[str, Any] | None
    judges: Mapping[str, Any] | None


class Allowance:
    """How many more calls there may be: so many a second, and so many in a row after a pause."""

    def __init__(self, a_second: float, in_a_row: int) -> None:
        self.a_second, self.in_a_row = a_second, in_a_row
        self._left: dict[str, tuple[float, float]] = {}  # how many, as of when

    def left(self, of: str, now: float) -> float:
        left, then = self._left.get(of, (float(self.in_a_row), now))
        return min(self.in_a_row, left + (now - then) * self.a_second)

    def take(self, of: str, now: float) -> bool:
        """Whether there may be one more now; it is counted."""
        if len(self._left) >= MOST:
            self._left.clear()
        left = self.left(of, now) - 1
        self._left[of] = (max(left, 0.0), now)
        return left >= 0


class GateRoutes:
    """The two routes, and how fast each token has been used. `known`: digests of tokens that were good when they came last, for
    which strangers who try others leave room."""

    def __init__(self) -> None:
        self.at_once = CapacityLimiter(AT_ONCE)
        self.of_token, self.of_strangers = Allowance(A_SECOND, IN_A_ROW), Allowance(WRONG_A_SECOND, WRONG_IN_A_ROW)
        self.known: set[str] = set()
        self.stand: frozenset[str] = frozenset()
        self.read_at = -READ_AGAIN - 1.0

    def routes(self) -> list[Route]:
        return [Route(rooted(path), to, methods=METHODS) for path, to in ((GATE, self.gate), (SCORE, self.score))]

    async def gate(self, request: Request) -> Response:
        def decided(token: str, asked: Asked) -> dict[str, Any]:
            answered = asking().ask_gate(store.for_programs(), token, asked.text, asked.task, asked.judges)
            return {"number": answered.number, **answered.decision.as_json()}

        return await self.answer(request, GATE, decided)

    async def score(self, request: Request) -> Response:
        def scored(token: str, asked: Asked) -> dict[str, Any]:
            found = asking().ask_score(store.for_programs(), token, asked.text, asked.task)
            made = {"rubric": {"name": found.rubric, "digest": found.rubric_digest}, **found.score.as_json()}
            return {**made, "without": dict(found.without)}

        return await self.answer(request, SCORE, scored)

    async def answer(self, request: Request, path: str, ask: Callable[[str, Asked], dict[str, Any]]) -> Response:
        if request.method != "POST":  # whoever is sent on to a page by a proxy would take that page for an answer
            return said(f"{path} is asked by POST, not {request.method}.", 405)
        token = bearer(request)
        if not token:
            return said("Bring the token of a project: Authorization: Bearer tsg_…", 401)
        known, now = digest(token), time.monotonic()
        is_stranger = known not in self.known and self.of_strangers.left("", now) < 1
        if is_stranger and known not in await self.standing(now):
            return said("Too many calls with tokens that are none; try again in a while.", 429)
        if not self.of_token.take(known, now):
            return said(f"These are more than {A_SECOND} calls a second with one token; go on more slowly.", 429)
        body = await body_of(request, LARGEST)
        if body is None:
            return said(f"A request has at most {LARGEST:,} bytes; this has more.", 413)
        asked = asked_in(body, TAKES[path])
        if isinstance(asked, str):
            return said(asked, 400)
        return await self.asked_of_store(known, lambda: ask(token, asked))

    async def standing(self, now: float) -> frozenset[str]:
        """Digests of the tokens that stand, read again after a while: by these a good one that is new here is told from others
        while strangers are slowed down."""
        if now - self.read_at > READ_AGAIN:
            self.read_at = now
            try:
                self.stand = await to_thread.run_sync(lambda: asking().standing_tokens(store.for_programs()))
            except store.NOT_RESPONDING:
                log.exception("the store did not respond")
        return self.stand

    async def asked_of_store(self, known: str, ask: Callable[[], dict[str, Any]]) -> Response:
        asker = object()
        with move_on_after(store.PROGRAMS_WAIT) as waited:
            await self.at_once.acquire_on_behalf_of(asker)
        if waited.cancelled_caught:
            return said(BUSY, 503)
        try:
            found = await to_thread.run_sync(ask)
        except asking().NoSuchToken as wrong:
            self.known.discard(known)
            self.of_strangers.take("", time.monotonic())
            return said(sentence(wrong), 401)
        except Refused as refused:
            return said(sentence(refused), 409)
        except store.NOT_RESPONDING:
            log.exception("the store did not respond")
            return said(BUSY, 503)
        finally:
            self.at_once.release_on_behalf_of(asker)
        if len(self.known) >= MOST:
            self.known.clear()
        self.known.add(known)
        return JSONResponse(found, headers={"cache-control": "no-store"})


def asking() -> ModuleType:
    """What answers, which brings RE2: not before somebody asks."""
    from workflow.gate import asking

    return asking


def bearer(request: Request) -> str:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def asked_in(body: bytes, takes: tuple[str, ...]) -> Asked | str:
    """What a request asks, or what is wrong with it, in a sentence."""
    try:
        found = json_line(body.decode("utf-8"))
    except RecursionError:
        return "The request is nested too deep to read."
    except (UnicodeDecodeError, json.JSONDecodeError):
        return "The request is no JSON in UTF-8."
    except ValueError as wrong:
        return f"The request cannot be read: {wrong}."
    if not isinstance(found, dict):
        return f"A request is an object with {', '.join(takes)}."
    if unknown := sorted(found.keys() - set(takes)):
        return f"A request takes {', '.join(takes)}, not {unknown[0][:60]}."
    if not isinstance(found.get("text"), str):
        return "A request has the draft as text: text is missing, or is none."
    for name in ("task", "judges"):
        if not isinstance(found.get(name), dict | None):
            return f"{name} of a request takes an object."
    if said_of_task := _wrong_task(found.get("task")):
        return said_of_task
    return Asked(found["text"], found.get("task"), found.get("judges"))


def _wrong_task(task: dict[str, Any] | None) -> str:
    """What is wrong with a task, in a sentence; "" where it can be read."""
    if task is None:
        return ""
    if "input" not in task:
        other = next((f", not {key[:60]}" for key in task if key not in ("task_id", *OF_TASKS)), "")
        return f"A task has its fields under input{other}."
    if not isinstance(task["input"], dict | str):
        return f"input of a task is an object of fields, or a text, not {kind_in_words(task['input'])}."
    return ""


def sentence(refused: Refused) -> str:
    return f"{refused.sentence[:1].upper()}{refused.sentence[1:].removesuffix('.')}."


def said(words: str, status: int) -> Response:
    headers = {"cache-control": "no-store"}
    if status == 401:
        headers["www-authenticate"] = "Bearer"
    if status == 405:
        headers["allow"] = "POST"
    if status in (429, 503):
        headers["retry-after"] = "5" if status == 503 else "1"
    return JSONResponse({"error": words}, status_code=status, headers=headers)
