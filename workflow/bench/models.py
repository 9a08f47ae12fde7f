"""Models of a synthesis: asked once, and refused in words where that fails. The key is read from the environment, and stands in
no message, log or row."""

from collections.abc import Sequence
from typing import NamedTuple

import httpx

from touchstone.bench.synthesis.recipe import AskedModel, Message
from touchstone.errors import Refused
from workflow.chat import NOT_CHAT, CallFailed, ChatClient, failure_in_words, key_in

SECONDS = 180.0  # a model may think that long
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
        return key_in(asked.key_from or usual, asked.model)

    def ask(self, asked: AskedModel, usual_key: str, messages: Sequence[Message], temperature: float, seed: int) -> Answer:
        """The model's answer to these messages."""
        key = self.key_of(asked, usual_key)
        body = {"model": asked.model, "messages": list(messages), "temperature": temperature, "seed": seed}
        try:
            with ChatClient(asked.address, key, seconds=SECONDS, transport=self._transport) as client:
                reply = client.ask(body)
            if reply.text is None:
                raise CallFailed(NOT_CHAT)
        except CallFailed as why:
            raise Refused(failure_in_words(why, asked.model, asked.address, SECONDS)) from None
        return Answer(reply.text, reply.tokens)
