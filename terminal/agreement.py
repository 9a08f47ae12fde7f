"""Agreement reports in a terminal."""

from collections.abc import Mapping

from touchstone.agreement.estimation.cluster_report import ClusterReport
from touchstone.agreement.figure import in_words
from touchstone.cli.agreement import show_dimension
from touchstone.cli.printing import say, say_filled
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
                f"{dimension.judged_by} {in_words(clustered.judged)}, agreement {in_words(clustered.percent)}"
            )
            for warning in clustered.warnings:
                say_filled(f"! {warning}", "  ", "    ")
