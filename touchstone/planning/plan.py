"""How many drafts to label: for an interval of a wanted half-width, or for an interval that lies over a threshold.

`agreement.verdict.further_drafts` asks how many drafts to add to a report; here the drafts are a new round's, all of them, and
what is known comes from a pilot that is not pooled with it, or is assumed.

Letters: p a table of proportions, s(p) the statistic, N drafts, sd(p) / sqrt N the standard error of s in a round of N,
x = 1 / sqrt N. The standard deviation is the delta method's, sd^2 = sum p_i (ds/dp_i)^2, the slopes by differences. The
ends of the interval are the report's own (Dirichlet draws, `formulas.draws`): drawn at a few sizes and a few tables,
(s - low) / (sd x) and (high - s) / (sd x) are fitted as 1.96 + a polynomial in x and s, as a quantile's expansion has it,
so that every other size and table costs next to nothing. A round of N does not come in the proportions p: its low end
strays by the sd of s and by what sd itself changes with s, and a chance of .8 adds .84 such strays.

What is answered are sizes N of drafts with two or more labels. Undefined (one level only, no pair of labels) is a reason.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from touchstone.agreement.coefficient import Coefficient
from touchstone.agreement.estimation.estimates import figures, judged_coefficient, labelling_seats
from touchstone.agreement.estimation.formulas import (
    Patterns,
    batch_of,
    drawn_tables,
    draws,
    patterns_of,
    quantiles_at,
    smoothed,
    values_of,
)
from touchstone.agreement.estimation.intervals import CELLS_AT_ONCE, ENDS, Array
from touchstone.agreement.estimation.seat_order import seats_by_labels
from touchstone.agreement.figure import AgreementRule, Figure, in_words, undefined
from touchstone.data.counts import Counts, in_own_order
from touchstone.data.label import Pattern

LEAST, MOST = 20, 5000  # sizes looked at: below, the expansion is no guide; above, nobody should plan
CHANCES = (0.5, 0.8)
QUARTILES = (0.25, 0.75)
TABLES = 200  # plausible tables drawn from the pilot
AROUND = 100  # drafts an assumption is taken to be worth, only to see how sd changes with s
SIZES = np.unique(np.geomspace(LEAST, MOST, 500).round()).astype(int)
STEP = 1e-6
Z = NormalDist().inv_cdf(ENDS[1])


@dataclass(frozen=True)
class DraftRange:
    """A range of sizes. An end that is None: more than 5,000, or none at all (see `SizeAnswer.share_under`)."""

    start: int | None
    end: int | None

    def as_json(self) -> dict[str, int | None]:
        return {"from": self.start, "to": self.end}

    def in_words(self) -> str:
        """Whole tens, outwards: the draws do not know the last digit."""
        if self.start is None:
            return f"over {MOST:,}"
        if self.end is None:
            return f"{self.start // 10 * 10:,} to over {MOST:,}"
        start, end = self.start // 10 * 10, -(-self.end // 10) * 10
        if self.start == self.end:
            return f"{end:,}"
        return f"{start:,} to {end:,}" if self.start > LEAST else f"up to {end:,}"


@dataclass(frozen=True)
class SizeAnswer:
    """Sizes for one question by chance, that a round of this size gets what is `asked` for.

    `needed`: by chance, the quartiles over the pilot's plausible tables (both the one size, without a pilot). `as_it_stands`:
    by chance, the size if the pilot's proportions (or the assumption) were exact; None over 5,000 or never. Of a
    threshold: `share_under`, the share of plausible values at or under it (0 or 1 without a pilot), and `never`, that the
    pilot's own value is. Of a half-width both are None and False.
    """

    asked: float
    needed: Mapping[float, DraftRange]
    as_it_stands: Mapping[float, int | None]
    share_under: float | None = None
    never: bool = False

    def as_json(self) -> dict[str, object]:
        found = {
            "asked": self.asked,
            "chances": {
                f"{chance:g}": {**self.needed[chance].as_json(), "as_it_stands": self.as_it_stands[chance]} for chance in CHANCES
            },
        }
        return found if self.share_under is None else {**found, "share_under": self.share_under, "never": self.never}

    @property
    def work(self) -> DraftRange:
        """The range that is recommended: at the higher chance."""
        return self.needed[CHANCES[-1]]

    def in_words(self, chance: float = CHANCES[-1]) -> str:
        return "no number of drafts will show it" if self.never else self.needed[chance].in_words()


class Curve(NamedTuple):
    """The interval to expect at each of `sizes` if the pilot's proportions (or the assumption) are exact."""

    sizes: tuple[int, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


@dataclass(frozen=True)
class DimensionPlan:
    """The plan of one dimension. `point`: the pilot's statistic with its interval, or the assumed one without; undefined
    with a reason, and then there is no answer and no curve. `labels_each`: labels a draft, over the `annotators`. `by`: what
    weights go by, position or value."""

    dimension: str
    coefficient: Coefficient
    point: Figure
    annotators: int
    labels_each: float
    half_width: SizeAnswer | None = None
    threshold: SizeAnswer | None = None
    curve: Curve | None = None
    only_level: int | str | None = None
    by: str = "position"

    @property
    def judged_by(self) -> str:
        """The coefficient for the cell or head of a table: "kappa, quadratic, by value"."""
        return self.coefficient.heading_by(self.by)

    @property
    def is_defined(self) -> bool:
        return self.point.value is not None

    @property
    def point_in_words(self) -> str:
        return in_words(self.point, self.only_level)

    def as_json(self) -> dict[str, object]:
        return {
            "statistic": str(self.coefficient),
            "by": self.by,
            "point": self.point.as_json(),
            "pilot_drafts": self.point.n,
            "annotators": self.annotators,
            "labels_per_draft": self.labels_each,
            "half_width": self.half_width.as_json() if self.half_width else None,
            "threshold": self.threshold.as_json() if self.threshold else None,
        }


def plan_from_pilot(
    counts: Counts, rule: AgreementRule, *, half_width: float | None = None, threshold: float | None = None
) -> DimensionPlan:
    """Sizes for a round like the pilot, from its counts and the rule's statistic (its threshold is not read).

    Drafts with one label are left out: they tell nothing of agreement. With no labels, one annotator or one level the
    point is undefined with a reason.
    """
    counts = in_own_order(counts)
    seats = labelling_seats(counts)
    coefficient = judged_coefficient(counts, rule)
    twice = {pattern: n for pattern, n in counts.patterns.items() if n and sum(p is not None for p in pattern) > 1}
    if not twice:
        reason = "no overlap" if len(seats) > 1 else "one annotator" if seats else "no data"
        return DimensionPlan(counts.dimension, coefficient, undefined(reason), len(seats), 0.0, by=counts.by)
    patterns = patterns_of(twice, seats_by_labels(twice, seats), counts.levels, counts.scale, counts.by)
    plan = _unanswered(counts, patterns, coefficient)
    if plan.point.value is None:
        return plan
    under = None
    if threshold is not None:
        drawn = draws(patterns, [coefficient])[coefficient]
        under = float(np.searchsorted(drawn, threshold, "right") / len(drawn))
    expected = ExpectedInterval(smoothed(patterns, coefficient), coefficient)
    return _answered(plan, expected, expected.cloud, under, half_width, threshold)


def _unanswered(counts: Counts, patterns: Patterns, coefficient: Coefficient) -> DimensionPlan:
    """What the pilot itself says: its figure, its annotators and how many labels a draft had."""
    used = {code for code in patterns.codes[patterns.counts > 0].ravel().tolist() if code >= 0}
    return DimensionPlan(
        counts.dimension,
        coefficient,
        figures(patterns, [coefficient])[coefficient],
        patterns.codes.shape[1],
        float(patterns.counts @ patterns.given / patterns.total),
        only_level=counts.levels[used.pop()] if len(used) == 1 else None,
        by=counts.by,
    )


def plan_from_assumption(
    levels: Sequence[int | str],
    kappa: float,
    marginals: Sequence[float],
    weights: str,
    *,
    half_width: float | None = None,
    threshold: float | None = None,
) -> DimensionPlan:
    """Sizes for two annotators with the same `marginals` (a share per level, summing to 1) and a true `kappa` in (0, 1).

    The table is kappa m_i [i = j] + (1 - kappa) m_i m_j: they disagree as chance would have it. Its kappa is `kappa`
    under all three weightings, since every weighted agreement is then kappa + (1 - kappa) times that by chance.
    """
    q, shares = len(levels), np.asarray(marginals, dtype=float)
    table = kappa * np.diag(shares) + (1 - kappa) * np.outer(shares, shares)
    cells: dict[Pattern, int] = {
        (i, j): round(1e6 * table[i, j]) for i in range(q) for j in range(q)
    }  # counts seed the draws, so whole ones
    patterns = replace(patterns_of(cells, (0, 1), levels), counts=table.ravel() * AROUND)
    coefficient = Coefficient("kappa", weights)
    patterns = smoothed(patterns, coefficient)
    plan = DimensionPlan("", coefficient, Figure(kappa, None, None, 0, None), 2, 2.0)
    expected = ExpectedInterval(patterns, coefficient)
    under = None if threshold is None else float(kappa <= threshold)
    return _answered(plan, expected, None, under, half_width, threshold)


def _answered(
    plan: DimensionPlan,
    expected: "ExpectedInterval",
    cloud: "Cloud | None",
    under: float | None,
    half_width: float | None,
    threshold: float | None,
) -> DimensionPlan:
    """The plan with its answers. The first value is the point's own; the plausible ones, if any, follow."""
    values, spreads = expected.spread(expected.patterns.counts[None, :])
    if cloud:
        values, spreads = np.append(values, cloud.values), np.append(spreads, cloud.spreads)
    low, high = expected.ends(values, spreads)
    if spreads[0] == 0:
        low[0], high[0] = expected.ends_of_alike()
    strays_for = {chance: NormalDist().inv_cdf(chance) for chance in CHANCES}
    if half_width is not None:
        half, stray = (high - low) / 2, expected.strays_of_half(values, spreads, low, high)
        sizes = {chance: _first(half + z * stray <= half_width) for chance, z in strays_for.items()}
        plan = replace(plan, half_width=_answer(half_width, sizes))
    if threshold is not None:
        stray = expected.strays_of_low(values, spreads, low)
        sizes = {chance: _first(low - z * stray >= threshold) for chance, z in strays_for.items()}
        never = plan.point.value is not None and plan.point.value <= threshold
        plan = replace(plan, threshold=_answer(threshold, sizes, under, never))
    seen = slice(None, None, 4)
    curve = Curve(tuple(SIZES[seen].tolist()), tuple(low[0, seen].tolist()), tuple(high[0, seen].tolist()))
    return replace(plan, curve=curve)


def _first(reached: NDArray[np.bool_]) -> Array:
    """(T,): per row of (T, sizes) the least size from which on it is reached at every size; inf where at none."""
    failed = ~reached
    last = np.where(failed.any(axis=1), len(SIZES) - 1 - failed[:, ::-1].argmax(axis=1), -1)
    sizes: Array = np.append(SIZES, np.inf)[last + 1]
    return sizes


def _answer(asked: float, sizes: Mapping[float, Array], under: float | None = None, never: bool = False) -> SizeAnswer:
    needed, exact = {}, {}
    for chance, of_tables in sizes.items():
        ends = np.quantile(of_tables[1:], QUARTILES, method="nearest") if len(of_tables) > 1 else of_tables[[0, 0]]
        needed[chance] = DraftRange(*(None if never or np.isinf(end) else int(end) for end in ends))
        exact[chance] = None if never or np.isinf(of_tables[0]) else int(of_tables[0])
    return SizeAnswer(asked, needed, exact, under, never)


class Cloud(NamedTuple):
    """Tables (T, P) drawn around the point's own, with their values and sds (T,), the least value first."""

    tables: Array
    values: Array
    spreads: Array


@dataclass(frozen=True, eq=False)
class ExpectedInterval:
    """The interval to expect of one coefficient, for tables of `patterns` at every size of SIZES."""

    patterns: Patterns
    coefficient: Coefficient

    def spread(self, tables: Array) -> tuple[Array, Array]:
        """(T,) the statistic and (T,) its sd for one draft, of each of `tables` (T, P); nan where undefined."""
        tables = tables / tables.sum(axis=1, keepdims=True)
        size = tables.shape[1]
        steps = np.concatenate([np.zeros((1, size)), STEP * np.eye(size)])
        at_once = max(1, CELLS_AT_ONCE // (size * (size + 1)))
        values = []
        for start in range(0, len(tables), at_once):
            moved = (tables[start : start + at_once, None, :] + steps).reshape(-1, size)
            values.append(values_of(batch_of(self.patterns, moved), self.patterns, self.coefficient))
        found = np.concatenate(values).reshape(-1, size + 1)
        # No term for the total: the statistic does not change when all cells grow alike, so sum p_i slope_i is 0.
        slopes = (found[:, 1:] - found[:, :1]) / STEP
        return found[:, 0], np.sqrt((tables * slopes**2).sum(axis=1))

    @cached_property
    def cloud(self) -> "Cloud":
        """Those undefined are left out."""
        tables = np.concatenate(list(drawn_tables(self.patterns, TABLES)))
        values, spreads = self.spread(tables)
        order = np.argsort(values)[: np.isfinite(values).sum()]
        order = order[np.isfinite(spreads[order]) & (spreads[order] > 0)]
        return Cloud(tables[order], values[order], spreads[order])

    @cached_property
    def fitted(self) -> Array:
        """(4, 2): coefficients of x, x s, x^2, x^2 s for the low and the high end."""
        tables, values, spreads = self.cloud
        x = np.linspace(MOST**-0.5, LEAST**-0.5, 5)
        rows, ends = [], []
        for place in np.linspace(0.05, 0.95, 4) * (len(values) - 1):
            table, value, spread = (each[int(place)] for each in (tables, values, spreads))
            low, high = quantiles_at(replace(self.patterns, counts=table), self.coefficient, x**-2, ENDS).T
            rows.append(_terms(x, np.full(len(x), value)))
            ends.append(np.stack([value - low, high - value], axis=1) / (spread * x)[:, None] - Z)
        fitted: Array = np.linalg.lstsq(np.concatenate(rows), np.concatenate(ends), rcond=None)[0]
        return fitted

    @cached_property
    def bend(self) -> Array:
        """(3,): the quadratic of sd over s in the cloud: near the point its slope is what sd changes with s."""
        _, values, spreads = self.cloud
        return np.polyfit(values, spreads, 2)

    @property
    def x(self) -> Array:
        return SIZES**-0.5

    def ends(self, values: Array, spreads: Array) -> tuple[Array, Array]:
        """(T, sizes) low and high, for tables with these values and sds."""
        away = Z + np.einsum("tsc,ce->ets", _terms(self.x[None, :], values[:, None]), self.fitted)
        away = np.maximum(away, 0) * spreads[:, None] * self.x
        return values[:, None] - away[0], values[:, None] + away[1]

    def ends_of_alike(self) -> Array:
        """(2, sizes) low and high where the point's own table has no disagreement, so that it has no sd to go by: drawn,
        and interpolated. Such rounds are all alike, so nothing strays."""
        x = np.linspace(MOST**-0.5, LEAST**-0.5, 8)
        drawn = quantiles_at(self.patterns, self.coefficient, x**-2, ENDS)
        return np.array([np.interp(self.x, x, drawn[:, 0]), np.ones(len(SIZES))])

    def _slope(self, values: Array) -> Array:
        """(T, 1): by how much sd changes with s."""
        return np.polyval(np.polyder(self.bend), values)[:, None]

    def strays_of_low(self, values: Array, spreads: Array, low: Array) -> Array:
        """(T, sizes): the sd of the low end over rounds. Low is s - c sd x: it moves with s by 1 - c x dsd/ds."""
        stray = spreads[:, None] * self.x - (values[:, None] - low) * self.x * self._slope(values)
        return np.abs(stray) * (spreads[:, None] > 0)

    def strays_of_half(self, values: Array, spreads: Array, low: Array, high: Array) -> Array:
        """(T, sizes): the sd of the half-width over rounds, as it moves with sd and so with s."""
        return (high - low) / 2 * np.abs(self._slope(values)) * self.x * (spreads[:, None] > 0)


def _terms(x: Array, values: Array) -> Array:
    """(.., 4): x, x s, x^2, x^2 s."""
    return np.stack(np.broadcast_arrays(x, x * values, x**2, x**2 * values), axis=-1)
