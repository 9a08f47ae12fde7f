"""Drafts of Parquet files scored into a folder of parts."""

import hashlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from touchstone.cli.printing import say
from touchstone.cli.verbs import read
from touchstone.english import many
from touchstone.errors import Problem, Refused

if TYPE_CHECKING:
    from touchstone.data.task import Task
    from touchstone.rubric.model import Rubric
    from touchstone.scale.running import Run

Parquet = Annotated[
    list[Path] | None, typer.Option("--parquet", help="drafts in Parquet, a file or a folder of files, into --to", metavar="IN")
]
To = Annotated[Path | None, typer.Option("--to", help="with --parquet: the folder of the scored parts", metavar="DIR")]
Dask = Annotated[str, typer.Option("--dask", help="with --parquet: score on a Dask cluster", metavar="tcp://HOST:PORT")]


def score_into_parts(
    rubric: "Rubric", parquet: list[Path] | None, to: Path | None, tasks: list[Path] | None, jobs: int, dask: str, others: bool
) -> None:
    """A part per row group; what is there already is passed over. `others`: whether an option was given that goes with lines
    on stdout alone. Raises Refused."""
    if not parquet:
        raise Refused(
            "a folder of scored parts, and a Dask cluster, are for drafts in Parquet; name the file", way=("parquet IN",)
        )
    if to is None:
        raise Refused("name the folder that the scored parts go into", way=("to DIR",))
    if others:
        raise Refused("Parquet files are scored into a folder of parts, with neither further files of drafts nor --numbers")
    if dask and jobs > 1:
        raise Refused("a Dask cluster has its own workers: give --dask or --jobs, not both")
    try:
        from touchstone.scale import on_dask, on_processes, running
    except ImportError:
        raise Refused("Parquet needs pyarrow: install touchstone[parquet]") from None
    known, digest = _tasks(tasks or [])
    engine = on_dask.on_dask(dask) if dask else on_processes.on_processes(min(jobs, os.cpu_count() or 1))
    hidden = not sys.stderr.isatty()
    with typer.progressbar(length=1, label="scored", file=sys.stderr, hidden=hidden, show_pos=True) as shown:

        def began(run: "Run") -> None:
            shown.length = run.drafts
            shown.update(sum(part.rows for part in run.there))
            if run.say:
                typer.echo(f"! {run.say}", err=True)
            if run.there and run.left:
                typer.echo(f"{many(len(run.there), 'part')} {'is' if len(run.there) == 1 else 'are'} there already", err=True)

        done = running.score_parquet(
            rubric, parquet, to, tasks=known, tasks_digest=digest, engine=engine, began=began, progress=shown.update
        )
    say(f"{many(done.drafts, 'draft')} scored by {rubric.name} in {many(len(done.parts), 'part')} in {to}")
    say(f"digest of the scores: {done.digest}")


def _tasks(files: list[Path]) -> tuple["dict[str, Task] | None", str | None]:
    """The tasks that were named, by id, and the digest of all of them; None and None where none were."""
    from touchstone.data.task_file import read_file

    if not files:
        return None, None
    tasks, problems = dict[str, "Task"](), list[Problem]()
    for path in files:
        found = read_file(read(path), path.name)
        problems += [problem.within(path.name) for problem in found.problems]
        for task in found.tasks:
            if tasks.setdefault(task.task_id, task).digest != task.digest:
                problems.append(Problem(task.line, f"{path.name}: task {task.task_id} is in another file with different content"))
    if not tasks and not problems:
        problems.append(Problem(None, "the files contain no task; name a file of tasks", way=("tasks FILE",)))
    if problems:
        raise Refused(f"nothing was scored: {many(len(problems), 'problem')} in the files of tasks", problems)
    all_digests = "".join(f"{key} {tasks[key].digest}\n" for key in sorted(tasks))
    return tasks, hashlib.sha256(all_digests.encode()).hexdigest()
