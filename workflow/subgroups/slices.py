"""A closed round cut into slices; drift within it; each annotator against the others. For the lead.

Who may lead is not decided here: in local mode everyone may. What is kept is blindness: open rounds are refused by the
queries themselves, no draft is named, and a slice of few drafts that the reader labels in an open round is held back.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa

from db.engine import reading
from db.store import labels as stored_labels
from touchstone.agreement.coefficient import Coefficient
from touchstone.agreement.figure import PlainRule
from touchstone.agreement.report import DimensionReport, dimension_report, judged_coefficient
from touchstone.data.counts import Counts, LabelRow, Pattern, count_labels, labels_by_unit
from touchstone.english import day, many
from touchstone.errors import Refused
from touchstone.rubric.reading import Rubric
from touchstone.subgroups.drift import FigureInHalves, agreement_in_halves, level_in_halves, split_in_half
from touchstone.subgroups.rater_effects import AgainstOthers, Pace, against_others, paces
from touchstone.subgroups.slices import LEAST, LowestFigure, lowest, sliced, week_of
from workflow.agreement.reports import refuse_too_few
from workflow.people.people import Person
from workflow.rounds.rounds import Round, closed_round
from workflow.rubric import rubrics

BY = {
    "dimension": "target dimension",
    "source_mode": "source mode",
    "difficulty": "difficulty",
    "author": "draft author",
    "period": "week",
}
NOT_GIVEN = "not given"


@dataclass(frozen=True)
class Slice:
    """Some of a round's drafts. `dimensions` is empty where the slice is held back from the reader."""

    name: str
    drafts: int
    held_back: bool
    dimensions: Mapping[str, DimensionReport]


@dataclass(frozen=True)
class Slices:
    """A round's agreement slice by slice. `figures` counts the defined judged figures shown; `lowest` is the lowest of
    them with how often chance makes one as low, None where there is nothing to compare."""

    round: Round
    rubric: Rubric
    by: str
    slices: tuple[Slice, ...]
    lowest: LowestFigure | None
    notes: tuple[str, ...]

    @property
    def figures(self) -> int:
        return _defined(self.slices)

    @property
    def sentence(self) -> str:
        """Where things stand, in one sentence or two."""
        cut = f"{self.round.name} by {BY[self.by]}: {many(len(self.slices), 'slice')}"
        if not self.lowest:
            return f"{cut}, and no figures to compare."
        title = self.rubric.dimension(self.lowest.dimension).title
        return (
            f"{cut}, {many(self.figures, 'figure')}. The lowest is {title} where the {BY[self.by]} is "
            f"“{self.lowest.slice}”, {self.lowest.value:.2f}; dealt out blindly, the same drafts give one as low or lower "
            f"in {100 * self.lowest.by_chance:.0f} % of deals."
        )

    def as_json(self) -> dict[str, Any]:
        """The document of `slices --json`."""
        return {
            "round": self.round.name,
            "by": self.by,
            "rubric": self.rubric.name,
            "rubric_digest": self.rubric.digest,
            "sample": self.round.is_sample,
            "figures": self.figures,
            "lowest": self.lowest and self.lowest._asdict(),
            "notes": list(self.notes),
            "slices": [
                {
                    "slice": each.name,
                    "drafts": each.drafts,
                    "held_back": each.held_back,
                    "dimensions": {key: found.as_json() for key, found in each.dimensions.items()},
                }
                for each in self.slices
            ],
        }


def _defined(made: Sequence[Slice]) -> int:
    return sum(each.judged is not None and each.judged.value is not None for some in made for each in some.dimensions.values())


class _Labels(NamedTuple):
    """A closed round's labels in hand."""

    round: Round
    rubric: Rubric
    rows: Sequence[sa.Row]
    table: list[LabelRow]
    clusters: dict[str, str]


def _labels(connection: sa.Connection, person: Person, round_name: str) -> _Labels:
    found = closed_round(connection, round_name)
    refuse_too_few(connection, person, [found])
    if found.purpose:
        raise Refused(
            f"{found.name} is a {found.purpose}; slices and annotators are of rounds that several people label: "
            "read it under Agreement"
        )
    rubric = rubrics.of_round(connection, found.id)
    rows = stored_labels.sliceable_of_closed_round(connection, found.id)
    table = [
        LabelRow(each.draft_id, each.annotator, each.dimension, rubric.dimension(each.dimension).parse(each.value))
        for each in rows
    ]
    return _Labels(found, rubric, rows, table, {each.draft_id: each.cluster for each in rows})


def _counts(labels: _Labels, table: Sequence[LabelRow], key: str) -> Counts:
    return count_labels(table, labels.rubric.dimension(key), labels.round.annotators, labels.clusters)


def slices(person: Person, engine: sa.Engine, round_name: str, by: str) -> Slices:
    """The agreement of a closed round for each of its slices, by the same report as the whole round's.

    `by` is a key of BY; "period" is the week, from Monday in UTC, in which a draft got its second label (its only one,
    where there is one). A task that does not say falls into the slice "not given". Raises Refused for another `by`,
    NotYourTurn for an open round.
    """
    if by not in BY:
        raise Refused(f"a round is not cut by {by or 'nothing'}; choose from {', '.join(BY)}")
    with reading(engine) as connection:
        labels = _labels(connection, person, round_name)
        held = set(stored_labels.in_open_rounds(connection, person.id))
    slice_of = _slice_of(labels, by)
    units = {name: {unit for unit, mine in slice_of.items() if mine == name} for name in dict.fromkeys(slice_of.values())}
    back = _held_back(units, held)
    made = [_slice(labels, name, mine, name in back) for name, mine in units.items()]
    shown = {unit: name for unit, name in slice_of.items() if not next(each for each in made if each.name == name).held_back}
    least = lowest(
        [
            sliced(_counts(labels, labels.table, key), _by_unit(labels, key), labels.rubric.dimension(key).agreement)
            for key in labels.round.dimensions
        ],
        shown,
    )
    return Slices(labels.round, labels.rubric, by, tuple(made), least, tuple(_notes(labels, by, made)))


def _held_back(units: Mapping[str, set[str]], held: set[str]) -> set[str]:
    """Slices of few drafts with one that the reader labels in an open round; and as many of the next smallest as it takes that
    subtracting the others from the whole round does not lay few drafts bare."""
    back = {name for name, mine in units.items() if len(mine) < LEAST and mine & held}
    for name in sorted(units.keys() - back, key=lambda name: (len(units[name]), name)):
        if not back or sum(len(units[each]) for each in back) >= LEAST:
            break
        back.add(name)
    return back


def _slice(labels: _Labels, name: str, units: set[str], is_back: bool) -> Slice:
    if is_back:
        return Slice(name, len(units), True, {})
    table = [row for row in labels.table if row.unit in units]
    return Slice(
        name,
        len(units),
        False,
        {key: dimension_report(_counts(labels, table, key), _rule(labels, key)) for key in labels.round.dimensions},
    )


def _rule(labels: _Labels, key: str) -> PlainRule:
    """The rule of a dimension with the statistic of the whole round: in a slice where only two of three or more
    annotators labelled it stays alpha, so that slices can be compared."""
    agreement = labels.rubric.dimension(key).agreement
    coefficient = judged_coefficient(_counts(labels, labels.table, key), agreement)
    return PlainRule(coefficient.family, agreement.weights, agreement.threshold)


def _by_unit(labels: _Labels, key: str) -> dict[str, Pattern]:
    return labels_by_unit(labels.table, labels.rubric.dimension(key), labels.round.annotators)


def _slice_of(labels: _Labels, by: str) -> dict[str, str]:
    """The slice of each draft with a label, in the order the slices are to be read."""
    if by == "period":
        weeks = {unit: week_of(moment) for unit, moment in _second_label(labels).items()}
        return {unit: f"from {day(weeks[unit])}" for unit in sorted(weeks, key=weeks.get)}
    column = "target" if by == "dimension" else by
    given = {each.draft_id: getattr(each, column) for each in labels.rows}
    if by != "dimension":
        return {unit: given[unit] or NOT_GIVEN for unit in sorted(given, key=lambda unit: (not given[unit], given[unit] or ""))}
    named = {unit: labels.rubric.dimension(target) if target else None for unit, target in given.items()}
    places = {key: place for place, key in enumerate(labels.rubric.keys)}
    names = {unit: named[unit].title if named[unit] else given[unit] or NOT_GIVEN for unit in given}
    return {
        unit: names[unit]
        for unit in sorted(
            given, key=lambda unit: (places[named[unit].key] if named[unit] else len(places), not given[unit], names[unit])
        )
    }


def _second_label(labels: _Labels) -> dict[str, Any]:
    """When each draft could first show agreement: its second label's first saving; its only label's, where it has one."""
    saved: dict[str, dict[str, Any]] = {}
    for row in labels.rows:
        saved.setdefault(row.draft_id, {})[row.annotator] = row.first_saved_at
    return {unit: sorted(by_whom.values())[:2][-1] for unit, by_whom in saved.items()}


def _notes(labels: _Labels, by: str, made: Sequence[Slice]) -> list[str]:
    notes = []
    if len(made) > 1:
        number = _defined(made)
        notes.append(
            f"{many(number, 'figure')} {'is' if number == 1 else 'are'} shown: among many some are low by chance, and "
            "the smaller the slice the wider its interval. A slice is a reason to look, not a finding; new labels "
            "tell."
        )
    elif made:
        notes.append(f"All drafts are of one slice, “{made[0].name}”: there is nothing to compare.")
    small = [each.name for each in made if each.drafts < LEAST]
    if small:
        notes.append(
            f"{many(len(small), 'slice')} of fewer than {LEAST} drafts "
            f"{'is' if len(small) == 1 else 'are'} too small to be called the lowest."
        )
    if any(each.held_back for each in made):
        notes.append("Held back: small slices with drafts that you label in an open round.")
    if by == "period" and made:
        notes.append("A draft belongs to the week, from Monday in UTC, in which it got its second label.")
    return notes


@dataclass(frozen=True)
class AgreementDrift:
    """One dimension's figure in both halves of the round, cut by `order`: "time" or an annotator's name."""

    order: str
    dimension: str
    coefficient: Coefficient
    halves: FigureInHalves


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
        return (
            f"{len(self.moved)} of {many(len(told), 'difference')} in agreement and "
            f"{sum(map(_leaves_zero, levels))} of {len(levels)} in mean level have an interval that leaves zero out; "
            f"of that many about {(len(told) + len(levels)) / 20:.1f} would by chance if nothing changed."
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
            "drift": [
                {"order": each.order, "dimension": each.dimension, "statistic": str(each.coefficient), **each.halves.as_json()}
                for each in self.agreement
            ],
        }


def _leaves_zero(halves: FigureInHalves) -> bool:
    between = halves.difference
    return between.value is not None and (between.low > 0 or between.high < 0)


def annotators(person: Person, engine: sa.Engine, round_name: str) -> Annotators:
    """Each annotator of a closed round against the others, and drift: agreement in the first and second half of the
    round, cut by when a draft got its second label and by each annotator's own order; each one's mean level in the
    halves of their own order. Refuses an open round."""
    with reading(engine) as connection:
        labels = _labels(connection, person, round_name)
        times = stored_labels.time_of_closed_round(connection, labels.round.id)
    counts = {key: _counts(labels, labels.table, key) for key in labels.round.dimensions}
    by_unit = {key: _by_unit(labels, key) for key in counts}
    own_order = {
        name: {each.draft_id: each.position for each in labels.rows if each.annotator == name} for name in labels.round.annotators
    }
    halves = {name: split_in_half(order) for name, order in own_order.items()}
    timed, median = paces(
        {
            name: [each.seconds for each in times if (each.annotator, each.state) == (name, "saved")]
            for name in labels.round.annotators
        }
    )
    states = Counter((each.annotator, each.state) for each in times)
    everyone = tuple(
        Annotator(
            name,
            *(states[name, state] for state in ("saved", "skipped", "waiting")),
            timed[name],
            {key: against_others(each, seat) for key, each in counts.items()},
            {key: _level_drift(by_unit[key], halves[name], seat, len(counts[key].levels)) for key in counts},
        )
        for seat, name in enumerate(labels.round.annotators)
    )
    drift = [
        _agreement_drift(labels, order, key, counts[key], cut)
        for order, cut in {"time": split_in_half(_second_label(labels)), **halves}.items()
        for key in counts
    ]
    return Annotators(labels.round, labels.rubric, everyone, tuple(drift), median, tuple(_cautions(labels, median, timed)))


def _level_drift(by_unit: Mapping[str, Pattern], halves: tuple[list[str], list[str]], seat: int, q: int) -> FigureInHalves:
    return level_in_halves(
        *(
            Counter(float(by_unit[unit][seat]) for unit in half if unit in by_unit and by_unit[unit][seat] is not None)
            for half in halves
        ),
        q,
    )


def _agreement_drift(
    labels: _Labels, order: str, key: str, counts: Counts, halves: tuple[list[str], list[str]]
) -> AgreementDrift:
    coefficient = judged_coefficient(counts, labels.rubric.dimension(key).agreement)
    first, second = (_counts(labels, [row for row in labels.table if row.unit in units], key) for units in map(set, halves))
    return AgreementDrift(order, key, coefficient, agreement_in_halves(first, second, coefficient))


def _cautions(labels: _Labels, median: float | None, timed: Mapping[str, Pace]) -> list[str]:
    notes = [
        "These figures describe how people used the levels here; they do not say who is right. Someone alone with a "
        "level may be the one who read the anchors."
    ]
    if len(labels.round.annotators) == 2:
        notes.append("With two annotators each is all the other has to be held against: their figures mirror each other.")
    if len(labels.round.annotators) * len(labels.round.dimensions) > 1:
        notes.append(
            "Drafts stand in an order of each annotator's own, drawn by chance, so the halves of an own order are "
            "alike but for chance; halves by time need not be."
        )
    if untimed := [name for name, pace in timed.items() if pace.median is None]:
        notes.append(f"No time is known for {', '.join(untimed)}: labels from a file carry none.")
    return notes
