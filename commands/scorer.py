"""The commands on the deterministic scorer."""

from pathlib import Path
from typing import Annotated

import typer

from commands import As, document, reader, store, store_or_none, verb
from touchstone.cli import scale
from touchstone.cli import scorer as cli
from touchstone.cli.verbs import Json
from touchstone.english import many
from touchstone.errors import Refused
from workflow.projects.settling import settled


@verb("score")
def score(
    rubric: Annotated[str, typer.Option(help="a version in rubric_versions/, e.g. tenacious-v1, or a rubric file")],
    tasks: cli.Tasks = None,
    drafts: Annotated[list[Path] | None, typer.Option(help="files of drafts; the store's when left out")] = None,
    more: cli.More = None,
    jobs: cli.Jobs = 1,
    numbers: cli.Numbers = False,
    parquet: scale.Parquet = None,
    to: scale.To = None,
    dask: scale.Dask = "",
) -> None:
    """Score drafts by a rubric's checks: one JSON line per draft on stdout. From files, or from the store without open rounds;
    or Parquet files of any length into a folder of parts, where a run that was broken off goes on.

    Example: python manage.py score --rubric tenacious-v1 --tasks tasks.jsonl --drafts drafts.jsonl --jobs 2
    Example: python manage.py score --rubric tenacious-v1 --parquet drafts.parquet --to scores --jobs 2
    """
    from workflow.scorer import scoring  # RE2, and what compiles patterns: not needed by the other commands

    found = scoring.rubric_to_score_by(store_or_none(), rubric)
    if parquet or to or dask:
        return scale.score_into_parts(found, parquet, to, tasks, jobs, dask, bool(drafts or more or numbers))
    files = [*(tasks or []), *(drafts or []), *(more or [])]
    if files:
        return cli.print_scores(found, cli.drafts_in(files), jobs, numbers)
    stored, held = scoring.drafts_of_store(settled(store(), found.name))
    if held:
        typer.echo(
            f"{many(held, 'draft')} of open rounds {'is' if held == 1 else 'are'} left out until they are closed", err=True
        )
    if not stored:
        raise Refused("the store has no draft to score; import some, or name files with --tasks and --drafts")
    cli.print_scores(found, stored, jobs, numbers)


@verb("score-against")
def score_against(
    round_name: Annotated[str, typer.Argument(metavar="ROUND")],
    rubric: Annotated[
        str,
        typer.Option(
            help="a version, as it was published, or a rubric file; the round's own when left out", metavar="VERSION|FILE"
        ),
    ] = "",
    cut: Annotated[
        str, typer.Option(help="drafts below this level are bad; the middle of the scale when left out", metavar="LEVEL")
    ] = "",
    drafts: Annotated[
        int, typer.Option(help="how many to score at most: of a larger round so many are drawn at random", metavar="N")
    ] = 10_000,
    as_json: Json = False,
    as_: As = "",
) -> None:
    """The scorer against the gold of a closed round and each annotator, beside inter-annotator agreement.

    Example: python manage.py score-against march-pilot --rubric tenacious-v2 --cut 2 --json
    """
    from terminal.scorer import show_scorer
    from workflow.scorer import against_people  # RE2, as for score, and statsmodels, as for a report

    engine = store()
    file = Path(rubric) if rubric.endswith((".yml", ".yaml")) else None
    made = against_people.scorer_against(
        reader(engine, as_), engine, round_name, rubric="" if file else rubric, file=file, cut=cut, sample=drafts
    )
    if as_json:
        document(made.as_json())
    else:
        show_scorer(made)
