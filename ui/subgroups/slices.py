"""A round slice by slice, its drift, and its annotators side by side, laid out for reading."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from touchstone.agreement.clusters import ClusterReport
from touchstone.agreement.coefficient import PERCENT
from touchstone.agreement.figure import in_words, signed
from touchstone.agreement.verdict import verdict_in_words
from ui.base.charts import ACCENT, AMBER, FONT, INK, QUIET
from ui.base.charts import _plain as plain
from workflow.agreement.reports import Report
from workflow.subgroups.slices import BY, Annotators, Slices

Table = tuple[Sequence[str], list[Sequence[str]]]
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
        subplot_titles=[plain(found.rubric.dimension(key).title) for key in keys],
    )
    names = [plain(_short(each.name)) for each in some]
    low = min([0.0, *(each.judged.low for part in some for each in part.dimensions.values() if each.judged.low is not None)])
    for column, key in enumerate(keys, start=1):
        under = [part.dimensions[key].flagged for part in some]
        figures = [part.dimensions[key].judged for part in some]
        for flagged, colour, symbol in ((True, AMBER, "diamond"), (False, ACCENT, "circle")):
            shown = [(name, each) for name, each, is_under in zip(names, figures, under, strict=True) if is_under is flagged]
            picture.add_scatter(
                x=[each.value for _, each in shown],
                y=[name for name, _ in shown],
                mode="markers",
                row=1,
                col=column,
                showlegend=False,
                marker={"color": colour, "symbol": symbol, "size": 10},
                error_x={
                    "type": "data",
                    "symmetric": False,
                    "color": colour,
                    "thickness": 1.6,
                    "width": 4,
                    "array": [each.high - each.value for _, each in shown],
                    "arrayminus": [each.value - each.low for _, each in shown],
                },
                hovertemplate="%{y}: %{x:.2f}<extra></extra>",
            )
        gone = [name for name, each in zip(names, figures, strict=True) if each.value is None]
        picture.add_scatter(
            x=[0.5] * len(gone),
            y=gone,
            mode="text",
            text=["undefined"] * len(gone),
            hoverinfo="skip",
            textfont={"color": QUIET, "size": 12},
            showlegend=False,
            row=1,
            col=column,
        )
        picture.add_vline(
            found.rubric.dimension(key).agreement.threshold, line={"color": QUIET, "dash": "dot", "width": 1.5}, row=1, col=column
        )
    picture.update_xaxes(range=[low - 0.05, 1.1], dtick=0.5, showgrid=True, gridcolor="#e6eaec")
    picture.update_yaxes(categoryorder="array", categoryarray=names[::-1], ticks="", showline=False, type="category")
    picture.update_annotations(font={"size": 13, "color": INK})
    picture.update_layout(
        template="simple_white", font=FONT, height=90 + 34 * max(len(some), 1), margin={"l": 10, "r": 10, "t": 34, "b": 30}
    )
    return picture


def _short(name: str) -> str:
    return name if len(name) <= 30 else name[:29] + "…"


def slice_rows(found: Slices) -> Table:
    """A row per slice and dimension."""
    rows = []
    for part in found.slices:
        if part.held_back:
            rows.append((part.name, "held back", str(part.drafts), "–", "–", "–", "–"))
        for each in part.dimensions.values():
            rows.append(
                (
                    part.name,
                    found.rubric.dimension(each.dimension).title,
                    str(each.units_with_two),
                    str(each.clusters),
                    in_words(each.overall[PERCENT]),
                    in_words(each.judged, each.only_level),
                    verdict_in_words(each.judgement),
                )
            )
    return (BY[found.by].capitalize(), "Dimension", "n", "clusters", "agreement", "judged", "against its threshold"), rows


def cluster_rows(report: Report, clustered: Mapping[str, ClusterReport]) -> Table:
    """A row a dimension: the ordinary interval beside the one by clusters."""
    return (
        ("Dimension", "drafts", "clusters", "largest", "judged", "by clusters", "agreement", "by clusters"),
        [
            (
                report.rubric.dimension(key).title,
                str(each.units),
                str(each.clusters),
                str(each.largest),
                in_words(report.dimensions[key].judged, report.dimensions[key].only_level),
                in_words(each.judged),
                in_words(report.dimensions[key].overall[PERCENT]),
                in_words(each.percent),
            )
            for key, each in clustered.items()
        ],
    )


def drift_rows(found: Annotators) -> tuple[Table, list[int]]:
    """A row per way of halving and dimension, and which rows have an interval that leaves zero out. A way of halving
    that gives nothing for one and the same reason is one row."""
    rows, marked = [], []
    for order in dict.fromkeys(each.order for each in found.agreement):
        mine = [each for each in found.agreement if each.order == order]
        cut = "by time" if order == "time" else f"by the order of {order}"
        reasons = {each.halves.difference.reason for each in mine}
        if len(reasons) == 1 and None not in reasons:
            rows.append((cut, "all", in_words(mine[0].halves.difference), "–", "–"))
            continue
        for each in mine:
            if each in found.moved:
                marked.append(len(rows))
            rows.append(
                (
                    cut,
                    found.rubric.dimension(each.dimension).title,
                    in_words(each.halves.first),
                    in_words(each.halves.second),
                    signed(each.halves.difference),
                )
            )
    return (("Halves", "Dimension", "first half", "second half", "difference"), rows), marked


def pace_rows(found: Annotators) -> Table:
    """A row an annotator: what they delivered, and in what time."""
    return (
        ("Annotator", "saved", "skipped", "owed", "median time", "fast drafts"),
        [
            (
                each.name,
                str(each.saved),
                str(each.skipped),
                str(each.waiting),
                "not known" if each.pace.median is None else f"{each.pace.median:.0f} s",
                "–" if each.pace.median is None else f"{each.pace.fast} of {each.pace.timed}",
            )
            for each in found.annotators
        ],
    )


def annotator_rows(found: Annotators) -> Table:
    """A row per dimension and annotator, so that those of one dimension stand together."""
    rows = []
    for key in found.round.dimensions:
        for mine in found.annotators:
            each, halves = mine.dimensions[key], mine.drift[key]
            rows.append(
                (
                    found.rubric.dimension(key).title,
                    mine.name,
                    str(each.severity.n),
                    signed(each.severity),
                    in_words(each.agreement),
                    f"{each.used} of {each.levels}",
                    f"{_two(each.deviation)} / {_two(each.deviation_of_others)}",
                    f"{_two(halves.first.value)} → {_two(halves.second.value)}",
                    signed(halves.difference),
                )
            )
    return (
        "Dimension",
        "Annotator",
        "n",
        "level against others",
        "same level",
        "levels used",
        "spread own / others",
        "mean level by halves",
        "difference",
    ), rows


def _two(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"
