"""What more gold would bring: kappa of heads trained on 100, 200, 400, … drafts, and on all, and what twice the drafts would add.

Every head judges the same drafts, none of whose cluster it saw, so the kappas (the mean over people of one against the rest)
are paired, and their intervals are drawn by clusters together (`seat_tables`). In each draw a power law, the
usual form of learning curves (Viering and Loog 2021, arXiv 2103.10948), is laid through them, with three exponents:

    kappa(n) = a - b n^-c       c = 1/4, 1/2, 1

and twice the drafts N add b (N^-c - (2 N)^-c). The figure is that of c = 1/2, its interval spans those of all three. It is said
only where the same curve, laid through all but the last size, tells the last one within its interval, and where it is narrow
enough to be of use; else nothing can be said, with why.
"""

from collections.abc import Sequence
from hashlib import sha256
from typing import NamedTuple

import numpy as np

from touchstone.agreement.estimation.intervals import Array
from touchstone.agreement.figure import Figure, short, signed, undefined
from touchstone.english import many
from touchstone.judging.held import HeldLabels, Places
from touchstone.judging.seat_tables import figure, tables_of
from touchstone.judging.training.gold_head import Readings, Tell, held_out_of, out_of_fold_scores

SMALLEST = 100
FORMS = (0.25, 0.5, 1.0)
LEAST_SIZES = 3
WIDEST = 0.2  # of an interval that is still of use


class CurvePoint(NamedTuple):
    """Heads trained on so many drafts (about: clusters are whole) have this kappa."""

    drafts: int
    kappa: Figure


class LearningCurve(NamedTuple):
    """`twice`: what twice the `drafts` would add to kappa, undefined where it cannot be said; `why` then says why."""

    points: tuple[CurvePoint, ...]
    drafts: int
    twice: Figure
    why: str

    @property
    def sentence(self) -> str:
        """What more gold would bring, in one sentence."""
        if self.twice.value is None:
            return f"What twice the gold would bring cannot be said: {self.why}."
        shown = "" if self.twice.ends.low > 0 else ", so no gain is shown"
        return (
            f"Twice the gold ({many(2 * self.drafts, 'draft')} in place of {self.drafts:,}) would bring about "
            f"{signed(self.twice)} of kappa{shown}, if it goes on as it did."
        )

    def as_json(self) -> dict[str, object]:
        return {
            "points": [{"drafts": each.drafts, "kappa": each.kappa.as_json()} for each in self.points],
            "drafts": self.drafts,
            "twice": self.twice.as_json(),
            "sentence": self.sentence,
        }


def sizes_up_to(most: int) -> list[int]:
    """100, 200, 400, … under `most`, those left out that are within a quarter of it, and `most`."""
    found, size = [], SMALLEST
    while size * 1.25 < most:
        found.append(size)
        size *= 2
    return [*found, most]


def learning_curve(
    held: HeldLabels, readings: Readings, rising: Places, fold: Places, whole: Array, tell: Tell = lambda words: None
) -> LearningCurve:
    """`held`, whose judge is not looked at, and `readings` of its n units; `rising` (q,): the places of its levels from low to
    high; `whole` (n, k): scores out of fold of heads trained on all. With fewer than LEAST_SIZES sizes nothing is trained."""
    n = len(held.units)
    sizes = sizes_up_to(n - int(np.bincount(fold).max(initial=0)))
    used = sizes if len(sizes) >= LEAST_SIZES else sizes[-1:]
    order = _by_hash(held)
    back, own, counts = np.argsort(order), readings.some(order), held.counts[np.ix_(order, rising)]
    levels = []
    for size in used[:-1]:
        scores = out_of_fold_scores(own, counts, fold[order], held.scale, tell, most=size)
        levels.append(rising[held_out_of(scores, counts, fold[order], held.scale, most=size).levels[back]])
    levels.append(rising[held_out_of(whole, held.counts[:, rising], fold, held.scale).levels])
    tables = tables_of(held, levels)
    kappas = tables.kappas()
    kept = np.asarray(~np.isnan(kappas).any(axis=1)) if tables.names else np.zeros(0, dtype=bool)
    if not kept.any():
        why = "nobody is held against the rest, or every label is the same"
        return LearningCurve((), n, undefined("no overlap", n), why)
    means, drawn = kappas[kept].mean(axis=0)[2:], tables.draws(kept)[:, 2:]
    points = tuple(CurvePoint(size, figure(float(means[at]), drawn[:, at], n, "")) for at, size in enumerate(used))
    twice, why = extrapolated(np.array(used, dtype=float), means, drawn, n)
    return LearningCurve(points, n, twice, why)


def extrapolated(sizes: Array, means: Array, drawn: Array, n: int) -> tuple[Figure, str]:
    """What 2 n drafts add to n, of kappas (S,) with draws (B, S) at these sizes: the figure, or undefined and why."""
    none = undefined("cannot be said", n)
    if len(sizes) < LEAST_SIZES:
        return none, f"it takes heads of {LEAST_SIZES} sizes, so about {int(SMALLEST * 2.5 / 0.8) + 1:,} labelled drafts"
    told = [_laid(sizes[:-1], drawn[:, :-1], c) for c in FORMS]
    last = [a - b * sizes[-1] ** -c for (a, b), c in zip(told, FORMS, strict=True)]
    low, high = _span(last)
    off_low, off_high = _span([drawn[:, -1] - each for each in last])
    if off_low > 0 or off_high < 0:
        where = f"at {many(int(sizes[-1]), 'draft')} the curve through fewer tells {short(low)} to {short(high)}"
        return none, f"{where}, and kappa is {short(float(means[-1]))}, so it does not go on as it began"
    gains = []
    for c in FORMS:
        _, b = _laid(sizes, drawn, c)
        gains.append(b * (n**-c - (2 * n) ** -c))
    low, high = _span(gains)
    if high - low > WIDEST:
        return none, f"the labels leave open anything from {short(low)} to {short(high)}"
    _, b = _laid(sizes, means[None], 0.5)
    point = float(np.clip(b[0] * (n**-0.5 - (2 * n) ** -0.5), low, high))
    return Figure(point, low, high, n, None), ""


def _laid(sizes: Array, kappas: Array, c: float) -> tuple[Array, Array]:
    """a and b (B,) of a - b n^-c through kappas (B, S), by least squares."""
    design = np.column_stack([np.ones(len(sizes)), -(sizes**-c)])
    a, b = np.linalg.pinv(design) @ kappas.T
    return a, b


def _span(each: Sequence[Array]) -> tuple[float, float]:
    ends = [np.quantile(values, (0.025, 0.975)) for values in each]
    return float(min(low for low, _ in ends)), float(max(high for _, high in ends))


def _by_hash(held: HeldLabels) -> Places:
    """(n,): the units in an order by hash of their clusters, so that the first of them are whole clusters, the same each time."""
    first = {cluster: held.units[at] for at, cluster in reversed([*enumerate(held.cluster.tolist())])}
    told = {cluster: sha256(unit.encode("utf-8", "surrogatepass")).digest() for cluster, unit in first.items()}
    return np.array(sorted(range(len(held.units)), key=lambda at: (told[int(held.cluster[at])], at)), dtype=np.int64)
