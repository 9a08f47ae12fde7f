"""Commands that hold a benchmark's partitions apart: leaks between two files, a split without any."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from commands import document, read, reader, refuse, store_or_none
from commands import split as in_words
from commands.bench import verb
from terminal.bench import leak_lines
from touchstone.bench.keys import read_key
from touchstone.cli.printing import say
from touchstone.cli.verbs import Json
from touchstone.english import many
from touchstone.errors import Refused
from workflow.bench.sealed_among import sealed_among

Keys = Annotated[
    list[str] | None,
    typer.Option("--key", help="a key that tasks share: a field, or what a pattern finds in it", metavar="NAME=FIELD[:PATTERN]"),
]


@verb("leaks")
def leaks(
    train: Annotated[Path, typer.Argument(help="tasks that one trains on, or has published")],
    held: Annotated[Path, typer.Argument(help="tasks that are held back")],
    key: Keys = None,
    embed: Annotated[bool, typer.Option("--embed", help="the lists in order of meaning, by MiniLM: the extra embed")] = False,
    as_json: Json = False,
) -> None:
    """Check that held tasks do not leak into train tasks: by keys, equal fields and near-copies, which fail the check, and with
    each held task's nearest train tasks as a list for a person to sign. Needs no store; where there is one, it is said which
    tasks are sealed in it.

    Example: python manage.py bench leaks train.jsonl held.jsonl --key "company=signal:Company: ([^(]+)"
    """
    from touchstone.bench.leaks.reading import compared_tasks
    from touchstone.bench.leaks.report import find_leaks
    from touchstone.embedding import embedder

    model = embedder() if embed else None
    keys = [read_key(each) for each in key or ()]
    ours, theirs = (compared_tasks(read(path), path.name, keys) for path in (train, held))
    for path, tasks in ((train, ours), (held, theirs)):
        if sealed := _sealed_in([each.id for each in tasks]):
            typer.echo(f"{path.name} holds {sealed}: what is found tells of them, so keep it as they are kept", err=True)
    with typer.progressbar(length=100, label="compared", file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        found = find_leaks(ours, theirs, model=model, progress=lambda share, what: bar.update(int(100 * share) - bar.pos))
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


@verb("split")
def split(
    tasks: Annotated[Path, typer.Argument(help="a file of tasks")],
    by: Annotated[str, typer.Option(help="what must not be in two partitions; fields joined by + are one key", metavar="F,F+F")],
    sizes: Annotated[str, typer.Option(help="tasks of each partition", metavar="N/N/N")],
    strata: Annotated[str, typer.Option(help="what to spread alike over the partitions", metavar="F,F")] = "",
    names: Annotated[str, typer.Option(help="of the partitions: train, dev and held_out when left out", metavar="N,N,N")] = "",
    key: Keys = None,
    together: Annotated[
        list[Path] | None, typer.Option(help="what bench leaks --json found: what leaks is not parted", metavar="FILE")
    ] = None,
    to: Annotated[Path | None, typer.Option(help="a new folder for a file of tasks a partition", metavar="DIR")] = None,
    seconds: Annotated[float, typer.Option(help="how long to look for the most even split", min=1, max=3600)] = 20,
    as_json: Json = False,
) -> None:
    """Split tasks into partitions of exact sizes, with no group in two of them and strata as even as that allows. Needs no
    store; where there is one, tasks that are sealed in it are not split.

    Example: python manage.py bench split tasks.jsonl --by company --sizes 100/60/40 --strata dimension,difficulty
    --key "company=signal:Company: ([^(]+)" --to split
    """
    from touchstone.bench.records import lines_of
    from touchstone.bench.splits import asked
    from touchstone.data.task_file import read_file

    found = read_file(read(tasks), tasks.name)
    if found.problems:
        raise Refused(f"{tasks.name} is refused: {many(len(found.problems), 'problem')}", found.problems)
    if sealed := _sealed_in([each.task_id for each in found.tasks]):
        raise Refused(f"{tasks.name} holds {sealed}, and what is sealed stays where it is; leave them out, or open it first")
    keys = [read_key(each) for each in key or ()]
    wanted = asked.read_sizes(sizes, in_words(names))
    pairs = [pair for path in together or () for pair in asked.read_leaking(read(path), path.name)]
    design = asked.SplitDesign(in_words(by), wanted, in_words(strata), keys, seconds, together=pairs)
    made = asked.split(found.tasks, design)
    if to is not None:
        to.mkdir(parents=True)
        for name in wanted:
            mine = [task for task in found.tasks if made.split.partition[task.task_id] == name]
            (to / f"{name}.jsonl").write_bytes(lines_of(mine, name))
    if as_json:
        return document(made.as_json())
    for stratum, counts in made.counts.items():
        say(f"{stratum}  {'  '.join(f'{name} {number:,}' for name, number in counts.items())}")
    say(made.sentence)
    for note in made.notes:
        say(f"note: {note}")


def _sealed_in(task_ids: list[str]) -> str:
    """What of a file is sealed in the store; "" where nothing is, or there is no store."""
    engine = store_or_none()
    return sealed_among(reader(engine, ""), engine, task_ids) if engine is not None else ""
