"""What the tools' own exporters write of spans, relations, skips, empty answers, comments and several choices: no label is
invented, and whatever does not count is counted or asked about."""

import dataclasses
from pathlib import Path

import pytest

from tests.support.label_files import UUIDS, reasons, settled
from touchstone.importing.vocabulary import Answers

EXPORTS = Path(__file__).with_name("exports")
PEOPLE = {"ana@example.org": "ana", "ben@example.org": "ben"}
OF_STUDIO = {
    ("u1", "ana", "warmth", 2),
    ("u1", "ana", "verdict", "pass"),
    ("u1", "ben", "warmth", 1),
    ("u1", "ben", "verdict", "pass"),
    ("u2", "ana", "warmth", 1),
    ("u2", "ana", "verdict", "fail"),
    ("u2", "ben", "verdict", "fail"),
}
OF_POTATO = OF_STUDIO - {("u2", "ana", "warmth", 1)} | {("u2", "ana", "warmth", 0)}
# In JSON-MIN and CSV the answer about a span ("fail") stands beside the one about the text ("pass"), and nothing tells which is.
OF_MIN = OF_STUDIO - {("u1", "ana", "verdict", "pass")}
SPANS = "marks on parts of a text"
CASES = {
    "label_studio.json": (
        OF_STUDIO,
        {SPANS: 3, "relations between marks": 1, "cancelled annotations": 1, "predictions of a model": 1},
        {"themes", "remark"},
    ),
    "label_studio_min.json": (OF_MIN, {SPANS: 2}, {"themes", "marks", "remark", "text"}),
    "label_studio.csv": (OF_MIN, {}, {"themes", "marks", "remark", "text"}),
    "label_studio.tsv": (OF_MIN, {}, {"themes", "marks", "remark", "text"}),
    "potato.csv": (OF_POTATO, {SPANS: 3}, {"themes.price", "themes.speed", "remark.text_box", "marks._spans"}),
    "potato.tsv": (OF_POTATO, {SPANS: 3}, {"themes.price", "themes.speed", "remark.text_box", "marks._spans"}),
    "potato.jsonl": (OF_POTATO, {SPANS: 3, "relations between marks": 1}, {"themes", "remark"}),
}
# Argilla's whole records do not say what was submitted; its flat ones do: ben discarded a response to u2, two to u3 are drafts.
UNSENT = {("u2", "ben", "warmth", 0), ("u3", "ben", "warmth", 2), ("u3", "ben", "verdict", "pass")}
OF_ARGILLA = {
    "argilla.json": (OF_STUDIO | UNSENT, {"suggestions": 1, SPANS: 1}),
    "argilla_flat.json": (OF_STUDIO, {"suggestions": 1, SPANS: 1, "discarded responses": 1, "draft responses": 2}),
}
# Without a label each: u3 of ana, u2 of ben; ben gave u3 two.
OF_ANA, OF_BEN = {("u1", 2), ("u2", 1)}, {("u1", 1)}
OF_DOCCANO = {
    "doccano_verdict_ana.jsonl": ({("u1", "pass"), ("u2", "fail")}, ""),
    "doccano_verdict_ben.jsonl": ({("u1", "pass"), ("u2", "fail")}, ""),
    "doccano_warmth_ana.csv": (OF_ANA, ""),
    "doccano_warmth_ana.json": (OF_ANA, ""),
    "doccano_warmth_ana.jsonl": (OF_ANA, ""),
    "doccano_warmth_ana.txt": ({("1", 2), ("2", 1)}, ""),  # fastText's lines name no unit
    "doccano_warmth_ben.csv": (OF_BEN, "warmth takes 0, 1 and 2, not 0#2"),
    "doccano_warmth_ben.json": (OF_BEN | {("u3", 0)}, "u3 has warmth by doccano_warmth_ben already; keep one"),
    "doccano_warmth_ben.jsonl": (OF_BEN | {("u3", 0)}, "u3 has warmth by doccano_warmth_ben already; keep one"),
    "doccano_warmth_ben.txt": ({("1", 1)}, "warmth takes 0, 1 and 2, not 0, 2"),
}


def read(name: str, said: Answers | None = None):
    return settled(name, (EXPORTS / name).read_bytes(), said)


def test_no_export_is_without_a_case():
    assert {*CASES, *OF_ARGILLA, *OF_DOCCANO} == {path.name for path in EXPORTS.iterdir()} - {"README.md"}


@pytest.mark.parametrize("name", CASES)
def test_an_export_gives_the_labels_of_whole_texts_and_counts_the_rest(name):
    labels, passed_over, left_out = CASES[name]
    found = read(name, Answers({"blank": "missing"}))
    assert {(row.unit, PEOPLE.get(row.annotator, row.annotator), row.dimension, row.value) for row in found.rows} == labels
    assert found.reading.passed_over == passed_over
    assert set(found.reading.left_out) - {"annotation_id", "created_at", "updated_at", "lead_time", "id"} == left_out


@pytest.mark.parametrize("name", CASES)
def test_the_three_answers_that_are_not_there_are_asked_about(name):
    """ben's warmth of u2, and both dimensions of u3, for which ana handed in nothing."""
    assert [each.key for each in read(name).questions] == ["blank"]
    assert read(name, Answers({"blank": "missing"})).missing == {"blank": 3}


@pytest.mark.parametrize("name", ["label_studio_min.json", "label_studio.csv", "label_studio.tsv"])
def test_two_answers_that_an_export_cannot_tell_apart_are_refused(name):
    (reason,) = reasons(read(name, Answers({"blank": "missing"})))
    assert "u1: verdict has 2 answers (pass, fail); keep one" in reason


def test_json_min_says_that_it_does_not_say_what_is_about_a_passage():
    assert "export it as JSON" in read("label_studio_min.json").remarks[0]


@pytest.mark.parametrize("name", OF_ARGILLA)
def test_argilla_s_responses_of_two_users_are_theirs(name):
    labels, passed_over = OF_ARGILLA[name]
    found = read(name, Answers(unstated="submitted"))
    assert {(row.unit, UUIDS[row.annotator], row.dimension, row.value) for row in found.rows} == labels
    assert found.reading.passed_over == passed_over and set(found.reading.left_out) == {"themes", "remark"}


def test_responses_that_do_not_say_whether_they_were_submitted_are_asked_about():
    assert [each.key for each in read("argilla.json").questions] == ["unstated"]
    assert not read("argilla_flat.json").questions


@pytest.mark.parametrize("name", OF_DOCCANO)
def test_doccano_s_file_of_a_user_gives_the_one_label_of_a_text_and_refuses_two(name):
    labels, refused = OF_DOCCANO[name]
    said = Answers({"blank": "missing"}, dimension=name.split("_")[1], unit="" if name.endswith(".txt") else "unit")
    found = read(name, said)
    assert {(row.unit, row.value) for row in found.rows} == labels
    assert {row.annotator for row in found.rows} == {Path(name).stem}
    assert [reason.partition(": ")[2] for reason in reasons(found)] == ([refused] if refused else [])
    assert found.missing == {"blank": 1}  # a text that its user gave no label
    assert [each.key for each in read(name, dataclasses.replace(said, words={})).questions] == ["blank"]
