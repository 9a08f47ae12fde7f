"""Files that people write themselves, judges' results and sheets a rater each: read where they can be in one way only."""

import json

import pytest

from tests.importing.test_workbooks import HEAD, workbook
from tests.support.label_files import reasons, settled, text
from touchstone.importing.vocabulary import Answers

WANTED = [("t1", "warmth", 2), ("t2", "warmth", 0)]


def given(found) -> list[tuple]:
    return [(row.unit, row.dimension, row.value) for row in found.rows]


def people(found) -> list[tuple]:
    return sorted((row.unit, row.annotator, row.dimension, row.value) for row in found.rows)


def test_a_label_a_line_is_of_the_unit_that_the_line_s_number_names():
    found = text("2\n0\n1\n", dimension="warmth")
    assert given(found) == [("1", "warmth", 2), ("2", "warmth", 0), ("3", "warmth", 1)]
    assert found.remarks[0].startswith("the file names no unit, so its lines are counted")
    assert [each.key for each in text("2\n0\n1\n").questions] == ["dimension"]


def test_the_first_line_may_name_the_dimension_and_a_blank_line_is_a_blank():
    found = text("friendliness\n2\n\n1\n\n\n")
    assert given(found) == [("1", "warmth", 2), ("3", "warmth", 1)]
    assert reasons(found) == ["line 3: warmth is blank; say whether a blank means no label (--blank missing, or a level)"]


@pytest.mark.parametrize("source", ["hello\nworld\n", "id\nu1\n", "2\n", "warmth\n2\n", ""])
def test_other_lines_are_no_labels(source):
    assert text(source, dimension="warmth").rows == []


def test_a_table_in_markdown_is_a_table_and_others_are_left_out():
    source = (
        "# Labels\n\n| who | when |\n|---|---|\n| ana | May |\n\nText - more | less\n\n"
        "| id | warmth | verdict |\n|:---|:---:|---:|\n| t1 | **2** | `pass` |\n| a \\| b | 0 | fail |\n"
    )
    found = text(source)
    assert given(found) == [("t1", "warmth", 2), ("t1", "verdict", "pass"), ("a | b", "warmth", 0), ("a | b", "verdict", "fail")]
    assert found.reading.left_out == ["the table at line 3"]
    assert reasons(text(source.replace("| 0 |", "| 7 |"))) == ["line 12: warmth takes 0, 1 and 2, not 7"]


@pytest.mark.parametrize(
    "data",
    [
        {"t1": {"warmth": 2}, "t2": {"warmth": 0}},
        {"t1": {"warmth": {"score": 2, "reason": "x"}}, "t2": {"warmth": {"score": 0, "reason": "x"}}},
        {"t1": 2, "t2": 0},
        {"warmth": {"t1": 2, "t2": 0}},
        {"results": [{"id": "t1", "warmth": 2}, {"id": "t2", "warmth": 0}]},
        [{"id": "t1", "warmth": {"value": 2, "because": "x"}}, {"id": "t2", "warmth": {"value": 0}}],
        [{"id": "t1", "evaluation": {"warmth": 2}}, {"id": "t2", "evaluation": {"warmth": 0}}],
        [{"id": "t1", "result": {"score": 2, "reason": "x"}}, {"id": "t2", "result": {"score": 0, "reason": "x"}}],
        [
            {"id": "t1", "labels": [{"dimension": "warmth", "value": 2}]},
            {"id": "t2", "labels": [{"dimension": "warmth", "value": 0}]},
        ],
    ],
)
def test_json_of_labels_is_read_in_the_one_way_it_can_be(data):
    found = text(json.dumps(data), dimension="warmth")
    assert (given(found), reasons(found)) == (WANTED, [])


@pytest.mark.parametrize(
    "data",
    [
        [{"id": "t1", "warmth": {"mia": 2, "noa": 1}}],
        [{"id": "t1", "mia": {"warmth": 2}, "noa": {"warmth": 1}}],
        [{"id": "t1", "labels": [{"annotator": "mia", "warmth": 2}, {"annotator": "noa", "warmth": 1}]}],
        [{"id": "t1", "dimension": "warmth", "mia": 2, "noa": 1}],
    ],
)
def test_raters_within_a_record_are_raters(data):
    assert people(text(json.dumps(data))) == [("t1", "mia", "warmth", 2), ("t1", "noa", "warmth", 1)]


@pytest.mark.parametrize("data", [{"mia": {"t1": 2}, "noa": {"t1": 1}}, {"t1": {"mia": {"warmth": 2}}}])
def test_where_unit_and_annotator_cannot_be_told_apart_what_would_be_read_is_said(data):
    (reason,) = reasons(text(json.dumps(data), dimension="warmth"))
    assert 'write a record a label instead: {"id": …, "annotator": …, "dimension": …, "value": …}' in reason


# promptfoo


def outcome(unit: str, score, *, metric: str = "warmth", passed: bool = True, provider: str = "a", **assertion) -> dict:
    graded = {"pass": passed, "score": score, "reason": "x", "assertion": {"type": "llm-rubric", "metric": metric, **assertion}}
    return {
        "testIdx": 3,
        "promptIdx": 0,
        "vars": {"task_id": unit},
        "provider": {"id": provider},
        "success": passed,
        "gradingResult": {"pass": passed, "score": score, "componentResults": [graded]},
    }


def promptfoo(*outcomes, **said):
    return text(json.dumps({"evalId": "e", "results": {"version": 3, "results": list(outcomes)}, "config": {}}), **said)


def test_what_promptfoo_s_scores_from_0_to_1_are_is_asked_where_the_scale_has_other_levels():
    """0.5 of the scale 0, 1, 2 is its middle level 1; as a level, 1 is the level 1 and 0.5 none."""
    results = (outcome("t1", 1), outcome("t2", 0.5, provider="a"))
    assert [each.key for each in promptfoo(*results).questions] == ["scores"]
    assert [row.value for row in promptfoo(*results, scores="share").rows] == [2, 1]
    assert [row.value for row in promptfoo(results[0], scores="level").rows] == [1]
    assert "falls between two of its 3 levels" in reasons(promptfoo(outcome("t1", 0.4), scores="share"))[0]


def test_what_passed_is_the_level_of_that_name_and_the_grader_is_no_person():
    found = promptfoo(outcome("t1", 0.9, metric="verdict", provider="a", passed=False))
    assert [(row.unit, row.annotator, row.value) for row in found.rows] == [("t1", "promptfoo", "fail")]
    assert found.reading.machines == ("promptfoo",)


def test_two_outputs_of_one_test_are_two_units_and_errors_are_counted():
    found = promptfoo(
        outcome("t1", 2), outcome("t1", 1, provider="b"), {"vars": {"task_id": "t2"}, "testIdx": 1, "error": "x"}, scores="level"
    )
    assert given(found) == [("t1 a 0", "warmth", 2), ("t1 b 0", "warmth", 1)]
    assert found.reading.passed_over == {"results with an error": 1}


# Workbooks


MIA, NOA = [HEAD, ["t1", 2, "pass"]], [HEAD, ["t1", 1, "fail"]]


def test_sheets_with_labels_are_asked_about():
    found = settled("x.xlsx", workbook(MIA, NOA))
    assert [(each.key, each.choices) for each in found.questions] == [("sheets", ("annotators", "parts", "first"))]
    assert "--sheets annotators, parts or first" in reasons(found)[0]


def test_sheets_are_an_annotator_each_or_one_table_or_only_the_first():
    each = settled("x.xlsx", workbook(MIA, NOA), Answers(sheets="annotators"))
    assert people(each)[0] == ("t1", "Sheet 1", "verdict", "pass") and len(each.rows) == 4
    assert [row.value for row in settled("x.xlsx", workbook(MIA, NOA), Answers(sheets="first")).rows] == [2, "pass"]
    parts = settled("x.xlsx", workbook(MIA, [HEAD, ["t2", 1, "fail"]]), Answers(sheets="parts"))
    assert [row.unit for row in parts.rows] == ["t1", "t1", "t2", "t2"]


def test_a_problem_in_a_sheet_names_the_sheet():
    wrong = [HEAD, ["", 1, "fail"]]
    assert reasons(settled("x.xlsx", workbook(MIA, wrong), Answers(sheets="parts"))) == [
        "line 2: sheet Sheet 2: the row names no unit; fill its id in"
    ]
