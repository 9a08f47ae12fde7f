"""The colours of papers, on white and in the dark, are far enough apart to be read (WCAG 2.2: text 4.5 to 1, marks 3 to 1)."""

import re

import pytest

from touchstone.papers import HERE, colours
from touchstone.papers.colours import ON_DARK, ON_WHITE, contrast, map_cells

TEXT = ("ink", "quiet", "accent", "amber")
GROUNDS = ("paper", "soft", "tint", "warm")
MARKS = ("ink", "quiet", "accent", "amber")  # points, intervals, thresholds, the outline of the diagonal
CSS = (HERE / "colours.css").read_text("utf-8")


def named_in(css: str) -> dict[str, str]:
    return dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", css))


BY_DAY, IN_THE_DARK = (named_in(part) for part in CSS.split("@media screen and (forced-colors")[0].split("@media"))
SETS = pytest.mark.parametrize("named", [BY_DAY, IN_THE_DARK], ids=["by day", "in the dark"])
SCALES = pytest.mark.parametrize("scale", [ON_WHITE, ON_DARK], ids=["by day", "in the dark"])


@SETS
def test_every_text_can_be_read_on_every_ground_and_every_mark_be_seen(named):
    assert named.keys() == BY_DAY.keys() and {*TEXT, *GROUNDS} <= named.keys()
    near = {(text, ground): contrast(named[text], named[ground]) for text in TEXT for ground in GROUNDS}
    assert {pair: value for pair, value in near.items() if value < 4.5} == {}
    assert {mark: named[mark] for mark in MARKS if contrast(named[mark], named["paper"]) < 3} == {}


def test_paper_css_names_no_colour_of_its_own_but_at_the_foot_of_printed_pages():
    rules = (HERE / "paper.css").read_text("utf-8")
    printed = named_in(CSS)["quiet"]  # the last one; a page's margin knows no variable
    assert set(re.findall(r"#[0-9a-f]{3,8}\b", rules)) == {BY_DAY["quiet"]} != {printed}


@SCALES
@pytest.mark.parametrize("most", [1, 2, 7, 30, 1000])
def test_a_number_in_a_coloured_cell_can_be_read(most, scale):
    (cells,) = map_cells([list(range(most + 1))], scale)
    assert {cell for cell in cells if contrast(*cell) < 4.5} == set()
    assert (cells[0].colour, cells[-1].colour) == (scale.none, scale.most)


@SCALES
def test_a_scale_begins_at_the_papers_own_colour_and_goes_one_way(scale):
    """The more, the farther from the paper; its end is a mark of its own."""
    named = BY_DAY if scale is ON_WHITE else IN_THE_DARK
    apart = [contrast(named["paper"], colours.shade(share / 10, scale)) for share in range(11)]
    assert apart[0] == 1 and apart == sorted(apart) and apart[-1] >= 3
    assert contrast(named["paper"], named["ink"]) >= 3, "the diagonal is outlined in ink, in the gap between cells"


def test_a_cell_of_one_of_a_thousand_is_not_the_colour_of_none():
    ((none, one, *_),) = map_cells([[0, 1, 1000]])
    assert none.colour == colours.WHITE != one.colour
