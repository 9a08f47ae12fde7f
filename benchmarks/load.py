"""Many people labelling at once: what a Save and a choice take, and whether every Save that was acknowledged is in the store.

Each person is a tab without a browser (benchmarks/raw_tabs.py) that chooses five levels, each by the request with which the page
keeps it, and saves through the websocket, with pauses, so that a draft takes about --pace seconds. All begin within one pace, and
go on for --seconds. The clock runs from sending a request to the end of its answer or run, in the process of the tabs, which
shares the cores with the server.

python -m benchmarks.load [--people 10,25,50] [--seconds 60] [--pace 10] [--store URL | --postgresql]
                       [--behind-nginx]

--behind-nginx: two processes in team mode behind deploy/nginx.conf, over TLS; for a store on PostgreSQL.
"""

import argparse
import asyncio
import os
import random
import secrets
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from typing import NamedTuple

import sqlalchemy as sa

from benchmarks.machine import aim, machine
from benchmarks.raw_tabs import LabelTab
from benchmarks.stores import RUBRIC, drafts, new_store, tasks
from db.store import people as stored_people
from tests.conftest import PROJECT
from tests.deploy.proxies import nginx_files, running
from tests.support import postgres
from tests.support.app_server import AppServer, free_port
from workflow import clock
from workflow.data import task_import
from workflow.events.recording import recorded
from workflow.people import people
from workflow.rounds import opening
from workflow.rounds.design import RoundDesign

DIMENSIONS = 5
SAVE_P95, CHOICE_CPU, AT = 120, 5, 25  # ms, ms, people
ALONE = 20  # drafts that one person labels as fast as the server lets anybody choose, for what a choice costs
BREATH = 0.12  # seconds from choice to choice then


@dataclass
class Taken:
    """Milliseconds of each choice and Save that was answered, and what was not."""

    choices: list[float] = field(default_factory=list)
    saves: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def __add__(self, other: "Taken") -> "Taken":
        return Taken(self.choices + other.choices, self.saves + other.saves, self.wrong + other.wrong)


class Served(NamedTuple):
    """Where the app answers, the processes that are it, and the name of its cookie."""

    url: str
    apps: tuple[AppServer, ...]
    cookie: str = "touchstone"

    def processor_seconds(self) -> float:
        return sum(processor_seconds(each.process.pid) for each in self.apps)

    def memory(self) -> float:
        return sum(memory_of(each.process.pid) for each in self.apps)


async def one_person(at: Served, token: str, round_name: str, until: float, pace: float, seed: int) -> Taken:
    """Label until that time of the clock, or until nothing is left."""
    dice, taken = random.Random(seed), Taken()

    async def pause() -> None:
        await asyncio.sleep(dice.uniform(0.5, 1.5) * pace / (DIMENSIONS + 1))

    await asyncio.sleep(dice.uniform(0, pace))
    try:
        async with LabelTab(at.url, token, round_name, at.cookie) as tab:
            while time.monotonic() < until and not tab.is_done:
                for place in range(DIMENSIONS):
                    await pause()
                    taken.choices.append(await tab.choose(place, dice.randrange(4)))
                await pause()
                taken.saves.append(await tab.save())
    except Exception as wrong:  # noqa: BLE001 - one who stops is a figure of its own
        taken.wrong.append(f"{type(wrong).__name__}: {wrong}")
    return taken


async def all_people(at: Served, tokens: Sequence[str], round_name: str, seconds: float, pace: float) -> Taken:
    until = time.monotonic() + pace + seconds
    done = await asyncio.gather(*(one_person(at, token, round_name, until, pace, seed) for seed, token in enumerate(tokens)))
    return sum(done, Taken())


def with_people(engine: sa.Engine, number: int, each: int, name: str) -> list[str]:
    """An open round in which that many new people, two at least, label `each` drafts, every draft by two; their sign-ins."""
    mine = [people.add_person(None, engine, f"{name} {place}") for place in range(number)]
    total = -(-number * each // 2)
    task_import.import_tasks(mine[0], engine, tasks(total, name), "tasks.jsonl")
    task_import.import_drafts(mine[0], engine, drafts(total, name), "drafts.jsonl")
    opening.open_round(
        mine[0],
        engine,
        RoundDesign(
            name,
            rubric=RUBRIC,
            annotators=[person.name for person in mine],
            per_draft=2,
            draft_ids=[f"{name}{place}-1" for place in range(total)],
        ),
    )
    return [signed_in(engine, person.id) for person in mine]


def signed_in(engine: sa.Engine, person: int) -> str:
    """The token of a sign-in as after a password, whose own time is none of what is measured."""
    token, now = secrets.token_urlsafe(32), clock.now()
    with recorded(person, engine, "sign in") as connection:
        stored_people.start_sign_in(connection, person=person, token_digest=people.digest(token), at=now, how="password")
    return token


def stored(engine: sa.Engine, round_name: str) -> tuple[int, int, int]:
    """Saves of the round, its labels, and assignments with more than one save."""
    of_round = "FROM saves JOIN assignments a ON a.id = saves.assignment JOIN rounds r ON r.id = a.round WHERE r.name = :name"
    with engine.connect() as connection:

        def number(query: str) -> int:
            return connection.execute(sa.text(query), {"name": round_name}).scalar_one()

        return (
            number(f"SELECT count(*) {of_round}"),
            number(
                "SELECT count(*) FROM labels l JOIN assignments a ON a.id = l.assignment JOIN rounds r ON r.id = a.round "
                "WHERE r.name = :name"
            ),
            number(f"SELECT count(*) FROM (SELECT a.id {of_round} GROUP BY a.id HAVING count(*) > 1) AS doubled"),
        )


def processor_seconds(pid: int) -> float:
    """Seconds of processor that a process has used (Linux)."""
    parts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")


def memory_of(pid: int) -> float:
    """Megabytes that a process holds (Linux)."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def cut(taken: Sequence[float]) -> tuple[float, float]:
    """p50 and p95."""
    parts = quantiles(taken, n=20, method="inclusive") if len(taken) > 1 else [*taken, 0.0] * 19
    return parts[9], parts[18]


async def alone(at: Served, token: str, round_name: str) -> tuple[float, float]:
    """Milliseconds of the servers' processor that a choice and a Save cost, of one person who hardly pauses."""
    spent = {"choose": 0.0, "save": 0.0}
    async with LabelTab(at.url, token, round_name, at.cookie) as tab:
        for turn in range(-2, ALONE):
            before = at.processor_seconds()
            for place in range(DIMENSIONS):
                await tab.choose(place, (turn + place) % 4)
                await asyncio.sleep(BREATH)
            between = at.processor_seconds()
            await tab.save()
            if turn >= 0:
                spent["choose"] += between - before
                spent["save"] += at.processor_seconds() - between
    return 1000 * spent["choose"] / (ALONE * DIMENSIONS), 1000 * spent["save"] / ALONE


def report(number: int, taken: Taken, engine: sa.Engine, name: str, used: float, seconds: float, memory: float) -> None:
    saves, choices, reruns = cut(taken.saves), cut(taken.choices), len(taken.saves) + len(taken.choices)
    each = 1000 * used / max(reruns, 1)
    print(f"  {number} people, {reruns} requests, {reruns / seconds:.1f} a second, {each:.1f} ms of processor each")
    print(aim(f"Save p50 {saves[0]:.0f} ms, p95 {saves[1]:.0f} ms", f"{SAVE_P95} ms at {AT}", saves[1] <= SAVE_P95))
    print(f"  choice p50 {choices[0]:.0f} ms, p95 {choices[1]:.0f} ms; the server holds {memory:.0f} MB")
    kept, labels, doubled = stored(engine, name)
    whole = kept == len(taken.saves) and labels == DIMENSIONS * kept and not doubled and not taken.wrong
    print(aim(f"{len(taken.saves)} Saves acknowledged, {kept} stored, {doubled} double", "all, once", whole))
    for wrong in taken.wrong[:5]:
        print(f"  ended early: {wrong}")


@contextmanager
def served(store: str, folder: Path, behind_nginx: bool) -> Iterator[Served]:
    """Within: the app over the store at that URL, started as a person does."""
    if not behind_nginx:
        app = AppServer(PROJECT, store, folder / "log", as_a_person_does=True)
        app.start()
        try:
            yield Served(app.url, (app,))
        finally:
            app.stop()
        return
    port, plain = free_port(), free_port()
    url = f"https://localhost:{port}"
    apps = tuple(AppServer(PROJECT, store, folder / f"log-{each}", as_a_person_does=True, behind=url) for each in range(2))
    try:
        for app in apps:
            app.start()
        with running(nginx_files(folder, port, plain, (apps[0].port, apps[1].port)), folder, url):
            yield Served(url, apps, "__Host-touchstone")
    finally:
        for app in apps:
            app.stop()


@contextmanager
def own_postgresql() -> Iterator[str]:
    """Within: a new database of a new server, with the settings of a server that is used."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        postgres.start(folder, dict.fromkeys(("fsync", "synchronous_commit", "full_page_writes", "autovacuum"), "on"))
        try:
            postgres.command(folder, "create database load")
            yield postgres.database_url(folder, "load")
        finally:
            postgres.stop(folder)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", default="10,25,50")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--pace", type=float, default=10, help="seconds a draft")
    parser.add_argument("--store", help="a new database's URL; without it a SQLite file")
    parser.add_argument(
        "--postgresql", action="store_true", help="on a PostgreSQL of its own, which keeps each commit on the disk"
    )
    parser.add_argument("--behind-nginx", action="store_true", help="two processes behind nginx over TLS")
    asked = parser.parse_args()
    print(machine())
    with ExitStack() as until_the_end:
        where = until_the_end.enter_context(own_postgresql()) if asked.postgresql else asked.store
        engine = until_the_end.enter_context(new_store(where))
        folder = until_the_end.enter_context(tempfile.TemporaryDirectory())
        store = engine.url.render_as_string(hide_password=False)
        with served(store, Path(folder), asked.behind_nginx) as at:
            token, _ = with_people(engine, 2, ALONE + 5, "alone")
            choice, save = asyncio.run(alone(at, token, "alone"))
            cost = f"a choice costs {choice:.1f} ms of processor, a Save {save:.1f} ms"
            print(aim(cost, f"{CHOICE_CPU} ms a choice", choice <= CHOICE_CPU))
            for number in map(int, asked.people.split(",")):
                name = f"of {number}"
                each = int((asked.seconds + asked.pace) / asked.pace * 2) + 2
                tokens = with_people(engine, number, each, name)
                before, began = at.processor_seconds(), time.monotonic()
                taken = asyncio.run(all_people(at, tokens, name, asked.seconds, asked.pace))
                used, passed = at.processor_seconds() - before, time.monotonic() - began
                report(number, taken, engine, name, used, passed, at.memory())


if __name__ == "__main__":
    main()
