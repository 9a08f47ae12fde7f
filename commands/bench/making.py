"""Commands that make tasks: of a parameter space, of failed drafts, by models."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from commands import As, document, read, store, who
from commands.bench import verb
from touchstone.bench.space.covering import Step
from touchstone.cli.printing import say
from touchstone.cli.verbs import Json
from touchstone.english import many
from workflow.bench import spaces

SpaceFile = Annotated[Path, typer.Argument(help="a file of a parameter space", metavar="SPACE.yml")]
Strength = Annotated[
    int | None, typer.Option(help="2: each pair of values, 3: each triple; the space's own when left out", min=1, max=4)
]


@verb("cover", in_project=False)
def cover(
    space: SpaceFile,
    strength: Strength = None,
    tasks: Annotated[list[Path] | None, typer.Option(help="what these tasks cover, instead of rows that would")] = None,
    as_json: Json = False,
) -> None:
    """Count what of a parameter space is covered: by the fewest rows found, or by tasks. Needs no store.

    Example: python manage.py bench cover sample/outreach/bench/space.yml --strength 2
    """
    enumerated = spaces.space_in(read(space), space.name)
    if tasks:
        given = [each for path in tasks for each in spaces.typed_in(read(path), path.name)]
        found = spaces.covered_by(enumerated, given, strength)
    else:
        found = spaces.rows_to_cover(enumerated, strength)
    if as_json:
        return document(found.as_json())
    held = enumerated.space
    rows = f"{many(enumerated.valid_rows, 'valid row')} of {enumerated.rows:,}"
    say(f"{held.name}: {many(len(held.parameters), 'parameter')}, {rows}")
    by = "task" if tasks else "row"
    own = f", {found.own:,} of them own" if found.own else ""
    say(f"{many(len(found.rows), by)}{own}: {found.coverage.sentence}")
    if found.outside:
        say(f"  {many(found.outside, 'task')} of rows that the space has no more, not counted")
    missing = found.coverage.possible - found.coverage.found
    for each in found.coverage.missing[:20]:
        say(f"  not covered: {', '.join(f'{key} {value}' for key, value in each.items())}")
    if missing > 20:
        say(f"  and {missing - 20:,} more")


@verb("make")
def make(
    space: SpaceFile,
    strength: Strength = None,
    to: Annotated[Path | None, typer.Option(help="write them to a JSONL file instead of the store", metavar="FILE")] = None,
    as_: As = "",
) -> None:
    """Make tasks that cover a parameter space, in the store or in a file. What is there already stays, own cases first.

    Example: python manage.py bench make sample/outreach/bench/space.yml --to tasks.jsonl
    """
    enumerated = spaces.space_in(read(space), space.name)
    if to is not None:
        made = spaces.write_tasks(enumerated, to, strength, _tell)
    else:
        engine = store()
        made = spaces.make_tasks(who(engine, as_), engine, enumerated, strength, _tell)
    _end_telling()
    counted = [f"{many(len(made.added), 'task')} made"]
    counted += [f"{len(made.kept):,} of the space kept"] if made.kept else []
    counted += [f"{len(made.own):,} of other origins untouched"] if made.own else []
    say(f"{enumerated.space.name}: {', '.join(counted)}; {made.covering.coverage.sentence}")
    if made.changed:
        say(f"  said differently than before: {', '.join(made.changed[:20])}{' …' if len(made.changed) > 20 else ''}")
    if made.dropped:
        left = "left out" if to is not None else "in the store still, not counted"
        say(f"  rows that the space has no more, {left}: {', '.join(made.dropped[:20])}{' …' if len(made.dropped) > 20 else ''}")


def _tell(step: Step) -> None:
    """How far it is, on a terminal."""
    if sys.stderr.isatty():
        typer.echo(f"\r{many(step.rows, 'row')}, {step.share:.0%} covered ", err=True, nl=False)


def _end_telling() -> None:
    if sys.stderr.isatty():
        typer.echo("", err=True)
