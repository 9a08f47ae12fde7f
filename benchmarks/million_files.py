"""What files of a large store take in memory: importing tasks by parts and in hand, and exporting the gold of a round.

Each in a process of its own, so that its memory is its own, at 20,000 and 100,000 (`--sizes 20000,100000,1000000` for others).
The tasks have about 400 bytes of input; gold is of a round that two people labelled on one dimension (`million.py`), without
tables.
`--store FILE` exports the gold of such a store that is there already, and does nothing else.
"""

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from benchmarks.machine import aim, machine
from benchmarks.million import NAME, fill
from benchmarks.stores import new_store, tasks
from db.engine import migrate, open_engine
from workflow.data import task_import
from workflow.data.import_by_parts import import_by_parts
from workflow.gold.export import export_gold
from workflow.people import people
from workflow.rounds.closing import close_round

SIZES, PART = "20000,100000", 20_000
GROWS = 1.2  # times, at most, from the smallest size to the largest


def memory() -> float:
    """MB this process held at most so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**10 if sys.platform != "darwin" else 2**20)


def by_parts(url: str, file: Path) -> None:
    engine = open_engine(url)
    import_by_parts(people.person_named(engine, "ana"), engine, file, "tasks")


def in_hand(url: str, file: Path) -> None:
    engine = open_engine(url)
    task_import.import_tasks(people.person_named(engine, "ana"), engine, file.read_bytes(), file.name)


def gold(url: str, folder: Path) -> None:
    engine = open_engine(url)
    export_gold(people.person_named(engine, "ana"), engine, NAME, folder, partial=True)


def _measured(work: Callable[..., None], args: tuple[Any, ...], to) -> None:
    before, began, of_processor = memory(), time.perf_counter(), time.process_time()
    work(*args)
    to.send((time.perf_counter() - began, time.process_time() - of_processor, before, memory()))


def measure(called: str, work: Callable[..., None], *args: Any) -> float:
    """Do it in a process of its own and print what that took; MB at most."""
    context = get_context("spawn")
    here, there = context.Pipe(False)
    process = context.Process(target=_measured, args=(work, args, there))
    process.start()
    there.close()
    wall, of_processor, before, most = here.recv()
    process.join()
    print(f"  {called:<44} {wall:7.1f} s ({of_processor:6.1f} s of processor), {before:4.0f} to {most:5.0f} MB", flush=True)
    return most


def write_tasks(file: Path, number: int) -> None:
    """A file of so many tasks, written a part at a time."""
    with file.open("wb") as out:
        for begin in range(0, number, PART):
            out.write(tasks(min(PART, number - begin), f"p{begin}-"))


def imported(folder: Path, number: int) -> tuple[float, float]:
    """MB at most of the two ways to import so many tasks."""
    file = folder / f"tasks-{number}.jsonl"
    write_tasks(file, number)
    most = []
    for called, work in (("by parts", by_parts), ("in hand", in_hand)):
        url = f"sqlite:///{folder / f'{number} {called}.db'}"
        engine = open_engine(url)
        migrate(engine)
        people.add_person(None, engine, "ana")
        engine.dispose()
        most.append(measure(f"{number:,} tasks imported {called}", work, url, file))
    return most[0], most[1]


def exported(folder: Path, number: int) -> float:
    """MB at most of an export of the gold of so many drafts."""
    with new_store() as engine:
        close_round(fill(engine, number, 1), engine, NAME)
        return measure(f"gold of {number:,} drafts exported", gold, engine.url.render_as_string(), folder / f"gold-{number}")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--sizes", default=SIZES)
    asked.add_argument("--store", type=Path)
    options = asked.parse_args()
    print(machine())
    with tempfile.TemporaryDirectory(prefix="touchstone-bench-") as made:
        folder = Path(made)
        if options.store:
            measure("gold exported", gold, f"sqlite:///{options.store.resolve()}", folder / "gold")
            return
        sizes = [int(each) for each in options.sizes.split(",")]
        of_import = [imported(folder, number)[0] for number in sizes]
        of_export = [exported(folder, number) for number in sizes]
        for called, most in (("import by parts", of_import), ("export of gold", of_export)):
            grew = most[-1] / most[0]
            print(aim(f"{called}: {grew:.2f} times the memory", f"at most {GROWS:g}", grew <= GROWS))


if __name__ == "__main__":
    main()
