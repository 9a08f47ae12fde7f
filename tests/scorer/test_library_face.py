"""What a program that imports the library meets: `read_rubric`, `score`, and the examples in their docstrings."""

import doctest
import importlib

import pytest

from tests.rubric.test_reading import GOOD
from touchstone.rubric.reading import WrongRubric, read_rubric
from touchstone.scorer.loading import load_rubric
from touchstone.scorer.scoring import Scorer, score

SCORING = """\
    checks:
      - {name: late, extends: token, fact: order, message: "'%s' is the order", hit: [It is 4471.], miss: [It is 9.], task: known}
    scoring:
      - {level: 5, because: it names the order, any: [late]}
      - {level: 1, because: it does not}
facts:
  - {key: order, from: input, kind: word, patterns: ['order (\\d+)']}
tasks:
  - {key: known, input: {input: "Where is order 4471?"}}
"""


@pytest.mark.parametrize("module", ["touchstone.rubric.reading", "touchstone.rubric.word_diff", "touchstone.scorer.scoring"])
def test_the_examples_in_docstrings_run(module):
    ran = doctest.testmod(importlib.import_module(module))
    assert ran.attempted and not ran.failed


def test_a_rubric_is_read_by_its_path_or_refused_with_every_line(tmp_path):
    path = tmp_path / "replies-v1.yml"
    path.write_text(GOOD, "utf-8")
    rubric = read_rubric(path)
    assert rubric == read_rubric(str(path)) == read_rubric(path.read_bytes())
    path.write_text(GOOD.replace("threshold: 0.7", "threshold: 1.7"), "utf-8")
    with pytest.raises(WrongRubric, match=r"replies-v1\.yml is no rubric that can be read:\nline \d+: threshold of ") as why:
        read_rubric(path)
    assert [problem.line for problem in why.value.problems] == [
        path.read_text("utf-8").splitlines().index("      threshold: 1.7") + 1
    ]
    other = path.rename(tmp_path / "other-v1.yml")
    with pytest.raises(WrongRubric, match="in a file called other-v1.yml"):
        read_rubric(other)
    with pytest.raises(FileNotFoundError):
        read_rubric(path)


def test_a_draft_is_scored_with_the_task_as_it_would_be_imported():
    rubric = read_rubric((GOOD + SCORING).encode())
    text = "It is 4471."
    asked = {"task_id": "t1", "input": {"input": "Where is order 4471?"}}
    assert score(rubric, text).scores["clarity"].value == 1
    made = score(rubric, text, task=asked)
    assert made == score(rubric, text, task={"input": "Where is order 4471?"}) == Scorer(rubric).score(text, asked["input"])
    assert made.as_json()["scores"]["clarity"] == {
        "value": 5,
        "because": "it names the order",
        "reason": None,
        "findings": [{"check": "late", "start": 6, "end": 10, "text": "4471", "message": "'4471' is the order"}],
    }
    assert score(rubric, text, task={"task_id": "t1", "input": None}).scores["clarity"].value == 1
    with pytest.raises(ValueError, match="an object of fields, or a text, not list"):
        score(rubric, text, task={"input": ["order 4471"]})


def test_a_hole_in_the_exceptions_of_a_length_is_a_problem_with_its_line():
    check = "{name: long, extends: length, max: 3, message: long, hit: [a b c d], miss: [a], exceptions: ['{order}']}"
    wrong = SCORING.replace("    scoring:", f"      - {check}\n    scoring:", 1)
    rubric, problems = load_rubric((GOOD + wrong).encode(), "replies-v1.yml")
    assert rubric is None
    assert any(
        "'{order}' in exceptions of long cannot be matched: {order} is not a placeholder here" in each.reason for each in problems
    )
