"""The agreement report of closed rounds or of a label set, and the disagreements behind it.

This module reaches numpy, statsmodels and scikit-learn; the label page does not reach this module.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from db.engine import reading
from db.store import labels as stored_labels
from db.store import reports as stored
from db.store import rounds as stored_rounds
from touchstone.agreement import DimensionReport, dimension_report
from touchstone.cautions import several_at_this_n
from touchstone.errors import Refused
from touchstone.label import Counts, LabelRow, pattern_of, pool
from touchstone.rubric import Rubric
from touchstone.second_opinion import MOST_UNITS, Opinion, second_opinion
from touchstone.task import fields_of
from touchstone.words import listed, many, there_are
from workflow import rubrics
from workflow.label_sets import MADE_BY
from workflow.people import Person
from workflow.rounds import Round, closed_round, fold


@dataclass(frozen=True)
class Report:
    """Agreement per dimension, and all that must stand beside a figure: where the labels came from, and cautions."""

    name: str
    rounds: tuple[str, ...]
    label_set: str | None
    made_by: str
    rubric: Rubric
    annotators: tuple[str, ...]
    units: int
    units_with_two: int
    closed_at: datetime | None
    is_sample: bool
    dimensions: Mapping[str, DimensionReport]
    notes: tuple[str, ...]
    second_opinion: Mapping[str, Opinion]

    @property
    def flagged(self) -> list[DimensionReport]:
        return [each for each in self.dimensions.values() if each.flagged]

    def as_json(self) -> dict[str, Any]:
        """The document of `report --json`."""
        return {"name": self.name, "rounds": list(self.rounds), "label_set": self.label_set, "made_by": self.made_by,
                "rubric": self.rubric.name, "rubric_digest": self.rubric.digest, "sample": self.is_sample,
                "notes": list(self.notes),
                "second_opinion": {key: each.as_json() for key, each in self.second_opinion.items()},
                "dimensions": {key: each.as_json() for key, each in self.dimensions.items()}}

    @property
    def opinion_in_words(self) -> str:
        """What the libraries say of all figures, in one sentence; "" where they were not asked."""
        opinions = list(self.second_opinion.values())
        if not opinions:
            return ""
        if faults := sum(len(each.faults) for each in opinions):
            return (f"Second opinion: {many(faults, 'figure')} {'differs' if faults == 1 else 'differ'} from a library's. "
                    "This is a fault of this program: do not use what is named under its dimension.")
        if any(each.left_out for each in opinions):
            return f"Second opinion: none over {MOST_UNITS:,} units."
        agreeing = dict.fromkeys(library for each in opinions for library in each.agreeing)
        return f"Second opinion: {listed(list(agreeing))} agree." if agreeing else ""

    @property
    def sentence(self) -> str:
        """Where things stand, in one sentence."""
        number = len(self.flagged)
        undefined = [each for each in self.dimensions.values() if each.judged is None or each.judged.value is None]
        if len(undefined) == len(self.dimensions):
            return "No dimension's statistic is defined: the table says why."
        flagged = (f"{number} of {many(len(self.dimensions), 'dimension')} {'is' if number == 1 else 'are'} flagged"
                   if number else f"No dimension of {len(self.dimensions)} is flagged")
        at = many(self.units_with_two, "draft") + ("" if self.units_with_two == self.units else " with two labels")
        undecided = sum(each.verdict == "undecided" for each in self.dimensions.values())
        if undefined:
            flagged += f", {len(undefined)} undefined"
        if not undecided:
            return f"{flagged}, and at {at} every verdict is decided."
        which = "none is" if undecided == len(self.dimensions) else (
            "1 is not" if undecided == 1 else f"{undecided} are not")
        most = max((each for each in self.flagged if each.more and each.more.start is not None),
                   key=lambda each: each.threshold - each.judged.value, default=None)
        then = f" {self.rubric.dimension(most.dimension).title}: label {most.more.in_words()}." if most else ""
        return f"{flagged}; at {at} {which} decided.{then}"


class Judged(NamedTuple):
    """One label as a disagreement shows it."""

    annotator: str
    value: int | str
    note: str


@dataclass(frozen=True)
class Disagreement:
    """One draft and dimension whose labels differ. `held_back`: the reader labels this draft in an open round, so what
    it was given here is not told."""

    unit: str
    task_id: str | None
    labels: tuple[Judged, ...]
    spread: int
    held_back: bool


def agreement_of_rounds(person: Person, engine: sa.Engine, names: Sequence[str], *, opinion: bool = True) -> Report:
    """The report of one closed round, or of several of one rubric digest, pooled. Refuses an open round.

    `opinion` False leaves the second opinion out, and with it all reading of raw labels.
    """
    if not names:
        raise Refused("name a round, or a label set with --set")
    with reading(engine) as connection:
        found = [closed_round(connection, name) for name in {fold(name): name for name in names}.values()]
        rubric = rubrics.of_round(connection, found[0].id)
        _refuse_unpoolable(connection, found)
        counted = [_counts(connection, rubric, each.annotators, round_=each.id) for each in found]
        skips = [row for each in found for row in stored_rounds.skips_of(connection, each.id)]
        held = stored_labels.in_open_rounds(connection, person.id) if person else {}
        missing = sum(owed.waiting for each in found for owed in each.progress)
        decided_own = sum(row.also_labelled for each in found for row in stored.adjudications_of(connection, each.id))
        labels = [row for each in found for row in _labels(stored_labels.values_of_closed_round(connection, each.id), rubric)
                  ] if opinion and sum(each.drafts for each in found) <= MOST_UNITS else []
    keys = [key for key in rubric.keys if any(key in each for each in counted)]
    dimensions = {key: dimension_report(pool([each[key] for each in counted if key in each]),
                                        rubric.dimension(key).agreement) for key in keys}
    notes = [f"{each.name} was closed early: {each.early_reason}" for each in found if each.early_reason]
    if missing:
        notes.append(f"{many(missing, 'label')} per dimension {'was' if missing == 1 else 'were'} still owed at closing "
                     "and counted as missing")
    if skips:
        told = [f"{row.draft_id} by {row.name} ({row.skip_reason})" for row in skips if row.draft_id not in held]
        notes.append(f"{many(len(skips), 'skip')}, counted as missing labels"
                     + (": " + "; ".join(told[:5]) + (" …" if len(told) > 5 else "") if told else ""))
    notes += _at_this_n(dimensions)
    if decided_own:
        notes.append(f"{many(decided_own, 'decision')} of the adjudication {'is' if decided_own == 1 else 'are'} by someone who "
                     "labelled the cell too; agreement is that of the labels before adjudication")
    return Report(" + ".join(each.name for each in found), tuple(each.name for each in found), None, "people, blind",
                  rubric, tuple(dict.fromkeys(name for each in found for name in each.annotators)),
                  sum(each.drafts for each in found), _most(dimensions), max(each.closed_at for each in found),
                  any(each.is_sample for each in found), dimensions, tuple(notes),
                  _opinions(labels, dimensions) if opinion else {})


def _at_this_n(dimensions: Mapping[str, DimensionReport]) -> list[str]:
    said = several_at_this_n(list(dimensions.values()))
    return [said] if said else []


def _labels(rows: Sequence[sa.Row], rubric: Rubric) -> list[LabelRow]:
    """Raw labels as the store has them (unit, annotator, dimension, value), each value as its level."""
    return [LabelRow(row[0], row[1], row[2], rubric.dimension(row[2]).parse(row[3])) for row in rows]


def _opinions(labels: Sequence[LabelRow], dimensions: Mapping[str, DimensionReport]) -> dict[str, Opinion]:
    by_dimension: dict[str, list[LabelRow]] = {key: [] for key in dimensions}
    for row in labels:
        by_dimension[row.dimension].append(row)
    return {key: second_opinion(by_dimension[key], each) for key, each in dimensions.items()}


def _most(dimensions: Mapping[str, DimensionReport]) -> int:
    """Units with two labels or more: those the figures rest on."""
    return max((each.units_with_two for each in dimensions.values()), default=0)


def _refuse_unpoolable(connection: sa.Connection, found: Sequence[Round]) -> None:
    if len({each.rubric_digest for each in found}) > 1:
        raise Refused(f"{listed([each.name for each in found])} were labelled under different rubric versions; "
                      "report them one by one")
    seen: dict[str, str] = {}
    for each in found if len(found) > 1 else ():
        for row in stored_labels.cells_of_round(connection, each.id):
            if seen.setdefault(row.draft_id, each.name) != each.name:
                raise Refused(f"{row.draft_id} was labelled in {seen[row.draft_id]} and in {each.name}; "
                              "rounds that share drafts are not pooled: report them one by one")


def agreement_of_set(person: Person, engine: sa.Engine, name: str, *, opinion: bool = True) -> Report:
    """The report of a label set. Who made its labels stands in `made_by` and first among the notes. `opinion`: as in
    `agreement_of_rounds`."""
    with reading(engine) as connection:
        row = _set(connection, name)
        rubric = rubrics.rubric_of(connection, row.rubric_version)
        counted = _counts(connection, rubric, row.annotators, label_set=row.id)
        large = max((each.units for each in counted.values()), default=0) > MOST_UNITS
        labels = [] if large or not opinion else _labels(stored.labels_of_set(connection, row.id), rubric)
    dimensions = {key: dimension_report(counted[key], rubric.dimension(key).agreement)
                  for key in rubric.keys if key in counted}
    made_by = MADE_BY[row.made_by]
    notes = [f"these labels were made by {made_by}"
             + ("" if row.made_by == "person-blind"
                else ": their agreement is not agreement between people who labelled blind")]
    notes += [f"left out of {file}: {listed(columns)}" for file, columns in row.left_out.items()]
    notes += _at_this_n(dimensions)
    return Report(row.name, (), row.name, made_by, rubric, tuple(row.annotators),
                  max((each.units for each in dimensions.values()), default=0), _most(dimensions), None, False, dimensions,
                  tuple(notes), _opinions(labels, dimensions) if opinion else {})


def _set(connection: sa.Connection, name: str) -> sa.Row:
    row = stored.label_set(connection, fold(name))
    if row is None:
        known = [each.name for each in stored.all_label_sets(connection)]
        raise Refused(f"there is no label set “{name.strip()}”; "
                      + there_are(known, "there is none yet: bring one in with import-labels"))
    return row


def _counts(connection: sa.Connection, rubric: Rubric, annotators: Sequence[str], **owner: int) -> dict[str, Counts]:
    found = {}
    for key, (row, patterns) in stored.counts_of(connection, **owner).items():
        dimension = rubric.dimension(key)
        found[key] = Counts(key, dimension.scale, dimension.values, tuple(annotators),
                            {pattern_of(text): units for text, units in patterns.items()}, row.clusters, row.skipped)
    return found


def disagreements(person: Person, engine: sa.Engine, dimension: str, *, round_name: str | None = None,
                  label_set: str | None = None) -> list[Disagreement]:
    """The units whose labels differ on one dimension, the widest apart first. Refuses an open round."""
    with reading(engine) as connection:
        mine = stored_labels.in_open_rounds(connection, person.id)
        held = set(mine)
        if label_set is not None:
            row = _set(connection, label_set)
            rubric = rubrics.rubric_of(connection, row.rubric_version)
            held |= set(mine.values())  # a set's unit may be a task
            rows = [(each.unit, None, each.annotator, each.value, "")
                    for each in stored.labels_of_set(connection, row.id) if each.dimension == dimension]
        else:
            found = closed_round(connection, round_name)
            rubric = rubrics.of_round(connection, found.id)
            rows = [(each.draft_id, each.task_id, each.annotator, each.value, each.note or "")
                    for each in stored_labels.of_closed_round(connection, found.id, dimension=dimension)]
    declared = rubric.dimension(dimension)
    by_unit: dict[str, list] = {}
    for row in rows:
        by_unit.setdefault(row[0], []).append(row)
    made = []
    for unit, group in by_unit.items():
        places = [declared.values.index(declared.parse(row[3])) for row in group]
        if max(places) == min(places):
            continue
        if unit in held:
            made.append(Disagreement(unit, group[0][1], (), 0, True))
            continue
        labels = tuple(Judged(row[2], declared.parse(row[3]), row[4]) for row in group)
        made.append(Disagreement(unit, group[0][1], labels, max(places) - min(places), False))
    return sorted(made, key=lambda each: (-each.spread, each.unit))


class Shown(NamedTuple):
    """A draft for reading, with its task's input; both empty where a label set's unit matches nothing stored."""

    fields: tuple[tuple[str, str], ...]
    text: str | None


def draft_of(person: Person, engine: sa.Engine, unit: str, rubric: Rubric) -> Shown:
    """The draft behind a disagreement: the one of that id, or the only one of the task of that id; and its task's
    input."""
    with reading(engine) as connection:
        row = stored.draft_of_unit(connection, unit)
    return Shown(fields_of(row.input, rubric.fields), row.text) if row else Shown((), None)
