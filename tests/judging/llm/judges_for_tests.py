"""A judge for the tests of this folder, and a rubric version it names."""

from touchstone.judging.llm.judge_file import LLMJudge, read_judge
from touchstone.rubric.reading import read_rubric
from workflow.rubric.rubrics import FOLDER

JUDGE = """\
judge: otter
version: 1
rubric: tenacious-v1
dimensions: [tone_compliance]
model: otter-7b
address: "http://127.0.0.1:1/v1"
parameters: {max_tokens: 200}
"""


def rubric():
    return read_rubric(FOLDER / "tenacious-v1.yml")


def judge(text: str = JUDGE, at: str = "http://127.0.0.1:1/v1") -> LLMJudge:
    read = read_judge(text.replace("http://127.0.0.1:1/v1", at).encode())
    assert read.judge, read.problems
    return read.judge
