"""A bad file is refused with its lines, whatever stands in it; what is quoted of it does not steer the terminal."""

import json
import re

import pytest

from tests.support.commands import done, refused, run
from tests.support.every_command import first, process
from tests.support.sample_store import ANA, OPEN, RUBRIC


def test_a_file_of_tasks_with_bad_lines_is_refused_whole_with_every_line(sample_url, tmp_path):
    before = done("rounds", "--json"), done("check-store")
    file = tmp_path / "tasks.jsonl"
    file.write_text('{"task_id": "new-1", "input": "x"}\n{"task_id": 5}\nnot json\n')
    result = run("import-tasks", file)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "line 2:" in result.stderr and "line 3:" in result.stderr and "line 1:" not in result.stderr
    assert before == (done("rounds", "--json"), done("check-store"))
    good = tmp_path / "good.jsonl"
    good.write_text('{"task_id": "new-1", "input": "x"}\n')
    assert "1 task imported" in done("import-tasks", good)
    assert "nothing new" in done("import-tasks", good)


def test_of_two_files_the_good_one_is_in_and_the_bad_one_is_named(new_url, tmp_path):
    good, bad = tmp_path / "good.jsonl", tmp_path / "bad.jsonl"
    good.write_text('{"task_id": "t", "input": "x"}\n')
    bad.write_text("{}\n")
    result = run("import-tasks", good, bad)
    assert result.exit_code == 1
    assert "good.jsonl: 1 task imported" in result.stdout
    assert "bad.jsonl" in result.stderr


def test_tasks_come_from_standard_input_too(new_url):
    ran = process("import-tasks", "-", url=new_url, stdin=b'{"task_id": "t", "input": "x"}\n')
    assert ran.returncode == 0, ran.stderr
    assert b"1 task imported" in ran.stdout


HOSTILE = "\x1b[31mred\x1b]0;title\x07\x9b2J\u202e"
STEERS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@pytest.mark.parametrize(
    "row",
    [
        {"task_id": HOSTILE, "input": "x"},
        {"task_id": "t", "input": 5, HOSTILE: 1},
        {HOSTILE: 1},
        {"task_id": "t", "input": "x", "partition": {HOSTILE: 1}},
    ],
)
def test_a_refusal_that_quotes_a_file_does_not_steer_the_terminal(row, new_url, tmp_path):
    file = tmp_path / "tasks.jsonl"
    file.write_text(json.dumps(row) + "\n")
    assert not STEERS.search(refused("import-tasks", file))


def test_a_refused_file_of_labels_does_not_steer_the_terminal(sample_url, tmp_path):
    file = tmp_path / "labels.csv"
    file.write_text(f"draft_id,dimension,value\n{first(sample_url).assignment}{HOSTILE},{HOSTILE},{HOSTILE}\n", "utf-8")
    assert not STEERS.search(refused("label", OPEN, "--as", ANA, "--from", file))


def test_columns_left_out_of_a_label_set_do_not_steer_the_terminal(sample_url, tmp_path):
    file = tmp_path / "labels.csv"
    file.write_text(f"task_id,cta_quality,{HOSTILE}\nt1,2,x\n", "utf-8")
    assert not STEERS.search(done("import-labels", file, "--set", "s", "--made-by", "model", "--rubric", RUBRIC))
