"""What is counted while the drafts of a release go by, whoever lets them go by: the writer, or who verifies.

Nothing of a draft is kept but two numbers a dimension, so a release of any size is counted in little memory.
"""

from array import array
from collections import Counter
from collections.abc import Mapping, Sequence

from touchstone.agreement.estimation.clusters import Histogram
from touchstone.agreement.looks import Looks
from touchstone.agreement.report import DimensionReport, dimension_report
from touchstone.data.counts import Counts
from touchstone.data.label import Pattern
from touchstone.data.look_plan import LookPlan
from touchstone.releasing.manifest import DimensionCounts, Terms
from touchstone.releasing.policy import DraftRows
from touchstone.releasing.tables import BECAUSE, CURRENT, SOURCES, DraftRow, ReleasedLabel
from touchstone.rubric.model import Dimension, Rubric


class Census:
    """The cells of a release by dimension: settled how, at which level, left out why."""

    def __init__(self, rubric: Rubric, keys: Sequence[str]) -> None:
        self._values = {key: _dimension(rubric, key).values for key in keys}
        self._sources = {key: Counter[str]() for key in keys}
        self._levels = {key: Counter[int | str]() for key in keys}
        self._left_out = {key: Counter[str]() for key in keys}

    def add(self, of_draft: DraftRows) -> None:
        for row in of_draft.gold:
            self._sources[row.dimension][row.source] += 1
            self._levels[row.dimension][row.value] += 1
        for left in of_draft.left_out:
            self._left_out[left.dimension][left.because] += 1

    def counts(self) -> dict[str, DimensionCounts]:
        return {
            key: DimensionCounts(
                by_source={each: self._sources[key][each] for each in SOURCES if self._sources[key][each]},
                by_level={str(value): self._levels[key][value] for value in values},
                left_out={each: self._left_out[key][each] for each in BECAUSE if self._left_out[key][each]},
            )
            for key, values in self._values.items()
        }


class Tally:
    """The label patterns of a release by dimension, with the cluster each is of."""

    def __init__(self, terms: Terms, rubric: Rubric) -> None:
        self._terms, self._rubric = terms, rubric
        self._dimensions = {key: _dimension(rubric, key) for key in terms.keys(rubric)}
        self._codes = {(key, value): code for key, each in self._dimensions.items() for code, value in enumerate(each.values)}
        self._seats = {name: seat for seat, name in enumerate(terms.annotators)}
        self._places: dict[Pattern, int] = {}
        self._clusters: dict[str, int] = {}
        self._of = {key: (array("l"), array("l")) for key in self._dimensions}
        self._pairs: dict[str, Counter[str]] = {key: Counter() for key in self._dimensions}

    def add(self, draft: DraftRow, cluster: str, labels: Sequence[ReleasedLabel]) -> None:
        """Count the current labels of one draft. Raises ValueError for a level that is not declared, an annotator nobody named,
        and a second label of one annotator on one dimension."""
        place = self._clusters.setdefault(cluster, len(self._clusters))
        of_key: dict[str, list[int | None]] = {}
        for label in labels:
            if label.state != CURRENT:
                continue
            code, seat = self._codes.get((label.dimension, label.value)), self._seats.get(label.annotator)
            if code is None or seat is None:
                raise ValueError(f"{label.annotator} gave {draft.draft_id} {label.value} on {label.dimension}")
            given = of_key.setdefault(label.dimension, [None] * len(self._seats))
            if given[seat] is not None:
                raise ValueError(f"{label.annotator} has two labels for {label.dimension} of {draft.draft_id}")
            given[seat] = code
        for key, given in of_key.items():
            pattern = tuple(given)
            patterns, clusters = self._of[key]
            patterns.append(self._places.setdefault(pattern, len(self._places)))
            clusters.append(place)
            self._pairs[key][draft.round] += len(pattern) - pattern.count(None) >= 2

    def reports(self) -> dict[str, DimensionReport]:
        """The agreement report of each dimension."""
        return {key: self._report(key) for key in self._dimensions}

    def document(self) -> dict[str, object]:
        """What agreement.json says: numbers to nine decimals, since the tenth differs between processors."""
        reports = {key: report.as_json() for key, report in self.reports().items()}
        return {
            "rounds": [each.name for each in self._terms.rounds],
            "rubric": self._rubric.name,
            "rubric_digest": self._rubric.digest,
            "annotators": list(self._terms.annotators),
            "dimensions": {key: to_nine(each) for key, each in reports.items()},
        }

    def _report(self, key: str) -> DimensionReport:
        dimension, (patterns, clusters) = self._dimensions[key], self._of[key]
        named = list(self._places)
        counts = Counts(
            key,
            dimension.scale,
            dimension.values,
            self._terms.annotators,
            {named[place]: number for place, number in sorted(Counter(patterns).items())},
            len(set(clusters)),
            by=dimension.agreement.by,
        )
        histograms: list[Histogram] | None = None
        if counts.clusters < counts.units:
            of_cluster: dict[int, Counter[Pattern]] = {}
            for cluster, place in zip(clusters, patterns, strict=True):
                of_cluster.setdefault(cluster, Counter())[named[place]] += 1
            histograms = list(of_cluster.values())
        return dimension_report(counts, dimension.agreement, histograms=histograms, looks=self._looks(key))

    def _looks(self, key: str) -> Looks:
        """Each closing was a look at all labels so far; rounds stand in the order they were closed in."""
        sizes, plan = [0], self._terms.plan
        for each in self._terms.rounds:
            if number := self._pairs[key][each.name]:
                sizes.append(sizes[-1] + number)
        planned = LookPlan(plan.looks, plan.drafts) if plan else None
        return Looks(tuple(sizes[1:]) or (0,), planned, plan.left_out if plan else ())


def to_nine(content: object) -> object:
    """Every number with a point in it to nine decimals."""
    if isinstance(content, float):
        return round(content, 9)
    if isinstance(content, Mapping):
        return {key: to_nine(value) for key, value in content.items()}
    return [to_nine(each) for each in content] if isinstance(content, list | tuple) else content


def _dimension(rubric: Rubric, key: str) -> Dimension:
    found = rubric.dimension(key)
    if found is None:
        raise ValueError(f"{rubric.name} has no dimension {key}")
    return found
