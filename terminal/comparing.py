"""Choosing between two drafts by prompts, pair after pair."""

import sqlalchemy as sa
import typer

from terminal.prompts import show_draft
from touchstone.cli.printing import say
from touchstone.english import many
from touchstone.preferences.choices import LEFT, RIGHT, TIE
from workflow.people.people import Person
from workflow.preferences.comparing import choose_draft, next_pair

KEYS = {"1": LEFT, "2": TIE, "3": RIGHT}


def compare_by_prompts(person: Person, engine: sa.Engine, name: str) -> None:
    """Pair after pair, until nothing is left or the person stops. A pair is kept once all that is asked of it has an answer."""
    while pair := next_pair(person, engine, name):
        say(f"\n{pair.comparison}, pair {pair.place} of {pair.total}")
        say("\nleft")
        show_draft(pair.fields, pair.text_left)
        say("right")
        show_draft((), pair.text_right)
        taken: dict[str, str] = {}
        for each in pair.dimensions:
            say(f"{each.title}: {each.question}" if len(pair.dimensions) > 1 else each.question)
            answer = _asked()
            if answer == "q":
                say(f"stopped; {many(pair.left, 'pair')} left")
                return
            taken[each.key] = KEYS[answer]
        choose_draft(person, engine, name, pair.number, taken)
    say(f"nothing is left to compare in {name}")


def _asked() -> str:
    while (answer := typer.prompt("1 left, 2 as good as each other, 3 right, q to stop").strip()) not in (*KEYS, "q"):
        say(f"1, 2, 3 or q, not {answer[:20]}")
    return str(answer)
