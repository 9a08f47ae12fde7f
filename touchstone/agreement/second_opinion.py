"""A second opinion: a dimension's figures computed again, from the raw labels and by kept libraries.

The report's own figures come from counts made when the round closed; here nothing does. Each figure that a library
has is computed by it and laid beside ours; farther apart than 1e-9 is a fault of ours and is said so.

    percent, kappas, agreement on a level     scikit-learn (accuracy_score, cohen_kappa_score, f1_score of one level:
                                              2 n_kk / (n_k. + n_.k) is the F1 of that level)
    Scott's pi, Fleiss, Brennan-Prediger      statsmodels (fleiss_kappa; pi is Fleiss' of two; Randolph's is
                                              Brennan-Prediger's), where every unit has the same number of labels
    alphas                                    krippendorff
    kappas weighted by value                  statsmodels (cohens_kappa with the levels' values)
    AC1, AC2, Conger of more than two,        one implementation, ours: no kept library has them from labels
    weighted pi, Fleiss, Brennan-Prediger

scikit-learn and krippendorff come with the extra `second-opinion` and are imported when first asked; without them there is no
second opinion, and the sentence says so.

A figure that is undefined (see `report`) has nothing to be compared: libraries give nan, raise, or say 1.0.
"""

import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib.util import find_spec
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from touchstone.agreement.coefficient import (
    BRENNAN_PREDIGER,
    FLEISS,
    INTERVAL_ALPHA,
    KAPPAS,
    NOMINAL_ALPHA,
    ORDINAL_ALPHA,
    PERCENT,
    Coefficient,
    on_level,
    with_meaning_on,
)
from touchstone.agreement.estimation.formulas import are_numbers
from touchstone.agreement.estimation.intervals import Array
from touchstone.agreement.figure import Figure, Level, PairReport
from touchstone.agreement.report import DimensionReport
from touchstone.data.bulk_counts import MISSING
from touchstone.data.counts import own_order
from touchstone.data.label import LabelRow
from touchstone.english import listed, many

APART = 1e-9
MOST_UNITS = 100_000
LIBRARIES = {"sklearn": "scikit-learn", "krippendorff": "krippendorff"}  # those that an extra brings, by module
Codes = NDArray[np.int64]


class Compared(NamedTuple):
    """One figure and what a library makes of the raw labels; `library` None where none has it (`theirs` None too)."""

    of: tuple[str, ...]
    coefficient: Coefficient
    library: str | None
    ours: float
    theirs: float | None
    is_overall: bool  # of all labels, those of drafts that not everyone labelled too

    @property
    def apart(self) -> float | None:
        """How far the two are apart; infinite where the library finds the figure undefined. None: one implementation."""
        if self.library is None:
            return None
        return abs(self.ours - self.theirs) if self.theirs is not None and np.isfinite(self.theirs) else float("inf")

    def as_json(self) -> dict[str, object]:
        return {
            "of": list(self.of),
            "figure": str(self.coefficient),
            "library": self.library,
            "ours": self.ours,
            "theirs": self.theirs,
        }


@dataclass(frozen=True)
class Opinion:
    """All comparisons of one dimension. `left_out` says why there is none (too many units); "" otherwise."""

    compared: tuple[Compared, ...]
    left_out: str = ""

    @property
    def differences(self) -> list[tuple[Compared, float]]:
        """What a library was asked for, with how far it is apart."""
        return [(compared, compared.apart) for compared in self.compared if compared.apart is not None]

    @property
    def faults(self) -> list[Compared]:
        return [compared for compared, apart in self.differences if apart > APART]

    @property
    def agreeing(self) -> tuple[str, ...]:
        """Libraries that were asked and agree on everything they were asked for."""
        asked = dict.fromkeys(compared.library for compared in self.compared if compared.library)
        wrong = {compared.library for compared in self.faults}
        return tuple(library for library in asked if library not in wrong)

    @property
    def alone(self) -> tuple[str, ...]:
        """Figures with one implementation, ours, in words."""
        alone = [compared for compared in self.compared if compared.library is None]
        of_pairs = dict.fromkeys(compared.coefficient for compared in alone if not compared.is_overall)
        overall = dict.fromkeys(compared.coefficient for compared in alone if compared.is_overall)
        named = [coefficient.spoken for coefficient in of_pairs]
        if more := [coefficient.spoken_of_all for coefficient in overall if coefficient not in of_pairs]:
            named.append(f"over all labels {listed(more)}")
        return tuple(named)

    @property
    def sentence(self) -> str:
        if self.left_out:
            return self.left_out
        if self.faults:
            return f"{many(len(self.faults), 'figure')} differ from a library's: a bug in this program"
        if not self.agreeing:
            return "no figure is defined, so there is nothing to compare"
        return f"{listed(self.agreeing)} {'agrees' if len(self.agreeing) == 1 else 'agree'}"

    @property
    def lines(self) -> tuple[str, ...]:
        """For reports: a sentence for each fault, else one for all; then what has one implementation."""
        faults = [
            f"{fault.coefficient.spoken} of {listed(fault.of)}: {fault.ours!r} here, {fault.theirs!r} by "
            f"{fault.library}. This is a bug in this program: do not use the figure."
            for fault in self.faults
        ]
        alone = ["Only one implementation, ours: " + "; ".join(self.alone) + "."] if self.alone else []
        return (*(faults or [self._without_fault]), *alone)

    @property
    def _without_fault(self) -> str:
        sentence = self.sentence[:1].upper() + self.sentence[1:]
        if not self.differences:
            return f"{sentence}."
        most = max(apart for _, apart in self.differences)
        apart = f"at most {most:.0e} apart." if most else "no difference."
        return f"{sentence} on the raw labels: {many(len(self.differences), 'figure')}, {apart}"

    def as_json(self) -> dict[str, object]:
        return {
            "agree": list(self.agreeing),
            "faults": [fault.as_json() for fault in self.faults],
            "one_implementation": list(self.alone),
            "left_out": self.left_out or None,
            "largest_difference": max((apart for _, apart in self.differences if np.isfinite(apart)), default=None),
        }


def second_opinion(rows: Iterable[LabelRow], report: DimensionReport) -> Opinion:
    """The opinion on one dimension's report; `rows` are its raw labels (rows of other dimensions are passed over).

    Over 100,000 units there is none, and none without the libraries, said so. No data, one annotator, one level: what is
    undefined is not compared.
    """
    if report.units > MOST_UNITS:
        return none_of_so_many()
    places: dict[str, int] = {}
    position = {value: code for code, value in enumerate(report.levels)}
    seat = {name: place for place, name in enumerate(report.annotators)}
    given = [
        (places.setdefault(row.unit, len(places)), seat[row.annotator], position[row.value])
        for row in rows
        if row.dimension == report.dimension
    ]
    codes = np.full((len(places), len(seat)), MISSING, dtype=np.uint8)
    for unit, annotator, code in given:
        codes[unit, annotator] = code
    return second_opinion_on_codes(codes, report)


def second_opinion_on_codes(codes: NDArray[np.uint8], report: DimensionReport) -> Opinion:
    """The same, from raw labels in an array: `codes` (units, annotators), as `touchstone.data.bulk_counts` has them, the
    positions of levels among those of the report, in the order of its annotators. Units without a label may be among them."""
    if report.units > MOST_UNITS:
        return none_of_so_many()
    if missing := _not_installed():
        return Opinion((), missing)
    order = own_order(report.scale, report.levels)  # in the last digits sums depend on the order of levels
    place = np.full(MISSING + 1, -1, dtype=np.int64)
    place[: len(order)] = [order.index(level) for level in report.levels]
    return _opinion(place[codes], report.in_order(order))


def none_of_so_many() -> Opinion:
    """There is none, as there are too many units for one."""
    return Opinion((), f"no second opinion over {MOST_UNITS:,} units")


def _opinion(codes: Codes, report: DimensionReport) -> Opinion:
    """`codes` (units, annotators): positions among the report's levels, -1 where a label is missing."""
    seat = {name: place for place, name in enumerate(report.annotators)}
    compared = []
    for pair in report.pairs:
        both = codes[:, [seat[pair.a], seat[pair.b]]]
        libraries = _of_pair(both[(both >= 0).all(axis=1)], pair, report.by)
        compared += _compare((pair.a, pair.b), False, pair.figures, libraries)
    whole = report.pairs[0].figures if report.pairs else None
    if report.overall is not whole:  # two annotators on all the same units: the pair has said it all
        compared += _compare(report.annotators, True, report.overall, _of_all(codes, report))
    return Opinion(tuple(compared))


def second_opinion_on_ratings(annotators: Sequence[str], ratings: Array, alpha: Figure) -> Opinion:
    """The opinion on interval alpha of `ratings` (units, annotators), nan where there is none."""
    if missing := _not_installed():
        return Opinion((), missing)
    if alpha.value is None:
        return Opinion(())
    import krippendorff

    theirs = float(krippendorff.alpha(reliability_data=ratings.T, level_of_measurement="interval"))
    return Opinion((Compared(tuple(annotators), INTERVAL_ALPHA, "krippendorff", alpha.value, theirs, True),))


def _not_installed() -> str:
    """A sentence where a library that the extra brings is not there; "" otherwise."""
    lacking = [name for module, name in LIBRARIES.items() if find_spec(module) is None]
    if not lacking:
        return ""
    return (
        f"no second opinion without {listed(lacking)}: install touchstone[second-opinion] "
        "(python -m pip install 'touchstone[second-opinion]')"
    )


class Library(NamedTuple):
    """A library's name, and its figure from the raw labels."""

    name: str
    compute: Callable[[], float]


Libraries = Mapping[Coefficient, Library]


def _compare(of: Sequence[str], is_overall: bool, figures: Mapping[Coefficient, Figure], libraries: Libraries) -> list[Compared]:
    compared = []
    for coefficient, figure in figures.items():
        if figure.value is None:
            continue
        library = libraries.get(coefficient)
        theirs = _computed(library.compute) if library else None
        compared.append(Compared(tuple(of), coefficient, library.name if library else None, figure.value, theirs, is_overall))
    return compared


def _computed(compute: Callable[[], float]) -> float | None:
    """A library's figure; None where it has none, however it says so."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            value = float(compute())
        except (ValueError, ZeroDivisionError):
            return None
    return value if np.isfinite(value) else None


def _of_pair(both: Codes, pair: PairReport, by: str) -> Libraries:
    from sklearn.metrics import accuracy_score, f1_score

    a, b = both.T
    given = _given(both, len(pair.levels))

    @cache
    def on_every_level() -> Array:
        scores: Array = f1_score(a, b, labels=range(len(pair.levels)), average=None, zero_division=np.nan)
        return scores

    def on_one_level(k: int) -> Library:
        return Library("scikit-learn", lambda: on_every_level()[k])

    return {
        PERCENT: Library("scikit-learn", lambda: accuracy_score(a, b)),
        **_cohens(a, b, pair.levels, pair.scale, by),
        **{on_level(k): on_one_level(k) for k in range(len(pair.levels))},
        **_by_statsmodels(given),
        **_alphas(given, pair.levels),
    }


def _cohens(a: Codes, b: Codes, levels: Sequence[Level], scale: str, by: str) -> Libraries:
    """The kappas of a scale: by scikit-learn, which weighs by position, or by statsmodels, which can weigh by value."""
    from sklearn.metrics import cohen_kappa_score
    from statsmodels.stats.inter_rater import cohens_kappa

    q = len(levels)

    def kappa(kind: str) -> float:
        weights = None if kind == "unweighted" else kind
        return float(cohen_kappa_score(a, b, labels=list(range(q)), weights=weights))

    def by_value(kind: str) -> float:
        table = np.bincount(a * q + b, minlength=q * q).reshape(q, q)
        return float(cohens_kappa(table, weights=np.asarray(levels, dtype=float), wt=kind, return_results=False))

    return {
        each: Library("statsmodels", partial(by_value, each.kind))
        if by == "value" and each.is_weighted
        else Library("scikit-learn", partial(kappa, each.kind))
        for each in with_meaning_on(scale, KAPPAS)
    }


def _of_all(codes: Codes, report: DimensionReport) -> Libraries:
    levels = report.levels
    labelled = codes[(codes >= 0).any(axis=1)][:, (codes >= 0).any(axis=0)]
    given = _given(labelled, len(levels))
    libraries = dict(_alphas(given, levels))
    if labelled.shape[1] == 2 and (labelled >= 0).all():
        libraries |= _cohens(labelled[:, 0], labelled[:, 1], levels, report.scale, report.by)
    number = (labelled >= 0).sum(axis=1)
    if len(number) and number.min() == number.max() >= 2:  # as statsmodels' Fleiss has it
        libraries |= _by_statsmodels(given)
    return libraries


def _given(codes: Codes, q: int) -> Codes:
    """(units, q): how many annotators gave each unit each level."""
    return np.stack([(codes == level).sum(axis=1) for level in range(q)], axis=1)


def _by_statsmodels(table: Codes) -> Libraries:
    from statsmodels.stats.inter_rater import fleiss_kappa

    return {
        FLEISS: Library("statsmodels", lambda: fleiss_kappa(table, method="fleiss")),
        BRENNAN_PREDIGER: Library("statsmodels", lambda: fleiss_kappa(table, method="randolph")),
    }


def _alphas(table: Codes, levels: Sequence[Level]) -> Libraries:
    """By krippendorff, which takes numbers: a level's own for interval, its position otherwise."""
    import krippendorff

    def alpha(metric: Literal["nominal", "ordinal", "interval"]) -> float:
        numbers = np.asarray(levels, dtype=float) if metric == "interval" else np.arange(len(levels), dtype=float)
        order = np.argsort(numbers)
        value: float = krippendorff.alpha(value_counts=table[:, order], value_domain=numbers[order], level_of_measurement=metric)
        return value

    by_position = {
        NOMINAL_ALPHA: Library("krippendorff", lambda: alpha("nominal")),
        ORDINAL_ALPHA: Library("krippendorff", lambda: alpha("ordinal")),
    }
    by_number = {INTERVAL_ALPHA: Library("krippendorff", lambda: alpha("interval"))}
    return by_position | by_number if are_numbers(levels) else by_position
