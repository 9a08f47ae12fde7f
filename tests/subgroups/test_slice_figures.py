"""Figures of one screen that must not contradict each other: counts of slices, means of levels, the signs of differences."""

from collections import Counter
from types import SimpleNamespace

import pytest

from tests.support.kept_stores import kept
from tests.support.page_tab import Tab
from tests.support.small_stores import draft, inside, jsonl, label_all, opened, people, rows, save, stock, task
from touchstone.agreement.figure import Figure, short, signed
from touchstone.data.counts import Counts
from touchstone.subgroups.drift import level_in_halves
from touchstone.subgroups.mean_estimates import differences, heights
from touchstone.subgroups.rater_effects import against_others
from ui.subgroups.annotators import annotator_rows
from ui.subgroups.slices import slice_caption, slice_rows
from workflow.data.task_import import import_drafts, import_tasks
from workflow.projects.projects import new_project
from workflow.rounds.closing import close_round
from workflow.rounds.design import RoundDesign
from workflow.rounds.opening import open_round
from workflow.subgroups.annotators import annotators
from workflow.subgroups.slices import slices

ORDER = """SELECT d.draft_id, a.position FROM assignments a JOIN drafts d ON d.id = a.draft JOIN people p ON p.id = a.person
    WHERE p.name = 'ana'"""
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
    of_tone = [row for row in slice_rows(found)[1] if row[1] == "Tone"]
    assert [(row[0], row[2], row[3]) for row in of_tone] == [("10", "3", "3"), ("20", "2", "2"), ("30", "6", "6")]


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


RUBRIC = """
rubric: stars
version: 1
title: Stars
dimensions:
  - key: worth
    title: Worth
    question: How good is it?
    scale: ordinal
    weight: 0.5
    levels:
{numbers}
    agreement: {{statistic: kappa, weights: unweighted, threshold: 0.7}}
  - key: fault
    title: Main fault
    question: How bad is it?
    scale: ordinal
    weight: 0.5
    levels:
{words}
    agreement: {{statistic: kappa, weights: unweighted, threshold: 0.7}}
"""


def test_a_rounds_means_are_those_of_its_exported_labels_and_of_words_it_is_said_what_counts(sqlite_engine, rubric_folder):
    """Ana gives 5 to all of the first half of her order and 4 to the rest, Ben one less; of the words ana gives the second, ben
    the third."""
    levels = {"numbers": range(1, 6), "words": ("none", "minor", "severe")}
    lines = {
        name: "\n".join(f"      - {{value: {each}, title: T{each}, anchor: It is {each}.}}" for each in some)
        for name, some in levels.items()
    }
    (rubric_folder / "stars-v1.yml").write_text(RUBRIC.format(**lines))
    lead, ana, ben = people(sqlite_engine, "lead", "ana", "ben")
    new_project(lead, sqlite_engine, "stars", rubric="stars")
    inner = inside(sqlite_engine, "stars")
    stock(inner, lead, 12)
    open_round(lead, inner, RoundDesign("stars", rubric="stars-v1", annotators=("ana", "ben")))
    first = {row[0] for row in rows(inner, ORDER) if row[1] <= 6}
    for person, less, word in ((ana, 0, "minor"), (ben, 1, "severe")):
        for n in range(1, 13):
            level = (5 if f"d{n:02}" in first else 4) - less
            save(inner, person, f"d{n:02}", (level, word), round_name="stars", dimensions=("worth", "fault"))
    close_round(lead, inner, "stars")
    found = annotators(lead, inner, "stars")
    mine = found.annotators[0]
    assert (mine.drift["worth"].first.value, mine.drift["worth"].second.value) == (5, 4)
    assert (mine.drift["fault"].first.value, found.annotators[1].drift["fault"].first.value) == (2, 3)
    assert (mine.dimensions["worth"].severity.value, mine.dimensions["fault"].severity.value) == (1, -1)
    assert (
        "The levels of Main fault are words: in means and differences each counts by its place, from 1 for the first."
        in found.notes
    )
    row = next(row for row in annotator_rows(found, ["worth"])[1] if row[1] == "ana")
    assert (row[3].split()[0], row[7], row[8].split()[0]) == ("+1.00", "5.00 → 4.00", "−1.00")


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
    drift = markup[markup.index(" within the round</h2>") :]
    head = drift[: drift.index("</thead>")] if "</thead>" in drift else drift[: drift.index("<td")]
    right = [words.split("<")[0] for words in head.split('class="ts-number" scope="col">')[1:]]
    assert right == ["First half", "Second half", "Difference"]


def test_a_caption_speaks_of_the_picture_only_where_there_is_one():
    made = [SimpleNamespace(slices=[SimpleNamespace(dimensions={})] * number, figures=2) for number in (1, 2)]
    assert ["dotted line" in slice_caption(each) for each in made] == [False, True]
