"""Pictures of agreement. Numbers stand in the cells and beside the points; colour only repeats them. Drawn in the colours of the
light look, which ui/base/colours.py turns into those of the look in effect."""

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import plotly.graph_objects as go
import streamlit as st
from plotly.io import templates

from touchstone.agreement.figure import Figure, short
from touchstone.comparison.two_rounds import direction
from touchstone.planning.plan import Curve, SizeAnswer
from ui.base.colours import COLOURS, see_through
from workflow.agreement.forest import ForestRow, lowest_end
from workflow.comparison.two_rounds import DimensionChange

ACCENT, AMBER, AMBER_INK, INK, QUIET, GRID, PAGE = (
    COLOURS[name].light for name in ("accent", "amber", "amber-badge", "ink", "quiet", "hairline", "page")
)
NO_COLOUR = "rgba(0,0,0,0)"
ROW = 42  # pixels of a row: a name, and under it the marks
LINE, HEADING = 44, 26  # characters of a name in a line, on the narrowest screen, and of a heading over a column of a few
FONT = {"family": "Source Sans, sans-serif", "size": 14, "color": INK}


def show(picture: go.Figure, *, key: str, alt: str) -> None:
    """The picture, without Streamlit's colours and Plotly's tool bar; `alt` says what it shows to whoever does not see it."""
    picture.update_layout(
        paper_bgcolor=NO_COLOUR,
        plot_bgcolor=NO_COLOUR,
        hoverlabel={"bgcolor": PAGE, "bordercolor": QUIET, "font": {"color": INK}},
    )
    picture.update_xaxes(linecolor=INK, tickcolor=INK)
    picture.update_yaxes(linecolor=INK, tickcolor=INK)
    st.plotly_chart(picture, config={"displayModeBar": False}, theme=None, key=key, alt=alt)


def draw_one_unseen() -> None:
    """A picture that nobody sees: what Plotly reads of itself for the first is most of what that takes."""
    picture = go.Figure(go.Scatter(x=[0], y=[0], error_x={"array": [0]}), {"template": templates["plotly"], "font": FONT})
    picture.add_trace(go.Heatmap(z=[[0]]))
    picture.add_annotation(x=0, y=0, text="", font=FONT)
    picture.update_layout(hoverlabel={"font": FONT}, legend={"font": FONT}, margin={"l": 0})
    picture.update_xaxes(title={"text": "", "font": FONT}, tickfont=FONT)
    picture.to_json()


def plain(name: str) -> str:
    """A name for a title, in which Plotly would read tags and $…$."""
    return name.replace("<", "‹").replace(">", "›").replace("$", "＄")


def wrapped(name: str, most: int) -> str:
    """A name for a picture in lines of so many characters at most, where its words allow."""
    return "<br>".join(textwrap.wrap(plain(name), most, break_long_words=False)) or plain(name)


class Point(NamedTuple):
    """A defined figure with the ends of its interval."""

    name: str
    value: float
    low: float
    high: float


def points(figures: Iterable[tuple[str, Figure | None]]) -> list[Point]:
    """The figures that are defined, each under its name."""
    return [
        Point(name, figure.value, figure.low, figure.high)
        for name, figure in figures
        if figure is not None and figure.value is not None and figure.low is not None and figure.high is not None
    ]


class Look(NamedTuple):
    """How a kind of points is drawn, and the words for it in the legend ("" for none)."""

    colour: str
    symbol: str
    words: str = ""


def add_points(picture: go.Figure, drawn: Sequence[Point], look: Look, *, sign: str = "", small: bool = False) -> None:
    """Points in rows by name, each with its interval. `sign`: "+" writes a difference with its sign."""
    thin = {"thickness": 1.6, "width": 4} if small else {"thickness": 2, "width": 6}
    picture.add_scatter(
        x=[point.value for point in drawn],
        y=[point.name for point in drawn],
        mode="markers",
        name=look.words or None,
        showlegend=bool(look.words),
        marker={"color": look.colour, "symbol": look.symbol, "size": 10 if small else 12},
        error_x={
            "type": "data",
            "symmetric": False,
            "color": look.colour,
            "array": [point.high - point.value for point in drawn],
            "arrayminus": [point.value - point.low for point in drawn],
            **thin,
        },
        hovertemplate=f"%{{y}}: %{{x:{sign}.2f}}<extra></extra>",
    )


FLAGGED = {
    True: Look(AMBER, "diamond", "flagged"),
    False: Look(ACCENT, "circle", "not flagged"),
    None: Look(ACCENT, "circle", "no threshold applies"),
}
DIRECTIONS = {
    "rose": Look(ACCENT, "circle", "rose"),
    "fell": Look(AMBER, "diamond", "fell"),
    "undecided": Look(QUIET, "square", "inconclusive"),
}


def lay_out_rows(
    picture: go.Figure, names: Sequence[str], *, scale: Mapping[str, object], below: int, title: str = "", over: str = ""
) -> None:
    """A row a name, the first on top, under a legend. Each name stands above its row from the left edge on, so that a phone has
    room for it and for the figures. `scale` and `title`: of the axis of the figures; `below`: pixels beneath the rows; `over`: a
    title of the whole in place of the legend."""
    lines = [wrapped(name, LINE) for name in names]
    most = max((line.count("<br>") for line in lines), default=0)
    heading = wrapped(over, HEADING)
    top = 20 + 18 * heading.count("<br>") if over else 34
    picture.update_layout(
        template="simple_white",
        font=FONT,
        height=top + below + round((ROW + 17 * most) * (max(len(names), 1) + 0.3)) + (24 if title else 0),
        showlegend=not over,
        margin={"l": 10, "r": 10, "t": top, "b": below + (24 if title else 0)},
        legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "font": {"size": 13}},
        annotations=[*(_name_over(*each) for each in zip(names, lines, strict=True)), *([_heading(heading)] if over else [])],
        xaxis={"showgrid": True, "gridcolor": GRID, "title": title or None, **scale},
        yaxis={
            "type": "category",
            "categoryorder": "array",
            "categoryarray": list(names)[::-1],
            "range": [-0.5, max(len(names), 1) - 0.2],
            "title": None,
            "showticklabels": False,
            "ticks": "",
            "showline": False,
        },
    )


def _name_over(name: str, lines: str) -> dict[str, Any]:
    """A name above its row, out of the way of the marks on it."""
    at = {"x": 0, "xref": "paper", "xanchor": "left", "y": name, "yanchor": "bottom", "yshift": 8}
    return {**at, "text": lines, "align": "left", "showarrow": False, "font": {"size": 13}}


def _heading(lines: str) -> dict[str, Any]:
    at = {"x": 0, "xref": "paper", "xanchor": "left", "y": 1, "yref": "paper", "yanchor": "bottom"}
    return {**at, "text": lines, "align": "left", "showarrow": False, "font": {"size": 13, "weight": 700}}


def forest(rows: Sequence[ForestRow], mark: str = "") -> go.Figure:
    """Each dimension's statistic with its interval against its threshold; the first row on top. `mark`: what must stand
    in the picture about its labels."""
    shown = [(row, Point(row.title, *row.ends)) for row in rows if row.ends]
    picture = go.Figure()
    for flagged, look in FLAGGED.items():
        some = [point for row, point in shown if row.flagged is flagged]
        if some or flagged is not None:
            add_points(picture, some, look)
    if held := [row for row, _ in shown if row.threshold is not None]:
        picture.add_scatter(
            x=[row.threshold for row in held],
            y=[row.title for row in held],
            mode="markers",
            name="threshold",
            hovertemplate="threshold %{x:.2f}<extra></extra>",
            marker={"symbol": "line-ns-open", "size": 22, "color": QUIET, "line": {"width": 2}},
        )
    scale = {"range": [lowest_end(rows) - 0.02, 1.02], "dtick": 0.2}
    lay_out_rows(picture, [row.title for row, _ in shown], scale=scale, below=30, title=plain(mark))
    return picture


def differences(changes: Sequence[DimensionChange]) -> go.Figure:
    """After minus before of each dimension with its interval, against no change at 0; the first on top."""
    compared = [(plain(change.title), change.compared.judged) for change in changes if change.compared]
    shown = points((title, judged.difference) for title, judged in compared)
    picture = go.Figure()
    for which, look in DIRECTIONS.items():
        add_points(
            picture,
            points((title, judged.difference) for title, judged in compared if direction(judged) == which),
            look,
            sign="+",
        )
    picture.add_vline(x=0, line={"color": INK, "width": 1.5}, opacity=1)
    reach = max([0.2, *(abs(end) for point in shown for end in (point.low, point.high))]) * 1.08
    scale = {"range": [-reach, reach], "dtick": 0.2 if reach > 0.5 else 0.1, "tickformat": "+.1f", "zeroline": False}
    lay_out_rows(picture, [point.name for point in shown], scale=scale, below=34)
    return picture


def sizes(point: float, curve: Curve, answer: SizeAnswer, *, against_threshold: bool) -> go.Figure:
    """The interval to expect around `point` at each number of drafts, with the threshold and the range that was answered."""
    ends = [end for end in (answer.work.start, answer.work.end) if end is not None]
    exact = [size for size in answer.as_it_stands.values() if size]
    last = min(max(1.4 * max(ends + exact, default=700), 300), curve.sizes[-1])
    shown = [place for place, size in enumerate(curve.sizes) if size <= last]
    x = [curve.sizes[place] for place in shown]
    picture = go.Figure()
    for name, heights, more in (("high end", curve.high, {}), ("low end", curve.low, {"fill": "tonexty"})):
        picture.add_scatter(
            x=x,
            y=[heights[place] for place in shown],
            mode="lines",
            name=name,
            showlegend=False,
            line={"color": ACCENT, "width": 2},
            fillcolor=see_through("accent", 0.1),
            hovertemplate="%{x} drafts: " + name + " %{y:.2f}<extra></extra>",
            **more,
        )
    picture.add_hline(point, line={"color": ACCENT, "dash": "dot", "width": 1}, opacity=1)
    if against_threshold:
        picture.add_hline(
            answer.asked,
            line={"color": INK, "dash": "dash", "width": 2},
            opacity=1,  # the template would shade it
            annotation_position="top right" if answer.asked > curve.high[shown[-1]] else "bottom right",
            annotation_text=f"threshold {short(answer.asked)}",
            annotation_font={"color": INK},
            annotation_bgcolor=PAGE,  # a curve may run below it
        )
    if ends and not answer.never:
        picture.add_vrect(
            x0=ends[0],
            x1=max(ends[-1] if answer.work.end else last, ends[0] + last / 150),
            fillcolor=see_through("amber", 0.1),
            line_width=0,
            opacity=1,
            annotation_text=f"{answer.in_words()} drafts",
            annotation_position="top left" if ends[0] < last / 2 else "top right",
            annotation_font={"color": AMBER_INK},
        )
    picture.update_layout(
        template="simple_white",
        font=FONT,
        height=300,
        margin={"l": 10, "r": 10, "t": 10, "b": 40},
        showlegend=False,
        xaxis={"title": {"text": "drafts", "font": {"size": 14}}, "range": [0, last], "showgrid": True, "gridcolor": GRID},
        yaxis={
            "range": [min(curve.low[0], answer.asked if against_threshold else 1) - 0.05, 1.02],
            "tickvals": (ticks := [place / 10 for place in range(-10, 11)]),
            "ticktext": [short(each) for each in ticks],
            "title": None,
            "showgrid": True,
            "gridcolor": GRID,
        },
    )
    return picture
