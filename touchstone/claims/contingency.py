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
from collections.abc import Iterator, Sequence
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


@dataclass(frozen=True)
class Side:
    """What is known of one annotator: allowed counts by level, and the allowed sums of `values` (a number a level)."""

    counts: tuple[range, ...] | None = None
    sums: range | None = None

    @property
    def known(self) -> bool:
        return self.counts is not None or self.sums is not None


@dataclass(frozen=True)
class Asked:
    """`agreements`: the k allowed. `values`: whole numbers, one a level, where sums are asked about. `effort`: the share of
    MOST_PAIRS and MOST_STEPS that may be spent; beyond, the question stays undecided."""

    n: int
    q: int | None
    agreements: range
    kappa: Printed | None = None
    sides: tuple[Side, Side] = (Side(), Side())
    values: tuple[int, ...] | None = None
    effort: float = 1.0


@dataclass(frozen=True)
class Answer:
    """`exists` True with an example (r, c, k), False by proof, None: not decided. `kappas`: kappas there are nearest to the one
    asked, at the k asked, the lower first; `between`: no kappa is outside of these two."""

    exists: bool | None
    example: tuple[tuple[int, ...], tuple[int, ...], int] | None = None
    kappas: tuple[Fraction, ...] = ()
    between: tuple[Fraction, Fraction] | None = None
    levels: int | None = None


def kappa_of(n: int, k: int, chance: int) -> Fraction | None:
    """Unweighted kappa as a fraction; None where both gave one level throughout, and chance alone agrees always."""
    return None if chance == n * n else Fraction(n * k - chance, n * n - chance)


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


def possible_agreements(r: Sequence[int], c: Sequence[int]) -> list[int]:
    """Every k that goes with these counts."""
    n, most = sum(r), sum(map(min, r, c))
    return [k for k in range(most + 1) if sum(max(0, -((n - k - x - y) // 2)) for x, y in zip(r, c, strict=True)) <= k]


def exists(asked: Asked, *, nearest: bool = True) -> Answer:
    """Whether there is a table; without a kappa, counts or sums every k from 0 to n has one where q is 2 or more.

    `nearest` False leaves out the search for the nearest kappas where a bound has excluded the one asked."""
    if not asked.agreements:
        return Answer(False)
    if asked.kappa is None and not any(side.known for side in asked.sides):
        return Answer(True)
    between = None
    if asked.kappa is not None:
        between = _kappas_between(asked)
        outside = asked.kappa.high < between[0] or asked.kappa.low > between[1]
        if outside or len(asked.agreements) <= MOST_AGREEMENTS and not any(_fitting(asked, k) for k in asked.agreements):
            kappas = () if not nearest else _walk(asked).kappas if _affordable(asked) else () if outside else _beside(asked)
            return Answer(False, kappas=kappas, between=between)
    if _affordable(asked):
        found = _walk(asked)
        return Answer(found.exists, found.example, found.kappas, between, asked.q)
    if not any(side.known for side in asked.sides) and (found := _search(asked)):
        return Answer(True, found, (), between, len(found[0]))
    return Answer(None, between=between)


def _fitting(asked: Asked, k: int) -> range:
    """The S with which kappa rounds to the figure and which the bounds allow; often not one whole number."""
    wanted, (low, high) = chances(asked.kappa, asked.n, k), bounds(asked.n, asked.q, k)
    return range(max(wanted.start, low), min(wanted.stop, high + 1))


def _kappas_between(asked: Asked) -> tuple[Fraction, Fraction]:
    """Both ends fall as d grows, so those of the first and the last k stand for all between."""
    n, first, last = asked.n, asked.agreements[0], asked.agreements[-1]
    low = Fraction(0) if first == n else max(kappa_of(n, first, min(bounds(n, asked.q, first)[1], n * n - 1)), Fraction(-1))
    smallest = min(bounds(n, asked.q, last)[0], n * n - 1) if n > 1 else 0
    return (Fraction(1) if first == n else low), max(kappa_of(n, last, smallest), low)


def _affordable(asked: Asked) -> bool:
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


def _allowed(asked: Asked, side: Side) -> Ints:
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


def _pairs(asked: Asked) -> Iterator[tuple[Ints, Ints]]:
    """Pairs of counts (r, c), in chunks of at most AT_ONCE or one r."""
    rows, columns = (_allowed(asked, side) for side in asked.sides)
    d, moves = asked.n - asked.agreements[0], None
    if not asked.sides[1].known and d * asked.q < 400 and _moves_number(asked.q, d) <= MOST_MARGINALS:
        moves = _moves(asked.q, d)
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


def _walk(asked: Asked) -> Answer:
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
                return Answer(True, (tuple(r[first].tolist()), tuple(c[first].tolist()), k))
            if asked.kappa is not None:
                _remember(near, asked.kappa, n, k, chance[fits])
    return Answer(False, kappas=tuple(near[side] for side in ("below", "above") if side in near))


def _remember(near: dict[str, Fraction], printed: Printed, n: int, k: int, chance: Ints) -> None:
    """Keep the kappas nearest to the printed one: kappa falls as S grows."""
    for each in np.unique(chance).tolist():
        kappa = kappa_of(n, k, each)
        if kappa is None:
            continue
        if kappa < printed.value:
            near["below"] = max(near.get("below", kappa), kappa)
        else:
            near["above"] = min(near.get("above", kappa), kappa)


def _search(asked: Asked) -> tuple[tuple[int, ...], tuple[int, ...], int] | None:
    """A table with this kappa, found by small steps from many starts; None proves nothing."""
    rng, steps = random.Random(7), [int(MOST_STEPS * asked.effort)]
    for q in (asked.q,) if asked.q else (2, 3, 4, 5, 7, 10):
        few = replace(asked, q=q, effort=asked.effort / 5)
        if asked.q is None and _affordable(few) and (found := _walk(few)).exists:
            return found.example
        for k in _likely(asked, q) if q <= MOST_LEVELS else ():
            for start in range(STARTS if q <= 12 else 3):
                if steps[0] <= 0:
                    return None
                if found := _climb(rng, asked.n, q, k, chances(asked.kappa, asked.n, k), start, steps):
                    return (*found, k)
    return None


def _beside(asked: Asked) -> tuple[Fraction, ...]:
    """Kappas that a search finds just below and above the one asked, where no S gives that one itself."""
    n, k = asked.n, asked.agreements[0]
    if len(asked.agreements) > 1 or k == n or any(side.known for side in asked.sides):
        return ()
    at = _floor((n * k - asked.kappa.value * n * n) / (1 - asked.kappa.value))
    rng, steps, found = random.Random(7), [int(MOST_STEPS * asked.effort)], []
    for chances_there in (range(at + 1, at + 6), range(at, at - 5, -1)):  # kappa falls as S grows
        found += next(
            (
                [kappa_of(n, k, chance)]
                for chance in chances_there
                for start in range(STARTS)
                if _climb(rng, n, asked.q or 6, k, range(chance, chance + 1), start, steps)
            ),
            [],
        )
    return tuple(found)


def _likely(asked: Asked, q: int) -> list[int]:
    """Up to seven of the k that the bounds allow, from all over the range."""
    every = asked.agreements[:: max(1, len(asked.agreements) // 500)]
    fits = [k for k in every if _fitting(replace(asked, q=q), k)]
    return [fits[place * (len(fits) - 1) // 6] for place in (3, 2, 4, 1, 5, 0, 6)] if fits else []


def _climb(
    rng: random.Random, n: int, q: int, k: int, targets: range, start: int, steps: list[int]
) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
    """From one start: move labels between levels while S comes nearer to the targets; where none does, move some by chance.
    `steps` holds how many tables may still be looked at."""
    d = n - k
    a, u, w = _spread(rng, k, q, start), _spread(rng, d, q, 0), [0] * q
    left = d
    for place in rng.sample(range(q), q):
        w[place] = min(left, d - u[place])
        left -= w[place]
    moves = [(part, i, j) for part in (a, u, w) for i in range(q) for j in range(q) if i != j]

    def at(i: int) -> int:
        return (a[i] + u[i]) * (a[i] + w[i])

    def move(part: list[int], i: int, j: int, size: int) -> None:
        part[i] -= size
        part[j] += size

    def off(chance: int) -> int:
        return max(targets[0] - chance, chance - targets[-1], 0)

    chance = sum(map(at, range(q)))
    for _ in range(MOST_MOVES):
        if not off(chance):
            return tuple(map(sum, zip(a, u, strict=True))), tuple(map(sum, zip(a, w, strict=True)))
        best = (off(chance), None)
        for part, i, j in moves:
            size, before = part[i], at(i) + at(j)
            while size:
                steps[0] -= 1
                move(part, i, j, size)
                now = chance - before + at(i) + at(j)
                if off(now) < best[0] and (part is a or u[j] + w[j] <= d):
                    best = (off(now), (part, i, j, size))
                move(part, j, i, size)
                size //= 2
        for part, i, j in rng.sample(moves, 3) if best[1] is None else ():
            if part[i] and (part is a or u[j] + w[j] < d):
                move(part, i, j, 1)
        if steps[0] <= 0:
            return None
        if best[1] is not None:
            move(*best[1])
        chance = sum(map(at, range(q)))
    return None


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
