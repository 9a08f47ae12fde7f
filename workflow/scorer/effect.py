"""What a changed rubric would change: the store's drafts scored under two versions, and both held against a round's gold.

Drafts that an open round holds are left out, whoever asks: what the checks make of them could sway whoever labels them. Drafts
that a meeting discussed are counted apart: a version written with them in view does better on them than on others.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import sqlalchemy as sa

from db.engine import reading
from db.store import revisions as stored_revisions
from db.store import tasks as stored_intake
from db.store.comparison import gold_of_round
from touchstone.agreement.coefficient import QUADRATIC_KAPPA
from touchstone.comparison.two_rounds import Labelled, change
from touchstone.data.counts import apart, have_same_levels
from touchstone.data.gold import ADJUDICATED, AGREED
from touchstone.data.label import Pattern
from touchstone.english import listed, many
from touchstone.errors import Refused
from touchstone.rubric.model import Agreement, Dimension, Rubric
from touchstone.scorer.effect.corpus import Version
from touchstone.scorer.effect.effect import DimensionEffect, effect_of
from workflow.gold.cells import cells_of, round_with_cells
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.projects.settling import settle
from workflow.rounds.rounds import Round
from workflow.rubric import rubrics
from workflow.rubric.levels import declared
from workflow.scorer.drafts_to_score import ScorableDrafts, state_of
from workflow.scorer.effect_report import COEFFICIENTS, DimensionChanged, EffectReport, Level, MovedDraft, WithGold
from workflow.scorer.scoring import has_scoring

Known = tuple[str, Level, Level | None, Level | None]  # draft_id, gold, score before, score after


@verb
def what_it_would_change(
    person: Person,
    engine: sa.Engine,
    held: ScorableDrafts,
    before: Rubric,
    after: Rubric,
    gold: str = "",
    tell: Callable[[int], None] = lambda done: None,
) -> EffectReport:
    """Every draft of `held` under both versions, and both against the gold of the closed round `gold` ("" for none).

    `tell` is called with how many drafts are done where all are scored anew. For the lead (in local mode everyone may lead).
    Raises Refused for a version that cannot score, for two without a dimension in common, and where drafts or rounds changed
    meanwhile, so that none of a round just opened is shown; NotYourTurn for an open round.
    """
    for each in (before, after):
        if not has_scoring(each):
            raise Refused(f"{each.name} has no scoring in any dimension; add checks and scoring lines to it")
    if not set(before.keys) & set(after.keys):
        raise Refused(f"{before.name} and {after.name} have no dimension in common; choose two versions of one rubric")
    with held.lock:
        made = effect_of(held.corpus, before, after, tell)
        under = held.corpus.version(before), held.corpus.version(after)
    if state_of(engine) != held.state:
        raise Refused("drafts came in, or a round was opened or closed, while they were scored; look again")
    gold_held = _gold(person, engine, gold, held) if gold else None
    with reading(engine, person) as connection:
        settle(connection)
        talked = stored_revisions.discussed_tasks(connection)
    changed = EffectReport(
        before=before,
        after=after,
        drafts=made.drafts,
        left_out=held.left_out,
        changed=made.changed,
        gold=gold_held.round if gold_held else None,
        held_back=gold_held.held_back if gold_held else 0,
        dimensions=tuple(
            _dimension(held, effect, before, after, gold_held, talked, under) for effect in made.dimensions.values()
        ),
        notes=(),
        is_sample=bool(gold_held and gold_held.round.is_sample),
        held=held,
        effect=made,
    )
    return replace(changed, notes=tuple(_notes(changed, gold_held)))


class _Gold(NamedTuple):
    """The gold of a closed round by dimension and draft, and how many of its drafts open rounds hold."""

    round: Round
    rubric: Rubric
    labels: Mapping[str, Mapping[str, Level]]
    held_back: int


def _gold(person: Person, engine: sa.Engine, name: str, held: ScorableDrafts) -> _Gold:
    """The gold of the drafts that are scored, read once for each state it was in: a page is drawn several times."""
    with reading(engine, person) as connection:
        found = round_with_cells(connection, name)
        state = found.id, found.closed_at, gold_of_round.state_of_round(connection, found.id)
        return held.golds.get(state, lambda: _gold_read(connection, found, held.ids))


def _gold_read(connection: sa.Connection, found: Round, ids: Sequence[int] | None) -> _Gold:
    own = rubrics.of_round(connection, found.id)
    being = stored_intake.drafts_in_open_rounds(connection)
    back = {row.draft_id for row in stored_intake.drafts_of_round_to_score(connection, found.id, ids=sorted(being))}
    labels: dict[str, dict[str, Level]] = {}
    for cell in cells_of(connection, found, own, ids=ids):
        if cell.state in (AGREED, ADJUDICATED) and cell.value is not None and cell.draft_id not in back:
            labels.setdefault(cell.dimension, {})[cell.draft_id] = cell.value
    return _Gold(found, own, labels, len(back))


def _dimension(
    held: ScorableDrafts,
    effect: DimensionEffect,
    before: Rubric,
    after: Rubric,
    gold: _Gold | None,
    talked: set[str],
    under: tuple[Version, Version],
) -> DimensionChanged:
    dimension = declared(after, effect.dimension)
    reason = _no_gold_because(dimension, before, after, gold) if gold else ""
    levels = gold.labels.get(effect.dimension, {}) if gold and not reason else {}
    moved = []
    for one in effect.moved:
        draft = held.drafts[one.draft]
        is_labelled, is_discussed = draft.draft_id in held.labelled, draft.task_id in talked
        moved.append(MovedDraft(one, draft, levels.get(draft.draft_id), is_labelled, is_discussed))
    if gold is None or reason:
        return DimensionChanged(dimension, effect, tuple(moved), None, None, reason)
    not_discussed, discussed = _known(held, effect.dimension, levels, talked, under)
    if not not_discussed and not discussed:
        reason = "no draft with gold is among those scored"
    return DimensionChanged(
        dimension,
        effect,
        tuple(moved),
        _kept_with_gold(held, dimension, not_discussed),
        _kept_with_gold(held, dimension, discussed),
        reason,
    )


def _kept_with_gold(held: ScorableDrafts, dimension: Dimension, known: tuple[Known, ...]) -> WithGold | None:
    asked = (dimension.values, dimension.scale == "ordinal", dimension.agreement, known)
    return held.kept.get(asked, lambda: _with_gold(*asked))


def _no_gold_because(dimension: Dimension, before: Rubric, after: Rubric, gold: _Gold) -> str:
    """Why the versions cannot be held against the gold on a dimension; "" where they can."""
    theirs = gold.rubric.dimension(dimension.key)
    if theirs is None:
        return f"{gold.rubric.name}, under which the round was labelled, has no such dimension"
    if not have_same_levels(theirs, dimension):
        return f"its levels differ in {gold.rubric.name}"
    if not have_same_levels(declared(before, dimension.key), dimension):
        return f"its levels differ between {before.name} and {after.name}"
    return "" if gold.labels.get(dimension.key) else "no gold yet"


def _known(
    held: ScorableDrafts, key: str, gold: Mapping[str, Level], talked: set[str], under: tuple[Version, Version]
) -> tuple[tuple[Known, ...], tuple[Known, ...]]:
    """The drafts with gold among those scored: those no meeting discussed, and those one did."""
    was, now = under
    place_of = {draft.draft_id: place for place, draft in enumerate(held.drafts)}
    apart: tuple[list[Known], list[Known]] = ([], [])
    for draft in sorted(gold):
        if (place := place_of.get(draft)) is not None:
            is_discussed = held.drafts[place].task_id in talked
            apart[is_discussed].append((draft, gold[draft], was.draft(place).levels[key], now.draft(place).levels[key]))
    return tuple(apart[0]), tuple(apart[1])


def _with_gold(levels: tuple[Level, ...], is_ordinal: bool, rule: Agreement, known: Sequence[Known]) -> WithGold | None:
    """Both versions against the gold of some drafts; None without any."""
    if not known:
        return None
    at = {value: place for place, value in enumerate(levels)}
    both = [(draft, at[gold], at[was], at[now]) for draft, gold, was, now in known if was is not None and now is not None]
    scale = "ordinal" if is_ordinal else "nominal"
    far = [[apart((place, gold), scale) for place in (was, now)] for _, gold, was, now in both]
    improved, worsened = sum(now < was for was, now in far), sum(now > was for was, now in far)
    before: dict[str, Pattern] = {draft: (gold, was) for draft, gold, was, _ in both}
    after: dict[str, Pattern] = {draft: (gold, now) for draft, gold, _, now in both}
    one = Labelled(("gold", "scorer"), levels, rule, before, scale, rule.by)
    # The same labels, not equal ones, where no score changed: see touchstone.comparison.
    other = one if before == after else replace(one, patterns=after)
    names = [name for name in COEFFICIENTS if is_ordinal or name != QUADRATIC_KAPPA]
    changes = {name: change(one, other, name) for name in names}
    return WithGold(len(both), len(known) - len(both), improved, worsened, changes, rule.by)


def _notes(made: EffectReport, gold: _Gold | None) -> Iterator[str]:
    """What must be read beside the figures."""
    if made.held.is_part:
        yield (
            f"all counts are of {many(made.drafts, 'draft')} drawn at random from {made.held.of:,}, the same ones each time; "
            "a change that few drafts meet may be met by none of them"
        )
    if made.left_out:
        yield (
            f"{many(made.left_out, 'draft')} of open rounds {'is' if made.left_out == 1 else 'are'} left out until they are "
            "closed"
        )
    keys = [each for each in made.before.keys if each not in made.after.keys]
    keys += [each for each in made.after.keys if each not in made.before.keys]
    if keys:
        yield f"{listed(keys)}: in only one of the two versions, so not compared"
    if gold is not None:
        yield from _on_gold(made, gold)


def _on_gold(made: EffectReport, gold: _Gold) -> Iterator[str]:
    if gold.rubric.digest not in (made.before.digest, made.after.digest):
        yield f"the gold of {gold.round.name} was given under {gold.rubric.name}, which is neither of the two"
    if any(each.not_discussed or each.discussed for each in made.dimensions):
        yield (
            f"the gold was given under the words of {gold.rubric.name}: where they change, a level means something else after, "
            "and only a new round tells"
        )
    without = sum(side.without for each in made.dimensions for side in (each.not_discussed, each.discussed) if side)
    if without:
        yield (
            f"{many(without, 'gold label')} {'is' if without == 1 else 'are'} in no figure: one of the two versions cannot "
            "score the draft"
        )
    if made.held_back:
        yield f"{many(made.held_back, 'draft')} of {gold.round.name} {'is' if made.held_back == 1 else 'are'} in an open round"
