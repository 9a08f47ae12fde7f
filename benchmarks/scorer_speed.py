"""Drafts scored a second, beside a plain scorer of the same rules with `re`; and how the cost grows with phrases and with text.

    PYTHONPATH=. python benchmarks/scorer_speed.py

One core, one run, seconds of the processor. The mails are made of invented sentences, about 770 bytes each, half of them with
curly quotes. Both sides fold, cut, and keep every finding with its place; the plain side looks for each pattern by itself,
compiled once, in every fifth mail. The shipped versions are then made ready the first time, each in a process of its own: read,
proven on their own examples, and compiled for whole drafts; and asked for whole scores of the sample's drafts.
"""

import json
import random
import re
import subprocess
import sys
import time
from functools import cache
from pathlib import Path
from typing import NamedTuple

from benchmarks.machine import aim, machine
from touchstone.scorer.compiled import CompiledRubric, compile_rubric
from touchstone.scorer.matching import hits_of
from touchstone.scorer.regex import PatternCache, PatternSet
from touchstone.scorer.scoring import Scorer
from workflow.data.sample_manifest import sample_named
from workflow.rubric import rubrics

SEED, DRAFTS = 7, 2_000
SAMPLE = sample_named("outreach").folder
SENTENCES = """I noticed you list 7 open engineering roles at Larkspur Robotics.
You closed your $14M Series A 52 days ago, which suggests hiring is on the table.
We worked with a team of that size last year on a data platform they had put off twice.
It doesn't have to be a large step; most teams begin with one person and one service.
The people we place stay for six months on average and work in your own repository.
We have 2 Python engineers available in three weeks.
Our delivery lead will confirm capacity before we promise anything.
Curious whether that pace holds once the summer is over.
If it helps, I can send two pages on how that went, with the parts that did not work.
Your headcount went from 40 to 64 in a year, and that tends to show in review times.
Would you be open to a 15-minute call next week?
Let me know if Tuesday or Thursday works.""".splitlines()


def mails(number: int) -> list[str]:
    chance = random.Random(SEED)
    made = []
    for place in range(number):
        lines = ["Subject: Engineering at Larkspur Robotics", "", "Hi Ada,", ""]
        while len("\n".join(lines)) < 735:
            lines.append(chance.choice(SENTENCES))
        text = "\n".join([*lines, "", "Best,", "Tobias"])
        made.append(text.replace("'", "\u2019") if place % 2 else text)
    return made


class PlainPattern:
    """A pattern of `re` with the interface of RE2's that the matcher uses, over bytes or str."""

    def __init__(self, pattern: str):
        self.of = {str: re.compile(pattern, re.IGNORECASE | re.ASCII), bytes: re.compile(pattern.encode(), re.IGNORECASE)}
        self.groupindex, self.groups = self.of[str].groupindex, self.of[str].groups

    def finditer(self, text):
        return self.of[type(text)].finditer(text)

    def search(self, text):
        return self.of[type(text)].search(text)


@cache
def plain(pattern: str, longest: bool = True) -> PlainPattern:
    return PlainPattern(re.sub(r"\\x\{([0-9A-Fa-f]+)\}", lambda found: re.escape(chr(int(found[1], 16))), pattern))


class NoSet:
    """Says of every pattern that it may occur: each is looked for by itself."""

    def __init__(self, patterns: list[str]):
        self.all = list(range(len(patterns)))

    def found(self, text) -> list[int]:
        return self.all


class PlainPatterns(PatternCache):
    """Patterns as a plain scorer of the same rules has them."""

    def compile(self, pattern: str, longest: bool) -> PlainPattern:
        return plain(pattern, longest)

    def set_of(self, patterns: list[str]) -> NoSet:
        return NoSet(patterns)


def seconds(rubric: CompiledRubric, texts, given) -> tuple[float, int]:
    start, found = time.process_time(), 0
    for text in texts:
        found += sum(map(len, hits_of(rubric, rubric.prepare(text, given, {})).values()))
    return time.process_time() - start, found


FIRST_LOAD = """
import sys, time
from pathlib import Path
from touchstone.rubric.reading import parse_rubric
from touchstone.scorer.loading import load_rubric
from touchstone.scorer.scoring import Scorer
file, times = Path(sys.argv[1]), [time.process_time()]
source = file.read_bytes()
parse_rubric(source, file.name)
times.append(time.process_time())
rubric, problems = load_rubric(source, file.name)
assert rubric, problems
times.append(time.process_time())
Scorer(rubric).score("One sentence, to compile what is compiled for a first draft.")
times.append(time.process_time())
print(*(later - earlier for earlier, later in zip(times, times[1:])))
"""


class FirstLoad(NamedTuple):
    """Seconds of a new process, its imports aside."""

    read: float
    proven: float
    compiled: float

    @property
    def whole(self) -> float:
        return sum(self)


def first_load(file: Path) -> FirstLoad:
    """What it takes to read a rubric, prove its examples, and compile it with a first score: the best of 3."""
    command = [sys.executable, "-c", FIRST_LOAD, str(file)]
    runs = []
    for _ in range(3):
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        read, loaded, compiled = map(float, told.split())
        runs.append(FirstLoad(read, loaded - read, compiled))  # loading reads it again
    return min(runs, key=lambda run: run.whole)


def a_draft(file: Path) -> float:
    """Seconds a draft of the sample takes with every finding, the best of 5 passes over all of them."""
    rubric, _, _ = rubrics.read_file(file)
    scorer = Scorer(rubric)
    tasks = {task["task_id"]: task["input"] for task in lines_of("tasks")}
    drafts = [(draft["text"], tasks[draft["task_id"]]) for draft in lines_of("drafts")]
    best = float("inf")
    for _ in range(5):
        start = time.process_time()
        for text, given in drafts:
            scorer.score(text, given)
        best = min(best, (time.process_time() - start) / len(drafts))
    return best


def lines_of(name: str) -> list[dict]:
    return [json.loads(line) for line in (SAMPLE / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def main() -> None:
    print(machine())
    rubric, _, _ = rubrics.read_file(rubrics.FOLDER / "tenacious-v1.yml")
    given = dict(rubric.tasks[0].input)
    texts = mails(DRAFTS)
    size = sum(len(each.encode()) for each in texts) / len(texts)
    ours = compile_rubric(rubric)
    seconds(ours, texts[:50], given)
    fast, found = seconds(ours, texts, given)
    theirs = compile_rubric(rubric, PlainPatterns())
    seconds(theirs, texts[:20], given)
    some = texts[::5]
    slow, slow_found = seconds(theirs, some, given)
    again, check = seconds(ours, some, given)
    per = slow / len(some) / (fast / len(texts))
    print(f"{len(texts):,} mails of {size:.0f} bytes, {len(ours.patterns)} patterns, {found / len(texts):.1f} findings each")
    print(f"touchstone {len(texts) / fast:,.0f} drafts a second, plain re {len(some) / slow:,.0f}")
    print(aim(f"{per:.1f} times as many as plain re", "at least 10", per >= 10))
    print(
        f"findings of the same {len(some)} mails: {check:,}, and {slow_found:,} by re, which takes the first match, "
        "not the longest"
    )
    more = [f"invented phrase number {number} of many" for number in range(2_000)]
    for number in (200, 2_000):
        patterns = PatternSet([pattern.pattern for pattern in ours.patterns] + more[:number])
        lives = [text.lower().encode("ascii", "replace") for text in texts]
        start = time.process_time()
        for each in lives:
            patterns.found(each)
        each = 1e6 * (time.process_time() - start) / len(lives)
        print(f"first pass with {number + len(ours.patterns):,} patterns: {each:.1f} µs a mail")
    for times in (1, 10, 100):
        text = "\n".join(texts[:1] * times)
        took = []
        for _ in range(3):
            start = time.process_time()
            hits_of(ours, ours.prepare(text, given, {}))
            took.append(time.process_time() - start)
        print(f"a text of {len(text):,} characters: {1e3 * min(took):.1f} ms, the best of 3")
    for file in sorted(rubrics.FOLDER.glob("tenacious-v*.yml")):
        load, each = first_load(file), 1e3 * a_draft(file)
        print(
            f"  {file.stem}: {load.read:.2f} s to read, {load.proven:.2f} s to prove, {load.compiled:.2f} s to compile and score"
        )
        print(aim(f"{file.stem}: {load.whole:.2f} s the first time", "at most 0.5 s", load.whole <= 0.5))
        print(aim(f"{file.stem}: {each:.2f} ms a draft of the sample", "at most 1 ms", each <= 1))


if __name__ == "__main__":
    main()
