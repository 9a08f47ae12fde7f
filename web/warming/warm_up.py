"""The thread that loads what the first pages would wait for. It begins once the server answers, steps aside while a page is
drawn, and ends with the server."""

import gc
import logging
import os
import threading
import time
from collections.abc import Iterable

from touchstone.errors import Refused
from ui.base.session import measures
from web.warming.steps import Step, steps

SETTING = "TOUCHSTONE_WARM_UP"
ASIDE = 5.0  # seconds at most that a step waits for pages that are being drawn
LAST = 3.0  # seconds at most that the end of the server waits for the step in hand
log = logging.getLogger("touchstone")


def is_wanted() -> bool:
    """Whether the environment leaves it on. Raises Refused for a setting of another kind."""
    said = os.environ.get(SETTING, "").strip().casefold()
    if said not in ("", "on", "off"):
        raise Refused(f"{SETTING} is {said}: set it to on or off, or leave it out, which is on")
    return said != "off"


class WarmUp:
    """`begin` returns at once. What a step raises is logged and keeps nobody from anything: the page that needs it tells."""

    def __init__(self, what: Iterable[tuple[str, Step]] | None = None) -> None:
        self._what = what
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="touchstone-warm-up", daemon=True)

    def begin(self) -> None:
        self._thread.start()

    def end(self) -> None:
        """Take no further step. Waits for the one in hand, briefly: an import that is torn apart may take the process with it."""
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join(LAST)

    def wait(self, seconds: float) -> bool:
        """Whether it came to its end within so many seconds."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        began = time.perf_counter()
        for name, step in steps() if self._what is None else self._what:
            self._step_aside()
            if self._ending.is_set():
                return
            try:
                step()
            except Exception:
                log.warning("could not be loaded ahead: %s", name, exc_info=True)
        gc.freeze()  # as in start.warm: what stays for good is not looked through each time
        log.info("loaded ahead in %.1f s", time.perf_counter() - began)

    def _step_aside(self) -> None:
        until = time.monotonic() + ASIDE
        while measures.being_drawn() and time.monotonic() < until and not self._ending.is_set():
            time.sleep(0.02)
