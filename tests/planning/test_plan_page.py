"""The page Plan: one way to write shares and figures, a figure that cannot be, and the label on the picture."""

from types import SimpleNamespace

import pytest

from tests.support.page_tab import Tab
from tests.support.sample_store import CLEO, CLOSED
from touchstone.planning.plan import DraftRange
from ui.base import charts


def test_a_threshold_that_cannot_be_is_answered_with_what_it_may_be_and_nothing_of_another_stands_there(sample, monkeypatch):
    tab = Tab(monkeypatch, sample, CLEO).open("plan", round=CLOSED)
    assert "80 % chance" in tab.text and "at 80 %" in tab.text and "80%" not in tab.text
    assert 'class="ts-table ts-cards"' in tab.markup and 'class="ts-table"' not in tab.markup, "cards on a phone, as elsewhere"
    (box,) = [each for each in tab.at.number_input if each.label == "Threshold"]
    box.set_value(1.5)
    tab.run()
    assert "A threshold is between 0 and 1, not 1.5" in tab.refusal
    assert "This cannot be planned as it stands." in tab.text and "80 % chance" not in tab.text


@pytest.mark.parametrize(("threshold", "place"), [(0.9, "bottom"), (0.7, "top")])
def test_the_threshold_is_named_where_no_curve_runs_and_every_figure_has_one_form(threshold, place):
    curve = SimpleNamespace(sizes=[20, 290, 400], low=[0.4, 0.74, 0.75], high=[1.0, 0.86, 0.85])
    answer = SimpleNamespace(
        work=DraftRange(100, 200), as_it_stands={0.8: 150}, asked=threshold, never=False, in_words=lambda: "100 to 200"
    )
    drawn = charts.sizes(0.8, curve, answer, against_threshold=True)
    (named,) = [each for each in drawn.layout.annotations if "threshold" in each.text]
    assert named.text == f"threshold {threshold:.2f}".replace("0.", ".") and named.bgcolor == charts.PAGE
    assert named.yanchor == place
    assert {".70", ".80", "1.00"} <= set(drawn.layout.yaxis.ticktext)
