"""Shares of choices, with intervals by tasks: what the sides do, how often one ties, agreement where both decide, the longer.

Choices on one task are not independent, so each task weighs Exponential(1) in a draw (the Bayesian bootstrap, Rubin 1981; 4,000
draws), and a share is a ratio of two sums over tasks. What was not seen is added to each draw: one further choice, as likely one
way as the other, so that a share of all or none still has an interval.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np

from touchstone.agreement.estimation.intervals import Array, ends_of, generator, seed_of, share, sizes_of_parts, sorted_draws
from touchstone.agreement.figure import Figure, undefined
from touchstone.preferences.choices import LEFT, TIE, PairOfDrafts, Preferences, SideChoice

ONE_TASK = "only one task"


class AtTask(NamedTuple):
    """One choice, or pair of choices: its task, and what it counts as."""

    task: str
    value: float


class SideEffect(NamedTuple):
    """Left minus right among the choices that decide, overall and of each annotator: 0 where sides do nothing, 1 where left is
    always taken."""

    overall: Figure
    by_annotator: Mapping[str, Figure]


def mean_by_task(counted: Iterable[AtTask], reason: str, *, lowest: float = 0.0) -> Figure:
    """The mean of values from `lowest` to 1. Undefined for the `reason` without any, and with one task."""
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for each in counted:
        sums[each.task][0] += each.value
        sums[each.task][1] += 1
    n = int(sum(own[1] for own in sums.values()))
    if not n:
        return undefined(reason)
    if len(sums) < 2:
        return undefined(ONE_TASK, n)
    by_task = np.array(sorted(sums.values()))
    value = float(by_task[:, 0].sum() / n)
    return Figure(value, *ends_of(value, sorted_draws(_drawn(by_task, lowest))), n, None)


def _drawn(by_task: Array, lowest: float) -> Iterable[Array]:
    rng = generator(seed_of(by_task.tobytes()))
    for size in sizes_of_parts(len(by_task)):
        drawn = rng.standard_exponential((size, len(by_task))) @ by_task
        weight = rng.standard_exponential(size)
        drawn[:, 0] += weight * np.where(rng.random(size) < 0.5, 1.0, lowest)
        drawn[:, 1] += weight
        yield drawn[:, 0] / drawn[:, 1]


def side_effect(given: Preferences) -> SideEffect:
    """Of the choices that are no repeats."""
    by_annotator: dict[str, list[AtTask]] = defaultdict(list)
    for each in given.first:
        own = by_annotator[each.annotator]
        if each.taken != TIE:
            own.append(AtTask(given.pairs[each.pair].task, 1.0 if each.taken == LEFT else -1.0))
    whole = [each for own in by_annotator.values() for each in own]
    nothing = "nobody decided"
    return SideEffect(
        mean_by_task(whole, nothing, lowest=-1.0),
        {name: mean_by_task(own, "every choice is a tie", lowest=-1.0) for name, own in sorted(by_annotator.items())},
    )


def tie_rates(given: Preferences) -> dict[str, Figure]:
    """The share of ties of each annotator."""
    by_annotator: dict[str, list[AtTask]] = defaultdict(list)
    for each in given.first:
        by_annotator[each.annotator].append(AtTask(given.pairs[each.pair].task, float(each.taken == TIE)))
    return {name: mean_by_task(own, "no choice") for name, own in sorted(by_annotator.items())}


def both_decide(given: Preferences, names: Sequence[str] | None = None) -> Figure:
    """How often two annotators take the same draft of a pair where both take one: of all their pairs, or of those among
    `names`."""
    by_pair: dict[str, list[SideChoice]] = defaultdict(list)
    for each in given.first:
        if each.taken != TIE and (names is None or each.annotator in names):
            by_pair[each.pair].append(each)
    counted = [
        AtTask(given.pairs[pair].task, float(given.level(one) == given.level(other)))
        for pair, own in by_pair.items()
        for one, other in combinations(own, 2)
    ]
    return mean_by_task(counted, "no pair on which two decide")


class Consistency(NamedTuple):
    """Of the repeats: how often the same was chosen again (the same draft, or a tie both times), and how often the same side."""

    same: Figure
    same_side: Figure


def swap_consistency(given: Preferences) -> Consistency:
    """With Wilson's intervals; undefined without a repeat."""
    first = {(each.pair, each.annotator): each for each in given.first}
    both = [(first[each.pair, each.annotator], each) for each in given.choices if each.is_repeat]
    both = [(one, other) for one, other in both if one.left != other.left]
    same = sum(given.level(one) == given.level(other) for one, other in both)
    side = sum(one.taken == other.taken != TIE for one, other in both)
    return Consistency(share(same, len(both), "no pair came twice"), share(side, len(both), "no pair came twice"))


def longer_taken(given: Preferences) -> Figure:
    """How often the longer draft is taken where one is longer and one is taken; undefined where lengths are not known."""
    counted = []
    for each in given.first:
        pair = given.pairs[each.pair]
        if (at_left := lengths_of(pair, each)) and at_left[0] != at_left[1] and each.taken != TIE:
            counted.append(AtTask(pair.task, float((at_left[0] > at_left[1]) == (each.taken == LEFT))))
    return mean_by_task(counted, "no lengths")


def lengths_of(pair: PairOfDrafts, choice: SideChoice) -> tuple[int, int] | None:
    """Characters of left and right; None where one is not known."""
    if pair.length_a is None or pair.length_b is None:
        return None
    return (pair.length_a, pair.length_b) if choice.left == pair.a else (pair.length_b, pair.length_a)
