"""A round slice by slice, laid out for reading."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go
import streamlit as st

from touchstone.agreement.coefficient import PERCENT
from touchstone.agreement.estimation.cluster_report import ClusterReport
from touchstone.agreement.figure import in_words
from touchstone.agreement.report import DimensionReport
from touchstone.agreement.verdict import verdict_in_words
from ui.agreement.report_tables import judged_in_words, judged_on
from ui.base import charts, navigation, panels
from ui.base.charts import ACCENT, AMBER, QUIET, Look, add_points, lay_out_rows, plain, points
from ui.base.panels import Table, sentence_case
from ui.rubric.titles import title_of
from workflow.agreement.report import Report
from workflow.subgroups.slices import NOT_GIVEN, Slices

MOST_ROWS = 25  # slices drawn in the picture; the table has them all


def show_multiples(found: Slices, key: str) -> None:
    """A picture a dimension, side by side as far as there is room."""
    some = found.slices[:MOST_ROWS]
    keys = found.round.dimensions
    low = min([0.0, *(point.low for part in some for point in points((one, part.dimensions[one].judged) for one in keys))])
    with st.container(horizontal=True, key="multiples"):
        for one in keys:
            title = title_of(found.rubric, one)
            charts.show(
                of_dimension([(plain(_short(part.name)), part.dimensions[one]) for part in some], title, low),
                key=f"{key}-{one}",
                alt=f"{title}: each slice's figure with its interval against the threshold; the table below has them",
            )


def of_dimension(reports: Sequence[tuple[str, DimensionReport]], title: str, low: float) -> go.Figure:
    """A row a slice: each judged figure with its interval against the threshold; the word where one is undefined. `low`: the
    lowest end of all dimensions, whose axes are alike."""
    picture = go.Figure()
    for flagged, look in ((True, Look(AMBER, "diamond")), (False, Look(ACCENT, "circle"))):
        add_points(
            picture, points((name, report.judged) for name, report in reports if report.flagged is flagged), look, small=True
        )
    undefined = [name for name, report in reports if not points([(name, report.judged)])]
    picture.add_scatter(
        x=[0.5] * len(undefined),
        y=undefined,
        mode="text",
        text=["undefined"] * len(undefined),
        hoverinfo="skip",
        textfont={"color": QUIET, "size": 12},
    )
    lay_out_rows(picture, [name for name, _ in reports], scale={"range": [low - 0.05, 1.1], "dtick": 0.5}, below=30, over=title)
    if held := {report.threshold for _, report in reports if report.threshold is not None}:
        picture.add_vline(min(held), line={"color": QUIET, "dash": "dot", "width": 1.5}, opacity=1)
    return picture


def _short(name: str) -> str:
    return name if len(name) <= 30 else name[:29] + "…"


def slice_rows(found: Slices) -> Table:
    """A row per slice and dimension."""
    rows = []
    for part in found.slices:
        for key, each in part.dimensions.items():
            rows.append(
                (
                    part.name,
                    title_of(found.rubric, each.dimension),
                    str(each.units_with_two),
                    str(part.clusters[key]),
                    in_words(each.overall[PERCENT]),
                    each.judged_by or "–",
                    judged_in_words(each),
                    verdict_in_words(each.judgement),
                )
            )
    return (
        sentence_case(found.by_title),
        "Dimension",
        "n",
        "clusters",
        "agreement",
        "judged by",
        "point and interval",
        "against its threshold",
    ), rows


def links(found: Slices) -> list[str]:
    """Where each row of the table leads: the drafts of its slice whose labels differ on its dimension; to its dimension where a
    list of drafts cannot be narrowed down to the slice, a week or what no draft says."""
    made = []
    for part in found.slices:
        is_field = found.by != "period" and part.name != NOT_GIVEN
        for key in part.dimensions:
            to = {"round": found.round.name, "dimension": key}
            made.append(
                navigation.address("drafts", **to, state="disagreement", by=f"{found.by}={part.name}")
                if is_field
                else navigation.address("agreement", **to, to="one-dimension")
            )
    return made


def has_picture(found: Slices) -> bool:
    """Whether there is something to draw: of one slice there is nothing to compare."""
    return len(found.slices) > 1 and bool(found.figures)


def slice_caption(found: Slices) -> str:
    """What the figures of the table of slices are figures of."""
    judged = judged_on(each for part in found.slices for each in part.dimensions.values())
    picture = "The dotted line is the threshold, and a diamond a point estimate below it. " if has_picture(found) else ""
    return (
        f"Point estimate and 95 % interval by slice, judged on {judged}. {picture}n counts drafts with two labels, clusters the "
        "traces or templates these came from."
    )


def cluster_rows(report: Report, clustered: Mapping[str, ClusterReport]) -> Table:
    """A row a dimension: the ordinary interval beside the one by clusters."""
    return (
        (
            "Dimension",
            "drafts",
            "clusters",
            "largest",
            "judged by",
            "point and interval",
            "by clusters",
            "agreement",
            "by clusters",
        ),
        [
            (
                title_of(report.rubric, key),
                str(each.units),
                str(each.clusters),
                str(each.largest),
                report.dimensions[key].judged_by or "–",
                judged_in_words(report.dimensions[key]),
                in_words(each.judged) if each.judged else "–",
                in_words(report.dimensions[key].overall[PERCENT]),
                in_words(each.percent),
            )
            for key, each in clustered.items()
        ],
    )


def show_clusters(report: Report, clustered: Mapping[str, ClusterReport]) -> None:
    """A round's intervals with each cluster as one witness, and what is to be said of them."""
    panels.notes(dict.fromkeys(warning for each in clustered.values() for warning in each.warnings))
    panels.table(
        *cluster_rows(report, clustered),
        numbers=(1, 2, 3, 5, 6, 7, 8),
        whole=(4,),
        links=[navigation.address("agreement", round=report.name, dimension=key, to="one-dimension") for key in clustered],
        caption="The whole round: the ordinary interval beside the one by clusters. The point estimates are the same.",
    )
