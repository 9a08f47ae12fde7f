"""Comparison rounds: open one, compare in it, close it, read what was chosen."""

from pathlib import Path
from typing import Annotated

import typer

from commands import As, Json, document, reader, say, split, store, verb, who
from terminal.comparing import compare_by_prompts
from touchstone.cli.preferences import show_each
from touchstone.cli.printing import show_notes
from touchstone.english import many
from workflow.people.people import person_named
from workflow.preferences import comparisons as rounds
from workflow.preferences import opening
from workflow.preferences.choices_made import choices_as_csv
from workflow.preferences.opening import QUESTION, ComparisonDesign


@verb("open-comparison")
def open_comparison(
    name: Annotated[str, typer.Argument(metavar="NAME")],
    annotators: Annotated[str, typer.Option(help="who compares", metavar="a,b")],
    question: Annotated[str, typer.Option(help=f"what is asked overall; {QUESTION} when left out")] = "",
    dimensions: Annotated[str, typer.Option(help="of the rubric, and overall; overall alone when left out", metavar="a,b")] = "",
    rubric: Annotated[str, typer.Option(help="the rubric version that has the dimensions")] = "",
    pairs: Annotated[int | None, typer.Option(help="pairs of a task at most; all when left out")] = None,
    partition: Annotated[str, typer.Option(help="only tasks of this partition")] = "",
    repeats: Annotated[float, typer.Option(help="the share of pairs that come twice, .05 to .10")] = 0.08,
    seed: Annotated[int | None, typer.Option(help="the same seed draws the same pairs and sides")] = None,
    as_: As = "",
) -> None:
    """Open a comparison round: pairs of drafts of a task, each annotator with their own order and sides.

    Example: python manage.py open-comparison which --annotators ana,ben --pairs 3 --rubric house-v1 --dimensions tone,overall
    """
    engine = store()
    design = ComparisonDesign(
        name, split(annotators), question, pairs, partition or None, repeats, seed, split(dimensions), rubric
    )
    say(opening.open_comparison(who(engine, as_), engine, design).sentence)


@verb("close-comparison")
def close_comparison(
    name: Annotated[str, typer.Argument(metavar="NAME")],
    early: Annotated[str, typer.Option(help="close it with pairs left, for this reason", metavar="REASON")] = "",
    as_: As = "",
) -> None:
    """Close a comparison round; only then can its choices be read.

    Example: python manage.py close-comparison which
    """
    engine = store()
    say(rounds.close_comparison(who(engine, as_), engine, name, early).sentence)


@verb("comparisons")
def comparisons(as_json: Json = False) -> None:
    """The comparison rounds, with how far everyone is.

    Example: python manage.py comparisons
    """
    found = rounds.comparisons(store())
    if as_json:
        return document(
            [
                {
                    "name": each.name,
                    "open": each.is_open,
                    "pairs": each.pairs,
                    "dimensions": [asked.key for asked in each.dimensions],
                    "progress": each.progress,
                }
                for each in found
            ]
        )
    for each in found:
        say(each.sentence)
    if not found:
        say("there is no comparison round yet: open-comparison")


@verb("compare-drafts")
def compare_drafts(
    name: Annotated[str, typer.Argument(metavar="NAME")],
    as_: Annotated[str, typer.Option("--as", help="who compares", metavar="NAME")],
) -> None:
    """Choose between two drafts in the terminal, pair by pair.

    Example: python manage.py compare-drafts which --as ana
    """
    engine = store()
    compare_by_prompts(person_named(engine, as_), engine, name)


@verb("report-comparison")
def report_comparison(name: Annotated[str, typer.Argument(metavar="NAME")], as_json: Json = False, as_: As = "") -> None:
    """The figures of a closed comparison round: agreement, what sides and length do, who is chosen most.

    Example: python manage.py report-comparison which --json
    """
    from workflow.preferences.report import preferences_in

    engine = store()
    made = preferences_in(reader(engine, as_), engine, name)
    if as_json:
        return document(made.as_json())
    show_each({(each.asked.title if len(made.dimensions) > 1 else ""): each.report for each in made.dimensions})
    show_notes(made.notes)


@verb("export-comparison")
def export_comparison(
    name: Annotated[str, typer.Argument(metavar="NAME")],
    to: Annotated[Path, typer.Option(help="a new CSV file", metavar="FILE")],
    as_: As = "",
) -> None:
    """Every choice of a closed comparison round with its note, a row each, as `preferences` reads it.

    Example: python manage.py export-comparison which --to exports/which.csv
    """
    engine = store()
    made = choices_as_csv(who(engine, as_), engine, name)
    with to.open("xb") as file:
        file.write(made.content)
    say(f"{many(made.choices, 'choice')} in {to}")
    if made.held_back:
        say(f"  left out, held back from you: {many(made.held_back, 'pair')}")
