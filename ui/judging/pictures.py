"""Pictures of a judge: its difference to a person on each dimension, how far its probabilities hold, what being sure is worth."""

from collections.abc import Sequence

import plotly.graph_objects as go

from touchstone.judging.pass_fail import PassFail
from touchstone.judging.standing_in import MAY, MAY_NOT, MORE, NONE
from ui.base.charts import ACCENT, AMBER, FONT, GRID, INK, QUIET, Look, add_points, lay_out_rows, plain, points
from workflow.judging.against import JudgedDimension

LOOKS = {
    MAY: Look(ACCENT, "circle", "may stand in"),
    MAY_NOT: Look(AMBER, "diamond", "may not"),
    MORE: Look(QUIET, "square", "not enough labels"),
    NONE: Look(QUIET, "x", "no verdict"),
}


def differences(dimensions: Sequence[JudgedDimension]) -> go.Figure:
    """Kappa of the judge less that of a person, with its interval, against 0 and the margin."""
    made = [(plain(each.title), each.report) for each in dimensions if each.report]
    shown = points((title, report.difference) for title, report in made)
    picture = go.Figure()
    for verdict, look in LOOKS.items():
        own = [(title, report.difference) for title, report in made if report.stand_in.verdict == verdict]
        if own:
            add_points(picture, points(own), look, sign="+")
    picture.add_vline(x=0, line={"color": INK, "width": 1.5}, opacity=1)
    for margin in sorted({report.margin for _, report in made}):
        picture.add_vline(x=-margin, line={"color": INK, "width": 2, "dash": "dash"}, opacity=1)
    reach = max([0.2, *(abs(end) for point in shown for end in (point.low, point.high))]) * 1.08
    scale = {"range": [-reach, reach], "dtick": 0.2 if reach > 0.5 else 0.1, "tickformat": "+.1f", "zeroline": False}
    lay_out_rows(picture, [point.name for point in shown], scale=scale, below=34)
    return picture


def reliability(found: PassFail) -> go.Figure:
    """The share that passes by the probability the judge gave, a mark for each bin as large as it has units."""
    most = max((each.units for each in found.bins), default=1)
    picture = go.Figure()
    picture.add_scatter(
        x=[0, 1], y=[0, 1], mode="lines", line={"color": QUIET, "dash": "dot"}, showlegend=False, hoverinfo="skip"
    )
    picture.add_scatter(
        x=[each.probability for each in found.bins],
        y=[each.passes for each in found.bins],
        mode="lines+markers",
        showlegend=False,
        line={"color": ACCENT, "width": 1.5},
        marker={"color": ACCENT, "size": [8 + 16 * (each.units / most) ** 0.5 for each in found.bins]},
        customdata=[each.units for each in found.bins],
        hovertemplate="probability %{x:.2f}, passes %{y:.2f} of %{customdata} units<extra></extra>",
    )
    return _square(picture, "probability the judge gives", "share that passes", [-0.04, 1.04])


def risk_coverage(found: PassFail) -> go.Figure:
    """The share in which the judge is wrong, by how many of the units it is surest of are left to it."""
    picture = go.Figure()
    picture.add_scatter(
        x=[each.coverage for each in found.risk],
        y=[each.wrong for each in found.risk],
        mode="lines+markers",
        showlegend=False,
        line={"color": ACCENT, "width": 2},
        marker={"color": ACCENT, "size": 8},
        hovertemplate="surest %{x:.0%}: wrong %{y:.1%}<extra></extra>",
    )
    most = max((each.wrong for each in found.risk), default=0.0)
    return _square(picture, "coverage: units left to the judge, the surest first", "wrong", [-0.01, max(0.05, most) * 1.15])


def _square(picture: go.Figure, x: str, y: str, rows: list[float]) -> go.Figure:
    axis = {"showgrid": True, "gridcolor": GRID, "zeroline": False}
    picture.update_layout(
        template="simple_white",
        font=FONT,
        height=320,
        margin={"l": 10, "r": 10, "t": 10, "b": 40},
        xaxis={**axis, "title": {"text": x, "font": {"size": 14}}, "range": [-0.04, 1.04]},
        yaxis={**axis, "title": {"text": y, "font": {"size": 14}}, "range": rows},
    )
    return picture
