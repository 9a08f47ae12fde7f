"""A rubric file loaded for the scorer: parsed, and its checks held against the file's own examples.

Who only shows or labels by a rubric reads it with touchstone/rubric/reading.py, which brings no RE2.
"""

from touchstone.errors import Problem
from touchstone.rubric.model import Rubric
from touchstone.rubric.reading import in_line_order, parse_with_lines
from touchstone.scorer.proving.own_examples import problems_of_examples
from touchstone.scorer.proving.runnable import what_keeps_from_running
from touchstone.scorer.regex import PatternCache
from touchstone.scorer.scoring import Scorer


def load_rubric(source: bytes, file_name: str) -> tuple[Rubric | None, list[Problem]]:
    """Parse one rubric file and prove it: (rubric, []) or (None, problems in line order). Never raises on any bytes.

    `file_name` is the file's name or path; its stem must be `<rubric>-v<version>` as the file itself says.
    """
    rubric, problems, tree = parse_with_lines(source, file_name)
    if rubric is None or not any(dimension.checks or dimension.scoring for dimension in rubric.dimensions):
        return rubric, problems
    cache = PatternCache()  # each pattern is compiled once, whoever asks for it
    # Examples are tried only once the rest can run.
    unproven = in_line_order(what_keeps_from_running(rubric, tree, cache) or problems_of_examples(Scorer(rubric, cache), tree))
    return (None, unproven) if unproven else (rubric, [])
