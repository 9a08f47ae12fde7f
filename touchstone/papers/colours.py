"""Colour for quantities: one hue that begins at the paper's own colour, so that few look little and many look much.

In print as on a screen, by day as in the dark.
"""

from collections.abc import Sequence
from typing import NamedTuple

WHITE, BLACK = "#ffffff", "#000000"
MOST = "#0f5c63"  # the colour of the largest number
LEAST = 0.06  # of the scale: a cell with one of a thousand drafts is not the colour of none


class Shades(NamedTuple):
    """The colours of none and of the largest number."""

    none: str
    most: str


ON_WHITE = Shades(WHITE, MOST)
ON_DARK = Shades("#12191c", "#8adbe0")  # none: --paper of colours.css in the dark


class MapCell(NamedTuple):
    """One cell of a map: its colour and that of its number."""

    colour: str
    number: str


def share_of(number: int, most: int) -> float:
    """How far along the scale a number stands, 0 to 1: 0 for none alone."""
    return max(number / most, LEAST) if number else 0.0


def shade(share: float, scale: Shades = ON_WHITE) -> str:
    """The colour of a share from 0 to 1 of the largest number."""
    ends = zip(_parts(scale.none), _parts(scale.most), strict=True)
    return "#" + "".join(f"{round(none + (most - none) * share):02x}" for none, most in ends)


def readable_on(colour: str) -> str:
    """Black or white, whichever is easier to read on a colour: 4.5 to 1 or more (WCAG 2.2, 1.4.3)."""
    return max(BLACK, WHITE, key=lambda ink: contrast(ink, colour))


def map_cells(table: Sequence[Sequence[int]], scale: Shades = ON_WHITE) -> list[list[MapCell]]:
    """The cells of a confusion map, row by row."""
    most = max((max(row) for row in table), default=0) or 1
    colours = [[shade(share_of(number, most), scale) for number in row] for row in table]
    return [[MapCell(colour, readable_on(colour)) for colour in row] for row in colours]


def contrast(one: str, other: str) -> float:
    """How far two colours are apart, 1 to 21 (WCAG 2.2)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance of a colour such as "#0f5c63", 0 to 1 (WCAG 2.2)."""
    parts = [part / 255 for part in _parts(colour)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _parts(colour: str) -> Sequence[int]:
    return [int(colour[place : place + 2], 16) for place in (1, 3, 5)]
