"""A plan of a round in a terminal."""

from touchstone.cli.printing import say
from touchstone.english import percent
from workflow.planning.plan import Plan


def show_plan(plan: Plan) -> None:
    """Dimension after dimension: where it stands, and how many drafts each question takes at each chance."""
    say(plan.sentence)
    for key, title in plan.titles.items():
        say(f"\n{title}: {plan.point_in_words(key)}")
        for asked, answer in plan.asked_of(key):
            for chance in plan.chances:
                say(f"  {asked}, chance {percent(chance)}: {answer.in_words(chance)}")
        if doubt := plan.doubt_in_words(key):
            say(f"  {doubt}")
    for note in plan.notes:
        say(f"\n{note}")
