"""The scorer held against people: per dimension against the gold of a closed round and against each of its annotators.

The scorer is no person: what is said of it and someone is agreement of the scorer with them, beside what people have among
themselves on the same round. Nothing of an open round is read. Drafts that any open round holds are left out, whoever asks, as
`scoring.findings_of` refuses them: what the checks say could sway whoever labels them. People's own agreement is the report's,
with the reader's own drafts of open rounds left out."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa

from db.engine import reading
from db.store import rounds as stored_rounds
from touchstone.agreement.coefficient import KAPPA, PERCENT, QUADRATIC_KAPPA, Coefficient, with_meaning_on
from touchstone.agreement.estimation.estimates import figures, patterns_behind
from touchstone.agreement.figure import Figure, undefined
from touchstone.agreement.report import dimension_report
from touchstone.comparison.classification import at_cut, below, cuts_of, usual_cut
from touchstone.data.counts import Counts, count_labels, have_same_levels
from touchstone.data.gold import ADJUDICATED, SINGLE, WAITING, Cell
from touchstone.data.label import LabelRow
from touchstone.english import many
from touchstone.errors import Refused
from touchstone.rubric.model import Dimension, Rubric
from workflow.agreement.counts_behind import counts_behind
from workflow.bounded_cache import BoundedCache
from workflow.gold.cells import cells_of, round_with_cells
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.rounds.rounds import Round, row_of
from workflow.rubric import rubrics
from workflow.rubric.levels import declared
from workflow.scorer.drafts_against import drafts_against
from workflow.scorer.scorer_report import SCORER, Against, Level, Place, Scored, ScorerDimension, ScorerReport
from workflow.scorer.scorers import scorer_of
from workflow.scorer.scoring import Version, published_version, rubric_for_scoring, version_of

GOLD = "gold"
TOLD_EACH = 100  # drafts between two words on how far it is
COEFFICIENTS = (PERCENT, KAPPA, QUADRATIC_KAPPA)


@verb
def scorer_against(
    person: Person,
    engine: sa.Engine,
    round_name: str,
    *,
    rubric: str = "",
    file: Path | None = None,
    cut: str = "",
    sample: int = 0,
    kept: BoundedCache | None = None,
    tell: Callable[[int], None] = lambda done: None,
) -> ScorerReport:
    """The scorer of a rubric version against the labels of a closed round, for the lead (in local mode everyone may lead).

    `rubric` is a version's name, the round's own when left out: as it was published, else its file in rubric_versions/. `file`
    is a rubric file instead of a name. `cut` is a level as it is written; without one an ordinal scale of numbers is halved.
    Of a round of more than `sample` drafts so many are drawn at random, the same ones each time; 0 stands for all of
    `drafts_against.MOST`, and of more the first of its SAMPLES. `kept` holds what the scorer gave the same drafts before, for
    who asks again; where it does not, `tell` is called with how many are scored, from 0 on.

    Raises NotYourTurn for an open round. Raises Refused for a retest or calibration, for a version that cannot score, for a
    level at which no dimension can be cut, and for a sample of more than MOST drafts."""
    counted = counts_behind(person, engine, round_name=round_name)
    with reading(engine, person) as connection:
        found = round_with_cells(connection, round_name)
        own = rubrics.of_round(connection, found.id)
        version = _version(connection, found, rubric, file)
        _refuse_no_cut(found, own, cut)
        scored = drafts_against(connection, found, sample)
        changed = (was := stored_rounds.published(connection, version.rubric.name)) and was.digest != version.rubric.digest
    rows, by = scored.rows, version.rubric
    given = (kept or BoundedCache(1)).get(_digest(by, rows), lambda: _scores(by, rows, tell))  # no transaction stays open for it
    with reading(engine, person) as connection:
        cells = [cell for cell in cells_of(connection, found, own, ids=scored.ids) if cell.draft_id not in scored.held]
    by_key: dict[str, list[Cell]] = {key: [] for key in found.dimensions}
    for cell in cells:
        by_key[cell.dimension].append(cell)
    dimensions = tuple(
        _dimension(found, declared(own, key), version.rubric, by_key[key], given, counted.dimensions.get(key), cut)
        for key in own.keys
        if key in by_key
    )
    made = ScorerReport(found, own, version, len(scored.rows), scored.held_back, dimensions, (), scored.of)
    return ScorerReport(**{**vars(made), "notes": tuple(_notes(made, bool(changed)))})


class Cuts(NamedTuple):
    """The levels at which some dimension of a round can be cut, as they are written, and where its ordinal dimensions are cut
    unless told otherwise."""

    levels: tuple[str, ...]
    usual: tuple[str, ...]


@verb
def cuts_of_round(engine: sa.Engine, round_name: str) -> Cuts:
    """For choosing a cut; tells nothing of any label."""
    with reading(engine) as connection:
        row = row_of(connection, round_name)
        own, keys = rubrics.of_round(connection, row.id), stored_rounds.dimensions_of(connection, row.id)
    middles = [usual_cut(declared(own, key)) for key in keys]
    return Cuts(tuple(_cuts(own, keys)), tuple(dict.fromkeys(str(each) for each in middles if each is not None)))


def _cuts(own: Rubric, keys: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(str(level) for key in keys for level in cuts_of(declared(own, key))))


def _version(connection: sa.Connection, found: Round, name: str, file: Path | None) -> Version:
    if file is not None:
        return Version(*rubric_for_scoring(connection, str(file)), False)
    row = row_of(connection, found.name)
    elsewhere = published_version(connection, name) if name != row.rubric else None
    return version_of(connection, name, [row, elsewhere] if elsewhere else [row])


def _refuse_no_cut(found: Round, own: Rubric, cut: str) -> None:
    can = _cuts(own, found.dimensions)
    if cut and cut not in can:
        levels = {str(each) for key in found.dimensions for each in declared(own, key).values}
        raise Refused(
            (
                f"nothing is below {cut} on any scale of {found.name}; "
                if cut in levels
                else f"{cut} is not a level of {found.name}; "
            )
            + (
                f"choose the cut-off from {', '.join(can)}"
                if can
                else "no dimension can have a cut-off: the levels have no order"
            )
        )


def _digest(rubric: Rubric, rows: Sequence[sa.Row]) -> bytes:
    """Of all that scores depend on: what is kept of other drafts, or under another rubric, is not these."""
    told = sha256(rubric.digest.encode())
    for row in rows:
        told.update(repr((row.draft_id, row.text, row.input, row.extra)).encode("utf-8", "surrogatepass"))
    return told.digest()


def _scores(rubric: Rubric, rows: Sequence[sa.Row], tell: Callable[[int], None]) -> dict[str, dict[str, Scored]]:
    """What the scorer gives each draft, by dimension and then draft."""
    scores: dict[str, dict[str, Scored]] = {key: {} for key in rubric.keys}
    scorer = scorer_of(rubric)
    for done, row in enumerate(rows):
        if done % TOLD_EACH == 0:
            tell(done)
        for key, each in scorer.score(row.text, row.input, row.extra).scores.items():
            scores[key][row.draft_id] = Scored(each.value, each.because, each.reason)
    return scores


def _dimension(
    found: Round,
    dimension: Dimension,
    scorer: Rubric,
    cells: Sequence[Cell],
    given: Mapping[str, Mapping[str, Scored]],
    counts: Counts | None,
    cut: str,
) -> ScorerDimension:
    reason = _unscored_because(found, dimension, scorer)
    scored = {} if reason else given[declared(scorer, dimension.key).key]
    at = _cut_off(dimension, cut)
    people, people_n = _of_people(counts, dimension.scale)
    gold = {cell.draft_id: cell.value for cell in cells if cell.value is not None and cell.state != SINGLE}
    labels = {cell.draft_id: tuple((label.annotator, label.value) for label in cell.labels) for cell in cells}
    name = f"{SCORER} {scorer.name}"
    return ScorerDimension(
        declared=dimension,
        reason=reason,
        people=people,
        people_n=people_n,
        cut=at,
        bad=() if at is None else tuple(value for value in dimension.values if value in below(dimension, at)),
        uncut="" if at is not None else _uncut(dimension, cut),
        gold=_against(GOLD, gold, scored, dimension, name, at),
        annotators=tuple(_against(who, _given_by(who, labels), scored, dimension, name, at) for who in found.annotators),
        not_scorable=_not_scorable(scored, labels),
        waiting=sum(cell.state in WAITING for cell in cells),
        adjudicated=sum(cell.state == ADJUDICATED for cell in cells),
        labels=labels,
        scored=scored,
    )


def _of_people(counts: Counts | None, scale: str) -> tuple[dict[Coefficient, Figure], int]:
    """People's agreement among themselves, and the number of drafts behind it."""
    patterns = patterns_behind(counts, KAPPA) if counts else None
    if not patterns:
        told = with_meaning_on(scale, COEFFICIENTS)
        return {each: undefined("no overlap" if each in told else "nominal scale") for each in COEFFICIENTS}, 0
    return figures(patterns, COEFFICIENTS), int(patterns.total)


def _cut_off(dimension: Dimension, cut: str) -> Level | None:
    """The level asked for, else the usual one; None where the dimension cannot be cut there."""
    at = dimension.parse(cut) if cut else usual_cut(dimension)
    return at if at in cuts_of(dimension) else None


def _unscored_because(found: Round, dimension: Dimension, scorer: Rubric) -> str:
    """Why the scorer has nothing on a dimension of a round; "" where it has."""
    theirs = scorer.dimension(dimension.key)
    if theirs is None:
        return f"{scorer.name} has no such dimension"
    if not theirs.scoring:
        return f"{scorer.name} has no checks that score it"
    if not have_same_levels(theirs, dimension):
        return f"its levels differ between {found.rubric} and {scorer.name}"
    return ""


def _given_by(who: str, labels: Mapping[str, Sequence[tuple[str, Level]]]) -> dict[str, Level]:
    """The levels one annotator gave, by draft."""
    return {draft: level for draft, given in labels.items() for name, level in given if name == who}


def _not_scorable(scored: Mapping[str, Scored], labels: Mapping[str, object]) -> dict[str, tuple[str, ...]]:
    """The labelled drafts the scorer gives no level, by its reason."""
    without: dict[str, list[str]] = {}
    for draft, score in scored.items():
        if score.value is None and draft in labels:
            without.setdefault(score.reason or "", []).append(draft)
    return {why: tuple(sorted(drafts)) for why, drafts in without.items()}


def _uncut(declared: Dimension, cut: str) -> str:
    can = cuts_of(declared)
    if not can:
        return "its levels have no order"
    return (
        f"it cannot have its cut-off at {cut}"
        if cut
        else f"which levels pass is not written in the rubric: name the lowest that does ({' or '.join(map(str, can))})"
    )


def _against(
    who: str, levels: Mapping[str, Level], scored: Mapping[str, Scored], declared: Dimension, scorer: str, cut: Level | None
) -> Against:
    """Drafts to which both gave a level."""
    scores = {draft: score.value for draft, score in scored.items() if score.value is not None}
    both = {draft: (level, scores[draft]) for draft, level in sorted(levels.items()) if draft in scores}
    places = {value: place for place, value in enumerate(declared.values)}
    drafts: dict[Place, list[str]] = {}
    for draft, (a, b) in both.items():
        drafts.setdefault((places[a], places[b]), []).append(draft)
    names = ("person", SCORER)  # not their own: someone may be called as the scorer is
    rows = [
        LabelRow(draft, name, declared.key, level)
        for draft, pair in both.items()
        for name, level in zip(names, pair, strict=True)
    ]
    pairs = dimension_report(count_labels(rows, declared, names, by=declared.agreement.by), None).pairs if rows else ()
    pair = pairs[0]._replace(a=who, b=scorer) if pairs else None
    return Against(
        who,
        pair,
        None if cut is None else at_cut(both.values(), declared, cut),
        {place: tuple(drafts[place]) for place in sorted(drafts)},
    )


def _notes(made: ScorerReport, changed: bool) -> Iterator[str]:
    """What must be read beside the figures."""
    scorer = made.version.rubric
    if made.version.note:
        yield made.version.note
    if changed and not made.version.note and not made.version.is_published:
        yield f"this file is not {scorer.name} as it was published: its bytes differ"
    if made.rubric.digest != scorer.digest and not (made.rubric.name == scorer.name and made.version.note):
        yield (
            f"people labelled under {made.rubric.name} and the scorer is that of {scorer.name}: the same level need not mean "
            "the same, and a version written with these drafts in view does better on them than on others"
        )
    if made.held_back:
        yield (
            f"{many(made.held_back, 'draft')} {'is' if made.held_back == 1 else 'are'} left out: an open round holds "
            f"{'it' if made.held_back == 1 else 'them'}; the inter-annotator kappa is that of the report, over "
            + (f"the {many(made.round.told, 'draft')} that you are not labelling again" if made.round.held_back else "all drafts")
        )
    if made.is_part:
        yield (
            f"the figures of the scorer are of {many(made.drafts, 'draft')} drawn at random from {made.of:,}, the same ones each "
            "time, and their intervals tell how far those of all drafts may be from them; cells and drafts below are those drawn"
        )
    yield from _on_cells(made)


def _on_cells(made: ScorerReport) -> Iterator[str]:
    """How many cells have no gold yet, were decided after closing, or have no score."""
    if waiting := sum(each.waiting for each in made.dimensions):
        waits = "waits for a decision and is" if waiting == 1 else "wait for a decision and are"
        of_these = f" of the {many(made.drafts, 'draft')} drawn" if made.is_part else ""
        yield (
            f"{many(waiting, 'cell')}{of_these} {waits} not in the gold yet: those are the hard ones, so figures against the "
            "gold flatter the scorer until they are settled"
        )
    if decided := sum(each.adjudicated for each in made.dimensions):
        yield (
            f"{many(decided, 'gold label')} {'was' if decided == 1 else 'were'} decided after closing, when what the checks "
            "find is visible: a decision that followed them agrees with them"
        )
    if without := {draft for each in made.dimensions for drafts in each.not_scorable.values() for draft in drafts}:
        yield (
            f"{many(len(without), 'draft')} {'is' if len(without) == 1 else 'are'} not scorable on some dimension and in none "
            "of its figures, named under it"
        )
