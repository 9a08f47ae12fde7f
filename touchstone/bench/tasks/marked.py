"""A YAML file read into a strict shape, with the line of everything that is wrong."""

from typing import Generic, NamedTuple, TypeVar

import pydantic

from touchstone.bench.tasks.sentences import wrongs_of
from touchstone.errors import Problem
from touchstone.files.yaml_tree import FileKind, MarkedTree, Unreadable, read_marked

Shape = TypeVar("Shape", bound=pydantic.BaseModel)


class ReadStrict(NamedTuple, Generic[Shape]):
    """The value, or None and what is wrong, in line order; the tree knows the lines of what no field alone can know."""

    value: Shape | None
    problems: list[Problem]
    tree: MarkedTree


def read_strict(shape: type[Shape], source: bytes, kind: FileKind) -> ReadStrict[Shape]:
    """Read a file of that shape. Never raises on any bytes."""
    try:
        tree = read_marked(source, kind)
    except Unreadable as wrong:
        return ReadStrict(None, [wrong.problem], MarkedTree())
    problems = [*tree.problems, *(Problem(line, f"{path[-1]} stands here again; keep one") for path, line in tree.twice)]
    try:
        value = shape.model_validate(tree.data)
    except pydantic.ValidationError as wrong:
        problems += [Problem(tree.line(each.path), each.sentence) for each in wrongs_of(shape, wrong.errors(include_url=False))]
        return ReadStrict(None, in_line_order(problems), tree)
    return ReadStrict(None if problems else value, in_line_order(problems), tree)


def in_line_order(problems: list[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda each: each.line or 0)
