"""What labelling and adjudication both show and ask: a draft, a dimension's anchors, a level, a few words."""

import textwrap

import typer

from terminal.printing import WIDTH, visible
from touchstone.rubric.model import Dimension


def show_draft(fields: tuple[tuple[str, str], ...], text: str) -> None:
    """The task's fields above the draft, each between lines."""
    typer.echo("-" * WIDTH)
    for title, words in fields:
        typer.echo(textwrap.fill(f"{visible(title)}: {visible(words)}", WIDTH, subsequent_indent="  "))
    typer.echo("-" * WIDTH)
    typer.echo(visible(text))
    typer.echo("-" * WIDTH)


def show_anchors(dimension: Dimension) -> None:
    typer.echo(f"\n{dimension.title}: {dimension.question}")
    for level in dimension.levels:
        typer.echo(textwrap.fill(f"{level.value}  {level.anchor}", WIDTH, initial_indent="  ", subsequent_indent="     "))


def ask_level(dimension: Dimension, given: int | str | None, *commands: str) -> int | str:
    """A level of the dimension, or one of the commands as it was typed; asked until it is either. `given`: what Enter takes."""
    while True:
        answer: str = typer.prompt("level", default="" if given is None else str(given), show_default=given is not None).strip()
        if answer in commands:
            return answer
        level = dimension.parse(answer)
        if level is not None:
            return level
        typer.echo(
            f"{dimension.title} takes {', '.join(str(value) for value in dimension.values)}, "
            f"{' or '.join(commands)}; not {answer or 'nothing'}"
        )


def ask_words(question: str) -> str:
    """A sentence; asked until it is one."""
    while not (answer := typer.prompt(question, default="", show_default=False).strip()):
        typer.echo("a few words are needed")
    return answer
