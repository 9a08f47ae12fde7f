"""A second opinion: a dimension's figures computed again, from the raw labels and by kept libraries.

The report's own figures come from counts made when the round closed; here nothing does. Each figure that a library
has is computed by it and laid beside ours; farther apart than 1e-9 is a fault of ours and is said so.

    percent, kappas, agreement on a level     scikit-learn (accuracy_score, cohen_kappa_score, f1_score of one level:
                                              2 n_kk / (n_k. + n_.k) is the F1 of that level)
    Scott's pi, Fleiss, Brennan-Prediger      statsmodels (fleiss_kappa; pi is Fleiss' of two; Randolph's is
                                              Brennan-Prediger's), where every unit has the same number of labels
    alphas                                    krippendorff
    AC1, AC2, Conger of more than two         one implementation, ours: no kept library has them from labels

A figure that is undefined (see `agreement`) has nothing to be compared: libraries give nan, raise, or say 1.0.
"""

import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import krippendorff
import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import accuracy_score, cohen_kappa_score, f1_score
from statsmodels.stats.inter_rater import fleiss_kappa

from touchstone.agreement.coefficients import are_numbers
from touchstone.agreement.report import ALPHAS, KAPPAS, DimensionReport, Figure, PairReport
from touchstone.data.label import LabelRow
from touchstone.english import listed, many

APART = 1e-9
MOST_UNITS = 100_000
TITLES = {
    "percent": "percent agreement",
    "fleiss unweighted": "Fleiss kappa",
    "bp unweighted": "Brennan-Prediger",
    "ac unweighted": "AC1",
    "ac quadratic": "AC2",
    "kappa unweighted": "kappa",
    "kappa linear": "linear kappa",
    "kappa quadratic": "quadratic kappa",
    "alpha nominal": "nominal alpha",
    "alpha ordinal": "ordinal alpha",
    "alpha interval": "interval alpha",
}
Codes = NDArray[np.int64]


class Compared(NamedTuple):
    """One figure and what a library makes of the raw labels; `library` None where none has it (`theirs` None too)."""

    of: tuple[str, ...]
    figure: str
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
        return {"of": list(self.of), "figure": self.figure, "library": self.library, "ours": self.ours, "theirs": self.theirs}


@dataclass(frozen=True)
class Opinion:
    """All comparisons of one dimension. `left_out` says why there is none (too many units); "" otherwise."""

    compared: tuple[Compared, ...]
    left_out: str = ""

    @property
    def faults(self) -> list[Compared]:
        return [each for each in self.compared if each.library and each.apart > APART]

    @property
    def agreeing(self) -> tuple[str, ...]:
        """Libraries that were asked and agree on everything they were asked for."""
        asked = dict.fromkeys(each.library for each in self.compared if each.library)
        wrong = {each.library for each in self.faults}
        return tuple(library for library in asked if library not in wrong)

    @property
    def alone(self) -> tuple[str, ...]:
        """Figures with one implementation, ours, in words."""
        alone = [each for each in self.compared if each.library is None]
        pairs = dict.fromkeys(each.figure for each in alone if not each.is_overall)
        overall = dict.fromkeys(each.figure for each in alone if each.is_overall and each.figure not in pairs)
        named = [TITLES.get(name, name) for name in pairs]
        if overall:
            named.append(
                "over all labels "
                + listed(["Conger kappa" if name == "kappa unweighted" else TITLES.get(name, name) for name in overall])
            )
        return tuple(named)

    @property
    def sentence(self) -> str:
        if self.left_out:
            return self.left_out
        if self.faults:
            return f"{many(len(self.faults), 'figure')} differ from a library's: a fault of this program"
        if not self.agreeing:
            return "no figure is defined, so there is nothing to compare"
        return f"{listed(self.agreeing)} {'agrees' if len(self.agreeing) == 1 else 'agree'}"

    @property
    def lines(self) -> tuple[str, ...]:
        """For reports: a sentence for each fault, else one for all; then what has one implementation."""
        made = [
            f"{TITLES.get(each.figure, each.figure)} of {listed(each.of)}: {each.ours!r} here, {each.theirs!r} by "
            f"{each.library}. This is a fault of this program: do not use the figure."
            for each in self.faults
        ]
        if not made:
            most = max((each.apart for each in self.compared if each.library), default=None)
            made = [
                self.sentence[:1].upper()
                + self.sentence[1:]
                + (
                    f" on the raw labels: {many(sum(bool(each.library) for each in self.compared), 'figure')}, "
                    + (f"at most {most:.0e} apart." if most else "no difference.")
                    if most is not None
                    else "."
                )
            ]
        if self.alone:
            made.append("One implementation, ours: " + "; ".join(self.alone) + ".")
        return tuple(made)

    def as_json(self) -> dict[str, object]:
        return {
            "agree": list(self.agreeing),
            "faults": [each.as_json() for each in self.faults],
            "one_implementation": list(self.alone),
            "left_out": self.left_out or None,
            "largest_difference": max(
                (each.apart for each in self.compared if each.library and np.isfinite(each.apart)), default=None
            ),
        }


def second_opinion(rows: Iterable[LabelRow], report: DimensionReport) -> Opinion:
    """The opinion on one dimension's report; `rows` are its raw labels (rows of other dimensions are passed over).

    Over 100,000 units there is none, said so. No data, one annotator, one level: what is undefined is not compared.
    """
    if report.units > MOST_UNITS:
        return Opinion((), f"no second opinion over {MOST_UNITS:,} units")
    position = {value: code for code, value in enumerate(report.levels)}
    seat = {name: place for place, name in enumerate(report.annotators)}
    places: dict[str, int] = {}
    given = [
        (places.setdefault(row.unit, len(places)), seat[row.annotator], position[row.value])
        for row in rows
        if row.dimension == report.dimension
    ]
    codes = np.full((len(places), len(seat)), -1, dtype=np.int64)
    for unit, annotator, code in given:
        codes[unit, annotator] = code
    compared = []
    for pair in report.pairs:
        both = codes[:, [seat[pair.a], seat[pair.b]]]
        compared += _compare((pair.a, pair.b), False, pair.figures, _of_pair(both[(both >= 0).all(axis=1)], pair))
    whole = report.pairs[0].figures if report.pairs else None
    if report.overall is not whole:  # two annotators on all the same units: the pair has said it all
        compared += _compare(report.annotators, True, report.overall, _of_all(codes, report.levels))
    return Opinion(tuple(compared))


Libraries = Mapping[str, tuple[str, Callable[[], float]]]


def _compare(of: Sequence[str], is_overall: bool, figures: Mapping[str, Figure], libraries: Libraries) -> list[Compared]:
    made = []
    for name, figure in figures.items():
        if figure.value is None:
            continue
        library, compute = libraries.get(name, (None, None))
        theirs = None if compute is None else _computed(compute)
        made.append(Compared(tuple(of), name, library, figure.value, theirs, is_overall))
    return made


def _computed(compute: Callable[[], float]) -> float | None:
    """A library's figure; None where it has none, however it says so."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            value = float(compute())
        except (ValueError, ZeroDivisionError):
            return None
    return value if np.isfinite(value) else None


def _of_pair(both: Codes, pair: PairReport) -> Libraries:
    a, b = both.T
    declared = list(range(len(pair.levels)))
    weights = {"kappa unweighted": None, "kappa linear": "linear", "kappa quadratic": "quadratic"}
    made: dict[str, tuple[str, Callable[[], float]]] = {
        "percent": ("scikit-learn", lambda: accuracy_score(a, b)),
        **{
            name: ("scikit-learn", lambda name=name: cohen_kappa_score(a, b, labels=declared, weights=weights[name]))
            for name in KAPPAS
        },
        **{
            f"level {k}": ("scikit-learn", lambda k=k: f1_score(a, b, labels=[k], average="macro", zero_division=np.nan))
            for k in declared
        },
    }
    return made | _by_statsmodels(both, len(declared)) | _alphas(both, pair.levels)


def _of_all(codes: Codes, levels: Sequence[int | str]) -> Libraries:
    labelled = codes[(codes >= 0).any(axis=1)][:, (codes >= 0).any(axis=0)]
    made = dict(_alphas(labelled, levels))
    if labelled.shape[1] == 2 and (labelled >= 0).all():
        a, b = labelled.T
        made["kappa unweighted"] = ("scikit-learn", lambda: cohen_kappa_score(a, b, labels=list(range(len(levels)))))
    number = (labelled >= 0).sum(axis=1)
    if len(number) and number.min() == number.max() >= 2:  # as statsmodels' Fleiss has it
        made |= _by_statsmodels(labelled, len(levels))
    return made


def _by_statsmodels(codes: Codes, q: int) -> Libraries:
    table = (codes[:, :, None] == np.arange(q)).sum(axis=1)
    return {
        "fleiss unweighted": ("statsmodels", lambda: fleiss_kappa(table, method="fleiss")),
        "bp unweighted": ("statsmodels", lambda: fleiss_kappa(table, method="randolph")),
    }


def _alphas(codes: Codes, levels: Sequence[int | str]) -> Libraries:
    """By krippendorff, which takes numbers: a level's own for interval, its position otherwise."""

    def alpha(metric: str) -> float:
        numbers = np.asarray(levels, dtype=float) if metric == "interval" else np.arange(len(levels), dtype=float)
        data = np.where(codes >= 0, numbers[codes], np.nan).T
        return krippendorff.alpha(reliability_data=data, level_of_measurement=metric, value_domain=sorted(numbers))

    known = [name for name in ALPHAS if name != "alpha interval" or are_numbers(levels)]
    return {name: ("krippendorff", lambda name=name: alpha(name.removeprefix("alpha "))) for name in known}
