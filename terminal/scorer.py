"""The scorer beside people, and what a rubric version would change, in a terminal."""

from collections.abc import Callable

from touchstone.agreement.coefficient import KAPPA, PERCENT, QUADRATIC_KAPPA, Coefficient
from touchstone.agreement.figure import Figure, figure_on_scale, in_words
from touchstone.cli.printing import say, say_filled, show_counts, show_notes
from touchstone.english import listed, many
from workflow.scorer.effect_report import DimensionChanged, EffectReport, MovedDraft
from workflow.scorer.scorer_report import Against, ScorerDimension, ScorerReport

MOST_MOVED = 20


def show_scorer(report: ScorerReport) -> None:
    """The scorer against gold and everyone, every dimension with its table against gold."""
    say(
        f"{report.scorer} ({report.version.rubric.digest[:12]}) against people in {report.round.name}, {report.rubric.name}: "
        f"{report.drafts_in_words}" + (" (sample)" if report.is_sample else "")
    )
    say(report.sentence)
    for dimension in report.dimensions:
        _show_against_people(report, dimension)
    show_notes(report.notes)


def _show_against_people(report: ScorerReport, dimension: ScorerDimension) -> None:
    def kappas(figure: Callable[[Coefficient], Figure]) -> str:
        declared, weighted = dimension.declared, figure(QUADRATIC_KAPPA)
        told = figure_on_scale(QUADRATIC_KAPPA, weighted, declared.scale, declared.agreement.by)
        return in_words(figure(KAPPA)) + (f", quadratic {told}" if declared.scale == "ordinal" else "")

    say(f"\n{dimension.key}: {report.people_kappa} {kappas(dimension.people.__getitem__)}, of {dimension.people_n}")
    if dimension.reason:
        say(f"  {dimension.reason}")
        return
    for other in (dimension.gold, *dimension.annotators):
        say(
            f"  {report.scorer} with {other.who}: {KAPPA.kind_first} {kappas(other.figure)}, "
            f"agreement {in_words(other.figure(PERCENT))} of {other.n}"
        )
        _show_at_cut(dimension, other)
    if dimension.uncut:
        say(f"  no cut-off: {dimension.uncut}")
    if pair := dimension.gold.pair:
        show_counts(pair.levels, pair.table, "the gold", f"the {report.scorer}")
    for reason, drafts in dimension.not_scorable.items():
        say(f"  not scorable, {reason}: {listed(drafts[:8])}" + (f" and {len(drafts) - 8} more" if len(drafts) > 8 else ""))


def _show_at_cut(dimension: ScorerDimension, other: Against) -> None:
    if at := other.at_cut:
        caught, alarms = (
            in_words(share) if share.value is None else f"{number} of {share.n}, {in_words(share)}"
            for number, share in ((at.caught, at.share_caught), (at.alarms, at.share_alarms))
        )
        say(f"    bad is {' or '.join(map(str, dimension.bad))}: recall (caught) {caught}; false-alarm rate {alarms}")


def show_effect(effect: EffectReport) -> None:
    """What a version would change: per dimension the matrix, the gold, and the first drafts that move with what moved them."""
    say(effect.sentence)
    say("checks that differ: " + (", ".join(effect.changed) or "none"))
    for dimension in effect.dimensions:
        moved = len(dimension.moved)
        say(f"\n{dimension.key}: {many(moved, 'draft')} of {effect.drafts:,} with another level")
        _show_with_gold(effect, dimension)
        if dimension.reason:
            say(f"  no figure with gold: {dimension.reason}")
        if moved:
            levels = ["not scorable" if level is None else level for level in dimension.rows]
            show_counts(levels, dimension.matrix, effect.before.name, effect.after.name)
            _show_moved(effect, dimension)
    show_notes(effect.notes)


def _show_with_gold(effect: EffectReport, dimension: DimensionChanged) -> None:
    for words, side in (("not discussed", dimension.not_discussed), ("discussed", dimension.discussed)):
        if side is not None and effect.gold is not None:
            kappa = side.changes[KAPPA]
            say(
                f"  with the gold of {effect.gold.name}, {many(side.n, 'draft')} {words}: {side.improved} improved, "
                f"{side.worsened} worsened"
            )
            say(f"    {KAPPA.kind_first} {in_words(kappa.before)} -> {in_words(kappa.after)}, difference {side.in_words}")


def _show_moved(effect: EffectReport, dimension: DimensionChanged) -> None:
    may_be_seen = [moved for moved in dimension.moved if moved.is_labelled]
    for moved in may_be_seen[:MOST_MOVED]:
        say_filled(_move_in_words(effect, moved), "  ", "      ")
    if len(may_be_seen) > MOST_MOVED:
        say(f"  and {len(may_be_seen) - MOST_MOVED:,} more: --json has them all")
    if unseen := len(dimension.moved) - len(may_be_seen):
        say(
            f"  {many(unseen, 'draft')} in no closed round {'is' if unseen == 1 else 'are'} counted but not listed, so that "
            "whoever labels stays blind"
        )


def _move_in_words(effect: EffectReport, draft: MovedDraft) -> str:
    said, moved = effect.said(draft), draft.moved
    findings = [("-", finding) for finding in said.gone] + [("+", finding) for finding in said.new]
    reason = "; ".join(f"{sign}{finding.check} {finding.text!r}" for sign, finding in findings)
    return f"{draft.draft.draft_id}: {moved.before} -> {moved.after} ({moved.because_before} -> {moved.because_after}) {reason}"
