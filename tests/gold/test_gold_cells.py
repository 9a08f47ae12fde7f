"""When a cell is settled, and the counting of cells."""

from datetime import UTC, datetime

import pytest

from touchstone.data.gold import Cell, CellDecision, CellLabel, standing

AT = datetime(2026, 3, 1, tzinfo=UTC)


def cell(*values, owed=2, skips=(), decided=None, dimension="tone", draft="d1") -> Cell:
    labels = tuple(CellLabel(10 + place, place, f"p{place}", value, "", AT) for place, value in enumerate(values))
    decision = None if decided is None else CellDecision(5, decided, "why", "slip", "cleo", False, AT)
    return Cell(draft, "t1", dimension, labels, owed, tuple(skips), decision)


@pytest.mark.parametrize(
    ("found", "state", "value"),
    [
        (cell(2, 2), "agreed", 2),
        (cell("pass", "pass", "pass", owed=3), "agreed", "pass"),
        (cell(2, 1), "disagreement", None),
        (cell(2, 2, 1, owed=3), "disagreement", None),
        (cell(2, owed=1), "single", 2),
        (cell(2, skips=["blank"]), "skipped", None),
        (cell(2, 2, owed=3, skips=["blank"]), "agreed", 2),
        (cell(owed=1, skips=["blank"]), "skipped", None),
        (cell(2), "missing", None),
        (cell(), "missing", None),
        (cell(2, 1, decided=0), "adjudicated", 0),
        (cell(decided=0), "adjudicated", 0),
    ],
)
def test_a_cell_is_what_its_labels_skips_and_decision_make_it(found, state, value):
    assert (found.state, found.value) == (state, value)


def test_the_sources_of_a_value_are_all_labels_of_the_cell():
    assert (cell(2, 1, decided=0).sources, cell(decided=0).sources) == ([10, 11], [])


def test_a_standing_counts_settled_cells_by_level_and_leaves_single_ones_apart():
    cells = [
        cell(2, 2),
        cell(1, 1),
        cell(2, 1, decided=1),
        cell(3, owed=1),
        cell(2, 1),
        cell(2),
        cell(skips=["x"]),
        cell(0, 0, dimension="other"),
    ]
    found = standing("tone", (0, 1, 2, 3), cells)
    assert found.by_value == {0: 0, 1: 2, 2: 1, 3: 0}
    assert found.by_state == {"agreed": 2, "adjudicated": 1, "single": 1, "disagreement": 1, "missing": 1, "skipped": 1}
    assert (found.settled, found.waiting, found.adjudicated_share) == (3, 3, pytest.approx(1 / 3))


def test_with_nothing_settled_the_adjudicated_share_is_not_a_number():
    assert standing("tone", (0, 1), [cell(1, 0)]).adjudicated_share is None
