"""exports/example is what the program writes today."""

import csv
import hashlib
import io
import json

from scripts.example_release import NAME, example_files
from workflow.gold.export_folder import EXPORTS

HOW = "if the format changed on purpose, renew it: .venv/bin/python -m scripts.example_release"


def test_the_example_release_is_rebuilt_to_the_byte(tmp_path):
    files = example_files(tmp_path)
    there = {path.name: path.read_bytes() for path in (EXPORTS / NAME).iterdir()}
    assert sorted(files) == sorted(there)
    for name, content in files.items():
        assert there[name] == content, f"exports/{NAME}/{name} differs; {HOW}"


def test_the_example_shows_agreed_and_adjudicated_gold_with_its_history():
    folder = EXPORTS / NAME
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    rows = [json.loads(line) for line in (folder / "gold.jsonl").read_text("utf-8").splitlines()]
    table = list(csv.DictReader(io.StringIO((folder / "gold.csv").read_text("utf-8"))))
    assert len(rows) == len(table) == manifest["rows"] == 30
    assert {row["source"] for row in rows} == {"agreed", "adjudicated"}
    for row in rows:
        values = {label["value"] for label in row["labels"]}
        assert (row["source"] == "agreed") == (len(values) == 1)
        assert (row["adjudication"] is None) == (row["source"] == "agreed")
        assert row["label_ids"] == [label["label_id"] for label in row["labels"]]
    for name, digest in manifest["files"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
