"""Which levels an annotator gives, against the others on the same drafts: what can be said of levels that have no order.

Let d be one annotator's shares of the levels less the others' shares, a number a level. Their distance is the total variation
distance, half the sum of |d|: the least share of drafts that would have to be given another level for the shares to be alike; 0
alike, 1 no level in common. It is never negative, so chance alone makes it positive, and percentiles of its draws would nearly
always leave 0 out. The interval is therefore made of d as a whole: r is the 95 % point, over 4,000 draws, of the distance of a
drawn d from the observed one, and the ends are distance - r and distance + r, within 0 and 1. By the triangle inequality the
true distance is as near as the true d, so the interval holds it at least as often as r holds d.

The draws are the Bayesian bootstrap over drafts (Rubin 1981) with one draft more, spread over the q^2 pairs of levels, as in a
table of two annotators (`mean_estimates`).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from touchstone.agreement.estimation.intervals import Array, generator, seed_of, sizes_of_parts
from touchstone.agreement.figure import Figure, Level, undefined
from touchstone.data.counts import Counts, in_own_order, own_and_others
from touchstone.data.label import Pattern

COVERS = 0.95

Draft = tuple[int, tuple[int, ...]]  # a draft's own level and the others', sorted


@dataclass(frozen=True)
class LevelShares:
    """`own` and `others`: the shares of each of `levels` in one annotator's labels of the drafts they share with others, and
    the mean over these drafts of the shares in the others' labels; empty without such a draft. `distance` is between the two."""

    levels: tuple[Level, ...]
    own: tuple[float, ...]
    others: tuple[float, ...]
    distance: Figure

    @property
    def in_words(self) -> list[str]:
        """For a row of a table, a cell a level: "40 / 35 %", own and the others'; none without a draft to share."""
        return [f"{100 * own:.0f} / {100 * others:.0f} %" for own, others in zip(self.own, self.others, strict=True)]

    def as_json(self) -> dict[str, object]:
        listed = zip(self.levels, self.own, self.others, strict=True) if self.own else ()
        return {
            "shares": {str(level): {"own": own, "others": others} for level, own, others in listed},
            "distance": {**self.distance.as_json(), "n": self.distance.n},
        }


def level_shares(counts: Counts, seat: int) -> LevelShares:
    """The annotator at `seat` against all others; undefined ("no overlap") without a draft that others labelled too."""
    own_order = in_own_order(counts)
    drafts = _drafts(own_order.patterns, seat)
    n = drafts.total()
    if not n:
        return LevelShares(counts.levels, (), (), undefined("no overlap"))
    q = len(counts.levels)
    cells, weights = sorted(drafts), np.array([drafts[cell] for cell in sorted(drafts)], dtype=float)
    own, others = (weights @ part / n for part in _shares(cells, q))
    listed = [own_order.levels.index(level) for level in counts.levels]
    return LevelShares(
        counts.levels, tuple(own[listed].tolist()), tuple(others[listed].tolist()), _distance(drafts, own - others, q)
    )


def _drafts(histogram: Mapping[Pattern, int], seat: int) -> Counter[Draft]:
    """How many drafts that others labelled too have each level of the annotator's with these levels of theirs."""
    drafts: Counter[Draft] = Counter()
    for pattern, n in histogram.items():
        own, others = own_and_others(pattern, seat)
        if n and own is not None and others:
            drafts[own, tuple(sorted(others))] += n
    return drafts


def _shares(cells: Sequence[Draft], q: int) -> tuple[Array, Array]:
    """(cells, q) twice: what a draft adds to the shares of the annotator, and to those of the others."""
    own, others = np.zeros((len(cells), q)), np.zeros((len(cells), q))
    for row, (mine, theirs) in enumerate(cells):
        own[row, mine] = 1
        others[row] = np.bincount(theirs, minlength=q) / len(theirs)
    return own, others


def _distance(drafts: Counter[Draft], observed: Array, q: int) -> Figure:
    """The distance with its interval; `observed` (q,) is the difference of the shares."""
    shape: dict[Draft, float] = {(i, (j,)): 1 / q**2 for i, j in product(range(q), repeat=2)}
    for cell, number in drafts.items():
        shape[cell] = shape.get(cell, 0.0) + number
    cells = sorted(shape)
    own, others = _shares(cells, q)
    rng = generator(seed_of((q, [(cell, drafts[cell]) for cell in cells])))
    away = []
    for size in sizes_of_parts(len(cells)):
        weights = rng.standard_gamma([shape[cell] for cell in cells], size=(size, len(cells)))
        drawn = weights @ (own - others) / weights.sum(axis=1, keepdims=True)
        away.append(_variation(drawn - observed))
    value, reach = float(_variation(observed)), float(np.quantile(np.concatenate(away), COVERS))
    return Figure(value, max(0.0, value - reach), min(1.0, value + reach), drafts.total(), None)


def _variation(difference: Array) -> Array:
    """(...,): half the sum of the absolute values over the last axis."""
    half: Array = np.abs(difference).sum(axis=-1) / 2
    return half
