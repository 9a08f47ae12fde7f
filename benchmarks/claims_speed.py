"""How long a published document of 55 figures takes to be checked, alone; and one of the largest tables that is taken.

    PYTHONPATH=. python benchmarks/claims_speed.py

The document has eleven dimensions with n, percent, two means and kappa each, drawn at random; nothing is cached between runs but
what the process keeps (the ways to give n labels to q levels), so the first run is printed by itself.
"""

import random
import statistics
import time
from collections.abc import Callable

from benchmarks.machine import aim, machine
from touchstone.claims.document.checked import CheckedFile
from touchstone.claims.document.checking import check_file

SEED, RUNS = 7, 5
HEAD = "| Dimension | n | Round 1 mean | Round 2 mean | Agreement % | Cohen's kappa |\n|---|---|---|---|---|---|\n"


def row(chance: random.Random, name: str, n: int) -> str:
    first = [chance.randrange(4) for _ in range(n)]
    second = [level if chance.random() < 0.85 else chance.randrange(4) for level in first]
    agree = sum(one == other for one, other in zip(first, second, strict=True))
    expected = sum(first.count(level) * second.count(level) for level in range(4))
    kappa = (n * agree - expected) / (n * n - expected)
    return f"| {name} | {n} | {sum(first) / n:.2f} | {sum(second) / n:.2f} | {100 * agree / n:.1f}% | {kappa:.4f} |\n"


def wrong_row(chance: random.Random, name: str, n: int) -> str:
    """A percentage of n, and a kappa that hardly any table has beside it."""
    return f"| {name} | {n} | | | {100 * (n * 85 // 100) / n:.1f}% | 0.{chance.randrange(6000, 8500)} |\n"


def document(rows: int, sizes: tuple[int, ...], row: Callable[[random.Random, str, int], str] = row) -> bytes:
    chance = random.Random(SEED)
    lines = [row(chance, f"dimension {place}", sizes[place % len(sizes)]) for place in range(rows)]
    return f"# Agreement\n\nTwo annotators, scores 0–3.\n\n{HEAD}{''.join(lines)}".encode()


def seconds(source: bytes) -> tuple[float, CheckedFile]:
    start = time.perf_counter()
    made = check_file(source, "report.md")
    return time.perf_counter() - start, made


def main() -> None:
    print(machine())
    source = document(11, (30, 30, 48, 120))
    first, made = seconds(source)
    again = statistics.median(seconds(source)[0] for _ in range(RUNS))
    print(aim(f"{made.single} figures, the first time: {first:.2f} s", "under 2 s", first < 2))
    print(f"  the same again, median of {RUNS}: {again:.2f} s")
    wrong, with_wrong = seconds(document(18, (30, 48, 120, 500), wrong_row))
    print(aim(f"{with_wrong.single} figures, most kappas impossible: {wrong:.2f} s", "under 2 s", wrong < 2))
    largest, made = seconds(document(1000, (30, 48, 120)))
    print(f"  {made.single:,} figures, the largest table that is taken: {largest:.1f} s")
    if made.having("impossible"):
        raise SystemExit("a figure of labels that were drawn is called impossible")


if __name__ == "__main__":
    main()
