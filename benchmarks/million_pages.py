"""How long each page takes to open on the store of a round of a million drafts, and what memory it grows by. SQLite.

Each page is opened in a process of its own, as a browser tab of the lead, twice: what a first opening keeps in the process serves
the next. Libraries are loaded before, as they are in a server after its first pages. `--drafts 50000` makes a smaller store,
`--store FILE` names one that is there already (and is left there), `--pages agreement,gold` opens some pages alone, `--longest`
says after how many seconds a page is given up. Beside the seconds by the clock stand those of the processor, for a busy machine.
"""

import argparse
import importlib
import os
import resource
import sys
import time
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa

from benchmarks.machine import aim, machine
from benchmarks.million import DRAFTS, NAME, fill, seconds
from benchmarks.stores import new_store
from db.engine import open_engine
from workflow.rounds.closing import close_round

OPENED_WITHIN, LONGEST = 1.0, 120  # seconds
LIBRARIES = (
    "plotly.graph_objects",
    "statsmodels.stats.inter_rater",
    "workflow.agreement.reports",
    "workflow.comparison.against_third",
    "workflow.rubric.meetings",
    "workflow.scorer.against_people",
    "workflow.scorer.effect",
)
SHELL = Path(__file__).resolve().parent.parent / "ui" / "base" / "shell.py"


class Opened(NamedTuple):
    """A page opened: seconds by the clock and of the processor, at first and again; MB at most over what the process held
    before; what went wrong."""

    first: float = 0.0
    of_processor: float = 0.0
    again: float = 0.0
    again_of_processor: float = 0.0
    grew: float = 0.0
    problem: str = ""


def memory() -> float:
    """MB this process held at most so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**10 if sys.platform != "darwin" else 2**20)


def open_page(url: str, address: str, to: Connection) -> None:
    """In a process of its own: what one page takes, sent to the process that asked."""
    os.environ["TOUCHSTONE_DATABASE_URL"] = url
    import streamlit.logger
    from streamlit.components.v2.component_manager import BidiComponentManager
    from streamlit.testing.v1 import AppTest
    from streamlit.util import calc_hash

    from ui.base.session import signed_in
    from workflow.people import people

    streamlit.logger.set_log_level("ERROR")
    for library in LIBRARIES:
        importlib.import_module(library)
    engine = open_engine(url)
    token = people.sign_in(engine, people.person_named(engine, "ana").id)
    signed_in.token_of_browser = lambda: token
    signed_in.refused_sign_in = lambda: ""

    def tab(at_address: str) -> tuple[float, float, str]:
        at = AppTest.from_file(str(SHELL), default_timeout=3600)
        at._bidi_component_manager = BidiComponentManager()
        at._page_hash = calc_hash(at_address)
        began, of_processor = time.perf_counter(), time.process_time()
        at.run()
        took = time.perf_counter() - began, time.process_time() - of_processor
        return *took, "; ".join(str(each.message) for each in at.exception)

    tab("guide")
    before = memory()
    first, of_processor, problem = tab(address)
    again, again_of_processor, _ = tab(address)
    to.send(Opened(first, of_processor, again, again_of_processor, memory() - before, problem))


def opened(url: str, address: str, longest: int) -> Opened:
    context = get_context("spawn")
    here, there = context.Pipe(False)
    process = context.Process(target=open_page, args=(url, address, there))
    process.start()
    there.close()
    try:
        made = here.recv() if here.poll(longest) else Opened(problem=f"given up after {longest} s")
    except EOFError:
        made = Opened(problem="the process ended")
    process.terminate()
    process.join()
    return made


def measure(url: str, pages: list[str], longest: int) -> None:
    from ui.base.navigation import ADDRESSES, TITLES

    slow = []
    print("  page                 at first (of processor)   then (of processor)   memory")
    for name, address in ADDRESSES.items():
        if pages and name not in pages:
            continue
        made = opened(url, address, longest)
        if made.problem:
            print(f"  {TITLES[name]:<20} {made.problem}", flush=True)
        else:
            first = f"{made.first:7.2f} s ({made.of_processor:6.2f} s)"
            again = f"{made.again:7.2f} s ({made.again_of_processor:6.2f} s)"
            print(f"  {TITLES[name]:<20} {first:>22} {again:>21} {made.grew:7.0f} MB", flush=True)
        if made.problem or made.first > OPENED_WITHIN:
            slow.append(TITLES[name])
    print(aim(f"{len(slow)} pages take longer", f"each under {OPENED_WITHIN:g} s", not slow))


def filled(engine: sa.Engine, number: int) -> None:
    took, ana = seconds(lambda: fill(engine, number, 1))
    print(f"SQLite: {number:,} drafts x 2 x 1, filled in {took:.0f} s")
    took, _ = seconds(lambda: close_round(ana, engine, NAME))
    print(f"  closing, which keeps the counts and the cells that wait: {took:.1f} s")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--drafts", type=int, default=DRAFTS)
    asked.add_argument("--store", type=Path)
    asked.add_argument("--pages", default="")
    asked.add_argument("--longest", type=int, default=LONGEST)
    options = asked.parse_args()
    print(machine())
    pages = [each for each in options.pages.split(",") if each]
    if options.store:
        return measure(f"sqlite:///{options.store.resolve()}", pages, options.longest)
    with new_store() as engine:
        filled(engine, options.drafts)
        measure(engine.url.render_as_string(), pages, options.longest)


if __name__ == "__main__":
    main()
