"""What a changed rubric would change: the store's drafts scored under two versions, and both held against a round's gold.

Drafts that an open round holds are left out, whoever asks: what the checks make of them could sway whoever labels them. Drafts
that a meeting discussed are counted apart: a version written with them in view does better on them than on others.
"""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple

import sqlalchemy as sa

from db.engine import reading
from db.store import revisions as stored_revisions
from db.store import tasks as stored_intake
from touchstone.agreement.coefficient import KAPPA, PERCENT, QUADRATIC_KAPPA, Coefficient
from touchstone.comparison.two_rounds import Change, Labelled, change, difference_in_words
from touchstone.data.gold import ADJUDICATED, AGREED
from touchstone.english import listed, many
from touchstone.errors import Refused
from touchstone.rubric.reading import Agreement, Dimension, Rubric
from touchstone.scorer.effect import Corpus, DimensionEffect, Effect, Moved, Said, Under
from workflow.gold.adjudication import cells_of, round_with_cells
from workflow.people.people import Person
from workflow.rounds.rounds import Round, all_rounds
from workflow.rubric import rubrics, versions
from workflow.rubric.next_version import next_name, unfinished
from workflow.rubric.outdated_labels import named
from workflow.scorer.against_people import refuse_by_subtraction
from workflow.scorer.scoring import ToScore, drafts_of_store, has_scoring

Level = int | str
Known = tuple[str, Level, Level | None, Level | None]  # draft_id, gold, score before, score after
UNFINISHED = " as it is being written"
COEFFICIENTS = (KAPPA, QUADRATIC_KAPPA, PERCENT)


class Held:
    """The drafts that may be scored, with what is known of them under the versions met so far. Shared by everyone who asks, one
    at a time; `left_out` counts the drafts that open rounds hold, `labelled` names those that a closed round had."""

    def __init__(self, engine: sa.Engine):
        self.state = state_of(engine)
        self.drafts, self.left_out = drafts_of_store(engine)
        self.corpus = Corpus((each.text, each.input, each.extra) for each in self.drafts)
        self.lock = threading.Lock()
        with reading(engine) as connection:
            self.labelled = set(stored_intake.drafts_of_closed_rounds(connection, len(self.drafts) + self.left_out + 1))


def state_of(engine: sa.Engine) -> str:
    """What `Held` depends on, as a digest: other drafts, or others in open rounds, and it must be made anew."""
    with reading(engine) as connection:
        return sha256(repr(stored_intake.state_of_drafts(connection)).encode()).hexdigest()


class MovedDraft(NamedTuple):
    """A draft that gets another level. `gold` None where it has none; `is_labelled`: a closed round had it, so that it may be
    opened; `discussed`: a meeting discussed it, or another draft of its task."""

    moved: Moved
    draft: ToScore
    gold: Level | None
    is_labelled: bool
    discussed: bool

    def as_json(self, said: Said) -> dict[str, Any]:
        one = self.moved
        return {
            "task_id": self.draft.task_id,
            "draft_id": self.draft.draft_id,
            "before": one.before,
            "after": one.after,
            "because": {"before": one.because_before, "after": one.because_after},
            "gold": self.gold,
            "discussed": self.discussed,
            "gone": [each.as_json() for each in said.gone],
            "new": [each.as_json() for each in said.new],
        }


class WithGold(NamedTuple):
    """The scores of both versions held against the gold of some drafts. `n`: drafts with gold and a score under both; `without`:
    those with gold that a version cannot score, in no figure; `changes` by coefficient; `improved`: nearer to the gold after than
    before (on a scale without order: right after, wrong before), `worsened` the other way round."""

    n: int
    without: int
    improved: int
    worsened: int
    changes: Mapping[Coefficient, Change]

    @property
    def in_words(self) -> str:
        return difference_in_words(self.changes[COEFFICIENTS[0]])

    def as_json(self) -> dict[str, Any]:
        return {
            "n": self.n,
            "not_scorable": self.without,
            "improved": self.improved,
            "worsened": self.worsened,
            "percent": self.changes[PERCENT].as_json(),
            "kappa": {
                coefficient.kind: change.as_json()
                for coefficient, change in self.changes.items()
                if coefficient.family == "kappa"
            },
        }


@dataclass(frozen=True)
class DimensionChanged:
    """One dimension. `levels`: of the version after; `not_discussed` and `discussed` None without gold; `reason` says why there
    is none."""

    declared: Dimension
    effect: DimensionEffect
    moved: tuple[MovedDraft, ...]
    not_discussed: WithGold | None
    discussed: WithGold | None
    reason: str

    @property
    def key(self) -> str:
        return self.declared.key

    @property
    def title(self) -> str:
        return self.declared.title

    @property
    def rows(self) -> tuple[Level | None, ...]:
        """The levels in the matrix, those that only the version before has at the end, then None (not scorable) if it occurs."""
        met = [level for pair in self.effect.table for level in pair]
        return (
            *dict.fromkeys((*self.declared.values, *sorted((each for each in met if each is not None), key=str))),
            *((None,) if None in met else ()),
        )

    @property
    def matrix(self) -> list[list[int]]:
        """[i][j]: drafts at level i of `rows` before and j after."""
        return [[self.effect.table.get((one, two), 0) for two in self.rows] for one in self.rows]


@dataclass(frozen=True)
class WouldChange:
    """What the version after would change against the one before, over `drafts`; `left_out` are in open rounds. `gold`: the round
    whose gold both are held against, None without one."""

    before: Rubric
    after: Rubric
    drafts: int
    left_out: int
    changed: tuple[str, ...]
    gold: Round | None
    held_back: int
    dimensions: tuple[DimensionChanged, ...]
    notes: tuple[str, ...]
    is_sample: bool
    held: Held
    effect: Effect

    def said(self, each: MovedDraft) -> Said:
        """The findings that went and came with a draft's move."""
        with self.held.lock:
            return self.held.corpus.said(self.effect, each.moved)

    @property
    def sentence(self) -> str:
        """Where things stand, in one sentence."""
        if not self.drafts:
            return "There is no draft to score: " + (
                "open rounds hold them all." if self.left_out else "import drafts, and what a version changes is shown on them."
            )
        if self.before.digest == self.after.digest:
            return f"{self.before.name} and {self.after.name} are the same file: no draft can move."
        by_dimension = [(each.title, len(each.moved)) for each in self.dimensions if each.moved]
        if not by_dimension:
            return (
                f"None of {many(self.drafts, 'draft')} gets another level under {self.after.name} than under {self.before.name}."
            )
        drafts = len({one.draft.draft_id for each in self.dimensions for one in each.moved})
        told = listed([f"{title} ({number:,})" for title, number in by_dimension])
        return (
            f"{drafts:,} of {many(self.drafts, 'draft')} {'gets' if drafts == 1 else 'get'} another level under "
            f"{self.after.name}: {told}."
        )

    def as_json(self) -> dict[str, Any]:
        """The document of `rubric-effect --json`."""
        return {
            **{
                side: {"rubric": each.name, "rubric_digest": each.digest}
                for side, each in (("before", self.before), ("after", self.after))
            },
            "drafts": self.drafts,
            "left_out": self.left_out,
            "sample": self.is_sample,
            "checks_changed": list(self.changed),
            "gold": self.gold and self.gold.name,
            "held_back": self.held_back,
            "notes": list(self.notes),
            "sentence": self.sentence,
            "dimensions": {
                each.key: {
                    "levels": list(each.rows),
                    "matrix": each.matrix,
                    "reason": each.reason or None,
                    "gold": {
                        "not_discussed": each.not_discussed and each.not_discussed.as_json(),
                        "discussed": each.discussed and each.discussed.as_json(),
                    },
                    "moved": [one.as_json(self.said(one)) for one in each.moved],
                }
                for each in self.dimensions
            },
        }


def what_it_would_change(
    person: Person,
    engine: sa.Engine,
    held: Held,
    before: Rubric,
    after: Rubric,
    gold: str = "",
    tell: Callable[[int], None] = lambda done: None,
) -> WouldChange:
    """Every draft of `held` under both versions, and both against the gold of the closed round `gold` ("" for none).

    `tell` is called with how many drafts are done where all are scored anew. For the lead (in local mode everyone may lead).
    Raises Refused for a version that cannot score, for two without a dimension in common, and where drafts or rounds changed
    meanwhile, so that none of a round just opened is shown; NotYourTurn for an open round, and
    where figures without the few drafts the person labels in an open round would tell what those were given.
    """
    for each in (before, after):
        if not has_scoring(each):
            raise Refused(f"{each.name} has no scoring in any dimension; add checks and scoring lines to it")
    if not set(before.keys) & set(after.keys):
        raise Refused(f"{before.name} and {after.name} have no dimension in common; choose two versions of one rubric")
    with held.lock:
        made = held.corpus.effect(before, after, tell)
        under = held.corpus.under(before), held.corpus.under(after)
    if state_of(engine) != held.state:
        raise Refused("drafts came in, or a round was opened or closed, while they were scored; look again")
    found, labels, own, back = _gold(person, engine, held, gold)
    with reading(engine) as connection:
        talked = stored_revisions.discussed_tasks(connection)
    dimensions = tuple(
        _dimension(held, made.dimensions[key], before, after, labels.get(key, {}), own, talked, under) for key in made.dimensions
    )
    changed = WouldChange(
        before,
        after,
        made.drafts,
        held.left_out,
        made.changed,
        found,
        back,
        dimensions,
        (),
        bool(found and found.is_sample),
        held,
        made,
    )
    return replace(changed, notes=tuple(_notes(changed, own)))


def _gold(
    person: Person, engine: sa.Engine, held: Held, name: str
) -> tuple[Round | None, dict[str, dict[str, Level]], Rubric | None, int]:
    """(round, gold by dimension and draft, its rubric, drafts held back)."""
    if not name:
        return None, {}, None, 0
    with reading(engine) as connection:
        found = round_with_cells(connection, name)
        own = rubrics.of_round(connection, found.id)
        cells = cells_of(connection, found, own)
        being = stored_intake.drafts_in_open_rounds(connection)
        back = {row.draft_id for row in stored_intake.drafts_of_round_to_score(connection, found.id) if row.id in being}
        refuse_by_subtraction(connection, person, found, back)
    labels: dict[str, dict[str, Level]] = {}
    for cell in cells:
        if cell.state in (AGREED, ADJUDICATED) and cell.draft_id not in back:
            labels.setdefault(cell.dimension, {})[cell.draft_id] = cell.value
    return found, labels, own, len(back)


def _dimension(
    held: Held,
    effect: DimensionEffect,
    before: Rubric,
    after: Rubric,
    gold: Mapping[str, Level],
    own: Rubric | None,
    talked: set[str],
    under: tuple[Sequence[Under], Sequence[Under]],
) -> DimensionChanged:
    declared = after.dimension(effect.dimension)
    theirs = own.dimension(effect.dimension) if own else None
    reason = (
        ""
        if own is None
        else f"{own.name}, under which the round was labelled, has no such dimension"
        if theirs is None
        else f"its levels are others in {own.name}"
        if theirs.values != declared.values
        else f"its levels differ between {before.name} and {after.name}"
        if before.dimension(effect.dimension).values != declared.values
        else "no gold yet"
        if not gold
        else ""
    )
    moved = tuple(
        MovedDraft(
            one,
            (draft := held.drafts[one.draft]),
            None if reason else gold.get(draft.draft_id),
            draft.draft_id in held.labelled,
            draft.task_id in talked,
        )
        for one in effect.moved
    )
    if own is None or reason:
        return DimensionChanged(declared, effect, moved, None, None, reason)
    number = {each.draft_id: place for place, each in enumerate(held.drafts)}
    known = [(draft, number[draft]) for draft in sorted(gold) if draft in number]
    if not known:
        return DimensionChanged(declared, effect, moved, None, None, "no draft with gold is among those scored")
    was, now = under
    parts: dict[bool, list[Known]] = {False: [], True: []}
    for draft, place in known:
        parts[held.drafts[place].task_id in talked].append(
            (draft, gold[draft], was[place].levels[effect.dimension], now[place].levels[effect.dimension])
        )
    return DimensionChanged(
        declared,
        effect,
        moved,
        *(
            _with_gold(declared.values, declared.scale == "ordinal", declared.agreement, tuple(parts[which]))
            for which in (False, True)
        ),
        "",
    )


@lru_cache(maxsize=64)
def _with_gold(levels: tuple[Level, ...], is_ordinal: bool, rule: Agreement, known: tuple[Known, ...]) -> WithGold | None:
    """Kept for the next drawing of the same page."""
    if not known:
        return None
    at = {value: place for place, value in enumerate(levels)}
    both = [(draft, at[gold], at[was], at[now]) for draft, gold, was, now in known if was is not None and now is not None]
    improved = worsened = 0
    for _, gold, was, now in both:
        far = [abs(each - gold) if is_ordinal else int(each != gold) for each in (was, now)]
        improved += far[1] < far[0]
        worsened += far[1] > far[0]
    sides = [Labelled(("gold", "scorer"), levels, rule, {each[0]: (each[1], each[place]) for each in both}) for place in (2, 3)]
    if sides[0].patterns == sides[1].patterns:
        sides[1] = sides[0]  # the same labels, not equal ones: see touchstone.comparison
    changes = {one: change(*sides, one) for one in COEFFICIENTS if is_ordinal or one != QUADRATIC_KAPPA}
    return WithGold(len(both), len(known) - len(both), improved, worsened, changes)


def _notes(made: WouldChange, own: Rubric | None) -> Iterator[str]:
    """What must be read beside the figures."""
    if made.left_out:
        yield (
            f"{many(made.left_out, 'draft')} of open rounds {'is' if made.left_out == 1 else 'are'} left out until they are "
            "closed"
        )
    keys = [each for each in made.before.keys if each not in made.after.keys]
    keys += [each for each in made.after.keys if each not in made.before.keys]
    if keys:
        yield f"{listed(keys)}: in one of the two versions alone, so there is nothing to compare"
    if own is not None and own.digest not in (made.before.digest, made.after.digest):
        yield f"the gold of {made.gold.name} was given under {own.name}, which is neither of the two"
    if own is not None and any(each.not_discussed or each.discussed for each in made.dimensions):
        yield (
            f"the gold was given under the words of {own.name}: where they change, a level means something else after, and "
            "only a new round tells"
        )
    without = sum(side.without for each in made.dimensions for side in (each.not_discussed, each.discussed) if side)
    if without:
        yield (
            f"{many(without, 'gold label')} {'is' if without == 1 else 'are'} in no figure: one of the two versions cannot "
            "score the draft"
        )
    if made.held_back:
        yield f"{many(made.held_back, 'draft')} of {made.gold.name} {'is' if made.held_back == 1 else 'are'} in an open round"


def rounds_with_gold(engine: sa.Engine, of: str) -> list[str]:
    """Names of closed rounds whose gold versions of the rubric `of` can be held against, the newest first."""
    mine = named(of).rubric
    return [each.name for each in all_rounds(engine) if not each.is_open and each.has_gold and named(each.rubric).rubric == mine]


def versions_to_compare(person: Person, engine: sa.Engine) -> list[str]:
    """Names of versions that can score, and of those the person is writing, for choosing one."""
    with reading(engine) as connection:
        written = stored_revisions.names_of_unfinished(connection, person.id)
    return [
        name
        for each in rubrics.rubric_files(engine)
        if each.rubric is not None and not each.is_changed
        for name in (
            *([each.name] if has_scoring(each.rubric) else []),
            *([next_name(each.name) + UNFINISHED] if next_name(each.name) in written else []),
        )
    ]


def version_before(name: str, names: Sequence[str]) -> str:
    """Of these, the latest version of the same rubric that is earlier than one; the first where there is none."""
    mine = named(name.removesuffix(UNFINISHED))
    earlier = [
        each
        for each in names
        if named(each.removesuffix(UNFINISHED)).rubric == mine.rubric
        and named(each.removesuffix(UNFINISHED)).version < mine.version
    ]
    return max(earlier, key=lambda each: named(each.removesuffix(UNFINISHED)).version, default=names[0])


def version_called(person: Person, engine: sa.Engine, name: str) -> Rubric:
    """A version by what `versions_to_compare` calls it. Raises Refused for one being written that has mistakes."""
    if not name.endswith(UNFINISHED):
        return versions.version_named(engine, name)
    mine = named(name.removesuffix(UNFINISHED))
    made = unfinished(person, engine, f"{mine.rubric}-v{mine.version - 1}")
    if made.rubric is None:
        raise Refused(
            f"{made.name}.yml has {many(len(made.problems), 'mistake')} still; mend them under Next version", made.problems
        )
    return made.rubric
