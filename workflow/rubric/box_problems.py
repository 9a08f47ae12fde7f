"""What is wrong with a rubric being written, told by the dimension and the box it stands in, in the order of the boxes."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from touchstone.errors import Problem
from touchstone.files import yaml_places
from touchstone.files.yaml_tree import MarkedTree, Path
from touchstone.rubric.entry_names import name_of, owner_of
from workflow.rubric.unfinished_version import Unfinished

_OF_ALL = {"title": "the title of the rubric", "about": "what is said about all dimensions"}
_OF_LEVEL = {"value": "value", "title": "button", "anchor": "anchor", "example": "example"}


class BoxProblem(NamedTuple):
    """`path`: of the entry in the file; `place`: of its dimension, None for what is said of all; `title` its title. `words` begin
    with the name of the box."""

    path: Path
    place: int | None
    title: str
    words: str
    is_empty: bool

    def __str__(self) -> str:
        words = f"{self.title}: {self.words}" if self.title else self.words
        return words[:1].upper() + words[1:]


def by_box(found: Unfinished) -> tuple[list[BoxProblem], list[Problem]]:
    """The problems that stand in a box, and the others, which have their line alone."""
    others = list(found.problems)
    told: list[BoxProblem] = []
    if not found.is_yaml or found.aside:
        return told, others
    tree = yaml_places.tree_of(found.source)
    for path in _boxes(tree):
        for each in [each for each in others if _stands_in(tree, path, each)]:
            others.remove(each)
            told.append(_told(tree, path, each))
    return told, others


def at_box(found: Unfinished, path: Path) -> str:
    """What is wrong in one box, "" for nothing: what is empty yet is no mistake."""
    reason = found.problem_at(path)
    if not reason:
        return ""
    tree = yaml_places.tree_of(found.source)
    problem = _told(tree, path, Problem(tree.line(path), reason))
    return "" if problem.is_empty else problem.words


class LineProblem(NamedTuple):
    """A problem by its line. `where`: the line of the box of YAML in which it stands ("check stock of Tone, line 3"), else that
    of the file; `text`: what stands there."""

    where: str
    text: str
    reason: str


def by_line(found: Unfinished, problems: Sequence[Problem]) -> list[LineProblem]:
    """Problems that have their line alone, each with the line that whoever writes sees: that of the box, where a box shows a part
    of the file."""
    lines = found.source.split("\n")
    return [
        LineProblem(
            _in_a_box(found, each) or (f"line {each.line} of the file" if each.line else "the file"),
            lines[each.line - 1].strip() if each.line and each.line <= len(lines) else "",
            each.reason,
        )
        for each in problems
    ]


def _in_a_box(found: Unfinished, problem: Problem) -> str:
    """ "check stock, line 3", "scoring and examples of Tone, line 2"; "" for what stands in no box of YAML."""
    alone, place = found._replace(problems=(problem,)), 0
    while found.has(("dimensions", place)):
        path: Path = ("dimensions", place)
        key, title = found.text((*path, "key")), found.text((*path, "title")) or f"dimension {place + 1}"
        for check in found.checks(key) if key else ():
            if mine := alone.problems_of(key, check):
                return f"check {check.name} of {title}, line {mine[0].line}"
        if key and (mine := alone.problems_of_rest(key)):
            return f"scoring and examples of {title}, line {mine[0].line}"
        place += 1
    return ""


def _boxes(tree: MarkedTree) -> Iterator[Path]:
    """The path of every box, from the top of the page to its end."""
    yield from (("title",), ("about",))
    dimensions = tree.at(("dimensions",))
    for place, dimension in enumerate(dimensions if isinstance(dimensions, tuple) else ()):
        path: Path = ("dimensions", place)
        yield from ((*path, entry) for entry in ("title", "key", "question", "scale"))
        levels = dimension.get("levels") if isinstance(dimension, Mapping) else ()
        for number in range(len(levels) if isinstance(levels, tuple) else 0):
            yield from ((*path, "levels", number, entry) for entry in _OF_LEVEL)
        yield (*path, "guidance")
        yield from ((*path, "agreement", entry) for entry in ("statistic", "weights", "threshold"))
        yield (*path, "weight")


def _stands_in(tree: MarkedTree, path: Path, problem: Problem) -> bool:
    if path in tree.lines:
        return problem.line == tree.line(path) and problem.reason.startswith(f"{name_of(tree, path)} ")
    owner = path[:-1]
    return (
        owner in tree.lines
        and problem.line == tree.line(owner)
        and problem.reason.startswith(f"{owner_of(tree, owner)} has no {path[-1]};")
    )


def _told(tree: MarkedTree, path: Path, problem: Problem) -> BoxProblem:
    what = problem.reason.removeprefix(f"{name_of(tree, path)} ") if path in tree.lines else "is missing"
    is_empty = what.startswith("is empty;")
    words = f"{_box(tree, path)} {'is empty' if is_empty else what}"
    if path[0] != "dimensions":
        return BoxProblem(path, None, "", words, is_empty)
    place = int(path[1])
    written = tree.at(("dimensions", place, "title")) if ("dimensions", place, "title") in tree.lines else ""
    title = written.strip() if isinstance(written, str) else ""
    return BoxProblem(path, place, title or f"Dimension {place + 1}", words, is_empty)


def _box(tree: MarkedTree, path: Path) -> str:
    """What a box is called on the page."""
    if len(path) == 1:
        return _OF_ALL[str(path[0])]
    if "levels" not in path:
        return "the weight in the final score" if path[-1] == "weight" else f"the {path[-1]}"
    value = tree.texts.get((*path[:-1], "value"), "")
    level = value if value and path[-1] != "value" else f"no. {int(path[-2]) + 1}"
    return f"the {_OF_LEVEL[str(path[-1])]} of level {level}"
