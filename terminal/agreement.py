"""Agreement reports in a terminal."""

from collections.abc import Mapping

from terminal.printing import say, say_filled
from touchstone.agreement.clusters import ClusterReport
from touchstone.agreement.coefficient import KAPPA, NOMINAL_ALPHA, ORDINAL_ALPHA, PERCENT, QUADRATIC_KAPPA
from touchstone.agreement.figure import in_words
from touchstone.agreement.label_table import Ratings
from touchstone.agreement.report import DimensionReport
from touchstone.agreement.second_opinion import Opinion
from touchstone.english import many
from workflow.agreement.report import Report


def show_report(report: Report, by_clusters: Mapping[str, ClusterReport]) -> None:
    """The report as a table, flagged dimensions first; with intervals by clusters where there are any."""
    say(
        f"{report.name}: {report.rubric.name} ({report.rubric.digest[:12]}), {', '.join(report.annotators)}, "
        f"{many(report.units, 'unit')}; labels by {report.made_by}" + (" (sample)" if report.is_sample else "")
    )
    say(report.sentence)
    for name, against_gold in report.by_annotator.items():
        if len(report.by_annotator) > 1:
            say(f"\n{name} against the gold")
        _show_dimensions(against_gold, {})
    if not report.by_annotator:
        _show_dimensions(report, by_clusters)
    for note in report.notes:
        say(f"\n{note}")


def _show_dimensions(report: Report, by_clusters: Mapping[str, ClusterReport]) -> None:

    for dimension in sorted(report.dimensions.values(), key=lambda dimension: not dimension.flagged):
        key = dimension.dimension
        show_dimension(key, dimension, report.second_opinion.get(key), report.mark)
        clustered = by_clusters.get(key)
        if clustered and clustered.judged:
            say(
                f"  by clusters ({clustered.clusters}, the largest of {many(clustered.largest, 'unit')}): "
                f"{dimension.statistic} {in_words(clustered.judged)}, agreement {in_words(clustered.percent)}"
            )
            for warning in clustered.warnings:
                say_filled(f"! {warning}", "  ", "    ")


def show_ratings(key: str, ratings: Ratings, opinion: Opinion) -> None:
    """One dimension on an interval scale."""

    say(f"\n{key}: interval alpha {in_words(ratings.alpha)} of {many(ratings.units, 'unit')}")
    say(f"  second opinion: {opinion.sentence}")


def show_dimension(key: str, report: DimensionReport, opinion: Opinion | None, mark: str = "") -> None:
    """One dimension: what it is judged on, or without a rubric its main figures; then what must stand beside it. `mark`:
    what must stand at the figures themselves."""

    mark = f" ({mark})" if mark else ""
    if report.judgement and report.judged:
        say(
            f"\n{key}: {report.judgement.rule_in_words} {in_words(report.judged, report.only_level)}"
            + (
                ""
                if report.threshold is None
                else f", threshold {report.threshold:.2f}: {'FLAGGED, ' if report.flagged else ''}{report.verdict or 'undefined'}"
            )
            + mark
        )
    else:
        names = (KAPPA, QUADRATIC_KAPPA) if len(report.pairs) == 1 else (NOMINAL_ALPHA, ORDINAL_ALPHA)
        figures = report.pairs[0].figures if len(report.pairs) == 1 else report.overall
        say(f"\n{key}: " + ", ".join(f"{name} {in_words(figures[name], report.only_level)}" for name in names) + mark)
    say(f"  agreement {in_words(report.overall[PERCENT])} of {report.units_with_two}{mark}")
    if report.further:
        say(f"  {report.further.in_words()}")
    if opinion:
        say(f"  second opinion: {opinion.sentence}")
    for warning in report.warnings:
        say_filled(f"! {warning}", "  ", "    ")
