"""Commands of judges that are taught by pairs (extra `train`), and of how far two scores are apart."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from commands import As, Json, document, read, say, split, store, verb, who
from commands.judging import group
from touchstone.cli.printing import say_filled, show_notes
from touchstone.errors import Refused

Base = Annotated[
    Path, typer.Option(help="the folder of the language model that it is taught on; nothing is fetched", metavar="DIR")
]
Judge = Annotated[Path, typer.Argument(metavar="DIR", help="a folder of judge train-adapter")]


@verb("train-adapter", under=group, in_project=False)
def train_adapter(
    pairs: Annotated[Path, typer.Argument(metavar="PAIRS", help="a folder of export-pairs")],
    base: Base,
    to: Annotated[Path, typer.Option(help="a new folder", metavar="DIR")],
    partitions: Annotated[str, typer.Option(help="what is learned from, and what is held out", metavar="a,b")] = "train,dev",
    seed: Annotated[int, typer.Option(help="the same seed gives the same judge")] = 0,
    epochs: Annotated[int, typer.Option(help="how often each pair is learned from")] = 1,
    rate: Annotated[float, typer.Option(help="the learning rate")] = 1e-4,
    batch: Annotated[int, typer.Option(help="pairs a step")] = 4,
    beta: Annotated[float, typer.Option(help="SimPO: what a mean log-probability is multiplied by")] = 2.0,
    gamma: Annotated[float, typer.Option(help="SimPO: how far the better draft is to be ahead")] = 1.0,
    rank: Annotated[int, typer.Option(help="LoRA: how wide the adapter is")] = 8,
    longest: Annotated[int, typer.Option(help="pieces of a prompt and a draft together that are read")] = 512,
    allow_layout: Annotated[
        bool, typer.Option("--allow-layout", help="also where layout alone tells chosen from rejected in over .70")
    ] = False,
    as_json: Json = False,
) -> None:
    """Teach a small language model by pairs of a better and a worse draft: SimPO with a LoRA adapter, on the processor, in a
    folder with a card that names its data by digest. Needs the extra train (make train), and no store.

    Example: python manage.py judge train-adapter exports/pilot-pairs --base models/small --to exports/pilot-judge
    """
    from touchstone.judging.simpo.settings import SimpoSettings
    from workflow.judging.simpo.folder import train_adapter as taught

    settings = SimpoSettings(beta, gamma, rate, epochs, batch, rank, 2 * rank, longest, seed)
    made = taught(pairs, base, to, settings, partitions=_two(partitions), allow_layout=allow_layout, told=_tell)
    _end_of_line()
    if as_json:
        return document(made.as_json())
    say_filled(made.sentence)
    show_notes(made.notes)


@verb("check-adapter", under=group, in_project=False)
def check_adapter(
    judge: Judge,
    base: Base,
    pairs: Annotated[Path, typer.Option(help="the folder of export-pairs that it was taught with", metavar="DIR")],
    partitions: Annotated[str, typer.Option(help="what was learned from, and what was held out", metavar="a,b")] = "train,dev",
    as_json: Json = False,
) -> None:
    """Read a judge again: its files, its base model and its pairs have the digests of its card, and its margins are those it had.

    Example: python manage.py judge check-adapter exports/pilot-judge --base models/small --pairs exports/pilot-pairs
    """
    from touchstone.judging.simpo.adapter import checked_margins, open_judge
    from touchstone.judging.simpo.learned_pairs import read_pairs

    opened = open_judge(judge, base)
    apart = checked_margins(opened, read_pairs(pairs, *_two(partitions), allow_layout=True), lambda share: _tell(share, "pairs"))
    _end_of_line()
    held = opened.card["pairs"]["held_out"]["pairs"]
    if as_json:
        return document({"judge": str(judge), "digest": opened.digest, "held_out": held, "apart": apart})
    say_filled(f"{judge} is as it was taught: its scores of {held:,} held-out pairs are its card's, at most {apart:.2g} apart")


@verb("adapter-set", under=group)
def adapter_set(
    judge: Judge,
    people: Annotated[str, typer.Argument(metavar="PEOPLE", help="round:NAME or set:NAME, whose drafts it judges")],
    base: Base,
    name: Annotated[str, typer.Option("--set", help="what the label set is to be called", metavar="NAME")] = "",
    as_json: Json = False,
    as_: As = "",
) -> None:
    """Judge the drafts that people labelled by a judge that was taught, and keep its levels as a label set made by a model. What
    number is which level, people's labels of the partition dev say, or of other tasks.

    Example: python manage.py judge adapter-set exports/pilot-judge round:march --base models/small
    """
    from touchstone.judging.shifts.table import shift_lines
    from touchstone.judging.simpo.adapter import open_judge
    from workflow.judging.simpo.levels import adapter_levels

    engine = store()
    person = who(engine, as_)
    made = adapter_levels(person, engine, open_judge(judge, base), people, name=name, told=lambda share: _tell(share, "drafts"))
    _end_of_line()
    if as_json:
        return document(made.as_json())
    say_filled(made.sentence)
    for key, shifts in made.shifts.items():
        say(f"\n{key}")
        for line in shift_lines(shifts):
            say(f"  {line}")
        for each in shifts:
            say_filled(each.sentence, "  ", "    ")
    show_notes(made.notes)
    say(f'  against people: python manage.py judge against "set:{made.label_set}" {made.people}')


@verb("shifts", under=group, in_project=False)
def shifts(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV: a row a text, with two scores of it")],
    new: Annotated[str, typer.Option(help="the column of the one score", metavar="COLUMN")],
    old: Annotated[str, typer.Option(help="the column of the other", metavar="COLUMN")],
    people: Annotated[str, typer.Option(help="the column of what people give, higher is better", metavar="COLUMN")] = "",
    cluster: Annotated[str, typer.Option(help="the column of the task, where a task has several texts", metavar="COLUMN")] = "",
    as_json: Json = False,
) -> None:
    """How far one score of the same texts lies from another, with an interval and a permutation test; beside it what the highest
    score throughout would have, and the order that people see the texts in. A shift is no quality.

    Example: python manage.py judge shifts scores.csv --new judge --old scorer --people mean_label
    """
    from touchstone.judging.shifts.score_file import ScoreColumns, read_scores
    from touchstone.judging.shifts.score_shifts import beside_people
    from touchstone.judging.shifts.table import shift_lines

    found = read_scores(read(file), file.name, ScoreColumns(new, old, people, cluster))
    made = beside_people(f"{new} − {old}", found.new, found.old, found.clusters, found.people)
    if as_json:
        return document({**made.as_json(), "rows_left_out": found.left_out})
    for line in shift_lines([made]):
        say(line)
    say_filled(made.sentence)
    if found.left_out:
        say(f"  left out, without a score: {found.left_out:,}")


def _two(partitions: str) -> tuple[str, str]:
    names = split(partitions)
    if len(names) != 2 or names[0] == names[1]:
        raise Refused("two partitions are named, one to learn from and another that is held out", way=("partitions train,dev",))
    return names[0], names[1]


def _tell(share: float, what: str) -> None:
    if sys.stderr.isatty():
        typer.echo(f"\r{share:.0%} of the {what}          ", err=True, nl=False)


def _end_of_line() -> None:
    if sys.stderr.isatty():
        typer.echo("", err=True)
