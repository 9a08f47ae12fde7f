"""What is counted of this process for whoever watches it (web/watching/metrics.py shows it): how often
and how long, never who or what.

No name, text, label or project is in any of it, and every value of a label comes from a list in the program, so that there are
few series however large the team is.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics

from touchstone.errors import Refused
from ui.base.session import store

disable_created_metrics()  # when each series began: as many lines again, which nobody asks for
REGISTRY = CollectorRegistry()
STEPS = {"save_labels": "save", "choose": "choice"}  # what people do all day, by its verb; the rest is "other"
VERB = "touchstone_verb"  # on an error: who writes the log sees it long after
REQUESTS = Counter("touchstone_requests", "Requests by kind of address and status.", ["route", "status"], registry=REGISTRY)
DONE = Counter(
    "touchstone_steps",
    "Steps that people took, by outcome: done, refused (with a sentence), busy (the store did not respond), failed (an error).",
    ["step", "outcome"],
    registry=REGISTRY,
)
RUNS = Histogram(
    "touchstone_script_seconds",
    "Seconds that a page took to be drawn, without the step before it.",
    ["page"],
    buckets=(0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
    registry=REGISTRY,
)
PEOPLE = Gauge("touchstone_people", "People who are signed in and have a tab open in this process.", registry=REGISTRY)
CONNECTIONS = Gauge("touchstone_pool_in_use", "Connections to the store that are in use.", registry=REGISTRY)
CONNECTIONS.set_function(store.connections_in_use)
_DRAWN: set[object] = set()


@contextmanager
def step(verb: str) -> Iterator[None]:
    """Counts one step by the name of its verb, and how it ended. An error keeps the name (`verb_of`)."""
    outcome = "failed"
    try:
        yield
        outcome = "done"
    except Refused:
        outcome = "refused"
        raise
    except store.NOT_RESPONDING:
        outcome = "busy"
        raise
    finally:
        if error := sys.exception():
            vars(error)[VERB] = verb
        DONE.labels(STEPS.get(verb, "other"), outcome).inc()


def verb_of(error: BaseException) -> str:
    """The name of the verb from which the error comes; "" where it comes from none."""
    return str(vars(error).get(VERB, ""))


@contextmanager
def drawing(page: str, since: float) -> Iterator[None]:
    """Within: a page is being drawn, whose script began at `since` (of time.perf_counter)."""
    here = object()
    _DRAWN.add(here)
    try:
        yield
    finally:
        _DRAWN.discard(here)
        RUNS.labels(page).observe(time.perf_counter() - since)


def being_drawn() -> int:
    """How many pages are being drawn at this moment."""
    return len(_DRAWN)
