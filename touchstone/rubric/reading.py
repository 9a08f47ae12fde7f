"""A rubric version: one YAML file, parsed into frozen values, or refused with every line that is wrong.

The reader goes in three steps, and each step adds its problems to the same list:

    bytes -> tree       yaml_tree: UTF-8, YAML, no key twice; the line of every entry is kept
    tree -> models      pydantic: which keys there are and what each may hold (shape_problems)
    models -> rubric    what one field cannot know: clashing names, weights that sum to 1 (consistency), the file's name

It parses and checks the shape. Whether the checks do what their own examples say is asked by touchstone/scorer/loading.py,
which needs RE2: a version that was published has shown that before.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from os import PathLike
from pathlib import Path, PurePath
from typing import NamedTuple

import pydantic

from touchstone.errors import Problem
from touchstone.files.yaml_tree import MarkedTree, Unreadable, read_marked, short
from touchstone.rubric.consistency import consistency_problems
from touchstone.rubric.model import RUBRIC_NAME, Rubric, RubricFile
from touchstone.rubric.shape_problems import is_miscounted, shape_problem

MOST_PROBLEMS = 50


class WrongRubric(ValueError):
    """A rubric file that cannot be read: `problems` in line order, each told on a line of the message."""

    def __init__(self, name: str, problems: Sequence[Problem]):
        super().__init__("\n".join((f"{name} is no rubric that can be read:", *map(str, problems))))
        self.problems = tuple(problems)


class ParsedRubric(NamedTuple):
    """A rubric file that was parsed: the rubric with the tree that knows its lines, or None with what is wrong."""

    rubric: Rubric | None
    problems: list[Problem]
    tree: MarkedTree


def read_rubric(file: str | PathLike[str] | bytes) -> Rubric:
    """The rubric version in a file, named by its path, or in bytes that were read already.

    The file is parsed and its shape is checked; its checks are not tried on their own examples: that is
    `touchstone.scorer.loading.load_rubric`. Of bytes no file's name is known, so none is held against `rubric` and `version`.

    Raises WrongRubric, a ValueError, with every line that is wrong; OSError where the file cannot be opened.

    >>> read_rubric(b"rubric: replies")
    Traceback (most recent call last):
    touchstone.rubric.reading.WrongRubric: the file is no rubric that can be read:
    line 1: the file has no dimensions; add dimensions: with a list of at least one dimension
    line 1: the file has no title; add title: with a name for people, on one line
    line 1: the file has no version; add version: 1, or whichever number stands behind -v in the file's name
    """
    if isinstance(file, bytes):
        source, name = file, None
    else:
        source, name = Path(file).read_bytes(), Path(file).name
    parsed = parse_with_lines(source, name)
    if parsed.rubric is None:
        raise WrongRubric(name or "the file", parsed.problems)
    return parsed.rubric


def parse_rubric(source: bytes, file_name: str) -> tuple[Rubric | None, list[Problem]]:
    """Parse one rubric file: (rubric, []) or (None, problems in line order). Never raises on any bytes.

    `file_name` is the file's name or path; its stem must be `<rubric>-v<version>` as the file itself says.
    A byte order mark is accepted; it is part of the digest, as every byte is.
    """
    parsed = parse_with_lines(source, file_name)
    return parsed.rubric, parsed.problems


def parse_with_lines(source: bytes, file_name: str | None) -> ParsedRubric:
    """As `parse_rubric`, with the tree, for a reader that finds more problems. `file_name` None: it is not known."""
    try:
        tree = read_marked(source)
    except Unreadable as unreadable:
        return ParsedRubric(None, [unreadable.problem], MarkedTree())

    problems = [
        *tree.problems,
        *(_file_name_problems(tree, file_name) if file_name is not None else ()),
        *consistency_problems(tree),
    ]
    try:
        file = RubricFile.model_validate(tree.data)
    except pydantic.ValidationError as error:
        problems += [shape_problem(tree, detail) for detail in error.errors() if not is_miscounted(tree, detail)]
    if problems:
        return ParsedRubric(None, in_line_order(problems), tree)
    rubric = Rubric(
        name=f"{file.rubric}-v{file.version}",
        version=file.version,
        title=file.title,
        about=file.about,
        fields=file.fields,
        dimensions=file.dimensions,
        digest=hashlib.sha256(source).hexdigest(),
        parts=file.parts,
        facts=file.facts,
        numbers=file.numbers,
        tasks=file.tasks,
        penalty=file.penalty,
        proper_names=file.proper_names,
    )
    return ParsedRubric(rubric, [], tree)


def in_line_order(problems: Iterable[Problem]) -> list[Problem]:
    """Each problem once, by line; after MOST_PROBLEMS of them, how many more there are."""
    ordered = sorted(set(problems), key=lambda problem: (problem.line or 0, problem.reason))
    if len(ordered) <= MOST_PROBLEMS:
        return ordered
    more = f"and {len(ordered) - MOST_PROBLEMS:,} more like these; fix these first"
    return [*ordered[:MOST_PROBLEMS], Problem(None, more)]


def _file_name_problems(tree: MarkedTree, file_name: str) -> Iterator[Problem]:
    name, version, stem = tree.at(("rubric",)), tree.texts.get(("version",), ""), PurePath(file_name).stem
    # A name or version of the wrong shape is reported as such; the file's name cannot be held against it.
    if not isinstance(name, str) or not re.fullmatch(RUBRIC_NAME, name) or not re.fullmatch(r"[1-9]\d{0,5}", version):
        return
    called = f"in a file called {short(PurePath(file_name).name)}"
    way_out = f"call the file {short(name)}-v{version}.yml, or change the line"
    if not stem.startswith(f"{name}-v"):
        yield Problem(tree.line(("rubric",)), f"rubric is {short(name)} {called}; {way_out}")
    elif stem != f"{name}-v{version}":
        yield Problem(tree.line(("version",)), f"version is {version} {called}; {way_out}")
