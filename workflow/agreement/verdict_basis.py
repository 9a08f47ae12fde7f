"""What a verdict rests on besides the counts: drafts by cluster, and how often the labels were looked at."""

from collections.abc import Mapping, Sequence

from touchstone.agreement.estimation.clusters import Histogram, histograms_by_cluster
from touchstone.agreement.looks import Looks
from touchstone.data.counts import Counts
from workflow.agreement.label_rows import LabelTable
from workflow.rounds.kinds import DOUBLE
from workflow.rounds.rounds import Round


def needs_labels(counts: Sequence[Mapping[str, Counts]]) -> bool:
    """Whether drafts of the rounds (or the set) may share clusters: within one, or of several rounds between them."""
    return len(counts) > 1 or any(each.clusters < each.units for of_round in counts for each in of_round.values())


def by_cluster(labels: LabelTable | None, key: str) -> list[Histogram] | None:
    """The dimension's patterns by cluster; None where the labels are not at hand."""
    return None if labels is None else histograms_by_cluster(labels.by_unit(key), labels.cluster_of)


def looks_at(rounds: Sequence[Round], counts: Sequence[Mapping[str, Counts]], key: str) -> Looks | None:
    """The looks at a dimension of closed rounds that are reported together, and the plan of the first that has one; `counts`: of
    each round. Each closing was a look at all labels so far. None for rounds of another kind than double."""
    if any(each.kind != DOUBLE for each in rounds):
        return None
    in_order = sorted(zip(rounds, counts, strict=True), key=lambda each: (each[0].closed_at, each[0].id))
    sizes, plan = [0], None
    for round_, mine in in_order:
        if key in mine and mine[key].units_with_two:
            sizes.append(sizes[-1] + mine[key].units_with_two)
        plan = plan or round_.plan
    return Looks(tuple(sizes[1:]) or (0,), plan)
