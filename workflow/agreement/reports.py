"""Make the agreement report of closed rounds, or of a label set.

This module reaches numpy, statsmodels and scikit-learn; the label page does not reach this module.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import sqlalchemy as sa

from db.engine import NOBODY, reading
from db.store import rounds as stored_rounds
from db.store.closing import withheld
from touchstone.agreement.estimation.pairs import pair_of
from touchstone.agreement.figure import PairReport, undefined
from touchstone.agreement.looks import Looks
from touchstone.agreement.report import DimensionReport, dimension_report
from touchstone.agreement.second_opinion import MOST_UNITS, Opinion, none_of_so_many
from touchstone.data.counts import Counts, pool, seats
from touchstone.english import listed
from touchstone.errors import Refused
from touchstone.rubric.model import Rubric
from workflow.agreement import provenance
from workflow.agreement.counts_behind import MADE, counts_of_round, counts_of_set, left_out_of_set, set_named
from workflow.agreement.label_rows import LabelTable, pooled, table_of_round, table_of_set
from workflow.agreement.pseudonyms import Pseudonyms, pseudonyms_for
from workflow.agreement.report import Report
from workflow.agreement.round_notes import notes_at_this_n, notes_on_rounds
from workflow.agreement.second_opinions import LabelCodes, codes_of_rounds, with_opinions
from workflow.agreement.verdict_basis import KeptClusters, by_cluster, clusters_of_round, looks_at, needs_labels, plan_over
from workflow.bounded_cache import BoundedCache
from workflow.importing.origins import made_by_in_words
from workflow.names import fold
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.rounds.kinds import CALIBRATION, DOUBLE, RETEST, compared_names
from workflow.rounds.rounds import Round, closed_round, refuse_all_held_back, row_of
from workflow.rubric import rubrics
from workflow.rubric.levels import declared
from workflow.rubric.outdated_labels import outdated_notes
from workflow.subgroups.size import is_large


@verb
def agreement_of_rounds(
    person: Person | None,
    engine: sa.Engine,
    names: Sequence[str],
    *,
    opinion: bool = True,
    codes: bool = False,
    pairs: bool = False,
    kept: BoundedCache | None = None,
) -> Report:
    """The report of one closed round, or of several of kind double and one rubric digest, pooled. Refuses an open round, and one
    of which the person labels every draft in an open one. Drafts that they label there are left out. `person` None: nobody reads.

    `opinion` False leaves the second opinion out, and with it all reading of raw labels. `codes` puts A, B, C … for the
    annotators wherever the report would name them, what people typed included. `pairs`: as in `dimension_report`. `kept` has what
    was made of labels before, for who asks often: of a closed round they do not change.
    """
    if not names:
        raise Refused("name a round, or a label set", way=("set NAME",))
    with reading(engine, person or NOBODY) as connection:
        rounds = rounds_to_pool(connection, names)
        rubric = rubrics.of_round(connection, rounds[0].id)
        called = _Called.of(rounds, codes)
        of_each = [counts_of_round(connection, each, rubric, called.compared) for each in rounds]
        sources = tuple(
            provenance.of_round(connection, each, called.annotators, counted)
            for each, counted in zip(rounds, of_each, strict=True)
        )
        notes = notes_on_rounds(connection, rounds, rubric, called.annotators)
        planned = plan_over(connection, rounds)
        units = sum(each.told for each in rounds)
        counts = _pooled(of_each, rubric)
        looks = {key: looks_at(rounds, of_each, key, planned, called.annotators.within) for key in counts}
        wanted = (opinion or needs_labels(of_each)) and units <= MOST_UNITS
        labels = None
        if rounds[0].kind == DOUBLE:
            read: Callable[[], LabelCodes | KeptClusters] = partial(codes_of_rounds, connection, rounds, rubric, called.compared)
            if not opinion and len(rounds) == 1 and is_large(rounds[0].drafts):
                read = partial(clusters_of_round, connection, rounds[0], rubric)
            made = partial(_of_double, counts, rubric, looks, read if wanted else None, opinion=opinion, pairs=pairs)
            state = _state(connection, rounds, rubric, counts, looks, (opinion, pairs))
            dimensions, opinions = kept.get(state, made) if kept is not None else made()
        else:
            labels = _labels_of_rounds(connection, rounds) if wanted else None
            dimensions, opinions = {key: _of_repeated(rounds, each, rubric, pairs=pairs) for key, each in counts.items()}, {}
    report = Report(
        name=" + ".join(each.name for each in sources),
        rounds=tuple(each.name for each in sources),
        label_set=None,
        made_by=MADE[rounds[0].kind],
        rubric=rubric,
        annotators=called.shown,
        units=units,
        units_with_two=_most(dimensions),
        closed_at=max(each.closed_at for each in rounds if each.closed_at),
        is_sample=any(each.is_sample for each in rounds),
        dimensions=dimensions,
        notes=notes.beside(rounds[0].kind, dimensions),
        sources=sources,
        kind=rounds[0].kind,
        second_opinion=opinions,
    )
    report = _against_gold(report, counts) if report.kind == CALIBRATION else report
    return with_opinions(report, labels, called.compared) if opinion and report.kind != DOUBLE else report


@dataclass(frozen=True)
class _Called:
    """What a report calls its annotators, and the names their labels are compared under ("A (first)")."""

    annotators: Pseudonyms
    compared: Pseudonyms
    shown: tuple[str, ...]

    @classmethod
    def of(cls, rounds: Sequence[Round], codes: bool) -> "_Called":
        annotators = pseudonyms_for((name for each in rounds for name in each.annotators), codes)
        compared = {
            name: shown
            for each in rounds
            for name, shown in zip(
                each.compared, compared_names(each.kind, [annotators.of(who) for who in each.annotators]), strict=True
            )
        }
        return cls(annotators, Pseudonyms(compared), tuple(dict.fromkeys(compared.values())))


def _pooled(of_each: Sequence[Mapping[str, Counts]], rubric: Rubric) -> dict[str, Counts]:
    """The counts over all rounds by dimension, in the rubric's order; a round may lack some of the dimensions."""
    return {
        key: pool([counts[key] for counts in of_each if key in counts])
        for key in rubric.keys
        if any(key in counts for counts in of_each)
    }


def _labels_of_rounds(connection: sa.Connection, rounds: Sequence[Round]) -> LabelTable:
    return pooled([table_of_round(connection, row_of(connection, each.name)) for each in rounds])


Made = tuple[dict[str, DimensionReport], dict[str, Opinion]]


def _state(
    connection: sa.Connection,
    rounds: Sequence[Round],
    rubric: Rubric,
    counts: Mapping[str, Counts],
    looks: Mapping[str, Looks | None],
    asked: Hashable,
) -> Hashable:
    """All that the dimensions of a report of these rounds are made of; what is held back from the reader among it."""
    of_rounds = [(each.id, each.closed_at, *withheld.drafts_of(connection, each.id)) for each in rounds]
    of_counts = [(key, repr(replace(each, patterns={})), frozenset(each.patterns.items())) for key, each in counts.items()]
    store = str(connection.engine.url), rubric.digest
    return (*store, tuple(of_rounds), tuple(of_counts), tuple(map(repr, looks.items())), asked)


def _of_double(
    counts: Mapping[str, Counts],
    rubric: Rubric,
    looks: Mapping[str, Looks | None],
    read: Callable[[], LabelCodes | KeptClusters] | None,
    *,
    opinion: bool,
    pairs: bool,
) -> Made:
    """The report of each dimension, and where it is asked for its second opinion. `read` gives the labels, without an opinion the
    clusters at least; None: they are not needed, or too many."""
    labels = read() if read else None
    dimensions = {
        key: dimension_report(
            each,
            declared(rubric, key).agreement,
            histograms=labels.by_cluster(key) if labels else None,
            looks=looks[key],
            pairs=pairs,
        )
        for key, each in counts.items()
    }
    if not opinion:
        return dimensions, {}
    codes = labels if isinstance(labels, LabelCodes) else None
    return dimensions, {key: codes.opinion(each) if codes else none_of_so_many() for key, each in dimensions.items()}


def _of_repeated(rounds: Sequence[Round], counts: Counts, rubric: Rubric, *, pairs: bool) -> DimensionReport:
    """The report of one dimension of a retest or a calibration. Of a retest: the rubric's statistic, and neither threshold nor
    verdict, since those are about agreement between people."""
    report = dimension_report(counts, declared(rubric, counts.dimension).agreement, pairs=pairs)
    if rounds[0].kind != RETEST or report.judgement is None:
        return report
    return replace(report, judgement=report.judgement.without_threshold())


def _against_gold(report: Report, counts: Mapping[str, Counts]) -> Report:
    """A calibration's report: every annotator against the gold, judged one by one, nobody against anybody else."""
    gold, *annotators = report.annotators
    of_each = {}
    for name in annotators:
        dimensions = {
            key: dimension_report(seats(mine, (gold, name)), declared(report.rubric, key).agreement)
            for key, mine in counts.items()
        }
        of_each[name] = replace(report, annotators=(gold, name), dimensions=dimensions, units_with_two=_most(dimensions))
    together = {key: _side_by_side(mine, [own.dimensions[key] for own in of_each.values()]) for key, mine in counts.items()}
    return replace(
        report,
        dimensions=together,
        by_annotator=of_each,
        units_with_two=max((own.units_with_two for own in of_each.values()), default=0),
    )


def _side_by_side(counts: Counts, reports: Sequence[DimensionReport]) -> DimensionReport:
    """Several annotators against the gold as one dimension: all pairs, and no figure over people not compared."""
    if len(reports) == 1:
        return reports[0]
    nothing = dict.fromkeys(reports[0].overall, undefined("each annotator is compared with the gold only"))
    return replace(
        reports[0],
        annotators=counts.annotators,
        units=counts.units,
        judgement=reports[0].judgement.without_figure() if reports[0].judgement else None,
        units_with_two=max(each.units_with_two for each in reports),
        pairs=tuple(pair for each in reports for pair in each.pairs),
        overall=nothing,
        warnings=tuple(f"{each.annotators[1]}: {warning}" for each in reports for warning in each.warnings),
    )


def rounds_to_pool(connection: sa.Connection, names: Sequence[str]) -> list[Round]:
    """The closed rounds of these names, each once. Raises Refused for rounds whose labels cannot be counted together."""
    rounds = [closed_round(connection, name) for name in {fold(name): name for name in names}.values()]
    for each in rounds:
        refuse_all_held_back(each)
    if len(rounds) > 1 and (apart := [each for each in rounds if each.kind != DOUBLE]):
        raise Refused(f"{apart[0].name} is a {apart[0].purpose}; it is not pooled with other rounds: report it on its own")
    if len({each.rubric_digest for each in rounds}) > 1:
        raise Refused(
            f"{listed([each.name for each in rounds])} were labelled under different rubric versions; report them one by one"
        )
    if len(rounds) > 1 and (shared := stored_rounds.draft_in_several(connection, [each.id for each in rounds])):
        first, second = [each.name for each in rounds if each.id in (shared.first, shared.last)]
        raise Refused(
            f"{shared.draft_id} was labelled in {first} and in {second}; "
            "rounds that share drafts are not pooled: report them one by one"
        )
    return rounds


@verb
def agreement_of_set(
    person: Person, engine: sa.Engine, name: str, *, opinion: bool = True, codes: bool = False, pairs: bool = False
) -> Report:
    """The report of a label set. Who made its labels stands in `made_by` and first among the notes. `opinion`, `codes` and
    `pairs`: as in `agreement_of_rounds`."""
    with reading(engine, person) as connection:
        row = set_named(connection, name)
        rubric = rubrics.rubric_of(connection, row.rubric_version)
        called = pseudonyms_for(row.annotators, codes)
        counts = counts_of_set(connection, row, rubric, called)
        source = provenance.of_set(row, counts, called)
        left_out = left_out_of_set(connection, row)
        outdated = outdated_notes(connection, rubric, list(counts))
        small = max((each.units for each in counts.values()), default=0) <= MOST_UNITS
        wanted = opinion or needs_labels([counts])
        labels = table_of_set(connection, row) if wanted and small else None
    are_people = row.slots_are_people is not False
    dimensions = {
        key: dimension_report(
            each, declared(rubric, key).agreement, are_people=are_people, histograms=by_cluster(labels, key), pairs=pairs
        )
        for key, each in counts.items()
    }
    report = Report(
        name=source.name,
        rounds=(),
        label_set=source.name,
        made_by=made_by_in_words(row),
        rubric=rubric,
        annotators=tuple(map(called.of, row.annotators)),
        units=max((each.units for each in dimensions.values()), default=0),
        units_with_two=_most(dimensions),
        closed_at=None,
        is_sample=False,
        dimensions=dimensions,
        notes=(*provenance.notes_on_set(row, called, left_out), *notes_at_this_n(dimensions), *outdated),
        sources=(source,),
        are_people=are_people,
    )
    return with_opinions(report, labels, called) if opinion else report


@verb
def pair_of_report(person: Person, engine: sa.Engine, report: Report, key: str, a: str, b: str) -> PairReport | None:
    """Two annotators of a report on one dimension, also where the report leaves its pairs out; None where no draft has labels of
    both. Refuses as the report does."""
    opened = report.dimensions[key]
    if not opened.pairs_left_out:
        return next((pair for pair in opened.pairs if {pair.a, pair.b} == {a, b}), None)
    with reading(engine, person or NOBODY) as connection:
        if report.label_set:
            row = set_named(connection, report.label_set)
            counts = counts_of_set(connection, row, report.rubric)[key]
        else:
            rounds = rounds_to_pool(connection, report.rounds)
            counts = _pooled([counts_of_round(connection, each, report.rubric) for each in rounds], report.rubric)[key]
    return pair_of(counts, a, b)


def _most(dimensions: Mapping[str, DimensionReport]) -> int:
    """Units with two or more labels: those the figures rest on."""
    return max((each.units_with_two for each in dimensions.values()), default=0)
