"""Labels drawn at random, and what is true of them: figures for reports of tests, so that honest ones are known to be honest."""

import random
from collections import Counter
from fractions import Fraction
from functools import cached_property


class Study:
    """`n` units labelled by `raters` with levels 0 to q - 1, who each keep the true level with the chance `keep`."""

    def __init__(self, seed: int, n: int = 30, q: int = 2, raters: int = 2, keep: float = 0.9):
        chance = random.Random(seed)
        truth = [chance.randrange(q) for _ in range(n)]
        self.n, self.q = n, q
        self.labels = [
            [level if chance.random() < keep else (level + chance.choice((-1, 1))) % q for level in truth] for _ in range(raters)
        ]

    @property
    def pairs(self) -> list[tuple[int, int]]:
        return list(zip(self.labels[0], self.labels[1], strict=True))

    @property
    def k(self) -> int:
        return sum(one == other for one, other in self.pairs)

    @property
    def d(self) -> int:
        return self.n - self.k

    @property
    def percent(self) -> float:
        return 100 * self.k / self.n

    @property
    def share(self) -> float:
        return self.k / self.n

    @cached_property
    def kappa(self) -> float:
        return float(kappa_of(self.pairs))

    @property
    def kappa100(self) -> float:
        return 100 * self.kappa

    @property
    def means(self) -> list[float]:
        return [sum(each) / self.n for each in self.labels]

    @property
    def ones(self) -> list[int]:
        return [each.count(1) for each in self.labels]

    @property
    def cells(self) -> list[int]:
        """How often the first and the second gave 1 and 1, 1 and 0, 0 and 1, 0 and 0."""
        found = Counter(self.pairs)
        return [found[pair] for pair in ((1, 1), (1, 0), (0, 1), (0, 0))]

    @property
    def within_one(self) -> float:
        return 100 * sum(abs(one - other) <= 1 for one, other in self.pairs) / self.n

    @property
    def by_pair(self) -> list[tuple[float, float]]:
        """Percent agreement and kappa of the first and second, first and third, second and third."""
        made = []
        for one, other in ((0, 1), (0, 2), (1, 2)):
            pairs = list(zip(self.labels[one], self.labels[other], strict=True))
            made.append((100 * sum(a == b for a, b in pairs) / self.n, float(kappa_of(pairs))))
        return made

    @property
    def pairwise(self) -> float:
        return sum(percent for percent, _ in self.by_pair) / 3

    @property
    def mean_kappa(self) -> float:
        return sum(kappa for _, kappa in self.by_pair) / 3

    @property
    def positive_agreement(self) -> float:
        both, first, second, _ = self.cells
        return 100 * 2 * both / (2 * both + first + second)


def kappa_of(pairs: list[tuple[int, int]]) -> Fraction:
    n, agree = len(pairs), sum(one == other for one, other in pairs)
    first, second = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    chance = sum(first[level] * second[level] for level in first)
    return Fraction(n * agree - chance, n * n - chance)


def pooled(studies: list[Study]) -> float:
    return 100 * sum(each.k for each in studies) / sum(each.n for each in studies)


def impossible_percent(n: int, digits: int = 1, near: float = 0.8) -> str:
    """A percentage, near a share, that no k of n units rounds to, however ties are rounded, nor is cut off to."""
    at = round(near * 100 * 10**digits)
    for step in range(10**digits * 100):
        for tried in (at + step, at - step):
            low, high = Fraction(2 * tried - 3, 200 * 10**digits), Fraction(2 * tried + 3, 200 * 10**digits)
            if not any(low <= Fraction(k, n) <= high for k in range(n + 1)) and 0 < tried < 100 * 10**digits:
                return f"{tried / 10**digits:.{digits}f}"
    raise ValueError(f"every percentage of {digits} digits is one of {n}")
