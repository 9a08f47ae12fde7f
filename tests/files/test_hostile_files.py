"""Files made to take the memory or the time of the machine are refused, and cost no more than what is stated."""

import json
import subprocess
import sys

import pytest

from tests.support.every_reader import READERS
from tests.support.hostile_files import TEXTS, write_all
from tests.support.modules import PROJECT
from touchstone.errors import MOST_PROBLEMS, MOST_SENTENCES, Problem, enough, in_sentences
from touchstone.rubric.consistency import MOST_CHECKS
from touchstone.scorer.loading import load_rubric

BY_NAME = {each.name: each for each in READERS}
ALLOWED, EACH_BYTE = 200_000_000, 20  # bytes of memory: of any file, and for each of its own bytes


@pytest.mark.timeout(360)
def test_no_file_takes_more_memory_than_200_mb_and_twenty_times_its_size(tmp_path):
    write_all(tmp_path)
    run = subprocess.run(
        [sys.executable, "-m", "tests.support.hostile_files", str(tmp_path)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=350,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    (*_, before), *told = map(json.loads, run.stdout.splitlines())
    too_much = [
        (name, reader, f"{(now - before) / 1e6:.0f} MB for a file of {size / 1e6:.1f} MB")
        for name, reader, size, now in told
        if now - before > ALLOWED + EACH_BYTE * size
    ]
    assert len(told) > 50 and too_much == []


def test_a_reader_stops_at_so_many_problems_and_says_so():
    read = BY_NAME["tasks and drafts, JSONL"].read(TEXTS["bad lines"]())
    assert len(read.problems) == MOST_PROBLEMS + 1
    assert str(read.problems[-1]) == "line 1001: there are more than 1,000 problems, listed up to here; fix these first"


def test_enough_is_said_once():
    problems = [Problem(line, "x") for line in range(MOST_PROBLEMS)]
    assert [enough(problems, 7), enough(problems, 8)] == [True, True]
    assert len(problems) == MOST_PROBLEMS + 1 and not enough([], 1)


def test_a_command_lists_so_many_problems_that_differ_and_counts_the_rest():
    told = in_sentences(Problem(line, f"wrong {line}") for line in range(1, 1001))
    assert len(told) == MOST_SENTENCES + 1 and told[-1] == "and 800 more; fix these first"


def many_checks(number: int, more: str = "") -> bytes:
    """A rubric of one dimension with so many checks, each a phrase of its own."""
    checks = "\n".join(
        f"  - {{name: c{each}, extends: phrase, message: m, tokens: [zq{each}x], hit: [a zq{each}x], miss: [b]{more}}}"
        for each in range(number)
    )
    return f"""rubric: many
version: 1
title: Many
dimensions:
- key: tone
  title: Tone
  question: How?
  scale: ordinal
  weight: 1
  levels:
  - {{value: 0, title: Bad, anchor: a}}
  - {{value: 1, title: Good, anchor: b}}
  agreement: {{statistic: kappa, weights: quadratic, threshold: 0.7}}
  checks:
{checks}
  scoring:
  - {{level: 0, any: [c0], because: x}}
  - {{level: 1, because: y}}
  examples:
  - {{level: 0, draft: zq0x and zq0x}}
  - {{level: 1, draft: b}}
""".encode()


@pytest.mark.parametrize("more", ["", ", group: g, near: {of: [g], reach: same}"])
def test_a_rubric_of_as_many_checks_as_are_taken_is_proven(more):
    assert load_rubric(many_checks(MOST_CHECKS, more), "many-v1.yml")[1] == []


def test_a_rubric_of_more_checks_is_refused_at_the_first_that_is_too_many():
    _, problems = load_rubric(many_checks(MOST_CHECKS + 1), "many-v1.yml")
    assert [str(each) for each in problems] == [
        f"line {16 + MOST_CHECKS - 1}: the file has 251 checks; at most 250 are taken: list more tokens in one check"
    ]
