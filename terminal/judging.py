"""A judge against people in a terminal."""

from touchstone.cli.printing import say, say_filled, show_notes
from touchstone.english import many
from workflow.judging import in_words
from workflow.judging.against import JudgedAgainst, JudgedDimension

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
        say_filled(f"{each.unit}: judge {each.judge}; {given}" + (f"; {each.because}" if each.because else ""), "    ", "      ")
