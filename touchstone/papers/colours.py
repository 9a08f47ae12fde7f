"""Colour for quantities: one hue from white to dark, so that few look little and many look much, in print as on a screen."""

from collections.abc import Sequence

WHITE, BLACK = "#ffffff", "#000000"
MOST = "#0f5c63"  # the colour of the largest number


def shade(share: float) -> str:
    """The colour of a share from 0 to 1 of the largest number: white for none."""
    return "#" + "".join(f"{round(255 + (part - 255) * share):02x}" for part in _parts(MOST))


def readable_on(colour: str) -> str:
    """Black or white, whichever is easier to read on a colour: 4.5 to 1 or more (WCAG 2.2, 1.4.3)."""
    light = luminance(colour) + 0.05
    return WHITE if 1.05 / light > light / 0.05 else BLACK


def luminance(colour: str) -> float:
    """Relative luminance of a colour such as "#0f5c63", 0 to 1 (WCAG 2.2)."""
    parts = [part / 255 for part in _parts(colour)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _parts(colour: str) -> Sequence[int]:
    return [int(colour[place : place + 2], 16) for place in (1, 3, 5)]
