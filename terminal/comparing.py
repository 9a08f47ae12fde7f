"""Choosing between two drafts by prompts, pair after pair."""

import sqlalchemy as sa
import typer

from terminal.prompts import show_draft
from touchstone.cli.printing import say
from touchstone.english import many
from touchstone.preferences.choices import LEFT, RIGHT, TIE
from workflow.people.people import Person
from workflow.preferences.comparisons import choose_draft, next_pair

KEYS = {"1": LEFT, "2": TIE, "3": RIGHT}


def compare_by_prompts(person: Person, engine: sa.Engine, name: str) -> None:
    """Pair after pair, until nothing is left or the person stops. Each choice is kept as it is made."""
    while pair := next_pair(person, engine, name):
        say(f"\n{pair.comparison}, pair {pair.place} of {pair.total}: {pair.question}")
        say("\nleft")
        show_draft(pair.fields, pair.text_left)
        say("right")
        show_draft((), pair.text_right)
        answer = _asked()
        if answer == "q":
            say(f"stopped; {many(pair.left, 'pair')} left")
            return
        choose_draft(person, engine, name, pair.number, KEYS[answer])
    say(f"nothing is left to compare in {name}")


def _asked() -> str:
    while (answer := typer.prompt("1 left, 2 as good as each other, 3 right, q to stop").strip()) not in (*KEYS, "q"):
        say(f"1, 2, 3 or q, not {answer[:20]}")
    return str(answer)
