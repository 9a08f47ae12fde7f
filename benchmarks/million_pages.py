"""How long each page takes to open on the store of a round of a million drafts, and what memory it grows by.

Each page is opened in a process of its own, as a browser tab of the lead, twice: what a first opening keeps in the process serves
the next. `--store FILE` names a store that is there already (the one `million.py --keep FILE` left), `--pages a,b` only some
pages, `--drafts` how large a store is made else.
"""

import argparse
import importlib
import os
import resource
import sys
import time
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

from benchmarks.machine import aim, machine
from db.engine import open_engine

OPENED_WITHIN, LONGEST = 1.0, 120  # seconds
ASKED = {"findings": {"draft": "d7"}}


class Opened(NamedTuple):
    """A page opened: seconds at first and again, memory (MB) at most over what the process held before, what went wrong."""

    first: float = 0.0
    again: float = 0.0
    grew: float = 0.0
    problem: str = ""


def memory() -> float:
    """MB this process held at most so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**10 if sys.platform != "darwin" else 2**20)


def open_page(url: str, page: str, query: dict[str, str], to) -> None:
    """In a process of its own: what one page takes, sent to the process that asked."""
    os.environ["TOUCHSTONE_DATABASE_URL"] = url
    import streamlit.logger

    streamlit.logger.set_log_level("ERROR")
    from streamlit.components.v2.component_manager import BidiComponentManager
    from streamlit.testing.v1 import AppTest
    from streamlit.util import calc_hash

    from ui.base.session import signed_in
    from workflow.people import people

    engine = open_engine(url)
    token = people.sign_in(engine, people.person_named(engine, "ana").id)
    signed_in.token_of_browser = lambda: token  # type: ignore[assignment]
    signed_in.refused_sign_in = lambda: ""  # type: ignore[assignment]
    shell = Path(__file__).resolve().parent.parent / "ui" / "base" / "shell.py"

    def tab(address: str, query: dict[str, str]) -> tuple[float, str]:
        at = AppTest.from_file(str(shell), default_timeout=600)
        at._bidi_component_manager = BidiComponentManager()
        at._page_hash = calc_hash(address)
        for key, value in query.items():
            at.query_params[key] = value
        began = time.perf_counter()
        at.run()
        took = time.perf_counter() - began
        return took, "; ".join(str(each.message) for each in at.exception)

    # What the first page of a process waits for, and no later one: libraries, the schema.
    for library in ("plotly.graph_objects", "workflow.agreement.reports", "workflow.rubric.meetings", "workflow.scorer.effect"):
        importlib.import_module(library)
    tab("guide", {})
    before = memory()
    first, problem = tab(page, query)
    again, _ = tab(page, query)
    to.send(Opened(first, again, memory() - before, problem))


def opened(url: str, page: str, query: dict[str, str], longest: int) -> Opened:
    context = get_context("spawn")
    here, there = context.Pipe(False)
    process = context.Process(target=open_page, args=(url, page, query, there))
    process.start()
    there.close()
    try:
        made = here.recv() if here.poll(longest) else Opened(problem=f"not open after {longest} s")
    except EOFError:
        made = Opened(problem="the process ended")
    process.terminate()
    process.join()
    return made


def measure(url: str, pages: list[str], longest: int) -> None:
    from ui.base.navigation import ADDRESSES, TITLES

    slow = []
    for name, address in ADDRESSES.items():
        if pages and name not in pages:
            continue
        made = opened(url, address, ASKED.get(name, {}), longest)
        print(
            f"  {TITLES[name]:<20}{made.first:8.2f} s, then {made.again:6.2f} s{made.grew:8.0f} MB more  {made.problem}",
            flush=True,
        )
        if made.problem or made.first > OPENED_WITHIN:
            slow.append(TITLES[name])
    print(aim(f"{len(slow)} pages take longer", f"each under {OPENED_WITHIN:g} s", not slow))


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--drafts", type=int, default=50_000)
    asked.add_argument("--store", default="")
    asked.add_argument("--pages", default="")
    asked.add_argument("--longest", type=int, default=LONGEST)
    options = asked.parse_args()
    print(machine())
    pages = [each for each in options.pages.split(",") if each]
    if options.store:
        return measure(
            options.store if "://" in options.store else f"sqlite:///{Path(options.store).resolve()}", pages, options.longest
        )


if __name__ == "__main__":
    main()
