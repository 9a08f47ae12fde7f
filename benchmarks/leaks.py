"""What the check for leaks finds of planted ones, what it takes on many tasks, and how it grows.

With the extra `embed` (.venv-embed, which `make test-embed` makes) the lists in order of meaning, too; `--meaning`: those alone.

Run: PYTHONPATH=. .venv/bin/python benchmarks/leaks.py [--quick | --meaning]; with `--grow 20000` the second and third alone, for
20,000 train tasks and as many held ones.
"""

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from benchmarks.machine import aim, machine
from benchmarks.planted_leaks import ANEW, HARD, LEAKS, Planted, as_lines, planted, with_anew
from touchstone.bench.leaks import meaning
from touchstone.bench.leaks.reading import compared_tasks
from touchstone.bench.leaks.report import FAILING, LeakReport, find_leaks
from touchstone.embedding import INSTALL, NAME, embedder, is_installed

SEEDS = range(1, 11)
KINDS = (*LEAKS, "clean", "hard")
FALSE = 3  # alarms of 150 tasks that are no leak, 2 %
TASKS, COPIES = 200_000, 2_000


def found_of_planted() -> None:
    flagged, first, of = Counter(), Counter(), Counter()
    for seed in SEEDS:
        made = planted(seed)
        train, held = (compared_tasks(as_lines(each), "tasks.jsonl") for each in (made.train, made.held))
        report = find_leaks(train, held)
        of.update(made.kind.values())
        right = {each.held for each in report.pairs if each.layer in FAILING}
        flagged.update(made.kind[each] for each in right)
        first.update(made.kind[each] for each in source_first(report, made))
    print(f"{'kind':8} {'found':>7} {'source first in list':>21}   of {sum(of.values()):,} held tasks")
    for kind in KINDS:
        in_list = f"{first[kind] / of[kind]:.1%}" if kind in LEAKS else ""
        print(f"{kind:8} {flagged[kind] / of[kind]:7.1%} {in_list:>21}")
    false = flagged["clean"] + flagged["hard"]
    print(f"false alarms: {false} of {of['clean'] + of['hard']:,} ({false / (of['clean'] + of['hard']):.1%}), {HARD} a seed hard")


def source_first(report: LeakReport, made: Planted) -> list[str]:
    """The held tasks whose list begins with what they were made of."""
    lists = [each for each in report.pairs if each.layer == "list" and each.rank == 1]
    return [each.held for each in lists if made.source.get(each.held) == each.train]


def by_meaning() -> None:
    """The lists with the extra: whose source comes first; and what a threshold on how near the nearest is would find."""
    first, by_letters, of, nearest = Counter(), Counter(), Counter(), defaultdict(list)
    model, began = embedder(), time.process_time()
    for seed in SEEDS:
        made = with_anew(planted(seed))
        train, held = (compared_tasks(as_lines(each), "tasks.jsonl") for each in (made.train, made.held))
        of.update(made.kind.values())
        first.update(made.kind[each] for each in source_first(find_leaks(train, held, model=model), made))
        by_letters.update(made.kind[each] for each in source_first(find_leaks(train, held), made))
        for task, near in zip(held, meaning.nearest(train, held, model, 1, lambda share, what: None), strict=True):
            nearest[made.kind[task.id]].append(near[0][1] if near else 0.0)
    took, texts = time.process_time() - began, sum(of.values())
    least = sorted((each for kind in ("clean", "hard") for each in nearest[kind]), reverse=True)[FALSE * len(SEEDS)]
    print(f"lists in order of meaning, by {NAME}; a threshold of {least:.3f} has {FALSE} false alarms of 150")
    print(f"{'kind':8} {'source first':>12} {'by letters':>11} {'over the threshold':>19}")
    for kind in (*LEAKS, ANEW):
        over = sum(each > least for each in nearest[kind]) / of[kind]
        print(f"{kind:8} {first[kind] / of[kind]:12.1%} {by_letters[kind] / of[kind]:11.1%} {over:19.1%}")
    for kind in ("heavy", ANEW):
        print(aim(f"{kind}: source first in {first[kind] / of[kind]:.1%}", "at least 80 %", first[kind] >= 0.8 * of[kind]))
    print(f"{texts:,} held tasks, {took:.0f} s of processor in all")


def tasks(number: int, seed: int) -> Iterator[dict]:
    """As the planted ones, with companies and threads enough for so many."""
    rng = random.Random(seed)
    words = [
        f"{a}{b}{c}"
        for a in ("ba", "cor", "del", "fin", "gra", "hol", "mer", "nos", "pel", "tar")
        for b in SYLLABLES
        for c in ENDS
    ]
    for at in range(number):
        thread = " ".join(rng.choices(words, k=60))
        company = f"{rng.choice(words)} {rng.choice(words)}".title()
        signal = f"Account: {company} (plan Team, {rng.randint(3, 400)} seats). Open tickets: {rng.randint(0, 9)}."
        yield {
            "task_id": f"{seed}-{at}",
            "input": {"account": signal, "state": f"On call: {rng.randint(1, 3)}.", "thread": thread},
        }


SYLLABLES = ["a", "e", "i", "o", "u", "ad", "en", "ir", "os", "um", "an", "el", "is", "or", "ut", "ar", "em", "il", "on", "us"]
ENDS = ["ta", "ne", "ri", "so", "lu", "mar", "den", "gis", "tor", "vul"]


def write(folder: Path, number: int) -> None:
    """Train and held tasks, of which some copy a train task's thread with a word in twenty changed."""
    rng = random.Random(3)
    train = list(tasks(number, 1))
    (folder / "train.jsonl").write_text("".join(json.dumps(each) + "\n" for each in train), "utf-8")
    with (folder / "held.jsonl").open("w", encoding="utf-8") as file:
        for at, each in enumerate(tasks(number, 2)):
            if at < COPIES:
                words = train[rng.randrange(number)]["input"]["thread"].split()
                for _ in range(3):
                    words[rng.randrange(len(words))] = "changed"
                each["input"]["thread"] = " ".join(words)
            file.write(json.dumps(each) + "\n")


def at_scale(folder: str) -> None:
    """In a process of its own: what the whole check takes."""
    began = time.process_time()
    paths = [Path(folder, name) for name in ("train.jsonl", "held.jsonl")]
    train, held = (compared_tasks(path.read_bytes(), path.name) for path in paths)
    read = time.process_time()
    report = find_leaks(train, held)
    copies = {each.held for each in report.pairs if each.layer == "near"} & {f"2-{at}" for at in range(COPIES)}
    seconds, memory = time.process_time() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{len(train):,} train and {len(held):,} held tasks: {seconds:.0f} s of processor ({read - began:.0f} reading, "
        f"{1e6 * seconds / (len(train) + len(held)):.0f} us a task), {memory:,.0f} MB at most; near-copies found: "
        f"{len(copies):,} of {min(COPIES, len(held)):,}; others that fail: {len(report.leaking) - len(copies):,}",
        flush=True,
    )


if __name__ == "__main__":
    if "--at" in sys.argv:
        at_scale(sys.argv[-1])
        sys.exit()
    if "--meaning" in sys.argv and not is_installed():
        sys.exit(f"{NAME} is not installed; {INSTALL}")
    print(machine())
    if not {"--grow", "--meaning"} & {*sys.argv}:
        found_of_planted()
    if is_installed() and "--grow" not in sys.argv:
        by_meaning()
    if "--meaning" in sys.argv:
        sys.exit()
    given = tuple(int(each) for each in sys.argv[1:] if each.isdecimal())
    for number in given or ((2_000, 10_000) if "--quick" in sys.argv else (10_000, 50_000, TASKS)):
        with tempfile.TemporaryDirectory() as folder:
            write(Path(folder), number)
            subprocess.run([sys.executable, __file__, "--at", folder], check=True)
