"""Published figures held against labels: follows, does not follow (with what does), cannot occur, no labels behind it.

The labels are those of one label set or one closed round; every figure comes from their counts by the same report as
everywhere (`touchstone.agreement.report`). A figure follows when what the labels give rounds to it at its printed digits.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from touchstone.agreement.coefficient import Coefficient
from touchstone.agreement.figure import in_words
from touchstone.agreement.formulas import are_numbers
from touchstone.agreement.report import DimensionReport, dimension_report
from touchstone.claims.claim import CANNOT, UNCHECKED, Finding, Levels, percent_text
from touchstone.claims.document.columns import DISAGREEMENTS, KAPPAS, MEAN, PERCENT, SUM, N
from touchstone.claims.rounding import Printed
from touchstone.data.counts import Counts
from touchstone.data.label import Pattern
from touchstone.english import listed, many

FOLLOWS, DOES_NOT, NO_LABELS = "follows", "does not follow", "no labels behind it"
CLOSE = Fraction(1, 10**9)  # what only a float's last digits put outside the printed figure is inside


@dataclass(frozen=True)
class Held:
    """One dimension's labels: its key, the names it goes by, its declared levels, the counts, and the pattern of each unit."""

    key: str
    names: tuple[str, ...]
    counts: Counts
    units: Mapping[str, Pattern]

    @cached_property
    def report(self) -> DimensionReport:
        return dimension_report(self.counts, None)

    @property
    def levels(self) -> Levels:
        values = self.counts.levels
        whole = are_numbers(values) and all(isinstance(each, int) for each in values)
        return Levels(len(values), tuple(values) if whole else None)

    def labels(self, unit: str) -> tuple[int | str | None, ...]:
        return tuple(None if code is None else self.counts.levels[code] for code in self.units[unit])

    @property
    def differing(self) -> list[str]:
        return [unit for unit, pattern in self.units.items() if len({each for each in pattern if each is not None}) > 1]


@dataclass(frozen=True)
class Labels:
    """What published figures are held against. `made_by` in words ("a program"); `held_back`: units whose labels the reader may
    not be told, because they label them in an open round; `also`: other names of units (a task, where it has one draft)."""

    name: str
    made_by: str
    annotators: tuple[str, ...]
    dimensions: Mapping[str, Held]
    held_back: frozenset[str] = frozenset()
    also: Mapping[str, str] = field(default_factory=dict)

    def dimension(self, name: str) -> Held | None:
        """By key, alias or title, whatever the case and the joints between words."""
        wanted = _joined(name)
        return next((each for each in self.dimensions.values() if wanted in map(_joined, each.names)), None)

    def about(self, name: str) -> Held | None:
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


def figure_against(
    labels: Labels,
    held: Held | None,
    figure: str,
    printed: Printed,
    *,
    seat: int | None = None,
    about: str = "",
    alone: Finding | None = None,
) -> Finding:
    """One printed figure. `figure`: percent, a kappa, disagreements, n, mean or sum (of `seat`; of any annotator, or of all
    together, where it is None). `alone`: what was found of it without labels."""
    name = f"{figure} {seat + 1}" if seat is not None and figure in (MEAN, SUM) else figure
    text = percent_text(printed) if figure == PERCENT else printed.text
    if held is None and not about:
        return Finding(name, text, UNCHECKED, "no dimension is named that it is of")
    if held is None:
        return Finding(name, text, NO_LABELS, f"{labels.name} has no labels of {about}")
    found = _values(held, figure, seat)
    if not found:
        return Finding(name, text, UNCHECKED, _why_none(held, figure))
    of_whom = f"the labels (made by {labels.made_by})"
    told = [f"{who}{_exact(figure, printed, value, of)}" for who, value, of in found]
    given = listed(told[:4])
    if any(printed.low - CLOSE <= value <= printed.high + CLOSE for _, value, _ in found):
        fits = next(
            each for each, (_, value, _) in zip(told, found, strict=True) if printed.low - CLOSE <= value <= printed.high + CLOSE
        )
        return Finding(name, text, FOLLOWS, f"{of_whom} give {fits}")
    nearest = tuple(dict.fromkeys(_like(figure, printed, value) for _, value, _ in found[:4]))
    if alone is not None and alone.status == CANNOT:
        return Finding(name, text, CANNOT, f"{alone.because}; {of_whom} give {given}", nearest)
    return Finding(name, text, DOES_NOT, f"{of_whom} give {given}", nearest)


def _like(figure: str, printed: Printed, value: Fraction) -> str:
    return str(int(value)) if figure in (N, DISAGREEMENTS, SUM) else printed.like(value)


def _exact(figure: str, printed: Printed, value: Fraction, of: str) -> str:
    return f"{_like(figure, printed, value)}{f' ({of})' if of else ''}"


def _why_none(held: Held, figure: str) -> str:
    if figure in KAPPAS and held.report.pairs:
        return (
            f"kappa of the labels is {in_words(held.report.pairs[0].figures[Coefficient.parse(figure)], held.report.only_level)}"
        )
    if figure in (MEAN, SUM):
        return "the levels are words, so they have no mean" if held.levels.values is None else "that annotator gave no label"
    return f"no unit of {held.key} has two labels"


def _values(held: Held, figure: str, seat: int | None) -> list[tuple[str, Fraction, str]]:
    """Everything in the labels that the figure can mean: whose, the value, and the counts behind it."""
    report, pairs = held.report, held.report.pairs
    if figure in (MEAN, SUM):
        return _sums(held, figure, seat)
    if figure == N:
        return [("", Fraction(n), "") for n in dict.fromkeys((report.units_with_two, report.units)) if n]
    found = []
    for pair in pairs:
        who = f"{pair.a} and {pair.b}: " if len(pairs) > 1 else ""
        agree = sum(pair.table[place][place] for place in range(len(pair.table)))
        if figure == PERCENT:
            found.append((who, Fraction(agree, pair.n), f"{agree} of {pair.n}"))
        elif figure == DISAGREEMENTS:
            found.append((who, Fraction(pair.n - agree), f"of {pair.n}"))
        elif (value := pair.figures[Coefficient.parse(figure)].value) is not None:
            found.append((who, Fraction(value), ""))
    if len(pairs) > 1:
        if figure == DISAGREEMENTS:
            found.append(("all: ", Fraction(len(held.differing)), ""))
        elif (overall := report.overall.get(Coefficient.parse(figure))) is not None and overall.value is not None:
            found.append(("all: ", Fraction(overall.value), ""))
    return found


def _sums(held: Held, figure: str, seat: int | None) -> list[tuple[str, Fraction, str]]:
    values = held.levels.values
    if values is None:
        return []
    found = {}
    everyone = range(len(held.counts.annotators))
    for who in [(seat,)] if seat is not None else [*((each,) for each in everyone), tuple(everyone)]:
        for among in (1, 2):  # all that annotator's labels, and those on units with two labels
            codes = [
                (pattern[each], n)
                for pattern, n in held.counts.patterns.items()
                if sum(code is not None for code in pattern) >= among
                for each in who
                if pattern[each] is not None
            ]
            size, total = sum(n for _, n in codes), sum(values[code] * n for code, n in codes)
            if size:
                value = Fraction(total, size) if figure == MEAN else Fraction(total)
                found.setdefault((who, value), (_names(held, who), value, f"{total}/{size}" if figure == MEAN else ""))
    return list(found.values())


def _names(held: Held, who: Sequence[int]) -> str:
    return f"{held.counts.annotators[who[0]]}: " if len(who) == 1 else "all: "


def listed_against(labels: Labels, held: Held, unit: str, given: tuple[str, str], seats: tuple[int, int]) -> Finding:
    """One row of a list of disagreements: a unit and the labels two annotators are said to have given."""
    text, name, unit = f"{given[0]} and {given[1]}", unit, labels.also.get(unit, unit)
    if unit not in held.units:
        return Finding(name, text, DOES_NOT, f"not among the {many(len(held.units), 'labelled unit')}")
    if unit in labels.held_back:
        return Finding(name, text, UNCHECKED, f"held back: you label {name} in an open round")
    there = held.labels(unit)
    pair = tuple("no label" if there[seat] is None else str(there[seat]) for seat in seats)
    if pair == given:
        return Finding(name, text, FOLLOWS, f"the labels have {pair[0]} and {pair[1]}")
    agree = ", an agreement" if pair[0] == pair[1] else ""
    return Finding(name, text, DOES_NOT, f"the labels have {pair[0]} and {pair[1]}{agree}", (f"{pair[0]} and {pair[1]}",))


def list_against(labels: Labels, held: Held, rows: Sequence[Finding], seats: tuple[int, int]) -> Finding:
    """The list as a whole, with the disagreements the labels do have (those held back from the reader left out)."""
    off = [each for each in rows if each.status == DOES_NOT]
    told = [unit for unit in held.differing if unit not in labels.held_back]
    those = listed([f"{unit} ({held.labels(unit)[seats[0]]}, {held.labels(unit)[seats[1]]})" for unit in told[:12]])
    more = f" and {len(told) - 12} more" if len(told) > 12 else ""
    because = f"the labels have {many(len(held.differing), 'disagreement')} on {held.key}" + (f": {those}{more}" if told else "")
    if not off and all(each.status == FOLLOWS for each in rows):
        return Finding("the list", str(len(rows)), FOLLOWS, because)
    if not off:
        return Finding("the list", str(len(rows)), UNCHECKED, f"some are held back; {because}")
    return Finding(
        "the list",
        str(len(rows)),
        DOES_NOT,
        f"{len(off)} of {len(rows)} listed are not in the labels so; {because}",
        tuple(told[:12]),
    )
