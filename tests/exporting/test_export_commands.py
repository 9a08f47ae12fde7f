"""The commands that export raw labels and gold as a table: what they write and what they say."""

import json

from tests.support.commands import document, done, run, sentence
from tests.support.sample_store import CLOSED


def test_raw_labels_go_into_a_file_and_the_figures_come_out_of_it_again(sample_url, tmp_path):
    said = done("export-labels", CLOSED, "--to", tmp_path / "labels.csv")
    assert "300 labels of 30 drafts by Sample Ana and Sample Ben count" in said
    assert "left out: the drafts' texts" in said and "labels.csv.about.json" in said
    again = document("agreement", tmp_path / "labels.csv", "--levels", "0,1,2,3", "--json")["dimensions"]
    report = document("report", CLOSED, "--json")["dimensions"]
    assert {key: each["pairs"] for key, each in again.items()} == {key: each["pairs"] for key, each in report.items()}
    about = document("export-labels", CLOSED, "--to", tmp_path / "labels.xlsx", "--wide", "--codes", "--json")
    assert about == json.loads((tmp_path / "labels.xlsx.about.json").read_text())
    assert (about["rows"], about["annotators"], about["names"]) == (30, ["A", "B"], "codes")


def test_what_cannot_be_exported_so_is_refused_with_the_way_out(sample_url, tmp_path):
    assert "name a file that ends in .csv, .tsv, .xlsx or .jsonl" in sentence(
        "export-labels", CLOSED, "--to", tmp_path / "labels"
    )
    assert "leave it out (--bom)" in sentence("export-labels", CLOSED, "--to", tmp_path / "labels.jsonl", "--bom")
    wrong = run("export-gold", CLOSED, "--to", tmp_path / "gold", "--per", "box")
    assert wrong.exit_code == 2 and "a row a draft or a row a cell, not box" in " ".join(wrong.stderr.split())
    assert not (tmp_path / "gold").exists()


def test_gold_with_a_table_says_what_is_in_it_and_what_is_not(sample_url, tmp_path):
    said = done("export-gold", CLOSED, "--to", tmp_path / "gold", "--partial", "--per", "draft")
    assert "140 gold labels of 30 drafts" in said and "10 cells left out, listed in manifest.json" in said
    assert "gold_by_draft.csv and gold_by_draft.xlsx: 30 rows, one a draft" in said
    assert "not in it: the drafts' texts and their tasks' fields: a table with texts has them" in said and "--texts" in said
