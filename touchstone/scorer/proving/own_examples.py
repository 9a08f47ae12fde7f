"""A file's own examples: the texts that each check must and must not find, and the drafts with the levels they must get.

What comes out wrong keeps the file from being loaded, line by line; so does a level that no example reaches.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from touchstone.english import listed
from touchstone.errors import Problem
from touchstone.files.yaml_tree import MarkedTree, short
from touchstone.rubric.model import Dimension
from touchstone.rubric.scoring_model import Check, Example
from touchstone.scorer.draft import PreparedDraft
from touchstone.scorer.facts.kinds import FactValue
from touchstone.scorer.matching import hits_of_checks
from touchstone.scorer.proving.runnable import checks_with_paths
from touchstone.scorer.scoring import Finding, Score, Scorer, finding_of, score_of


class Tried(NamedTuple):
    """One text a check must find ("hit") or must not find ("miss"), and what of it was found; `task` is the key of the task whose
    facts it was tried with, "" without one."""

    kind: str
    text: str
    findings: tuple[Finding, ...]
    task: str

    @property
    def is_right(self) -> bool:
        return bool(self.findings) is (self.kind == "hit")


class TriedExample(NamedTuple):
    """One example of a dimension, and the score it gets."""

    example: Example
    score: Score
    task: str

    @property
    def is_right(self) -> bool:
        return self.score.value == self.example.level


def problems_of_examples(scorer: Scorer, tree: MarkedTree) -> list[Problem]:
    """The examples of a rubric that runs which come out wrong, and the levels that none reaches."""
    tasks = OwnTasks(scorer)
    return [
        *_numbers_read_wrong(scorer, tree),
        *_texts_tried_wrong(scorer, tree, tasks),
        *_examples_tried_wrong(scorer, tree, tasks),
    ]


class OwnTasks:
    """The example tasks of a rubric, for which its texts are made ready: the facts of each are read once."""

    def __init__(self, scorer: Scorer):
        self._compiled = scorer.compiled
        self._facts: dict[str, Mapping[str, FactValue]] = {}

    def key_of(self, named: str | None) -> str:
        """The key of the task of that key, of the first where none is named; "" for a rubric without tasks."""
        return next((task.key for task in self._compiled.rubric.tasks if task.key == (named or task.key)), "")

    def ready(self, text: str, key: str) -> PreparedDraft:
        """A text made ready as a draft of a task."""
        task = next((task for task in self._compiled.rubric.tasks if task.key == key), None)
        given, extra = (task.input, task.extra) if task else ({}, {})
        if key not in self._facts:
            self._facts[key] = self._compiled.facts_of(given, extra)
        return self._compiled.prepare(text, given, extra, self._facts[key])


def tried(scorer: Scorer, check: Check, tasks: OwnTasks | None = None) -> list[Tried]:
    """The texts of one of the rubric's checks, its hits first, with what it finds in each."""
    compiled, tasks = scorer.compiled, tasks or OwnTasks(scorer)
    task = tasks.key_of(check.task)
    place = compiled.place_by_name[check.name]
    results = []
    for kind, texts in (("hit", check.hit), ("miss", check.miss)):
        for text in texts:
            draft = tasks.ready(text, task)
            hits = hits_of_checks(compiled, draft, [place]).get(place, ())
            results.append(Tried(kind, text, tuple(finding_of(check, draft, hit) for hit in hits), task))
    return results


def tried_examples(scorer: Scorer, dimension: Dimension, tasks: OwnTasks | None = None) -> list[TriedExample]:
    """The examples of one of the rubric's dimensions with the scores they get."""
    tasks = tasks or OwnTasks(scorer)
    results = []
    for example in dimension.examples:
        task = tasks.key_of(example.task)
        score = score_of(scorer.compiled, dimension, tasks.ready(example.draft, task))
        results.append(TriedExample(example, score, task))
    return results


def _numbers_read_wrong(scorer: Scorer, tree: MarkedTree) -> Iterator[Problem]:
    compiled = scorer.compiled
    for place, example in enumerate(scorer.rubric.numbers.examples):
        draft = compiled.prepare(example.text, {}, {})
        numbers, live = draft.numbers.all, draft.segments.live
        line = tree.line(("numbers", "examples", place))
        kinds = [number.kind for number in numbers]
        if kinds != list(example.kinds):
            read = listed([f"{live[number.start : number.end]} {number.kind}" for number in numbers]) or "none"
            wanted = ", ".join(example.kinds)
            yield Problem(
                line, f"the numbers of {short(example.text)!r} are read as {read}, not as {wanted}; fix a kind or the text"
            )
        current = [live[slice(*number.later)] for number in numbers if number.later]
        if current != list(example.current):
            changed = listed(current) or "none"
            yield Problem(
                line, f"the changes of {short(example.text)!r} end at {changed}, not at {', '.join(example.current) or 'none'}"
            )


def _texts_tried_wrong(scorer: Scorer, tree: MarkedTree, tasks: OwnTasks) -> Iterator[Problem]:
    for path, check in checks_with_paths(scorer.rubric):
        for number, one in enumerate(tried(scorer, check, tasks)):
            if not one.is_right:
                done = "misses its hit" if one.kind == "hit" else "finds its miss"
                place = number if one.kind == "hit" else number - len(check.hit)
                yield Problem(
                    tree.line((*path, one.kind, place)),
                    f"check {check.name} {done} {short(one.text)!r}; fix the check or the text",
                )


def _examples_tried_wrong(scorer: Scorer, tree: MarkedTree, tasks: OwnTasks) -> Iterator[Problem]:
    for number, dimension in enumerate(scorer.rubric.dimensions):
        results = tried_examples(scorer, dimension, tasks)
        for place, one in enumerate(results):
            if not one.is_right:
                why = one.score.because or one.score.reason
                yield Problem(
                    tree.line(("dimensions", number, "examples", place)),
                    f"an example of {dimension.key} gets {_in_words(one.score.value)} ({why}), not "
                    f"{_in_words(one.example.level)}: {short(one.example.draft)!r}",
                )
        reached = {one.score.value for one in results}
        if dimension.scoring and (missing := [str(value) for value in dimension.values if value not in reached]):
            yield Problem(
                tree.line(("dimensions", number, "scoring")),
                f"no example of {dimension.key} gets {' or '.join(missing)}; add one for each level",
            )


def _in_words(value: int | str | None) -> str:
    return "not scorable" if value is None else str(value)
