"""A closed round in halves: by when its drafts could first show agreement, and by each annotator's own order; with the pace of
each."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import sqlalchemy as sa

from db.store import closed_rounds as stored_closed_rounds
from touchstone.data.counts import Counts
from touchstone.rubric.model import Rubric
from touchstone.subgroups.drift import split_in_half
from touchstone.subgroups.rater_effects import Pace, paces
from workflow.agreement.counts_behind import counts_of_round
from workflow.rounds.rounds import Round
from workflow.rubric import rubrics
from workflow.subgroups.large import halves_of
from workflow.subgroups.round_labels import RoundLabels, labels_in_hand, round_to_cut
from workflow.subgroups.size import is_large

TIME = "time"
Halves = Mapping[str, tuple[Counts, Counts]]  # by dimension


@dataclass(frozen=True)
class RoundInHalves:
    """Its counts by dimension, and those of its halves as cut by TIME and by the order of each annotator, by their name; the pace
    of each, and the median seconds for a draft over all of them, None where nothing is timed."""

    round: Round
    rubric: Rubric
    counts: Mapping[str, Counts]
    halves: Mapping[str, Halves]
    paces: Mapping[str, Pace]
    median: float | None


def round_in_halves(connection: sa.Connection, round_name: str) -> RoundInHalves:
    """Raises as `round_to_cut` does."""
    found = round_to_cut(connection, round_name)
    return _counted(connection, found) if is_large(found.told) else _in_hand(connection, labels_in_hand(connection, round_name))


def _in_hand(connection: sa.Connection, labels: RoundLabels) -> RoundInHalves:
    seconds: dict[str, list[float]] = {name: [] for name in labels.round.annotators}
    for row in stored_closed_rounds.time_of_closed_round(connection, labels.round.id):
        if row.state == "saved" and row.annotator in seconds:
            seconds[row.annotator].append(row.seconds)
    own = {name: {row.draft_id: row.position for row in labels.rows if row.annotator == name} for name in labels.round.annotators}
    cuts = {TIME: split_in_half(labels.second_label()), **{name: split_in_half(order) for name, order in own.items()}}
    keys = labels.round.dimensions
    halves = {}
    for order, (first, second) in cuts.items():
        one, other = set(first), set(second)
        halves[order] = {key: (labels.counts(key, one), labels.counts(key, other)) for key in keys}
    counts = {key: labels.counts(key) for key in keys}
    return RoundInHalves(labels.round, labels.rubric, counts, halves, *paces(seconds))


def _counted(connection: sa.Connection, found: Round) -> RoundInHalves:
    rubric = rubrics.of_round(connection, found.id)
    counts = counts_of_round(connection, found, rubric)
    by_time, *own = halves_of(connection, found, rubric)
    halves = {
        order: {
            key: (replace(counts[key], patterns=half.first[key]), replace(counts[key], patterns=half.second[key])) for key in keys
        }
        for keys in [found.dimensions]
        for order, half in zip((TIME, *found.annotators), (by_time, *own), strict=True)
    }
    timed = {name: Pace(half.median, half.timed, half.fast) for name, half in zip(found.annotators, own, strict=True)}
    return RoundInHalves(found, rubric, {key: counts[key] for key in found.dimensions}, halves, timed, by_time.median)
