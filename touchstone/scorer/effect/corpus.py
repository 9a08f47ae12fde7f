"""Every draft scored under versions of a rubric, one after another, without doing anew what a change leaves alone.

Where a pattern of a check occurs is kept by the digest of both and the draft's number, so that a version with one changed check
runs what is new in it alone over the drafts, and settles and levels only those in which something is met otherwise than before.
A change of the facts, the parts or the kinds of numbers changes what a draft is to every check: then nothing kept can be used,
and all is done anew.

That is kept of the first drafts alone, as many as `MOST_READY`; those beyond are in a file (`drafts_on_disk`), so that memory
does not grow with them.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from operator import attrgetter, itemgetter
from typing import NamedTuple

from touchstone.rubric.model import Rubric
from touchstone.scorer.checks.compiled_check import CheckPattern
from touchstone.scorer.compiled import CompiledRubric, compile_rubric
from touchstone.scorer.draft import Hit, PreparedDraft
from touchstone.scorer.effect.changed_checks import (
    affected_checks,
    are_settled_in_one_order,
    changed_checks,
    digest_of,
    dimensions_asking_for,
    levelled_otherwise,
    names_asked_by,
    patterns_by_digest,
    patterns_that_tell,
    what_prepares,
)
from touchstone.scorer.effect.draft_levels import DraftLevels, Level, by_place, levelled_again, levels_of
from touchstone.scorer.effect.drafts_on_disk import Draft, DraftsOnDisk, Outcomes, scored_alone
from touchstone.scorer.matching import hits_by_pattern, hits_of_pattern, look_ahead, standing_hits
from touchstone.scorer.regex import PatternCache

HitsByDraft = dict[int, Sequence[Hit]]  # of one pattern, by the number of the draft


@dataclass(frozen=True)
class Version:
    """What is known of the drafts under one version: of those kept ready all, of those `beyond` their outcomes."""

    compiled: CompiledRubric
    drafts: list[DraftLevels]
    outcomes: Outcomes
    beyond: DraftsOnDisk

    @cached_property
    def counts(self) -> dict[str, Counter[Level]]:
        """How many drafts have each level, by dimension."""
        return {
            key: Counter(map(itemgetter(key), map(attrgetter("levels"), self.drafts))) + self.beyond.counts(self.outcomes, key)
            for key in self.rubric.keys
        }

    def draft(self, number: int) -> DraftLevels:
        """One draft; without its hits where it is beyond those kept ready."""
        near = len(self.drafts)
        return self.drafts[number] if number < near else self.beyond.outcome(self.outcomes[number - near])

    def differing(self, other: "Version") -> Iterator[tuple[int, DraftLevels, DraftLevels]]:
        """The drafts, by number, that are not known to be the same under another version, under this one and under that."""
        for number, (one, two) in enumerate(zip(self.drafts, other.drafts, strict=True)):
            if one is not two:
                yield number, one, two
        for number, (was, now) in enumerate(zip(self.outcomes, other.outcomes, strict=True), start=len(self.drafts)):
            if was != now:
                yield number, self.beyond.outcome(was), self.beyond.outcome(now)

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
    MOST_READY, MOST_CHARACTERS = 20_000, 40_000_000  # drafts, and characters of their text, that are kept ready in memory

    def __init__(self, drafts: Iterable[Draft]):
        self.drafts: list[Draft] = []  # those kept ready
        characters, coming = 0, iter(drafts)
        for draft in coming:
            if len(self.drafts) == self.MOST_READY or characters + len(draft[0]) > self.MOST_CHARACTERS:
                coming = chain([draft], coming)
                break
            self.drafts.append(draft)
            characters += len(draft[0])
        self.beyond = DraftsOnDisk(coming)
        self._cache = PatternCache()
        self._prepared: tuple[str, list[PreparedDraft]] = ("", [])
        self._hits: dict[str, HitsByDraft] = {}  # by the digest of a pattern
        self._versions: dict[str, Version] = {}  # by the digest of a rubric
        self._begun: _FirstScoring | None = None
        self._ready: tuple[str, list[DraftLevels]] = ("", [])  # those kept ready under a version, while the others are scored

    def __len__(self) -> int:
        return len(self.drafts) + len(self.beyond)

    def draft(self, number: int) -> Draft:
        """A draft as it came: text, input, extra."""
        near = len(self.drafts)
        return self.drafts[number] if number < near else self.beyond.draft(number - near)

    @property
    def knows_any(self) -> bool:
        """Whether a version was met already."""
        return bool(self._versions)

    def levels_under(self, rubric: Rubric, tell: Callable[[int], None] = lambda done: None) -> list[DraftLevels]:
        """Every draft under a version, in order. `tell` is called with how many are done, where many must be done anew."""
        version = self.version(rubric, tell)
        return [version.draft(number) for number in range(len(self))]

    def version(self, rubric: Rubric, tell: Callable[[int], None] = lambda done: None) -> Version:
        """What is known of every draft under a version; found out where it was not met before."""
        version = self._versions.pop(rubric.digest, None)
        if version is None:
            compiled, known = compile_rubric(rubric, self._cache), self._closest(rubric)
            if self._ready[0] != rubric.digest:
                self._ready = (
                    rubric.digest,
                    self._scored_anew(compiled, tell) if known is None else self._scored_from(known, compiled),
                )
            version = Version(compiled, self._ready[1], self._outcomes(known, compiled, tell), self.beyond)
            self._ready = ("", [])
            if known is None:
                _ = version.counts  # with the rest, so that no change has to wait for them
        self._versions[rubric.digest] = version  # the last to be forgotten
        while len(self._versions) > self.VERSIONS:
            del self._versions[next(iter(self._versions))]
        return version

    def _outcomes(self, known: Version | None, compiled: CompiledRubric, tell: Callable[[int], None]) -> Outcomes:
        """What the drafts beyond those kept ready are under a version."""
        near = len(self.drafts)
        if known is None:
            return self.beyond.scored_anew(compiled, lambda done: tell(near + done))
        return self.beyond.scored_from(known.outcomes, known.compiled, compiled, lambda done: tell(near + done))

    def hits_under(self, version: Version, number: int) -> Mapping[str, Sequence[Hit]]:
        """The hits that stand in a draft under a version, by check's name."""
        if number < len(self.drafts):
            return version.drafts[number].hits
        return scored_alone(version.compiled, version.compiled.prepare(*self.draft(number))).hits

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
            scored.append(levels_of(compiled, draft, occurring))
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
        asking = dimensions_asking_for(affected, known.compiled, compiled)
        places = compiled.place_by_name
        asked = {name for dimension in asking for name in names_asked_by(compiled, dimension)} - affected
        unasked = places.keys() - asked - affected
        scored = list(known.drafts)
        for number, occurring in self._occurring_where_changed(known.compiled, compiled, affected).items():
            draft, was = prepared[number], scored[number]
            if not was.is_blank:
                beside: dict[int, Sequence[Hit]] = {}
                aside: dict[str, tuple[Hit, ...]] = {}
                for name, hits in was.hits.items():
                    if name in asked:
                        beside[places[name]] = hits
                    elif name in unasked:
                        aside[name] = hits
                scored[number] = levelled_again(
                    compiled, draft, was, standing_hits(compiled, draft, occurring, beside), asking, aside
                )
        changed = levelled_otherwise(known.rubric, compiled.rubric)
        if not changed and known.rubric.keys == compiled.rubric.keys:
            return scored
        return [
            levels_of(compiled, draft, {})
            if was.is_blank
            else levelled_again(compiled, draft, was, by_place(compiled, was.hits), changed)
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
        drafts: set[int] = set()
        for compiled, digest, pattern in patterns_that_tell(old, new):
            drafts |= self._hits_of(compiled, digest, pattern).keys()
        return drafts

    def _hits_of(self, compiled: CompiledRubric, digest: str, pattern: CheckPattern) -> HitsByDraft:
        """The drafts, by number, in which a pattern occurs, and where; looked for once."""
        if digest not in self._hits:
            while len(self._hits) >= self.PATTERNS:
                del self._hits[next(iter(self._hits))]
            hits = hits_of_pattern(compiled, pattern, self._prepared_for(compiled))
            self._hits[digest] = {number: of_draft for number, of_draft in enumerate(hits) if of_draft}
        return self._hits[digest]
