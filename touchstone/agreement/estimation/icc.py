"""Intraclass correlations of ratings, or of levels that are numbers: units by annotators, each annotator once a unit.

Shrout and Fleiss 1979 (Psychol. Bull. 86: 420-428), McGraw and Wong 1996 (Psychol. Methods 1: 30-46). From the mean squares of
n units (MSR), k annotators (MSC) and what is left (MSE):

    ICC(2,1)  absolute agreement, one rating   (MSR - MSE) / (MSR + (k - 1) MSE + k (MSC - MSE) / n)
    ICC(2,k)  absolute agreement, their mean   (MSR - MSE) / (MSR + (MSC - MSE) / n)
    ICC(3,1)  consistency, one rating          (MSR - MSE) / (MSR + (k - 1) MSE)
    ICC(3,k)  consistency, their mean          (MSR - MSE) / MSR

ICC(2, .) takes the annotators for a sample of those there could be (two-way random), ICC(3, .) for all there are (two-way
mixed). The 95 % intervals are the exact F interval of ICC(3, .) and, of ICC(2, .), the one with Satterthwaite's degrees of
freedom: they rest on normal errors, other than every interval elsewhere here. Units that lack a rating of one annotator are
left out, and counted.

Undefined with a reason: no data, one annotator, fewer than two complete units, single level (every rating is the same), levels
are not numbers, slots are not people, "no spread between units" (the mean squares leave no value, or an interval without an
end).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from touchstone.agreement.estimation.estimates import labelling_seats
from touchstone.agreement.estimation.formulas import are_numbers, patterns_of
from touchstone.agreement.estimation.intervals import ENDS, Array, holding
from touchstone.agreement.estimation.seat_order import ratings_by_labels, seats_by_labels
from touchstone.agreement.figure import Figure, undefined
from touchstone.data.counts import Counts
from touchstone.english import many

ICCS = ("ICC(2,1)", "ICC(2,k)", "ICC(3,1)", "ICC(3,k)")
NO_SPREAD = "no spread between units"
SMALL = 1e-12  # a mean square that is only the last digits of sums, beside the largest


@dataclass(frozen=True)
class IntraclassCorrelations:
    """The four of `ICCS`, on `units` complete units of `annotators` people; `left_out` units lack a rating. `is_without_error`:
    nothing is left that units and annotators do not explain, so that the intervals are points and say nothing."""

    figures: Mapping[str, Figure]
    annotators: int
    units: int
    left_out: int
    is_without_error: bool = False

    @property
    def is_shown(self) -> bool:
        """Whether a report in words has anything to say of them: levels that are words, and slots, have no complete unit."""
        return self.units > 0

    @property
    def rows(self) -> tuple[tuple[str, Figure], ...]:
        """Each with its name, the number of annotators in the place of k: ("ICC(2,1)", ..), ("ICC(2,3)", ..)."""
        return tuple((name.replace("k", str(self.annotators)), self.figures[name]) for name in ICCS)

    @property
    def basis(self) -> str:
        """What they rest on: "30 complete units by 2 annotators, 1 without a rating of everyone left out"."""
        left_out = f", {self.left_out} without a rating of everyone left out" if self.left_out else ""
        return f"{many(self.units, 'complete unit')} by {many(self.annotators, 'annotator')}{left_out}"

    @property
    def caption(self) -> str:
        """What is to be said over a table of `rows`."""
        return (
            f"Intraclass correlations of {self.basis}: absolute agreement, ICC(2, .), and consistency, ICC(3, .), of one rating "
            "and of the mean. Their intervals rest on normal errors."
        )

    @property
    def warnings(self) -> tuple[str, ...]:
        if not self.is_without_error:
            return ()
        return (
            "ICC: nothing varies but units and annotators, so its F interval is a point or nearly one and does not say how sure "
            "the figure is.",
        )

    def as_json(self) -> dict[str, object]:
        return {
            "annotators": self.annotators,
            "units": self.units,
            "left_out": self.left_out,
            **{name: self.figures[name].as_json() for name in ICCS},
        }


class MeanSquares(NamedTuple):
    """Of the two-way table: between units, between annotators, and of what is left; 0 where it is only the last digits."""

    units: float
    annotators: float
    error: float
    n: int
    k: int


def icc_of_ratings(ratings: Array) -> IntraclassCorrelations:
    """`ratings` (U, m): a row a unit, a column an annotator, nan where there is none."""
    there = ~np.isnan(ratings)
    given = ratings_by_labels(ratings[there.any(axis=1)][:, there.any(axis=0)])
    return _icc(given, np.ones(len(given)))


def icc_of_counts(counts: Counts, *, are_people: bool) -> IntraclassCorrelations | None:
    """Of the levels as numbers; None on a nominal scale, where no level is more than another."""
    if counts.scale == "nominal":
        return None
    seats = labelling_seats(counts)
    if not are_people or not are_numbers(counts.levels):
        return _none("levels are not numbers" if are_people else "slots are not people", len(seats), 0, counts.units)
    if len(seats) < 2:
        return _none("one annotator" if seats else "no data", len(seats), 0, counts.units)
    patterns = patterns_of(counts.patterns, seats_by_labels(counts.patterns, seats), counts.levels)
    numbers = np.asarray(patterns.numbers)
    return _icc(np.where(patterns.codes >= 0, numbers[patterns.codes], np.nan), patterns.counts)


def _none(reason: str, annotators: int, units: int, left_out: int) -> IntraclassCorrelations:
    return IntraclassCorrelations(dict.fromkeys(ICCS, undefined(reason, units)), annotators, units, left_out)


def _icc(rows: Array, counts: Array) -> IntraclassCorrelations:
    """`rows` (P, k): patterns, nan where a rating is missing; `counts` (P,): how many units have each."""
    if not len(rows):
        return _none("no data", 0, 0, 0)
    complete, k = ~np.isnan(rows).any(axis=1), rows.shape[1]
    units, left_out = int(counts[complete].sum()), int(counts[~complete].sum())
    if k < 2 or units < 2:
        return _none("one annotator" if k < 2 else "fewer than two complete units", k, units, left_out)
    squares = mean_squares(rows[complete], counts[complete])
    if squares is None:
        return _none("single level", k, units, left_out)
    found = {name: _figure(*three, units) for name, three in zip(ICCS, _all_four(squares), strict=True)}
    return IntraclassCorrelations(found, k, units, left_out, squares.error == 0)


def mean_squares(rows: Array, counts: Array) -> MeanSquares | None:
    """Of complete rows (P, k) of which there are `counts` (P,), two units or more; in a unit of their own, which no ICC depends
    on. None where every rating is the same."""
    rows = rows / (np.abs(rows).max() or 1.0)
    n, k = float(counts.sum()), rows.shape[1]
    rows = rows - counts @ rows.mean(axis=1) / n
    if np.abs(rows).max() < SMALL:
        return None
    rows = rows / np.abs(rows).max()
    of_unit, of_annotator = rows.mean(axis=1), counts @ rows / n
    left = rows - of_unit[:, None] - of_annotator
    squares = (
        k * counts @ of_unit**2 / (n - 1),
        n * (of_annotator**2).sum() / (k - 1),
        counts @ (left**2).sum(axis=1) / ((n - 1) * (k - 1)),
    )
    units, annotators, error = (float(each) if each > SMALL * max(squares) else 0.0 for each in squares)
    return MeanSquares(units, annotators, error, int(n), k)


Three = tuple[float, float, float]  # value, low, high


def _all_four(squares: MeanSquares) -> tuple[Three, Three, Three, Three]:
    """In the order of `ICCS`; nan where undefined."""
    r, c, e, n, k = squares
    one = _random(squares)
    low, high = (_divided(k * end, 1 + (k - 1) * end) for end in one[1:])
    return one, (_divided(r - e, r + (c - e) / n), low, high), *_mixed(squares)


def _divided(above: float, below: float) -> float:
    return above / below if below > 0 else float("nan")


def _random(squares: MeanSquares) -> Three:
    """ICC(2,1): Shrout and Fleiss 1979, with Satterthwaite's degrees of freedom for the variance of annotators and error
    together."""
    r, c, e, n, k = squares
    rho = _divided(r - e, r + (k - 1) * e + k * (c - e) / n)
    of_annotators, of_error = k * rho * c, (n * (1 + (k - 1) * rho) - k * rho) * e
    squared = (n - 1) * of_annotators**2 + of_error**2
    freedom = (k - 1) * (n - 1) * _divided((of_annotators + of_error) ** 2, squared)
    if not freedom > 0:  # neither annotators nor error vary
        return (rho, rho, rho)
    rest = k * c + (k * n - k - n) * e
    lower, upper = _f(n - 1, freedom), _f(freedom, n - 1)
    return rho, _divided(n * (r - lower * e), lower * rest + n * r), _divided(n * (upper * r - e), rest + n * upper * r)


def _mixed(squares: MeanSquares) -> tuple[Three, Three]:
    """ICC(3,1) and ICC(3,k)."""
    r, _, e, n, k = squares
    if e == 0:
        certain = 1.0 if r else float("nan")
        return (certain, certain, certain), (certain, certain, certain)
    ratio, freedom = r / e, (n - 1) * (k - 1)
    three = (ratio, ratio / _f(n - 1, freedom), ratio * _f(freedom, n - 1))
    one, mean = ([_divided(f - 1, f + k - 1) for f in three], [1 - _divided(1, f) for f in three])
    return (one[0], one[1], one[2]), (mean[0], mean[1], mean[2])


def _f(above: float, below: float) -> float:
    """The 97.5 % point of F."""
    from scipy.stats import f

    return float(f.ppf(ENDS[1], above, below))


def _figure(value: float, low: float, high: float, units: int) -> Figure:
    if not np.isfinite([value, low, high]).all():
        return undefined(NO_SPREAD, units)
    return Figure(value, *holding(value, low, high), units, None)
