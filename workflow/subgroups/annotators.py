"""Each annotator of a closed round against the others, and drift within the round. For the lead."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from db.engine import reading
from touchstone.agreement.coefficient import Coefficient
from touchstone.agreement.estimation.estimates import judged_coefficient
from touchstone.data.counts import Counts
from touchstone.english import listed, many
from touchstone.rubric.model import Rubric
from touchstone.subgroups.drift import FigureInHalves, agreement_in_halves, level_in_halves
from touchstone.subgroups.mean_estimates import heights
from touchstone.subgroups.rater_effects import AgainstOthers, Pace, against_others
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.rounds.rounds import Round
from workflow.rubric.levels import declared
from workflow.subgroups.halves import RoundInHalves, round_in_halves


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
        found = round_in_halves(connection, round_name)
    keys, delivered = found.round.dimensions, found.round.progress
    everyone = tuple(
        Annotator(
            each.name,
            saved=each.saved,
            skipped=each.skipped,
            waiting=each.waiting,
            pace=found.paces[each.name],
            dimensions={key: against_others(found.counts[key], place) for key in keys},
            drift={key: _level_drift(found, each.name, key, place) for key in keys},
        )
        for place, each in enumerate(delivered)
    )
    drift = tuple(_agreement_drift(found, order, key) for order in found.halves for key in keys)
    notes = tuple(_cautions(found.round, found.rubric, found.paces))
    return Annotators(found.round, found.rubric, everyone, drift, found.median, notes)


def _level_drift(found: RoundInHalves, name: str, key: str, place: int) -> FigureInHalves:
    """The mean level of the annotator at this place among the names, in both halves of their own order."""
    dimension = declared(found.rubric, key)
    at = heights(dimension.values)
    first, second = (_levels_of(half, place, at) for half in found.halves[name][key])
    return level_in_halves(first, second, at, dimension.scale)


def _levels_of(half: Counts, place: int, at: Sequence[int]) -> Counter[float]:
    given: Counter[float] = Counter()
    for pattern, drafts in half.patterns.items():
        if (code := pattern[place]) is not None:
            given[float(at[code])] += drafts
    return given


def _agreement_drift(found: RoundInHalves, order: str, key: str) -> AgreementDrift:
    counts = found.counts[key]
    name = judged_coefficient(counts, declared(found.rubric, key).agreement)
    return AgreementDrift(order, key, name, agreement_in_halves(*found.halves[order][key], name), counts.by)


def _cautions(found: Round, rubric: Rubric, timed: Mapping[str, Pace]) -> list[str]:
    notes = [f"{found.left_out}."] if found.left_out else []
    notes += [
        "These figures describe how people used the levels here; they do not say who is right. Someone alone with a "
        "level may be the one who read the anchors."
    ]
    if len(found.annotators) == 2:
        notes.append("With two annotators each is compared only with the other: their figures mirror each other.")
    if len(found.annotators) * len(found.dimensions) > 1:
        notes.append(
            "Each annotator has the drafts in a random order of their own, so the halves of an own order are "
            "alike but for chance; halves by time need not be."
        )
    ordered = [dimension for key in found.dimensions if (dimension := declared(rubric, key)).scale != "nominal"]
    if words := [dimension.title for dimension in ordered if heights(dimension.values) != dimension.values]:
        notes.append(
            f"The levels of {listed(words)} are words: in means and differences each counts by its place, from 1 for the first."
        )
    if untimed := [name for name, pace in timed.items() if pace.median is None]:
        notes.append(f"No time is known for {', '.join(untimed)}: labels from a file carry none.")
    return notes
