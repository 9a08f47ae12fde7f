"""What a report takes from the labels themselves rather than from their counts: its second opinion, and which drafts share a
cluster."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from db.store import assignments as stored_assignments
from db.store import closed_rounds as stored_closed_rounds
from db.store import rounds as stored_rounds
from touchstone.agreement.estimation.clusters import Histogram
from touchstone.agreement.report import DimensionReport
from touchstone.agreement.second_opinion import Opinion, none_of_so_many, second_opinion, second_opinion_on_codes
from touchstone.data.bulk_counts import MISSING
from touchstone.data.label import LabelRow
from touchstone.rubric.model import Rubric
from workflow.agreement.label_rows import LabelTable
from workflow.agreement.pseudonyms import Pseudonyms
from workflow.agreement.recount import codes_of
from workflow.agreement.report import Report
from workflow.rounds.rounds import Round

Codes = NDArray[np.uint8]


@dataclass(frozen=True)
class LabelCodes:
    """The raw labels of rounds of kind double as arrays: `codes` of each dimension (units, annotators), the position of each
    level among the declared ones, MISSING for no label; `cluster` (units,) a number for the cluster of each."""

    annotators: tuple[str, ...]
    codes: Mapping[str, Codes]
    cluster: NDArray[np.int64]

    def by_cluster(self, key: str) -> list[Histogram] | None:
        """The dimension's patterns by cluster, as `histograms_by_cluster` has them; None where each labelled draft is of another,
        which tells nothing."""
        labelled = (self.codes[key] != MISSING).any(axis=1)
        cluster, codes = self.cluster[labelled], self.codes[key][labelled]
        if len(np.unique(cluster)) == len(cluster):
            return None
        patterns, which = np.unique(codes, axis=0, return_inverse=True)
        told = [tuple(None if code == MISSING else code for code in row) for row in patterns.tolist()]
        both, units = np.unique(cluster * len(told) + which.reshape(-1), return_counts=True)
        histograms: dict[int, dict] = {}
        for number, of, n in zip((both // len(told)).tolist(), (both % len(told)).tolist(), units.tolist(), strict=True):
            histograms.setdefault(number, {})[told[of]] = n
        return list(histograms.values())

    def opinion(self, report: DimensionReport) -> Opinion:
        """The second opinion on one dimension's report, which has some of the annotators."""
        seats = [self.annotators.index(name) for name in report.annotators]
        return second_opinion_on_codes(self.codes[report.dimension][:, seats], report)


def codes_of_rounds(connection: sa.Connection, rounds: Sequence[Round], rubric: Rubric, names: Pseudonyms) -> LabelCodes:
    """The labels that count in closed rounds of kind double, on different drafts, read one by one; `names`: what annotators are
    called. Raises NotYourTurn for an open round."""
    seats = {each.id: stored_rounds.annotators_of(connection, each.id) for each in rounds}
    annotators = tuple(dict.fromkeys(names.of(person.name) for each in rounds for person in seats[each.id]))
    seen: dict[str, int] = {}
    clusters: list[NDArray[np.int64]] = []
    parts: list[Mapping[str, Codes]] = []
    for each in rounds:
        mine = seats[each.id]
        rows = stored_closed_rounds.stream_of_closed_round(connection, each.id)
        units, codes = codes_of(rows, [person.id for person in mine], rubric)
        cluster = np.full(len(units), -1)
        for part in stored_assignments.clusters_of_drafts(connection, each.id):
            for draft, key in part:
                if draft in units:
                    cluster[units[draft]] = seen.setdefault(key, len(seen))
        clusters.append(cluster)
        places = [annotators.index(names.of(person.name)) for person in mine]
        parts.append({key: _in_seats(found, len(units), places, len(annotators)) for key, found in codes.items()})
    nothing = [np.full((len(each), len(annotators)), MISSING, np.uint8) for each in clusters]
    of_each = {
        key: np.concatenate([part.get(key, none) for part, none in zip(parts, nothing, strict=True)]) for key in rubric.keys
    }
    return LabelCodes(annotators, of_each, np.concatenate(clusters))


def _in_seats(codes: Codes, units: int, places: Sequence[int], width: int) -> Codes:
    """(units, width): the codes of a round with its annotators at their places among all."""
    made = np.full((units, width), MISSING, np.uint8)
    made[: len(codes), places] = codes
    return made


def with_opinions(report: Report, table: LabelTable | None, names: Pseudonyms) -> Report:
    """The report and those of its annotators, each with its second opinion. `table` None: there are too many labels for one,
    and the opinion says so. `names`: what the report calls those whose labels are compared."""
    if table is None:
        return replace(report, second_opinion={key: none_of_so_many() for key in report.dimensions})
    rows = [row._replace(annotator=names.of(row.annotator)) for row in table.rows]
    of_each = {
        name: replace(own, second_opinion=_opinions([row for row in rows if row.annotator in own.annotators], own.dimensions))
        for name, own in report.by_annotator.items()
    }
    return replace(report, second_opinion=_opinions(rows, report.dimensions), by_annotator=of_each)


def _opinions(rows: Sequence[LabelRow], dimensions: Mapping[str, DimensionReport]) -> dict[str, Opinion]:
    by_dimension: dict[str, list[LabelRow]] = {key: [] for key in dimensions}
    for row in rows:
        by_dimension[row.dimension].append(row)
    return {key: second_opinion(by_dimension[key], report) for key, report in dimensions.items()}
