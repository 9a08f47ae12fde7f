"""Pictures of agreement drawn from the numbers: SVG for a page, characters for a text. Colour only repeats the numbers.

Coordinates are rounded to a tenth, so the same numbers give the same bytes.
"""

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from workflow.agreement.forest import ForestRow, axis_from

# Classes of shapes: paper.css gives each its colour, on white, in the dark and among a reader's own.
ACCENT, AMBER, QUIET, GRID = "of-accent", "of-amber", "of-quiet", "of-grid"
WIDTH, RIGHT, TOP, ROW = 800, 130, 30, 34
TEXT_WIDTH = 51
TICKS = (0, 0.5, 1)


def _shape(name: str, words: str | None = None, kind: str = "", **attributes: object) -> Markup:
    """An SVG element; a name's low line stands for a hyphen, and `kind` is its class."""
    attributes |= {"class": kind} if kind else {}
    inside = Markup("").join(Markup(' {}="{}"').format(key.replace("_", "-"), value) for key, value in attributes.items())
    end = Markup("/>") if words is None else Markup(">{}</{}>").format(words, Markup(name))
    return Markup("<{}{}{}").format(Markup(name), inside, end)


def _text(x: float, y: float, words: str, kind: str = "", **attributes: object) -> Markup:
    return _shape("text", words, kind, x=_n(x), y=_n(y), **attributes)


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


def _short(title: str, most: int = 26) -> str:
    return title if len(title) <= most else title[: most - 1].rstrip() + "…"


def _tick(value: float) -> str:
    words = str(round(value)) if value == round(value) else f"{value:.1f}".replace("0.", ".")
    return words.replace("-", "−")


def forest(rows: Sequence[ForestRow]) -> Markup:
    """Each dimension's statistic with its interval against its threshold, as SVG; "" without a row."""
    if not rows:
        return Markup("")
    left = 20 + 7.2 * max(len(_short(row.title)) for row in rows)
    scale = _Scale(axis_from(rows), left, WIDTH - left - RIGHT)
    drawn = [_text(left, 15, "Point estimate and 95 % interval", kind=QUIET)]
    if any(row.threshold is not None for row in rows):
        drawn += _legend(left)
    drawn += _axis(scale, TOP, TOP + ROW * len(rows))
    for place, row in enumerate(rows):
        drawn += _row(row, scale, TOP + ROW * place + ROW / 2)
    said = "; ".join(row.said for row in rows)
    return Markup('<svg class="forest" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>').format(
        WIDTH, ROW * len(rows) + 62, f"Each dimension against its threshold: {said}", Markup("").join(drawn)
    )


class _Scale(NamedTuple):
    """An axis from `start` to 1, `width` long, that begins at `left`."""

    start: float
    left: float
    width: float

    def at(self, value: float) -> float:
        return self.left + (value - self.start) / (1 - self.start) * self.width

    def fifths(self) -> list[float]:
        return [self.start + step / 5 for step in range(round((1 - self.start) * 5) + 1)]


def _legend(left: float) -> list[Markup]:
    """Behind the words that stand at `left`, also where a reader's fonts are wide."""
    left += 230
    return [
        _diamond(left, 11, AMBER),
        _text(left + 12, 15, "flagged"),
        _shape("circle", cx=_n(left + 82), cy=11, r=5, kind=ACCENT),
        _text(left + 94, 15, "not flagged"),
        _line(left + 190, 3, left + 190, 19, QUIET, 2, "4 3"),
        _text(left + 200, 15, "threshold"),
    ]


def _axis(scale: _Scale, top: float, bottom: float) -> list[Markup]:
    drawn = []
    for tick in scale.fifths():
        drawn += [
            _line(scale.at(tick), top, scale.at(tick), bottom, GRID, 1),
            _text(scale.at(tick), bottom + 18, _tick(round(tick, 1)), text_anchor="middle"),
        ]
    return [*drawn, _line(scale.left, bottom, WIDTH - RIGHT, bottom, QUIET, 1)]


def _row(row: ForestRow, scale: _Scale, y: float) -> list[Markup]:
    drawn = [_text(scale.left - 14, y + 4.5, _short(row.title), text_anchor="end")]
    if row.threshold is not None:
        at = scale.at(row.threshold)
        drawn.append(_line(at, y - ROW / 2, at, y + ROW / 2, QUIET, 2, "4 3"))
    if row.ends is None:
        return [*drawn, _text(scale.left + 10, y + 4.5, row.words, font_style="italic")]
    kind = AMBER if row.flagged else ACCENT
    value, low, high = map(scale.at, row.ends)
    return [
        *drawn,
        _line(low, y, high, y, kind, 2.4),
        _line(low, y - 5, low, y + 5, kind, 2),
        _line(high, y - 5, high, y + 5, kind, 2),
        _diamond(value, y, kind) if row.flagged else _shape("circle", cx=_n(value), cy=_n(y), r="5.5", kind=kind),
        _text(WIDTH, y + 4.5, row.words, text_anchor="end"),
    ]


def _line(x1: float, y1: float, x2: float, y2: float, kind: str, width: float, dashes: str = "") -> Markup:
    return _shape(
        "line",
        x1=_n(x1),
        y1=_n(y1),
        x2=_n(x2),
        y2=_n(y2),
        kind=kind,
        stroke_width=width,
        **({"stroke_dasharray": dashes} if dashes else {}),
    )


def _diamond(x: float, y: float, kind: str) -> Markup:
    return _shape("path", d=f"M{_n(x - 7)} {_n(y)}L{_n(x)} {_n(y - 7)}L{_n(x + 7)} {_n(y)}L{_n(x)} {_n(y + 7)}Z", kind=kind)


def _along(number: float) -> float:
    return 6 + (max(number, -0.2) + 0.2) / 1.2 * 208


def interval_axis() -> Markup:
    """The head of a column of `interval`s."""
    return Markup('<svg class="interval" viewBox="0 0 220 18" role="img" aria-label="-0.2 to 1">{}</svg>').format(
        Markup("").join(_text(_along(tick), 14, _tick(tick), text_anchor="middle", kind=QUIET) for tick in TICKS)
    )


def interval(value: float, low: float, high: float, threshold: float | None = None) -> Markup:
    """One interval from -.2 (or what is lower, drawn at the edge) to 1, small enough for a table's cell."""
    made = [_line(_along(tick), 0, _along(tick), 18, GRID, 1) for tick in TICKS]
    if threshold is not None:
        made.append(_line(_along(threshold), 0, _along(threshold), 18, QUIET, 2, "3 2"))
    kind = AMBER if threshold is not None and value < threshold else ACCENT
    made += [_line(_along(low), 9, _along(high), 9, kind, 2), _shape("circle", cx=_n(_along(value)), cy=9, r="3.6", kind=kind)]
    return Markup('<svg class="interval" viewBox="0 0 220 18" aria-hidden="true">{}</svg>').format(Markup("").join(made))


def forest_in_text(rows: Sequence[ForestRow]) -> list[str]:
    """The same picture in characters, a line a dimension, for a block of fixed width."""
    if not rows:
        return []
    left = max(len(_short(row.title)) for row in rows)
    scale = _Scale(axis_from(rows), 0, TEXT_WIDTH - 1)
    ticks = [" "] * (TEXT_WIDTH + 2)
    for tick in scale.fifths():
        words, place = _tick(round(tick, 1)), round(scale.at(tick))
        ticks[place : place + len(words)] = words
    return [
        " " * left + "  " + "".join(ticks).rstrip(),
        *(f"{_short(row.title):>{left}}  {_row_in_text(row, scale)}  {row.words}" for row in rows),
        "",
        " " * left + "  ● point  ◆ point, flagged  ├──┤ 95 % interval  ┆ threshold",
    ]


def _row_in_text(row: ForestRow, scale: _Scale) -> str:
    cells = ["·" if cell in (round(scale.at(0)), round(scale.at(1))) else " " for cell in range(TEXT_WIDTH)]
    if row.ends:
        _, low, high = (round(scale.at(end)) for end in row.ends)
        cells[low : high + 1] = "─" * (high - low + 1)
        cells[low], cells[high] = "├", "┤"
    if row.threshold is not None:
        cells[round(scale.at(row.threshold))] = "┆"
    if row.ends:
        cells[round(scale.at(row.ends.value))] = "◆" if row.flagged else "●"
    return "".join(cells)
