"""What papers draw: the forest, as SVG and in text."""

import xml.etree.ElementTree as ElementTree

import pytest

from touchstone.agreement.figure import Ends
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
