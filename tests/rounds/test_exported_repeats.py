"""The raw labels of a retest and of a calibration leave with what they are compared with, and give the report's figures again."""

import csv

import pytest

from tests.support.going_back import calibrated, hours
from tests.support.small_stores import TONE, label_all
from touchstone.agreement.file_report import agreement_of_file
from workflow.agreement.reports import agreement_of_rounds
from workflow.exporting.label_export import export_labels
from workflow.rounds.closing import close_round


@pytest.mark.parametrize("wide", [False, True])
def test_a_retest_leaves_with_the_labels_it_repeats(engine, labelled_again, tmp_path, wide):
    lead, path = labelled_again[0], tmp_path / "labels.csv"
    made = export_labels(lead, engine, "again", path, wide=wide)
    rows = list(csv.DictReader(path.open(encoding="utf-8")))
    assert made.annotators == ("ana (first)", "ana (again)")
    if wide:
        d01 = next(row for row in rows if row["draft_id"] == "d01")
        assert (d01[f"{TONE} (ana (first))"], d01[f"{TONE} (ana (again))"]) == ("0", "1") and len(rows) == 6
        return
    assert {(row["round"], row["annotator"]) for row in rows} == {("pilot", "ana (first)"), ("again", "ana (again)")}
    assert {row["note"] for row in rows if row["round"] == "pilot"} >= {"secret of ana on d01"}
    report = agreement_of_rounds(lead, engine, ["again"], opinion=False).dimensions[TONE].as_json()
    assert agreement_of_file(path.read_bytes(), (0, 1, 2, 3)).dimensions[TONE].as_json()["pairs"] == report["pairs"]


def test_a_calibration_leaves_with_its_gold(engine, with_unsettled, tmp_path):
    lead, _, ben, cleo = with_unsettled
    calibrated(engine, with_unsettled)
    with hours(14):
        for person in (cleo, ben):
            label_all(engine, person, {"d01": (1, 2), "d02": (2, 2)}, round_name="calib")
        close_round(lead, engine, "calib")
    export_labels(lead, engine, "calib", tmp_path / "labels.csv")
    rows = list(csv.DictReader((tmp_path / "labels.csv").open(encoding="utf-8")))
    gold = [
        (row["draft_id"], row["value"], row["note"]) for row in rows if row["annotator"] == "gold" and row["dimension"] == TONE
    ]
    assert gold == [("d01", "1", ""), ("d02", "2", "between the two")]
    again = agreement_of_file((tmp_path / "labels.csv").read_bytes(), (0, 1, 2, 3)).dimensions[TONE].as_json()
    report = agreement_of_rounds(lead, engine, ["calib"], opinion=False).dimensions[TONE].as_json()
    assert [pair for pair in again["pairs"] if pair["a"] == "gold"] == report["pairs"]
