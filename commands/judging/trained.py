"""Commands of judges trained on gold: one is trained, listed, switched on and off. `judge run` has one judge drafts."""

import sys
from typing import Annotated

import typer

from commands import As, Json, document, reader, say, split, store, verb, who
from commands.judging import group
from touchstone.agreement.figure import short
from touchstone.cli.printing import say_filled
from touchstone.english import many
from touchstone.errors import Refused


@verb("train", under=group)
def train(
    name: Annotated[str, typer.Argument(help="what it is called: stars, for its next version, or stars-v2")],
    dimension: Annotated[str, typer.Argument(help="the dimension it judges, by its key")],
    rounds: Annotated[str, typer.Argument(metavar="ROUNDS", help="closed rounds whose labels it is trained on, by commas")],
    reads: Annotated[str, typer.Option(help="words, or meaning: the extra embed", metavar="WHAT")] = "words",
    cut: Annotated[str, typer.Option(help="the level from which on a draft passes; the middle when left out")] = "",
    as_json: Json = False,
    as_: As = "",
) -> None:
    """Train a judge on people's labels of closed rounds, and say how it stands against them. It is off until it is switched on.

    Example: python manage.py judge train stars stars pilot,second
    """
    from workflow.judging.training.training import train_judge  # scipy and what it is trained with

    engine = store()
    made = train_judge(who(engine, as_), engine, name, dimension, split(rounds), reads=reads, cut=cut, tell=_tell)
    if sys.stderr.isatty():
        typer.echo("", err=True)
    if as_json:
        return document(made.as_json())
    figures = made.figures or {}
    gave = f"{many(figures['labels'], 'label')} of {many(figures['people'], 'person', 'people')}"
    say(f"{made.name} reads {made.reads} on {made.dimension}: {gave}")
    say_filled(figures["sentence"])
    say_filled(figures["curve"]["sentence"])
    for point in figures["curve"]["points"]:
        low, high = (short(point["kappa"][end]) for end in ("low", "high"))
        say(f"  {many(point['drafts'], 'draft'):>14}: kappa {short(point['kappa']['value'])} [{low}, {high}]")
    say_filled(made.stands)


def _tell(share: float, words: str) -> None:
    if sys.stderr.isatty():
        typer.echo(f"\r{share:4.0%}  {words:60}", err=True, nl=False)


@verb("trained", under=group)
def trained(as_json: Json = False, as_: As = "") -> None:
    """List the judges that were trained: how each stands, whether it is on, and what is missing.

    Example: python manage.py judge trained
    """
    from workflow.judging.training.trained_judges import trained_judges

    engine = store()
    found = trained_judges(reader(engine, as_), engine)
    if as_json:
        return document([each.as_json() for each in found])
    for each in found:
        say(f"{each.name}: {each.dimension} of {each.rubric}, reads {each.reads}, digest {each.digest[:12]}")
        say_filled(each.stands, "  ", "  ")
        if each.figures:
            say_filled(each.figures["sentence"], "  ", "  ")
            say_filled(each.figures["curve"]["sentence"], "  ", "  ")
    if not found:
        say("no judge was trained yet: judge train NAME DIMENSION ROUND")


@verb("switch", under=group)
def switch(
    name: Annotated[str, typer.Argument(help="a trained judge, by its version: stars-v1")],
    to: Annotated[str, typer.Argument(metavar="STATE", help="on or off")],
    why: Annotated[str, typer.Option("--why", help="the reason, which is on record", metavar="TEXT")],
    as_: As = "",
) -> None:
    """Switch a trained judge on or off. On only where nothing is missing; off holds from the next draft on.

    Example: python manage.py judge switch stars-v1 off --why "it misses the new menu"
    """
    from workflow.judging.training.trained_judges import switch_trained_judge

    if to not in ("on", "off"):
        raise Refused(f"a judge is switched on or off, not {to or 'a blank'}")
    engine = store()
    say_filled(switch_trained_judge(who(engine, as_), engine, name, to == "on", why).stands)
