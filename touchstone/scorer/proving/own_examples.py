"""A file's own examples: the texts that each check must and must not find, and the drafts with the levels they must get.

What comes out wrong keeps the file from being loaded, line by line; so does a level that no example reaches.
"""

from collections.abc import Iterator
from typing import NamedTuple

from touchstone.english import listed
from touchstone.errors import Problem
from touchstone.files.yaml_tree import MarkedTree, short
from touchstone.rubric.model import Dimension, Rubric
from touchstone.rubric.scoring_model import Check, Example, ExampleTask
from touchstone.scorer.matching import hits_of_check
from touchstone.scorer.proving.runnable import checks_with_paths
from touchstone.scorer.scoring import Finding, Score, Scorer, finding_of


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
    return [*_numbers_read_wrong(scorer, tree), *_texts_tried_wrong(scorer, tree), *_examples_tried_wrong(scorer, tree)]


def tried(scorer: Scorer, check: Check) -> list[Tried]:
    """The texts of one of the rubric's checks, its hits first, with what it finds in each."""
    compiled, task = scorer.compiled, _task(scorer.rubric, check.task)
    place = compiled.place_by_name[check.name]
    results = []
    for kind, texts in (("hit", check.hit), ("miss", check.miss)):
        for text in texts:
            draft = compiled.prepare(text, task.input if task else {}, task.extra if task else {})
            findings = tuple(finding_of(check, draft, hit) for hit in hits_of_check(compiled, draft, place))
            results.append(Tried(kind, text, findings, task.key if task else ""))
    return results


def tried_examples(scorer: Scorer, dimension: Dimension) -> list[TriedExample]:
    """The examples of one of the rubric's dimensions with the scores they get."""
    results = []
    for example in dimension.examples:
        task = _task(scorer.rubric, example.task)
        scores = scorer.score(example.draft, *((task.input, task.extra) if task else ({}, {}))).scores
        results.append(TriedExample(example, scores[dimension.key], task.key if task else ""))
    return results


def _task(rubric: Rubric, key: str | None) -> ExampleTask | None:
    """The example task of that key, the first where none is named; None for a rubric without tasks."""
    return next((task for task in rubric.tasks if task.key == (key or task.key)), None)


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


def _texts_tried_wrong(scorer: Scorer, tree: MarkedTree) -> Iterator[Problem]:
    for path, check in checks_with_paths(scorer.rubric):
        for number, one in enumerate(tried(scorer, check)):
            if not one.is_right:
                done = "misses its hit" if one.kind == "hit" else "finds its miss"
                place = number if one.kind == "hit" else number - len(check.hit)
                yield Problem(
                    tree.line((*path, one.kind, place)),
                    f"check {check.name} {done} {short(one.text)!r}; fix the check or the text",
                )


def _examples_tried_wrong(scorer: Scorer, tree: MarkedTree) -> Iterator[Problem]:
    for number, dimension in enumerate(scorer.rubric.dimensions):
        results = tried_examples(scorer, dimension)
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
