"""How often a judge that is worse than a person by just the margin is approved, and how often the interval of the difference has
the true one: simulated, seeded, without any outside labels. An approval there should be as rare as the interval says, 2.5 %.

Then how often each of some judges that must not be approved is, by all of the verdict: those that see length alone, those beside
people of whom one clicks at random, a copy of a person; and, to see what that costs, one who is as good as each of them.

Run: PYTHONPATH=. .venv/bin/python benchmarks/false_approvals.py [SAMPLES [OF_EACH_JUDGE]]
"""

import random
import sys
from collections import Counter
from collections.abc import Mapping

import numpy as np

from benchmarks.machine import machine
from touchstone.agreement.estimation.intervals import ENDS, holding
from touchstone.judging.controls import controls_of
from touchstone.judging.held import HeldLabels, hold
from touchstone.judging.report import MARGIN, judge_report
from touchstone.judging.seat_tables import tables_of
from touchstone.judging.standing_in import MAY, MAY_NOT, MORE, NONE

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


def by_unit(levels: np.ndarray) -> dict[str, int]:
    return {f"u{at:04}": int(level) for at, level in enumerate(levels)}


def noisy(rng: np.random.Generator, true: np.ndarray, share: float) -> np.ndarray:
    """The levels, a share of them drawn at random."""
    return np.where(rng.random(len(true)) < share, rng.integers(0, 3, len(true)), true)


def world(units: int, people: tuple[float, ...], judge: float | str, seed: int) -> tuple[HeldLabels, Mapping[str, str]]:
    """Labels of people, each with a share at random, and a judge: one with a share, a "copy" of the last of them, or one who sees
    "length" alone beside people who go by it: the longer the better, or a "middle" length the best; and texts."""
    rng = np.random.default_rng(1000 + seed)
    length = rng.integers(5, 120, units)
    true = rng.integers(0, 3, units)
    if judge == "length":
        true = np.digitize(length, [40, 80])
    if judge == "middle":
        true = np.where((length > 40) & (length < 85), 2, np.where((length > 25) & (length < 100), 1, 0))
    given = {f"p{at}": noisy(rng, true, share) for at, share in enumerate(people)}
    levels = noisy(rng, true, judge) if isinstance(judge, float) else [*given.values()][-1] if judge == "copy" else true
    texts = {f"u{at:04}": " ".join(["word"] * int(words)) for at, words in enumerate(length)}
    named = {who: by_unit(own) for who, own in given.items()}
    return hold(by_unit(levels), named, (0, 1, 2), weights="quadratic"), texts


THREE, ONE_RANDOM, TWO_RANDOM = (0.1, 0.1, 0.1), (0.1, 0.1, 1.0), (0.1, 1.0, 1.0)
JUDGES: tuple[tuple[str, int, tuple[float, ...], float | str, bool], ...] = (
    *((f"length alone, {units} units", units, THREE, "length", True) for units in (30, 40, 60, 120)),
    *((f"a middle length best, {units} units", units, THREE, "middle", True) for units in (60, 150, 300)),
    ("length alone, no texts", 200, THREE, "length", False),
    ("half at random, all people good", 200, THREE, 0.5, True),
    ("half at random, one person at random", 200, ONE_RANDOM, 0.5, True),
    ("two fifths at random, one person at random", 200, ONE_RANDOM, 0.4, True),
    ("mostly at random, two people at random", 200, TWO_RANDOM, 0.7, True),
    ("half at random, one of two people at random", 200, (0.1, 1.0), 0.5, True),
    ("a copy of the worst person", 80, (0.1, 0.1, 0.6), "copy", True),
    ("as good as each person, 120 units", 120, THREE, 0.1, True),
    ("as good as each person, 200 units", 200, THREE, 0.1, True),
    ("as good as each person, 400 units", 400, THREE, 0.1, True),
)


def verdicts(samples: int) -> None:
    kinds = (MAY, MAY_NOT, MORE, NONE)
    print(f"\n{'judge':46}" + "".join(f"{kind:>20}" for kind in kinds) + f"   of {samples} samples each")
    for name, units, people, judge, has_texts in JUDGES:
        found: Counter[str] = Counter()
        for seed in range(samples):
            held, texts = world(units, people, judge, seed)
            found[judge_report(held, controls_of(held, texts if has_texts else {})).stand_in.verdict] += 1
        print(f"{name:46}" + "".join(f"{found[kind]:20}" for kind in kinds))


def main(samples: int = 400, worlds: int = 20) -> None:
    print(machine())
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
    verdicts(worlds)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
