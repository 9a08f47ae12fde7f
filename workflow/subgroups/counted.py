"""A large closed round cut into slices by counting in the database: no row a label is read, and no draft is held here."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa

from db.store import rounds as stored_rounds
from db.store.closing.by_draft import drafts_alike
from touchstone.agreement.estimation.clusters import Histogram
from touchstone.agreement.estimation.estimates import judged_coefficient
from touchstone.data.counts import Counts
from touchstone.data.label import Pattern
from touchstone.rubric.model import Rubric
from touchstone.subgroups.dealt_counts import Kind, lowest_of_counts
from touchstone.subgroups.slices import LowestFigure
from workflow.rounds.rounds import Round
from workflow.rubric.levels import declared, level_of

DEALT_AS_DRAFTS = 20_000  # up to so many drafts are dealt out one by one; of more the database counts how many are alike
MOST_SEATS = 400  # annotators times dimensions, a column each: far under what both databases take

SliceOf = Callable[[str | int | None], str]


@dataclass(frozen=True)
class CountedSlices:
    """The drafts of each slice, and by slice and dimension the histograms of their labels, one a cluster."""

    round: Round
    rubric: Rubric
    drafts: Mapping[str, int]
    histograms: Mapping[tuple[str, str], Sequence[Histogram]]
    alike: Mapping[Kind, Mapping[str, int]]

    def counts(self, key: str, name: str | None = None) -> Counts:
        """The counts of one dimension, of a slice or of all."""
        of = [each for (where, mine), each in self.histograms.items() if mine == key and name in (None, where)]
        patterns: Counter[Pattern] = Counter()
        for histogram, many in Counter(map(_hashed, (one for each in of for one in each))).items():
            for pattern, units in histogram:
                patterns[pattern] += units * many
        dimension = declared(self.rubric, key)
        return Counts(
            key,
            dimension.scale,
            dimension.values,
            self.round.compared,
            dict(patterns),
            sum(map(len, of)),
            by=dimension.agreement.by,
        )

    def lowest(self) -> LowestFigure | None:
        whole = [self.counts(key) for key in self.round.dimensions]
        rules = [declared(self.rubric, key).agreement for key in self.round.dimensions]
        judged = [(counts, judged_coefficient(counts, rule)) for counts, rule in zip(whole, rules, strict=True)]
        return lowest_of_counts(judged, self.alike)


def is_large(found: Round) -> bool:
    return found.told > DEALT_AS_DRAFTS and len(found.annotators) * len(found.dimensions) <= MOST_SEATS


def _hashed(histogram: Histogram) -> tuple[tuple[Pattern, int], ...]:
    return tuple(histogram.items())


def counted_slices(connection: sa.Connection, found: Round, rubric: Rubric, by: str, slice_of: SliceOf) -> CountedSlices:
    """`by` as `drafts_alike` has it; `slice_of`: the name of the slice of each of its values."""
    people = [each.id for each in stored_rounds.annotators_of(connection, found.id)]
    codes = Codes(rubric, found.dimensions)
    drafts: Counter[str] = Counter()
    histograms: dict[tuple[str, str], list[Histogram]] = {}
    alike: dict[Kind, Counter[str]] = {}
    same: dict[tuple[tuple[Pattern, int], ...], Histogram] = {}
    of_cluster: dict[tuple[str, str], Counter[Pattern]] = {}

    def end_cluster() -> None:
        for place, counted in of_cluster.items():
            told = tuple(sorted(counted.items(), key=repr))
            histograms.setdefault(place, []).append(same.setdefault(told, dict(told)))
        of_cluster.clear()

    cluster = None
    for row in drafts_alike(connection, found.id, by, people, found.dimensions):
        if row.cluster != cluster:
            end_cluster()
            cluster = row.cluster
        name, kind = slice_of(row.value), codes.of(row.given)
        drafts[name] += row.drafts
        alike.setdefault(kind, Counter())[name] += row.drafts
        for key, pattern in zip(found.dimensions, kind, strict=True):
            if any(code is not None for code in pattern):
                of_cluster.setdefault((name, key), Counter())[pattern] += row.drafts
    end_cluster()
    return CountedSlices(found, rubric, drafts, histograms, alike)


def in_order(made: CountedSlices, names: Sequence[str]) -> CountedSlices:
    """The same with its slices in this order."""
    return replace(made, drafts={name: made.drafts[name] for name in names})


class Codes:
    """Labels as the store has them, as positions among the levels; each that was met is kept."""

    def __init__(self, rubric: Rubric, dimensions: Sequence[str]) -> None:
        self._declared = [declared(rubric, key) for key in dimensions]
        self._met: dict[tuple[tuple[str | None, ...], ...], Kind] = {}

    def of(self, given: tuple[tuple[str | None, ...], ...]) -> Kind:
        if given not in self._met:
            self._met[given] = tuple(
                tuple(None if value is None else each.values.index(level_of(each, value)) for value in values)
                for each, values in zip(self._declared, given, strict=True)
            )
        return self._met[given]
