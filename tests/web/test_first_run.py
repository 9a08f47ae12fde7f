"""What is pressed before the server has drawn the page in this connection: let through in two, once."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from web import first_run
from web.first_run import FirstRun

DONE, GOES_ON = ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_EARLY_FOR_RERUN


def run(of: Coroutine[Any, Any, None]) -> None:
    with ThreadPoolExecutor(1) as pool:  # in this thread a browser test may have left its loop
        pool.submit(asyncio.run, of).result(60)


def asked(*pressed: str, chosen: str = "2") -> dict:
    message = BackMsg()
    states = message.rerun_script.widget_states.widgets
    states.add(id="level", string_value=chosen)
    for each in pressed:
        states.add(id=each, trigger_value=True)
    return {"type": "websocket.receive", "bytes": message.SerializeToString()}


def told(status: int) -> dict:
    return {"type": "websocket.send", "bytes": ForwardMsg(script_finished=status).SerializeToString()}


def states_in(message: dict) -> list[str]:
    return [each.id for each in BackMsg.FromString(message["bytes"]).rerun_script.widget_states.widgets]


def tab_of(*messages: dict) -> tuple[FirstRun, list[dict]]:
    waiting, sent = list(messages), []

    async def receive():
        return waiting.pop(0)

    async def send(message):
        sent.append(message)

    return FirstRun(receive, send), sent


def test_what_was_pressed_waits_until_the_page_was_drawn_and_then_comes_as_it_was():
    async def in_two() -> None:
        tab, sent = tab_of(asked("save"), asked("skip"))
        assert states_in(await tab.receive()) == ["level"]
        rest = asyncio.ensure_future(tab.receive())
        for status in (GOES_ON, DONE):
            await asyncio.sleep(0)
            assert not rest.done()
            await tab.send(told(status))
        assert await rest == asked("save")
        assert await tab.receive() == asked("skip"), "what comes after it is let through as it is"
        assert sent == [told(GOES_ON), told(DONE)]

    run(in_two())


def test_it_goes_on_after_a_while_whatever_the_first_run_does(monkeypatch):
    monkeypatch.setattr(first_run, "LONGEST", 0.01)

    async def in_two() -> None:
        tab, _ = tab_of(asked("save"))
        await tab.receive()
        assert await tab.receive() == asked("save")

    run(in_two())


@pytest.mark.parametrize("first", [asked(), {"type": "websocket.disconnect", "code": 1000}], ids=["a run", "an end"])
def test_where_nothing_was_pressed_all_is_let_through_as_it_is(first):
    async def as_it_is() -> None:
        tab, _ = tab_of(first, asked("save"))
        assert await tab.receive() == first
        if first["type"] == "websocket.receive":
            assert await tab.receive() == asked("save")

    run(as_it_is())
