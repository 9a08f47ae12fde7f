"""Problems of a file in short, as a page shows them, and refusals by what a record lacks."""

import ast
import json

import pytest

from tests.support.modules import MODULES, tree
from touchstone.data.task_file import read_file
from touchstone.english import ranges
from touchstone.errors import Problem, in_sentences, in_short, without
from ui.base.panels import OPENERS


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ([], ""),
        ([3], "3"),
        ([1, 2], "1 and 2"),
        (range(1, 106), "1 to 105"),
        ([2, 4, 5, 6, 9], "2, 4 to 6 and 9"),
        ([1, 3, 5, 7, 9, 11], "1, 3, 5, 7 and 2 more"),
        ([2, 2, 1], "1 and 2"),
        (range(1, 1501), "1 to 1,500"),
    ],
)
def test_line_numbers_are_told_as_ranges(numbers, said):
    assert ranges(list(numbers)) == said


def test_equal_causes_are_one_with_their_lines():
    found = [Problem(line, "text is empty") for line in range(1, 106)] + [Problem(None, "and the file is old")]
    assert in_short(found) == ["lines 1 to 105: text is empty", "and the file is old"]


def test_causes_that_differ_by_their_ids_are_one_with_the_first_in_full():
    found = [
        Problem(line, f"d{line} is for t{line}", without(f"d{line} is for t{line}", f"d{line}", f"t{line}"))
        for line in (1, 2, 3, 7)
    ]
    assert in_short(found) == ["line 1: d1 is for t1 (and the same on lines 2, 3 and 7)"]
    assert in_short(found[:2]) == ["line 1: d1 is for t1 (and the same on line 2)"]
    assert in_short(found[:1]) == ["line 1: d1 is for t1"]


def test_an_id_is_taken_out_only_as_a_whole_word():
    assert without("a has a bad a-b, not and", "a") == "… has … bad …-b, not and"
    assert without("task t1 of t1-x", "t1", "t1-x", None, "") == "task … of …"


def test_many_different_problems_end_with_how_many_more_there_are():
    found = [Problem(line, f"reason {line}") for line in range(1, 31)]
    assert in_short(found)[7:] == ["line 8: reason 8", "and 22 more; fix these first"]
    assert in_short([]) == []


def lines(*records) -> bytes:
    return "\n".join(each if isinstance(each, str) else json.dumps(each) for each in records).encode()


def test_broken_json_is_one_cause_whatever_the_place():
    found = read_file(lines('{"id": "a', '{"id": "abc', "{}x"), "f.jsonl").problems
    assert str(found[0]) == "line 1: this is not JSON: unterminated string starting at character 8"
    assert in_short(found)[0].startswith("lines 1 and 2: this is not JSON")
    assert len(in_short(found)) == 2
    found = read_file(lines('{"id": "a', ' {"id": "a'), "f.jsonl").problems
    assert in_short(found) == ["line 1: this is not JSON: unterminated string starting at character 8 (and the same on line 2)"]


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ({"task_id": "t1", "draft_id": "d1"}, "text is missing: a draft has task_id and text (found: task_id, draft_id)"),
        ({"task_id": "t1", "draft_id": "d1", "text": None}, "text is missing; it takes the draft as text"),
        ({"task_id": "t1", "author": "a", "body": "x"}, "text is missing"),
        ({"task_id": "t1"}, "text or input is missing"),
        ({"draft_id": "d1", "text": "x"}, "task_id is missing: a draft names the task it is written for"),
        ({"text": "x"}, "id is missing"),
        ({"task_id": "t1", "annotator": "ana", "dimension": "tone", "value": 2}, "import-labels"),
        ({"draft_id": "d1", "tone": 2, "cta": 1}, "import-labels"),
        ({"task_id": "t1", "difficulty": "3"}, "text or input is missing"),
    ],
)
def test_a_record_that_lacks_something_is_told_what(record, said):
    (problem,) = read_file(lines(record), "f.jsonl").problems
    assert problem.reason.startswith(said) or said == "import-labels" and "holds labels" in problem.reason
    assert "task_id, input" not in problem.reason


@pytest.mark.parametrize(
    "source",
    [
        b"task_id,annotator,dimension,value\nt1,ana,tone,2\n",
        b"draft_id;tone;cta\nd1;2;pass\nd2;1;fail\n",
        b"id,tone\n1,3\n",
        b"unit,annotator,score\nu1,ana,3\n",
        b"task_id,tone,cta,notes\nt1,2,3,a longer remark on this one\n",
    ],
)
def test_a_csv_of_labels_is_sent_to_import_labels(source):
    (problem,) = read_file(source, "labels.csv").problems
    assert "import-labels" in problem.reason and problem.line == 1


def test_a_csv_of_drafts_without_their_texts_says_so():
    (problem,) = read_file(b"task_id,draft_id,author\nt1,d1,a\nt2,d2,a\n", "drafts.csv").problems
    assert str(problem) == "line 1: text is missing: a draft has task_id and text (found: task_id, draft_id, author)"


def openings() -> list[tuple[str, str]]:
    """What every refusal begins with, where that is plain text and no name put in."""
    found = []
    for path in MODULES:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("Refused", "NotYourTurn") and node.args:
                first = node.args[0]
                while isinstance(first, ast.BinOp):
                    first = first.left
                first = first.values[0] if isinstance(first, ast.JoinedStr) else first
                if isinstance(first, ast.Constant) and isinstance(first.value, str) and first.value[:1].islower():
                    found.append((str(path), first.value))
    return found


def test_every_refusal_that_begins_with_a_word_is_written_large():
    """ui/base/panels.py knows words from names by a list: a refusal that begins with a new word has to bring it there."""
    found = openings()
    assert len(found) > 40
    assert [(path, words) for path, words in found if not OPENERS.match(words)] == []


def test_a_command_says_many_problems_of_one_cause_once_with_their_number_and_lines():
    alike = [Problem(line, "tone is blank") for line in range(2, 302)]
    assert in_sentences([*alike, Problem(7, "tone takes 0, not 9")]) == [
        "tone is blank (300 times, lines 2 to 301)",
        "line 7: tone takes 0, not 9",
    ]
    few = [Problem(2, "tone is blank"), Problem(3, "tone is blank")]
    assert in_sentences(few) == ["line 2: tone is blank", "line 3: tone is blank"]
    like = [Problem(line, f"d{line} is blank", "… is blank") for line in range(1, 7)]
    assert in_sentences(like) == ["d1 is blank (and the like, 6 times, lines 1 to 6)"]
