"""Raw labels of a closed round as files: all of them, the figures they give again, and what an export says it left out."""

import csv
import io
import json
from hashlib import sha256
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from tests.exporting.conftest import LIVE
from tests.support.small_stores import CTA, TONE, draft, jsonl, label_all, opened, people, task
from touchstone.agreement.file_report import agreement_of_file
from touchstone.data.label_file import read_labels
from touchstone.errors import NotYourTurn, Refused
from touchstone.importing.vocabulary import Answers
from workflow.agreement.reports import agreement_of_rounds, agreement_of_set
from workflow.data.task_import import import_drafts, import_tasks
from workflow.exporting.label_export import BESIDE, Exported, export_labels, held_back, labels_archive, labels_workbook
from workflow.exporting.raw_labels import MEANINGS
from workflow.importing.label_files import File
from workflow.importing.label_sets import import_labels
from workflow.labelling.own_labels import own_drafts
from workflow.people.people import person_named
from workflow.projects.renaming import rename_round
from workflow.rounds.closing import close_round


def exported(engine, person, path, round_name="pilot", **more) -> tuple[Exported, bytes]:
    made = export_labels(person, engine, round_name, path, **more)
    assert json.loads(path.with_name(path.name + BESIDE).read_text())["sha256"] == sha256(path.read_bytes()).hexdigest()
    return made, path.read_bytes()


def rows_of(source: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(source.decode("utf-8-sig"), newline="")))


def refusal(*args, **more) -> str:
    with pytest.raises(Refused) as refused:
        export_labels(*args, **more)
    return refused.value.sentence


def test_a_row_a_label_says_what_counts_and_keeps_what_does_not(engine, lead_anywhere, tmp_path):
    made, source = exported(engine, lead_anywhere, tmp_path / "labels.csv")
    rows = rows_of(source)
    assert list(rows[0]) == [*MEANINGS, "field: notes"]
    counted = [row for row in rows if row["counts"] == "yes"]
    assert (made.rows, made.labels, made.drafts) == (len(rows), len(counted), 5)
    assert {(row["state"], row["practice"]) for row in counted} == {("current", "no")}
    assert {row["state"] for row in rows} == {"current", "superseded", "skipped", "missing"}
    assert any(row["practice"] == "yes" for row in rows)
    (skipped,) = (row for row in rows if row["state"] == "skipped")
    assert (skipped["draft_id"], skipped["annotator"], skipped["value"]) == ("d03", "ben", "")
    assert skipped["skip"] == "'@no: cannot tell"
    by_id = {row["label_id"]: row for row in rows if row["label_id"]}
    corrections = [row for row in rows if row["supersedes"]]
    assert corrections
    for row in corrections:
        assert by_id[row["supersedes"]]["state"] == "superseded" and by_id[row["supersedes"]]["draft_id"] == row["draft_id"]
    noted = {row["note"] for row in rows if (row["draft_id"], row["annotator"], row["state"]) == ("d02", "ana", "current")}
    assert noted == {"'" + LIVE}
    assert {min(int(row["position"]) for row in rows if row["annotator"] == name) for name in ("ana", "ben")} == {1}
    assert MEANINGS["position"].endswith("from 1")
    assert {row["query"] for row in rows if row["query"]} == {"'Is this one broken?'"}
    assert all(row["labelled_at"].endswith("+00:00") and float(row["seconds"]) >= 0 for row in counted)
    assert [row["annotator"] for row in rows] == sorted(row["annotator"] for row in rows), "in the round's own order"
    with ZipFile(io.BytesIO(labels_archive(lead_anywhere, engine, "pilot", "labels.csv"))) as archive:
        assert archive.read("labels.csv") == source


def test_the_projects_own_fields_stand_beside_the_labels_in_both_forms_with_names_as_codes(engine, tmp_path):
    """Plan is the task’s, Paid and By the draft’s; a list is none."""
    lead, ana, ben = people(engine, "lead", "ana lu", "ben")
    tasks = (task(n, notes=None, expected_features=["x"], Plan=("team", None)[n - 1]) for n in (1, 2))
    import_tasks(lead, engine, jsonl(*tasks), "tasks.jsonl")
    import_drafts(lead, engine, jsonl(draft(1, Paid=True, By="asked by ana lu"), draft(2)), "drafts.jsonl")
    opened(engine, lead, annotators=["ana lu", "ben"])
    for person in (ana, ben):
        label_all(engine, person, {"d01": (1, 2), "d02": (0, 3)})
    close_round(lead, engine, "pilot")
    own = ["field: Plan", "field: Paid", "field: By"]
    for wide in (False, True):
        _, source = exported(engine, lead, tmp_path / f"{wide}.csv", wide=wide, codes=True)
        rows = rows_of(source)
        assert [name for name in rows[0] if name.startswith("field: ")] == own
        assert {(row["draft_id"], *(row[name] for name in own)) for row in rows} == {
            ("d01", "team", "true", "asked by A"),
            ("d02", "", "", ""),
        }
        about = json.loads((tmp_path / f"{wide}.csv{BESIDE}").read_text())
        assert about["columns"]["field: NAME"].startswith("a field of the draft's or its task's own")


def test_the_long_form_gives_the_figures_of_the_report_again(sqlite_engine, lead, tmp_path):
    _, source = exported(sqlite_engine, lead, tmp_path / "labels.csv")
    report = agreement_of_rounds(lead, sqlite_engine, ["pilot"], opinion=False)
    again = agreement_of_file(source, (0, 1, 2, 3))
    assert set(again.dimensions) == set(report.dimensions) == {TONE, CTA}
    for key, mine in report.dimensions.items():
        theirs = again.dimensions[key].as_json()
        for part in ("annotators", "units", "units_with_two", "clusters", "pairs", "overall"):
            assert theirs[part] == mine.as_json()[part], part


@pytest.mark.parametrize("name", ["labels.csv", "labels.tsv", "labels.xlsx", "labels.jsonl", "wide.csv"])
def test_what_was_exported_comes_in_again_as_a_label_set_with_the_same_figures(sqlite_engine, lead, tmp_path, name):
    _, source = exported(sqlite_engine, lead, tmp_path / name, wide=name == "wide.csv")
    made_by = {"name": "again", "made_by": "person-blind", "rubric": "tenacious-v1"}
    said = {"said": Answers({"blank": "missing"})} if name == "wide.csv" else {}
    import_labels(lead, sqlite_engine, [File(name, source)], **made_by, **said)
    again = agreement_of_set(lead, sqlite_engine, "again", opinion=False)
    report = agreement_of_rounds(lead, sqlite_engine, ["pilot"], opinion=False)
    for key, mine in report.dimensions.items():
        assert again.dimensions[key].as_json()["overall"] == mine.as_json()["overall"]
        assert again.dimensions[key].as_json()["pairs"] == mine.as_json()["pairs"]


def test_a_draft_a_row_has_a_column_a_dimension_and_annotator_and_says_what_is_not_in_it(sqlite_engine, lead, tmp_path):
    made, source = exported(sqlite_engine, lead, tmp_path / "wide.csv", wide=True)
    rows = {row["draft_id"]: row for row in rows_of(source)}
    assert len(rows) == made.rows == made.drafts == 5
    assert (rows["d01"][f"{TONE} (ana)"], rows["d01"]["note of ana"]) == ("3", "second thoughts of ana")
    assert (rows["d03"][f"{TONE} (ben)"], rows["d03"]["skip of ben"]) == ("", "'@no: cannot tell")
    assert (rows["d04"][f"{TONE} (cleo)"], rows["d04"]["delivered_at of cleo"]) == ("", "")
    assert rows["d02"]["query of ana"] == "'Is this one broken?'"
    assert "superseded labels and" in made.left_out[0] and "of practice drafts: the long form has them" in made.left_out[0]


def test_a_workbook_has_the_same_rows_runs_nothing_and_says_what_is_left_out(sqlite_engine, lead, tmp_path):
    _, source = exported(sqlite_engine, lead, tmp_path / "labels.csv")
    made, book = exported(sqlite_engine, lead, tmp_path / "labels.xlsx")
    labels, about = load_workbook(io.BytesIO(book)).worksheets
    head, *rows = [[cell for cell in row] for row in labels.iter_rows()]
    assert {cell.data_type for row in rows for cell in row} <= {"s", "n"}
    plain = [["" if cell.value is None else str(cell.value) for cell in row] for row in rows]
    wanted = [list(row.values()) for row in rows_of(source)]
    assert [cell.value for cell in head] == [*MEANINGS, "field: notes"]
    assert [row[0:10] for row in plain] == [row[0:10] for row in wanted]
    notes = [row[10] for row in rows]
    assert LIVE in {cell.value for cell in notes} and all(cell.quotePrefix for cell in notes if cell.value == LIVE)
    said = {(row[0], row[1]) for row in about.iter_rows(values_only=True)}
    assert {("left out", each) for each in made.left_out} <= said and ("closed early", "enough") in said
    assert {each[1] for each in said if each[0] == "in it and not counted"} == set(made.does_not_count)


def test_the_same_store_gives_the_same_bytes_in_every_form(sqlite_engine, lead, tmp_path):
    for name in ("labels.csv", "labels.xlsx", "labels.jsonl"):
        _, first = exported(sqlite_engine, lead, tmp_path / name)
        assert exported(sqlite_engine, lead, tmp_path / name)[1] == first
    assert labels_workbook(lead, sqlite_engine, "pilot") == (tmp_path / "labels.xlsx").read_bytes()
    archive = labels_archive(lead, sqlite_engine, "pilot", "labels.csv")
    assert archive == labels_archive(lead, sqlite_engine, "pilot", "labels.csv")
    with ZipFile(io.BytesIO(archive)) as inside:
        assert inside.read("labels.csv") == (tmp_path / "labels.csv").read_bytes()
        assert inside.read("labels.csv" + BESIDE) == (tmp_path / ("labels.csv" + BESIDE)).read_bytes()


def test_a_byte_order_mark_is_there_on_request_alone(sqlite_engine, lead, tmp_path):
    _, plain = exported(sqlite_engine, lead, tmp_path / "plain.csv")
    _, marked = exported(sqlite_engine, lead, tmp_path / "marked.csv", bom=True)
    assert marked == b"\xef\xbb\xbf" + plain
    assert "leave it out" in refusal(lead, sqlite_engine, "pilot", tmp_path / "labels.xlsx", bom=True)


def test_with_codes_no_name_stands_in_any_form_and_the_figures_are_the_same(sqlite_engine, lead, tmp_path):
    made, source = exported(sqlite_engine, lead, tmp_path / "codes.csv", codes=True)
    assert made.annotators == ("A", "B", "C")
    about = (tmp_path / ("codes.csv" + BESIDE)).read_text()
    for name in ("ana", "ben", "cleo"):
        assert not any(name in cell.split() for row in rows_of(source) for cell in row.values()) and f'"{name}"' not in about
    assert {row["note"] for row in rows_of(source)} >= {"second thoughts of A"}
    assert not any(row["label_id"] for row in rows_of(source)) and "ids of labels" in made.left_out[0]
    report = agreement_of_rounds(lead, sqlite_engine, ["pilot"], codes=True, opinion=False)
    assert (
        agreement_of_file(source, (0, 1, 2, 3)).dimensions[TONE].as_json()["overall"]
        == report.dimensions[TONE].as_json()["overall"]
    )


def test_another_round_can_be_labelled_from_an_export(sqlite_engine, lead, tmp_path):
    _, source = exported(sqlite_engine, lead, tmp_path / "labels.csv")
    opened(sqlite_engine, lead, "next")
    ana = person_named(sqlite_engine, "ana")
    drafts, rubric, found = own_drafts(ana, sqlite_engine, "next")
    rows, others, problems = read_labels(source, "ana", drafts, rubric, found.dimensions)
    assert (problems, {row.draft_id: row.values[TONE] for row in rows}["d01"]) == ([], 3) and others > 0
    assert {row.note for row in rows} >= {LIVE}, "the apostrophe before it is taken off"


def test_raw_labels_are_not_for_who_labels_their_drafts_in_an_open_round(engine, lead_anywhere, tmp_path):
    lead, cleo = lead_anywhere, person_named(engine, "cleo")
    assert held_back(cleo, engine, "pilot") == ""
    opened(engine, lead, "next", annotators=["cleo", "ben"], draft_ids=["d01", "d05"])
    with pytest.raises(NotYourTurn, match="you are labelling 2 drafts of pilot in an open round"):
        export_labels(cleo, engine, "pilot", tmp_path / "labels.csv")
    with pytest.raises(NotYourTurn, match="next is open"):
        export_labels(lead, engine, "next", tmp_path / "labels.csv")
    assert list(tmp_path.glob("*labels*")) == []
    assert "labelling 2 drafts" in held_back(cleo, engine, "pilot") and held_back(lead, engine, "pilot") == ""


def test_nothing_but_an_export_as_it_was_written_is_replaced(sqlite_engine, lead, tmp_path):
    path = tmp_path / "labels.csv"
    path.write_text("mine")
    assert "holds something other than an export" in refusal(lead, sqlite_engine, "pilot", path)
    path.write_text("")
    exported(sqlite_engine, lead, path)
    path.write_bytes(path.read_bytes() + b"my own row\n")
    assert "it would be lost" in refusal(lead, sqlite_engine, "pilot", path)
    assert path.read_bytes().endswith(b"my own row\n")
    assert "is a folder" in refusal(lead, sqlite_engine, "pilot", (tmp_path / "d.csv").mkdir() or tmp_path / "d.csv")
    assert "there is no folder" in refusal(lead, sqlite_engine, "pilot", tmp_path / "no" / "labels.csv")
    assert "labels.txt says no form by its ending" in refusal(lead, sqlite_engine, "pilot", tmp_path / "labels.txt")


def test_the_labels_of_another_round_are_not_written_over(sqlite_engine, lead, tmp_path):
    to = tmp_path / "labels.csv"
    export_labels(lead, sqlite_engine, "pilot", to)
    before = to.read_bytes()
    rename_round(lead, sqlite_engine, "pilot", "another")
    with pytest.raises(Refused, match=r"labels\.csv has the labels of another round \(pilot\); name another file for another"):
        export_labels(lead, sqlite_engine, "another", to)
    assert to.read_bytes() == before
    assert json.loads((tmp_path / ("labels.csv" + BESIDE)).read_text())["project"] == "First project"
