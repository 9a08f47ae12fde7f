"""Browser tabs without a browser: what Streamlit's frontend and the script of the label page send, and what they read."""

import asyncio
import json
import re
import time
from typing import Any, Self

import httpx
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import connect

LONGEST = 60  # seconds that one answer may take
LARGEST = 2**26  # bytes of one message
REFUSED = re.compile('role="alert"><b>[^<]*</b> ([^<]*)<')


class LabelTab:
    """One tab of the label page: `choose` a level, `save` the draft; each returns the milliseconds until the page had it."""

    def __init__(self, url: str, token: str, round_name: str) -> None:
        self.url, self.token, self.round_name = url, token, round_name
        self.levels: dict[str, list[str]] = {}  # of the form as drawn last: the widget of each dimension, and its levels
        self.script: dict[str, Any] = {}  # of the same: what the page's script is told (ui/labelling/form.py)
        self.save_button = ""
        self.chosen: dict[str, str] = {}
        self.reruns = 0
        self.said = ""  # what the page says went wrong, "" where nothing did

    async def __aenter__(self) -> Self:
        address = self.url.replace("http", "ws", 1) + "/_stcore/stream"
        self.socket = await connect(
            address,
            subprotocols=["streamlit", "PLACEHOLDER"],
            additional_headers={"Cookie": f"touchstone={self.token}"},
            origin=self.url,
            max_size=LARGEST,
            proxy=None,
        ).__aenter__()
        self.requests = httpx.AsyncClient(
            headers={"Cookie": f"touchstone={self.token}", "Origin": self.url}, trust_env=False, timeout=LONGEST
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
        """Press Save. RuntimeError where the page still shows the same draft afterwards: it was not saved."""
        pressed = self.save_button
        taken = await self._rerun(pressed)
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
