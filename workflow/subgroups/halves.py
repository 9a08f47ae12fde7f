"""A closed round in halves: by when its drafts could first show agreement, and by each annotator's own order."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import sqlalchemy as sa

from db.store import closed_rounds as stored_closed_rounds
from db.store import rounds as stored_rounds
from db.store.closing.by_draft import halves_alike, times_alike
from touchstone.data.counts import Counts
from touchstone.data.label import Pattern
from touchstone.rubric.model import Rubric
from touchstone.subgroups.drift import split_in_half
from workflow.agreement.counts_behind import counts_of_round
from workflow.rounds.rounds import Round
from workflow.rubric import rubrics
from workflow.subgroups.counted import Codes, is_large
from workflow.subgroups.round_labels import RoundLabels, labels_in_hand, round_to_cut

TIME = "time"
Halves = Mapping[str, tuple[Counts, Counts]]  # by dimension


@dataclass(frozen=True)
class RoundInHalves:
    """Its counts by dimension, and those of its halves as cut by TIME and by the order of each annotator, by their name."""

    round: Round
    rubric: Rubric
    counts: Mapping[str, Counts]
    halves: Mapping[str, Halves]


class Time(NamedTuple):
    """So many deliveries of someone that took as long."""

    annotator: str
    state: str
    seconds: float
    number: int


def round_in_halves(connection: sa.Connection, round_name: str) -> RoundInHalves:
    """Raises as `round_to_cut` does."""
    found = round_to_cut(connection, round_name)
    return _counted(connection, found) if is_large(found) else _in_hand(labels_in_hand(connection, round_name))


def times(connection: sa.Connection, found: Round) -> Iterator[Time]:
    """What was delivered in a closed round, and how long it took. Refuses an open one."""
    if is_large(found):
        return (Time(row.annotator, row.state, row.seconds, row.number) for row in times_alike(connection, found.id))
    return (
        Time(row.annotator, row.state, row.seconds, 1) for row in stored_closed_rounds.time_of_closed_round(connection, found.id)
    )


def _in_hand(labels: RoundLabels) -> RoundInHalves:
    own = {name: {row.draft_id: row.position for row in labels.rows if row.annotator == name} for name in labels.round.annotators}
    cuts = {TIME: split_in_half(labels.second_label()), **{name: split_in_half(order) for name, order in own.items()}}
    keys = labels.round.dimensions
    halves = {}
    for order, (first, second) in cuts.items():
        one, other = set(first), set(second)
        halves[order] = {key: (labels.counts(key, one), labels.counts(key, other)) for key in keys}
    return RoundInHalves(labels.round, labels.rubric, {key: labels.counts(key) for key in keys}, halves)


def _counted(connection: sa.Connection, found: Round) -> RoundInHalves:
    rubric = rubrics.of_round(connection, found.id)
    kept = counts_of_round(connection, found, rubric)
    counts = {key: kept[key] for key in found.dimensions}
    people = {each.name: each.id for each in stored_rounds.annotators_of(connection, found.id)}
    codes, ids = Codes(rubric, found.dimensions), list(people.values())
    orders = {TIME: None, **people}
    return RoundInHalves(
        found, rubric, counts, {order: _halves(connection, found.id, counts, who, ids, codes) for order, who in orders.items()}
    )


def _halves(
    connection: sa.Connection, round_: int, counts: Mapping[str, Counts], order: int | None, people: Sequence[int], codes: Codes
) -> Halves:
    patterns: dict[str, tuple[Counter[Pattern], Counter[Pattern]]] = {key: (Counter(), Counter()) for key in counts}
    for is_second, given, drafts in halves_alike(connection, round_, order, people, list(counts)):
        for key, pattern in zip(counts, codes.of(given), strict=True):
            if any(code is not None for code in pattern):
                patterns[key][is_second][pattern] += drafts
    return {
        key: (replace(counts[key], patterns=dict(first)), replace(counts[key], patterns=dict(second)))
        for key, (first, second) in patterns.items()
    }
