"""Browser tabs without a browser: what Streamlit's frontend and the script of the label page send, and what they read."""

import asyncio
import json
import re
import ssl
import time
from typing import Any, Self

import httpx
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import connect

LONGEST = 60  # seconds that one answer may take
LARGEST = 2**26  # bytes of one message
ANY_CERTIFICATE = ssl.create_default_context()
ANY_CERTIFICATE.check_hostname, ANY_CERTIFICATE.verify_mode = False, ssl.CERT_NONE  # a benchmark's proxy has one signed by nobody
REFUSED = re.compile('role="alert"><b>[^<]*</b> ([^<]*)<')


def _connection(url: str, cookie: str) -> connect:
    address = url.replace("http", "ws", 1) + "/_stcore/stream"
    return connect(
        address,
        subprotocols=["streamlit", "PLACEHOLDER"],
        additional_headers={"Cookie": cookie},
        origin=url,
        ssl=ANY_CERTIFICATE if address.startswith("wss") else None,
        max_size=LARGEST,
        proxy=None,
    )


async def open_page(url: str, token: str, address: str, cookie: str = "touchstone") -> float:
    """Open the page at that address ("" for Home) in a tab of its own; the milliseconds until it was drawn. RuntimeError where an
    error stands on it."""
    message = BackMsg()
    message.rerun_script.page_name = address
    began = time.perf_counter()
    async with _connection(url, f"{cookie}={token}") as socket:
        await socket.send(message.SerializeToString())
        async with asyncio.timeout(LONGEST):
            while True:
                told = ForwardMsg.FromString(await socket.recv())
                kind = told.WhichOneof("type")
                if kind == "delta" and told.delta.new_element.HasField("exception"):
                    raise RuntimeError(told.delta.new_element.exception.message)
                if kind == "script_finished" and told.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                    return 1000 * (time.perf_counter() - began)


class LabelTab:
    """One tab of the label page: `choose` a level, `save` the draft; each returns the milliseconds until the page had it."""

    def __init__(self, url: str, token: str, round_name: str, cookie: str = "touchstone") -> None:
        self.url, self.cookie, self.round_name = url, f"{cookie}={token}", round_name
        self.levels: dict[str, list[str]] = {}  # of the form as drawn last: the widget of each dimension, and its levels
        self.script: dict[str, Any] = {}  # of the same: what the page's script is told (ui/labelling/form.py)
        self.save_button = ""
        self.chosen: dict[str, str] = {}
        self.reruns = 0
        self.said = ""  # what the page says went wrong, "" where nothing did

    async def __aenter__(self) -> Self:
        self.socket = await _connection(self.url, self.cookie).__aenter__()
        self.requests = httpx.AsyncClient(
            headers={"Cookie": self.cookie, "Origin": self.url}, trust_env=False, timeout=LONGEST, verify=ANY_CERTIFICATE
        )
        await self._rerun()
        return self

    async def __aexit__(self, *raised) -> None:
        await self.requests.aclose()
        await self.socket.__aexit__(*raised)

    @property
    def is_done(self) -> bool:
        """Whether there is no draft left on the page."""
        return not self.save_button

    async def choose(self, place: int, level: int) -> float:
        """Choose the level at that place (from 0) of the dimension at that place. RuntimeError where it was not kept."""
        widget = list(self.levels)[place]
        self.chosen[widget] = self.levels[widget][level]
        form, dimension = self.script["keep"], self.script["dimensions"][place]
        said = {"assignment": form["assignment"], "revision": form["revision"]}
        began = time.perf_counter()
        said |= {"dimension": dimension["key"], "value": dimension["values"][level]}
        try:
            answer = await self.requests.post(self.url + form["to"], json=said)
        except httpx.TransportError:  # a connection that the server just closed: a browser, too, sends it again
            answer = await self.requests.post(self.url + form["to"], json=said)
        self.said = "" if answer.status_code == 204 else answer.text
        if self.said:
            raise RuntimeError(f"a choice was not kept: {answer.status_code} {answer.text}")
        return 1000 * (time.perf_counter() - began)

    async def save(self) -> float:
        """Press Save. RuntimeError where the page still shows the same draft afterwards, or says that something went wrong."""
        pressed = self.save_button
        taken = await self._rerun(pressed)
        if self.said:
            raise RuntimeError(self.said)
        if self.save_button == pressed:
            raise RuntimeError("the draft is still on the page")
        return taken

    async def _rerun(self, pressed: str = "") -> float:
        message = BackMsg()
        state = message.rerun_script
        state.query_string, state.page_name = f"round={self.round_name}", "label"
        for widget, level in self.chosen.items():
            held = WidgetState(id=widget)
            held.string_array_value.data.append(level)
            state.widget_states.widgets.append(held)
        if pressed:
            state.widget_states.widgets.append(WidgetState(id=pressed, trigger_value=True))
        began = time.perf_counter()
        await self.socket.send(message.SerializeToString())
        async with asyncio.timeout(LONGEST):
            await self._read()
        self.reruns += 1
        return 1000 * (time.perf_counter() - began)

    async def _read(self) -> None:
        """Read one run of the script to its end."""
        levels, button, script, said = {}, "", {}, ""
        while True:
            told = ForwardMsg.FromString(await self.socket.recv())
            kind = told.WhichOneof("type")
            if kind == "new_session":
                levels, button, script, said = {}, "", {}, ""
            elif kind == "delta" and told.delta.WhichOneof("type") == "new_element":
                element = told.delta.new_element
                if element.HasField("button_group") and "-level-" in element.button_group.id:
                    levels[element.button_group.id] = [option.content for option in element.button_group.options]
                elif element.HasField("button") and "-save-" in element.button.id:
                    button = element.button.id
                elif element.HasField("bidi_component") and "keep" in (data := json.loads(element.bidi_component.json or "{}")):
                    script = data
                elif element.HasField("alert"):
                    said = element.alert.body
                elif refused := REFUSED.search(element.html.body):
                    said = refused[1]
            elif kind == "script_finished" and told.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                break
        self.levels, self.save_button, self.script, self.said = levels, button, script, said
        self.chosen = {widget: level for widget, level in self.chosen.items() if widget in levels}
