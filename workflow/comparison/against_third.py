"""Two sources, each against a third: two judges, two versions of a scorer or two annotators against people or the gold.

On the units that all three labelled: kappa of each with the third, their difference, and at a cut how many of the third's bad
units each puts below the cut too. The difference is paired: each unit has one weight in a draw and counts with it on both sides
(`touchstone.comparison.two_rounds`, whose further unit not seen is each side's own).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa

from db.engine import reading
from touchstone.agreement.coefficient import KAPPA
from touchstone.agreement.figure import Figure, PlainRule, in_words, signed
from touchstone.comparison.classification import AtCut, at_cut, usual_cut
from touchstone.comparison.joining import join
from touchstone.comparison.two_rounds import Labelled, change
from touchstone.english import many
from touchstone.rubric.model import Dimension
from workflow.comparison.counted_sources import labels_of
from workflow.comparison.source import Source, as_json_of, named_source, notes_on_each, refuse_together, settled_from
from workflow.comparison.two_sources import sources_of
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.rubric.levels import declared

Level = int | str


class OneSide(NamedTuple):
    """One of the two against the third. `at_cut`: None where no cut is usual (`classification.usual_cut`)."""

    kappa: Figure
    at_cut: AtCut | None

    def as_json(self) -> dict[str, Any]:
        return {"kappa": self.kappa.as_json(), "at_cut": self.at_cut.as_json() if self.at_cut else None}


class DimensionAgainst(NamedTuple):
    """One dimension on `n` units of all three; `a`, `b` and `difference` (kappa of a minus kappa of b) None with a reason where
    there is nothing to compare."""

    key: str
    title: str
    n: int
    reason: str | None
    a: OneSide | None = None
    b: OneSide | None = None
    difference: Figure | None = None

    @property
    def higher(self) -> str:
        """Which of the two has the higher kappa, where the whole interval of the difference is on one side of 0; else ""."""
        if self.difference is None or self.difference.value is None:
            return ""
        _, low, high = self.difference.ends
        return "the first" if low > 0 else "the second" if high < 0 else ""

    def as_json(self) -> dict[str, Any]:
        sides = {name: side.as_json() if side else None for name, side in (("a", self.a), ("b", self.b))}
        return {"n": self.n, "reason": self.reason, **sides, "difference": self.difference.as_json() if self.difference else None}


@dataclass(frozen=True)
class AgainstThird:
    """Two sources against `third`, dimension by dimension, on `units` of all three; `held_back`: units left out of one because
    the reader labels them in an open round (the most of any)."""

    a: Source
    b: Source
    third: Source
    units: int
    held_back: int
    dimensions: tuple[DimensionAgainst, ...]
    notes: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """Where things stand, in one sentence."""
        if not self.units:
            return f"No unit was labelled by {self.a.name}, {self.b.name} and {self.third.name}, so there is nothing to compare."
        on = f"On {many(self.units, 'unit')} of all three"
        decided = [
            f"{each.title} {each.higher} ({signed(each.difference)})"
            for each in self.dimensions
            if each.difference and each.higher
        ]
        if not decided:
            return f"{on} no dimension shows which of the two agrees more with {self.third.name}."
        return f"{on} one of the two agrees more with {self.third.name}: {'; '.join(decided)}."

    def as_json(self) -> dict[str, Any]:
        """The key `against` of `compare-sources --json`."""
        return {
            **as_json_of(self.third),
            "units": self.units,
            "held_back": self.held_back,
            "notes": list(self.notes),
            "dimensions": {each.key: each.as_json() for each in self.dimensions},
        }


@verb
def compare_against(person: Person, engine: sa.Engine, a: str, b: str, third: str) -> AgainstThird:
    """Every dimension of two sources against a third on the units all three labelled. Raises as `compare_sources` does, for any
    two of the three. Nothing in common, one level, a side without labels: words with a reason."""
    first, second, judged = sources_of(person, engine, (a, b, third))
    of_each = [dict(join(judged.side, each.side).pairs) for each in (first, second)]
    units = [unit for unit in judged.side.labels if unit in of_each[0] and unit in of_each[1]]
    joined = [(unit, of_each[0][unit], of_each[1][unit]) for unit in units]
    keys = [key for key in judged.rubric.keys if first.rubric.dimension(key) and second.rubric.dimension(key)]
    dimensions = tuple(_dimension(first, second, judged, key, joined) for key in keys)
    kept = tuple(each for each in dimensions if each.n or each.reason != NOBODY)
    back = max(each.held_back for each in (first, second, judged))
    return AgainstThird(first, second, judged, len(units), back, kept, tuple(_notes(first, second, judged)))


@verb
def labels_to_read(person: Person, engine: sa.Engine, a: str, b: str, third: str) -> int:
    """How many labels `compare_against` reads, at most. Raises as it does."""
    with reading(engine, person) as connection:
        found = [named_source(connection, name) for name in (a, b, third)]
        refuse_together([each.name for each in found])
        return labels_of(connection, found)


NOBODY = "no unit that all three labelled"


def _dimension(first: Source, second: Source, third: Source, key: str, joined: list[tuple[str, str, str]]) -> DimensionAgainst:
    mine = declared(third.rubric, key)
    if any(declared(each.rubric, key).values != mine.values for each in (first, second)):
        return DimensionAgainst(key, mine.title, 0, "its levels differ between the rubric versions")
    given = {
        units[0]: (third.side.labels[units[0]][key], first.side.labels[units[1]][key], second.side.labels[units[2]][key])
        for units in joined
        if all(key in each.side.labels[unit] for each, unit in zip((third, first, second), units, strict=True))
    }
    if not given:
        return DimensionAgainst(key, mine.title, 0, NOBODY)
    sides = [_labelled(mine, {unit: (three[0], three[place]) for unit, three in given.items()}) for place in (1, 2)]
    changed = change(sides[1], sides[0], KAPPA, called=("the second", "the first"))
    cut = usual_cut(mine)
    a, b = (
        OneSide(kappa, None if cut is None else at_cut(((three[0], three[place]) for three in given.values()), mine, cut))
        for kappa, place in ((changed.after, 1), (changed.before, 2))
    )
    return DimensionAgainst(key, mine.title, len(given), None, a, b, changed.difference)


def _labelled(dimension: Dimension, given: Mapping[str, tuple[Level, Level]]) -> Labelled:
    places = {value: place for place, value in enumerate(dimension.values)}
    patterns = {unit: (places[third], places[own]) for unit, (third, own) in given.items()}
    return Labelled(("third", "own"), tuple(dimension.values), PlainRule("kappa", "unweighted", 0.0), patterns)


def _notes(first: Source, second: Source, third: Source) -> Iterator[str]:
    yield from notes_on_each((first, second, third))
    for each in (first, second):
        yield from settled_from(each, third)
    if len({each.rubric.digest for each in (first, second, third)}) > 1:
        yield "the rubric versions differ: the same level need not mean the same"


def at_cut_in_words(side: OneSide | None) -> tuple[str, str]:
    """Recall and false-alarm rate for a table; dashes where no cut is usual."""
    if side is None or side.at_cut is None:
        return "–", "–"
    return in_words(side.at_cut.share_caught), in_words(side.at_cut.share_alarms)
