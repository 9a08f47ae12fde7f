"""A rubric's checks held against the file's own examples: what keeps a file from being loaded, line by line.

names that stand for nothing -> patterns the engine cannot take -> hit and miss of each check -> examples of each dimension
-> every level of a dimension that has a scoring is reached by an example
"""

from collections.abc import Iterator
from typing import NamedTuple

from touchstone.english import listed
from touchstone.errors import Problem
from touchstone.files.yaml_tree import MarkedTree, Path, short
from touchstone.rubric.model import Dimension, Rubric
from touchstone.rubric.scoring_model import Check, Example, ExampleTask
from touchstone.scorer.facts import READING
from touchstone.scorer.matching import entries_of, hits_of, machine_of, ready
from touchstone.scorer.patterns import spaced, template_pattern
from touchstone.scorer.regex import compiled
from touchstone.scorer.scoring import Finding, Score, finding_of, score_draft

NEEDS_FACT = {"token", "fact"}


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


def problems_of(rubric: Rubric, tree: MarkedTree) -> list[Problem]:
    """Everything that is wrong with a rubric's checks. Examples are tried only once the rest can run."""
    return what_keeps_from_running(rubric, tree) or [*_own_texts(rubric, tree), *_examples(rubric, tree)]


def what_keeps_from_running(rubric: Rubric, tree: MarkedTree) -> list[Problem]:
    """Names that stand for nothing and patterns the engine cannot take. Without them a rubric can be run, right or wrong."""
    return [*_names(rubric, tree), *_shapes(rubric, tree), *_patterns(rubric, tree)]


def tried(rubric: Rubric, check: Check) -> list[Tried]:
    """The texts of one of the rubric's checks, its hits first, with what it finds in each. The rubric must run."""
    machine = machine_of(rubric)
    place = next(place for place, each in enumerate(machine.checks) if each.name == check.name)
    task = _task(rubric, check.task)
    made = []
    for kind in ("hit", "miss"):
        for text in getattr(check, kind):
            draft = ready(machine, text, task.input if task else {}, task.extra if task else {})
            made.append(
                Tried(
                    kind,
                    text,
                    tuple(finding_of(check, draft, hit) for hit in hits_of(machine, draft) if hit.check == place),
                    task.key if task else "",
                )
            )
    return made


def tried_examples(rubric: Rubric, dimension: Dimension) -> list[TriedExample]:
    """The examples of one of the rubric's dimensions with the scores they get. The rubric must run."""
    made = []
    for example in dimension.examples:
        task = _task(rubric, example.task)
        scores = score_draft(rubric, example.draft, *((task.input, task.extra) if task else ({}, {}))).scores
        made.append(TriedExample(example, scores[dimension.key], task.key if task else ""))
    return made


def _task(rubric: Rubric, key: str | None) -> ExampleTask | None:
    """The example task of that key, the first where none is named; None for a rubric without tasks."""
    return next((each for each in rubric.tasks if each.key == (key or each.key)), None)


def _checks(rubric: Rubric) -> Iterator[tuple[Path, Check]]:
    for number, dimension in enumerate(rubric.dimensions):
        for place, check in enumerate(dimension.checks):
            yield ("dimensions", number, "checks", place), check


def _names(rubric: Rubric, tree: MarkedTree) -> Iterator[Problem]:
    first: dict[str, int] = {}
    groups = {check.group for _, check in _checks(rubric) if check.group}
    for path, check in _checks(rubric):
        line = tree.line((*path, "name"))
        if check.name in first:
            yield Problem(line, f"check {check.name} stands twice (first in line {first[check.name]}); give each its own name")
        if check.name in groups:
            yield Problem(line, f"check {check.name} bears the name of a group; call one of them otherwise")
        first.setdefault(check.name, line)
    known = {*first, *groups}
    facts, tasks = {each.key for each in rubric.facts}, {each.key for each in rubric.tasks}
    for path, check in _checks(rubric):
        for key in ("near", "apart"):
            if rule := getattr(check, key):
                yield from _unknown(tree, (*path, key), rule.of, known, f"{key} of {check.name}", "check or group")
        yield from _unknown(tree, (*path, "fact"), [check.fact] if check.fact else [], facts, f"check {check.name}", "fact")
        yield from _unknown(tree, path, (*check.given, *check.missing), facts, f"check {check.name}", "fact")
        yield from _unknown(tree, (*path, "task"), [check.task] if check.task else [], tasks, f"check {check.name}", "task")
    if rubric.penalty:
        yield from _unknown(tree, ("penalty",), rubric.penalty.of, known, "penalty", "check or group")
    for number, dimension in enumerate(rubric.dimensions):
        for place, line in enumerate(dimension.scoring):
            path = ("dimensions", number, "scoring", place)
            about = f"a scoring line of {dimension.key}"
            named = (*line.any, *line.all, *line.none, *line.differing, *(line.at_least.of if line.at_least else ()))
            yield from _unknown(tree, path, named, known, about, "check or group")
            yield from _unknown(tree, path, (*line.given, *line.missing, *line.fact_is), facts, about, "fact")
            if (line.level is None) == (line.not_scorable is None):
                yield Problem(
                    tree.line(path),
                    f"{about} gives {'neither' if line.level is None else 'both'} of level and not_scorable; give one",
                )
            if line.level is not None and line.level not in dimension.values:
                yield Problem(
                    tree.line(path),
                    f"{about} gives {line.level}; the levels are {listed([str(each) for each in dimension.values])}",
                )
            if line.level is not None and not line.because:
                yield Problem(tree.line(path), f"{about} has no because; say in a few words why it gives {line.level}")
        for place, example in enumerate(dimension.examples):
            path = ("dimensions", number, "examples", place)
            named = [example.task] if example.task else []
            yield from _unknown(tree, path, named, tasks, f"an example of {dimension.key}", "task")


def _unknown(tree: MarkedTree, path: Path, names, known, about: str, kind: str) -> Iterator[Problem]:
    for name in names:
        if name not in known:
            yield Problem(
                tree.line(path),
                f"{about} names the {kind} {name}, which there is not; there are {', '.join(sorted(known)) or 'none'}",
            )


def _shapes(rubric: Rubric, tree: MarkedTree) -> Iterator[Problem]:
    kinds = {each.key: each.kind for each in rubric.facts}
    for path, check in _checks(rubric):
        line = tree.line(path)
        if check.extends in ("phrase", "regex", "fact") and not check.tokens:
            yield Problem(line, f"check {check.name} has no tokens; a {check.extends} needs one at least")
        if check.extends in ("token", "length") and check.tokens:
            yield Problem(tree.line((*path, "tokens")), f"check {check.name} has tokens, but a {check.extends} takes none")
        if check.extends in NEEDS_FACT and not check.fact:
            yield Problem(line, f"check {check.name} has no fact; a {check.extends} names one")
        if check.extends not in NEEDS_FACT and check.fact:
            yield Problem(tree.line((*path, "fact")), f"check {check.name} names a fact, but a {check.extends} takes none")
        if check.extends == "length" and check.max is None and check.min is None:
            yield Problem(line, f"check {check.name} has neither max nor min; a length needs one")
        kind = kinds.get(check.fact or "")
        if check.extends == "token" and kind in ("number", "amount", "counts"):
            yield Problem(
                tree.line((*path, "fact")),
                f"check {check.name} looks up words, but the fact {check.fact} is of kind {kind}; write extends: fact",
            )
        for number, token in enumerate(check.tokens):
            if check.extends == "phrase" and not any(each.isalnum() for each in token):
                yield Problem(
                    tree.line((*path, "tokens", number)),
                    f"check {check.name} lists {short(token)!r}, which holds no word; take it out",
                )


def _patterns(rubric: Rubric, tree: MarkedTree) -> Iterator[Problem]:
    facts = {each.key: each for each in rubric.facts}
    for path, check in _checks(rubric):
        for number, token in enumerate(check.tokens):
            alone = check.model_copy(update={"tokens": (token,)})
            if wrong := _refused(lambda one=alone: entries_of(0, one, facts)):
                yield Problem(
                    tree.line((*path, "tokens", number)), f"{short(token)!r} of {check.name} cannot be matched: {wrong}"
                )
        patterns = [(("unless", key), getattr(check.unless, key)) for key in type(check.unless).model_fields]
        for number, each in enumerate(check.exceptions if check.extends in ("regex", "fact") else ()):
            if wrong := _refused(lambda one=each: compiled(template_pattern(one, READING)[0])):
                yield Problem(
                    tree.line((*path, "exceptions", number)),
                    f"{short(each)!r} in exceptions of {check.name} cannot be matched: {wrong}",
                )
        for where, listed_ in patterns:
            yield from _uncompiled(tree, (*path, *where), listed_, f"{where[-1]} of {check.name}")
    holes = {**READING, "value": ".", "noun": "."}
    for number, fact in enumerate(rubric.facts):
        for place, pattern in enumerate(fact.patterns):
            if wrong := _refused(lambda one=pattern: compiled(template_pattern(one, holes)[0])):
                yield Problem(
                    tree.line(("facts", number, "patterns", place)),
                    f"{short(pattern)!r} of the fact {fact.key} cannot be matched: {wrong}",
                )
    parts = rubric.parts
    for where, listed_ in (
        (("subject",), parts.subject),
        (("clauses",), parts.clauses),
        (("quoted", "lines"), parts.quoted.lines),
        (("quoted", "rest"), parts.quoted.rest),
        (("signature", "opens"), parts.signature.opens),
        (("signature", "ends"), parts.signature.ends),
    ):
        yield from _uncompiled(tree, ("parts", *where), listed_, f"{where[-1]} of parts")


def _uncompiled(tree: MarkedTree, path: Path, patterns, about: str) -> Iterator[Problem]:
    for place, pattern in enumerate(patterns):
        if wrong := _refused(lambda one=pattern: compiled(spaced(one))):
            yield Problem(tree.line((*path, place)), f"{short(pattern)!r} in {about} cannot be matched: {wrong}")


def _refused(made) -> str | None:
    try:
        made()
    except ValueError as wrong:
        return str(wrong)
    return None


def _own_texts(rubric: Rubric, tree: MarkedTree) -> Iterator[Problem]:
    for path, check in _checks(rubric):
        for number, each in enumerate(tried(rubric, check)):
            if not each.is_right:
                done = "misses its hit" if each.kind == "hit" else "finds its miss"
                place = number if each.kind == "hit" else number - len(check.hit)
                yield Problem(
                    tree.line((*path, each.kind, place)),
                    f"check {check.name} {done} {short(each.text)!r}; mend the check or the text",
                )


def _examples(rubric: Rubric, tree: MarkedTree) -> Iterator[Problem]:
    for number, dimension in enumerate(rubric.dimensions):
        found = tried_examples(rubric, dimension)
        for place, each in enumerate(found):
            if not each.is_right:
                why = each.score.because or each.score.reason
                yield Problem(
                    tree.line(("dimensions", number, "examples", place)),
                    f"an example of {dimension.key} gets {_said(each.score.value)} ({why}), not "
                    f"{_said(each.example.level)}: {short(each.example.draft)!r}",
                )
        reached = {each.score.value for each in found}
        if dimension.scoring and (missing := [str(each) for each in dimension.values if each not in reached]):
            yield Problem(
                tree.line(("dimensions", number, "scoring")),
                f"no example of {dimension.key} gets {' or '.join(missing)}; add one for each level",
            )


def _said(value: int | str | None) -> str:
    return "not scorable" if value is None else str(value)
