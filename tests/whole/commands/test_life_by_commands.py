"""From texts to gold by commands alone: what they bring in, store, restore and write."""

import json

from db.engine import open_engine
from tests.support.commands import done, refused, sentence
from tests.support.every_command import progress
from tests.support.sample_store import ANA, CLOSED, OPEN, RUBRIC, sqlite_url
from tests.support.small_stores import change


def test_labels_go_from_texts_to_gold_by_commands_alone(new_url, tmp_path):
    texts = tmp_path / "texts.csv"
    texts.write_text("id,text\n1,Hello.\n2,Good morning.\n3,Dear all.\n")
    for name in ("ana", "ben", "cleo", "Ana"):
        done("add-person", name)
    assert "3 drafts imported" in done("import-drafts", texts, "--as", "cleo").replace("3 tasks and ", "")
    assert "3 drafts" in done("open-round", "pilot", "--rubric", RUBRIC, "--annotators", "ana,ben", "--dimensions", "cta_quality")
    assert "left" in refused("close-round", "pilot")
    for name, last in (("ana", 3), ("ben", 1)):
        file = tmp_path / f"{name}.csv"
        file.write_text(f"draft_id,dimension,value\n1,cta_quality,0\n2,cta_quality,2\n3,cta_quality,{last}\n")
        assert "3 drafts labelled; 0 drafts left" in done("label", "pilot", "--as", name, "--from", file)
        assert "3 unchanged" in done("label", "pilot", "--as", name, "--from", file)
    assert "is closed" in done("close-round", "pilot", "--as", "cleo")
    assert "cta_quality" in done("report", "pilot")
    assert "1 cell of pilot is waiting" in sentence("export-gold", "pilot", "--to", tmp_path / "gold")
    assert "2 gold labels" in done("export-gold", "pilot", "--to", tmp_path / "part", "--partial")
    decisions = tmp_path / "decisions.csv"
    decisions.write_text("draft_id,dimension,value,reason,cause\n3,cta_quality,3,clear ask,slip\n")
    assert "1 cell decided; 0 still to decide" in done("adjudicate", "pilot", "--as", "cleo", "--from", decisions)
    assert "1 unchanged" in done("adjudicate", "pilot", "--as", "cleo", "--from", decisions)
    assert "3 gold labels of 3 drafts" in done("export-gold", "pilot", "--to", tmp_path / "gold")
    assert {each.name for each in (tmp_path / "gold").iterdir()} == {"gold.csv", "gold.jsonl", "agreement.json", "manifest.json"}
    assert done("check-store") == "the store is consistent\n"


def test_a_file_of_labels_with_one_bad_line_stores_none_of_them(sample_url, tmp_path):
    file = tmp_path / "ana.csv"
    file.write_text("draft_id,dimension,value\nsample-99-9,cta_quality,2\n")
    before = progress(sample_url)
    assert "line 2:" in refused("label", OPEN, "--as", ANA, "--from", file)
    assert progress(sample_url) == before


def test_a_backup_restores_into_a_new_store_and_into_no_other(sample_url, tmp_path, monkeypatch):
    file = tmp_path / "backup.sqlite"
    done("backup", file)
    assert "never overwrites" in sentence("backup", file)
    assert "holds data" in sentence("restore", file)
    report = done("report", CLOSED, "--json")
    monkeypatch.setenv("TOUCHSTONE_DATABASE_URL", sqlite_url(tmp_path / "second.db"))
    assert "restored" in done("restore", file)
    assert done("report", CLOSED, "--json") == report
    assert done("check-store") == "the store is consistent\n"


def test_a_file_that_is_no_backup_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("TOUCHSTONE_DATABASE_URL", sqlite_url(tmp_path / "store.db"))
    text = tmp_path / "letter.sqlite"
    text.write_text("Dear all,\n" * 500)
    assert "letter.sqlite" in sentence("restore", text)
    assert text.read_text() == "Dear all,\n" * 500


def test_migrating_and_loading_the_sample_twice_changes_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("TOUCHSTONE_DATABASE_URL", sqlite_url(tmp_path / "store.db"))
    assert "created" in done("migrate")
    assert "already" in done("migrate")
    assert "is loaded" in done("sample")
    assert "nothing changed" in done("sample")
    assert "left out" in done("sample", "--if-new")


def test_a_damaged_store_is_told_and_the_command_fails(sample_url):
    engine = open_engine(sample_url)
    change(engine, "UPDATE pattern_counts SET units = units + 1")
    engine.dispose()
    assert CLOSED in refused("check-store")


def test_a_good_rubric_is_told_good_and_a_bad_one_line_by_line(tmp_path):
    assert "5 dimensions" in done("check-rubric", RUBRIC)
    bad = tmp_path / "bad-v1.yml"
    bad.write_text("rubric: bad\nversion: 1\ntitle: Bad\nnonsense: 1\ndimensions: []\n")
    assert "line " in refused("check-rubric", bad)


def test_a_report_goes_into_files_that_hold_what_the_json_holds(sample_url, tmp_path):
    html, md = tmp_path / "report.html", tmp_path / "report.md"
    said = done("report", CLOSED, "--html", html, "--md", md)
    assert said == f"{CLOSED}: the report is in {html} and {md}\n"
    before = html.read_bytes()
    figures = json.loads(done("report", CLOSED, "--json", "--html", html))["dimensions"]
    assert html.read_bytes() == before
    value = f"{figures['cta_quality']['pairs'][0]['kappa']['unweighted']['value']:.4f}"
    for file in (html, md):
        assert value in file.read_text("utf-8") and ANA in file.read_text("utf-8")
    assert ANA not in done("report", CLOSED, "--codes", "--md", md) + done("report", CLOSED, "--codes") + md.read_text("utf-8")


def test_a_report_is_not_written_where_it_cannot_or_over_something_else(sample_url, tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    assert "something other" in sentence("report", CLOSED, "--html", tmp_path / "notes.txt")
    assert "is a folder" in sentence("report", CLOSED, "--md", tmp_path)
    assert "there is no folder" in sentence("report", CLOSED, "--html", tmp_path / "none" / "a.html")
    assert "is open" in sentence("report", OPEN, "--html", tmp_path / "a.html")
    assert not (tmp_path / "a.html").exists() and (tmp_path / "notes.txt").read_text() == "mine"


def test_the_codebook_is_written_with_and_without_a_store(sample_url, tmp_path, monkeypatch):
    done("codebook", RUBRIC, "--html", tmp_path / "one.html")
    monkeypatch.setenv("TOUCHSTONE_DATABASE_URL", sqlite_url(tmp_path / "none.db"))
    done("codebook", RUBRIC, "--html", tmp_path / "two.html")
    assert (tmp_path / "one.html").read_bytes() == (tmp_path / "two.html").read_bytes()
    assert not (tmp_path / "none.db").exists()
    assert "nowhere-v1.yml cannot be read" in sentence("codebook", "nowhere-v1", "--html", tmp_path / "three.html")
