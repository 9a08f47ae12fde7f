"""Gold as tables beside the export's four files: a row a draft or a row a cell, with texts, and what is not in them."""

import csv
import hashlib
import io
import json

import pytest
from openpyxl import load_workbook

from tests.support.kept_stores import kept
from tests.support.small_stores import CTA, TONE, draft, jsonl, label_all, opened, people, task
from touchstone.data.task_file import read_file
from workflow.data.task_import import import_drafts, import_tasks
from workflow.gold import cells
from workflow.gold.export import export_gold, files_of
from workflow.gold.export_folder import FILES
from workflow.gold.tables import CELL, DRAFT, Form
from workflow.rounds.closing import close_round

TEXT = '=1+1 is what I’d say,\nand "more"'


def build(engine):
    """Three drafts: d01 and d02 agree, d02 not on tone; d03 on nothing. The first one's text is a formula, one of its fields is
    called like a column."""
    lead, ana, ben = people(engine, "lead", "ana", "ben")
    given = {"company_signal": "Invented firm", "author": "of the thread", "Author": "@someone"}
    import_tasks(lead, engine, jsonl(task(1, input=given), task(2), task(3)), "tasks.jsonl")
    import_drafts(lead, engine, jsonl(draft(1, text=TEXT), draft(2), draft(3)), "drafts.jsonl")
    opened(engine, lead)
    label_all(engine, ana, {"d01": (2, 3), "d02": (0, 1), "d03": (0, 0)})
    label_all(engine, ben, {"d01": (2, 3), "d02": (1, 1), "d03": (3, 3)})
    close_round(lead, engine, "pilot")
    return lead


@pytest.fixture
@kept
def lead(sqlite_engine):
    return build(sqlite_engine)


@pytest.fixture
@kept
def lead_anywhere(engine):
    return build(engine)


@pytest.mark.parametrize("form", [Form(CELL, texts=True), Form(DRAFT), Form(DRAFT, texts=True, bom=True)])
def test_however_few_drafts_are_in_hand_at_a_time_the_tables_are_the_same(sqlite_engine, lead, form, monkeypatch):
    at_once = files_of(lead, sqlite_engine, "pilot", partial=True, form=form)
    monkeypatch.setattr(cells, "DRAFTS_AT_ONCE", 1)
    assert files_of(lead, sqlite_engine, "pilot", partial=True, form=form) == at_once


def rows_of(source: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(source.decode("utf-8-sig"), newline="")))


def test_a_row_a_draft_has_the_levels_side_by_side_with_the_text_and_the_fields_shown(engine, lead_anywhere):
    files = files_of(lead_anywhere, engine, "pilot", partial=True, form=Form(DRAFT, texts=True))
    first, second = rows_of(files["gold_by_draft.csv"])
    assert (first["draft_id"], first[TONE], first[CTA], first[f"source: {TONE}"]) == ("d01", "2", "3", "agreed")
    assert (second["draft_id"], second[TONE], second[f"source: {TONE}"], second[CTA]) == ("d02", "", "disagreement", "1")
    assert first["text"] == "'" + TEXT and second["text"] == "Hello, this is invented draft 2."
    shown = [name for name in first if name.startswith("task: ")]
    assert [first[name] for name in shown][0] == "Invented firm"
    assert (first["task: Author"], first["task: Author (2)"], first["author"]) == ("of the thread", "'@someone", "hidden-author")
    assert (first["source_mode"], first["target_dimension"], first["cluster"]) == ("hidden-mode", "tone_compliance", "t01")


def test_the_projects_own_fields_are_columns_and_empty_ones_of_ours_are_not(sqlite_engine):
    """A field of the task and one of the draft; a draft's own before its task's; lists and blanks are none."""
    lead, ana, ben = people(sqlite_engine, "lead", "ana", "ben")
    bare = {"dimension": None, "source_mode": None, "difficulty": None, "notes": None}
    import_tasks(lead, sqlite_engine, jsonl(task(1, Plan="=pro", Seats=3, **bare), task(2, Plan="free", **bare)), "tasks.jsonl")
    import_drafts(
        lead,
        sqlite_engine,
        jsonl(draft(1, author=None, Tone="warm", Tags=["a"]), draft(2, author=None, Plan="own")),
        "drafts.jsonl",
    )
    opened(sqlite_engine, lead)
    for person in (ana, ben):
        label_all(sqlite_engine, person, {"d01": (2, 3), "d02": (0, 1)})
    close_round(lead, sqlite_engine, "pilot")
    files = files_of(lead, sqlite_engine, "pilot", form=Form(DRAFT))
    first, second = rows_of(files["gold_by_draft.csv"])
    own = [name for name in first if name.startswith("field: ")]
    assert [(name, first[name], second[name]) for name in sorted(own)] == [
        ("field: Plan", "'=pro", "own"),
        ("field: Seats", "3", ""),
        ("field: Tone", "warm", ""),
    ]
    assert not {"partition", "target_dimension", "source_mode", "difficulty", "author"} & set(first) and first["cluster"] == "t01"
    about = json.loads(files["manifest.json"])["table"]
    assert (
        "columns that no draft here has a value of: author, partition, target_dimension, source_mode, difficulty"
        in about["not_in_it"]
    )
    assert set(about["columns"]) == {"DIMENSION", "source: DIMENSION", "cluster", "field: NAME"}
    by_cell = rows_of(files_of(lead, sqlite_engine, "pilot", form=Form(CELL))["gold_by_cell.csv"])
    assert [row["field: Seats"] for row in by_cell] == ["3", "3", "", ""] and "difficulty" not in by_cell[0]


def test_a_row_a_cell_is_the_row_of_gold_csv_with_the_draft_beside_it(sqlite_engine, lead):
    files = files_of(lead, sqlite_engine, "pilot", partial=True, form=Form(texts=True))
    plain, rows = rows_of(files["gold.csv"]), rows_of(files["gold_by_cell.csv"])
    assert [{name: row[name] for name in plain[0]} for row in rows] == plain
    assert {row["text"] for row in rows if row["draft_id"] == "d01"} == {"'" + TEXT}
    without = rows_of(files_of(lead, sqlite_engine, "pilot", partial=True, form=Form(CELL))["gold_by_cell.csv"])
    assert "text" not in without[0] and without[0]["author"] == "hidden-author"


def test_a_table_adds_files_and_changes_only_the_manifest_which_names_and_hashes_them(sqlite_engine, lead, tmp_path):
    plain = files_of(lead, sqlite_engine, "pilot", partial=True)
    folder = export_gold(lead, sqlite_engine, "pilot", tmp_path / "out", partial=True, form=Form(DRAFT, texts=True))
    files = {each.name: each.read_bytes() for each in folder.iterdir()}
    assert set(plain) == set(FILES) and set(files) - set(plain) == {"gold_by_draft.csv", "gold_by_draft.xlsx"}
    assert {name for name in plain if files[name] != plain[name]} == {"manifest.json"}
    manifest = json.loads(files["manifest.json"])
    assert manifest["files"] == {
        name: hashlib.sha256(content).hexdigest() for name, content in files.items() if name != "manifest.json"
    }
    assert manifest["table"]["rows"] == 2 and set(json.loads(plain["manifest.json"])) == set(manifest) - {"table", "record"}
    export_gold(lead, sqlite_engine, "pilot", folder, partial=True)
    assert {each.name for each in folder.iterdir()} == set(FILES), "a plain export takes the tables of the one before with it"


def test_the_workbook_has_the_same_rows_and_sheets_on_what_is_left_out(sqlite_engine, lead):
    files = files_of(lead, sqlite_engine, "pilot", partial=True, form=Form(DRAFT, texts=True))
    gold, left, about = load_workbook(io.BytesIO(files["gold_by_draft.xlsx"])).worksheets
    head, first, _ = gold.iter_rows(values_only=True)
    assert list(head) == list(rows_of(files["gold_by_draft.csv"])[0])
    assert dict(zip(head, first, strict=True))["text"] == TEXT and dict(zip(head, first, strict=True))[TONE] == 2
    assert {cell.data_type for row in gold.iter_rows() for cell in row} == {"s", "n"}
    assert [row[:2] for row in left.iter_rows(min_row=2, values_only=True)] == [("d02", TONE), ("d03", TONE), ("d03", CTA)]
    said = [row for row in about.iter_rows(values_only=True)]
    assert ("cells left out", 3) in said and ("round", "pilot") in said
    assert files == files_of(lead, sqlite_engine, "pilot", partial=True, form=Form(DRAFT, texts=True))


def test_the_texts_of_a_table_come_in_again_as_they_were(sqlite_engine, lead):
    files = files_of(lead, sqlite_engine, "pilot", partial=True, form=Form(DRAFT, texts=True, bom=True))
    assert all(files[name].startswith(b"\xef\xbb\xbf") for name in files if name.endswith(".csv"))
    found = read_file(files["gold_by_draft.csv"], "gold_by_draft.csv")
    assert found.problems == [] and [(each.draft_id, each.author) for each in found.drafts] == [
        ("d01", "hidden-author"),
        ("d02", "hidden-author"),
    ]
    assert found.drafts[0].text == TEXT
