"""Each annotator of a closed round against the others, and drift within the round. For the lead."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from db.engine import reading
from db.store import closed_rounds as stored_closed_rounds
from touchstone.agreement.coefficient import Coefficient
from touchstone.agreement.estimation.estimates import judged_coefficient
from touchstone.data.counts import Counts
from touchstone.data.label import Pattern
from touchstone.english import listed, many
from touchstone.rubric.model import Rubric
from touchstone.subgroups.drift import FigureInHalves, agreement_in_halves, level_in_halves, split_in_half
from touchstone.subgroups.mean_estimates import heights
from touchstone.subgroups.rater_effects import AgainstOthers, Pace, against_others, paces
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.rounds.rounds import Round
from workflow.rubric.levels import declared
from workflow.subgroups.round_labels import RoundLabels, labels_in_hand


@dataclass(frozen=True)
class AgreementDrift:
    """One dimension's figure in both halves of the round, cut by `order`: "time" or an annotator's name. `by`: what weights go
    by, position or value."""

    order: str
    dimension: str
    coefficient: Coefficient
    halves: FigureInHalves
    by: str = "position"

    @property
    def judged_by(self) -> str:
        """The coefficient for the cell or head of a table: "kappa, quadratic, by value"."""
        return self.coefficient.heading_by(self.by)

    def as_json(self) -> dict[str, object]:
        return {
            "order": self.order,
            "dimension": self.dimension,
            "statistic": str(self.coefficient),
            "by": self.by,
            **self.halves.as_json(),
        }


@dataclass(frozen=True)
class Annotator:
    """One annotator of a round against the others; `drift` is their mean level in both halves of their own order."""

    name: str
    saved: int
    skipped: int
    waiting: int
    pace: Pace
    dimensions: Mapping[str, AgainstOthers]
    drift: Mapping[str, FigureInHalves]


@dataclass(frozen=True)
class Annotators:
    """Everyone of a round, and its drift; `median` seconds for a draft over all of them, None where nothing is timed."""

    round: Round
    rubric: Rubric
    annotators: tuple[Annotator, ...]
    agreement: tuple[AgreementDrift, ...]
    median: float | None
    notes: tuple[str, ...]

    @property
    def moved(self) -> list[AgreementDrift]:
        """Differences between halves whose interval leaves zero out."""
        return [each for each in self.agreement if _leaves_zero(each.halves)]

    @property
    def drift_sentence(self) -> str:
        told = [each for each in self.agreement if each.halves.difference.value is not None]
        if not told:
            return "No dimension can be compared between two halves: the table says why."
        levels = [halves for each in self.annotators for halves in each.drift.values() if halves.difference.value is not None]
        in_level = f" and {sum(map(_leaves_zero, levels))} of {len(levels)} in mean level" if levels else ""
        return (
            f"{len(self.moved)} of {many(len(told), 'difference')} in agreement{in_level} have an interval that excludes zero; "
            f"of that many about {(len(told) + len(levels)) / 20:.1f} would by chance if nothing had changed."
        )

    def as_json(self) -> dict[str, Any]:
        """The document of `annotators --json`."""
        return {
            "round": self.round.name,
            "rubric": self.rubric.name,
            "rubric_digest": self.rubric.digest,
            "sample": self.round.is_sample,
            "median_seconds": self.median,
            "notes": list(self.notes),
            "annotators": {
                each.name: {
                    "saved": each.saved,
                    "skipped": each.skipped,
                    "waiting": each.waiting,
                    **each.pace.as_json(),
                    "dimensions": {key: found.as_json() for key, found in each.dimensions.items()},
                    "drift": {key: halves.as_json() for key, halves in each.drift.items()},
                }
                for each in self.annotators
            },
            "drift": [each.as_json() for each in self.agreement],
        }


def _leaves_zero(halves: FigureInHalves) -> bool:
    low, high = halves.difference.low, halves.difference.high
    return (low is not None and low > 0) or (high is not None and high < 0)


@verb
def annotators(person: Person, engine: sa.Engine, round_name: str) -> Annotators:
    """Each annotator of a closed round against the others, and drift: agreement in the first and second half of the
    round, cut by when a draft got its second label and by each annotator's own order; each one's mean level in the
    halves of their own order. Refuses an open round."""
    with reading(engine, person) as connection:
        labels = labels_in_hand(connection, round_name)
        times = stored_closed_rounds.time_of_closed_round(connection, labels.round.id)
    names = labels.round.annotators
    counts = {key: labels.counts(key) for key in labels.round.dimensions}
    halves = {name: split_in_half(_own_order(labels, name)) for name in names}
    seconds = {name: [row.seconds for row in times if (row.annotator, row.state) == (name, "saved")] for name in names}
    timed, median = paces(seconds)
    states = Counter((row.annotator, row.state) for row in times)
    everyone = tuple(
        Annotator(
            name,
            saved=states[name, "saved"],
            skipped=states[name, "skipped"],
            waiting=states[name, "waiting"],
            pace=timed[name],
            dimensions={key: against_others(mine, place) for key, mine in counts.items()},
            drift=_level_drift(labels, halves[name], place),
        )
        for place, name in enumerate(names)
    )
    cuts = {"time": split_in_half(labels.second_label()), **halves}
    drift = tuple(_agreement_drift(labels, order, key, counts[key], cut) for order, cut in cuts.items() for key in counts)
    return Annotators(labels.round, labels.rubric, everyone, drift, median, tuple(_cautions(labels, timed)))


def _own_order(labels: RoundLabels, name: str) -> dict[str, int]:
    """The place of each draft in the order in which one annotator had them."""
    return {row.draft_id: row.position for row in labels.rows if row.annotator == name}


def _level_drift(labels: RoundLabels, halves: tuple[list[str], list[str]], place: int) -> dict[str, FigureInHalves]:
    """By dimension: the mean level of the annotator at this place among the names, in both halves."""
    drift = {}
    for key in labels.round.dimensions:
        by_unit = labels.table.by_unit(key)
        dimension = declared(labels.rubric, key)
        at = heights(dimension.values)
        first, second = (Counter(float(at[code]) for code in _positions(by_unit, half, place)) for half in halves)
        drift[key] = level_in_halves(first, second, at, dimension.scale)
    return drift


def _positions(by_unit: Mapping[str, Pattern], units: list[str], place: int) -> list[int]:
    given = (by_unit[unit][place] for unit in units if unit in by_unit)
    return [position for position in given if position is not None]


def _agreement_drift(
    labels: RoundLabels, order: str, key: str, counts: Counts, halves: tuple[list[str], list[str]]
) -> AgreementDrift:
    name = judged_coefficient(counts, declared(labels.rubric, key).agreement)
    first, second = (labels.counts(key, set(units)) for units in halves)
    return AgreementDrift(order, key, name, agreement_in_halves(first, second, name), counts.by)


def _cautions(labels: RoundLabels, timed: Mapping[str, Pace]) -> list[str]:
    notes = [f"{labels.round.left_out}."] if labels.round.left_out else []
    notes += [
        "These figures describe how people used the levels here; they do not say who is right. Someone alone with a "
        "level may be the one who read the anchors."
    ]
    if len(labels.round.annotators) == 2:
        notes.append("With two annotators each is compared only with the other: their figures mirror each other.")
    if len(labels.round.annotators) * len(labels.round.dimensions) > 1:
        notes.append(
            "Each annotator has the drafts in a random order of their own, so the halves of an own order are "
            "alike but for chance; halves by time need not be."
        )
    ordered = [dimension for key in labels.round.dimensions if (dimension := declared(labels.rubric, key)).scale != "nominal"]
    if words := [dimension.title for dimension in ordered if heights(dimension.values) != dimension.values]:
        notes.append(
            f"The levels of {listed(words)} are words: in means and differences each counts by its place, from 1 for the first."
        )
    if untimed := [name for name, pace in timed.items() if pace.median is None]:
        notes.append(f"No time is known for {', '.join(untimed)}: labels from a file carry none.")
    return notes
