"""Pictures of agreement. Numbers stand in the cells and beside the points; colour only repeats them."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

import plotly.graph_objects as go
import streamlit as st

from touchstone.agreement.figure import Figure
from touchstone.comparison.two_rounds import direction
from touchstone.planning.plan import Curve, SizeAnswer
from workflow.agreement.forest import ForestRow, lowest_end
from workflow.comparison.two_rounds import DimensionChange

ACCENT, AMBER, INK, QUIET = "#0f5c63", "#a06a00", "#1c2529", "#56646a"
FONT = {"family": "Source Sans, sans-serif", "size": 14, "color": INK}


def show(picture: go.Figure, *, key: str, alt: str) -> None:
    """The picture, without Streamlit's colours and Plotly's tool bar; `alt` says what it shows to whoever does not see it."""
    st.plotly_chart(picture, config={"displayModeBar": False}, theme=None, key=key, alt=alt)


def plain(name: str) -> str:
    """A name for a title, in which Plotly would read tags and $…$."""
    return name.replace("<", "‹").replace(">", "›").replace("$", "＄")


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


def intervals(drawn: Sequence[Point], colour: str, *, thickness: float = 2, width: int = 6) -> dict[str, object]:
    """Each point's interval as Plotly's error bars to the right and left of it."""
    return {
        "type": "data",
        "symmetric": False,
        "color": colour,
        "thickness": thickness,
        "width": width,
        "array": [point.high - point.value for point in drawn],
        "arrayminus": [point.value - point.low for point in drawn],
    }


def forest(rows: Sequence[ForestRow], mark: str = "") -> go.Figure:
    """Each dimension's statistic with its interval against its threshold; the first row on top. `mark`: what must stand
    in the picture about its labels."""
    shown = [(row, Point(row.title, *row.ends)) for row in rows if row.ends]
    picture = go.Figure()
    for flagged, colour, symbol, words in (
        (True, AMBER, "diamond", "flagged: below its threshold"),
        (False, ACCENT, "circle", "not flagged"),
        (None, ACCENT, "circle", "no threshold applies"),
    ):
        some = [point for row, point in shown if row.flagged is flagged]
        if flagged is None and not some:
            continue
        picture.add_scatter(
            x=[point.value for point in some],
            y=[point.name for point in some],
            mode="markers",
            name=words,
            marker={"color": colour, "symbol": symbol, "size": 12},
            error_x=intervals(some, colour),
            hovertemplate="%{y}: %{x:.2f}<extra></extra>",
        )
    if held := [row for row, _ in shown if row.threshold is not None]:
        picture.add_scatter(
            x=[row.threshold for row in held],
            y=[row.title for row in held],
            mode="markers",
            name="threshold",
            hovertemplate="threshold %{x:.2f}<extra></extra>",
            marker={"symbol": "line-ns-open", "size": 34, "color": QUIET, "line": {"width": 2}},
        )
    picture.update_layout(
        template="simple_white",
        font=FONT,
        height=70 + 46 * max(len(shown), 1) + (24 if mark else 0),
        showlegend=True,
        margin={"l": 10, "r": 10, "t": 34, "b": 30},
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
        xaxis={
            "range": [lowest_end(rows) - 0.02, 1.02],
            "dtick": 0.2,
            "showgrid": True,
            "gridcolor": "#e6eaec",
            "title": plain(mark) or None,
        },
        yaxis={
            "categoryorder": "array",
            "title": None,
            "ticks": "",
            "showline": False,
            "categoryarray": [row.title for row, _ in reversed(shown)],
        },
    )
    return picture


def differences(changes: Sequence[DimensionChange]) -> go.Figure:
    """After minus before of each dimension with its interval, against no change at 0; the first on top."""
    compared = [(plain(change.title), change.compared.judged) for change in changes if change.compared]
    shown = points((title, judged.difference) for title, judged in compared)
    picture = go.Figure()
    for which, colour, symbol, words in (
        ("rose", ACCENT, "circle", "rose"),
        ("fell", AMBER, "diamond", "fell"),
        ("undecided", QUIET, "square", "inconclusive"),
    ):
        some = points((title, judged.difference) for title, judged in compared if direction(judged) == which)
        picture.add_scatter(
            x=[point.value for point in some],
            y=[point.name for point in some],
            mode="markers",
            name=words,
            marker={"color": colour, "symbol": symbol, "size": 12},
            error_x=intervals(some, colour),
            hovertemplate="%{y}: %{x:+.2f}<extra></extra>",
        )
    picture.add_vline(x=0, line={"color": INK, "width": 1.5})
    ends = [abs(end) for point in shown for end in (point.low, point.high)]
    reach = max([0.2, *ends]) * 1.08
    picture.update_layout(
        template="simple_white",
        font=FONT,
        height=74 + 46 * max(len(shown), 1),
        showlegend=True,
        margin={"l": 10, "r": 10, "t": 34, "b": 34},
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
        xaxis={
            "range": [-reach, reach],
            "dtick": 0.2 if reach > 0.5 else 0.1,
            "tickformat": "+.1f",
            "showgrid": True,
            "gridcolor": "#e6eaec",
            "title": None,
            "zeroline": False,
        },
        yaxis={
            "categoryorder": "array",
            "title": None,
            "ticks": "",
            "showline": False,
            "categoryarray": [point.name for point in reversed(shown)],
        },
    )
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
            fillcolor="rgba(15,92,99,.10)",
            hovertemplate="%{x} drafts: " + name + " %{y:.2f}<extra></extra>",
            **more,
        )
    picture.add_hline(point, line={"color": ACCENT, "dash": "dot", "width": 1})
    if against_threshold:
        picture.add_hline(
            answer.asked,
            line={"color": INK, "dash": "dash", "width": 2},
            annotation_position="bottom right",
            annotation_text=f"threshold {answer.asked:.2f}",
            annotation_font={"color": INK},
        )
    if ends and not answer.never:
        picture.add_vrect(
            x0=ends[0],
            x1=max(ends[-1] if answer.work.end else last, ends[0] + last / 150),
            fillcolor="rgba(160,106,0,.25)",
            line_width=0,
            annotation_text=f"{answer.in_words()} drafts",
            annotation_position="top left",
            annotation_font={"color": AMBER},
        )
    picture.update_layout(
        template="simple_white",
        font=FONT,
        height=300,
        margin={"l": 10, "r": 10, "t": 10, "b": 40},
        showlegend=False,
        xaxis={"title": {"text": "drafts", "font": {"size": 14}}, "range": [0, last], "showgrid": True, "gridcolor": "#e6eaec"},
        yaxis={
            "range": [min(curve.low[0], answer.asked if against_threshold else 1) - 0.05, 1.02],
            "tickformat": ".2f",
            "title": None,
            "showgrid": True,
            "gridcolor": "#e6eaec",
        },
    )
    return picture


class Counts(Protocol):
    """How often each level of `a`, a row each, met each level of `b`."""

    @property
    def levels(self) -> Sequence[int | str]: ...
    @property
    def table(self) -> Sequence[Sequence[int]]: ...
    @property
    def a(self) -> str: ...
    @property
    def b(self) -> str: ...


def confusion(pair: Counts, mark: str = "", chosen: tuple[int, int] | None = None) -> go.Figure:
    """How often each level of one annotator met each level of the other, with both marginals around it. `mark`: what must
    stand in the picture about its labels. `chosen`: the row and column of a cell to frame."""
    levels = [str(level) for level in pair.levels]
    counts = [list(row) for row in pair.table]
    most = max((max(row) for row in counts), default=0)
    picture = go.Figure(
        go.Heatmap(
            z=[[number or None for number in row] for row in counts],
            x=levels,
            y=levels,
            colorscale="Cividis",
            reversescale=True,
            showscale=False,
            zmin=0,
            zmax=most or 1,
            xgap=2,
            ygap=2,
            hovertemplate=f"{plain(pair.a)} %{{y}}, {plain(pair.b)} %{{x}}: %{{z}}<extra></extra>",
        )
    )
    cells = [
        {
            "x": levels[column],
            "y": levels[row],
            "text": str(number),
            "showarrow": False,
            "font": {"size": 16, "color": "#ffffff" if number > most / 2 else INK if number else "#9aa6ab"},
        }
        for row, numbers in enumerate(counts)
        for column, number in enumerate(numbers)
    ]
    quiet = {"showarrow": False, "font": {"color": QUIET, "size": 13}}
    below = {"y": 1.03, "yref": "paper", "yanchor": "bottom", **quiet}
    beside = {"x": 1.02, "xref": "paper", "xanchor": "left", **quiet}
    margins = [
        words
        for place, level in enumerate(levels)
        for words in (
            {"x": level, "text": f"Σ {sum(row[place] for row in counts)}", **below},
            {"y": level, "text": f"Σ {sum(counts[place])}", **beside},
        )
    ]
    # All at once: each call of add_annotation would check those before it again.
    picture.update_layout(annotations=[*cells, *margins])
    if chosen is not None:
        row, column = chosen
        picture.add_shape(
            type="rect",
            x0=column - 0.5,
            x1=column + 0.5,
            y0=row - 0.5,
            y1=row + 0.5,
            opacity=1,
            fillcolor="rgba(0,0,0,0)",
            line={"color": AMBER, "width": 4},
        )  # the template would shade it
    picture.update_layout(
        template="simple_white",
        font=FONT,
        height=130 + 52 * len(levels),
        margin={"l": 10, "r": 50, "t": 40, "b": 10},
        xaxis={
            "title": plain(pair.b) + (f"<br><sub>{plain(mark)}</sub>" if mark else ""),
            "type": "category",
            "ticks": "",
            "showline": False,
        },
        yaxis={"title": plain(pair.a), "type": "category", "autorange": "reversed", "ticks": "", "showline": False},
    )
    return picture
