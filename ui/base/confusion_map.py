"""The confusion map: how often each level of one met each level of the other, as a picture, and as a table to be heard."""

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import plotly.graph_objects as go
from markupsafe import Markup

from touchstone.papers.colours import contrast, share_of
from touchstone.rubric.model import Dimension
from ui.base import charts
from ui.base.colours import COLOURS, ON_CELLS, over_page, see_through
from ui.base.markup import NOTHING, draw

LINES = {"x": 6, "y": 14}  # characters of a level's title in one line of an axis
UPRIGHT = 8  # characters up to which words beneath columns do not meet on a phone; longer ones are turned
TITLE = 24  # and of an axis's own title
BESIDE = 5  # characters of a column's sum up to which it stands beside its Σ; a longer one stands below it, as on a phone
DIGIT, EDGE = 7.6, 14  # pixels of a character of a sum, and between the cells and the sums


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


def show(
    pair: Counts, *, key: str, dimension: Dimension | None = None, mark: str = "", chosen: tuple[int, int] | None = None
) -> None:
    """The map under the names of both, their levels with the titles of `dimension`. `mark`: what must stand in the picture about
    its labels; `chosen`: the row and column of a cell to frame."""
    levels = [level_title(level, dimension) for level in pair.levels]
    charts.show(
        picture(pair, levels, mark, chosen),
        key=key,
        alt=f"Confusion matrix of {pair.a} (rows) and {pair.b} (columns); the table after it has the numbers",
    )
    draw(_as_table(pair, levels))


def level_title(level: int | str, dimension: Dimension | None) -> str:
    """A level with its title: "2 Specific and true". The level alone where it has none of its own."""
    return dimension.in_words(level) if dimension else str(level)


def picture(pair: Counts, levels: Sequence[str], mark: str = "", chosen: tuple[int, int] | None = None) -> go.Figure:
    """The map with both marginals around it; where both gave one level, the cell is outlined. The titles of levels stand beside
    the rows alone: beneath the columns of a phone there is no room for them."""
    counts = [list(row) for row in pair.table]
    most = max((max(row) for row in counts), default=0) or 1
    a, b = (charts.wrapped(name, TITLE) for name in (pair.a, pair.b))
    places = list(range(len(levels)))
    drawn = go.Figure(
        go.Heatmap(
            z=[[share_of(number, most) for number in row] for row in counts],
            x=places,
            y=places,
            customdata=counts,
            text=[[charts.plain(f"{pair.a} {one}, {pair.b} {other}") for other in levels] for one in levels],
            # What answers to the pointer; the colours are shapes, each of which can follow the page into the dark.
            colorscale=[[0, charts.NO_COLOUR], [1, charts.NO_COLOUR]],
            showscale=False,
            zmin=0,
            zmax=1,
            xgap=2,
            ygap=2,
            hovertemplate="%{text}: %{customdata:,}<extra></extra>",
        )
    )
    # All at once: each call of add_annotation or add_shape would check those before it again.
    drawn.update_layout(
        annotations=[*_numbers(counts, most), *_totals(counts)],
        shapes=[
            *_cells(counts, most),
            *(_frame(place, place, charts.INK, 1.5) for place in places),
            *([_frame(*chosen, charts.AMBER, 4)] if chosen else []),
        ],
        template="simple_white",
        font=charts.FONT,
        height=150 + 56 * len(levels),
        margin={"l": 10, "r": _room(counts), "t": 56, "b": 10} if _is_long(counts) else {"l": 10, "r": 50, "t": 40, "b": 10},
        xaxis={**_axis("x", list(map(str, pair.levels))), **_title(b + (f"<br><sub>{charts.plain(mark)}</sub>" if mark else ""))},
        yaxis={**_axis("y", levels), **_title(a), "autorange": "reversed"},
    )
    return drawn


def _axis(which: str, levels: Sequence[str]) -> dict[str, Any]:
    words = [charts.wrapped(level, LINES[which]) for level in levels]
    turned = which == "x" and max(len(line) for word in words for line in word.split("<br>")) > UPRIGHT
    ticks = {"tickvals": list(range(len(levels))), "ticktext": words, "tickangle": -40 if turned else 0, "tickfont": {"size": 13}}
    return {**ticks, "ticks": "", "showline": False, "showgrid": False}


def _title(words: str) -> dict[str, Any]:
    return {"title": {"text": words, "font": {"size": 15}}}


def _frame(row: int, column: int, colour: str, width: float, fill: str = charts.NO_COLOUR) -> dict[str, Any]:
    return {
        "type": "rect",
        "x0": column - 0.48,
        "x1": column + 0.48,
        "y0": row - 0.48,
        "y1": row + 0.48,
        "opacity": 1,  # the template would shade it
        "fillcolor": fill,
        "line": {"color": colour, "width": width},
    }


def _cells(counts: Sequence[Sequence[int]], most: int) -> Iterator[dict[str, Any]]:
    """One hue, of which more covers the page the larger the count is."""
    for row, numbers in enumerate(counts):
        for column, number in enumerate(numbers):
            if number:
                yield _frame(row, column, charts.NO_COLOUR, 0, see_through("cell", share_of(number, most))) | {"layer": "below"}


def ink_on(share: float) -> str:
    """The name of the colour of a number on a cell with `share` of the colour of cells: readable there in either look."""
    cell = over_page("cell", share)
    return max(ON_CELLS, key=lambda name: min(map(contrast, COLOURS[name], cell)))


def _numbers(counts: Sequence[Sequence[int]], most: int) -> Iterator[dict[str, Any]]:
    """Each count in its cell, in a colour that can be read on the cell's."""
    longest = max((len(f"{number:,}") for numbers in counts for number in numbers), default=0)
    size = 16 if longest <= 5 else 13 if longest <= 6 else 11  # four levels fit on a phone
    for row, numbers in enumerate(counts):
        for column, number in enumerate(numbers):
            colour = COLOURS[ink_on(share_of(number, most))].light if number else charts.QUIET
            yield {"x": column, "y": row, "text": f"{number:,}", "showarrow": False, "font": {"size": size, "color": colour}}


def _totals(counts: Sequence[Sequence[int]]) -> Iterator[dict[str, Any]]:
    """The marginals, above each column and to the right of each row."""
    quiet = {"showarrow": False, "font": {"color": charts.QUIET, "size": 13}}
    between = "<br>" if _is_long(counts) else " "
    for place, (of_column, of_row) in enumerate(_sums(counts)):
        yield {"x": place, "text": f"Σ{between}{of_column:,}", "y": 1, "yref": "paper", "yanchor": "bottom", "yshift": 6, **quiet}
        yield {"y": place, "text": f"Σ {of_row:,}", "x": 1, "xref": "paper", "xanchor": "left", "xshift": 6, **quiet}


def _sums(counts: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    """Of each level in turn: of its column, and of its row."""
    return [(sum(row[place] for row in counts), sum(counts[place])) for place in range(len(counts))]


def _longest(counts: Sequence[Sequence[int]]) -> int:
    """Characters of the longest sum."""
    return max((len(f"{number:,}") for both in _sums(counts) for number in both), default=0)


def _is_long(counts: Sequence[Sequence[int]]) -> bool:
    return _longest(counts) > BESIDE


def _room(counts: Sequence[Sequence[int]]) -> int:
    """Pixels to the right of the cells in which the longest sum is whole."""
    return round(EDGE + DIGIT * (2 + _longest(counts)))


def _as_table(pair: Counts, levels: Sequence[str]) -> Markup:
    """The same numbers as a table that is heard and not seen."""
    a, b = pair.a, pair.b
    head = NOTHING.join(Markup('<th scope="col">{}: {}</th>').format(b, level) for level in levels)
    rows = NOTHING.join(
        Markup('<tr><th scope="row">{}: {}</th>{}</tr>').format(
            a, level, NOTHING.join(Markup("<td>{}</td>").format(f"{number:,}") for number in numbers)
        )
        for level, numbers in zip(levels, pair.table, strict=True)
    )
    return Markup(
        '<div class="ts-heard"><table><caption>{} (rows) and {} (columns)</caption>'
        "<thead><tr><td></td>{}</tr></thead><tbody>{}</tbody></table></div>"
    ).format(a, b, head, rows)
