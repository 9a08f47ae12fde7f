"""The agreement report of closed rounds or of a label set, and the disagreements behind it.

This module reaches numpy, statsmodels and scikit-learn; the label page does not reach this module.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from db.engine import reading
from db.store import labels as stored_labels
from db.store import reports as stored
from db.store import revisions as stored_revisions
from db.store import rounds as stored_rounds
from touchstone.agreement.figure import AgreementRule, PlainRule, in_words, undefined
from touchstone.agreement.report import DimensionReport, dimension_report, several_at_this_n
from touchstone.agreement.second_opinion import MOST_UNITS, Opinion, second_opinion
from touchstone.data.counts import Counts, LabelRow, pattern_of, pool, seats
from touchstone.data.task import fields_of
from touchstone.english import listed, many, there_are
from touchstone.errors import NotYourTurn, Refused
from touchstone.rubric.reading import Agreement, Rubric
from workflow.agreement import provenance
from workflow.agreement.compared_annotators import CALIBRATION, DOUBLE, RETEST, labels_of, seats_of
from workflow.agreement.provenance import Source
from workflow.agreement.pseudonyms import Codes, codes_for
from workflow.importing.label_sets import MADE_BY
from workflow.people.people import Person
from workflow.rounds import retest_calibration
from workflow.rounds.rounds import Round, closed_round, fold, row_of
from workflow.rubric import rubrics
from workflow.rubric.outdated_labels import stale_notes

FEW = 5  # figures over fewer drafts tell what single ones were given
MADE = {DOUBLE: "people, blind", RETEST: "one person twice, blind", CALIBRATION: "people, blind, against the gold"}


@dataclass(frozen=True)
class Report:
    """Agreement per dimension, and all that must stand beside a figure: where the labels came from, and cautions.

    Of a calibration, `by_annotator` has a report for each annotator, of the gold and them; `dimensions` then lists those
    pairs, and has figures over all only where there is one annotator. Of a retest there is no threshold and no verdict.
    """

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
    sources: tuple[Source, ...]
    kind: str = DOUBLE
    by_annotator: Mapping[str, "Report"] = field(default_factory=dict)
    second_opinion: Mapping[str, Opinion] = field(default_factory=dict)
    are_people: bool = True

    @property
    def mark(self) -> str:
        """What must stand at every figure: who made the labels, where those are not people who labelled blind; else ""."""
        return f"labels made by {self.made_by}" if self.label_set and self.made_by != MADE_BY["person-blind"] else ""

    def rule(self, key: str) -> AgreementRule:
        """The rule a dimension is judged by: the rubric's, with alpha for its statistic where no people stand behind names."""
        rule = self.rubric.dimension(key).agreement
        return rule if self.are_people else PlainRule("alpha", rule.weights, rule.threshold)

    @property
    def no_pairs(self) -> str:
        """Why a dimension has no pair of annotators to show."""
        return (
            "Figures per pair are refused: the annotators are places in a file, not people."
            if not self.are_people
            else "No two annotators labelled the same draft."
        )

    @property
    def flagged(self) -> list[DimensionReport]:
        return [each for each in self.dimensions.values() if each.flagged]

    def as_json(self) -> dict[str, Any]:
        """The document of `report --json`."""
        each = (
            {
                "annotators": {
                    name: {key: made.as_json() for key, made in report.dimensions.items()}
                    for name, report in self.by_annotator.items()
                }
            }
            if self.by_annotator
            else {}
        )
        return {
            "name": self.name,
            "rounds": list(self.rounds),
            "label_set": self.label_set,
            "made_by": self.made_by,
            "kind": self.kind,
            "rubric": self.rubric.name,
            "rubric_digest": self.rubric.digest,
            "sample": self.is_sample,
            "notes": list(self.notes),
            "sources": [each.as_json() for each in self.sources],
            "second_opinion": {key: made.as_json() for key, made in self.second_opinion.items()},
            "dimensions": {key: self._marked(made.as_json()) for key, made in self.dimensions.items()},
            **each,
        }

    def _marked(self, dimension: dict[str, Any]) -> dict[str, Any]:
        """A dimension taken out of the document still says who made its labels: first among its warnings."""
        return {**dimension, "warnings": [self.mark, *dimension["warnings"]]} if self.mark else dimension

    @property
    def opinion_in_words(self) -> str:
        """What the libraries say of all figures, in one sentence; "" where they were not asked."""
        opinions = list(self.second_opinion.values())
        if not opinions:
            return ""
        if faults := sum(len(each.faults) for each in opinions):
            return (
                f"Second opinion: {many(faults, 'figure')} {'differs' if faults == 1 else 'differ'} from a library's. "
                "This is a fault of this program: do not use what is named under its dimension."
            )
        if any(each.left_out for each in opinions):
            return f"Second opinion: none over {MOST_UNITS:,} units."
        agreeing = dict.fromkeys(library for each in opinions for library in each.agreeing)
        return f"Second opinion: {listed(list(agreeing))} agree{'s' if len(agreeing) == 1 else ''}." if agreeing else ""

    @property
    def sentence(self) -> str:
        """Where things stand, in one sentence."""
        if self.by_annotator:
            return " ".join(f"{name} against the gold: {each.sentence}" for name, each in self.by_annotator.items())
        number = len(self.flagged)
        undefined = [each for each in self.dimensions.values() if each.judged is None or each.judged.value is None]
        if len(undefined) == len(self.dimensions):
            return "No dimension's statistic is defined: the table says why."
        flagged = (
            f"{number} of {many(len(self.dimensions), 'dimension')} {'is' if number == 1 else 'are'} flagged"
            if number
            else f"No dimension of {len(self.dimensions)} is flagged"
        )
        if self.kind == RETEST:
            return self._sentence_of_retest
        at = many(self.units_with_two, "draft") + ("" if self.units_with_two == self.units else " with two labels")
        undecided = sum(each.verdict == "undecided" for each in self.dimensions.values())
        if undefined:
            flagged += f", {len(undefined)} undefined"
        if not undecided:
            return f"{flagged}, and at {at} every verdict is decided."
        which = "none is" if undecided == len(self.dimensions) else ("1 is not" if undecided == 1 else f"{undecided} are not")
        most = max(
            (each for each in self.flagged if each.further and each.further.start is not None),
            key=lambda each: each.threshold - each.judged.value,
            default=None,
        )
        then = f" {self.rubric.dimension(most.dimension).title}: label {most.further.in_words()}." if most else ""
        return f"{flagged}; at {at} {which} decided.{then}"

    @property
    def _sentence_of_retest(self) -> str:
        found = [each for each in self.dimensions.values() if each.judged and each.judged.value is not None]
        low, high = (pick(found, key=lambda each: each.judged.value) for pick in (min, max))
        ends = [f"{in_words(each.judged).split()[0]} ({self.rubric.dimension(each.dimension).title})" for each in (low, high)]
        names = {f"{each.weights} {each.statistic}" for each in found}
        called = names.pop() if len(names) == 1 else "the figure of each dimension"
        return (
            f"One person twice, {many(self.units_with_two, 'draft')}: {called} is "
            + (f"{ends[0]}" if len(found) == 1 else f"from {ends[0]} to {ends[1]}")
            + "; no threshold applies."
        )


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


def agreement_of_rounds(
    person: Person, engine: sa.Engine, names: Sequence[str], *, opinion: bool = True, codes: bool = False
) -> Report:
    """The report of one closed round, or of several of kind double and one rubric digest, pooled. Refuses an open round.

    `opinion` False leaves the second opinion out, and with it all reading of raw labels. `codes` puts A, B, C … for the
    annotators wherever the report would name them, what people typed included.
    """
    if not names:
        raise Refused("name a round, or a label set with --set")
    with reading(engine) as connection:
        found = [closed_round(connection, name) for name in {fold(name): name for name in names}.values()]
        rubric = rubrics.of_round(connection, found[0].id)
        _refuse_unpoolable(connection, found)
        refuse_too_few(connection, person, found)
        code = codes_for((name for each in found for name in each.annotators), codes)
        seat = Codes(
            {
                name: coded
                for each in found
                for name, coded in zip(each.seats, seats_of(each.kind, [code.of(who) for who in each.annotators]), strict=True)
            }
        )
        counted = [_counts(connection, rubric, each.seats, seat, round_=each.id) for each in found]
        more = [code.within(note) for note in retest_calibration.notes_on(connection, row_of(connection, found[0].name))]
        skips = [row for each in found for row in stored_rounds.skips_of(connection, each.id)]
        held = stored_labels.in_open_rounds(connection, person.id) if person else {}
        missing = sum(owed.waiting for each in found for owed in each.progress)
        decided_own = sum(row.also_labelled for each in found for row in stored.adjudications_of(connection, each.id))
        origins = tuple(provenance.of_round(connection, each, code, seat) for each in found)
        talked_of = [stored_revisions.discussed_before(connection, each.id) for each in found if each.kind == DOUBLE]
        settled = sum(
            len(stored.settled_before(connection, each.id) - drafts)
            for each, drafts in zip([each for each in found if each.kind == DOUBLE], talked_of, strict=True)
        )
        outdated = stale_notes(connection, rubric, found[0].dimensions)
        continued = [
            code.within(stored_rounds.by_id(connection, earlier).name)
            for each in found
            if (earlier := stored_rounds.by_id(connection, each.id).continues_round)
        ]
        small = sum(each.drafts for each in found) <= MOST_UNITS
        labels = _raw_labels(connection, found, rubric, seat) if opinion and small else []
    keys = [key for key in rubric.keys if any(key in each for each in counted)]
    pooled = {key: pool([each[key] for each in counted if key in each]) for key in keys}
    dimensions = {key: _dimension(found[0], each, rubric.dimension(key).agreement) for key, each in pooled.items()}
    notes = more + [f"{each.name} was closed early: {each.early_reason}" for each in origins if each.early_reason]
    if missing:
        notes.append(
            f"{many(missing, 'label')} per dimension {'was' if missing == 1 else 'were'} still owed at closing "
            "and counted as missing"
        )
    if skips:
        told = [
            f"{code.within(row.draft_id)} by {code.of(row.name)} ({code.within(row.skip_reason)})"
            for row in sorted(skips, key=lambda row: (row.draft_id, row.name))  # databases sort text in ways of their own
            if row.draft_id not in held
        ]
        notes.append(
            f"{many(len(skips), 'skip')}, counted as missing labels"
            + (": " + "; ".join(told[:5]) + (" …" if len(told) > 5 else "") if told else "")
        )
    notes += _at_this_n(dimensions) if found[0].kind == DOUBLE else []
    if continued and (met := [rubric.dimension(key).title for key, each in dimensions.items() if each.verdict == "meets"]):
        notes.append(
            f"labels were added to {listed(continued)} by a later round, and {listed(met)} "
            f"{'meets' if len(met) == 1 else 'meet'} the threshold now: stopping the moment it is met flatters, so say "
            "beforehand how many drafts are labelled"
        )
    if discussed := sum(map(len, talked_of)):
        of = f"{many(discussed, 'draft')} of {sum(each.drafts for each in found):,}"
        notes.append(
            f"{of} {'was' if discussed == 1 else 'were'} discussed in a revision meeting, or another draft of the same "
            "task was: agreement there is no evidence for a new version"
        )
    if settled:
        notes.append(
            f"{many(settled, 'draft')} had been adjudicated in another round before this one was opened: where the "
            "rubric was discussed on them, their agreement is no evidence for its new version"
        )
    notes += outdated
    if decided_own:
        notes.append(
            f"{many(decided_own, 'decision')} of the adjudication {'is' if decided_own == 1 else 'are'} by someone who "
            "labelled the cell too; agreement is that of the labels before adjudication"
        )
    made = Report(
        " + ".join(each.name for each in origins),
        tuple(each.name for each in origins),
        None,
        MADE[found[0].kind],
        rubric,
        tuple(dict.fromkeys(seat.of(name) for each in found for name in each.seats)),
        sum(each.drafts for each in found),
        _most(dimensions),
        max(each.closed_at for each in found),
        any(each.is_sample for each in found),
        dimensions,
        tuple(notes),
        origins,
        found[0].kind,
    )
    made = _against_gold(made, pooled) if made.kind == CALIBRATION else made
    return _with_opinions(made, labels) if opinion else made


def _dimension(found: Round, counts: Counts, rule: Agreement) -> DimensionReport:
    """The report of one dimension. Of a retest: the rubric's statistic, and neither threshold nor verdict, since those are
    about agreement between people."""
    made = dimension_report(counts, rule)
    if found.kind != RETEST or made.judgement is None:
        return made
    return replace(made, judgement=made.judgement.without_threshold())


def _against_gold(made: Report, counted: Mapping[str, Counts]) -> Report:
    """A calibration's report: every annotator against the gold, judged one by one, nobody against anybody else."""
    gold, *annotators = made.annotators
    each = {}
    for name in annotators:
        dimensions = {
            key: dimension_report(seats(counts, (gold, name)), made.rubric.dimension(key).agreement)
            for key, counts in counted.items()
        }
        each[name] = replace(made, annotators=(gold, name), dimensions=dimensions, units_with_two=_most(dimensions))
    together = {
        key: _side_by_side(counts, [report.dimensions[key] for report in each.values()]) for key, counts in counted.items()
    }
    return replace(
        made,
        dimensions=together,
        by_annotator=each,
        units_with_two=max((report.units_with_two for report in each.values()), default=0),
    )


def _side_by_side(counts: Counts, reports: Sequence[DimensionReport]) -> DimensionReport:
    """Several annotators against the gold as one dimension: all pairs, and no figure over people not compared."""
    if len(reports) == 1:
        return reports[0]
    nothing = dict.fromkeys(reports[0].overall, undefined("each annotator is held against the gold alone"))
    return replace(
        reports[0],
        annotators=counts.annotators,
        units=counts.units,
        judgement=reports[0].judgement and reports[0].judgement.without_figure(),
        units_with_two=max(each.units_with_two for each in reports),
        pairs=tuple(pair for each in reports for pair in each.pairs),
        overall=nothing,
        warnings=tuple(f"{each.annotators[1]}: {warning}" for each in reports for warning in each.warnings),
    )


def _at_this_n(dimensions: Mapping[str, DimensionReport]) -> list[str]:
    said = several_at_this_n(list(dimensions.values()))
    return [said.removesuffix(".")] if said else []  # notes are joined to other words


def _raw_labels(connection: sa.Connection, found: Sequence[Round], rubric: Rubric, seat: Codes) -> list[LabelRow]:
    """The labels themselves, each by the seat its round's report gives it."""
    rows = []
    for each in found:
        if each.kind == DOUBLE:
            rows += stored_labels.values_of_closed_round(connection, each.id)
        else:
            rows += [
                (row.draft_id, row.seat, row.dimension, row.value) for row in labels_of(connection, row_of(connection, each.name))
            ]
    return _labels(rows, rubric, seat)


def _labels(rows: Sequence[sa.Row], rubric: Rubric, code: Codes) -> list[LabelRow]:
    """Raw labels as the store has them (unit, annotator, dimension, value), each value as its level."""
    return [LabelRow(row[0], code.of(row[1]), row[2], rubric.dimension(row[2]).parse(row[3])) for row in rows]


def _with_opinions(made: Report, labels: Sequence[LabelRow]) -> Report:
    """The report and those of its annotators, each with its second opinion."""
    alone = {
        name: replace(
            each, second_opinion=_opinions([row for row in labels if row.annotator in each.annotators], each.dimensions)
        )
        for name, each in made.by_annotator.items()
    }
    return replace(made, second_opinion=_opinions(labels, made.dimensions), by_annotator=alone)


def _opinions(labels: Sequence[LabelRow], dimensions: Mapping[str, DimensionReport]) -> dict[str, Opinion]:
    by_dimension: dict[str, list[LabelRow]] = {key: [] for key in dimensions}
    for row in labels:
        by_dimension[row.dimension].append(row)
    return {key: second_opinion(by_dimension[key], each) for key, each in dimensions.items()}


def _most(dimensions: Mapping[str, DimensionReport]) -> int:
    """Units with two labels or more: those the figures rest on."""
    return max((each.units_with_two for each in dimensions.values()), default=0)


def refuse_too_few(connection: sa.Connection, person: Person | None, found: Sequence[Round]) -> None:
    """Figures over very few drafts tell what single ones were given: not to someone who labels one of them in an open round."""
    for each in found if person else ():
        if each.drafts < FEW and stored_labels.in_open_rounds(connection, person.id).keys() & {
            row.draft_id for row in stored_labels.cells_of_round(connection, each.id)
        }:
            raise NotYourTurn(
                f"{each.name} has {many(each.drafts, 'draft')} and you label of them in an open round: its figures "
                "would tell what they were given; they are held back until that is closed"
            )


def _refuse_unpoolable(connection: sa.Connection, found: Sequence[Round]) -> None:
    if len(found) > 1 and (apart := [each for each in found if each.kind != DOUBLE]):
        raise Refused(f"{apart[0].name} is a {apart[0].purpose}; it is not pooled with other rounds: report it by itself")
    if len({each.rubric_digest for each in found}) > 1:
        raise Refused(
            f"{listed([each.name for each in found])} were labelled under different rubric versions; report them one by one"
        )
    if len(found) > 1 and (shared := stored_rounds.draft_in_several(connection, [each.id for each in found])):
        first, second = [each.name for each in found if each.id in (shared.first, shared.last)]
        raise Refused(
            f"{shared.draft_id} was labelled in {first} and in {second}; "
            "rounds that share drafts are not pooled: report them one by one"
        )


def agreement_of_set(person: Person, engine: sa.Engine, name: str, *, opinion: bool = True, codes: bool = False) -> Report:
    """The report of a label set. Who made its labels stands in `made_by` and first among the notes. `opinion` and `codes`:
    as in `agreement_of_rounds`."""
    with reading(engine) as connection:
        row = _set(connection, name)
        rubric = rubrics.rubric_of(connection, row.rubric_version)
        code = codes_for(row.annotators, codes)
        counted = _counts(connection, rubric, row.annotators, code, label_set=row.id)
        origin = provenance.of_set(connection, row, tuple(key for key in rubric.keys if key in counted), code)
        outdated = stale_notes(connection, rubric, list(counted))
        large = max((each.units for each in counted.values()), default=0) > MOST_UNITS
        labels = [] if large or not opinion else _labels(stored.labels_of_set(connection, row.id), rubric, code)
    dimensions = {
        key: dimension_report(counted[key], rubric.dimension(key).agreement, are_people=row.slots_are_people is not False)
        for key in rubric.keys
        if key in counted
    }
    made_by = MADE_BY[row.made_by]
    notes = [*provenance.notes_on_set(row, code), *_at_this_n(dimensions), *outdated]
    return Report(
        origin.name,
        (),
        origin.name,
        made_by,
        rubric,
        tuple(map(code.of, row.annotators)),
        max((each.units for each in dimensions.values()), default=0),
        _most(dimensions),
        None,
        False,
        dimensions,
        tuple(notes),
        (origin,),
        second_opinion=_opinions(labels, dimensions) if opinion else {},
        are_people=row.slots_are_people is not False,
    )


def _set(connection: sa.Connection, name: str) -> sa.Row:
    row = stored.label_set(connection, fold(name))
    if row is None:
        known = [each.name for each in stored.all_label_sets(connection)]
        raise Refused(
            f"there is no label set “{name.strip()}”; " + there_are(known, "there is none yet: bring one in with import-labels")
        )
    return row


def _counts(connection: sa.Connection, rubric: Rubric, annotators: Sequence[str], code: Codes, **owner: int) -> dict[str, Counts]:
    found = {}
    for key, (row, patterns) in stored.counts_of(connection, **owner).items():
        dimension = rubric.dimension(key)
        found[key] = Counts(
            key,
            dimension.scale,
            dimension.values,
            tuple(map(code.of, annotators)),
            {pattern_of(text): units for text, units in patterns.items()},
            row.clusters,
            row.skipped,
        )
    return found


def disagreements(
    person: Person,
    engine: sa.Engine,
    dimension: str,
    *,
    round_name: str | None = None,
    label_set: str | None = None,
    among: Sequence[str] = (),
) -> list[Disagreement]:
    """The units whose labels differ on one dimension (`among` some seats of the round), the widest apart first. Refuses an
    open round."""
    with reading(engine) as connection:
        mine = stored_labels.in_open_rounds(connection, person.id)
        held = set(mine)
        if label_set is not None:
            row = _set(connection, label_set)
            rubric = rubrics.rubric_of(connection, row.rubric_version)
            held |= set(mine.values())  # a set's unit may be a task
            rows = [
                (each.unit, None, each.annotator, each.value, "")
                for each in stored.labels_of_set(connection, row.id)
                if each.dimension == dimension
            ]
        else:
            found = closed_round(connection, round_name)
            rubric = rubrics.of_round(connection, found.id)
            rows = [
                (each.draft_id, each.task_id, each.seat, each.value, each.note)
                for each in labels_of(connection, row_of(connection, round_name), dimension, differing=True)
                if not among or each.seat in among
            ]
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


class Counted(NamedTuple):
    """The counts of a closed round or a label set by dimension, and where they came from. `kind`: of the round; None of a
    set. `are_people` False: a set whose annotators are places in a file."""

    name: str
    kind: str | None
    made_by: str
    rubric: Rubric
    dimensions: Mapping[str, Counts]
    is_sample: bool
    round: int | None
    are_people: bool = True


def counts_behind(person: Person, engine: sa.Engine, *, round_name: str = "", label_set: str = "") -> Counted:
    """The counts from which a report would be made. Refuses an open round."""
    with reading(engine) as connection:
        if label_set:
            row = _set(connection, label_set)
            rubric = rubrics.rubric_of(connection, row.rubric_version)
            return Counted(
                row.name,
                None,
                MADE_BY[row.made_by],
                rubric,
                _counts(connection, rubric, row.annotators, Codes(), label_set=row.id),
                False,
                None,
                row.slots_are_people is not False,
            )
        found = closed_round(connection, round_name)
        refuse_too_few(connection, person, [found])
        rubric = rubrics.of_round(connection, found.id)
        return Counted(
            found.name,
            found.kind,
            MADE[found.kind],
            rubric,
            _counts(connection, rubric, found.seats, Codes(), round_=found.id),
            found.is_sample,
            found.id,
        )
