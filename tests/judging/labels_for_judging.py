"""Made-up labels of people and judges for the tests of this folder."""

import random

LEVELS = (0, 1, 2, 3)


def shifted(rng: random.Random, level: int, miss: float) -> int:
    """A level, with a chance of `miss` one of its neighbours."""
    return level if rng.random() >= miss else min(max(level + rng.choice((-1, 1)), 0), len(LEVELS) - 1)


def crowd(units: int, people: int, miss: float = 0.2, judge_miss: float = 0.2, seed: int = 1, each: int | None = None):
    """A judge and people (each unit by `each` of them) around a level that nobody sees; units come in tasks of three."""
    rng = random.Random(seed)
    true = {f"u{at:04}": rng.choice(LEVELS) for at in range(units)}
    given = {f"p{who}": {} for who in range(people)}
    for unit, level in true.items():
        for who in rng.sample(sorted(given), each or people):
            given[who][unit] = shifted(rng, level, miss)
    judge = {unit: shifted(rng, level, judge_miss) for unit, level in true.items()}
    return judge, given, {unit: f"t{at // 3}" for at, unit in enumerate(true)}
