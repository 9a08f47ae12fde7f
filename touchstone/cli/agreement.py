"""Agreement of labels in a file, on a terminal."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from touchstone.cli.printing import say, say_filled
from touchstone.cli.verbs import Json, document, read
from touchstone.english import many
from touchstone.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from touchstone.agreement.estimation.icc import IntraclassCorrelations
    from touchstone.agreement.figure import Level
    from touchstone.agreement.file_report import FileReport
    from touchstone.agreement.label_table import Ratings
    from touchstone.agreement.report import DimensionReport
    from touchstone.agreement.second_opinion import Opinion


LabelFile = Annotated[Path, typer.Argument(help="long CSV or Parquet: task_id, annotator, dimension, value")]
Levels = Annotated[str, typer.Option(help="the levels a label may have, in their order", metavar="0,1,2,3")]
Scale = Annotated[str, typer.Option(help="ordinal, nominal, or interval (any number, no levels)")]
By = Annotated[str, typer.Option(help="weights by the position of a level, or by its value (a number)", metavar="position|value")]

Pairs = Annotated[bool, typer.Option("--pairs", help="every pair of annotators, also where more than 20 labelled (slow)")]


def agreement(
    file: LabelFile,
    levels: Levels = "",
    scale: Scale = "ordinal",
    by: By = "position",
    pairs: Pairs = False,
    as_json: Json = False,
) -> None:
    """All agreement figures for labels in a file, without a store; no threshold, so no verdict. A Parquet file may be of any
    length (extra scale): it is counted where it lies.

    Example: touchstone agreement labels.csv --levels 0,1,2,3 --scale ordinal --json
    """
    from touchstone.agreement.file_report import agreement_of_file, levels_of
    from touchstone.agreement.label_table import Ratings

    asked = levels_of(levels) if levels else ()
    report = agreement_of_long_file(file, asked, scale, by, pairs) or agreement_of_file(read(file), asked, scale, by, pairs=pairs)
    if as_json:
        return document(report.as_json())
    for key, dimension in report.dimensions.items():
        opinion = report.second_opinion.get(key)
        if isinstance(dimension, Ratings):
            show_ratings(key, dimension, opinion)
        else:
            show_dimension(key, dimension, opinion)


def agreement_of_long_file(file: Path, levels: "Sequence[Level]", scale: str, by: str, pairs: bool) -> "FileReport | None":
    """The same of a Parquet file; None for any other. There is no second opinion: libraries would need all rows in memory."""
    from touchstone.agreement.file_report import FileReport, check_asked
    from touchstone.scale.counting import agreement_of_parquet, is_parquet

    if str(file) == "-" or not file.is_file() or not is_parquet(file):
        return None
    if scale == "interval":
        raise Refused(
            "labels in Parquet are counted by level; name the levels, or save ratings without levels as CSV",
            way=("levels 0,1,2,3",),
        )
    check_asked(levels, scale, by)
    reports = agreement_of_parquet(file, levels, scale, by, pairs=pairs)
    return FileReport(reports, {}, 0)


def show_ratings(key: str, ratings: "Ratings", opinion: "Opinion | None") -> None:
    """One dimension on an interval scale."""
    from touchstone.agreement.figure import in_words

    say(f"\n{key}: interval alpha {in_words(ratings.alpha)} of {many(ratings.units, 'unit')}")
    show_icc(ratings.icc)
    if opinion:
        say(f"  second opinion: {opinion.sentence}")
    for warning in ratings.icc.warnings:
        say_filled(f"! {warning}", "  ", "    ")


def show_icc(icc: "IntraclassCorrelations") -> None:
    """The intraclass correlations in one line, or why there are none; and how many units they rest on."""
    from touchstone.agreement.figure import in_words

    words = {name: in_words(figure) for name, figure in icc.rows}
    told = f"ICC {next(iter(words.values()))}" if len(set(words.values())) == 1 else ", ".join(map(" ".join, words.items()))
    say_filled(f"{told} of {icc.basis}", "  ", "    ")


def show_dimension(key: str, report: "DimensionReport", opinion: "Opinion | None", mark: str = "") -> None:
    """One dimension: what it is judged on, or without a rubric its main figures; then what must stand beside it. `mark`:
    what must stand at the figures themselves."""
    from touchstone.agreement.coefficient import KAPPA, NOMINAL_ALPHA, ORDINAL_ALPHA, PERCENT, QUADRATIC_KAPPA, with_meaning_on
    from touchstone.agreement.figure import in_words, short
    from touchstone.agreement.verdict import verdict_in_words

    mark = f" ({mark})" if mark else ""
    if report.judgement and report.judged:
        say(
            f"\n{key}: {report.judged_by} {in_words(report.judged, report.only_level)}"
            + (
                ""
                if report.threshold is None
                else f", threshold {short(report.threshold)}: {'FLAGGED, ' if report.flagged else ''}"
                + (report.verdict or verdict_in_words(report.judgement))
            )
            + mark
        )
    else:
        names = (KAPPA, QUADRATIC_KAPPA) if len(report.pairs) == 1 else (NOMINAL_ALPHA, ORDINAL_ALPHA)
        figures = report.pairs[0].figures if len(report.pairs) == 1 else report.overall
        by = " by value" if report.by == "value" else ""
        told = [
            f"{name}{by if name.is_weighted else ''} {in_words(figures[name], report.only_level)}"
            for name in with_meaning_on(report.scale, names)
        ]
        say(f"\n{key}: " + ", ".join(told) + mark)
    say(f"  agreement {in_words(report.overall[PERCENT])} of {report.units_with_two}{mark}")
    if report.icc and report.icc.is_shown and not report.judgement:
        show_icc(report.icc)
    if report.judgement and report.judgement.verdict and (because := report.judgement.withheld or report.judgement.basis):
        say(f"  {because}" if report.judgement.withheld else f"  the verdict rests on the {because}")
    if report.further:
        say(f"  {report.further.in_words()}")
    if opinion:
        say(f"  second opinion: {opinion.sentence}")
    if report.pairs_left_out:
        say("  every pair of annotators: --pairs")
    for warning in report.warnings:
        say_filled(f"! {warning}", "  ", "    ")
