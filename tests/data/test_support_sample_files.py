"""The sample of support replies, checked as files: what it promises in its README, without any store."""

import json
from collections import Counter

import pytest

from tests.support.sample_store import OUTREACH, SUPPORT
from touchstone.data.assignment import assign
from touchstone.data.gold import CAUSES
from touchstone.rubric.reading import read_rubric
from workflow.rubric import rubrics

RUBRIC = read_rubric(rubrics.FOLDER / f"{SUPPORT.rubric}.yml")
TASKS, DRAFTS = ([json.loads(line) for line in SUPPORT.read(name).splitlines()] for name in ("tasks.jsonl", "drafts.jsonl"))
LABELS = SUPPORT.rows("labels.csv")
CLOSED, OPEN = SUPPORT.rounds


def cells() -> dict[tuple[str, str], dict[str, str]]:
    """(draft, dimension) -> {annotator: value}."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for row in LABELS:
        if not row["skip"]:
            cell = found.setdefault((row["draft_id"], row["dimension"]), {})
            assert row["annotator"] not in cell, row
            cell[row["annotator"]] = row["value"]
    return found


DISAGREEING = {key: set(cell.values()) for key, cell in cells().items() if len(set(cell.values())) > 1}


def test_there_are_24_tasks_with_two_or_three_drafts_by_different_authors():
    assert len(TASKS) == len({each["task_id"] for each in TASKS}) == 24
    assert len(DRAFTS) == len({each["draft_id"] for each in DRAFTS}) == 61
    for task in TASKS:
        authors = [each["author"] for each in DRAFTS if each["task_id"] == task["task_id"]]
        assert len(authors) in (2, 3) and len(set(authors)) == len(authors)
        assert set(task["input"]) == {each.key for each in RUBRIC.fields} and all(task["input"].values())
        assert task["dimension"] in RUBRIC.keys
    firsts = Counter(next(each["author"] for each in DRAFTS if each["task_id"] == task["task_id"]) for task in TASKS)
    assert min(firsts.values()) >= 5, "no author always comes first"


def test_replies_differ_in_length_and_wording_and_none_is_another_again():
    lengths = [len(each["text"].split()) for each in DRAFTS]
    assert min(lengths) >= 30 and 150 < max(lengths) <= 185
    openings = Counter(" ".join(each["text"].split()[2:8]) for each in DRAFTS)
    assert max(openings.values()) <= 2
    assert not {each["draft_id"] for each in DRAFTS} & OUTREACH.draft_ids


def test_the_round_has_every_draft_of_16_tasks_and_the_other_8_are_left_for_the_open_one():
    labelled, rest = SUPPORT.drafts_of(CLOSED), SUPPORT.drafts_of(OPEN)
    assert (len(labelled), len(rest)) == (43, 18)
    assert not {each[:10] for each in labelled} & {each[:10] for each in rest}


@pytest.mark.parametrize("dimension", RUBRIC.dimensions, ids=lambda each: each.key)
def test_every_level_is_used_and_most_labels_agree(dimension):
    mine = [cell for (_, key), cell in cells().items() if key == dimension.key]
    assert {value for cell in mine for value in cell.values()} == {str(each) for each in dimension.values}
    alike = sum(len(set(cell.values())) == 1 for cell in mine)
    assert 0.4 < alike / len(mine) < 0.95


def test_eli_is_the_strictest_on_tone_and_fay_the_mildest():
    of = {name: [] for name in SUPPORT.annotators}
    for (_, key), cell in cells().items():
        if key == "customer_tone" and len(cell) == len(of):
            for name, value in cell.items():
                of[name].append(int(value))
    dana, eli, fay = (sum(values) / len(values) for values in of.values())
    assert eli < dana - 0.2 and dana < fay - 0.1


def test_the_drafts_that_fay_left_are_the_last_of_her_order():
    (name,) = {"Sample Fay"} & set(SUPPORT.annotators)
    drafts = SUPPORT.drafts_of(CLOSED)
    order = [each.draft for each in assign(drafts, list(SUPPORT.annotators), 7) if each.annotator == name]
    delivered = {row["draft_id"] for row in LABELS if row["annotator"] == name}
    assert order[-5:] == [each for each in order if each not in delivered]


def test_every_disagreement_that_was_decided_has_a_reason_and_a_cause_and_one_of_its_own_levels():
    rows = SUPPORT.rows("adjudications.csv")
    assert len(rows) == len({(row["draft_id"], row["dimension"]) for row in rows}) == 29
    assert len(DISAGREEING) == 61
    assert all(row["value"] in DISAGREEING[row["draft_id"], row["dimension"]] and row["reason"] for row in rows)
    assert {row["cause"] for row in rows} == set(CAUSES)


def test_most_disagreeing_drafts_have_a_note_and_four_were_declined_with_a_reason():
    noted = {row["draft_id"] for row in LABELS if row["note"]}
    assert len(noted & {draft for draft, _ in DISAGREEING}) / len({draft for draft, _ in DISAGREEING}) > 0.9
    assert len([row for row in LABELS if row["skip"]]) == 4
    assert all(row["draft_id"] in SUPPORT.drafts_of(CLOSED) for row in SUPPORT.rows("queries.csv"))
