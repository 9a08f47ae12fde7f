"""Answers of a model to a judge's questions: retried where waiting can help, and else an error of a kind. What a model says that
has no level is not asked again: a retry would hide how often that is."""

import threading
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple

from touchstone.data.label import Level
from touchstone.judging.llm.answers import AnswerWithoutLevel, level_in
from touchstone.judging.llm.chances import level_chances
from touchstone.rubric.model import Dimension
from workflow import clock
from workflow.chat import STATUS, TIMEOUT, UNREACHABLE, CallFailed, ChatClient, ChatReply

STOPPED = "stopped"
FINAL = frozenset({401, 402, 403, 404, 405, *range(300, 400)})  # no draft has an answer there, whichever is asked about
_AGAIN = frozenset({408, 429, 500, 502, 503, 504, 529})


class Patience(NamedTuple):
    """`attempts` of a call, at most `seconds` each; before the second `first` seconds pass, then twice as many each time, or as
    the server says, at most `most`."""

    attempts: int = 5
    seconds: float = 120.0
    first: float = 1.0
    most: float = 60.0

    def pause(self, attempt: int, retry_after: str) -> float:
        """Seconds until the attempt after this one, counted from 1."""
        usual = self.first * 2.0 ** (attempt - 1)
        return min(self.most, max(0.0, asked_for if (asked_for := seconds_in(retry_after)) is not None else usual))


class ModelAnswer(NamedTuple):
    """`level` and `reason`, or `error`: which kind it is. `failed`: the call's failure where there was one; `ms` of the last
    attempt; `chances`: how likely the model had each level, where the server told."""

    level: Level | None
    reason: str
    error: str
    attempts: int
    ms: int
    tokens_in: int
    tokens_out: int
    model: str
    failed: CallFailed | None = None
    chances: tuple[float, ...] | None = None


def seconds_in(retry_after: str) -> float | None:
    """What a header Retry-After asks to wait: seconds, or until a date. None where it says neither."""
    told = retry_after.strip()
    if told.isascii() and told.isdigit():
        return float(told[:6])
    try:
        until = parsedate_to_datetime(told)
    except (ValueError, TypeError, IndexError):
        return None
    at = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (at - _now()).total_seconds())


def _now() -> datetime:
    return clock.now()


def answer_to(
    client: ChatClient, body: dict[str, Any], dimension: Dimension, patience: Patience, stopping: threading.Event
) -> ModelAnswer:
    """One question, until there is an answer, nothing to wait for, or somebody stops. Never raises for what a server does."""
    attempt = 0
    while True:
        attempt += 1
        begun = time.monotonic()
        try:
            return _read(client.ask(body), dimension, attempt, begun)
        except CallFailed as why:
            failed = why
        if attempt >= patience.attempts or not _helps(failed):
            break
        if stopping.wait(patience.pause(attempt, failed.retry_after)):
            return ModelAnswer(None, "", STOPPED, attempt, _ms(begun), 0, 0, "")
    kind = f"status {failed.status}" if failed.kind == STATUS else failed.kind
    return ModelAnswer(None, "", kind, attempt, _ms(begun), 0, 0, "", failed)


def _helps(failed: CallFailed) -> bool:
    return failed.kind in (TIMEOUT, UNREACHABLE) or failed.status in _AGAIN


def _read(reply: ChatReply, dimension: Dimension, attempt: int, begun: float) -> ModelAnswer:
    took = (attempt, _ms(begun), reply.tokens_in, reply.tokens_out, reply.model)
    try:
        found = level_in(reply.text, dimension, finish=reply.finish, refusal=reply.refusal)
    except AnswerWithoutLevel as wrong:
        return ModelAnswer(None, "", wrong.kind, *took)
    return ModelAnswer(found.level, found.reason, "", *took, chances=level_chances(reply.logprobs, reply.text or "", dimension))


def _ms(begun: float) -> int:
    return round((time.monotonic() - begun) * 1_000)
