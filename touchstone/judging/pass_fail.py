"""Pass and fail: what a judge's levels, and the probability it gives that a unit passes, are worth at one cut.

A unit passes where more than half of its people gave a level at or over the cut, and fails where fewer do; where exactly half do,
nobody can say, and it is left out and counted.

    AUC             how often a unit that passes has a higher probability (else level) than one that fails, ties by half
    Brier           mean (probability - passes)^2; beside it that of the share that passes, given to every unit
    ECE             mean over ten equal bins of |passing share - mean probability|, by the units in each
    risk-coverage   of the units of which the judge is surest, the share in which it is wrong (1/2 is its own cut)
    block           units put under a threshold: precision and recall of what fails, with the threshold of the best F1 on other
                    units (dev), where several are best the one that blocks least; Wilson's intervals

Intervals of the first three are drawn by clusters (Bayesian bootstrap). A judge that gives levels alone has no probability, so no
Brier, ECE or risk-coverage.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from touchstone.agreement.estimation.intervals import Array, ends_of, generator, seed_of, share, sorted_draws
from touchstone.agreement.figure import Figure, Level, undefined
from touchstone.agreement.label_table import DeclaredDimension
from touchstone.comparison.classification import below
from touchstone.english import many
from touchstone.judging.held import HeldLabels, Mask, Places

BINS = 10
COVERAGES = tuple(round(0.1 * tenth, 1) for tenth in range(10, 0, -1))
DRAWS = 2_000
NO_PROBABILITY = "the judge gives levels, no probabilities"
ONE_SIDE = "no unit fails, or none passes"


class ReliabilityBin(NamedTuple):
    """Units whose probability is from `low` to `high`: how many, their mean probability, the share that passes."""

    low: float
    high: float
    units: int
    probability: float
    passes: float


class RiskAt(NamedTuple):
    """Of the `coverage` of units of which the judge is surest, the share in which it is wrong."""

    coverage: float
    wrong: float


class Blocking(NamedTuple):
    """At or under `threshold` (a probability, else a level), found on `dev` units: what is blocked of `units` others. `reason`
    where there is none."""

    threshold: float | str | None
    dev: int
    units: int
    recall: Figure
    precision: Figure
    reason: str | None


class PassFail(NamedTuple):
    """At `cut`, of `units` of which `passing` pass; `tied` are left out. `base`: Brier of the passing share alone."""

    cut: Level
    units: int
    passing: int
    tied: int
    auc: Figure
    brier: Figure
    base: float | None
    ece: Figure
    bins: tuple[ReliabilityBin, ...]
    risk: tuple[RiskAt, ...]
    block: Blocking

    def as_json(self) -> dict[str, object]:
        figures = {"auc": self.auc, "brier": self.brier, "ece": self.ece}
        return {
            "cut": self.cut,
            "units": self.units,
            "passing": self.passing,
            "tied": self.tied,
            **{name: each.as_json() for name, each in figures.items()},
            "brier_base": self.base,
            "bins": [each._asdict() for each in self.bins],
            "risk_coverage": [each._asdict() for each in self.risk],
            "block": {
                "threshold": self.block.threshold,
                "dev": self.block.dev,
                "units": self.block.units,
                "reason": self.block.reason,
                "recall": self.block.recall.as_json(),
                "precision": self.block.precision.as_json(),
            },
        }


def pass_fail(held: HeldLabels, cut: Level, dev: Mask) -> PassFail:
    """`dev` (n,): the units on which the threshold of `block` is found. Raises ValueError for a level that cannot be a cut."""
    fails = below(DeclaredDimension("", held.scale, held.levels), cut)
    passing_levels = np.array([level not in fails for level in held.levels])
    part = held.counts[:, passing_levels].sum(axis=1) / held.counts.sum(axis=1)
    told = part != 0.5
    passes = (part > 0.5)[told]
    probability = None if held.passing is None else held.passing[told]
    order = passing_levels.astype(float) if held.scale == "nominal" else _rising(held)
    score = order[held.judge][told] if probability is None else probability
    cluster = held.cluster[told]
    sides = bool(passes.any() and not passes.all())
    block = _blocking(score, passes, dev[told])
    if probability is None and block.threshold is not None:
        block = block._replace(threshold=_highest(held, order, block.threshold))
    return PassFail(
        cut,
        len(passes),
        int(passes.sum()),
        int((~told).sum()),
        _drawn(_auc, score, passes, cluster, "" if sides else ONE_SIDE),
        _drawn(_brier, score, passes, cluster, _why_no(probability, passes)),
        float(passes.mean() * (1 - passes.mean())) if len(passes) else None,
        _drawn(_ece, score, passes, cluster, _why_no(probability, passes)),
        () if probability is None else _bins(probability, passes),
        () if probability is None else risk_coverage(probability, passes),
        block,
    )


def _rising(held: HeldLabels) -> Array:
    """(q,): the place of each level from low to high: numbers may be declared falling."""
    return np.argsort(np.argsort(held.values)).astype(float)


def _highest(held: HeldLabels, order: Array, at: float | str) -> Level:
    """The level at a place in the order; of several at one, those that fail on a nominal scale, the last declared."""
    return held.levels[int(np.flatnonzero(order == at)[-1])]


def _why_no(probability: Array | None, passes: Mask) -> str:
    return NO_PROBABILITY if probability is None else "" if len(passes) else "no data"


Measure = Callable[[Array, Mask, Array], Array]


def _drawn(measure: Measure, score: Array, passes: Mask, cluster: Places, reason: str) -> Figure:
    """A measure of (n,) scores, with weights (B, n), and its interval by clusters."""
    n = len(passes)
    if reason:
        return undefined(reason, n)
    order = np.argsort(score, kind="stable")
    score, passes = score[order], passes[order]
    cluster = np.unique(cluster[order], return_inverse=True)[1].astype(np.int64)
    point = float(measure(score, passes, np.ones((1, n)))[0])
    rng = generator(seed_of((measure.__name__, score.tobytes(), passes.tobytes(), cluster.tobytes())))
    size = max(1, 2_000_000 // n)
    parts = [
        measure(score, passes, rng.standard_exponential((min(size, DRAWS - start), cluster.max() + 1))[:, cluster])
        for start in range(0, DRAWS, size)
    ]
    return Figure(point, *ends_of(point, sorted_draws(parts)), n, None)


def _auc(score: Array, passes: Mask, weights: Array) -> Array:
    """(B,), of scores in rising order."""
    starts = np.flatnonzero(np.concatenate([[True], score[1:] != score[:-1]]))
    good, bad = (np.add.reduceat(weights * side, starts, axis=1) for side in (passes, ~passes))
    under = np.cumsum(bad, axis=1) - bad / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Array = (good * under).sum(axis=1) / (good.sum(axis=1) * bad.sum(axis=1))
    return found


def _brier(score: Array, passes: Mask, weights: Array) -> Array:
    return np.asarray(weights @ (score - passes) ** 2 / weights.sum(axis=1), dtype=float)


def _bin_of(score: Array) -> Places:
    return np.minimum((score * BINS).astype(np.int64), BINS - 1)


def _ece(score: Array, passes: Mask, weights: Array) -> Array:
    """sum over bins |sum of w (passes - p)| / sum of w."""
    inside = _bin_of(score)[:, None] == np.arange(BINS)
    found: Array = np.abs(weights @ ((passes - score)[:, None] * inside)).sum(axis=1) / weights.sum(axis=1)
    return found


def _bins(probability: Array, passes: Mask) -> tuple[ReliabilityBin, ...]:
    """Those with a unit."""
    own = _bin_of(probability)
    return tuple(
        ReliabilityBin(
            place / BINS,
            (place + 1) / BINS,
            int((own == place).sum()),
            float(probability[own == place].mean()),
            float(passes[own == place].mean()),
        )
        for place in range(BINS)
        if (own == place).any()
    )


def risk_coverage(probability: Array, passes: Mask) -> tuple[RiskAt, ...]:
    """At each tenth of the units, the surest first; of units that are equally sure, the mean of any order. None without units."""
    n = len(passes)
    if not n:
        return ()
    sure, wrong = np.abs(probability - 0.5), (probability >= 0.5) != passes
    order = np.argsort(-sure, kind="stable")
    sure, wrong = sure[order], wrong[order].astype(float)
    starts = np.flatnonzero(np.concatenate([[True], sure[1:] != sure[:-1]]))
    sizes = np.diff(np.concatenate([starts, [n]]))
    alike = np.repeat(np.add.reduceat(wrong, starts) / sizes, sizes)
    summed = np.cumsum(alike)
    return tuple(RiskAt(each, float(summed[taken - 1] / taken)) for each in COVERAGES if (taken := round(each * n)))


def _blocking(score: Array, passes: Mask, dev: Mask) -> Blocking:
    """The threshold of the best F1 of what fails, on dev; what it does on the others."""
    fails, units, used = ~passes, int((~dev).sum()), int(dev.sum())
    if not fails[dev].any() or fails[dev].all():
        why = f"of {many(used, 'unit')} of dev none fails, or none passes"
        return Blocking(None, used, units, undefined(why), undefined(why), why)
    best, threshold = 0.0, float("-inf")
    for each in np.unique(score[dev])[:-1]:
        blocked = score[dev] <= each
        f1 = 2 * float((blocked & fails[dev]).sum()) / float(blocked.sum() + fails[dev].sum())
        if f1 > best:
            best, threshold = f1, float(each)
    blocked, bad = score[~dev] <= threshold, fails[~dev]
    hit = int((blocked & bad).sum())
    return Blocking(
        threshold if np.isfinite(threshold) else None,
        used,
        units,
        share(hit, int(bad.sum()), "no unit fails"),
        share(hit, int(blocked.sum()), "no unit is blocked"),
        None,
    )
