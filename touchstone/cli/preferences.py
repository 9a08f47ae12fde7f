"""Choices between two drafts, on a terminal."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from touchstone.cli.printing import say, say_filled
from touchstone.cli.verbs import Json, document, read
from touchstone.english import many

if TYPE_CHECKING:
    from touchstone.preferences.report import PreferenceReport

ChoiceFile = Annotated[Path, typer.Argument(help="CSV: pair_id, task_id, annotator, left, right, choice")]


def preferences(file: ChoiceFile, as_json: Json = False) -> None:
    """Which of two drafts is better, from choices in a file: agreement, what sides and length do, who is chosen most.

    Example: touchstone preferences choices.csv --json
    """
    from touchstone.preferences.choice_file import read_choices
    from touchstone.preferences.report import preference_report

    reports = {key: preference_report(given) for key, given in read_choices(read(file), file.name).items()}
    if as_json:
        return document({"dimensions": [{"dimension": key, **report.as_json()} for key, report in reports.items()]})
    show_each({(key if len(reports) > 1 else ""): report for key, report in reports.items()})


def show_each(reports: "Mapping[str, PreferenceReport]") -> None:
    """Each under its name, "" for none."""
    for place, (name, report) in enumerate(reports.items()):
        if name:
            say(f"{chr(10) if place else ''}{name}")
        show_preferences(report)


def show_preferences(report: "PreferenceReport") -> None:
    """The sentence, then agreement, sides, repeats, lengths and the ranking."""
    from touchstone.agreement.coefficient import KAPPA, NOMINAL_ALPHA, PERCENT
    from touchstone.agreement.figure import in_words, signed

    say_filled(report.sentence)
    overall = report.agreement.overall
    say(f"\nagreement {in_words(overall[PERCENT])}, nominal alpha {in_words(overall[NOMINAL_ALPHA])}")
    if report.by_tasks.judged:
        say(f"  with an interval by tasks: alpha {in_words(report.by_tasks.judged)}")
    for each in report.of_two:
        pair = each.report
        say(f"  {pair.a} and {pair.b}, {many(pair.n, 'pair')}: kappa {in_words(pair.figures[KAPPA])}")
        say(f"    the same draft where both decide: {in_words(each.both_decide)} of {each.both_decide.n}")
    for name, figure in report.ties.items():
        say(f"  ties of {name}: {in_words(figure)}")
    say("")
    say_filled(report.side_sentence)
    swaps = report.consistency
    if swaps.same.value is None:
        say("  no pair came twice with its sides swapped")
    else:
        say(f"  of {many(swaps.same.n, 'pair')} that came twice: the same again {in_words(swaps.same)}")
        say(f"    the same side again {in_words(swaps.same_side)}")
    if report.longer.value is not None:
        doubling = report.strengths.doubling
        say(f"  the longer draft is taken {in_words(report.longer)}; log odds of twice the length {signed(doubling)}")
    show_ranking(report)
    for warning in report.agreement.warnings:
        say_filled(f"! {warning}", "  ", "    ")


def show_ranking(report: "PreferenceReport") -> None:
    """A line for each author, or draft, from the one that is chosen most."""
    from touchstone.agreement.figure import signed

    if report.strengths.reason:
        say("")
        say_filled(f"no ranking by {report.ranked_by}: {report.strengths.reason}")
    else:
        say(f"\n{report.ranked_by}s by strength (log odds of being chosen)")
    for each in report.strengths.authors:
        told = f"  {each.author}: {each.wins} won, {each.ties} tied, {each.losses} lost"
        if each.strength.value is not None:
            place, least, most = (f"{end:.0f}" for end in each.rank.ends)
            told += f"; rank {place} [{least}, {most}], strength {signed(each.strength)}"
        say(told)
    if report.unranked:
        say(f"  {many(report.unranked, 'choice')} between drafts of one author, or of one nobody knows, not ranked")
