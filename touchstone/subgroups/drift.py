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

from touchstone.agreement.coefficients import ENDS, draws
from touchstone.agreement.means import Mean, mean_draws, mean_figure
from touchstone.agreement.report import Figure, figures, patterns_behind, undefined
from touchstone.data.counts import Counts

LEAST = 5  # drafts a half needs before it is looked at

T = TypeVar("T", float, datetime)


@dataclass(frozen=True)
class Halves:
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


def agreement_in_halves(first: Counts, second: Counts, name: str) -> Halves:
    """The named coefficient (see `coefficients.coefficient`) of both halves. Undefined with fewer than LEAST units
    that have two labels in a half ("too few drafts"; "labelled at one moment" where time cannot cut the round)."""
    behind = [patterns_behind(counts, name) for counts in (first, second)]
    if short := _too_short([counts.units_with_two for counts in (first, second)]):
        return short
    if None in behind:  # two labels each, and never by both of two annotators
        return Halves(*(undefined("no overlap") for _ in range(3)))
    of = [figures(patterns, [name])[name] for patterns in behind]
    if undefined_half := next((each for each in of if each.value is None), None):
        return Halves(of[0], of[1], undefined(undefined_half.reason))
    # Where all of three or more annotators agree nothing varies, as in the half's own interval.
    drawn = [
        draws(patterns, [name])[name] if each.low < each.high else np.array([each.value])
        for patterns, each in zip(behind, of, strict=True)
    ]
    return Halves(of[0], of[1], _difference(of, drawn, behind[0].seed ^ behind[1].seed))


def level_in_halves(first: Mapping[float, int], second: Mapping[float, int], q: int) -> Halves:
    """The mean level position (0 to q - 1) of one annotator's labels in both halves of their own order; `first` and
    `second` count the labels on each position."""
    if short := _too_short([sum(half.values()) for half in (first, second)]):
        return short
    means = [Mean(half, dict.fromkeys(map(float, range(q)), 1 / q)) for half in (first, second)]
    of = [mean_figure(each) for each in means]
    return Halves(of[0], of[1], _difference(of, [mean_draws(each) for each in means], means[0].seed ^ means[1].seed))


def _too_short(units: Sequence[int]) -> Halves | None:
    if min(units) >= LEAST:
        return None
    reason = "labelled at one moment" if not units[1] and units[0] >= 2 * LEAST else "too few drafts"
    return Halves(undefined(reason, units[0]), undefined(reason, units[1]), undefined(reason))


def _difference(of: Sequence[Figure], drawn: Sequence[np.ndarray], seed: int) -> Figure:
    """The second less the first. `draws` are sorted, so they are shuffled before one is taken from the other."""
    value = of[1].value - of[0].value
    if not len(drawn[0]) or not len(drawn[1]):
        return undefined("single level")
    rng = np.random.default_rng(seed)
    size = max(len(each) for each in drawn)
    one, other = (rng.permutation(np.resize(each, size)) for each in drawn)
    low, high = np.quantile(other - one, ENDS)
    return Figure(value, float(min(low, value)), float(max(high, value)), min(each.n for each in of), None)
