"""The commands `judge …`: judges held against people. What they need takes seconds to import, so it is imported where it is
used."""

from typing import Annotated

import typer

from commands import As, Json, app, document, reader, store, verb

group = typer.Typer(no_args_is_help=True, help="Hold a judge against people, before it stands in for one.")
app.add_typer(group, name="judge")


@verb("against", under=group)
def against(
    source: Annotated[
        str,
        typer.Argument(
            metavar="SOURCE", help="set:NAME, set:NAME/ANNOTATOR, round:NAME/ANNOTATOR, gold:NAME, scorer:RUBRIC or trained:text"
        ),
    ],
    people: Annotated[str, typer.Argument(metavar="PEOPLE", help="round:NAME, set:NAME, one annotator of either, or gold:NAME")],
    margin: Annotated[float, typer.Option(help="how much less it may agree than a person does, in kappa")] = 0.1,
    people_are: Annotated[str, typer.Option(help="expert, skilled or crowd: for the alt-test", metavar="KIND")] = "expert",
    cut: Annotated[str, typer.Option(help="the level from which on a draft passes; the middle when left out")] = "",
    as_json: Json = False,
    as_: As = "",
) -> None:
    """Hold a judge against people: whether it may stand in for one, dimension by dimension, and where they disagree.

    Example: python manage.py judge against set:model-a round:march --json
    """
    from terminal.judging import show_judged
    from workflow.judging.against import judge_against  # brings statsmodels and scipy, as a report does

    engine = store()
    made = judge_against(reader(engine, as_), engine, source, people, margin=margin, people_are=people_are, cut=cut)
    if as_json:
        return document(made.as_json())
    show_judged(made)
