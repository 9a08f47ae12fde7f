"""What is pressed in a tab before the server has ever drawn its page.

A tab whose process died behind a proxy is often connected to another one without its page being run: Streamlit's frontend asks
for a run only where one was interrupted. What is pressed next then arrives in a session that knows no button, and comes to
nothing, without a word. So such a message is let through in two: first without what was pressed, which draws the page and makes
its buttons known, then as it came.
"""

import asyncio
import contextlib

from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from starlette.types import Message, Receive, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

PRESSED = {"trigger_value", "string_trigger_value", "json_trigger_value", "chat_input_value"}
LONGEST = 20  # seconds that the first run may take before what was pressed goes on in any case


class FirstRun:
    """`receive` and `send` of one connection of a tab, as Streamlit sees them."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive, self._send = receive, send
        self._has_asked = False
        self._held: Message | None = None
        self._is_drawn = asyncio.Event()

    async def receive(self) -> Message:
        if self._held is not None:
            held, self._held = self._held, None
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._is_drawn.wait(), LONGEST)
            return held
        message = await self._receive()
        if self._has_asked or message["type"] != "websocket.receive":
            return message
        asked = BackMsg.FromString(message.get("bytes") or b"")
        if asked.WhichOneof("type") != "rerun_script":
            return message
        self._has_asked = True
        states = asked.rerun_script.widget_states.widgets
        kept = [each for each in states if each.WhichOneof("value") not in PRESSED]
        if len(kept) == len(states):
            return message
        self._held = message
        del states[:]
        states.extend(kept)
        return {**message, "bytes": asked.SerializeToString()}

    async def send(self, message: Message) -> None:
        await self._send(message)
        waits = self._has_asked and not self._is_drawn.is_set()
        if waits and message["type"] == "websocket.send" and ends_a_run(message.get("bytes") or b""):
            self._is_drawn.set()


def ends_a_run(content: bytes) -> bool:
    """Whether a run is over that is not followed by another at once."""
    try:
        told = ForwardMsg.FromString(content)
    except DecodeError:
        return False
    return told.WhichOneof("type") == "script_finished" and told.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
