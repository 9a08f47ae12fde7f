"""Choices between two drafts: what they say, from a file."""

from commands import Json, verb
from touchstone.cli import preferences as cli


@verb("preferences", in_project=False)
def preferences(file: cli.ChoiceFile, as_json: Json = False) -> None:
    """Which of two drafts is better, from choices in a file: agreement, what sides and length do, who is chosen most.

    Example: python manage.py preferences choices.csv --json
    """
    cli.preferences(file, as_json)
