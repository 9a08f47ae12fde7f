"""Drafts scored by a rubric's checks: one JSON line a draft."""

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from touchstone.cli.rubric import proved
from touchstone.cli.scale import Dask, Parquet, To, score_into_parts
from touchstone.cli.verbs import read
from touchstone.errors import Refused

if TYPE_CHECKING:
    from touchstone.rubric.model import Rubric
    from touchstone.scorer.batch import DraftToScore

Tasks = Annotated[list[Path] | None, typer.Option("--tasks", help="files of tasks; repeat it for several")]
More = Annotated[list[Path] | None, typer.Argument(help="further files of tasks or drafts", metavar="[FILE…]")]
Jobs = Annotated[int, typer.Option(help="processes to score with", min=1, max=256)]
Numbers = Annotated[bool, typer.Option("--numbers", help="with what each number of a draft was read as")]


def score(
    rubric: Annotated[Path, typer.Option(help="a rubric file")],
    tasks: Tasks = None,
    drafts: Annotated[list[Path] | None, typer.Option(help="files of drafts")] = None,
    more: More = None,
    jobs: Jobs = 1,
    numbers: Numbers = False,
    parquet: Parquet = None,
    to: To = None,
    dask: Dask = "",
) -> None:
    """Score drafts of files by a rubric's checks: one JSON line a draft on stdout, or Parquet files into a folder of parts.

    Example: touchstone score --rubric tenacious-v1.yml --tasks tasks.jsonl --drafts drafts.jsonl --jobs 2
    Example: touchstone score --rubric tenacious-v1.yml --parquet drafts.parquet --to scores --jobs 2
    """
    found = proved(rubric)
    if not any(dimension.scoring for dimension in found.dimensions):
        raise Refused(f"{found.name} has no scoring in any dimension; add checks and scoring lines to it")
    if parquet or to or dask:
        return score_into_parts(found, parquet, to, tasks, jobs, dask, bool(drafts or more or numbers))
    files = [*(tasks or []), *(drafts or []), *(more or [])]
    if not files:
        raise Refused("there is no draft to score; name files with --tasks and --drafts")
    print_scores(found, drafts_in(files), jobs, numbers)


def drafts_in(files: list[Path]) -> "list[DraftToScore]":
    from touchstone.scorer.batch import drafts_of_files  # RE2: not needed by the other commands

    return drafts_of_files([(path.name, read(path)) for path in files])


def print_scores(rubric: "Rubric", drafts: "list[DraftToScore]", jobs: int, with_numbers: bool) -> None:
    """A line a draft on stdout, and on a terminal how far it is on stderr."""
    from touchstone.scorer.batch import score_drafts

    scored = score_drafts(rubric, drafts, min(jobs, os.cpu_count() or 1), with_numbers)
    hidden = not sys.stderr.isatty()
    with typer.progressbar(scored, length=len(drafts), label="scored", file=sys.stderr, hidden=hidden) as shown:
        for draft in shown:
            typer.echo(json.dumps(draft.as_json(), ensure_ascii=False))
