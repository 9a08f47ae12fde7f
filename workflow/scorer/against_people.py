"""The scorer held against people: per dimension against the gold of a closed round and against each of its annotators.

The scorer is no person: what is said of it and someone is agreement of the scorer with them, beside what people have among
themselves on the same round. Nothing of an open round is read. Drafts that any open round holds are left out, whoever asks, as
`scoring.findings_of` refuses them: what the checks say could sway whoever labels them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa

from db.engine import reading
from db.store import labels as stored_labels
from db.store import rounds as stored_rounds
from db.store import tasks as stored_intake
from touchstone.agreement.coefficient import KAPPA, PERCENT, QUADRATIC_KAPPA, Coefficient
from touchstone.agreement.figure import Figure, PairReport, in_words, undefined
from touchstone.agreement.report import dimension_report, figures, patterns_behind
from touchstone.comparison.classification import AtCut, at_cut, below, cuts_of, usual_cut
from touchstone.data.counts import Counts, LabelRow, count_labels
from touchstone.data.gold import ADJUDICATED, SINGLE, WAITING, Cell
from touchstone.english import listed, many
from touchstone.errors import NotYourTurn, Refused
from touchstone.rubric.reading import Dimension, Rubric
from touchstone.scorer.scoring import score_draft
from workflow.agreement.reports import FEW, counts_behind
from workflow.gold.adjudication import cells_of, round_with_cells
from workflow.people.people import Person
from workflow.rounds.rounds import Round, row_of
from workflow.rubric import rubrics
from workflow.scorer.scoring import Version, rubric_for_scoring, version_of

MOST = 10_000  # drafts scored while someone waits
GOLD, SCORER = "gold", "scorer"
COEFFICIENTS = (PERCENT, KAPPA, QUADRATIC_KAPPA)
Level = int | str
Place = tuple[int, int]  # the level of the other and the scorer's, by their places among the declared levels


class Scored(NamedTuple):
    """What the scorer gave a draft on one dimension: a level with the line that gave it, or None with a reason."""

    value: Level | None
    because: str | None
    reason: str | None


@dataclass(frozen=True)
class Against:
    """The scorer and one other (`who`: an annotator, or "gold") on one dimension. `pair` has the other for a and the scorer for
    b; None where they have no draft in common. `drafts`: the ids of the drafts of each cell of its table that holds any.
    `at_cut` None where the dimension is not cut."""

    who: str
    pair: PairReport | None
    at_cut: AtCut | None
    drafts: Mapping[Place, tuple[str, ...]]

    @property
    def n(self) -> int:
        return self.pair.n if self.pair else 0

    def figure(self, coefficient: Coefficient) -> Figure:
        """A figure of the pair; where a side never varied the reason names that side."""
        if self.pair is None:
            return undefined("no draft has a level of both")
        found = self.pair.figures[coefficient]
        if found.reason not in ("annotator constant", "single level"):
            return found
        rows, columns = self.pair.table, tuple(zip(*self.pair.table, strict=True))
        used = [[level for level, line in zip(self.pair.levels, lines, strict=True) if any(line)] for lines in (rows, columns)]
        said = [f"{name} {levels[0]}" for name, levels in zip((self.who, SCORER), used, strict=True) if len(levels) == 1]
        return replace(found, reason=f"{' and '.join(said)} throughout")

    def as_json(self) -> dict[str, Any]:
        return {
            "n": self.n,
            **(self.pair.as_json() if self.pair else {"table": None}),
            "at_cut": self.at_cut and self.at_cut.as_json(),
            "drafts": [
                {"level": self.pair.levels[a], "scorer": self.pair.levels[b], "drafts": list(each)}
                for (a, b), each in self.drafts.items()
            ],
        }


@dataclass(frozen=True)
class ScorerDimension:
    """One dimension of the round. `reason` says why the scorer has nothing on it, "" where it has. `people`: percent and kappas
    of the annotators among themselves, as in the report of the round, on `people_n` drafts. `bad`: the levels under the cut, and
    `uncut` why there is none. `not_scorable`: the drafts the scorer gives no level, by its reason. `waiting`: cells without gold
    so far. `labels` and `scored`: by draft, what the annotators and the scorer gave."""

    declared: Dimension
    reason: str
    people: Mapping[Coefficient, Figure]
    people_n: int
    cut: Level | None
    bad: tuple[Level, ...]
    uncut: str
    gold: Against
    annotators: tuple[Against, ...]
    not_scorable: Mapping[str, tuple[str, ...]]
    waiting: int
    adjudicated: int
    labels: Mapping[str, tuple[tuple[str, Level], ...]]
    scored: Mapping[str, Scored]

    @property
    def key(self) -> str:
        return self.declared.key

    @property
    def title(self) -> str:
        return self.declared.title

    def against(self, who: str) -> Against:
        """The scorer against the gold ("") or an annotator. KeyError where there is no such one."""
        return self.gold if not who else {each.who: each for each in self.annotators}[who]

    def as_json(self) -> dict[str, Any]:
        e = {name: each.as_json() for name, each in self.people.items()}
        return {
            "reason": self.reason or None,
            "levels": list(self.declared.values),
            "cut": self.cut,
            "bad": list(self.bad),
            "uncut": self.uncut or None,
            "waiting": self.waiting,
            "adjudicated": self.adjudicated,
            "people": {
                "n": self.people_n,
                "percent": e[PERCENT],
                "kappa": {"unweighted": e[KAPPA], "quadratic": e[QUADRATIC_KAPPA]},
            },
            "not_scorable": [{"reason": reason, "drafts": list(each)} for reason, each in self.not_scorable.items()],
            "gold": self.gold.as_json(),
            "annotators": {each.who: each.as_json() for each in self.annotators},
        }


@dataclass(frozen=True)
class ScorerReport:
    """The scorer of one rubric version held against a closed round. `drafts` are those it was asked about, `held_back` those an
    open round holds."""

    round: Round
    rubric: Rubric
    version: Version
    drafts: int
    held_back: int
    dimensions: tuple[ScorerDimension, ...]
    notes: tuple[str, ...]

    @property
    def is_sample(self) -> bool:
        return self.round.is_sample

    @property
    def scorer(self) -> str:
        """The scorer by name: "scorer tenacious-v1"."""
        return f"{SCORER} {self.version.rubric.name}"

    @property
    def people_are(self) -> str:
        """What the kappa among people is the kappa of."""
        names = self.round.annotators
        return f"{listed(names)}" if len(names) <= 2 else f"all {len(names)} annotators, Conger’s"

    @property
    def sentence(self) -> str:
        """Where things stand, in one sentence: the dimension in which the scorer is farthest from the gold."""
        if not self.drafts:
            return (
                f"Every draft of {self.round.name} is in an open round: the scorer is held against nobody until that is closed."
            )
        found = [each for each in self.dimensions if each.gold.figure(KAPPA).value is not None]
        if not found:
            return "No dimension's kappa of the scorer against gold is defined: the table says why."
        low = min(found, key=lambda each: each.gold.figure(KAPPA).value)
        kappa, people, at = low.gold.figure(KAPPA), low.people[KAPPA], low.gold.at_cut
        said = (
            f"The {self.scorer} is farthest from the gold in {low.title}: kappa {in_words(kappa)} on "
            + many(low.gold.n, "draft")
            + ("" if people.value is None else f", where people have {in_words(people)} among themselves")
        )
        if at is None or not at.bad:
            return f"{said}."
        return (
            f"{said}. Below {at.cut} it catches {at.caught} of {many(at.bad, 'bad draft')} and raises "
            f"{many(at.alarms, 'false alarm') if at.alarms else 'no false alarm'} over {many(at.good, 'good one')}."
        )

    def as_json(self) -> dict[str, Any]:
        """The document of `score-against --json`."""
        scorer = self.version.rubric
        return {
            "round": self.round.name,
            "rubric": self.rubric.name,
            "rubric_digest": self.rubric.digest,
            "scorer": {"rubric": scorer.name, "rubric_digest": scorer.digest, "published": self.version.is_published},
            "sample": self.is_sample,
            "annotators": list(self.round.annotators),
            "drafts": self.drafts,
            "held_back": self.held_back,
            "notes": list(self.notes),
            "dimensions": {each.key: each.as_json() for each in self.dimensions},
        }


def scorer_against(
    person: Person, engine: sa.Engine, round_name: str, *, rubric: str = "", file: Path | None = None, cut: str = ""
) -> ScorerReport:
    """The scorer of a rubric version against the labels of a closed round, for the lead (in local mode everyone may lead).

    `rubric` is a version's name, the round's own when left out: as it was published, else its file in rubric_versions/. `file`
    is a rubric file instead of a name. `cut` is a level as it is written; without one an ordinal scale of numbers is halved.

    Raises NotYourTurn for an open round, and where figures without the few drafts the person labels in an open round would tell
    what those were given. Raises Refused for a retest or calibration, for a version that cannot score, for a level at which no
    dimension can be cut, and for a round of more than MOST drafts.
    """
    counted = counts_behind(person, engine, round_name=round_name)
    with reading(engine) as connection:
        found = round_with_cells(connection, round_name)
        own = rubrics.of_round(connection, found.id)
        version = _version(connection, found, rubric, file)
        _refuse_no_cut(found, own, cut)
        if found.drafts > MOST:
            raise Refused(
                f"{found.name} has {found.drafts:,} drafts, and up to {MOST:,} are scored while you wait; bring the "
                "output of score in as a label set, and use compare-sources"
            )
        rows = stored_intake.drafts_of_round_to_score(connection, found.id)
        being = stored_intake.drafts_in_open_rounds(connection)
        held = {row.draft_id for row in rows if row.id in being}
        refuse_by_subtraction(connection, person, found, held)
        cells = [cell for cell in cells_of(connection, found, own) if cell.draft_id not in held]
        changed = (was := stored_rounds.published(connection, version.rubric.name)) and was.digest != version.rubric.digest
    free = [row for row in rows if row.id not in being]
    given = _scores(_ToScore(version.rubric, free))
    by_key: dict[str, list[Cell]] = {key: [] for key in found.dimensions}
    for cell in cells:
        by_key[cell.dimension].append(cell)
    dimensions = tuple(
        _dimension(found, own.dimension(key), version.rubric, by_key[key], given, counted.dimensions.get(key), cut)
        for key in own.keys
        if key in by_key
    )
    made = ScorerReport(found, own, version, len(free), len(held), dimensions, ())
    return ScorerReport(**{**vars(made), "notes": tuple(_notes(made, bool(changed)))})


class Cuts(NamedTuple):
    """The levels at which some dimension of a round can be cut, as they are written, and where its ordinal dimensions are cut
    unless told otherwise."""

    levels: tuple[str, ...]
    usual: tuple[str, ...]


def cuts_of_round(engine: sa.Engine, round_name: str) -> Cuts:
    """For choosing a cut; tells nothing of any label."""
    with reading(engine) as connection:
        row = row_of(connection, round_name)
        own, keys = rubrics.of_round(connection, row.id), stored_rounds.dimensions_of(connection, row.id)
    middles = [usual_cut(own.dimension(key)) for key in keys]
    return Cuts(tuple(_cuts(own, keys)), tuple(dict.fromkeys(str(each) for each in middles if each is not None)))


def _cuts(own: Rubric, keys: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(str(level) for key in keys for level in cuts_of(own.dimension(key))))


def _version(connection: sa.Connection, found: Round, name: str, file: Path | None) -> Version:
    if file is not None:
        return Version(*rubric_for_scoring(str(file)), False)
    row = row_of(connection, found.name)
    elsewhere = stored_rounds.published(connection, name) if name and name != row.rubric else None
    return version_of(connection, name, [row, *([_Published(elsewhere.name, elsewhere.id)] if elsewhere else [])])


class _Published(NamedTuple):
    """A version that another round published, as `version_of` looks for it."""

    rubric: str
    rubric_version: int


def _refuse_no_cut(found: Round, own: Rubric, cut: str) -> None:
    can = _cuts(own, found.dimensions)
    if cut and cut not in can:
        levels = {str(each) for key in found.dimensions for each in own.dimension(key).values}
        raise Refused(
            (
                f"nothing is below {cut} on any scale of {found.name}; "
                if cut in levels
                else f"{cut} is no level of {found.name}; "
            )
            + (f"cut at one of {', '.join(can)}" if can else "no dimension can be cut: the levels have no order")
        )


def refuse_by_subtraction(connection: sa.Connection, person: Person, found: Round, held: set[str]) -> None:
    """The report of the round counts every draft, these figures those no open round holds: few between would be told by both."""
    if 0 < len(held) < FEW and held & stored_labels.in_open_rounds(connection, person.id).keys():
        raise NotYourTurn(
            f"{found.name} has {many(len(held), 'draft')} in an open round and you label there: figures without so "
            "few, beside the report's, would tell what they were given; they are held back until that is closed"
        )


class _ToScore:
    """Drafts and the rubric to score them by, equal where their content is: what a cache can be asked by."""

    def __init__(self, rubric: Rubric, rows: Sequence[sa.Row]):
        self.rubric, self.rows = rubric, rows
        told = sha256(rubric.digest.encode())
        for row in rows:
            told.update(repr((row.draft_id, row.text, row.input, row.extra)).encode("utf-8", "surrogatepass"))
        self.digest = told.digest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ToScore) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)


@lru_cache(maxsize=4)
def _scores(asked: _ToScore) -> dict[str, dict[str, Scored]]:
    """What the scorer gives each draft, by dimension and then draft. Kept for the next drawing of the same page."""
    made: dict[str, dict[str, Scored]] = {key: {} for key in asked.rubric.keys}
    for row in asked.rows:
        for key, each in score_draft(asked.rubric, row.text, row.input, row.extra).scores.items():
            made[key][row.draft_id] = Scored(each.value, each.because, each.reason)
    asked.rows = ()  # the cache keeps what was asked: not the texts
    return made


def _dimension(
    found: Round,
    declared: Dimension,
    scorer: Rubric,
    cells: Sequence[Cell],
    given: Mapping[str, Mapping[str, Scored]],
    counts: Counts | None,
    cut: str,
) -> ScorerDimension:
    theirs = scorer.dimension(declared.key)
    reason = (
        ""
        if theirs and theirs.scoring and theirs.values == declared.values
        else f"{scorer.name} has no such dimension"
        if theirs is None
        else f"{scorer.name} has no checks that score it"
        if not theirs.scoring
        else f"its levels differ between {found.rubric} and {scorer.name}"
    )
    scored = {} if reason else given[theirs.key]
    at = declared.parse(cut) if cut else usual_cut(declared)
    at = at if at in cuts_of(declared) else None
    gold = {cell.draft_id: cell.value for cell in cells if cell.value is not None and cell.state != SINGLE}
    labels = {cell.draft_id: tuple((label.annotator, label.value) for label in cell.labels) for cell in cells}
    by_annotator = {
        who: {draft: level for draft, each in labels.items() for name, level in each if name == who} for who in found.annotators
    }
    without: dict[str, list[str]] = {}
    for draft, each in scored.items():
        if each.value is None and draft in labels:
            without.setdefault(each.reason or "", []).append(draft)
    patterns = patterns_behind(counts, KAPPA) if counts else None
    name = f"{SCORER} {scorer.name}"
    return ScorerDimension(
        declared,
        reason,
        figures(patterns, COEFFICIENTS) if patterns else dict.fromkeys(COEFFICIENTS, undefined("no overlap")),
        int(patterns.total) if patterns else 0,
        at,
        () if at is None else tuple(value for value in declared.values if value in below(declared, at)),
        "" if at is not None else _uncut(declared, cut),
        _against(GOLD, gold, scored, declared, name, at),
        tuple(_against(who, levels, scored, declared, name, at) for who, levels in by_annotator.items()),
        {why: tuple(sorted(each)) for why, each in without.items()},
        sum(cell.state in WAITING for cell in cells),
        sum(cell.state == ADJUDICATED for cell in cells),
        labels,
        scored,
    )


def _uncut(declared: Dimension, cut: str) -> str:
    can = cuts_of(declared)
    if not can:
        return "its levels have no order"
    return (
        f"it cannot be cut at {cut}"
        if cut
        else f"which levels pass is not written in the rubric: name the lowest that does ({' or '.join(map(str, can))})"
    )


def _against(
    who: str, levels: Mapping[str, Level], scored: Mapping[str, Scored], declared: Dimension, scorer: str, cut: Level | None
) -> Against:
    """Drafts to which both gave a level."""
    both = {
        draft: (level, scored[draft].value)
        for draft, level in sorted(levels.items())
        if draft in scored and scored[draft].value is not None
    }
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
    pairs = dimension_report(count_labels(rows, declared, names), None).pairs if rows else ()
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
        yield f"this file is not {scorer.name} as it was published: its bytes are others"
    if made.rubric.digest != scorer.digest and not (made.rubric.name == scorer.name and made.version.note):
        yield (
            f"people labelled under {made.rubric.name} and the scorer is that of {scorer.name}: the same level need not mean "
            "the same, and a version written with these drafts in view does better on them than on others"
        )
    if made.held_back:
        yield (
            f"{many(made.held_back, 'draft')} {'is' if made.held_back == 1 else 'are'} left out: an open round holds "
            f"{'it' if made.held_back == 1 else 'them'}; the kappa among people is that of the report, over all drafts"
        )
    if waiting := sum(each.waiting for each in made.dimensions):
        waits = "waits for a decision and is" if waiting == 1 else "wait for a decision and are"
        yield (
            f"{many(waiting, 'cell')} {waits} not in the gold yet: those are the hard ones, so figures against the gold "
            "flatter the scorer until they are settled"
        )
    if decided := sum(each.adjudicated for each in made.dimensions):
        yield (
            f"{many(decided, 'gold label')} {'was' if decided == 1 else 'were'} decided after closing, when what the checks "
            "find can be read: a decision that followed them agrees with them"
        )
    if without := {draft for each in made.dimensions for drafts in each.not_scorable.values() for draft in drafts}:
        yield (
            f"{many(len(without), 'draft')} {'is' if len(without) == 1 else 'are'} not scorable on some dimension and in none "
            "of its figures, named under it"
        )
