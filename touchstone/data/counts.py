"""The counts every figure of agreement is computed from.

Pure Python: the page on which people label reaches this module, and must not wait for numpy.
A duplicate or an undeclared value here is a programmer's mistake (the store and the importers refuse
them with a line number before), so it raises ValueError; nothing here raises Refused.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from touchstone.data.label import LabelRow, Level, Pattern, Scaled

Key = TypeVar("Key")


@dataclass(frozen=True)
class Counts:
    """The histogram of label patterns of one dimension: all that agreement needs, and small enough to store.

    A pattern has one entry per annotator, in the order of `annotators`: the position of the level given
    among `levels` (the declared ones), or None where that annotator gave no label. `patterns` maps it to the
    number of units that have it. `clusters` counts distinct clusters among units with a label; `skipped`
    counts assignments delivered without a label. `by`: whether weights count how far apart two levels are by their position or
    by their value (a number).
    """

    dimension: str
    scale: str
    levels: tuple[int | str, ...]
    annotators: tuple[str, ...]
    patterns: Mapping[Pattern, int]
    clusters: int
    skipped: int = 0
    by: str = "position"

    @property
    def units(self) -> int:
        """Units with at least one label."""
        return sum(n for pattern, n in self.patterns.items() if _given(pattern) >= 1)

    @property
    def units_with_two(self) -> int:
        """Units with two or more labels: those that can show agreement."""
        return sum(n for pattern, n in self.patterns.items() if _given(pattern) >= 2)


def count_labels(
    rows: Iterable[LabelRow],
    dimension: Scaled,
    annotators: Sequence[str],
    cluster_of: Mapping[str, str] | None = None,
    skipped: int = 0,
    by: str = "position",
) -> Counts:
    """The counts of one dimension from the long table; rows of other dimensions are passed over. `by` as in `Counts`.

    A unit that `cluster_of` does not name is a cluster of its own, as every unit is without `cluster_of`.
    With no rows the histogram is empty and every figure of it is undefined.
    Raises ValueError for a value that is not declared, an annotator who is not among `annotators`,
    or a second label of one annotator for one unit.
    """
    labels_of = labels_by_unit(rows, dimension, annotators)
    own = cluster_of or {}
    # The pair keeps a unit without a named cluster apart from a cluster that happens to bear its id.
    clusters = {(unit in own, own.get(unit, unit)) for unit in labels_of}
    return Counts(
        dimension=dimension.key,
        scale=dimension.scale,
        levels=tuple(dimension.values),
        annotators=tuple(annotators),
        patterns=dict(Counter(labels_of.values())),
        clusters=len(clusters),
        skipped=skipped,
        by=by,
    )


def labels_by_unit(rows: Iterable[LabelRow], dimension: Scaled, annotators: Sequence[str]) -> dict[str, Pattern]:
    """The pattern of each unit with a label of this dimension: what `count_labels` counts, before units are forgotten.

    Raises ValueError as `count_labels` does.
    """
    position = {value: code for code, value in enumerate(dimension.values)}
    seat = {name: place for place, name in enumerate(annotators)}
    if len(seat) != len(annotators):
        raise ValueError(f"an annotator is named twice: {', '.join(annotators)}")
    labels_of: dict[str, list[int | None]] = {}
    for row in rows:
        if row.dimension != dimension.key:
            continue
        if row.value not in position:
            takes = ", ".join(str(value) for value in dimension.values)
            where = f"{row.annotator}, unit {row.unit}"
            raise ValueError(f"{dimension.key} takes {takes}, not {row.value!r} ({where})")
        if row.annotator not in seat:
            known = ", ".join(annotators)
            raise ValueError(f"{row.annotator} is not among the annotators {known} (unit {row.unit})")
        labels = labels_of.setdefault(row.unit, [None] * len(seat))
        if labels[seat[row.annotator]] is not None:
            cell = f"{dimension.key} of unit {row.unit}"
            raise ValueError(f"{row.annotator} has two labels for {cell}: keep one")
        labels[seat[row.annotator]] = position[row.value]
    return {unit: tuple(labels) for unit, labels in labels_of.items()}


def pool(many: Sequence[Counts]) -> Counts:
    """Several counts of one dimension as one: rounds under one rubric digest, on different drafts.

    Annotators are the union in order of first appearance; someone not in a round has no label there.
    `clusters` are added, so a cluster met in two rounds counts twice: histograms no longer know which it was.
    A draft labelled in two of the rounds would count twice too; the caller pools only rounds on other drafts.
    Raises ValueError when there is nothing to pool, or the dimension, its scale or its levels differ.
    """
    if not many:
        raise ValueError("there are no counts to pool")
    first = many[0]
    for other in many[1:]:
        if (other.dimension, other.scale, other.levels, other.by) != (first.dimension, first.scale, first.levels, first.by):
            raise ValueError(
                f"{first.dimension} ({first.scale}, levels {first.levels}) and {other.dimension} "
                f"({other.scale}, levels {other.levels}) are not one dimension: report them separately"
            )
    annotators = tuple(dict.fromkeys(name for counts in many for name in counts.annotators))
    patterns: Counter[Pattern] = Counter()
    for counts in many:
        for pattern, n in counts.patterns.items():
            given = dict(zip(counts.annotators, pattern, strict=True))
            patterns[tuple(given.get(name) for name in annotators)] += n
    return Counts(
        dimension=first.dimension,
        scale=first.scale,
        levels=first.levels,
        annotators=annotators,
        patterns=dict(patterns),
        clusters=sum(counts.clusters for counts in many),
        skipped=sum(counts.skipped for counts in many),
        by=first.by,
    )


def own_order(scale: str, levels: Sequence[Level]) -> tuple[Level, ...]:
    """The levels of a nominal scale in an order that does not depend on how they were declared, numbers first; of another
    scale as declared. What is computed in this order is the same however the levels are listed."""
    if scale != "nominal":
        return tuple(levels)
    return tuple(sorted(levels, key=lambda level: (isinstance(level, str), level)))


def in_own_order(counts: Counts) -> Counts:
    """The same counts with their levels in `own_order`."""
    order = own_order(counts.scale, counts.levels)
    if order == counts.levels:
        return counts
    return replace(counts, levels=order, patterns=histogram_in_own_order(counts.patterns, counts.scale, counts.levels))


def histogram_in_own_order(histogram: Mapping[Pattern, int], scale: str, levels: Sequence[Level]) -> dict[Pattern, int]:
    """A histogram of patterns whose positions are among `levels`, with positions among their `own_order`."""
    patterns = patterns_in_own_order(dict(enumerate(histogram)), scale, levels)
    return dict(zip(patterns.values(), histogram.values(), strict=True))


def patterns_in_own_order(patterns: Mapping[Key, Pattern], scale: str, levels: Sequence[Level]) -> dict[Key, Pattern]:
    """Patterns whose positions are among `levels`, by unit or another key, with positions among their `own_order`."""
    order = own_order(scale, levels)
    place = [order.index(level) for level in levels]
    return {key: tuple(None if code is None else place[code] for code in pattern) for key, pattern in patterns.items()}


def seats(counts: Counts, annotators: Sequence[str]) -> Counts:
    """The counts of some of the annotators alone, in the order named; units none of them labelled are left out.

    `clusters` and `skipped` stay those of all: a histogram does not know whose they were.
    Raises ValueError for an annotator the counts do not have.
    """
    places = [counts.annotators.index(name) for name in annotators]
    patterns: Counter[Pattern] = Counter()
    for pattern, n in counts.patterns.items():
        kept = tuple(pattern[place] for place in places)
        if _given(kept):
            patterns[kept] += n
    return replace(counts, annotators=tuple(annotators), patterns=dict(patterns))


def have_same_levels(one: Scaled, other: Scaled) -> bool:
    """Whether two dimensions have the same levels, in the same order too unless a scale has none."""
    scale = "nominal" if "nominal" in (one.scale, other.scale) else one.scale
    return own_order(scale, one.values) == own_order(scale, other.values)


def apart(places: Sequence[int], scale: str) -> int:
    """How far labels at these positions lie apart: the most positions between two of them; on a nominal scale, which has no
    distances, 1 where any two differ. 0 of fewer than two."""
    if not places:
        return 0
    return int(len(set(places)) > 1) if scale == "nominal" else max(places) - min(places)


def own_and_others(pattern: Pattern, seat: int) -> tuple[int | None, list[int]]:
    """What the annotator at `seat` gave a unit, and what all others gave it."""
    return pattern[seat], [code for place, code in enumerate(pattern) if place != seat and code is not None]


def _given(pattern: Pattern) -> int:
    return sum(code is not None for code in pattern)


def pattern_text(pattern: Pattern) -> str:
    """A pattern as the store keeps it: "3 2", "0 -"."""
    return " ".join("-" if code is None else str(code) for code in pattern)


def pattern_of(text: str) -> Pattern:
    """The pattern of `pattern_text`."""
    return tuple(None if code == "-" else int(code) for code in text.split(" "))
