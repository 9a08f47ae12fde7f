"""The colours of ui/base/style/colours.css, for what is not drawn by a style sheet: pictures.

Plotly writes a colour into each part of a picture, and takes no variable of CSS for one. So a picture is drawn in the light look,
and `FOLLOWING` finds each part again by that colour and gives it the variable in its stead: the picture changes with the theme as
the page does, at once and without being drawn anew. Hence no two colours of `IN_PICTURES` may be the same in the light look.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from markupsafe import Markup


class Looks(NamedTuple):
    """One colour in both looks, each as "#0f5c63" or, with its alpha, "#0f5c6300"."""

    light: str
    dark: str


SHEET = Path(__file__).parent / "style" / "colours.css"
COLOURS = {
    name: Looks(light, dark)
    for name, light, dark in re.findall(r"--ts-([\w-]{1,40}+): light-dark\((#\w+), (#\w+)\);", SHEET.read_text(encoding="utf-8"))
}
ON_CELLS = ("on-few", "on-some", "on-many")  # the number in a cell of a map, as its colour deepens
IN_PICTURES = ("ink", "quiet", "hairline", "accent", "amber", "amber-badge", "page", "cell", *ON_CELLS)


def parts(colour: str) -> Sequence[int]:
    """Red, green and blue, 0 to 255; the alpha is left out."""
    return [int(colour[place : place + 2], 16) for place in (1, 3, 5)]


def see_through(name: str, share: float) -> str:
    """The light colour of that name, `share` of it covering what is behind, 0 to 1."""
    return f"rgba({','.join(map(str, parts(COLOURS[name].light)))},{share:.3f})"


def over_page(name: str, share: float) -> Looks:
    """What the eye meets in either look where `share` of a colour covers the page."""
    return Looks(*(_mixed(top, page, share) for top, page in zip(COLOURS[name], COLOURS["page"], strict=True)))


def _mixed(top: str, below: str, share: float) -> str:
    mixed = (round(one * share + other * (1 - share)) for one, other in zip(parts(top), parts(below), strict=True))
    return "#" + "".join(f"{part:02x}" for part in mixed)


def _rules(name: str) -> Markup:
    red, green, blue = parts(COLOURS[name].light)
    return Markup("\n").join(
        Markup('.js-plotly-plot [style*="{0}: rgb({1}, {2}, {3})"] {{ {0}: var(--ts-{4}) !important; }}').format(
            what, red, green, blue, name
        )
        for what in ("fill", "stroke")
    )


FOLLOWING = Markup("\n").join(map(_rules, IN_PICTURES))
