"""What changing one check takes on 20,000 drafts, beside scoring them all anew, and the memory of more and fewer drafts.

    PYTHONPATH=. python benchmarks/effect_speed.py [--quick]

Seconds are of the processor. Memory is the most that a process held which scored the drafts and then three changed checks, each
number of drafts in a process of its own, less what one with ten drafts held. `--quick` goes to 25,000 drafts instead of 50,000.
"""

import resource
import subprocess
import sys
import time
from typing import NamedTuple

from benchmarks.machine import aim, machine
from benchmarks.scorer_speed import mails
from touchstone.rubric.model import Rubric
from touchstone.rubric.reading import parse_rubric
from touchstone.scorer.effect.corpus import Corpus
from touchstone.scorer.effect.effect import effect_of
from workflow.rubric import rubrics

DRAFTS = 20_000
SIZES, QUICK = (5_000, DRAFTS, 50_000), (DRAFTS, 25_000)
CHANGES = {
    "a phrase that over half of the drafts have": ("- world-class\n", "- world-class\n          - review times\n"),
    "one phrase for another": ("- top talent\n", "- invented phrase\n"),
    "a phrase more of those counted": ("[we worked with, ", "[we worked with, curious what, "),
}


def rubric_of(source: str) -> Rubric:
    rubric, problems = parse_rubric(source.encode(), "tenacious-v1.yml")
    assert rubric is not None, problems
    return rubric


def corpus_of(drafts: int, rubric: Rubric) -> Corpus:
    given = dict(rubric.tasks[0].input)
    return Corpus((text, given, {}) for text in mails(drafts))


def timed(drafts: int) -> float:
    """Print what each change takes on so many drafts; the seconds of the slowest."""
    source = (rubrics.FOLDER / "tenacious-v1.yml").read_text("utf-8")
    first = rubric_of(source)
    corpus = corpus_of(drafts, first)
    start = time.process_time()
    corpus.version(first)
    anew = time.process_time() - start
    print(f"{drafts:,} drafts under one version, all anew: {anew:.1f} s")
    worst = 0.0
    for what, change in CHANGES.items():
        after = rubric_of(source.replace(*change))
        start = time.process_time()
        made = effect_of(corpus, first, after)
        took = time.process_time() - start
        worst = max(worst, took)
        moved = sum(len(each.moved) for each in made.dimensions.values())
        print(f"{what} ({', '.join(made.changed)}): {took:.2f} s, {moved:,} drafts move; {anew / took:.0f} times as fast")
    return worst


class Measured(NamedTuple):
    """A process that scored drafts and then each change: the seconds of the slowest change, the most bytes it held, its lines."""

    worst: float
    held: int
    lines: list[str]


def measured(drafts: int) -> Measured:
    command = [sys.executable, "-m", "benchmarks.effect_speed", str(drafts)]
    *lines, worst, held = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    return Measured(float(worst), int(held), lines)


def main() -> None:
    print(machine())
    sizes = QUICK if "--quick" in sys.argv else SIZES
    without, *found = (measured(drafts) for drafts in (10, *sizes))
    for drafts, each in zip(sizes, found, strict=True):
        print(*each.lines, sep="\n")
        held = each.held - without.held
        print(f"  memory: {held / 1e6:,.0f} MB at most, {held / drafts / 1e3:.1f} kB a draft")
        if drafts == DRAFTS:
            print(aim(f"{each.worst:.2f} s", "under 0.5 s", each.worst < 0.5))
    ready, most = found[-2:]
    beyond = 1e3 * (most.worst - ready.worst) / (sizes[-1] - DRAFTS)
    print(f"  each draft beyond {DRAFTS:,} takes {beyond:.2f} ms more where a changed check is met in over half of them")
    times = (most.held - without.held) / (ready.held - without.held)
    print(aim(f"{sizes[-1]:,} drafts hold {times:.2f} times what {DRAFTS:,} hold", "at most 1.2", times <= 1.2))


if __name__ == "__main__":
    if sys.argv[1:] and sys.argv[1] != "--quick":
        print(timed(int(sys.argv[1])))
        print(1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    else:
        main()
