"""Which checks of a rubric differ from those of another version, and which of the others they can change."""

import hashlib
from collections.abc import Iterator
from typing import Any

from touchstone.rubric.model import Dimension, Rubric
from touchstone.rubric.scoring_model import Check
from touchstone.scorer.checks.compiled_check import CheckPattern
from touchstone.scorer.compiled import CompiledRubric


def digest_of(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def checks_of(*rubrics: Rubric) -> Iterator[Check]:
    """Every check of the rubrics, in the order of their files."""
    return (check for rubric in rubrics for dimension in rubric.dimensions for check in dimension.checks)


def check_digests(rubric: Rubric) -> dict[str, str]:
    """The digest of each check by its name, in the order of the file: of the check, and of the fact it reads."""
    facts = {fact.key: fact for fact in rubric.facts}
    return {check.name: digest_of(check, facts.get(check.fact or "")) for check in checks_of(rubric)}


def changed_checks(before: Rubric, after: Rubric) -> tuple[str, ...]:
    """The names of checks that are new, gone, or not the same."""
    was, now = check_digests(before), check_digests(after)
    return tuple(name for name in dict.fromkeys((*was, *now)) if was.get(name) != now.get(name))


def affected_checks(before: Rubric, after: Rubric) -> set[str]:
    """The changed checks, those that ask, at one or more removes, for one of them beside them, and those that such a check asks
    for: it sees them as they are before anything takes their hits back."""
    affected = set(changed_checks(before, after))
    checks = list(checks_of(before, after))
    while True:
        with_groups = affected | {check.group for check in checks if check.name in affected and check.group}
        asking = {check.name for check in checks if with_groups & _asked_beside(check)}
        asked = {name for check in checks if check.name in affected for name in _asked_beside(check)}
        more = asking | {check.name for check in checks if {check.name, check.group} & asked}
        if more <= affected:
            return affected
        affected |= more


def _asked_beside(check: Check) -> set[str]:
    """The names of the checks and groups that a check asks for beside it."""
    return {name for near in (check.near, check.apart) if near for name in near.of}


def are_settled_in_one_order(before: Rubric, after: Rubric) -> bool:
    """Whether checks that ask for others stand in the same order in both: they are settled in it, one by what the other left."""
    was, now = ([check.name for check in checks_of(rubric) if check.near or check.apart] for rubric in (before, after))
    return [name for name in was if name in now] == [name for name in now if name in was]


def what_settles(rubric: Rubric, name: str) -> Any:
    """What of a check decides whether its hits stand, apart from where it is met."""
    check = next(check for check in checks_of(rubric) if check.name == name)
    return check.model_copy(update={"tokens": (), "hit": (), "miss": (), "message": "", "differs": None, "link": None})


def what_levels(rubric: Rubric, key: str) -> Any:
    """What of a dimension makes levels of findings; None where the version has no such dimension."""
    dimension = own_dimension(rubric, key)
    return (dimension.scoring, dimension.values) if dimension else None


def levelled_otherwise(before: Rubric, after: Rubric) -> list[Dimension]:
    """The dimensions of `after` whose lines or levels are not those of `before`."""
    return [each for each in after.dimensions if what_levels(before, each.key) != what_levels(after, each.key)]


def what_prepares(rubric: Rubric) -> tuple[object, ...]:
    """What of a version makes a draft ready for every check: its parts, the task's facts, where names stand, kinds of numbers."""
    numbers = rubric.numbers
    return rubric.parts, rubric.facts, rubric.proper_names, numbers.changes, numbers.joins, numbers.kinds


def own_dimension(rubric: Rubric, key: str) -> Dimension | None:
    """The dimension of this key; an alias is another version's name, and no dimension of its own."""
    return next((dimension for dimension in rubric.dimensions if dimension.key == key), None)


def names_asked_by(compiled: CompiledRubric, dimension: Dimension) -> set[str]:
    """The names of the checks that a dimension's lines ask for."""
    return {compiled.checks[place].declared.name for place in compiled.asked_by[dimension.key]}


def dimensions_asking_for(affected: set[str], old: CompiledRubric, new: CompiledRubric) -> list[Dimension]:
    """The dimensions of `new` whose lines ask for one of the checks, in either version."""
    asking = []
    for dimension in new.rubric.dimensions:
        before = own_dimension(old.rubric, dimension.key)
        asked = names_asked_by(new, dimension) | (names_asked_by(old, before) if before else set())
        if not affected.isdisjoint(asked):
            asking.append(dimension)
    return asking


def patterns_by_digest(compiled: CompiledRubric) -> dict[str, CheckPattern]:
    """What is looked for, by a digest of the pattern and of all in its check and fact that decides where it is met."""
    of_check = []
    for check in compiled.checks:
        one = check.declared
        digest = digest_of(one.extends, one.scope, one.reads, one.compare, one.inflect, one.min, one.max, check.fact)
        of_check.append(f"{digest} {one.name}")
    of_task = [CheckPattern(place, "", "") for place in compiled.of_task]
    return {f"{of_check[pattern.check]} {pattern.key} {pattern.pattern}": pattern for pattern in (*compiled.patterns, *of_task)}


def patterns_that_tell(old: CompiledRubric, new: CompiledRubric) -> Iterator[tuple[CompiledRubric, str, CheckPattern]]:
    """The patterns of changed checks that may be met otherwise than before, or are met and settled by other rules: each with its
    digest and the version it is of. Where none of them is met, the versions find the same."""
    of_old, of_new = patterns_by_digest(old), patterns_by_digest(new)
    for name in changed_checks(old.rubric, new.rubric):
        was = {digest: pattern for digest, pattern in of_old.items() if old.checks[pattern.check].declared.name == name}
        now = {digest: pattern for digest, pattern in of_new.items() if new.checks[pattern.check].declared.name == name}
        is_settled_alike = was and now and what_settles(old.rubric, name) == what_settles(new.rubric, name)
        for digest in was.keys() ^ now.keys() if is_settled_alike else was.keys() | now.keys():
            yield (old, digest, was[digest]) if digest in was else (new, digest, now[digest])
