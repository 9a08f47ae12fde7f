"""What a decision of the gate takes: in a program, by the store, and over HTTP on this machine, one call after another.

    PYTHONPATH=. python benchmarks/gate.py [--calls 2000] [--postgresql]

Drafts of about 700 letters with their tasks, a rubric of five scored dimensions, a policy with three conditions. Over HTTP the
real server answers, and the caller keeps its connection and shares the cores with it; each decision is written to the store
before it is told. Aims: p99 at most 5 ms in a program, 10 ms over HTTP on a machine with nothing else to do: where it has,
what is missed says how much, and the time of the processor, which waits for nobody, says what a call takes.
"""

import argparse
import http.client
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles
from typing import Any, NamedTuple

import sqlalchemy as sa

from benchmarks.machine import aim, machine
from benchmarks.save_call import postgresql
from benchmarks.stores import RUBRIC, drafts, new_store, tasks
from tests.conftest import PROJECT
from tests.support.app_server import AppServer
from touchstone.gate.deciding import Gate
from touchstone.gate.policy import read_policy
from touchstone.rubric.reading import read_rubric
from workflow.gate import asking, policies, tokens
from workflow.people.people import add_person
from workflow.projects.projects import new_project

RUBRICS = PROJECT / "rubric_versions"
WARM = 200
IN_A_PROGRAM, OVER_HTTP = 5.0, 10.0  # ms


class ForTheGate(NamedTuple):
    text: str
    task: dict[str, Any]


def brought(number: int) -> list[ForTheGate]:
    given = [json.loads(line) for line in tasks(number).splitlines()]
    written = [json.loads(line) for line in drafts(number).splitlines()]
    return [ForTheGate(draft["text"], {"input": task["input"]}) for task, draft in zip(given, written, strict=True)]


def policy() -> bytes:
    scored = [each for each in read_rubric(RUBRICS / f"{RUBRIC}.yml").dimensions if each.scoring][:3]
    first, *others = (f"{{dimension: {each.key}, below: {each.rising[1]}}}" for each in scored)
    return f"gate: bench\nversion: 1\nrubric: {RUBRIC}\nmode: enforce\nblock: [{first}]\nreview: [{', '.join(others)}]\n".encode()


def timed(
    of: Sequence[ForTheGate], ask: Callable[[ForTheGate], object], clock: Callable[[], float] = time.perf_counter
) -> list[float]:
    """Milliseconds of each call by that clock."""
    taken = []
    for each in of:
        start = clock()
        ask(each)
        taken.append(1000 * (clock() - start))
    return taken


def told(what: str, taken: Sequence[float], wanted: float | None) -> None:
    """The figures after WARM calls that are not counted."""
    cuts = quantiles(taken[WARM:], n=100)
    figure = f"{what}: p50 {cuts[49]:.2f} ms, p99 {cuts[98]:.2f} ms"
    if wanted is None:
        return print(f"  {figure}")
    met = cuts[98] <= wanted
    print(aim(figure, f"p99 {wanted:.0f} ms", met) + ("" if met or is_quiet() else f" at a load of {os.getloadavg()[0]:.1f}"))


def is_quiet() -> bool:
    """Whether less waits for a processor than there are, by the load of the last minute."""
    return not hasattr(os, "getloadavg") or os.getloadavg()[0] < len(os.sched_getaffinity(0))


def seconds_of(process: int) -> float | None:
    """What a process has had of the processor; None where this system does not say."""
    told = Path(f"/proc/{process}/stat")
    if not told.exists():
        return None
    user, system = told.read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def gated(engine: sa.Engine) -> str:
    """A project with a gate in the store; its token."""
    lead = add_person(None, engine, "lead")
    new_project(lead, engine, "Bench")
    policies.publish_policy(lead, engine, policy())
    return tokens.make_token(lead, engine, "bench")


@contextmanager
def served(engine: sa.Engine) -> Iterator[tuple[http.client.HTTPConnection, int]]:
    """A connection to the real server, and the number of its process."""
    with tempfile.TemporaryDirectory(prefix="touchstone-bench-") as folder:
        url = engine.url.render_as_string(hide_password=False)
        app = AppServer(PROJECT, url, Path(folder) / "log", as_a_person_does=True)
        app.start()
        try:
            assert app.process is not None
            yield http.client.HTTPConnection("127.0.0.1", app.port, timeout=30), app.process.pid
        finally:
            app.stop()


def post(connection: http.client.HTTPConnection, token: str, path: str, each: ForTheGate) -> None:
    body = json.dumps({"text": each.text, "task": each.task})
    connection.request("POST", path, body, {"Authorization": f"Bearer {token}", "Content-Type": "application/json"})
    answer = connection.getresponse()
    found = answer.read()
    if answer.status != 200:
        raise SystemExit(f"{answer.status}: {found[:200]!r}")


def by_the_store(name: str, engine: sa.Engine, of: Sequence[ForTheGate]) -> None:
    token = gated(engine)
    told(
        f"{name}, with token, switch and count",
        timed(of, lambda each: asking.ask_gate(engine, token, each.text, each.task, None)),
        None,
    )
    of_processor = timed(of, lambda each: asking.ask_gate(engine, token, each.text, each.task, None), time.thread_time)
    told(f"{name}, the same, of processor", of_processor, None)
    with served(engine) as (connection, process):
        for path, wanted in (("/v1/gate", OVER_HTTP), ("/v1/score", OVER_HTTP)):
            taken: list[float] = []
            used = 0.0
            for place in range(0, len(of), 100):  # a token has 100 calls a second
                start, before = time.perf_counter(), seconds_of(process)
                taken += timed(of[place : place + 100], lambda each, at=path: post(connection, token, at, each))
                used += (seconds_of(process) or 0.0) - (before or 0.0)
                time.sleep(max(0.0, 1.05 - (time.perf_counter() - start)))
            told(f"{name}, POST {path}", taken, wanted)
            if used:
                print(f"    the server takes {1000 * used / len(taken):.1f} ms of processor a call")


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--calls", type=int, default=2_000)
    asked.add_argument("--postgresql", action="store_true")
    options = asked.parse_args()
    print(machine())
    of = brought(max(options.calls, 2 * WARM))
    print(f"{len(of):,} calls, drafts of {sum(len(each.text) for each in of) // len(of)} letters with their tasks")
    gate = Gate(read_policy(policy()), read_rubric(RUBRICS / f"{RUBRIC}.yml"))
    told("in a program", timed(of, lambda each: gate.decide(each.task, each.text)), IN_A_PROGRAM)
    told("in a program, of processor", timed(of, lambda each: gate.decide(each.task, each.text), time.thread_time), IN_A_PROGRAM)
    with new_store() as engine:
        by_the_store("SQLite", engine, of)
    if options.postgresql:
        with postgresql() as engine:
            if engine is not None:
                by_the_store("PostgreSQL (fsync off)", engine, of)
    print(f"  load at the end {os.getloadavg()[0]:.1f}" + ("" if is_quiet() else ": not a quiet machine"))


if __name__ == "__main__":
    main()
