"""Labels and gold for other programs, on the pages Agreement and Gold."""

import json

from tests.support.page_tab import Tab, label_of
from tests.support.sample_store import ANA, BEN, CLEO, CLOSED, RUBRIC
from workflow.gold import export_folder
from workflow.people.people import person_named
from workflow.rounds.design import RoundDesign
from workflow.rounds.opening import open_round


def labels_of(tab: Tab) -> list[str]:
    return [label_of(each) for each in tab.at.get("download_button")]


def test_a_closed_round_hands_out_its_raw_labels_with_what_is_left_out(sample, monkeypatch):
    tab = Tab(monkeypatch, sample, CLEO).open("agreement", round=CLOSED)
    assert labels_of(tab) == ["Report as HTML", "Report as Markdown", "Labels as XLSX", "Labels as CSV (ZIP)"]
    assert "left out are the drafts’ texts and choices never saved" in tab.text


def test_raw_labels_are_held_back_from_who_labels_their_drafts_and_the_page_says_so(sample, monkeypatch):
    open_round(
        person_named(sample, BEN), sample, RoundDesign("again", rubric=RUBRIC, annotators=[ANA, BEN], draft_ids=("sample-01-1",))
    )
    tab = Tab(monkeypatch, sample, ANA).open("agreement", round=CLOSED)
    assert labels_of(tab) == ["Report as HTML", "Report as Markdown"]
    assert "You are labelling 1 draft of Sample round 1 in an open round" in tab.text


def test_gold_goes_out_with_a_table_when_one_is_chosen_and_says_what_is_left_out(sample, tmp_path, monkeypatch):
    monkeypatch.setattr(export_folder, "EXPORTS", tmp_path / "exports")
    tab = Tab(monkeypatch, sample, CLEO).open("gold", round=CLOSED)
    tab.at.checkbox[0].check()
    tab.run()
    tab.at.get("button_group")[0].set_value("draft")
    tab.run().press("Export gold")
    assert tab.refusal == ""
    assert "gold_by_draft.csv, gold_by_draft.xlsx" in tab.done and "10 cells left out, listed in manifest.json" in tab.done
    assert len(tab.at.get("download_button")) == 7  # one of them of all files in a ZIP
    manifest = json.loads((tmp_path / "exports" / "sample-round-1" / "manifest.json").read_text())
    assert manifest["table"]["texts"] is True and manifest["table"]["rows"] == 30
