"""Labelling by prompts: draft after draft, a level at a time."""

from secrets import token_hex

import sqlalchemy as sa
import typer

from terminal.prompts import ask_level, ask_words, show_anchors, show_draft
from touchstone.cli.printing import say_filled
from workflow.labelling import labelling, next_draft, own_labels
from workflow.labelling.feedback import Feedback, feedback_on
from workflow.people.people import Person


def label_by_prompts(person: Person, engine: sa.Engine, round_name: str) -> None:
    """Draft after draft, until nothing is left or the person stops. A choice is kept as it is made."""
    while desk := next_draft.next_assignment(person, engine, round_name):
        kind = "practice, not counted" if desk.is_practice else "draft"
        if desk.gives_feedback:
            typer.echo("\nthe gold is shown after each draft, and its labels are then final")
        typer.echo(f"\n{desk.round_name}, {kind} {desk.position} of {desk.total}")
        show_draft(desk.fields, desk.text)
        typer.echo("a level, Enter to keep the current one, s to skip the draft, q to stop (choices are kept)")
        values = dict(desk.choices)
        for dimension in desk.dimensions:
            show_anchors(dimension)
            answer = ask_level(dimension, values.get(dimension.key), "s", "q")
            if answer == "q":
                typer.echo(f"stopped; {own_labels.left(person, engine, round_name)}")
                return
            if answer == "s":
                labelling.skip(person, engine, desk.assignment, ask_words("why skip it"), desk.revision)
                break
            values[dimension.key] = answer
            labelling.choose(person, engine, desk.assignment, dimension.key, answer)
        else:
            note = typer.prompt("note (Enter for none)", default=desk.note, show_default=bool(desk.note))
            labelling.save_labels(person, engine, desk.assignment, values, note, desk.revision, token_hex(16))
            typer.echo("saved")
            _show_feedback(feedback_on(person, engine, desk.assignment))
    typer.echo(f"nothing is left to label in {round_name}")


def _show_feedback(feedback: Feedback | None) -> None:
    """What a calibration with feedback after each draft tells; nothing in other rounds."""
    if feedback is None:
        return
    if feedback.held_back:
        typer.echo("you are also labelling this draft in another open round: its gold is held back until that is closed")
    for told in feedback.told:
        gold = "no settled gold" if told.gold is None else f"gold {told.gold}" + ("" if told.hit else ", DIFFERS")
        reason = f"  “{told.reason}”" if told.reason else ""
        say_filled(f"{told.title}: you {told.value}, {gold}{reason}", "  ", "     ")
