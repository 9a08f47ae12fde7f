"""Colours: each has a look for the light and one for the dark, in one file, and what stands on it can be told from it in both."""

import re
import tomllib

import pytest

from tests.support.browsing import PROJECT
from touchstone.papers.colours import contrast
from ui.base import confusion_map
from ui.base.colours import COLOURS, IN_PICTURES, SHEET, Looks, over_page

SHEETS = {path.name: path.read_text(encoding="utf-8") for path in SHEET.parent.glob("*.css")}
THEME = tomllib.loads((PROJECT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
BOX = Looks(*(THEME[look]["secondaryBackgroundColor"] for look in Looks._fields))  # of Streamlit, behind what is filled in
# Each colour of words, and what it stands on: 4.5 to 1 (WCAG 2.2, 1.4.3).
WORDS = {
    "ink": ("page", "sheet", "tint", "amber-tint", "amber-mark", "red-tint", "red-mark", "box"),
    "quiet": ("page", "sheet", "tint", "amber-tint", "red-tint", "box"),
    "accent": ("page", "sheet", "tint", "amber-tint"),
    "accent-ink": ("tint", "page"),
    "on-accent": ("accent",),
    "amber-badge": ("amber-tint", "page"),
    "amber-strong": ("amber-mark",),
    "red": ("page",),
    "red-ink": ("page", "red-tint"),
    "red-strong": ("red-mark",),
    "red-deep": ("red-tint",),
}
# Marks, the edges of what can be pressed or filled in, and the focus: 3 to 1 (1.4.11).
MARKS = {
    "edge": ("page", "sheet", "tint", "box"),
    "accent": ("page", "sheet", "tint", "box", "track", "amber-tint"),
    "amber": ("page", "amber-tint", "amber-mark"),
    "red": ("page", "red-tint", "red-mark"),
    "red-ink": ("red-tint",),
    "quiet": ("page",),
}
PAIRS = [
    pytest.param(top, below, enough, look, id=f"{top} on {below}, {look}")
    for pairs, enough in ((WORDS, 4.5), (MARKS, 3.0))
    for top, several in pairs.items()
    for below in several
    for look in Looks._fields
]


@pytest.mark.parametrize(("top", "below", "enough", "look"), PAIRS)
def test_what_stands_on_a_colour_can_be_told_from_it(top, below, enough, look):
    behind = BOX if below == "box" else COLOURS[below]
    assert contrast(getattr(COLOURS[top], look), getattr(behind, look)) >= enough


def test_each_number_in_a_cell_can_be_read_in_both_looks():
    for share in (thousandth / 1000 for thousandth in range(1001)):
        looks = zip(COLOURS[confusion_map.ink_on(share)], over_page("cell", share), strict=True)
        assert min(contrast(*pair) for pair in looks) >= 4.5, share


def test_one_sheet_names_colours_and_gives_each_both_looks():
    declared = re.findall(r"--ts-([\w-]+):", SHEETS[SHEET.name].partition("@media")[0])
    assert list(COLOURS) == declared, "each is light-dark(#…, #…)"
    for name, sheet in SHEETS.items():
        named = re.findall(r"(?<![\w-])(?:#[0-9a-f]{3,8}\b|rgba?\(|hsla?\()", sheet)
        assert name == SHEET.name or not named, (name, named)


def test_every_colour_that_is_named_is_used_and_every_one_that_is_used_is_named():
    used = {name for sheet in SHEETS.values() for name in re.findall(r"var\(--ts-([\w-]+)", sheet)} | set(IN_PICTURES)
    own = {name for each, sheet in SHEETS.items() if each != SHEET.name for name in re.findall(r"--ts-([\w-]+):", sheet)}
    assert used - own - {"here", "here-tint"} == set(COLOURS)  # those two are set as a dimension comes into focus


def test_streamlit_draws_in_the_same_colours():
    assert "base" not in THEME, "the system says whether it is light or dark"
    ours = {"primaryColor": "accent", "backgroundColor": "page", "textColor": "ink", "linkColor": "accent", "borderColor": "edge"}
    for look in Looks._fields:
        assert {key: THEME[look][key] for key in ours} == {key: getattr(COLOURS[name], look) for key, name in ours.items()}
        assert set(THEME[look]) == set(THEME["light"])


def test_a_picture_tells_its_colours_apart_in_the_look_it_is_drawn_in():
    assert len({COLOURS[name].light for name in IN_PICTURES}) == len(IN_PICTURES)
