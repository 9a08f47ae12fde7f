"""What is gold, what waits, and the export."""

import csv
import dataclasses
import hashlib
import io
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.support.kept_stores import kept
from tests.support.label_files import dimension
from tests.support.small_stores import CTA, TONE, label_all, opened, people, save, skip_draft, stock
from touchstone.data.gold import Standing
from touchstone.errors import Refused
from ui.gold import gold_table
from workflow import clock
from workflow.agreement.reports import agreement_of_rounds
from workflow.gold.adjudication import adjudicate
from workflow.gold.export import export_gold, files_of
from workflow.gold.export_folder import EXPORTS, _sweep, folder_of
from workflow.gold.gold import gold_of_round
from workflow.rounds.closing import close_round

CLOSED = datetime(2026, 3, 1, 12, tzinfo=UTC)


def refusal(verb, *args, **more) -> str:
    with pytest.raises(Refused) as refused:
        verb(*args, **more)
    return refused.value.sentence


@pytest.fixture
@kept
def team(engine):
    """A closed round: d01 agreed on both dimensions, d02 apart on tone and agreed on cta."""
    lead, ana, ben = found = people(engine, "lead", "ana", "ben")
    stock(engine, lead, 3)
    opened(engine, lead, draft_ids=["d01", "d02"])
    label_all(engine, ana, {"d01": (2, 3), "d02": (0, 1)})
    label_all(engine, ben, {"d01": (2, 3), "d02": (1, 1)})
    with clock.at(CLOSED):
        close_round(lead, engine, "pilot")
    return found


def settle(engine, person, value=1, reason="why") -> None:
    with clock.at(CLOSED.replace(day=2)):
        adjudicate(person, engine, "pilot", "d02", TONE, value, reason, "slip")


def test_the_table_names_the_levels_of_each_dimensions_own_scale():
    scales = (("warmth", (1, 2), ("Cold, or none", "Warm")), ("verdict", ("pass", "fail"), ("pass", "Not so")))
    rubric = SimpleNamespace(dimension={key: dimension(key, values, titles=titles) for key, values, titles in scales}.get)
    counts = {"warmth": {1: 4, 2: 1200}, "verdict": {"pass": 0, "fail": 3}, "gone": {0: 1}}
    said = [gold_table.by_level(Standing(key, {}, by_value), rubric) for key, by_value in counts.items()]
    assert said == ["1 Cold, or none: 4; 2 Warm: 1,200", "pass: 0; fail Not so: 3", "0: 1"]


def test_agreed_labels_are_gold_and_disputed_ones_wait(engine, team):
    found = gold_of_round(team[0], engine, "pilot")
    assert (found.settled, found.waiting, found.single) == (3, 1, 0)
    tone, cta = found.standings
    assert (tone.by_value, cta.by_value) == ({0: 0, 1: 0, 2: 1, 3: 0}, {0: 0, 1: 1, 2: 0, 3: 1})
    settle(engine, team[0])
    found = gold_of_round(team[0], engine, "pilot")
    assert (found.settled, found.waiting, found.standings[0].adjudicated_share) == (4, 0, 0.5)


def test_an_export_is_refused_while_cells_wait_saying_how_many(engine, team, tmp_path):
    assert refusal(export_gold, team[0], engine, "pilot", tmp_path / "out") == (
        "1 cell of pilot is waiting for adjudication; decide it, or export only what is settled"
    )
    assert list(tmp_path.glob("*out*")) == []


def test_a_partial_export_names_what_is_left_out(engine, team):
    manifest = json.loads(files_of(team[0], engine, "pilot", partial=True)["manifest.json"])
    assert manifest["left_out"] == [{"draft_id": "d02", "dimension": TONE, "because": "disagreement"}]
    assert (manifest["partial"], manifest["rows"], manifest["drafts"]) == (True, 3, 2)
    assert manifest["dimensions"][TONE]["waiting"] == 1


def test_every_row_says_where_its_value_came_from(engine, team):
    settle(engine, team[1], reason="“quoted”, with a comma\nand a line")
    files = files_of(team[0], engine, "pilot")
    table = list(csv.DictReader(io.StringIO(files["gold.csv"].decode())))
    assert [(row["draft_id"], row["dimension"], row["value"], row["source"]) for row in table] == [
        ("d01", TONE, "2", "agreed"),
        ("d01", CTA, "3", "agreed"),
        ("d02", TONE, "1", "adjudicated"),
        ("d02", CTA, "1", "agreed"),
    ]
    assert {row["rubric"] for row in table} == {"tenacious-v1"}
    assert all(len(row["label_ids"].split()) == 2 and len(row["rubric_digest"]) == 64 for row in table)
    assert [row["adjudication_id"] != "" for row in table] == [False, False, True, False]

    lines = [json.loads(line) for line in files["gold.jsonl"].splitlines()]
    assert [(line["task_id"], line["value"]) for line in lines] == [("t01", 2), ("t01", 3), ("t02", 1), ("t02", 1)]
    assert [label["annotator"] for label in lines[2]["labels"]] == ["ana", "ben"]
    decided = lines[2]["adjudication"]
    assert (decided["value"], decided["reason"], decided["cause"], decided["adjudicator"], decided["also_labelled"]) == (
        1,
        "“quoted”, with a comma\nand a line",
        "slip",
        "ana",
        True,
    )
    assert lines[0]["adjudication"] is None


def test_a_value_and_the_labels_behind_it_are_of_one_type(engine, team):
    first = json.loads(files_of(team[0], engine, "pilot", partial=True)["gold.jsonl"].splitlines()[0])
    assert {label["value"] for label in first["labels"]} == {first["value"]}


def test_a_superseded_label_leaves_with_the_history_and_is_no_source(engine):
    lead, ana, ben = people(engine, "lead", "ana", "ben")
    stock(engine, lead, 1)
    opened(engine, lead)
    save(engine, ana, "d01", (0, 0))
    save(engine, ana, "d01", (2, 0))
    save(engine, ben, "d01", (2, 0))
    close_round(lead, engine, "pilot")
    tone = json.loads(files_of(lead, engine, "pilot")["gold.jsonl"].splitlines()[0])
    assert (tone["source"], len(tone["labels"]), len(tone["label_ids"])) == ("agreed", 3, 2)
    assert tone["labels"][1]["supersedes"] == tone["labels"][0]["label_id"]
    assert tone["labels"][0]["label_id"] not in tone["label_ids"]


def test_gold_leaves_with_the_agreement_of_its_round_and_the_second_opinion(engine, team):
    exported = json.loads(files_of(team[0], engine, "pilot", partial=True)["agreement.json"])
    report = agreement_of_rounds(team[0], engine, ["pilot"]).as_json()
    mine, theirs = exported["dimensions"][TONE]["pairs"][0], report["dimensions"][TONE]["pairs"][0]
    assert mine["table"] == theirs["table"] and mine["percent"]["value"] == round(theirs["percent"]["value"], 9)
    assert set(exported["second_opinion"]) == set(exported["dimensions"])
    assert exported["second_opinion"][TONE]["faults"] == []


def test_the_manifest_holds_the_counts_behind_every_figure_and_the_digests_of_the_bytes(engine, team, tmp_path):
    settle(engine, team[0])
    folder = export_gold(team[0], engine, "pilot", tmp_path / "out")
    manifest = json.loads((folder / "manifest.json").read_text())
    for name, digest in manifest["files"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    assert sorted(manifest["files"]) == ["agreement.json", "gold.csv", "gold.jsonl"]
    assert manifest["dimensions"][TONE] == {
        "levels": [0, 1, 2, 3],
        "by_level": {"0": 0, "1": 1, "2": 1, "3": 0},
        "agreed": 1,
        "adjudicated": 1,
        "single": 0,
        "waiting": 0,
        "adjudicated_share": 0.5,
        "label_patterns": {"0 1": 1, "2 2": 1},
        "clusters": 2,
    }
    assert (manifest["closed_at"], manifest["as_of"]) == ("2026-03-01T12:00:00+00:00", "2026-03-02T12:00:00+00:00")
    assert (manifest["annotators"], manifest["sample"], manifest["closed_early"], manifest["left_out"]) == (
        ["ana", "ben"],
        False,
        None,
        [],
    )


def test_the_same_store_gives_the_same_bytes(engine, team):
    settle(engine, team[0])
    assert files_of(team[0], engine, "pilot") == files_of(team[1], engine, "PILOT")


def test_drafts_labelled_once_leave_only_when_asked_for_and_marked(engine):
    lead, ana, ben = people(engine, "lead", "ana", "ben")
    stock(engine, lead, 2)
    opened(engine, lead, overlap=0.5)
    for person in (ana, ben):
        from workflow.labelling.own_labels import own_drafts

        for draft_id in own_drafts(person, engine, "pilot")[0]:
            save(engine, person, draft_id, (1, 1))
    close_round(lead, engine, "pilot")
    found = gold_of_round(lead, engine, "pilot")
    assert (found.settled, found.single, found.waiting) == (2, 2, 0)
    plain, whole = (json.loads(files_of(lead, engine, "pilot", with_single=each)["manifest.json"]) for each in (False, True))
    assert (plain["rows"], {each["because"] for each in plain["left_out"]}) == (2, {"single"})
    assert (whole["rows"], whole["left_out"]) == (4, [])


def test_a_skipped_cell_waits_and_is_named(engine):
    lead, ana, ben = people(engine, "lead", "ana", "ben")
    stock(engine, lead, 2)
    opened(engine, lead)
    label_all(engine, ana, {"d01": (1, 1), "d02": (1, 1)})
    save(engine, ben, "d01", (1, 1))
    skip_draft(engine, ben, "d02", "blank")
    close_round(lead, engine, "pilot")
    manifest = json.loads(files_of(lead, engine, "pilot", partial=True)["manifest.json"])
    assert [(each["draft_id"], each["because"]) for each in manifest["left_out"]] == [("d02", "skipped")] * 2


def test_nothing_settled_is_nothing_to_export(engine):
    lead, *_ = people(engine, "lead", "ana", "ben")
    stock(engine, lead, 1)
    opened(engine, lead)
    close_round(lead, engine, "pilot", early="enough")
    assert refusal(files_of, lead, engine, "pilot", partial=True) == (
        "nothing is settled in pilot yet; there is no gold to export"
    )


# The folder


def test_a_later_export_of_the_same_round_replaces_the_earlier_one(engine, team, tmp_path):
    out = tmp_path / "deep" / "out"
    export_gold(team[0], engine, "pilot", out, partial=True)
    settle(engine, team[0])
    export_gold(team[0], engine, "pilot", out)
    assert sorted(each.name for each in out.iterdir()) == ["agreement.json", "gold.csv", "gold.jsonl", "manifest.json"]
    assert json.loads((out / "manifest.json").read_text())["rows"] == 4
    assert [each.name for each in out.parent.iterdir()] == ["out"]
    edited = (out / "gold.csv").read_bytes() + b"my own line\n"
    (out / "gold.csv").write_bytes(edited)
    assert "gold.csv was changed since it was exported" in refusal(export_gold, team[0], engine, "pilot", out)
    assert (out / "gold.csv").read_bytes() == edited


def test_a_folder_with_anything_else_in_it_is_refused_and_left_alone(sqlite_engine, tmp_path):
    lead = small_round(sqlite_engine)
    out = tmp_path / "out"
    out.mkdir()
    (out / "thesis.txt").write_text("mine")
    assert "holds thesis.txt, which is not part of an export" in refusal(export_gold, lead, sqlite_engine, "pilot", out)
    (out / "thesis.txt").rename(out / "manifest.json")
    assert "holds an export of something else" in refusal(export_gold, lead, sqlite_engine, "pilot", out)
    (out / "manifest.json").write_text('{"round": "other"}')
    assert "holds an export of other; name another folder for pilot" in refusal(export_gold, lead, sqlite_engine, "pilot", out)
    assert [each.name for each in out.iterdir()] == ["manifest.json"]
    assert "is a file; name a folder" in refusal(export_gold, lead, sqlite_engine, "pilot", out / "manifest.json")


def small_round(engine):
    lead, ana, ben = people(engine, "lead", "ana", "ben")
    stock(engine, lead, 1)
    opened(engine, lead)
    for person in (ana, ben):
        save(engine, person, "d01", (1, 1))
    close_round(lead, engine, "pilot")
    return lead


def fails_at(monkeypatch, name: str, time: int) -> None:
    """The call number `time` of Path.`name` fails as on a full disk."""
    real, calls = getattr(Path, name), []

    def full(self, *args):
        calls.append(self)
        if len(calls) == time:
            raise OSError(28, "No space left on device")
        return real(self, *args)

    monkeypatch.setattr(Path, name, full)


def test_an_export_that_cannot_be_written_leaves_the_one_before(sqlite_engine, tmp_path, monkeypatch):
    lead = small_round(sqlite_engine)
    out = export_gold(lead, sqlite_engine, "pilot", tmp_path / "out")
    before = {each.name: each.read_bytes() for each in out.iterdir()}
    fails_at(monkeypatch, "write_bytes", 2)
    assert refusal(export_gold, lead, sqlite_engine, "pilot", out) == (
        f"{out} cannot be written (No space left on device); name another folder"
    )
    assert {each.name: each.read_bytes() for each in out.iterdir()} == before


def test_an_export_that_cannot_be_put_in_place_leaves_the_one_before(sqlite_engine, tmp_path, monkeypatch):
    lead = small_round(sqlite_engine)
    out = export_gold(lead, sqlite_engine, "pilot", tmp_path / "out")
    fails_at(monkeypatch, "rename", 2)
    refusal(export_gold, lead, sqlite_engine, "pilot", out)
    assert (out / "manifest.json").exists()


def test_the_folder_one_stands_in_can_be_exported_to_or_is_refused(sqlite_engine, tmp_path, monkeypatch):
    lead = small_round(sqlite_engine)
    monkeypatch.chdir(make(tmp_path / "here"))
    try:
        export_gold(lead, sqlite_engine, "pilot", Path("."))
    except Refused:
        return
    assert Path("manifest.json").exists()


def make(folder: Path) -> Path:
    folder.mkdir()
    return folder


@pytest.mark.parametrize(
    ("name", "folder"), [("Sample round 1", "sample-round-1"), ("Über / größte", "uber-grote"), ("../../etc", "etc"), ("…", None)]
)
def test_the_folder_of_a_round_is_its_name_in_plain_letters(name, folder, sqlite_engine):
    lead = small_round(sqlite_engine)
    found = folder_of(dataclasses.replace(gold_of_round(lead, sqlite_engine, "pilot").round, name=name))
    assert found.parent == EXPORTS
    assert found.name == folder or (folder is None and found.name.startswith("round-"))


def test_what_a_killed_export_left_is_put_back_or_swept(sqlite_engine, tmp_path):
    lead = small_round(sqlite_engine)
    out = export_gold(lead, sqlite_engine, "pilot", tmp_path / "out")
    before = (out / "gold.csv").read_bytes()
    left, notes = tmp_path / ".out.abcd1234", tmp_path / ".out.notes"
    left.mkdir()  # killed between setting the old release aside and moving the new one in
    out.rename(left / "old")
    notes.mkdir()
    (notes / "mine.txt").write_text("a person's own")
    for folder in (left, notes):
        os.utime(folder, (0, 0))
    _sweep(out)
    assert (out / "gold.csv").read_bytes() == before
    export_gold(lead, sqlite_engine, "pilot", out)
    os.utime(left, (0, 0))
    export_gold(lead, sqlite_engine, "pilot", out)
    assert not left.exists() and (notes / "mine.txt").exists()
