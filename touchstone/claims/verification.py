"""Published figures held against labels: follows, does not follow (with what does), cannot occur, no labels behind it.

The labels are those of one label set or one closed round; every figure comes from their counts by the same report as
everywhere (`touchstone.agreement.report`). A figure follows when what the labels give rounds to it at its printed digits.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from touchstone.agreement.coefficient import Coefficient
from touchstone.agreement.estimation.formulas import are_numbers
from touchstone.agreement.figure import PairReport, in_words
from touchstone.agreement.report import DimensionReport, dimension_report
from touchstone.claims.claim import CANNOT, UNCHECKED, CheckedFigure, Levels, percent_text
from touchstone.claims.reading.columns import AGREEMENTS, DISAGREEMENTS, KAPPAS, MEAN, PERCENT, SUM, N
from touchstone.claims.rounding import Printed
from touchstone.data.counts import Counts
from touchstone.data.label import Pattern
from touchstone.english import listed, many

FOLLOWS, DOES_NOT, NO_LABELS = "follows", "does not follow", "no labels behind it"
CLOSE = Fraction(1, 10**9)  # what only a float's last digits put outside the printed figure is inside


@dataclass(frozen=True)
class DimensionLabels:
    """One dimension's labels: its key, the names it goes by, its declared levels, the counts, and the pattern of each unit."""

    key: str
    names: tuple[str, ...]
    counts: Counts
    units: Mapping[str, Pattern]

    @cached_property
    def report(self) -> DimensionReport:
        return dimension_report(self.counts, None, pairs=True)  # a published figure may be any pair's

    @property
    def levels(self) -> Levels:
        declared = self.counts.levels
        values = tuple(value for value in declared if isinstance(value, int))
        return Levels(len(declared), values if are_numbers(declared) and len(values) == len(declared) else None)

    def labels(self, unit: str) -> tuple[int | str | None, ...]:
        return tuple(None if code is None else self.counts.levels[code] for code in self.units[unit])

    @property
    def differing(self) -> list[str]:
        return [unit for unit, pattern in self.units.items() if len({each for each in pattern if each is not None}) > 1]


@dataclass(frozen=True)
class ReferenceLabels:
    """What published figures are held against. `made_by` in words ("a program"); `held_back`: units whose labels the reader may
    not be told, because they label them in an open round; `also`: other names of units (a task, where it has one draft)."""

    name: str
    made_by: str
    annotators: tuple[str, ...]
    dimensions: Mapping[str, DimensionLabels]
    held_back: frozenset[str] = frozenset()
    also: Mapping[str, str] = field(default_factory=dict)

    def dimension(self, name: str) -> DimensionLabels | None:
        """By key, alias or title, whatever the case and the joints between words."""
        wanted = _joined(name)
        return next((each for each in self.dimensions.values() if wanted in map(_joined, each.names)), None)

    def about(self, name: str) -> DimensionLabels | None:
        """The dimension of that name; where nothing is named, the only one there is."""
        if not name and len(self.dimensions) == 1:
            return next(iter(self.dimensions.values()))
        return self.dimension(name)

    @property
    def names(self) -> list[str]:
        return [name for each in self.dimensions.values() for name in each.names]

    @property
    def in_words(self) -> str:
        return f"{self.name} (labels made by {self.made_by}; {listed(self.annotators)})"

    def seat(self, header: str, who: int) -> int:
        """Whose column this is: the annotator whose name its header begins with or holds, else the first or the second."""
        bare = _letters(header)
        held = [place for place, name in enumerate(self.annotators) if _letters(name) and _letters(name) in bare]
        begun = [place for place, name in enumerate(self.annotators) if _shared(bare, _letters(name)) >= 5]
        for found in (held, begun):
            if len(found) == 1:
                return found[0]
        return min(max(who - 1, 0), len(self.annotators) - 1)


def _joined(name: str) -> str:
    return " ".join(name.casefold().replace("_", " ").replace("-", " ").replace("*", "").replace("`", "").split())


def _letters(name: str) -> str:
    return "".join(each for each in name.casefold() if each.isalnum())


def _shared(one: str, other: str) -> int:
    """How many letters two names begin with in common, if those end in a number: round1 of "round1avg" and "round1labels"."""
    length = next((place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return length if length and one[length - 1].isdigit() else 0


def verify_figure(
    labels: ReferenceLabels,
    held: DimensionLabels | None,
    figure: str,
    printed: Printed,
    *,
    seat: int | None = None,
    about: str = "",
    alone: CheckedFigure | None = None,
) -> CheckedFigure:
    """One printed figure. `figure`: percent, a kappa, disagreements, n, mean or sum (of `seat`; of any annotator, or of all
    together, where it is None). `alone`: what was found of it without labels."""
    name = f"{figure} {seat + 1}" if seat is not None and figure in (MEAN, SUM) else figure
    text = percent_text(printed) if figure == PERCENT else printed.text
    if held is None and not about:
        undefined = figure in KAPPAS and _undefined_throughout(labels, figure)
        return CheckedFigure(name, text, UNCHECKED, undefined or "it names no dimension")
    if held is None:
        return CheckedFigure(name, text, NO_LABELS, f"{labels.name} has no labels of {about}")
    meanings = _values(held, figure, seat)
    if not meanings:
        return CheckedFigure(name, text, UNCHECKED, _why_none(held, figure))
    give = f"the labels (made by {labels.made_by}) give"
    for meaning in meanings:
        if printed.low - CLOSE <= meaning.value <= printed.high + CLOSE:
            return CheckedFigure(name, text, FOLLOWS, f"{give} {meaning.like(figure, printed)}")
    first = meanings[:4]
    because = f"{give} {listed([meaning.like(figure, printed) for meaning in first])}"
    cut = (printed.says_cut_off(meaning.value, f"{meaning.whose}{float(meaning.value / printed.scale):.6g}") for meaning in first)
    because += next((words for words in cut if words), "") if figure in (PERCENT, MEAN, *KAPPAS) else ""
    nearest = tuple(dict.fromkeys(_like(figure, printed, meaning.value) for meaning in first))
    if alone is not None and alone.status == CANNOT:
        return CheckedFigure(name, text, CANNOT, f"{alone.because}; {because}", nearest)
    return CheckedFigure(name, text, DOES_NOT, because, nearest)


class Meaning(NamedTuple):
    """Something in the labels that a printed figure can mean: whose ("ana: ", "" where there is no choice), the value, and the
    counts behind it."""

    whose: str
    value: Fraction
    counts: str = ""

    def like(self, figure: str, printed: Printed) -> str:
        """In words, with the value printed as the figure is."""
        return f"{self.whose}{_like(figure, printed, self.value)}{f' ({self.counts})' if self.counts else ''}"


def _like(figure: str, printed: Printed, value: Fraction) -> str:
    return str(int(value)) if figure in (N, AGREEMENTS, DISAGREEMENTS, SUM) else printed.like(value)


def _why_none(held: DimensionLabels, figure: str) -> str:
    if figure in KAPPAS and held.report.pairs:
        return (
            f"kappa of the labels is {in_words(held.report.pairs[0].figures[Coefficient.parse(figure)], held.report.only_level)}"
        )
    if figure in (MEAN, SUM):
        return "the levels are words, so they have no mean" if held.levels.values is None else "that annotator gave no label"
    return f"no unit of {held.key} has two labels"


def _undefined_throughout(labels: ReferenceLabels, figure: str) -> str:
    """Why a kappa is undefined on every dimension of the labels; "" where it has a value on one."""
    reasons = {_why_none(held, figure) for held in labels.dimensions.values() if not _values(held, figure, None)}
    everywhere = all(not _values(held, figure, None) for held in labels.dimensions.values())
    return "; ".join(sorted(reasons)) if everywhere else ""


def _values(held: DimensionLabels, figure: str, seat: int | None) -> list[Meaning]:
    """Everything in the labels that the figure can mean."""
    if figure in (MEAN, SUM):
        return _sums(held, figure, seat)
    report = held.report
    if figure == N:
        return [Meaning("", Fraction(n)) for n in dict.fromkeys((report.units_with_two, report.units)) if n]
    several = len(report.pairs) > 1
    of_pairs = [meaning for pair in report.pairs if (meaning := _of_pair(pair, figure, several)) is not None]
    return of_pairs + (_of_all(held, figure) if several else [])


def _of_pair(pair: PairReport, figure: str, several: bool) -> Meaning | None:
    whose = f"{pair.a} and {pair.b}: " if several else ""
    agreements = sum(pair.table[place][place] for place in range(len(pair.table)))
    if figure == PERCENT:
        return Meaning(whose, Fraction(agreements, pair.n), f"{agreements} of {pair.n}")
    if figure in (AGREEMENTS, DISAGREEMENTS):
        return Meaning(whose, Fraction(agreements if figure == AGREEMENTS else pair.n - agreements), f"of {pair.n}")
    value = pair.figures[Coefficient.parse(figure)].value
    return None if value is None else Meaning(whose, Fraction(value))


def _of_all(held: DimensionLabels, figure: str) -> list[Meaning]:
    """Over all pairs together."""
    if figure in (AGREEMENTS, DISAGREEMENTS):
        differing = len(held.differing)
        return [Meaning("all: ", Fraction(differing if figure == DISAGREEMENTS else held.report.units_with_two - differing))]
    overall = held.report.overall.get(Coefficient.parse(figure))
    return [Meaning("all: ", Fraction(overall.value))] if overall is not None and overall.value is not None else []


def _sums(held: DimensionLabels, figure: str, seat: int | None) -> list[Meaning]:
    """The sums or means of one annotator's labels, or of each annotator's and of all; each of all labels and of those on units
    with two."""
    if held.levels.values is None:
        return []
    seats = tuple(range(len(held.counts.annotators)))
    meanings: dict[tuple[tuple[int, ...], Fraction], Meaning] = {}
    for who in [(seat,)] if seat is not None else [*((each,) for each in seats), seats]:
        for among in (1, 2):
            total, size = _total(held, held.levels.values, who, among)
            if size:
                value = Fraction(total, size) if figure == MEAN else Fraction(total)
                counts = f"{total}/{size}" if figure == MEAN else ""
                meanings.setdefault((who, value), Meaning(_names(held, who), value, counts))
    return list(meanings.values())


def _total(held: DimensionLabels, values: Sequence[int], seats: Sequence[int], among: int) -> tuple[int, int]:
    """The sum of the labels of these seats, on units with at least so many labels, and their number."""
    total = size = 0
    for pattern, n in held.counts.patterns.items():
        if sum(code is not None for code in pattern) >= among:
            for seat in seats:
                if (code := pattern[seat]) is not None:
                    total, size = total + values[code] * n, size + n
    return total, size


def _names(held: DimensionLabels, who: Sequence[int]) -> str:
    return f"{held.counts.annotators[who[0]]}: " if len(who) == 1 else "all: "


def verify_listed_unit(
    labels: ReferenceLabels, held: DimensionLabels, unit: str, given: tuple[str, str], seats: tuple[int, int]
) -> CheckedFigure:
    """One row of a list of disagreements: a unit and the labels two annotators are said to have given."""
    text, name, unit = f"{given[0]} and {given[1]}", unit, labels.also.get(unit, unit)
    if unit not in held.units:
        return CheckedFigure(name, text, DOES_NOT, f"not among the {many(len(held.units), 'labelled unit')}")
    if unit in labels.held_back:
        return CheckedFigure(name, text, UNCHECKED, f"held back: you are labelling {name} in an open round")
    there = held.labels(unit)
    pair = tuple("no label" if there[seat] is None else str(there[seat]) for seat in seats)
    if pair == given:
        return CheckedFigure(name, text, FOLLOWS, f"the labels have {pair[0]} and {pair[1]}")
    agree = ", an agreement" if pair[0] == pair[1] else ""
    return CheckedFigure(name, text, DOES_NOT, f"the labels have {pair[0]} and {pair[1]}{agree}", (f"{pair[0]} and {pair[1]}",))


def verify_list(
    labels: ReferenceLabels, held: DimensionLabels, rows: Sequence[CheckedFigure], seats: tuple[int, int]
) -> CheckedFigure:
    """The list as a whole, with the disagreements the labels do have (those held back from the reader left out)."""
    off = [each for each in rows if each.status == DOES_NOT]
    told = [unit for unit in held.differing if unit not in labels.held_back]
    those = listed([f"{unit} ({held.labels(unit)[seats[0]]}, {held.labels(unit)[seats[1]]})" for unit in told[:12]])
    more = f" and {len(told) - 12} more" if len(told) > 12 else ""
    because = f"the labels have {many(len(held.differing), 'disagreement')} on {held.key}" + (f": {those}{more}" if told else "")
    if not off and all(each.status == FOLLOWS for each in rows):
        return CheckedFigure("the list", str(len(rows)), FOLLOWS, because)
    if not off:
        return CheckedFigure("the list", str(len(rows)), UNCHECKED, f"some are held back; {because}")
    return CheckedFigure(
        "the list",
        str(len(rows)),
        DOES_NOT,
        f"{len(off)} of {len(rows)} listed do not match the labels; {because}",
        tuple(told[:12]),
    )
