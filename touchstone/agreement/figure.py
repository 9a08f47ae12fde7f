"""A figure with its interval, or the reason why it is undefined; a pair's figures; the rule a dimension is judged by.

These are values: what computes them is in `report`, `clusters` and the folders beside this one.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from touchstone.agreement.coefficient import OF_TWO, Coefficient, on_level, with_meaning_on

Level = int | str
LAST_DIGITS = 1e-9  # what sums of shares may miss


class AgreementRule(Protocol):
    """What a rubric says of a dimension's agreement; `rubric.Agreement` is one."""

    @property
    def statistic(self) -> str: ...
    @property
    def weights(self) -> str: ...
    @property
    def threshold(self) -> float: ...


class PlainRule(NamedTuple):
    """A rule that no rubric states: `statistic` kappa or alpha, `weights` unweighted, linear or quadratic."""

    statistic: str
    weights: str
    threshold: float


@dataclass(frozen=True)
class Figure:
    """A figure with the ends of its 95 % interval, from `n` units with two labels; value, low and high are
    None together, and `reason` (see `report`) is there exactly then. Unrounded, but what only the last digits of a sum put
    beyond 1 or -1 is 1 or -1."""

    value: float | None
    low: float | None
    high: float | None
    n: int
    reason: str | None

    def __post_init__(self) -> None:
        for name in ("value", "low", "high"):
            if (number := getattr(self, name)) is not None and 1 < abs(number) <= 1 + LAST_DIGITS:
                object.__setattr__(self, name, math.copysign(1.0, number))

    def as_json(self) -> dict[str, float | str | None]:
        return {"value": self.value, "low": self.low, "high": self.high, "reason": self.reason}

    @property
    def ends(self) -> "Ends":
        """The three numbers of a figure that is defined; a programmer's mistake (ValueError) of one that is not."""
        if self.value is None or self.low is None or self.high is None:
            raise ValueError(f"the figure is undefined: {self.reason}")
        return Ends(self.value, self.low, self.high)


class Ends(NamedTuple):
    """A defined figure's value and the ends of its interval."""

    value: float
    low: float
    high: float


class VerdictInterval(NamedTuple):
    """The interval that a verdict rests on. `by`: unit, the figure's own; or cluster, where `clusters` are fewer than units."""

    by: str
    clusters: int
    low: float
    high: float

    def as_json(self) -> dict[str, str | int | float]:
        return self._asdict()


class Withheld(NamedTuple):
    """Why there is no verdict whatever the interval, and how many more drafts it takes at least until there can be one."""

    why: str
    least: int = 0


def undefined(reason: str, n: int = 0) -> Figure:
    """A figure that is not defined on `n` units with two labels, and why."""
    return Figure(None, None, None, n, reason)


REASONS = {
    "no data": "no label to compare",
    "one annotator": "only one annotator labelled",
    "no overlap": "no draft has two labels",
    "single level": "every label is the same",
    "one unit": "only one draft has two labels",
    "pairs at one level": "all labels of drafts that have two are the same",
    "annotator constant": "one annotator gave one level throughout",
    "nominal scale": "the levels have no order, so none is nearer to another",
}


def in_words(figure: Figure, level: Level | None = None) -> str:
    """For a page: ".79 [.53, .92]", or "undefined: every label is 2" when 2 is the only `level` given."""
    if figure.value is not None:
        value, low, high = figure.ends
        return f"{short(value)} [{short(low)}, {short(high)}]"
    if figure.reason == "single level" and level is not None:
        return f"undefined: every label is {level}"
    return f"undefined: {REASONS.get(figure.reason or '', figure.reason)}"


def figure_on_scale(coefficient: Coefficient, figure: Figure, scale: str, by: str) -> str:
    """For a cell of a table whose rows are on several scales, see `PairReport.in_words`."""
    if not with_meaning_on(scale, [coefficient]):
        return "–"
    return in_words(figure) + (" by value" if by == "value" and coefficient.is_weighted and figure.value is not None else "")


def signed(figure: Figure) -> str:
    """A difference for a page: "+.12 [−.03, +.27]", or why it is undefined."""
    if figure.value is None:
        return in_words(figure)
    value, low, high = (("+" if round(number, 2) > 0 else "") + short(number) for number in figure.ends)
    return f"{value} [{low}, {high}]"


def short(value: float) -> str:
    """Two decimals without the leading zero, and a minus that is one: ".79", "−.52", "1.00"."""
    size = f"{abs(value):.2f}"
    return ("−" if value < 0 and float(size) else "") + size.removeprefix("0")


def with_hyphens(words: str) -> str:
    """A sentence as JSON carries it: programs that look for a figure in it know the hyphen, not the minus.

    >>> with_hyphens("Tone −.40 [−.60, −.20], kappa −0.05")
    'Tone -.40 [-.60, -.20], kappa -0.05'
    """
    return re.sub(r"−(?=\d?\.\d\d)", "-", words)


def as_json(figures: Mapping[Coefficient, Figure], coefficients: Iterable[Coefficient], *, of_two: bool) -> dict[str, object]:
    """The figures of these coefficients, in this order, where the commands' JSON has them: kappas in one object, alphas too."""
    document: dict[str, object] = {}
    for coefficient in coefficients:
        group, *within = coefficient.path(of_two=of_two)
        if not within:
            document[group] = figures[coefficient].as_json()
            continue
        inside = document.setdefault(group, {})
        if isinstance(inside, dict):
            inside[within[0]] = figures[coefficient].as_json()
    return document


class BesideKappa(NamedTuple):
    """What the marginals of two annotators do to kappa (`estimation.marginals`); None where it is undefined."""

    prevalence_index: float | None
    bias_index: float | None
    pabak: float | None
    max_kappa: float | None

    @property
    def in_words(self) -> str:
        """For a page: "Largest unweighted kappa with these marginals .84; PABAK (Brennan-Prediger) .70; bias index .02."
        What is undefined is left out; "" where all is."""
        two = [(self.prevalence_index, "prevalence index"), (self.bias_index, "bias index")]
        told = [(self.max_kappa, "Largest unweighted kappa with these marginals"), (self.pabak, "PABAK (Brennan-Prediger)"), *two]
        words = [f"{name} {short(value)}" for value, name in told if value is not None]
        return "; ".join(words) + "." if words else ""


class PairReport(NamedTuple):
    """Two annotators on the units both labelled; `table[i][j]` counts a's level i and b's level j; `scale` that of the levels,
    `by` what weights go by, position or value."""

    a: str
    b: str
    n: int
    table: tuple[tuple[int, ...], ...]
    figures: Mapping[Coefficient, Figure]
    levels: tuple[Level, ...]
    beside: BesideKappa
    scale: str = "ordinal"
    by: str = "position"

    def in_words(self, coefficient: Coefficient) -> str:
        """A figure for a cell: ".79 [.53, .92] by value" where its weights go by value; a dash where it has no meaning."""
        return figure_on_scale(coefficient, self.figures[coefficient], self.scale, self.by)

    def in_order(self, levels: Sequence[Level]) -> "PairReport":
        """The same with its levels listed in another order."""
        if tuple(levels) == self.levels:
            return self
        places = [self.levels.index(level) for level in levels]
        table = tuple(tuple(self.table[i][j] for j in places) for i in places)
        by_level = {on_level(new): self.figures[on_level(old)] for new, old in enumerate(places)}
        return self._replace(table=table, figures={**self.figures, **by_level}, levels=tuple(levels))

    def as_json(self) -> dict[str, object]:
        return {
            "a": self.a,
            "b": self.b,
            "n": self.n,
            "table": [list(row) for row in self.table],
            **as_json(self.figures, OF_TWO, of_two=True),
            **self.beside._asdict(),
            "per_level": {str(level): self.figures[on_level(place)].as_json() for place, level in enumerate(self.levels)},
        }
