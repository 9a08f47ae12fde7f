"""What a version changes against the one before: which drafts get another level, and by which findings."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from touchstone.rubric.model import Dimension, Rubric
from touchstone.scorer.draft import Hit
from touchstone.scorer.effect.changed_checks import changed_checks, names_asked_by, own_dimension
from touchstone.scorer.effect.corpus import Corpus, Version
from touchstone.scorer.effect.draft_levels import DraftLevels, Level
from touchstone.scorer.scoring import Finding, finding_of


class LevelChange(NamedTuple):
    """A draft, by its number, that a version gives another level, with the lines that gave the two."""

    draft: int
    dimension: str
    before: Level
    after: Level
    because_before: str | None
    because_after: str | None


class FindingsChange(NamedTuple):
    """What moved a draft: the findings of one version that the other has not."""

    gone: tuple[Finding, ...]
    new: tuple[Finding, ...]


@dataclass(frozen=True)
class DimensionEffect:
    """One dimension: `table` counts drafts by (level before, level after), None for not scorable; `moved` are those that
    differ."""

    dimension: str
    levels: tuple[int | str, ...]
    table: Mapping[tuple[Level, Level], int]
    moved: tuple[LevelChange, ...]


@dataclass(frozen=True)
class Effect:
    """Two versions over the same drafts. `changed` names the checks that are not the same in both."""

    before: Rubric
    after: Rubric
    drafts: int
    changed: tuple[str, ...]
    dimensions: Mapping[str, DimensionEffect]


def effect_of(corpus: Corpus, before: Rubric, after: Rubric, tell: Callable[[int], None] = lambda done: None) -> Effect:
    """What the version `after` changes against `before`, for the dimensions that both have. `tell` as in `Corpus.version`."""
    was, now = corpus.version(before, tell), corpus.version(after, tell)
    differing = list(was.differing(now))
    dimensions = {
        dimension.key: _effect_on(dimension, was.counts[dimension.key], differing)
        for dimension in after.dimensions
        if dimension.key in before.keys
    }
    return Effect(before, after, len(corpus), changed_checks(before, after), dimensions)


def _effect_on(
    dimension: Dimension, counts: Counter[Level], differing: Iterable[tuple[int, DraftLevels, DraftLevels]]
) -> DimensionEffect:
    """The effect on one dimension: `counts` are its levels before, `differing` the drafts that are not the same in all."""
    key = dimension.key
    table: Counter[tuple[Level, Level]] = Counter({(level, level): number for level, number in counts.items()})
    moved = tuple(
        LevelChange(number, key, one.levels[key], two.levels[key], one.because[key], two.because[key])
        for number, one, two in differing
        if one.levels[key] != two.levels[key]
    )
    for (before, after), number in Counter((change.before, change.after) for change in moved).items():
        table[before, before] -= number
        table[before, after] += number
    return DimensionEffect(key, dimension.values, +table, moved)


def findings_changed(corpus: Corpus, effect: Effect, change: LevelChange) -> FindingsChange:
    """What moved a draft: where checks are met that its dimension asks for in one version, and not so in the other."""
    before, after = corpus.version(effect.before), corpus.version(effect.after)
    return FindingsChange(
        _findings_of_one_alone(corpus, change, before, after), _findings_of_one_alone(corpus, change, after, before)
    )


def _findings_of_one_alone(corpus: Corpus, change: LevelChange, own: Version, other: Version) -> tuple[Finding, ...]:
    """The findings behind a draft's level under one version that are not behind it under the other."""
    compiled, hits, other_hits = own.compiled, *(corpus.hits_under(each, change.draft) for each in (own, other))
    asked, asked_there = _asked_by(own, change.dimension), _asked_by(other, change.dimension)
    draft = compiled.prepare(*corpus.draft(change.draft))
    return tuple(
        finding_of(compiled.checks[compiled.place_by_name[name]].declared, draft, hit)
        for name in sorted(asked & hits.keys())
        for hit in hits[name]
        if not (name in asked_there and _spot(hit) in map(_spot, other_hits.get(name, ())))
    )


def _asked_by(version: Version, key: str) -> set[str]:
    dimension = own_dimension(version.rubric, key)
    return names_asked_by(version.compiled, dimension) if dimension else set()


def _spot(hit: Hit) -> tuple[int, int, str, bool]:
    """A hit apart from the number of its check, which may be another in another version."""
    return hit.start, hit.end, hit.key, hit.holds
