"""Two scores of the same texts: how far one lies from the other, and beside it how far each agrees with people.

A mean difference between two scores is a shift and no quality: a judge that gives every text the highest score has the largest
shift of all, and has read nothing. So each shift stands beside what a constant would have, and beside the order in which people
see the texts, where their scores are there.

    shift       mean of new - old; 95 % interval from draws of whole clusters (tasks), seeded by the scores themselves
    p           permutation, two-sided: under no shift each cluster's differences have either sign, so signs are drawn, and p is
                (1 + draws at least as far from 0) / (1 + draws) (Phipson and Smyth 2010): never 0
    order       of two texts on which people differ, how often the score has them in people's order, ties a half; .5 says nothing
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from touchstone.agreement.estimation.intervals import DRAWS, Array, ends_of, generator, seed_of, sizes_of_parts, sorted_draws
from touchstone.agreement.figure import Figure, in_words, undefined

SIGNS = 20_000  # draws of a permutation test
MOST_ORDERED = 2_000  # texts whose order is compared: every two of them are
LEAST = 5  # clusters
NO_PEOPLE = "no label of a person is there"


@dataclass(frozen=True)
class ScoreShift:
    """`mean` of new - old, `p` of no shift (None where there are too few clusters); `higher`, `lower`, `equal`: texts;
    `correlation` of the two scores, None where one is constant; `apart`: the mean distance of new from old, `constant_apart` that
    of the best single number from old; `top`: the highest score there is, and `constant_higher` how many texts it alone would lie
    over."""

    name: str
    n: int
    clusters: int
    mean: Figure
    p: float | None
    higher: int
    lower: int
    equal: int
    correlation: float | None
    apart: float
    constant_apart: float
    top: float
    constant_higher: int

    def as_json(self) -> dict[str, Any]:
        return {**vars(self), "mean": self.mean.as_json()}


def score_shift(
    name: str, new: Sequence[float] | Array, old: Sequence[float] | Array, clusters: Sequence[str], top: float | None = None
) -> ScoreShift:
    """`new`, `old` (n,): two scores of each text, finite; `clusters` (n,): whose texts are not independent. `top`: the highest
    score there is, the highest that was given when left out. Raises ValueError where the lengths differ."""
    one, other = np.asarray(new, dtype=float), np.asarray(old, dtype=float)
    if not len(one) == len(other) == len(clusters):
        raise ValueError("each text has a new score, an old one and a cluster")
    if not len(one):
        return ScoreShift(name, 0, 0, undefined("no text has both scores"), None, 0, 0, 0, None, 0.0, 0.0, 0.0, 0)
    apart = np.round(one - other, 12)  # what the last digits of two decimals make of 0
    _, inverse = np.unique(np.array([str(each) for each in clusters]), return_inverse=True)
    sums: Array = np.bincount(inverse, weights=apart).astype(float)
    sizes = np.bincount(inverse).astype(float)
    most = float(max(one.max(), other.max())) if top is None else top
    varies = one.std() > 0 and other.std() > 0
    return ScoreShift(
        name,
        len(one),
        len(sums),
        _mean(sums, sizes),
        _permuted(sums) if len(sums) >= LEAST else None,
        int((apart > 0).sum()),
        int((apart < 0).sum()),
        int((apart == 0).sum()),
        float(np.corrcoef(one, other)[0, 1]) if varies else None,
        float(np.abs(apart).mean()),
        float(np.abs(other - np.median(other)).mean()),
        most,
        int((other < most).sum()),
    )


@dataclass(frozen=True)
class ShiftBesidePeople:
    """A shift, with how often each of its two scores has two texts in the order that people see them in; undefined, with why,
    where no people are."""

    shift: ScoreShift
    new_order: Figure
    old_order: Figure

    def as_json(self) -> dict[str, Any]:
        return {**self.shift.as_json(), "order_with_people": {"new": self.new_order.as_json(), "old": self.old_order.as_json()}}

    @property
    def sentence(self) -> str:
        """What the shift says, and what it does not."""
        shift = self.shift
        if shift.mean.value is None:
            return f"{shift.name}: {in_words(shift.mean)}."
        told = f"{shift.name} is a shift of {places(shift.mean)}, and a shift is no quality: "
        of = f"{shift.constant_higher:,} of {shift.n:,}"
        told += f"the highest score throughout, {_plain(shift.top)}, lies over {of} and has read nothing"
        if self.new_order.value is None or self.old_order.value is None:
            return f"{told}; whether it is nearer to people cannot be said: {self.new_order.reason}."
        gained = self.new_order.value - self.old_order.value
        said = "further off" if gained < 0 else "nearer" if gained > 0 else "neither nearer nor further off"
        return (
            f"{told}; of two texts on which people differ the new score has {in_words(self.new_order)} in their order, the old "
            f"{in_words(self.old_order)}: {said}."
        )


def beside_people(
    name: str,
    new: Sequence[float] | Array,
    old: Sequence[float] | Array,
    clusters: Sequence[str],
    people: Sequence[float] | Array | None = None,
    top: float | None = None,
) -> ShiftBesidePeople:
    """As `score_shift`; `people` (n,): what people give each text, higher is better."""
    shift = score_shift(name, new, old, clusters, top)
    if people is None:
        none = undefined(NO_PEOPLE, shift.n)
        return ShiftBesidePeople(shift, none, none)
    return ShiftBesidePeople(shift, *(order_with(people, each, clusters) for each in (new, old)))


def places(figure: Figure) -> str:
    """A shift with four decimals, as it was published: "+.0641 [+.0225, +.1079]"; or why it is undefined."""
    if figure.value is None:
        return in_words(figure)
    value, low, high = (f"{number:+.4f}".replace("0.", ".", 1).replace("-", "−") for number in figure.ends)
    return f"{value} [{low}, {high}]"


def _plain(number: float) -> str:
    return f"{number:.4g}".replace("-", "−")


def _mean(sums: Array, sizes: Array) -> Figure:
    value, n = float(sums.sum() / sizes.sum()), int(sizes.sum())
    if len(sums) < LEAST:
        return undefined(f"fewer than {LEAST} tasks", n)
    rng = generator(seed_of(sums.tobytes() + sizes.tobytes()))

    def drawn(size: int) -> Array:
        at = rng.integers(0, len(sums), (size, len(sums)))
        found: Array = sums[at].sum(axis=1) / sizes[at].sum(axis=1)
        return found

    return Figure(value, *ends_of(value, sorted_draws(drawn(size) for size in sizes_of_parts(len(sums)))), n, None)


def _permuted(sums: Array) -> float:
    rng, far, hits = generator(seed_of(sums.tobytes())), abs(sums.sum()), 0
    for size in sizes_of_parts(len(sums), SIGNS):
        signs = rng.integers(0, 2, (size, len(sums))) * 2.0 - 1.0
        hits += int((np.abs(signs @ sums) >= far - 1e-9).sum())
    return (1 + hits) / (1 + SIGNS)


def order_with(people: Sequence[float] | Array, scores: Sequence[float] | Array, clusters: Sequence[str]) -> Figure:
    """How often a score has two texts in people's order, see above; interval from draws of whole clusters, each text beside those
    of other clusters only. Undefined where people give one score throughout, and with fewer than five clusters. Of more than
    MOST_ORDERED texts that many are drawn."""
    wanted, given = np.asarray(people, dtype=float), np.asarray(scores, dtype=float)
    names = np.array([str(each) for each in clusters])
    if len(wanted) > MOST_ORDERED:
        kept = np.sort(generator(seed_of(wanted.tobytes())).choice(len(wanted), MOST_ORDERED, replace=False))
        wanted, given, names = wanted[kept], given[kept], names[kept]
    found, cluster = np.unique(names, return_inverse=True)
    if len(found) < LEAST:
        return undefined(f"fewer than {LEAST} tasks", len(wanted))
    theirs = np.sign(wanted[:, None] - wanted[None, :])
    ours = np.sign(given[:, None] - given[None, :])
    counted = (theirs != 0) & (cluster[:, None] != cluster[None, :])
    hits = np.where(counted, (theirs * ours + 1) / 2, 0.0)
    number = _by_clusters(counted.astype(float), cluster, len(found))
    right = _by_clusters(hits, cluster, len(found))
    if not number.sum():
        return undefined("people give every text one score", len(wanted))
    value = float(right.sum() / number.sum())
    rng = generator(seed_of(theirs.astype(np.int8).tobytes() + ours.astype(np.int8).tobytes()))  # the order alone decides

    def drawn(size: int) -> Array:
        weight = rng.multinomial(len(found), np.full(len(found), 1 / len(found)), size).astype(float)
        of = np.einsum("ij,ij->i", weight @ number, weight)
        told: Array = np.divide(np.einsum("ij,ij->i", weight @ right, weight), of, where=of > 0, out=np.full(size, np.nan))
        return told

    return Figure(
        value, *ends_of(value, sorted_draws(drawn(size) for size in sizes_of_parts(len(found), DRAWS // 4))), len(wanted), None
    )


def _by_clusters(each: Array, cluster: Any, number: int) -> Array:
    """(clusters, clusters): the sums of a table of every two texts."""
    rows = np.zeros((number, each.shape[1]))
    np.add.at(rows, cluster, each)
    made = np.zeros((number, number))
    np.add.at(made.T, cluster, rows.T)
    return made
