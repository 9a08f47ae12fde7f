"""Two rounds, and two sources of labels, side by side in a terminal."""

from touchstone.agreement.coefficient import KAPPA, PERCENT, QUADRATIC_KAPPA
from touchstone.agreement.figure import in_words, signed
from touchstone.cli.printing import say, say_filled, show_counts, show_notes
from touchstone.comparison import two_rounds
from touchstone.english import many
from workflow.comparison.against_third import AgainstThird, at_cut_in_words
from workflow.comparison.two_rounds import ComparedRounds, DimensionChange
from workflow.comparison.two_sources import ComparedSources


def show_comparison(made: ComparedRounds) -> None:
    """Two rounds, every dimension, then what must be read beside the differences."""

    for when, report in (("before", made.before), ("after", made.after)):
        say(
            f"{when}: {report.name}, {report.rubric.name} ({report.rubric.digest[:12]}), {', '.join(report.annotators)}, "
            f"{many(report.units, 'draft')}" + (" (sample)" if report.is_sample else "")
        )
    say(f"in both: {many(made.drafts_in_common, 'draft')}, {many(made.tasks_in_common, 'task')}")
    say(made.sentence)
    for change in made.dimensions:
        _show_change(change)
    for note in made.notes:
        say_filled(f"! {note}")


def _show_change(change: DimensionChange) -> None:
    before, after, compared = change.before, change.after, change.compared
    if compared is None or before is None or after is None:
        say(f"\n{change.key}: only {change.where}")
        return
    judged, percent = compared.judged, compared.percent
    say(
        f"\n{change.key}: {compared.judged_by} {in_words(judged.before, before.only_level)} -> "
        f"{in_words(judged.after, after.only_level)}"
    )
    say(
        f"  difference {two_rounds.difference_in_words(judged)}"
        + (f" ({compared.method}, {many(judged.difference.n, 'draft')} in both)" if compared.method else "")
    )
    say(
        f"  agreement {in_words(percent.before)} of {before.units_with_two} -> {in_words(percent.after)} of "
        f"{after.units_with_two}, difference {two_rounds.difference_in_words(percent)}"
    )


def show_sources(made: ComparedSources) -> None:
    """Two sources, every dimension with its table."""

    say(f"{made.a.name} and {made.b.name}: {made.joined_in_words}" + (" (sample)" if made.is_sample else ""))
    say(made.sentence)
    for dimension in made.dimensions:
        if dimension.pair is None:
            say(f"\n{dimension.key}: {dimension.reason}")
            continue
        figures = dimension.pair.figures
        weighted = ", quadratic " + dimension.pair.in_words(QUADRATIC_KAPPA) if dimension.pair.scale != "nominal" else ""
        say(f"\n{dimension.key}: {KAPPA.kind_first} {in_words(figures[KAPPA])}{weighted}")
        say(f"  agreement {in_words(figures[PERCENT])} of {dimension.n}; {made.relation}")
        show_counts(dimension.pair.levels, dimension.pair.table, "the first", "the second")
    show_notes(made.notes)


def show_against(made: AgainstThird) -> None:
    """Each of two sources against a third, every dimension."""
    say(f"\nagainst {made.third.name}")
    say_filled(made.sentence)
    for dimension in made.dimensions:
        if dimension.a is None or dimension.b is None or dimension.difference is None:
            say(f"\n{dimension.key}: {dimension.reason}")
            continue
        difference = f"{KAPPA.kind_first} of the first minus that of the second {signed(dimension.difference)}"
        say(f"\n{dimension.key}: {difference}, {many(dimension.n, 'unit')}")
        for name, side in ((made.a.name, dimension.a), (made.b.name, dimension.b)):
            say(f"  {name}: {KAPPA.kind_first} {in_words(side.kappa)}")
            if side.at_cut:
                caught, alarms = at_cut_in_words(side)
                of_bad, of_good = side.at_cut.bad, side.at_cut.good
                say(f"    below {side.at_cut.cut}: recall {caught} of {of_bad}, false alarms {alarms} of {of_good}")
    show_notes(made.notes)
