"""What keeps a rubric's checks from running: names that stand for nothing, wrong shapes, patterns that RE2 cannot take.

A rubric without these can be run, right or wrong.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from touchstone.english import listed
from touchstone.errors import Problem
from touchstone.files.yaml_tree import MarkedTree, Path, short
from touchstone.rubric.model import Dimension, Rubric
from touchstone.rubric.scoring_model import Check, Fact, ScoringLine
from touchstone.scorer.checks.compiled_check import CompiledCheck
from touchstone.scorer.checks.kinds import CHECK_KINDS
from touchstone.scorer.facts.reading import READING_HOLES, filled
from touchstone.scorer.numbers.kinds import CHANGE_HOLES, KIND_HOLES, OTHER
from touchstone.scorer.patterns import spaced, template_pattern
from touchstone.scorer.regex import PatternCache, compiled


def what_keeps_from_running(rubric: Rubric, tree: MarkedTree, cache: PatternCache | None = None) -> list[Problem]:
    """Every problem with names, shapes and patterns of a rubric's checks, with their lines; [] for a rubric that runs.
    Patterns of checks stay compiled in `cache`."""
    return [
        *_clashing_names(rubric, tree),
        *_unknown_names(rubric, tree),
        *_wrong_scoring_lines(rubric, tree),
        *_wrong_shapes(rubric, tree),
        *_wrong_patterns(rubric, tree, PatternCache() if cache is None else cache),
    ]


def checks_with_paths(rubric: Rubric) -> Iterator[tuple[Path, Check]]:
    """Every check of a rubric, with where it stands in the file."""
    for number, dimension in enumerate(rubric.dimensions):
        for place, check in enumerate(dimension.checks):
            yield ("dimensions", number, "checks", place), check


def _lines_with_paths(rubric: Rubric) -> Iterator[tuple[Path, Dimension, ScoringLine]]:
    for number, dimension in enumerate(rubric.dimensions):
        for place, line in enumerate(dimension.scoring):
            yield ("dimensions", number, "scoring", place), dimension, line


def _clashing_names(rubric: Rubric, tree: MarkedTree) -> Iterator[Problem]:
    first: dict[str, int] = {}
    groups = {check.group for _, check in checks_with_paths(rubric)}
    for path, check in checks_with_paths(rubric):
        line = tree.line((*path, "name"))
        if check.name in first:
            yield Problem(line, f"check {check.name} appears twice (first on line {first[check.name]}); give each its own name")
        if check.name in groups:
            yield Problem(line, f"check {check.name} has the name of a group; rename one of them")
        first.setdefault(check.name, line)


class Reference(NamedTuple):
    """Names that an entry of the file uses for things of one sort; `about` says whose they are."""

    path: Path
    names: Iterable[str]
    sort: str
    about: str


CHECK, FACT, TASK, KIND = "check or group", "fact", "task", "kind of number"


def _unknown_names(rubric: Rubric, tree: MarkedTree) -> Iterator[Problem]:
    checks = [check for _, check in checks_with_paths(rubric)]
    known: dict[str, Collection[str]] = {
        CHECK: {name for check in checks for name in (check.name, check.group) if name},
        FACT: {fact.key for fact in rubric.facts},
        TASK: {task.key for task in rubric.tasks},
        KIND: {OTHER, *(kind.key for kind in rubric.numbers.kinds)},
    }
    for path, names, sort, about in _references(rubric):
        for name in names:
            if name not in known[sort]:
                there_are = ", ".join(sorted(known[sort])) or "none"
                yield Problem(tree.line(path), f"{about} names the {sort} {name}, which does not exist; there are {there_are}")


def _references(rubric: Rubric) -> Iterator[Reference]:
    """Every use of a name in the file."""
    for path, check in checks_with_paths(rubric):
        yield from _references_of_check(path, check)
    for place, text in enumerate(rubric.numbers.examples):
        yield Reference(("numbers", "examples", place), text.kinds, KIND, "an example of numbers")
    if rubric.penalty:
        yield Reference(("penalty",), rubric.penalty.of, CHECK, "penalty")
    for path, dimension, line in _lines_with_paths(rubric):
        about = f"a scoring line of {dimension.key}"
        counted = line.at_least.of if line.at_least else ()
        yield Reference(path, (*line.any, *line.all, *line.none, *line.differing, *counted), CHECK, about)
        yield Reference(path, (*line.given, *line.missing, *line.fact_is), FACT, about)
    for number, dimension in enumerate(rubric.dimensions):
        for place, example in enumerate(dimension.examples):
            path = ("dimensions", number, "examples", place)
            yield Reference(path, _if_any(example.task), TASK, f"an example of {dimension.key}")


def _references_of_check(path: Path, check: Check) -> Iterator[Reference]:
    about = f"check {check.name}"
    for key, rule in (("near", check.near), ("apart", check.apart)):
        if rule:
            yield Reference((*path, key), rule.of, CHECK, f"{key} of {check.name}")
    yield Reference((*path, "fact"), _if_any(check.fact), FACT, about)
    yield Reference(path, (*check.given, *check.missing), FACT, about)
    yield Reference((*path, "task"), _if_any(check.task), TASK, about)
    yield Reference((*path, "reads"), check.reads, KIND, about)


def _if_any(name: str | None) -> tuple[str, ...]:
    return (name,) if name else ()


def _wrong_scoring_lines(rubric: Rubric, tree: MarkedTree) -> Iterator[Problem]:
    for path, dimension, line in _lines_with_paths(rubric):
        about, at = f"a scoring line of {dimension.key}", tree.line(path)
        if (line.level is None) == (line.not_scorable is None):
            yield Problem(at, f"{about} gives {'neither' if line.level is None else 'both'} of level and not_scorable; give one")
        if line.level is not None and line.level not in dimension.values:
            yield Problem(at, f"{about} gives {line.level}; the levels are {listed([str(value) for value in dimension.values])}")
        if line.level is not None and not line.because:
            yield Problem(at, f"{about} has no because; say in a few words why it gives {line.level}")


def _wrong_shapes(rubric: Rubric, tree: MarkedTree) -> Iterator[Problem]:
    facts = {fact.key: fact for fact in rubric.facts}
    for path, check in checks_with_paths(rubric):
        for where, reason in CHECK_KINDS[check.extends].shape_problems(check, facts.get(check.fact or "")):
            yield Problem(tree.line((*path, *where)), reason)


def _wrong_patterns(rubric: Rubric, tree: MarkedTree, cache: PatternCache) -> Iterator[Problem]:
    yield from _wrong_patterns_of_checks(rubric, tree, cache)
    yield from _wrong_patterns_of_numbers(rubric, tree)
    for number, fact in enumerate(rubric.facts):
        yield from _refused_patterns(
            tree, ("facts", number, "patterns"), fact.patterns, partial(_compile_of_fact, fact), f"of the fact {fact.key}"
        )
    parts = rubric.parts
    for where, patterns in (
        (("subject",), parts.subject),
        (("clauses",), parts.clauses),
        (("quoted", "lines"), parts.quoted.lines),
        (("quoted", "rest"), parts.quoted.rest),
        (("signature", "opens"), parts.signature.opens),
        (("signature", "ends"), parts.signature.ends),
    ):
        yield from _refused_patterns(tree, ("parts", *where), patterns, _compile_spaced, f"in {where[-1]} of parts")


def _wrong_patterns_of_numbers(rubric: Rubric, tree: MarkedTree) -> Iterator[Problem]:
    numbers = rubric.numbers
    yield from _refused_patterns(tree, ("numbers", "changes"), numbers.changes, _compile_change, "in changes of numbers")
    yield from _refused_patterns(tree, ("numbers", "joins"), numbers.joins, _compile_spaced, "in joins of numbers")
    for place, kind in enumerate(numbers.kinds):
        path, about = ("numbers", "kinds", place), f"of the kind of number {kind.key}"
        yield from _refused_patterns(tree, (*path, "patterns"), kind.patterns, _compile_kind, about)
        for key, patterns in (("before", kind.before), ("after", kind.after)):
            yield from _refused_patterns(tree, (*path, key), patterns, _compile_spaced, f"in {key} {about}")
        if kind.key == OTHER:
            yield Problem(
                tree.line((*path, "key")), f"a kind of number is called {OTHER}, which stands for those of no kind; rename it"
            )
        if not (kind.patterns or kind.before or kind.after):
            yield Problem(
                tree.line(path), f"the kind of number {kind.key} has no patterns, before or after; it needs one of them"
            )


def _compile_of_fact(fact: Fact, pattern: str) -> object:
    return compiled(filled(fact, pattern), False)  # as it is asked for, so that it is compiled once


def _compile_kind(pattern: str) -> object:
    made, holes = template_pattern(pattern, KIND_HOLES)
    if len(holes) > 1:
        raise ValueError(f"it has {listed(['{' + hole + '}' for hole in holes])}; a number stands in one placeholder")
    return compiled(made, False)


def _compile_change(pattern: str) -> object:
    made, holes = template_pattern(pattern, CHANGE_HOLES)
    if set(holes) != set(CHANGE_HOLES):
        raise ValueError("a change has {from} and {to}, the earlier and the later value")
    return compiled(made, False)


def _wrong_patterns_of_checks(rubric: Rubric, tree: MarkedTree, cache: PatternCache) -> Iterator[Problem]:
    facts = {fact.key: fact for fact in rubric.facts}
    for path, check in checks_with_paths(rubric):
        kind, fact = CHECK_KINDS[check.extends], facts.get(check.fact or "")
        compile_token = partial(_compile_token, kind, check, fact, cache)
        yield from _refused_patterns(tree, (*path, "tokens"), check.tokens, compile_token, f"of {check.name}")
        if not kind.lists_phrases:
            yield from _refused_patterns(
                tree, (*path, "exceptions"), check.exceptions, _compile_exception, f"in exceptions of {check.name}"
            )
        for key in type(check.unless).model_fields:
            patterns: Sequence[str] = getattr(check.unless, key)
            yield from _refused_patterns(tree, (*path, "unless", key), patterns, _compile_spaced, f"in {key} of {check.name}")


def _compile_token(kind: type[CompiledCheck], check: Check, fact: Fact | None, cache: PatternCache, token: str) -> object:
    return kind.patterns_of(0, check.model_copy(update={"tokens": (token,)}), fact, cache)


def _compile_exception(pattern: str) -> object:
    return compiled(template_pattern(pattern, READING_HOLES)[0])


def _compile_spaced(pattern: str) -> object:
    return compiled(spaced(pattern))


def _refused_patterns(
    tree: MarkedTree, path: Path, patterns: Sequence[str], compile_one: Callable[[str], object], about: str
) -> Iterator[Problem]:
    """The patterns of a list that cannot be compiled; `about` says whose they are."""
    for place, pattern in enumerate(patterns):
        try:
            compile_one(pattern)
        except ValueError as wrong:
            yield Problem(tree.line((*path, place)), f"{short(pattern)!r} {about} cannot be matched: {wrong}")
