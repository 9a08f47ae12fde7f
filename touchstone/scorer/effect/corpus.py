"""Every draft scored under versions of a rubric, one after another, without doing anew what a change leaves alone.

Where a pattern of a check occurs is kept by the digest of both and the draft's number, so that a version with one changed check
runs what is new in it alone over the drafts, and settles and levels only those in which something is met otherwise than before.
A change of the facts, the parts or the kinds of numbers changes what a draft is to every check: then nothing kept can be used,
and all is done anew.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from touchstone.rubric.model import Dimension, Rubric
from touchstone.scorer.checks.compiled_check import CheckPattern
from touchstone.scorer.compiled import CompiledRubric, compile_rubric
from touchstone.scorer.draft import Hit, PreparedDraft
from touchstone.scorer.effect.changed_checks import (
    affected_checks,
    are_settled_in_one_order,
    changed_checks,
    digest_of,
    names_asked_by,
    own_dimension,
    patterns_by_digest,
    what_levels,
    what_prepares,
    what_settles,
)
from touchstone.scorer.matching import hits_by_pattern, hits_of_pattern, look_ahead, standing_hits
from touchstone.scorer.regex import PatternCache
from touchstone.scorer.scoring import HitsByCheck, level_of, met_names, not_scorable

Level = int | str | None
HitsByDraft = dict[int, Sequence[Hit]]  # of one pattern, by the number of the draft


class DraftLevels(NamedTuple):
    """One draft under one version: level and reason by dimension, and the hits that stand by check's name."""

    levels: Mapping[str, Level]
    because: Mapping[str, str | None]
    hits: Mapping[str, tuple[Hit, ...]]
    is_blank: bool = False


@dataclass(frozen=True)
class Version:
    """What is known of the drafts under one version."""

    compiled: CompiledRubric
    drafts: list[DraftLevels]

    @cached_property
    def counts(self) -> dict[str, Counter[Level]]:
        """How many drafts have each level, by dimension."""
        return {key: Counter(draft.levels[key] for draft in self.drafts) for key in self.rubric.keys}

    @property
    def rubric(self) -> Rubric:
        return self.compiled.rubric


class _FirstScoring(NamedTuple):
    """Drafts scored anew under a version, as far as it was gone on with."""

    digest: str
    drafts: list[DraftLevels]
    hits: dict[str, HitsByDraft]


class Corpus:
    """Drafts with their tasks, and what is known of them under the versions met so far. `drafts` are (text, input, extra)."""

    PATTERNS = 4_000  # whose places are kept
    VERSIONS = 12  # of which is kept what each draft is: one is met at every change that is typed

    def __init__(self, drafts: Iterable[tuple[str, Mapping[str, Any], Mapping[str, Any]]]):
        self.drafts = list(drafts)
        self._cache = PatternCache()
        self._prepared: tuple[str, list[PreparedDraft]] = ("", [])
        self._hits: dict[str, HitsByDraft] = {}  # by the digest of a pattern
        self._versions: dict[str, Version] = {}  # by the digest of a rubric
        self._begun: _FirstScoring | None = None

    @property
    def knows_any(self) -> bool:
        """Whether a version was met already."""
        return bool(self._versions)

    def levels_under(self, rubric: Rubric, tell: Callable[[int], None] = lambda done: None) -> list[DraftLevels]:
        """Every draft under a version, in order. `tell` is called with how many are done, where all must be done anew."""
        return self.version(rubric, tell).drafts

    def version(self, rubric: Rubric, tell: Callable[[int], None] = lambda done: None) -> Version:
        """What is known of every draft under a version; found out where it was not met before."""
        version = self._versions.pop(rubric.digest, None)
        if version is None:
            compiled, known = compile_rubric(rubric, self._cache), self._closest(rubric)
            drafts = self._scored_anew(compiled, tell) if known is None else self._scored_from(known, compiled)
            version = Version(compiled, drafts)
        self._versions[rubric.digest] = version  # the last to be forgotten
        while len(self._versions) > self.VERSIONS:
            del self._versions[next(iter(self._versions))]
        return version

    def _closest(self, rubric: Rubric) -> Version | None:
        """A version met before that prepares drafts alike: what it says of a draft stays where no changed check is met. Of those
        as close, the one asked for last: it is the one that was changed."""
        alike = [
            version
            for version in reversed(self._versions.values())
            if what_prepares(version.rubric) == what_prepares(rubric) and are_settled_in_one_order(version.rubric, rubric)
        ]
        return min(alike, key=lambda version: len(changed_checks(version.rubric, rubric)), default=None)

    def _prepared_for(self, compiled: CompiledRubric) -> Iterator[PreparedDraft]:
        """The drafts folded and cut, with the facts of their tasks, under the version's parts and facts; each made ready once."""
        digest = digest_of(*what_prepares(compiled.rubric))
        if self._prepared[0] != digest:
            self._prepared = (digest, [])
            self._hits.clear()
        prepared = self._prepared[1]
        for number, draft in enumerate(self.drafts):
            if number == len(prepared):
                prepared.append(compiled.prepare(*draft))
                look_ahead(compiled, prepared[-1])  # kept in the draft, as any change may ask for it
            yield prepared[number]

    def _scored_anew(self, compiled: CompiledRubric, tell: Callable[[int], None]) -> list[DraftLevels]:
        """Every draft anew. Where `tell` raises (someone left the page), what was done is gone on with."""
        digests = {pattern: digest for digest, pattern in patterns_by_digest(compiled).items()}
        if self._begun is None or self._begun.digest != compiled.rubric.digest:
            self._begun = _FirstScoring(compiled.rubric.digest, [], {digest: {} for digest in digests.values()})
        _, scored, kept = self._begun
        for number, draft in enumerate(self._prepared_for(compiled)):
            if number < len(scored):
                continue
            occurring: dict[int, list[Hit]] = {}
            for pattern, hits in hits_by_pattern(compiled, draft):
                occurring.setdefault(pattern.check, []).extend(hits)
                kept[digests[pattern]][number] = hits
            scored.append(_levels_of(compiled, draft, occurring))
            if number % 200 == 199:
                tell(number + 1)
        self._hits |= kept
        self._begun = None
        return scored

    def _scored_from(self, known: Version, compiled: CompiledRubric) -> list[DraftLevels]:
        """By what is known under another version that prepares drafts alike: drafts in which a changed check is met are
        settled again, and all are levelled again where the lines of a dimension changed."""
        prepared = list(self._prepared_for(compiled))
        affected = affected_checks(known.rubric, compiled.rubric)
        asking = [
            dimension for dimension in compiled.rubric.dimensions if _asks_for(affected, dimension, known.compiled, compiled)
        ]
        scored = list(known.drafts)
        for number, occurring in self._occurring_where_changed(known.compiled, compiled, affected).items():
            draft, was = prepared[number], scored[number]
            if not was.is_blank:
                beside = _by_place(compiled, was.hits, besides=affected)
                scored[number] = _levelled_again(compiled, draft, was, standing_hits(compiled, draft, occurring, beside), asking)
        changed = [
            dimension
            for dimension in compiled.rubric.dimensions
            if what_levels(known.rubric, dimension.key) != what_levels(compiled.rubric, dimension.key)
        ]
        if not changed and known.rubric.keys == compiled.rubric.keys:
            return scored
        return [
            _levels_of(compiled, draft, {})
            if was.is_blank
            else _levelled_again(compiled, draft, was, _by_place(compiled, was.hits), changed)
            for draft, was in zip(prepared, scored, strict=True)
        ]

    def _occurring_where_changed(
        self, old: CompiledRubric, new: CompiledRubric, affected: set[str]
    ) -> dict[int, dict[int, list[Hit]]]:
        """By the number of each draft in which a changed check is met: where the affected checks occur in it."""
        occurring: dict[int, dict[int, list[Hit]]] = {number: {} for number in self._changed_drafts(old, new)}
        for digest, pattern in patterns_by_digest(new).items():
            if new.checks[pattern.check].declared.name in affected:
                hits_by_draft = self._hits_of(new, digest, pattern)
                for number in hits_by_draft.keys() & occurring.keys():
                    occurring[number].setdefault(pattern.check, []).extend(hits_by_draft[number])
        return occurring

    def _changed_drafts(self, old: CompiledRubric, new: CompiledRubric) -> set[int]:
        """The drafts in which a changed check is met otherwise than before, or is met and settles by other rules."""
        of_old, of_new = patterns_by_digest(old), patterns_by_digest(new)
        drafts: set[int] = set()
        for name in changed_checks(old.rubric, new.rubric):
            was = {digest: pattern for digest, pattern in of_old.items() if old.checks[pattern.check].declared.name == name}
            now = {digest: pattern for digest, pattern in of_new.items() if new.checks[pattern.check].declared.name == name}
            is_settled_alike = was and now and what_settles(old.rubric, name) == what_settles(new.rubric, name)
            for digest in was.keys() ^ now.keys() if is_settled_alike else was.keys() | now.keys():
                compiled, patterns = (old, was) if digest in was else (new, now)
                drafts |= self._hits_of(compiled, digest, patterns[digest]).keys()
        return drafts

    def _hits_of(self, compiled: CompiledRubric, digest: str, pattern: CheckPattern) -> HitsByDraft:
        """The drafts, by number, in which a pattern occurs, and where; looked for once."""
        if digest not in self._hits:
            while len(self._hits) >= self.PATTERNS:
                del self._hits[next(iter(self._hits))]
            hits = hits_of_pattern(compiled, pattern, self._prepared_for(compiled))
            self._hits[digest] = {number: of_draft for number, of_draft in enumerate(hits) if of_draft}
        return self._hits[digest]


def _asks_for(affected: set[str], dimension: Dimension, old: CompiledRubric, new: CompiledRubric) -> bool:
    """Whether the lines of a dimension ask for one of the checks, in either version."""
    before = own_dimension(old.rubric, dimension.key)
    asked = names_asked_by(new, dimension) | (names_asked_by(old, before) if before else set())
    return not affected.isdisjoint(asked)


def _by_place(
    compiled: CompiledRubric, hits: Mapping[str, Sequence[Hit]], besides: set[str] | frozenset[str] = frozenset()
) -> dict[int, Sequence[Hit]]:
    """Hits by the place of their check in a version, for those that it has."""
    places = compiled.place_by_name
    return {places[name]: of_check for name, of_check in hits.items() if name in places and name not in besides}


def _by_name(compiled: CompiledRubric, hits: HitsByCheck) -> dict[str, tuple[Hit, ...]]:
    return {compiled.checks[place].declared.name: tuple(of_check) for place, of_check in hits.items()}


def _levels_of(compiled: CompiledRubric, draft: PreparedDraft, occurring: Mapping[int, Sequence[Hit]]) -> DraftLevels:
    keys = compiled.rubric.keys
    if reason := not_scorable(draft):
        return DraftLevels(dict.fromkeys(keys), dict.fromkeys(keys, reason), {}, True)
    nothing = DraftLevels({}, {}, {})
    return _levelled_again(compiled, draft, nothing, standing_hits(compiled, draft, occurring), compiled.rubric.dimensions)


def _levelled_again(
    compiled: CompiledRubric, draft: PreparedDraft, was: DraftLevels, hits: HitsByCheck, dimensions: Sequence[Dimension]
) -> DraftLevels:
    """What a draft is with these hits, when only these dimensions can have changed; the same object when nothing has."""
    levels, because, met = dict(was.levels), dict(was.because), met_names(compiled, hits)
    for dimension in dimensions:
        levels[dimension.key], line, reason = level_of(compiled, dimension, draft, hits, met)
        because[dimension.key] = line or reason
    now = DraftLevels(levels, because, _by_name(compiled, hits))
    return was if now == was else now
