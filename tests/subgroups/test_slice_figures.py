"""Figures of one screen that must not contradict each other: counts of slices, means of levels, the signs of differences."""

from collections import Counter

import pytest

from tests.support.kept_stores import kept
from tests.support.page_tab import Tab
from tests.support.small_stores import draft, jsonl, label_all, opened, people, stock, task
from touchstone.agreement.figure import Figure, short, signed
from touchstone.data.counts import Counts
from touchstone.subgroups.drift import level_in_halves
from touchstone.subgroups.mean_estimates import differences, heights
from touchstone.subgroups.rater_effects import against_others
from ui.subgroups.slices import slice_rows
from workflow.data.task_import import import_drafts, import_tasks
from workflow.rounds.closing import close_round
from workflow.subgroups.slices import slices

SIZES = {10: (3, 4), 20: (2, 3), 30: (6, 8)}  # a slice's value: drafts that two labelled, drafts that anybody did


@pytest.fixture
@kept
def lead(sqlite_engine):
    """Drafts of three sizes of order; ana labels all of them, ben the first few of each, and the round is closed early."""
    lead, ana, ben = people(sqlite_engine, "lead", "ana", "ben")
    of = {f"{number:02}": size for number, size in enumerate((size for size, (_, any_) in SIZES.items() for _ in range(any_)), 1)}
    import_tasks(lead, sqlite_engine, jsonl(*(task(int(each), size=size) for each, size in of.items())), "tasks.jsonl")
    import_drafts(lead, sqlite_engine, jsonl(*(draft(int(each)) for each in of)), "drafts.jsonl")
    opened(sqlite_engine, lead)
    seen: Counter[int] = Counter()
    for each, size in of.items():
        level = int(each) % 4
        label_all(sqlite_engine, ana, {f"d{each}": (level, 1)})
        seen[size] += 1
        if seen[size] <= SIZES[size][0]:
            label_all(sqlite_engine, ben, {f"d{each}": (level if seen[size] % 2 else (level + 1) % 4, 1)})
    close_round(lead, sqlite_engine, "pilot", early="time is up")
    return lead


def test_clusters_of_a_slice_are_of_the_drafts_that_n_counts(sqlite_engine, lead):
    found = slices(lead, sqlite_engine, "pilot", "size")
    rows = [row for row in slice_rows(found)[1] if row[1] == "Tone"]
    assert [(row[0], row[2], row[3]) for row in rows] == [("10", "3", "3"), ("20", "2", "2"), ("30", "6", "6")]


def test_slices_too_small_for_the_lowest_are_counted_by_n_and_the_sentence_says_of_how_many_it_is_the_lowest(sqlite_engine, lead):
    """Three figures of Tone, on 3, 2 and 6 drafts, and none of CTA, where all is 1: the lowest is of the one on 6."""
    found = slices(lead, sqlite_engine, "pilot", "size")
    assert found.notes[1] == "2 slices with two labels on fewer than 5 drafts are too small to be called the lowest."
    assert found.notes[0].startswith(f"{found.figures} figures are shown") and found.lowest.figures == 1 < found.figures
    assert f"{found.figures} figures. The lowest of the 1 on 5 drafts or more is Tone" in found.sentence


def test_where_no_slice_is_large_enough_the_sentence_counts_the_figures_that_are_shown(sqlite_engine, lead):
    """By difficulty of eight drafts, four of each: the figures are there, and none of them can be the lowest."""
    cy, di = people(sqlite_engine, "cy", "di")
    opened(sqlite_engine, lead, "few", annotators=("cy", "di"), draft_ids=[f"d{n:02}" for n in range(1, 9)])
    for person, shift in ((cy, 0), (di, 1)):
        label_all(sqlite_engine, person, {f"d{n:02}": ((n + shift * (n < 3)) % 4, 1) for n in range(1, 9)}, round_name="few")
    close_round(lead, sqlite_engine, "few")
    found = slices(lead, sqlite_engine, "few", "difficulty")
    assert (len(found.slices), found.figures, found.lowest) == (2, 2, None)
    assert found.sentence == (
        "few by difficulty: 2 slices, 2 figures; none is called the lowest, which takes two slices, and 5 drafts with two labels."
    )
    assert found.notes[1].startswith("2 slices with two labels on fewer than 5 drafts")


# Means of levels


def test_a_mean_of_levels_that_are_numbers_is_of_the_numbers_and_words_count_from_1():
    """3, 3, 3, 3, 4, 4 is 20 / 6; places from 0 of a scale from 1 would say 2.33."""
    assert (heights((1, 2, 3, 4, 5)), heights(("none", "minor", "severe"))) == ((1, 2, 3, 4, 5), (1, 2, 3))
    halves = level_in_halves({3.0: 4, 4.0: 2}, {2.0: 3, 3.0: 3}, heights((1, 2, 3, 4, 5)))
    assert (halves.first.value, halves.second.value) == (pytest.approx(20 / 6), 2.5)


def test_one_against_the_others_is_in_the_numbers_of_uneven_and_falling_levels():
    """Levels 5, 3, 0 in this order. a: 5 against 3, 0 against 3, 5 against 5: (2 - 3 + 0) / 3; a's levels are 5, 0, 5."""
    counts = Counts("d", "ordinal", (5, 3, 0), ("a", "b"), Counter({(0, 1): 1, (2, 1): 1, (0, 0): 1}), 3)
    found = against_others(counts, 0)
    assert found.severity.value == pytest.approx(-1 / 3)
    assert found.deviation == pytest.approx((25 / 3) ** 0.5)
    assert differences((5, 3, 0)) == {0.0: 3 / 9, 2.0: 1 / 9, 5.0: 1 / 9, -2.0: 1 / 9, 3.0: 1 / 9, -5.0: 1 / 9, -3.0: 1 / 9}


# One way to print a figure


@pytest.mark.parametrize(
    ("value", "words", "difference"),
    [(-0.52, "−.52", "−.52"), (0.52, ".52", "+.52"), (-0.001, ".00", ".00"), (1.0, "1.00", "+1.00"), (-1.25, "−1.25", "−1.25")],
)
def test_a_figure_has_one_form_and_one_minus(value, words, difference):
    assert short(value) == words
    assert signed(Figure(value, value, value, 3, None)) == f"{difference} [{difference}, {difference}]"


def test_the_table_of_drift_sets_figures_right_and_words_left(empty, monkeypatch):
    lead, ana, ben = people(empty, "lead", "ana", "ben")
    stock(empty, lead, 12)
    opened(empty, lead)
    for person in (ana, ben):
        label_all(empty, person, {f"d{n:02}": (n % 4, n % 3) for n in range(1, 13)})
    close_round(lead, empty, "pilot")
    markup = Tab(monkeypatch, empty, "lead").open("slices", round="pilot").markup
    drift = markup[markup.index("Drift within the round") :]
    head = drift[: drift.index("</thead>")] if "</thead>" in drift else drift[: drift.index("<td")]
    right = [words.split("<")[0] for words in head.split('class="ts-number" scope="col">')[1:]]
    assert right == ["First half", "Second half", "Difference"]
