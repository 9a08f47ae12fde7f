"""Any file with a table in it is read as the same table; what is no table is refused in a sentence."""

import io
import json
from datetime import datetime

import pyarrow
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from tests.support.tables import COLUMNS, csv_of, json_of, parquet_of, rows, workbook_of
from touchstone.data.table import source_table
from touchstone.data.table.source_table import read_table
from touchstone.files import parquet

ROWS = [list(each) for each in rows()]
PASTED = "\n".join("\t".join(f'"{cell}"' if "\n" in cell else cell for cell in each) for each in (COLUMNS, *ROWS)).encode()
JSONL = b"\n".join(json.dumps(dict(zip(COLUMNS, each, strict=True))).encode() for each in ROWS)
FILES = {
    "commas.csv": csv_of(ROWS),
    "semicolons.csv": csv_of(ROWS, separator=";"),
    "tabs.tsv": csv_of(ROWS, separator="\t"),
    "marked.csv": b"\xef\xbb\xbf" + csv_of(ROWS),
    "utf16.txt": PASTED.decode().encode("utf-16"),
    "book.xlsx": workbook_of([COLUMNS, *ROWS]),
    "array.json": json_of(ROWS),
    "lines.jsonl": JSONL,
    "wrapped.json": b'{"version": 1, "data": ' + json_of(ROWS) + b"}",
    "by_column.json": json.dumps({name: [each[place] for each in ROWS] for place, name in enumerate(COLUMNS)}).encode(),
    "pandas.json": json.dumps(
        {name: {str(number): each[place] for number, each in enumerate(ROWS)} for place, name in enumerate(COLUMNS)}
    ).encode(),
    "rows.parquet": parquet_of({name: [each[place] for each in ROWS] for place, name in enumerate(COLUMNS)}),
    "pasted table": PASTED,
}


@pytest.mark.parametrize("name", FILES)
def test_the_same_table_is_read_from_every_format(name):
    table = read_table(FILES[name], name)
    assert table.problems == ()
    assert (table.columns, [row.cells for row in table.rows]) == (COLUMNS, ROWS)


def test_windows_letters_are_read_and_said():
    table = read_table("id;größe\n1;süß\n".encode("cp1252"), "x.csv")
    assert (table.columns, table.cells("größe")) == (("id", "größe"), ["süß"])
    assert table.remarks == ("read as Windows-1252, as it is not UTF-8: look at letters such as ä and é below",)


def test_quotes_within_a_pasted_cell_stay_as_they_are():
    table = read_table(b'id\ttext\n1\t"so-called" help\n2\t"two\nlines, ""quoted"""\r\n3\t5" wide\n', "pasted table")
    assert table.cells("text") == ['"so-called" help', 'two\nlines, "quoted"', '5" wide']
    assert [row.line for row in table.rows] == [2, 3, 5]


def test_what_stands_around_a_table_is_left_out_and_said():
    table = read_table(
        workbook_of(
            [["Tickets of March", None, None, None, None], ["id", "reply", None, "reply", "none"], [1, "a", "b", "c", None]],
            [["x", "y"], ["1", "2"]],
        ),
        "book.xlsx",
    )
    assert table.columns == ("id", "reply", "column 3", "reply (2)")
    assert table.remarks == (
        "the sheet Sheet 1 is read, not Sheet 2",
        "above the header, left out: “Tickets of March” (line 1)",
        "column 3 has no name in the header, and is called column 3",
        "the column reply stands twice; the second is called reply (2)",
        "nothing is in the column none: left out",
    )
    assert (table.sheets, read_table(b"", "x.csv").sheets) == (("Sheet 1", "Sheet 2"), ())
    assert read_table(workbook_of([["a", "b"], ["1", "2"]], [["c", "d"], ["3", "4"]]), "b.xlsx", sheet="Sheet 2").columns == (
        "c",
        "d",
    )


def test_a_header_that_stands_again_is_no_row():
    table = read_table(b"id,text\n1,a\nid,text\n2,b\n", "x.csv")
    assert (table.cells("id"), table.remarks) == (["1", "2"], ("the header stands again, left out: line 3",))


def test_a_second_table_in_the_file_is_told_or_refused():
    other = read_table(b"id,text,plan\n1,a,x\n\nid,score\n1,2\n2,3\n", "x.csv")
    assert [str(each) for each in other.problems] == [
        "line 4: another table seems to begin here, with 2 cells where the header has 3; split the file into one table each"
    ]
    beside = "if line 4 (case, score), after a blank one, is the header of another table, split the file there"
    alike = read_table(b'id,text\n1,"a\nb"\n2,c\n\ncase,score\n3,d\n', "x.csv")
    assert alike.remarks == (beside.replace("line 4", "line 6"),)
    sheet = read_table(workbook_of([["id", "text"], ["1", "a\nb"], [None, None], ["case", "score"], ["3", "d"]]), "x.xlsx")
    assert sheet.remarks == (beside,)
    assert read_table(b"id,text\n1,a\n\n2,b\n", "x.csv").remarks == ()


def test_a_table_without_names_of_columns_gets_numbers():
    long = "A sentence that nobody would choose as the name of a column as it goes on on and on for more than a line"
    table = read_table(f"1,{long}\n2,{long} too\n".encode(), "x.csv")
    assert (table.columns, len(table.rows), table.has_header) == (("column 1", "column 2"), 2, False)
    assert read_table(b"a,b\n1,2\n", "x.csv", has_header=False).cells("column 1") == ["a", "1"]


def test_values_are_written_as_text():
    day, time = datetime(2026, 3, 1), datetime(2026, 3, 1, 14, 30)
    table = read_table(workbook_of([["id", "day", "at", "ok"], [1.0, day, time, True], [2, day, day, False]]), "b.xlsx")
    assert [row.cells for row in table.rows] == [
        ["1", "2026-03-01", "2026-03-01 14:30:00", "true"],
        ["2", "2026-03-01", "2026-03-01 00:00:00", "false"],
    ]
    nested = read_table(
        json.dumps(
            [
                {
                    "id": 7,
                    "who": {"plan": "free", "tags": ["a", "b"]},
                    "turns": [{"role": "user", "text": "Hi"}, {"role": "bot"}],
                },
                {"id": 8.0, "who": {"plan": None}, "turns": []},
            ]
        ).encode(),
        "x.json",
    )
    assert nested.columns == ("id", "who.plan", "who.tags", "turns")
    assert nested.rows[0].cells == ["7", "free", "a\nb", "role: user\ntext: Hi\n\nrole: bot"]
    assert nested.rows[1].cells == ["8", "", "", ""]


def test_parquet_of_many_kinds_of_values():
    table = read_table(
        parquet_of(
            {
                "id": [1, 2],
                "about": [{"source": "web", "score": 0.5}, {"source": None, "score": float("nan")}],
                "image": [b"\x00\x01", None],
                "day": [datetime(2026, 1, 1), None],
            }
        ),
        "x.parquet",
    )
    assert (table.columns, [row.cells for row in table.rows]) == (
        ("id", "about.source", "about.score", "day"),
        [["1", "web", "0.5", "2026-01-01"], ["2", "", "", ""]],
    )
    assert table.remarks == ("what cannot be shown (binary data) is in the column image: left out",)


@pytest.mark.parametrize(
    ("name", "source", "said"),
    [
        ("x.csv", b"", "there is no table in it: it is empty"),
        ("x.csv", b"id,text\n", "the table has no rows under its header"),
        ("x.csv", b"id,text\n1,a,b\n", "line 2: the row has 3 cells and the header 2; quote a text that contains a separator"),
        ("x.csv", b"id,text\n1,a\0b\n", "line 2: the line contains a NUL character; remove it"),
        ("x.xls", b"\xd0\xcf\x11\xe0\xa1", "this is a workbook of the old kind (.xls); open it and save it as XLSX or CSV"),
        (
            "x.parquet",
            b"PAR1 no more",
            "the Parquet file cannot be read (ArrowInvalid); write it again, or save the table as CSV or JSONL",
        ),
        ("x.json", b'[{"a": 1}', "line 1: the array is not closed: the file seems cut off; export it again"),
        ("x.json", b"[1, 2]", "line 1: this is '1', not an object; each record is one"),
        ("x.csv", ",".join(f"c{n}" for n in range(301)).encode(), "line 1: the table has more than 300 columns; leave some out"),
        ("x.csv", b"id,text\n1," + b"a" * 1_000_001, "line 2: this is not CSV: field larger than field limit (1000000)"),
    ],
    ids=range(10),
)
def test_what_is_no_table_is_refused_with_the_way_out(name, source, said):
    table = read_table(source, name)
    assert table.columns == () and said in [str(each) for each in table.problems]


def test_what_is_too_long_is_refused(monkeypatch):
    monkeypatch.setattr(source_table, "MOST_ROWS", 2)
    for name in ("commas.csv", "array.json", "lines.jsonl", "rows.parquet", "book.xlsx", "pasted table"):
        assert "split it" in read_table(FILES[name], name).problems[0].reason, name
    monkeypatch.setattr(source_table, "MOST_ROWS", 200)
    monkeypatch.setattr(source_table, "MOST_TEXT", 100)
    assert "of text; split it" in read_table(FILES["book.xlsx"], "x.xlsx").problems[0].reason
    monkeypatch.undo()
    monkeypatch.setattr(source_table, "LARGEST", 100)
    assert "at most 0 MB is taken: split it" in read_table(FILES["commas.csv"], "x.csv").problems[0].reason
    monkeypatch.setattr(parquet, "LARGEST", 100)
    assert "unpacks to 0 MB" in read_table(FILES["rows.parquet"], "x.parquet").problems[0].reason
    monkeypatch.setattr(parquet, "LARGEST", 150_000_000)
    monkeypatch.setattr(parquet, "LARGEST_GIVEN", 100_000)
    once = parquet_of({"text": pyarrow.array(["a" * 50_000] * 150).dictionary_encode()})
    assert len(once) < 100_000 and "the rows up to here hold more than 0 MB" in read_table(once, "x.parquet").problems[0].reason


@given(st.lists(st.lists(st.sampled_from(["a", 'b"', "\t", "\n", '"', "\r\n", ";", ",", "1"]), max_size=6), max_size=6))
def test_no_text_makes_the_reader_fail(parts):
    source = "".join("".join(each) for each in parts).encode()
    table = read_table(source, "pasted table")
    assert all(len(row.cells) == len(table.columns) for row in table.rows)
    assert bool(table.problems) == (table.columns == ())


def test_two_columns_of_one_name_are_both_read_from_parquet():
    out = io.BytesIO()
    columns = [pyarrow.array([value]) for value in "abc"]
    pyarrow.parquet.write_table(pyarrow.table(columns, names=["Ticket", "Reply", "Reply"]), out)
    table = read_table(out.getvalue(), "dup.parquet")
    assert (table.columns, [row.cells for row in table.rows]) == (("Ticket", "Reply", "Reply (2)"), [["a", "b", "c"]])


def test_a_cell_far_away_from_the_others_costs_no_time_of_its_own():
    """It took two minutes: every empty cell up to it was looked at."""
    book = Workbook()
    book.active.append(["id", "text"])
    book.active.append(["1", "a text"])
    book.active["XFD1048576"] = "far"
    out = io.BytesIO()
    book.save(out)
    assert [row.cells[:2] for row in read_table(out.getvalue(), "far.xlsx").rows] == [["1", "a text"]]
