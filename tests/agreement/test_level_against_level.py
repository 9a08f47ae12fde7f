"""Two against one another: the confusion map and its table, names of sources, and what is said where nothing differs."""

from types import SimpleNamespace

from tests.support.label_files import dimension
from touchstone.papers.colours import LEAST, contrast
from ui.agreement import disagreements
from ui.base import confusion_map
from ui.base.colours import COLOURS, ON_CELLS, over_page, see_through
from ui.comparison.two_sources import short_titles
from ui.scorer.effect import Counts

WARMTH = dimension("warmth", (0, 1, 2), titles=("Cold", "<b>Kind</b>", "2"))
PAIR = Counts((0, 1, 2), ((9, 1, 0), (0, 300, 2), (0, 0, 40)), "ana <i>", "ben")


def test_a_single_disagreement_is_the_lightest_of_what_is_there_and_agreement_is_outlined():
    levels = [confusion_map.level_title(level, WARMTH) for level in PAIR.levels]
    assert levels == ["0 Cold", "1 <b>Kind</b>", "2"]  # a title that only repeats the level is none
    drawn = confusion_map.picture(PAIR, levels, chosen=(0, 1))
    shares = drawn.data[0].z
    assert shares[0][2] == 0 < shares[0][1] == shares[1][2] == LEAST < shares[2][2] < shares[1][1] == 1
    framed = [(round(shape.y0 + 0.48), round(shape.x0 + 0.48)) for shape in drawn.layout.shapes if shape.line.width]
    assert framed == [(0, 0), (1, 1), (2, 2), (0, 1)]
    assert drawn.layout.yaxis.ticktext == ("0 Cold", "1 ‹b›Kind‹/b›", "2") and drawn.layout.xaxis.ticktext == ("0", "1", "2")


def test_every_number_can_be_read_on_its_cell_and_on_an_empty_one_in_both_looks():
    """WCAG asks 4.5 to 1; a cell is the page or a shade of one colour over it."""
    drawn = confusion_map.picture(PAIR, ["0", "1", "2"])
    name_of = {looks.light: name for name, looks in COLOURS.items() if name in (*ON_CELLS, "quiet")}
    numbers = {(each.y, each.x): name_of[each.font.color] for each in drawn.layout.annotations if "Σ" not in each.text}
    filled = {
        (round(shape.y0 + 0.48), round(shape.x0 + 0.48)): shape.fillcolor for shape in drawn.layout.shapes if not shape.line.width
    }
    assert len(numbers) == 9 and len(filled) == 5
    for (row, column), number in numbers.items():
        share = drawn.data[0].z[row][column]
        assert filled.get((row, column)) == (see_through("cell", share) if share else None)
        for ink, cell in zip(COLOURS[number], over_page("cell", share), strict=True):
            assert contrast(ink, cell) >= 4.5, (cell, number)


def test_counts_have_separators_and_sums_of_seven_digits_are_whole_in_the_room_beside_the_cells():
    counts = Counts((0, 1), ((2_345_678, 1), (0, 9_999)), "ana", "ben")
    drawn = confusion_map.picture(counts, ["0", "1"])
    words = [each.text for each in drawn.layout.annotations]
    assert words == ["2,345,678", "1", "0", "9,999", "Σ<br>2,345,678", "Σ 2,345,679", "Σ<br>10,000", "Σ 9,999"]
    assert drawn.layout.margin.r >= 6 + 7.3 * len("Σ 2,345,679") and drawn.layout.margin.t >= 6 + 2 * 17
    assert {each.text for each in confusion_map.picture(PAIR, ["0", "1", "2"]).layout.annotations} >= {"Σ 302", "Σ 42"}


def test_the_table_for_whoever_hears_the_page_has_every_number_under_both_names(monkeypatch):
    said = []
    monkeypatch.setattr(confusion_map, "draw", said.append)
    monkeypatch.setattr(confusion_map.charts, "show", lambda *_, **__: None)
    confusion_map.show(PAIR, key="k", dimension=WARMTH)
    assert '<th scope="row">ana &lt;i&gt;: 1 &lt;b&gt;Kind&lt;/b&gt;</th><td>0</td><td>300</td><td>2</td>' in said[0]
    assert '<th scope="col">ben: 2</th>' in said[0] and "<i>" not in said[0]


def test_two_sources_are_called_by_who_they_are_and_by_more_where_that_is_one_name():
    assert short_titles("round:pilot/ana", "gold:pilot") == ("ana", "gold of pilot")
    assert short_titles("round:pilot/ana", "set:march/ana") == ("ana, of the round pilot", "ana, of the label set march")
    assert short_titles("round:pilot/" + "a" * 60, "gold:pilot")[0] == "a" * 39 + "…"


def test_where_nothing_was_labelled_twice_nobody_is_said_to_agree(monkeypatch):
    said = []
    monkeypatch.setattr(disagreements.panels, "text", lambda words, quiet: said.append(words))
    for twice in (0, 3):
        report = SimpleNamespace(kind="double", dimensions={"warmth": SimpleNamespace(units_with_two=twice)})
        disagreements.show(None, None, report, "warmth", SimpleNamespace(many=0, some=[]))
    assert said == [
        "No draft has labels by two, so none can differ.",
        "Everyone who labelled the same draft gave it the same level.",
    ]
