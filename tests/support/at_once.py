"""Two that begin together, and a reading of the store after which each waits for the other: what was read before is then old."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """What each call returned, or the exception it raised; all begin together."""
    start = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        start.wait(10)
        try:
            return call()
        except Exception as wrong:  # noqa: BLE001 - the test looks at it
            return wrong

    with ThreadPoolExecutor(len(calls)) as pool:
        return [each.result(60) for each in [pool.submit(run, call) for call in calls]]


def both_have_read(monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> None:
    """The first two to call the function of the module go on once both have its answer. Where one is kept from asking until the
    other is done, which is what should be, that other goes on after a moment."""
    was, met = getattr(module, name), Barrier(2)

    def read(*args: Any, **kwargs: Any) -> Any:
        answer = was(*args, **kwargs)
        with suppress(BrokenBarrierError):
            met.wait(0.5)
        return answer

    monkeypatch.setattr(module, name, read)
