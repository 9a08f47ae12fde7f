"""Slices and halves of a large closed round, counted: of so many drafts that none is held here."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from touchstone.agreement.estimation.clusters import AlikeClusters
from touchstone.agreement.estimation.estimates import judged_coefficient
from touchstone.data.counts import Counts
from touchstone.data.label import Pattern
from touchstone.rubric.model import Rubric
from touchstone.subgroups.dealt_counts import Kind, lowest_of_counts
from touchstone.subgroups.drafts_alike import Numbers, after_the_middle, clusters_alike, median_of
from touchstone.subgroups.rater_effects import FAST
from touchstone.subgroups.slices import LowestFigure
from workflow.rounds.rounds import Round
from workflow.rubric.levels import declared
from workflow.subgroups.in_numbers import RoundInNumbers

OfCluster = tuple[tuple[Pattern, int], ...]  # the patterns of a cluster's drafts, in order, each with how many have it
Clusters = Mapping[OfCluster, int]  # how many clusters are so
HalfPatterns = Mapping[str, Mapping[Pattern, int]]  # by dimension


class CountedSlice(NamedTuple):
    """The drafts of a slice; its clusters by dimension; how many drafts are of each kind, None where they were not counted."""

    drafts: int
    clusters: Mapping[str, Clusters]
    kinds: Mapping[Kind, int] | None

    def less(self, other: "CountedSlice") -> "CountedSlice":
        """Without what another counts."""
        return self._joined(other, -1)

    def and_(self, other: "CountedSlice") -> "CountedSlice":
        return self._joined(other, 1)

    def _joined(self, other: "CountedSlice", sign: int) -> "CountedSlice":
        return CountedSlice(
            self.drafts + sign * other.drafts,
            {key: _joined(each, other.clusters.get(key, {}), sign) for key, each in self.clusters.items()},
            None if self.kinds is None or other.kinds is None else _joined(self.kinds, other.kinds, sign),
        )


def _joined(one: Mapping, other: Mapping, sign: int) -> dict:
    both = Counter(one)
    for each, many in other.items():
        both[each] += sign * many
    return {each: many for each, many in both.items() if many}


def slices_in(numbers: RoundInNumbers, names: Sequence[str], number: Numbers) -> dict[str, CountedSlice]:
    """The slices by their names, of a number among `names` for each draft; without those of no draft."""
    order = np.argsort(number, kind="stable")
    ends = np.cumsum(np.bincount(number, minlength=len(names)))
    parts = dict(zip(names, np.split(order, ends[:-1]), strict=True)) if len(names) else {}
    return {name: _slice(numbers, drafts) for name, drafts in parts.items() if len(drafts)}


def _slice(numbers: RoundInNumbers, drafts: Numbers) -> CountedSlice:
    kinds, cluster = numbers.kind[drafts], numbers.cluster[drafts]
    clusters = {}
    for key, patterns in numbers.patterns.items():
        pattern = numbers.pattern[key][kinds] if len(kinds) else kinds
        told = pattern >= 0
        clusters[key] = {
            tuple((patterns[place], units) for place, units in held): many
            for held, many in clusters_alike(pattern[told], cluster[told])
        }
    of_kind = enumerate(np.bincount(kinds).tolist())
    return CountedSlice(len(drafts), clusters, {numbers.given[kind]: many for kind, many in of_kind if many})


class Half(NamedTuple):
    """The label patterns of both halves by dimension, as cut by one order; the time of whose order it is (of all for that by
    time): median seconds, how many drafts were timed, and how many of those took under FAST of the round's median."""

    first: HalfPatterns
    second: HalfPatterns
    median: float | None
    timed: int
    fast: int


def halves_in(numbers: RoundInNumbers) -> list[Half]:
    """By time, and by the order of each of the people, in their order."""
    all_ = numbers.deliveries
    is_timed = (all_.seconds > 0) & np.isin(all_.person, numbers.people)
    timed = all_.seconds[is_timed]
    median = median_of(timed)
    by_time = _patterns_of_halves(numbers, np.arange(len(numbers.ids)), numbers.second_label)
    made = [Half(by_time[0], by_time[1], median, len(timed), _under(timed, median))]
    for person in numbers.people:
        mine = (all_.person == person) & (all_.at >= 0)
        took = all_.seconds[is_timed & (all_.person == person)]
        halves = _patterns_of_halves(numbers, np.searchsorted(numbers.ids, all_.draft[mine]), all_.position[mine])
        made.append(Half(halves[0], halves[1], median_of(took), len(took), _under(took, median)))
    return made


def _under(took: np.ndarray, median: float | None) -> int:
    return int((took < FAST * median).sum()) if median is not None else 0


def _patterns_of_halves(numbers: RoundInNumbers, drafts: Numbers, at: Numbers) -> Sequence[HalfPatterns]:
    second, made = after_the_middle(at), []
    for half in (~second, second):
        kinds = numbers.kind[drafts[half]]
        found = {}
        for key, patterns in numbers.patterns.items():
            pattern = numbers.pattern[key][kinds] if len(kinds) else kinds
            many = np.bincount(pattern[pattern >= 0], minlength=len(patterns))
            found[key] = {each: int(units) for each, units in zip(patterns, many, strict=True) if units}
        made.append(found)
    return made


@dataclass(frozen=True)
class CountedSlices:
    """A round's slices by their names, in the order in which they are to be read."""

    round: Round
    rubric: Rubric
    slices: Mapping[str, CountedSlice]

    def clusters(self, key: str, name: str) -> AlikeClusters:
        """The histograms of a slice on one dimension, one a cluster."""
        return AlikeClusters((dict(each), many) for each, many in self.slices[name].clusters.get(key, {}).items())

    def counts(self, key: str, name: str | None = None) -> Counts:
        """The counts of one dimension, of a slice or of all."""
        of = [each.clusters.get(key, {}) for mine, each in self.slices.items() if name in (None, mine)]
        patterns: Counter[Pattern] = Counter()
        for clusters in of:
            for cluster, many in clusters.items():
                for pattern, units in cluster:
                    patterns[pattern] += units * many
        dimension = declared(self.rubric, key)
        return Counts(
            key,
            dimension.scale,
            dimension.values,
            self.round.compared,
            dict(patterns),
            sum(sum(each.values()) for each in of),
            by=dimension.agreement.by,
        )

    def lowest(self) -> LowestFigure | None:
        """Of slices whose kinds were counted."""
        whole = [self.counts(key) for key in self.round.dimensions]
        rules = [declared(self.rubric, key).agreement for key in self.round.dimensions]
        judged = [(counts, judged_coefficient(counts, rule)) for counts, rule in zip(whole, rules, strict=True)]
        alike: dict[Kind, dict[str, int]] = {}
        for name, each in self.slices.items():
            for kind, drafts in (each.kinds or {}).items():
                alike.setdefault(kind, {})[name] = drafts
        return lowest_of_counts(judged, alike)
