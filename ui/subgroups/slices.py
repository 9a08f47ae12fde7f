"""A round slice by slice, laid out for reading."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from touchstone.agreement.coefficient import PERCENT
from touchstone.agreement.estimation.cluster_report import ClusterReport
from touchstone.agreement.figure import in_words
from touchstone.agreement.report import DimensionReport
from touchstone.agreement.verdict import verdict_in_words
from ui.agreement.report_tables import judged_in_words, judged_on
from ui.base import panels
from ui.base.charts import ACCENT, AMBER, FONT, GRID, INK, QUIET, Look, add_points, plain, points
from ui.base.panels import Table, sentence_case
from ui.rubric.titles import title_of
from workflow.agreement.report import Report
from workflow.subgroups.slices import Slices

MOST_ROWS = 25  # slices drawn in the picture; the table has them all


def multiples(found: Slices) -> go.Figure:
    """A column a dimension, a row a slice: each judged figure with its interval, against the threshold."""
    some = [each for each in found.slices if not each.held_back][:MOST_ROWS]
    keys = found.round.dimensions
    picture = make_subplots(
        1,
        len(keys),
        shared_yaxes=True,
        horizontal_spacing=0.015,
        subplot_titles=[plain(title_of(found.rubric, key)) for key in keys],
    )
    names = [plain(_short(part.name)) for part in some]
    low = min([0.0, *(point.low for part in some for point in points((key, part.dimensions[key].judged) for key in keys))])
    for column, key in enumerate(keys, start=1):
        _add_column(picture, column, [(name, part.dimensions[key]) for name, part in zip(names, some, strict=True)])
        if dimension := found.rubric.dimension(key):
            line = {"color": QUIET, "dash": "dot", "width": 1.5}
            picture.add_vline(dimension.agreement.threshold, line=line, opacity=1, row=1, col=column)
    picture.update_xaxes(range=[low - 0.05, 1.1], dtick=0.5, showgrid=True, gridcolor=GRID)
    picture.update_yaxes(categoryorder="array", categoryarray=names[::-1], ticks="", showline=False, type="category")
    picture.update_annotations(font={"size": 13, "color": INK})
    picture.update_layout(
        template="simple_white", font=FONT, height=90 + 34 * max(len(some), 1), margin={"l": 10, "r": 10, "t": 34, "b": 30}
    )
    return picture


def _add_column(picture: go.Figure, column: int, reports: Sequence[tuple[str, DimensionReport]]) -> None:
    """A dimension's figures by slice; the word where one is undefined."""
    for flagged, look in ((True, Look(AMBER, "diamond")), (False, Look(ACCENT, "circle"))):
        shown = points((name, report.judged) for name, report in reports if report.flagged is flagged)
        add_points(picture, shown, look, small=True, row=1, col=column)
    undefined = [name for name, report in reports if not points([(name, report.judged)])]
    picture.add_scatter(
        x=[0.5] * len(undefined),
        y=undefined,
        mode="text",
        text=["undefined"] * len(undefined),
        hoverinfo="skip",
        textfont={"color": QUIET, "size": 12},
        showlegend=False,
        row=1,
        col=column,
    )


def _short(name: str) -> str:
    return name if len(name) <= 30 else name[:29] + "…"


def slice_rows(found: Slices) -> Table:
    """A row per slice and dimension."""
    rows = []
    for part in found.slices:
        if part.held_back:
            rows.append((part.name, "held back", str(part.drafts), "–", "–", "–", "–", "–"))
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


def slice_caption(found: Slices) -> str:
    """What the figures of the table of slices are figures of."""
    judged = judged_on(each for part in found.slices for each in part.dimensions.values())
    return (
        f"Point estimate and 95 % interval by slice, judged on {judged}. The dotted line is "
        "the threshold, and a diamond a point estimate below it. n counts drafts with two labels, clusters the traces or "
        "templates these came from."
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
        caption="The whole round: the ordinary interval beside the one by clusters. The point estimates are the same.",
    )
