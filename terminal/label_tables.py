"""What the columns of a file of labels may be, in a terminal."""

from shlex import quote

from touchstone.cli.printing import say
from touchstone.importing.mapped.label_guesses import LabelGuesses
from touchstone.importing.mapped.label_mapping import ANNOTATOR, DIMENSION, LABEL_ROLES, UNIT

OPTIONS = {UNIT: "--unit", ANNOTATOR: "--annotator-field", DIMENSION: "--dimension-field"}
SHOWN = 60


def show_label_guesses(name: str, guesses: LabelGuesses) -> None:
    """Each column of a file that is in no known shape, and the options that would say what is guessed."""
    say(f"\n{name} is in no shape that is known; what its columns may be (guesses: look at each):")
    for each in guesses.roles[:SHOWN]:
        say(f"  {each.column}: {LABEL_ROLES[each.role]}" + (f" (a guess: {each.reason})" if each.reason else ""))
    if len(guesses.roles) > SHOWN:
        say(f"  and {len(guesses.roles) - SHOWN} more")
    said = [f"{OPTIONS[each.role]} {quote(each.column)}" for each in guesses.roles if each.role in OPTIONS]
    for column, key, who in guesses.labels:
        beside = f"={key}" * bool(key or who) + f" by {who}" * bool(who)
        said.append(f"--value-field {quote(column + beside)}")
    if said:
        say(f"to say so: {' '.join(said)}")
