"""What columns are guessed to be, and what a table gives as it is mapped."""

import pytest

from tests.support.tables import COLUMNS, csv_of, rows
from touchstone.data.table.guessing import guessed
from touchstone.data.table.mapped import mapped
from touchstone.data.table.mapping import ColumnRole, TableMapping, TitledColumn, mapping_of, more_than_one
from touchstone.data.table.source_table import read_table

REPLIES = (TitledColumn("reply", "reply"),)


def table_of(header, *given):
    return read_table(csv_of(given, header.split(",")), "x.csv")


def roles_of(header, *given):
    return {each.column: each.role for each in guessed(table_of(header, *given))}


def texts(*columns):
    return tuple(TitledColumn(each, each) for each in columns)


def test_a_table_of_tickets_is_guessed_whole():
    table = read_table(csv_of(rows()), "x.csv")
    assert [(each.column, each.role, each.title, each.reason) for each in guessed(table)] == [
        ("ticket", "id", "", "by its name"),
        ("message", "shown", "Message", "by its name, and it holds texts"),
        ("reply", "text", "reply", "by its name, and it holds texts"),
        ("plan", "slice", "", "2 different values"),
    ]


def test_replies_of_two_models_are_both_texts():
    said = [(f"p{n}", f"Explain thing {n} soon", f"Thing {n} is this", f"It is that thing {n}", "train") for n in range(4)]
    assert roles_of("prompt_id,prompt,response_a,response_b,split", *said) == {
        "prompt_id": "id",
        "prompt": "shown",
        "response_a": "text",
        "response_b": "text",
        "split": "partition",
    }


def test_a_reply_a_row_leaves_its_prompt_a_text():
    said = [(f"c{n}", model, f"What is thing {n}?", f"Thing {n} by {model}") for n in range(3) for model in ("m1", "m2")]
    assert roles_of("case,model,question,reply", *said) == {"case": "id", "model": "author", "question": "shown", "reply": "text"}


def test_nothing_that_may_sway_an_annotator_is_guessed_to_be_shown():
    said = [(str(n), f"Question number {n}", f"Answer number {n}", f"I find this bad {n}", "3") for n in range(4)]
    found = roles_of("id,question,answer,reviewer_comment,score", *said)
    assert (found["reviewer_comment"], found["score"]) == ("ignored", "ignored")


def test_row_numbers_of_pandas_are_no_id():
    said = [(str(n), f"A text that is number {n}", f"{n}.5") for n in range(4)]
    assert roles_of("Unnamed: 0,body,weight", *said) == {"Unnamed: 0": "ignored", "body": "text", "weight": "ignored"}


def test_labels_are_no_table_of_texts():
    said = [(f"t{n}", "ana", str(n % 3)) for n in range(6)]
    mapping = mapping_of(guessed(table_of("id,annotator,label", *said)))
    assert mapping.wrong(("id", "annotator", "label")).startswith("no column is mapped as the text to judge")


def test_one_text_and_one_row_an_id_is_a_task_with_its_draft():
    mapping = TableMapping(
        REPLIES, "ticket", (TitledColumn("message", "Customer message"),), partition="plan", slices=("plan",), cluster=""
    )
    made = mapped(read_table(csv_of(rows()), "x.csv"), TableMapping.from_json(mapping.as_json()))
    assert (made.sentence, made.remarks, made.left_over, made.problems) == ("4 tasks and 4 drafts", (), (), [])
    task, draft = made.first_drafts()[0]
    assert (task.task_id, dict(task.input), task.partition, dict(task.extra), task.cluster) == (
        "T-1",
        {"Customer message": "Invented question 1, please help"},
        "team",
        {"plan": "team"},
        "T-1",
    )
    assert (draft.draft_id, draft.text, draft.author) == ("T-1", "Invented answer 1, with a line\nbreak", None)


def test_several_texts_a_row_are_drafts_of_one_task_by_their_columns_and_no_id_says_whose():
    table = table_of("id,a,b", ("1", "first of one", "second of one"), ("2", "first of two", ""))
    made = mapped(table, TableMapping((TitledColumn("a", "Model A"), TitledColumn("b", "Model B")), "id"))
    assert [(draft.draft_id, draft.task_id, draft.author) for draft in made.drafts] == [
        ("1-1", "1", "Model A"),
        ("1-2", "1", "Model B"),
        ("2-1", "2", "Model A"),
    ]
    assert made.remarks == ("no text in 1 row of b: no draft there",)


def test_several_rows_an_id_are_drafts_of_one_task_by_their_authors():
    table = table_of(
        "id,model,ask,reply,tone,plan",
        ("1", "m1", "Why so?", "Because", "warm", "free"),
        ("1", "m2", "Why so?", "Therefore", "cold", "free"),
        ("1", "m2", "Why so?", "Therefore", "cold", "free"),
    )
    mapping = TableMapping(REPLIES, "id", texts("ask"), "model", slices=("tone", "plan"))
    made = mapped(table, mapping)
    assert [(draft.draft_id, draft.author, dict(draft.extra)) for draft in made.drafts] == [
        ("1-ca0df2", "m1", {"tone": "warm"}),
        ("1-29c1b2", "m2", {"tone": "cold"}),
    ]
    assert [dict(task.extra) for task in made.tasks] == [{"plan": "free"}]
    assert made.remarks == ("1 draft is the same as an earlier one, taken once: line 4",)
    without_author = mapped(table, TableMapping(REPLIES, "id", texts("ask")))
    assert [draft.draft_id for draft in without_author.drafts] == ["1-c55322", "1-690a67"]


def test_rows_of_one_id_that_differ_in_what_is_shown_are_refused_by_name():
    table = table_of("id,ask,reply", ("1", "Why so?", "Because"), ("1", "How so?", "Thus"))
    made = mapped(table, TableMapping(REPLIES, "id", texts("ask")))
    assert [str(each) for each in made.problems] == [
        "line 3: 1 is on line 2 with another ask (shown beside the text); drafts of one task have it in common: map another "
        "column as the id, or none, or ignore that column"
    ]


def test_two_texts_by_one_author_are_refused():
    table = table_of("id,model,reply", ("1", "m", "Because"), ("1", "m", "Thus"))
    made = mapped(table, TableMapping(REPLIES, "id", author="model"))
    assert "1 has two different texts by m, on lines 2 and 3" in str(made.problems[0])


def test_rows_without_a_text_are_counted_and_named():
    table = table_of("id,reply,plan", ("1", "a text", "x"), ("Total", "", "2"), ("", "another text", "y"))
    made = mapped(table, TableMapping(REPLIES, "id"))
    assert made.remarks == ("1 row without a text to judge, left out: line 3 (“Total” …)",)
    assert [str(each) for each in made.problems] == [
        "line 4: there is a text and no id, the column mapped as the id; fill it in, or map no column as the id"
    ]
    nothing = mapped(table_of("id,reply,x", ("1", " ", "y"), ("2", "z", "")), TableMapping(texts("reply"), "x"))
    assert [str(each) for each in nothing.problems] == [
        "line 3: there is a text and no x, the column mapped as the id; fill it in, or map no column as the id"
    ]


def test_ids_are_derived_where_no_column_has_them_and_stay_the_same():
    first, again = (
        mapped(table_of(header, *given), TableMapping(REPLIES, shown=texts("ask")))
        for header, given in (
            ("ask,reply", [("Why so?", "Because"), ("Why so?", "Thus")]),
            ("reply,extra,ask", [("Thus", "x", "Why so?"), ("Because", "y", "Why so?")]),
        )
    )
    assert {task.task_id for task in first.tasks} == {task.task_id for task in again.tasks}
    assert len(first.tasks) == 2 and all(task.task_id.startswith("row-") for task in first.tasks)
    assert first.remarks[0].startswith("no column is the id")


def test_a_column_that_could_hold_texts_and_is_mapped_to_nothing_is_named():
    made = mapped(read_table(csv_of(rows()), "x.csv"), TableMapping(REPLIES, "ticket"))
    assert made.left_over_sentence == "mapped to nothing, and could hold texts: message; ignored: plan"


def test_a_field_of_every_tasks_own_goes_to_its_place():
    table = table_of("id,reply,difficulty", ("1", "a text", "hard"), ("2", "b text", ""))
    made = mapped(table, TableMapping(REPLIES, "id", slices=("difficulty",)))
    assert [(task.difficulty, dict(task.extra)) for task in made.tasks] == [("hard", {}), (None, {})]


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        (TableMapping(()), "no column is mapped as the text to judge"),
        (TableMapping(texts("nowhere")), "there is no column nowhere; the table has ticket, message, reply, plan"),
        (TableMapping(REPLIES, "reply"), "the column reply is mapped twice"),
        (TableMapping(REPLIES, slices=("reply",)), "the column reply is mapped twice"),
        (TableMapping(REPLIES, "ticket", texts("message", "message")), "the column message is mapped twice"),
        (
            TableMapping(REPLIES, shown=(TitledColumn("message", "A"), TitledColumn("plan", "A"))),
            "two columns are shown under the title A",
        ),
        (TableMapping((TitledColumn("reply", "m"), TitledColumn("message", "m"))), "two texts have the author m"),
    ],
)
def test_a_mapping_that_does_not_fit_says_why(mapping, said):
    assert mapping.wrong(COLUMNS).startswith(said)
    with pytest.raises(ValueError, match="mapped|column|author"):
        mapped(read_table(csv_of(rows()), "x.csv"), mapping)


def test_a_column_can_be_shown_and_sliced_by():
    mapping = TableMapping(REPLIES, "ticket", texts("plan"), slices=("plan",))
    assert mapping.roles["plan"] == "shown and slice"
    assert mapping_of([ColumnRole("ticket", "id"), ColumnRole("reply", "text"), ColumnRole("plan", "shown and slice")]) == mapping
    task, _ = mapped(read_table(csv_of(rows()), "x.csv"), mapping).first_drafts()[0]
    assert (dict(task.input), dict(task.extra)) == ({"plan": "team"}, {"plan": "team"})


def test_a_role_of_one_column_is_not_given_to_two():
    two = [ColumnRole("a", "id"), ColumnRole("b", "id")]
    assert (more_than_one(two), more_than_one(two[:1])) == ("a and b are both the id of the task; keep one", "")


def test_a_column_may_be_shown_name_the_cluster_and_slice_at_once():
    mapping = TableMapping(texts("reply"), "id", texts("trace"), cluster="trace", slices=("trace",))
    assert mapping.wrong(["id", "trace", "reply"]) == "" and mapping.roles["trace"] == "shown and cluster"
    roles = [ColumnRole("trace", "shown and cluster", "Trace"), ColumnRole("reply", "text", "reply")]
    made = mapping_of(roles)
    assert (made.cluster, made.shown) == ("trace", (TitledColumn("trace", "Trace"),))
    assert more_than_one([*roles, ColumnRole("other", "cluster")]) == "trace and other are both the cluster; keep one"
    assert TableMapping(texts("trace"), cluster="trace").wrong(["trace"]) == "the column trace is mapped twice; leave one out"
