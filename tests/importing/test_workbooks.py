"""Workbooks: which sheet is read, how a cell is, and files made to break a reader."""

import io
import zipfile
from datetime import date

import pytest
from openpyxl import Workbook

from tests.support.label_files import reasons, settled
from touchstone.files import xlsx
from touchstone.importing.vocabulary import Answers


def workbook(*sheets, hidden=()) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets, start=1):
        sheet = book.create_sheet(f"Sheet {number}")
        for row in rows:
            sheet.append(row)
        if number in hidden:
            sheet.sheet_state = "hidden"
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def packed(**files: bytes) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as folder:
        for name, content in files.items():
            folder.writestr(name, content)
    return kept.getvalue()


HEAD = ["id", "warmth", "verdict"]


def test_numbers_boxes_dates_and_blanks_are_read_as_they_are_shown():
    source = workbook([HEAD, ["u1", 2.0, "pass"], ["u2", None, True], [date(2026, 3, 1), "1", "fail"], ["u3", "#N/A", "pass"]])
    found = settled("x.xlsx", source, Answers({"blank": "missing", "true": "pass", "na": "missing"}))
    assert [(row.unit, row.value) for row in found.rows] == [
        ("u1", 2),
        ("u1", "pass"),
        ("u2", "pass"),
        ("2026-03-01 00:00:00", 1),
        ("2026-03-01 00:00:00", "fail"),
        ("u3", "pass"),
    ]
    assert found.missing == {"blank": 1, "na": 1}


def test_of_sheets_that_hold_labels_the_first_visible_one_is_read_where_that_is_said_and_the_others_are_listed():
    source = workbook([["notes"]], [HEAD, ["u1", 1, "fail"]], [HEAD, ["u2", 1, "fail"]], [HEAD, ["u3", 1, "fail"]], hidden=(2,))
    assert [each.key for each in settled("x.xlsx", source).questions] == ["sheets"]
    found = settled("x.xlsx", source, Answers(sheets="first"))
    assert {row.unit for row in found.rows} == {"u2"}
    assert found.reading.left_out == ["the sheet Sheet 1", "the sheet Sheet 2", "the sheet Sheet 4"]


def test_a_workbook_is_known_by_its_content_and_lines_are_its_rows():
    assert reasons(settled("labels.csv", workbook([["Title"], [], HEAD, ["u1", 9, "pass"]]))) == [
        "line 4: warmth takes 0, 1 and 2, not 9"
    ]


def test_an_empty_workbook_says_so():
    assert reasons(settled("x.xlsx", workbook([[]]))) == ["the file has no rows under its header; it needs one label per row"]


def test_a_workbook_that_unpacks_to_more_than_is_taken_is_not_unpacked(monkeypatch):
    monkeypatch.setattr(xlsx, "LARGEST", 1_000_000)
    bomb = packed(**{"xl/worksheets/sheet1.xml": b"<a>" * 2_000_000, "[Content_Types].xml": b""})
    assert len(bomb) < 20_000
    assert reasons(settled("x.xlsx", bomb)) == ["the workbook unpacks to 6 MB; at most 1 MB is taken: save the sheet as CSV"]


def test_more_rows_than_are_taken_are_refused(monkeypatch):
    monkeypatch.setattr(xlsx, "MOST_ROWS", 3)
    assert "has more than 3 rows" in reasons(settled("x.xlsx", workbook([HEAD, *[[f"u{n}", 1, "pass"] for n in range(4)]])))[0]


WHOLE = workbook([HEAD, ["u1", 1, "pass"]])
ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]><worksheet>&j;</worksheet>"
)


def with_part(name: str, content: bytes) -> bytes:
    parts = {}
    with zipfile.ZipFile(io.BytesIO(WHOLE)) as folder:
        parts = {each: folder.read(each) for each in folder.namelist()}
    return packed(**{**parts, name: content})


@pytest.mark.parametrize(
    "source",
    [
        b"PK\x03\x04",
        WHOLE[:-40],
        WHOLE[:300],
        packed(a=b"b"),
        packed(**{"xl/workbook.xml": b"<a/>"}),
        with_part("xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row r='x'>"),
        with_part("xl/workbook.xml", b"\0\0"),
        with_part("xl/worksheets/sheet1.xml", ENTITIES),
        with_part("[Content_Types].xml", b""),
        with_part("xl/styles.xml", b"<styleSheet>"),
    ],
    ids=["head", "no end", "short", "other zip", "bare", "sheet", "book", "entities", "types", "styles"],
)
def test_a_broken_workbook_is_refused_in_a_sentence(source):
    found = settled("x.xlsx", source)
    assert found.rows == [] and len(found.problems) == 1, reasons(found)
    assert "workbook" in str(found.problems[0]) or "no rows" in str(found.problems[0])
