"""One check of a file that is not finished, tried by itself: with the file's facts, parts and tasks, without other checks."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import pydantic

from touchstone.errors import Problem
from touchstone.files.yaml_tree import MarkedTree, Path
from touchstone.rubric.model import Rubric, RubricFile
from touchstone.scorer.proving.own_examples import Tried, tried
from touchstone.scorer.proving.runnable import what_keeps_from_running
from touchstone.scorer.scoring import Scorer

_SHARED = ("parts", "facts", "numbers", "tasks", "proper_names")
_ALONE: dict[str, Any] = {
    "key": "alone",
    "title": "alone",
    "question": "alone",
    "scale": "nominal",
    "levels": ({"value": 0, "title": "a", "anchor": "a"}, {"value": 1, "title": "b", "anchor": "b"}),
    "agreement": {"statistic": "kappa", "weights": "unweighted", "threshold": 0},
}


class TriedCheck(NamedTuple):
    """The texts of a check with what it finds in them, and the rubric it was tried in; or `problems`, which keep it from that."""

    rubric: Rubric | None
    texts: list[Tried]
    problems: list[Problem]


def tried_alone(tree: MarkedTree, path: Path) -> TriedCheck:
    """The check at `path`, tried by itself. It needs no text yet to be tried on those it has. Where its shape is wrong, which the
    problems of the file tell, there are none here."""
    check = tree.at(path)
    if not isinstance(check, Mapping):
        return TriedCheck(None, [], [])
    texts = {kind: check.get(kind) or ("",) for kind in ("hit", "miss")}
    file = {
        "rubric": "alone",
        "version": 1,
        "title": "alone",
        **{name: tree.data[name] for name in _SHARED if name in tree.data},
        "dimensions": ({**_ALONE, "checks": ({**check, **texts},)},),
    }
    try:
        made = RubricFile.model_validate(file)
    except pydantic.ValidationError:
        return TriedCheck(None, [], [])
    parts = {name: getattr(made, name) for name in ("title", "about", "fields", "dimensions", *_SHARED)}
    rubric = Rubric(name="alone-v1", version=1, digest="", **parts)
    if problems := what_keeps_from_running(rubric, tree):
        return TriedCheck(None, [], problems)
    found = tried(Scorer(rubric), rubric.dimensions[0].checks[0])
    return TriedCheck(rubric, [each for each in found if check.get(each.kind)], [])
