"""Choices between two drafts: what they say, and pairs that a judge can be trained on."""

from fractions import Fraction
from pathlib import Path
from typing import Annotated

import typer

from commands import As, Json, document, say, split, store, verb, who
from touchstone.cli import preferences as cli
from touchstone.cli.printing import say_filled, show_notes


@verb("preferences", in_project=False)
def preferences(file: cli.ChoiceFile, as_json: Json = False) -> None:
    """Which of two drafts is better, from choices in a file: agreement, what sides and length do, who is chosen most.

    Example: python manage.py preferences choices.csv --json
    """
    cli.preferences(file, as_json)


@verb("export-pairs")
def export_pairs(
    source: Annotated[
        str,
        typer.Argument(metavar="SOURCE", help="gold:NAME, round:NAME/ANNOTATOR, set:NAME, set:NAME/ANNOTATOR or comparison:NAME"),
    ],
    to: Annotated[Path, typer.Option(help="a new folder", metavar="DIR")],
    bound: Annotated[str, typer.Option(help="how far apart two scores (shares of annotators) are at least")] = ".2",
    excellence: Annotated[str, typer.Option(help="from which score on a chosen draft is marked excellent")] = ".9",
    dimensions: Annotated[str, typer.Option(help="whose levels count; all in order when left out", metavar="a,b")] = "",
    partitions: Annotated[str, typer.Option(help="which go out; all but held_out when left out", metavar="a,b")] = "",
    dev: Annotated[str, typer.Option(help="of pairs whose task is in no partition: the share that goes to dev")] = "",
    allow_layout: Annotated[
        bool, typer.Option("--allow-layout", help="also where layout alone tells chosen from rejected in over .70")
    ] = False,
    as_: As = "",
    as_json: Json = False,
) -> None:
    """Pairs of a better and a worse draft of each task, to train a judge on: no identical sides, no stale levels, no task on both
    sides of a split, and nothing sealed or held back. What was left out is counted in the manifest.

    Example: python manage.py export-pairs gold:pilot --to exports/pilot-pairs --bound .2
    """
    from touchstone.preferences.training_pairs import share_in
    from workflow.preferences.pairs_export import PairsAsked
    from workflow.preferences.pairs_export import export_pairs as export

    asked = PairsAsked(
        source,
        tuple(split(dimensions)),
        share_in(bound, "bound"),
        share_in(excellence, "excellence"),
        tuple(split(partitions)) or None,
        share_in(dev, "dev") if dev else Fraction(0),
        allow_layout,
    )
    engine = store()
    made = export(who(engine, as_), engine, asked, to)
    if as_json:
        return document(made.as_json())
    say_filled(made.sentence)
    for reason, number in made.made.left_out.items():
        say(f"  left out, {reason}: {number:,}")
    for key, why in made.stale.items():
        say(f"  left out, {key}: {why}")
    show_notes(made.notes)
