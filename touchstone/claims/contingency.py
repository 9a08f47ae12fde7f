"""Is there a table of two annotators' labels with these figures? Decided exactly, in whole numbers.

Letters: n units, q levels, k units on which the two agree, d = n - k; r and c the counts of the two annotators by level;
S = sum r_i c_i, so that Cohen's kappa is (n k - S) / (n^2 - S). The point kappas of reports are statsmodels' floats (see
`agreement`); whether a value rounds to printed digits must be asked of the exact fraction, so it stands here once more as one.

Which k go with given r and c. Write r_i = a_i + u_i and c_i = a_i + w_i, a_i the diagonal. What is off the diagonal is a
table with a zero diagonal and totals u and w; by Hall's condition there is one exactly when u_i + w_i <= d for every i (two
rows or more reach every column). So k is possible exactly when

    sum max(0, ceil((r_i + c_i - d) / 2))  <=  k  <=  sum min(r_i, c_i)

and `possible_tables` walks through all r (up to order, where nothing tells the levels apart) and all c at most 2 d away from r.
Where these are too many, two bounds still prove that no table exists, for any table whatever:

    S >= n^2/q - d^2/2     r c = ((r+c)^2 - (r-c)^2) / 4; sum (r+c)^2 >= 4 n^2/q; sum (u-w)^2 <= sum u^2 + sum w^2 <= 2 d^2
    S <= n k + d^2/2       sum a^2 <= k^2; sum a (u+w) <= k d; sum u w <= sum (u+w)^2 / 4 <= d^2/2
    S >= k                 with any number of levels: a^2 >= a

(often no whole S between them gives a kappa that rounds to the figure), and a search from many starts may find a table.
Neither: the question is left undecided, and said to be.
"""

import random
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import NDArray

from touchstone.claims.rounding import Printed

MOST_MARGINALS = 250_000
MOST_PAIRS = 25_000_000
AT_ONCE = 400_000
MOST_STEPS = 600_000  # tables looked at in a search
MOST_AGREEMENTS = 2000
STARTS = 12
MOST_MOVES = 60  # from one start
MOST_LEVELS = 30  # beyond, nothing is walked through
Ints = NDArray[np.int64]
Example = tuple[tuple[int, ...], tuple[int, ...], int]  # r, c and k of a table
Move = tuple[list[int], int, int, int]  # labels of a part of a table, from a level to another, so many


@dataclass(frozen=True)
class Marginals:
    """What is known of one annotator: allowed counts by level, and the allowed sums of `values` (a number a level)."""

    counts: tuple[range, ...] | None = None
    sums: range | None = None

    @property
    def known(self) -> bool:
        return self.counts is not None or self.sums is not None


@dataclass(frozen=True)
class TableQuestion:
    """`agreements`: the k allowed. `values`: whole numbers, one per level, where sums are asked about. `effort`: the share of
    MOST_PAIRS and MOST_STEPS that may be spent; beyond, the question stays undecided."""

    n: int
    q: int | None
    agreements: range
    kappa: Printed | None = None
    sides: tuple[Marginals, Marginals] = (Marginals(), Marginals())
    values: tuple[int, ...] | None = None
    effort: float = 1.0

    @property
    def levels(self) -> int:
        """q of a question that says it. Raises ValueError for one that does not."""
        if self.q is None:
            raise ValueError("the question does not say how many levels there are")
        return self.q


@dataclass(frozen=True)
class TableAnswer:
    """`exists` True with an example (r, c, k), False by proof, None: not decided. `kappas`: kappas there are nearest to the one
    asked, at the k asked, the lower first; `between`: no kappa is outside of these two."""

    exists: bool | None
    example: Example | None = None
    kappas: tuple[Fraction, ...] = ()
    between: tuple[Fraction, Fraction] | None = None
    levels: int | None = None


def kappa_of(n: int, k: int, chance: int) -> Fraction | None:
    """Unweighted kappa as a fraction; None where both gave one level throughout, and chance alone agrees always."""
    return None if chance == n * n else _defined_kappa(n, k, chance)


def _defined_kappa(n: int, k: int, chance: int) -> Fraction:
    return Fraction(n * k - chance, n * n - chance)


def chances(printed: Printed, n: int, k: int) -> range:
    """The S for which kappa rounds to the figure, k given."""
    low, high = printed.low, printed.high
    first, last = 0, n * n - 1
    if low > 1 or low == 1 and k < n:
        return range(0)
    if low < 1:
        last = min(last, _floor((n * k - low * n * n) / (1 - low)))
    if high < 1:
        first = max(first, _ceil((n * k - high * n * n) / (1 - high)))
    return range(first, last + 1)


def bounds(n: int, q: int | None, k: int) -> tuple[int, int]:
    """No S is outside of these two (see the module)."""
    d = n - k
    low = _ceil(Fraction(n * n, q) - Fraction(d * d, 2)) if q else k
    return max(low, 0), min(n * k + d * d // 2, n * n)


def highest_kappa(n: int, q: int | None, k: int) -> Fraction:
    """No unweighted kappa of a table with k of its n units in agreement, k < n, is above this."""
    return _defined_kappa(n, k, min(bounds(n, q, k)[0], n * n - 1))


def exists(asked: TableQuestion, *, nearest: bool = True) -> TableAnswer:
    """Whether there is a table; without a kappa, counts or sums every k from 0 to n has one where q is 2 or more.

    `nearest` False leaves out the search for the nearest kappas where a bound has excluded the one asked."""
    if not asked.agreements:
        return TableAnswer(False)
    if asked.kappa is not None:
        return _with_kappa(asked, asked.kappa, nearest)
    if not any(side.known for side in asked.sides):
        return TableAnswer(True)
    return replace(_walk(asked), levels=asked.q) if _affordable(asked) else TableAnswer(None)


def _with_kappa(asked: TableQuestion, kappa: Printed, nearest: bool) -> TableAnswer:
    between = _kappas_between(asked)
    outside = kappa.high < between[0] or kappa.low > between[1]
    if outside or len(asked.agreements) <= MOST_AGREEMENTS and not any(_fitting(asked, kappa, k) for k in asked.agreements):
        kappas = _nearest(asked, kappa, outside) if nearest else ()
        return TableAnswer(False, kappas=kappas, between=between)
    if _affordable(asked):
        return replace(_walk(asked), between=between, levels=asked.q)
    if not any(side.known for side in asked.sides) and (example := _search(asked, kappa)):
        return TableAnswer(True, example, (), between, len(example[0]))
    return TableAnswer(None, between=between)


def _nearest(asked: TableQuestion, kappa: Printed, outside: bool) -> tuple[Fraction, ...]:
    """The kappas nearest to one that a bound has excluded; by a search only where it lies within the bounds of all."""
    if _affordable(replace(asked, effort=asked.effort**2)):  # in a long file only where it takes little
        return _walk(asked).kappas
    return () if outside else _beside(asked, kappa)


def _fitting(asked: TableQuestion, kappa: Printed, k: int) -> range:
    """The S with which kappa rounds to the figure and which the bounds allow; often not one whole number."""
    wanted, (low, high) = chances(kappa, asked.n, k), bounds(asked.n, asked.q, k)
    return range(max(wanted.start, low), min(wanted.stop, high + 1))


def _kappas_between(asked: TableQuestion) -> tuple[Fraction, Fraction]:
    """Both ends fall as d grows, so those of the first and the last k stand for all between."""
    n, first, last = asked.n, asked.agreements[0], asked.agreements[-1]
    largest = min(bounds(n, asked.q, first)[1], n * n - 1)
    low = Fraction(0) if first == n else max(_defined_kappa(n, first, largest), Fraction(-1))
    smallest = min(bounds(n, asked.q, last)[0], n * n - 1) if n > 1 else 0
    return (Fraction(1) if first == n else low), max(_defined_kappa(n, last, smallest), low)


def _affordable(asked: TableQuestion) -> bool:
    if asked.q is None or asked.q > MOST_LEVELS or len(asked.agreements) > 400:
        return False
    if comb(asked.n + asked.q - 1, asked.q - 1) > MOST_MARGINALS:
        return False
    rows, columns = (len(_allowed(asked, side)) for side in asked.sides)
    steps = columns
    d = asked.n - asked.agreements[0]
    if not asked.sides[1].known and d * asked.q < 400:
        steps = min(columns, len(_moves(asked.q, d)) if _moves_number(asked.q, d) <= MOST_MARGINALS else columns)
    return rows * steps * min(len(asked.agreements), 20) <= MOST_PAIRS * asked.effort


@lru_cache(maxsize=8)
def compositions(n: int, q: int) -> Ints:
    """(M, q): every way to give n labels to q levels."""
    bars = np.array(list(combinations(range(n + q - 1), q - 1)), dtype=np.int64).reshape(-1, q - 1)
    edges = np.hstack([np.full((len(bars), 1), -1), bars, np.full((len(bars), 1), n + q - 1)])
    return np.diff(edges, axis=1) - 1


def _moves_number(q: int, d: int) -> int:
    """An upper bound on how many `_moves` has."""
    return comb(d + q - 1, q - 1) ** 2


@lru_cache(maxsize=8)
def _moves(q: int, d: int) -> Ints:
    """Every c - r that d disagreements allow."""
    one = compositions(d, q)
    return np.unique((one[:, None, :] - one[None, :, :]).reshape(-1, q), axis=0)


def _allowed(asked: TableQuestion, side: Marginals) -> Ints:
    every = compositions(asked.n, asked.q)
    if side.counts is not None:
        for place, counts in enumerate(side.counts):
            every = every[(every[:, place] >= counts.start) & (every[:, place] < counts.stop)]
    if side.sums is not None:
        sums = every @ np.array(asked.values, dtype=np.int64)
        every = every[(sums >= side.sums.start) & (sums < side.sums.stop)]
    if side is asked.sides[0] and not any(each.known for each in asked.sides):
        every = every[(np.diff(every, axis=1) <= 0).all(axis=1)]  # the levels are alike, so their order does not matter
    return every


def _pairs(asked: TableQuestion) -> Iterator[tuple[Ints, Ints]]:
    """Pairs of counts (r, c), in chunks of at most AT_ONCE or one r."""
    rows, columns = (_allowed(asked, side) for side in asked.sides)
    d, moves = asked.n - asked.agreements[0], None
    if not asked.sides[1].known and d * asked.levels < 400 and _moves_number(asked.levels, d) <= MOST_MARGINALS:
        moves = _moves(asked.levels, d)
    others = columns if moves is None else moves
    step = max(1, AT_ONCE // max(1, len(others)))
    for start in range(0, len(rows), step):
        r = np.repeat(rows[start : start + step], len(others), axis=0)
        c = np.tile(others, (len(rows[start : start + step]), 1))
        if moves is not None:
            c = r + c
            fits = (c >= 0).all(axis=1)
            r, c = r[fits], c[fits]
        yield r, c


def _walk(asked: TableQuestion) -> TableAnswer:
    """All tables, by their margins (see the module)."""
    n = asked.n
    near: dict[str, Fraction] = {}
    wanted = {k: chances(asked.kappa, n, k) if asked.kappa else range(n * n + 1) for k in asked.agreements}
    for r, c in _pairs(asked):
        chance, most, both = (r * c).sum(axis=1), np.minimum(r, c).sum(axis=1), r + c
        for k, targets in wanted.items():
            d = n - k
            fits = np.flatnonzero(most >= k)
            fits = fits[np.maximum(0, -((d - both[fits]) // 2)).sum(axis=1) <= k]
            if not len(fits):
                continue
            inside = fits[(chance[fits] >= targets.start) & (chance[fits] < targets.stop)]
            if len(inside):
                first = inside[0]
                return TableAnswer(True, (tuple(r[first].tolist()), tuple(c[first].tolist()), k))
            if asked.kappa is not None:
                _remember(near, asked.kappa, n, k, chance[fits])
    return TableAnswer(False, kappas=tuple(near[side] for side in ("below", "above") if side in near))


def _remember(near: dict[str, Fraction], printed: Printed, n: int, k: int, chance: Ints) -> None:
    """Keep the kappas nearest to the printed one: kappa falls as S grows, so they stand side by side."""
    every = np.unique(chance[chance < n * n])
    at = bisect_left(every, True, key=lambda each: _defined_kappa(n, k, int(each)) < printed.value)
    if at < len(every):
        kappa = _defined_kappa(n, k, int(every[at]))
        near["below"] = max(near.get("below", kappa), kappa)
    if at > 0:
        kappa = _defined_kappa(n, k, int(every[at - 1]))
        near["above"] = min(near.get("above", kappa), kappa)


def _search(asked: TableQuestion, kappa: Printed) -> Example | None:
    """A table with this kappa, found by small steps from many starts; None proves nothing."""
    rng, steps = random.Random(7), [int(MOST_STEPS * asked.effort)]
    for q in (asked.q,) if asked.q else (2, 3, 4, 5, 7, 10):
        few = replace(asked, q=q, effort=asked.effort / 5)
        if asked.q is None and _affordable(few) and (walked := _walk(few)).exists:
            return walked.example
        for k in _likely(asked, kappa, q) if q <= MOST_LEVELS else ():
            for start in range(STARTS if q <= 12 else 3):
                if steps[0] <= 0:
                    return None
                if counts := _climb(rng, asked.n, q, k, chances(kappa, asked.n, k), start, steps):
                    return (*counts, k)
    return None


def _beside(asked: TableQuestion, kappa: Printed) -> tuple[Fraction, ...]:
    """Kappas that a search finds just below and above the one asked, where no S gives that one itself."""
    n, k = asked.n, asked.agreements[0]
    if len(asked.agreements) > 1 or k == n or any(side.known for side in asked.sides):
        return ()
    at = _floor((n * k - kappa.value * n * n) / (1 - kappa.value))
    rng, steps, q = random.Random(7), [int(MOST_STEPS * asked.effort)], asked.q or 6

    def reached(chance: int) -> bool:
        return any(_climb(rng, n, q, k, range(chance, chance + 1), start, steps) for start in range(STARTS))

    either_side = (range(at + 1, at + 6), range(at, at - 5, -1))  # kappa falls as S grows
    nearest = [next(filter(reached, chances_there), None) for chances_there in either_side]
    return tuple(_defined_kappa(n, k, chance) for chance in nearest if chance is not None)


def _likely(asked: TableQuestion, kappa: Printed, q: int) -> list[int]:
    """Up to seven of the k that the bounds allow, from all over the range."""
    every = asked.agreements[:: max(1, len(asked.agreements) // 500)]
    fits = [k for k in every if _fitting(replace(asked, q=q), kappa, k)]
    return [fits[place * (len(fits) - 1) // 6] for place in (3, 2, 4, 1, 5, 0, 6)] if fits else []


def _climb(
    rng: random.Random, n: int, q: int, k: int, targets: range, start: int, steps: list[int]
) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
    """From one start: move labels between levels while S comes nearer to the targets; where none does, move some by chance.
    `steps` holds how many tables may still be looked at."""
    table = _Table(rng, n, q, k, start)
    for _ in range(MOST_MOVES):
        if not table.off(table.chance, targets):
            return table.counts
        best = table.best_move(targets, steps)
        if best is None:
            table.move_by_chance(rng)
        if steps[0] <= 0:
            return None
        if best is not None:
            table.move(*best)
        table.chance = table.sum_of_products()
    return None


class _Table:
    """A table by what is on its diagonal (a) and off it (u of the first annotator, w of the second), by level."""

    def __init__(self, rng: random.Random, n: int, q: int, k: int, start: int):
        self.d = n - k
        self.a, self.u, self.w = _spread(rng, k, q, start), _spread(rng, self.d, q, 0), [0] * q
        left = self.d
        for place in rng.sample(range(q), q):
            self.w[place] = min(left, self.d - self.u[place])
            left -= self.w[place]
        self.moves = [(part, i, j) for part in (self.a, self.u, self.w) for i in range(q) for j in range(q) if i != j]
        self.chance = self.sum_of_products()

    @property
    def counts(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        return tuple(map(sum, zip(self.a, self.u, strict=True))), tuple(map(sum, zip(self.a, self.w, strict=True)))

    def product(self, i: int) -> int:
        return (self.a[i] + self.u[i]) * (self.a[i] + self.w[i])

    def sum_of_products(self) -> int:
        """S."""
        return sum(map(self.product, range(len(self.a))))

    def off(self, chance: int, targets: range) -> int:
        """How far S is from the targets."""
        return max(targets[0] - chance, chance - targets[-1], 0)

    def move(self, part: list[int], i: int, j: int, size: int) -> None:
        part[i] -= size
        part[j] += size

    def best_move(self, targets: range, steps: list[int]) -> Move | None:
        """The move that brings S nearest to the targets; None where none brings it nearer. Each move tried costs a step."""
        nearest, best, u, w, d = self.off(self.chance, targets), None, self.u, self.w, self.d
        for part, i, j in self.moves:
            size, before = part[i], self.product(i) + self.product(j)
            while size:
                steps[0] -= 1
                self.move(part, i, j, size)
                off = self.off(self.chance - before + self.product(i) + self.product(j), targets)
                if off < nearest and (part is self.a or u[j] + w[j] <= d):
                    nearest, best = off, (part, i, j, size)
                self.move(part, j, i, size)
                size //= 2
        return best

    def move_by_chance(self, rng: random.Random) -> None:
        for part, i, j in rng.sample(self.moves, 3):
            if part[i] and (part is self.a or self.u[j] + self.w[j] < self.d):
                self.move(part, i, j, 1)


def _spread(rng: random.Random, total: int, q: int, start: int) -> list[int]:
    """`total` over q levels: evenly at the first start, else by chance."""
    if start == 0:
        return [total // q + (place < total % q) for place in range(q)]
    cuts = sorted(rng.randint(0, total) for _ in range(q - 1))
    return [after - before for before, after in zip([0, *cuts], [*cuts, total], strict=True)]


def _floor(value: Fraction) -> int:
    return value.numerator // value.denominator


def _ceil(value: Fraction) -> int:
    return -(-value.numerator // value.denominator)
