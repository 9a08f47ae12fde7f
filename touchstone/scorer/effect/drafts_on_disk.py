"""Drafts beyond those that are kept ready in memory: they are in a file, and of each is kept its outcome under each version.

A changed check is looked for in the text of each; those in which it is met are scored anew, whole, and the others keep what they
had. So a check that few drafts meet takes little, one that most meet takes as long as scoring those drafts, and memory is that
of some hundred drafts at a time and four bytes a draft and version.
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
from touchstone.scorer.effect.changed_checks import digest_of, patterns_that_tell, what_levels, what_prepares
from touchstone.scorer.effect.draft_levels import DraftLevels, Level, levels_of
from touchstone.scorer.matching import hits_by_pattern
from touchstone.scorer.regex import PatternSet

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


class _Begun(NamedTuple):
    """How far drafts were scored anew under a version: whole parts."""

    digest: str
    outcomes: Outcomes
    parts: int


class DraftsOnDisk:
    """Drafts in a file, with the outcomes that were met among them. A version's outcomes are kept by who asks for them."""

    def __init__(self, drafts: Iterable[Draft]):
        self._drafts, self._targets = _PartsOnDisk(), _PartsOnDisk()  # what is matched of each draft, as `_targets_of` cuts it
        self._targets_of = ""
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
        if self._targets_of != prepares:
            self._targets, self._targets_of = _PartsOnDisk(), prepares
        begun = self._begun if self._begun.digest == compiled.rubric.digest else _Begun(compiled.rubric.digest, array("I"), 0)
        for part in range(begun.parts, len(self._drafts)):
            prepared = [compiled.prepare(*draft) for draft in self._drafts.read(part)]
            if part == len(self._targets):
                self._targets.append([draft.target for draft in prepared])
            begun.outcomes.extend([self._number(compiled, each) for each in prepared])
            begun = begun._replace(parts=part + 1)
            self._begun = begun
            tell(len(begun.outcomes))
        self._begun = _Begun("", array("I"), 0)
        return begun.outcomes

    def scored_from(self, known: Outcomes, old: CompiledRubric, new: CompiledRubric, tell: Callable[[int], None]) -> Outcomes:
        """By the outcomes under another version that prepares drafts alike."""
        tell_apart = [pattern.pattern for _, _, pattern in patterns_that_tell(old, new)]
        is_levelled_alike = old.rubric.keys == new.rubric.keys and all(
            what_levels(old.rubric, key) == what_levels(new.rubric, key) for key in new.rubric.keys
        )
        is_cut_alike = self._targets_of == digest_of(*what_prepares(new.rubric)) and len(self._targets) == len(self._drafts)
        if not is_levelled_alike or not is_cut_alike or "" in tell_apart:  # "": depends on the task, and may be met anywhere
            return self.scored_anew(new, tell)
        scored, patterns = known[:], PatternSet(tell_apart)
        for part, first in enumerate(self._first[:-1]):
            met = [place for place, target in enumerate(self._targets.read(part)) if patterns.found(target)]
            drafts = self._drafts.read(part) if met else []
            for place in met:
                scored[first + place] = self._number(new, new.prepare(*drafts[place]))
            if met:
                tell(self._first[part + 1])
        return scored

    def _number(self, compiled: CompiledRubric, draft: PreparedDraft) -> int:
        """The number of a draft's outcome; the same for all that have the same levels by the same lines."""
        found = scored_alone(compiled, draft)
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
