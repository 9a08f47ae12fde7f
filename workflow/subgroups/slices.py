"""A closed round cut into slices: its agreement in each. For the lead.

No draft is named, and those that the reader labels in an open round are in no slice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from db.engine import reading
from db.store.data import fields as stored_fields
from touchstone.agreement.estimation.clusters import Histogram, histograms_by_cluster, sizes_of
from touchstone.agreement.estimation.estimates import judged_coefficient
from touchstone.agreement.figure import PlainRule, short
from touchstone.agreement.report import DimensionReport, dimension_report
from touchstone.data.counts import Counts
from touchstone.english import many
from touchstone.errors import Refused
from touchstone.rubric.model import Rubric
from touchstone.subgroups.slices import LEAST, LowestFigure, lowest, sliced, week_of
from workflow.data.fields import MOST_VALUES, further_fields, occurring, value_of
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.rounds.rounds import Round, closed_round
from workflow.rubric import rubrics
from workflow.rubric.levels import declared
from workflow.subgroups.counted import CountedSlices
from workflow.subgroups.large import slices_by, slices_by_values
from workflow.subgroups.places import BY as BY
from workflow.subgroups.places import NOT_GIVEN, target, week_named
from workflow.subgroups.round_labels import RoundLabels, labels_in_hand, round_to_cut
from workflow.subgroups.size import is_large


@dataclass(frozen=True)
class Slice:
    """Some of a round's drafts. `clusters`: by dimension, of how many clusters the drafts with two labels are."""

    name: str
    drafts: int
    dimensions: Mapping[str, DimensionReport]
    clusters: Mapping[str, int]

    @property
    def is_small(self) -> bool:
        """Whether no figure of it can be the lowest: fewer than LEAST drafts with two labels, on every dimension."""
        return max((each.units_with_two for each in self.dimensions.values()), default=self.drafts) < LEAST


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
    def by_title(self) -> str:
        return BY.get(self.by, self.by)

    @property
    def figures(self) -> int:
        return _defined(self.slices)

    @property
    def sentence(self) -> str:
        """Where things stand, in one sentence or two."""
        cut = f"{self.round.name} by {self.by_title}: {many(len(self.slices), 'slice')}"
        if not self.figures or len(self.slices) < 2:
            return f"{cut}, and no figures to compare."
        cut = f"{cut}, {many(self.figures, 'figure')}"
        if not self.lowest:
            return f"{cut}; none is called the lowest, which takes two slices, and {LEAST} drafts with two labels."
        title, among = declared(self.rubric, self.lowest.dimension).title, self.lowest.figures
        of = "" if among == self.figures else f" of the {among} on {LEAST} drafts or more"
        return (
            f"{cut}. The lowest{of} is {title} where the {self.by_title} is “{self.lowest.slice}”, {short(self.lowest.value)}; "
            f"under random assignment, the same drafts give one as low or lower in {100 * self.lowest.by_chance:.0f} % of draws."
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
                    "dimensions": {key: found.as_json() for key, found in each.dimensions.items()},
                }
                for each in self.slices
            ],
        }


def _defined(made: Sequence[Slice]) -> int:
    return sum(each.judged is not None and each.judged.value is not None for some in made for each in some.dimensions.values())


@verb
def slices(person: Person, engine: sa.Engine, round_name: str, by: str) -> Slices:
    """The agreement of a closed round for each of its slices, by the same report as the whole round's.

    `by` is a key of BY, or any further field of the tasks or drafts; "period" is the week, from Monday in UTC, in which a draft
    got its second label (its only one, where there is one). A task that does not say falls into the slice "not given". Raises
    Refused for another `by`, NotYourTurn for an open round.
    """
    with reading(engine, person) as connection:
        if is_large((cut := round_to_cut(connection, round_name)).told):
            return _of_large(_counted(connection, cut, rubrics.of_round(connection, cut.id), by), by)
        labels = labels_in_hand(connection, round_name)
        there = [] if by in BY else stored_fields.fields_of_round(connection, labels.round.id)
    slice_of = _slice_of(labels, by) if by in BY else _by_further_field(labels, by, there)
    units = {name: {unit for unit, mine in slice_of.items() if mine == name} for name in dict.fromkeys(slice_of.values())}
    rules = {key: _rule(labels.rubric, labels.counts(key)) for key in labels.round.dimensions}
    made = [_slice(labels, name, mine, rules) for name, mine in units.items()]
    cuts = [
        sliced(labels.counts(key), labels.table.by_unit(key), declared(labels.rubric, key).agreement)
        for key in labels.round.dimensions
    ]
    return Slices(labels.round, labels.rubric, by, tuple(made), lowest(cuts, slice_of), tuple(_notes(labels.round, by, made)))


@verb
def fields_to_slice_by(person: Person, engine: sa.Engine, round_name: str) -> dict[str, str]:
    """What a closed round can be sliced by, with its title: of BY what occurs in it, then further fields by their names."""
    with reading(engine, person) as connection:
        found = closed_round(connection, round_name)
        rows = stored_fields.fields_of_round(connection, found.id, stored_fields.LOOKED_AT)
    return occurring(rows) | {"period": BY["period"]} | {name: name for name in further_fields(rows)}


def _counted(connection: sa.Connection, found: Round, rubric: Rubric, by: str) -> CountedSlices:
    """The slices of a large round in the order they are to be read. Raises Refused as `slices` does."""
    if by in BY:
        return slices_by(connection, found, rubric, by)
    given = {row.id: value_of(row, by) for row in stored_fields.each_of_round(connection, found.id)}
    _refuse_no_field(by, found, given, stored_fields.fields_of_round(connection, found.id, stored_fields.LOOKED_AT))
    return slices_by_values(connection, found, rubric, by, given)


def _of_large(cut: CountedSlices, by: str) -> Slices:
    rules = {key: _rule(cut.rubric, cut.counts(key)) for key in cut.round.dimensions}
    made = []
    for name, each in cut.slices.items():
        split = {key: cut.clusters(key, name) for key in cut.round.dimensions}
        reports = {key: dimension_report(cut.counts(key, name), rules[key], histograms=of) for key, of in split.items()}
        made.append(Slice(name, each.drafts, reports, {key: sum(map(bool, sizes_of(of))) for key, of in split.items()}))
    return Slices(cut.round, cut.rubric, by, tuple(made), cut.lowest(), tuple(_notes(cut.round, by, made)))


def _refuse_no_field(by: str, found: Round, given: Mapping[Any, str | None], there: Sequence[sa.Row]) -> None:
    values = {value for value in given.values() if value is not None}
    if not values:
        others = [name for name in further_fields(there) if name not in BY]
        raise Refused(f"a round cannot be sliced by {by or 'nothing'}; choose from {', '.join([*BY, *others])}")
    if len(values) > MOST_VALUES:
        raise Refused(
            f"{by} has {many(len(values), 'different value')} in {found.name}; slices are cut by a field with up to {MOST_VALUES}"
        )


def _by_further_field(labels: RoundLabels, by: str, there: Sequence[sa.Row]) -> dict[str, str]:
    """The slice of each draft with a label, by a field of the tasks' or drafts' own. Raises Refused where it is no field."""
    given = {row.draft_id: value_of(row, by) for row in there}
    _refuse_no_field(by, labels.round, given, there)
    labelled = {row.draft_id for row in labels.rows}
    slice_of = {unit: value for unit, value in given.items() if unit in labelled}
    return {
        unit: slice_of[unit] or NOT_GIVEN
        for unit in sorted(slice_of, key=lambda unit: (not slice_of[unit], slice_of[unit] or ""))
    }


def _slice(labels: RoundLabels, name: str, units: set[str], rules: Mapping[str, PlainRule]) -> Slice:
    split = {key: _by_cluster(labels, key, units) for key in labels.round.dimensions}
    reports = {
        key: dimension_report(labels.counts(key, units), rules[key], histograms=histograms) for key, histograms in split.items()
    }
    return Slice(name, len(units), reports, {key: sum(map(bool, sizes_of(each))) for key, each in split.items()})


def _by_cluster(labels: RoundLabels, key: str, units: set[str]) -> list[Histogram]:
    """The histograms of a slice's drafts on one dimension, one a cluster."""
    patterns = {unit: pattern for unit, pattern in labels.table.by_unit(key).items() if unit in units}
    return histograms_by_cluster(patterns, labels.table.cluster_of)


def _rule(rubric: Rubric, whole: Counts) -> PlainRule:
    """The rule of a dimension with the statistic of the whole round: in a slice where only two of three or more
    annotators labelled it stays alpha, so that slices can be compared."""
    agreement = declared(rubric, whole.dimension).agreement
    return PlainRule(judged_coefficient(whole, agreement).family, agreement.weights, agreement.threshold)


def _slice_of(labels: RoundLabels, by: str) -> dict[str, str]:
    """The slice of each draft with a label, in the order the slices are to be read."""
    if by == "period":
        weeks = {unit: week_of(moment) for unit, moment in labels.second_label().items()}
        return {unit: week_named(weeks[unit]) for unit in sorted(weeks, key=lambda unit: weeks[unit])}
    if by == "dimension":
        return _by_target(labels)
    given = {row.draft_id: getattr(row, by) for row in labels.rows}
    return {unit: given[unit] or NOT_GIVEN for unit in sorted(given, key=lambda unit: (not given[unit], given[unit] or ""))}


def _by_target(labels: RoundLabels) -> dict[str, str]:
    """By the dimension each draft's task was written to test, as `places.target` has it."""
    order = {row.draft_id: target(labels.rubric, row.target) for row in labels.rows}
    return {unit: order[unit][2] for unit in sorted(order, key=lambda unit: order[unit])}


def _notes(found: Round, by: str, made: Sequence[Slice]) -> list[str]:
    notes = [f"{found.left_out}."] if found.left_out else []
    if len(made) > 1:
        number = _defined(made)
        notes.append(
            f"{many(number, 'figure')} {'is' if number == 1 else 'are'} shown: among many some are low by chance, and "
            "the smaller the slice the wider its interval. A slice is a reason to look, not a finding; new labels "
            "tell."
        )
    elif made:
        notes.append(f"All drafts are in one slice, “{made[0].name}”: there is nothing to compare.")
    if small := sum(each.is_small for each in made):
        notes.append(
            f"{many(small, 'slice')} with two labels on fewer than {LEAST} drafts "
            f"{'is' if small == 1 else 'are'} too small to be called the lowest."
        )
    if by == "period" and made:
        notes.append("A draft belongs to the week, from Monday in UTC, in which it got its second label.")
    return notes
