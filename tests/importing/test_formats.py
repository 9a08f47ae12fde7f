"""Every format ends in the same labels; what does not count is counted; and no bytes make a reader raise."""

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.label_files import EMAILS, EXPECTED, FILES, HOUSE, STEMS, UUIDS, reasons, settled, text
from touchstone.importing.contract import Names
from touchstone.importing.formats import FORMATS, JSON_FORMATS, read
from touchstone.importing.vocabulary import Answers

SUBMITTED = Answers(unstated="submitted")
HOUSE_SESSIONS = {"house-ana": "ana", "house-ben": "ben"}
# By file: its format, what its annotators are called there, what does not count, what is left out, what must be said.
CASES = {
    "wide_ana.csv wide_ben.csv": ("wide table", STEMS, {}, ["when"]),
    "long.csv": ("long table", {}, {}, []),
    "headers_prefix.csv": ("wide table, raters in the headers", {}, {}, ["ana_comment"]),
    "headers_brackets.csv": ("wide table, raters in the headers", {}, {}, ["ana_comment"]),
    "headers_dots.csv": ("wide table, raters in the headers", {}, {}, ["ana_comment"]),
    "headers_words.csv": ("wide table, raters in the headers", {}, {}, ["ana_comment"]),
    "spreadsheet.csv": ("wide table, raters in the headers", {}, {}, ["Reply"]),
    "workbook.xlsx": ("wide table, raters in the headers of a workbook", {}, {}, ["the sheet Read me", "Reply"]),
    "label_studio.json": ("Label Studio JSON", {}, {"predictions of a model": 2, "cancelled annotations": 1}, ["remark"]),
    "label_studio_min.json": ("Label Studio JSON-MIN", EMAILS, {}, ["text", "remark"]),
    "label_studio.csv": (
        "wide table",
        EMAILS,
        {},
        ["annotation_id", "created_at", "id", "lead_time", "remark", "text", "updated_at"],
    ),
    "doccano_ana.jsonl doccano_ben.jsonl": ("doccano JSONL", STEMS, {}, []),
    "labels_ana.jsonl labels_ben.jsonl": ("labels, a line a unit", STEMS, {}, []),
    "scores_ana.jsonl scores_ben.jsonl": ("scores, a line a draft", STEMS, {"not scorable, with a reason": 4}, []),
    "argilla1.jsonl": ("Argilla", UUIDS, {"suggestions": 2, "discarded responses": 2}, []),
    "argilla1_dataset.jsonl": ("Argilla", UUIDS, {"suggestions": 2, "discarded responses": 2}, []),
    "argilla2.json": ("Argilla", UUIDS, {"suggestions": 2}, []),
    "argilla2_flat.json": ("Argilla", UUIDS, {"suggestions": 2, "discarded responses": 1, "draft responses": 1}, []),
    "argilla2_columns.json": ("Argilla", UUIDS, {"suggestions": 2, "discarded responses": 1, "draft responses": 1}, []),
    "potato_user_state_ana.json potato_user_state_ben.json": ("Potato", {}, {}, []),
    "potato_export.jsonl": ("Potato", {}, {}, []),
    "potato_annotated_instances.jsonl": ("Potato", {}, {}, []),
    "prodigy.jsonl": ("Prodigy JSONL", HOUSE_SESSIONS, {"ignored answers": 1, "rejected answers": 1}, []),
}


@pytest.mark.parametrize("names", CASES)
def test_every_format_ends_in_the_same_labels(names):
    format_, called, gone, left_out = CASES[names]
    found = [settled(name, said=SUBMITTED if name == "argilla2.json" else None) for name in names.split()]
    assert [reasons(each) for each in found] == [[]] * len(found)
    rows = [row._replace(annotator=called.get(row.annotator, row.annotator)) for each in found for row in each.rows]
    assert set(rows) == EXPECTED and len(rows) == len(EXPECTED)
    assert {each.reading.format for each in found} == {format_}
    counted = [each.reading.passed_over for each in found]
    assert {why: sum(each.get(why, 0) for each in counted) for each in counted for why in each} == gone
    assert found[0].reading.left_out == left_out


def test_no_file_of_the_folder_is_without_a_case():
    assert {name for names in CASES for name in names.split()} == {path.name for path in FILES.iterdir()} - {"README.md"}


@pytest.mark.parametrize("names", CASES)
def test_every_format_says_field_by_field_how_it_was_read(names):
    roles = {field.name: field.role for field in settled(names.split()[0]).fields}
    assert "the unit" in roles.values()
    assert any(role.startswith("warmth") and "labels (0: " in role for role in roles.values()) or names == "argilla2.json"
    assert any(role.startswith("verdict") for role in roles.values())


def test_the_title_above_the_header_and_sheets_that_are_not_read_are_told():
    assert ("line 1", "above the header: left out") in settled("spreadsheet.csv").fields
    assert settled("workbook.xlsx").reading.left_out[0] == "the sheet Read me"


def test_the_lines_of_json_are_those_of_the_file():
    source = (FILES / "label_studio.json").read_text().replace('"rating": 0', '"rating": 7', 1)
    at = source[: source.index('"rating": 7')].count("\n") + 1
    (problem,) = settled("x.json", source.encode()).problems
    assert problem.reason == "warmth takes 0, 1 and 2, not 7"
    assert 0 <= at - problem.line < 60, "the line its task begins on"


# What each tool can say that is no plain label


def labelled(**more) -> dict:
    return {"id": 1, "data": {"task_id": "u1"}, "predictions": [], "annotations": [], **more}


def annotation(*results, by=1, **more) -> dict:
    return {"completed_by": by, "was_cancelled": False, "result": list(results), **more}


def result(name: str, value: dict, **more) -> dict:
    return {"from_name": name, "value": value, "type": "choices", **more}


def test_two_people_of_one_name_are_called_by_their_address():
    twins = [{"id": each, "email": f"{each}@example.org", "first_name": "Kim", "last_name": ""} for each in (1, 2)]
    tasks = [labelled(annotations=[annotation(result("warmth", {"choices": ["1"]}), by=each) for each in twins])]
    assert settled("x", json.dumps(tasks).encode()).annotators == ("1@example.org", "2@example.org")


def test_predictions_that_were_submitted_as_they_stood_are_said():
    tasks = [labelled(annotations=[annotation(result("warmth", {"choices": ["1"]}, origin="prediction"))])]
    (remark,) = settled("x", json.dumps(tasks).encode()).reading.remarks
    assert remark.startswith("1 answers are predictions of a model that were submitted unchanged")


def test_drafts_of_label_studio_do_not_count():
    tasks = [labelled(drafts=[{"result": []}], annotations=[annotation(result("warmth", {"choices": ["1"]}))])]
    assert settled("x", json.dumps(tasks).encode()).reading.passed_over == {"drafts that were not submitted": 1}


def test_several_choices_where_a_label_is_one_are_refused():
    tasks = [labelled(annotations=[annotation(result("verdict", {"choices": ["pass", "fail"]}))])]
    assert reasons(settled("x", json.dumps(tasks).encode())) == ["line 1: u1: verdict has 2 answers (pass, fail); keep one"]


def test_one_person_twice_on_a_task_is_refused_with_the_line():
    tasks = [labelled(annotations=[annotation(result("warmth", {"rating": each})) for each in (1, 2)])]
    assert reasons(settled("x", json.dumps(tasks).encode())) == ["line 1: u1 has warmth by 1 already; keep one"]


def test_without_a_status_argilla_s_answers_are_asked_about():
    found = settled("argilla2.json")
    assert [each.key for each in found.questions] == ["unstated"]
    assert "--unstated submitted" in reasons(found)[0]


def test_labels_that_name_no_dimension_are_asked_about():
    line = json.dumps({"id": 1, "text": "x", "label": ["2"]})
    found = text(line)
    assert (found.rows, [each.key for each in found.questions]) == ([], ["dimension"])
    assert "--dimension" in reasons(found)[0]
    assert [row.value for row in text(line, dimension="friendliness").rows] == [2]


def test_a_machine_among_potato_s_annotators_is_said():
    line = json.dumps(
        {"user_id": "bot", "instance_id": "u1", "annotator_origin": {"kind": "llm"}, "labels": {"warmth": {"scale_1": "1"}}}
    )
    assert text(line).reading.remarks == ["the file says that bot is not a person"]


def test_scores_keep_the_task_beside_the_draft():
    assert settled("scores_ana.jsonl").tasks["u1"] == "task-of-u1"


def test_flat_records_are_a_table():
    found = text('[{"task_id": "u1", "warmth": 2, "verdict": "pass"}, {"task_id": "u2", "warmth": 1.0, "verdict": "fail"}]')
    assert [row.value for row in found.rows] == [2, "pass", 1, "fail"]
    assert found.reading.format == "wide table of records"


def test_a_file_of_two_formats_is_refused_at_the_line():
    lines = (FILES / "prodigy.jsonl").read_text() + '{"task_id": "u9", "labels": {"warmth": 1}}\n'
    assert reasons(settled("x", lines.encode())) == [
        "line 15: not a record of Prodigy JSONL, unlike others in the file; export the file again, or name its format (--format)"
    ]


@pytest.mark.parametrize("format_", FORMATS)
def test_a_format_that_was_named_is_tried_and_says_what_it_misses(format_):
    found = settled("x", b'{"nothing": "of this"}', format=format_)
    assert found.rows == [] and found.problems


# No bytes make a reader raise


HOSTILE = {
    "empty": b"",
    "blank": b" \n\n",
    "a BOM": b"\xef\xbb\xbf",
    "UTF-16": "id,warmth\nu1,1\n".encode("utf-16"),
    "NUL": b"id,warmth\nu1\0,1\n",
    "latin-1": "id,warmth\nä,1\n".encode("latin-1"),
    "half a character": b'{"task_id": "\\ud800", "labels": {"warmth": 1}}',
    "deep": b"[" * 100_000,
    "deep object": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "endless": b'[{"id": 1',
    "no object": b"[1, 2, null]",
    "long line": b"id,warmth\nu1," + b"1" * 2_000_000,
    "huge number": b'{"id": ' + b"9" * 5_000 + b"}",
    "NaN": b'{"task_id": "u1", "labels": {"warmth": NaN}}',
    "twice": b'{"task_id": 1, "task_id": 2, "labels": {}}',
    "a zip": b"PK\x03\x04" + b"\0" * 50,
    "an old workbook": b"\xd0\xcf\x11\xe0" + b"\0" * 600,
    "quotes": b'id,warmth\n"u1,1\n',
    "NUL in JSON": b'{"task_id": "a\\u0000b", "labels": {"warmth": 1}}',
    "a word": b"hello",
    "columns": b"a,b\n1\n1,2,3\n",
    "line break in an id": b'id,warmth\n"a\nb",1\n',
    "long id": b"id,warmth\n" + b"a" * 300 + b",1\n",
    "lists for ids": b'{"task_id": [1], "labels": {"warmth": 1}}',
    "labels of labels": b'{"task_id": 1, "labels": {"warmth": {"a": [1]}}}',
    "the array is followed by": b'[{"task_id": 1, "labels": {"warmth": 1}}] x',
    "commas": b",,,\n,,,\n",
    "one column": b"id\nu1\n",
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("format_", ["auto", "csv", "xlsx", *JSON_FORMATS])
def test_hostile_bytes_are_problems_and_never_raise(name, format_):
    found = settled("x", HOSTILE[name], format=format_)
    assert found.all_problems, "taken without a word"
    assert all(str(each) for each in found.all_problems)


@given(st.binary(max_size=300), st.sampled_from(FORMATS))
def test_any_bytes_are_read_or_refused(source, format_):
    read(source, Names(HOUSE), format_)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.floats(allow_nan=False) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
SAMPLES = {
    key: next(json.loads(line) for line in source.splitlines()[:1])
    for key, source in {
        "argilla": (FILES / "argilla1.jsonl").read_text(),
        "prodigy": (FILES / "prodigy.jsonl").read_text(),
        "potato": (FILES / "potato_export.jsonl").read_text(),
        "scores": (FILES / "scores_ana.jsonl").read_text(),
        "labels": (FILES / "labels_ana.jsonl").read_text(),
        "doccano": (FILES / "doccano_ana.jsonl").read_text(),
    }.items()
}
SAMPLES |= {
    "label-studio": json.loads((FILES / "label_studio.json").read_text())[0],
    "label-studio-min": json.loads((FILES / "label_studio_min.json").read_text())[0],
    "argilla-flat": json.loads((FILES / "argilla2_flat.json").read_text())[0],
    "argilla-2": json.loads((FILES / "argilla2.json").read_text())[0],
    "potato-state": json.loads((FILES / "potato_user_state_ana.json").read_text()),
}


def broken(value, with_, chance: random.Random):
    """The value with one thing in it replaced."""
    if isinstance(value, dict) and value and chance.random() < 0.8:
        key = chance.choice(list(value))
        return {**value, key: broken(value[key], with_, chance)}
    if isinstance(value, list) and value and chance.random() < 0.8:
        place = chance.randrange(len(value))
        return [*value[:place], broken(value[place], with_, chance), *value[place + 1 :]]
    return with_


@pytest.mark.parametrize("key", SAMPLES)
@given(with_=JSON, seed=st.integers(0, 10**6))
def test_a_record_with_anything_replaced_is_read_or_refused(key, with_, seed):
    record = broken(SAMPLES[key], with_, random.Random(seed))
    for format_ in ("auto", key):
        if format_ in FORMATS:
            settled("x", json.dumps([record]).encode(), SUBMITTED, format_)
