"""What every page's tables and cautions have in common, as it is drawn."""

import re

import pytest
from markupsafe import Markup

from ui.base import panels


@pytest.fixture
def drawn(monkeypatch):
    """What is drawn, as one text."""
    parts = []
    monkeypatch.setattr(panels, "draw", parts.append)
    return lambda: "".join(map(str, parts))


def test_whole_numbers_of_a_column_of_numbers_have_separators_and_no_other_cell_has(drawn):
    rows = [("d50000", "50000", "0 of 44445, .12 [.10, .14]", "T-2026 of 2026"), ("x", Markup("<b>5555</b>"), "1,200", "3000")]
    panels.table(("Draft", "n", "share", "note"), rows, numbers=(1, 2), caption="")
    cells = re.findall(r"<(?:td|th role=\"rowheader\")[^>]*>(.*?)</t[dh]>", drawn())
    assert cells[:4] == ["d50000", "50,000", "0 of 44,445, .12 [.10, .14]", "T-2026 of 2026"]
    assert cells[4:] == ["x", "<span><b>5555</b></span>", "1,200", "3000"]


def test_a_caution_begins_large_unless_it_begins_with_a_name_and_ends_with_a_stop(drawn):
    panels.notes(["the gold of pilot was settled", "pilot was closed early: why?", "26 cells wait.", "only in ana: x"])
    said = re.findall("<li>(.*?)</li>", drawn())
    assert said == ["The gold of pilot was settled.", "pilot was closed early: why?", "26 cells wait.", "Only in ana: x."]


def test_a_caption_ends_with_a_stop(drawn):
    for caption in ("The newest first", "Marked: waits.", ""):
        panels.table(("a", "b"), [], caption=caption)
    assert re.findall('<p class="ts-caption">(.*?)</p>', drawn()) == ["The newest first.", "Marked: waits.", ""]
