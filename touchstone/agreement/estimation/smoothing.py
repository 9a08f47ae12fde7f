"""What a draw adds to the counts: one further unit that was not seen.

Without it, labels on which all agree leave nothing to vary, and intervals near full agreement are far too short. It weighs
Gamma(1), as much as one unit in a Dirichlet draw.

Two annotators: it is spread over all q^2 cells of their table alike, Gamma(1/q^2) in each.

Three or more, and pools: it has one pattern, drawn anew in each draw, of annotators who labelled a unit together, as often as
they did. With a chance of one half all its labels are the same (`benchmarks/coverage_of_many.py`: fewer shift intervals of few
units down, past the true value), else they are as those of independent annotators.

How far apart. Unweighted coefficients know no distance: all pairs of levels are alike. Weighted ones do, and where neighbours
alone are confused a disagreement from one end of the scale to the other would be most of what an interval holds. So the share of
disagreements d levels apart can be learned: (n_d + 2 c_d) / (N + 2), with n_d of N seen so and c_d of all pairs of levels, even
where nothing was seen. Three or more annotators: from five levels on. Two: for the upper end alone, from three levels on, and
with one half of the unit on the diagonal; the upper end is the larger of this and the even one. (With the even one alone 30
drafts on ten levels, neighbours confused, had an upper end under the true value in a fifth of tables. The lower end stays even:
learned it is nearer the point, but lies over the true value too often where disagreements can be far, and one disagreement fewer
can lower it, by .03 of quadratic kappa, since fewer near ones make far ones likelier.)

q declared levels, m annotators, P patterns.
"""

from itertools import product

import numpy as np
from numpy.typing import NDArray

from touchstone.agreement.estimation.intervals import Array

Codes = NDArray[np.int64]

MOST_PATTERNS = 256  # beyond, so many of the further unit's patterns are drawn once and stand for all
ALL_AGREE = 0.5  # the chance that the further unit of three or more annotators is one on which all agree
LEARN = 2.0  # how many disagreements the even spread is worth
THREE_LEVELS, FIVE_LEVELS = 3, 5  # from so many on distances are learned: of two annotators (for the upper end), and of more


def alike(q: int) -> Array:
    """(q, q), summing to 1: every cell alike."""
    return np.full((q, q), 1 / q**2)


def by_distance(q: int, seen: Array) -> Array:
    """(q, q), summing to 1: shares of disagreements as learned from `seen` (q,), how many disagreements were d levels apart."""
    apart = np.abs(np.subtract.outer(np.arange(q), np.arange(q)))
    cells = np.bincount(apart.ravel(), minlength=q).astype(float)
    cells[0] = 0.0
    shares = (np.where(cells > 0, seen, 0.0) + LEARN * cells / max(cells.sum(), 1)) / (seen[1:].sum() + LEARN)
    with np.errstate(divide="ignore", invalid="ignore"):
        each: Array = np.where(apart > 0, (1 - 1 / q) * (shares / cells)[apart], 1 / q**2)
    return each


def half_agreeing(spread: Array) -> Array:
    """The same with ALL_AGREE on the diagonal and the rest beside it."""
    agree = np.eye(len(spread), dtype=bool)
    shares: Array = np.where(agree, spread * ALL_AGREE / spread[agree].sum(), spread * (1 - ALL_AGREE) / spread[~agree].sum())
    return shares


def distances(pairs: Array, weights: Array, q: int) -> Array:
    """(q,): how many units' labels were d levels apart; `pairs` (P, q * q) are shares of a unit's ordered pairs of labels."""
    apart = np.abs(np.subtract.outer(np.arange(q), np.arange(q))).ravel()
    seen: Array = np.bincount(apart, weights=weights @ pairs, minlength=q).astype(float)
    return seen


def further_unit(codes: Codes, counts: Array, spread: Array, rng: np.random.Generator) -> tuple[Codes, Array]:
    """Patterns (K, m) that the further unit can have, and the chance (K,) of each; none where no unit has two labels.

    `spread` (q, q) are the shares of pairs of labels of independent annotators. -1 where a label is missing, as in `codes`."""
    q = len(spread)
    shapes = _who_labelled(codes, counts)
    if sum(q ** len(shape) for shape in shapes) > MOST_PATTERNS:
        return _drawn(shapes, spread, codes.shape[1], rng)
    rows, chances = [], []
    for shape, share in shapes.items():
        given = np.array(list(product(range(q), repeat=len(shape))))
        chance = _chances(given, spread)
        same = (given == given[:, :1]).all(axis=1)
        if q > 1:  # on one level nobody can disagree
            chance[same] *= ALL_AGREE / chance[same].sum()
            chance[~same] *= (1 - ALL_AGREE) / chance[~same].sum()
        rows.append(_placed(given, shape, codes.shape[1]))
        chances.append(share * chance)
    if not rows:
        return np.empty((0, codes.shape[1]), dtype=np.int64), np.empty(0)
    return np.concatenate(rows), np.concatenate(chances)


def _who_labelled(codes: Codes, counts: Array) -> dict[tuple[int, ...], float]:
    """The annotators of the units with two labels or more, as shares of those units."""
    shapes: dict[tuple[int, ...], float] = {}
    for row, number in zip(codes, counts, strict=True):
        shape = tuple(np.flatnonzero(row >= 0).tolist())
        if number and len(shape) >= 2:
            shapes[shape] = shapes.get(shape, 0.0) + float(number)
    whole = sum(shapes.values())
    return {shape: number / whole for shape, number in sorted(shapes.items())}


def _chances(given: Codes, spread: Array) -> Array:
    """(K,): of complete patterns (K, r), when one annotator gives a level by its share and the others theirs given that one,
    each annotator in turn being the one."""
    base = spread.sum(axis=1)
    others = spread / base[:, None]
    chances = np.zeros(len(given))
    for first in range(given.shape[1]):
        chance = base[given[:, first]]
        for other in range(given.shape[1]):
            if other != first:
                chance = chance * others[given[:, first], given[:, other]]
        chances += chance / given.shape[1]
    return chances


def _drawn(shapes: dict[tuple[int, ...], float], spread: Array, m: int, rng: np.random.Generator) -> tuple[Codes, Array]:
    """MOST_PATTERNS patterns drawn by the same chances, each as likely as the other."""
    base = spread.sum(axis=1)
    others = np.cumsum(spread / base[:, None], axis=1)
    which = rng.choice(len(shapes), size=MOST_PATTERNS, p=list(shapes.values()))
    rows = np.full((MOST_PATTERNS, m), -1, dtype=np.int64)
    each = list(shapes)
    for number, place in enumerate(which.tolist()):
        seats = list(each[place])
        rng.shuffle(seats)
        first = int(rng.choice(len(base), p=base / base.sum()))
        given = np.full(len(seats), first)
        while number % 2 and (given == first).all():
            given[1:] = (rng.random(len(seats) - 1)[:, None] > others[first]).sum(axis=1)
        rows[number, seats] = given
    return rows, np.full(MOST_PATTERNS, 1 / MOST_PATTERNS)


def _placed(given: Codes, shape: tuple[int, ...], m: int) -> Codes:
    rows = np.full((len(given), m), -1, dtype=np.int64)
    rows[:, list(shape)] = given
    return rows
