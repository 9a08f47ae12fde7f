"""How long 10,000 tasks take to import into a new SQLite store: reading, checking, storing. Aim: under 3 s."""

import time

from benchmarks.machine import aim, machine
from benchmarks.stores import new_store, tasks
from workflow.data import task_import
from workflow.people import people

TASKS, RUNS, SECONDS = 10_000, 3, 3.0


def main() -> None:
    print(machine())
    source = tasks(TASKS)
    first, again = [], []
    for _ in range(RUNS):
        with new_store() as engine:
            ana = people.add_person(None, engine, "ana")
            for taken in (first, again):
                start = time.perf_counter()
                task_import.import_tasks(ana, engine, source, "tasks.jsonl")
                taken.append(time.perf_counter() - start)
    best = sorted(first)[RUNS // 2]
    print(
        aim(
            f"{TASKS:,} tasks of {len(source) / 2**20:.1f} MB, median of {RUNS}: {best:.2f} s",
            f"under {SECONDS:.0f} s",
            best < SECONDS,
        )
    )
    print(f"  the same file again, nothing new: {sorted(again)[RUNS // 2]:.2f} s")


if __name__ == "__main__":
    main()
