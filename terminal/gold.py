"""Adjudication by prompts: cell after cell."""

import sqlalchemy as sa
import typer

from terminal.prompts import ask_level, ask_words, show_anchors, show_draft
from touchstone.cli.printing import visible
from touchstone.data.gold import CAUSES
from touchstone.errors import Refused
from workflow.gold import adjudication
from workflow.people.people import Person


def adjudicate_by_prompts(person: Person, engine: sa.Engine, round_name: str) -> None:
    """Cell after cell, until nothing waits or the person stops."""
    queue = adjudication.open_disagreements(person, engine, round_name)
    if queue.round.left_out:
        typer.echo(queue.round.left_out)
    for place, cell in enumerate(queue.waiting, start=1):
        case = adjudication.case(person, engine, round_name, cell.draft_id, cell.dimension)
        typer.echo(f"\ncell {place} of {len(queue.waiting)}: {cell.draft_id} / {case.dimension.title}")
        show_draft(case.fields, case.text)
        show_anchors(case.dimension)
        for letter, given in zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", cell.labels, strict=False):
            typer.echo(f"  {letter}: {given.value}" + (f"  “{visible(given.note)}”" if given.note else ""))
        for reason in cell.skips:
            typer.echo(f"  skipped: “{visible(reason)}”")
        if never := cell.owed - len(cell.labels) - len(cell.skips):
            typer.echo(f"  no label: {never} never handed in")
        if case.also_labelled:
            typer.echo("  you labelled this cell yourself; the decision will say so")
        answer = ask_level(case.dimension, None, "n", "q")
        if answer == "q":
            return
        if answer == "n":
            continue
        reason = ask_words("reason")
        try:
            adjudication.adjudicate(person, engine, round_name, cell.draft_id, cell.dimension, answer, reason, _ask_cause())
        except Refused as refused:  # decided by someone else meanwhile: the rest of the queue still waits
            typer.echo(refused.sentence)
    typer.echo(
        f"{adjudication.open_disagreements(person, engine, round_name, most=1).many_waiting} still to decide in {round_name}"
    )


def _ask_cause() -> str:
    choices = {str(number): cause for number, cause in enumerate(CAUSES, start=1)}
    for number, cause in choices.items():
        typer.echo(f"  {number}  {cause}")
    while (answer := typer.prompt("cause", default="", show_default=False).strip()) not in choices:
        typer.echo(f"cause takes {', '.join(choices)}; not {answer or 'nothing'}")
    return choices[answer]
