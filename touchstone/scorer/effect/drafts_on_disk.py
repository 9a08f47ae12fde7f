"""Drafts beyond those that are kept ready in memory: they are in a file, and of each is kept its outcome under each version.

A changed check is looked for in the text of each. Those in which it is met get new levels in the dimensions that ask for it, by
the checks that these ask for, and keep their other levels; all others keep what they had. Memory is that of some hundred drafts
at a time and four bytes a draft and version.
"""

import pickle
import weakref
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from tempfile import TemporaryFile
from typing import Any, NamedTuple, TypeAlias

from touchstone.scorer.compiled import CompiledRubric
from touchstone.scorer.draft import Hit, PreparedDraft
from touchstone.scorer.effect.changed_checks import (
    affected_checks,
    digest_of,
    dimensions_asking_for,
    levelled_otherwise,
    patterns_that_tell,
    what_prepares,
)
from touchstone.scorer.effect.draft_levels import DraftLevels, Level, levelled_again, levels_of
from touchstone.scorer.facts.kinds import FactValue
from touchstone.scorer.folding import Folded
from touchstone.scorer.matching import SomeChecks, hits_by_pattern
from touchstone.scorer.regex import PatternSet
from touchstone.scorer.segments import Segments

Draft = tuple[str, Mapping[str, Any], Mapping[str, Any]]  # text, input, extra
AT_ONCE, MOST_CHARACTERS = 500, 4_000_000  # of a part: as many drafts, or as many characters of text
Outcomes: TypeAlias = "array[int]"  # of "I", a draft each: the number of its outcome


class _PartsOnDisk:
    """Lists in a file without a name, which is gone with this object; the one read last is kept."""

    def __init__(self) -> None:
        self._file = TemporaryFile()  # noqa: SIM115 - it lives as long as this object
        weakref.finalize(self, self._file.close)
        self._starts: list[int] = []
        self._last: tuple[int, Sequence[Any]] = (-1, ())

    def __len__(self) -> int:
        return len(self._starts)

    def append(self, part: Sequence[Any]) -> None:
        self._starts.append(self._file.seek(0, 2))
        pickle.dump(part, self._file, pickle.HIGHEST_PROTOCOL)

    def read(self, number: int) -> Sequence[Any]:
        if self._last[0] != number:
            self._file.seek(self._starts[number])
            self._last = (number, pickle.load(self._file))
        return self._last[1]


class _CutDraft(NamedTuple):
    """A draft folded and cut, with its task's facts. What is matched of it is in a part of its own: it alone is read at each
    change."""

    text: str
    folded: Folded
    subject: int
    facts: Mapping[str, FactValue]

    def ready(self, compiled: CompiledRubric, target: bytes | str) -> PreparedDraft:
        live = target if isinstance(target, str) else target.decode()
        return compiled.ready(self.text, self.folded, Segments(live, self.subject), self.facts)


def _cut(draft: PreparedDraft) -> _CutDraft:
    places = draft.folded.places
    folded = draft.folded if places is None else Folded(draft.folded.text, array("I", places))
    return _CutDraft(draft.text, folded, draft.segments.subject, draft.facts)


class _Begun(NamedTuple):
    """How far drafts were scored under a version: whole parts."""

    digest: str
    outcomes: Outcomes
    parts: int


class _Scored(NamedTuple):
    """The outcomes of a part under a version, and whether a draft of it had to be scored for them."""

    outcomes: Outcomes
    is_work: bool


class DraftsOnDisk:
    """Drafts in a file, with the outcomes that were met among them. A version's outcomes are kept by who asks for them."""

    def __init__(self, drafts: Iterable[Draft]):
        self._drafts = _PartsOnDisk()
        self._targets, self._cut = _PartsOnDisk(), _PartsOnDisk()  # what is matched of each draft, and the rest of it
        self._cut_by = ""  # what prepared them
        self._begun = _Begun("", array("I"), 0)
        self._known: list[DraftLevels] = []  # the outcomes met, which have no hits
        self._numbers: dict[object, int] = {}
        sizes = []
        for part in _in_parts(drafts):
            self._drafts.append(part)
            sizes.append(len(part))
        self._first = [0, *accumulate(sizes)]  # where each part begins

    def __len__(self) -> int:
        return self._first[-1]

    def draft(self, place: int) -> Draft:
        """A draft as it came."""
        part = next(number for number, end in enumerate(self._first[1:]) if place < end)
        draft: Draft = self._drafts.read(part)[place - self._first[part]]
        return draft

    def outcome(self, number: int) -> DraftLevels:
        """What an outcome is, without hits."""
        return self._known[number]

    def counts(self, outcomes: Outcomes, key: str) -> Counter[Level]:
        """How many drafts have each level of a dimension."""
        counted: Counter[Level] = Counter()
        for number, drafts in Counter(outcomes).items():
            counted[self._known[number].levels[key]] += drafts
        return counted

    def scored_anew(self, compiled: CompiledRubric, tell: Callable[[int], None]) -> Outcomes:
        """Every draft anew. Where `tell` raises (someone left the page), what was done is gone on with."""
        prepares = digest_of(*what_prepares(compiled.rubric))
        if self._cut_by != prepares:
            self._targets, self._cut, self._cut_by = _PartsOnDisk(), _PartsOnDisk(), prepares

        def outcomes_of(part: int) -> _Scored:
            prepared = [compiled.prepare(*draft) for draft in self._drafts.read(part)]
            if part == len(self._cut):
                self._targets.append([draft.target for draft in prepared])
                self._cut.append([_cut(draft) for draft in prepared])
            return _Scored(array("I", [self._number(scored_alone(compiled, draft)) for draft in prepared]), True)

        return self._by_parts(compiled.rubric.digest, outcomes_of, tell)

    def _by_parts(self, digest: str, outcomes_of: Callable[[int], _Scored], tell: Callable[[int], None]) -> Outcomes:
        """The outcomes of all parts under the version of this digest; those found out before `tell` raised are taken as found."""
        begun = self._begun if self._begun.digest == digest else _Begun(digest, array("I"), 0)
        for part in range(begun.parts, len(self._drafts)):
            scored = outcomes_of(part)
            begun.outcomes.extend(scored.outcomes)
            self._begun = begun = begun._replace(parts=part + 1)
            if scored.is_work:
                tell(len(begun.outcomes))
        self._begun = _Begun("", array("I"), 0)
        return begun.outcomes

    def scored_from(self, known: Outcomes, old: CompiledRubric, new: CompiledRubric, tell: Callable[[int], None]) -> Outcomes:
        """By the outcomes under another version that prepares drafts alike."""
        is_cut_alike = self._cut_by == digest_of(*what_prepares(new.rubric)) and len(self._cut) == len(self._drafts)
        if not is_cut_alike or old.rubric.keys != new.rubric.keys:
            return self.scored_anew(new, tell)
        relevelled = levelled_otherwise(old.rubric, new.rubric)
        asking = dimensions_asking_for(affected_checks(old.rubric, new.rubric), old, new)
        again = [dimension for dimension in new.rubric.dimensions if dimension in relevelled or dimension in asking]
        if not again:
            return known[:]
        tell_apart = [pattern.pattern for _, _, pattern in patterns_that_tell(old, new)]
        met_anywhere = bool(relevelled) or "" in tell_apart  # "": depends on the task
        patterns = PatternSet([] if met_anywhere else tell_apart)
        checks = SomeChecks(new, frozenset().union(*(new.asked_by[dimension.key] for dimension in again)))

        def outcomes_of(part: int) -> _Scored:
            scored, is_work = known[self._first[part] : self._first[part + 1]], False
            for place, target in enumerate(self._targets.read(part)):
                if (met_anywhere or patterns.found(target)) and not (was := self._known[scored[place]]).is_blank:
                    draft = self._cut.read(part)[place].ready(new, target)
                    scored[place] = self._number(levelled_again(new, draft, was, checks.hits(draft), again))
                    is_work = True
            return _Scored(scored, is_work)

        return self._by_parts(new.rubric.digest, outcomes_of, tell)

    def _number(self, found: DraftLevels) -> int:
        """The number of an outcome; the same for all drafts that have the same levels by the same lines."""
        told = tuple(found.levels.items()), tuple(found.because.items()), found.is_blank
        if told not in self._numbers:
            self._numbers[told] = len(self._known)
            self._known.append(found._replace(hits={}))
        return self._numbers[told]


def scored_alone(compiled: CompiledRubric, draft: PreparedDraft) -> DraftLevels:
    """One draft under a version, with nothing known of it before."""
    occurring: dict[int, list[Hit]] = {}
    for pattern, hits in hits_by_pattern(compiled, draft):
        occurring.setdefault(pattern.check, []).extend(hits)
    return levels_of(compiled, draft, occurring)


def _in_parts(drafts: Iterable[Draft]) -> Iterator[list[Draft]]:
    part: list[Draft] = []
    characters = 0
    for draft in drafts:
        part.append(draft)
        characters += len(draft[0])
        if len(part) == AT_ONCE or characters > MOST_CHARACTERS:
            yield part
            part, characters = [], 0
    if part:
        yield part
