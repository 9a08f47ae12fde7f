"""A rubric's checks compiled: what is worked out once and holds for every draft."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from touchstone.rubric.model import Dimension, Rubric
from touchstone.rubric.scoring_model import Check
from touchstone.scorer.checks.compiled_check import CheckPattern, CompiledCheck, Compiling
from touchstone.scorer.checks.kinds import CHECK_KINDS
from touchstone.scorer.checks.word_patterns import WordPatterns
from touchstone.scorer.draft import PreparedDraft
from touchstone.scorer.facts.kinds import FactValue, kind_of_fact
from touchstone.scorer.facts.reading import FactReader
from touchstone.scorer.folding import Folded, fold
from touchstone.scorer.numbers.kinds import DraftNumbers, NumberReader
from touchstone.scorer.proper_names import ProperNames
from touchstone.scorer.regex import PatternCache, PatternSet
from touchstone.scorer.retraction import Retraction, retractions_of
from touchstone.scorer.segments import Segmenter, Segments
from touchstone.scorer.sentences import Clauses, Sentences


@dataclass(frozen=True)
class CompiledRubric:
    """A rubric's checks compiled, by their places in the file. Made by `compile_rubric`; who scores many drafts keeps it."""

    rubric: Rubric
    checks: tuple[CompiledCheck, ...]
    named: Mapping[str, tuple[int, ...]]  # the places of the checks that a name or a group stands for
    retractions: tuple[tuple[Retraction, ...], ...]
    patterns: tuple[CheckPattern, ...]
    cache: PatternCache
    readers: Mapping[str, FactReader]
    segmenter: Segmenter
    number_reader: NumberReader

    @cached_property
    def occurring(self) -> PatternSet:
        """Which of `patterns` occur, in one pass; compiled for the first draft that is scored whole."""
        return self.cache.set_of([pattern.pattern for pattern in self.patterns])

    @cached_property
    def place_by_name(self) -> Mapping[str, int]:
        return {check.name: place for place, check in enumerate(declared_checks(self.rubric))}

    @cached_property
    def names_of(self) -> tuple[tuple[str, ...], ...]:
        """By place, the names that stand for a check: its own and its group's."""
        return tuple((check.declared.name, check.declared.group or check.declared.name) for check in self.checks)

    @cached_property
    def asked_by(self) -> Mapping[str, frozenset[int]]:
        """By a dimension's key, the places of the checks that its lines ask for."""
        return {dimension.key: _asked_by(dimension, self.named) for dimension in self.rubric.dimensions}

    @cached_property
    def of_task(self) -> tuple[int, ...]:
        """Checks whose patterns depend on the task: they are not of the set."""
        return tuple(check.place for check in self.checks if not check.is_in_the_set)

    def patterns_bearing_on(self, places: Iterable[int]) -> list[CheckPattern]:
        """The patterns of some checks, and of those that they ask for beside them, at one or more removes. A check whose patterns
        depend on the task is one pattern, an empty one."""
        bearing, more, asked = set(places), list(places), set[str]()
        while more:
            declared = self.checks[more.pop()].declared
            names = {name for near in (declared.near, declared.apart) if near for name in near.of} - asked
            asked |= names  # a group of many may be asked for by each of them
            found = set(self.places_of(sorted(names))) - bearing
            more += found
            bearing |= found
        of_task = [CheckPattern(other, "", "") for other in sorted(bearing) if not self.checks[other].is_in_the_set]
        return [pattern for other in sorted(bearing) for pattern in self.checks[other].patterns] + of_task

    @cached_property
    def comparing(self) -> frozenset[int]:
        """Checks whose hits may say another value than the task: all hits of the others hold."""
        return frozenset(check.place for check in self.checks if check.takes_fact and check.is_more_than_its_match)

    @cached_property
    def asking(self) -> frozenset[int]:
        """Checks that look only at some tasks."""
        return frozenset(check.place for check in self.checks if check.asks_of_task)

    def facts_of(self, given: Mapping[str, Any], extra: Mapping[str, Any]) -> Mapping[str, FactValue]:
        """A task's facts: its input's, and what else it has."""
        return {key: reader.value(given, extra) for key, reader in self.readers.items()}

    def prepare(
        self, text: str, given: Mapping[str, Any], extra: Mapping[str, Any], facts: Mapping[str, FactValue] | None = None
    ) -> PreparedDraft:
        """A draft of a task, folded and cut, with the task's facts; `facts` are those, where they were read already."""
        folded = fold(text)
        segments = self.segmenter.segments(text, folded, given)
        return self.ready(text, folded, segments, self.facts_of(given, extra) if facts is None else facts)

    def ready(self, text: str, folded: Folded, segments: Segments, facts: Mapping[str, FactValue]) -> PreparedDraft:
        """A draft that is folded and cut already."""
        live = segments.live
        target = live.encode() if live.isascii() else live
        sentences = Sentences(segments)
        numbers = DraftNumbers(self.number_reader, segments, target, sentences)
        return PreparedDraft(text, folded, segments, target, facts, sentences, numbers, {})

    def places_of(self, names: Sequence[str]) -> list[int]:
        """The places of the checks that names of checks or groups stand for."""
        return [place for name in names for place in self.named.get(name, ())]


def compile_rubric(rubric: Rubric, cache: PatternCache | None = None) -> CompiledRubric:
    """A rubric's checks compiled; it takes some hundredths of a second. Versions that share `cache` compile equal patterns once.

    Raises ValueError in words for a pattern that cannot be taken; a rubric that was loaded has none.
    """
    cache = PatternCache() if cache is None else cache
    words = WordPatterns(cache)
    compiling = Compiling({fact.key: fact for fact in rubric.facts}, cache, words)
    declared = declared_checks(rubric)
    checks = tuple(CHECK_KINDS[check.extends](place, check, compiling) for place, check in enumerate(declared))
    named = _places_by_name_and_group(declared)
    names = ProperNames([fact.key for fact in rubric.facts if kind_of_fact(fact).is_name], words, cache, rubric.proper_names)
    return CompiledRubric(
        rubric,
        checks,
        named,
        tuple(retractions_of(check, names, named, rubric.parts.clauses) for check in checks),
        tuple(pattern for check in checks for pattern in check.patterns),
        cache,
        {fact.key: FactReader(fact, cache) for fact in rubric.facts},
        Segmenter(rubric.parts, cache),
        NumberReader(rubric.numbers, Clauses(rubric.parts.clauses, cache), cache),
    )


def declared_checks(rubric: Rubric) -> list[Check]:
    """The checks of a rubric as the file has them; a check's place is its place among them."""
    return [check for dimension in rubric.dimensions for check in dimension.checks]


def _places_by_name_and_group(checks: Sequence[Check]) -> dict[str, tuple[int, ...]]:
    places: dict[str, tuple[int, ...]] = {}
    for place, check in enumerate(checks):
        for name in {check.name, check.group or check.name}:
            places[name] = (*places.get(name, ()), place)
    return places


def _asked_by(dimension: Dimension, named: Mapping[str, Sequence[int]]) -> frozenset[int]:
    return frozenset(
        place
        for line in dimension.scoring
        for names in (line.any, line.all, line.none, line.differing, line.at_least.of if line.at_least else ())
        for name in names
        for place in named.get(name, ())
    )
