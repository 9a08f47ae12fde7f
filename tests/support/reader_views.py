"""All that the verbs of workflow/ tell one reader, as text: what is held back from them must not change a letter of it.

`VIEWS` has every public verb that reads what drafts were given, with how it is asked. `TOLD_NOTHING` (told_nothing.py) names the
others with why they tell nothing of it. A verb that is in neither fails tests/labelling/test_what_is_held_back.py: whoever adds
one decides.
"""

import json
import re
from collections.abc import Callable, Collection, Iterator
from io import BytesIO
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from zipfile import ZipFile

import sqlalchemy as sa

from db.engine import seen_by
from tests.support import judged_views, released_views
from tests.support.told_nothing import TOLD_NOTHING as TOLD_NOTHING
from tests.support.two_worlds import World
from touchstone.data.label_file import Decision
from touchstone.errors import Refused
from workflow.agreement import clusters, counts_behind, disagreements, reports
from workflow.agreement.papers import report as paper
from workflow.bench import candidates, from_drafts, space_view
from workflow.claims import checking
from workflow.comparison import against_third, two_rounds, two_sources
from workflow.events import listing
from workflow.events.listing import EventFilter
from workflow.exporting import label_export
from workflow.gold import adjudication, export, gold
from workflow.importing import label_sets
from workflow.labelling import feedback, next_draft, own_labels
from workflow.people import home
from workflow.planning import plan
from workflow.projects import projects
from workflow.releasing import choices as releasing_choices
from workflow.releasing import releases, spot_checks
from workflow.rounds import calibration, draft_list, in_hand, one_draft, retest, rounds
from workflow.rounds.design import RoundDesign
from workflow.rounds.team.pace import pace_of_round
from workflow.rounds.team.reassigning import changes_in
from workflow.rubric import example_texts, meetings, next_round, versions
from workflow.rubric.unfinished_version import CheckPlace
from workflow.scorer import against_people, effect, scoring
from workflow.scorer.drafts_to_score import ScorableDrafts
from workflow.subgroups import annotators, slices

Asks = Callable[[Any, sa.Engine, World], Iterator[Callable[[], object]]]
FILE = b"# Agreement\n\nThey agreed on 3 of 6 (50.0 %).\n"


def _of_rounds(*verbs: Callable[..., object]) -> Asks:
    """Each verb asked about every closed round of kind double."""
    return lambda who, engine, world: (lambda v=verb, n=name: v(who, engine, n) for verb in verbs for name in world.closed)


def _of_every_round(verb: Callable[..., object]) -> Asks:
    """Asked about every round, the retest, the calibration and the open one among them."""
    names = lambda world: (*world.closed, *world.repeats, world.open_round)  # noqa: E731
    return lambda who, engine, world: (lambda n=name: verb(who, engine, n) for name in names(world))


def _reports(who: Any, engine: sa.Engine, world: World) -> Iterator[Callable[[], object]]:
    def printed() -> object:
        made = reports.agreement_of_rounds(who, engine, ["pilot"])
        return made, made.as_json(), made.sentence, paper.markdown(made), paper.html(made)

    yield printed
    for names in (world.closed, *([each] for each in world.repeats)):
        yield lambda n=names: reports.agreement_of_rounds(who, engine, n, opinion=False, codes=True)


def _of_report(verb: Callable[..., object]) -> Asks:
    def asks(who: Any, engine: sa.Engine, world: World) -> Iterator[Callable[[], object]]:
        yield lambda: verb(reports.agreement_of_rounds(who, engine, ["pilot"], opinion=False, pairs=True), who, engine)
        yield lambda: verb(reports.agreement_of_set(who, engine, "machine", opinion=False), who, engine)

    return asks


def _pairs(made: Any, who: Any, engine: sa.Engine) -> object:
    a, b = made.annotators[:2]
    return [reports.pair_of_report(who, engine, made, key, a, b) for key in made.dimensions]


def _differing(who: Any, engine: sa.Engine, world: World) -> Iterator[Callable[[], object]]:
    for key in world.dimensions:
        for name in (*world.closed, *world.repeats):
            yield lambda n=name, k=key: disagreements.disagreements_on(who, engine, k, round_name=n)
            yield lambda n=name, k=key: disagreements.widest_apart(who, engine, k, 3, rounds=[n])
    yield lambda: disagreements.disagreements_on(who, engine, world.dimensions[0], label_set="machine")


def _of_cells(verb: Callable[..., object], *more: object) -> Asks:
    """Asked about every cell of the drafts that are held back (for a verb that writes), of the others too where it reads."""

    def asks(who: Any, engine: sa.Engine, world: World) -> Iterator[Callable[[], object]]:
        for draft in world.held if more else (*world.held, *world.free):
            for key in world.dimensions:
                yield lambda d=draft, k=key: verb(who, engine, "pilot", d, k, *more)

    return asks


def _sources(verb: Callable[..., object], *more: str) -> Asks:
    pairs = (
        ("round:pilot/ben", "gold:pilot"),
        ("round:pilot/ben", "set:machine"),
        ("gold:pilot", "round:second/cleo"),
        ("set:machine/one", "set:machine/other"),
        ("set:by task", "gold:pilot"),
        ("round:retest/ben", "round:calibration/cleo"),
    )
    return lambda who, engine, world: (lambda p=pair: verb(who, engine, *p, *more) for pair in pairs if not {*more} & {*pair})


def _drafts(who: Any, engine: sa.Engine, world: World) -> Iterator[Callable[[], object]]:
    asked = [draft_list.DraftFilter(state=state) for state in ("", *draft_list.STATES, *draft_list.OF_CELLS)]
    asked += [draft_list.DraftFilter(sort=sort) for sort in ("differing", "fewest", "queries")]
    for name in (*world.closed, *world.repeats):
        for each in asked if name == "pilot" else asked[-2:]:
            yield lambda n=name, a=each: draft_list.drafts_of_round(who, engine, n, a)


def _one_draft(who: Any, engine: sa.Engine, world: World) -> Iterator[Callable[[], object]]:
    for name in (*world.closed, *world.repeats):
        for draft in (*world.held, *world.free):
            yield lambda n=name, d=draft: one_draft.draft_of_round(who, engine, n, d)


def _slices(who: Any, engine: sa.Engine, world: World) -> Iterator[Callable[[], object]]:
    for by in ("difficulty", "period"):
        yield lambda b=by: [(made, made.as_json(), made.sentence) for made in [slices.slices(who, engine, "pilot", b)]]


def _own(who: Any, engine: sa.Engine, verb: Callable[[str, int], object]) -> Iterator[Callable[[], object]]:
    """A verb asked about every draft of the reader's own."""
    for name in [each.name for each in in_hand.in_short(who, engine) if each.mine]:
        for each in own_labels.my_labels(who, engine, name):
            yield lambda n=name, a=each.assignment: verb(n, a)


def _effect(who: Any, engine: sa.Engine, world: World) -> Iterator[Callable[[], object]]:
    def asked(name: str) -> object:
        before, after = (versions.version_named(engine, each) for each in ("tenacious-v1", world.version))
        made = effect.what_it_would_change(who, engine, ScorableDrafts(engine), before, after, name)
        return made.dimensions, made.notes, made.held_back, made.drafts

    yield from (lambda n=name: asked(n) for name in world.closed)


def _scorer(who: Any, engine: sa.Engine, world: World) -> Iterator[Callable[[], object]]:
    yield from (lambda n=name: against_people.scorer_against(who, engine, n) for name in world.closed)


def _home(who: Any, engine: sa.Engine, world: World) -> Iterator[Callable[[], object]]:
    def flagged(found: rounds.Round) -> Any:
        return dict(meetings.dimensions_of_meeting(who, engine, found.name)) if found.name == "pilot" else None

    yield lambda: [(made, made.sentence) for made in [home.to_do(who, engine, flagged)]]


def _exports(who: Any, engine: sa.Engine, world: World) -> Iterator[Callable[[], object]]:
    for name in world.closed:
        for partial in (False, True):
            yield lambda n=name, p=partial: export.files_of(who, engine, n, partial=p, with_single=p)


def _repeat(verb: Callable[..., object], **design: Any) -> Asks:
    """A verb that opens a round on a closed one: refused with the number of drafts it could draw from."""
    asked = RoundDesign("new", of="pilot", drafts=999, **design)
    return lambda who, engine, world: iter([lambda: verb(who, engine, asked)])


SETS = ("machine", "by task")
NOWHERE = Path(mkdtemp()) / "labels.csv"
VIEWS: dict[str, Asks] = {
    "agreement.clusters.by_clusters": _of_report(lambda made, who, engine: clusters.by_clusters(who, engine, made)),
    "agreement.counts_behind.counts_behind": lambda who, engine, world: iter(
        [
            *(lambda n=name: counts_behind.counts_behind(who, engine, round_name=n) for name in (*world.closed, *world.repeats)),
            *(lambda n=name: counts_behind.counts_behind(who, engine, label_set=n) for name in SETS),
        ]
    ),
    "agreement.disagreements.disagreements_on": _differing,
    "agreement.disagreements.widest_apart": _differing,
    "agreement.reports.agreement_of_rounds": _reports,
    "agreement.reports.agreement_of_set": lambda who, engine, world: iter(
        lambda n=name: reports.agreement_of_set(who, engine, n).as_json() for name in SETS
    ),
    "agreement.reports.pair_of_report": _of_report(_pairs),
    "claims.checking.labels_behind": _of_rounds(lambda who, engine, name: checking.labels_behind(who, engine, round_name=name)),
    "claims.checking.check_published": lambda who, engine, world: iter(
        [
            lambda: checking.check_published(who, engine, FILE, "a.md", round_name="pilot"),
            lambda: checking.check_published(who, engine, FILE, "a.md", label_set="machine"),
        ]
    ),
    "bench.candidates.candidates_of": _of_rounds(
        lambda who, engine, name: (from_drafts.propose_from_drafts(who, engine, name), candidates.candidates_of(who, engine))[1]
    ),
    "bench.space_view.see_space": lambda who, engine, world: iter([lambda: space_view.see_space(who, engine, "any")]),
    "bench.from_drafts.propose_from_drafts": _of_rounds(
        lambda who, engine, name: [
            (made.failed_drafts, sorted(made.new + made.known), made.left_out)
            for made in [from_drafts.propose_from_drafts(who, engine, name)]
        ]
    ),
    "comparison.against_third.compare_against": _sources(against_third.compare_against, "set:machine"),
    "comparison.against_third.labels_to_read": _sources(against_third.labels_to_read, "set:machine"),
    "comparison.two_rounds.compare_rounds": lambda who, engine, world: iter(
        [lambda: [(made, made.as_json(), made.sentence) for made in [two_rounds.compare_rounds(who, engine, *world.closed)]]]
    ),
    "comparison.two_rounds.labels_to_count": lambda who, engine, world: iter(
        [lambda: [two_rounds.labels_to_count(who, engine, *names, 10**6) for names in (world.closed, world.closed[::-1])]]
    ),
    "comparison.two_sources.compare_sources": _sources(two_sources.compare_sources),
    "comparison.two_sources.labels_to_count": _sources(two_sources.labels_to_count),
    "comparison.two_sources.sources_of": _sources(lambda who, engine, *names: two_sources.sources_of(who, engine, names)),
    "exporting.label_export.export_labels": _of_rounds(
        lambda who, engine, name: label_export.export_labels(who, engine, name, NOWHERE)
    ),
    "exporting.label_export.labels_workbook": _of_rounds(label_export.labels_workbook),
    "exporting.label_export.labels_archive": _of_rounds(
        lambda who, engine, name: label_export.labels_archive(who, engine, name, "a.csv")
    ),
    "exporting.label_export.held_back": _of_every_round(label_export.held_back),
    "gold.adjudication.open_disagreements": _of_rounds(adjudication.open_disagreements),
    "gold.adjudication.case": _of_cells(adjudication.case),
    "gold.adjudication.adjudicate": _of_cells(adjudication.adjudicate, 1, "why", "slip"),
    "gold.adjudication.decide_from_rows": lambda who, engine, world: (
        lambda d=draft, k=key: adjudication.decide_from_rows(who, engine, "pilot", [Decision(d, k, 1, "why", "slip")])
        for draft in world.held
        for key in world.dimensions
    ),
    "gold.adjudication.round_drafts": _of_rounds(adjudication.round_drafts),
    "gold.export.files_of": _exports,
    "gold.export.export_gold": _of_rounds(
        lambda who, engine, name: export.export_gold(who, engine, name, NOWHERE.parent / "gold", partial=True)
    ),
    "gold.export.gold_archive": _of_rounds(
        lambda who, engine, name: _without_head(export.gold_archive(who, engine, name, partial=True))
    ),
    **{
        f"releasing.{name}": _of_rounds(asked)
        for name, asked in {
            "releases.release_gold": lambda *of: released_views.bare(
                releases.release_gold(*of[:2], released_views.released(of[2]), Path(mkdtemp()) / "to")
            ),
            "releases.release_archive": lambda *of: released_views.bare(
                releases.release_archive(*of[:2], released_views.released(of[2]))[0]
            ),
            "releases.terms_of": lambda *of: released_views.bare_terms(
                releases.terms_of(*of[:2], released_views.released(of[2]))
            ),
            "spot_checks.draw_spot_check": lambda *of: released_views.drawn(*of),
            "spot_checks.next_to_check": spot_checks.next_to_check,
            "spot_checks.spot_checks_of": spot_checks.spot_checks_of,
        }.items()
    },
    "releasing.choices.choices_to_leave": _of_rounds(
        lambda who, engine, name: releasing_choices.choices_to_leave(who, engine, name)
    ),
    "releasing.releases.all_releases": lambda who, engine, world: iter(
        [lambda: sorted({(each.name, each.rounds, each.rows, each.left_out) for each in releases.all_releases(who, engine)})]
    ),
    "releasing.spot_checks.check_cell": _of_cells(spot_checks.check_cell, 1),
    "gold.gold.gold_of_round": _of_rounds(gold.gold_of_round),
    "gold.gold.gold_counted": _of_rounds(gold.gold_counted),
    "gold.gold.tally_of_round": lambda who, engine, world: (
        lambda f=found: gold.tally_of_round(who, engine, f) for found in _all(who, engine)
    ),
    "gold.gold.last_decision": lambda who, engine, world: (
        lambda f=found: gold.last_decision(who, engine, f) for found in _all(who, engine)
    ),
    **{
        f"events.listing.{verb.__name__}": lambda who, engine, world, verb=verb: iter(
            [lambda: _listed(verb(who, engine, EventFilter()))]
        )
        for verb in (listing.events_of, listing.every_event, listing.events_as_csv, listing.events_as_lines)
    },
    "importing.label_sets.suspicions_told": lambda who, engine, world: iter([lambda: label_sets.suspicions_told(who, engine)]),
    **judged_views.VIEWS,
    "labelling.feedback.feedback_in": _of_every_round(feedback.feedback_in),
    "labelling.feedback.feedback_on": lambda who, engine, world: _own(
        who, engine, lambda name, a: feedback.feedback_on(who, engine, a)
    ),
    "labelling.next_draft.next_assignment": _of_every_round(next_draft.next_assignment),
    "labelling.own_labels.my_labels": _of_every_round(own_labels.my_labels),
    "labelling.own_labels.own_labels_of": lambda who, engine, world: _own(
        who, engine, lambda name, a: own_labels.own_labels_of(who, engine, name, a)
    ),
    "labelling.own_labels.own_drafts": _of_every_round(own_labels.own_drafts),
    "labelling.own_labels.left": _of_every_round(own_labels.left),
    "people.home.to_do": _home,
    "planning.plan.plan_of_pilot": lambda who, engine, world: iter(
        [lambda: plan.plan_of_pilot(who, engine, round_name="pilot", dimension=world.dimensions[0], threshold=0.7)]
    ),
    "planning.plan.usual_threshold": _of_rounds(lambda who, engine, name: plan.usual_threshold(who, engine, round_name=name)),
    "projects.projects.waiting_elsewhere": lambda who, engine, world: iter([lambda: projects.waiting_elsewhere(who, engine, 1)]),
    "rounds.calibration.open_calibration": _repeat(calibration.open_calibration, kind="calibration", annotators=("ben",)),
    "rounds.retest.open_retest": _repeat(retest.open_retest, kind="retest", annotators=("ben",), force=True),
    "rounds.draft_list.drafts_of_round": _drafts,
    "rounds.in_hand.in_short": lambda who, engine, world: iter([lambda: in_hand.in_short(who, engine)]),
    "rounds.one_draft.draft_of_round": _one_draft,
    "rounds.team.pace.pace_of_round": _of_every_round(pace_of_round),
    "rounds.team.reassigning.changes_in": _of_every_round(lambda who, engine, name: changes_in(engine, name)),
    "rounds.rounds.own_rounds": lambda who, engine, world: iter([lambda: rounds.own_rounds(who, engine)]),
    "rounds.rounds.all_rounds": lambda who, engine, world: iter([lambda: _all(who, engine)]),
    "rounds.rounds.held_back_from": lambda who, engine, world: (
        lambda f=found: rounds.held_back_from(who, engine, f) for found in _all(who, engine)
    ),
    "rounds.rounds.queries_of": _of_every_round(rounds.queries_of),
    "rubric.example_texts.differing": lambda who, engine, world: (
        lambda k=key: example_texts.differing(who, engine, "tenacious-v1", k) for key in world.dimensions
    ),
    "rubric.example_texts.add_text": lambda who, engine, world: (
        lambda d=draft: example_texts.add_text(
            who, engine, "tenacious-v2", world.dimensions[0], CheckPlace(0, "a", "a"), "pilot", d, "hit"
        )
        for draft in world.held
    ),
    "rubric.example_texts.add_example": lambda who, engine, world: (
        lambda d=draft: example_texts.add_example(who, engine, "tenacious-v2", world.dimensions[0], "pilot", d, 1)
        for draft in world.held
    ),
    "rubric.meetings.dimensions_of_meeting": _of_rounds(meetings.dimensions_of_meeting),
    "rubric.meetings.meeting": lambda who, engine, world: (
        lambda n=name, k=key: [(made, made.sentence) for made in [meetings.meeting(who, engine, n, k)]]
        for name in world.closed
        for key in world.dimensions
    ),
    "rubric.meetings.decide": _of_cells(meetings.decide, "mine"),
    "rubric.meetings.mark_discussed": _of_cells(lambda *asked: meetings.mark_discussed(*asked[:5]), "mine"),
    "rubric.meetings.take_mark_back": _of_cells(lambda *asked: meetings.take_mark_back(*asked[:5]), "mine"),
    "rubric.next_round.next_round": lambda who, engine, world: iter(
        [lambda: [(made, made.drafts, made.refusal) for made in [next_round.next_round(who, engine, world.version, "pilot")]]]
    ),
    "rubric.next_round.open_next_round": lambda who, engine, world: iter(
        [lambda: next_round.open_next_round(who, engine, "", rubric=world.version, after="pilot", drafts=999)]
    ),
    "rubric.versions.publication": lambda who, engine, world: iter([lambda: versions.publication(who, engine, world.version)]),
    "scorer.against_people.scorer_against": _scorer,
    "scorer.effect.what_it_would_change": _effect,
    "scorer.scoring.findings_of": lambda who, engine, world: (
        lambda d=draft: scoring.findings_of(who, engine, d) for draft in (*world.held, *world.free)
    ),
    "subgroups.annotators.annotators": lambda who, engine, world: iter(
        [lambda: annotators.annotators(who, engine, "pilot").as_json()]
    ),
    "subgroups.slices.slices": _slices,
    "subgroups.slices.fields_to_slice_by": _of_rounds(slices.fields_to_slice_by),
}


def _without_head(archive: bytes) -> dict[str, Any]:
    """The files of an archive of gold; the digest of the last event, which is another each time, left out."""
    with ZipFile(BytesIO(archive)) as files:
        return {name: _manifest(files.read(name)) if name == "manifest.json" else files.read(name) for name in files.namelist()}


def _manifest(content: bytes) -> dict[str, Any]:
    return {key: value for key, value in json.loads(content).items() if key != "record"}


def _listed(answer: Any) -> Any:
    return answer if isinstance(answer, (bytes, listing.EventList)) else list(answer)


def _all(who: Any, engine: sa.Engine) -> list[rounds.Round]:
    return rounds.all_rounds(seen_by(engine, who))


# Verbs that draw thousands of tables for each interval: asked in one world of the short run.
SLOW = {
    "agreement.clusters.by_clusters",
    "agreement.reports.agreement_of_rounds",
    "agreement.reports.agreement_of_set",
    "agreement.reports.pair_of_report",
    "comparison.against_third.compare_against",
    "comparison.two_rounds.compare_rounds",
    "comparison.two_sources.compare_sources",
    "judging.against.judge_against",
    "judging.two_judges.compare_judges",
    "people.home.to_do",
    "preferences.report.preferences_in",
    "planning.plan.plan_of_pilot",
    "rubric.meetings.dimensions_of_meeting",
    "scorer.against_people.scorer_against",
    "scorer.effect.what_it_would_change",
    "subgroups.annotators.annotators",
    "subgroups.slices.slices",
}


def seen(engine: sa.Engine, world: World, names: Collection[str]) -> dict[str, list[str]]:
    """By verb: all that it tells the reader, each answer or refusal as text."""
    return {name: [_answer(ask) for ask in VIEWS[name](world.reader, engine, world)] for name in VIEWS if name in names}


def _answer(ask: Callable[[], object]) -> str:
    try:
        told = repr(ask())
    except Refused as refused:
        told = f"refused: {refused.sentence} {refused.way} {refused.problems}"
    return re.sub(r" at 0x[0-9a-f]+", "", told)
