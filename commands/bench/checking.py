"""Commands that hold a benchmark's partitions apart: leaks between two files, a split without any."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from commands import document, read, refuse
from commands.bench import verb
from terminal.bench import leak_lines
from touchstone.bench.keys import read_key
from touchstone.cli.printing import say
from touchstone.cli.verbs import Json

Keys = Annotated[
    list[str] | None,
    typer.Option("--key", help="a key that tasks share: a field, or what a pattern finds in it", metavar="NAME=FIELD[:PATTERN]"),
]


@verb("leaks", in_project=False)
def leaks(
    train: Annotated[Path, typer.Argument(help="tasks that one trains on, or has published")],
    held: Annotated[Path, typer.Argument(help="tasks that are held back")],
    key: Keys = None,
    as_json: Json = False,
) -> None:
    """Check that held tasks do not leak into train tasks: by keys, equal fields and near-copies, which fail the check, and with
    each held task's nearest train tasks as a list for a person to sign.

    Example: python manage.py bench leaks train.jsonl held.jsonl --key "company=signal:Company: ([^(]+)"
    """
    from touchstone.bench.leaks.reading import compared_tasks
    from touchstone.bench.leaks.report import find_leaks

    keys = [read_key(each) for each in key or ()]
    ours, theirs = (compared_tasks(read(path), path.name, keys) for path in (train, held))
    with typer.progressbar(length=100, label="compared", file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        found = find_leaks(ours, theirs, progress=lambda share, what: bar.update(int(100 * share) - bar.pos))
    if as_json:
        document(found.as_json())
        if found.leaking:
            raise typer.Exit(1)
        return
    for line in leak_lines(found):
        say(line)
    if found.leaking:
        refuse(found.sentence)
    say(found.sentence)
