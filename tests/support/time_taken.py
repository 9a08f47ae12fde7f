"""Whether the time that something takes grows with a text, or faster: in time of the processor, so that what else runs on the
machine does not count. Nor does the collection of garbage: in a process that has run a thousand tests one costs half a second."""

import gc
import signal
import time
from collections.abc import Callable
from typing import Any

MOST = 1.0  # seconds of one try
TRIES = 3


class _TooLong(Exception):
    pass


def _stop(*_: object) -> None:
    raise _TooLong


def seconds(run: Callable[..., object], *given: object, most: float = MOST) -> float:
    """`most` where it was not done by then."""
    collects = gc.isenabled()
    gc.disable()
    before, started = signal.signal(signal.SIGVTALRM, _stop), time.thread_time()
    signal.setitimer(signal.ITIMER_VIRTUAL, most)
    try:
        run(*given)
    except _TooLong:
        return most
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
        if collects:
            gc.enable()
    return time.thread_time() - started


def grows_faster(run: Callable[[Any], object], text: Callable[[int], Any], short: int, at_once: float) -> bool:
    """Whether a text of eight times `short` takes much more than eight times the time; what is done `at_once` (seconds, at
    `short`) is not measured any further, and a text that took too long is tried twice more before it counts."""
    if seconds(run, text(short)) < at_once:
        return False
    taken = min(seconds(run, text(short)) for _ in range(3))
    most = max(20 * taken, MOST)
    return taken >= at_once / 2 and all(
        seconds(run, text(8 * short), most=most) >= min(20 * taken, most * 0.9) for _ in range(TRIES)
    )
