"""What a verdict rests on besides the counts: drafts by cluster, and how often the labels were looked at."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from touchstone.agreement.estimation.clusters import AlikeClusters, Histogram, histograms_by_cluster
from touchstone.agreement.looks import Looks
from touchstone.data.counts import Counts
from touchstone.rubric.model import Rubric
from workflow.agreement.label_rows import LabelTable
from workflow.rounds.kinds import DOUBLE
from workflow.rounds.rounds import PlannedChain, Round, planned_chain
from workflow.subgroups.counted import Clusters
from workflow.subgroups.large import ALL, slices_by


def needs_labels(counts: Sequence[Mapping[str, Counts]]) -> bool:
    """Whether drafts of the rounds (or the set) may share clusters: within one, or of several rounds between them."""
    return len(counts) > 1 or any(each.clusters < each.units for of_round in counts for each in of_round.values())


def by_cluster(labels: LabelTable | None, key: str) -> list[Histogram] | None:
    """The dimension's patterns by cluster; None where the labels are not at hand."""
    return None if labels is None else histograms_by_cluster(labels.by_unit(key), labels.cluster_of)


class KeptClusters(NamedTuple):
    """The clusters of one large closed round of kind double, as they were kept when it was closed."""

    clusters: Mapping[str, Clusters]

    def by_cluster(self, key: str) -> Sequence[Histogram] | None:
        """The dimension's patterns by cluster; None where each labelled draft is of another, which tells nothing."""
        found = AlikeClusters((dict(each), many) for each, many in self.clusters.get(key, {}).items())
        return None if all(sum(each.values()) == 1 for each, _ in found.times) else found


def clusters_of_round(connection: sa.Connection, found: Round, rubric: Rubric) -> KeptClusters:
    """The clusters of a large closed round (`subgroups.size.is_large`), read as its slices are. Raises NotYourTurn for an open
    one."""
    slices = slices_by(connection, found, rubric, ALL).slices
    return KeptClusters(next(iter(slices.values())).clusters if slices else {})


def looks_at(
    rounds: Sequence[Round],
    counts: Sequence[Mapping[str, Counts]],
    key: str,
    planned: PlannedChain | None = None,
    called: Callable[[str], str] = str,
) -> Looks | None:
    """The looks at a dimension of closed rounds that are reported together; `counts`: of each round; `planned`: the plan they
    are under, with the rounds it is about, and what each is `called`. Each closing was a look at all labels so far. None for
    rounds of another kind than double."""
    if any(each.kind != DOUBLE for each in rounds):
        return None
    in_order = sorted(zip(rounds, counts, strict=True), key=lambda each: (each[0].closed_at, each[0].id))
    sizes = [0]
    for _, mine in in_order:
        if key in mine and mine[key].units_with_two:
            sizes.append(sizes[-1] + mine[key].units_with_two)
    here = {each.name for each in rounds}
    left_out = tuple(called(name) for name in planned.names if name not in here) if planned else ()
    return Looks(tuple(sizes[1:]) or (0,), planned.plan if planned else None, left_out)


def plan_over(connection: sa.Connection, rounds: Sequence[Round]) -> PlannedChain | None:
    """The plan of looks that rounds reported together are under: of the first that has one, its own or of a round it continues,
    with every round from there on up to those reported."""
    chains = [found for each in sorted(rounds, key=lambda each: each.id) if (found := planned_chain(connection, each))]
    if not chains:
        return None
    names = dict.fromkeys(name for chain in chains if chain.plan == chains[0].plan for name in chain.names)
    return PlannedChain(chains[0].plan, tuple(names))
