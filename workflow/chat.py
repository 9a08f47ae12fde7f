"""One call to an OpenAI-compatible address, bounded in bytes and time. A server's own words are never repeated: it may give back
the key it was sent."""

import logging
import os
import queue
import threading
import time
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import httpx

from touchstone.english import many
from touchstone.errors import Refused

MOST_BYTES = 2_000_000  # of an answer
LEAST_SECRET = 8  # characters: a shorter key is a word for a server that asks for none
AGAIN = "run this again to go on from here"
TIMEOUT, UNREACHABLE, STATUS, TOO_LONG, NOT_CHAT = "timeout", "unreachable", "status", "too long", "no chat completion"


for _logger in ("httpx", "httpcore"):  # their lines have headers and a server's own words in them
    logging.getLogger(_logger).setLevel(logging.WARNING)


class ChatReply(NamedTuple):
    """What a model said. `finish`: why it ended, `refusal`: what it says in place of an answer, "" where the server says none;
    tokens 0 where it does not count them; `model`: which model the server says answered; `logprobs`: what it tells of the tokens
    of its answer, as it came, None where it tells nothing."""

    text: str | None
    finish: str
    refusal: str
    tokens_in: int
    tokens_out: int
    tokens: int
    model: str
    logprobs: Any = None


class CallFailed(Exception):
    """A call without an answer. `status` of STATUS; `retry_after`: what the server's header of that name says, "" for nothing."""

    def __init__(self, kind: str, status: int = 0, retry_after: str = ""):
        super().__init__(kind)
        self.kind, self.status, self.retry_after = kind, status, retry_after


def key_in(name: str, model: str) -> str:
    """The key in the environment variable of that name. Raises Refused where there is none."""
    key = os.environ.get(name, "").strip()
    if not key:
        raise Refused(
            f"{model} needs a key, and {name} is not set; set it in the environment (to any word where the server asks for none)"
        )
    if not key.isascii() or not key.isprintable():
        raise Refused(f"the key in {name} holds a character that no key has; set it again, without quotes or line breaks")
    return key


class ChatClient:
    """A client for one address; several threads may share it. `seconds`: the longest that one call may take in all."""

    def __init__(self, address: str, key: str, *, seconds: float, transport: httpx.BaseTransport | None = None):
        self._url = f"{address.rstrip('/')}/chat/completions"
        self._key, self._seconds = key, seconds
        own = _is_own_machine(address)  # no proxy stands between
        self._client = httpx.Client(timeout=seconds, transport=transport, trust_env=not own, follow_redirects=False)

    def __enter__(self) -> "ChatClient":
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def ask(self, body: Mapping[str, Any]) -> ChatReply:
        """The answer to one body. Raises CallFailed, after `seconds` at the latest, whatever the server does: it may send its
        headers letter by letter, and waiting for each of them has no end. A call that is left so ends with the client."""
        answered: queue.SimpleQueue[ChatReply | CallFailed | None] = queue.SimpleQueue()

        def call() -> None:
            found: ChatReply | CallFailed | None = None
            try:
                found = self._ask(body)
            except CallFailed as why:
                found = why
            finally:
                answered.put(found)

        threading.Thread(target=call, daemon=True, name="chat").start()
        try:
            found = answered.get(timeout=self._seconds)
        except queue.Empty:
            raise CallFailed(TIMEOUT) from None
        if isinstance(found, ChatReply):
            return found
        raise found or CallFailed(UNREACHABLE)

    def _ask(self, body: Mapping[str, Any]) -> ChatReply:
        begun = time.monotonic()
        headers = {"Authorization": f"Bearer {self._key}", "Accept-Encoding": "identity"}
        try:
            with self._client.stream("POST", self._url, json=body, headers=headers) as response:
                if response.status_code != 200:
                    raise CallFailed(STATUS, response.status_code, response.headers.get("Retry-After", "")[:50])
                if response.headers.get("Content-Encoding", "identity") != "identity":
                    raise CallFailed(NOT_CHAT)  # not asked for, and of any size once unpacked
                content = bytearray()
                for part in response.iter_raw():
                    content += part
                    if len(content) > MOST_BYTES:
                        raise CallFailed(TOO_LONG)
                    if time.monotonic() - begun > self._seconds:
                        raise CallFailed(TIMEOUT)
        except httpx.TimeoutException:
            raise CallFailed(TIMEOUT) from None
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError):
            raise CallFailed(UNREACHABLE) from None
        return self._reply_in(bytes(content))

    def _reply_in(self, content: bytes) -> ChatReply:
        try:
            found = httpx.Response(200, content=content).json()
            choice = found["choices"][0]
            message, usage = choice["message"], found.get("usage") or {}
            text, counts = message.get("content"), [usage.get(f"{each}_tokens") for each in ("prompt", "completion", "total")]
            told = choice.get("logprobs")
            words = [choice.get("finish_reason"), message.get("refusal"), found.get("model")]
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            raise CallFailed(NOT_CHAT) from None
        if text is not None and not isinstance(text, str):
            raise CallFailed(NOT_CHAT)
        finish, refusal, model = (each if isinstance(each, str) else "" for each in words)
        ins, outs, alls = (
            each if isinstance(each, int) and not isinstance(each, bool) and 0 <= each < 2**31 else 0 for each in counts
        )
        said = None if text is None else self._hiding(text)
        named = "".join(each for each in self._hiding(model)[:200] if each.isprintable())
        logprobs = told.get("content") if isinstance(told, dict) and said == text else None
        return ChatReply(said, finish, refusal, ins, outs, alls, named, logprobs)

    def _hiding(self, words: str) -> str:
        """The words without the key, where a server gives it back in them."""
        return words.replace(self._key, "…") if len(self._key) >= LEAST_SECRET else words


def _is_own_machine(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def failure_in_words(why: CallFailed, model: str, address: str, seconds: float) -> str:
    """Why a model gave no answer, with the way out."""
    if why.kind == TOO_LONG:
        return f"{model} answered with more than {many(MOST_BYTES, 'byte')}; ask it for less"
    if why.kind == TIMEOUT:
        return f"{model} did not answer within {many(round(seconds), 'second')}; {AGAIN}"
    if why.kind == NOT_CHAT:
        return f"{model} answered, but not as an OpenAI-compatible server does; check its address ({address})"
    if why.kind != STATUS:
        return f"{model} cannot be reached at {address}; check the address, and {AGAIN}"
    if 300 <= why.status < 400:
        return f"{model} is elsewhere by now ({why.status}), and nothing is sent there; write its present address"
    if why.status in (401, 403):
        return f"{model} was asked with a key that is not taken ({why.status}); set another, and {AGAIN}"
    if why.status == 429:
        return f"{model} takes no more questions for now (429); wait, and {AGAIN}"
    return f"{model} answered with an error ({why.status}); check its name and address, and {AGAIN}"
