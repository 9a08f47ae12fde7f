"""Ask a model at an OpenAI-compatible address. The key is read from the environment, and stands in no message, log or row."""

import os
from collections.abc import Sequence
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import urlsplit

import httpx

from touchstone.bench.synthesis.recipe import AskedModel, Message
from touchstone.errors import Refused

SECONDS = 180.0  # a model may think that long
AGAIN = "run this again to go on from here"
MOST_BYTES = 2_000_000  # of an answer
TEMPERATURE = {"generator": 1.0, "judge": 0.0}


class Answer(NamedTuple):
    """What a model said, and what it says that took: tokens, 0 where it does not say."""

    text: str
    tokens: int


class Models:
    """A client for the models of a run. Every failure is Refused, with the model and the way out: nothing stands in for an
    answer."""

    def __init__(self, transport: httpx.BaseTransport | None = None):
        self._transport = transport

    def key_of(self, asked: AskedModel, usual: str) -> str:
        """The key for a model. Raises Refused where the environment has none."""
        name = asked.key_from or usual
        key = os.environ.get(name, "").strip()
        if not key:
            raise Refused(
                f"{asked.model} needs a key, and {name} is not set; set it in the environment (to any word where the server asks "
                "for none)"
            )
        return key

    def ask(self, asked: AskedModel, usual_key: str, messages: Sequence[Message], temperature: float, seed: int) -> Answer:
        """The model's answer to these messages."""
        key = self.key_of(asked, usual_key)
        body = {"model": asked.model, "messages": list(messages), "temperature": temperature, "seed": seed}
        own = _is_own_machine(asked.address)  # no proxy stands between
        try:
            with (
                httpx.Client(timeout=SECONDS, transport=self._transport, trust_env=not own, follow_redirects=False) as client,
                client.stream(
                    "POST", f"{asked.address.rstrip('/')}/chat/completions", json=body, headers={"Authorization": f"Bearer {key}"}
                ) as response,
            ):
                content = bytearray()
                for part in response.iter_bytes():
                    content += part
                    if len(content) > MOST_BYTES:
                        raise Refused(f"{asked.model} answered with more than {MOST_BYTES:,} bytes; ask it for less")
                return _answer_in(asked, response.status_code, bytes(content))
        except httpx.TimeoutException:
            raise Refused(
                f"{asked.model} did not answer within {SECONDS:.0f} seconds; run this again to go on from here"
            ) from None
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError):
            raise Refused(f"{asked.model} cannot be reached at {asked.address}; check the address, and {AGAIN}") from None


def _is_own_machine(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _answer_in(asked: AskedModel, status: int, content: bytes) -> Answer:
    """What stands in the server's answer. Its own words are not repeated: a server may give back the key it was sent."""
    if status in (401, 403):
        raise Refused(f"{asked.model} was asked with a key that is not taken ({status}); set another, and {AGAIN}")
    if status == 429:
        raise Refused(f"{asked.model} takes no more questions for now (429); wait, and {AGAIN}")
    if status != 200:
        raise Refused(f"{asked.model} answered with an error ({status}); check its name and address, and {AGAIN}")
    try:
        found = httpx.Response(200, content=content).json()
        text = found["choices"][0]["message"]["content"]
        usage = found.get("usage") or {}
        tokens = usage.get("total_tokens", 0)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        text, tokens = None, 0
    if not isinstance(text, str):
        raise Refused(f"{asked.model} answered, but not as an OpenAI-compatible server does; check its address ({asked.address})")
    return Answer(text, tokens if isinstance(tokens, int) and not isinstance(tokens, bool) else 0)
