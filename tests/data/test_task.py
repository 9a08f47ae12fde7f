"""Tasks and drafts out of files: what is read, and the sentence for what is not."""

import json

import pytest

from touchstone.data.task import Draft, Task
from touchstone.data.task_file import read_file
from touchstone.data.task_input import fields_of
from touchstone.rubric.model import Field

TASK = {"task_id": "t1", "input": {"signal": "A firm"}}


def line(record) -> str:
    return json.dumps(record, ensure_ascii=False)


def read(text: str | bytes, name: str = "file.jsonl", **more):
    return read_file(text.encode() if isinstance(text, str) else text, name, **more)


def problems(text: str | bytes, name: str = "file.jsonl", **more) -> list[str]:
    return [str(each) for each in read(text, name, **more).problems]


# What is read


def test_a_task_keeps_its_input_apart_from_what_annotators_must_not_see():
    found = read(
        line(
            {
                **TASK,
                "dimension": "tone",
                "source_mode": "trace",
                "difficulty": "easy",
                "partition": "train",
                "cluster": "c7",
                "notes": "secret",
            }
        )
    )
    assert found.tasks == [Task("t1", {"signal": "A firm"}, "train", "tone", "trace", "easy", "c7", {"notes": "secret"}, 1)]
    assert (found.drafts, found.problems) == ([], [])


def test_a_task_without_a_cluster_is_a_cluster_of_its_own():
    assert read(line(TASK)).tasks[0].cluster == "t1"


def test_a_draft_takes_text_or_output_and_a_missing_id_is_made_of_task_and_text():
    found = read(line({"task_id": "t1", "output": "Hello"}) + "\n" + line({"task_id": "t1", "text": "", "author": "m"}))
    # sha256("Hello") and sha256("")
    assert found.drafts == [Draft("t1-185f8d", "t1", "Hello", None, {}, 1), Draft("t1-e3b0c4", "t1", "", "m", {}, 2)]


def test_a_plain_text_is_a_draft_of_a_task_of_its_own():
    found = read(line({"id": 5, "text": "Hello", "author": "m", "topic": "x"}))
    assert found.tasks == [Task("5", {}, cluster="5", line=1)]
    assert found.drafts == [Draft("5", "5", "Hello", "m", {"topic": "x"}, 1)]


def test_an_input_may_be_a_text_or_nothing():
    given = [read(line({"task_id": "t1", "input": each})).tasks[0].input for each in ("A text", "", None, {})]
    assert given == [{"input": "A text"}, {}, {}, {}]


def test_a_bom_windows_line_ends_and_blank_lines_change_nothing():
    plain, odd = line(TASK).encode(), b"\xef\xbb\xbf\r\n" + line(TASK).encode() + b"\r\n\r\n"
    assert (read(odd).tasks[0].digest, read(odd).tasks[0].line) == (read(plain).tasks[0].digest, 2)


def test_a_line_separator_inside_a_text_ends_no_record():
    assert read(line({"task_id": "t1", "text": "a\u2028b\x85c"})).drafts[0].text == "a\u2028b\x85c"


def test_the_digest_is_of_the_content_not_of_the_order_of_fields():
    a, b = {"task_id": "t1", "input": {"x": "1", "y": "2"}}, {"input": {"y": "2", "x": "1"}, "task_id": "t1"}
    assert read(line(a)).tasks[0].digest == read(line(b)).tasks[0].digest
    assert read(line(a)).tasks[0].digest != read(line({**a, "notes": "n"})).tasks[0].digest


def test_the_partition_named_for_the_file_stands_for_every_task():
    both = line({**TASK, "partition": "dev"}) + "\n" + line({"id": "p", "text": "x"})
    assert [task.partition for task in read(both, partition="train").tasks] == ["train", "train"]


def test_a_cluster_is_taken_from_the_task_or_from_its_input():
    text = line({**TASK, "trace": 7}) + "\n" + line({"task_id": "t2", "input": {"trace": "b"}})
    assert [task.cluster for task in read(text, cluster_by="trace").tasks] == ["7", "b"]
    assert problems(line(TASK), cluster_by="trace") == [
        "line 1: t1 has no trace, the field named for its cluster; fill it in, or import without that option"
    ]
    assert problems(line({**TASK, "cluster": ["a"]})) == ["line 1: cluster of t1 is a list; a cluster key is a word or number"]


# What is refused


def test_an_empty_file_says_so():
    said = ["the file is empty; it needs one record per line"]
    assert [problems(text) for text in (b"", b"\n \n", b"\xef\xbb\xbf")] == [said] * 3
    assert [problems(text, "x.csv") for text in (b"", b"task_id,text\n")] == [said] * 2


def test_a_line_of_50_megabytes_is_refused_by_its_length_and_the_others_are_still_read():
    source = b'{"id": "a", "text": "' + b"x" * 50_000_000 + b'"}\n{"id": 1.5, "text": "b"}'
    assert problems(source) == [
        "line 1: the line is 50.0 MB long; at most 1 MB, one record per line",
        "line 2: id is the number 1.5; it takes a text that names the record",
    ]


def test_latin_1_bytes_are_named_with_their_place():
    assert problems(b'{"id": "a", "text": "caf\xe9"}') == [
        "line 1: byte 25 of the line (0xE9) is not UTF-8; the file may be Latin-1: save it as UTF-8"
    ]
    assert "0xE9" in problems(b"id,text\na,caf\xe9\n", "x.csv")[0]
    assert problems("id,text".encode("utf-16")) == ["line 1: the file is UTF-16; save it as UTF-8"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"id": "a", "text": }', "this is not JSON: expecting value at character 21"),
        ("[1]", 'the line is a list, not an object; each line takes one record: {"task_id": …}'),
        ("null", 'the line is missing, not an object; each line takes one record: {"task_id": …}'),
        ('{"id": "a", "text": "x", "n": NaN}', "NaN is not a JSON value; write null"),
        ('{"id": "a", "text": "x", "n": -Infinity}', "-Infinity is not a JSON value; write null"),
        ('{"id": "a", "text": "x", "text": "y"}', "the field text appears twice in one object; keep one"),
        ('{"task_id": "a", "input": {"k": 1, "k": 2}}', "the field k appears twice in one object; keep one"),
        (r'{"id": "a", "text": "\ud83d!"}', r"'\ud83d' is half a character (a lone surrogate); write the whole character"),
        (
            r'{"id": "a", "text": "x", "n": {"\udc00": 1}}',
            r"'\udc00' is half a character (a lone surrogate); write the whole character",
        ),
        (r'{"id": "a", "text": "\u0000"}', "a text contains a NUL character; remove it"),
        ('{"id": "a", "text": "\0"}', "the line contains a NUL character; remove it"),
        ('{"id": "a", "text": "x", "n": ' + "9" * 400 + "}", "a number of 400 digits; write it as text"),
        ("[" * 100_000, "nested too deep to read"),
        ("{}", "this is not a task (task_id, input), a draft (task_id, text) or a plain text (id, text): it has no field"),
        ('{"id": "a"}', "this is not a task (task_id, input), a draft (task_id, text) or a plain text (id, text): it has id"),
        ('{"id": "a", "text": 3}', "text is the number 3; it takes the draft as text"),
        ('{"id": "", "text": "x"}', "id is empty; it takes a text that names the record"),
        ('{"id": true, "text": "x"}', "id is true; it takes a text that names the record"),
        ('{"id": null, "text": "x"}', "id is missing; it takes a text that names the record"),
        ('{"id": " a", "text": "x"}', "id ' a' begins or ends with a space, or contains an invisible character; remove it"),
        ('{"id": "' + "a" * 201 + '", "text": "x"}', "id has 201 characters; at most 200 are taken"),
        ('{"task_id": "a", "input": [1]}', "input of a is a list; it takes an object of fields, or a text"),
        ('{"task_id": "a", "input": {}, "difficulty": ["easy"]}', "difficulty is a list; it takes a word"),
    ],
)
def test_a_bad_line_is_named_with_its_reason(text, said):
    assert problems("\n" + text) == [f"line 2: {said}"]


def test_a_number_too_large_to_be_one_is_refused_with_its_line():
    """1e999 is JSON, and infinity to Python: PostgreSQL cannot store it."""
    assert [each.line for each in read('{"id": "a", "text": "x", "n": 1e999}').problems] == [1]


def test_a_whole_json_array_on_one_line_is_told_from_a_record():
    assert problems(json.dumps([TASK, TASK])) == [
        'line 1: the line is a list, not an object; each line takes one record: {"task_id": …}'
    ]


def test_an_array_printed_over_many_lines_has_a_problem_on_each_of_its_lines():
    assert len(problems(json.dumps([{"id": "a"}], indent=1))) == 5


def test_an_id_twice_with_the_same_content_counts_once():
    found = read("\n".join([line(TASK)] * 2 + [line({"task_id": "t1", "text": "x"})] * 2))
    assert (len(found.tasks), len(found.drafts), found.problems) == (1, 1, [])


def test_an_id_twice_with_other_content_names_both_lines():
    text = "\n".join([line(TASK), line({**TASK, "notes": "n"}), line({"id": "d", "text": "x"}), line({"id": "d", "text": "y"})])
    assert problems(text) == [
        "line 2: task_id t1 is on line 1 with different content; give one of them another id",
        "line 4: draft_id d is on line 3 with different content; give one of them another id",
    ]


def test_every_bad_line_is_listed_in_order_and_the_good_ones_are_read():
    found = read("x\n" + line(TASK) + "\n[]\n")
    assert ([each.line for each in found.problems], [each.task_id for each in found.tasks]) == ([1, 3], ["t1"])


# CSV


def test_csv_columns_named_input_become_the_tasks_input():
    found = read("task_id,input.signal,input.prior thread,difficulty,notes\nt1, A firm ,,easy,\n", "x.csv")
    assert found.tasks == [Task("t1", {"signal": " A firm ", "prior thread": ""}, None, None, None, "easy", "t1", {}, 2)]


def test_csv_drafts_keep_an_empty_text_and_lose_other_empty_cells():
    assert read("task_id,draft_id,text,author\nt1,d1,,\n", "X.CSV").drafts == [Draft("d1", "t1", "", None, {}, 2)]


@pytest.mark.parametrize("separator", [";", "\t", ","])
def test_the_separator_is_the_one_the_header_holds_most_of(separator):
    text = f"id{separator}text{separator}topic\na{separator}Hello{separator}x\n"
    assert read(text, "x.csv").drafts == [Draft("a", "a", "Hello", None, {"topic": "x"}, 2)]


def test_a_bom_and_windows_line_ends_are_read():
    assert read(b'\xef\xbb\xbf"id";"text"\r\na;Hello, you\r\n', "x.csv").drafts[0].text == "Hello, you"


def test_a_newline_in_a_cell_stays_and_later_lines_keep_their_numbers():
    found = read('id,text\na,"one\ntwo"\n\nb,x\nb,y\n', "x.csv")
    assert [(each.text, each.line) for each in found.drafts] == [("one\ntwo", 2), ("x", 5)]
    assert found.problems[0].line == 6


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id,text\na\n", "line 2: the row has 1 cell and the header 2; quote a text that contains a separator"),
        ("id,text\na,b,c\n", "line 2: the row has 3 cells and the header 2; quote a text that contains a separator"),
        ("id,text,id\na,b,c\n", "line 1: the column id appears twice; rename one"),
        ('id,text\na,"open\n', "line 2: this is not CSV: unexpected end of data"),
        ("id,text\na,\0\n", "line 2: the line contains a NUL character; remove it"),
        (
            "a,b\n1,2\n3,4\n",
            "line 1: the header does not fit tasks (task_id, input.NAME), drafts (task_id, text) or plain "
            "texts (id, text): it has a, b; import-table, or the page Import, takes any columns",
        ),
    ],
)
def test_a_bad_row_is_named_with_its_reason(text, said):
    assert problems(text, "x.csv") == [said]


def test_blank_rows_above_the_header_do_not_hide_its_separator():
    assert [each.text for each in read("\nid;text\na;Hello, you\n", "x.csv").drafts] == ["Hello, you"]


# A task's input for reading


def test_declared_fields_come_first_with_their_titles_and_a_word_for_nothing():
    declared = (Field(key="thread", title="Thread", empty="none: cold"), Field(key="absent", title="Absent"))
    assert fields_of({"company_signal": "A firm", "thread": " ", "blank": ""}, declared) == (
        ("Thread", "none: cold"),
        ("Company signal", "A firm"),
    )


def test_lists_and_objects_are_written_out_a_line_each():
    assert fields_of({"facts": {"roles": 3, "open": ["a", "b"]}, "n": None, "zero": 0}) == (
        ("Facts", "roles: 3\nopen: a\nb"),
        ("Zero", "0"),
    )


def test_an_input_nested_as_deep_as_the_reader_takes_can_be_shown():
    deep = read('{"task_id": "t1", "input": {"x": ' + "[" * 480 + "1" + "]" * 480 + "}}")
    if not deep.problems:
        assert fields_of(deep.tasks[0].input) == (("X", "1"),)
    else:
        assert str(deep.problems[0]) == "line 1: nested more than 20 deep; flatten it"
