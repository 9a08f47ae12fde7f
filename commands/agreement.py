"""Commands that report agreement. What they need takes seconds to import, so it is imported where it is used."""

from pathlib import Path
from typing import Annotated

import typer

from commands import As, document, reader, split, store, verb
from touchstone import papers
from touchstone.cli import agreement as cli
from touchstone.cli.printing import say
from touchstone.cli.verbs import Json
from touchstone.english import listed
from touchstone.errors import Refused


@verb("report")
def report(
    round_names: Annotated[list[str] | None, typer.Argument(metavar="ROUND…")] = None,
    set_: Annotated[str, typer.Option("--set", help="a label set instead of rounds", metavar="NAME")] = "",
    by_clusters: Annotated[
        bool, typer.Option("--by-clusters", help="also agreement and the judged figure with intervals by clusters of drafts")
    ] = False,
    pairs: cli.Pairs = False,
    as_json: Json = False,
    html: Annotated[Path | None, typer.Option("--html", help="write it as one HTML file")] = None,
    md: Annotated[Path | None, typer.Option("--md", help="write it as one Markdown file")] = None,
    codes: Annotated[bool, typer.Option("--codes", help="annotators as A, B, C… instead of names")] = False,
    as_: As = "",
) -> None:
    """The agreement report of a closed round, of several pooled, or of a label set.

    Example: python manage.py report pilot --html pilot.html --codes
    """
    from terminal.agreement import show_report
    from workflow.agreement import clusters, reports  # brings statsmodels: not needed by the other commands
    from workflow.agreement.papers import report as paper

    engine = store()
    person = reader(engine, as_)
    _refuse_contradiction(round_names, set_, by_clusters and (codes or html or md))
    if html and md and html.resolve() == md.resolve():
        raise Refused(f"{html} cannot hold the report as HTML and as Markdown; name two files")
    made = (
        reports.agreement_of_set(person, engine, set_, codes=codes, pairs=pairs)
        if set_
        else reports.agreement_of_rounds(person, engine, round_names or [], codes=codes, pairs=pairs)
    )
    drawn = [(papers.fit(file), draw(made)) for file, draw in ((html, paper.html), (md, paper.markdown)) if file]
    written = [papers.write(file, text) for file, text in drawn]
    clustered = clusters.by_clusters(person, engine, made) if by_clusters else {}
    if as_json:
        told = made.as_json()
        for key, each in clustered.items():
            told["dimensions"][key]["by_clusters"] = each.as_json()
        document(told)
    elif written:
        say(f"{made.name}: the report is in {listed([str(file) for file in written])}")
    else:
        show_report(made, clustered)


def _refuse_contradiction(round_names: list[str] | None, set_: str, clusters_in_a_file: object) -> None:
    if bool(round_names) == bool(set_):
        raise Refused("name either rounds or one label set: report ROUND, or report --set NAME")
    if clusters_in_a_file:
        raise Refused(
            "intervals by clusters are printed, or come with --json; leave out --by-clusters, or --codes, --html and --md"
        )


@verb("slices")
def slices(
    round_name: Annotated[str, typer.Argument(metavar="ROUND")],
    by: Annotated[
        str,
        typer.Option(
            help="dimension (the one a task was written to test), source_mode, difficulty, author, partition, period (weeks), "
            "or any further field of the tasks or drafts"
        ),
    ] = "dimension",
    as_json: Json = False,
    as_: As = "",
) -> None:
    """The agreement of a closed round slice by slice, and how often chance alone gives a lowest figure that low.

    Example: python manage.py slices pilot --by difficulty
    """
    from terminal.subgroups import show_slices  # as in report
    from workflow.subgroups import slices

    engine = store()
    made = slices.slices(reader(engine, as_), engine, round_name, by)
    if as_json:
        document(made.as_json())
    else:
        show_slices(made)


@verb("annotators")
def annotators(round_name: Annotated[str, typer.Argument(metavar="ROUND")], as_json: Json = False, as_: As = "") -> None:
    """For the lead: each annotator of a closed round against the others, and whether its halves differ.

    Example: python manage.py annotators pilot
    """
    from terminal.subgroups import show_annotators  # as in report
    from workflow.subgroups import annotators

    engine = store()
    made = annotators.annotators(reader(engine, as_), engine, round_name)
    if as_json:
        document(made.as_json())
    else:
        show_annotators(made)


@verb("agreement", in_project=False)
def agreement(
    file: cli.LabelFile,
    levels: cli.Levels = "",
    scale: cli.Scale = "ordinal",
    by: cli.By = "position",
    pairs: cli.Pairs = False,
    as_json: Json = False,
) -> None:
    """All figures of agreement for labels in a file, without a store; no threshold, so no verdict.

    Example: python manage.py agreement labels.csv --levels 0,1,2,3 --scale ordinal --json
    """
    cli.agreement(file, levels, scale, by, pairs, as_json)


@verb("compare")
def compare(
    before: Annotated[str, typer.Argument(metavar="BEFORE")],
    after: Annotated[str, typer.Argument(metavar="AFTER")],
    as_json: Json = False,
    as_: As = "",
) -> None:
    """Compare two closed rounds, before and after a revision: every dimension, the difference with its interval.

    Example: python manage.py compare march april --json
    """
    from terminal.comparison import show_comparison
    from workflow.comparison import two_rounds  # brings statsmodels: not needed by the other commands

    engine = store()
    made = two_rounds.compare_rounds(reader(engine, as_), engine, before, after)
    if as_json:
        document(made.as_json())
    else:
        show_comparison(made)


@verb("compare-sources")
def compare_sources(
    a: Annotated[str, typer.Argument(metavar="A", help="round:NAME/ANNOTATOR, gold:NAME, set:NAME/ANNOTATOR or set:NAME")],
    b: Annotated[str, typer.Argument(metavar="B", help="the other one")],
    against: Annotated[
        str, typer.Option("--against", help="a third: which of the two agrees more with it", metavar="THIRD")
    ] = "",
    as_json: Json = False,
    as_: As = "",
) -> None:
    """Compare any two sources of labels on the units both have: annotators of closed rounds, gold, label sets.

    Example: python manage.py compare-sources set:judge-a set:judge-b --against gold:march --json
    """
    from terminal.comparison import show_against, show_sources
    from workflow.comparison import against_third, two_sources  # brings statsmodels, as for a report

    engine = store()
    person = reader(engine, as_)
    made = two_sources.compare_sources(person, engine, a, b)
    third = against_third.compare_against(person, engine, a, b, against) if against else None
    if as_json:
        return document({**made.as_json(), **({"against": third.as_json()} if third else {})})
    show_sources(made)
    if third:
        show_against(third)


@verb("plan")
def plan(
    from_: Annotated[str, typer.Option("--from", help="a closed round as the pilot", metavar="ROUND")] = "",
    from_set: Annotated[str, typer.Option(help="a label set as the pilot", metavar="NAME")] = "",
    dimension: Annotated[str, typer.Option(help="one of the pilot's; all when left out", metavar="KEY")] = "",
    half_width: Annotated[float | None, typer.Option(help="the 95 % interval to be within plus or minus this")] = None,
    threshold: Annotated[float | None, typer.Option(help="the interval's low end to be at or above this")] = None,
    levels: Annotated[str | None, typer.Option(help="without a pilot: the levels in order; 0,1,2,3 when left out")] = None,
    kappa: Annotated[float | None, typer.Option(help="without a pilot: the true kappa that is assumed")] = None,
    marginals: Annotated[str | None, typer.Option(help="without a pilot: each level's share; equal when left out")] = None,
    weights: Annotated[str | None, typer.Option(help="unweighted, linear or quadratic; the rubric's when left out")] = None,
    as_json: Json = False,
    as_: As = "",
) -> None:
    """How many drafts to label, for an interval of a half-width or to show a threshold: from a pilot, or an assumed kappa.

    Example: python manage.py plan --kappa .85 --half-width .05 --threshold .8
    """
    from terminal.planning import show_plan
    from workflow.planning import plan as planning  # brings statsmodels, as for a report

    if from_ and from_set:
        raise Refused("a plan has one pilot: give --from or --from-set, not both")
    if from_ or from_set:
        if told := [
            name for name, given in (("--levels", levels), ("--kappa", kappa), ("--marginals", marginals)) if given is not None
        ]:
            raise Refused(
                f"{', '.join(told)} {'is' if len(told) == 1 else 'are'} for a plan without a pilot; leave it out, or the pilot"
            )
        engine = store()
        made = planning.plan_of_pilot(
            reader(engine, as_),
            engine,
            round_name=from_,
            label_set=from_set,
            dimension=dimension,
            half_width=half_width,
            threshold=threshold,
            weights=weights,
        )
    elif dimension:
        raise Refused(f"{dimension} is a dimension of a pilot; name the pilot with --from or --from-set")
    else:
        made = planning.plan_of_assumption(
            split("0,1,2,3" if levels is None else levels),
            kappa,
            planning.shares_of(marginals or ""),
            half_width=half_width,
            threshold=threshold,
            weights=weights,
        )
    if as_json:
        return document(made.as_json())
    show_plan(made)
