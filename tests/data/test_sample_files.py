"""The sample of outreach, checked as files: what it promises in its README, without any store."""

import csv
import json
from collections import Counter
from pathlib import Path

import pytest
from sklearn.metrics import cohen_kappa_score

SAMPLE = Path(__file__).resolve().parents[2] / "sample" / "outreach"
LEVELS = [0, 1, 2, 3]
THRESHOLD = 0.80
CAUSES = {"rubric unclear", "slip", "missing context", "true ambiguity"}


def _json_lines(name):
    return [json.loads(line) for line in (SAMPLE / name).read_text(encoding="utf-8").splitlines()]


def _rows(name):
    with (SAMPLE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _levels(name):
    return {(row["draft_id"], row["dimension"]): int(row["value"]) for row in _rows(name)}


TASKS = _json_lines("tasks.jsonl")
DRAFTS = _json_lines("drafts.jsonl")
LABELS = _rows("labels.csv")
EXPECTED = _levels("expected-levels.csv")
DIMENSIONS = sorted({dimension for _, dimension in EXPECTED})
DRAFT_IDS = {draft["draft_id"] for draft in DRAFTS}


def _cells():
    """(draft, dimension) -> {annotator: value}; refuses the second label of one annotator for one cell."""
    cells = {}
    for row in LABELS:
        cell = cells.setdefault((row["draft_id"], row["dimension"]), {})
        assert row["annotator"] not in cell, row
        cell[row["annotator"]] = int(row["value"])
    return cells


CELLS = _cells()
DISAGREEMENTS = {key for key, cell in CELLS.items() if len(set(cell.values())) > 1}


def _kappa(dimension):
    pairs = [cell for (_, key), cell in sorted(CELLS.items()) if key == dimension]
    ana, ben = ([cell[name] for cell in pairs] for name in ("Sample Ana", "Sample Ben"))
    return cohen_kappa_score(ana, ben, labels=LEVELS)


def test_there_are_26_tasks_of_every_kind_and_each_id_occurs_once():
    assert len(TASKS) == len({task["task_id"] for task in TASKS}) == 26
    assert {task["dimension"] for task in TASKS} == set(DIMENSIONS)
    assert {task["difficulty"] for task in TASKS} == {"easy", "medium", "hard"}
    assert len({task["source_mode"] for task in TASKS}) == 4
    clusters = Counter(task["cluster"] for task in TASKS if "cluster" in task)
    assert len(clusters) >= 2 and min(clusters.values()) >= 2


def test_every_task_has_an_input_and_expected_features():
    for task in TASKS:
        assert set(task["input"]) == {"company_signal", "bench_summary", "prior_thread"}, task["task_id"]
        assert task["input"]["company_signal"] and task["input"]["bench_summary"], task["task_id"]
        expected = task["expected_features"]
        assert {"must_reference_signal", "must_include_cta", "banned_phrases"} <= set(expected)
        assert all(phrase.strip() for phrase in expected["banned_phrases"]), task["task_id"]


def test_every_task_has_a_draft_by_each_author_and_no_text_occurs_twice():
    assert len(DRAFTS) == len(DRAFT_IDS) == 52
    assert len({draft["text"] for draft in DRAFTS}) == 52
    written = Counter((draft["task_id"], draft["author"]) for draft in DRAFTS)
    assert written == {(task["task_id"], author): 1 for task in TASKS for author in ("system-a", "system-b")}


def test_the_place_in_a_draft_id_does_not_give_its_author_away():
    first = Counter(draft["author"] for draft in DRAFTS if draft["draft_id"].endswith("-1"))
    assert min(first["system-a"], first["system-b"]) >= 8


def test_drafts_are_mails_of_a_natural_length_and_one_is_long():
    lengths = sorted(len(draft["text"].split()) for draft in DRAFTS)
    assert all(draft["text"].startswith("Subject: ") for draft in DRAFTS)
    assert lengths[0] >= 40 and lengths[-2] <= 165 and lengths[-1] > 200


def test_the_texts_hold_curly_apostrophes_dashes_an_emoji_and_accents():
    text = "".join(draft["text"] for draft in DRAFTS)
    assert all(mark in text for mark in "’—📜ëÉ")


def test_expected_levels_cover_every_draft_and_reach_every_level_of_every_dimension():
    assert len(DIMENSIONS) == 5
    assert set(EXPECTED) == {(draft, dimension) for draft in DRAFT_IDS for dimension in DIMENSIONS}
    for dimension in DIMENSIONS:
        assert {value for (_, key), value in EXPECTED.items() if key == dimension} == set(LEVELS), dimension
    assert all(row["why"].strip() for row in _rows("expected-levels.csv"))


def test_expected_levels_of_version_2_cover_every_draft_for_the_flagged_dimension_and_never_rise():
    second = _levels("expected-levels-v2.csv")
    (flagged,) = [dimension for dimension in DIMENSIONS if _kappa(dimension) < THRESHOLD]
    assert set(second) == {(draft, flagged) for draft in DRAFT_IDS}
    assert set(second.values()) == set(LEVELS)
    # Version 2 only asks for more than version 1 did.
    assert all(value <= EXPECTED[key] for key, value in second.items())


def test_the_round_is_30_drafts_labelled_by_both_annotators_on_every_dimension():
    labelled = {draft for draft, _ in CELLS}
    assert len(labelled) == 30 and labelled <= DRAFT_IDS
    assert set(CELLS) == {(draft, dimension) for draft in labelled for dimension in DIMENSIONS}
    assert all(set(cell) == {"Sample Ana", "Sample Ben"} for cell in CELLS.values())


def test_a_task_is_in_the_round_with_all_its_drafts_or_not_at_all():
    task_of = {draft["draft_id"]: draft["task_id"] for draft in DRAFTS}
    labelled = {draft for draft, _ in CELLS}
    used = {task_of[draft] for draft in labelled}
    assert labelled == {draft for draft in DRAFT_IDS if task_of[draft] in used}
    assert len(used) == 15


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_every_level_of_every_dimension_occurs_in_the_labels_of_each_annotator(dimension):
    for annotator in ("Sample Ana", "Sample Ben"):
        assert {cell[annotator] for (_, key), cell in CELLS.items() if key == dimension} == set(LEVELS)


def test_of_two_labels_at_least_one_is_the_expected_level():
    assert [key for key, cell in CELLS.items() if EXPECTED[key] not in cell.values()] == []


def test_one_dimension_is_under_the_threshold_and_the_other_four_are_over_it():
    kappas = sorted(_kappa(dimension) for dimension in DIMENSIONS)
    assert 0.60 <= kappas[0] <= 0.72
    assert all(0.83 <= kappa <= 0.95 for kappa in kappas[1:])


def test_most_disagreements_are_between_neighbouring_levels():
    apart = Counter(abs(max(CELLS[key].values()) - min(CELLS[key].values())) for key in DISAGREEMENTS)
    assert apart.total() == 20 and apart[1] == 18


def test_every_disagreed_draft_has_a_note_and_no_annotator_wrote_two_on_one_draft():
    notes = Counter((row["draft_id"], row["annotator"]) for row in LABELS if row["note"])
    assert set(notes.values()) == {1}
    assert {draft for draft, _ in DISAGREEMENTS} == {draft for draft, _ in notes}


def test_half_of_the_disagreements_are_adjudicated_and_the_rest_wait():
    rows = _rows("adjudications.csv")
    decided = {(row["draft_id"], row["dimension"]) for row in rows}
    assert len(rows) == len(decided) == 10
    assert decided < DISAGREEMENTS
    assert {row["cause"] for row in rows} == CAUSES
    assert {row["adjudicator"] for row in rows} == {"Sample Cleo"}
    assert all(row["reason"].strip() for row in rows)
    assert all(int(row["value"]) == EXPECTED[row["draft_id"], row["dimension"]] for row in rows)


def test_queries_are_about_labelled_drafts_and_made_by_their_annotators():
    rows = _rows("queries.csv")
    assert len(rows) == 2
    assert {row["draft_id"] for row in rows} <= {draft for draft, _ in CELLS}
    assert all(row["annotator"] in {"Sample Ana", "Sample Ben"} and row["note"].strip() for row in rows)
