"""Whether a round's second half is labelled as its first was: the difference between two histograms, with its interval.

Both halves are of one round and hold different drafts, so their draws are independent. A difference is no cause: the
drafts of one half may be the harder ones, above all where the halves are cut by time and not by an annotator's own,
shuffled order.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import numpy as np

from touchstone.agreement.coefficient import Coefficient
from touchstone.agreement.estimation.estimates import figures, patterns_behind
from touchstone.agreement.estimation.formulas import Patterns, draws
from touchstone.agreement.estimation.intervals import Array, ends_of_unsorted, generator
from touchstone.agreement.figure import Figure, undefined
from touchstone.data.counts import Counts
from touchstone.subgroups.mean_estimates import ValuesOfDrafts, mean_draws, mean_figure

LEAST = 5  # drafts a half needs before it is looked at

T = TypeVar("T", float, datetime)


@dataclass(frozen=True)
class FigureInHalves:
    """A figure in the first half and in the second, and the second less the first; unrounded. A half that is
    undefined leaves the difference undefined, with the half's reason."""

    first: Figure
    second: Figure
    difference: Figure

    def as_json(self) -> dict[str, object]:
        return {
            "first": {**self.first.as_json(), "n": self.first.n},
            "second": {**self.second.as_json(), "n": self.second.n},
            "difference": self.difference.as_json(),
        }


def split_in_half(at: Mapping[str, T]) -> tuple[list[str], list[str]]:
    """Units at or before the middle one by `at` (a moment, or a place in an order), and those after it.

    Units of one moment stay together, so the halves may be uneven, and the second is empty where all are of one.
    """
    if not at:
        return [], []
    middle = sorted(at.values())[math.ceil(len(at) / 2) - 1]
    return [unit for unit in at if at[unit] <= middle], [unit for unit in at if at[unit] > middle]


def agreement_in_halves(first: Counts, second: Counts, coefficient: Coefficient) -> FigureInHalves:
    """The coefficient of both halves. Undefined with fewer than LEAST units that have two labels in a half ("too few
    drafts"; "labelled at one moment" where time cannot cut the round)."""
    if too_short := _too_short(first.units_with_two, second.units_with_two):
        return too_short
    behind = [patterns for counts in (first, second) if (patterns := patterns_behind(counts, coefficient))]
    if len(behind) < 2:  # two labels each, and never by both of two annotators
        return FigureInHalves(undefined("no overlap"), undefined("no overlap"), undefined("no overlap"))
    one, other = (figures(patterns, [coefficient])[coefficient] for patterns in behind)
    for half in (one, other):
        if half.value is None:
            return FigureInHalves(one, other, undefined(half.reason or ""))
    drawn = [_draws(patterns, coefficient, half) for patterns, half in zip(behind, (one, other), strict=True)]
    return FigureInHalves(one, other, _difference(one, other, drawn, behind[0].seed ^ behind[1].seed))


def _draws(patterns: Patterns, coefficient: Coefficient, half: Figure) -> Array:
    """Where all of three or more annotators agree nothing varies, as in the half's own interval."""
    value, low, high = half.ends
    return draws(patterns, [coefficient])[coefficient] if low < high else np.array([value])


def level_in_halves(
    first: Mapping[float, int], second: Mapping[float, int], at: Sequence[int], scale: str = "ordinal"
) -> FigureInHalves:
    """The mean level of one annotator's labels in both halves of their own order. `at`: the `heights` of the levels; `first` and
    `second` count the labels on each. Undefined ("nominal scale") where levels have no order."""
    if scale == "nominal":
        halves_and_difference = (sum(first.values()), sum(second.values()), 0)
        return FigureInHalves(*(undefined("nominal scale", n) for n in halves_and_difference))
    if too_short := _too_short(sum(first.values()), sum(second.values())):
        return too_short
    halves = [ValuesOfDrafts(half, dict.fromkeys(map(float, at), 1 / len(at))) for half in (first, second)]
    one, other = map(mean_figure, halves)
    return FigureInHalves(one, other, _difference(one, other, [*map(mean_draws, halves)], halves[0].seed ^ halves[1].seed))


def _too_short(first: int, second: int) -> FigureInHalves | None:
    if min(first, second) >= LEAST:
        return None
    reason = "labelled at one moment" if not second and first >= 2 * LEAST else "too few drafts"
    return FigureInHalves(undefined(reason, first), undefined(reason, second), undefined(reason))


def _difference(one: Figure, other: Figure, drawn: Sequence[Array], seed: int) -> Figure:
    """The second less the first. `draws` are sorted, so they are shuffled before one is taken from the other."""
    if not len(drawn[0]) or not len(drawn[1]):
        return undefined("single level")
    rng, size = generator(seed), max(len(draws_of_half) for draws_of_half in drawn)
    first, second = (rng.permutation(np.resize(draws_of_half, size)) for draws_of_half in drawn)
    value = other.ends.value - one.ends.value
    return Figure(value, *ends_of_unsorted(value, second - first), min(one.n, other.n), None)
