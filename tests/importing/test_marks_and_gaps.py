"""What a tool exports that is no label of the text: marks on parts of it, relations, and answers handed in empty."""

import json

import pytest

from tests.support.label_files import HOUSE, reasons, settled, text
from touchstone.importing.vocabulary import Answers

BLANK = Answers({"blank": "missing"})
ONE = "line 1: warmth has no answer; say whether that means no label (--blank missing, or a level)"


def lines(*records, **said):
    return text("\n".join(map(json.dumps, records)), **said)


def labels(found) -> list[tuple]:
    return [(row.unit, row.annotator, row.dimension, row.value) for row in found.rows]


# Label Studio


def choice(name: str, value: str) -> dict:
    return {"from_name": name, "to_name": "text", "type": "choices", "value": {"choices": [value]}}


def span(words: str, label: str, kind: str = "labels", **more) -> dict:
    value = {"start": 0, "end": len(words), "text": words, kind: [label]}
    return {"id": "r1", "from_name": "warmth", "to_name": "text", "type": kind, "value": value, **more}


def task(number: int, *by_person) -> dict:
    made = [
        {"completed_by": who, "was_cancelled": False, "result": list(result)} for who, result in enumerate(by_person, start=1)
    ]
    return {"id": number, "data": {"text": "1"}, "annotations": made}


def studio(*tasks, said=None):
    return settled("x.json", json.dumps(list(tasks)).encode(), said)


@pytest.mark.parametrize("kind", ["labels", "hypertextlabels", "paragraphlabels", "timelinelabels"])
def test_a_marked_passage_is_no_label_of_the_text_whatever_stands_in_it(kind):
    found = studio(task(1, [span("1", "2", kind)], [choice("warmth", "2")]))
    assert labels(found) == [("1", "2", "warmth", 2)]
    assert found.reading.passed_over == {"marks on parts of a text": 1}
    assert reasons(found) == []


def test_what_was_answered_about_a_passage_is_no_label_of_the_text():
    of_passage = {**choice("warmth", "2"), "id": "r1", "value": {"start": 0, "end": 1, "choices": ["2"]}}
    box = {"from_name": "warmth", "type": "rectangle", "value": {"x": 1, "y": 2, "width": 3, "height": 4, "rating": 2}}
    assert studio(task(1, [of_passage, box])).reading.passed_over == {"marks on parts of a text": 2}


def test_relations_are_counted_and_are_no_results_without_a_name():
    relation = {"type": "relation", "from_id": "r1", "to_id": "r2", "direction": "right", "labels": ["warmth"]}
    found = studio(task(1, [choice("warmth", "1"), relation]))
    assert (labels(found), found.reading.passed_over) == ([("1", "1", "warmth", 1)], {"relations between marks": 1})
    assert found.reading.left_out == []


def test_passages_in_json_min_and_in_the_csv_are_none_either():
    marked = [{"start": 0, "end": 1, "text": "1", "labels": ["2"]}]
    record = {"id": 1, "annotator": "ana", "annotation_id": 7, "verdict": "pass", "warmth": marked}
    found = settled("x", json.dumps([record]).encode())
    assert (labels(found), found.reading.passed_over) == ([("1", "ana", "verdict", "pass")], {"marks on parts of a text": 1})
    cell = json.dumps(marked).replace('"', '""')
    found = text(f'id,annotator,verdict,warmth\n1,ana,pass,"{cell}"\n')
    assert (labels(found), found.reading.passed_over) == ([("1", "ana", "verdict", "pass")], {"marks on parts of a text": 1})


def test_several_choices_in_a_cell_of_the_csv_are_refused_by_their_number():
    cell = json.dumps({"choices": ["0", "1"]}).replace('"', '""')
    assert reasons(text(f'id,annotator,warmth\n1,ana,"{cell}"\n')) == ["line 2: 1: warmth has 2 answers (0, 1); keep one"]


def test_an_annotation_without_a_result_is_a_blank_of_every_dimension_of_the_file():
    found = studio(task(1, [], [choice("warmth", "1")]))
    assert (reasons(found), [each.key for each in found.questions]) == ([ONE], ["blank"])
    said = studio(task(1, [], [choice("warmth", "1")]), said=BLANK)
    assert (labels(said), said.missing) == ([("1", "2", "warmth", 1)], {"blank": 1})
    assert [row.value for row in studio(task(1, [], [choice("warmth", "1")]), said=Answers({"blank": "0"})).rows] == [1, 0]


def test_a_question_that_was_left_out_is_a_blank_of_whoever_answered_it_elsewhere():
    both = [choice("warmth", "1"), choice("verdict", "pass")]
    found = studio(task(1, both, [choice("verdict", "pass")]), task(2, [choice("verdict", "fail")], [choice("verdict", "pass")]))
    assert len(found.asked) == 1, "the second person was never seen to be asked for warmth"


def test_where_nobody_answered_the_dimension_is_asked_first():
    found = studio(task(1, []))
    assert [each.key for each in found.questions] == ["dimension"]
    assert "an empty answer names no dimension" in reasons(found)[0]


# The other tools


def test_an_empty_list_of_doccano_is_a_blank():
    records = [{"id": 1, "text": "a", "label": ["warmth=2"]}, {"id": 2, "text": "b", "label": []}]
    assert reasons(lines(*records)) == [ONE.replace("line 1", "line 2")]
    assert lines(*records, words={"blank": "missing"}).missing == {"blank": 1}


def test_marks_and_relations_of_doccano_are_counted_in_both_of_its_shapes():
    spans = [{"id": 1, "text": "a", "label": [[0, 1, "warmth=2"], [0, 1, "x"]]}, {"id": 2, "text": "b", "label": ["warmth=1"]}]
    found = lines(*spans)
    assert (labels(found), found.reading.passed_over) == ([("2", "r1", "warmth", 1)], {"marks on parts of a text": 2})
    found = lines(
        {"id": 1, "text": "a", "entities": [{"id": 1, "label": "x"}], "relations": [{"id": 2, "type": "y"}], "Comments": []}
    )
    assert found.rows == []
    assert found.reading.passed_over == {"marks on parts of a text": 1, "relations between marks": 1}


def test_nothing_chosen_in_prodigy_is_a_blank_of_each_dimension_its_options_name():
    options = [{"id": f"warmth={n}"} for n in range(3)] + [{"id": "verdict=pass"}, {"id": "verdict=fail"}]
    record = {"text": "a", "id": "u1", "options": options, "accept": ["warmth=2"], "answer": "accept", "_session_id": "ana"}
    found = lines(record)
    assert (labels(found), len(found.asked)) == ([("u1", "ana", "warmth", 2)], 1)
    assert "verdict has no answer" in reasons(found)[0]
    assert len(lines({**record, "accept": []}).asked) == 2
    alone = {"text": "a", "meta": {"task_id": "u1"}, "options": [{"id": "2"}, {"id": "1"}], "accept": [], "answer": "accept"}
    assert "warmth has no answer" in reasons(lines(alone, dimension="warmth"))[0]
    marked = {"text": "a", "id": "u1", "spans": [{"start": 0, "end": 1, "label": "x"}], "answer": "accept", "_input_hash": 1}
    assert lines(marked).reading.passed_over == {"marks on parts of a text": 1}


def test_what_was_withdrawn_in_argilla_is_no_blank_and_what_was_left_out_is():
    def answered(who, value, status="submitted"):
        return {"user_id": who, "value": value, "status": status}

    records = [
        {"id": "u1", "warmth": [answered("ana", 1), answered("ben", 1)], "verdict": [answered("ana", "pass")]},
        {"id": "u2", "warmth": [answered("ana", 1)], "verdict": [answered("ana", "fail", "discarded")]},
        {"id": "u3", "warmth": [answered("ana", 2)], "verdict": []},
    ]
    found = lines(*records)
    assert found.reading.passed_over == {"discarded responses": 1}
    assert reasons(found) == ["line 3: verdict has no answer; say whether that means no label (--blank missing, or a level)"]


def test_answers_of_argilla_that_are_lists_are_one_answer_none_or_several():
    def of(value):
        response = {"user_id": "ana", "status": "submitted", "values": {"warmth": {"value": value}}}
        return lines({"id": "u1", "responses": [response], "suggestions": []})

    assert labels(of(["2"])) == [("u1", "ana", "warmth", 2)]
    assert "warmth is blank" in reasons(of([]))[0]
    assert reasons(of(["1", "2"])) == ["line 1: u1: warmth has several answers; keep one"]
    assert of([{"start": 0, "end": 3, "label": "2"}]).reading.passed_over == {"marks on parts of a text": 1}


def test_the_metadata_of_an_argilla_dataset_is_json_in_a_text():
    record = {"metadata": '{"task_id": "t9"}', "warmth": [{"user_id": "ana", "value": 1, "status": "submitted"}]}
    assert labels(lines(record)) == [("t9", "ana", "warmth", 1)]


def test_an_instance_of_potato_without_a_choice_is_a_blank_and_its_spans_are_counted():
    def instance(number, chosen, **more):
        return {"instance_id": f"u{number}", "user_id": "ana", "labels": chosen, **more}

    found = lines(
        instance(1, {"warmth": {"scale_2": "2"}}), instance(2, {}, spans={}), instance(3, {}, spans={"s": [{"start": 0}]})
    )
    assert labels(found) == [("u1", "ana", "warmth", 2)]
    assert reasons(found) == [ONE.replace("line 1", line) for line in ("line 2", "line 3")]
    assert found.reading.passed_over == {"marks on parts of a text": 1}


@pytest.mark.parametrize(("stored", "level"), [("on", 2), ("true", 2), ("1", 2), ("2", 2)])
def test_what_potato_stores_of_a_step_says_that_it_was_chosen(stored, level):
    record = {"instance_id": "u1", "user_id": "ana", "labels": {"warmth": {"scale_2": stored}}}
    assert labels(lines(record)) == [("u1", "ana", "warmth", level)]


def test_a_record_without_one_of_the_dimensions_is_asked_about():
    records = [{"task_id": "u1", "labels": {"warmth": 1, "verdict": "pass"}}, {"task_id": "u2", "labels": {"verdict": "pass"}}]
    assert reasons(lines(*records)) == [ONE.replace("line 1", "line 2")]


def test_a_reason_for_no_score_is_no_blank():
    scores = [
        {"task_id": f"u{n}", "scores": {"warmth": {"value": 1} if n else {"value": None, "reason": "too short"}}} for n in (0, 1)
    ]
    assert reasons(lines(*scores)) == []
    assert HOUSE.keys == ("warmth", "verdict")
