"""A release of 10,000 drafts with five dimensions that two people labelled, and its verification from the folder alone. Each in
a process of its own, so that its memory is its own. `--drafts 100000` makes the one that there is an aim for; the time is that of
the processor, the libraries' start included.
"""

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path

from benchmarks.machine import aim, machine
from benchmarks.million import NAME, fill
from benchmarks.stores import new_store
from db.engine import open_engine
from touchstone.releasing.policy import Policy
from touchstone.releasing.verifying.verify import verify
from workflow.people.people import person_named
from workflow.releasing.asked import Asked
from workflow.releasing.releases import release_gold
from workflow.rounds.closing import close_round

DRAFTS, AIMED, DIMENSIONS, SECONDS, MEGABYTES = 10_000, 100_000, 5, 60, 1_000


def write(url: str, to: Path) -> str:
    engine = open_engine(url)
    asked = Asked((NAME,), policy=Policy(partial=True, with_flagged=True))
    made = release_gold(person_named(engine, "ana"), engine, asked, to, heard=lambda done, of: None)
    return f"{made.rows:,} gold labels, {made.left_out:,} cells left out"


def check(url: str, to: Path) -> str:
    return "holds" if verify(to).holds else "DOES NOT HOLD"


def measured(what: Callable[[str, Path], str], url: str, to: Path, name: str, number: int) -> None:
    context = get_context("spawn")
    answers = context.SimpleQueue()
    child = context.Process(target=_run, args=(what, url, to, answers))
    child.start()
    child.join()
    told, seconds, processor, most = answers.get()
    size = sum(each.stat().st_size for each in to.iterdir()) / 2**20
    figure = (
        f"{name}: {processor:.1f} s of processor ({seconds:.1f} s in all), {number / processor:,.0f} drafts a second, "
        f"at most {most:.0f} MB, {size:.0f} MB of files, {told}"
    )
    within = processor < SECONDS and most < MEGABYTES
    print(aim(figure, f"under {SECONDS} s and {MEGABYTES:,} MB", within) if number >= AIMED else f"  {figure}", flush=True)


def _run(what: Callable[[str, Path], str], url: str, to: Path, answers) -> None:
    began, processor = time.perf_counter(), time.process_time()
    told = what(url, to)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**10 if sys.platform != "darwin" else 2**20)
    answers.put((told, time.perf_counter() - began, time.process_time() - processor, peak))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--drafts", type=int, default=DRAFTS)
    number = options.parse_args().drafts
    print(machine())
    with new_store() as engine, tempfile.TemporaryDirectory(prefix="touchstone-release-") as folder:
        close_round(fill(engine, number, DIMENSIONS), engine, NAME)
        url, to = engine.url.render_as_string(), Path(folder) / "release"
        print(f"{number:,} drafts, {DIMENSIONS} dimensions, two people: {number * DIMENSIONS * 2:,} labels")
        measured(write, url, to, "release-gold", number)
        measured(check, url, to, "verify", number)


if __name__ == "__main__":
    main()
