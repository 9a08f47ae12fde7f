"""Files of labels that no reader knows: somebody says which column is what, and they are read like any other."""

import io
import json

import pytest
from openpyxl import Workbook

from tests.support.label_files import HOUSE, reasons, settled
from tests.support.tables import parquet_of
from touchstone.data.table.source_table import read_table
from touchstone.importing.contract import Names
from touchstone.importing.mapped.label_guesses import guessed_labels
from touchstone.importing.mapped.label_mapping import LabelColumn, LabelMapping
from touchstone.importing.mapped.mapped_labels import read_mapped, unknown_words
from touchstone.importing.vocabulary import Answers, ResolvedLabels, names_of, resolve

GERMAN = (
    "Fall;Prüferin;Merkmal;Urteil;Bemerkung\n"
    "F-1;Anna;Freundlichkeit;2;klingt gut\nF-1;Berta;Freundlichkeit;1;\n"
    "F-1;Anna;Ausgang;pass;gelöst\nF-2;Anna;Freundlichkeit;0;barsch, sehr barsch\nF-2;Anna;Laune;2;\n"
)
NESTED = [
    {"case": {"ref": "u1"}, "meta": {"rater": "ana"}, "scores": [{"of": "warmth", "got": 2}, {"of": "verdict", "got": "pass"}]},
    {"case": {"ref": "u1"}, "meta": {"rater": "ben"}, "scores": [{"of": "warmth", "got": 1}]},
    {"case": {"ref": "u2"}, "meta": {"rater": "ben"}, "scores": []},
]


def mapped(source: bytes, mapping: LabelMapping, name: str = "labels.csv", **said) -> ResolvedLabels:
    answers = Answers(**said)
    return resolve(read_mapped(source, name, mapping, names_of(HOUSE, answers)), HOUSE, "r1", answers)


def workbook(sheets: dict[str, list[list]]) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def given(found: ResolvedLabels) -> list[tuple]:
    return [tuple(row) for row in found.rows]


def guess(source: bytes, name: str = "labels.csv") -> tuple[dict[str, str], tuple[LabelColumn, ...]]:
    found = guessed_labels(read_table(source, name, of_members=True), Names(HOUSE))
    return {each.column: each.role for each in found.roles}, found.labels


def test_columns_in_another_language_and_names_that_the_rubric_does_not_know():
    called = {"Freundlichkeit": "friendliness", "Ausgang": "verdict", "Laune": ""}
    mapping = LabelMapping("Fall", "Prüferin", "Merkmal", (LabelColumn("Urteil"),), called)
    found = mapped(GERMAN.encode(), mapping)
    assert reasons(found) == []
    assert given(found) == [
        ("F-1", "Anna", "warmth", 2),
        ("F-1", "Berta", "warmth", 1),
        ("F-1", "Anna", "verdict", "pass"),
        ("F-2", "Anna", "warmth", 0),
    ]
    assert found.reading.left_out == ["Laune", "Bemerkung"]
    assert ("Merkmal = Freundlichkeit", "warmth: 3 labels (0: 1, 1: 1, 2: 1)") in found.fields
    assert guess(GERMAN.encode()) == (
        {"Fall": "unit", "Prüferin": "annotator", "Merkmal": "dimension", "Urteil": "labels", "Bemerkung": "left out"},
        (LabelColumn("Urteil"),),
    )


def test_paths_of_records_and_a_label_for_each_member_of_a_list():
    mapping = LabelMapping("case.ref", "meta.rater", "scores[].of", (LabelColumn("scores[].got"),))
    for source in (json.dumps(NESTED), "\n".join(map(json.dumps, NESTED)), json.dumps({"made": "May", "rows": NESTED})):
        found = mapped(source.encode(), mapping, "labels.json")
        assert given(found) == [("u1", "ana", "warmth", 2), ("u1", "ana", "verdict", "pass"), ("u1", "ben", "warmth", 1)]
        assert "without a member of the list scores, and so left out: 1 record" in found.remarks
    roles, labels = guess(json.dumps(NESTED).encode(), "labels.json")
    assert (roles["meta.rater"], roles["scores[].of"], labels) == ("annotator", "dimension", (LabelColumn("scores[].got"),))


def test_lists_in_lists_are_taken_apart_and_lists_side_by_side_are_not():
    gave = [{"of": "warmth", "got": 2}, {"of": "verdict", "got": "fail"}]
    deep = [{"id": "u1", "by": [{"who": "ana", "gave": gave}]}, {"id": "u2", "by": [{"who": "ana", "gave": gave[:1]}]}]
    mapping = LabelMapping("id", "by[].who", "by[].gave[].of", (LabelColumn("by[].gave[].got"),))
    assert given(mapped(json.dumps(deep).encode(), mapping, "a.json")) == [
        ("u1", "ana", "warmth", 2),
        ("u1", "ana", "verdict", "fail"),
        ("u2", "ana", "warmth", 2),
    ]
    beside = [{"id": "u1", "warmth": 1, "a": [{"x": 1}], "b": [{"y": 1}]}, {"id": "u2", "warmth": 0}]
    found = mapped(json.dumps(beside).encode(), LabelMapping("id"), "a.json")
    assert given(found) == [("u1", "r1", "warmth", 1), ("u2", "r1", "warmth", 0)]
    assert found.remarks[0].startswith("the lists a and b stand side by side")


def test_a_column_a_rater_and_a_column_a_rater_and_dimension():
    source = b"Fall,Anna,Berta\nF-1,2,1\nF-2,0,\n"
    columns = (LabelColumn("Anna", "", "Anna"), LabelColumn("Berta", "", "Berta"))
    found = mapped(source, LabelMapping("Fall", labels=columns), dimension="warmth", words={"blank": "missing"})
    assert given(found) == [("F-1", "Anna", "warmth", 2), ("F-1", "Berta", "warmth", 1), ("F-2", "Anna", "warmth", 0)]
    assert [each.key for each in mapped(source, LabelMapping("Fall", labels=columns)).questions] == ["blank", "dimension"]
    assert guess(source) == ({"Fall": "unit", "Anna": "labels", "Berta": "labels"}, columns)
    both = tuple(
        LabelColumn(f"{who} {name}", key, who) for who in ("A", "B") for name, key in (("Ton", "warmth"), ("Ende", "verdict"))
    )
    wide = b"Fall,A Ton,A Ende,B Ton,B Ende\nF-1,2,pass,1,fail\n"
    assert given(mapped(wide, LabelMapping("Fall", labels=both))) == [
        ("F-1", "A", "warmth", 2),
        ("F-1", "A", "verdict", "pass"),
        ("F-1", "B", "warmth", 1),
        ("F-1", "B", "verdict", "fail"),
    ]
    slots = tuple(LabelColumn(f"Rater {n}", "warmth", f"Rater {n}") for n in (1, 2))
    asked = mapped(b"Fall,Rater 1,Rater 2\nF-1,2,1\n", LabelMapping("Fall", labels=slots))
    assert [each.key for each in asked.questions] == ["slots_are_people"]


def test_words_mean_what_is_said_and_a_column_of_comments_is_left_out():
    source = "Nr,Ton,Kommentar\n1,gut,ja\n2,schlecht,so nicht\n3,entfällt,\n4,N/A,\n5,mittel,na ja\n".encode()
    mapping = LabelMapping("Nr", labels=(LabelColumn("Ton", "warmth"),))
    asked = mapped(source, mapping)
    assert "line 2: warmth takes 0, 1 and 2, not gut" in reasons(asked)
    assert [each.key for each in asked.questions] == ["na"]
    means = {"gut": "2", "mittel": "1", "schlecht": "0", "entfällt": "missing"}
    found = mapped(source, LabelMapping("Nr", labels=mapping.labels, means=means), words={"na": "missing"})
    assert given(found) == [(unit, "r1", "warmth", level) for unit, level in (("1", 2), ("2", 0), ("5", 1))]
    assert found.reading.passed_over == {"cells with “entfällt”, said to be no label": 1}
    assert found.remarks == (
        "words of the file were read as was said: “gut” as 2, “mittel” as 1, “schlecht” as 0 and “entfällt” as no label",
    )
    longer = source + b"".join(b"%d,gut,\n%d,mittel,so so\n" % (n, n + 1) for n in range(6, 20, 2))
    assert guess(longer)[0] == {"Nr": "unit", "Ton": "labels", "Kommentar": "left out"}


def test_columns_that_are_called_by_a_dimension_need_not_be_said():
    source = parquet_of({"Beleg": ["a", "b"], "Friendliness": [2, 0], "wer": ["ana", "ben"]})
    found = mapped(source, LabelMapping("Beleg", "wer"), "labels.parquet")
    assert given(found) == [("a", "ana", "warmth", 2), ("b", "ben", "warmth", 0)]


def test_sheets_are_a_rater_or_a_dimension_each_as_is_said():
    by_rater = workbook(
        {"Anna": [["Fall", "Ton"], ["F-1", 2]], "Berta": [["Fall", "Ton"], ["F-1", 1]], "Info": [["made", "in"], ["May", ""]]}
    )
    mapping = LabelMapping("Fall", labels=(LabelColumn("Ton", "warmth"),))
    asked = mapped(by_rater, mapping, "labels.xlsx")
    assert "the sheets Anna and Berta hold labels each" in reasons(asked)[0]
    found = mapped(by_rater, mapping, "labels.xlsx", sheets="annotators")
    assert given(found) == [("F-1", "Anna", "warmth", 2), ("F-1", "Berta", "warmth", 1)]
    assert found.reading.left_out == ["the sheet Info"]
    pivot = workbook({"Warmth": [["Fall", "Anna"], ["F-1", 2]], "verdict": [["Fall", "Anna"], ["F-1", "Open"]]})
    of_rater = LabelMapping("Fall", labels=(LabelColumn("Anna", "", "Anna"),))
    assert [each.key for each in mapped(pivot, of_rater, "labels.xlsx").questions] == ["sheets"], "the sheets name the dimensions"
    found = mapped(pivot, of_rater, "labels.xlsx", sheets="parts")
    assert given(found) == [("F-1", "Anna", "warmth", 2), ("F-1", "Anna", "verdict", "fail")]


@pytest.mark.parametrize(
    ("mapping", "reason"),
    [
        (LabelMapping("Case"), "there is no column “Case”; the file has Fall, Prüferin, Merkmal, Urteil, Bemerkung"),
        (LabelMapping(""), "no column is said to name the unit; say which holds the id of what was labelled"),
        (LabelMapping("Fall", "Fall"), "the column “Fall” is said to be two things; leave one out"),
        (
            LabelMapping("Fall", labels=(LabelColumn("Urteil", "mood"),)),
            "there is no dimension mood; the rubric has warmth, verdict",
        ),
        (
            LabelMapping("Fall", labels=(LabelColumn("Urteil", "warmth"), LabelColumn("Bemerkung", "warmth"))),
            "the columns “Urteil” and “Bemerkung” both hold labels of warmth; say whose, or of which dimension",
        ),
        (
            LabelMapping("Fall"),
            "no column is said to hold labels, and none is called by a dimension of house-v1; say which does (--value-field)",
        ),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused_with_the_way_out(mapping, reason):
    assert reasons(mapped(GERMAN.encode(), mapping)) == [reason]


@pytest.mark.parametrize(
    "source",
    [
        b"",
        b"Fall,Ton\n",
        b"\x89PNG\r\n\x1a\n" + b"\0" * 40,
        b"PAR1" + b"x" * 50,
        b"PK\x03\x04broken",
        b"[[1, 2], [3]]",
        ",".join(f"c{n}" for n in range(100_000)).encode() + b"\n" + b"1," * 99_999 + b"1\n",
        json.dumps([{f"c{n}": n for n in range(100_000)}]).encode(),
        json.dumps([{"a": [{"x": 1}] * 2000, **{f"c{n}": n for n in range(2000)}}]).encode(),
    ],
)
def test_what_is_no_table_is_problems_and_no_traceback(source):
    found = mapped(source, LabelMapping("Fall", labels=(LabelColumn("Ton", "warmth"),)))
    assert found.rows == [] and reasons(found)
    assert all(len(each) < 600 for each in reasons(found))


def test_ids_that_cannot_be_kept_and_names_with_line_breaks():
    source = b'"Fall\nNummer",Ton\n"a\nb",2\n,1\nc,2\n'
    found = mapped(source, LabelMapping("Fall Nummer", labels=(LabelColumn("Ton", "warmth"),)))
    assert given(found) == [("c", "r1", "warmth", 2)]
    assert reasons(found)[0].startswith("line 3: the unit’s id") and "the row names no unit" in reasons(found)[1]
    nobody = mapped(b"Fall,Wer,Ton\na,,2\n", LabelMapping("Fall", "Wer", labels=(LabelColumn("Ton", "warmth"),)))
    assert "there is no column “Wer”" in reasons(nobody)[0], "a column with nothing in it is none"


def test_a_table_of_one_column_is_guessed_to_be_nothing_that_it_is_not():
    assert guess(b"Ton\n2\n1\n1\n") == ({"Ton": "labels"}, (LabelColumn("Ton"),))
    assert guess(b"Fall\nF-1\nF-2\n") == ({"Fall": "unit"}, ())


def test_labels_in_parquet_of_a_known_shape_need_no_mapping():
    source = parquet_of({"id": ["a", "b"], "rater": ["ana", "ben"], "warmth": [2, 0]})
    assert given(settled("labels.parquet", source)) == [("a", "ana", "warmth", 2), ("b", "ben", "warmth", 0)]
    assert reasons(settled("labels.parquet", source[:40]))[0].startswith("the Parquet file cannot be read")


def test_words_are_asked_about_in_the_dimensions_in_which_they_stand():
    """A level of one dimension may be a word in another; a name that is left out brings none."""
    table = read_table(
        b"Fall;Was;Urteil\na;Ton;gut\na;Ende;gut\nb;Ton;pass\nb;Ende;pass\nc;Laune;froh\nc;Neu;oft\nd;Ton;N/A\n", "a.csv"
    )
    mapping = LabelMapping("Fall", "", "Was", (LabelColumn("Urteil"),), {"Ton": "warmth", "Ende": "verdict", "Laune": ""})
    found = unknown_words(table, mapping, Names(HOUSE))
    assert {word: [each.key for each in among] for word, among in found.items()} == {
        "gut": ["warmth", "verdict"],
        "pass": ["warmth"],
        "oft": [],
    }
    means = {"warmth=gut": "2", "gut": "pass", "warmth=pass": "missing", "N/A": "missing", "oft": "missing"}
    source = b"Fall;Was;Urteil\na;Ton;gut\na;Ende;gut\nb;Ton;pass\nb;Ende;pass\nd;Ton;N/A\n"
    read = mapped(source, LabelMapping("Fall", "", "Was", mapping.labels, mapping.called, means))
    assert given(read) == [("a", "r1", "warmth", 2), ("a", "r1", "verdict", "pass"), ("b", "r1", "verdict", "pass")]
