"""Columns of raters and columns of levels, and labels whose dimension stands elsewhere."""

import json

import pytest

from tests.support.label_files import reasons, text
from touchstone.errors import in_sentences


def labels(found) -> list[tuple]:
    return [(row.unit, row.annotator, row.dimension, row.value) for row in found.rows]


POTATO = (
    "user\tinstance_id\tdisplayed_text\twarmth:::scale_0\twarmth:::scale_1\twarmth:::scale_2\tverdict:::pass\tverdict:::fail\n"
)


def test_a_column_a_level_of_potato_is_a_level_and_never_an_annotator():
    found = text(POTATO + "ana\tu1\tA text, 1\t\t\t2\tpass\t\nben\tu1\tA text, 1\t0\t\t\t\ttrue\n")
    assert labels(found) == [
        ("u1", "ana", "warmth", 2),
        ("u1", "ana", "verdict", "pass"),
        ("u1", "ben", "warmth", 0),
        ("u1", "ben", "verdict", "fail"),
    ]
    assert (reasons(found), found.reading.left_out, found.questions) == ([], ["displayed_text"], ())


def test_potato_s_later_csv_has_a_dot_and_its_spans_are_counted():
    head = "instance_id,user_id,warmth.scale_1,warmth.scale_2,verdict,marks._spans\n"
    found = text(head + 'u1,ana,,2,pass,"[{""start"": 0}, {""start"": 4}]"\nu2,ana,1,,fail,[]\n')
    assert labels(found) == [
        ("u1", "ana", "verdict", "pass"),
        ("u1", "ana", "warmth", 2),
        ("u2", "ana", "verdict", "fail"),
        ("u2", "ana", "warmth", 1),
    ]
    assert found.reading.passed_over == {"marks on parts of a text": 2}


def test_no_level_chosen_is_a_blank_and_two_are_refused():
    assert "warmth is blank" in reasons(text(POTATO + "ana\tu1\t\t\t\t\tpass\t\n"))[0]
    assert reasons(text(POTATO + "ana\tu1\t\t0\t\t2\tpass\t\n")) == [
        "line 2: u1: warmth has 2 answers (scale_0, scale_2); keep one"
    ]


@pytest.mark.parametrize("row", ["u1,0,0,1", "u1,,,x", "u1,FALSE,FALSE,TRUE", "u1,no,no,yes", "u1,,,2"])
def test_a_form_s_column_a_level_is_read_by_which_is_filled(row):
    assert labels(text(f"id,warmth_0,warmth_1,warmth_2\n{row}\n")) == [("u1", "r1", "warmth", 2)]


def test_two_raters_called_by_numbers_are_no_levels():
    """Both columns are filled in one row, so neither stands for a level."""
    found = text("id,warmth_1,warmth_2\nu1,1,\nu2,1,2\n", slots_are_people=True, words={"blank": "missing"})
    assert labels(found) == [("u1", "1", "warmth", 1), ("u2", "1", "warmth", 1), ("u2", "2", "warmth", 2)]


RATERS = "item,mia,noa,ole,words\nt1,2,1,2,231\nt2,0,0,.,120\n"


def test_a_column_a_rater_asks_for_the_dimension_and_what_a_dot_means_at_once():
    found = text(RATERS)
    assert [each.key for each in found.questions] == ["na", "dimension"]
    assert found.questions[0].sentence == "What does “.” mean in Warmth and Verdict?"
    made = text(RATERS, dimension="warmth", words={"na": "missing"})
    assert labels(made) == [
        ("t1", "mia", "warmth", 2),
        ("t1", "noa", "warmth", 1),
        ("t1", "ole", "warmth", 2),
        ("t2", "mia", "warmth", 0),
        ("t2", "noa", "warmth", 0),
    ]
    assert (made.missing, made.reading.left_out, made.questions) == ({"na": 1}, ["words"], ())


def test_a_column_taken_for_a_rater_is_told_and_can_be_left_out():
    source = "item,mia,noa,difficulty\nt1,2,1,2\n"
    found = text(source, dimension="warmth")
    assert found.annotators == ("mia", "noa", "difficulty")
    assert "the columns mia, noa and difficulty are taken for one annotator each" in found.remarks[0]
    said = text(source, dimension="warmth", raters=("mia", "noa"))
    assert (said.annotators, said.reading.left_out, said.remarks) == (("mia", "noa"), ["difficulty"], ())


def test_a_column_may_name_the_dimension_of_raters_in_columns():
    found = text("id,dimension,mia,noa\nt1,warmth,2,1\nt1,verdict,pass,fail\n")
    assert [row[1:] for row in labels(found)] == [
        ("mia", "warmth", 2),
        ("noa", "warmth", 1),
        ("mia", "verdict", "pass"),
        ("noa", "verdict", "fail"),
    ]


@pytest.mark.parametrize("names", [("pass_a", "pass_b"), ("rating 1", "rating 2"), ("Judge A", "Judge B")])
def test_raters_in_columns_that_are_called_by_places_are_asked_about(names):
    found = text(f"id,{','.join(names)}\nt1,2,1\n", dimension="warmth")
    assert [each.key for each in found.questions] == ["slots_are_people"]
    assert text(f"id,{','.join(names)}\nt1,2,1\n", dimension="warmth", slots_are_people=True).annotators == names


def test_labels_without_a_dimension_take_the_one_that_is_said_or_their_own():
    source = "id,annotator,label\nt1,mia,2\nt1,noa,verdict: pass\n"
    assert [each.key for each in text(source).questions] == ["dimension"]
    assert labels(text(source, dimension="warmth")) == [("t1", "mia", "warmth", 2), ("t1", "noa", "verdict", "pass")]


def test_a_rarer_name_for_the_column_of_the_dimension_is_one_where_it_holds_dimensions():
    assert labels(text("id,metric,score\nt1,warmth,2\n")) == [("t1", "r1", "warmth", 2)]
    assert labels(text("id,topic,score\nt1,warmth,2\n", dimension_field="topic")) == [("t1", "r1", "warmth", 2)]


def test_one_sentence_with_a_number_stands_for_a_problem_of_many_cells():
    found = text("id,annotator,label\n" + "".join(f"t{n},mia,2\n" for n in range(300)))
    (sentence,) = in_sentences(found.all_problems)
    assert sentence.endswith("(300 times, lines 2 to 301) (--dimension KEY)")


# The dimension in a field beside the label


def prodigy(meta: dict, label: str, unit: str = "t1") -> str:
    record = {"text": "x", "meta": {"task_id": unit, **meta}, "accept": [label], "answer": "accept", "_annotator_id": "mia"}
    return json.dumps(record) + "\n"


def test_a_label_is_for_the_dimension_that_its_record_names():
    found = text(prodigy({"dimension": "warmth"}, "2") + prodigy({"dimension": "verdict"}, "pass"))
    assert labels(found) == [("t1", "mia", "warmth", 2), ("t1", "mia", "verdict", "pass")]
    assert ("meta.dimension", "the dimension") in found.fields


def test_a_field_by_any_name_that_holds_a_dimension_in_every_record_is_the_one():
    assert labels(text(prodigy({"part": "warmth"}, "2") + prodigy({"part": "verdict"}, "pass")))[1][2] == "verdict"


def test_where_the_dimension_cannot_be_seen_the_question_names_the_fields_it_could_be_in():
    source = prodigy({"part": "heat"}, "2") + prodigy({"part": "end"}, "pass") + prodigy({"part": "end"}, "fail", "t2")
    found = text(source)
    assert "name that field, of meta.part (heat, end)" in reasons(found)[0]
    assert reasons(found)[0].endswith("(--dimension-field FIELD, --dimension KEY)")
    assert (found.questions[0].fields, found.rows) == (("meta.part",), [])
    assert text(source, dimension_field="meta.part").reading.left_out == ["heat", "end"]


def test_doccano_keeps_it_beside_the_label_too():
    record = {"id": 1, "text": "x", "label": ["2"], "dimension": "warmth"}
    assert labels(text(json.dumps(record))) == [("1", "r1", "warmth", 2)]


# Judges


def test_a_judge_s_results_are_a_model_s_and_its_score_is_a_level():
    source = "\n".join(json.dumps({"id": f"t{n}", "score": n % 3, "reason": "because", "model": "m-1"}) for n in range(3))
    found = text(source, dimension="warmth")
    assert labels(found) == [("t0", "m-1", "warmth", 0), ("t1", "m-1", "warmth", 1), ("t2", "m-1", "warmth", 2)]
    assert found.reading.machines == ("m-1",)
    assert "not 0.5" in reasons(text(source.replace('"score": 1', '"score": 0.5'), dimension="warmth"))[0]


def test_several_models_beside_a_score_may_be_whose_draft_it_is_and_are_no_judges():
    source = "id,model,score,reason\nt1,m-1,2,x\nt2,m-2,1,x\n"
    assert text(source, dimension="warmth").annotators == ("r1",)
    assert text(source.replace("model", "judge"), dimension="warmth").annotators == ("m-1", "m-2")


def studio(label: str, number: int = 1, **data) -> dict:
    result = {"from_name": "choice", "to_name": "text", "type": "choices", "value": {"choices": [label]}}
    return {"id": number, "data": data, "annotations": [{"completed_by": 1, "result": [result]}]}


def argilla(label: str, **metadata) -> dict:
    answer = {"user_id": "1", "value": label, "status": "submitted"}
    return {"id": "1", "metadata": metadata, "label": [answer]}


@pytest.mark.parametrize("made", [studio, argilla])
def test_the_only_question_of_a_tool_is_of_the_dimension_that_is_said_or_that_a_field_names(made):
    assert [each.key for each in text(json.dumps([made("2")])).questions] == ["dimension"]
    assert labels(text(json.dumps([made("2")]), dimension="warmth")) == [("1", "1", "warmth", 2)]
    assert labels(text(json.dumps([made("2", dimension="warmth")]))) == [("1", "1", "warmth", 2)]


LONG = 300_000  # characters: what looks a text through from each of its places to its end would take hours


@pytest.mark.parametrize("name", ["_" * LONG, "- " * LONG, "a_" * LONG, "rater" + " " * LONG + "x", "." * LONG + "x", "=" * LONG])
def test_a_name_without_an_end_is_read_in_the_time_of_its_length(name):
    assert text(f"id,warmth,{name}\nu1,2,x\n").reading.left_out == [name.strip()]
    assert not text(json.dumps([{"id": "u1", "text": "a text", "label": [name]}])).rows


@pytest.mark.parametrize("name", ["ana - warmth", "warmth__ana", "warmth (ana)", "ana [warmth]", "Ana:Warmth", "ana / warmth"])
def test_a_rater_stands_before_or_after_the_dimension(name):
    found = text(f"id,{name},{name.replace('ana', 'ben').replace('Ana', 'ben')}\nu1,2,1\n")
    assert [(who.casefold(), value) for _, who, _, value in labels(found)] == [("ana", 2), ("ben", 1)]
