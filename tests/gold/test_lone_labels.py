"""Cells that were to be labelled twice and have one label, as the round was closed early: what is said of them, what leaves."""

import csv
import io
import json

import pytest

from tests.support.kept_stores import kept
from tests.support.page_tab import Tab
from tests.support.small_stores import CTA, TONE, label_all, opened, people, skip_draft, stock
from touchstone.errors import Refused
from ui.gold.adjudication import names_of
from workflow.gold.adjudication import open_disagreements
from workflow.gold.export import files_of
from workflow.gold.export_folder import EXPORTS
from workflow.gold.gold import gold_of_round
from workflow.gold.tables import DRAFT, Form
from workflow.rounds.closing import close_round


def build(engine):
    """d01 agreed, d02 apart on tone, d03 by ana alone, d04 by ana and skipped by ben, d05 by nobody: closed early."""
    lead, ana, ben = people(engine, "lead", "ana", "ben")
    stock(engine, lead, 5)
    opened(engine, lead)
    label_all(engine, ana, {"d01": (2, 3), "d02": (0, 1), "d03": (1, 2), "d04": (3, 3)})
    label_all(engine, ben, {"d01": (2, 3), "d02": (1, 1)})
    skip_draft(engine, ben, "d04", "blank")
    close_round(lead, engine, "pilot", early="time is up")
    return lead


@pytest.fixture
@kept
def lead(engine):
    return build(engine)


def rows_of(source: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(source.decode(), newline="")))


def test_a_label_alone_leaves_as_single_where_it_is_asked_for_and_the_manifest_says_what_was_meant(engine, lead):
    files = files_of(lead, engine, "pilot", partial=True, with_single=True, form=Form(DRAFT))
    given = {(row["draft_id"], row["dimension"]): (row["value"], row["source"]) for row in rows_of(files["gold.csv"])}
    assert given == {
        ("d01", TONE): ("2", "agreed"),
        ("d01", CTA): ("3", "agreed"),
        ("d02", CTA): ("1", "agreed"),
        ("d03", TONE): ("1", "single"),
        ("d03", CTA): ("2", "single"),
    }
    assert [(row[TONE], row[f"source: {TONE}"]) for row in rows_of(files["gold_by_draft.csv"])][2] == ("1", "single")
    manifest = json.loads(files["manifest.json"])
    assert manifest["single_and_meant_for_more"] == [
        {"draft_id": "d03", "dimension": TONE, "labels_owed": 2},
        {"draft_id": "d03", "dimension": CTA, "labels_owed": 2},
    ]
    tone = manifest["dimensions"][TONE]
    assert (tone["agreed"], tone["single"], tone["waiting"]) == (1, 1, 3)
    assert [(each["draft_id"], each["because"]) for each in manifest["left_out"] if each["dimension"] == TONE] == [
        ("d02", "disagreement"),
        ("d04", "skipped"),
        ("d05", "missing"),
    ]
    with pytest.raises(Refused, match="5 cells of pilot are waiting"):
        files_of(lead, engine, "pilot", with_single=True)


def test_without_being_asked_for_it_stays_out_and_nothing_is_said_of_it(engine, lead):
    files = files_of(lead, engine, "pilot", partial=True)
    manifest = json.loads(files["manifest.json"])
    assert (
        "single_and_meant_for_more" not in manifest
        and {"draft_id": "d03", "dimension": TONE, "because": "missing"} in manifest["left_out"]
    )
    assert "d03" not in files["gold.csv"].decode()
    assert [(cell.draft_id, cell.dimension) for cell in gold_of_round(lead, engine, "pilot").lone] == [
        ("d03", TONE),
        ("d03", CTA),
    ]


def test_the_list_of_cells_tells_a_level_from_a_label_that_is_not_there(engine, lead):
    names = list(names_of(open_disagreements(lead, engine, "pilot")).values())
    assert [name.split(" · ")[1:] for name in names if "Tone" in name] == [
        ["d02 / Tone", "A: 0; B: 1"],
        ["d03 / Tone", "A: 1; no second label (the other was never handed in)"],
        ["d04 / Tone", "A: 3; no second label (the draft was skipped)"],
        ["d05 / Tone", "no label (none was handed in)"],
    ]


def test_the_page_lets_them_out_by_a_box_says_once_that_it_is_done_and_counts_levels_in_one_column(empty, tmp_path, monkeypatch):
    monkeypatch.setattr("workflow.gold.export_folder.EXPORTS", tmp_path / EXPORTS.name)
    build(empty)
    tab = Tab(monkeypatch, empty, "lead").open("gold", round="pilot")
    assert "3 cells settled; 7 cells are waiting for adjudication." in tab.text
    assert (
        "0 Banned phrase: 0; 1 Template or long: 0; 2 Direct, in voice: 1; 3 Peer to peer: 0" in tab.text
        and "Level 0" not in tab.text
    )
    single, partial = tab.at.checkbox[0], tab.at.checkbox[1]
    assert single.label == "Include the 2 cells that one annotator labelled, marked “single”, which were to be labelled twice"
    assert partial.label.startswith("Leave out the 7 cells")
    single.check()
    tab.run()
    assert tab.at.checkbox[1].label.startswith("Leave out the 5 cells")
    tab.at.checkbox[1].check()
    for _ in range(2):
        tab.run().press("Export gold")
        assert tab.refusal == "" and tab.text.count("Written to exports/pilot") == 1


def test_the_page_says_of_a_cell_with_one_label_that_it_need_not_be_decided(empty, monkeypatch):
    build(empty)
    tab = Tab(monkeypatch, empty, "lead").open("adjudicate", round="pilot")
    assert "need not be decided" not in tab.text
    tab.at.selectbox[-1].set_value(f"d03 / {TONE}")
    tab.run()
    assert "never handed in: no label" in tab.text and "need not be decided: Gold can let it out as it is" in tab.text
