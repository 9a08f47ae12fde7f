"""Label sets, a file in no known shape: the form that says what its columns are stands in place, with guesses."""

import json

import pytest

from tests.importing.test_label_set_pages import answer, named, opened
from tests.importing.test_mapped_labels import workbook
from tests.support.page_tab import HOSTILE, Tab
from tests.support.sample_store import RUBRIC
from tests.support.small_stores import people
from touchstone.importing.mapped.label_mapping import LabelColumn, LabelMapping
from touchstone.importing.vocabulary import Answers
from ui.importing import label_set_form
from workflow.importing.label_files import File
from workflow.importing.label_preview import preview_labels
from workflow.importing.label_sets import all_label_sets, import_labels
from workflow.importing.label_tables import offered_columns
from workflow.people.people import person_named

GERMAN = "Fall;Prüferin;Merkmal;Urteil;Bemerkung\n" + "".join(
    f"F-{n};{who};{name};{word};so\n"
    for n in range(3)
    for who in ("Anna", "Berta")
    for name, word in (("Tonfall", "gut"), ("Aufruf", "2"))
)


@pytest.fixture
def chosen(monkeypatch):
    given: list[File] = []
    monkeypatch.setattr(label_set_form, "files", lambda: list(given))
    return given


def test_a_file_of_no_known_shape_is_mapped_in_place_and_that_is_kept(empty, monkeypatch, chosen):
    chosen.append(File("urteile.csv", GERMAN.encode()))
    tab = opened(monkeypatch, empty, "ana")
    assert "It is in no shape that is known, so say what each column is. 12 rows, 5 columns." in tab.text
    assert "A guess: by its name" in tab.text and tab.refusal == ""
    answer(tab, "Which dimension is “Tonfall”", "tone_compliance")
    answer(tab, "Which dimension is “Aufruf”", "cta_quality")
    assert "The first labels, as they would be read" in tab.text and "F-0" in tab.text
    named(tab)
    assert "Still needed: 1 answer." in tab.text and "Whose labels" not in tab.text
    answer(tab, "What does “gut” mean", "3")
    assert "Merkmal = Tonfall tone_compliance: 6 labels (3: 6)" in " ".join(tab.text.split())
    tab.press("Import")
    assert "outside: 12 labels of 3 units by Anna, Berta, 2 dimensions" in tab.done
    (kept,) = all_label_sets(empty)
    assert kept.read_as["said"]["mappings"]["urteile.csv"] == {
        "unit": "Fall",
        "annotator": "Prüferin",
        "dimension": "Merkmal",
        "labels": [["Urteil", "", ""]],
        "called": {"Tonfall": "tone_compliance", "Aufruf": "cta_quality"},
        "means": {"gut": "3"},
    }
    assert kept.left_out == {"urteile.csv": ["Bemerkung"]}


def test_files_with_other_columns_are_mapped_by_themselves_beside_one_that_is_known(empty, monkeypatch, chosen):
    chosen += [
        File("a.csv", b"Fall,Anna,Berta\nt1,2,1\nt2,0,0\n"),
        File("b.csv", b"Fall,Anna,Berta\nt3,2,1\nt4,0,0\n"),
        File("c.csv", b"Beleg Nr,Clara\nt1,3\nt2,1\n"),
        File("dora.csv", b"task_id,cta_quality\nt1,2\n"),
    ]
    tab = opened(monkeypatch, empty, "ana")
    assert "What the columns are: a.csv" in tab.text and "1 other file will be read the same way." in tab.text
    assert "What the columns are: c.csv" in tab.text and "What the columns are: b.csv" not in tab.text
    next(each for each in tab.at.text_input if each.label == "By annotator" and not each.value).set_value("Clara")
    answer(named(tab), "Which dimension are the labels", "cta_quality").press("Import")
    assert "outside: 11 labels of 4 units by Anna, Berta, Clara, dora, 1 dimension" in tab.done
    assert sorted(all_label_sets(empty)[0].read_as["said"]["mappings"]) == ["a.csv", "b.csv", "c.csv"]


def test_a_file_of_a_known_shape_is_mapped_where_somebody_asks_for_it(empty, monkeypatch, chosen):
    chosen.append(File("r1.csv", b"task_id,tone_alignment,mine\nt1,2,1\nt2,1,1\n"))
    tab = opened(monkeypatch, empty, "ana")
    assert "What the columns are" not in tab.text
    next(each for each in tab.at.checkbox if each.label == "Say what each column is").check()
    tab.run()
    assert "What the columns are: r1.csv" in tab.text and "no shape that is known" not in tab.text
    answer(tab, "What mine is", "labels")
    answer(tab, "What tone_alignment is", "left out")
    answer(tab, "Of dimension", "cta_quality")
    assert "2 labels of 2 units by r1, 1 dimension" in tab.text
    answer(tab, "What tone_alignment is", "unit")
    assert "“task_id” and “tone_alignment” are both said to be the unit; keep one" in tab.refusal
    assert next(each for each in tab.at.button if each.label == "Import").disabled


def test_sheets_in_another_language_are_dimensions_once_they_are_said_to_be_parts(empty, monkeypatch, chosen):
    head = ["Antwort", "Frau Meier", "Herr Schulz"]
    sheets = {"Tonfall": [head, ["A1", 2, 1], ["A2", 0, 0]], "Aufruf": [head, ["A1", 1, 1], ["A2", 2, 2]]}
    chosen.append(File("pivot.xlsx", workbook(sheets)))
    tab = opened(monkeypatch, empty, "ana")
    assert "Which dimension is “Tonfall”" not in tab.text
    answer(tab, "What are the sheets", "parts")
    answer(tab, "Which dimension is “Tonfall”", "tone_compliance")
    answer(tab, "Which dimension is “Aufruf”", "cta_quality")
    assert "8 labels of 2 units by Frau Meier, Herr Schulz, 2 dimensions" in tab.text


def test_a_word_is_asked_about_in_each_dimension_where_those_have_no_level_in_common(empty, monkeypatch, chosen):
    rows = "".join(f"F-{n};{name};{'gut' if n % 2 else 'rot'}\n" for n in range(4) for name in ("customer_tone", "kind_of_reply"))
    chosen.append(File("worte.csv", f"Fall;Merkmal;Urteil\n{rows}".encode()))
    tab = Tab(monkeypatch, empty, "ana").open("label-sets")
    answer(tab, "Rubric version", "support-replies-v1")
    boxes = [each for each in tab.at.selectbox if each.label.startswith("What does “")]
    assert [len(each.options) for each in boxes] == [6, 5, 6, 5], "the levels of each, and no label"
    for box, level in zip(boxes, ("1", "refuses", "4", "answers"), strict=True):
        box.set_value(level)
    assert "8 labels of 4 units by worte, 2 dimensions" in tab.run().text


def test_what_is_no_table_has_its_refusal_and_no_form(empty, monkeypatch, chosen):
    chosen.append(File("picture.csv", b"\x89PNG\r\n\x1a\n" + b"\0" * 40))
    tab = opened(monkeypatch, empty, "ana")
    assert "UTF-8" in tab.refusal and "What the columns are" not in tab.text


@pytest.mark.parametrize(
    "source",
    [
        f'"{HOSTILE}",b\n"{HOSTILE}",{HOSTILE}\n'.encode(),
        (",".join(f"c{n}" for n in range(290)) + "\n" + ",".join("x" * 290) + "\n").encode(),
        b'"a\nb"\n1\n2\n',
        b"a,b\n",
        json.dumps([{"a": [{"b": [1, 2]}]}, {"a": []}]).encode(),
    ],
)
def test_a_hostile_file_is_text_and_never_breaks_the_page(empty, monkeypatch, chosen, source):
    chosen.append(File("x.json" if source.startswith(b"[") else "x.csv", source))
    tab = opened(monkeypatch, empty, "ana")
    assert tab.title == "Label sets" and "<script>" not in tab.markup


def test_what_is_asked_of_labels_that_wait_is_asked_with_it(empty):
    """Without a dimension nothing can be read; the scale and ids that differ in form are asked about at once all the same."""
    ana = person_named(empty, "ana")
    source = b"id,annotator,value\nT-1,ana,1\nt-1,Ana,2\nT-2,ana,?\n"
    made = preview_labels(ana, empty, [File("bare.csv", source)], rubric=RUBRIC)
    assert [each.key for each in made.questions] == ["unsure", "dimension", "same_ids", "same_annotators"]
    assert made.scale.startswith("as in the rubric")


def test_columns_are_offered_under_a_rubric_and_read_as_is_said(engine):
    (ana,) = people(engine, "ana")
    file = File("urteile.csv", GERMAN.encode())
    offered = offered_columns(ana, engine, file, RUBRIC)
    assert [each.role for each in offered.guesses.roles] == ["unit", "annotator", "dimension", "labels", "left out"]
    assert offered_columns(ana, engine, File("x.csv", b""), RUBRIC) is None
    called = {"Tonfall": "tone_compliance", "Aufruf": ""}
    mapping = LabelMapping("Fall", "Prüferin", "Merkmal", (LabelColumn("Urteil"),), called, {"gut": "3"})
    more = {"name": "outside", "made_by": "person-blind", "rubric": RUBRIC, "said": Answers(mappings={file.name: mapping})}
    assert import_labels(ana, engine, [file], **more).labels == 6
    assert not import_labels(ana, engine, [file], **more).is_new
