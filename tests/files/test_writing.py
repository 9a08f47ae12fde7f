"""Tables as CSV and XLSX: no text runs in a spreadsheet, every text can be had again, and what a form cannot hold is told."""

import csv
import io
import itertools
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from tests.support.modules import MODULES, calls, where
from touchstone.errors import Refused
from touchstone.files.csv_rows import rows_by_header
from touchstone.files.writing import formulas
from touchstone.files.writing import workbook as writing
from touchstone.files.writing.delimited import delimited
from touchstone.files.writing.formulas import could_run, guarded, unguarded
from touchstone.files.writing.workbook import workbook
from touchstone.files.xlsx import read_workbook

AT = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\rx", "\nx", "  =1", "'=1", '"=1', "“=1", "\ufeff=1", "\xa0-1+1", "＝1", "＋1",
     "－1", "＠x", "−1", "=", "-", "- a list", "\x01=1", "' \" =1", "-1 ", "-１", "-inf", "+1-1"],
)  # fmt: skip
def test_what_a_spreadsheet_could_run_gets_an_apostrophe(text):
    assert could_run(text) and guarded(text) == "'" + text and unguarded(guarded(text)) == text


@pytest.mark.parametrize(
    "text", ["", "a", "'tis", "'", '"quoted"', "1-1", "a=1", "-1", "+1", "-1.5", "-.5e3", "0", "’s", "#N/A", "|x"]
)
def test_any_other_text_and_a_number_with_its_sign_stays_as_it_is(text):
    assert guarded(text) == unguarded(text) == text


@given(st.text(alphabet=st.sampled_from("'\"=-+@ \t\r\n＝a1."), max_size=6))
def test_the_rule_is_undone_without_a_mark(text):
    assert unguarded(guarded(text)) == text
    assert not formulas.FORMULA.match(guarded(text)) or guarded(text)[0] == "'" or guarded(text) == text


def test_a_csv_comes_back_as_it_went_numbers_as_numbers():
    texts = ["=1+1", "'=1", "it's", "-1", 'a "b", c\nd', "", "＝1", "''=x", "@a"]
    source = delimited(["id", "=head", "n"], [(f"r{place}", text, -place) for place, text in enumerate(texts)])
    problems = []
    rows = [row for _, row in rows_by_header(source, problems)]
    assert problems == [] and [row["=head"] for row in rows] == texts
    cells = list(csv.reader(io.StringIO(source.decode(), newline="")))
    assert [row[2] for row in cells[1:4]] == ["0", "-1", "-2"] and cells[0] == ["id", "'=head", "n"]
    assert delimited(["a"], [], bom=True) == b"\xef\xbb\xbfa\n"


def book_of(*rows, columns=("a", "b")):
    out = io.BytesIO()
    with workbook(out, AT) as book:
        told = book.add("Sheet", columns, rows)
    return out.getvalue(), told


def test_a_workbook_holds_texts_as_texts_and_numbers_as_numbers():
    source, told = book_of(("=1+1", -1), ("#N/A", 2.5), ("-1", None), ("@x", "'y"), ("", "_x0041_"))
    assert told.sentences == []
    rows = list(load_workbook(io.BytesIO(source)).active.iter_rows(min_row=2))
    assert [(cell.value, cell.data_type) for row in rows for cell in row][:4] == [
        ("=1+1", "s"),
        (-1, "n"),
        ("#N/A", "s"),
        (2.5, "n"),
    ]
    assert [row[0].quotePrefix for row in rows] == [True, True, False, True, False]
    again = read_workbook(source, lambda cells: "a" in cells).rows
    assert [row.cells[:2] for row in again[1:]] == [["=1+1", "-1"], ["#N/A", "2.5"], ["-1", ""], ["@x", "'y"], ["", "_x0041_"]]


def test_what_a_workbook_cannot_hold_is_told_and_nothing_is_cut_unseen():
    long, wide = "é" * 32_768, "😀" * 16_384
    source, told = book_of(("x\x01y\x02", "\ud800"), (long, wide), ("z" * 32_767, "a\r\nb\rc"))
    (first, second), (cut, cut_too), (whole, lines) = load_workbook(io.BytesIO(source)).active.iter_rows(
        min_row=2, values_only=True
    )
    assert (first, second, lines) == ("x�y�", "�", "a\nb\nc") and len(whole) == 32_767
    for cell in (cut, cut_too):
        assert cell.endswith("a CSV has the whole text]") and len(cell.encode("utf-16-le")) // 2 <= 32_767
    too_long, replaced = told.sentences
    assert "2 (row 3, column 1: 32,768 characters, row 3, column 2: 16,384 characters)" in too_long and replaced.endswith("�: 2")


def test_the_same_tables_give_the_same_workbook():
    assert book_of(("a", 1))[0] == book_of(("a", 1))[0]


def test_a_sheet_that_is_too_large_is_refused_with_the_way_out(monkeypatch):
    monkeypatch.setattr(writing, "MOST_ROWS", 3)
    book_of(*[("a", 1)] * 2)
    with pytest.raises(Refused, match="a sheet holds 2 rows under its header, and there are more; take CSV"):
        book_of(*[("a", 1)] * 3)
    with pytest.raises(Refused, match="16,385 columns are more than a sheet holds"):
        book_of(columns=tuple(map(str, itertools.repeat("c", 16_385))))


def test_every_table_that_leaves_goes_through_the_writers_that_guard_it():
    wrong = [
        where(path, node)
        for path in MODULES
        for node, called in calls(path)
        if called.rpartition(".")[2] in ("DictWriter", "to_csv", "to_excel") or called == "csv.writer"
        if path.name != "delimited.py"
    ]
    assert wrong == []


def test_a_carriage_return_ends_no_row_and_begins_no_formula():
    """Python's own reader, as others, takes one outside quotes for the end of a row."""
    rows = [["hello\r=HYPERLINK(1)", "\r=1", 1], ["plain", "a\nb", 2]]
    written = delimited(["text", "note", "n"], rows).decode()
    assert written == 'text,note,n\n"hello\r=HYPERLINK(1)","\'\r=1","1"\nplain,"a\nb",2\n'
    again = [list(map(unguarded, row)) for row in csv.reader(io.StringIO(written, newline=""))]
    assert again == [["text", "note", "n"], ["hello\r=HYPERLINK(1)", "\r=1", "1"], ["plain", "a\nb", "2"]]
