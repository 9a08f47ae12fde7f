"""How often a judge that is worse than a person by just the margin is approved, and how often the interval of the difference has
the true one: simulated, seeded, without any outside labels. An approval there should be as rare as the interval says, 2.5 %.

Run: PYTHONPATH=. .venv/bin/python benchmarks/false_approvals.py [SAMPLES]
"""

import random
import sys

import numpy as np

from touchstone.agreement.estimation.intervals import ENDS, holding
from touchstone.judging.held import HeldLabels, hold
from touchstone.judging.report import MARGIN
from touchstone.judging.seat_tables import tables_of

LEVELS, MISS, DRAWS = (0, 1, 2, 3), 0.2, 600
DESIGNS = ((2, 2), (3, 3), (12, 4))  # people, and how many of them label a unit
SIZES = (40, 90, 240)


def near(rng: random.Random, level: int, miss: float) -> int:
    """The level, with a chance of `miss` a neighbour of it."""
    return level if rng.random() >= miss else min(max(level + rng.choice((-1, 1)), LEVELS[0]), LEVELS[-1])


def sample(units: int, people: int, each: int, judge_miss: float, seed: int) -> HeldLabels:
    """Units in tasks of three around levels that nobody sees."""
    rng = random.Random(seed)
    true = {f"{at:06}": rng.choice(LEVELS) for at in range(units)}
    given: dict[str, dict[str, int]] = {f"p{who}": {} for who in range(people)}
    for unit, level in true.items():
        for who in rng.sample(sorted(given), each):
            given[who][unit] = near(rng, level, MISS)
    judge = {unit: near(rng, level, judge_miss) for unit, level in true.items()}
    return hold(judge, given, LEVELS, weights="linear", cluster_of={unit: f"t{at // 3}" for at, unit in enumerate(true)})


def difference(held: HeldLabels) -> float:
    kappas = tables_of(held).kappas()
    return float((kappas[:, 1] - kappas[:, 0]).mean())


def at_the_margin(people: int, each: int) -> float:
    """The judge's chance of a miss at which it is worse by the margin, from large samples."""
    low, high = MISS, 0.8
    for _ in range(9):
        middle = (low + high) / 2
        worse = np.mean([difference(sample(4000, people, each, middle, seed)) for seed in (1, 2, 3)]) < -MARGIN
        low, high = (low, middle) if worse else (middle, high)
    return (low + high) / 2


def main(samples: int = 400) -> None:
    print(f"{'people':>8} {'a unit':>8} {'units':>8} {'approved':>10} {'coverage':>10}   of {samples} samples each")
    for people, each in DESIGNS:
        miss = at_the_margin(people, each)
        for units in SIZES:
            approved = covered = 0
            for seed in range(samples):
                tables = tables_of(sample(units, people, each, miss, 1000 + seed))
                kappas = tables.kappas()
                kept = ~np.isnan(kappas).any(axis=1)
                drawn = tables.draws(kept, DRAWS)
                point = float((kappas[kept, 1] - kappas[kept, 0]).mean())
                low, high = holding(point, *np.quantile(drawn[:, 1] - drawn[:, 0], ENDS))
                approved, covered = approved + (low >= -MARGIN), covered + (low <= -MARGIN <= high)
            print(f"{people:8} {each:8} {units:8} {approved / samples:10.3f} {covered / samples:10.3f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
