"""Pass and fail at a cut: which bad drafts a scorer catches, and how often it cries wolf over good ones.

A draft is bad when the level a person (or the gold) gave it is below the cut, and the scorer says so when its own level is.

    caught        bad drafts the scorer puts below the cut too / bad drafts        (sensitivity, recall of bad)
    false alarms  good drafts the scorer puts below the cut / good drafts          (1 - specificity)

The interval is Wilson's score interval at 95 % (`agreement.intervals.share`). Reasons for a share that is None: "no data",
"no bad drafts at this cut", "no good drafts at this cut".
"""

from collections.abc import Iterable
from dataclasses import dataclass

from touchstone.agreement.estimation.formulas import are_numbers
from touchstone.agreement.estimation.intervals import share
from touchstone.agreement.figure import Figure, Level
from touchstone.data.label import Scaled

NO_DATA, NO_BAD, NO_GOOD = "no data", "no bad drafts at this cut", "no good drafts at this cut"


@dataclass(frozen=True)
class AtCut:
    """What a scorer does at one cut. `caught` of `bad` drafts and `alarms` over `good` drafts are counts of drafts; the shares
    have their denominator as `n`."""

    cut: Level
    bad: int
    good: int
    caught: int
    alarms: int
    share_caught: Figure
    share_alarms: Figure

    def as_json(self) -> dict[str, object]:
        return {
            "cut": self.cut,
            "bad": self.bad,
            "good": self.good,
            "caught": {"drafts": self.caught, **self.share_caught.as_json()},
            "false_alarms": {"drafts": self.alarms, **self.share_alarms.as_json()},
        }


def cuts_of(dimension: Scaled) -> tuple[Level, ...]:
    """The levels that may be a cut, in declared order: of an ordinal dimension all but the lowest, under which there is nothing;
    of a nominal one with two levels either, which then is the level that passes; of any other none, having no order."""
    values = tuple(dimension.values)
    if dimension.scale == "ordinal":
        return tuple(value for value in values if value != _rising(dimension)[0])
    return values if len(values) == 2 else ()


def usual_cut(dimension: Scaled) -> Level | None:
    """The cut that halves an ordinal scale of numbers (of 0 to 3 it is 2; of an odd number of levels the middle one passes). None
    where levels are words or have no order: which of them pass is not written in the rubric, and nobody guesses."""
    rising = _rising(dimension)
    return rising[len(rising) // 2] if dimension.scale == "ordinal" and are_numbers(rising) else None


def below(dimension: Scaled, cut: Level) -> frozenset[Level]:
    """The levels that are bad at this cut. Numbers go by their size, words by their declared order taken from low to high (say
    beside the figure which are bad: a rubric may declare them the other way); of two nominal levels the one that is not the
    cut. Raises ValueError for a level that cannot be a cut."""
    if cut not in cuts_of(dimension):
        raise ValueError(f"{dimension.key} cannot be cut at {cut!r}")
    if dimension.scale != "ordinal":
        return frozenset(value for value in dimension.values if value != cut)
    rising = _rising(dimension)
    return frozenset(rising[: rising.index(cut)])


def _rising(dimension: Scaled) -> tuple[Level, ...]:
    """The levels from low to high: numbers may be declared falling."""
    values = tuple(dimension.values)
    return tuple(sorted(values)) if are_numbers(values) else values


def at_cut(pairs: Iterable[tuple[Level, Level]], dimension: Scaled, cut: Level) -> AtCut:
    """Of pairs (a person's level, the scorer's level), one a draft. With no pairs both shares are undefined, and so is the share
    of what does not occur. Raises ValueError for a level that cannot be a cut or is not declared."""
    bad_levels, declared = below(dimension, cut), set(dimension.values)
    bad = good = caught = alarms = 0
    for person, scorer in pairs:
        if not {person, scorer} <= declared:
            raise ValueError(f"{dimension.key} has no level {person!r} or {scorer!r}")
        is_bad, is_below = person in bad_levels, scorer in bad_levels
        bad, good = bad + is_bad, good + (not is_bad)
        caught, alarms = caught + (is_bad and is_below), alarms + (not is_bad and is_below)
    return AtCut(
        cut,
        bad,
        good,
        caught,
        alarms,
        share(caught, bad, NO_BAD if good else NO_DATA),
        share(alarms, good, NO_GOOD if bad else NO_DATA),
    )
