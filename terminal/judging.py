"""A judge against people in a terminal."""

from touchstone.cli.printing import say, say_filled, show_notes
from touchstone.english import many
from workflow.judging import in_words
from workflow.judging.against import JudgedAgainst, JudgedDimension
from workflow.judging.two_judges import ComparedJudges

MOST_DIFFERING = 5


def show_judged(made: JudgedAgainst) -> None:
    """The verdict on each dimension, then what is behind it."""
    say(f"{made.judge} against {made.people.name}" + (" (sample)" if made.people.is_sample else ""))
    for sentence in made.sentences:
        say_filled(sentence)
    for dimension in made.dimensions:
        _show_dimension(dimension)
    show_notes(made.notes)


def _show_dimension(dimension: JudgedDimension) -> None:
    report = dimension.report
    if report is None:
        say(f"\n{dimension.key}: {dimension.reason}")
        return
    say(f"\n{dimension.key}: {many(report.n, 'unit')}, {many(report.people, 'person', 'people')}; {report.stand_in.verdict}")
    for name, figure, told in in_words.figures_of(report):
        say_filled(f"{name}: {figure}" + (f" ({told})" if told else ""), "  ", "    ")
    if report.pass_fail:
        say(f"  pass at or over {report.pass_fail.cut}")
        for name, figure, told in in_words.pass_fail_of(report.pass_fail):
            say_filled(f"{name}: {figure}" + (f" ({told})" if told else ""), "    ", "      ")
    for name, figure, told in in_words.population_of(dimension):
        say_filled(f"{name}: {figure} ({told})", "  ", "    ")
    say(f"  differs from the mode on {many(len(dimension.differs), 'unit')}")
    for each in dimension.differs[:MOST_DIFFERING]:
        given = ", ".join(f"{who} {level}" for who, level, _ in each.labels)
        say_filled(f"{each.unit}: judge {each.judge}; {given}" + _because(each.because), "    ", "      ")


def show_compared(made: ComparedJudges) -> None:
    """Each dimension in a sentence, then the drafts that the newer judge has further off than the older."""
    say(f"{made.old} and {made.new} beside {made.people}" + (" (sample)" if made.is_sample else ""))
    for dimension in made.dimensions:
        say_filled(dimension.sentence, "", "  ")
        for each in [each for each in dimension.changed if each.nearer < 0][:MOST_DIFFERING]:
            given = ", ".join(f"{who} {level}" for who, level in each.people)
            say_filled(f"{each.unit}: {each.old} before, {each.new} now; {given}" + _because(each.because), "    ", "      ")
    show_notes(made.notes)


def _because(reason: str) -> str:
    return f"; {reason}" if reason else ""
