"""The agreement report of one dimension: figures with their intervals, the verdict, and how many more labels.

Figures come from the counts of `label.Counts`, never from the labels. A point kappa of a pair is statsmodels'; the
rest, and all draws of the intervals, are `coefficients`. A figure that is undefined is None with a reason:

    no data              no label (of this level, for the agreement on a level)
    one annotator        labels of one annotator only
    no overlap           no unit with two labels
    single level         every label is the same: chance alone agrees always
    annotator constant   one of two annotators gave one level throughout: kappa would be 0 whatever the other gave
    levels are not numbers   interval alpha of levels that are words

Percent, AC1, AC2 and Brennan-Prediger stay defined when every label is the same. Nothing here raises on thin data.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray
from statsmodels.stats.inter_rater import cohens_kappa

from touchstone.cautions import cautions
from touchstone.coefficients import Patterns, are_numbers, draws, patterns_of, points, quantiles
from touchstone.label import Counts

ENDS = (0.025, 0.975)
MOST = 1000  # drafts more than this are not worth promising
KAPPAS = ("kappa unweighted", "kappa linear", "kappa quadratic")
ALPHAS = ("alpha nominal", "alpha ordinal", "alpha interval")
OF_BOTH = ("percent", "fleiss unweighted", "ac unweighted", "ac quadratic", "bp unweighted")


class Rule(Protocol):
    """What a rubric says of a dimension's agreement; `rubric.Agreement` is one."""

    @property
    def statistic(self) -> str: ...
    @property
    def weights(self) -> str: ...
    @property
    def threshold(self) -> float: ...


@dataclass(frozen=True)
class Figure:
    """A figure with the ends of its 95 % interval, from `n` units with two labels; value, low and high are None
    together, and `reason` (see the module) is there exactly then. Unrounded."""

    value: float | None
    low: float | None
    high: float | None
    n: int
    reason: str | None

    def as_json(self) -> dict[str, object]:
        return {"value": self.value, "low": self.low, "high": self.high, "reason": self.reason}


def undefined(reason: str, n: int = 0) -> Figure:
    return Figure(None, None, None, n, reason)


def in_words(figure: Figure, level: int | str | None = None) -> str:
    """A figure for a page: ".79 [.53, .92]", or "undefined: every label is 2" where `level` is the only one given."""
    if figure.value is not None:
        return f"{_short(figure.value)} [{_short(figure.low)}, {_short(figure.high)}]"
    words = {
        "no data": "no label to compare",
        "one annotator": "only one annotator labelled",
        "no overlap": "no draft has two labels",
        "single level": "every label is the same" if level is None else f"every label is {level}",
        "annotator constant": "one annotator gave one level throughout",
    }
    return f"undefined: {words.get(figure.reason, figure.reason)}"


def figures(patterns: Patterns, names: Sequence[str]) -> dict[str, Figure]:
    """The named coefficients (names as in `coefficients.coefficient`) with their intervals."""
    n = int(patterns.counts[patterns.given >= 2].sum())
    if n == 0:
        return {name: undefined("no overlap") for name in names}
    values = points(patterns, names) | _library_kappas(patterns, names)
    reasons = {name: _why_undefined(patterns, name, values[name]) for name in names}
    ends = intervals(patterns, {name: values[name] for name in names if reasons[name] is None})
    return {
        name: undefined(reason, n) if reason else Figure(values[name], *ends[name], n, None)
        for name, reason in reasons.items()
    }


def intervals(patterns: Patterns, values: Mapping[str, float]) -> dict[str, tuple[float, float]]:
    """Low and high of each named coefficient, widened to hold its point in `values`.

    2.5 and 97.5 points of 4,000 draws seeded by the digest of the counts (see `coefficients.patterns_of` for what is
    drawn); draws in which a figure is undefined are left out. With more than two annotators who all agree the
    bootstrap has nothing to vary, and the interval is the point.
    """
    if not values:
        return {}
    if everyone_agrees(patterns) and not patterns.prior.any():
        return {name: (value, value) for name, value in values.items()}
    drawn = draws(patterns, tuple(values))
    ends = {name: quantiles(drawn[name], ENDS) if len(drawn[name]) else (value,) * 2 for name, value in values.items()}
    return {name: (min(float(ends[name][0]), v), max(float(ends[name][1]), v)) for name, v in values.items()}


def everyone_agrees(patterns: Patterns) -> bool:
    return points(patterns, ["percent"])["percent"] == 1


def verdict(figure: Figure, threshold: float) -> str | None:
    """"meets" when the whole interval is at or over the threshold, "below" when it is under, else "undecided"."""
    if figure.value is None:
        return None
    return "meets" if figure.low >= threshold else "below" if figure.high < threshold else "undecided"


@dataclass(frozen=True)
class More:
    """Drafts beyond those labelled; `start` and `end` None when more labels will not settle it (see `more`)."""

    start: int | None
    end: int | None
    half_width_05: int | None = None

    def as_json(self) -> dict[str, object]:
        if self.start is not None:
            return {"from": self.start, "to": self.end}
        return {"from": None, "to": None, "sentence": self.in_words(), "half_width_05": self.half_width_05}

    def in_words(self) -> str:
        """Whole tens, outwards: the draws do not know the last digit."""
        if self.start is None:
            return "at the threshold: more labels will not settle it"
        return f"{max(self.start // 10 * 10, 1)} to {-(-self.end // 10) * 10} more"


def more(patterns: Patterns, name: str, threshold: float) -> More:
    """How many more drafts until the interval of the named figure leaves the threshold, for one now undecided.

    The labels to come are taken to be like those that came: N units in the proportions of the counts give the
    interval [low(N), high(N)] by the report's own method. But N real units do not come in exact proportion; their
    point strays by what the quartiles of the draws at N say, times sqrt(m / N) since only m of them are new. Say the
    point is over the threshold: `start` is the least m at which a lucky quarter of such rounds is decided
    (low + stray >= threshold), `end` the least at which all but an unlucky quarter are (low - stray >= threshold).
    So half of all rounds fall between, if the proportions are what they seem; that they may not be is not in it.
    The farther the threshold from the point, the fewer. With an end over 1,000 there is no range, and
    `half_width_05` says how many more would bring the half-width to .05 (beyond 1,000: as 1 / sqrt N).

    The quantiles are drawn at five sizes equally spaced in 1 / sqrt N, in which they run almost straight, and
    interpolated between.
    """
    n = patterns.total
    nodes = np.linspace((n + MOST) ** -0.5, n**-0.5, 5)
    at = (ENDS[0], 0.25, 0.5, 0.75, ENDS[1])
    drawn = [quantiles(draws(patterns, [name], total=node**-2)[name], at) for node in nodes]
    point = points(patterns, [name])[name]
    added = np.arange(1, MOST + 1)
    low, lower, middle, upper, high = (
        np.interp((n + added) ** -0.5, nodes, column) for column in np.array(drawn).T
    )
    new = np.sqrt(added / (n + added))
    low, high = np.minimum(low, point), np.maximum(high, point)
    if point >= threshold:
        lucky, unlucky = low + (upper - middle) * new >= threshold, low - (middle - lower) * new >= threshold
    else:
        lucky, unlucky = high - (middle - lower) * new < threshold, high + (upper - middle) * new < threshold
    if unlucky.any():
        return More(int(added[lucky.argmax()]), int(added[unlucky.argmax()]))
    half = (high - low) / 2
    if (half <= 0.05).any():
        return More(None, None, int(added[(half <= 0.05).argmax()]))
    return More(None, None, int(np.ceil((n + MOST) * (half[-1] / 0.05) ** 2 - n)))


class PairReport(NamedTuple):
    """Two annotators on the units both labelled; `table[i][j]` counts a's level i and b's level j."""

    a: str
    b: str
    n: int
    table: tuple[tuple[int, ...], ...]
    figures: Mapping[str, Figure]
    levels: tuple[int | str, ...]

    def as_json(self) -> dict[str, object]:
        e = {name: figure.as_json() for name, figure in self.figures.items()}
        return {
            "a": self.a, "b": self.b, "n": self.n, "table": [list(row) for row in self.table], "percent": e["percent"],
            "kappa": {name.removeprefix("kappa "): e[name] for name in KAPPAS},
            "scott_pi": e["fleiss unweighted"], "ac1": e["ac unweighted"], "ac2": e["ac quadratic"],
            "bp": e["bp unweighted"], "per_level": {str(v): e[f"level {k}"] for k, v in enumerate(self.levels)},
        }  # fmt: skip


@dataclass(frozen=True)
class DimensionReport:
    """The report of one dimension. `overall` is keyed as in `coefficients.coefficient`; `judged` is the figure that
    the rubric's rule is about (None without a rule); `only_level` the level every label has, if there is one."""

    dimension: str
    levels: tuple[int | str, ...]
    annotators: tuple[str, ...]
    units: int
    units_with_two: int
    clusters: int
    statistic: str | None
    weights: str | None
    threshold: float | None
    flagged: bool | None
    verdict: str | None
    more: More | None
    judged: Figure | None
    only_level: int | str | None
    pairs: tuple[PairReport, ...]
    overall: Mapping[str, Figure]
    warnings: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """Exactly the shape of "agreement, report" in the commands: plain lists, dicts, numbers, None."""
        e = {name: figure.as_json() for name, figure in self.overall.items()}
        return {
            "levels": list(self.levels), "annotators": list(self.annotators), "units": self.units,
            "units_with_two": self.units_with_two, "clusters": self.clusters, "statistic": self.statistic,
            "weights": self.weights, "threshold": self.threshold, "flagged": self.flagged, "verdict": self.verdict,
            "more": self.more and self.more.as_json(), "pairs": [pair.as_json() for pair in self.pairs],
            "overall": {
                "percent": e["percent"], "fleiss": e["fleiss unweighted"], "conger": e["kappa unweighted"],
                "alpha": {name.removeprefix("alpha "): e[name] for name in ALPHAS},
                "ac1": e["ac unweighted"], "ac2": e["ac quadratic"], "bp": e["bp unweighted"],
            },
            "warnings": list(self.warnings),
        }  # fmt: skip


def dimension_report(counts: Counts, agreement: Rule | None) -> DimensionReport:
    """Everything about one dimension's agreement. `agreement` None (no rubric): statistic, weights, threshold,
    flagged, verdict and more are None.

    Annotators without a label do not count. Two: the rule's kappa on the units both labelled, or alpha if the rule
    says so. More, or pairs from a pool: alpha over all of them, never a mean of pairs. The metric of alpha matches
    the weights: unweighted nominal, linear ordinal, quadratic interval (ordinal where levels are not numbers).
    With no labels, or one annotator, every figure is there and undefined.
    """
    seats = [seat for seat in range(len(counts.annotators)) if any(p[seat] is not None for p in counts.patterns)]
    pairs, patterns_of_pair = _pairs(counts, seats)
    everything = patterns_of(counts.patterns, seats, counts.levels) if len(seats) > 1 else None
    names = (*OF_BOTH, "kappa unweighted", *ALPHAS)
    if everything is None:
        overall = dict.fromkeys(names, undefined("one annotator" if seats else "no data"))
    elif len(seats) == 2 and pairs and pairs[0].n == counts.units:
        overall = pairs[0].figures  # the same counts, so the same figures, drawn once
    else:
        overall = figures(everything, names)
    judged, name, statistic = None, "", None
    if agreement:
        statistic = "alpha" if len(seats) > 2 else agreement.statistic
        name = f"{statistic} {agreement.weights if statistic == 'kappa' else _metric(agreement.weights, counts)}"
        judged = pairs[0].figures[name] if statistic == "kappa" and pairs else overall.get(name, overall["percent"])
    decided = verdict(judged, agreement.threshold) if judged else None
    used = {code for pattern in counts.patterns for code in pattern if code is not None}
    only_level = counts.levels[used.pop()] if len(used) == 1 else None
    further = None
    if decided == "undecided":
        further = more(patterns_of_pair[0] if statistic == "kappa" else everything, name, agreement.threshold)
    return DimensionReport(
        dimension=counts.dimension,
        levels=counts.levels,
        annotators=counts.annotators,
        units=counts.units,
        units_with_two=counts.units_with_two,
        clusters=counts.clusters,
        statistic=statistic,
        weights=agreement.weights if agreement else None,
        threshold=agreement.threshold if agreement else None,
        flagged=None if judged is None or judged.value is None else judged.value < agreement.threshold,
        verdict=decided,
        more=further,
        judged=judged,
        only_level=only_level,
        pairs=pairs,
        overall=overall,
        warnings=tuple(cautions(counts, agreement, statistic, pairs, overall)),
    )


def _pairs(counts: Counts, seats: Sequence[int]) -> tuple[tuple[PairReport, ...], list[Patterns]]:
    """Every pair with units both labelled, in the order of the annotators, and the patterns each was made from."""
    q, reports, kept = len(counts.levels), [], []
    names = (*OF_BOTH, *KAPPAS, *(f"level {k}" for k in range(q)), *(ALPHAS if len(seats) == 2 else ()))
    for a, b in combinations(seats, 2):
        both = {p: n for p, n in counts.patterns.items() if n and p[a] is not None and p[b] is not None}
        if not both:
            continue
        patterns = patterns_of(both, (a, b), counts.levels)
        table = tuple(tuple(row) for row in _table(patterns).tolist())
        found = figures(patterns, names)
        reports.append(
            PairReport(counts.annotators[a], counts.annotators[b], sum(both.values()), table, found, counts.levels)
        )
        kept.append(patterns)
    return tuple(reports), kept


def _table(patterns: Patterns) -> NDArray[np.int64]:
    """The q x q table of two annotators; its cells come first and in order (see `patterns_of`)."""
    q = patterns.q
    return patterns.counts[: q * q].astype(np.int64).reshape(q, q)


def _library_kappas(patterns: Patterns, names: Sequence[str]) -> dict[str, float]:
    """Cohen's kappas by statsmodels, for two annotators with complete pairs, where kappa is defined."""
    wanted = [name for name in names if name in KAPPAS]
    complete = patterns.codes.shape[1] == 2 and len(patterns.codes) == patterns.q**2
    if not wanted or not complete or _constant(patterns):
        return {}
    table, weights = _table(patterns), np.arange(patterns.q)
    # By position among the declared levels: statsmodels' 1-d weights with `wt` make |i - j| and (i - j)^2 of them.
    how = {
        "kappa unweighted": {},
        "kappa linear": {"weights": weights, "wt": "linear"},
        "kappa quadratic": {"weights": weights, "wt": "quadratic"},
    }
    return {name: float(cohens_kappa(table, return_results=False, **how[name])) for name in wanted}


def _constant(patterns: Patterns) -> bool:
    """Whether some annotator gave one level throughout."""
    given = np.tensordot(patterns.counts, patterns.chosen, axes=1) > 0
    return bool((given.sum(axis=1) == 1).any())


def _why_undefined(patterns: Patterns, name: str, value: float) -> str | None:
    if name == "alpha interval" and patterns.numbers is None:
        return "levels are not numbers"
    if np.isnan(value):
        return "no data" if name.startswith("level ") else "single level"
    # With one of two annotators constant, pa = pe whatever the other gave: the 0 is of the formula, not of the labels.
    if name in KAPPAS and patterns.codes.shape[1] == 2 and _constant(patterns):
        return "annotator constant"
    return None


def _metric(weights: str, counts: Counts) -> str:
    if weights == "quadratic" and are_numbers(counts.levels):
        return "interval"
    return "nominal" if weights == "unweighted" else "ordinal"


def _short(value: float) -> str:
    """Two decimals without the leading zero."""
    return f"{value:.2f}".replace("0.", ".", 1).replace("-.00", ".00")
