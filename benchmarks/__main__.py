"""Print the figures of docs/benchmarks.md: one program of this folder after another, and at the end how long each took.

    PYTHONPATH=. python -m benchmarks [PROGRAM ...]
    PYTHONPATH=. python -m benchmarks --long [PROGRAM ...]

Without `--long` all but those of a million drafts, and simulations of which a few tables say nothing, in sizes that take under 10
minutes together; with it those that have a longer run, in that. A program that fails is told at the end, and the others still
run. `make bench` and `make bench-long` run this.
"""

import argparse
import os
import resource
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.machine import aim, machine

FOLDER = Path(__file__).parent
MOST_MINUTES = 10
APART = ("million", "machine")  # as the names of programs begin that are for `make bench-million`, and of what each prints first


class Lengths(NamedTuple):
    """The arguments of a program's short run (None: it has none, as few tables say nothing), and those of its long one."""

    short: tuple[str, ...] | None
    long: tuple[str, ...] = ()


# Those that take long with nothing said; every other program has one length.
LENGTHS: Mapping[str, Lengths] = {
    "coverage": Lengths(("--quick",)),
    "coverage_by_clusters": Lengths(("--quick",)),
    "coverage_of_many": Lengths(None, ("--quick",)),
    "coverage_of_ratings": Lengths(("--quick",)),
    "difference_coverage": Lengths(None, ("300",)),
    "effect_speed": Lengths(("--quick",)),
    "export_speed": Lengths(("--drafts", "1000")),
    "false_approvals": Lengths(("60", "5")),
    "gate": Lengths(("--calls", "500")),
    "leaks": Lengths(("2000",)),
    "load": Lengths(("--people", "25", "--seconds", "10")),
    "looking_again": Lengths(("30", "--quick")),
    "low_end": Lengths(("--quick",)),
    "planned_rounds": Lengths(("--quick",)),
}


class Ran(NamedTuple):
    """A program that came to its end: seconds by the clock, seconds of the processor with its processes, and its exit code."""

    name: str
    clock: float
    processor: float
    code: int


def programs(*, is_long: bool) -> list[str]:
    """The names of the programs of a run, in order: files of this folder that run by themselves."""
    names = sorted(file.stem for file in FOLDER.glob("[a-z]*.py") if '__name__ == "__main__"' in file.read_text("utf-8"))
    asked = [name for name in names if not name.startswith(APART) and (name in LENGTHS or not is_long)]
    return [name for name in asked if arguments(name, is_long=is_long) is not None]


def arguments(name: str, *, is_long: bool) -> tuple[str, ...] | None:
    """What a program is given in a run; None where it is not of that run."""
    return LENGTHS.get(name, Lengths(()))[is_long]


def run(name: str, given: Sequence[str]) -> Ran:
    """Run a program; what it prints is printed."""
    print(f"== benchmarks/{name}.py {' '.join(given)}".rstrip(), flush=True)
    began, before = time.perf_counter(), _processor()
    path = os.pathsep.join(filter(None, (str(FOLDER.parent), os.environ.get("PYTHONPATH"))))
    code = subprocess.run([sys.executable, FOLDER / f"{name}.py", *given], env={**os.environ, "PYTHONPATH": path}).returncode
    return Ran(name, time.perf_counter() - began, _processor() - before, code)


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("program", nargs="*", help="names of programs, without .py; none: all of the run")
    asked.add_argument("--long", action="store_true", help="the longer runs of those that have one")
    options = asked.parse_args()
    known = programs(is_long=options.long)
    if unknown := sorted({*options.program} - {*known}):
        asked.error(f"{', '.join(unknown)}: no program of this run; there are {', '.join(known)}")
    ran = [run(name, arguments(name, is_long=options.long) or ()) for name in options.program or known]
    print("== how long each took", machine(), f"{'seconds:':26} {'by the clock':>14} {'of processor':>14}", sep="\n")
    for each in sorted(ran, key=lambda each: -each.clock):
        print(f"  {each.name:<24} {each.clock:14.1f} {each.processor:14.1f}{'  FAILED' if each.code else ''}")
    whole = sum(each.clock for each in ran)
    told = f"all {len(ran)}: {whole / 60:.1f} min, {sum(each.processor for each in ran) / 60:.1f} min of processor"
    failed = any(each.code for each in ran)
    print(f"  {told}" if options.long else aim(told, f"under {MOST_MINUTES} min", whole < 60 * MOST_MINUTES and not failed))
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
