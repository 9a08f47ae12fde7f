"""Do rounds of a planned size do what was said? Simulated, with seeds; and how long a plan takes.

First with the true table known (`plan_from_assumption`): the share of rounds of the size named for a chance of 50 % and of 80 %
that reach the half-width .05, or whose low end reaches the threshold. Then as it is in life: many pilots from one true table, a
plan from each, one round of the size at the start and at the end of its range (both at 80 %). `--quick` takes a tenth of each.
"""

import sys
import time
from dataclasses import replace
from statistics import median
from typing import NamedTuple

import numpy as np

from benchmarks.machine import aim, machine
from touchstone.agreement.coefficient import KAPPA, Coefficient
from touchstone.agreement.estimation.estimates import figures
from touchstone.agreement.estimation.formulas import patterns_of
from touchstone.data.counts import Counts
from touchstone.planning.plan import CHANCES, plan_from_assumption, plan_from_pilot

IS_QUICK = "--quick" in sys.argv
ROUNDS, PILOTS, HALF = 40 if IS_QUICK else 400, 10 if IS_QUICK else 100, 0.05
KNOWN = [
    (4, 0.85, (0.25,) * 4, 0.7, "unweighted"),
    (4, 0.85, (0.25,) * 4, 0.8, "unweighted"),
    (4, 0.9, (0.1, 0.1, 0.2, 0.6), 0.8, "unweighted"),
    (4, 0.85, (0.25,) * 4, 0.7, "quadratic"),
    (2, 0.85, (0.8, 0.2), 0.6, "unweighted"),
    (2, 0.8, (0.9, 0.1), 0.6, "unweighted"),
    (4, 0.95, (0.25,) * 4, 0.8, "unweighted"),
]
LIVED = [(4, 0.9, 0.7, 30), (4, 0.9, 0.7, 100), (4, 0.85, 0.7, 100), (4, 0.9, 0.8, 200), (4, 0.78, 0.8, 100)]
RNG = np.random.default_rng(11)


class Rule(NamedTuple):
    statistic: str
    weights: str
    threshold: float


def table_of(kappa, shares):
    return (kappa * np.diag(shares) + (1 - kappa) * np.outer(shares, shares)).ravel()


def figure_of(counts, q, name):
    cells = {(i, j): int(counts[i * q + j]) for i in range(q) for j in range(q)}
    return figures(replace(patterns_of(cells, (0, 1), range(q)), seed=int(RNG.integers(2**60))), [name])[name]


def reached(figure, question, asked) -> bool:
    if figure.value is None:
        return False
    return figure.low >= asked if question == "threshold" else (figure.high - figure.low) / 2 <= asked


def known() -> None:
    print(f"the true table known, {ROUNDS} rounds a figure: size, then the share of rounds that got there")
    for q, kappa, shares, threshold, weights in KNOWN:
        plan = plan_from_assumption(range(q), kappa, shares, weights, half_width=HALF, threshold=threshold)
        told = []
        for question, asked in (("half_width", HALF), ("threshold", threshold)):
            for chance in CHANCES:
                size = getattr(plan, question).as_it_stands[chance]
                got = np.mean(
                    [
                        reached(figure_of(counts, q, Coefficient("kappa", weights)), question, asked)
                        for counts in RNG.multinomial(size, table_of(kappa, shares), size=ROUNDS)
                    ]
                )
                told.append(f"{chance:.0%}: {size:>5,} {got:.2f}")
        print(
            f"  {q} levels {shares}, {weights} kappa {kappa}: half-width {HALF}: {', '.join(told[:2])}; "
            f"threshold {threshold}: {', '.join(told[2:])}"
        )


def planned(table: np.ndarray, threshold: float, name: str = "d"):
    """The plan from a pilot of two annotators with these counts of levels."""
    cells = {(i, j): int(n) for i, row in enumerate(table) for j, n in enumerate(row)}
    return plan_from_pilot(
        Counts(name, "ordinal", tuple(range(len(table))), ("a", "b"), cells, int(table.sum())),
        Rule("kappa", "unweighted", threshold),
        half_width=HALF,
        threshold=threshold,
    )


def ends_reached(answers, q: int, true: list[float], question: str, asked: float) -> dict[str, list[bool]]:
    """At each end of each range, whether one round of that many drafts got there."""
    got: dict[str, list[bool]] = {"start": [], "end": []}
    for answer in answers:
        for end, reaching in got.items():
            if drafts := getattr(answer.work, end):
                reaching.append(reached(figure_of(RNG.multinomial(drafts, true), q, KAPPA), question, asked))
    return got


def lived() -> None:
    print(
        f"from {PILOTS} pilots of a true table, 4 equal levels, at 80 %: one round at each end of each range, the share that\n"
        "got there; how many ranges held the size truly needed, had no upper end, or said that no number would do"
    )
    for q, kappa, threshold, n in LIVED:
        shares = (1 / q,) * q
        true = plan_from_assumption(range(q), kappa, shares, "unweighted", half_width=HALF, threshold=threshold)
        plans = [planned(counts.reshape(q, q), threshold) for counts in RNG.multinomial(n, table_of(kappa, shares), size=PILOTS)]
        for question, asked in (("half_width", HALF), ("threshold", threshold)):
            size = getattr(true, question).as_it_stands[0.8]
            answers = [getattr(each, question) for each in plans if each.is_defined]
            got = ends_reached(answers, q, table_of(kappa, shares), question, asked)
            held = sum(
                answer.work.start is not None and answer.work.start <= (size or np.inf) <= (answer.work.end or np.inf)
                for answer in answers
            )
            open_ended = sum(not answer.never and answer.work.end is None for answer in answers)
            never = sum(answer.never for answer in answers)
            shown = ", ".join(f"{end} {np.mean(of):.2f} of {len(of)}" if of else f"{end} none" for end, of in got.items())
            print(
                f"  kappa {kappa}, pilot {n}, {question.replace('_', '-')} {asked}, truly needed {size or 'never'}: "
                f"{shown}; held {held}, open end {open_ended}, “no number” {never}"
            )


def timed() -> None:
    pilots = [RNG.multinomial(200, table_of(kappa, (0.25,) * 4)).reshape(4, 4) for kappa in (0.7, 0.8, 0.85, 0.9, 0.95)]
    taken, used = [], []
    for _ in range(5):
        start, began = time.perf_counter(), time.process_time()
        for place, table in enumerate(pilots):
            planned(table, 0.8, f"d{place}")
        taken.append(time.perf_counter() - start)
        used.append(time.process_time() - began)
    print("a plan of five dimensions from a pilot of 200, both questions, median of 5")
    print(aim(f"by the clock {median(taken):.2f} s, processor {median(used):.2f} s", "under 1 s", median(taken) < 1))


if __name__ == "__main__":
    print(machine())
    timed()
    known()
    lived()
