"""What papers draw: the forest, as SVG and in text, and the colours of cells."""

import xml.etree.ElementTree as ElementTree

import pytest

from touchstone.agreement.figure import Ends
from touchstone.papers import colours
from workflow.agreement.forest import ForestRow
from workflow.agreement.papers import pictures


def test_the_forest_is_drawn_from_the_numbers():
    rows = [
        ForestRow("One <&>", ".50 [−.30, .90]", Ends(0.5, -0.3, 0.9), 0.8, True),
        ForestRow("Two", "undefined: every label is 2", None, 0.8, False),
    ]
    drawn = ElementTree.fromstring(str(pictures.forest(rows)))
    words = [each.text for each in drawn.iter("text")]
    assert {"One <&>", ".50 [−.30, .90]", "undefined: every label is 2", "−.4", "0", "1"} <= set(words)
    at = {each.text: float(each.get("x")) for each in drawn.iter("text") if each.text in ("0", "1")}
    ends = [(float(each.get("x1")), float(each.get("x2"))) for each in drawn.iter("line") if each.get("stroke-width") == "2.4"]
    unit = at["1"] - at["0"]
    assert ends == [(pytest.approx(at["0"] - 0.3 * unit, abs=0.2), pytest.approx(at["0"] + 0.9 * unit, abs=0.2))]


def test_the_forest_in_text_lines_up():
    rows = [ForestRow("One", ".50 [.00, 1.00]", Ends(0.5, 0.0, 1.0), 0.8, True), ForestRow("Longer", "x", None, 0.8, False)]
    ticks, one, longer, *_ = pictures.forest_in_text(rows)
    assert [ticks.index("0"), ticks.index("1")] == [one.index("├"), one.index("┤")]
    assert one.index("◆") == (one.index("├") + one.index("┤")) / 2
    assert one.index("┆") == longer.index("┆") and longer.endswith("x")
    assert pictures.forest_in_text([]) == [] and pictures.forest([]) == ""


@pytest.mark.parametrize("most", [1, 2, 7, 30, 1000])
def test_a_number_in_a_coloured_cell_can_be_read(most):
    """WCAG AA asks 4.5 to 1 between the number and its cell."""
    (cells,) = pictures.confusion_colours([list(range(most + 1))])
    for cell, number in cells:
        light, dark = sorted(map(colours.luminance, (cell, number)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, (cell, number)
    assert (cells[0][0], cells[-1][0]) == ("#ffffff", colours.MOST)
